//! `indicators.csv`: every verdict as a row, below it a row for each further place it looked at.
//!
//! In: verdicts and a language. Out: CSV bytes, UTF-8 with a byte-order mark so that Excel reads Chinese.
//! Figures are shortest round-trip decimals in the unit of their row; nothing is rounded. What does not
//! exist is an empty cell, never a zero; a figure that leaves its outcome open is written as its interval. A row of a place repeats the item, so that the table can be
//! filtered; a town that is only shown for information has no outcome.

use crate::fact::Unit;
use crate::indicators::{
    Clause, Confidence, DeclaredFigure, Figure, Gap, Operand, Outcome, PlaceLine, Threshold, Verdict,
    unit_words,
};
use crate::outputs::csv_document;
use crate::units::SquareMetres;
use crate::words;
use crate::words::{Lang, Words};

/// A column: English key, Chinese heading, and what stands in it.
type Column = (&'static str, &'static str, fn(&Row) -> String);

const COLUMNS: &[Column] = &[
    ("standard", "标准", |row| row.verdict.standard.clone()),
    ("edition", "版本", |row| row.verdict.edition.clone()),
    ("item", "序号", |row| row.verdict.rule.item.to_string()),
    ("code", "代码", |row| row.verdict.rule.code.clone()),
    ("group", "类别", |row| row.say(&row.verdict.rule.group)),
    ("name", "指标", |row| row.say(&row.verdict.rule.name)),
    ("row", "行别", |row| row.say(&row.kind())),
    ("place", "范围", |row| row.say(&row.place_words())),
    ("outcome", "结论", |row| row.say(&row.outcome())),
    ("threshold", "阈值", |row| row.of_verdict(|v| Some(threshold_words(v)))),
    ("basis", "依据", |row| row.of_verdict(|v| Some(v.basis.words()))),
    ("value", "数值", |row| row.value_or_interval()),
    ("unit", "单位", |row| row.say(&row.unit())),
    ("low", "数值下限", |row| number(row.figure_end(|f| f.low))),
    ("high", "数值上限", |row| number(row.figure_end(|f| f.high))),
    ("limit", "限值", |row| number(row.limit())),
    ("band", "适用档", |row| row.say(&row.band())),
    ("gap", "缺口", |row| row.gap_or_interval()),
    ("gap_unit", "缺口单位", |row| row.say(&row.gap().map_or_else(nothing, |gap| unit_words(gap.unit)))),
    ("gap_ha", "缺口（公顷）", |row| number(row.ground_gap().map(SquareMetres::hectares))),
    ("gap_mu", "缺口（亩）", |row| number(row.ground_gap().map(SquareMetres::mu))),
    ("one_ha_adds", "每增一公顷提高", |row| number(row.one_hectare())),
    ("numerator", "分子", |row| number(row.numerator().map(|n| n.value))),
    ("numerator_unit", "分子单位", |row| row.say(&operand_unit(row.numerator()))),
    ("denominator", "分母", |row| number(row.denominator().map(|d| d.value))),
    ("denominator_unit", "分母单位", |row| row.say(&operand_unit(row.denominator()))),
    ("computed", "计算值", |row| number(row.figure_end(|f| f.value))),
    ("declared", "申报值", |row| number(row.declared().and_then(|d| d.value))),
    ("declared_minus_computed", "申报减计算", |row| number(row.declared().and_then(|d| d.difference))),
    ("evidence", "证明材料", |row| row.of_declared(|d| Some(d.evidence.clone()))),
    ("evidence_number", "文号", |row| row.of_declared(|d| d.number.clone())),
    ("evidence_date", "材料日期", |row| row.of_declared(|d| d.date.clone())),
    ("evidence_note", "材料备注", |row| row.of_declared(|d| d.note.clone())),
    ("reason", "说明", |row| row.say(&row.reason())),
    ("requirement", "要求", |row| row.of_verdict(|v| Some(v.requirement.clone()))),
    ("clause", "条款", |row| row.of_verdict(|v| v.rule.clause.as_ref().map(Clause::words))),
    ("confidence", "阈值可信度", |row| row.of_verdict(confidence_words)),
    ("confidence_words", "可信度说明", |row| {
        row.of_verdict(|v| v.rule.threshold.confidence().map(Confidence::words))
    }),
    ("threshold_source", "阈值来源", |row| row.of_verdict(|v| Some(v.rule.threshold.source().clone()))),
    ("confirmed_by", "核定人", |row| row.of_verdict(|v| Some(confirmed(v)?.0))),
    ("confirmed_on", "核定日期", |row| row.of_verdict(|v| Some(confirmed(v)?.1))),
    ("condition", "适用条件", |row| row.of_verdict(|v| v.rule.condition.clone())),
    ("note", "备注", |row| row.of_verdict(|v| v.rule.note.clone())),
    ("how", "算法", |row| row.of_verdict(|v| v.computed.as_ref().map(|c| c.how.clone()))),
    ("layers", "数据来源", |row| row.of_verdict(|v| Some(joined(&v.computed.as_ref()?.sources)))),
    ("as_of", "数据日期", |row| row.of_verdict(|v| Some(joined(&v.computed.as_ref()?.as_of)))),
];

