//! The code schemes that come with the program, and the classes they share.
//!
//! The data lies in `schemes/*.toml`, embedded at build: per scheme its codes and the class each one means,
//! with a confidence tag and a source. A scheme belongs to a field, not to a layer. One number means
//! different ground in different schemes (`0303` mangrove or shrub, `120` mangrove or, with its leading
//! zero lost, sparse woodland), so nothing here guesses: [`Scheme::class_of`] reads what is written, and
//! [`candidates`] lists everything a value could mean.

mod data;

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::attribute::Value;
use crate::project::settings::ClassDef;
use crate::words::Words;

/// A code scheme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scheme {
    /// Its name in a project file, such as `di_lei_3`.
    pub name: String,
    /// Its name for people.
    pub title: Words,
    /// Where its codes were read.
    pub source: String,
    /// What its codes mean, in the order of the scheme.
    pub entries: Vec<SchemeEntry>,
    /// Letters that may follow a code without changing its class.
    suffixes: Vec<String>,
    /// Codes without wildcard, to positions in `entries`.
    exact: HashMap<String, usize>,
    /// Codes with wildcards, fewest wildcards first, to positions in `entries`.
    patterns: Vec<(String, usize)>,
}

/// Codes of a scheme that mean one class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchemeEntry {
    /// The codes; `x` stands for any one letter or digit.
    pub codes: Vec<String>,
    /// The identity of the class.
    pub class: String,
    /// What the scheme calls it, where it says more than the class.
    pub name: Option<Words>,
    /// How sure the meaning is.
    pub tag: Tag,
}

/// How sure a datum of ours is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Tag {
    /// Read in a source that quotes or implements the text.
    A,
    /// Two or more independent sources agree.
    B,
    /// One program or report.
    C,
    /// Recalled, not read.
    M,
}

/// A class that schemes share, with the confidence of its flags.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharedClass {
    /// The class.
    pub class: ClassDef,
    /// How sure its flags are.
    pub tag: Tag,
    /// Where they come from.
    pub source: String,
}

/// One thing that a value could mean.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Candidate {
    /// The name of the scheme.
    pub scheme: String,
    /// The code in that scheme.
    pub code: String,
    /// The identity of the class.
    pub class: String,
}

/// How well a scheme fits the values of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct SchemeFit {
    /// The name of the scheme.
    pub scheme: &'static str,
    /// How many of the values it reads as they are.
    pub reads: usize,
    /// How many more it reads if a leading zero was lost.
    pub reads_with_zero: usize,
}

static SCHEMES: LazyLock<Vec<Scheme>> = LazyLock::new(|| {
    [
        include_str!("schemes/di_lei_3.toml"),
        include_str!("schemes/di_lei_4.toml"),
        include_str!("schemes/di_lei_4_1111.toml"),
        include_str!("schemes/di_lei_6.toml"),
        include_str!("schemes/di_lei_names.toml"),
        include_str!("schemes/land_survey_2017.toml"),
        include_str!("schemes/land_sea_2023.toml"),
        include_str!("schemes/green_space_2017.toml"),
        include_str!("schemes/green_space_2002.toml"),
    ]
    .map(|text| Scheme::from(data::scheme(text)))
    .into()
});

static CLASSES: LazyLock<Vec<SharedClass>> =
    LazyLock::new(|| data::classes(include_str!("schemes/classes.toml")));

/// The schemes, in the order of the documentation.
pub fn schemes() -> &'static [Scheme] {
    &SCHEMES
}

/// The scheme of this name.
pub fn scheme(name: &str) -> Option<&'static Scheme> {
    SCHEMES.iter().find(|scheme| scheme.name == name)
}

/// The classes that schemes share, in the order of tables.
pub fn shared_classes() -> &'static [SharedClass] {
    &CLASSES
}

/// Everything the value could mean, over all schemes: as it is written, and with a leading zero restored.
pub fn candidates(value: &Value) -> Vec<Candidate> {
    let Some(code) = value.code().map(|code| normal(&code)) else { return Vec::new() };
    let codes = [Some(code.clone()), with_zero(&code)];
    let readings = |scheme: &'static Scheme| {
        codes.clone().into_iter().flatten().filter_map(move |code| scheme.candidate(&code))
    };
    SCHEMES.iter().flat_map(readings).collect()
}

/// How many of the values each scheme reads, best first; schemes that read none are left out.
pub fn candidate_schemes(values: &[Value]) -> Vec<SchemeFit> {
    let mut fits: Vec<SchemeFit> = SCHEMES.iter().map(|scheme| scheme.fit(values)).collect();
    fits.retain(|fit| fit.reads + fit.reads_with_zero > 0);
    fits.sort_by_key(|fit| std::cmp::Reverse((fit.reads + fit.reads_with_zero, fit.reads)));
    fits
}

/// A code as schemes write it: no surrounding blanks, capital letters.
pub(super) fn normal(code: &str) -> String {
    code.trim().to_ascii_uppercase()
}

/// The code with the leading zero that a numeric field or a spreadsheet would have dropped.
pub(super) fn with_zero(code: &str) -> Option<String> {
    let number = !code.is_empty() && !code.starts_with('0') && code.chars().all(|c| c.is_ascii_digit());
    number.then(|| format!("0{code}"))
}

impl Scheme {
    /// The identity of the class that the code means, as it is written.
    pub fn class_of(&self, code: &str) -> Option<&str> {
        let code = normal(code);
        let base = self.suffixes.iter().find_map(|suffix| code.strip_suffix(suffix.as_str()));
        self.entry(&code).or_else(|| self.entry(base?)).map(|entry| entry.class.as_str())
    }

    /// The identities of its classes, each once, in the order of the scheme.
    pub fn classes(&self) -> Vec<&str> {
        let mut classes = Vec::new();
        for entry in &self.entries {
            if !classes.contains(&entry.class.as_str()) {
                classes.push(entry.class.as_str());
            }
        }
        classes
    }

    fn entry(&self, code: &str) -> Option<&SchemeEntry> {
        let by_pattern =
            || self.patterns.iter().find(|(pattern, _)| matches(pattern, code)).map(|(_, at)| at);
        self.entries.get(*self.exact.get(code).or_else(by_pattern)?)
    }

    fn candidate(&self, code: &str) -> Option<Candidate> {
        let class = self.class_of(code)?.to_owned();
        Some(Candidate { scheme: self.name.clone(), code: code.to_owned(), class })
    }

    fn fit(&'static self, values: &[Value]) -> SchemeFit {
        let mut fit = SchemeFit { scheme: &self.name, reads: 0, reads_with_zero: 0 };
        for code in values.iter().filter_map(Value::code).map(|code| normal(&code)) {
            if self.class_of(&code).is_some() {
                fit.reads += 1;
            } else if with_zero(&code).is_some_and(|code| self.class_of(&code).is_some()) {
                fit.reads_with_zero += 1;
            }
        }
        fit
    }
}

/// Whether a code fits a pattern where `x` stands for any one letter or digit.
fn matches(pattern: &str, code: &str) -> bool {
    pattern.chars().count() == code.chars().count()
        && pattern.chars().zip(code.chars()).all(|(p, c)| p == c || (p == 'x' && c.is_alphanumeric()))
}
