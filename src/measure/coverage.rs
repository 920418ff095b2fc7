//! Coverage: what each zone has of each class, exactly, and whether the books balance.
//!
//! # The arithmetic (算法口径)
//! For zone *z* and class *k*: `gross` is the sum over patches of the ground they share with *z*; `net` is the
//! area of the union of those grounds. In a stratum (层) classes stand by priority and each takes only what
//! the ones before left (`area`); without priorities a class is united alone and what classes share is said.
//! `none` is the zone less everything in the stratum, found by its own overlay; `unmapped` is ground only
//! under values that nothing maps. Strata are never added: a figure over several is the area of their union.
//!
//! The union of a set of classes has the sum of the areas of their patches, less what is counted more than once:
//! the sum comes from the patches, each measured whole, the rest from the tiles (`tile_sums`).
//!
//! # The balance (平衡检查)
//! Per zone and stratum: Σ area − shared + unmapped + none = zone, where the zone's plane area comes from its
//! outline, uncut, the areas from the patches, whole, and `none` from an overlay of tiles: [`Coverage::balances`].

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::finding::Finding;
use crate::geometry::area::{AreaModel, AreaSum};
use crate::geometry::tile::Tile;
use crate::measure::block;
use crate::measure::heap::{self, BlockKey, Room};
use crate::measure::pairs::{self, Overlaps};
use crate::measure::patches::{self, ANYWHERE, Desk, Patches};
use crate::measure::tile_sums::{Bench, TileSums, Tools, ZoneTile};
use crate::measure::{MeasureError, Stage, Watch};
use crate::prepare::Zones;
use crate::prepare::cells::Cells;
use crate::survey::Source;

/// A patch counts as a feature of a zone when its piece there exceeds this many square metres.
pub const FEATURE_COUNTS_M2: f64 = 0.01;

/// The books of a zone balance within this share of its area ...
pub const BALANCE_SHARE: f64 = 1e-8;
/// ... and this many square metres.
pub const BALANCE_M2: f64 = 0.01;

/// What a class value means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// This class.
    Class(usize),
    /// Nothing known, in this stratum.
    Unmapped(usize),
}

/// What is to be measured.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Plan {
    /// How many classes there are; they are numbered from 0.
    pub classes: usize,
    /// The strata, each the classes it holds by priority. Every class is in exactly one.
    pub strata: Vec<Vec<usize>>,
    /// Sets of classes, across strata, whose union is wanted.
    pub figures: Vec<Vec<usize>>,
    /// For each cover the meaning of its values, by value index.
    pub readings: Vec<Vec<Reading>>,
    /// How many overlapping pairs are listed; none are looked for where it is nought.
    pub most_pairs: usize,
    /// The sets of grounds whose union is wanted: each ground, then for each stratum its classes up to each, then
    /// everything in it, then each figure without and with unmapped ground.
    pub(super) sets: Vec<Set>,
}

/// Grounds whose union is wanted. A ground is a class, or the unmapped ground of a stratum.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Set {
    pub grounds: Vec<usize>,
    /// The one stratum that all of it is in by definition.
    pub stratum: Option<usize>,
}

impl Plan {
    /// The plan for some classes, strata and figures.
    pub fn new(
        classes: usize,
        strata: Vec<Vec<usize>>,
        figures: Vec<Vec<usize>>,
        readings: Vec<Vec<Reading>>,
        most_pairs: usize,
    ) -> Self {
        let mut plan = Self { classes, strata, figures, readings, most_pairs, sets: Vec::new() };
        plan.sets = plan.all_sets();
        plan
    }

    fn all_sets(&self) -> Vec<Set> {
        let within = |stratum, grounds| Set { grounds, stratum: Some(stratum) };
        let alone = (0..self.grounds()).map(|g| within(self.stratum_of(g), vec![g]));
        let ranked = self.strata.iter().enumerate().flat_map(|(s, classes)| {
            let up_to = (1..=classes.len()).map(move |n| within(s, classes[..n].to_vec()));
            up_to.chain([within(s, classes.iter().copied().chain([self.unmapped(s)]).collect())])
        });
        let figures = self.figures.iter().flat_map(|classes| {
            let most = classes.iter().copied().chain(self.unmapped_of(classes)).collect();
            [classes.clone(), most].map(|grounds| Set { grounds, stratum: None })
        });
        alone.chain(ranked).chain(figures).collect()
    }

