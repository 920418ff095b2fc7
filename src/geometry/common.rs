//! Ground that two outlines have in common, measured without building it.
//!
//! In: outlines in the coordinates of a small cell. Out: area and first moments of their common ground, each place
//! counted as often as the one winds around it times as often as the other does.
//!
//! # Method
//! The number of times an outline winds around a place is the number of its edges above that place that run
//! westward, less those that run eastward. The product of two such sums is a sum over pairs of edges, and the ground
//! below both edges of a pair is one or two trapezoids. There is no topology in it that could fail: edges that
//! coincide, touch or cross are all the same case.
//!
//! O(edges of the one x edges of the other), for pieces within a cell.

use wide::f32x8;

use crate::geometry::boxes::set;
use crate::geometry::grid::{Point, STEPS_PER_UNIT, Shape};

/// Integrals of 1, x and y, in units from the corner of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct FirstMoments {
    /// Area.
    pub one: f64,
    /// Of x.
    pub x: f64,
    /// Of y.
    pub y: f64,
}

/// An edge that is not upright, from west to east.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Edge {
    west: f64,
    east: f64,
    /// Height at the western end.
    height: f64,
    slope: f64,
    /// 1 where it runs westward, -1 where it runs eastward.
    sign: f64,
}

impl Edge {
    fn at(&self, x: f64) -> f64 {
        self.height + self.slope * (x - self.west)
    }
}

/// The edges of a shape in units from `corner`, which lies south-west of all of it.
pub fn edges(shape: &Shape, corner: Point, into: &mut Vec<Edge>) {
    into.clear();
    let local =
        |p: &Point| ((p.x - corner.x) as f64 / STEPS_PER_UNIT, (p.y - corner.y) as f64 / STEPS_PER_UNIT);
    for ring in shape.rings() {
        let Some(last) = ring.last() else { continue };
        let mut from = local(last);
        for p in ring {
            let to = local(p);
            let (west, east, sign) = if from.0 < to.0 { (from, to, -1.0) } else { (to, from, 1.0) };
            if west.0 < east.0 {
                let slope = (east.1 - west.1) / (east.0 - west.0);
                into.push(Edge { west: west.0, east: east.0, height: west.1, slope, sign });
            }
            from = to;
        }
    }
}

/// Edges that many others are held against: eight are looked at at once.
#[derive(Debug, Clone, Default)]
pub struct Border {
    eights: Vec<Eight>,
}

/// Eight edges; where they begin and end stands apart, rounded, which keeps order. Filled up with edges that share no
/// interval with any.
#[derive(Debug, Clone, Copy)]
struct Eight {
    west: [f32; EIGHT],
    east: [f32; EIGHT],
    edges: [Edge; EIGHT],
}

const EIGHT: usize = 8;
const NO_EDGE: Edge =
    Edge { west: f64::INFINITY, east: f64::NEG_INFINITY, height: 0.0, slope: 0.0, sign: 0.0 };

impl Border {
    /// Takes some edges.
    pub fn new(edges: &[Edge]) -> Self {
        let eight = |some: &[Edge]| {
            let mut edges = [NO_EDGE; EIGHT];
            edges[..some.len()].copy_from_slice(some);
            Eight { west: edges.map(|e| e.west as f32), east: edges.map(|e| e.east as f32), edges }
        };
        Self { eights: edges.chunks(EIGHT).map(eight).collect() }
    }

    /// The edges.
    pub fn edges(&self) -> Vec<Edge> {
        let all = self.eights.iter().flat_map(|eight| eight.edges);
        all.filter(|edge| edge.west < edge.east).collect()
    }
}

/// The moments of the common ground.
pub fn common(one: &[Edge], other: &Border) -> FirstMoments {
    let mut sum = FirstMoments::default();
    for e in one {
        let (begins, ends) = (f32x8::splat(e.west as f32), f32x8::splat(e.east as f32));
        for eight in &other.eights {
            let shares = f32x8::from(eight.west).simd_le(ends) & begins.simd_le(f32x8::from(eight.east));
            for k in set(shares.to_bitmask()) {
                let g = &eight.edges[k];
                let (west, east) = (e.west.max(g.west), e.east.min(g.east));
                if west < east {
                    sum.add_below(e, g, west, east);
                }
            }
        }
    }
    sum
}

impl FirstMoments {
    /// Adds other moments from the same corner.
    pub fn add(&mut self, other: Self) {
        self.one += other.one;
        self.x += other.x;
        self.y += other.y;
    }

    /// Takes other moments from the same corner away.
    pub fn take(&mut self, other: Self) {
        self.one -= other.one;
        self.x -= other.x;
        self.y -= other.y;
    }

    /// The same from a corner that lies at a place.
    pub fn seen_from(&self, (x, y): (f64, f64)) -> Self {
        Self { one: self.one, x: self.x - x * self.one, y: self.y - y * self.one }
    }

    /// Adds the triangle between the corner and an edge; what lies to the left of it counts positive.
    pub fn add_triangle(&mut self, (ax, ay): (f64, f64), (bx, by): (f64, f64)) {
        let doubled = ax * by - bx * ay;
        self.one += doubled / 2.0;
        self.x += doubled * (ax + bx) / 6.0;
        self.y += doubled * (ay + by) / 6.0;
    }

    /// Adds the ground below both edges between two places.
    fn add_below(&mut self, e: &Edge, g: &Edge, west: f64, east: f64) {
        let sign = e.sign * g.sign;
        let (e0, e1, g0, g1) = (e.at(west), e.at(east), g.at(west), g.at(east));
        let (before, after) = (e0 - g0, e1 - g1);
        if before * after >= 0.0 {
            let below = if before + after <= 0.0 { (e0, e1) } else { (g0, g1) };
            return self.add_trapezoid(west, east, below.0, below.1, sign);
        }
        let x = (west + (east - west) * (before / (before - after))).clamp(west, east);
        let y = e.at(x);
        let (first, then) = if before < 0.0 { (e0, g1) } else { (g0, e1) };
        self.add_trapezoid(west, x, first, y, sign);
        self.add_trapezoid(x, east, y, then, sign);
    }

    fn add_trapezoid(&mut self, west: f64, east: f64, left: f64, right: f64, sign: f64) {
        let width = sign * (east - west);
        self.one += width * (left + right) / 2.0;
        self.x += width * (west * (2.0 * left + right) + east * (left + 2.0 * right)) / 6.0;
        self.y += width * (left * left + left * right + right * right) / 6.0;
    }
}
