//! How the values of one field become classes.

use serde::Serialize;

use crate::attribute::Value;
use crate::project::settings::ClassIndex;

/// The reading of one field: rules of the project first, then a scheme.
#[derive(Debug, Clone, Serialize)]
pub struct ClassMap {
    #[serde(skip)]
    _todo: (),
}

/// What a value says.
#[derive(Debug, Clone, PartialEq)]
pub enum Reading {
    /// One class.
    Class(ClassIndex),
    /// A value that nothing maps.
    Unmapped,
    /// No value.
    Null,
    /// A value that could mean several codes; never guessed.
    Ambiguous(Vec<Candidate>),
}

/// One thing that a value could mean.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Candidate {
    /// The name of the scheme.
    pub scheme: String,
    /// The code in that scheme.
    pub code: String,
    /// The identity of the class.
    pub class: String,
}

impl ClassMap {
    /// What the value says.
    pub fn read(&self, _value: &Value) -> Reading {
        Reading::Unmapped
    }
}
