//! `map.svg` and `map.png`: the towns coloured by the share of one figure.

use crate::finding::{Finding, Severity};
use crate::outputs::map::{Map, MapInput, MapZone};
use crate::outputs::wording::figure;
use crate::outputs::{Report, m2};
use crate::project::settings::Figure;
use crate::words;

/// The map of the figure that the project asks for, or of the first one that was measured.
pub fn towns_map(report: &Report<'_>) -> MapInput {
    let Report { project, analysis, lang, .. } = *report;
    let wanted = project.map.figure;
    let shown =
        if analysis.figures.contains(&wanted) { Some(wanted) } else { analysis.figures.first().copied() };
    let sheet = sheet_of(report);
    let shares = analysis.towns.iter().map(|town| shown.and_then(|f| share(report, town, f)));
    let zones = sheet.zones.into_iter().zip(shares).map(|(zone, value)| MapZone { value, ..zone }).collect();
    let name = shown.map_or_else(String::new, |f| figure(f).say(lang).to_owned());
    MapInput {
        subtitle: subtitle(report, shown),
        zones,
        legend_title: name,
        legend_note: words!("% of the town's ground", "占乡镇面积 %").say(lang).to_owned(),
        ..sheet
    }
}

/// A sheet with the towns without a value, and all that does not depend on what is shown.
pub(super) fn sheet_of(report: &Report<'_>) -> MapInput {
    let Report { project, analysis, lang, .. } = *report;
    let crs = &report.crs;
    let zones = analysis.towns.iter().zip(&analysis.outlines).map(|(town, outline)| MapZone {
        code: town.code.clone(),
        name: town.name.clone().unwrap_or_else(|| town.code.clone()),
        shape: outline.clone(),
        value: None,
    });
    MapInput {
        title: project.map.title.clone(),
        subtitle: Vec::new(),
        zones: zones.collect(),
        legend_title: String::new(),
        legend_note: String::new(),
        metres_per_unit: crs.unit_m,
        crs: if crs.crs == crs.name { crs.name.clone() } else { format!("{} {}", crs.crs, crs.name) },
        sources: sources(report),
        generated_by: report.program.clone(),
        lang,
    }
}

fn share(
    report: &Report<'_>,
    place: &crate::analysis::analyze::PlaceCoverage,
    wanted: Figure,
) -> Option<f64> {
    let kind = report.project.area;
    let row = place.figures.iter().find(|row| row.figure == wanted)?;
    let ground = m2(place.ground, kind);
    (ground > 0.0 && !place.is_unsurveyed()).then(|| m2(row.area, kind) / ground)
}

/// The county's own figure.
fn subtitle(report: &Report<'_>, shown: Option<Figure>) -> Vec<String> {
    let county = &report.analysis.county;
    let line = shown.and_then(|f| {
        let pct = share(report, county, f)? * 100.0;
        let (name, n) = (figure(f), report.analysis.towns.len());
        let (en, zh) = (name.en, name.zh);
        let line = words!("{en} of all {n} towns: {pct:.2} %", "全县 {n} 个乡镇{zh}：{pct:.2}%");
        Some(line.say(report.lang).to_owned())
    });
    line.into_iter().collect()
}

fn sources(report: &Report<'_>) -> String {
    let covers = report.project.covers.iter().map(|c| match &c.date {
        Some(date) => format!("{} ({date})", c.name),
        None => c.name.clone(),
    });
    covers.collect::<Vec<_>>().join("; ")
}

/// What the map could not show.
pub fn findings(map: &Map) -> Vec<Finding> {
    let missing: String = map.missing_glyphs.iter().collect();
    let glyphs = (!missing.is_empty()).then(|| {
        Finding::new(
            "map-glyphs",
            Severity::Warning,
            words!(
                "the map's font lacks these characters, drawn as boxes: {missing}",
                "地图字体缺少下列字符，以方框代替：{missing}"
            ),
        )
        .with_hint(words!(
            "the names are whole in all tables; only the map lacks them",
            "各表格中的名称不受影响，仅地图缺字"
        ))
    });
    let codes = map.unlabelled.join(", ");
    let unlabelled = (!codes.is_empty()).then(|| {
        Finding::new(
            "map-unlabelled",
            Severity::Info,
            words!(
                "too small or crowded to be named on the map: {codes}",
                "地图上因面积过小或过密未注名：{codes}"
            ),
        )
        .counting(map.unlabelled.len() as u64)
    });
    glyphs.into_iter().chain(unlabelled).collect()
}
