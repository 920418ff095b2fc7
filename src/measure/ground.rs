//! The ground of each class as outlines: for pictures. Areas are measured elsewhere, without ever uniting a class whole.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::attribute::Value;
use crate::geometry::grid::Shape;
use crate::geometry::overlay::Overlay;
use crate::geometry::tile::{self, Tile};
use crate::measure::chosen::Outliner;
use crate::measure::{MeasureError, Stage, Watch};
use crate::prepare::{ZonePiece, Zones};
use crate::survey::{Batch, Source};
use crate::threads::on_the_callers_threads;

/// The class of a value of a cover, by index; none where it is unmapped.
pub type ClassOf<'a> = dyn Fn(usize, &Value) -> Option<usize> + Sync + 'a;

type Pieces = Vec<((usize, Tile), Shape)>;

/// What each class covers of the zones, all its patches united. Holds all of it in memory.
pub fn by_class(
    covers: &[&dyn Source],
    zones: &Zones,
    class_of: &ClassOf<'_>,
    watch: &dyn Watch,
) -> Result<BTreeMap<usize, Shape>, MeasureError> {
    watch.stage(Stage::Reading, None);
    on_the_callers_threads(|| {
        let mut tiles: BTreeMap<(usize, Tile), Vec<Shape>> = BTreeMap::new();
        for (cover, source) in covers.iter().enumerate() {
            let stretches = (0..source.stretches()).into_par_iter().with_max_len(1);
            let read = stretches
                .map(|stretch| stretch_of(*source, stretch, zones, &|value| class_of(cover, value), watch));
            let read: Vec<Pieces> = read.collect::<Result<_, _>>()?;
            read.into_iter().flatten().for_each(|(key, piece)| tiles.entry(key).or_default().push(piece));
        }
        let tiles: Vec<((usize, Tile), Vec<Shape>)> = tiles.into_iter().collect();
        let united = tiles.par_iter().map_init(Overlay::default, |overlay, ((class, tile), pieces)| {
            let ground = overlay.union(pieces);
            (*class, in_zones(*tile, ground, zones, overlay))
        });
        let mut classes: BTreeMap<usize, Vec<Shape>> = BTreeMap::new();
        united
            .collect::<Vec<_>>()
            .into_iter()
            .for_each(|(class, shape)| classes.entry(class).or_default().push(shape));
        let classes: Vec<(usize, Vec<Shape>)> = classes.into_iter().collect();
        let whole = classes
            .par_iter()
            .map_init(Overlay::default, |overlay, (class, shapes)| (*class, overlay.union(shapes)));
        Ok(whole.collect::<Vec<_>>().into_iter().collect())
    })
}

/// What of some ground in a tile lies in any zone.
fn in_zones(tile: Tile, ground: Shape, zones: &Zones, overlay: &mut Overlay) -> Shape {
    let mut parts = Vec::new();
    for (_, piece) in zones.in_tile(tile) {
        match piece {
            ZonePiece::Whole => return ground,
            ZonePiece::Part(shape) => parts.push(shape),
        }
    }
    let zones = overlay.union(parts);
    overlay.intersection(&ground, &zones)
}

/// The patches of a stretch, cut along tiles.
fn stretch_of(
    source: &dyn Source,
    stretch: usize,
    zones: &Zones,
    class_of: &dyn Fn(&Value) -> Option<usize>,
    watch: &dyn Watch,
) -> Result<Pieces, MeasureError> {
    let mut batches = source.batches(stretch).map_err(MeasureError::Source)?;
    let (mut batch, mut known, mut pieces) = (Batch::default(), Vec::new(), Vec::new());
    let mut outliner = Outliner::default();
    while batches.next_batch(&mut batch).map_err(MeasureError::Source)? {
        known.extend(batch.new_values.drain(..).map(|value| class_of(&value)));
        for (i, patch) in batch.patches.iter().enumerate() {
            let Some(class) = known.get(patch.value as usize).copied().flatten() else { continue };
            let Some((outline, _)) = outliner.outline(&batch, i) else { continue };
            tile::split(outline, |tile, piece| {
                if !zones.in_tile(tile).is_empty() {
                    pieces.push(((class, tile), piece));
                }
            });
        }
        if watch.interrupted() {
            return Err(MeasureError::Interrupted);
        }
        watch.advance(batch.patches.len() as u64);
    }
    Ok(pieces)
}

/// What of a clean shape lies in any zone. Tile by tile: shapes are small, and the outline of a city is not.
pub fn within(shape: &Shape, zones: &Zones, overlay: &mut Overlay) -> Shape {
    let mut within = Vec::new();
    tile::split(shape, |tile, piece| {
        for (_, ground) in zones.in_tile(tile) {
            within.push(match ground {
                ZonePiece::Whole => piece.clone(),
                ZonePiece::Part(ground) => overlay.intersection(&piece, ground),
            });
        }
    });
    Overlay::default().union(&within)
}
