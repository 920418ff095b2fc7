//! Coverage: what each zone has of each class, exactly, and whether the books balance.
//!
//! # The arithmetic (算法口径)
//! For zone *z* and class *k*: `gross` is the sum over patches of the ground they share with *z*; `net` is the
//! area of the union of those grounds. In a stratum (层) classes stand by priority and each takes only what
//! the ones before left (`area`); without priorities a class is united alone and what classes share is said.
//! `none` is the zone less what lies within the border of everything in the stratum together; `unmapped` is ground
//! only under values that nothing maps. Strata are never added: a figure over several is the area of their union.
//!
//! The union of a set of classes has the sum of the areas of their patches, less what is counted more than once:
//! the sum comes from the patches, each measured whole, the rest from the tiles (`tile_sums`).
//!
//! # The balance (平衡检查)
//! Per zone and stratum: Σ area − shared + unmapped + none = zone, where the zone's plane area comes from its
//! outline, uncut, the areas from the patches, whole, `none` from the border of all patches together and what is taken
//! off twice from where they cross, both cut along tiles: [`Coverage::balances`]. A patch that was lost on the way, a
//! border that was joined wrongly or a tile that was left out does not balance; that a stretch of border was taken for
//! bounding the union when it does not would leave it open, which is noticed where it is joined.
//!
//! # Where the time goes
//! On a clean county in detail (`make bench-peers`, job J1, from a GeoPackage) about two fifths of the CPU go into patches
//! while they are at hand: rings put on the grid, tested for being simple, summed, split along the borders of towns, and
//! laid by; a tenth is the system clearing the memory where they are laid. A fifth is reading and decoding, another the
//! border of all patches together, a third of that the sorting of edges by hash. The rest is preparing the towns and adding
//! up. Where patches overlap everywhere (J2) a third goes into tiles, most of it into finding and joining crossings. The
//! floor is the decode (`benches/decode.rs`); `benches/coverage.rs` takes the kernels one by one.

use std::collections::BTreeMap;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::attribute::Value;
use crate::finding::Finding;
use crate::geometry::area::{AreaModel, AreaSum};
use crate::geometry::tile::Tile;
use crate::measure::add_up::add_up;
use crate::measure::block;
use crate::measure::heap::{self, BlockKey, Room};
use crate::measure::pairs::Overlaps;
use crate::measure::partial::Partial;
use crate::measure::patches::{self, Desk, Patches};
pub use crate::measure::plan::{Plan, Reading};
use crate::measure::task::Task;
use crate::measure::tile_sums::{Bench, TileSums, Tools};
use crate::measure::trail::Trail;
use crate::measure::{MeasureError, Stage, Watch};
use crate::prepare::Zones;
use crate::survey::Source;
use crate::threads::on_the_callers_threads;

/// A patch counts as a feature of a zone when its piece there exceeds this many square metres.
pub const FEATURE_COUNTS_M2: f64 = 0.01;

/// The books of a zone balance within this share of its area ...
pub const BALANCE_SHARE: f64 = 1e-8;
/// ... and this many square metres.
pub const BALANCE_M2: f64 = 0.01;

/// What was measured.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Coverage {
    /// By zone, in zone order.
    pub zones: Vec<ZoneCoverage>,
    /// Patches that cover the same ground.
    pub overlaps: Overlaps,
    /// By cover and value: what the value covers within the zones that are told of, patch by patch.
    pub values: Vec<Vec<ValueCoverage>>,
    /// By cover, zone and value: the ground of values that nothing maps, patch by patch.
    pub unread: BTreeMap<[usize; 3], AreaSum>,
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
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
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
    plan: impl FnOnce(&[Vec<Value>]) -> Plan + Send,
    area: &AreaModel,
    room: Room<'_>,
    watch: &dyn Watch,
) -> Result<Measured, MeasureError> {
    let (partial, plan) = part(covers, &Task::everything(zones), plan, area, room, watch)?;
    finish(partial, zones, plan, area)
}

