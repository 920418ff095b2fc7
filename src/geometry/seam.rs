//! Seams (接边): edges that neighbours share cancel in pairs; what is left bounds the ground of all together.
//!
//! In: outlines, shells counter-clockwise and holes clockwise. Out: the closed contours that are left, which wind
//! around every place just as often as all outlines do together. A clean survey leaves its outer border and nothing
//! else, so that whether ground is covered twice is found at the cost of that border.
//!
//! O(edges) expected.

use crate::geometry::grid::{Point, Shape};

/// The seams of some outlines, with their buffers.
#[derive(Debug, Default)]
pub struct Seams {
    /// All rings, the first point of each repeated at its end.
    points: Vec<Point>,
    /// By point: what to do with the edge that begins there.
    edges: Vec<Edge>,
    /// Slots of the table: 0 is empty, else 1 + an edge that tells the key.
    slots: Vec<Slot>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Slot {
    tag: u32,
    /// 1 + the edge that was met first with this key; 0 in an empty slot.
    key: u32,
    /// 1 + the edge on top of those without partner; 0 where all are paired. All of them run the same way.
    open: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Edge {
    /// The last point of a ring: no edge begins here.
    End,
    /// It has met its partner, or has no length.
    Gone,
    /// Without partner; below it on the stack lies 1 + another one.
    Open(u32),
}

impl Seams {
    /// Forgets all outlines.
    pub fn clear(&mut self) {
        self.points.clear();
        self.edges.clear();
    }

    /// Adds an outline.
    pub fn add(&mut self, outline: &Shape) {
        outline.rings().for_each(|ring| self.add_ring(ring));
    }

    /// Adds one ring.
    pub fn add_ring(&mut self, ring: &[Point]) {
        let Some(&first) = ring.first() else { return };
        self.points.extend_from_slice(ring);
        self.points.push(first);
        self.edges.resize(self.points.len() - 1, Edge::Gone);
        self.edges.push(Edge::End);
    }

    /// What is left of all edges once those that run against each other have cancelled.
    pub fn contours(&mut self) -> Shape {
        self.cancel();
        let mut whole = Shape::default();
        let mut runs = Vec::new();
        let mut start = 0;
        while start < self.edges.len() {
            let length = self.edges[start..].iter().position(|e| *e == Edge::End).unwrap_or(0);
            self.take_ring(start, length, &mut whole, &mut runs);
            start += length + 1;
        }
        self.chain(runs, &mut whole);
        whole.in_order()
    }

    fn cancel(&mut self) {
        let room = (2 * self.points.len()).next_power_of_two().max(16);
        self.slots.clear();
        self.slots.resize(room, Slot::default());
        let mut hash = 0;
        let mut fresh = true;
        for i in 0..self.edges.len() {
            if fresh {
                hash = mixed(self.points[i]);
            }
            fresh = self.edges[i] == Edge::End;
            if fresh {
                continue;
            }
            let to = mixed(self.points[i + 1]);
            if self.points[i] != self.points[i + 1] {
                self.enter(i, hash.wrapping_add(to));
            }
            hash = to;
        }
    }

    /// Pairs an edge with one that runs against it, or leaves it open.
    fn enter(&mut self, edge: usize, key: u64) {
        let mask = self.slots.len() - 1;
        let tag = key as u32;
        let mut at = (key >> 32) as usize & mask;
        let (a, b) = (self.points[edge], self.points[edge + 1]);
        loop {
            let slot = self.slots[at];
            if slot.key == 0 {
                self.slots[at] = Slot { tag, key: edge as u32 + 1, open: edge as u32 + 1 };
                self.edges[edge] = Edge::Open(0);
                return;
            }
            if slot.tag == tag {
                let known = slot.key as usize - 1;
                let (c, d) = (self.points[known], self.points[known + 1]);
                if (a == c && b == d) || (a == d && b == c) {
                    return self.pair(edge, at);
                }
            }
            at = (at + 1) & mask;
        }
    }

    fn pair(&mut self, edge: usize, at: usize) {
        let slot = &mut self.slots[at];
        let top = slot.open.checked_sub(1).map(|top| top as usize);
        match top {
            Some(top) if self.points[top] != self.points[edge] => {
                let Edge::Open(below) = self.edges[top] else { return };
                slot.open = below;
                self.edges[top] = Edge::Gone;
            }
            _ => {
                self.edges[edge] = Edge::Open(slot.open);
                slot.open = edge as u32 + 1;
            }
        }
    }

    /// Takes a ring whole where all of it is left, else the runs of edges that are left.
    fn take_ring(&self, start: usize, length: usize, whole: &mut Shape, runs: &mut Vec<(usize, usize)>) {
        let edges = &self.edges[start..start + length];
        if edges.iter().all(|e| matches!(e, Edge::Open(_))) {
            return whole.push(self.points[start..start + length].iter().copied());
        }
        let mut from = None;
        for (i, edge) in edges.iter().enumerate() {
            match (edge, from) {
                (Edge::Open(_), None) => from = Some(i),
                (Edge::Gone, Some(first)) => {
                    runs.push((start + first, start + i));
                    from = None;
                }
                _ => {}
            }
        }
        runs.extend(from.map(|first| (start + first, start + length)));
    }

    /// Joins runs end to end. As many begin at a point as end there, so every walk comes back to where it began; at
    /// a point where several begin any will do.
    fn chain(&self, mut runs: Vec<(usize, usize)>, contours: &mut Shape) {
        let place = |p: Point| (p.x, p.y);
        runs.sort_unstable_by_key(|&(from, to)| {
            (place(self.points[from]), place(self.points[from + 1]), place(self.points[to]))
        });
        let starts: Vec<(i64, i64)> = runs.iter().map(|&(from, _)| place(self.points[from])).collect();
        // By the first run that begins at a place: which of those is next.
        let mut used = vec![0u32; runs.len()];
        let mut free = |at: (i64, i64)| {
            let first = starts.partition_point(|s| *s < at);
            let next = first + *used.get(first)? as usize;
            (starts.get(next) == Some(&at)).then(|| {
                used[first] += 1;
                next
            })
        };
        for &start in &starts {
            let mut walk = Vec::new();
            let mut next = free(start);
            while let Some(run) = next {
                let (from, to) = runs[run];
                walk.extend_from_slice(&self.points[from..to]);
                next = free(place(self.points[to]));
            }
            contours.push(walk);
        }
    }
}

/// A number that tells points apart.
pub fn mixed(p: Point) -> u64 {
    let x = (p.x as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let y = (p.y as u64 ^ 0xd1b5_4a32_d192_ed03).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (x ^ (y.rotate_left(32))).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 29)
}
