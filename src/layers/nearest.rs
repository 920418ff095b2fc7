//! "Did you mean": the known name that a wanted one most likely stands for.

use crate::words;
use crate::words::Words;

/// Names less alike than this (Jaro-Winkler, 0 to 1) are no help to the reader.
const ALIKE: f64 = 0.7;

/// The known name most like the wanted one, if any is alike.
pub(crate) fn nearest<'a>(wanted: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let wanted = wanted.to_lowercase();
    known
        .into_iter()
        .map(|name| (strsim::jaro_winkler(&wanted, &name.to_lowercase()), name))
        .filter(|(alike, _)| *alike >= ALIKE)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name.to_owned())
}

/// The cure that goes with a name not found: the nearest known one, and all of them.
pub(crate) fn known_names(known: &[String], meant: Option<&str>) -> Words {
    let (en, zh) = (known.join(", "), known.join("、"));
    match meant {
        Some(meant) => words!("did you mean {meant}? There are: {en}", "是否指 {meant}？现有：{zh}"),
        None => words!("there are: {en}", "现有：{zh}"),
    }
}
