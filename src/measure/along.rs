//! What covers lie along lines (沿线): runs and gaps, in metres from where each line begins.
//!
//! In: a source of lines, covers and which of their values count. Out: by line the runs that the covers cover and the
//! gaps between them ([`Along`]). The ground that counts is united first, so that a border between two patches is no gap.
//! A line that ends where it begins has neither beginning nor end: what passes through that place is one run, or one
//! gap. O(points of the lines + patches near them).

use serde::Serialize;

use crate::attribute::Value;
use crate::finding::Finding;
use crate::geometry::area::ToDegrees;
use crate::geometry::beside::Side;
use crate::geometry::grid::{Point, Shape, point};
use crate::geometry::length::{Edge, LengthModel, LengthSum};
use crate::geometry::overlay::Overlay;
use crate::measure::beside::axes::strip;
use crate::measure::chosen::Counts;
use crate::measure::lines::Plane;
use crate::measure::reading::{self, Reader};
use crate::measure::tally::Classes;
use crate::measure::{MeasureError, Watch, ground};
use crate::prepare::Zones;
use crate::prepare::borders::{Borders, Cuts};
use crate::survey::{Batch, Source};

/// A gap, or a run, that is shorter is none, in metres: outlines are drawn to the centimetre.
const LEAST_M: f64 = 0.01;
/// How far to either side of a line ground is looked at, in metres.
const NEAR_M: f64 = 1.0;

/// What is asked.
pub struct Request<'a> {
    /// The lines.
    pub lines: &'a dyn Source,
    /// What may lie along them.
    pub covers: &'a [&'a dyn Source],
    /// Whether a value of a cover counts.
    pub counts: &'a Counts<'a>,
}

/// A stretch of a line, in metres on the ellipsoid from where the line begins. Of a line that ends where it begins, one
/// that passes through that place ends at a lesser distance than it begins.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Stretch {
    /// Where it begins.
    pub from_m: f64,
    /// Where it ends.
    pub to_m: f64,
    /// How long it is.
    pub length_m: f64,
}

/// What lies along one line.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Along {
    /// The line, by identifier.
    pub id: String,
    /// Its length in metres.
    pub length_m: f64,
    /// What is covered, the longest first.
    pub runs: Vec<Stretch>,
    /// What is not, the longest first.
    pub gaps: Vec<Stretch>,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Looked {
    /// By line; each part of a line by itself.
    pub lines: Vec<Along>,
    /// Lines that reach where the projection has no ground, by identifier.
    pub off_the_map: Vec<String>,
}

/// Looks along the lines.
pub fn measure(
    request: &Request<'_>,
    plane: &Plane<'_>,
    watch: &dyn Watch,
) -> Result<(Looked, Vec<Finding>), MeasureError> {
    let new = || LineReader {
        model: LengthModel::new(plane.ellipsoid, plane.unit_m),
        lines: Vec::new(),
        off_the_map: Vec::new(),
    };
    let readers = reading::read(request.lines, &Classes::default(), new, plane.to_degrees, watch)?;
    let (mut lines, mut off_the_map) = (Vec::new(), Vec::new());
    for reader in readers {
        lines.extend(reader.lines);
        off_the_map.extend(reader.off_the_map);
    }
    lines.sort_by_cached_key(|line| {
        let points: Vec<(i64, i64)> = line.points.iter().map(|p| (p.x, p.y)).collect();
        (line.id.len(), line.id.clone(), points)
    });
    off_the_map.sort_unstable();
    let mut zones = Zones::default();
    zones.add("", None, near(&lines, plane));
    let class_of = |source: usize, value: &Value| (request.counts)(source, value).then_some(0);
    let mut grounds = ground::by_class(request.covers, &zones, &class_of, watch)?;
    let mut covered = Zones::default();
    covered.add("", None, grounds.remove(&0).unwrap_or_default());
    let borders = Borders::new(&covered);
    let lines = lines.iter().map(|line| line.along(&borders)).collect();
    Ok((Looked { lines, off_the_map }, request.lines.findings()))
}

/// The ground beside all lines.
fn near(lines: &[Line], plane: &Plane<'_>) -> Shape {
    let pieces = lines.iter().flat_map(|line| line.edges().zip(&line.lengths));
    let strips =
        pieces.filter(|(_, length)| length.ellipsoid > 0 && length.plane > 0).flat_map(|(edge, length)| {
            let beside = |side| strip(edge, [0.0, 1.0], *length, side, [0.0, NEAR_M], plane.unit_m).ground();
            [beside(Side::Left), beside(Side::Right)]
        });
    Overlay::default().union(&strips.collect::<Vec<_>>())
}

/// One line, without points that repeat.
struct Line {
    id: String,
    points: Vec<Point>,
    lengths: Vec<LengthSum>,
}

