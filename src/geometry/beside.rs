//! Which places of a straight axis have a shape beside them: the strip along one side of a road or a shore (沿线带).
//!
//! # The reading (口径)
//! At every place of the axis the perpendicular is followed to one side, from a near to a far distance. The place counts
//! when the shape is met on that stretch. What counts is so a set of intervals along the axis, and those of several
//! shapes are united: ground that two shapes cover counts once. At a bend every place still has one perpendicular, so
//! nothing is counted twice on its inner side and no wedge is left open on its outer side.
//!
//! ```text
//!      far  ─────────────────────────
//!               ┌─────┐      ╱╲          shapes
//!      near ────┼─────┼─────╱──╲─────
//!               └─────┘
//!      axis ════▓▓▓▓▓▓▓═════▓▓▓▓═════    ▓ has a shape beside it
//! ```
//!
//! # How
//! Every edge of the shape is clipped to the strip, where it covers an interval of the axis, or a place where it stands
//! across. Between two of them no edge runs through the strip, so all of the gap lies inside of the shape or none of it: one
//! place tells.
//! O(edges) for a shape and a strip.

use crate::geometry::grid::{Bounds, Point, Shape};
use crate::geometry::length::Edge;

/// A side of an axis, seen from its beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// On the left.
    Left,
    /// On the right.
    Right,
}

impl Side {
    /// The side of the same ground for who comes from the other end.
    pub fn turned(self) -> Self {
        match self {
            Side::Left => Side::Right,
            Side::Right => Side::Left,
        }
    }
}

/// From where to where along an axis, as shares of the way.
pub type Interval = [f64; 2];

/// The strip along one side of a stretch of an axis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Strip {
    axis: Edge,
    /// A step along the axis, of length one.
    along: [f64; 2],
    /// A step away from it, of length one.
    away: [f64; 2],
    length: f64,
    from: f64,
    to: f64,
    near: f64,
    far: f64,
}

impl Strip {
    /// Beside an axis that is longer than nothing, between two shares of the way along it, from `near` to `far` grid steps
    /// away.
    pub fn new(axis: Edge, [from, to]: Interval, side: Side, [near, far]: [f64; 2]) -> Self {
        let [dx, dy] = [(axis.to.x - axis.from.x) as f64, (axis.to.y - axis.from.y) as f64];
        let length = dx.hypot(dy);
        let along = [dx / length, dy / length];
        let away = match side {
            Side::Left => [-along[1], along[0]],
            Side::Right => [along[1], -along[0]],
        };
        Self { axis, along, away, length, from: from * length, to: to * length, near, far }
    }

    /// The least upright rectangle around it.
    pub fn bounds(&self) -> Bounds {
        let corners = self.corners();
        corners.iter().fold(Bounds { low: corners[0], high: corners[0] }, |around, &p| {
            around.with(Bounds { low: p, high: p })
        })
    }

    /// Its ground: a rectangle, or nothing where it is narrower than the grid.
    pub fn ground(&self) -> Shape {
        let mut ground = Shape::default();
        ground.push_counter_clockwise(self.corners());
        ground
    }

    /// Its corners, one after another around it.
    fn corners(&self) -> [Point; 4] {
        let corner = |s: f64, t: f64| {
            let at = |axis: i64, k: usize| axis + (s * self.along[k] + t * self.away[k]).round() as i64;
            Point::new(at(self.axis.from.x, 0), at(self.axis.from.y, 1))
        };
        [
            corner(self.from, self.near),
            corner(self.to, self.near),
            corner(self.to, self.far),
            corner(self.from, self.far),
        ]
    }

    /// Adds the intervals where a clean shape is met; they may overlap each other.
    pub fn meet(&self, shape: &Shape, met: &mut Vec<Interval>) {
        let first = met.len();
        self.each_edge(shape, |a, b| met.extend(self.clipped(a, b)));
        let gaps = self.gaps(&mut met[first..]);
        let whole = gaps.into_iter().filter(|[from, to]| self.is_inside(shape, (from + to) / 2.0));
        met.extend(whole.collect::<Vec<_>>());
        let mut at = 0;
        met.retain(|[from, to]| {
            at += 1;
            at <= first || from < to
        });
        met[first..].iter_mut().for_each(|interval| *interval = interval.map(|s| s / self.length));
    }

