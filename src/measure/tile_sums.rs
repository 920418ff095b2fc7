//! One work tile: what ground is covered twice there, and what is covered by nothing.
//!
//! The areas of the patches are known by now. Their sum is the ground of a class less what was counted again; so a
//! tile gives, for every set of classes that is wanted, the *excess* (重复计面积): how much the patches of the set
//! have there beyond their union. Where the border of all patches of a stratum together winds once around all they
//! cover, nothing is covered twice and the excess of every set within the stratum is nought. Only else are patches
//! looked at, and those that share no ground with another are left aside.

mod lost;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use serde::{Deserialize, Serialize};

use crate::geometry::area::{AreaModel, AreaSum};
use crate::geometry::grid::Shape;
use crate::geometry::overlay::Overlay;
use crate::geometry::pile::{Parted, Pile, Shared};
use crate::geometry::seam::Seams;
use crate::geometry::simple::Simplicity;
use crate::geometry::tile::{TILE_STEPS, Tile};
use crate::measure::coverage::Plan;
use crate::measure::heap::Piece;
use crate::measure::pairs::{self, TilePairs};
use crate::measure::patches::Gathered;
use crate::measure::trail::Entry;
use crate::prepare::cells::{Cells, Shares};
use crate::prepare::{ZonePiece, Zones};

/// Two patches that share less than this (square units) are neighbours whose borders were rounded: 0.1 mm².
const ROUNDING: f64 = 1e-7;

/// A border of more points than this is not united: where edges run within a hair of each other, that can take long.
const FEW_POINTS: usize = 512;

/// What one zone has in one tile.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct ZoneTile {
    pub ground: AreaSum,
    /// By stratum: ground under nothing of it, found from what bounds all its patches together.
    pub none: Vec<AreaSum>,
    /// By set of the plan, where there is any: what its patches have here beyond their union.
    pub excess: BTreeMap<u32, AreaSum>,
}

/// What came out of one tile.
#[derive(Debug, Default)]
pub(super) struct TileSums {
    pub zones: BTreeMap<u32, ZoneTile>,
    pub pairs: TilePairs,
    /// What patches lose to earlier ones of their class, where a trail is wanted.
    pub lost: Vec<Entry>,
}

/// What all tiles have in common.
pub(super) struct Bench<'a> {
    pub gathered: &'a Gathered,
    pub zones: &'a Zones,
    pub cells: &'a Cells,
    pub plan: &'a Plan,
    pub area: &'a AreaModel,
    /// Whether a trail is wanted.
    pub traced: bool,
}

/// What a thread works with.
#[derive(Default)]
pub(super) struct Tools {
    pub overlay: Overlay,
    pub seams: Seams,
    pub shares: Shares,
    pub pile: Pile,
    simplicity: Simplicity,
}

/// A patch that reaches the block of the tile.
pub(super) struct Member<'a> {
    pub piece: Piece<'a>,
    /// By ground index of the plan.
    pub ground: usize,
}

/// A patch in the tile.
pub(super) struct Here<'a> {
    pub member: &'a Member<'a>,
    pub shape: Rc<Shape>,
}

/// What bounds all patches of a stratum together, in one tile.
#[derive(Debug)]
pub(super) enum Border {
    /// They cover nothing of it.
    Nothing,
    /// They cover all of it, once.
    All,
    /// They cover what this winds around, once.
    Once(Shape),
    /// Some ground is covered more than once.
    Twice,
    /// That must be found out from the patches.
    Unknown,
}

impl Border {
    /// Whether patches must be looked at.
    pub(super) fn must_look(&self) -> bool {
        matches!(self, Self::Twice | Self::Unknown)
    }
}

impl Tools {
    /// Whether a border winds around all that it encloses just once.
    pub(super) fn is_simple_border(&mut self, border: &Shape) -> bool {
        border.bounds().is_none_or(|bounds| self.simplicity.is_simple_border(border, bounds))
    }

    fn is_simple(&mut self, shape: &Shape) -> bool {
        shape.bounds().is_none_or(|bounds| self.simplicity.is_simple(shape, bounds))
    }

    /// What a border says that was cut along the tile; `once` where it was simple before.
    pub(super) fn border_of(&mut self, tile: Tile, border: Shape, once: bool) -> Border {
        let low = tile.bounds().low;
        let on_edge = |c: i64, low: i64| c == low || c == low + TILE_STEPS;
        let outside = border.points().iter().all(|p| on_edge(p.x, low.x) || on_edge(p.y, low.y));
        let whole = 2 * i128::from(TILE_STEPS) * i128::from(TILE_STEPS);
        let area = border.doubled_area();
        match area {
            0 if outside => Border::Nothing,
            _ if outside && area == whole => Border::All,
            _ if once || self.is_simple(&border) => Border::Once(border),
            _ if border.len() > FEW_POINTS => Border::Unknown,
            _ => {
                let union = self.overlay.union([&border]);
                if union.doubled_area() == area { Border::Once(union) } else { Border::Twice }
            }
        }
    }
}

