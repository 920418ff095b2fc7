//! Which patches of a tile share ground with another, measured without building what they share.

use std::collections::BTreeSet;

use rstar::{AABB, RTree, RTreeObject};

use crate::geometry::common::{common, edges};
use crate::geometry::grid::{Point, Shape, units};
use crate::geometry::tile::Tile;
use crate::measure::tile_sums::Member;

/// Two patches that share less than this (square units) are neighbours whose borders were rounded: 0.1 mm².
const ROUNDING: f64 = 1e-10;
/// So many pairs of neighbours are compared in a tile; where there are more, all its patches are taken.
const MOST_PAIRS: usize = 20_000;

/// The patches, by index among all, that share ground with another of the same; `None` where there are too many
/// pairs to compare. O(pairs of neighbours x their edges).
pub(super) fn overlapping(tile: Tile, members: &[usize], all: &[Member<'_>]) -> Option<BTreeSet<usize>> {
    let corner = tile.bounds().low;
    let tree = RTree::bulk_load(members.iter().map(|&i| Boxed(i, &all[i].shape)).collect());
    let mut found = BTreeSet::new();
    let (mut one, mut other, mut pairs) = (Vec::new(), Vec::new(), 0);
    for &i in members {
        edges(&all[i].shape, corner, &mut one);
        for near in tree.locate_in_envelope_intersecting(&Boxed(i, &all[i].shape).envelope()) {
            if near.0 <= i || found.contains(&i) && found.contains(&near.0) {
                continue;
            }
            pairs += 1;
            if pairs > MOST_PAIRS {
                return None;
            }
            edges(near.1, corner, &mut other);
            if common(&one, &other).one > ROUNDING {
                found.extend([i, near.0]);
            }
        }
    }
    Some(found)
}

/// A patch with the box around it.
pub(super) struct Boxed<'a>(pub usize, pub &'a Shape);

impl RTreeObject for Boxed<'_> {
    type Envelope = AABB<[f64; 2]>;
    fn envelope(&self) -> Self::Envelope {
        let corner = |p: Point| [units(p.x), units(p.y)];
        let bounds = self.1.bounds();
        bounds.map_or(AABB::from_point([0.0, 0.0]), |b| AABB::from_corners(corner(b.low), corner(b.high)))
    }
}
