//! Rasters over zones: zones brought to the grid, one measure, and what is to be noticed about it.

use std::collections::{BTreeSet, HashSet};

use crate::analysis::AreaModel;
use crate::finding::{Finding, Severity};
use crate::geometry::area::{BLOCK_TILES, ToDegrees};
use crate::geometry::cell_area::{CellAreas, Ground};
use crate::geometry::ellipsoid::Ellipsoid;
use crate::geometry::fractions::Rule;
use crate::geometry::grid::FARTHEST_UNITS;
use crate::geometry::tile::{TILE_UNITS, Tile};
use crate::measure::zonal::cover::{self, Cover};
use crate::measure::zonal::read::{self, Key};
use crate::measure::zonal::{CellSum, ZoneSums};
use crate::measure::{MeasureError, Watch};
use crate::prepare::{self, Zone};
use crate::survey::ZoneLayer;
use crate::survey::raster::{Frame, Raster};
use crate::words;

pub use crate::measure::zonal::read::Ask;
pub use crate::measure::zonal::rule::Steps;

/// Below this share of cells with a value a zone's figures are in doubt, in percent.
pub const ENOUGH_VALID_PCT: f64 = 99.0;

/// What a raster's CRS is, for areas.
pub struct Plane<'a> {
    /// Whether it is longitude and latitude.
    pub geographic: bool,
    /// Its ellipsoid.
    pub ellipsoid: Ellipsoid,
    /// Metres in a unit.
    pub unit_m: f64,
    /// From it to degrees.
    pub to_degrees: &'a ToDegrees<'a>,
}

/// Zones on the grid of a raster, to be used for every raster of that grid.
#[derive(Debug)]
pub struct Laid {
    zones: Vec<Zone>,
    cover: Cover,
    frame: Frame,
    /// What was noticed about the zones.
    pub findings: Vec<Finding>,
}

/// Why zones cannot be laid on a grid.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum LayError {
    /// Zones reach so far that their places are no longer exact in cells.
    #[error("the zones reach {cells:.0} cells from the raster's corner")]
    TooFar {
        /// How far.
        cells: f64,
    },
    /// A zone's outline crosses itself still.
    #[error("zone {zone}: its outline covers a cell more than once")]
    Tangled {
        /// Which.
        zone: String,
    },
    /// No zone has a cell.
    #[error("no zone reaches into the raster")]
    Apart,
}

/// The ground of a raster's cells as far as zones, which are in its CRS, reach.
pub fn areas(layer: &ZoneLayer, frame: &Frame, plane: &Plane<'_>) -> CellAreas {
    let ground = if plane.geographic {
        Ground::Degrees(plane.ellipsoid)
    } else {
        let tiles = tiles(layer, frame);
        Ground::Plane(AreaModel::new(tiles, plane.ellipsoid, plane.unit_m, plane.to_degrees))
    };
    CellAreas::new(frame.transform, ground)
}

/// Lays zones, which are in the raster's CRS, on its grid, on the caller's threads.
///
/// # Errors
/// See [`LayError`].
pub fn lay(layer: &ZoneLayer, frame: &Frame, areas: CellAreas, rule: Rule) -> Result<Laid, LayError> {
    let in_cells = in_cells(layer, frame.transform)?;
    let (zones, findings) = prepare::outlines(&in_cells, middle_cell_m2(&in_cells, &areas));
    let size = [frame.columns, frame.rows];
    let cover = cover::lay(&zones, size, areas, rule)
        .map_err(|(index, _)| LayError::Tangled { zone: zones[index].id().to_owned() })?;
    let reached = cover.zones.iter().any(|zone| zone.columns[1] > 0);
    reached.then_some(Laid { zones, cover, frame: frame.clone(), findings }).ok_or(LayError::Apart)
}

/// What a cell has in the middle of the first zone's first edge; for findings.
fn middle_cell_m2(layer: &ZoneLayer, areas: &CellAreas) -> f64 {
    let [x, y] = layer.shapes.points.first().copied().unwrap_or_default();
    areas.plane_m2().unwrap_or_else(|| areas.cell_m2((2.0 * x) as i64, (2.0 * y) as i64))
}

/// The zones in columns and rows.
fn in_cells(layer: &ZoneLayer, [x0, dx, rx, y0, ry, dy]: [f64; 6]) -> Result<ZoneLayer, LayError> {
    let determinant = dx * dy - rx * ry;
    let mut out = layer.clone();
    let mut farthest = 0.0f64;
    for point in &mut out.shapes.points {
        let (x, y) = (point[0] - x0, point[1] - y0);
        *point = if rx == 0.0 && ry == 0.0 {
            [x / dx, y / dy]
        } else {
            [(x * dy - y * rx) / determinant, (y * dx - x * ry) / determinant]
        };
        farthest = farthest.max(point[0].abs()).max(point[1].abs());
    }
    if farthest < FARTHEST_UNITS { Ok(out) } else { Err(LayError::TooFar { cells: farthest }) }
}

