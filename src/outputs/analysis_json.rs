//! `analysis.json`: everything that came out, for programs that read on. `schema = 1`.

use serde::Serialize;

use crate::analysis::analyze::PlaceCoverage;
use crate::analysis::noticed_cells::valid_pct;
use crate::analysis::pieces::UNREAD;
use crate::analysis::reading::ValueRow;
use crate::fact::{Fact, Place};
use crate::finding::Finding;
use crate::indicators::Verdict;
use crate::outputs::wording::figure_key;
use crate::outputs::{CrsNote, Report, json_document, m2, share_pct};
use crate::project::settings::AreaKind;
use crate::units::Area;
use crate::words::Words;

#[derive(Serialize)]
struct Document<'a> {
    schema: u32,
    program: &'a str,
    title: &'a str,
    working_crs: &'a CrsNote,
    area: AreaKind,
    classes: Vec<Class<'a>>,
    county: PlaceDocument<'a>,
    towns: Vec<PlaceDocument<'a>>,
    scopes: Vec<PlaceDocument<'a>>,
    balances: Vec<BalanceDocument<'a>>,
    values: Vec<ValueDocument<'a>>,
    facts: &'a [Fact],
    verdicts: &'a [Verdict],
    findings: &'a [Finding],
}

#[derive(Serialize)]
struct Class<'a> {
    id: &'a str,
    name: &'a Words,
    stratum: Option<&'a str>,
    counts_as: Vec<&'static str>,
}

#[derive(Serialize)]
struct PlaceDocument<'a> {
    place: &'a Place,
    code: &'a str,
    name: Option<&'a str>,
    ground_m2: f64,
    ground_plane_m2: f64,
    /// Ground that no cover has any patch of; there is no share of it.
    unsurveyed_m2: f64,
    residents: Option<f64>,
    strata: Vec<StratumDocument<'a>>,
    figures: Vec<FigureDocument>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    cells: Vec<CellsDocument<'a>>,
}

/// Of how much of a place the cells of a cover, and of those of its kin, have data.
#[derive(Serialize)]
struct CellsDocument<'a> {
    cover: &'a str,
    missing_m2: f64,
    valid_pct: f64,
}

#[derive(Serialize)]
struct StratumDocument<'a> {
    stratum: &'a str,
    classes: Vec<ClassDocument<'a>>,
    unmapped_m2: f64,
    none_m2: f64,
}

#[derive(Serialize)]
struct ClassDocument<'a> {
    class: &'a str,
    area_m2: f64,
    share_pct: Option<f64>,
    plane_m2: f64,
    net_m2: f64,
    gross_m2: f64,
    features: u64,
}

#[derive(Serialize)]
struct FigureDocument {
    figure: &'static str,
    area_m2: f64,
    share_pct: Option<f64>,
    most_area_m2: f64,
    most_share_pct: Option<f64>,
}

#[derive(Serialize)]
struct BalanceDocument<'a> {
    zone: &'a str,
    stratum: &'a str,
    residual_plane_m2: f64,
    residual_ellipsoid_m2: f64,
    tolerance_m2: f64,
    holds: bool,
}

#[derive(Serialize)]
struct ValueDocument<'a> {
    cover: &'a str,
    class_id: Option<&'a str>,
    #[serde(flatten)]
    row: &'a ValueRow,
}

/// The document.
pub fn analysis_json(report: &Report<'_>) -> Vec<u8> {
    let Report { project, analysis, .. } = *report;
    let strata = || project.strata.iter();
    let stratum_of =
        |class: usize| strata().find(|s| s.classes.iter().any(|c| c.0 == class)).map(|s| s.name.as_str());
    let classes = project.classes.iter().enumerate().map(|(index, class)| Class {
        id: &class.id,
        name: &class.name,
        stratum: stratum_of(index),
        counts_as: class.counts_as.iter().map(|f| figure_key(*f)).collect(),
    });
    let balances = analysis.balances.iter().map(|b| BalanceDocument {
        zone: &analysis.towns[b.zone].code,
        stratum: project.strata.get(b.stratum).map_or("", |s| s.name.as_str()),
        residual_plane_m2: b.residual_plane_m2,
        residual_ellipsoid_m2: b.residual_ellipsoid_m2,
        tolerance_m2: b.tolerance_m2,
        holds: b.holds(),
    });
    let values = analysis.values.iter().map(|row| ValueDocument {
        cover: &project.covers[row.cover].name,
        class_id: row.class.map(|c| project.classes[c].id.as_str()),
        row,
    });
    json_document(&Document {
        schema: 1,
        program: &report.program,
        title: &project.title,
        working_crs: &report.crs,
        area: project.area,
        classes: classes.collect(),
        county: place(report, &analysis.county),
        towns: analysis.towns.iter().map(|p| place(report, p)).collect(),
        scopes: analysis.scopes.iter().map(|p| place(report, p)).collect(),
        balances: balances.collect(),
        values: values.collect(),
        facts: &analysis.facts,
        verdicts: &analysis.verdicts,
        findings: &analysis.findings,
    })
}

fn place<'a>(report: &Report<'a>, row: &'a PlaceCoverage) -> PlaceDocument<'a> {
    let project = report.project;
    let m2_of = |area: Area| m2(area, project.area);
    let whole = m2_of(row.ground);
    let name = |index: usize| project.strata.get(index).map_or(UNREAD, |s| s.name.as_str());
    let strata = row.strata.iter().enumerate().map(|(index, rows)| StratumDocument {
        stratum: name(index),
        classes: rows
            .classes
            .iter()
            .filter_map(|class| {
                let area_m2 = m2_of(class.area);
                Some(ClassDocument {
                    class: &project.classes.get(class.class?)?.id,
                    area_m2,
                    share_pct: share_pct(area_m2, whole),
                    plane_m2: class.area.plane.0,
                    net_m2: m2_of(class.net),
                    gross_m2: m2_of(class.gross),
                    features: class.features,
                })
            })
            .collect(),
        unmapped_m2: m2_of(rows.unmapped.area),
        none_m2: m2_of(rows.none),
    });
    let figures = row.figures.iter().map(|f| FigureDocument {
        figure: figure_key(f.figure),
        area_m2: m2_of(f.area),
        share_pct: share_pct(m2_of(f.area), whole),
        most_area_m2: m2_of(f.with_unmapped),
        most_share_pct: share_pct(m2_of(f.with_unmapped), whole),
    });
    let cells = row.cells.iter().map(|c| CellsDocument {
        cover: report.project.covers.get(c.cover).map_or("", |cover| cover.name.as_str()),
        missing_m2: m2_of(c.missing),
        valid_pct: valid_pct(row, c.missing),
    });
    PlaceDocument {
        cells: cells.collect(),
        place: &row.place,
        code: &row.code,
        name: row.name.as_deref(),
        ground_m2: whole,
        ground_plane_m2: row.ground.plane.0,
        unsurveyed_m2: m2_of(row.unsurveyed),
        residents: row.residents,
        strata: strata.collect(),
        figures: figures.collect(),
    }
}
