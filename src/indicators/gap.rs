//! What is missing until a figure reaches its limit, in the unit of its numerator.

use serde::Serialize;

use super::limit::Applied;
use super::requirement::{Comparator, Requirement};
use crate::fact::{Fact, Unit};
use crate::units::SquareMetres;

/// A gap (缺口): ground, metres of road or shore, trees, places. `low..=high` is what the data allow, and the limits that
/// may apply where it is not known which does.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Gap {
    /// As the mapped data give it; by the mildest limit, where several may apply.
    pub value: f64,
    /// So much is missing at least.
    pub low: f64,
    /// So much is missing at most.
    pub high: f64,
    /// The unit of all three.
    pub unit: Unit,
}

impl Gap {
    /// Until `above` over `below` reaches; `None` where no limit applies, and where nothing can be missing.
    pub(super) fn of(
        requirement: &Requirement,
        limits: &[Applied],
        above: &Fact,
        below: Option<&Fact>,
    ) -> Option<Self> {
        let (mildest, strictest) = requirement.mildest_and_strictest(limits)?;
        let (mildest, strictest) = (requirement.unit.plain(mildest), requirement.unit.plain(strictest));
        let (value, low, high) = below.map_or((1.0, 1.0, 1.0), |b| (b.value, b.low, b.high));
        let comparator = requirement.comparator;
        let missing = |above_it: f64, below_it: f64, limit: f64| {
            let missing = if comparator.reaches(above_it / below_it, limit) {
                0.0
            } else {
                comparator.shortfall(above_it, below_it, limit).max(0.0)
            };
            whole(missing, above.unit)
        };
        let (least, most) = match comparator {
            Comparator::AtLeast => (missing(above.high, low, mildest), missing(above.low, high, strictest)),
            Comparator::AtMost => (missing(above.low, high, mildest), missing(above.high, low, strictest)),
        };
        let gap =
            Self { value: missing(above.value, value, mildest), low: least, high: most, unit: above.unit };
        (gap.high > 0.0).then_some(gap)
    }

    /// The gap as ground, where it is ground.
    pub fn ground(self) -> Option<SquareMetres> {
        (self.unit == Unit::SquareMetres).then_some(SquareMetres(self.value))
    }

    /// The gaps of several places together.
    pub(super) fn sum(gaps: impl IntoIterator<Item = Gap>) -> Option<Gap> {
        gaps.into_iter().reduce(|a, b| Gap {
            value: a.value + b.value,
            low: a.low + b.low,
            high: a.high + b.high,
            unit: a.unit,
        })
    }
}

/// Half a tree is not planted: what is counted is missing in whole numbers. A sum of parts may be off by so little that
/// nothing is meant by it.
fn whole(missing: f64, unit: Unit) -> f64 {
    const NOTHING: f64 = 1e-9;
    match unit {
        Unit::Trees | Unit::Places | Unit::Persons => {
            (missing - missing.abs() * NOTHING - NOTHING).ceil().max(0.0)
        }
        Unit::SquareMetres | Unit::Metres => missing,
    }
}
