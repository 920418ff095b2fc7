//! A field's value as the survey recorded it.
//!
//! Shared by the filter of a project, the code schemes and the layer readers. It knows nothing of files.

use std::fmt;
use std::ops::AddAssign;

use serde::Serialize;

/// A number in decimals, exact: a whole number of 10⁻⁹. Sums of amounts are the same in any order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Hash)]
pub struct Amount(pub i128);

/// How many decimals an amount keeps; a value with more is rounded once.
pub const AMOUNT_DECIMALS: usize = 9;
/// Quanta of an amount in one.
const QUANTA: i128 = 10i128.pow(AMOUNT_DECIMALS as u32);
/// A number this large or larger is no amount; a hundred million of the others can be added.
const TOO_MUCH: f64 = 1e20;

impl Amount {
    /// Of a number, by the decimals that it is printed with: 0.1 is one tenth. `None` where it is none, or too large.
    pub fn of(x: f64) -> Option<Self> {
        if x.is_nan() || x.abs() >= TOO_MUCH {
            return None;
        }
        let text = x.abs().to_string();
        let (whole, decimals) = text.split_once('.').unwrap_or((&text, ""));
        let kept: String = decimals.chars().chain(std::iter::repeat('0')).take(AMOUNT_DECIMALS).collect();
        let rest = decimals.as_bytes().get(AMOUNT_DECIMALS).is_some_and(|digit| *digit >= b'5');
        let quanta = whole.parse::<i128>().ok()? * QUANTA + kept.parse::<i128>().ok()? + i128::from(rest);
        Some(Self(if x < 0.0 { -quanta } else { quanta }))
    }

    /// The number nearest to it.
    pub fn number(self) -> f64 {
        self.to_string().parse().unwrap_or(f64::NAN)
    }
}

impl AddAssign for Amount {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}

impl fmt::Display for Amount {
    /// All its decimals, without noughts at their end.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (whole, rest) = (self.0.abs() / QUANTA, self.0.abs() % QUANTA);
        let decimals = format!("{rest:09}");
        match decimals.trim_end_matches('0') {
            "" => write!(f, "{sign}{whole}"),
            decimals => write!(f, "{sign}{whole}.{decimals}"),
        }
    }
}

/// One value of one field of one feature.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Value {
    /// Absent, or a null of the format.
    Null,
    /// A whole number.
    Integer(i64),
    /// A number with decimals.
    Real(f64),
    /// Text, surrounding blanks removed.
    Text(String),
}

impl Value {
    /// The number this value is, or reads as: text such as `"12.5"` counts.
    pub fn number(&self) -> Option<f64> {
        match self {
            Value::Null => None,
            Value::Integer(n) => Some(*n as f64),
            Value::Real(x) => Some(*x),
            Value::Text(t) => t.trim().parse().ok().filter(|x: &f64| x.is_finite()),
        }
    }

    /// The amount this value is, or reads as; `None` for null and for what is no number, or an absurd one.
    pub fn amount(&self) -> Option<Amount> {
        match self {
            Value::Integer(n) => Some(Amount(i128::from(*n) * QUANTA)),
            other => Amount::of(other.number()?),
        }
    }

    /// The value as an identifier or code: a whole number has no decimals, also from a real-typed field;
    /// `None` for null.
    pub fn code(&self) -> Option<String> {
        match self {
            Value::Null => None,
            Value::Integer(n) => Some(n.to_string()),
            Value::Real(x) if x.fract() == 0.0 && x.abs() < 9.0e15 => Some(format!("{x:.0}")),
            Value::Real(x) => Some(x.to_string()),
            Value::Text(t) => Some(t.trim().to_owned()),
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.code() {
            Some(code) => f.write_str(&code),
            None => f.write_str("(null)"),
        }
    }
}
