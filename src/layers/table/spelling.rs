//! Spellings that mean the same: blanks, line breaks, full-width and half-width forms, codes stored as numbers.

pub use crate::nearest::plain;

/// A code or name reduced for comparison: as [`plain`], without the mark that forces text in spreadsheets and without
/// the `.0` that programs add to codes.
pub fn key(text: &str) -> String {
    let plain = plain(text);
    let bare = plain.trim_start_matches(['\'', '`', '’', '‘']);
    match bare.split_once('.') {
        Some((whole, zeros)) if is_digits(whole) && zeros.bytes().all(|b| b == b'0') => whole.to_owned(),
        _ => bare.to_owned(),
    }
}

/// Whether text is digits only, and not empty.
pub fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// A number as people write it: no exponent, no more decimals than it has.
pub fn count(value: f64) -> String {
    let rounded = (value * 1e6).round() / 1e6;
    rounded.to_string()
}
