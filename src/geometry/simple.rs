//! Whether an outline is simple: its rings neither cross, touch nor repeat themselves or each other, and lie in
//! each other as shells and holes do.
//!
//! In: a cycle of rings, shells counter-clockwise and holes clockwise. Out: `true` only where it winds exactly once
//! around its ground and not at all around the rest, so that every sum over its edges is a sum over its ground.
//! `false` means that this must be found out by overlay: outlines that only touch themselves are among those, and
//! those that would take too long.
//!
//! # Method
//! Edges are taken in eights, eights of eights, and so on, each with the box around it; boxes that meet are opened
//! until pairs of edges are left, and those are tested exactly. O(n log n) for outlines as they are surveyed.

use crate::geometry::grid::{Point, Shape};

/// Edges in a leaf, and boxes in a box.
const FAN: usize = 8;
/// So many pairs of boxes for each leaf are looked at before the outline is left to overlay.
const PATIENCE: usize = 400;
/// More rings than this are left to overlay: each is compared with all others.
const MOST_RINGS: usize = 64;
/// Differences below this are exact as floating-point numbers.
const EXACT: i64 = 1 << 53;

/// The check with its buffers.
#[derive(Debug, Default)]
pub struct Simplicity {
    /// Points with the first of each ring repeated at its end.
    points: Vec<Point>,
    /// Whether the edge from each point on is one; not from the last point of a ring.
    next: Vec<u32>,
    leaves: Vec<Leaf>,
    levels: Vec<Vec<Box>>,
    steps: usize,
}

/// Eight edges: their boxes, side by side.
#[derive(Debug, Clone, Copy)]
struct Leaf {
    west: [i32; FAN],
    east: [i32; FAN],
    south: [i32; FAN],
    north: [i32; FAN],
}

/// An edge that is not there meets nothing.
const NOWHERE: Leaf =
    Leaf { west: [i32::MAX; FAN], east: [i32::MIN; FAN], south: [i32::MAX; FAN], north: [i32::MIN; FAN] };

#[derive(Debug, Clone, Copy)]
struct Box {
    west: i32,
    east: i32,
    south: i32,
    north: i32,
}

const EMPTY: Box = Box { west: i32::MAX, east: i32::MIN, south: i32::MAX, north: i32::MIN };

impl Box {
    fn with(self, other: Self) -> Self {
        Self {
            west: self.west.min(other.west),
            east: self.east.max(other.east),
            south: self.south.min(other.south),
            north: self.north.max(other.north),
        }
    }

    fn meets(&self, other: &Self) -> bool {
        (self.west <= other.east)
            & (other.west <= self.east)
            & (self.south <= other.north)
            & (other.south <= self.north)
    }
}

impl Simplicity {
    /// Whether the outline is simple.
    pub fn is_simple(&mut self, outline: &Shape) -> bool {
        let Some(bounds) = outline.bounds() else { return true };
        let extent = (bounds.high.x - bounds.low.x).max(bounds.high.y - bounds.low.y);
        if extent >= EXACT || outline.len() >= (u32::MAX / 2) as usize {
            return false;
        }
        self.take(outline, bounds.low, extent);
        let top = self.levels.len() - 1;
        let leaves = self.leaves.len();
        self.steps = 1000 + PATIENCE * leaves;
        let nodes = self.levels[top].len();
        for a in 0..nodes {
            for b in a..nodes {
                if self.levels[top][a].meets(&self.levels[top][b]) && !self.apart(top, a, b) {
                    return false;
                }
            }
        }
        match outline.ends().len() {
            1 => outline.last_is_counter_clockwise(),
            rings => rings <= MOST_RINGS && nested(outline),
        }
    }

    /// Lays the edges out in boxes, in steps coarse enough for 32 bits.
    fn take(&mut self, outline: &Shape, low: Point, extent: i64) {
        let shift = (64 - extent.leading_zeros()).saturating_sub(31);
        self.points.clear();
        self.next.clear();
        self.leaves.clear();
        let mut edges = 0;
        for ring in outline.rings() {
            let first = edges as u32;
            let coarse = |p: &Point| (((p.x - low.x) >> shift) as i32, ((p.y - low.y) >> shift) as i32);
            let (mut x, mut y) = coarse(&ring[0]);
            for i in 0..ring.len() {
                let last = i + 1 == ring.len();
                let (to_x, to_y) = coarse(&ring[if last { 0 } else { i + 1 }]);
                if edges % FAN == 0 {
                    self.leaves.push(NOWHERE);
                }
                let (leaf, slot) = (&mut self.leaves[edges / FAN], edges % FAN);
                leaf.west[slot] = x.min(to_x);
                leaf.east[slot] = x.max(to_x);
                leaf.south[slot] = y.min(to_y);
                leaf.north[slot] = y.max(to_y);
                self.next.push(if last { first } else { edges as u32 + 1 });
                edges += 1;
                (x, y) = (to_x, to_y);
            }
            self.points.extend_from_slice(ring);
        }
        self.stack_boxes();
    }