/// The table of the verdicts in one language.
pub fn indicators_csv(verdicts: &[Verdict], lang: Lang) -> Vec<u8> {
    let heading = |(en, zh, _): &Column| Words::new(*en, *zh).say(lang).to_owned();
    let header: Vec<String> = COLUMNS.iter().map(heading).collect();
    let rows = verdicts.iter().flat_map(|verdict| {
        let only = only_deciding(verdict).is_some();
        let places = verdict.places().iter().filter(move |line| !(only && line.decides)).map(Some);
        std::iter::once(None).chain(places).map(move |place| Row { verdict, place, lang })
    });
    csv_document(&header, rows.map(|row| COLUMNS.iter().map(|(_, _, cell)| cell(&row)).collect()))
}

/// A row: of a verdict, or of one of its places.
struct Row<'a> {
    verdict: &'a Verdict,
    place: Option<&'a PlaceLine>,
    lang: Lang,
}

impl Row<'_> {
    fn say(&self, words: &Words) -> String {
        words.say(self.lang).to_owned()
    }

    /// A cell that only the row of a verdict fills.
    fn of_verdict(&self, words: impl Fn(&Verdict) -> Option<Words>) -> String {
        match self.place {
            None => words(self.verdict).map(|words| self.say(&words)).unwrap_or_default(),
            Some(_) => String::new(),
        }
    }

    fn kind(&self) -> Words {
        match self.place {
            None => words!("verdict", "结论"),
            Some(line) if line.decides => words!("place", "分项"),
            Some(_) => words!("for information", "参考"),
        }
    }

    fn place_words(&self) -> Words {
        let verdict = self.verdict;
        let named = self.place.or(only_deciding(verdict)).map(|line| &line.name);
        named.or(verdict.worst_place()).map_or_else(nothing, Words::clone)
    }

    /// The limit of the row; of a place that is shown for information nothing is asked.
    fn limit(&self) -> Option<f64> {
        self.place.map_or(self.verdict.limit, |line| line.limit.filter(|_| line.decides))
    }

    fn band(&self) -> Words {
        let of_place = |line: &PlaceLine| line.band.clone().filter(|_| line.decides);
        self.place.map_or_else(|| self.verdict.band.clone(), of_place).unwrap_or_else(nothing)
    }

    fn outcome(&self) -> Words {
        match self.place {
            None => self.verdict.mark(),
            Some(line) if line.decides => line.outcome.words(),
            Some(_) => nothing(),
        }
    }

    fn reason(&self) -> Words {
        let outcome = self.place.map_or(&self.verdict.outcome, |line| &line.outcome);
        outcome.reason().unwrap_or_else(nothing)
    }

    fn unit(&self) -> Words {
        let requirement = self.verdict.rule.requirement.as_ref();
        requirement.map_or_else(nothing, |requirement| requirement.unit.words())
    }

    fn value(&self) -> Option<f64> {
        match self.place {
            None => self.verdict.value(),
            Some(line) => line.figure.map(|figure| figure.value),
        }
    }

    /// One number stands for a figure only where it decides.
    fn value_or_interval(&self) -> String {
        match self.place.map_or(self.verdict.interval(), PlaceLine::interval) {
            Some(Figure { low, high, .. }) => format!("{low}–{high}"),
            None => number(self.value()),
        }
    }

    fn figure_end(&self, end: fn(&Figure) -> f64) -> Option<f64> {
        let computed = self.verdict.computed.as_ref().map(|c| &c.figure);
        self.place.map_or(computed, |line| line.figure.as_ref()).map(end)
    }

    fn gap(&self) -> Option<Gap> {
        self.place.map_or(self.verdict.gap(), |line| line.gap)
    }

    /// The gap as ground, where the row certainly has one.
    fn ground_gap(&self) -> Option<SquareMetres> {
        self.gap().filter(|_| !self.is_open()).and_then(Gap::ground)
    }

    fn is_open(&self) -> bool {
        let outcome = self.place.map_or(&self.verdict.outcome, |line| &line.outcome);
        matches!(outcome, Outcome::CannotTell { .. })
    }

    /// One number stands for a gap only where there certainly is one.
    fn gap_or_interval(&self) -> String {
        match self.gap() {
            Some(Gap { low, high, .. }) if self.is_open() => format!("{low}–{high}"),
            gap => number(gap.map(|gap| gap.value)),
        }
    }

    /// By how much one more hectare raises the figure of the row, in its unit, where ground does.
    fn one_hectare(&self) -> Option<f64> {
        self.numerator().filter(|above| above.unit == Unit::SquareMetres)?;
        self.verdict.rule.requirement.as_ref()?.unit.one_hectare_adds(self.denominator()?.value)
    }

    fn numerator(&self) -> Option<Operand> {
        let computed = self.verdict.computed.as_ref().and_then(|c| c.numerator);
        self.place.map_or(computed, |line| line.numerator)
    }

    fn denominator(&self) -> Option<Operand> {
        let computed = self.verdict.computed.as_ref().and_then(|c| c.denominator);
        self.place.map_or(computed, |line| line.denominator)
    }

    fn of_declared(&self, text: impl Fn(&DeclaredFigure) -> Option<String>) -> String {
        self.declared().and_then(text).unwrap_or_default()
    }

    fn declared(&self) -> Option<&DeclaredFigure> {
        self.verdict.declared.as_ref().filter(|_| self.place.is_none())
    }
}

