//! Findings on covers of cells: ground without data, and how far they agree with polygons.

use crate::analysis::analyze::PlaceCoverage;
use crate::analysis::cells::{CrossRow, CrossSources};
use crate::fact::Place;
use crate::finding::{Finding, Severity, listed};
use crate::project::settings::Project;
use crate::units::Area;
use crate::words;

/// Fewer cells with data than this are worth a word, in per cent of the ground.
const VALID_PCT: f64 = 99.0;

/// How much of a place its cells have data for, in per cent.
pub fn valid_pct(place: &PlaceCoverage, missing: Area) -> f64 {
    let ground = place.ground.ellipsoid.0;
    if ground > 0.0 { 100.0 * (1.0 - missing.ellipsoid.0 / ground) } else { 0.0 }
}

/// On towns of which cells have less data than `VALID_PCT`, cover by cover.
pub fn of_missing_cells(project: &Project, towns: &[PlaceCoverage]) -> Vec<Finding> {
    let covers = towns.first().map_or(0, |town| town.cells.len());
    (0..covers).flat_map(|at| of_cover(project, towns, at)).collect()
}

fn of_cover(project: &Project, towns: &[PlaceCoverage], at: usize) -> Vec<Finding> {
    let rows = || towns.iter().filter_map(|town| Some((town, town.cells.get(at)?)));
    let name = |town: &PlaceCoverage| town.name.clone().unwrap_or_else(|| town.code.clone());
    let cover =
        rows().next().and_then(|(_, row)| project.covers.get(row.cover)).map_or("", |c| c.name.as_str());
    let mut findings = Vec::new();
    let (unreached, reached): (Vec<_>, Vec<_>) = rows().partition(|(town, row)| row.missing == town.ground);
    let poor: Vec<_> =
        reached.into_iter().filter(|(town, row)| valid_pct(town, row.missing) < VALID_PCT).collect();
    if !poor.is_empty() {
        let said =
            poor.iter().map(|(town, row)| format!("{} {:.2} %", name(town), valid_pct(town, row.missing)));
        let (n, list) = (poor.len(), listed(said));
        let m2 = poor.iter().map(|(_, row)| row.missing.ellipsoid.0).sum();
        let sentence = words!(
            "has data for less than 99 % of {n} zones: {list}; the rest is unmapped and widens the figures",
            "在 {n} 个分区内有效像元不足 99%：{list}；其余计为未识别，并放宽相应指标的区间"
        );
        let hint = words!(
            "fill the gaps from another survey, or give one that covers all of the zones",
            "请用其他调查补齐空缺，或改用完整覆盖分区的栅格"
        );
        let finding = Finding::new("cells-missing", Severity::Warning, sentence);
        findings.push(finding.in_layer(cover).with_area_m2(m2).counting(n as u64).with_hint(hint));
    }
    if !unreached.is_empty() {
        let (n, list) = (unreached.len(), listed(unreached.iter().map(|(town, _)| name(town))));
        let sentence = words!(
            "has no data in {n} zones, and says nothing of them: {list}",
            "在 {n} 个分区内没有数据，不反映其状况：{list}"
        );
        findings.push(
            Finding::new("cells-elsewhere", Severity::Info, sentence).in_layer(cover).counting(n as u64),
        );
    }
    findings
}

/// On classes whose two sources differ in some town by more than cells at outlines explain.
pub fn of_cross_check(project: &Project, rows: &[CrossRow], sources: &[CrossSources]) -> Vec<Finding> {
    sources.iter().filter_map(|source| of_class(project, rows, source)).collect()
}

fn of_class(project: &Project, rows: &[CrossRow], source: &CrossSources) -> Option<Finding> {
    let towns = rows.iter().filter(|row| row.class == source.class && row.place != Place::County);
    let far: Vec<&CrossRow> = towns.filter(|row| row.difference_m2().abs() > row.edge_m2).collect();
    let worst = far.iter().max_by(|a, b| a.difference_m2().abs().total_cmp(&b.difference_m2().abs()))?;
    let class = project.classes.get(source.class)?;
    let (id, n) = (&class.id, far.len());
    let town = worst.name.as_ref().unwrap_or(&worst.code);
    let (by_polygons, by_cells) = (worst.polygons.ellipsoid.hectares(), worst.cells.ellipsoid.hectares());
    let edge = worst.edge_m2 / 1e4;
    let dated = |covers: &[(String, Option<String>)], unknown: &str| {
        let one = |(name, date): &(String, Option<String>)| {
            format!("{name} ({})", date.as_deref().unwrap_or(unknown))
        };
        covers.iter().map(one).collect::<Vec<_>>().join(", ")
    };
    let (polygons_en, cells_en) = (dated(&source.polygons, "no date"), dated(&source.cells, "no date"));
    let (polygons_zh, cells_zh) = (dated(&source.polygons, "无日期"), dated(&source.cells, "无日期"));
    let smallest = source.smallest_m2.unwrap_or_default();
    let cell_m = source.cell_m;
    let sentence = words!(
        "{id} by polygons and by cells differs in {n} zones by more than cells at edges explain; most in {town}: \
         {by_polygons:.2} ha by {polygons_en}, {by_cells:.2} ha by {cells_en}, edges explain {edge:.2} ha",
        "类别 {id} 的面图层与栅格在 {n} 个分区相差超过边缘像元所能解释的范围；最大者为 {town}：{polygons_zh} \
         {by_polygons:.2} 公顷，{cells_zh} {by_cells:.2} 公顷，边缘像元可解释 {edge:.2} 公顷"
    );
    let hint = words!(
        "compare their dates, and what they leave out: the smallest polygon has {smallest:.1} m2, a cell is {cell_m:.2} m \
         wide; both are united, so the figure is that of whichever has more",
        "请比较两者的日期和遗漏：最小图斑 {smallest:.1} 平方米，像元边长 {cell_m:.2} 米；两者取并集，指标取较全者"
    );
    let finding = Finding::new("cross-check", Severity::Warning, sentence);
    Some(finding.with_area_m2(worst.difference_m2()).counting(n as u64).with_hint(hint))
}
