//! The evaluator: a standard, facts and declarations in, one verdict a rule out. O(rules x places x facts).

use std::collections::BTreeMap;

use serde::Serialize;

use super::computed;
use super::declared::{Declared, JudgeBy, judged};
use super::error::IndicatorError;
use super::figure::Ratio;
use super::formula::Measure;
use super::limit::{Applied, Conditions, Limit};
use super::requirement::Requirement;
use super::standard::{Rule, Standard};
use super::verdict::{Basis, Outcome, Verdict};
use super::wording::listed;
use crate::fact::{Fact, Place};
use crate::terrain::Terrain;
use crate::words;
use crate::words::Words;

/// What the county is like, where thresholds or wording depend on it.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Circumstances {
    /// Mean annual precipitation in millimetres; chooses the band.
    pub annual_precipitation_mm: Option<f64>,
    /// The terrain of the county, where a threshold depends on it.
    pub terrain: Option<Terrain>,
    /// The terrain of towns that differ from the county, by code.
    pub town_terrain: BTreeMap<String, Terrain>,
    /// Codes of the towns whose built-up ground is the urban area itself (城关镇、街道): they need no
    /// built-up area or villages of their own.
    pub urban_towns: Vec<String>,
    /// Names of the towns by code, for people.
    pub town_names: BTreeMap<String, String>,
    /// What the data at hand lack until a measure can be taken, where that is known; else everything is told that its
    /// rule may need.
    pub missing: BTreeMap<Measure, Words>,
}

impl Circumstances {
    /// What a limit may depend on at a place. A precipitation that is not possible is not known.
    pub(super) fn conditions(&self, place: &Place) -> Conditions {
        let of_town = match place {
            Place::Town(code) | Place::TownBuiltUp(code) | Place::Villages(code) => {
                self.town_terrain.get(code)
            }
            _ => None,
        };
        Conditions {
            precipitation_mm: self.annual_precipitation_mm.filter(|mm| mm.is_finite() && *mm >= 0.0),
            terrain: of_town.copied().or(self.terrain),
        }
    }
}

/// Judges every rule of the standard, in its order.
///
/// A rule is judged by its computed figure where the facts give one, unless the declaration says
/// `judge_by = declared`; by the declaration where nothing can be computed; and is not measurable where
/// there is neither.
///
/// # Errors
/// A declaration of an item that the standard does not have, or two of one item.
pub fn judge(
    standard: &Standard,
    facts: &[Fact],
    given: &Circumstances,
    declared: &[Declared],
) -> Result<Vec<Verdict>, IndicatorError> {
    let declared = by_code(standard, declared)?;
    let verdict = |rule: &Rule| {
        let declared = declared.get(rule.code.as_str()).copied();
        judge_rule(standard, rule, facts, given, declared)
    };
    Ok(standard.rules.iter().map(verdict).collect())
}

fn by_code<'a>(
    standard: &'a Standard,
    declared: &'a [Declared],
) -> Result<BTreeMap<&'a str, &'a Declared>, IndicatorError> {
    let mut by_code = BTreeMap::new();
    for one in declared {
        let rule = standard.rule(&one.item)?;
        if by_code.insert(rule.code.as_str(), one).is_some() {
            return Err(IndicatorError::Twice {
                standard: standard.name.clone(),
                item: rule.code.clone(),
                deed: words!("declared", "申报"),
            });
        }
    }
    Ok(by_code)
}

fn judge_rule(
    standard: &Standard,
    rule: &Rule,
    facts: &[Fact],
    given: &Circumstances,
    declared: Option<&Declared>,
) -> Verdict {
    let computed = computed::computed(rule, facts, given);
    let wants_declared = declared.is_some_and(|d| d.judge_by == JudgeBy::Declared);
    let figure = computed.as_ref().map(|c| c.figure.value);
    let declared = declared.map(|d| judged(rule, d, given, figure));
    let (basis, outcome) = match (&computed, &declared) {
        (Some(computed), _) if !wants_declared => (Basis::Computed, computed.outcome.clone()),
        (_, Some(declared)) => (Basis::Declared, declared.outcome.clone()),
        (_, None) => (Basis::Nothing, Outcome::NotMeasurable { needs: needs(rule, given) }),
    };
    let (limit, band) = match (&computed, basis) {
        (Some(computed), Basis::Computed) => (computed.limit, computed.band.clone()),
        _ => the_limit(rule, given).map_or((None, None), |applied| (Some(applied.value), applied.band)),
    };
    Verdict {
        standard: standard.name.clone(),
        edition: standard.edition.clone(),
        rule: rule.clone(),
        requirement: rule.requirement_words(),
        limit,
        band,
        outcome,
        basis,
        computed,
        declared,
    }
}