/// The place that decides alone: the verdict's own row already says everything of it.
fn only_deciding(verdict: &Verdict) -> Option<&PlaceLine> {
    let mut deciding = verdict.places().iter().filter(|line| line.decides);
    deciding.next().filter(|_| deciding.next().is_none())
}

fn nothing() -> Words {
    Words::new("", "")
}

/// Shortest decimals that read back as the same number.
fn number(number: Option<f64>) -> String {
    number.map(|x| x.to_string()).unwrap_or_default()
}

fn joined(texts: &[String]) -> Words {
    Words::new(texts.join("; "), texts.join("；"))
}

fn operand_unit(operand: Option<Operand>) -> Words {
    operand.map_or_else(nothing, |operand| unit_words(operand.unit))
}

fn threshold_words(verdict: &Verdict) -> Words {
    match verdict.rule.threshold.is_confirmed() {
        true => words!("confirmed", "已核定"),
        false => words!("unconfirmed", "待核"),
    }
}

/// Who confirmed the threshold, and when.
fn confirmed(verdict: &Verdict) -> Option<(Words, Words)> {
    match &verdict.rule.threshold {
        Threshold::Confirmed { by, date, .. } => {
            Some((Words::new(by.clone(), by.clone()), Words::new(date.clone(), date.clone())))
        }
        Threshold::Unconfirmed { .. } => None,
    }
}

fn confidence_words(verdict: &Verdict) -> Option<Words> {
    let tag = verdict.rule.threshold.confidence()?.tag();
    Some(words!("[{tag}]", "[{tag}]"))
}
