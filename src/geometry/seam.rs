//! Seams (接边): edges that neighbours share cancel in pairs; what is left bounds the ground of all together.
//!
//! In: outlines, shells counter-clockwise and holes clockwise. Out: the closed contours that are left, which wind
//! around every place just as often as all outlines do together. A clean survey leaves its outer border and nothing
//! else, so that whether ground is covered twice is found at the cost of that border.
//!
//! # Method
//! Edges are sorted by a hash that is the same whichever way they run, in passes without comparisons; partners then
//! stand beside each other. What is left depends on the edges alone, not on the order in which they came. O(edges).
//!
//! Edges are known by 39 bits of hash. Where two are taken for one another, their true partners are left, and do not
//! close to contours; that is noticed.

use std::cmp::Ordering;

use crate::geometry::grid::{FAR_MORE_POINTS, Point, Shape};
use crate::geometry::side::{Local, local, side};

/// Bits of the hash that one pass sorts by, and how many passes there are: edges that agree in all these bits are few.
const DIGIT_BITS: usize = 8;
const PASSES: usize = 3;
/// Bits that tell where an edge begins among the points.
const AT_BITS: u32 = 24;
/// One edge of so many is tried before all are sorted.
const SAMPLE: u64 = 16;
/// Room for more points than this is given back (64 MB with their edges).
const MOST_KEPT: usize = 8 * FAR_MORE_POINTS;
/// Fewer edges are not worth a trial.
const TRIED: usize = 4096;

/// The seams of some outlines, with their buffers.
#[derive(Debug, Default)]
pub struct Seams {
    /// All rings, the first point of each repeated at its end.
    points: Vec<Point>,
    edges: Vec<Edge>,
    spare: Vec<Edge>,
    entered: usize,
}

/// An edge as far as it is told from others, in one word: its hash, whether it runs eastward, where it begins.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Edge(u64);

impl Edge {
    fn new(hash: u64, eastward: bool, at: u32) -> Self {
        Self(hash >> (AT_BITS + 1) << (AT_BITS + 1) | u64::from(eastward) << AT_BITS | u64::from(at))
    }

    fn at(self) -> usize {
        (self.0 & ((1 << AT_BITS) - 1)) as usize
    }

    /// 1 where it runs eastward, -1 where it runs westward.
    fn way(self) -> i32 {
        if self.0 >> AT_BITS & 1 == 1 { 1 } else { -1 }
    }

    fn hash(self) -> u64 {
        self.0 >> (AT_BITS + 1)
    }

    /// What the passes sort by.
    fn digits(self) -> u64 {
        self.0 >> (64 - DIGIT_BITS * PASSES)
    }
}

/// Closed contours.
#[derive(Debug, Clone, Default)]
pub struct Contours {
    /// The contours.
    pub border: Shape,
    /// Whether around a point where several meet ground is covered twice, or less than nought times.
    pub tangled: bool,
}

impl Seams {
    /// Forgets all outlines, and gives back room for far more of them than most surveys need.
    pub fn clear(&mut self) {
        if self.points.capacity() > MOST_KEPT {
            *self = Self::default();
        }
        self.points.clear();
        self.edges.clear();
        self.entered = 0;
    }

    /// Adds an outline.
    pub fn add(&mut self, outline: &Shape) {
        outline.rings().for_each(|ring| self.add_ring(ring.iter().copied()));
    }

    /// Adds one ring.
    pub fn add_ring(&mut self, ring: impl Iterator<Item = Point>) {
        let first = self.points.len();
        self.points.extend(ring);
        if self.points.len() == first {
            return;
        }
        self.points.push(self.points[first]);
        let ring = &self.points[first..];
        let mut from = mixed(ring[0]);
        self.edges.extend(ring.windows(2).zip(first as u32..).map(|(edge, at)| {
            let to = mixed(edge[1]);
            let hash = key(from, to);
            from = to;
            Edge::new(hash, (edge[0].x, edge[0].y) < (edge[1].x, edge[1].y), at)
        }));
    }

    /// How many edges there were when they were cancelled.
    pub fn entered(&self) -> usize {
        self.entered
    }

