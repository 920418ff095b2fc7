//! What two outlines of a pile share, summed along their stretches inside each other.

use crate::geometry::common::FirstMoments;
use crate::geometry::pile::marks::Mark;
use crate::geometry::pile::meet::{Pile, Ring, in_units};
use crate::geometry::side::local;

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shared {
    /// The outlines, by index, the earlier first.
    pub outlines: (u32, u32),
    /// Moments.
    pub moments: FirstMoments,
}

impl Pile {
    /// What each two outlines share, where they do, by outlines.
    pub fn shared(&self) -> Vec<Shared> {
        let mut sums = vec![FirstMoments::default(); self.near.len()];
        let (mut open, mut ended) = (Vec::new(), Vec::new());
        for (r, ring) in self.rings.iter().enumerate() {
            let mut add = |other: u32, moments: FirstMoments| {
                let pair = (ring.outline.min(other), ring.outline.max(other));
                if let Ok(at) = self.near.binary_search(&pair) {
                    sums[at].add(moments);
                }
            };
            open.clear();
            ended.clear();
            open.extend(self.inside_of(r as u32).iter().map(|&(_, other)| (other, None)));
            for mark in &self.marks[ring.marks.0 as usize..ring.marks.1 as usize] {
                if mark.enters {
                    open.push((mark.other, Some(*mark)));
                } else if let Some(at) = open.iter().position(|(other, _)| *other == mark.other) {
                    match open.swap_remove(at).1 {
                        Some(entered) => add(mark.other, self.stretch(ring, &entered, mark)),
                        None => ended.push(*mark),
                    }
                }
            }
            // What is open now goes on over the ring's beginning.
            for (other, entered) in open.drain(..) {
                let left = ended.iter().find(|left| left.other == other);
                match (entered, left) {
                    (Some(entered), Some(left)) => add(other, self.stretch(ring, &entered, left)),
                    (None, None) => add(other, ring.total),
                    // Entered and left in turn, it cannot be one without the other.
                    _ => {}
                }
            }
        }
        let shared = self.near.iter().zip(sums).filter(|(_, moments)| moments.one != 0.0);
        shared.map(|(&outlines, moments)| Shared { outlines, moments }).collect()
    }

    /// Moments of the triangles between the corner and a ring from one mark to another.
    fn stretch(&self, ring: &Ring, from: &Mark, to: &Mark) -> FirstMoments {
        let place = |mark: &Mark| in_units(local(self.crossings[mark.crossing as usize].at, self.corner));
        let (begin, end) = (place(from), place(to));
        let mut sum = FirstMoments::default();
        let ahead = from.before(to);
        if ahead && from.edge == to.edge {
            sum.add_triangle(begin, end);
            return sum;
        }
        let after = self.next[from.edge as usize] as usize;
        sum.add_triangle(begin, in_units(self.places[after]));
        sum.add_triangle(in_units(self.places[to.edge as usize]), end);
        sum.add(self.sums[to.edge as usize]);
        sum.take(self.sums[after]);
        // Beyond the last edge the sums begin again at nought.
        if !ahead && after != ring.start as usize {
            sum.add(ring.total);
        }
        sum
    }
}