/// Measures one tile, of which some patches were cut.
pub(super) fn measure(
    bench: &Bench<'_>,
    tile: Tile,
    borders: &[&Border],
    members: &[Member<'_>],
    cut: Vec<(usize, Rc<Shape>)>,
    tools: &mut Tools,
) -> TileSums {
    let here: Vec<Here<'_>> = cut.into_iter().map(|(i, shape)| Here { member: &members[i], shape }).collect();
    let mut work = Work { bench, tile, tools, sums: TileSums::default(), parted: None };
    work.open_zones();
    for (stratum, border) in borders.iter().enumerate() {
        match border {
            Border::Nothing => work.none(stratum, &Shape::default()),
            Border::All => {}
            Border::Once(union) => work.none(stratum, union),
            Border::Twice | Border::Unknown => work.look_closer(stratum, &here),
        }
    }
    work.figures(borders, &here);
    work.sums
}

struct Work<'a, 'b> {
    bench: &'a Bench<'a>,
    tile: Tile,
    tools: &'b mut Tools,
    sums: TileSums,
    /// What was parted last, of the patches that are piled up.
    parted: Option<(Vec<u32>, Rc<Parted>)>,
}

/// By zone: ground.
type ByZone = Vec<(u32, AreaSum)>;

impl Work<'_, '_> {
    fn open_zones(&mut self) {
        for (zone, piece) in self.bench.zones.in_tile(self.tile) {
            let ground = match piece {
                ZonePiece::Whole => self.bench.area.quanta(&self.tile.shape(), self.tile),
                ZonePiece::Part(shape) => self.bench.area.quanta(shape, self.tile),
            };
            let none = vec![AreaSum::ZERO; self.bench.plan.strata.len()];
            self.sums.zones.insert(*zone as u32, ZoneTile { ground, none, excess: BTreeMap::new() });
        }
    }

    /// Ground of each zone outside a union.
    fn none(&mut self, stratum: usize, union: &Shape) {
        let covered: BTreeMap<u32, AreaSum> = self.shares(union).into_iter().collect();
        for (zone, sums) in &mut self.sums.zones {
            sums.none[stratum] = sums.ground - covered.get(zone).copied().unwrap_or_default();
        }
    }

    /// What of a shape lies in each zone.
    fn shares(&mut self, shape: &Shape) -> ByZone {
        let Some(bounds) = shape.bounds() else { return Vec::new() };
        self.bench.cells.share(shape, bounds, self.bench.area, &mut self.tools.shares);
        self.tools.shares.zones.iter().map(|(zone, area)| (*zone, AreaSum::of(*area))).collect()
    }

    /// The sets of a stratum, its `(none)` and its pairs, from its patches.
    fn look_closer(&mut self, stratum: usize, here: &[Here<'_>]) {
        let plan = self.bench.plan;
        let members: Vec<&Here<'_>> =
            here.iter().filter(|h| plan.stratum_of(h.member.ground) == stratum).collect();
        let heap = self.pile(members);
        let parted = self.parted(&heap, &heap.all());
        self.none(stratum, &parted.union);
        let sets = plan.sets.iter().enumerate().filter(|(_, set)| set.stratum == Some(stratum));
        self.add_excess(&heap, sets.map(|(number, set)| (number, set.grounds.as_slice())));
        if self.bench.traced {
            self.record_lost(&heap);
        }
        if plan.most_pairs > 0 {
            let found = pairs::in_tile(self.bench, self.tile, &heap, self.tools);
            self.sums.pairs.join(found);
        }
    }

    /// Sets over several strata; within one stratum that is covered once they have no excess.
    fn figures(&mut self, borders: &[&Border], here: &[Here<'_>]) {
        let plan = self.bench.plan;
        let layers = |grounds: &[usize]| -> BTreeSet<usize> {
            let present = here.iter().filter(|h| grounds.contains(&h.member.ground));
            present.map(|h| plan.stratum_of(h.member.ground)).collect()
        };
        let wanted = |grounds: &[usize]| {
            let layers = layers(grounds);
            layers.len() > 1 || layers.iter().any(|&stratum| borders[stratum].must_look())
        };
        let sets = plan.sets.iter().enumerate().filter(|(_, set)| set.stratum.is_none());
        let sets: Vec<(usize, &[usize])> =
            sets.map(|(n, set)| (n, set.grounds.as_slice())).filter(|(_, grounds)| wanted(grounds)).collect();
        if !sets.is_empty() {
            let heap = self.pile(here.iter().collect());
            self.add_excess(&heap, sets.into_iter());
        }
    }

    /// Piles up some patches, copies of one only once.
    fn pile<'h>(&mut self, members: Vec<&'h Here<'h>>) -> Heaped<'h> {
        let alike = |a: &&Here<'_>, b: &&Here<'_>| a.member.piece.is_like(&b.member.piece);
        let mut ends = Vec::with_capacity(members.len());
        for group in members.chunk_by(alike) {
            ends.push(ends.last().copied().unwrap_or(0) + group.len());
        }
        self.parted = None;
        let mut heap = Heaped { members, ends, shared: None };
        let shapes = (0..heap.ends.len() as u32).map(|group| heap.shape(group));
        if self.tools.pile.pile(self.tile.bounds().low, shapes) {
            let worth = |shared: &Shared| shared.moments.one > ROUNDING;
            heap.shared = Some(self.tools.pile.shared().into_iter().filter(worth).collect());
        }
        heap
    }

    /// Parts the edges of some of the patches, by position among the firsts; the same may be asked for again.
    fn parted(&mut self, heap: &Heaped<'_>, some: &[u32]) -> Rc<Parted> {
        if let Some((known, parted)) = &self.parted
            && known == some
        {
            return Rc::clone(parted);
        }
        let piled = heap.shared.as_ref().and_then(|_| self.tools.pile.parted(some));
        let parted = Rc::new(piled.unwrap_or_else(|| self.parted_by_overlay(heap, some)));
        self.parted = Some((some.to_vec(), Rc::clone(&parted)));
        parted
    }

    /// Where many patches lie over one another this takes long.
    fn parted_by_overlay(&mut self, heap: &Heaped<'_>, some: &[u32]) -> Parted {
        let shapes: Vec<&Shape> = some.iter().map(|&i| heap.shape(i)).collect();
        let union = self.tools.overlay.union(shapes.iter().copied());
        let mut again = union.reversed();
        shapes.iter().flat_map(|s| s.rings()).for_each(|ring| again.push(ring.iter().copied()));
        Parted { union, again }
    }

    fn add_excess<'s>(&mut self, heap: &Heaped<'_>, sets: impl Iterator<Item = (usize, &'s [usize])>) {
        let sharing = heap.sharing();
        let mut known: BTreeMap<Vec<(u32, usize)>, ByZone> = BTreeMap::new();
        for (number, grounds) in sets {
            let times = |i: &u32| (*i, heap.times(*i, grounds));
            let present: Vec<(u32, usize)> =
                sharing.iter().map(times).filter(|(_, times)| *times > 0).collect();
            if !known.contains_key(&present) {
                let excess = self.excess(heap, &present);
                known.insert(present.clone(), excess);
            }
            for (zone, area) in known[&present].iter().filter(|(_, area)| *area != AreaSum::ZERO) {
                if let Some(sums) = self.sums.zones.get_mut(zone) {
                    *sums.excess.entry(number as u32).or_default() += *area;
                }
            }
        }
    }

    /// By zone: what some patches, each so many times, have beyond their union.
    fn excess(&mut self, heap: &Heaped<'_>, present: &[(u32, usize)]) -> ByZone {
        let mut sum: BTreeMap<u32, AreaSum> = BTreeMap::new();
        let some: Vec<u32> = present.iter().map(|(i, _)| *i).collect();
        if some.len() > 1 {
            let parted = self.parted(heap, &some);
            sum.extend(self.shares(&parted.again));
        }
        for (i, times) in present.iter().filter(|(_, times)| *times > 1) {
            for (zone, area) in self.shares(heap.shape(*i)) {
                (1..*times).for_each(|_| *sum.entry(zone).or_default() += area);
            }
        }
        sum.into_iter().collect()
    }
}

/// Patches in a tile, piled up.
pub(super) struct Heaped<'h> {
    /// Patches with one outline together.
    members: Vec<&'h Here<'h>>,
    /// Where groups of one outline end.
    ends: Vec<usize>,
    /// Which groups share ground; `None` where they meet too often to be looked at one by one.
    pub shared: Option<Vec<Shared>>,
}

impl Heaped<'_> {
    fn all(&self) -> Vec<u32> {
        (0..self.ends.len() as u32).collect()
    }

    /// How many groups there are.
    pub fn groups(&self) -> usize {
        self.ends.len()
    }

    /// The patches of a group.
    pub(super) fn group(&self, group: u32) -> &[&Here<'_>] {
        let group = group as usize;
        let start = group.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.members[start..self.ends[group]]
    }

    /// What a group covers of the tile.
    pub(super) fn shape(&self, group: u32) -> &Shape {
        &self.group(group)[0].shape
    }

    /// How many patches of a group belong to some grounds.
    fn times(&self, group: u32, grounds: &[usize]) -> usize {
        self.group(group).iter().filter(|here| grounds.contains(&here.member.ground)).count()
    }

    /// The groups of several patches.
    pub(super) fn copied(&self) -> impl Iterator<Item = u32> + '_ {
        (0..self.ends.len() as u32).filter(|&group| self.group(group).len() > 1)
    }

    /// The groups with ground that is covered again.
    fn sharing(&self) -> Vec<u32> {
        let Some(shared) = &self.shared else { return self.all() };
        let pairs = shared.iter().flat_map(|s| [s.outlines.0, s.outlines.1]);
        let all: BTreeSet<u32> = pairs.chain(self.copied()).collect();
        all.into_iter().collect()
    }
}
