//! The door of features: those of a stretch that the filter accepts, in the working CRS, coordinates checked.
//!
//! In: rows of any reader. Out: rings, lines or points in a batch, and what was noticed. A feature with a vertex that is no place is
//! left out whole. Where the layer is in the working CRS already, a point costs one comparison.

use std::ops::ControlFlow;

use crate::attribute::Value;
use crate::geometry::{densify, grid};
use crate::layers::cover::OpenLayer;
use crate::layers::crs::{Carrier, Crs, Kind};
use crate::layers::error::LayerError;
use crate::layers::noticed::Noticed;
use crate::layers::rows::{Row, Rows, append_integer};
use crate::survey::{Batch, Figure, RingKind};

/// The farthest that a coordinate may lie from the origin of the working CRS, in metres: the last zone with a
/// prefix, 45, ends before 46 000 000.
const FARTHEST_M: f64 = 4.7e7;

/// The fields by which features are named and their losses counted.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Naming {
    /// The field of the identifier.
    pub id: Option<usize>,
    /// The field of the recorded area, and the square metres in one of its units.
    pub area: Option<(usize, f64)>,
    /// Whether a feature without the identifier of the field has none at all.
    pub by_field_only: bool,
}

impl Naming {
    /// Appends the identifier that people find a feature by: that of its field, else that of the format.
    pub(super) fn append_id(&self, row: &mut dyn Row, out: &mut String) {
        if !self.id.is_some_and(|field| row.cell(field).append_code(out)) && !self.by_field_only {
            append_integer(row.fid(), out);
        }
    }

    /// The identifier that people find a feature by.
    pub(super) fn id(&self, row: &mut dyn Row) -> String {
        let mut id = String::new();
        self.append_id(row, &mut id);
        id
    }

    fn area_m2(&self, row: &mut dyn Row) -> Option<f64> {
        self.area.and_then(|(field, unit_m2)| Some(row.cell(field).value().number()? * unit_m2))
    }
}

/// Told every feature whose coordinates are in the batch, before the patch is ended.
pub(super) type Keeper<'t> = dyn FnMut(&mut dyn Row, &mut Batch) -> ControlFlow<()> + 't;

/// Reads the features of a stretch of a layer into the working CRS.
pub(super) struct PolygonReader<'a> {
    layer: &'a OpenLayer,
    rows: Box<dyn Rows + 'a>,
    door: Door,
}

impl<'a> PolygonReader<'a> {
    /// Starts a stretch. `more` are fields that will be asked for besides those that name and filter.
    pub(super) fn open(
        layer: &'a OpenLayer,
        stretch: usize,
        working: &Crs,
        naming: Naming,
        more: &[usize],
    ) -> Result<Self, LayerError> {
        let carrier = Carrier::new(&layer.title, &layer.crs, working, layer.shift.as_ref())?;
        let mut wanted: Vec<usize> = more.to_vec();
        wanted.extend(naming.id.into_iter().chain(naming.area.map(|(field, _)| field)));
        wanted.extend(layer.filter_fields.iter().map(|(_, field)| field));
        wanted.sort_unstable();
        wanted.dedup();
        let door = Door {
            carrier,
            farthest: (FARTHEST_M / working.unit_m).min(grid::FARTHEST_UNITS),
            unit_m: layer.crs.metres(),
            chord: chord_error(working),
            naming,
            figure: layer.figure,
            noticed: Noticed::of(layer.figure),
        };
        Ok(Self { layer, rows: layer.file.rows(stretch, &wanted)?, door })
    }

    /// Reads on, adding coordinates to the batch and telling `keep` of every feature (also one whose geometry is empty),
    /// until `keep` breaks off or the stretch ends. Returns whether it was `keep` that broke off.
    pub(super) fn each(&mut self, batch: &mut Batch, keep: &mut Keeper<'_>) -> Result<bool, LayerError> {
        let Self { layer, rows, door } = self;
        rows.each(&mut |row| {
            if accepts(layer, row, &mut door.noticed) && door.admits(row, batch) {
                keep(row, batch)
            } else {
                ControlFlow::Continue(())
            }
        })
    }

    /// What was noticed so far.
    pub(super) fn noticed(&mut self) -> Noticed {
        std::mem::replace(&mut self.door.noticed, Noticed::of(self.layer.figure))
    }
}

