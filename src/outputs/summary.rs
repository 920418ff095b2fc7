//! The short tables for the terminal: towns with their figures, and the verdicts.

use comfy_table::{Cell, CellAlignment, ContentArrangement, Table, presets};

use crate::analysis::analyze::PlaceCoverage;
use crate::indicators::{Judged, Outcome, Verdict, by_confirmation};
use crate::outputs::wording::{self, figure};
use crate::outputs::{Report, m2, share_pct};
use crate::units::SquareMetres;
use crate::words;
use crate::words::{Lang, Words};

/// No table is wider than a terminal usually is.
const WIDTH: u16 = 100;
/// A reason in the terminal stays within about a line; `indicators.csv` has it whole.
const REASON_CHARS: usize = 90;

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
    table.set_content_arrangement(ContentArrangement::Dynamic).set_width(WIDTH);
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
        Lang::En => ["item", "indicator", "required", "value", "basis", "outcome", "gap"],
        Lang::Zh => ["项", "指标", "要求", "值", "依据", "结论", "缺口"],
    };
    let open = |v: &&Verdict| matches!(v.outcome, Outcome::NotMeasurable { .. });
    let mut table = new_table(header.map(str::to_owned).to_vec());
    table.column_iter_mut().for_each(|column| {
        column.set_padding((0, 1));
    });
    verdicts.iter().filter(|v| !open(v)).for_each(|verdict| {
        table.add_row(verdict_cells(verdict, lang));
    });
    let items: Vec<u32> = verdicts.iter().filter(open).map(|v| v.rule.item).collect();
    let (name, n) = (&verdicts[0].standard, items.len());
    let list = runs(items.clone());
    let rest = words!(
        "{n} rules not measurable yet or not declared (items {list}): indicators.csv says what each needs\n",
        "另有 {n} 条尚无法测算或未申报（第 {list} 项），所需资料见 indicators.csv\n"
    );
    let rest = if items.is_empty() { "" } else { rest.say(lang) };
    let table = if table.is_empty() { String::new() } else { format!("{table}\n") };
    format!("\n{name}\n{table}{}{rest}", marks(verdicts).say(lang))
}

/// How many verdicts rest on a confirmed threshold, and how many on a provisional one, each by outcome.
fn marks(verdicts: &[Verdict]) -> Words {
    let (confirmed, unconfirmed) = by_confirmation(verdicts);
    let en = |j: Judged| format!("{} met, {} not met, {} cannot tell", j.met, j.not_met, j.cannot_tell);
    let zh = |j: Judged| format!("达标 {}、未达标 {}、无法判定 {}", j.met, j.not_met, j.cannot_tell);
    Words::new(
        format!(
            "by confirmed thresholds: {}\nby unconfirmed thresholds: {}\n",
            en(confirmed),
            en(unconfirmed)
        ),
        format!("阈值已核定：{}\n阈值待核：{}\n", zh(confirmed), zh(unconfirmed)),
    )
}

/// Item numbers in order, each once, neighbours drawn together: "5–7, 9".
fn runs(mut items: Vec<u32>) -> String {
    items.sort_unstable();
    items.dedup();
    let runs = items.chunk_by(|a, b| a + 1 == *b);
    let run = |run: &[u32]| match run {
        [first, .., last] => format!("{first}–{last}"),
        one => one.iter().map(u32::to_string).collect(),
    };
    runs.map(run).collect::<Vec<_>>().join(", ")
}

fn verdict_cells(verdict: &Verdict, lang: Lang) -> Vec<Cell> {
    let right = |text: String| Cell::new(text).set_alignment(CellAlignment::Right);
    vec![
        right(verdict.rule.item.to_string()),
        Cell::new(indicator(verdict, lang)),
        Cell::new(limit(verdict)),
        right(value(verdict)),
        Cell::new(verdict.basis.words().say(lang)),
        Cell::new(outcome(verdict, lang)),
        right(gap(verdict).say(lang).to_owned()),
    ]
}

/// The figure, or what the data allow of it where they leave the outcome open; rounded outwards, so that the
/// limit still lies within.
fn value(verdict: &Verdict) -> String {
    match verdict.interval() {
        Some(f) => {
            format!("{:.2}–{:.2}", (f.low * 100.0).floor() / 100.0, (f.high * 100.0).ceil() / 100.0)
        }
        None => verdict.value().map_or(String::new(), |v| format!("{v:.2}")),
    }
}

/// The item; below it the place whose figure stands for it, where several must reach.
fn indicator(verdict: &Verdict, lang: Lang) -> String {
    let name = verdict.rule.name.say(lang);
    match verdict.worst_place() {
        Some(place) => {
            let Words { en, zh } = place;
            format!("{name}\n{}", words!("weakest: {en}", "短板：{zh}").say(lang))
        }
        None => name.to_owned(),
    }
}

/// What is missing; its range, where the data leave the outcome open.
fn gap(verdict: &Verdict) -> Words {
    let open = matches!(verdict.outcome, Outcome::CannotTell { .. });
    match verdict.gap() {
        Some(gap) if open => wording::amount(gap.low, Some(gap.high), gap.unit),
        Some(gap) => wording::amount(gap.value, None, gap.unit),
        None => Words::new("", ""),
    }
}

/// The outcome, below it why it cannot be told.
fn outcome(verdict: &Verdict, lang: Lang) -> String {
    let mark = verdict.mark();
    match verdict.outcome.reason() {
        None => mark.say(lang).to_owned(),
        Some(reason) => format!("{}\n{}", mark.say(lang), short(&reason, lang)),
    }
}

fn short(reason: &Words, lang: Lang) -> String {
    let reason = reason.say(lang);
    match reason.char_indices().nth(REASON_CHARS) {
        None => reason.to_owned(),
        Some((end, _)) => format!("{}…", &reason[..end]),
    }
}

/// The figure that was required, where there is one; those of all bands, where it is not known which applies.
fn limit(verdict: &Verdict) -> String {
    let Some(requirement) = &verdict.rule.requirement else { return String::new() };
    let values = verdict.limit.map_or_else(|| requirement.limit.values(), |limit| vec![limit]);
    let sign = values.first().map_or("", |limit| requirement.sign(*limit));
    format!("{sign} {}", values.iter().map(f64::to_string).collect::<Vec<_>>().join("/"))
}
