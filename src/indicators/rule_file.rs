//! The TOML form of a standard: text in, [`Standard`] out, nothing guessed.
//!
//! Unknown keys and words are refused with the nearest known one. A rule leaves this door only when its parts
//! agree: a figure in the wording exactly where there is a limit, a unit that fits the measure, bands that
//! rise and end open, a confidence and a source for everything, and never a recalled threshold that calls
//! itself confirmed.

use std::collections::BTreeSet;
use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use toml::Spanned;

use super::error::IndicatorError;
use super::formula::Measure;
use super::limit::{Band, Limit, TerrainLimit};
use super::malformed;
use super::purpose::{Purpose, purpose};
use super::requirement::{Comparator, Requirement};
use super::standard::{Clause, Confidence, JudgedFrom, Rule, Standard, Threshold};
use super::unit::FigureUnit;
use crate::nearest::nearest;
use crate::words;
use crate::words::Words;

/// The schema of rule files and of confirmations.
pub(super) const SCHEMA: i64 = 1;
/// Where the limit belongs in the wording of a requirement.
pub(super) const FIGURE: &str = "{figure}";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawStandard {
    schema: i64,
    name: String,
    edition: String,
    title: RawWords,
    applies_to: Option<RawWords>,
    note: Option<RawWords>,
    group: Vec<RawGroup>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawGroup {
    name: RawWords,
    rule: Vec<RawRule>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRule {
    item: u32,
    code: Spanned<String>,
    name: RawWords,
    wording: RawWords,
    comparator: Option<Comparator>,
    value: Option<f64>,
    bands: Option<Vec<Band>>,
    terrain: Option<Vec<TerrainLimit>>,
    unit: Option<FigureUnit>,
    judged: JudgedFrom,
    measure: Option<Measure>,
    needs: Option<RawWords>,
    condition: Option<RawWords>,
    why: Option<RawWords>,
    note: Option<RawWords>,
    clause: Option<Clause>,
    confidence: Confidence,
    source: RawWords,
    confirmed: Option<RawConfirmed>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawConfirmed {
    by: String,
    date: String,
}

/// `"绿化"`, one text for both languages, or `{ zh = "绿化", en = "Green" }`.
pub(super) struct RawWords(Words);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BothLanguages {
    zh: String,
    en: String,
}

impl<'de> Deserialize<'de> for RawWords {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextOrTable)
    }
}

/// Not an untagged enum, whose message would name neither the key nor the kind.
struct TextOrTable;

impl<'de> Visitor<'de> for TextOrTable {
    type Value = RawWords;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<RawWords, E> {
        Ok(RawWords(Words::new(text, text)))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<RawWords, A::Error> {
        let BothLanguages { zh, en } = BothLanguages::deserialize(MapAccessDeserializer::new(map))?;
        Ok(RawWords(Words::new(en, zh)))
    }
}

impl From<RawWords> for Words {
    fn from(raw: RawWords) -> Self {
        raw.0
    }
}

pub(super) fn parse(text: &str, file: &str) -> Result<Standard, IndicatorError> {
    let raw: RawStandard = read(text, file)?;
    check_schema(raw.schema, file)?;
    let mut rules = Vec::new();
    let mut codes = BTreeSet::new();
    for group in raw.group {
        let name = Words::from(group.name);
        for rule in group.rule {
            let (line, code) = (line_of(text, rule.code.span().start), rule.code.get_ref().clone());
            let bad =
                |cause| IndicatorError::BadRule { file: file.to_owned(), line, rule: code.clone(), cause };
            let rule = lowered(rule, &name).map_err(bad)?;
            if !codes.insert(rule.code.clone()) {
                return Err(bad(words!("the code is used twice", "代码重复")));
            }
            rules.push(rule);
        }
    }
    Ok(Standard {
        name: raw.name,
        edition: raw.edition,
        title: raw.title.into(),
        applies_to: raw.applies_to.map(Words::from),
        note: raw.note.map(Words::from),
        rules,
    })
}

/// Reads TOML into a form that refuses unknown keys; also used for confirmations.
pub(super) fn read<T: for<'a> Deserialize<'a>>(text: &str, file: &str) -> Result<T, IndicatorError> {
    toml::from_str(text).map_err(|error| {
        let line = line_of(text, error.span().map_or(0, |span| span.start));
        let (file, message) = (file.to_owned(), error.message());
        match unknown_word(message) {
            Some((word, known)) => {
                let near = nearest(&word, known.iter().map(String::as_str)).map(str::to_owned);
                IndicatorError::UnknownWord { file, line, word, near, known }
            }
            None => {
                let (message, cure) = malformed::told(message, text.lines().nth(line - 1).unwrap_or(""));
                IndicatorError::Malformed { file, line, message, cure: Box::new(cure) }
            }
        }
    })
}

pub(super) fn check_schema(found: i64, file: &str) -> Result<(), IndicatorError> {
    if found == SCHEMA { Ok(()) } else { Err(IndicatorError::Schema { file: file.to_owned(), found }) }
}

/// The word and the known ones of serde's "unknown field `x`, expected one of `a`, `b`"; `None` for any
/// other message.
fn unknown_word(message: &str) -> Option<(String, Vec<String>)> {
    if !message.starts_with("unknown field") && !message.starts_with("unknown variant") {
        return None;
    }
    let mut quoted = message.split('`').skip(1).step_by(2).map(str::to_owned);
    Some((quoted.next()?, quoted.collect()))
}

fn line_of(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
}

fn lowered(raw: RawRule, group: &Words) -> Result<Rule, Words> {
    let code = raw.code.into_inner();
    let requirement = requirement(raw.comparator, limit(raw.value, raw.bands, raw.terrain)?, raw.unit)?;
    let wording = Words::from(raw.wording);
    check_code(&code)?;
    check_wording(&wording, requirement.is_some())?;
    check_measure(raw.measure, requirement.as_ref())?;
    let own = raw.why.map(|why| Purpose { why: why.into(), source: None });
    Ok(Rule {
        purpose: own.or_else(|| purpose(&code)),
        item: raw.item,
        code,
        group: group.clone(),
        name: raw.name.into(),
        wording,
        requirement,
        judged: raw.judged,
        measure: raw.measure,
        needs: needs(raw.needs.map(Words::from), raw.measure),
        condition: raw.condition.map(Words::from),
        note: raw.note.map(Words::from),
        clause: raw.clause,
        threshold: threshold(raw.confidence, raw.source.into(), raw.confirmed)?,
    })
}

/// What the rule needs, honest about what this program cannot compute yet.
fn needs(given: Option<Words>, measure: Option<Measure>) -> Words {
    match (given, measure) {
        (None, _) => words!("a declaration with evidence", "申报并附证明材料"),
        (Some(needs), Some(_)) => needs,
        (Some(needs), None) => Words::new(
            format!("{}; not computed by this version: declare it with evidence", needs.en),
            format!("{}；本版本尚不计算，可申报并附证明材料", needs.zh),
        ),
    }
}

fn limit(
    value: Option<f64>,
    bands: Option<Vec<Band>>,
    terrain: Option<Vec<TerrainLimit>>,
) -> Result<Option<Limit>, Words> {
    let limits = [value.map(Limit::One), bands.map(Limit::ByPrecipitation), terrain.map(Limit::ByTerrain)];
    let mut given = limits.into_iter().flatten();
    match (given.next(), given.next()) {
        (limit, None) => Ok(limit),
        _ => Err(words!("more than one of value, bands and terrain", "value、bands、terrain 只能写一种")),
    }
}

fn requirement(
    comparator: Option<Comparator>,
    limit: Option<Limit>,
    unit: Option<FigureUnit>,
) -> Result<Option<Requirement>, Words> {
    match (comparator, limit, unit) {
        (None, None, None) => Ok(None),
        (Some(comparator), Some(limit), Some(unit)) => {
            check_limit(&limit)?;
            Ok(Some(Requirement { comparator, limit, unit }))
        }
        _ => Err(words!(
            "a requirement in figures needs comparator, unit, and value, bands or terrain; one in words none of them",
            "数值要求须同时有 comparator、unit 和 value（或 bands、terrain）；文字要求则都不写"
        )),
    }
}

fn check_limit(limit: &Limit) -> Result<(), Words> {
    let right = match limit {
        Limit::One(value) => value.is_finite(),
        Limit::ByPrecipitation(bands) => bands_rise(bands),
        Limit::ByTerrain(limits) => kinds_differ(limits),
    };
    if right {
        return Ok(());
    }
    Err(words!(
        "limits must be numbers; bands must rise, each with below_mm or up_to_mm, and the last with neither; every \
         kind of terrain stands once",
        "限值须为数字；bands 须由低到高，各有 below_mm 或 up_to_mm，最后一档两者都不写；terrain 中每类地形只写一次"
    ))
}

fn bands_rise(bands: &[Band]) -> bool {
    let Some((last, ended)) = bands.split_last() else { return false };
    let numbers = bands.iter().all(|b| b.value.is_finite());
    let one_end = ended.iter().all(|b| b.below_mm.is_some() != b.up_to_mm.is_some());
    let ends: Vec<f64> = ended.iter().filter_map(Band::end_mm).collect();
    let rising = ends.iter().all(|end| end.is_finite()) && ends.is_sorted_by(|a, b| a < b);
    numbers && one_end && rising && last.end_mm().is_none()
}

fn kinds_differ(limits: &[TerrainLimit]) -> bool {
    let kinds: BTreeSet<_> = limits.iter().map(|limit| limit.kind).collect();
    !limits.is_empty() && kinds.len() == limits.len() && limits.iter().all(|limit| limit.value.is_finite())
}

fn check_code(code: &str) -> Result<(), Words> {
    let kebab = code.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    if kebab && code.starts_with(|c: char| c.is_ascii_lowercase()) {
        return Ok(());
    }
    Err(words!(
        "a code is lower-case letters, digits and hyphens, and begins with a letter",
        "代码只用小写字母、数字和连字符，并以字母开头"
    ))
}

fn check_wording(wording: &Words, has_figure: bool) -> Result<(), Words> {
    if [&wording.en, &wording.zh].into_iter().all(|text| text.contains(FIGURE) == has_figure) {
        return Ok(());
    }
    Err(words!(
        "the wording must hold {FIGURE} in both languages exactly where the rule has a limit",
        "有限值的规则，其 wording 的中英文都须含 {FIGURE}；无限值的都不含"
    ))
}

fn check_measure(measure: Option<Measure>, requirement: Option<&Requirement>) -> Result<(), Words> {
    let Some(measure) = measure else { return Ok(()) };
    if requirement.is_some_and(|r| r.unit == measure.unit()) {
        return Ok(());
    }
    let unit = measure.unit().words();
    Err(Words::new(
        format!("what its `measure` computes is in {}, and so its limit must be (unit)", unit.en),
        format!("按其 measure（计算方法）计算的指标，限值单位（unit）须为“{}”", unit.zh),
    ))
}

fn threshold(
    confidence: Confidence,
    source: Words,
    confirmed: Option<RawConfirmed>,
) -> Result<Threshold, Words> {
    if source.en.trim().is_empty() || source.zh.trim().is_empty() {
        return Err(words!("the source is empty", "source 为空"));
    }
    match confirmed {
        None => Ok(Threshold::Unconfirmed { confidence, source }),
        Some(_) if confidence != Confidence::A => Err(words!(
            "confirmed, but its confidence says that nobody read the text; only \"A\" can be confirmed",
            "写了 confirmed，而 confidence 表示未见原文；只有“A”可以核定"
        )),
        Some(RawConfirmed { by, date }) if !by.trim().is_empty() && is_day(&date) => {
            Ok(Threshold::Confirmed { by, date, source })
        }
        Some(_) => Err(words!(
            "confirmed needs who (by) and the day (date = \"2026-11-23\")",
            "confirmed 须写明何人（by）、何日（date = \"2026-11-23\"）"
        )),
    }
}

/// A date as ISO 8601 writes a day, `2026-11-23`; the length of the months is not checked.
pub(super) fn is_day(text: &str) -> bool {
    let shape = |c: char| if c.is_ascii_digit() { '0' } else { c };
    let number = |range| text.get(range).and_then(|digits: &str| digits.parse::<u8>().ok());
    text.chars().map(shape).collect::<String>() == "0000-00-00"
        && number(5..7).is_some_and(|month| (1..=12).contains(&month))
        && number(8..10).is_some_and(|day| (1..=31).contains(&day))
}
