//! Under what sums of cells are kept: classes, and values in their order.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Under what sums are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Key {
    /// The condition holds.
    Cover,
    /// Valid ground where it does not.
    Rest,
    /// A whole number.
    Whole(i128),
    /// Any number, as bits that sort as it does.
    Real(u64),
}

impl Key {
    /// Of a number.
    pub fn real(value: f64) -> Self {
        let bits = value.to_bits();
        Self::Real(if bits >> 63 == 1 { !bits } else { bits | 1 << 63 })
    }

    /// The number; none of a condition.
    pub fn number(self) -> Option<f64> {
        match self {
            Self::Cover | Self::Rest => None,
            Self::Whole(value) => Some(value as f64),
            Self::Real(bits) => Some(f64::from_bits(if bits >> 63 == 1 { bits & !(1 << 63) } else { !bits })),
        }
    }

    /// The least key of the stretch of keys that differ from this one in their last bits only. The order is kept.
    pub(super) fn coarse(self, bits: u32) -> Self {
        match self {
            Self::Cover | Self::Rest => self,
            Self::Whole(value) => Self::Whole(value >> bits << bits),
            Self::Real(key) => Self::Real(key >> bits << bits),
        }
    }
}

/// As tables print it.
impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cover => f.write_str("cover"),
            Self::Rest => f.write_str("(none)"),
            Self::Whole(value) => write!(f, "{value}"),
            Self::Real(_) => write!(f, "{}", self.number().unwrap_or(f64::NAN)),
        }
    }
}