impl Line {
    fn edges(&self) -> impl Iterator<Item = Edge> {
        self.points.windows(2).map(|ends| Edge::between(ends[0], ends[1]))
    }

    fn along(&self, borders: &Borders<'_>) -> Along {
        let (mut cuts, mut passed, mut covered) = (Cuts::default(), 0.0, Vec::new());
        for ((edge, length), begins) in self.edges().zip(&self.lengths).zip(&self.points) {
            let metres = length.length().ellipsoid.0;
            let mut held: Vec<[f64; 2]> = Vec::new();
            borders.split(edge, &mut cuts, |from, to, holders| {
                if holders.count() > 0 {
                    let part = if edge.from == *begins { [from, to] } else { [1.0 - to, 1.0 - from] };
                    held.push(part.map(|share| passed + share * metres));
                }
            });
            held.sort_by(|a, b| a[0].total_cmp(&b[0]));
            covered.extend(held);
            passed += metres;
        }
        let closed = self.points.first() == self.points.last();
        let runs = joined(covered);
        let gaps = between(&runs, passed);
        Along {
            id: self.id.clone(),
            length_m: passed,
            runs: stretches(runs, passed, closed),
            gaps: stretches(gaps, passed, closed),
        }
    }
}

/// Parts in order, those that follow on each other taken together, without those that are too short.
fn joined(parts: Vec<[f64; 2]>) -> Vec<[f64; 2]> {
    let mut joined: Vec<[f64; 2]> = Vec::new();
    for [from, to] in parts {
        match joined.last_mut().filter(|last| from - last[1] < LEAST_M) {
            Some(last) => last[1] = last[1].max(to),
            None => joined.push([from, to]),
        }
    }
    joined.retain(|[from, to]| to - from >= LEAST_M);
    joined
}

/// What lies between the runs of a line.
fn between(runs: &[[f64; 2]], length_m: f64) -> Vec<[f64; 2]> {
    let begins = std::iter::once(0.0).chain(runs.iter().map(|run| run[1]));
    let ends = runs.iter().map(|run| run[0]).chain([length_m]);
    begins.zip(ends).map(|(from, to)| [from, to]).filter(|[from, to]| to - from >= LEAST_M).collect()
}

/// The longest first; of a closed line, what ends at its end and what begins at its beginning are one.
fn stretches(mut parts: Vec<[f64; 2]>, length_m: f64, closed: bool) -> Vec<Stretch> {
    let through = match parts.as_slice() {
        [[first, to], .., [from, last]] if closed && *first < LEAST_M && length_m - last < LEAST_M => {
            Some(Stretch { from_m: *from, to_m: *to, length_m: length_m - from + to })
        }
        _ => None,
    };
    if through.is_some() {
        parts.pop();
        parts.remove(0);
    }
    let whole = parts.into_iter().map(|[from_m, to_m]| Stretch { from_m, to_m, length_m: to_m - from_m });
    let mut stretches: Vec<Stretch> = whole.chain(through).collect();
    stretches.sort_by(|a, b| b.length_m.total_cmp(&a.length_m).then(a.from_m.total_cmp(&b.from_m)));
    stretches
}

/// One thread's reading.
struct LineReader {
    model: LengthModel,
    lines: Vec<Line>,
    off_the_map: Vec<String>,
}

impl Reader for LineReader {
    fn look(&mut self, batch: &Batch, to_degrees: &ToDegrees<'_>) {
        for index in 0..batch.patches.len() {
            for points in parts_of(batch, index) {
                let edges = points.windows(2).map(|ends| Edge::between(ends[0], ends[1]));
                edges.for_each(|edge| self.model.learn(edge, to_degrees));
            }
        }
    }

    fn take(&mut self, batch: &Batch, _: &[u32]) {
        for index in 0..batch.patches.len() {
            for points in parts_of(batch, index) {
                let mut model = |ends: &[Point]| self.model.length(Edge::between(ends[0], ends[1]), 0.0, 1.0);
                let lengths: Vec<_> = points.windows(2).map(&mut model).collect();
                let id = batch.id(index).to_owned();
                if !lengths.iter().all(|length| length.ellipsoid.0.is_finite()) {
                    self.off_the_map.push(id);
                } else if !lengths.is_empty() {
                    let lengths = lengths.into_iter().map(LengthSum::of).collect();
                    self.lines.push(Line { id, points, lengths });
                }
            }
        }
    }
}

/// The parts of a line, each without points that repeat.
fn parts_of(batch: &Batch, index: usize) -> impl Iterator<Item = Vec<Point>> {
    batch.rings_of(index).map(|(_, points)| {
        let mut points: Vec<Point> = points.iter().filter_map(|&[x, y]| point(x, y)).collect();
        points.dedup();
        points
    })
}
