//! What items are for: one sentence a code, as data.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use super::error::IndicatorError;
use super::rule_file::{self, RawWords};
use crate::words::Words;

/// What an item is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Purpose {
    /// One sentence.
    pub why: Words,
    /// The text it rests on, where one was read; else it is this program's own.
    pub source: Option<Words>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    zh: String,
    en: String,
    source: Option<RawWords>,
}

const TEXT: &str = include_str!("purposes.toml");

/// The purposes of items by code.
///
/// # Errors
/// None, as long as the file in the program is whole; a test reads it.
pub fn purposes() -> Result<BTreeMap<String, Purpose>, IndicatorError> {
    let raw: BTreeMap<String, Raw> = rule_file::read(TEXT, "purposes.toml")?;
    let purpose = |raw: Raw| Purpose { why: Words::new(raw.en, raw.zh), source: raw.source.map(Words::from) };
    Ok(raw.into_iter().map(|(code, raw)| (code, purpose(raw))).collect())
}

/// The purpose of an item, if it is among them.
pub(super) fn purpose(code: &str) -> Option<Purpose> {
    static KNOWN: OnceLock<BTreeMap<String, Purpose>> = OnceLock::new();
    KNOWN.get_or_init(|| purposes().unwrap_or_default()).get(code).cloned()
}
