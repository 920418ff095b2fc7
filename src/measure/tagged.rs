//! Points one by one: by what each is called, what its class value is, and in which zones it lies.
//!
//! In: a source of points, zones. Out: the points in file order. For layers of some thousand points, which are told apart
//! by name; [`points`](super::points) counts the others.

use crate::attribute::Value;
use crate::finding::Finding;
use crate::geometry::grid;
use crate::measure::MeasureError;
use crate::prepare::Zones;
use crate::prepare::borders::{Borders, Holders};
use crate::survey::{Batch, Source};

/// A point.
#[derive(Debug, Clone, PartialEq)]
pub struct Tagged {
    /// The identifier of its layer.
    pub id: String,
    /// Its class value.
    pub value: Value,
    /// The zones it lies in, by index; on a border the first of them.
    pub zones: Vec<usize>,
}

/// Locates the points of a source. O(points x edges of the zones in a tile).
pub fn locate(source: &dyn Source, zones: &Zones) -> Result<(Vec<Tagged>, Vec<Finding>), MeasureError> {
    let (borders, mut holders) = (Borders::new(zones), Holders::default());
    let (mut located, mut batch) = (Vec::new(), Batch::default());
    for stretch in 0..source.stretches() {
        let mut batches = source.batches(stretch).map_err(MeasureError::Source)?;
        let mut values: Vec<Value> = Vec::new();
        while batches.next_batch(&mut batch).map_err(MeasureError::Source)? {
            values.append(&mut batch.new_values);
            for (index, patch) in batch.patches.iter().enumerate() {
                let first = batch.rings_of(index).flat_map(|(_, points)| points).next();
                let Some(place) = first.and_then(|&[x, y]| grid::point(x, y)) else { continue };
                borders.hold(place, &mut holders);
                let held = holders.inside.iter().chain(holders.border.first());
                located.push(Tagged {
                    id: batch.id(index).to_owned(),
                    value: values.get(patch.value as usize).cloned().unwrap_or(Value::Null),
                    zones: held.map(|&zone| zone as usize).collect(),
                });
            }
        }
    }
    Ok((located, source.findings()))
}
