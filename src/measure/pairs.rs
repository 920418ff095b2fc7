//! Overlaps within a stratum: which patches cover the same ground, and how much of it.
//!
//! Identical patches are one group. Pairs are looked for only in tiles where the grounds of a stratum add up to
//! more than their union, so a clean survey costs nothing.

use std::collections::BTreeMap;

use rstar::{AABB, RTree, RTreeObject};

use crate::geometry::area::AreaSum;
use crate::geometry::grid::{Point, STEPS_PER_UNIT, Shape, units};
use crate::geometry::overlay::Overlay;
use crate::geometry::tile::Tile;
use crate::measure::tile_sums::{Bench, PatchGround};

/// Two patches share ground worth a word when it exceeds this many square metres.
pub const OVERLAP_WORTH_SAYING_M2: f64 = 0.01;

/// Most pairs looked at in one tile; what is beyond is counted by area only and said so.
const MOST_PAIRS_IN_TILE: usize = 200_000;

/// What one tile says of overlaps.
#[derive(Debug, Default)]
pub(super) struct TilePairs {
    /// Pairs of patches with the ground they share here.
    pub pairs: Vec<((u32, u32), AreaSum)>,
    /// Groups of patches with one and the same ground here, by first member, with that ground.
    pub identical: Vec<(Vec<u32>, AreaSum)>,
    /// Whether there were more pairs than could be looked at.
    pub cut_short: bool,
}

/// Looks for overlaps in a tile, stratum by stratum.
pub(super) fn in_tile(
    bench: &Bench<'_>,
    tile: Tile,
    grounds: &[PatchGround],
    unions: &[Shape],
    overlay: &mut Overlay,
) -> TilePairs {
    let mut found = TilePairs::default();
    for (stratum, union) in unions.iter().enumerate() {
        let members: Vec<&PatchGround> =
            grounds.iter().filter(|p| bench.plan.stratum_of(p.ground) == stratum).collect();
        let gross: i128 = members.iter().map(|p| p.shape.doubled_area()).sum();
        let shared_m2 = (gross - union.doubled_area()) as f64 / 2.0 / STEPS_PER_UNIT / STEPS_PER_UNIT;
        if shared_m2 > OVERLAP_WORTH_SAYING_M2 / 2.0 {
            look_for_pairs(bench, tile, &members, overlay, &mut found);
        }
    }
    found
}

fn look_for_pairs(
    bench: &Bench<'_>,
    tile: Tile,
    members: &[&PatchGround],
    overlay: &mut Overlay,
    found: &mut TilePairs,
) {
    let mut same: BTreeMap<Vec<Edge>, Vec<&PatchGround>> = BTreeMap::new();
    for member in members {
        same.entry(outline(&member.shape)).or_default().push(member);
    }
    let mut firsts = Vec::with_capacity(same.len());
    for group in same.into_values() {
        firsts.push(Boxed(group[0]));
        if group.len() > 1 {
            let area = bench.area.quanta(&group[0].shape, tile);
            found.identical.push((group.iter().map(|p| p.patch).collect(), area));
        }
    }
    let tree = RTree::bulk_load(firsts);
    let mut looked_at = 0;
    for (a, b) in tree.intersection_candidates_with_other_tree(&tree) {
        if a.0.patch >= b.0.patch {
            continue;
        }
        looked_at += 1;
        if looked_at > MOST_PAIRS_IN_TILE {
            found.cut_short = true;
            return;
        }
        let common = overlay.intersection(&a.0.shape, &b.0.shape);
        let area = bench.area.quanta(&common, tile);
        if area != AreaSum::ZERO {
            found.pairs.push(((a.0.patch, b.0.patch), area));
        }
    }
}

/// From corner to corner.
type Edge = [(i64, i64); 2];

/// The edges of a clean shape in an order that does not depend on where its rings begin. Corners alone would not
/// do: a dart that points east may have the corners of one that points west.
fn outline(shape: &Shape) -> Vec<Edge> {
    let corner = |p: Point| (p.x, p.y);
    let edges = |ring: &[Point]| {
        let next = ring.iter().cycle().skip(1);
        ring.iter().zip(next).map(|(a, b)| [corner(*a), corner(*b)]).collect::<Vec<_>>()
    };
    let mut edges: Vec<Edge> = shape.rings().flat_map(edges).collect();
    edges.sort_unstable();
    edges
}

struct Boxed<'a>(&'a PatchGround);

impl RTreeObject for Boxed<'_> {
    type Envelope = AABB<[f64; 2]>;
    fn envelope(&self) -> Self::Envelope {
        let corner = |p: Point| [units(p.x), units(p.y)];
        self.0
            .shape
            .bounds()
            .map_or(AABB::from_point([0.0, 0.0]), |b| AABB::from_corners(corner(b.low), corner(b.high)))
    }
}

/// The overlaps of a run.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Overlaps {
    /// The largest pairs, largest first, by patch index.
    pub pairs: Vec<Pair>,
    /// How many further pairs there are.
    pub more: u64,
    /// Groups of identical patches, largest ground first.
    pub identical: Vec<Identical>,
    /// Whether some tile had more pairs than could be looked at, so that the list is not complete.
    pub cut_short: bool,
}

/// Two patches that cover the same ground.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pair {
    /// The patches, by index.
    pub patches: (u32, u32),
    /// The ground they share.
    pub shared: AreaSum,
}

/// Patches with one and the same ground.
#[derive(Debug, Clone, PartialEq)]
pub struct Identical {
    /// The patches, by index.
    pub patches: Vec<u32>,
    /// The ground.
    pub ground: AreaSum,
}

/// Adds up what the tiles say. A pair or group that reaches several tiles is one.
pub(super) fn add_up(tiles: impl IntoIterator<Item = TilePairs>, most: usize) -> Overlaps {
    let (mut pairs, mut identical) = (BTreeMap::new(), BTreeMap::new());
    let mut cut_short = false;
    for tile in tiles {
        cut_short |= tile.cut_short;
        for (patches, shared) in tile.pairs {
            *pairs.entry(patches).or_insert(AreaSum::ZERO) += shared;
        }
        for (patches, ground) in tile.identical {
            *identical.entry(patches).or_insert(AreaSum::ZERO) += ground;
        }
    }
    let worth = |area: &AreaSum| area.area().ellipsoid.0 > OVERLAP_WORTH_SAYING_M2;
    let mut pairs: Vec<Pair> = pairs
        .into_iter()
        .filter(|(_, a)| worth(a))
        .map(|(patches, shared)| Pair { patches, shared })
        .collect();
    pairs.sort_by_key(|pair| (-pair.shared.ellipsoid, pair.patches));
    let more = pairs.len().saturating_sub(most) as u64;
    pairs.truncate(most);
    let mut identical: Vec<Identical> = identical
        .into_iter()
        .filter(|(_, a)| worth(a))
        .map(|(patches, ground)| Identical { patches, ground })
        .collect();
    identical.sort_by(|a, b| b.ground.ellipsoid.cmp(&a.ground.ellipsoid).then(a.patches.cmp(&b.patches)));
    Overlaps { pairs, more, identical, cut_short }
}
