//! The table of a raster over zones, and what is to be noticed about it.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::analysis::zonal::{Ask, Edges, Laid};
use crate::finding::{Finding, Severity};
use crate::measure::zonal::read::{self, Key};
use crate::measure::zonal::{CellSum, ZoneSums};
use crate::measure::{MeasureError, Watch};
use crate::survey::raster::Raster;
use crate::words;

/// Below this share of cells with a value a zone's figures are in doubt, in percent.
const ENOUGH_VALID_PCT: f64 = 99.0;
/// A table of classes has no more rows than this: one for each zone and class.
const MOST_ROWS: usize = 1 << 22;

/// One raster over all zones.
#[derive(Debug, Clone, PartialEq)]
pub struct Zonal {
    /// The raster's name.
    pub raster: String,
    /// All classes that any zone has.
    pub classes: Vec<Key>,
    /// The zones, in the order of their layer.
    pub zones: Vec<ZoneTable>,
    /// Square metres of a cell in the plane; none of a raster in degrees.
    pub plane_cell_m2: Option<f64>,
    /// How closely the zones' edges were brought to its CRS; `None` where they are in it.
    pub edges: Option<Edges>,
    /// What was noticed.
    pub findings: Vec<Finding>,
}

/// What a zone has of a raster.
#[derive(Debug, Clone, PartialEq)]
pub struct ZoneTable {
    /// Its code.
    pub zone: String,
    /// Its name.
    pub name: Option<String>,
    /// What it has.
    pub sums: ZoneSums,
    /// By how much its cells and its ground outside differ from its outline, in cells.
    pub residual_cells: f64,
    /// How much they may.
    pub tolerance_cells: f64,
    /// Whether what was read is to the last bit what the zone covers of the raster.
    pub all_read: bool,
}

impl ZoneTable {
    /// Whether the books balance.
    pub fn balances(&self) -> bool {
        self.all_read && self.residual_cells.abs() <= self.tolerance_cells
    }
}

/// Which raster is measured over zones that were laid on its grid, and for what.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// The zones.
    pub laid: &'a Laid,
    /// The raster.
    pub raster: &'a dyn Raster,
    /// Weights of its cells, for statistics.
    pub weights: Option<&'a dyn Raster>,
    /// What is asked.
    pub ask: Ask<'a>,
    /// How many values or classes a thread may keep at a time; see [`MOST_VALUES`](super::MOST_VALUES).
    pub most: usize,
}

impl<'a> Request<'a> {
    /// As `measure` takes it.
    pub(super) fn read(&self) -> read::Request<'a> {
        let Self { laid, raster, weights, ask, most } = *self;
        read::Request { cover: &laid.cover, raster, weights, ask, most }
    }
}

/// Measures a raster over zones.
///
/// # Errors
/// Where it cannot be read, has too many classes, or the person stops.
pub fn measure(request: &Request<'_>, watch: &dyn Watch) -> Result<Zonal, MeasureError> {
    let sums = read::measure(&request.read(), watch)?;
    Head::of(request).table(sums)
}

/// What a table needs besides the sums; whatever part of a raster is measured, it is the same.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Head {
    pub raster: String,
    pub zones: Vec<ZoneHead>,
    asked: Asked,
    plane_cell_m2: Option<f64>,
    edges: Option<Edges>,
    findings: Vec<Finding>,
}

/// What is known of a zone before the raster is read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct ZoneHead {
    id: String,
    name: Option<String>,
    pub outside: CellSum,
    inside: i128,
    residual_cells: f64,
    tolerance_cells: f64,
}

/// What was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum Asked {
    Classes,
    Where,
    Statistics,
}

impl Head {
    pub(super) fn of(request: &Request<'_>) -> Self {
        let Request { laid, raster, ask, .. } = request;
        let zones = laid.zones.iter().zip(&laid.cover.zones).map(|(zone, cover)| {
            let (residual_cells, tolerance_cells) = cover.balance_cells();
            let (id, name) = (zone.id().to_owned(), zone.name().map(str::to_owned));
            let (outside, inside) = (cover.outside, cover.fractions.inside());
            ZoneHead { id, name, outside, inside, residual_cells, tolerance_cells }
        });
        Self {
            raster: raster.name().to_owned(),
            zones: zones.collect(),
            asked: match ask {
                Ask::Classes => Asked::Classes,
                Ask::Where(_) => Asked::Where,
                Ask::Statistics { .. } => Asked::Statistics,
            },
            plane_cell_m2: laid.cover.areas.plane_m2(),
            edges: laid.edges.clone(),
            findings: raster.findings(),
        }
    }

