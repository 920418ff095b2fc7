//! A field's value as the survey recorded it.
//!
//! Shared by the filter of a project, the code schemes and the layer readers. It knows nothing of files.

use std::fmt;

use serde::Serialize;

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
