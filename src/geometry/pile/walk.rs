//! Walks along the outlines of a pile and parts them into what bounds their union and what is covered again.

use crate::geometry::grid::{Point, Shape};
use crate::geometry::pile::marks::Mark;
use crate::geometry::pile::meet::{Pile, Ring};

/// No stretch.
const NONE: u32 = u32::MAX;

/// The edges of some outlines, parted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Parted {
    /// What bounds their union: winds once around all that is covered.
    pub union: Shape,
    /// Winds around every place as often as it is covered beyond the first time.
    pub again: Shape,
}

/// A stretch of a ring between two crossings.
#[derive(Debug, Clone, Copy)]
struct Stretch {
    ring: u32,
    from: Mark,
    to: Mark,
}

/// Stretches of one kind, and by crossing the one that begins and the one that ends there.
#[derive(Debug, Default)]
struct Kind {
    stretches: Vec<Stretch>,
    begins: Vec<u32>,
    whole: Shape,
}

impl Pile {
    /// Parts the edges of some of the outlines; `None` where stretches do not join. O(their edges and crossings).
    pub fn parted(&self, some: &[u32]) -> Option<Parted> {
        let mut chosen = vec![false; self.outlines.len()];
        some.iter().for_each(|&i| chosen[i as usize] = true);
        let among = |outline: u32| chosen[outline as usize];
        let kind = || Kind { begins: vec![NONE; self.crossings.len()], ..Kind::default() };
        let (mut union, mut again) = (kind(), kind());
        for outline in some.iter().map(|&i| self.outlines[i as usize]) {
            for r in outline.first_ring..outline.end_ring {
                self.part_ring(r, &self.rings[r as usize], &among, &mut union, &mut again)?;
            }
        }
        Some(Parted { union: self.joined(union)?, again: self.joined(again)? })
    }

    /// Parts one ring where the number of others around it rises from nought or falls to nought.
    fn part_ring(
        &self,
        r: u32,
        ring: &Ring,
        among: &impl Fn(u32) -> bool,
        union: &mut Kind,
        again: &mut Kind,
    ) -> Option<()> {
        let mut depth = self.inside_of(r).iter().filter(|(_, other)| among(*other)).count() as i32;
        let began = depth;
        // The first change, and the last one so far: what lies between is told when the next is met.
        let (mut first, mut last): (Option<Mark>, Option<Mark>) = (None, None);
        for mark in &self.marks[ring.marks.0 as usize..ring.marks.1 as usize] {
            if !among(mark.other) {
                continue;
            }
            let before = depth;
            depth += if mark.enters { 1 } else { -1 };
            if depth < 0 {
                return None;
            }
            if (before == 0) != (depth == 0) {
                let kind = if before == 0 { &mut *union } else { &mut *again };
                if let Some(last) = last {
                    kind.push(Stretch { ring: r, from: last, to: *mark })?;
                }
                first.get_or_insert(*mark);
                last = Some(*mark);
            }
        }
        if depth != began {
            return None;
        }
        let kind = if depth == 0 { union } else { again };
        match (last, first) {
            (Some(last), Some(first)) => kind.push(Stretch { ring: r, from: last, to: first }),
            _ => {
                kind.whole.push(self.corners(ring.start..ring.end));
                Some(())
            }
        }
    }

    /// Joins stretches end to end into rings; `None` where some have no end to join to.
    fn joined(&self, kind: Kind) -> Option<Shape> {
        let Kind { stretches, begins, mut whole, .. } = kind;
        let mut used = vec![false; stretches.len()];
        let points = stretches.iter().map(|stretch| self.most_points(stretch)).sum();
        let mut walk: Vec<Point> = Vec::with_capacity(points);
        whole.reserve(points);
        for start in 0..stretches.len() {
            let mut at = start;
            while !used[at] {
                used[at] = true;
                self.append(&stretches[at], &mut walk);
                at = begins[stretches[at].to.crossing as usize] as usize;
                if at >= stretches.len() {
                    return None;
                }
            }
            if !walk.is_empty() && at != start {
                return None;
            }
            whole.push_distinct(walk.drain(..));
        }
        Some(whole)
    }

    /// How many points a stretch has at most, its end not counted.
    fn most_points(&self, stretch: &Stretch) -> usize {
        let (from, to) = (stretch.from.edge, stretch.to.edge);
        let ring = &self.rings[stretch.ring as usize];
        let edges = if from < to { to - from } else { ring.end - from + to - ring.start };
        edges as usize + 1
    }

    /// Adds the points of a stretch but for its end.
    fn append(&self, stretch: &Stretch, walk: &mut Vec<Point>) {
        let (from, to) = (&stretch.from, &stretch.to);
        walk.push(self.crossings[from.crossing as usize].at);
        let ring = self.rings[stretch.ring as usize];
        if from.edge < to.edge {
            walk.extend(self.corners(from.edge + 1..to.edge + 1));
        } else if from.edge > to.edge || !from.before(to) {
            walk.extend(self.corners(from.edge + 1..ring.end));
            walk.extend(self.corners(ring.start..to.edge + 1));
        }
    }

    fn corners(&self, edges: std::ops::Range<u32>) -> impl Iterator<Item = Point> + '_ {
        let places = &self.places[edges.start as usize..edges.end as usize];
        places.iter().map(|p| Point::new(self.corner.x + p[0] as i64, self.corner.y + p[1] as i64))
    }
}

impl Kind {
    /// Takes a stretch; `None` where another begins at the same crossing.
    fn push(&mut self, stretch: Stretch) -> Option<()> {
        let begins = &mut self.begins[stretch.from.crossing as usize];
        if *begins != NONE {
            return None;
        }
        *begins = self.stretches.len() as u32;
        self.stretches.push(stretch);
        Some(())
    }
}
