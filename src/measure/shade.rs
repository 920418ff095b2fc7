//! Shade along roads (林荫道路): how much of the ground of the strip along each lies under crowns.
//!
//! In: a source of axes, the ground that is asked about (the urban area), the strip, what is judged as one ([`Unit`]),
//! covers and which of their values count. Out: by unit its length within the ground, its strip and what of the strip the
//! covers cover, each square metre counted once ([`Shade`]).
//!
//! # The reading (口径)
//! A straight piece of an axis has a rectangle on either side, from a near to a far distance. The strip of a unit is the
//! union of its rectangles, as far as they lie within the ground. It becomes a zone like any other, so the engine that
//! measures coverage measures it. Ground where the strips of two roads cross belongs to both.

mod blocks;

use std::collections::BTreeMap;

use blocks::{Joints, blocks};
use rayon::prelude::*;

use crate::attribute::Value;
use crate::finding::Finding;
use crate::geometry::area::{AreaModel, AreaSum, ToDegrees};
use crate::geometry::beside::{Interval, Side};
use crate::geometry::grid::Shape;
use crate::geometry::length::{Edge, LengthModel, LengthSum};
use crate::geometry::overlay::Overlay;
use crate::measure::beside::axes::{edges_of, half_width_m, strip};
use crate::measure::chosen::Counts;
use crate::measure::coverage::{self, Balance, Plan};
use crate::measure::ground::within;
use crate::measure::heap::Room;
use crate::measure::lines::Plane;
use crate::measure::reading::{self, Reader};
use crate::measure::tally::Classes;
use crate::measure::{MeasureError, Watch};
use crate::prepare::Zones;
use crate::prepare::borders::{Borders, Cuts};
use crate::survey::{Batch, Source};
use crate::threads::on_the_callers_threads;

/// What is judged as one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Unit {
    /// The features of one value; a feature without a value by itself.
    Road,
    /// The equal parts of a feature that are at most so many metres long.
    Segment(f64),
    /// What lies between two crossings of the features of one value; features without a value are taken together.
    Block,
}

/// What is asked.
pub struct Request<'a> {
    /// The axes; their value is the road they belong to, their amount its width in metres.
    pub axes: &'a dyn Source,
    /// What is judged as one.
    pub unit: Unit,
    /// Where the strip begins and ends, in metres from the axis, or from the edge where the width is known.
    pub strip_m: [f64; 2],
    /// The ground that is asked about.
    pub ground: &'a Zones,
    /// What may give shade.
    pub covers: &'a [&'a dyn Source],
    /// Whether a value of a cover does.
    pub counts: &'a Counts<'a>,
    /// Areas.
    pub area: &'a AreaModel,
}

/// What one unit has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Shade {
    /// Its length.
    pub length: LengthSum,
    /// The ground of its strip.
    pub strip: AreaSum,
    /// What of it lies under what counts.
    pub shaded: AreaSum,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Shades {
    /// By unit, in no order that means anything.
    pub units: Vec<Shade>,
    /// Axes that reach where the projection has no ground, by identifier; they are in no sum.
    pub off_the_map: Vec<String>,
    /// Strips of which what is shaded and the rest do not add up.
    pub unbalanced: Vec<Balance>,
}

/// Measures; what the covers notice is not told again. What all units together have does not depend on threads or on the
/// order of features.
pub fn measure(
    request: &Request<'_>,
    plane: &Plane<'_>,
    room: Room<'_>,
    watch: &dyn Watch,
) -> Result<(Shades, Vec<Finding>), MeasureError> {
    let (lines, off_the_map, findings) = lines(request, plane, watch)?;
    let strips: Vec<Shape> = on_the_callers_threads(|| {
        let lines = lines.par_iter().with_max_len(16);
        lines.map_init(Overlay::default, |overlay, line| ground_of(line, request, plane, overlay)).collect()
    });
    let (mut zones, mut lengths) = (Zones::default(), Vec::new());
    for (line, strip) in lines.iter().zip(strips).filter(|(_, strip)| !strip.is_empty()) {
        zones.add("", None, strip);
        let mut length = LengthSum::ZERO;
        line.iter().for_each(|piece| length += piece.length);
        lengths.push(length);
    }
    let plan = |values: &[Vec<Value>]| Plan::of_one(values, request.counts);
    let measured = coverage::measure(request.covers, &zones, plan, request.area, room, watch)?;
    let zones = measured.coverage.zones.iter().zip(lengths);
    let units = zones.map(|(zone, length)| Shade { length, strip: zone.ground, shaded: zone.classes[0].net });
    let unbalanced = measured.coverage.unbalanced(&measured.plan);
    Ok((Shades { units: units.collect(), off_the_map, unbalanced }, findings))
}

/// A straight piece of an axis within the ground.
struct Piece {
    edge: Edge,
    part: Interval,
    length: LengthSum,
    edge_m: f64,
}

/// The strip of a unit, within the ground.
fn ground_of(line: &[Piece], request: &Request<'_>, plane: &Plane<'_>, overlay: &mut Overlay) -> Shape {
    let of = |piece: &Piece, side: Side| {
        let from_axis_m = request.strip_m.map(|m| m + piece.edge_m);
        strip(piece.edge, piece.part, piece.length, side, from_axis_m, plane.unit_m).ground()
    };
    let both = line.iter().flat_map(|piece| [of(piece, Side::Left), of(piece, Side::Right)]);
    let drawn = overlay.union(&both.collect::<Vec<_>>());
    within(&drawn, request.ground, overlay)
}

