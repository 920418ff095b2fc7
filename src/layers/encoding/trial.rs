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

/// Whether at least half of the double-byte characters are ideographs of GB 2312 (lead B0-F7, trail A1-FE).
fn mostly_gb2312(texts: &[Text]) -> bool {
    let (mut common, mut all) = (0_usize, 0_usize);
    for text in texts {
        let mut rest = text.bytes.as_slice();
        while let [first, second, ..] = rest {
            let double = *first > 0x80;
            all += usize::from(double);
            common += usize::from((0xB0..=0xF7).contains(first) && (0xA1..=0xFE).contains(second));
            rest = rest.get(if double { 2 } else { 1 }..).unwrap_or_default();
        }
    }
    all > 0 && common * 2 >= all
}

/// Whether most texts have a Latin letter beside a high byte, as in `México`: not the way of Chinese names.
fn beside_letters(texts: &[Text]) -> bool {
    let mixed = |pair: &[u8]| match pair {
        [a, b] => a.is_ascii_alphabetic() != b.is_ascii_alphabetic() && (a.is_ascii() != b.is_ascii()),
        _ => false,
    };
    texts.iter().filter(|text| text.bytes.windows(2).any(mixed)).count() * 2 > texts.len()
}
