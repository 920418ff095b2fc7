//! One work tile: what ground is covered twice there, and what is covered by nothing.
//!
//! The areas of the patches are known by now. Their sum is the ground of a class less what was counted again; so a
//! tile gives, for every set of classes that is wanted, the *excess* (重复计面积): how much the patches of the set
//! have there beyond their union. Edges that neighbours share cancel, and what is left is united: where that takes
//! nothing away, no ground is covered twice and the excess of every set within the stratum is nought. Only else are
//! patches looked at, and only those at the place.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::geometry::area::{AreaModel, AreaSum};
use crate::geometry::grid::Shape;
use crate::geometry::overlay::Overlay;
use crate::geometry::seam::Seams;
use crate::geometry::tile::Tile;
use crate::measure::coverage::{Plan, Reading};
use crate::measure::heap::Piece;
use crate::measure::near;
use crate::measure::pairs::{self, TilePairs};
use crate::measure::patches::Gathered;
use crate::prepare::cells::{Cells, Shares};
use crate::prepare::{ZonePiece, Zones};
use crate::units::Area;

/// What one zone has in one tile.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct ZoneTile {
    pub ground: AreaSum,
    /// By stratum: ground under nothing of it, found by difference from the zone.
    pub none: Vec<AreaSum>,
    /// By set of the plan, where there is any: what its patches have here beyond their union.
    pub excess: BTreeMap<u32, AreaSum>,
}

/// What came out of one tile.
#[derive(Debug, Default)]
pub(super) struct TileSums {
    pub zones: BTreeMap<u32, ZoneTile>,
    pub pairs: TilePairs,
}

/// Edges have cancelled where so many times what is left of them is less than there were.
const FEW: usize = 4;

/// What all tiles have in common.
pub(super) struct Bench<'a> {
    pub gathered: &'a Gathered,
    pub zones: &'a Zones,
    pub cells: &'a Cells,
    pub plan: &'a Plan,
    pub area: &'a AreaModel,
}

/// What a thread works with.
#[derive(Default)]
pub(super) struct Tools {
    pub overlay: Overlay,
    pub seams: Seams,
    pub shares: Shares,
}

/// A patch in the tile.
pub(super) struct Member<'a> {
    pub piece: Piece<'a>,
    /// By ground index of the plan.
    pub ground: usize,
    pub shape: Shape,
}

/// Measures one tile; its pieces stand in the order of their patches.
pub(super) fn measure(bench: &Bench<'_>, tile: Tile, pieces: &[Piece<'_>], tools: &mut Tools) -> TileSums {
    let members: Vec<Member<'_>> = pieces.iter().map(|piece| member(bench, *piece)).collect();
    let mut work = Work { bench, tile, tools, sums: TileSums::default() };
    work.open_zones();
    let strata: Vec<Stratum> = (0..bench.plan.strata.len()).map(|s| work.stratum(s, &members)).collect();
    for (index, stratum) in strata.iter().enumerate() {
        work.none(index, &stratum.union);
        if stratum.twice {
            work.look_closer(index, stratum, &members);
        }
    }
    work.figures(&strata, &members);
    work.sums
}

fn member<'a>(bench: &Bench<'_>, piece: Piece<'a>) -> Member<'a> {
    let cover = piece.key.cover();
    let value = bench.gathered.renumbered[cover][piece.value as usize] as usize;
    let ground = match bench.plan.readings[cover][value] {
        Reading::Class(class) => class,
        Reading::Unmapped(stratum) => bench.plan.unmapped(stratum),
    };
    Member { piece, ground, shape: piece.shape() }
}

/// One stratum in the tile.
struct Stratum {
    /// Its patches, by index among the members; copies of one are marked.
    members: Vec<usize>,
    copies: Vec<bool>,
    /// What bounds all of them together.
    contours: Shape,
    union: Shape,
    /// Whether any ground is covered more than once.
    twice: bool,
}

