//! The short tables for the terminal: towns with their figures, and the verdicts.

use comfy_table::{Cell, CellAlignment, Table, presets};

use crate::analysis::analyze::PlaceCoverage;
use crate::indicators::{Outcome, Verdict};
use crate::outputs::wording::figure;
use crate::outputs::{Report, m2, share_pct};
use crate::units::SquareMetres;
use crate::words;
use crate::words::Lang;

/// Towns, one line each, and the county below; hectares and percent to two decimals.
pub fn towns(report: &Report<'_>) -> String {
    let Report { analysis, lang, .. } = *report;
    let mut header: Vec<String> = match lang {
        Lang::En => ["code", "town", "ground ha"].map(str::to_owned).to_vec(),
        Lang::Zh => ["代码", "乡镇", "面积（公顷）"].map(str::to_owned).to_vec(),
    };
    header.extend(analysis.figures.iter().map(|f| format!("{} %", figure(*f).say(lang))));
    let mut table = new_table(header);
    for town in &analysis.towns {
        table.add_row(cells(report, town, town.name.as_deref().unwrap_or("")));
    }
    let whole = match lang {
        Lang::En => "all towns",
        Lang::Zh => "合计",
    };
    table.add_row(cells(report, &analysis.county, whole));
    format!("{table}\n")
}

fn new_table(header: Vec<String>) -> Table {
    let mut table = Table::new();
    table.load_style(presets::UTF8_BORDERS_ONLY);
    table.set_header(header);
    table
}

fn cells(report: &Report<'_>, place: &PlaceCoverage, name: &str) -> Vec<Cell> {
    let kind = report.project.area;
    let right = |text: String| Cell::new(text).set_alignment(CellAlignment::Right);
    let ground = m2(place.ground, kind);
    let mut cells = vec![
        Cell::new(&place.code),
        Cell::new(name),
        right(format!("{:.2}", SquareMetres(ground).hectares())),
    ];
    cells.extend(place.figures.iter().map(|f| {
        let share = share_pct(m2(f.area, kind), ground).filter(|_| !place.is_unsurveyed());
        right(share.map_or("—".to_owned(), |s| format!("{s:.2}")))
    }));
    cells
}

/// Verdicts that were measured or declared, one line each, standard by standard; below each table the items that
/// could not be measured, by number.
pub fn verdicts(verdicts: &[Verdict], lang: Lang) -> String {
    let by_standard = verdicts.chunk_by(|a, b| a.standard == b.standard);
    by_standard.map(|verdicts| standard(verdicts, lang)).collect()
}

fn standard(verdicts: &[Verdict], lang: Lang) -> String {
    let header = match lang {
        Lang::En => ["item", "indicator", "requirement", "value", "outcome", "gap ha", "gap mu"],
        Lang::Zh => ["项", "指标", "要求", "值", "结论", "缺口（公顷）", "缺口（亩）"],
    };
    let open = |v: &&Verdict| matches!(v.outcome, Outcome::NotMeasurable { .. });
    let mut table = new_table(header.map(str::to_owned).to_vec());
    verdicts.iter().filter(|v| !open(v)).for_each(|verdict| {
        table.add_row(verdict_cells(verdict, lang));
    });
    let items: Vec<String> = verdicts.iter().filter(open).map(|v| v.rule.item.to_string()).collect();
    let (name, n) = (&verdicts[0].standard, items.len());
    let list = runs(&items);
    let rest = words!(
        "{n} rules not measurable yet or not declared (items {list}): indicators.csv says what each needs\n",
        "另有 {n} 条尚无法测算或未申报（第 {list} 项），所需资料见 indicators.csv\n"
    );
    let rest = if items.is_empty() { "" } else { rest.say(lang) };
    format!("\n{name}\n{table}\n{rest}")
}

/// Item numbers, each once.
fn runs(items: &[String]) -> String {
    let mut items = items.to_vec();
    items.dedup();
    items.join(", ")
}

fn verdict_cells(verdict: &Verdict, lang: Lang) -> Vec<Cell> {
    let right = |text: String| Cell::new(text).set_alignment(CellAlignment::Right);
    let gap = verdict.gap_m2();
    vec![
        right(verdict.rule.item.to_string()),
        Cell::new(verdict.rule.name.say(lang)),
        Cell::new(limit(verdict)),
        right(verdict.value().map_or(String::new(), |v| format!("{v:.2}"))),
        Cell::new(verdict.mark().say(lang)),
        right(gap.map_or(String::new(), |g| format!("{:.2}", g.hectares()))),
        right(gap.map_or(String::new(), |g| format!("{:.1}", g.mu()))),
    ]
}

/// The figure that was required, where there is one.
fn limit(verdict: &Verdict) -> String {
    let requirement = verdict.rule.requirement.as_ref();
    match (requirement, verdict.limit) {
        (Some(requirement), Some(limit)) => format!("{} {limit}", requirement.comparator.sign()),
        _ => String::new(),
    }
}
