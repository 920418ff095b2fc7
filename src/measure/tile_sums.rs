//! One work tile: what every zone has of every class there.
//!
//! Within a tile each patch's ground is made once, each class is united once, and everything else (priorities,
//! figures over several strata, what is left) is overlay among those unions.

use std::collections::BTreeMap;

use crate::geometry::area::{AreaModel, AreaSum};
use crate::geometry::grid::Shape;
use crate::geometry::overlay::{Overlay, Part};
use crate::geometry::tile::Tile;
use crate::measure::coverage::{Ground, Plan, Reading};
use crate::measure::pairs::{self, TilePairs};
use crate::measure::patches::{Patches, TilePatch};
use crate::prepare::{ZonePiece, Zones};

/// What one zone has in one tile, or in all of them once added up.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct ZoneSums {
    pub ground: AreaSum,
    /// By ground index: classes first, then one unmapped ground a stratum.
    pub net: Vec<AreaSum>,
    pub gross: Vec<AreaSum>,
    /// By class: what the class takes after the classes before it in its stratum.
    pub ranked: Vec<AreaSum>,
    pub strata: Vec<StratumSums>,
    pub figures: Vec<FigureSums>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct StratumSums {
    /// Union of the stratum's classes.
    pub mapped: AreaSum,
    /// Ground only under values that nothing maps.
    pub unmapped: AreaSum,
    /// Ground under nothing of the stratum, found by difference from the zone.
    pub none: AreaSum,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct FigureSums {
    pub area: AreaSum,
    /// With all unmapped ground taken in.
    pub with_unmapped: AreaSum,
}

impl ZoneSums {
    pub(super) fn new(plan: &Plan) -> Self {
        let grounds = plan.grounds();
        Self {
            ground: AreaSum::ZERO,
            net: vec![AreaSum::ZERO; grounds],
            gross: vec![AreaSum::ZERO; grounds],
            ranked: vec![AreaSum::ZERO; plan.classes],
            strata: vec![StratumSums::default(); plan.strata.len()],
            figures: vec![FigureSums::default(); plan.figures.len()],
        }
    }

    pub(super) fn add(&mut self, other: &Self) {
        let add = |to: &mut [AreaSum], from: &[AreaSum]| to.iter_mut().zip(from).for_each(|(t, f)| *t += *f);
        self.ground += other.ground;
        add(&mut self.net, &other.net);
        add(&mut self.gross, &other.gross);
        add(&mut self.ranked, &other.ranked);
        for (to, from) in self.strata.iter_mut().zip(&other.strata) {
            to.mapped += from.mapped;
            to.unmapped += from.unmapped;
            to.none += from.none;
        }
        for (to, from) in self.figures.iter_mut().zip(&other.figures) {
            to.area += from.area;
            to.with_unmapped += from.with_unmapped;
        }
    }
}

/// What came out of one tile.
#[derive(Debug, Default)]
pub(super) struct TileSums {
    pub zones: Vec<(usize, ZoneSums)>,
    /// How much of a patch lies in a zone here.
    pub pieces: Vec<(u32, u32, AreaSum)>,
    /// Patches whose rings claim another area than their ground has, in doubled square steps.
    pub repaired: Vec<(u32, i128)>,
    pub pairs: TilePairs,
}

/// A patch's ground in the tile.
pub(super) struct PatchGround {
    pub patch: u32,
    pub ground: Ground,
    pub shape: Shape,
}

pub(super) struct Bench<'a> {
    pub patches: &'a Patches,
    pub zones: &'a Zones,
    pub plan: &'a Plan,
    pub area: &'a AreaModel,
}

/// Measures one tile.
pub(super) fn measure(
    bench: &Bench<'_>,
    tile: Tile,
    recorded: &[TilePatch],
    overlay: &mut Overlay,
) -> TileSums {
    let mut sums = TileSums::default();
    let grounds = grounds(bench, recorded, overlay, &mut sums);
    let unions = Unions::of(bench.plan, &grounds, overlay);
    for (zone, piece) in bench.zones.in_tile(tile) {
        let mut view = View { bench, tile, piece, overlay };
        let mut zone_sums = view.union_sums(&unions);
        view.patch_sums(*zone as u32, &grounds, &mut zone_sums, &mut sums.pieces);
        sums.zones.push((*zone, zone_sums));
    }
    sums.pairs = pairs::in_tile(bench, tile, &grounds, &unions.strata, overlay);
    sums
}

fn grounds(
    bench: &Bench<'_>,
    recorded: &[TilePatch],
    overlay: &mut Overlay,
    sums: &mut TileSums,
) -> Vec<PatchGround> {
    let mut grounds = Vec::with_capacity(recorded.len());
    for TilePatch { patch, parts } in recorded {
        let shape = overlay.ground(parts);
        let claimed: i128 = parts.iter().map(Part::claimed_doubled_area).sum();
        let moved = shape.doubled_area() - claimed;
        if moved != 0 {
            sums.repaired.push((*patch, moved));
        }
        let record = &bench.patches.patches[*patch as usize];
        let ground = match bench.plan.readings[record.cover as usize][record.value as usize] {
            Reading::Class(class) => Ground::class(class),
            Reading::Unmapped(stratum) => bench.plan.unmapped(stratum),
        };
        if !shape.is_empty() {
            grounds.push(PatchGround { patch: *patch, ground, shape });
        }
    }
    grounds
}