struct Work<'a, 'b> {
    bench: &'a Bench<'a>,
    tile: Tile,
    tools: &'b mut Tools,
    sums: TileSums,
}

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

    fn stratum(&mut self, stratum: usize, all: &[Member<'_>]) -> Stratum {
        let plan = self.bench.plan;
        let members: Vec<usize> =
            (0..all.len()).filter(|&i| plan.stratum_of(all[i].ground) == stratum).collect();
        let copies = copies(&members, all);
        let contours = self.contours(&members, &copies, all);
        let union = self.union(&contours, &members, all);
        let twice = copies.contains(&true) || contours.doubled_area() != union.doubled_area();
        Stratum { members, copies, contours, union, twice }
    }

    /// What bounds some patches together, copies left out.
    fn contours(&mut self, members: &[usize], copies: &[bool], all: &[Member<'_>]) -> Shape {
        let kept = || members.iter().zip(copies).filter(|(_, copy)| !**copy).map(|(&i, _)| &all[i].shape);
        let mut shapes = kept();
        if let (Some(only), None) = (shapes.next(), shapes.next()) {
            return only.clone();
        }
        self.tools.seams.clear();
        kept().for_each(|shape| self.tools.seams.add(shape));
        self.tools.seams.contours()
    }

    /// The ground within contours. Where few edges of the patches have cancelled, neighbours were not drawn along the
    /// same points; then grounds are united one by one, as a soup of edges that run within a hair of each other can
    /// keep the overlay engine for minutes.
    fn union(&mut self, contours: &Shape, members: &[usize], all: &[Member<'_>]) -> Shape {
        if contours.is_empty() {
            return Shape::default();
        }
        let points: usize = members.iter().map(|&i| all[i].shape.len()).sum();
        let mut grounds: Vec<usize> = members.iter().map(|&i| all[i].ground).collect();
        grounds.sort_unstable();
        grounds.dedup();
        if grounds.len() == 1 || FEW * contours.len() < points {
            return self.tools.overlay.union([contours]);
        }
        let mut union = Shape::default();
        for ground in grounds {
            let alone: Vec<usize> = members.iter().copied().filter(|&i| all[i].ground == ground).collect();
            let contours = self.contours(&alone, &copies(&alone, all), all);
            let united = self.tools.overlay.union([&contours]);
            union = if union.is_empty() { united } else { self.tools.overlay.union([&union, &united]) };
        }
        union
    }

    /// Ground of each zone outside a union.
    fn none(&mut self, stratum: usize, union: &Shape) {
        let whole = self.tile.shape();
        let full = union.doubled_area() == whole.doubled_area();
        for (zone, piece) in self.bench.zones.in_tile(self.tile) {
            let Some(sums) = self.sums.zones.get_mut(&(*zone as u32)).filter(|_| !full) else { continue };
            let zone = match piece {
                ZonePiece::Whole => &whole,
                ZonePiece::Part(shape) => shape,
            };
            sums.none[stratum] = if union.is_empty() {
                sums.ground
            } else {
                let left = self.tools.overlay.difference(zone, union);
                self.bench.area.quanta(&left, self.tile)
            };
        }
    }

    /// The sets of a stratum in which ground is covered twice, from the patches at the place.
    fn look_closer(&mut self, index: usize, stratum: &Stratum, all: &[Member<'_>]) {
        let (members, copies) = self.at_the_place(stratum, all);
        let plan = self.bench.plan;
        let sets = plan.sets.iter().enumerate().filter(|(_, set)| set.stratum == Some(index));
        let mut known: BTreeMap<Vec<usize>, Vec<(u32, AreaSum)>> = BTreeMap::new();
        for (number, set) in sets {
            let present: Vec<usize> =
                members.iter().copied().filter(|&i| set.grounds.contains(&all[i].ground)).collect();
            if !known.contains_key(&present) {
                let whole = present.len() == stratum.members.len();
                let excess = if whole && !copies.contains(&true) {
                    self.beyond(&stratum.contours, &stratum.union)
                } else {
                    self.excess(&present, all)
                };
                known.insert(present.clone(), excess);
            }
            self.add_excess(number, &known[&present]);
        }
        if plan.most_pairs > 0 {
            let found = pairs::in_tile(self.bench, self.tile, &members, all, self.tools);
            self.sums.pairs.join(found);
        }
    }

    /// The patches of a stratum that share ground with another of it, and which of them are copies.
    fn at_the_place(&mut self, stratum: &Stratum, all: &[Member<'_>]) -> (Vec<usize>, Vec<bool>) {
        let pairs = stratum.members.iter().copied().zip(stratum.copies.iter().copied());
        let Some(meet) = near::overlapping(self.tile, &stratum.members, all) else { return pairs.unzip() };
        pairs.filter(|(i, copy)| *copy || meet.contains(i)).unzip()
    }

    /// By zone: what some patches have beyond their union.
    fn excess(&mut self, present: &[usize], all: &[Member<'_>]) -> Vec<(u32, AreaSum)> {
        let copies = copies(present, all);
        let contours = self.contours(present, &copies, all);
        let union = self.union(&contours, present, all);
        let mut sum: BTreeMap<u32, AreaSum> = self.beyond(&contours, &union).into_iter().collect();
        for (&i, _) in present.iter().zip(&copies).filter(|(_, copy)| **copy) {
            for (zone, area) in self.shares(&all[i].shape) {
                *sum.entry(zone).or_default() += AreaSum::of(area);
            }
        }
        sum.into_iter().collect()
    }

    /// By zone: what contours wind around beyond their union.
    fn beyond(&mut self, contours: &Shape, union: &Shape) -> Vec<(u32, AreaSum)> {
        if contours.doubled_area() == union.doubled_area() {
            return Vec::new();
        }
        let mut beyond: BTreeMap<u32, Area> = self.shares(contours).into_iter().collect();
        for (zone, area) in self.shares(union) {
            let sum = beyond.entry(zone).or_default();
            sum.ellipsoid.0 -= area.ellipsoid.0;
            sum.plane.0 -= area.plane.0;
        }
        beyond.into_iter().map(|(zone, area)| (zone, AreaSum::of(area))).collect()
    }

    fn shares(&mut self, shape: &Shape) -> Vec<(u32, Area)> {
        self.bench.cells.share(shape, self.bench.area, &mut self.tools.shares);
        self.tools.shares.zones.clone()
    }

    fn add_excess(&mut self, set: usize, excess: &[(u32, AreaSum)]) {
        for (zone, area) in excess.iter().filter(|(_, area)| *area != AreaSum::ZERO) {
            if let Some(sums) = self.sums.zones.get_mut(zone) {
                *sums.excess.entry(set as u32).or_default() += *area;
            }
        }
    }

    /// Sets over several strata: within one stratum they are sets of that stratum.
    fn figures(&mut self, strata: &[Stratum], all: &[Member<'_>]) {
        let plan = self.bench.plan;
        let mut known: BTreeMap<Vec<usize>, Vec<(u32, AreaSum)>> = BTreeMap::new();
        for (number, set) in plan.sets.iter().enumerate().filter(|(_, set)| set.stratum.is_none()) {
            let present: Vec<usize> =
                (0..all.len()).filter(|&i| set.grounds.contains(&all[i].ground)).collect();
            let mut layers: Vec<usize> = present.iter().map(|&i| plan.stratum_of(all[i].ground)).collect();
            layers.sort_unstable();
            layers.dedup();
            if layers.len() == 1 && !strata[layers[0]].twice || layers.is_empty() {
                continue;
            }
            if !known.contains_key(&present) {
                let excess = self.excess(&present, all);
                known.insert(present.clone(), excess);
            }
            self.add_excess(number, &known[&present]);
        }
    }
}

/// Which of some patches are copies of one before them. O(patches).
fn copies(members: &[usize], all: &[Member<'_>]) -> Vec<bool> {
    let mut seen: std::collections::HashMap<u64, Vec<usize>> = std::collections::HashMap::new();
    let mut is_copy = |i: usize| {
        let before = seen.entry(all[i].piece.outline).or_default();
        let copy = before.iter().any(|&b| all[b].shape == all[i].shape);
        if !copy {
            before.push(i);
        }
        copy
    };
    members.iter().map(|&i| is_copy(i)).collect()
}
