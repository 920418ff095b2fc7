//! What a project lacks until an item can be measured: the layers, tables and columns that are not there, and no others.

mod quantities;

use std::collections::BTreeMap;

use crate::analysis::analyze::Inputs;
use crate::fact::{Fact, Place, Quantity};
use crate::indicators::{Formula, Measure, Scope, quantity_words};
use crate::words;
use crate::words::Words;

/// By measure of the standards: what it lacks. A measure that lacks nothing, or of which nobody can say what, has no entry.
pub(super) fn missing(inputs: &Inputs<'_>, facts: &[Fact]) -> BTreeMap<Measure, Words> {
    let rules = inputs.standards.iter().flat_map(|standard| &standard.rules);
    let measures = rules.filter_map(|rule| rule.measure);
    let asked = Asked { inputs, facts };
    measures.filter_map(|measure| Some((measure, asked.of(measure)?))).collect()
}

struct Asked<'a> {
    inputs: &'a Inputs<'a>,
    facts: &'a [Fact],
}

/// A table of the project file: whether it is written, and what it is about.
struct Table {
    key: &'static str,
    is_written: bool,
    about: Words,
}

impl Table {
    /// What is needed: the table; or something in it, where it is written and gave nothing.
    fn needed(self) -> Words {
        let (key, Words { en, zh }) = (self.key, self.about);
        if self.is_written {
            words!(
                "{en} within the places asked about: [{key}] has none there",
                "评价范围内的{zh}（[{key}] 中没有）"
            )
        } else {
            words!("{en} ([{key}])", "{zh}（[{key}]）")
        }
    }
}

impl Asked<'_> {
    fn of(&self, measure: Measure) -> Option<Words> {
        let formula = measure.formula();
        let scope = formula.scope;
        let lacks = |quantity: Quantity| !self.has(quantity, |place| scope.holds(place));
        let mut parts: Vec<Words> =
            self.place(scope).into_iter().filter(|_| self.needs_ground(formula)).collect();
        let lacking: Vec<Quantity> = formula.quantities().filter(|quantity| lacks(*quantity)).collect();
        for part in lacking.iter().flat_map(|quantity| self.needed(*quantity, scope)) {
            if !parts.contains(&part) {
                parts.push(part);
            }
        }
        if lacking.is_empty() {
            // Everything was measured, and there is nothing to divide by.
            let Words { en, zh } = quantity_words(formula.denominator.unwrap_or(formula.numerator));
            return Some(words!("{en} above nought: there are none", "{zh}大于零（现为零）"));
        }
        let joined =
            |say: fn(&Words) -> &str, mark: &str| parts.iter().map(say).collect::<Vec<_>>().join(mark);
        (!parts.is_empty()).then(|| Words::new(joined(|w| &w.en, ", and "), joined(|w| &w.zh, "，以及")))
    }

    fn has(&self, quantity: Quantity, holds: impl Fn(&Place) -> bool) -> bool {
        let stands = |fact: &Fact| fact.quantity == quantity || Some(fact.quantity) == quantity.otherwise();
        self.facts.iter().any(|fact| stands(fact) && holds(&fact.place))
    }

    /// Whether the places must be there as shapes: trees and greens of a table are counted without.
    fn needs_ground(&self, formula: Formula) -> bool {
        let trees = self.inputs.project.inventory.trees.as_ref();
        match formula.numerator {
            Quantity::LeisureParks => false,
            Quantity::CommonestSpecies | Quantity::NativeTrees => {
                trees.is_some_and(|trees| !trees.records.is_table())
            }
            _ => true,
        }
    }

    /// The places, where none of their kind are there.
    fn place(&self, scope: Scope) -> Option<Words> {
        let scopes = &self.inputs.project.scopes;
        let (key, settings, about) = match scope {
            Scope::County | Scope::Town => return None,
            Scope::Urban => ("scopes.urban", scopes.urban.as_ref(), words!("the urban area", "城区范围")),
            Scope::TownBuiltUp => (
                "scopes.town_built_up",
                scopes.town_built_up.as_ref(),
                words!("the built-up areas of the towns", "镇区范围"),
            ),
            Scope::Villages => {
                let villages = scopes.villages.as_ref().map(|villages| &villages.scope);
                ("scopes.villages", villages, words!("the villages", "村庄范围"))
            }
            Scope::WaterSource => (
                "scopes.water_sources",
                scopes.water_sources.as_ref(),
                words!("the water-source areas", "水源地范围"),
            ),
            Scope::CarParks => (
                "scopes.car_parks",
                scopes.car_parks.as_ref(),
                words!("the surface car parks built since creation began", "创建以来新建的地面停车场"),
            ),
            Scope::DamagedLand => (
                "scopes.damaged_land",
                scopes.damaged_land.as_ref(),
                words!("the damaged and abandoned land", "受损弃置地"),
            ),
            Scope::Streets => (
                "scopes.streets",
                scopes.streets.as_ref(),
                words!("the ground of the urban streets", "城区街道用地"),
            ),
            Scope::Suburbs => ("scopes.suburbs", scopes.suburbs.as_ref(), words!("the suburbs", "郊区范围")),
            Scope::Village => (
                "scopes.village_territories",
                scopes.village_territories.as_ref(),
                words!("the territories of the villages", "行政村范围"),
            ),
        };
        if self.has(Quantity::Ground, |place| scope.holds(place)) {
            return None;
        }
        Some(Table { key, is_written: settings.is_some(), about }.needed())
    }
}