/// What is missing, where that is known; else what the rule may need.
fn needs(rule: &Rule, given: &Circumstances) -> Words {
    let missing = rule.measure.and_then(|measure| given.missing.get(&measure));
    missing.unwrap_or(&rule.needs).clone()
}

/// The limit that applies to the county, if it is known which.
fn the_limit(rule: &Rule, given: &Circumstances) -> Option<Applied> {
    let limits = rule.requirement.as_ref()?.applied(given.conditions(&Place::County));
    match limits.as_slice() {
        [one] => Some(one.clone()),
        _ => None,
    }
}

/// A figure against its limits. One limit: the whole interval must lie on one side of it. Several, because
/// the band is not known: the outcome stands where all bands agree.
pub(super) fn compared(requirement: &Requirement, limits: &[Applied], ratio: Ratio) -> Outcome {
    let each: Vec<Option<bool>> = limits.iter().map(|l| against(requirement, l.value, ratio)).collect();
    if !each.is_empty() && each.iter().all(|reached| *reached == Some(true)) {
        Outcome::Met
    } else if !each.is_empty() && each.iter().all(|reached| *reached == Some(false)) {
        Outcome::NotMet
    } else {
        Outcome::CannotTell { reason: why_open(requirement, limits, ratio) }
    }
}

/// Whether the whole interval reaches, or none of it does; `None` where it straddles the limit.
fn against(requirement: &Requirement, limit: f64, ratio: Ratio) -> Option<bool> {
    let limit = requirement.unit.plain(limit);
    let ends = [ratio.low, ratio.high].map(|end| requirement.comparator.reaches(end, limit));
    (ends[0] == ends[1]).then_some(ends[0])
}

/// Why the outcome is open: the interval straddles the one limit, or the bands disagree.
fn why_open(requirement: &Requirement, limits: &[Applied], ratio: Ratio) -> Words {
    match limits {
        [one] => straddling(requirement, one, ratio),
        _ => band_by_band(requirement, limits, ratio),
    }
}

fn straddling(requirement: &Requirement, one: &Applied, ratio: Ratio) -> Words {
    let figure = ratio.figure(requirement.unit);
    // Rounded outwards, so that the printed interval still holds the requirement.
    let (low, high) = ((figure.low * 100.0).floor() / 100.0, (figure.high * 100.0).ceil() / 100.0);
    let (unit, limit) = (requirement.unit.words(), requirement.limit_words(one.value));
    Words::new(
        format!(
            "the data allow {low:.2} to {high:.2} {}; the requirement {} lies between",
            unit.en, limit.en
        ),
        format!("数据允许的范围为 {low:.2} 至 {high:.2} {}，要求 {} 落在其间", unit.zh, limit.zh),
    )
}

fn band_by_band(requirement: &Requirement, limits: &[Applied], ratio: Ratio) -> Words {
    let each: Vec<(Words, Words)> = limits
        .iter()
        .map(|limit| {
            let outcome = match against(requirement, limit.value, ratio) {
                Some(true) => Outcome::Met.words(),
                Some(false) => Outcome::NotMet.words(),
                None => words!("open", "未定"),
            };
            (requirement.applied_words(limit), outcome)
        })
        .collect();
    let en = listed(each.iter().map(|(limit, outcome)| format!("{}: {}", limit.en, outcome.en)), "; ");
    let zh = listed(each.iter().map(|(limit, outcome)| format!("{}：{}", limit.zh, outcome.zh)), "；");
    match requirement.limit {
        Limit::ByTerrain(_) => words!(
            "the terrain is not given closely enough, and the limits disagree ({en})",
            "未写明地形或不够具体，各类限值结论不一（{zh}）"
        ),
        _ => words!(
            "the annual precipitation is not given, and the bands disagree ({en})",
            "未提供年降水量，各档结论不一（{zh}）"
        ),
    }
}