/// The united grounds of a tile.
struct Unions {
    /// By ground index; empty where the tile has none of it.
    grounds: Vec<Shape>,
    /// By stratum: the union of its classes 1..=n for each n, with the class that was added last.
    ranked: Vec<Vec<(usize, Shape)>>,
    /// By stratum: classes and unmapped ground together.
    strata: Vec<Shape>,
    /// By figure: its classes, and those with all unmapped ground.
    figures: Vec<(Shape, Shape)>,
}

impl Unions {
    fn of(plan: &Plan, patches: &[PatchGround], overlay: &mut Overlay) -> Self {
        let mut members: BTreeMap<usize, Vec<&Shape>> = BTreeMap::new();
        for p in patches {
            members.entry(p.ground.index()).or_default().push(&p.shape);
        }
        let mut grounds = vec![Shape::default(); plan.grounds()];
        for (ground, shapes) in members {
            grounds[ground] = overlay.union(shapes);
        }
        let figures = plan.figures.iter().map(|classes| {
            let area = unite(overlay, classes.iter().map(|&c| &grounds[c]));
            let unmapped = plan.unmapped_of(classes).map(|ground| &grounds[ground.index()]);
            let with_unmapped = unite(overlay, std::iter::once(&area).chain(unmapped));
            (area, with_unmapped)
        });
        let figures = figures.collect();
        let ranked: Vec<Vec<(usize, Shape)>> =
            plan.strata.iter().map(|classes| ranked(overlay, classes, &grounds)).collect();
        let strata = ranked.iter().enumerate().map(|(stratum, ranked)| {
            let mapped = ranked.last().map(|(_, shape)| shape);
            unite(overlay, mapped.into_iter().chain([&grounds[plan.unmapped(stratum).index()]]))
        });
        let strata = strata.collect();
        Self { grounds, ranked, strata, figures }
    }
}

/// Classes of a stratum that have ground here, by priority, each with the union up to it.
fn ranked(overlay: &mut Overlay, classes: &[usize], grounds: &[Shape]) -> Vec<(usize, Shape)> {
    let mut ranked: Vec<(usize, Shape)> = Vec::new();
    for &class in classes.iter().filter(|&&c| !grounds[c].is_empty()) {
        let so_far = ranked.last().map(|(_, shape)| shape);
        let union = unite(overlay, so_far.into_iter().chain([&grounds[class]]));
        ranked.push((class, union));
    }
    ranked
}

/// Union of shapes that are each clean: nothing to do for one of them.
fn unite<'a>(overlay: &mut Overlay, shapes: impl Iterator<Item = &'a Shape>) -> Shape {
    let shapes: Vec<&Shape> = shapes.filter(|s| !s.is_empty()).collect();
    match shapes.as_slice() {
        [] => Shape::default(),
        [one] => (*one).clone(),
        _ => overlay.union(shapes),
    }
}

/// A tile as one zone sees it.
struct View<'a> {
    bench: &'a Bench<'a>,
    tile: Tile,
    piece: &'a ZonePiece,
    overlay: &'a mut Overlay,
}

impl View<'_> {
    /// Area of a clean shape within the zone.
    fn within(&mut self, shape: &Shape) -> AreaSum {
        if shape.is_empty() {
            return AreaSum::ZERO;
        }
        match self.piece {
            ZonePiece::Whole => self.bench.area.quanta(shape, self.tile),
            ZonePiece::Part(zone) => {
                let inside = self.overlay.intersection(shape, zone);
                self.bench.area.quanta(&inside, self.tile)
            }
        }
    }

    /// Area of the zone outside a clean shape.
    fn outside(&mut self, shape: &Shape) -> AreaSum {
        let whole;
        let zone = match self.piece {
            ZonePiece::Whole => {
                whole = self.tile.shape();
                &whole
            }
            ZonePiece::Part(zone) => zone,
        };
        if shape.is_empty() {
            return self.bench.area.quanta(zone, self.tile);
        }
        let left = self.overlay.difference(zone, shape);
        self.bench.area.quanta(&left, self.tile)
    }

    fn union_sums(&mut self, unions: &Unions) -> ZoneSums {
        let mut sums = ZoneSums::new(self.bench.plan);
        sums.ground = self.outside(&Shape::default());
        for (net, shape) in sums.net.iter_mut().zip(&unions.grounds) {
            *net = self.within(shape);
        }
        for (stratum, ranked) in unions.ranked.iter().enumerate() {
            let mut before = AreaSum::ZERO;
            for (class, union) in ranked {
                let up_to = self.within(union);
                sums.ranked[*class] = up_to - before;
                before = up_to;
            }
            let all = &unions.strata[stratum];
            let unmapped = self.within(all) - before;
            sums.strata[stratum] = StratumSums { mapped: before, unmapped, none: self.outside(all) };
        }
        for (figure, (area, with_unmapped)) in sums.figures.iter_mut().zip(&unions.figures) {
            figure.area = self.within(area);
            figure.with_unmapped = self.within(with_unmapped);
        }
        sums
    }

    fn patch_sums(
        &mut self,
        zone: u32,
        grounds: &[PatchGround],
        sums: &mut ZoneSums,
        pieces: &mut Vec<(u32, u32, AreaSum)>,
    ) {
        let reach = match self.piece {
            ZonePiece::Whole => None,
            ZonePiece::Part(shape) => shape.bounds(),
        };
        for patch in grounds {
            let near = match (reach, patch.shape.bounds()) {
                (Some(zone), Some(patch)) => zone.meets(&patch),
                _ => true,
            };
            let area = if near { self.within(&patch.shape) } else { AreaSum::ZERO };
            if area != AreaSum::ZERO {
                sums.gross[patch.ground.index()] += area;
                pieces.push((patch.patch, zone, area));
            }
        }
    }
}