    /// The table of all zones, of which there are as many sums.
    ///
    /// # Errors
    /// Where it would have too many rows.
    pub(super) fn table(self, sums: Vec<ZoneSums>) -> Result<Zonal, MeasureError> {
        let classes: BTreeSet<Key> = match self.asked {
            Asked::Classes => sums.iter().flat_map(|sums| sums.classes.keys().copied()).collect(),
            Asked::Where => [Key::Cover, Key::Rest].into(),
            Asked::Statistics => BTreeSet::new(),
        };
        if classes.len().saturating_mul(self.zones.len()) > MOST_ROWS {
            let (raster, most) = (self.raster, MOST_ROWS);
            return Err(MeasureError::TooManyClasses { raster, most, apart: false });
        }
        let asked = self.asked;
        let zones = self.zones.into_iter().zip(sums).map(|(zone, sums)| {
            let by_class: i128 = sums.classes.values().map(|sum| sum.parts).sum();
            let classes_whole = asked == Asked::Statistics || by_class == sums.valid.parts;
            ZoneTable {
                zone: zone.id,
                name: zone.name,
                residual_cells: zone.residual_cells,
                tolerance_cells: zone.tolerance_cells,
                all_read: classes_whole && sums.valid.parts + sums.nodata.parts == zone.inside,
                sums,
            }
        });
        let mut zonal = Zonal {
            zones: zones.collect(),
            raster: self.raster,
            classes: classes.into_iter().collect(),
            plane_cell_m2: self.plane_cell_m2,
            edges: self.edges,
            findings: self.findings,
        };
        let by_zone = zonal.zones.iter().flat_map(|zone| noticed(&zonal.raster, zone));
        let noticed: Vec<Finding> = by_zone.chain(broken_classes(&zonal)).collect();
        zonal.findings.extend(noticed);
        Ok(zonal)
    }
}

/// That classes are no whole numbers: heights or an index were counted value by value.
fn broken_classes(zonal: &Zonal) -> Option<Finding> {
    let broken = |key: &&Key| key.number().is_some_and(|value| value.fract() != 0.0);
    let first = zonal.classes.iter().find(broken)?;
    let n = zonal.classes.iter().filter(broken).count();
    let sentence = words!(
        "{n} classes are no whole numbers; the first is {first}",
        "有 {n} 个类别不是整数；首个为 {first}"
    );
    let hint = words!(
        "heights and indices are asked for by --where 'value >= …' or by --stats",
        "高度或指数请用 --where 'value >= …' 或 --stats"
    );
    let finding = Finding::new("zonal-broken-classes", Severity::Warning, sentence);
    Some(finding.in_layer(&zonal.raster).with_hint(hint).counting(n as u64))
}

/// What is to be said of a zone: ground without a value, books that do not balance.
fn noticed(raster: &str, zone: &ZoneTable) -> Vec<Finding> {
    let valid = valid_pct(&zone.sums);
    let id = &zone.zone;
    let missing = zone.sums.whole().ellipsoid_m2() - zone.sums.valid.ellipsoid_m2();
    let finding = |code, severity, sentence| {
        Finding::new(code, severity, sentence).in_layer(raster).in_zone(id).with_area_m2(missing)
    };
    let hint = words!(
        "fill the gaps or take another raster; what is missing is neither green nor not green",
        "请补齐缺失部分或换用其他栅格；缺失部分既不算绿，也不算非绿"
    );
    let gap = match valid {
        Some(share) if share <= 0.0 => Some(finding(
            "zonal-all-missing",
            Severity::Error,
            words!(
                "zone {id} has no cell with a value: its figures are unknown, not zero",
                "分区 {id} 没有任何有效像元：其数值未知，而非为零"
            ),
        )),
        Some(share) if share < ENOUGH_VALID_PCT => Some(finding(
            "zonal-no-data",
            Severity::Warning,
            words!(
                "zone {id}: only {share:.2} % of its ground has a value (no data or outside the raster)",
                "分区 {id}：仅 {share:.2} % 的范围有有效值（其余无数据或在栅格之外）"
            ),
        )),
        _ => None,
    };
    let books = (!zone.balances()).then(|| {
        let residual = zone.residual_cells;
        finding(
            "zonal-books",
            Severity::Error,
            words!(
                "zone {id}: its cells do not add up to its outline (difference {residual:.2e} cells)",
                "分区 {id}：像元合计与其边界面积不符（相差 {residual:.2e} 个像元）"
            ),
        )
    });
    gap.map(|gap| gap.with_hint(hint)).into_iter().chain(books).collect()
}

/// The share of a zone's ground that has a value, in percent; none of a zone without ground.
pub fn valid_pct(sums: &ZoneSums) -> Option<f64> {
    let whole = sums.whole();
    (whole.parts > 0).then(|| sums.valid.parts as f64 / whole.parts as f64 * 100.0)
}

/// The value below which the given share of the weight lies: the least value whose weight, added to that of all
/// smaller ones, reaches it. For one of [`SHARES`](super::SHARES), however many values there are.
pub fn quantile(sums: &ZoneSums, share: f64) -> Option<f64> {
    sums.at_share(share).and_then(Key::number)
}

/// The ground of a sum, as it is printed.
pub fn ground_m2(sum: CellSum, plane_cell_m2: Option<f64>, plane: bool) -> Option<f64> {
    if plane { plane_cell_m2.map(|m2| sum.cells() * m2) } else { Some(sum.ellipsoid_m2()) }
}
