//! What a rule requires: a comparison, and a limit with its unit.

use serde::{Deserialize, Serialize};

use super::limit::{Applied, Conditions, Limit};
use super::unit::FigureUnit;
use crate::words::Words;

/// From which side a figure must reach its limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Comparator {
    /// The figure must be the limit or more.
    AtLeast,
    /// The figure must be the limit or less.
    AtMost,
}

impl Comparator {
    /// Whether a value reaches the limit; a value on the limit does. NaN does not.
    pub fn reaches(self, value: f64, limit: f64) -> bool {
        match self {
            Comparator::AtLeast => value >= limit,
            Comparator::AtMost => value <= limit,
        }
    }

    /// How much of the numerator is missing (or too much), in its unit; zero or less where nothing is.
    pub(super) fn shortfall(self, numerator: f64, denominator: f64, limit: f64) -> f64 {
        match self {
            Comparator::AtLeast => limit * denominator - numerator,
            Comparator::AtMost => numerator - limit * denominator,
        }
    }
}

/// A comparison with its limit and unit.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Requirement {
    /// From which side.
    pub comparator: Comparator,
    /// The limit, in `unit`.
    pub limit: Limit,
    /// The unit of the limit and of the figure.
    pub unit: FigureUnit,
}

impl Requirement {
    /// The limits that may apply: one, or several where too little is known of the place.
    pub(super) fn applied(&self, known: Conditions) -> Vec<Applied> {
        self.limit.applied(known)
    }

    /// The limits that are easiest and hardest to reach among those that may apply.
    pub(super) fn mildest_and_strictest(&self, applied: &[Applied]) -> Option<(f64, f64)> {
        let values = || applied.iter().map(|a| a.value);
        let (low, high) = (values().min_by(f64::total_cmp)?, values().max_by(f64::total_cmp)?);
        Some(match self.comparator {
            Comparator::AtLeast => (low, high),
            Comparator::AtMost => (high, low),
        })
    }

    /// The sign before a limit, for people; a share of 100 % leaves nothing above it.
    pub fn sign(&self, limit: f64) -> &'static str {
        match self.comparator {
            Comparator::AtLeast if self.unit == FigureUnit::Percent && limit == 100.0 => "=",
            Comparator::AtLeast => "≥",
            Comparator::AtMost => "≤",
        }
    }

    /// One limit for people: "≥ 40 %".
    pub(super) fn limit_words(&self, value: f64) -> Words {
        let (sign, unit) = (self.sign(value), self.unit.words());
        Words::new(format!("{sign} {value} {}", unit.en), format!("{sign} {value} {}", unit.zh))
    }

    /// The whole requirement for people, with all its bands.
    pub fn words(&self) -> Words {
        let each: Vec<Words> = self.limit.all().iter().map(|a| self.applied_words(a)).collect();
        let say = |pick: fn(&Words) -> &str, mark: &str| each.iter().map(pick).collect::<Vec<_>>().join(mark);
        Words::new(say(|w| &w.en, ", "), say(|w| &w.zh, "、"))
    }

    /// A limit with its band: "≥ 35 % (annual precipitation > 800 mm)".
    pub(super) fn applied_words(&self, applied: &Applied) -> Words {
        let limit = self.limit_words(applied.value);
        match &applied.band {
            None => limit,
            Some(band) => {
                Words::new(format!("{} ({})", limit.en, band.en), format!("{}（{}）", limit.zh, band.zh))
            }
        }
    }
}
