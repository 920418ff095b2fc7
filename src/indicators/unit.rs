//! The units that figures and limits are written in.
//!
//! Limits stand in rule data as the standard writes them, 40 for "40 %". [`FigureUnit::plain`] gives what a quotient
//! of two measured quantities is compared with, 0.4.

use serde::{Deserialize, Serialize};

use crate::units::M2_PER_HECTARE;
use crate::words;
use crate::words::Words;

/// The unit of a figure and of its limit, as rule data write it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum FigureUnit {
    /// Per cent.
    #[serde(rename = "%")]
    Percent,
    /// Square metres per person.
    #[serde(rename = "m2/person")]
    SquareMetresPerPerson,
    /// Kilometres per ten thousand persons.
    #[serde(rename = "km/10000 persons")]
    KilometresPerTenThousand,
    /// Places: parks, sites.
    #[serde(rename = "places")]
    Places,
    /// Events a year.
    #[serde(rename = "events/year")]
    EventsPerYear,
    /// A degree between 0 and 1.
    #[serde(rename = "degree")]
    Degree,
}

impl FigureUnit {
    /// A written figure as the plain quotient it stands for. 40 % gives the same `f64` as 4/10 of any ground,
    /// because both are one correctly rounded division; so a share exactly on its threshold reaches it.
    pub(super) fn plain(self, written: f64) -> f64 {
        written / 10f64.powi(self.decimals())
    }

    /// A plain quotient in this unit. Per cent are made by moving the point of the shortest decimals that
    /// stand for the quotient, not by multiplying: 0.29 gives 29 and not 28.999999999999996.
    pub(super) fn written(self, plain: f64) -> f64 {
        moved(plain, self.decimals()).unwrap_or(plain)
    }

    /// How many places the point of a plain quotient moves: a metre a person is 10 km for ten thousand.
    fn decimals(self) -> i32 {
        match self {
            FigureUnit::Percent => 2,
            FigureUnit::KilometresPerTenThousand => 1,
            _ => 0,
        }
    }

    /// By how much a figure in this unit rises when `more` is added above the line, `below` standing under it; `None`
    /// where there is nothing to divide by, and where the place has no room for so much.
    pub fn raised_by(self, more: f64, below: f64) -> Option<f64> {
        let adds = self.written(more / below);
        (below > 0.0 && adds <= self.most()).then_some(adds)
    }

    /// By how much one more hectare above the line raises a figure in this unit (points of per cent, or square
    /// metres for each person), `below` standing under it in square metres or persons.
    pub fn one_hectare_adds(self, below: f64) -> Option<f64> {
        self.raised_by(M2_PER_HECTARE, below)
    }

    /// The most that a figure in this unit can be.
    pub(super) fn most(self) -> f64 {
        match self {
            FigureUnit::Percent => 100.0,
            FigureUnit::Degree => 1.0,
            _ => f64::MAX,
        }
    }

    /// The unit, for people.
    pub fn words(self) -> Words {
        match self {
            FigureUnit::Percent => words!("%", "%"),
            FigureUnit::SquareMetresPerPerson => words!("m²/person", "平方米/人"),
            FigureUnit::KilometresPerTenThousand => words!("km per 10 000 persons", "千米/万人"),
            FigureUnit::Places => words!("places", "处"),
            FigureUnit::EventsPerYear => words!("events a year", "次/年"),
            FigureUnit::Degree => words!("(degree, 0 to 1)", "（自然度，0–1）"),
        }
    }
}

/// The number with its point moved to the right, in decimals.
fn moved(number: f64, places: i32) -> Option<f64> {
    let scientific = format!("{number:e}");
    let (digits, exponent) = scientific.split_once('e')?;
    let exponent: i32 = exponent.parse().ok()?;
    format!("{digits}e{}", exponent + places).parse().ok()
}
