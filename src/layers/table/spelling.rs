//! Spellings that mean the same: blanks, line breaks, full-width and half-width forms, codes stored as numbers.

/// Text reduced for comparison: no blanks, half-width, lower case. `"人 口（万人）"` becomes `"人口(万人)"`.
pub fn plain(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '\u{200b}' | '\u{feff}'))
        .map(half_width)
        .flat_map(char::to_lowercase)
        .collect()
}

/// The half-width form of a full-width letter, digit or sign (U+FF01 to U+FF5E stand 0xFEE0 above ASCII); one bracket
/// is as good as another.
fn half_width(c: char) -> char {
    match c {
        '【' | '〔' | '[' | '［' => '(',
        '】' | '〕' | ']' | '］' => ')',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        other => other,
    }
}

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

/// Things for a sentence: the first ten.
pub fn listed(things: impl IntoIterator<Item: ToString>) -> String {
    let mut things = things.into_iter().map(|thing| thing.to_string());
    let shown: Vec<String> = things.by_ref().take(10).collect();
    shown.join(", ") + things.next().map_or("", |_| ", …")
}