    /// Cancels edges that run against each other; how many are left. A trial of some tells first whether it pays:
    /// `None` where fewer than one in ten has a partner, or there are too many edges. No edge may be without length.
    pub fn cancel(&mut self) -> Option<usize> {
        self.entered = self.edges.len();
        if self.points.len() >> AT_BITS > 0 {
            return None;
        }
        if self.entered >= TRIED {
            let all = std::mem::take(&mut self.edges);
            self.edges.extend(all.iter().filter(|edge| edge.hash() % SAMPLE == 0));
            let tried = self.edges.len();
            self.sort();
            self.drop_pairs();
            let left = self.edges.len();
            self.edges = all;
            if left * 10 > tried * 9 {
                return None;
            }
        }
        self.sort();
        self.drop_pairs();
        Some(self.edges.len())
    }

    /// Sorts edges by some bits of their hash, the last first (a radix sort).
    fn sort(&mut self) {
        self.spare.resize(self.edges.len(), Edge::default());
        for pass in 0..PASSES {
            let digit = |edge: &Edge| (edge.digits() >> (DIGIT_BITS * pass)) as usize & DIGITS;
            const DIGITS: usize = (1 << DIGIT_BITS) - 1;
            let mut places = [0usize; DIGITS + 1];
            self.edges.iter().for_each(|edge| places[digit(edge)] += 1);
            let mut next = 0;
            for place in &mut places {
                next += std::mem::replace(place, next);
            }
            for edge in &self.edges {
                let place = &mut places[digit(edge)];
                self.spare[*place] = *edge;
                *place += 1;
            }
            std::mem::swap(&mut self.edges, &mut self.spare);
        }
    }

    /// Keeps of sorted edges those without partner.
    fn drop_pairs(&mut self) {
        let (mut kept, mut i) = (0, 0);
        while i < self.edges.len() {
            let digits = self.edges[i].digits();
            let end = i + self.edges[i..].iter().take_while(|edge| edge.digits() == digits).count();
            match self.edges[i..end] {
                [a, b] if a.hash() == b.hash() && a.way() + b.way() == 0 => {}
                [a] => {
                    self.edges[kept] = a;
                    kept += 1;
                }
                _ => kept = self.drop_pairs_of(i, end, kept),
            }
            i = end;
        }
        self.edges.truncate(kept);
    }

    /// The same for edges that agree in the digits that were sorted by.
    fn drop_pairs_of(&mut self, first: usize, end: usize, mut kept: usize) -> usize {
        self.edges[first..end].sort_unstable();
        let mut from = first;
        while from < end {
            let hash = self.edges[from].hash();
            let to = from + self.edges[from..end].iter().take_while(|edge| edge.hash() == hash).count();
            let sum: i32 = self.edges[from..to].iter().map(|edge| edge.way()).sum();
            // Which of those that run one way stay does not matter: they lie on one another.
            let mut left = sum.unsigned_abs();
            for k in from..to {
                if left > 0 && self.edges[k].way() == sum.signum() {
                    self.edges[kept] = self.edges[k];
                    (kept, left) = (kept + 1, left - 1);
                }
            }
            from = to;
        }
        kept
    }

    /// What is left of all edges, joined; `None` where it does not close. O(what is left).
    pub fn contours(&self) -> Option<Contours> {
        let mut left: Vec<usize> = self.edges.iter().map(|edge| edge.at()).collect();
        left.sort_unstable();
        let edges: Vec<(Point, Point)> =
            left.iter().map(|&at| (self.points[at], self.points[at + 1])).collect();
        Starts::new(&edges).chained()
    }
}

/// Edges by where they begin.
struct Starts<'e> {
    edges: &'e [(Point, Point)],
    /// A hash table: 1 + the first edge that begins at a place.
    slots: Vec<u32>,
    /// By edge: 1 + the next one that begins at the same place.
    next: Vec<u32>,
}

