//! The order of crossings along each ring, and in which other outlines it begins.

use std::cmp::Ordering;

use crate::geometry::pile::meet::{Pile, Ring};
use crate::geometry::pile::moved::{Shift, moved_side, side_of_moved};

/// Crossings nearer than this on an edge, in parts of it, may stand in the wrong order.
const NEAR: f64 = 1e-9;

#[derive(Debug, Clone, Copy)]
pub(super) struct Mark {
    pub edge: u32,
    /// How far along the edge, from 0 to 1.
    pub along: f64,
    /// The edge that crosses it.
    pub by: u32,
    pub crossing: u32,
    /// Its place among all marks.
    pub rank: u32,
    /// The other outline.
    pub other: u32,
    /// Whether the other is entered here.
    pub enters: bool,
}

impl Mark {
    /// Whether it stands before another of its ring.
    pub(super) fn before(&self, other: &Self) -> bool {
        self.rank < other.rank
    }

    /// Whether two crossings are so near on one edge that floating point may take one for the other.
    fn is_near(&self, other: &Self) -> bool {
        self.edge == other.edge && (self.along - other.along).abs() < NEAR
    }
}

impl Pile {
    pub(super) fn sort_marks(&mut self) {
        let mut marks = std::mem::take(&mut self.marks);
        marks.sort_unstable_by(|a, b| a.edge.cmp(&b.edge).then(a.along.total_cmp(&b.along)));
        let same_place = |a: &Mark, b: &Mark| a.edge == b.edge && a.along == b.along;
        let mut mark = 0;
        for r in 0..self.rings.len() {
            let (first, ring) = (mark, self.rings[r]);
            while marks.get(mark).is_some_and(|m| m.edge < ring.end) {
                mark += 1;
            }
            self.rings[r].marks = (first as u32, mark as u32);
            for tied in marks[first..mark].chunk_by_mut(same_place).filter(|tied| tied.len() > 1) {
                tied.sort_unstable_by(|a, b| self.moved_order(a, b, ring.outline));
            }
        }
        self.marks = marks;
    }

    /// The order of two crossings at one place of an edge of `own`, from how outlines are moved: a later one farther
    /// than all before it.
    fn moved_order(&self, a: &Mark, b: &Mark, own: u32) -> Ordering {
        let (shift_a, shift_b) = (self.shift(a), self.shift(b));
        let by_shift = shift_a.order(&shift_b);
        if a.other == b.other {
            return if a.other > own { by_shift } else { by_shift.reverse() };
        }
        let (later, order) = if a.other > b.other {
            ((a, shift_a), Ordering::Greater)
        } else {
            ((b, shift_b), Ordering::Less)
        };
        let later_goes = || if later.1.goes_on() { order } else { order.reverse() };
        // Both that stand before `own` are left behind alike.
        if later.0.other > own { later_goes() } else { by_shift.reverse().then_with(later_goes) }
    }

    fn shift(&self, mark: &Mark) -> Shift {
        let way = |edge: u32| {
            let (a, b) = (self.places[edge as usize], self.places[self.next[edge as usize] as usize]);
            [b[0] - a[0], b[1] - a[1]]
        };
        let (along, across) = (way(mark.edge), way(mark.by));
        Shift::new(along, across)
    }

    /// Finds in which others each ring begins: told by the first crossing with it, else by where a point lies. `false`
    /// where crossings contradict each other.
    pub(super) fn find_inside(&mut self) -> bool {
        // Others that the ring has met, and whether it is in them now.
        let mut met: Vec<(u32, bool)> = Vec::new();
        for r in 0..self.rings.len() {
            met.clear();
            if !self.follow_marks(r as u32, &mut met) {
                return false;
            }
            let ring = self.rings[r];
            let holds = |other: &u32| self.outlines[*other as usize].around.holds(&ring.around);
            let unmet = |other: &u32| !met.iter().any(|(m, _)| m == other);
            let around = self.neighbours(ring.outline).filter(holds).filter(unmet);
            let around =
                around.filter(|other| self.begins_inside(&ring, *other)).map(|other| (r as u32, other));
            let around: Vec<(u32, u32)> = around.collect();
            self.inside.extend(around);
        }
        self.inside.sort_unstable();
        true
    }

    /// Follows a ring from crossing to crossing. Another outline is entered and left in turn; where the next crossing
    /// with it says otherwise, one as near as floating point can tell must come first.
    fn follow_marks(&mut self, r: u32, met: &mut Vec<(u32, bool)>) -> bool {
        let ring = self.rings[r as usize];
        let (first, end) = (ring.marks.0 as usize, ring.marks.1 as usize);
        for m in first..end {
            let mark = self.marks[m];
            let near = self.marks[m + 1..end].iter().take_while(|next| next.is_near(&mark));
            let twin =
                near.enumerate().find(|(_, next)| next.other == mark.other).map(|(ahead, _)| m + 1 + ahead);
            let at = met.iter().position(|(other, _)| *other == mark.other).unwrap_or_else(|| {
                let within =
                    if twin.is_some() { self.begins_inside(&ring, mark.other) } else { !mark.enters };
                if within {
                    self.inside.push((r, mark.other));
                }
                met.push((mark.other, within));
                met.len() - 1
            });
            if met[at].1 == mark.enters {
                match twin {
                    Some(twin) if self.marks[twin].enters != mark.enters => self.marks.swap(m, twin),
                    _ => return false,
                }
            }
            met[at].1 = self.marks[m].enters;
        }
        true
    }

    /// Whether a ring that crosses nothing of another outline lies in it.
    fn begins_inside(&self, ring: &Ring, other: u32) -> bool {
        let p = self.places[ring.start as usize];
        let later = other > ring.outline;
        let outline = self.outlines[other as usize];
        let rings = &self.rings[outline.first_ring as usize..outline.end_ring as usize];
        let mut turns = 0;
        for edge in rings.iter().flat_map(|ring| ring.start..ring.end) {
            let (c, d) = (self.places[edge as usize], self.places[self.next[edge as usize] as usize]);
            // The later one is moved to the north, if by less than to the east.
            let below = |y: f64| if later { y < p[1] } else { y <= p[1] };
            if below(c[1]) != below(d[1]) {
                let side = if later { side_of_moved(c, d, p) } else { moved_side(c, d, p) };
                turns += i32::from(below(c[1]) && side > 0) - i32::from(below(d[1]) && side < 0);
            }
        }
        turns != 0
    }
}
