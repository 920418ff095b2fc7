//! The bureau's own reading of a standard: who read which figure in which clause, and when.
//!
//! In and out: `confirmations.toml` as text. A confirmation replaces the limit that was shipped, and with it
//! the confidence tag; it never changes anything else of a rule.

use serde::{Deserialize, Serialize};

use super::error::IndicatorError;
use super::limit::Limit;
use super::requirement::Requirement;
use super::rule_file;
use super::shipped::folded;
use super::standard::{Clause, ClauseConfidence, Rule, Standard, Threshold};
use super::wording::listed;
use crate::words;
use crate::words::Words;

/// One reading of one requirement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Confirmation {
    /// The name of the standard.
    pub standard: String,
    /// The code of the rule.
    pub item: String,
    /// The limit as read, in the unit of the rule; none for a requirement in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Reading>,
    /// The clause it was read in.
    pub clause: String,
    /// Who read it.
    pub by: String,
    /// The day, ISO 8601.
    pub date: String,
}

/// A limit as read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Reading {
    /// One, where the rule has no bands.
    One(f64),
    /// One for each band of annual precipitation, or each kind of terrain, in the order of the rule.
    PerBand(Vec<f64>),
}

impl Reading {
    /// The figures as read.
    pub fn values(&self) -> &[f64] {
        match self {
            Reading::One(value) => std::slice::from_ref(value),
            Reading::PerBand(values) => values,
        }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ConfirmationFile {
    schema: i64,
    #[serde(default)]
    confirmation: Vec<Confirmation>,
}

/// The confirmations of a TOML text; `file` names it in errors.
///
/// # Errors
/// Unknown keys, a wrong day, an empty name or clause, or one item confirmed twice.
pub fn parse_confirmations(text: &str, file: &str) -> Result<Vec<Confirmation>, IndicatorError> {
    let raw: ConfirmationFile = rule_file::read(text, file)?;
    rule_file::check_schema(raw.schema, file)?;
    for (i, confirmation) in raw.confirmation.iter().enumerate() {
        confirmation.check()?;
        if raw.confirmation.iter().take(i).any(|earlier| earlier.is_of_same_rule(confirmation)) {
            return Err(confirmation.twice());
        }
    }
    Ok(raw.confirmation)
}

/// The confirmations as a TOML text, read back by [`parse_confirmations`].
///
/// # Errors
/// None that plain values can cause; what the TOML writer says otherwise.
pub fn to_toml(confirmations: &[Confirmation]) -> Result<String, toml::ser::Error> {
    let confirmation = confirmations.to_vec();
    toml::to_string_pretty(&ConfirmationFile { schema: rule_file::SCHEMA, confirmation })
}

/// Adds a confirmation; an earlier one of the same rule gives way to it, in its place.
pub fn record(mut confirmations: Vec<Confirmation>, new: Confirmation) -> Vec<Confirmation> {
    match confirmations.iter_mut().find(|earlier| earlier.is_of_same_rule(&new)) {
        Some(earlier) => *earlier = new,
        None => confirmations.push(new),
    }
    confirmations
}

impl Confirmation {
    /// Whether both are readings of one rule of one standard.
    pub fn is_of_same_rule(&self, other: &Self) -> bool {
        folded(&self.standard) == folded(&other.standard) && folded(&self.item) == folded(&other.item)
    }

    fn twice(&self) -> IndicatorError {
        IndicatorError::Twice {
            standard: self.standard.clone(),
            item: self.item.clone(),
            deed: words!("confirmed", "核定"),
        }
    }

    fn check(&self) -> Result<(), IndicatorError> {
        if self.by.trim().is_empty() || self.clause.trim().is_empty() {
            return Err(self.bad(
                words!("who read it, or in which clause, is not said", "未写明何人核对或哪一条"),
                words!("give by and clause", "请写明 by（核对人）和 clause（条款）"),
            ));
        }
        if !rule_file::is_day(&self.date) {
            let date = &self.date;
            return Err(self.bad(
                words!("\"{date}\" is no day", "日期“{date}”的写法不对"),
                words!("write it as 2026-11-23", "请写成 2026-11-23"),
            ));
        }
        Ok(())
    }

    fn bad(&self, cause: Words, cure: Words) -> IndicatorError {
        let (standard, item) = (self.standard.clone(), self.item.clone());
        IndicatorError::BadConfirmation { standard, item, cause, cure: Box::new(cure) }
    }

    /// The limit that this reading puts in the place of the shipped one.
    fn limit(&self, shipped: &Requirement) -> Result<Limit, IndicatorError> {
        self.check_possible(shipped)?;
        let as_written = |value: &Reading| match (value, &shipped.limit) {
            (Reading::One(_), Limit::One(_)) => shipped.limit.with_values(value.values()),
            (Reading::One(_), _) | (Reading::PerBand(_), Limit::One(_)) => None,
            (Reading::PerBand(values), limit) => limit.with_values(values),
        };
        self.value.as_ref().and_then(as_written).ok_or_else(|| {
            self.bad(words!("its value does not fit the rule", "value 与该规则不符"), fitting_value(shipped))
        })
    }

    /// No negative limit, and no share or degree beyond its whole.
    fn check_possible(&self, shipped: &Requirement) -> Result<(), IndicatorError> {
        let values = self.value.iter().flat_map(Reading::values);
        let possible = 0.0..=shipped.unit.most();
        let Some(value) = values.copied().find(|v| !v.is_finite() || !possible.contains(v)) else {
            return Ok(());
        };
        let unit = shipped.unit.words();
        Err(self.bad(
            Words::new(
                format!("{value} {} is impossible", unit.en),
                format!("{value} {} 不是可能的限值", unit.zh),
            ),
            fitting_value(shipped),
        ))
    }

    fn threshold(&self) -> Threshold {
        let (by, clause) = (&self.by, &self.clause);
        Threshold::Confirmed {
            by: by.clone(),
            date: self.date.clone(),
            source: words!("read in clause {clause} by {by}", "{by}核对原文第 {clause} 条"),
        }
    }
}

fn fitting_value(shipped: &Requirement) -> Words {
    let unit = shipped.unit.words();
    if let Limit::One(_) = &shipped.limit {
        return Words::new(format!("one number in {}", unit.en), format!("一个数，单位 {}", unit.zh));
    }
    let all = shipped.limit.all();
    let names: Vec<&Words> = all.iter().filter_map(|applied| applied.band.as_ref()).collect();
    let en = listed(names.iter().map(|band| &band.en), "; ");
    let zh = listed(names.iter().map(|band| &band.zh), "；");
    let example = listed(all.iter().map(|applied| applied.value), ",");
    let n = all.len();
    let unit_zh = &unit.zh;
    let unit = &unit.en;
    words!(
        "{n} numbers in {unit}, one for each band in this order: {en}; such as --value {example}, or value = [{example}] in the file",
        "按以下各档顺序给出 {n} 个数（单位 {unit_zh}）：{zh}；例如 --value {example}，或在文件中写 value = [{example}]"
    )
}

/// The confirmations of standards that are not among these: they change nothing.
pub fn unused(confirmations: &[Confirmation], standards: &[Standard]) -> Vec<Confirmation> {
    let judged = |c: &&Confirmation| standards.iter().any(|s| folded(&s.name) == folded(&c.standard));
    confirmations.iter().filter(|c| !judged(c)).cloned().collect()
}

impl Standard {
    /// The standard as the bureau reads it. Confirmations of other standards are passed over.
    ///
    /// # Errors
    /// A confirmation of an item that the standard does not have, or that does not fit its rule.
    pub fn apply(&self, confirmations: &[Confirmation]) -> Result<Standard, IndicatorError> {
        let mut read = self.clone();
        for confirmation in confirmations.iter().filter(|c| folded(&c.standard) == folded(&self.name)) {
            confirmation.check()?;
            let code = self.rule(&confirmation.item)?.code.clone();
            let Some(rule) = read.rules.iter_mut().find(|rule| rule.code == code) else { continue };
            confirm(rule, confirmation)?;
        }
        Ok(read)
    }
}

fn confirm(rule: &mut Rule, confirmation: &Confirmation) -> Result<(), IndicatorError> {
    match (&mut rule.requirement, &confirmation.value) {
        (Some(requirement), _) => requirement.limit = confirmation.limit(requirement)?,
        (None, None) => {}
        (None, Some(_)) => {
            return Err(confirmation.bad(
                words!("the rule is in words and has no figure", "该规则为文字要求，没有数值"),
                words!("leave the value out, or write a rule file", "请去掉 value，或自编规则文件"),
            ));
        }
    }
    rule.clause = Some(Clause { number: confirmation.clause.clone(), confidence: ClauseConfidence::Read });
    rule.threshold = confirmation.threshold();
    Ok(())
}