impl<'e> Starts<'e> {
    fn new(edges: &'e [(Point, Point)]) -> Self {
        let slots = vec![0; (2 * edges.len()).next_power_of_two()];
        let mut starts = Self { edges, slots, next: vec![0; edges.len()] };
        // From the last, so that the first stands first.
        for edge in (0..edges.len()).rev() {
            let slot = starts.slot(edges[edge].0);
            starts.next[edge] = std::mem::replace(&mut starts.slots[slot], edge as u32 + 1);
        }
        starts
    }

    /// The slot of a place.
    fn slot(&self, p: Point) -> usize {
        let mask = self.slots.len() - 1;
        let mut slot = mixed(p).wrapping_mul(0x9e37_79b9_7f4a_7c15) as usize >> 20 & mask;
        while let Some(edge) = self.slots[slot].checked_sub(1) {
            if self.edges[edge as usize].0 == p {
                break;
            }
            slot = (slot + 1) & mask;
        }
        slot
    }

    /// The edges that begin at a place, in order.
    fn at(&self, p: Point) -> impl Iterator<Item = usize> + '_ {
        let first = self.slots[self.slot(p)];
        std::iter::successors(first.checked_sub(1), |edge| self.next[*edge as usize].checked_sub(1))
            .map(|edge| edge as usize)
    }

    /// Edges joined end to end. As many begin at a point as end there, so every walk comes back to where it began; at a
    /// point where several begin, the first of them that is free is taken.
    fn chained(&self) -> Option<Contours> {
        let mut used = vec![false; self.edges.len()];
        let (mut contours, mut knots, mut walk) = (Contours::default(), Vec::new(), Vec::new());
        for first in 0..self.edges.len() {
            if used[first] {
                continue;
            }
            walk.clear();
            let mut edge = first;
            loop {
                used[edge] = true;
                walk.push(self.edges[edge].0);
                let end = self.edges[edge].1;
                let mut group = self.at(end);
                let next = group.find(|&next| !used[next]);
                if self.at(end).nth(1).is_some() {
                    knots.push((end.x, end.y, edge));
                }
                match next {
                    Some(next) => edge = next,
                    None if end == self.edges[first].0 => break,
                    None => return None,
                }
            }
            contours.border.push(walk.iter().copied());
        }
        knots.sort_unstable();
        let same = |a: &(i64, i64, usize), b: &(i64, i64, usize)| (a.0, a.1) == (b.0, b.1);
        contours.tangled = !knots.chunk_by(same).all(|knot| self.alternate(knot));
        Some(contours)
    }

    /// Whether edges that begin and that end at a point follow each other in turn around it.
    fn alternate(&self, knot: &[(i64, i64, usize)]) -> bool {
        let Some(&(x, y, _)) = knot.first() else { return true };
        let at = Point::new(x, y);
        let leaving = self.at(at).map(|edge| (self.edges[edge].1, true));
        let arriving = knot.iter().map(|&(.., edge)| (self.edges[edge].0, false));
        let mut around: Vec<(Local, bool)> =
            leaving.chain(arriving).map(|(p, leaves)| (local(p, at), leaves)).collect();
        around.sort_by(|(a, _), (b, _)| by_angle(*a, *b));
        let next = around.iter().cycle().skip(1);
        around.iter().zip(next).all(|((a, leaves), (b, next_leaves))| {
            leaves != next_leaves && by_angle(*a, *b) != Ordering::Equal
        })
    }
}

/// The order of directions around a point, counter-clockwise from the east.
fn by_angle(a: Local, b: Local) -> Ordering {
    let below = |p: Local| p[1] < 0.0 || p[1] == 0.0 && p[0] < 0.0;
    below(a).cmp(&below(b)).then_with(|| 0.cmp(&side([0.0, 0.0], a, b)))
}

/// A number that tells edges apart, whichever way they run.
fn key(from: u64, to: u64) -> u64 {
    let both = from.wrapping_add(to).wrapping_mul(0x9fb2_1c65_1e98_df25);
    (both ^ (both >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// A number that tells points apart.
fn mixed(p: Point) -> u64 {
    let x = (p.x as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let y = (p.y as u64).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = x.rotate_left(32) ^ y;
    z ^ (z >> 29)
}
