//! The computed side of a verdict: the facts that a rule's formula asks for, place by place.
//!
//! One place decides, or several, every one of which must reach. A place without its facts is never zero:
//! alone it makes the rule not measurable, among others it leaves the rule open.

use std::collections::BTreeSet;

use super::figure::{Figure, Operand, Ratio, fact_of};
use super::formula::{Formula, Scope};
use super::judge::{Circumstances, compared};
use super::requirement::{Applied, Comparator, Requirement};
use super::standard::Rule;
use super::verdict::{Computed, Outcome, PlaceLine, cannot_tell};
use super::wording::{formula_words, listed, place_words, quantity_words};
use crate::fact::{Fact, Place};
use crate::units::SquareMetres;
use crate::words;
use crate::words::Words;

/// What the facts say of the rule; `None` where no place has them.
pub(super) fn computed(rule: &Rule, facts: &[Fact], given: &Circumstances) -> Option<Computed> {
    let requirement = rule.requirement.as_ref()?;
    let inquiry = Inquiry {
        formula: rule.measure?.formula(),
        requirement,
        limits: requirement.applied(given.precipitation_mm()),
        facts,
        given,
    };
    let deciding = inquiry.deciding();
    let figure = worst(&deciding, requirement.comparator)?;
    let single = match deciding.as_slice() {
        [one] => Some(one),
        _ => None,
    };
    Some(Computed {
        figure,
        numerator: single.and_then(|line| line.numerator),
        denominator: single.and_then(|line| line.denominator),
        gap_m2: sum_of_gaps(&deciding),
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
    limits: Vec<Applied>,
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

    /// The towns of a county figure: shown, never deciding (LY/T 2004-2012 asks evenness of districts, no
    /// standard asks it of towns).
    fn for_information(&self) -> Vec<PlaceLine> {
        if self.formula.scope != Scope::County {
            return Vec::new();
        }
        let mut seen = BTreeSet::new();
        let towns = self.facts.iter().map(|fact| &fact.place).filter(|p| matches!(p, Place::Town(_)));
        let once = towns.filter(|place| seen.insert((*place).clone()));
        once.map(|place| self.line(place.clone(), false)).collect()
    }

    fn line(&self, place: Place, decides: bool) -> PlaceLine {
        let operand = |quantity| fact_of(self.facts, quantity, &place);
        let (above, below) = (operand(self.formula.numerator), operand(self.formula.denominator));
        let ratio = above.zip(below).and_then(|(above, below)| Ratio::of(above, below));
        let outcome = match ratio {
            Some(ratio) => compared(self.requirement, &self.limits, ratio),
            None => self.missing(above.is_none(), &place),
        };
        PlaceLine {
            name: place_words(&place, &self.given.town_names),
            place,
            decides,
            figure: ratio.map(|ratio| ratio.figure(self.requirement.unit)),
            numerator: above.map(Operand::from),
            denominator: below.map(Operand::from),
            gap_m2: above.zip(below).filter(|_| outcome == Outcome::NotMet).and_then(|(a, b)| self.gap(a, b)),
            outcome,
        }
    }

    /// What is missing until the figure as mapped reaches; asked only where it certainly does not. Where the
    /// band is not known, until it reaches the mildest: so much is missing at least.
    fn gap(&self, above: &Fact, below: &Fact) -> Option<SquareMetres> {
        let (comparator, unit) = (self.requirement.comparator, self.requirement.unit);
        let limit = unit.plain(self.requirement.mildest(&self.limits)?);
        if comparator.reaches(above.value / below.value, limit) {
            return None;
        }
        Some(SquareMetres(comparator.shortfall(above.value, below.value, limit).max(0.0)))
    }

    fn missing(&self, numerator: bool, place: &Place) -> Outcome {
        let quantity = if numerator { self.formula.numerator } else { self.formula.denominator };
        let (what, place) = (quantity_words(quantity), place_words(place, &self.given.town_names));
        let reason = Words::new(
            format!("no figure for {}: {}", what.en, place.en),
            format!("缺少{}的{}", place.zh, what.zh),
        );
        Outcome::CannotTell { reason }
    }

    /// A town that is itself urban needs no built-up area or villages of its own.
    fn excused(&self, line: PlaceLine) -> PlaceLine {
        let (Place::TownBuiltUp(town) | Place::Villages(town)) = &line.place else { return line };
        if line.figure.is_some() || !self.given.urban_towns.contains(town) {
            return line;
        }
        let needs = words!("nothing: the town belongs to the urban area", "不适用：该乡镇属于城区");
        PlaceLine { decides: false, outcome: Outcome::NotMeasurable { needs }, ..line }
    }

    /// The facts behind the deciding figures.
    fn used<'b>(&'b self, deciding: &'b [PlaceLine]) -> impl Iterator<Item = &'b Fact> {
        let measured = deciding.iter().filter(|line| line.figure.is_some());
        measured.flat_map(|line| {
            let of = |quantity| fact_of(self.facts, quantity, &line.place);
            [of(self.formula.numerator), of(self.formula.denominator)].into_iter().flatten()
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
        let operands: Vec<&Fact> = self.used(deciding).take(2).collect();
        let en =
            listed(operands.iter().map(|f| format!("; {}: {}", quantity_words(f.quantity).en, f.how.en)), "");
        let zh =
            listed(operands.iter().map(|f| format!("；{}：{}", quantity_words(f.quantity).zh, f.how.zh)), "");
        Words::new(format!("{}{en}", formula.en), format!("{}{zh}", formula.zh))
    }
}

/// The figure that decides: where several places must reach, the one furthest from reaching, end by end.
fn worst(deciding: &[PlaceLine], comparator: Comparator) -> Option<Figure> {
    let worse: fn(f64, f64) -> f64 = match comparator {
        Comparator::AtLeast => f64::min,
        Comparator::AtMost => f64::max,
    };
    deciding.iter().filter(|line| line.decides).filter_map(|line| line.figure).reduce(|a, b| Figure {
        value: worse(a.value, b.value),
        low: worse(a.low, b.low),
        high: worse(a.high, b.high),
        unit: a.unit,
    })
}

fn sum_of_gaps(deciding: &[PlaceLine]) -> Option<SquareMetres> {
    let gaps: Vec<f64> = deciding.iter().filter_map(|line| line.gap_m2).map(|gap| gap.0).collect();
    (!gaps.is_empty()).then(|| SquareMetres(gaps.iter().sum()))
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