    /// The number of the set of a stratum's first classes, none of them included; the last holds unmapped ground.
    fn ranked_set(&self, stratum: usize, classes: usize) -> usize {
        let before: usize = self.strata[..stratum].iter().map(|classes| classes.len() + 1).sum();
        self.grounds() + before + classes - 1
    }

    fn figure_set(&self, figure: usize) -> usize {
        self.sets.len() - 2 * (self.figures.len() - figure)
    }

    pub(super) fn unmapped(&self, stratum: usize) -> usize {
        self.classes + stratum
    }

    /// The unmapped ground that might belong to a figure: of strata that hold a class of it, and of those where
    /// nothing could be read at all.
    fn unmapped_of<'a>(&'a self, figure: &'a [usize]) -> impl Iterator<Item = usize> + 'a {
        let may = |classes: &[usize]| classes.is_empty() || classes.iter().any(|c| figure.contains(c));
        let strata = self.strata.iter().enumerate().filter(move |(_, classes)| may(classes));
        strata.map(|(stratum, _)| self.unmapped(stratum))
    }

    fn grounds(&self) -> usize {
        self.classes + self.strata.len()
    }

    pub(super) fn stratum_of(&self, ground: usize) -> usize {
        match ground.checked_sub(self.classes) {
            Some(stratum) => stratum,
            None => self.strata.iter().position(|classes| classes.contains(&ground)).unwrap_or(0),
        }
    }
}

/// What was measured.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Coverage {
    /// By zone, in zone order.
    pub zones: Vec<ZoneCoverage>,
    /// Patches that cover the same ground.
    pub overlaps: Overlaps,
    /// By cover and value: what the value covers within the zones, patch by patch.
    pub values: Vec<Vec<ValueCoverage>>,
}

/// One zone.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ZoneCoverage {
    /// The zone's ground.
    pub ground: AreaSum,
    /// The zone's plane area from its uncut outline, in square metres.
    pub outline_plane_m2: f64,
    /// By class.
    pub classes: Vec<ClassCoverage>,
    /// By stratum.
    pub strata: Vec<StratumCoverage>,
    /// By figure of the plan.
    pub figures: Vec<FigureCoverage>,
}

impl ZoneCoverage {
    /// Whether any patch of any cover has ground here.
    pub fn has_patches(&self) -> bool {
        let of_strata = self.strata.iter().map(|s| &s.unmapped);
        self.classes.iter().chain(of_strata).any(|class| class.gross != AreaSum::ZERO)
    }
}

/// One class in one zone.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ClassCoverage {
    /// Area of the union of its patches.
    pub net: AreaSum,
    /// Sum of the areas of its patches.
    pub gross: AreaSum,
    /// What it takes after the classes before it in its stratum.
    pub ranked: AreaSum,
    /// Patches with a piece larger than [`FEATURE_COUNTS_M2`] here.
    pub features: u64,
}

impl ClassCoverage {
    /// Adds what the class has in another zone; a patch in both counts in both.
    pub fn add(&mut self, other: &Self) {
        self.net += other.net;
        self.gross += other.gross;
        self.ranked += other.ranked;
        self.features += other.features;
    }
}

/// One stratum in one zone.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct StratumCoverage {
    /// Union of its classes.
    pub mapped: AreaSum,
    /// Sum of the nets of its classes less their union: what is counted in more than one class.
    pub shared: AreaSum,
    /// Ground only under values that nothing maps.
    pub unmapped: ClassCoverage,
    /// Ground under nothing of it.
    pub none: AreaSum,
}

/// One figure in one zone.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct FigureCoverage {
    /// Area of the union of its classes.
    pub area: AreaSum,
    /// The same if all unmapped ground belonged to it: the most the data allow.
    pub with_unmapped: AreaSum,
}

