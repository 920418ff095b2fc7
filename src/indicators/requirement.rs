//! What a rule requires: a comparison, a limit with its unit, or limits by annual precipitation.
//!
//! Limits stand here as the standard writes them, 40 for "40 %". [`FigureUnit::plain`] gives what a quotient
//! of two measured quantities is compared with, 0.4.

use serde::{Deserialize, Serialize};

use crate::units::M2_PER_HECTARE;
use crate::words;
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
        match self {
            FigureUnit::Percent => written / 100.0,
            _ => written,
        }
    }

    /// A plain quotient in this unit. Per cent are made by moving the point of the shortest decimals that
    /// stand for the quotient, not by multiplying: 0.29 gives 29 and not 28.999999999999996.
    pub(super) fn written(self, plain: f64) -> f64 {
        match self {
            FigureUnit::Percent => moved_two_places(plain).unwrap_or(plain * 100.0),
            _ => plain,
        }
    }

    /// By how much one more hectare above the line raises a figure in this unit (points of per cent, or square
    /// metres for each person), `below` standing under it in square metres or persons; `None` where there is nothing
    /// to divide by, and where the place is smaller than a hectare.
    pub fn one_hectare_adds(self, below: f64) -> Option<f64> {
        let adds = self.written(M2_PER_HECTARE / below);
        (below > 0.0 && adds <= self.most()).then_some(adds)
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

/// A hundred times the number, in decimals.
fn moved_two_places(number: f64) -> Option<f64> {
    let scientific = format!("{number:e}");
    let (digits, exponent) = scientific.split_once('e')?;
    let exponent: i32 = exponent.parse().ok()?;
    format!("{digits}e{}", exponent + 2).parse().ok()
}

/// The limit of one band of annual precipitation. The bands of a rule follow each other upwards; the last
/// one has no upper end.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// Upper end in millimetres, itself outside the band.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub below_mm: Option<f64>,
    /// Upper end in millimetres, itself inside the band.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub up_to_mm: Option<f64>,
    /// The limit in the unit of the requirement.
    pub value: f64,
}

impl Band {
    /// The upper end, whichever way it is given.
    pub(super) fn end_mm(&self) -> Option<f64> {
        self.below_mm.or(self.up_to_mm)
    }

    /// Whether the precipitation lies below the upper end.
    fn ends_above(&self, precipitation_mm: f64) -> bool {
        self.below_mm.is_none_or(|end| precipitation_mm < end)
            && self.up_to_mm.is_none_or(|end| precipitation_mm <= end)
    }

    /// The band for people, given the one below it: "< 400 mm", "400–800 mm", "> 800 mm".
    fn words(&self, lower: Option<&Band>) -> Words {
        let start = lower.and_then(Band::end_mm);
        let text = match (start, self.end_mm()) {
            (None, Some(end)) if self.below_mm.is_some() => format!("< {end} mm"),
            (None, Some(end)) => format!("≤ {end} mm"),
            (Some(start), Some(end)) => format!("{start}–{end} mm"),
            (Some(start), None) if lower.is_some_and(|b| b.below_mm.is_some()) => format!("≥ {start} mm"),
            (Some(start), None) => format!("> {start} mm"),
            (None, None) => "≥ 0 mm".to_owned(),
        };
        words!("annual precipitation {text}", "年降水量 {text}")
    }
}

/// The limit of a requirement.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Limit {
    /// One for all.
    One(f64),
    /// By annual precipitation, upwards.
    ByPrecipitation(Vec<Band>),
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

/// One limit that may apply, with the band it belongs to.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Applied {
    pub value: f64,
    pub band: Option<Words>,
}

impl Requirement {
    /// The limits that may apply: one, or those of every band where the precipitation is not known.
    pub(super) fn applied(&self, precipitation_mm: Option<f64>) -> Vec<Applied> {
        match &self.limit {
            Limit::One(value) => vec![Applied { value: *value, band: None }],
            Limit::ByPrecipitation(bands) => {
                let all = all_bands(bands);
                let hit = precipitation_mm.and_then(|mm| bands.iter().position(|b| b.ends_above(mm)));
                hit.and_then(|i| all.get(i).cloned()).map_or(all, |one| vec![one])
            }
        }
    }

    /// The limit that is easiest to reach among those that may apply.
    pub(super) fn mildest(&self, applied: &[Applied]) -> Option<f64> {
        let values = applied.iter().map(|a| a.value);
        match self.comparator {
            Comparator::AtLeast => values.min_by(f64::total_cmp),
            Comparator::AtMost => values.max_by(f64::total_cmp),
        }
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
        match &self.limit {
            Limit::One(value) => self.limit_words(*value),
            Limit::ByPrecipitation(bands) => {
                let each: Vec<Words> = all_bands(bands).iter().map(|a| self.applied_words(a)).collect();
                let say = |pick: fn(&Words) -> &str, mark: &str| {
                    each.iter().map(pick).collect::<Vec<_>>().join(mark)
                };
                Words::new(say(|w| &w.en, ", "), say(|w| &w.zh, "、"))
            }
        }
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

fn all_bands(bands: &[Band]) -> Vec<Applied> {
    let lower = std::iter::once(None).chain(bands.iter().map(Some));
    bands
        .iter()
        .zip(lower)
        .map(|(band, lower)| Applied { value: band.value, band: Some(band.words(lower)) })
        .collect()
}
