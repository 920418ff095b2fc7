//! Overlaps within a stratum: which patches cover the same ground, and how much of it.
//!
//! Only ground within the zones counts. Identical patches are one group. Pairs are looked for only at places where
//! ground is covered twice, so a clean survey costs nothing.

use std::collections::BTreeMap;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::geometry::area::AreaSum;
use crate::geometry::grid::{self, Point, Shape};
use crate::geometry::pile::Shared;
use crate::geometry::tile::{TILE_UNITS, Tile};
use crate::measure::heap::PatchKey;
use crate::measure::tile_sums::{Bench, Heaped, Here, Tools};
use crate::prepare::ZonePiece;
use crate::threads::on_the_callers_threads;

/// Two patches share ground worth a word when it exceeds this many square metres.
pub const OVERLAP_WORTH_SAYING_M2: f64 = 0.01;

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
    /// Pairs of patches, in file order, with the ground they share here.
    pub pairs: Vec<((PatchKey, PatchKey), AreaSum)>,
    /// The patches of pairs, in file order, each once.
    pub names: Vec<Name>,
    /// Groups of patches with one and the same ground here, with that ground.
    pub identical: Vec<(Vec<Name>, AreaSum)>,
    /// Whether there were more pairs than could be looked at.
    pub cut_short: bool,
}

impl TilePairs {
    pub(super) fn join(&mut self, other: Self) {
        self.pairs.extend(other.pairs);
        self.names.extend(other.names);
        self.sort_names();
        self.identical.extend(other.identical);
        self.cut_short |= other.cut_short;
    }

    fn sort_names(&mut self) {
        self.names.sort_unstable();
        self.names.dedup();
    }

    /// Whether all patches of pairs have a name.
    pub(super) fn names_all(&self) -> bool {
        let named = |patch| self.names.binary_search_by_key(patch, |name| name.patch).is_ok();
        self.pairs.iter().all(|((a, b), _)| named(a) && named(b))
    }
}

/// Tells overlaps among the patches of a tile. Where zones fill the tile, what two share is known from their crossings.
pub(super) fn in_tile(bench: &Bench<'_>, tile: Tile, heap: &Heaped<'_>, tools: &mut Tools) -> TilePairs {
    let mut found = TilePairs { cut_short: heap.shared.is_none(), ..TilePairs::default() };
    let within = Within::of(bench, tile, tools);
    for group in heap.copied() {
        let ground = within.area(bench, tile, heap.shape(group), tools);
        found.identical.push((heap.group(group).iter().map(|here| name(here)).collect(), ground));
    }
    let mut named = vec![false; heap.groups()];
    for shared in heap.shared.iter().flatten() {
        // Members of a group stand in file order.
        let (a, b) = (heap.group(shared.outlines.0)[0], heap.group(shared.outlines.1)[0]);
        let by_nature = |here: &Here<'_>| bench.plan.overlapping.contains(&here.member.piece.key.cover());
        if bench.plan.expects(a.member.ground, b.member.ground) || by_nature(a) || by_nature(b) {
            continue;
        }
        let area = match within {
            Within::Whole => moments_area(bench, tile, shared),
            _ => {
                let common = common(heap, shared, tools);
                within.area(bench, tile, &common, tools)
            }
        };
        if area != AreaSum::ZERO {
            for (group, here) in [(shared.outlines.0, a), (shared.outlines.1, b)] {
                let known = std::mem::replace(&mut named[group as usize], true);
                found.names.extend((!known).then(|| name(here)));
            }
            let (a, b) = (a.member.piece.key, b.member.piece.key);
            found.pairs.push(((a.min(b), a.max(b)), area));
        }
    }
    found.sort_names();
    found
}

fn name(here: &Here<'_>) -> Name {
    Name { patch: here.member.piece.key, id: here.member.piece.id() }
}

/// The ground of two patches that lies in both.
fn common(heap: &Heaped<'_>, shared: &Shared, tools: &mut Tools) -> Shape {
    let (a, b) = shared.outlines;
    let parted = tools.pile.parted(&[a, b]);
    parted.map_or_else(|| tools.overlay.intersection(heap.shape(a), heap.shape(b)), |parted| parted.again)
}

/// Area by moments from the tile's corner: the scale is taken about the place itself.
fn moments_area(bench: &Bench<'_>, tile: Tile, shared: &Shared) -> AreaSum {
    let moments = &shared.moments;
    let inside = |c: f64| (c / moments.one).clamp(0.0, TILE_UNITS as f64).floor();
    let (x, y) = (inside(moments.x), inside(moments.y));
    let low = tile.bounds().low;
    let corner = Point::new(low.x + grid::steps(x), low.y + grid::steps(y));
    AreaSum::of(bench.area.of_moments(&moments.seen_from((x, y)), corner, 0.0))
}

