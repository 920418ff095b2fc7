//! What each patch loses in one tile to those of its class that stand before it in the file.
//!
//! The patches of a class are taken one by one; what the excess of the class grows by is what the next one loses. The
//! last excess is the one that the class itself has in the tile, found in the same way, so that what is lost adds up
//! to it exactly. That is O(p²) for p patches of a class that share ground in the tile; where they are many, each is
//! laid over the union of those before it instead, and the last takes what that rounds otherwise than the table does.

use std::collections::{BTreeMap, BTreeSet};

use crate::geometry::area::AreaSum;
use crate::geometry::grid::Shape;
use crate::measure::heap::PatchKey;
use crate::measure::tile_sums::{ByZone, Heaped, Here, Work};
use crate::measure::trail::Entry;

/// Outlines of a class in a tile of which each is taken with all before it.
const FEW: usize = 256;

/// A patch that shares ground, and the group of its outline.
type Sharing<'h> = (PatchKey, u32, &'h Here<'h>);

impl Work<'_, '_> {
    /// Records it for all classes of a heap.
    pub(super) fn record_lost(&mut self, heap: &Heaped<'_>) {
        let mut grounds: BTreeMap<usize, Vec<Sharing<'_>>> = BTreeMap::new();
        for group in heap.sharing() {
            for here in heap.group(group) {
                let of_ground = grounds.entry(here.member.ground).or_default();
                of_ground.push((here.member.piece.key, group, *here));
            }
        }
        for mut members in grounds.into_values().filter(|members| members.len() > 1) {
            members.sort_unstable_by_key(|(key, group, _)| (*key, *group));
            self.record_lost_of(heap, &members);
        }
    }

    /// Of one class, in file order.
    fn record_lost_of(&mut self, heap: &Heaped<'_>, members: &[Sharing<'_>]) {
        let outlines: BTreeSet<u32> = members.iter().map(|(_, group, _)| *group).collect();
        let (mut groups, mut before, mut union) = (BTreeSet::new(), BTreeMap::new(), Shape::default());
        for (_, group, here) in members {
            if groups.contains(group) {
                // A copy loses all of itself.
                let whole = self.shares(heap.shape(*group));
                self.record(here, whole);
                continue;
            }
            let meets = heap.meets(*group, &groups);
            groups.insert(*group);
            let last = groups.len() == outlines.len();
            if outlines.len() > FEW && !last {
                let lost = self.lay_over(&mut union, heap.shape(*group));
                lost.iter().for_each(|(zone, area)| *before.entry(*zone).or_default() += *area);
                self.record(here, lost);
                continue;
            }
            // Ground that meets none before it adds nothing; the last takes what rounding left.
            if meets || last {
                let some: Vec<(u32, usize)> = groups.iter().map(|&group| (group, 1)).collect();
                let now: BTreeMap<u32, AreaSum> = self.excess(heap, &some).into_iter().collect();
                self.record(here, grown(&before, &now));
                before = now;
            }
        }
    }

    /// By zone: what a shape loses to a union, which then holds it, too.
    fn lay_over(&mut self, union: &mut Shape, shape: &Shape) -> ByZone {
        let mut lost: BTreeMap<u32, AreaSum> = self.shares(union).into_iter().collect();
        for (zone, area) in self.shares(shape) {
            *lost.entry(zone).or_default() += area;
        }
        *union = self.tools.overlay.union([&*union, shape]);
        grown(&self.shares(union).into_iter().collect(), &lost)
    }

    fn record(&mut self, here: &Here<'_>, lost: ByZone) {
        let piece = &here.member.piece;
        for (zone, lost) in lost {
            if lost != AreaSum::ZERO && self.sums.zones.contains_key(&zone) {
                let (patch, value, id) = (piece.key, piece.value, piece.id());
                self.sums.lost.push(Entry { patch, zone, value, id, gross: AreaSum::ZERO, lost });
            }
        }
    }
}

impl Heaped<'_> {
    /// Whether a group shares ground with any of some others.
    fn meets(&self, group: u32, others: &BTreeSet<u32>) -> bool {
        let with =
            |(a, b): (u32, u32)| a == group && others.contains(&b) || b == group && others.contains(&a);
        self.shared.as_ref().is_none_or(|shared| shared.iter().any(|s| with(s.outlines)))
    }
}

/// By zone: by how much one excess is more than another.
fn grown(before: &BTreeMap<u32, AreaSum>, now: &BTreeMap<u32, AreaSum>) -> ByZone {
    let mut grown = now.clone();
    before.iter().for_each(|(zone, area)| *grown.entry(*zone).or_default() += -*area);
    grown.into_iter().collect()
}