type Lines = Vec<Vec<Piece>>;

/// The pieces of each unit.
fn lines(
    request: &Request<'_>,
    plane: &Plane<'_>,
    watch: &dyn Watch,
) -> Result<(Lines, Vec<String>, Vec<Finding>), MeasureError> {
    let (borders, classes) = (Borders::new(request.ground), Classes::default());
    let new = || LineReader {
        borders: &borders,
        classes: &classes,
        unit: request.unit,
        model: LengthModel::new(plane.ellipsoid, plane.unit_m),
        cuts: Cuts::default(),
        named: BTreeMap::new(),
        alone: Vec::new(),
        joints: Joints::default(),
        off_the_map: Vec::new(),
    };
    let readers = reading::read(request.axes, &classes, new, plane.to_degrees, watch)?;
    let (mut named, mut lines, mut off_the_map) =
        (BTreeMap::<String, Vec<Piece>>::new(), Lines::new(), Vec::new());
    let mut joints = Joints::default();
    for reader in readers {
        lines.extend(reader.alone);
        off_the_map.extend(reader.off_the_map);
        joints.extend(reader.joints);
        reader.named.into_iter().for_each(|(name, pieces)| named.entry(name).or_default().extend(pieces));
    }
    off_the_map.sort_unstable();
    match request.unit {
        Unit::Block => lines.extend(named.into_values().flat_map(|road| blocks(road, &joints))),
        Unit::Road | Unit::Segment(_) => lines.extend(named.into_values()),
    }
    lines.retain(|pieces| !pieces.is_empty());
    Ok((lines, off_the_map, request.axes.findings()))
}

/// One thread's reading.
struct LineReader<'a> {
    borders: &'a Borders<'a>,
    classes: &'a Classes,
    unit: Unit,
    model: LengthModel,
    cuts: Cuts,
    named: BTreeMap<String, Vec<Piece>>,
    alone: Lines,
    joints: Joints,
    off_the_map: Vec<String>,
}

impl LineReader<'_> {
    /// What of a part of an edge lies within the ground.
    fn within(&mut self, edge: Edge, [from, to]: Interval, edge_m: f64, pieces: &mut Vec<Piece>) {
        let Self { borders, cuts, model, .. } = self;
        borders.split(edge, cuts, |begins, ends, holders| {
            let part = [begins.max(from), ends.min(to)];
            if holders.count() > 0 && part[0] < part[1] {
                let length = LengthSum::of(model.length(edge, part[0], part[1]));
                if length.ellipsoid > 0 && length.plane > 0 {
                    pieces.push(Piece { edge, part, length, edge_m });
                }
            }
        });
    }

    /// A feature in equal parts.
    fn segments(&mut self, edges: &[(Edge, bool)], most_m: f64, edge_m: f64) {
        let lengths: Vec<f64> =
            edges.iter().map(|(edge, _)| self.model.length(*edge, 0.0, 1.0).ellipsoid.0).collect();
        let whole: f64 = lengths.iter().sum();
        // A feature of two segments to the last bit is not cut in three.
        let count = (whole / most_m - 1e-9).ceil().max(1.0);
        let each = whole / count;
        let (mut pieces, mut passed, mut segment) = (Vec::new(), 0.0, 1.0);
        for (&(edge, turned), &length) in edges.iter().zip(&lengths) {
            let mut at = 0.0;
            while at < 1.0 {
                let end = if segment < count { (segment * each - passed) / length } else { 1.0 };
                let to = end.clamp(at, 1.0);
                let part = if turned { [1.0 - to, 1.0 - at] } else { [at, to] };
                self.within(edge, part, edge_m, &mut pieces);
                if end <= 1.0 && segment < count {
                    self.alone.push(std::mem::take(&mut pieces));
                    segment += 1.0;
                }
                at = to;
            }
            passed += length;
        }
        self.alone.push(pieces);
    }
}

impl Reader for LineReader<'_> {
    fn look(&mut self, batch: &Batch, to_degrees: &ToDegrees<'_>) {
        let edges = (0..batch.patches.len()).flat_map(|index| edges_of(batch, index));
        edges.for_each(|(edge, _)| self.model.learn(edge, to_degrees));
    }

    fn take(&mut self, batch: &Batch, known: &[u32]) {
        for (index, patch) in batch.patches.iter().enumerate() {
            let edges: Vec<(Edge, bool)> = edges_of(batch, index).collect();
            let model = &mut self.model;
            let mut metres = edges.iter().map(|(edge, _)| model.length(*edge, 0.0, 1.0).ellipsoid.0);
            if !metres.all(f64::is_finite) {
                self.off_the_map.push(batch.id(index).to_owned());
                continue;
            }
            let edge_m = half_width_m(batch, index);
            if let Unit::Segment(most_m) = self.unit {
                self.segments(&edges, most_m, edge_m);
                continue;
            }
            if self.unit == Unit::Block {
                edges.iter().for_each(|(edge, _)| self.joints.add(*edge));
            }
            let mut pieces = Vec::new();
            edges.iter().for_each(|(edge, _)| self.within(*edge, [0.0, 1.0], edge_m, &mut pieces));
            let value = known.get(patch.value as usize).and_then(|&value| self.classes.value(value));
            match value.and_then(|value| value.code()).filter(|name| !name.is_empty()) {
                Some(name) => self.named.entry(name).or_default().extend(pieces),
                None if self.unit == Unit::Block => {
                    self.named.entry(String::new()).or_default().extend(pieces);
                }
                None => self.alone.push(pieces),
            }
        }
    }
}
