//! A gap as tasks (任务分解): which town, or which place, is to supply how much of it.
//!
//! In: a verdict that is not met, or open, and the facts. Out: whole units (square metres, metres, trees, places), whose
//! sum is the gap, rounded up, to the last unit.
//!
//! # The rule
//! - An item of the **county**: its gap is divided among the towns in proportion to what each town is itself short of the
//!   requirement. A town that reaches gets nothing. Where no town is short, or nothing of the kind was measured by town,
//!   the gap is divided in proportion to what stands under the line (residents, roads), else to ground.
//! - An item of **each place** (towns, built-up areas, villages, water sources): every place has its own gap.
//! - An item of **one place** (the urban area): the gap is that place's.
//!
//! Rounding is by largest remainders; of equal ones the place that comes first.

use super::computed::facts_of_towns;
use super::formula::{Formula, Scope};
use super::gap::Gap;
use super::verdict::{Outcome, PlaceLine, Verdict};
use crate::fact::{Fact, Place, Quantity, Unit};
use crate::words;
use crate::words::Words;

/// How a gap was divided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SplitRule {
    /// Among towns by what each is short itself.
    ByShortfall,
    /// Among towns by a quantity of theirs.
    By(Quantity),
    /// Every place has its own.
    Own,
}

/// A range of whole units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Units {
    /// As the mapped data give it.
    pub value: u64,
    /// At least.
    pub low: u64,
    /// At most.
    pub high: u64,
}

/// What one place is to supply.
#[derive(Debug, Clone, PartialEq)]
pub struct Share {
    /// Where.
    pub place: Place,
    /// The place for people; none where only its code is known.
    pub line: Option<PlaceLine>,
    /// How much.
    pub gap: Units,
}

/// A gap, divided.
#[derive(Debug, Clone, PartialEq)]
pub struct Split {
    /// By which rule.
    pub rule: SplitRule,
    /// The unit of the gaps.
    pub unit: Unit,
    /// All of it.
    pub total: Units,
    /// The shares, largest first; they add up to the total.
    pub shares: Vec<Share>,
}

/// The gap of a computed verdict, divided; `None` where there is none.
pub fn split(verdict: &Verdict, facts: &[Fact]) -> Option<Split> {
    let gap = verdict.gap()?;
    let formula = verdict.rule.measure?.formula();
    let open = matches!(verdict.outcome, Outcome::CannotTell { .. });
    let mut split = match formula.scope {
        Scope::County => among_towns(verdict, gap, formula, facts, open),
        _ => own(verdict, gap),
    };
    // Stable, so that equal shares stay in the order of the places.
    split.shares.sort_by_key(|share| std::cmp::Reverse(if open { share.gap.high } else { share.gap.value }));
    Some(split)
}

fn own(verdict: &Verdict, gap: Gap) -> Split {
    let deciding = verdict.places().iter().filter(|line| line.decides);
    let share = |line: &PlaceLine| {
        Some(Share { place: line.place.clone(), gap: units(line.gap?), line: Some(line.clone()) })
    };
    let shares: Vec<Share> = deciding.filter_map(share).collect();
    let sum = |of: fn(&Units) -> u64| shares.iter().map(|share| of(&share.gap)).sum();
    let total = Units { value: sum(|g| g.value), low: sum(|g| g.low), high: sum(|g| g.high) };
    Split { rule: SplitRule::Own, unit: gap.unit, total, shares }
}

fn among_towns(verdict: &Verdict, gap: Gap, formula: Formula, facts: &[Fact], open: bool) -> Split {
    let total = units(gap);
    let lines: Vec<&PlaceLine> = verdict.places().iter().filter(|line| !line.decides).collect();
    let short = |line: &&PlaceLine| line.gap.map_or(0.0, |gap| if open { gap.high } else { gap.value });
    let shortfalls: Vec<f64> = lines.iter().map(short).collect();
    let of_line = |place: &Place| lines.iter().find(|line| line.place == *place).map(|line| (*line).clone());
    let (rule, places, weights): (_, Vec<Place>, Vec<f64>) = if shortfalls.iter().any(|short| *short > 0.0) {
        (SplitRule::ByShortfall, lines.iter().map(|line| line.place.clone()).collect(), shortfalls)
    } else {
        let under = formula.denominator.unwrap_or(Quantity::Ground);
        let by = |quantity| (quantity, facts_of_towns(facts, quantity));
        let (quantity, towns) =
            Some(by(under)).filter(|(_, towns)| !towns.is_empty()).unwrap_or(by(Quantity::Ground));
        let places = towns.iter().map(|fact| fact.place.clone()).collect();
        (SplitRule::By(quantity), places, towns.iter().map(|fact| fact.value).collect())
    };
    let divided = [total.value, total.low, total.high].map(|whole| apportioned(whole, &weights));
    let [value, low, high] = divided.map(Vec::into_iter);
    let gaps = value.zip(low).zip(high).map(|((value, low), high)| Units { value, low, high });
    let shares = places.into_iter().zip(gaps);
    let shares = shares.map(|(place, gap)| Share { line: of_line(&place), place, gap }).collect();
    Split { rule, unit: gap.unit, total, shares }
}

/// Rounded up: what is done in whole units must reach. Nothing is meant by a millionth.
fn units(gap: Gap) -> Units {
    let up = |amount: f64| (amount - 1e-6).ceil().max(0.0) as u64;
    Units { value: up(gap.value), low: up(gap.low), high: up(gap.high) }
}

/// A whole divided in proportion, by largest remainders; nothing where there are no weights.
fn apportioned(whole: u64, weights: &[f64]) -> Vec<u64> {
    let sum: f64 = weights.iter().sum();
    if !(sum > 0.0 && sum.is_finite()) {
        return vec![0; weights.len()];
    }
    let exact: Vec<f64> = weights.iter().map(|weight| whole as f64 * weight / sum).collect();
    let mut shares: Vec<u64> = exact.iter().map(|share| share.floor() as u64).collect();
    let mut order: Vec<usize> = (0..exact.len()).filter(|&i| exact[i] > 0.0).collect();
    let rest = |i: usize| exact[i] - exact[i].floor();
    order.sort_by(|&a, &b| rest(b).total_cmp(&rest(a)));
    let mut left = whole.saturating_sub(shares.iter().sum());
    for i in order.into_iter().cycle() {
        if left == 0 {
            break;
        }
        shares[i] += 1;
        left -= 1;
    }
    shares
}

impl SplitRule {
    /// The rule for people.
    pub fn words(self) -> Words {
        match self {
            SplitRule::ByShortfall => words!(
                "among the towns in proportion to what each is itself short of the requirement",
                "按各乡镇自身缺口的比例分解到乡镇"
            ),
            SplitRule::By(quantity) => {
                let what = super::wording::quantity_words(quantity);
                Words::new(
                    format!("among the towns in proportion to their {}, as none is short by itself", what.en),
                    format!("各乡镇自身均无缺口或未分乡镇测算，按{}的比例分解", what.zh),
                )
            }
            SplitRule::Own => words!("each place its own gap", "各范围自身的缺口"),
        }
    }
}
