//! Findings on residents: numbers that cannot be, and residents counted at another time or of another ground than the
//! urban area they are divided by.

use crate::analysis::analyze::PlaceCoverage;
use crate::fact::Place;
use crate::finding::{Finding, Severity};
use crate::project::scopes::ScopeSettings;
use crate::project::settings::{Project, ResidentsCount};
use crate::words;
use crate::words::Words;

/// All that is noticed of residents.
pub fn noticed(project: &Project, towns: &[PlaceCoverage], scopes: &[PlaceCoverage]) -> Vec<Finding> {
    let mut findings = of_residents(project, towns, scopes);
    findings.extend(of_urban_residents(project));
    findings
}

/// Residents to a square kilometre below and above which a unit was probably mistaken; no source but common
/// sense: the emptiest counties have about one, the densest streets of a city some tens of thousands.
const PLAUSIBLE_PER_KM2: std::ops::RangeInclusive<f64> = 0.1..=100_000.0;
/// The same for an urban area, which is built up.
const PLAUSIBLE_URBAN_PER_KM2: std::ops::RangeInclusive<f64> = 100.0..=100_000.0;

/// On residents that cannot be: persons taken for ten thousands, or the other way round.
fn of_residents(project: &Project, towns: &[PlaceCoverage], scopes: &[PlaceCoverage]) -> Vec<Finding> {
    let per_km2 = |place: &PlaceCoverage, persons: f64| persons / (place.ground.ellipsoid.0 / 1e6);
    let odd = towns.iter().filter_map(|town| {
        let density = per_km2(town, town.residents?);
        let odd = !PLAUSIBLE_PER_KM2.contains(&density);
        let name = town.name.as_deref().unwrap_or(&town.code);
        let of = Words::new(name, name);
        odd.then(|| implausible(&of, town.residents.unwrap_or_default(), density).in_zone(&town.code))
    });
    let urban = scopes.iter().find(|s| s.place == Place::Urban);
    let urban = urban.and_then(|place| {
        let persons = project.residents.urban_residents.as_ref()?.persons();
        let density = per_km2(place, persons);
        let of = words!("the urban area", "城区");
        (!PLAUSIBLE_URBAN_PER_KM2.contains(&density)).then(|| implausible(&of, persons, density))
    });
    odd.chain(urban).collect()
}

fn implausible(of: &Words, persons: f64, density: f64) -> Finding {
    let (en, zh) = (&of.en, &of.zh);
    let none = persons == 0.0;
    let sentence = if none {
        words!(
            "{en} has 0 residents: nothing can be told per resident there",
            "{zh}人口为 0，无法计算人均指标"
        )
    } else {
        words!(
            "{persons} residents of {en} would be {density:.1} to a square kilometre",
            "{zh}人口 {persons} 人，合每平方千米 {density:.1} 人，不合常理"
        )
    };
    let hint = if none {
        words!("give their number; leave it blank where it is not known", "请填写人口数；不详则留空")
    } else {
        words!("check the unit: 人 or 万人", "请核对单位：人 还是 万人")
    };
    Finding::new("residents-implausible", Severity::Warning, sentence).with_hint(hint)
}

/// On residents of the urban area (城区人口) whose year or ground is another than that of its boundary: the two are divided
/// by each other.
fn of_urban_residents(project: &Project) -> Vec<Finding> {
    let urban = project.scopes.urban.as_ref();
    let Some((count, urban)) = project.residents.urban_residents.as_ref().zip(urban) else {
        return Vec::new();
    };
    [other_year(count, urban), other_ground(count, urban)].into_iter().flatten().collect()
}

fn other_year(count: &ResidentsCount, urban: &ScopeSettings) -> Option<Finding> {
    let (counted, drawn) = (year(&count.date)?, year(&urban.date)?);
    let sentence = words!(
        "the residents of the urban area are of {counted}, its boundary is of {drawn}",
        "城区人口为 {counted} 年，城区范围为 {drawn} 年，年份不一致"
    );
    let hint = words!("give both of one year", "请采用同一年份的人口与范围");
    let finding = Finding::new("residents-year", Severity::Warning, sentence).in_layer(&urban.layer.file);
    (counted != drawn).then(|| finding.with_hint(hint))
}

fn other_ground(count: &ResidentsCount, urban: &ScopeSettings) -> Option<Finding> {
    let (counted, drawn) = (count.within.as_deref()?, urban.source.as_str());
    let sentence = words!(
        "the residents of the urban area were counted within `{counted}`, its boundary is that of `{drawn}`",
        "城区人口的统计范围为“{counted}”，城区范围取自“{drawn}”，两者不一致"
    );
    let hint = words!(
        "count the residents of the same ground, or give its boundary; `within` repeats the boundary's `source`",
        "请采用同一范围的人口，或换用人口统计所依据的范围；`within` 应与城区范围的 `source` 相同"
    );
    let finding = Finding::new("residents-scope", Severity::Warning, sentence).in_layer(&urban.layer.file);
    (counted.trim() != drawn.trim()).then(|| finding.with_hint(hint))
}

/// The year of a date as people write it: its first four digits in a row.
fn year(date: &str) -> Option<&str> {
    date.split(|c: char| !c.is_ascii_digit())
        .find(|digits| digits.len() >= 4)
        .and_then(|digits| digits.get(..4))
}
