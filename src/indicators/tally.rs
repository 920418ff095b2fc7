//! How many items of a standard are met: the line a leader asks for first.

use std::collections::BTreeMap;

use serde::Serialize;

use super::verdict::{Outcome, Verdict};

/// Items by outcome. An item of several parts is met only when every part is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Tally {
    /// All items.
    pub items: usize,
    /// Met.
    pub met: usize,
    /// Met, but by a threshold that nobody confirmed; counted among `met`.
    pub met_unconfirmed: usize,
    /// Not met.
    pub not_met: usize,
    /// Cannot tell.
    pub cannot_tell: usize,
    /// Not measurable.
    pub not_measurable: usize,
}

/// Counts the verdicts of one standard by item. Of the parts of an item the worst decides: not met, then
/// cannot tell, then not measurable, then met.
pub fn tally(verdicts: &[Verdict]) -> Tally {
    let mut items: BTreeMap<u32, Vec<&Verdict>> = BTreeMap::new();
    for verdict in verdicts {
        items.entry(verdict.rule.item).or_default().push(verdict);
    }
    let mut tally = Tally { items: items.len(), ..Tally::default() };
    for parts in items.values() {
        let any = |is: fn(&Outcome) -> bool| parts.iter().any(|part| is(&part.outcome));
        if any(|o| matches!(o, Outcome::NotMet)) {
            tally.not_met += 1;
        } else if any(|o| matches!(o, Outcome::CannotTell { .. })) {
            tally.cannot_tell += 1;
        } else if any(|o| matches!(o, Outcome::NotMeasurable { .. })) {
            tally.not_measurable += 1;
        } else {
            tally.met += 1;
            tally.met_unconfirmed += usize::from(parts.iter().any(|p| !p.rule.threshold.is_confirmed()));
        }
    }
    tally
}

/// Judged rules by outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Judged {
    /// Met.
    pub met: usize,
    /// Not met.
    pub not_met: usize,
    /// Cannot tell.
    pub cannot_tell: usize,
}

/// The verdicts by a confirmed threshold, and those by one that nobody confirmed: each judged rule once, in one of
/// the two. What is not measurable was not judged, and is in neither.
pub fn by_confirmation(verdicts: &[Verdict]) -> (Judged, Judged) {
    let (mut confirmed, mut unconfirmed) = (Judged::default(), Judged::default());
    for verdict in verdicts {
        let judged = if verdict.rule.threshold.is_confirmed() { &mut confirmed } else { &mut unconfirmed };
        match verdict.outcome {
            Outcome::Met => judged.met += 1,
            Outcome::NotMet => judged.not_met += 1,
            Outcome::CannotTell { .. } => judged.cannot_tell += 1,
            Outcome::NotMeasurable { .. } => {}
        }
    }
    (confirmed, unconfirmed)
}
