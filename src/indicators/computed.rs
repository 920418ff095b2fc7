//! The computed side of a verdict: the facts that a rule's formula asks for, place by place.
//!
//! One place decides, or several, every one of which must reach. A place without its facts is never zero:
//! alone it makes the rule not measurable, among others it leaves the rule open.

use std::collections::BTreeSet;

use super::figure::{Operand, Ratio, fact_of};
use super::formula::{Formula, Scope};
use super::gap::Gap;
use super::judge::{Circumstances, compared};
use super::requirement::{Comparator, Requirement};
use super::standard::Rule;
use super::verdict::{Computed, Outcome, PlaceLine, cannot_tell};
use super::wording::{formula_words, listed, place_words, quantity_words};
use crate::fact::{Fact, Place, Quantity};
use crate::words;
use crate::words::Words;

/// What the facts say of the rule; `None` where no place has them.
pub(super) fn computed(rule: &Rule, facts: &[Fact], given: &Circumstances) -> Option<Computed> {
    let requirement = rule.requirement.as_ref()?;
    let inquiry = Inquiry { formula: rule.measure?.formula(), requirement, facts, given };
    let deciding = inquiry.deciding();
    let worst = inquiry.worst(&deciding)?;
    let figure = worst.figure?;
    let single = match deciding.as_slice() {
        [one] => Some(one),
        _ => None,
    };
    Some(Computed {
        figure,
        at: worst.place.clone(),
        name: worst.name.clone(),
        limit: worst.limit,
        band: worst.band.clone(),
        numerator: single.and_then(|line| line.numerator),
        denominator: single.and_then(|line| line.denominator),
        gap: Gap::sum(deciding.iter().filter(|line| line.decides).filter_map(|line| line.gap)),
        outcome: every(&deciding),
        how: inquiry.how(&deciding),
        sources: inquiry.each_used(&deciding, |fact| fact.sources.clone()),
        as_of: inquiry.each_used(&deciding, |fact| fact.as_of.iter().cloned().collect()),
        places: deciding.into_iter().chain(inquiry.for_information()).collect(),
    })
}

/// One formula put to the facts, with the limits that may apply.
struct Inquiry<'a> {
    formula: Formula,
    requirement: &'a Requirement,
    facts: &'a [Fact],
    given: &'a Circumstances,
}

