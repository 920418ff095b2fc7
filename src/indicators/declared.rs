//! What the user declares: an item that only evidence can answer, or a figure beside a computed one.

use serde::{Deserialize, Serialize};

use super::figure::Ratio;
use super::judge::{Circumstances, compared};
use super::standard::Rule;
use super::unit::FigureUnit;
use super::verdict::{DeclaredFigure, Outcome, cannot_tell};
use crate::fact::Place;

/// A declaration of one item.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Declared {
    /// The code or the name of the rule, or the number of an item that has one rule.
    pub item: String,
    /// The declared figure, in the unit of the rule.
    pub value: Option<f64>,
    /// The declared answer.
    pub passed: Option<bool>,
    /// The official figure (official statistics), in the unit of the rule.
    pub official: Option<f64>,
    /// The document that proves it; without one, or its number, nothing is believed.
    pub evidence: String,
    /// The number of the document (文号).
    pub number: Option<String>,
    /// The date of the document.
    pub date: Option<String>,
    /// A remark on it.
    pub note: Option<String>,
    /// Which figure is judged where this program computes one as well.
    pub judge_by: JudgeBy,
}

/// Which figure is judged where both exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JudgeBy {
    /// The one that this program computed.
    #[default]
    Computed,
    /// The one that the user declared.
    Declared,
}

/// The declaration judged by itself; `computed` is the computed figure in the unit of the rule, for the
/// difference.
pub(super) fn judged(
    rule: &Rule,
    declared: &Declared,
    given: &Circumstances,
    computed: Option<f64>,
) -> DeclaredFigure {
    let value = declared.value.or(declared.official);
    DeclaredFigure {
        value,
        official: declared.official,
        passed: declared.passed,
        difference: value.zip(computed).map(|(declared, computed)| declared - computed),
        evidence: declared.evidence.clone(),
        number: declared.number.clone(),
        date: declared.date.clone(),
        note: declared.note.clone(),
        outcome: outcome(rule, declared, given),
    }
}

fn outcome(rule: &Rule, declared: &Declared, given: &Circumstances) -> Outcome {
    if declared.evidence.trim().is_empty() && declared.number.as_deref().unwrap_or("").trim().is_empty() {
        return cannot_tell!("declared without evidence", "已申报，缺少证明材料");
    }
    if let (Some(value), Some(official)) = (declared.value, declared.official)
        && value != official
    {
        return cannot_tell!(
            "two figures are declared, {value} and {official}",
            "申报了两个不同的数值：{value} 和 {official}"
        );
    }
    match (declared.value.or(declared.official), declared.passed) {
        (Some(value), _) if !value.is_finite() => {
            cannot_tell!("the declared figure is no number", "申报的数值不是有效数字")
        }
        (Some(value), passed) if rule.requirement.is_some() => {
            agreeing(by_figure(rule, value, given), passed)
        }
        (None, Some(true)) if rule.requirement.is_some() => {
            cannot_tell!("the requirement is a figure, and none is declared", "该项要求是数值，但未申报数值")
        }
        (_, Some(true)) => Outcome::Met,
        (_, Some(false)) => Outcome::NotMet,
        (Some(_), None) => cannot_tell!(
            "the requirement has no figure; declare passed = true or false",
            "该项没有数值要求，请申报 passed = true 或 false"
        ),
        (None, None) => {
            cannot_tell!("neither a figure nor an answer is declared", "既未申报数值，也未申报是否达标")
        }
    }
}

fn by_figure(rule: &Rule, value: f64, given: &Circumstances) -> Outcome {
    let Some(requirement) = &rule.requirement else {
        return Outcome::NotMeasurable { needs: rule.needs.clone() };
    };
    let limits = requirement.applied(given.conditions(&Place::County));
    if requirement.unit == FigureUnit::Percent
        && value > 0.0
        && value < 1.0
        && limits.iter().all(|l| l.value > 1.0)
    {
        let percent = FigureUnit::Percent.written(value);
        return cannot_tell!("is {value} meant as {percent} %?", "申报的 {value} 是否指 {percent} %？");
    }
    compared(requirement, &limits, Ratio::exactly(requirement.unit.plain(value)))
}

/// A declared answer may repeat what the declared figure says, not contradict it.
fn agreeing(outcome: Outcome, passed: Option<bool>) -> Outcome {
    match (&outcome, passed) {
        (Outcome::Met, Some(false)) | (Outcome::NotMet, Some(true)) => {
            cannot_tell!("the declared answer contradicts the declared figure", "申报的结论与申报的数值矛盾")
        }
        _ => outcome,
    }
}
