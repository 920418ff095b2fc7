//! "Did you mean": the known name that a wrong one resembles.

use crate::words;
use crate::words::Words;

/// The known name nearest to a wrong one, letter case aside, if it is near: at most one edit for every
/// three characters (Damerau-Levenshtein). O(known x length squared).
pub fn nearest<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wrong = wrong.to_lowercase();
    let allowed = wrong.chars().count() / 3;
    known
        .into_iter()
        .map(|name| (strsim::damerau_levenshtein(&wrong, &name.to_lowercase()), name))
        .filter(|(edits, _)| *edits <= allowed)
        .min_by_key(|(edits, _)| *edits)
        .map(|(_, name)| name)
}

/// "Did you mean …?", or the known names where none is near.
pub fn suggestion(near: Option<&str>, known: &[String]) -> Option<Words> {
    match near {
        Some(near) => Some(words!("did you mean `{near}`?", "是否应为 `{near}`？")),
        None if known.is_empty() => None,
        None => {
            let known = known.join(", ");
            Some(words!("known: {known}", "可用：{known}"))
        }
    }
}
