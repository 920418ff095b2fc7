//! The bytes of a project file as text, and the full-width characters that would break it.
//!
//! In: bytes. Out: text with the name of its encoding. A Chinese editor may save UTF-8 with or without a
//! byte-order mark, UTF-16, or GBK (a part of GB18030); a Chinese keyboard may leave `，` where TOML wants
//! `,`. Neither is a reason to fail with a sentence nobody understands.

use encoding_rs::{Encoding, GB18030, UTF_8};

/// Decoded text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// The text, without a byte-order mark.
    pub text: String,
    /// The encoding it was read as, such as `UTF-8` or `gb18030`.
    pub encoding: &'static str,
}

/// A full-width character where the language wants an ASCII one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FullWidth {
    /// Its byte position.
    pub at: usize,
    /// What stands there.
    pub found: char,
    /// What should stand there.
    pub instead: char,
}

/// The text of the bytes: by the byte-order mark, else UTF-8, else GB18030; `None` if none of them fits.
pub fn decode(bytes: &[u8]) -> Option<Text> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return decode_as(encoding, bytes.get(mark..)?);
    }
    decode_as(UTF_8, bytes).or_else(|| decode_as(GB18030, bytes))
}

fn decode_as(encoding: &'static Encoding, bytes: &[u8]) -> Option<Text> {
    let text = encoding.decode_without_bom_handling_and_without_replacement(bytes)?.into_owned();
    Some(Text { text, encoding: encoding.name() })
}

/// The ASCII character that a full-width one stands for: the block U+FF01 to U+FF5E by its offset,
/// and the marks of Chinese typesetting by name.
pub fn ascii_for(found: char) -> Option<char> {
    match found {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(found as u32 - 0xFEE0),
        '“' | '”' | '「' | '」' => Some('"'),
        '‘' | '’' => Some('\''),
        '【' | '〔' => Some('['),
        '】' | '〕' => Some(']'),
        '、' => Some(','),
        '。' => Some('.'),
        '\u{3000}' => Some(' '),
        _ => None,
    }
}

/// Every full-width character of a TOML text that stands outside strings and comments. O(length).
pub fn full_width_in_toml(text: &str) -> Vec<FullWidth> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let length = match c {
            '#' => rest.find('\n').unwrap_or(rest.len()),
            '"' | '\'' => string_length(rest, c),
            _ => {
                if let Some(instead) = ascii_for(c) {
                    found.push(FullWidth { at: text.len() - rest.len(), found: c, instead });
                }
                c.len_utf8()
            }
        };
        rest = rest.get(length..).unwrap_or("");
    }
    found
}

/// The length in bytes of the TOML string that the text begins with. An unclosed one ends with its line,
/// or with the text where it is a multi-line one.
fn string_length(text: &str, quote: char) -> usize {
    let triple = if quote == '"' { "\"\"\"" } else { "'''" };
    let (fence, multiline) = if text.starts_with(triple) { (triple, true) } else { (&triple[..1], false) };
    let mut at = fence.len();
    while let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) {
        if text[at..].starts_with(fence) {
            return at + fence.len();
        }
        if c == '\n' && !multiline {
            return at;
        }
        let escaped = if c == '\\' && quote == '"' { text[at + 1..].chars().next() } else { None };
        at += c.len_utf8() + escaped.map_or(0, char::len_utf8);
    }
    text.len()
}
