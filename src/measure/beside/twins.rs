//! Roads of several carriageways (分幅道路合并): each counts with its share of the length, and strips lie beyond all of
//! them.
//!
//! # The reading (口径)
//! At a place of a carriageway the perpendicular is followed to both sides. Twins are the other carriageways of the same
//! route that it meets within a distance and that run along with it, by 30° at most, in either direction. Beside *n*
//! twins a metre counts as 1 / (*n* + 1) metres, so that a road of two carriageways is as long as it is. On the side where
//! twins lie the strip begins beyond the farthest, at its axis or at its edge where its width is known: trees on the
//! median are not beside the road.
//!
//! ```text
//!     ─────────────────── far          ─────────────────── far
//!     ─────────────────── near         ─────────────────── near
//!     ═══════ twin ══════                     ┊
//!           median               or, where    ┊ the twin ends
//!     ═══════ axis ═════════════════════════════════════════
//!     ─────────────────── near         ─────────────────── near
//! ```
//!
//! # How
//! An axis is cut where twins begin, end, cross it or come within the distance, and where one comes nearer or goes away by
//! [`STEP_M`]; the middle of a piece tells for all of it. What a carriageway finds depends on where others lie, not on their
//! order. O((stretches + edges) log edges) beside the twins found.

use std::collections::BTreeSet;

use rayon::prelude::*;
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

use crate::geometry::grid::{Point, units};
use crate::geometry::length::{Edge, LengthSum};
use crate::measure::beside::Axes;
use crate::measure::beside::axes::{Stretch, steps_per_metre};
use crate::measure::beside::carriageways::Way;
use crate::threads::on_the_callers_threads;

/// The tangent of the largest angle between carriageways of a road: 30°.
const MOST_TANGENT: f64 = 0.577_350_269_189_625_8;
/// A piece is so short that a twin's distance changes by no more than this along it, in metres.
const STEP_M: f64 = 0.1;

/// An edge in the tree, its box in units, with the number of its line.
type Leaf = GeomWithData<Rectangle<[f64; 2]>, (Edge, u32)>;

/// Merges the carriageways of roads whose axes lie within a distance of each other.
pub(super) fn merge(axes: &mut Axes, within_m: f64, unit_m: f64) {
    let ways = &axes.ways.0;
    let leaves = ways.iter().zip(0u32..).flat_map(|(way, number)| {
        let leaf =
            move |edge: &Edge| GeomWithData::new(Rectangle::from_aabb(around(*edge, 0.0)), (*edge, number));
        way.edges.iter().map(leaf)
    });
    let tree = RTree::bulk_load(leaves.collect());
    let others = Others { ways, carriageways: axes.ways.carriageways(), tree, within_m, unit_m };
    let stretches = std::mem::take(&mut axes.stretches);
    axes.stretches = on_the_callers_threads(|| {
        stretches.into_par_iter().flat_map_iter(|stretch| others.cut(stretch)).collect()
    });
}

/// The box around an edge in units, wider by a margin.
fn around(edge: Edge, margin: f64) -> AABB<[f64; 2]> {
    let x = [units(edge.from.x), units(edge.to.x)];
    let y = [units(edge.from.y), units(edge.to.y)];
    AABB::from_corners([x[0] - margin, y[0].min(y[1]) - margin], [x[1] + margin, y[0].max(y[1]) + margin])
}

/// An edge of another carriageway as seen from an axis: along it `from..to`, how far away it is there, and from where on
/// a strip beyond it begins; all in grid steps, to the left above nought.
struct Twin {
    carriageway: usize,
    from: f64,
    to: f64,
    away: [f64; 2],
    edge: f64,
}

impl Twin {
    fn away_at(&self, s: f64) -> f64 {
        self.away[0] + (self.away[1] - self.away[0]) * ((s - self.from) / (self.to - self.from))
    }
}

/// All carriageways.
struct Others<'a> {
    ways: &'a [Way],
    /// By line.
    carriageways: Vec<usize>,
    tree: RTree<Leaf>,
    within_m: f64,
    unit_m: f64,
}

impl Others<'_> {
    /// A stretch in pieces, each with its share of the road.
    fn cut(&self, stretch: Stretch) -> Vec<Stretch> {
        let steps_per_m = steps_per_metre(stretch.length, self.unit_m);
        let frame = Frame::of(&stretch);
        let twins = self.twins(&stretch, &frame, steps_per_m);
        if twins.is_empty() {
            return vec![stretch];
        }
        let mut pieces = Vec::new();
        let (mut at, mut passed) = (stretch.from, LengthSum::ZERO);
        for s in places(&frame, &twins, STEP_M * steps_per_m) {
            let to = if s < frame.to { s / frame.length } else { stretch.to };
            let so_far = stretch.share(to - stretch.from);
            let middle = (at + to) / 2.0 * frame.length;
            let length = so_far - passed;
            if length.ellipsoid <= 0 || length.plane <= 0 {
                continue;
            }
            let mut piece = Stretch { from: at, to, length, ..stretch.clone() };
            beside(&mut piece, &twins, middle, steps_per_m);
            pieces.push(piece);
            (at, passed) = (to, so_far);
        }
        pieces
    }

    fn twins(&self, stretch: &Stretch, frame: &Frame, steps_per_m: f64) -> Vec<Twin> {
        let Some(own) = stretch.way else { return Vec::new() };
        let of = |number: u32| (self.ways.get(number as usize), self.carriageways.get(number as usize));
        let (Some(way), Some(carriageway)) = of(own) else { return Vec::new() };
        let within = self.within_m * steps_per_m;
        let near = around(stretch.edge, units(within.ceil() as i64));
        let mut twins = Vec::new();
        for leaf in self.tree.locate_in_envelope_intersecting(&near) {
            let (edge, number) = leaf.data;
            if let (Some(other), Some(&of_other)) = of(number)
                && other.route == way.route
                && of_other != *carriageway
            {
                twins.extend(frame.twin(edge, within, of_other, other.edge_m * steps_per_m));
            }
        }
        twins
    }
}

