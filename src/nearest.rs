//! Names as people write them: which are the same, and which known one a wrong one most likely stands for ("did you
//! mean").

use crate::words;
use crate::words::Words;

/// Names less alike than this (Jaro-Winkler, 0 to 1) are no help to the reader.
const ALIKE: f64 = 0.75;

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

/// The known name most like a wrong one, letter case aside, if any is alike. O(known x length squared).
pub fn nearest<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wrong = wrong.to_lowercase();
    known
        .into_iter()
        .map(|name| (strsim::jaro_winkler(&wrong, &name.to_lowercase()), name))
        .filter(|(alike, _)| *alike >= ALIKE)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
}

/// The cure that goes with a name not found: the nearest known one, or all of them; nothing where none is known.
pub fn suggestion(near: Option<&str>, known: &[String]) -> Option<Words> {
    match near {
        Some(near) => Some(words!("did you mean \"{near}\"?", "是否应为“{near}”？")),
        None if known.is_empty() => None,
        None => {
            let (en, zh) = (known.join(", "), known.join("、"));
            Some(words!("there are: {en}", "现有：{zh}"))
        }
    }
}

/// The cure where there are few names to choose from: the nearest known one, and all of them.
pub fn choice(near: Option<&str>, known: &[String]) -> Option<Words> {
    let all = suggestion(None, known)?;
    let near = near.and_then(|near| suggestion(Some(near), known));
    Some(match near {
        Some(near) => Words::new(format!("{} {}", near.en, all.en), format!("{}{}", near.zh, all.zh)),
        None => all,
    })
}
