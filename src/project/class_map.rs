//! How the values of one field become classes.
//!
//! The rules of the project come first, then the scheme. So a rule also settles what a scheme leaves open:
//! a code it does not know, or one that lost its leading zero.

use std::collections::{HashMap, HashSet};
use std::fmt;

use serde::Serialize;

use crate::attribute::Value;
use crate::nearest::nearest;
use crate::project::scheme::{
    Candidate, Scheme, SchemeFit, candidate_schemes, candidates, normal, with_zero,
};
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

/// A scheme that reads less than half of the values of its field, where another reads more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct SchemeDoubt {
    /// The scheme of the project.
    pub scheme: &'static str,
    /// How many different values the rules of the project leave to the scheme.
    pub values: usize,
    /// How many of them it reads, with a leading zero restored where that helps.
    pub reads: usize,
    /// The scheme that reads most of them.
    pub better: SchemeFit,
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

    /// What the rules of the project name and the field does not hold: each value, range (`[500, 501]`) or
    /// prefix (`95…`) that matches none of the seen values, with the seen value it resembles.
    /// O(rules x seen).
    pub fn unmatched(&self, seen: &[Value]) -> Vec<(String, Option<String>)> {
        let codes: Vec<(&Value, String)> =
            seen.iter().filter_map(|value| Some((value, normal(&value.code()?)))).collect();
        let like = |name: &str| nearest(name, codes.iter().map(|(_, code)| code.as_str())).map(str::to_owned);
        let single = self.rules.iter().flat_map(|rule| rule.values.one_by_one());
        single
            .filter(|one| !codes.iter().any(|(value, code)| one.contains(value, code)))
            .map(|one| (one.to_string(), one.name().and_then(like)))
            .collect()
    }

    /// Whether another scheme than the one chosen seems to be that of the field. Values that the rules of the
    /// project read, nulls and repetitions do not count. `None` where no scheme is chosen, or where the chosen
    /// one reads half of the values or more, or where no other reads more.
    pub fn scheme_fit(&self, seen: &[Value]) -> Option<SchemeDoubt> {
        let SchemeChoice::Known(scheme) = self.scheme else { return None };
        let left = self.left_to_scheme(seen);
        let fits = candidate_schemes(&left);
        let reads = |fit: &SchemeFit| fit.reads + fit.reads_with_zero;
        let own = fits.iter().find(|fit| fit.scheme == scheme.name).map_or(0, reads);
        let better = *fits.first().filter(|best| reads(best) > own)?;
        let doubt = SchemeDoubt { scheme: &scheme.name, values: left.len(), reads: own, better };
        (2 * own < left.len()).then_some(doubt)
    }

    /// The different values that no rule reads.
    fn left_to_scheme(&self, seen: &[Value]) -> Vec<Value> {
        let mut met = HashSet::new();
        let mut left = Vec::new();
        for value in seen {
            let Some(code) = value.code().map(|code| normal(&code)) else { continue };
            let ruled = self.rules.iter().any(|rule| rule.values.contains(value, &code));
            if !ruled && !code.is_empty() && met.insert(code) {
                left.push(value.clone());
            }
        }
        left
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
    /// Each of the values, or the range or prefix, by itself.
    fn one_by_one(&self) -> Vec<ValueSet> {
        match self {
            ValueSet::Values(values) => {
                values.iter().map(|value| ValueSet::Values(vec![value.clone()])).collect()
            }
            whole => vec![whole.clone()],
        }
    }

    /// The text that a value of the field could resemble; a range has none.
    fn name(&self) -> Option<&str> {
        match self {
            ValueSet::Values(values) => values.first().map(String::as_str),
            ValueSet::Range(_) => None,
            ValueSet::Prefix(prefix) => Some(prefix),
        }
    }

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

/// As a message names it.
impl fmt::Display for ValueSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ValueSet::Values(values) => f.write_str(&values.join(", ")),
            ValueSet::Range([low, high]) => write!(f, "[{low}, {high}]"),
            ValueSet::Prefix(prefix) => write!(f, "{prefix}…"),
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
