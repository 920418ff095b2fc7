//! A tabulation as CSV, as JSON and as a table for the terminal.

use comfy_table::{Cell, CellAlignment, Table, presets};
use serde::Serialize;

use crate::analysis::tabulate::{Row, Tabulation};
use crate::finding::Finding;
use crate::outputs::{json_document, m2, plain_csv, share_pct};
use crate::project::settings::AreaKind;
use crate::words::{Lang, Words};

/// What stands above the figures: enough to say where they come from.
#[derive(Debug, Clone, Serialize)]
pub struct Preamble {
    /// Version of the form of this document.
    pub schema: u32,
    /// The program and its version.
    pub program: String,
    /// Working CRS.
    pub working_crs: String,
    /// Why it was chosen.
    pub working_crs_from: Words,
    /// Which area `area_m2` is.
    pub area: AreaKind,
}

/// Columns `zone,class,area_m2,share_pct,gross_m2,features`; decimals are the shortest that read back the same.
pub fn csv(tabulation: &Tabulation, kind: AreaKind) -> Vec<u8> {
    let mut lines =
        vec![["zone", "class", "area_m2", "share_pct", "gross_m2", "features"].map(str::to_owned)];
    for zone in &tabulation.zones {
        let whole = m2(zone.area, kind);
        lines.extend(zone.rows.iter().map(|row| {
            let area = m2(row.area, kind);
            [
                zone.zone.clone(),
                row.class.clone(),
                area.to_string(),
                share_pct(area, whole).map_or(String::new(), |s| s.to_string()),
                row.gross.map_or(String::new(), |g| m2(g, kind).to_string()),
                row.features.map_or(String::new(), |f| f.to_string()),
            ]
        }));
    }
    plain_csv(lines)
}

#[derive(Serialize)]
struct Document<'a> {
    #[serde(flatten)]
    preamble: &'a Preamble,
    zones: Vec<ZoneDocument<'a>>,
    findings: &'a [Finding],
}

#[derive(Serialize)]
struct ZoneDocument<'a> {
    zone: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    area_m2: f64,
    plane_m2: f64,
    residual_m2: f64,
    rows: Vec<RowDocument<'a>>,
}

#[derive(Serialize)]
struct RowDocument<'a> {
    class: &'a str,
    area_m2: f64,
    plane_m2: f64,
    share_pct: Option<f64>,
    gross_m2: Option<f64>,
    features: Option<u64>,
}

/// The same as [`csv()`], with plane areas beside, the balance of each zone and the findings.
pub fn json(tabulation: &Tabulation, preamble: &Preamble) -> Vec<u8> {
    let kind = preamble.area;
    let zones = tabulation.zones.iter().zip(&tabulation.balances).map(|(zone, balance)| ZoneDocument {
        zone: &zone.zone,
        name: zone.name.as_deref(),
        area_m2: m2(zone.area, kind),
        plane_m2: zone.area.plane.0,
        residual_m2: balance.residual_plane_m2,
        rows: zone.rows.iter().map(|row| row_document(row, m2(zone.area, kind), kind)).collect(),
    });
    let document = Document { preamble, zones: zones.collect(), findings: &tabulation.findings };
    json_document(&document)
}

fn row_document(row: &Row, whole: f64, kind: AreaKind) -> RowDocument<'_> {
    let area_m2 = m2(row.area, kind);
    RowDocument {
        class: &row.class,
        area_m2,
        plane_m2: row.area.plane.0,
        share_pct: share_pct(area_m2, whole),
        gross_m2: row.gross.map(|g| m2(g, kind)),
        features: row.features,
    }
}

/// For people: hectares to two decimals, shares to two decimals.
pub fn table(tabulation: &Tabulation, kind: AreaKind, lang: Lang) -> String {
    let header = match lang {
        Lang::En => ["zone", "name", "class", "area ha", "share %", "gross ha", "features"],
        Lang::Zh => ["代码", "名称", "类", "面积（公顷）", "占比（%）", "合计面积（公顷）", "要素数"],
    };
    let named = tabulation.zones.iter().any(|z| z.name.is_some());
    let keep = |i: usize| i != 1 || named;
    let pick = |cells: Vec<Cell>| cells.into_iter().enumerate().filter(|(i, _)| keep(*i)).map(|(_, c)| c);
    let mut table = Table::new();
    table.load_style(presets::UTF8_BORDERS_ONLY);
    table.set_header(pick(header.into_iter().map(Cell::new).collect()));
    for zone in &tabulation.zones {
        let whole = m2(zone.area, kind);
        for row in &zone.rows {
            let area = m2(row.area, kind);
            let right = |text: String| Cell::new(text).set_alignment(CellAlignment::Right);
            let hectares = |m2: f64| format!("{:.2}", m2 / 10_000.0);
            table.add_row(pick(vec![
                Cell::new(&zone.zone),
                Cell::new(zone.name.as_deref().unwrap_or("")),
                Cell::new(&row.class),
                right(hectares(area)),
                right(share_pct(area, whole).map_or(String::new(), |s| format!("{s:.2}"))),
                right(row.gross.map_or(String::new(), |g| hectares(m2(g, kind)))),
                right(row.features.map_or(String::new(), |f| f.to_string())),
            ]));
        }
    }
    format!("{table}\n")
}