impl ValueCoverage {
    /// Adds other patches.
    pub(super) fn add(&mut self, other: &Self) {
        self.features += other.features;
        self.gross += other.gross;
    }
}

/// One class value of one cover.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ValueCoverage {
    /// Patches with ground in any zone.
    pub features: u64,
    /// Sum of their areas there; zones that overlap count twice.
    pub gross: AreaSum,
}

/// Whether the books of one zone and stratum balance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Balance {
    /// The zone, by index.
    pub zone: usize,
    /// The stratum, by index.
    pub stratum: usize,
    /// Σ net − shared + unmapped + none − zone, in the plane, in square metres.
    pub residual_plane_m2: f64,
    /// The same on the ellipsoid, against the zone's pieces.
    pub residual_ellipsoid_m2: f64,
    /// What is tolerated.
    pub tolerance_m2: f64,
}

impl Balance {
    /// Whether both residuals are within tolerance. Not a number never is.
    pub fn holds(&self) -> bool {
        self.residual_plane_m2.abs() <= self.tolerance_m2
            && self.residual_ellipsoid_m2.abs() <= self.tolerance_m2
    }
}

/// What was read and measured.
pub struct Measured {
    /// The patches.
    pub patches: Patches,
    /// What was asked of them.
    pub plan: Plan,
    /// What was found.
    pub coverage: Coverage,
    /// What was noticed while reading.
    pub findings: Vec<Finding>,
}

/// Reads the covers, plans by the values that were met, and measures. The result does not depend on threads, on the
/// order of patches, or on how much room there is.
pub fn measure(
    covers: &[&dyn Source],
    zones: &Zones,
    plan: impl FnOnce(&Patches) -> Plan,
    area: &AreaModel,
    room: Room<'_>,
    watch: &dyn Watch,
) -> Result<Measured, MeasureError> {
    let cells = Cells::new(zones);
    let desk = Desk { cells: &cells, area, room, watch, held: Default::default() };
    let (patches, findings) = patches::gather(covers, &desk)?;
    let plan = plan(&patches);
    let bench = Bench { patches: &patches, zones, cells: &cells, plan: &plan, area };
    let tiles = tiles(&bench, &room, watch)?;
    let coverage = add_up(&bench, tiles);
    Ok(Measured { coverage, patches, plan, findings })
}

/// Measures all tiles, block by block, in parallel.
fn tiles(
    bench: &Bench<'_>,
    room: &Room<'_>,
    watch: &dyn Watch,
) -> Result<BTreeMap<Tile, TileSums>, MeasureError> {
    let mut blocks: BTreeMap<BlockKey, Vec<Tile>> = BTreeMap::new();
    bench.zones.tiles().for_each(|tile| blocks.entry(heap::block_of(tile)).or_default().push(tile));
    watch.stage(Stage::Measuring, Some(blocks.values().map(Vec::len).sum::<usize>() as u64));
    let blocks: Vec<(BlockKey, Vec<Tile>)> = blocks.into_iter().collect();
    let measured: Result<Vec<Vec<(Tile, TileSums)>>, MeasureError> = blocks
        .par_iter()
        .with_max_len(1)
        .map_init(Tools::default, |tools, (key, tiles)| {
            block::measure(bench, *key, tiles, room, watch, tools)
        })
        .collect();
    Ok(measured?.into_iter().flatten().collect())
}

fn add_up(bench: &Bench<'_>, tiles: BTreeMap<Tile, TileSums>) -> Coverage {
    let Bench { zones, plan, patches, .. } = *bench;
    let values = patches.values.iter().map(|v| vec![ValueCoverage::default(); v.len()]);
    let mut coverage = Coverage { values: values.collect(), ..Coverage::default() };
    let mut grounds = vec![vec![ValueCoverage::default(); plan.grounds()]; zones.zones().len()];
    for (key, sums) in &patches.sums {
        let (cover, value) = (key.cover as usize, key.value as usize);
        if key.zone == ANYWHERE {
            coverage.values[cover][value].add(sums);
            continue;
        }
        let ground = match plan.readings[cover][value] {
            Reading::Class(class) => class,
            Reading::Unmapped(stratum) => plan.unmapped(stratum),
        };
        grounds[key.zone as usize][ground].add(sums);
    }
    let mut totals: Vec<ZoneTile> = zones.zones().iter().map(|_| ZoneTile::new(plan)).collect();
    let mut tile_pairs = Vec::new();
    for tile in tiles.into_values() {
        tile.zones.iter().for_each(|(zone, sums)| totals[*zone as usize].add(sums));
        tile_pairs.push(tile.pairs);
    }
    coverage.overlaps = pairs::add_up(tile_pairs, plan.most_pairs);
    let each = zones.zones().iter().zip(&grounds).zip(&totals);
    coverage.zones =
        each.map(|((zone, grounds), total)| zone_coverage(bench, zone.shape(), grounds, total)).collect();
    coverage
}

