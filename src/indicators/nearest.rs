//! "Did you mean": the known word that a written one most likely stands for.

/// Words less alike than this (Jaro-Winkler, 0 to 1) are no help to the reader.
const ALIKE: f64 = 0.75;

/// The known word most like the written one, if any is alike.
pub(super) fn nearest<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let written = written.to_lowercase();
    known
        .into_iter()
        .map(|word| (strsim::jaro_winkler(&written, &word.to_lowercase()), word))
        .filter(|(alike, _)| *alike >= ALIKE)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, word)| word.to_owned())
}