/// Where a stretch is cut, in grid steps along its edge, its end the last.
fn places(frame: &Frame, twins: &[Twin], step: f64) -> Vec<f64> {
    let mut ends = vec![frame.to];
    for twin in twins {
        ends.extend([twin.from, twin.to]);
        let (low, high) = (twin.away[0].min(twin.away[1]), twin.away[0].max(twin.away[1]));
        if low < 0.0 && high > 0.0 {
            ends.push(twin.from + (twin.to - twin.from) * (twin.away[0] / (twin.away[0] - twin.away[1])));
        }
    }
    ends.retain(|s| *s > frame.from && *s <= frame.to);
    ends.sort_unstable_by(f64::total_cmp);
    ends.dedup();
    let (mut places, mut at) = (Vec::new(), frame.from);
    for end in ends {
        let (before, middle) = (at, (at + end) / 2.0);
        let change = |twin: &Twin| (twin.away_at(end) - twin.away_at(before)).abs();
        let here = twins.iter().filter(|twin| twin.from < middle && middle < twin.to);
        let count = (here.map(change).fold(0.0, f64::max) / step).ceil().max(1.0);
        let cut = |part: f64| before + (end - before) * (part / count);
        places.extend((1..count as u32).map(|part| cut(f64::from(part))));
        places.push(end);
        at = end;
    }
    places
}

/// What lies beside a piece, by the place in its middle.
fn beside(piece: &mut Stretch, twins: &[Twin], middle: f64, steps_per_m: f64) {
    let mut met = BTreeSet::new();
    for twin in twins.iter().filter(|twin| twin.from < middle && middle < twin.to) {
        met.insert(twin.carriageway);
        let away = twin.away_at(middle);
        let side = usize::from(away < 0.0);
        if away != 0.0 {
            let beyond_m = (away.abs() + twin.edge) / steps_per_m;
            piece.edges_m[side] = piece.edges_m[side].max(beyond_m);
        }
    }
    piece.carriageways += met.len();
}

/// An axis to see others from.
struct Frame {
    origin: Point,
    along: [f64; 2],
    length: f64,
    /// The stretch in grid steps along the edge.
    from: f64,
    to: f64,
}

impl Frame {
    fn of(stretch: &Stretch) -> Self {
        let Edge { from, to } = stretch.edge;
        let [dx, dy] = [(to.x - from.x) as f64, (to.y - from.y) as f64];
        let length = dx.hypot(dy);
        let (begins, ends) = (stretch.from * length, stretch.to * length);
        Self { origin: from, along: [dx / length, dy / length], length, from: begins, to: ends }
    }

    /// A point by way along the axis and distance to its left.
    fn place(&self, p: Point) -> [f64; 2] {
        let (dx, dy) = ((p.x - self.origin.x) as f64, (p.y - self.origin.y) as f64);
        let [ax, ay] = self.along;
        [dx * ax + dy * ay, dy * ax - dx * ay]
    }

    /// What of an edge runs along with the axis within a distance.
    fn twin(&self, edge: Edge, within: f64, carriageway: usize, half_width: f64) -> Option<Twin> {
        let (a, b) = (self.place(edge.from), self.place(edge.to));
        let [a, b] = if a[0] <= b[0] { [a, b] } else { [b, a] };
        let (run, rise) = (b[0] - a[0], b[1] - a[1]);
        if run <= 0.0 || rise.abs() > MOST_TANGENT * run {
            return None;
        }
        let away_at = |s: f64| if s == b[0] { b[1] } else { a[1] + rise * ((s - a[0]) / run) };
        let (mut from, mut to) = (a[0].max(self.from), b[0].min(self.to));
        if rise != 0.0 {
            let at = |away: f64| a[0] + run * ((away - a[1]) / rise);
            let (enters, leaves) = (at(-within * rise.signum()), at(within * rise.signum()));
            (from, to) = (from.max(enters), to.min(leaves));
        } else if a[1].abs() > within {
            return None;
        }
        let away = [away_at(from), away_at(to)];
        (from < to).then_some(Twin { carriageway, from, to, away, edge: half_width })
    }
}