fn accepts(layer: &OpenLayer, row: &mut dyn Row, noticed: &mut Noticed) -> bool {
    let Some(filter) = &layer.filter else { return true };
    let values: Vec<Value> = layer.filter_fields.iter().map(|(_, field)| row.cell(*field).value()).collect();
    let value = |name: &str| {
        let field = layer.filter_fields.iter().position(|(known, _)| known == name);
        field.and_then(|at| values.get(at).cloned()).unwrap_or(Value::Null)
    };
    let accepted = filter.accepts(&value);
    noticed.filtered.0 += u64::from(!filter.is_rest());
    noticed.filtered.1 += u64::from(accepted);
    accepted
}

/// Lets features into the working CRS.
struct Door {
    carrier: Carrier,
    /// The farthest coordinate of the working CRS that is no absurdity, in its units.
    farthest: f64,
    /// Metres in one unit of the layer's coordinates.
    unit_m: f64,
    /// How far the chord of an edge may lie from its image, in units of the working CRS.
    chord: f64,
    naming: Naming,
    figure: Figure,
    noticed: Noticed,
}

impl Door {
    /// Adds a feature's coordinates to the batch; `false` where it was refused, and a finding will say why.
    fn admits(&mut self, row: &mut dyn Row, batch: &mut Batch) -> bool {
        let (points, rings) = (batch.points.len(), batch.rings.len());
        let seen = row.figures(self.figure, self.unit_m, batch);
        if !self.carried(batch, points, rings) {
            batch.drop_rings();
            let refused = (self.naming.id(row), self.naming.area_m2(row));
            self.noticed.dropped.push(refused);
            return false;
        }
        if seen.figures == 0 {
            return self.without_ground(row, &seen);
        }
        self.noticed.curved += u64::from(seen.curved);
        true
    }

    /// Notes a feature without any figure of the layer's kind; `false` where that is because it could not be read.
    fn without_ground(&mut self, row: &mut dyn Row, seen: &crate::layers::rows::Seen) -> bool {
        let (id, area_m2) = (self.naming.id(row), self.naming.area_m2(row).unwrap_or_default());
        if let Some(fault) = &seen.fault {
            self.noticed.fault.get_or_insert_with(|| fault.clone());
            self.noticed.unreadable.push(id);
            self.noticed.lost_m2.0 += area_m2;
            return false;
        }
        let list = if seen.others > 0 { &mut self.noticed.of_other_kinds } else { &mut self.noticed.empty };
        list.push(id);
        self.noticed.lost_m2.1 += area_m2;
        true
    }

    /// Brings the coordinates that were added last into the working CRS; `false` when a vertex has no place there.
    fn carried(&self, batch: &mut Batch, points: usize, rings: usize) -> bool {
        if !self.carrier.is_identity() {
            if !within(&batch.points[points..], f64::MAX) {
                return false;
            }
            self.transform(batch, points, rings);
        }
        within(&batch.points[points..], self.farthest)
    }

    fn transform(&self, batch: &mut Batch, points: usize, rings: usize) {
        let (old_points, old_rings) = (batch.points.split_off(points), batch.rings.split_off(rings));
        let mut from = 0;
        for ring in old_rings {
            let to = ring.end as usize - points;
            let (old, carry) =
                (&old_points[from..to], &|xs: &mut [f64], ys: &mut [f64]| self.carrier.carry(xs, ys));
            let image = match ring.kind {
                RingKind::Shell | RingKind::Hole => densify::transform_ring_within(old, self.chord, carry),
                RingKind::Line => densify::transform_line(old, carry),
                RingKind::Places => densify::transform_places(old, carry),
            };
            batch.push_ring(ring.kind, image);
            from = to;
        }
    }
}

/// How far the chord of an edge may lie from its image, in units of a CRS: in degrees, where zones are brought to a
/// raster in degrees, it is the same on the ground.
pub(super) fn chord_error(crs: &Crs) -> f64 {
    match crs.kind {
        Kind::Geographic => densify::CHORD_ERROR_UNITS / crs.metres(),
        _ => densify::CHORD_ERROR_UNITS,
    }
}

/// Whether every coordinate is a number no farther than `most` from the origin. Not cut short at the first that is
/// not, so that it runs at the speed of memory.
fn within(points: &[[f64; 2]], most: f64) -> bool {
    points.as_flattened().iter().fold(true, |good, c| good & (c.abs() <= most))
}
