//! Overlaps within a stratum: which patches cover the same ground, and how much of it.
//!
//! Only ground within the zones counts. Identical patches are one group. Pairs are looked for only at places where
//! ground is covered twice, so a clean survey costs nothing.

use std::collections::BTreeMap;

use rstar::RTree;
use serde::{Deserialize, Serialize};

use crate::geometry::area::AreaSum;
use crate::geometry::grid::Shape;
use crate::geometry::tile::Tile;
use crate::measure::heap::PatchKey;
use crate::measure::near::Boxed;
use crate::measure::tile_sums::{Bench, Member, Tools};
use crate::prepare::ZonePiece;

/// Two patches share ground worth a word when it exceeds this many square metres.
pub const OVERLAP_WORTH_SAYING_M2: f64 = 0.01;

/// Most pairs looked at in one tile; what is beyond is counted by area only and said so.
const MOST_PAIRS_IN_TILE: usize = 200_000;

/// A patch as people know it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Name {
    /// Its number; numbers follow file order.
    pub patch: PatchKey,
    /// The identifier that people find it by.
    pub id: Box<str>,
}

/// What one tile says of overlaps.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct TilePairs {
    /// Pairs of patches with the ground they share here.
    pub pairs: Vec<((Name, Name), AreaSum)>,
    /// Groups of patches with one and the same ground here, with that ground.
    pub identical: Vec<(Vec<Name>, AreaSum)>,
    /// Whether there were more pairs than could be looked at.
    pub cut_short: bool,
}

impl TilePairs {
    pub(super) fn join(&mut self, other: Self) {
        self.pairs.extend(other.pairs);
        self.identical.extend(other.identical);
        self.cut_short |= other.cut_short;
    }
}

/// Looks for overlaps among the patches at places that are covered twice.
pub(super) fn in_tile(
    bench: &Bench<'_>,
    tile: Tile,
    members: &[usize],
    all: &[Member<'_>],
    tools: &mut Tools,
) -> TilePairs {
    let mut found = TilePairs::default();
    let zones = united_zones(bench, tile, tools);
    let area = |shape: &Shape, tools: &mut Tools| match &zones {
        None => bench.area.quanta(shape, tile),
        Some(zones) => bench.area.quanta(&tools.overlay.intersection(shape, zones), tile),
    };
    let name = |i: usize| Name { patch: all[i].piece.key, id: all[i].piece.id() };
    let mut same: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
    members.iter().for_each(|&i| same.entry(all[i].piece.outline).or_default().push(i));
    let mut firsts = Vec::with_capacity(same.len());
    for group in same.into_values() {
        firsts.push(Boxed(group[0], &all[group[0]].shape));
        if group.len() > 1 {
            let area = area(&all[group[0]].shape, tools);
            found.identical.push((group.into_iter().map(name).collect(), area));
        }
    }
    let tree = RTree::bulk_load(firsts);
    let mut looked_at = 0;
    for (a, b) in tree.intersection_candidates_with_other_tree(&tree) {
        if a.0 >= b.0 {
            continue;
        }
        looked_at += 1;
        if looked_at > MOST_PAIRS_IN_TILE {
            found.cut_short = true;
            break;
        }
        let common = tools.overlay.intersection(a.1, b.1);
        let area = area(&common, tools);
        if area != AreaSum::ZERO {
            found.pairs.push(((name(a.0), name(b.0)), area));
        }
    }
    found
}

/// The zones' ground in a tile; `None` when that is all of it.
fn united_zones(bench: &Bench<'_>, tile: Tile, tools: &mut Tools) -> Option<Shape> {
    let pieces = bench.zones.in_tile(tile).iter().map(|(_, piece)| match piece {
        ZonePiece::Whole => None,
        ZonePiece::Part(shape) => Some(shape),
    });
    let parts: Vec<&Shape> = pieces.collect::<Option<_>>()?;
    Some(tools.overlay.union(parts))
}

/// The overlaps of a run.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Overlaps {
    /// The largest pairs, largest first.
    pub pairs: Vec<Pair>,
    /// How many further pairs there are.
    pub more: u64,
    /// Groups of identical patches, largest ground first.
    pub identical: Vec<Identical>,
    /// Whether some tile had more pairs than could be looked at, so that the list is not complete.
    pub cut_short: bool,
}

/// Two patches that cover the same ground.
#[derive(Debug, Clone, PartialEq)]
pub struct Pair {
    /// The patches, in file order.
    pub patches: (Name, Name),
    /// The ground they share.
    pub shared: AreaSum,
}

/// Patches with one and the same ground.
#[derive(Debug, Clone, PartialEq)]
pub struct Identical {
    /// The patches, in file order.
    pub patches: Vec<Name>,
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
    let worthy = pairs.into_iter().filter(|(_, a)| worth(a));
    let mut pairs: Vec<Pair> = worthy.map(|(patches, shared)| Pair { patches, shared }).collect();
    // The sort is stable: pairs of one size stay in file order.
    pairs.sort_by_key(|pair| -pair.shared.ellipsoid);
    let more = pairs.len().saturating_sub(most) as u64;
    pairs.truncate(most);
    let worthy = identical.into_iter().filter(|(_, a)| worth(a));
    let mut identical: Vec<Identical> =
        worthy.map(|(patches, ground)| Identical { patches, ground }).collect();
    identical.sort_by_key(|group| -group.ground.ellipsoid);
    Overlaps { pairs, more, identical, cut_short }
}