impl ZoneTile {
    fn new(plan: &Plan) -> Self {
        Self { none: vec![AreaSum::ZERO; plan.strata.len()], ..Self::default() }
    }

    fn add(&mut self, other: &Self) {
        self.ground += other.ground;
        self.none.iter_mut().zip(&other.none).for_each(|(to, from)| *to += *from);
        for (set, area) in &other.excess {
            *self.excess.entry(*set).or_default() += *area;
        }
    }
}

fn zone_coverage(
    bench: &Bench<'_>,
    outline: &crate::geometry::grid::Shape,
    grounds: &[ValueCoverage],
    total: &ZoneTile,
) -> ZoneCoverage {
    let plan = bench.plan;
    let area = |set: usize| {
        let mut sum = AreaSum::ZERO;
        plan.sets[set].grounds.iter().for_each(|&ground| sum += grounds[ground].gross);
        sum - total.excess.get(&(set as u32)).copied().unwrap_or_default()
    };
    let class = |ground: usize, ranked| ClassCoverage {
        net: area(ground),
        gross: grounds[ground].gross,
        ranked,
        features: grounds[ground].features,
    };
    let mut classes = vec![ClassCoverage::default(); plan.classes];
    let mut strata = Vec::new();
    for (s, members) in plan.strata.iter().enumerate() {
        let (mut nets, mut before) = (AreaSum::ZERO, AreaSum::ZERO);
        for (i, &member) in members.iter().enumerate() {
            let up_to = area(plan.ranked_set(s, i + 1));
            classes[member] = class(member, up_to - before);
            nets += classes[member].net;
            before = up_to;
        }
        let all = area(plan.ranked_set(s, members.len() + 1));
        strata.push(StratumCoverage {
            mapped: before,
            shared: nets - before,
            unmapped: class(plan.unmapped(s), all - before),
            none: total.none[s],
        });
    }
    let figure = |f| {
        let set = plan.figure_set(f);
        FigureCoverage { area: area(set), with_unmapped: area(set + 1) }
    };
    ZoneCoverage {
        ground: total.ground,
        outline_plane_m2: bench.area.plane_m2(outline),
        classes,
        strata,
        figures: (0..plan.figures.len()).map(figure).collect(),
    }
}

impl Coverage {
    /// The balance of every zone and stratum. O(zones x classes).
    pub fn balances(&self, plan: &Plan) -> Vec<Balance> {
        let zones = self.zones.iter().enumerate();
        zones
            .flat_map(|(z, zone)| {
                plan.strata.iter().enumerate().map(move |(s, classes)| balance(z, zone, s, classes))
            })
            .collect()
    }
}

fn balance(zone_index: usize, zone: &ZoneCoverage, stratum_index: usize, classes: &[usize]) -> Balance {
    let stratum = &zone.strata[stratum_index];
    let mut sum = stratum.unmapped.ranked;
    sum += stratum.none;
    sum += -stratum.shared;
    classes.iter().for_each(|&class| sum += zone.classes[class].net);
    let residual = (sum - zone.ground).area();
    Balance {
        zone: zone_index,
        stratum: stratum_index,
        residual_plane_m2: sum.area().plane.0 - zone.outline_plane_m2,
        residual_ellipsoid_m2: residual.ellipsoid.0,
        tolerance_m2: BALANCE_SHARE * zone.outline_plane_m2 + BALANCE_M2,
    }
}
