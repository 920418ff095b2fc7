//! "Did you mean": the known name that a wrong one most likely stands for.

use crate::words;
use crate::words::Words;

/// Names less alike than this (Jaro-Winkler, 0 to 1) are no help to the reader.
const ALIKE: f64 = 0.75;

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
