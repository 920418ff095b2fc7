//! From facts to verdicts: standard by standard, with the county's circumstances and what is declared.

use std::collections::BTreeMap;

use crate::analysis::analyze::{Inputs, town_names};
use crate::analysis::rows::Rows;
use crate::analysis::{missing, within};
use crate::fact::{Fact, Place};
use crate::finding::Finding;
use crate::indicators::{self, Circumstances, Declared, IndicatorError, Verdict};

/// The verdicts; rounding is taken off the facts before, and shares above the whole are noticed.
pub(super) fn judged(
    inputs: &Inputs<'_>,
    rows: &Rows,
    facts: &mut [Fact],
    findings: &mut Vec<Finding>,
) -> Result<Vec<Verdict>, IndicatorError> {
    within::hold(facts);
    let verdicts = judge(inputs, rows, facts)?;
    findings.extend(within::above_whole(&verdicts));
    Ok(verdicts)
}

/// Judges by every standard. A declaration by number speaks of the first standard's item; one by code of the
/// item in every standard that has it.
fn judge(inputs: &Inputs<'_>, rows: &Rows, facts: &[Fact]) -> Result<Vec<Verdict>, IndicatorError> {
    let mut given = circumstances(inputs, rows);
    given.missing = missing::missing(inputs, facts);
    let mut verdicts = Vec::new();
    for (index, standard) in inputs.standards.iter().enumerate() {
        let speaks = |d: &&Declared| {
            let by_number = d.item.chars().all(|c| c.is_ascii_digit());
            standard.rule(&d.item).is_ok() && (index == 0 || !by_number)
        };
        let declared: Vec<Declared> = inputs.declared.iter().filter(speaks).cloned().collect();
        verdicts.extend(indicators::judge(standard, facts, &given, &declared)?);
    }
    let unknown = inputs.declared.iter().find(|d| inputs.standards.iter().all(|s| s.rule(&d.item).is_err()));
    if let (Some(declared), Some(standard)) = (unknown, inputs.standards.first()) {
        standard.rule(&declared.item)?;
    }
    Ok(verdicts)
}

fn circumstances(inputs: &Inputs<'_>, rows: &Rows) -> Circumstances {
    let has_built_up =
        |code: &str| rows.scopes.iter().any(|s| s.place == Place::TownBuiltUp(code.to_owned()));
    let seats = rows.urban_towns.iter().filter(|code| !has_built_up(code)).cloned();
    Circumstances {
        annual_precipitation_mm: inputs.project.county.annual_precipitation_mm,
        terrain: inputs.project.county.terrain,
        town_terrain: inputs.project.county.town_terrain.clone(),
        urban_towns: seats.collect(),
        town_names: town_names(&rows.towns),
        missing: BTreeMap::new(),
    }
}
