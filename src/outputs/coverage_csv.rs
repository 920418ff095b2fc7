//! `coverage.csv`: every place, stratum and class; figures over several strata below.
//!
//! Rows of a stratum end with `(unmapped)` and `(none)`; with them its areas add up to the place. Figure rows
//! (stratum `(figure)`) are unions over strata: they are not part of that sum.

use crate::analysis::analyze::{ClassRow, PlaceCoverage};
use crate::analysis::pieces::{UNMAPPED, UNREAD};
use crate::outputs::wording::{figure, figure_key, place_key};
use crate::outputs::{Report, csv_document, m2, or_blank, share_pct};
use crate::units::Area;

const HEADER: [&str; 14] = [
    "place",
    "zone",
    "name",
    "stratum",
    "class",
    "class_name",
    "area_m2",
    "share_pct",
    "plane_m2",
    "net_m2",
    "gross_m2",
    "features",
    "area_ha",
    "area_mu",
];

/// The whole table: towns first, then the county and the scopes.
pub fn coverage_csv(report: &Report<'_>) -> Vec<u8> {
    let analysis = report.analysis;
    let places = analysis.towns.iter().chain([&analysis.county]).chain(&analysis.scopes);
    csv_document(&HEADER, places.flat_map(|place| place_lines(report, place)))
}

fn place_lines(report: &Report<'_>, place: &PlaceCoverage) -> Vec<Vec<String>> {
    let Report { project, lang, .. } = *report;
    let mut lines = Vec::new();
    for (index, rows) in place.strata.iter().enumerate() {
        let stratum = project.strata.get(index).map_or(UNREAD, |s| s.name.as_str());
        let line = |class: &str, name: &str, area: Area, row: Option<&ClassRow>| {
            line(report, place, stratum, class, name, area, row)
        };
        for row in &rows.classes {
            let Some(class) = row.class.and_then(|c| project.classes.get(c)) else { continue };
            lines.push(line(&class.id, class.name.say(lang), row.area, Some(row)));
        }
        lines.push(line(UNMAPPED, "", rows.unmapped.area, Some(&rows.unmapped)));
        lines.push(line("(none)", "", rows.none, None));
    }
    let figures = place.figures.iter().filter(|_| !place.is_unsurveyed());
    for row in figures {
        let name = figure(row.figure);
        lines.push(line(report, place, "(figure)", figure_key(row.figure), name.say(lang), row.area, None));
    }
    lines
}

fn line(
    report: &Report<'_>,
    place: &PlaceCoverage,
    stratum: &str,
    class: &str,
    class_name: &str,
    area: Area,
    row: Option<&ClassRow>,
) -> Vec<String> {
    let kind = report.project.area;
    let m2_of = |area: Area| m2(area, kind);
    let area_m2 = crate::units::SquareMetres(m2_of(area));
    vec![
        place_key(&place.place).to_owned(),
        place.code.clone(),
        place.name.clone().unwrap_or_default(),
        stratum.to_owned(),
        class.to_owned(),
        class_name.to_owned(),
        area_m2.0.to_string(),
        or_blank(share_pct(area_m2.0, m2_of(place.ground))),
        area.plane.0.to_string(),
        or_blank(row.map(|r| m2_of(r.net))),
        or_blank(row.map(|r| m2_of(r.gross))),
        or_blank(row.map(|r| r.features)),
        format!("{:.4}", area_m2.hectares()),
        format!("{:.2}", area_m2.mu()),
    ]
}
