//! A quotient of two facts, with the interval that the data allow and the two operands kept.

use serde::Serialize;

use super::unit::FigureUnit;
use crate::fact::{Fact, Place, Quantity, Unit};

/// A figure in its unit. `low..=high` is what the data allow.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Figure {
    /// The figure as the mapped data give it.
    pub value: f64,
    /// The least that the data allow.
    pub low: f64,
    /// The most that the data allow.
    pub high: f64,
    /// The unit of all three.
    pub unit: FigureUnit,
}

/// One side of a quotient, as measured.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Operand {
    /// What.
    pub quantity: Quantity,
    /// As the mapped data give it.
    pub value: f64,
    /// The least that the data allow.
    pub low: f64,
    /// The most that the data allow.
    pub high: f64,
    /// The unit of all three.
    pub unit: Unit,
}

impl From<&Fact> for Operand {
    fn from(fact: &Fact) -> Self {
        Self { quantity: fact.quantity, value: fact.value, low: fact.low, high: fact.high, unit: fact.unit }
    }
}

/// A plain quotient, 0.4 for 40 %, ready to be compared.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Ratio {
    pub value: f64,
    pub low: f64,
    pub high: f64,
}

impl Ratio {
    /// The quotient and its interval; `None` where it is not a number: nothing below the line, or an operand
    /// that is itself no number.
    /// Without anything below the line it is the number above it.
    pub fn of(above: &Fact, below: Option<&Fact>) -> Option<Self> {
        let (value, low, high) = below.map_or((1.0, 1.0, 1.0), |below| (below.value, below.low, below.high));
        let ratio = Self { value: above.value / value, low: above.low / high, high: above.high / low };
        let numbers = [ratio.value, ratio.low, ratio.high].iter().all(|x| x.is_finite());
        (low > 0.0 && numbers).then_some(ratio)
    }

    /// A figure that is known exactly.
    pub fn exactly(value: f64) -> Self {
        Self { value, low: value, high: value }
    }

    pub fn figure(self, unit: FigureUnit) -> Figure {
        let written = |plain| unit.written(plain);
        Figure { value: written(self.value), low: written(self.low), high: written(self.high), unit }
    }
}

/// The fact about a quantity of a place, or about what stands for it.
pub(super) fn fact_of<'a>(facts: &'a [Fact], quantity: Quantity, place: &Place) -> Option<&'a Fact> {
    let of = |quantity| facts.iter().find(|fact| fact.quantity == quantity && fact.place == *place);
    of(quantity).or_else(|| of(quantity.otherwise()?))
}
