//! Rasters over zones as CSV and as JSON.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::analysis::zonal::{Edges, Partial, SHARES, Zonal, ZoneTable, ground_m2, quantile, valid_pct};
use crate::finding::Finding;
use crate::measure::zonal::CellSum;
use crate::outputs::{json_document, or_blank, plain_csv, share_pct};
use crate::project::settings::AreaKind;

/// Ground without a value.
const NODATA: &str = "(nodata)";
/// Ground outside the raster.
const OUTSIDE: &str = "(outside)";

/// Quantiles beside the median.
const QUANTILES: [(&str, f64); 4] =
    [("q10", SHARES[0]), ("q25", SHARES[1]), ("q75", SHARES[3]), ("q90", SHARES[4])];
const MEDIAN: f64 = SHARES[2];

/// What values can come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Statistic {
    /// Ground with a value, in square metres.
    Area,
    /// Its share of the zone, in percent.
    Share,
    /// Cells with a value, fractions added up.
    Count,
    /// The mean by weight.
    Mean,
    /// The least value.
    Min,
    /// The greatest value.
    Max,
    /// The value that half of the weight does not exceed.
    Median,
    /// The same of a tenth, a quarter, three quarters and nine tenths.
    Quantiles,
    /// The standard deviation by weight, of all cells.
    Stdev,
}

impl Statistic {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Area,
        Self::Share,
        Self::Count,
        Self::Mean,
        Self::Min,
        Self::Max,
        Self::Median,
        Self::Quantiles,
        Self::Stdev,
    ];

    /// As it is asked for.
    pub fn name(self) -> &'static str {
        match self {
            Self::Area => "area",
            Self::Share => "share",
            Self::Count => "count",
            Self::Mean => "mean",
            Self::Min => "min",
            Self::Max => "max",
            Self::Median => "median",
            Self::Quantiles => "quantiles",
            Self::Stdev => "stdev",
        }
    }

    /// Whether the values themselves have to be kept.
    pub fn by_values(self) -> bool {
        matches!(self, Self::Median | Self::Quantiles)
    }

    /// Its columns, with what a zone has.
    fn columns(self, zone: &ZoneTable, table: &Zonal, plane: bool) -> Vec<(&'static str, Option<f64>)> {
        let (sums, moments) = (&zone.sums, &zone.sums.moments);
        let some = (moments.weight > 0.0).then_some(moments);
        match self {
            Self::Area => vec![("area_m2", ground_m2(sums.valid, table.plane_cell_m2, plane))],
            Self::Share => vec![("share_pct", valid_pct(sums))],
            Self::Count => vec![("count", Some(sums.valid.cells()))],
            Self::Mean => vec![("mean", some.map(|m| m.mean))],
            Self::Min => vec![("min", some.map(|m| m.min))],
            Self::Max => vec![("max", some.map(|m| m.max))],
            Self::Median => vec![("median", quantile(sums, MEDIAN))],
            Self::Quantiles => QUANTILES.map(|(name, share)| (name, quantile(sums, share))).to_vec(),
            Self::Stdev => vec![("stdev", moments.stdev())],
        }
    }
}

/// Parts of rasters over zones, as they travel: with what is printed once they are whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ZonalParts {
    /// The statistics; none where classes or a condition were asked for.
    pub statistics: Vec<Statistic>,
    /// Whether areas are of the plane.
    pub plane: bool,
    /// What was noticed about the zones.
    pub findings: Vec<Finding>,
    /// A part of each raster, in order.
    pub rasters: Vec<Partial>,
}

/// What stands above the figures.
#[derive(Debug, Clone, Serialize)]
pub struct Preamble {
    /// Version of the form of this document.
    pub schema: u32,
    /// The program and its version.
    pub program: String,
    /// Which area `area_m2` is.
    pub area: AreaKind,
}

/// The rows of a zone: each class, also one that it has nothing of, then what holds no value and what lies outside.
fn rows<'t>(table: &'t Zonal, zone: &'t ZoneTable) -> impl Iterator<Item = (String, CellSum)> + 't {
    let sums = &zone.sums;
    let of = |key| (format!("{key}"), sums.classes.get(key).copied().unwrap_or_default());
    let rest = [(NODATA.to_owned(), sums.nodata), (OUTSIDE.to_owned(), sums.outside)];
    table.classes.iter().map(of).chain(rest)
}

/// Columns `zone,class,area_m2,share_pct,cells`, of several rasters with `raster` before; decimals are the shortest that
/// read back the same.
pub fn classes_csv(tables: &[Zonal], plane: bool) -> Vec<u8> {
    let header = ["raster", "zone", "class", "area_m2", "share_pct", "cells"].map(str::to_owned).to_vec();
    let zones = tables.iter().flat_map(|table| table.zones.iter().map(move |zone| (table, zone)));
    let lines = zones.flat_map(|(table, zone)| {
        let m2 = move |sum| ground_m2(sum, table.plane_cell_m2, plane).unwrap_or(f64::NAN);
        let whole = m2(zone.sums.whole());
        rows(table, zone).map(move |(class, sum)| {
            let area = m2(sum);
            let share = or_blank(share_pct(area, whole));
            let (raster, zone) = (table.raster.clone(), zone.zone.clone());
            vec![raster, zone, class, area.to_string(), share, sum.cells().to_string()]
        })
    });
    written(std::iter::once(header).chain(lines), tables.len() > 1)
}

