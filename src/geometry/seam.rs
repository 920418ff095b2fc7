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
//! Edges are known by 64 bits of hash. Were two taken for one another, their true partners would be left, and would not
//! close to contours; that is noticed.

use std::cmp::Ordering;

use crate::geometry::grid::{Point, Shape};
use crate::geometry::side::{Local, local, side};

/// Bits of the hash that one pass sorts by, and how many passes there are: edges that agree in all these bits are few.
const DIGIT_BITS: usize = 8;
const PASSES: usize = 3;
/// One edge of so many is tried before all are sorted.
const SAMPLE: u64 = 16;
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

/// An edge as far as it is told from others.
#[derive(Debug, Clone, Copy, Default)]
struct Edge {
    hash: u64,
    /// Where it begins among the points.
    at: u32,
    /// 1 where it runs eastward, -1 where it runs westward.
    way: i32,
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
    /// Forgets all outlines.
    pub fn clear(&mut self) {
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
            let (a, b) = (edge[0], edge[1]);
            Edge { hash, at, way: i32::from((a.x, a.y) < (b.x, b.y)) - i32::from((b.x, b.y) < (a.x, a.y)) }
        }));
    }

    /// How many edges there were when they were cancelled.
    pub fn entered(&self) -> usize {
        self.entered
    }

    /// Cancels edges that run against each other; how many are left. A trial of some tells first whether it pays:
    /// `None` where fewer than one in ten has a partner.
    pub fn cancel(&mut self) -> Option<usize> {
        self.entered = self.edges.len();
        if self.entered >= TRIED {
            let all = std::mem::take(&mut self.edges);
            self.edges.extend(all.iter().filter(|edge| edge.hash % SAMPLE == 0));
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
            let digit = |edge: &Edge| (edge.hash >> (64 - DIGIT_BITS * (PASSES - pass))) as usize & DIGITS;
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
        let bits = 64 - DIGIT_BITS * PASSES;
        let (mut kept, mut i) = (0, 0);
        while i < self.edges.len() {
            let alike = |edge: &Edge| edge.hash >> bits == self.edges[i].hash >> bits;
            let end =
                i + self.edges[i..].iter().position(|edge| !alike(edge)).unwrap_or(self.edges.len() - i);
            if let [a, b] = &self.edges[i..end]
                && a.hash == b.hash
                && a.way + b.way == 0
            {
                i = end;
                continue;
            }
            let group = &mut self.edges[i..end];
            group.sort_unstable_by_key(|edge| edge.hash);
            let mut from = i;
            while from < end {
                let same =
                    self.edges[from..end].iter().take_while(|e| e.hash == self.edges[from].hash).count();
                let sum: i32 = self.edges[from..from + same].iter().map(|edge| edge.way).sum();
                // Which of those that run one way stay does not matter: they lie on one another.
                let stays = (from..from + same).find(|&k| self.edges[k].way == sum.signum());
                let stays = stays.map(|k| self.edges[k]);
                for edge in
                    stays.iter().cycle().take(if stays.is_some() { sum.unsigned_abs() as usize } else { 0 })
                {
                    self.edges[kept] = *edge;
                    kept += 1;
                }
                from += same;
            }
            i = end;
        }
        self.edges.truncate(kept);
    }

    /// What is left of all edges, joined; `None` where it does not close. O(what is left, sorted).
    pub fn contours(&self) -> Option<Contours> {
        let place = |p: Point| (p.x, p.y);
        let ends = |edge: &Edge| (self.points[edge.at as usize], self.points[edge.at as usize + 1]);
        let mut edges: Vec<(Point, Point)> = self.edges.iter().map(ends).collect();
        edges.sort_unstable_by_key(|(from, to)| (place(*from), place(*to)));
        chained(&edges)
    }
}

/// Edges joined end to end; they are sorted by where they begin. As many begin at a point as end there, so every walk
/// comes back to where it began; at a point where several begin, the first of them that is free is taken.
fn chained(edges: &[(Point, Point)]) -> Option<Contours> {
    let starts = Starts { edges };
    // By the first edge that begins at a place: how many of those are used.
    let mut used = vec![0u32; edges.len()];
    let mut free = |first: usize, at: Point| {
        let next = first + *used.get(first)? as usize;
        (edges.get(next)?.0 == at).then(|| {
            used[first] += 1;
            next
        })
    };
    let (mut contours, mut knots) = (Contours::default(), Vec::new());
    let (mut first, mut walk) = (0, Vec::new());
    for (i, (start, _)) in edges.iter().enumerate() {
        if edges[first].0 != *start {
            first = i;
        }
        walk.clear();
        let mut next = free(first, *start);
        let mut end = *start;
        while let Some(edge) = next {
            walk.push(edges[edge].0);
            end = edges[edge].1;
            let group = starts.first_from(end);
            if edges.get(group + 1).is_some_and(|(from, _)| *from == end) {
                knots.push((group, edge));
            }
            next = free(group, end);
        }
        if end != *start {
            return None;
        }
        contours.border.push(walk.iter().copied());
    }
    knots.sort_unstable();
    contours.tangled = !knots.chunk_by(|a, b| a.0 == b.0).all(|knot| starts.alternate(knot));
    Some(contours)
}

/// Edges in the order of where they begin.
struct Starts<'e> {
    edges: &'e [(Point, Point)],
}

impl Starts<'_> {
    fn first_from(&self, p: Point) -> usize {
        self.edges.partition_point(|(from, _)| (from.x, from.y) < (p.x, p.y))
    }

    /// Whether edges that begin and that end at a point follow each other in turn around it. `knot` holds the first
    /// that begins there with each that ends there.
    fn alternate(&self, knot: &[(usize, usize)]) -> bool {
        let Some(&(group, _)) = knot.first() else { return true };
        let at = self.edges[group].0;
        let leaving =
            self.edges[group..].iter().take_while(|(from, _)| *from == at).map(|(_, to)| (*to, true));
        let arriving = knot.iter().map(|&(_, edge)| (self.edges[edge].0, false));
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
