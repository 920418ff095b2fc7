//! The trial decode: what the raw bytes of texts can be.
//!
//! In: texts that are not plain ASCII. Out: what they read as, and how sure that is. A few texts in a hundred may be
//! damaged without changing the answer. No file is known here.

use super::charset::{Charset, GB18030, UTF_8};
use super::dbf::Text;

/// One text in this many may be impossible in an encoding that the rest is written in: hands and tools damage some.
const DAMAGED_ONE_IN: usize = 20;

/// What texts read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// No byte above 127: every encoding reads it alike.
    Ascii,
    /// UTF-8, and nothing else makes sense.
    Utf8,
    /// Possible in UTF-8, but so short or so plain that it is sensible Chinese in GB18030 as well.
    Utf8OrChinese,
    /// Chinese in GB18030: most characters are those of GB 2312.
    Chinese,
    /// Possible in GB18030, but hardly a character is one of GB 2312.
    PerhapsChinese,
    /// Neither UTF-8 nor Chinese.
    Unknown,
}

/// Judges the texts. O(bytes).
pub fn judge(texts: &[Text]) -> Reading {
    let chinese = possible(&GB18030, texts);
    if texts.is_empty() {
        Reading::Ascii
    } else if possible(&UTF_8, texts) {
        let doubt = chinese && only_pairs(texts) && mostly_gb2312(texts) && !beside_letters(texts);
        if doubt { Reading::Utf8OrChinese } else { Reading::Utf8 }
    } else if chinese && mostly_gb2312(texts) {
        Reading::Chinese
    } else if chinese && !beside_letters(texts) {
        Reading::PerhapsChinese
    } else {
        Reading::Unknown
    }
}

/// How many texts are impossible in the encoding.
pub fn misfits(charset: &Charset, texts: &[Text]) -> usize {
    texts.iter().filter(|text| charset.read(&text.bytes, text.cut).is_none()).count()
}

/// Whether the texts can be in the encoding, a few damaged ones aside.
pub fn possible(charset: &Charset, texts: &[Text]) -> bool {
    misfits(charset, texts) * DAMAGED_ONE_IN <= texts.len()
}

/// The first few different texts as they read in the encoding, for a person to judge.
pub fn excerpt(charset: &Charset, texts: &[Text]) -> String {
    let mut shown: Vec<String> = Vec::new();
    for text in texts.iter().filter_map(|text| charset.read(&text.bytes, text.cut)) {
        if shown.len() == 3 {
            break;
        }
        let text: String = text.chars().take(12).filter(|c| !c.is_control()).collect();
        if !shown.contains(&text) {
            shown.push(text);
        }
    }
    shown.join(", ")
}

/// UTF-8 of two bytes a character only: no Chinese character is written so (they take three).
fn only_pairs(texts: &[Text]) -> bool {
    texts.iter().all(|text| text.bytes.iter().all(|byte| *byte < 0xE0))
}

/// Whether at least three of four double-byte characters are ideographs of GB 2312 (lead B0-F7, trail A1-FE): nearly
/// all of Chinese place names are, while Big5 or Western text taken for GBK spreads over its rare rows.
fn mostly_gb2312(texts: &[Text]) -> bool {
    let doubles = || texts.iter().flat_map(|text| units(&text.bytes)).filter(|unit| is_double(unit));
    let common = doubles().filter(|unit| matches!(unit, [0xB0..=0xF7, 0xA1..=0xFE])).count();
    common * 4 >= doubles().count() * 3
}

/// Whether most texts have a Latin letter beside a character that is none, as in `México`: not the way of Chinese
/// names.
fn beside_letters(texts: &[Text]) -> bool {
    let is_letter = |unit: &[u8]| matches!(unit, [one] if one.is_ascii_alphabetic());
    let mixed = |text: &&Text| {
        let units: Vec<&[u8]> = units(&text.bytes).collect();
        let pairs = units.iter().zip(units.iter().skip(1));
        pairs.into_iter().any(|(a, b)| (is_letter(a) && is_double(b)) || (is_double(a) && is_letter(b)))
    };
    texts.iter().filter(mixed).count() * 2 > texts.len()
}

/// The characters of a text as GBK divides it: one byte below 128, else two.
fn units(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let length = if rest.first()?.is_ascii() { 1 } else { 2 };
        let (unit, after) = rest.split_at(length.min(rest.len()));
        rest = after;
        Some(unit)
    })
}

fn is_double(unit: &[u8]) -> bool {
    unit.first().is_some_and(|byte| !byte.is_ascii())
}
