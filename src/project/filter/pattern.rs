//! Patterns of texts as SQL's `like` has them: `%` is any text, none included, `_` is any one character. Capitals
//! and small letters are told apart; there is no sign that would make `%` or `_` stand for itself.

/// What a text must look like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pattern {
    signs: Vec<char>,
}

impl Pattern {
    pub(super) fn new(text: &str) -> Self {
        Self { signs: text.chars().collect() }
    }

    /// Whether all of a text looks like it. O(signs x characters) at worst: where something does not fit, only the last
    /// `%` need take one character more.
    pub(super) fn fits(&self, text: &str) -> bool {
        let (mut sign, mut rest, mut last) = (0, text.chars(), None);
        loop {
            match (self.signs.get(sign), rest.clone().next()) {
                (Some('%'), _) => {
                    last = Some((sign, rest.clone()));
                    sign += 1;
                }
                (None, None) => return true,
                (Some(wanted), Some(found)) if *wanted == '_' || *wanted == found => {
                    sign += 1;
                    rest.next();
                }
                _ => {
                    let Some((percent, from)) = &mut last else { return false };
                    if from.next().is_none() {
                        return false;
                    }
                    (sign, rest) = (*percent + 1, from.clone());
                }
            }
        }
    }
}
