//! How the values of one field become classes.
//!
//! The rules of the project come first, then the scheme. So a rule also settles what a scheme leaves open:
//! a code it does not know, or one that lost its leading zero.

use std::collections::HashMap;

use serde::Serialize;

use crate::attribute::Value;
use crate::project::scheme::{Candidate, Scheme, candidates, normal, with_zero};
use crate::project::settings::ClassIndex;

/// The reading of one field.
#[derive(Debug, Clone, Serialize)]
pub struct ClassMap {
    scheme: SchemeChoice,
    #[serde(rename = "map", skip_serializing_if = "Vec::is_empty")]
    rules: Vec<ClassRule>,
    leading_zeros: LeadingZeros,
    /// The project's classes that the scheme gives, by identity.
    #[serde(skip)]
    classes: HashMap<String, ClassIndex>,
}

/// The scheme of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SchemeChoice {
    /// None: the rules of the project say it all.
    #[default]
    None,
    /// One.
    Known(&'static Scheme),
    /// Not known: every value is ambiguous, so that the run lists what each could mean and on how much ground.
    Unknown,
}

/// Whether the field still has the leading zeros of its codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LeadingZeros {
    /// As far as is known; a code that makes sense only with one more zero is ambiguous.
    #[default]
    Kept,
    /// The user says that they were lost, so they are restored.
    Lost,
}

/// A rule of the project: these values are of this class.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ClassRule {
    /// The class.
    pub class: ClassIndex,
    /// The values.
    #[serde(flatten)]
    pub values: ValueSet,
}

/// Some values of a field.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ValueSet {
    /// These, letter case and surrounding blanks aside.
    Values(Vec<String>),
    /// The numbers from the first to the second, both included.
    Range([f64; 2]),
    /// All that begin so.
    Prefix(String),
}

/// What a value says.
#[derive(Debug, Clone, PartialEq)]
pub enum Reading {
    /// One class.
    Class(ClassIndex),
    /// A value that nothing maps.
    Unmapped,
    /// No value, or blank text.
    Null,
    /// A value that could mean several things, or one that is not written; never guessed.
    Ambiguous(Vec<Candidate>),
}

impl ClassMap {
    /// A reading by rules, first match first, then by a scheme whose classes have these positions.
    pub fn new(
        scheme: SchemeChoice,
        rules: Vec<ClassRule>,
        leading_zeros: LeadingZeros,
        classes: HashMap<String, ClassIndex>,
    ) -> ClassMap {
        ClassMap { scheme, rules, leading_zeros, classes }
    }

    /// The scheme.
    pub fn scheme(&self) -> SchemeChoice {
        self.scheme
    }

    /// Every class that the reading can give.
    pub fn classes(&self) -> impl Iterator<Item = ClassIndex> + '_ {
        self.rules.iter().map(|rule| rule.class).chain(self.classes.values().copied())
    }

    /// What the value says. O(rules); a caller with many features remembers the answer for each value.
    pub fn read(&self, value: &Value) -> Reading {
        let Some(code) = value.code().map(|code| normal(&code)).filter(|code| !code.is_empty()) else {
            return Reading::Null;
        };
        if let Some(rule) = self.rules.iter().find(|rule| rule.values.contains(value, &code)) {
            return Reading::Class(rule.class);
        }
        match self.scheme {
            SchemeChoice::None => Reading::Unmapped,
            SchemeChoice::Known(scheme) => self.read_by(scheme, &code, value),
            SchemeChoice::Unknown => Reading::ambiguous(candidates(value)),
        }
    }

    fn read_by(&self, scheme: &Scheme, code: &str, value: &Value) -> Reading {
        if let Some(class) = self.class(scheme, code) {
            return Reading::Class(class);
        }
        match with_zero(code).and_then(|code| self.class(scheme, &code)) {
            None => Reading::Unmapped,
            Some(class) if self.leading_zeros == LeadingZeros::Lost => Reading::Class(class),
            Some(_) => Reading::ambiguous(candidates(value)),
        }
    }

    fn class(&self, scheme: &Scheme, code: &str) -> Option<ClassIndex> {
        self.classes.get(scheme.class_of(code)?).copied()
    }
}

impl Reading {
    fn ambiguous(candidates: Vec<Candidate>) -> Reading {
        if candidates.is_empty() { Reading::Unmapped } else { Reading::Ambiguous(candidates) }
    }
}

impl ValueSet {
    /// Whether the value, or its code in normal form, is one of these.
    fn contains(&self, value: &Value, code: &str) -> bool {
        match self {
            ValueSet::Values(values) => values.iter().any(|one| one.trim().eq_ignore_ascii_case(code)),
            ValueSet::Range([low, high]) => {
                value.number().is_some_and(|number| (*low..=*high).contains(&number))
            }
            ValueSet::Prefix(prefix) => {
                code.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
            }
        }
    }
}

impl Serialize for SchemeChoice {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            SchemeChoice::None => serializer.serialize_none(),
            SchemeChoice::Known(scheme) => serializer.serialize_str(&scheme.name),
            SchemeChoice::Unknown => serializer.serialize_str("unknown"),
        }
    }
}