/// The same, and the pieces that it adds up.
pub fn measure_traced(
    covers: &[&dyn Source],
    zones: &Zones,
    plan: impl FnOnce(&[Vec<Value>]) -> Plan + Send,
    area: &AreaModel,
    room: Room<'_>,
    watch: &dyn Watch,
) -> Result<(Measured, Trail), MeasureError> {
    let task = Task::everything(zones);
    let (partial, plan, trail) = part_traced(covers, &task, plan, area, room, watch)?;
    Ok((finish(partial, zones, plan, area)?, trail))
}

/// A part of the same: reads all covers, and measures what the task asks for, on the pool of threads that the caller is
/// on ([`on_threads`](crate::threads::on_threads)).
pub fn part(
    covers: &[&dyn Source],
    task: &Task<'_>,
    plan: impl FnOnce(&[Vec<Value>]) -> Plan + Send,
    area: &AreaModel,
    room: Room<'_>,
    watch: &dyn Watch,
) -> Result<(Partial, Plan), MeasureError> {
    let (partial, plan, _) = work(covers, (task, false), plan, area, room, watch)?;
    Ok((partial, plan))
}

/// The same, and the pieces that it adds up.
pub fn part_traced(
    covers: &[&dyn Source],
    task: &Task<'_>,
    plan: impl FnOnce(&[Vec<Value>]) -> Plan + Send,
    area: &AreaModel,
    room: Room<'_>,
    watch: &dyn Watch,
) -> Result<(Partial, Plan, Trail), MeasureError> {
    work(covers, (task, true), plan, area, room, watch)
}

/// A task; the trail is empty where it is not `traced`.
fn work(
    covers: &[&dyn Source],
    (task, traced): (&Task<'_>, bool),
    plan: impl FnOnce(&[Vec<Value>]) -> Plan + Send,
    area: &AreaModel,
    room: Room<'_>,
    watch: &dyn Watch,
) -> Result<(Partial, Plan, Trail), MeasureError> {
    let zones = task.zones();
    let cells = zones.cells();
    on_the_callers_threads(|| {
        let desk = Desk { cells, task, area, room, watch, held: Default::default(), traced };
        let mut gathered = patches::gather(covers, &desk)?;
        let plan = plan(&gathered.surveyed.values);
        let bench = Bench { gathered: &gathered, zones, cells, plan: &plan, area, traced };
        let mut tiles = tiles(&bench, task, &room, watch)?;
        let mut entries = std::mem::take(&mut gathered.trail);
        tiles.iter_mut().for_each(|(_, sums)| entries.append(&mut sums.lost));
        let trail = Trail::of(entries, &gathered.renumbered, &plan);
        Ok((Partial::new(task, gathered, tiles), plan, trail))
    })
}

/// Adds up a partial of which nothing is missing, under the plan that it was measured by.
pub fn finish(
    mut partial: Partial,
    zones: &Zones,
    plan: Plan,
    area: &AreaModel,
) -> Result<Measured, MeasureError> {
    if partial.missing(zones).is_some() || !partial.fits(zones, &plan) {
        return Err(MeasureError::Misfit);
    }
    let patches = partial.patches();
    let coverage = add_up(&mut partial, zones, &plan, area);
    Ok(Measured { patches, plan, coverage, findings: partial.surveyed.findings })
}

/// Measures the tiles of a task, block by block, in parallel.
fn tiles(
    bench: &Bench<'_>,
    task: &Task<'_>,
    room: &Room<'_>,
    watch: &dyn Watch,
) -> Result<Vec<(Tile, TileSums)>, MeasureError> {
    let mut blocks: BTreeMap<BlockKey, Vec<Tile>> = BTreeMap::new();
    let looked_at = bench.zones.tiles().filter(|tile| task.looks_at(*tile));
    looked_at.for_each(|tile| blocks.entry(heap::block_of(tile)).or_default().push(tile));
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

    /// Those that do not hold. O(zones x classes).
    pub fn unbalanced(&self, plan: &Plan) -> Vec<Balance> {
        self.balances(plan).into_iter().filter(|balance| !balance.holds()).collect()
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