impl Inquiry<'_> {
    /// The places that decide, in the order of the facts.
    fn deciding(&self) -> Vec<PlaceLine> {
        self.places().into_iter().map(|place| self.excused(self.line(place, true))).collect()
    }

    /// Every place of the scope that any fact names, and the ones that towns ought to have.
    fn places(&self) -> Vec<Place> {
        let scope = self.formula.scope;
        let mut seen = BTreeSet::new();
        let named = self.facts.iter().filter_map(|fact| match &fact.place {
            Place::Town(town) => scope.of_town(town),
            place => scope.holds(place).then(|| place.clone()),
        });
        named.filter(|place| seen.insert(place.clone())).collect()
    }

    /// The towns of a county figure, as far as something was measured in them: shown, never deciding (LY/T 2004-2012
    /// asks evenness of districts, no standard asks it of towns).
    fn for_information(&self) -> Vec<PlaceLine> {
        if self.formula.scope != Scope::County {
            return Vec::new();
        }
        let towns = facts_of_towns(self.facts, self.formula.numerator);
        towns.into_iter().map(|fact| self.line(fact.place.clone(), false)).collect()
    }

    fn line(&self, place: Place, decides: bool) -> PlaceLine {
        let operand = |quantity| fact_of(self.facts, quantity, &place);
        let (above, below) = (operand(self.formula.numerator), self.formula.denominator.map(operand));
        let limits = self.requirement.applied(self.given.conditions(&place));
        let operands = match (above, below) {
            (Some(above), None) => Some((above, None)),
            (Some(above), Some(Some(below))) => Some((above, Some(below))),
            _ => None,
        };
        let measured = operands.and_then(|(above, below)| Some((above, below, Ratio::of(above, below)?)));
        let outcome = match measured {
            Some((_, _, ratio)) => compared(self.requirement, &limits, ratio),
            None => self.missing(above.is_none(), &place),
        };
        let gap = measured.filter(|_| outcome != Outcome::Met);
        let single = if let [one] = limits.as_slice() { Some(one) } else { None };
        PlaceLine {
            name: place_words(&place, &self.given.town_names),
            place,
            decides,
            figure: measured.map(|(_, _, ratio)| ratio.figure(self.requirement.unit)),
            numerator: above.map(Operand::from),
            denominator: below.flatten().map(Operand::from),
            limit: single.map(|limit| limit.value),
            band: single.and_then(|limit| limit.band.clone()),
            gap: gap.and_then(|(above, below, _)| Gap::of(self.requirement, &limits, above, below)),
            outcome,
        }
    }

    fn missing(&self, numerator: bool, place: &Place) -> Outcome {
        let below = self.formula.denominator.filter(|_| !numerator);
        let quantity = below.unwrap_or(self.formula.numerator);
        let (what, place) = (quantity_words(quantity), place_words(place, &self.given.town_names));
        let reason = Words::new(
            format!("no figure for {}: {}", what.en, place.en),
            format!("缺少{}的{}", place.zh, what.zh),
        );
        Outcome::CannotTell { reason }
    }

    /// A town that is itself urban needs no built-up area or villages of its own; and nothing is asked of a place that
    /// has nothing of what the item is about, such as old trees.
    fn excused(&self, line: PlaceLine) -> PlaceLine {
        let needs = match &line.place {
            Place::TownBuiltUp(town) | Place::Villages(town) if self.given.urban_towns.contains(town) => {
                words!("nothing: the town belongs to the urban area", "不适用：该乡镇属于城区")
            }
            _ if line.has_nothing() => words!("nothing: there are none here", "不适用：该范围内没有"),
            _ => return line,
        };
        if line.figure.is_some() {
            return line;
        }
        PlaceLine { decides: false, outcome: Outcome::NotMeasurable { needs }, ..line }
    }

    /// The place whose figure stands for the item: of those that give the item its outcome, the one with the least margin
    /// to its own limit; of equal ones the first.
    fn worst<'b>(&self, deciding: &'b [PlaceLine]) -> Option<&'b PlaceLine> {
        let standing = |outcome: &Outcome| match outcome {
            Outcome::NotMet => 0,
            Outcome::CannotTell { .. } | Outcome::NotMeasurable { .. } => 1,
            Outcome::Met => 2,
        };
        let measured = deciding.iter().filter(|line| line.decides);
        let measured = measured.filter_map(|line| Some((line, standing(&line.outcome), self.margin(line)?)));
        let worst = measured.min_by(|a, b| a.1.cmp(&b.1).then(a.2.total_cmp(&b.2)));
        worst.map(|(line, ..)| line)
    }

    /// How far the figure of a place lies beyond its limit, in the unit of the requirement; less than nothing where it does
    /// not reach. By the strictest limit, where it is not known which applies.
    fn margin(&self, line: &PlaceLine) -> Option<f64> {
        let limits = self.requirement.applied(self.given.conditions(&line.place));
        let (_, limit) = self.requirement.mildest_and_strictest(&limits)?;
        let value = line.figure?.value;
        Some(match self.requirement.comparator {
            Comparator::AtLeast => value - limit,
            Comparator::AtMost => limit - value,
        })
    }

    /// The facts behind the deciding figures.
    fn used<'b>(&'b self, deciding: &'b [PlaceLine]) -> impl Iterator<Item = &'b Fact> {
        let measured = deciding.iter().filter(|line| line.figure.is_some());
        measured.flat_map(|line| {
            self.formula.quantities().filter_map(|quantity| fact_of(self.facts, quantity, &line.place))
        })
    }

    /// Some texts of every fact used, each once, in order of appearance.
    fn each_used(&self, deciding: &[PlaceLine], texts: impl Fn(&Fact) -> Vec<String>) -> Vec<String> {
        let mut seen = BTreeSet::new();
        self.used(deciding).flat_map(texts).filter(|text| seen.insert(text.clone())).collect()
    }

    /// The formula, and how the operands of the first measured place were measured.
    fn how(&self, deciding: &[PlaceLine]) -> Words {
        let formula = formula_words(self.formula);
        let operands: Vec<&Fact> = self.used(deciding).take(self.formula.quantities().count()).collect();
        let en =
            listed(operands.iter().map(|f| format!("; {}: {}", quantity_words(f.quantity).en, f.how.en)), "");
        let zh =
            listed(operands.iter().map(|f| format!("；{}：{}", quantity_words(f.quantity).zh, f.how.zh)), "");
        Words::new(format!("{}{en}", formula.en), format!("{}{zh}", formula.zh))
    }
}

/// The facts about a quantity of the towns, in the order of the facts.
pub(super) fn facts_of_towns(facts: &[Fact], quantity: Quantity) -> Vec<&Fact> {
    let of_town = |fact: &&Fact| fact.quantity == quantity && matches!(fact.place, Place::Town(_));
    facts.iter().filter(of_town).collect()
}

/// Met when every deciding place reaches; not met when one certainly does not.
fn every(deciding: &[PlaceLine]) -> Outcome {
    let lines = || deciding.iter().filter(|line| line.decides);
    if lines().any(|line| line.outcome == Outcome::NotMet) {
        return Outcome::NotMet;
    }
    let open: Vec<(&Words, Words)> =
        lines().filter_map(|line| Some((&line.name, line.outcome.reason()?))).collect();
    match open.as_slice() {
        [] => Outcome::Met,
        [(_, reason)] if deciding.len() == 1 => Outcome::CannotTell { reason: reason.clone() },
        _ => {
            let en = listed(open.iter().map(|(name, reason)| format!("{}: {}", name.en, reason.en)), "; ");
            let zh = listed(open.iter().map(|(name, reason)| format!("{}：{}", name.zh, reason.zh)), "；");
            cannot_tell!("{en}", "{zh}")
        }
    }
}
