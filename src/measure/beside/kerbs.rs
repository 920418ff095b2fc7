//! Where a road ends beside its axis (路缘): at the edge of its ground, where that is drawn.
//!
//! # The reading (口径)
//! At a place of an axis the perpendicular is followed to each side, from the axis or, where carriageways are merged, from
//! the farthest one there. The first edge of road ground that it meets within [`MOST_M`] is the kerb if it leaves the
//! ground there, and the strip begins at it. Where it meets none, or one that leads onto ground, the axis lies beside the
//! ground, and the strip begins at the axis; how long such axes are is told.
//!
//! # How
//! A stretch is cut where an edge of the ground near it begins, ends or crosses where the perpendicular begins, and where
//! the kerb comes nearer or goes away by [`STEP_M`]; edges of clean ground do not cross, so the middle of a piece tells
//! for all of it. O((stretches + edges) log edges) beside the edges near.

use rayon::prelude::*;

use crate::geometry::grid::{Point, Shape};
use crate::geometry::length::LengthSum;
use crate::geometry::nearby::Nearby;
use crate::measure::beside::Axes;
use crate::measure::beside::axes::{Stretch, steps_per_metre};
use crate::measure::beside::frame::{Frame, STEP_M, Seen, around};
use crate::threads::on_the_callers_threads;

/// No kerb is farther from its axis, in metres.
const MOST_M: f64 = 100.0;

/// The edges of the ground, which lies on their left.
type Edges = Nearby<[Point; 2]>;

/// Gives axes their kerbs, by the parts of the roads' ground; how long those are that lie beside it, on a side or both.
pub(super) fn find(axes: &mut Axes, ground: &[Shape], unit_m: f64) -> LengthSum {
    let edges = ground.iter().flat_map(Shape::rings).flat_map(|ring| {
        let next = ring.iter().cycle().skip(1);
        ring.iter().zip(next).map(|(from, to)| [*from, *to])
    });
    let edges = Edges::of(edges.map(|edge| (around(edge, 0), edge)).collect());
    let stretches = std::mem::take(&mut axes.stretches);
    let found: Vec<Vec<(Stretch, bool)>> = on_the_callers_threads(|| {
        stretches.into_par_iter().map(|stretch| with_kerbs(&stretch, &edges, unit_m)).collect()
    });
    let mut off = LengthSum::ZERO;
    axes.stretches = found
        .into_iter()
        .flatten()
        .map(|(stretch, has)| {
            if !has {
                off += stretch.length;
            }
            stretch
        })
        .collect();
    off
}

/// A stretch in pieces, each with whether it has a kerb on both sides.
fn with_kerbs(stretch: &Stretch, edges: &Edges, unit_m: f64) -> Vec<(Stretch, bool)> {
    let steps_per_m = steps_per_metre(stretch.length, unit_m);
    let frame = Frame::of(stretch);
    let near = around([stretch.edge.from, stretch.edge.to], (MOST_M * steps_per_m) as i64);
    let edges: Vec<GroundEdge> =
        edges.meeting(&near).filter_map(|edge| GroundEdge::of(&frame, *edge)).collect();
    let view = View { edges, begins: stretch.edges_m.map(|m| m * steps_per_m), most: MOST_M * steps_per_m };
    let places = frame.places(view.ends(), STEP_M * steps_per_m, |from, to| view.change(from, to));
    frame.pieces(stretch, places, |piece, middle| {
        let kerbs = view.kerbs(middle);
        for (edge_m, kerb) in piece.edges_m.iter_mut().zip(&kerbs) {
            *edge_m = kerb.map_or(*edge_m, |kerb| kerb.away_at(middle).abs() / steps_per_m);
        }
        kerbs.iter().all(Option::is_some)
    })
}

/// An edge of the ground.
struct GroundEdge {
    seen: Seen,
    /// Whether the ground lies on its far side, seen from the right.
    ground_beyond: bool,
}

impl GroundEdge {
    /// None where it stands across.
    fn of(frame: &Frame, edge: [Point; 2]) -> Option<Self> {
        let [a, b] = edge.map(|p| frame.place(p));
        let forwards = a[0] < b[0];
        let [a, b] = if forwards { [a, b] } else { [b, a] };
        let seen = Seen { from: a[0], to: b[0], away: [a[1], b[1]] };
        (a[0] < b[0]).then_some(Self { seen, ground_beyond: forwards })
    }
}

/// What an axis sees of the ground.
struct View {
    edges: Vec<GroundEdge>,
    /// How far to the left and to the right its perpendicular begins, in grid steps.
    begins: [f64; 2],
    most: f64,
}

impl View {
    /// Where edges begin, end and cross where perpendiculars begin.
    fn ends(&self) -> Vec<f64> {
        let begins = [self.begins[0], -self.begins[1]];
        let edges = self.edges.iter().map(|edge| &edge.seen);
        let ends = edges.flat_map(|edge| {
            let crossed = begins.into_iter().filter_map(|away| edge.crosses(away));
            [edge.from, edge.to].into_iter().chain(crossed)
        });
        ends.collect()
    }

    /// By how much kerbs come nearer or go away between two places with no end between them.
    fn change(&self, from: f64, to: f64) -> f64 {
        let kerbs = self.kerbs((from + to) / 2.0).into_iter().flatten();
        kerbs.map(|kerb| kerb.change(from, to)).fold(0.0, f64::max)
    }

    /// The kerbs to the left and to the right of a place.
    fn kerbs(&self, s: f64) -> [Option<&Seen>; 2] {
        [false, true].map(|right| self.kerb(right, s))
    }

    fn kerb(&self, right: bool, s: f64) -> Option<&Seen> {
        let outwards = if right { -1.0 } else { 1.0 };
        let begins = self.begins[usize::from(right)];
        let met = self.edges.iter().filter(|edge| edge.seen.is_beside(s));
        let met = met.map(|edge| (edge.seen.away_at(s) * outwards, edge));
        let met = met.filter(|(away, _)| (begins..=begins.max(self.most)).contains(away));
        let (_, first) = met.min_by(|(a, _), (b, _)| a.total_cmp(b))?;
        (first.ground_beyond == right).then_some(&first.seen)
    }
}