/// A tile of every block of the area model that a zone may reach into, with a margin of a patch.
fn tiles(layer: &ZoneLayer, frame: &Frame) -> HashSet<Tile> {
    const MARGIN_CELLS: f64 = 512.0;
    let [_, dx, rx, _, ry, dy] = frame.transform;
    let margin = (dx.abs().max(rx.abs()).max(ry.abs()).max(dy.abs()) * MARGIN_CELLS).min(2048.0);
    let block = |at: f64| (at / (BLOCK_TILES * TILE_UNITS) as f64).floor() as i64;
    let mut tiles = HashSet::new();
    for zone in &layer.zones {
        let points = zone.features.iter().flat_map(|&f| layer.shapes.rings_of(f)).flat_map(|(_, ring)| ring);
        let around = points.fold([f64::MAX, f64::MAX, f64::MIN, f64::MIN], |[w, s, e, n], [x, y]| {
            [w.min(*x), s.min(*y), e.max(*x), n.max(*y)]
        });
        let [w, s, e, n] = around;
        for column in block(w - margin)..=block(e + margin) {
            let rows = block(s - margin)..=block(n + margin);
            tiles.extend(rows.map(|row| Tile { column: column * BLOCK_TILES, row: row * BLOCK_TILES }));
        }
    }
    tiles
}

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

/// Whether the fractions of zones that were laid on one raster's grid serve another's.
pub fn same_grid(laid: &Laid, frame: &Frame) -> bool {
    laid.frame.same_cells(frame)
}

/// Measures a raster over zones that were laid on its grid.
///
/// # Errors
/// Where it cannot be read, or the person stops.
pub fn measure(
    laid: &Laid,
    raster: &dyn Raster,
    weights: Option<&dyn Raster>,
    ask: Ask<'_>,
    watch: &dyn Watch,
) -> Result<Zonal, MeasureError> {
    let request = read::Request { cover: &laid.cover, raster, weights, ask };
    let sums = read::measure(&request, watch)?;
    let classes: BTreeSet<Key> = match ask {
        Ask::Classes => sums.iter().flat_map(|sums| sums.classes.keys().copied()).collect(),
        Ask::Where(_) => [Key::Cover, Key::Rest].into(),
        Ask::Statistics { .. } => BTreeSet::new(),
    };
    let zones = laid.zones.iter().zip(&laid.cover.zones).zip(sums).map(|((zone, cover), sums)| {
        let (residual_cells, tolerance_cells) = cover.balance_cells();
        let by_class: i128 = sums.classes.values().map(|sum| sum.parts).sum();
        let classes_whole = matches!(ask, Ask::Statistics { .. }) || by_class == sums.valid.parts;
        ZoneTable {
            zone: zone.id().to_owned(),
            name: zone.name().map(str::to_owned),
            residual_cells,
            tolerance_cells,
            all_read: classes_whole && sums.valid.parts + sums.nodata.parts == cover.fractions.inside(),
            sums,
        }
    });
    let mut zonal = Zonal {
        raster: raster.name().to_owned(),
        classes: classes.into_iter().collect(),
        zones: zones.collect(),
        plane_cell_m2: laid.cover.areas.plane_m2(),
        findings: raster.findings(),
    };
    let noticed: Vec<Finding> = zonal.zones.iter().flat_map(|zone| noticed(&zonal.raster, zone)).collect();
    zonal.findings.extend(noticed);
    Ok(zonal)
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
/// smaller ones, reaches it.
pub fn quantile(sums: &ZoneSums, share: f64) -> Option<f64> {
    let whole: i128 = sums.values.values().sum();
    let wanted = share * whole as f64;
    let mut below = 0i128;
    let found = sums.values.iter().find(|(_, weight)| {
        below += **weight;
        below as f64 >= wanted && **weight > 0
    });
    found.and_then(|(key, _)| key.number())
}

/// The ground of a sum, as it is printed.
pub fn ground_m2(sum: CellSum, plane_cell_m2: Option<f64>, plane: bool) -> Option<f64> {
    if plane { plane_cell_m2.map(|m2| sum.cells() * m2) } else { Some(sum.ellipsoid_m2()) }
}
