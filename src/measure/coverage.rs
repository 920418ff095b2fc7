//! Coverage: what each zone has of each class, exactly, and whether the books balance.
//!
//! # The arithmetic (算法口径)
//! For zone *z* and class *k*: `gross` is the sum over patches of the ground they share with *z*; `net` is the
//! area of the union of those grounds. In a stratum (层) classes stand by priority and each takes only what
//! the ones before left (`area`); without priorities a class is united alone and what classes share is said.
//! `none` is the zone less everything in the stratum, found by its own overlay; `unmapped` is ground only
//! under values that nothing maps. Strata are never added: a figure over several is the area of their union.
//!
//! # The balance (平衡检查)
//! Per zone and stratum: Σ area − shared + unmapped + none = zone, where the zone's plane area comes from its
//! outline, uncut, and everything else from pieces within tiles: [`Coverage::balances`].

use rayon::prelude::*;

use crate::geometry::area::{AreaModel, AreaSum};
use crate::geometry::overlay::Overlay;
use crate::measure::pairs::{self, Overlaps};
use crate::measure::patches::Patches;
use crate::measure::tile_sums::{self, Bench, TileSums, ZoneSums};
use crate::measure::{MeasureError, Stage, Watch};
use crate::prepare::Zones;

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
    /// How many overlapping pairs are listed.
    pub most_pairs: usize,
}

/// A kind of ground: a class, or the unmapped ground of a stratum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ground(usize);

impl Ground {
    pub(super) fn class(class: usize) -> Self {
        Self(class)
    }

    pub(super) fn index(self) -> usize {
        self.0
    }
}

impl Plan {
    pub(super) fn unmapped(&self, stratum: usize) -> Ground {
        Ground(self.classes + stratum)
    }

    /// The unmapped ground that might belong to a figure: of strata that hold a class of it, and of those where
    /// nothing could be read at all.
    pub(super) fn unmapped_of<'a>(&'a self, figure: &'a [usize]) -> impl Iterator<Item = Ground> + 'a {
        let may = |classes: &[usize]| classes.is_empty() || classes.iter().any(|c| figure.contains(c));
        let strata = self.strata.iter().enumerate().filter(move |(_, classes)| may(classes));
        strata.map(|(stratum, _)| self.unmapped(stratum))
    }

    pub(super) fn grounds(&self) -> usize {
        self.classes + self.strata.len()
    }