    fn stack_boxes(&mut self) {
        self.levels.iter_mut().for_each(Vec::clear);
        let boxes = |leaf: &Leaf| Box {
            west: leaf.west.iter().copied().fold(i32::MAX, i32::min),
            east: leaf.east.iter().copied().fold(i32::MIN, i32::max),
            south: leaf.south.iter().copied().fold(i32::MAX, i32::min),
            north: leaf.north.iter().copied().fold(i32::MIN, i32::max),
        };
        if self.levels.is_empty() {
            self.levels.push(Vec::new());
        }
        self.levels[0].extend(self.leaves.iter().map(boxes));
        let mut level = 0;
        while self.levels[level].len() > 2 * FAN {
            let above: Vec<Box> = self.levels[level]
                .chunks(FAN)
                .map(|some| some.iter().copied().fold(EMPTY, Box::with))
                .collect();
            level += 1;
            match self.levels.get_mut(level) {
                Some(boxes) => boxes.extend(above),
                None => self.levels.push(above),
            }
        }
        self.levels.truncate(level + 1);
    }

    /// Whether no edge below box `a` meets one below box `b`, other than where one follows the other.
    fn apart(&mut self, level: usize, a: usize, b: usize) -> bool {
        let Some(left) = self.steps.checked_sub(1) else { return false };
        self.steps = left;
        if level == 0 {
            return self.leaves_apart(a, b);
        }
        let below = level - 1;
        let children = |node: usize, len: usize| node * FAN..((node + 1) * FAN).min(len);
        let len = self.levels[below].len();
        for i in children(a, len) {
            let from = if a == b { i } else { b * FAN };
            for j in from..children(b, len).end {
                if self.levels[below][i].meets(&self.levels[below][j]) && !self.apart(below, i, j) {
                    return false;
                }
            }
        }
        true
    }

    fn leaves_apart(&self, a: usize, b: usize) -> bool {
        let (one, other) = (&self.leaves[a], &self.leaves[b]);
        for i in 0..FAN {
            let (west, east, south, north) = (one.west[i], one.east[i], one.south[i], one.north[i]);
            let mut meet = [0u8; FAN];
            for (j, meet) in meet.iter_mut().enumerate() {
                let apart = (other.west[j] > east)
                    | (other.east[j] < west)
                    | (other.south[j] > north)
                    | (other.north[j] < south);
                *meet = u8::from(!apart);
            }
            let mut mask = u64::from_le_bytes(meet);
            if a == b {
                // Only edges behind this one.
                mask &= (!0u64).checked_shl(8 * (i as u32 + 1)).unwrap_or(0);
            }
            while mask != 0 {
                let j = (mask.trailing_zeros() / 8) as usize;
                mask &= mask - 1;
                if self.meet(a * FAN + i, b * FAN + j) {
                    return false;
                }
            }
        }
        true
    }

    /// Whether two edges that do not follow each other have a point in common.
    fn meet(&self, i: usize, j: usize) -> bool {
        let (i_next, j_next) = (self.next[i] as usize, self.next[j] as usize);
        if i_next == j || j_next == i {
            return false;
        }
        let (a, b) = (self.points[i], self.points[i_next]);
        let (c, d) = (self.points[j], self.points[j_next]);
        let (side_a, side_b) = (side(c, d, a), side(c, d, b));
        if side_a * side_b > 0 {
            return false;
        }
        let (side_c, side_d) = (side(a, b, c), side(a, b, d));
        if side_c * side_d > 0 {
            return false;
        }
        // On one line, boxes that share nothing tell segments apart that share nothing.
        let within = |p: i64, q: i64, r: i64, s: i64| p.min(q) <= r.max(s) && r.min(s) <= p.max(q);
        within(a.x, b.x, c.x, d.x) && within(a.y, b.y, c.y, d.y)
    }
}

/// On which side of the line from `a` to `b` a point lies: 1 left, -1 right, 0 on it. Exact for differences below
/// 2⁵³ steps: what floating point cannot tell is computed in 128 bits.
fn side(a: Point, b: Point, p: Point) -> i32 {
    let (bx, by, px, py) = (b.x - a.x, b.y - a.y, p.x - a.x, p.y - a.y);
    let (left, right) = (bx as f64 * py as f64, by as f64 * px as f64);
    let difference = left - right;
    // Each product is rounded once, their difference once more.
    if difference.abs() > 4.0 * f64::EPSILON * (left.abs() + right.abs()) {
        return if difference > 0.0 { 1 } else { -1 };
    }
    let exact = i128::from(bx) * i128::from(py) - i128::from(by) * i128::from(px);
    exact.signum() as i32
}

/// Whether rings that do not meet lie in each other as shells and holes do: a shell outside all others (or in a hole),
/// a hole inside just one shell, the one that stands before it.
fn nested(outline: &Shape) -> bool {
    let rings: Vec<&[Point]> = outline.rings().collect();
    let is_shell = |ring: &[Point]| super::grid::doubled_area(ring) > 0;
    let mut own: Option<&[Point]> = None;
    rings.iter().enumerate().all(|(i, ring)| {
        let others = rings.iter().enumerate().filter(|(j, _)| *j != i);
        let around: i32 = others.map(|(_, other)| winding(other, ring[0])).sum();
        if is_shell(ring) {
            own = Some(ring);
            return around == 0;
        }
        around == 1 && own.is_some_and(|shell| winding(shell, ring[0]) == 1)
    })
}

/// How often a ring winds around a point that is not on it.
pub fn winding(ring: &[Point], p: Point) -> i32 {
    let Some(&last) = ring.last() else { return 0 };
    let (mut turns, mut from) = (0, last);
    for &to in ring {
        if from.y <= p.y && to.y > p.y && side(from, to, p) > 0 {
            turns += 1;
        } else if from.y > p.y && to.y <= p.y && side(from, to, p) < 0 {
            turns -= 1;
        }
        from = to;
    }
    turns
}
