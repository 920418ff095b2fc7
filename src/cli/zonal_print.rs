//! What becomes of rasters over zones: a table, and a line about it.

use std::path::Path;

use crate::analysis::zonal::{Zonal, ZoneTable};
use crate::cli::zonal_args::ZonalFormat;
use crate::cli::{Done, Session, report, write};
use crate::finding::Finding;
use crate::outputs::zonal::{self as outputs, Statistic};
use crate::project::settings::AreaKind;
use crate::words;

/// Tables to be printed.
pub struct Print {
    /// The statistics; none where classes or a condition were asked for.
    pub statistics: Vec<Statistic>,
    /// Whether areas are of the plane.
    pub plane: bool,
    /// What was noticed about the zones.
    pub findings: Vec<Finding>,
    /// One of each raster.
    pub tables: Vec<Zonal>,
}

impl Print {
    /// Writes them to a file or to the terminal, tells what was noticed, and ends.
    pub fn deliver(self, format: Option<ZonalFormat>, output: Option<&Path>, session: &Session) -> Done {
        let Self { statistics, plane, mut findings, tables } = self;
        findings.extend(tables.iter().flat_map(|table| table.findings.iter().cloned()));
        let area = if plane { AreaKind::Plane } else { AreaKind::Ellipsoid };
        let preamble = outputs::Preamble { schema: 1, program: report::PROGRAM.to_owned(), area };
        let ending = output.and_then(|path| path.extension());
        let json = ending.is_some_and(|ending| ending.eq_ignore_ascii_case("json"));
        let format = format.unwrap_or(if json { ZonalFormat::Json } else { ZonalFormat::Csv });
        let bytes = match format {
            ZonalFormat::Csv if statistics.is_empty() => outputs::classes_csv(&tables, plane),
            ZonalFormat::Csv => outputs::statistics_csv(&tables, &statistics, plane),
            ZonalFormat::Json => outputs::json(&tables, &statistics, &preamble, &findings),
        };
        match output {
            Some(path) => write::file(path, &bytes)?,
            None => write::stdout(&bytes)?,
        }
        if !session.quiet {
            edges(&tables, session);
            eprintln!("{}", identity(&tables, session));
        }
        Ok(session.conclude(&findings))
    }
}

/// How closely zones were brought to the CRS of the rasters, printed once for each CRS and size of cells.
fn edges(tables: &[Zonal], session: &Session) {
    let mut told = Vec::new();
    for edges in tables.iter().filter_map(|table| table.edges.as_ref()) {
        if told.contains(&edges) {
            continue;
        }
        let (from, to) = (&edges.from, &edges.to);
        let (m, cells) = (edges.error_m, edges.error_cells);
        let words = words!(
            "zones brought from {from} to {to}: edges within {m:.0e} m, {cells:.0e} cells, of their true course",
            "分区由 {from} 转换到 {to}：边线与真实位置相差不超过 {m:.0e} 米（{cells:.0e} 个像元）"
        );
        eprintln!("{}", words.say(session.lang));
        told.push(edges);
    }
}

/// The identity, printed on every run.
fn identity(tables: &[Zonal], session: &Session) -> String {
    let zones = || tables.iter().flat_map(|table| &table.zones);
    let worst = zones().max_by(|a, b| {
        let strain = |zone: &ZoneTable| zone.residual_cells.abs() / zone.tolerance_cells;
        strain(a).total_cmp(&strain(b))
    });
    let (residual, tolerance) = worst.map_or((0.0, 0.0), |z| (z.residual_cells, z.tolerance_cells));
    let (n, failing) = (zones().count(), zones().filter(|zone| !zone.balances()).count());
    let words = if failing == 0 {
        words!(
            "classes + (nodata) + (outside) = zone in all {n} zones, largest residual {residual:.1e} cells of {tolerance:.1e} tolerated",
            "{n} 个分区均满足 各类 + 无数据 + 栅格外 = 分区，最大残差 {residual:.1e} 个像元（容差 {tolerance:.1e}）"
        )
    } else {
        words!(
            "the books of {failing} of {n} zones DO NOT BALANCE, largest residual {residual:.1e} cells",
            "{n} 个分区中有 {failing} 个不平衡，最大残差 {residual:.1e} 个像元"
        )
    };
    words.say(session.lang).to_owned()
}
