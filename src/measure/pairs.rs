//! Overlaps within a stratum: which patches cover the same ground, and how much of it.
//!
//! Only ground within the zones counts. Identical patches are one group. Pairs are looked for only in tiles where
//! the grounds of a stratum add up to more than their union, so a clean survey costs nothing.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use rstar::{AABB, RTree, RTreeObject};

use crate::geometry::area::AreaSum;
use crate::geometry::grid::{Point, STEPS_PER_UNIT, Shape, units};
use crate::geometry::overlay::{Overlay, Part};
use crate::geometry::tile::Tile;
use crate::measure::tile_sums::{Bench, PatchGround};
use crate::prepare::ZonePiece;

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
    let zones = united_zones(bench, tile, overlay);
    let area = |shape: &Shape, overlay: &mut Overlay| match &zones {
        None => bench.area.quanta(shape, tile),
        Some(zones) => bench.area.quanta(&overlay.intersection(shape, zones), tile),
    };
    let mut same: BTreeMap<u64, Vec<&PatchGround>> = BTreeMap::new();
    for member in members {
        same.entry(bench.patches.patches[member.patch as usize].outline).or_default().push(member);
    }
    let mut firsts = Vec::with_capacity(same.len());
    for group in same.into_values() {
        firsts.push(Boxed(group[0]));
        if group.len() > 1 {
            let area = area(&group[0].shape, overlay);
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
        let area = area(&common, overlay);
        if area != AreaSum::ZERO {
            found.pairs.push(((a.0.patch, b.0.patch), area));
        }
    }
}

/// The zones' ground in a tile; `None` when that is all of it.
fn united_zones(bench: &Bench<'_>, tile: Tile, overlay: &mut Overlay) -> Option<Shape> {
    let pieces = bench.zones.in_tile(tile).iter().map(|(_, piece)| match piece {
        ZonePiece::Whole => None,
        ZonePiece::Part(shape) => Some(shape),
    });
    let parts: Vec<&Shape> = pieces.collect::<Option<_>>()?;
    Some(overlay.union(parts))
}

/// A number that patches with the same rings share, wherever a ring begins and whichever way it is wound: the sum
/// of a hash of every edge.
pub(super) fn outline(parts: &[Part]) -> u64 {
    let hash = |edge: &(bool, [(i64, i64); 2])| {
        let mut hasher = DefaultHasher::new();
        edge.hash(&mut hasher);
        hasher.finish()
    };
    let of_part = |part: &Part| {
        edges(&part.shell, false).chain(edges(&part.holes, true)).map(|e| hash(&e)).collect::<Vec<_>>()
    };
    parts.iter().flat_map(of_part).fold(0, u64::wrapping_add)
}

/// The edges of a shape from the lesser end to the greater, each with whether it belongs to a hole.
fn edges(shape: &Shape, hole: bool) -> impl Iterator<Item = (bool, [(i64, i64); 2])> {
    let ends = shape.rings().flat_map(|ring| ring.iter().zip(ring.iter().cycle().skip(1)));
    let corner = |p: &Point| (p.x, p.y);
    ends.map(move |(a, b)| (corner(a).min(corner(b)), corner(a).max(corner(b))))
        .filter(|(a, b)| a != b)
        .map(move |(a, b)| (hole, [a, b]))
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