    pub(super) fn stratum_of(&self, ground: Ground) -> usize {
        match ground.0.checked_sub(self.classes) {
            Some(stratum) => stratum,
            None => self.strata.iter().position(|classes| classes.contains(&ground.0)).unwrap_or(0),
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
    /// Patches whose rings cross or cover themselves, with the ground the repair gave or took (m², plane).
    pub repaired: Vec<(u32, f64)>,
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

/// Measures all tiles in parallel. The result does not depend on threads or on the order of patches.
pub fn measure(
    patches: &Patches,
    zones: &Zones,
    plan: &Plan,
    area: &AreaModel,
    watch: &dyn Watch,
) -> Result<Coverage, MeasureError> {
    let tiles: Vec<_> = zones.tiles().collect();
    watch.stage(Stage::Measuring, Some(tiles.len() as u64));
    let bench = Bench { patches, zones, plan, area };
    let sums: Option<Vec<TileSums>> = tiles
        .par_iter()
        .map_init(Overlay::default, |overlay, &tile| {
            if watch.interrupted() {
                return None;
            }
            watch.advance(1);
            let recorded = patches.tiles.get(&tile).map_or(&[][..], Vec::as_slice);
            Some(tile_sums::measure(&bench, tile, recorded, overlay))
        })
        .collect();
    sums.map(|sums| add_up(&bench, sums)).ok_or(MeasureError::Interrupted)
}

fn add_up(bench: &Bench<'_>, tiles: Vec<TileSums>) -> Coverage {
    let Bench { zones, plan, .. } = *bench;
    let mut zone_sums = vec![ZoneSums::new(plan); zones.zones().len()];
    let (mut pieces, mut repaired, mut tile_pairs) = (Vec::new(), Vec::new(), Vec::new());
    for tile in tiles {
        for (zone, sums) in &tile.zones {
            zone_sums[*zone].add(sums);
        }
        pieces.extend(tile.pieces);
        repaired.extend(tile.repaired);
        tile_pairs.push(tile.pairs);
    }
    let pieces = merged(pieces, |(patch, zone, area)| ((patch, zone), area), |a, b| *a += b);
    let mut coverage = Coverage {
        zones: zone_sums.iter().zip(zones.zones()).map(|(s, z)| zone_coverage(bench, s, z.shape())).collect(),
        overlaps: pairs::add_up(tile_pairs, plan.most_pairs),
        values: bench.patches.values.iter().map(|v| vec![ValueCoverage::default(); v.len()]).collect(),
        repaired: repairs(bench, repaired),
    };
    count_features(bench, &pieces, &mut coverage);
    coverage
}

fn zone_coverage(bench: &Bench<'_>, sums: &ZoneSums, outline: &crate::geometry::grid::Shape) -> ZoneCoverage {
    let plan = bench.plan;
    let ground =
        |g: usize, ranked| ClassCoverage { net: sums.net[g], gross: sums.gross[g], ranked, features: 0 };
    let classes: Vec<_> = (0..plan.classes).map(|c| ground(c, sums.ranked[c])).collect();
    let strata = plan.strata.iter().zip(&sums.strata).enumerate().map(|(i, (members, stratum))| {
        let mut nets = AreaSum::ZERO;
        members.iter().for_each(|&class| nets += sums.net[class]);
        StratumCoverage {
            mapped: stratum.mapped,
            shared: nets - stratum.mapped,
            unmapped: ground(plan.unmapped(i).index(), stratum.unmapped),
            none: stratum.none,
        }
    });
    let figure = |f: &tile_sums::FigureSums| FigureCoverage { area: f.area, with_unmapped: f.with_unmapped };
    ZoneCoverage {
        ground: sums.ground,
        outline_plane_m2: bench.area.plane_m2(outline),
        classes,
        strata: strata.collect(),
        figures: sums.figures.iter().map(figure).collect(),
    }
}

/// Brings entries with one key together; sorted by key.
fn merged<T, K: Ord + Copy, V: Copy>(
    entries: Vec<T>,
    key_value: impl Fn(T) -> (K, V),
    add: impl Fn(&mut V, V),
) -> Vec<(K, V)> {
    let mut entries: Vec<(K, V)> = entries.into_iter().map(key_value).collect();
    entries.sort_by_key(|(key, _)| *key);
    entries.dedup_by(|later, kept| {
        let same = later.0 == kept.0;
        if same {
            add(&mut kept.1, later.1);
        }
        same
    });
    entries
}

fn count_features(bench: &Bench<'_>, pieces: &[((u32, u32), AreaSum)], coverage: &mut Coverage) {
    let plan = bench.plan;
    let mut last_patch = None;
    for ((patch, zone), area) in pieces {
        if area.area().plane.0 <= FEATURE_COUNTS_M2 {
            continue;
        }
        let record = &bench.patches.patches[*patch as usize];
        let (cover, value) = (record.cover as usize, record.value as usize);
        let zone = &mut coverage.zones[*zone as usize];
        match plan.readings[cover][value] {
            Reading::Class(class) => zone.classes[class].features += 1,
            Reading::Unmapped(stratum) => zone.strata[stratum].unmapped.features += 1,
        }
        let value = &mut coverage.values[cover][value];
        value.features += u64::from(last_patch != Some(patch));
        value.gross += *area;
        last_patch = Some(patch);
    }
}

fn repairs(bench: &Bench<'_>, repaired: Vec<(u32, i128)>) -> Vec<(u32, f64)> {
    let steps = crate::geometry::grid::STEPS_PER_UNIT;
    let square_m = bench.area.square_unit_m2();
    merged(repaired, |entry| entry, |a, b| *a += b)
        .into_iter()
        .map(|(patch, doubled)| (patch, doubled as f64 / 2.0 / steps / steps * square_m))
        .filter(|(_, moved_m2)| moved_m2.abs() > crate::prepare::REPAIR_WORTH_SAYING_M2)
        .collect()
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