/// What the zones cover of a tile.
enum Within {
    /// All of it.
    Whole,
    /// Each place once at most.
    Apart,
    /// This, some of it more than once.
    Over(Shape),
}

impl Within {
    fn of(bench: &Bench<'_>, tile: Tile, tools: &mut Tools) -> Self {
        let whole = tile.shape();
        let pieces = bench.zones.in_tile(tile).iter().map(|(_, piece)| match piece {
            ZonePiece::Whole => &whole,
            ZonePiece::Part(shape) => shape,
        });
        let pieces: Vec<&Shape> = pieces.collect();
        if pieces.contains(&&whole) {
            return Self::Whole;
        }
        let sum: i128 = pieces.iter().map(|piece| piece.doubled_area()).sum();
        if let [_] = pieces[..] {
            return Self::Apart;
        }
        let union = tools.overlay.union(pieces);
        match union.doubled_area() {
            all if all == whole.doubled_area() => Self::Whole,
            all if all == sum => Self::Apart,
            _ => Self::Over(union),
        }
    }

    fn area(&self, bench: &Bench<'_>, tile: Tile, shape: &Shape, tools: &mut Tools) -> AreaSum {
        match self {
            Self::Whole => bench.area.quanta(shape, tile),
            Self::Over(zones) => bench.area.quanta(&tools.overlay.intersection(shape, zones), tile),
            Self::Apart => {
                let Some(bounds) = shape.bounds() else { return AreaSum::ZERO };
                bench.cells.share(shape, bounds, bench.area, &mut tools.shares);
                let mut sum = AreaSum::ZERO;
                tools.shares.zones.iter().for_each(|(_, area)| sum += AreaSum::of(*area));
                sum
            }
        }
    }
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
    let (mut told, mut names, mut identical) = (Vec::new(), Vec::new(), BTreeMap::new());
    let mut cut_short = false;
    for tile in tiles {
        cut_short |= tile.cut_short;
        told.extend(tile.pairs);
        names.push(tile.names);
        for (patches, ground) in tile.identical {
            *identical.entry(patches).or_insert(AreaSum::ZERO) += ground;
        }
    }
    let (largest, more) = largest(told, most);
    let worthy = identical.into_iter().filter(|(_, ground)| worth_saying(ground));
    let mut identical: Vec<Identical> =
        worthy.map(|(patches, ground)| Identical { patches, ground }).collect();
    identical.sort_by_key(|group| -group.ground.ellipsoid);
    Overlaps { pairs: with_names(largest, names.iter().flatten()), more, identical, cut_short }
}

fn worth_saying(area: &AreaSum) -> bool {
    area.area().ellipsoid.0 > OVERLAP_WORTH_SAYING_M2
}

/// Pairs by number.
type Numbered = Vec<((PatchKey, PatchKey), AreaSum)>;

/// Of what tiles say of pairs the largest, and how many more there are.
fn largest(mut told: Numbered, most: usize) -> (Numbered, u64) {
    // By number, which is file order; what several tiles say of one pair then stands together.
    on_the_callers_threads(|| told.par_sort_unstable_by_key(|(patches, _)| *patches));
    told.dedup_by(|next, pair| {
        let same = next.0 == pair.0;
        if same {
            pair.1 += next.1;
        }
        same
    });
    told.retain(|(_, shared)| worth_saying(shared));
    // Pairs of one size stay in file order.
    let order = |(patches, shared): &((PatchKey, PatchKey), AreaSum)| (-shared.ellipsoid, *patches);
    let more = told.len().saturating_sub(most);
    if more > 0 {
        told.select_nth_unstable_by_key(most, order);
        told.truncate(most);
    }
    told.sort_unstable_by_key(order);
    (told, more as u64)
}

/// Pairs with the names of their patches.
fn with_names<'n>(pairs: Numbered, names: impl Iterator<Item = &'n Name>) -> Vec<Pair> {
    let mut wanted: BTreeMap<PatchKey, Option<&Name>> =
        pairs.iter().flat_map(|((a, b), _)| [(*a, None), (*b, None)]).collect();
    for name in names {
        if let Some(known) = wanted.get_mut(&name.patch) {
            *known = Some(name);
        }
    }
    let name = |patch| wanted.get(&patch).copied().flatten().cloned();
    let pair = |((a, b), shared)| Some(Pair { patches: (name(a)?, name(b)?), shared });
    pairs.into_iter().filter_map(pair).collect()
}
