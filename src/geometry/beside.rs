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
    length: f64,
    from: f64,
    to: f64,
    side: Side,
    /// How far to the left of the axis it begins and ends; less than nothing to the right.
    band: [f64; 2],
}

impl Strip {
    /// Beside an axis that is longer than nothing, between two shares of the way along it, from `near` to `far` grid steps
    /// away.
    pub fn new(axis: Edge, [from, to]: Interval, side: Side, [near, far]: [f64; 2]) -> Self {
        let [dx, dy] = [(axis.to.x - axis.from.x) as f64, (axis.to.y - axis.from.y) as f64];
        let length = dx.hypot(dy);
        let along = [dx / length, dy / length];
        let band = match side {
            Side::Left => [near, far],
            Side::Right => [-far, -near],
        };
        Self { axis, along, length, from: from * length, to: to * length, side, band }
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
        let [near, far] = match self.side {
            Side::Left => self.band,
            Side::Right => [self.band[1], self.band[0]],
        };
        let away = self.away();
        let corner = |s: f64, t: f64| {
            let at = |axis: i64, k: usize| axis + (s * self.along[k] + t * away[k]).round() as i64;
            Point::new(at(self.axis.from.x, 0), at(self.axis.from.y, 1))
        };
        [corner(self.from, near), corner(self.to, near), corner(self.to, far), corner(self.from, far)]
    }

    /// A step to the left of the axis, of length one.
    fn away(&self) -> [f64; 2] {
        [-self.along[1], self.along[0]]
    }

    /// The edges of a shape, their ends by way along the axis and distance to the left of it.
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

    #[inline]
    fn place(&self, p: Point) -> [f64; 2] {
        let offset = [(p.x - self.axis.from.x) as f64, (p.y - self.axis.from.y) as f64];
        let part = |step: [f64; 2]| offset[0] * step[0] + offset[1] * step[1];
        [part(self.along), part(self.away())]
    }

    /// The interval of the axis that an edge beside the stretch covers within the strip; a place only where the edge stands
    /// across it.
    fn clipped(&self, a: [f64; 2], b: [f64; 2]) -> Option<Interval> {
        let [near, far] = self.band;
        let (low, high) = (a[1].min(b[1]), a[1].max(b[1]));
        if low >= far || high <= near {
            return None;
        }
        // The ends of what lies between the borders of the strip.
        let at = |t: f64, end: [f64; 2]| {
            if end[1] == t { end[0] } else { a[0] + (b[0] - a[0]) * ((t - a[1]) / (b[1] - a[1])) }
        };
        let end = |end: [f64; 2]| match end[1] {
            t if t < near => at(near, end),
            t if t > far => at(far, end),
            _ => end[0],
        };
        let (s, t) = (end(a), end(b));
        let interval = [s.min(t).max(self.from), s.max(t).min(self.to)];
        (interval[0] <= interval[1]).then_some(interval)
    }

    /// Whether perpendiculars of the stretch can meet an edge.
    #[inline]
    fn has_beside(&self, a: [f64; 2], b: [f64; 2]) -> bool {
        a[0].max(b[0]) >= self.from && a[0].min(b[0]) <= self.to
    }

    /// Whether an edge crosses the perpendicular at a place to the right of the middle of the strip.
    #[inline]
    fn is_crossed(&self, a: [f64; 2], b: [f64; 2], s: f64) -> bool {
        let middle = (self.band[0] + self.band[1]) / 2.0;
        (a[0] > s) != (b[0] > s) && a[1] + (b[1] - a[1]) * ((s - a[0]) / (b[0] - a[0])) < middle
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
        let mut inside = false;
        self.each_edge(shape, |a, b| inside ^= self.is_crossed(a, b, s));
        inside
    }

    /// Adds to what the edges of a shape cover the gaps that lie inside of it; `inside` tells of the middle of the strip.
    fn filled(&self, shape: &Shape, inside: bool, met: &mut Vec<Interval>) {
        let gaps = self.gaps(met);
        let whole = match met.as_slice() {
            // Where no edge runs through the strip there is one gap, and its middle is known.
            [] => gaps.into_iter().filter(|_| inside).collect::<Vec<_>>(),
            _ => gaps.into_iter().filter(|[from, to]| self.is_inside(shape, (from + to) / 2.0)).collect(),
        };
        met.extend(whole);
        met.retain(|[from, to]| from < to);
        met.iter_mut().for_each(|interval| *interval = interval.map(|s| s / self.length));
    }
}

/// Where the strips of one stretch of an axis meet a shape.
#[derive(Debug, Default)]
pub struct Meeting {
    /// By strip: what it met, and whether the middle of it lies inside of the shape.
    found: Vec<(Vec<Interval>, bool)>,
}

impl Meeting {
    /// Gives the intervals where each strip meets a clean shape, with the strip's position; those of one strip may overlap
    /// each other. All strips lie along the same stretch.
    pub fn of(&mut self, strips: &[Strip], shape: &Shape, mut give: impl FnMut(usize, Interval)) {
        let Some(first) = strips.first() else { return };
        self.found.resize_with(self.found.len().max(strips.len()), Default::default);
        let found = &mut self.found[..strips.len()];
        for (met, inside) in found.iter_mut() {
            met.clear();
            *inside = false;
        }
        let middle = (first.from + first.to) / 2.0;
        first.each_edge(shape, |a, b| {
            if first.has_beside(a, b) {
                for (strip, (met, inside)) in strips.iter().zip(found.iter_mut()) {
                    met.extend(strip.clipped(a, b));
                    *inside ^= strip.is_crossed(a, b, middle);
                }
            }
        });
        for (at, (strip, (met, inside))) in strips.iter().zip(found).enumerate() {
            strip.filled(shape, *inside, met);
            met.iter().for_each(|interval| give(at, *interval));
        }
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
