//! Lists of native tree species (乡土树种名录): what ships with the program, as data with sources.

use serde::Deserialize;

use crate::words::Words;

/// The starter list that ships with the program, by the name that a project gives for it.
pub const STARTER: &str = "guangdong";

/// A list of native species.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NativeList {
    /// Its name.
    pub name: Words,
    /// Whether a species that is not in it is foreign; else that is not known.
    pub complete: bool,
    /// The species.
    pub species: Vec<NativeSpecies>,
}

/// One species.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NativeSpecies {
    /// Its name.
    pub name: String,
    /// Other names.
    #[serde(default)]
    pub also: Vec<String>,
    /// Its scientific name.
    #[serde(default)]
    pub latin: String,
    /// How well it is known that the species is native, tagged as rule data are.
    #[serde(default)]
    pub confidence: String,
    /// From where.
    #[serde(default)]
    pub source: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    name: RawName,
    complete: bool,
    species: Vec<NativeSpecies>,
}

#[derive(Deserialize)]
struct RawName {
    zh: String,
    en: String,
}

impl NativeList {
    /// The starter list of Guangdong.
    ///
    /// # Errors
    /// None that a test would let through: the list is embedded.
    pub fn guangdong() -> Result<Self, toml::de::Error> {
        let raw: Raw = toml::from_str(include_str!("native/guangdong.toml"))?;
        Ok(Self { name: Words::new(raw.name.en, raw.name.zh), complete: raw.complete, species: raw.species })
    }

    /// The names of all species, each also by its other names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.species.iter().flat_map(|s| std::iter::once(&s.name).chain(&s.also)).map(String::as_str)
    }
}