    /// The edges of a shape, their ends by way along the axis and distance from it.
    fn each_edge(&self, shape: &Shape, mut each: impl FnMut([f64; 2], [f64; 2])) {
        for ring in shape.rings() {
            let Some(last) = ring.last() else { continue };
            let mut before = self.place(*last);
            for &point in ring {
                let after = self.place(point);
                each(before, after);
                before = after;
            }
        }
    }

    fn place(&self, p: Point) -> [f64; 2] {
        let offset = [(p.x - self.axis.from.x) as f64, (p.y - self.axis.from.y) as f64];
        let part = |step: [f64; 2]| offset[0] * step[0] + offset[1] * step[1];
        [part(self.along), part(self.away)]
    }

    /// The interval of the axis that an edge covers within the strip; a place only where the edge stands across it.
    fn clipped(&self, a: [f64; 2], b: [f64; 2]) -> Option<Interval> {
        let (low, high) = (a[1].min(b[1]), a[1].max(b[1]));
        if low >= self.far || high <= self.near || a[0].max(b[0]) < self.from || a[0].min(b[0]) > self.to {
            return None;
        }
        // The ends of what lies between near and far.
        let at = |t: f64, end: [f64; 2]| {
            if end[1] == t { end[0] } else { a[0] + (b[0] - a[0]) * ((t - a[1]) / (b[1] - a[1])) }
        };
        let end = |end: [f64; 2]| match end[1] {
            t if t < self.near => at(self.near, end),
            t if t > self.far => at(self.far, end),
            _ => end[0],
        };
        let (s, t) = (end(a), end(b));
        let interval = [s.min(t).max(self.from), s.max(t).min(self.to)];
        (interval[0] <= interval[1]).then_some(interval)
    }

    /// What some intervals leave of the strip's stretch.
    fn gaps(&self, intervals: &mut [Interval]) -> Vec<Interval> {
        intervals.sort_unstable_by(|a, b| a[0].total_cmp(&b[0]));
        let (mut gaps, mut reached) = (Vec::new(), self.from);
        for &[from, to] in intervals.iter() {
            if from > reached {
                gaps.push([reached, from]);
            }
            reached = reached.max(to);
        }
        if self.to > reached {
            gaps.push([reached, self.to]);
        }
        gaps
    }

    /// Whether the whole perpendicular at a place that no edge crosses within the strip lies inside of a shape.
    fn is_inside(&self, shape: &Shape, s: f64) -> bool {
        let (mut inside, middle) = (false, (self.near + self.far) / 2.0);
        self.each_edge(shape, |a, b| {
            if (a[0] > s) != (b[0] > s) {
                inside ^= a[1] + (b[1] - a[1]) * ((s - a[0]) / (b[0] - a[0])) < middle;
            }
        });
        inside
    }
}

/// The union of some intervals, in order.
pub fn united(mut intervals: Vec<Interval>) -> Vec<Interval> {
    intervals.sort_unstable_by(|a, b| a[0].total_cmp(&b[0]));
    let mut union: Vec<Interval> = Vec::new();
    for [from, to] in intervals {
        match union.last_mut() {
            Some(last) if from <= last[1] => last[1] = last[1].max(to),
            _ => union.push([from, to]),
        }
    }
    union
}

/// What two sets of intervals have in common; both as [`united`] gives them.
pub fn common(a: &[Interval], b: &[Interval]) -> Vec<Interval> {
    let (mut i, mut j, mut both) = (0, 0, Vec::new());
    while let (Some(x), Some(y)) = (a.get(i), b.get(j)) {
        let interval = [x[0].max(y[0]), x[1].min(y[1])];
        if interval[0] < interval[1] {
            both.push(interval);
        }
        if x[1] < y[1] { i += 1 } else { j += 1 }
    }
    both
}

/// The part of some intervals that lies within one.
pub fn within(intervals: &[Interval], [from, to]: Interval) -> Vec<Interval> {
    common(intervals, &[[from, to]])
}
