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

use crate::geometry::length::Edge;
use crate::geometry::nearby::Nearby;
use crate::measure::beside::Axes;
use crate::measure::beside::axes::{Stretch, steps_per_metre};
use crate::measure::beside::carriageways::Way;
use crate::measure::beside::frame::{Frame, STEP_M, Seen, around};
use crate::threads::on_the_callers_threads;

/// The tangent of the largest angle between carriageways of a road: 30°.
const MOST_TANGENT: f64 = 0.577_350_269_189_625_8;

/// Merges the carriageways of roads whose axes lie within a distance of each other.
pub(super) fn merge(axes: &mut Axes, within_m: f64, unit_m: f64) {
    let ways = &axes.ways.0;
    let edges = ways.iter().zip(0u32..).flat_map(|(way, number)| {
        way.edges.iter().map(move |edge| (around([edge.from, edge.to], 0), (*edge, number)))
    });
    let edges = Nearby::of(edges.collect());
    let others = Others { ways, carriageways: axes.ways.carriageways(), edges, within_m, unit_m };
    let stretches = std::mem::take(&mut axes.stretches);
    axes.stretches = on_the_callers_threads(|| {
        stretches.into_par_iter().flat_map_iter(|stretch| others.cut(stretch)).collect()
    });
}

/// An edge of another carriageway, and how far from it a strip beyond it begins, in grid steps.
struct Twin {
    carriageway: usize,
    seen: Seen,
    edge: f64,
}

/// All carriageways.
struct Others<'a> {
    ways: &'a [Way],
    /// By line.
    carriageways: Vec<usize>,
    /// Their edges, each with the number of its line.
    edges: Nearby<(Edge, u32)>,
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
        let places = places(&frame, &twins, STEP_M * steps_per_m);
        let pieces =
            frame.pieces(&stretch, places, |piece, middle| beside(piece, &twins, middle, steps_per_m));
        pieces.into_iter().map(|(piece, ())| piece).collect()
    }

    fn twins(&self, stretch: &Stretch, frame: &Frame, steps_per_m: f64) -> Vec<Twin> {
        let Some(own) = stretch.way else { return Vec::new() };
        let of = |number: u32| (self.ways.get(number as usize), self.carriageways.get(number as usize));
        let (Some(way), Some(carriageway)) = of(own) else { return Vec::new() };
        let within = self.within_m * steps_per_m;
        let near = around([stretch.edge.from, stretch.edge.to], within.ceil() as i64);
        let mut twins = Vec::new();
        for &(edge, number) in self.edges.meeting(&near) {
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
    let seen = || twins.iter().map(|twin| &twin.seen);
    let ends = seen().flat_map(|seen| [seen.from, seen.to].into_iter().chain(seen.crosses(0.0)));
    frame.places(ends.collect(), step, |from, to| {
        let here = seen().filter(|seen| seen.is_beside((from + to) / 2.0));
        here.map(|seen| seen.change(from, to)).fold(0.0, f64::max)
    })
}

/// What lies beside a piece, by the place in its middle.
fn beside(piece: &mut Stretch, twins: &[Twin], middle: f64, steps_per_m: f64) {
    let mut met = BTreeSet::new();
    for twin in twins.iter().filter(|twin| twin.seen.is_beside(middle)) {
        met.insert(twin.carriageway);
        let away = twin.seen.away_at(middle);
        let side = usize::from(away < 0.0);
        if away != 0.0 {
            let beyond_m = (away.abs() + twin.edge) / steps_per_m;
            piece.edges_m[side] = piece.edges_m[side].max(beyond_m);
        }
    }
    piece.carriageways += met.len();
}

impl Frame {
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
        (from < to).then_some(Twin { carriageway, seen: Seen { from, to, away }, edge: half_width })
    }
}
