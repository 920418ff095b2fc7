//! `gaps.csv` (任务分解底表): every gap as tasks for towns or places, largest first.
//!
//! In: verdicts, facts and a language. Out: CSV bytes, UTF-8 with a byte-order mark. Below the row of an item's whole gap
//! stand its shares, which add up to it to the last square metre, metre, tree or place. The last column says how it was
//! divided ([`SplitRule`](crate::indicators::SplitRule)). Where the outcome is open, the gap itself is empty and its two
//! ends are not.

use std::collections::BTreeMap;

use crate::fact::{Fact, Place, Unit};
use crate::indicators::{
    Comparator, Operand, Outcome, PlaceLine, Share, Split, Units, Verdict, place_words, split,
};
use crate::outputs::{csv_document, or_blank};
use crate::units::{M2_PER_HECTARE, SquareMetres};
use crate::words;
use crate::words::{Lang, Words};

/// A column: English key, Chinese heading, and what stands in it.
type Column = (&'static str, &'static str, fn(&Row) -> String);

const COLUMNS: &[Column] = &[
    ("standard", "标准", |row| row.verdict.standard.clone()),
    ("item", "序号", |row| row.verdict.rule.item.to_string()),
    ("code", "代码", |row| row.verdict.rule.code.clone()),
    ("name", "指标", |row| row.say(&row.verdict.rule.name)),
    ("outcome", "结论", |row| row.say(&row.verdict.outcome.words())),
    ("row", "行别", |row| row.say(&row.kind())),
    ("place", "范围", |row| row.say(&row.place())),
    ("place_code", "代码（范围）", |row| {
        row.share.map_or_else(String::new, |share| share.place.code())
    }),
    ("gap", "缺口", |row| row.amount(|gap| gap.value, false)),
    ("gap_low", "缺口下限", |row| row.amount(|gap| gap.low, true)),
    ("gap_high", "缺口上限", |row| row.amount(|gap| gap.high, true)),
    ("unit", "单位", |row| row.say(&unit(row.split.unit).0)),
    ("gap_mu", "缺口（亩）", |row| row.mu()),
    ("share_pct", "占缺口比例（%）", |row| or_blank(row.share_pct())),
    ("value", "现状值", |row| or_blank(row.value())),
    ("limit", "要求值", |row| or_blank(row.limit())),
    ("figure_unit", "数值单位", |row| {
        row.verdict.rule.requirement.as_ref().map_or_else(String::new, |r| row.say(&r.unit.words()))
    }),
    ("one_more_moves_the_whole", "每增一单位使总值变动", |row| {
        or_blank(row.moved(row.whole_below()))
    }),
    ("one_more_moves_the_place", "每增一单位使本范围变动", |row| {
        or_blank(row.moved(row.own_below()))
    }),
    ("divided", "分解办法", |row| row.say(&row.split.rule.words())),
];

/// The table of the gaps in one language; `names` are those of the towns by code.
pub fn gaps_csv(
    verdicts: &[Verdict],
    facts: &[Fact],
    names: &BTreeMap<String, String>,
    lang: Lang,
) -> Vec<u8> {
    let heading = |(en, zh, _): &Column| Words::new(*en, *zh).say(lang).to_owned();
    let header: Vec<String> = COLUMNS.iter().map(heading).collect();
    let splits: Vec<(&Verdict, Split)> =
        verdicts.iter().filter_map(|v| Some((v, split(v, facts)?))).collect();
    let rows = splits.iter().flat_map(|(verdict, split)| {
        let shares = split.shares.iter().map(Some);
        std::iter::once(None).chain(shares).map(move |share| Row { verdict, split, share, names, lang })
    });
    csv_document(&header, rows.map(|row| COLUMNS.iter().map(|(_, _, cell)| cell(&row)).collect()))
}

/// A row: of a whole gap, or of one share.
struct Row<'a> {
    verdict: &'a Verdict,
    split: &'a Split,
    share: Option<&'a Share>,
    names: &'a BTreeMap<String, String>,
    lang: Lang,
}

impl Row<'_> {
    fn say(&self, words: &Words) -> String {
        words.say(self.lang).to_owned()
    }

    fn kind(&self) -> Words {
        if self.share.is_some() { words!("share", "分解") } else { words!("whole", "合计") }
    }

    fn place(&self) -> Words {
        match (self.share, self.verdict.places()) {
            (Some(share), _) => place_words(&share.place, self.names),
            (None, [first, ..]) if matches!(first.place, Place::County) => first.name.clone(),
            (None, _) => words!("all of them", "合计"),
        }
    }

    fn is_open(&self) -> bool {
        matches!(self.verdict.outcome, Outcome::CannotTell { .. })
    }

    fn units(&self) -> Units {
        self.share.map_or(self.split.total, |share| share.gap)
    }

    /// A gap in the unit of the row; its ends only where they tell more than the gap itself.
    fn amount(&self, of: fn(&Units) -> u64, is_end: bool) -> String {
        let ranges = self.split.total.low != self.split.total.high;
        if (is_end && !ranges) || (!is_end && self.is_open()) {
            return String::new();
        }
        (of(&self.units()) as f64 / unit(self.split.unit).1).to_string()
    }

    fn mu(&self) -> String {
        if self.split.unit != Unit::SquareMetres || self.is_open() {
            return String::new();
        }
        // Of whole square metres; 15 mu a hectare are exact in four decimals.
        let mu = SquareMetres(self.units().value as f64).mu();
        ((mu * 1e4).round() / 1e4).to_string()
    }

    fn share_pct(&self) -> Option<f64> {
        let of = |units: Units| if self.is_open() { units.high } else { units.value };
        let (part, whole) = (of(self.share?.gap), of(self.split.total));
        (whole > 0).then(|| part as f64 / whole as f64 * 100.0)
    }

    fn line(&self) -> Option<&PlaceLine> {
        self.share?.line.as_ref()
    }

    fn value(&self) -> Option<f64> {
        match self.share {
            Some(_) => self.line()?.figure.map(|figure| figure.value),
            None => self.verdict.value(),
        }
    }

    fn limit(&self) -> Option<f64> {
        if self.share.is_some() { self.line()?.limit } else { self.verdict.limit }
    }

    /// What stands below the line of the figure as a whole, where one place decides it.
    fn whole_below(&self) -> Option<f64> {
        let computed = self.verdict.computed.as_ref()?;
        computed.numerator?;
        Some(computed.denominator.map_or(1.0, |below| below.value))
    }

    fn own_below(&self) -> Option<f64> {
        let below = |line: &PlaceLine| line.denominator.map_or(1.0, |below: Operand| below.value);
        self.line().map(below)
    }

    /// How far one more unit (hectare, kilometre, tree, place) moves a figure, in the unit of the figure.
    fn moved(&self, below: Option<f64>) -> Option<f64> {
        let requirement = self.verdict.rule.requirement.as_ref()?;
        let up = requirement.unit.raised_by(unit(self.split.unit).1, below?)?;
        Some(if requirement.comparator == Comparator::AtMost { -up } else { up })
    }
}

/// The unit that tasks are set in, and how many of the measured unit it is.
fn unit(measured: Unit) -> (Words, f64) {
    match measured {
        Unit::SquareMetres => (words!("ha", "公顷"), M2_PER_HECTARE),
        Unit::Metres => (words!("km", "千米"), 1000.0),
        Unit::Persons => (words!("persons", "人"), 1.0),
        Unit::Trees => (words!("trees", "株"), 1.0),
        Unit::Places => (words!("places", "处"), 1.0),
    }
}