/// Columns `zone`, the statistics, and what is missing: `nodata_cells`, `outside_cells`.
pub fn statistics_csv(tables: &[Zonal], statistics: &[Statistic], plane: bool) -> Vec<u8> {
    let mut lines: Vec<Vec<String>> = Vec::new();
    for table in tables {
        for zone in &table.zones {
            let columns = columns(zone, table, statistics, plane);
            if lines.is_empty() {
                let names = columns.iter().map(|(name, _)| (*name).to_owned());
                lines.push(["raster", "zone"].map(str::to_owned).into_iter().chain(names).collect());
            }
            let values = columns.into_iter().map(|(_, value)| or_blank(value));
            lines.push([table.raster.clone(), zone.zone.clone()].into_iter().chain(values).collect());
        }
    }
    written(lines, tables.len() > 1)
}

fn columns(
    zone: &ZoneTable,
    table: &Zonal,
    statistics: &[Statistic],
    plane: bool,
) -> Vec<(&'static str, Option<f64>)> {
    let missing = [
        ("nodata_cells", Some(zone.sums.nodata.cells())),
        ("outside_cells", Some(zone.sums.outside.cells())),
    ];
    statistics.iter().flat_map(|s| s.columns(zone, table, plane)).chain(missing).collect()
}

fn written(lines: impl IntoIterator<Item = Vec<String>>, name_rasters: bool) -> Vec<u8> {
    plain_csv(lines.into_iter().map(|line| line.into_iter().skip(usize::from(!name_rasters))))
}

#[derive(Serialize)]
struct Document<'a> {
    #[serde(flatten)]
    preamble: &'a Preamble,
    rasters: Vec<RasterDocument<'a>>,
    findings: &'a [Finding],
}

#[derive(Serialize)]
struct RasterDocument<'a> {
    raster: &'a str,
    /// How closely edges of zones were brought to the raster's CRS; null where they are in it.
    edges: Option<&'a Edges>,
    zones: Vec<ZoneDocument<'a>>,
}

#[derive(Serialize)]
struct ZoneDocument<'a> {
    zone: &'a str,
    cells: f64,
    area_m2: Option<f64>,
    plane_m2: Option<f64>,
    valid_pct: Option<f64>,
    residual_cells: f64,
    tolerance_cells: f64,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    rows: Vec<RowDocument>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    statistics: Map<String, Json>,
}

#[derive(Serialize)]
struct RowDocument {
    class: String,
    area_m2: Option<f64>,
    plane_m2: Option<f64>,
    share_pct: Option<f64>,
    cells: f64,
}

/// The same as the CSV, with plane areas beside, the balance of each zone and the findings.
pub fn json(
    tables: &[Zonal],
    statistics: &[Statistic],
    preamble: &Preamble,
    findings: &[Finding],
) -> Vec<u8> {
    let plane = preamble.area == AreaKind::Plane;
    let rasters = tables.iter().map(|table| RasterDocument {
        raster: &table.raster,
        edges: table.edges.as_ref(),
        zones: table.zones.iter().map(|zone| zone_document(table, zone, statistics, plane)).collect(),
    });
    let rasters = rasters.collect();
    json_document(&Document { preamble, rasters, findings })
}

fn zone_document<'a>(
    table: &'a Zonal,
    zone: &'a ZoneTable,
    statistics: &[Statistic],
    plane: bool,
) -> ZoneDocument<'a> {
    let whole = zone.sums.whole();
    let m2 = |sum| ground_m2(sum, table.plane_cell_m2, plane);
    let row = |(class, sum): (String, CellSum)| RowDocument {
        class,
        area_m2: m2(sum),
        plane_m2: ground_m2(sum, table.plane_cell_m2, true),
        share_pct: m2(sum).zip(m2(whole)).and_then(|(part, whole)| share_pct(part, whole)),
        cells: sum.cells(),
    };
    let asked = if statistics.is_empty() { Vec::new() } else { columns(zone, table, statistics, plane) };
    ZoneDocument {
        zone: &zone.zone,
        cells: whole.cells(),
        area_m2: m2(whole),
        plane_m2: ground_m2(whole, table.plane_cell_m2, true),
        valid_pct: valid_pct(&zone.sums),
        residual_cells: zone.residual_cells,
        tolerance_cells: zone.tolerance_cells,
        rows: if statistics.is_empty() { rows(table, zone).map(row).collect() } else { Vec::new() },
        statistics: asked.into_iter().map(|(name, value)| (name.to_owned(), Json::from(value))).collect(),
    }
}
