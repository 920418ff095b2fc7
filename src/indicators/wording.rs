//! Quantities, places and lists as people call them.

use std::collections::BTreeMap;
use std::fmt;

use super::formula::Formula;
use crate::fact::{Place, Quantity, Unit};
use crate::words;
use crate::words::Words;

/// A quantity for people.
pub fn quantity_words(quantity: Quantity) -> Words {
    match quantity {
        Quantity::Ground => words!("ground", "土地面积"),
        Quantity::Forest => words!("forest", "森林覆盖面积"),
        Quantity::TreeCover => words!("tree cover", "林木覆盖面积"),
        Quantity::Green => words!("green cover", "绿化覆盖面积"),
        Quantity::Canopy => words!("tree canopy", "树冠覆盖面积"),
        Quantity::Park => words!("public park ground", "公园绿地面积"),
        Quantity::Residents => words!("residents", "人口"),
    }
}

/// A place for people; a town by its name where `names` (code to name) has it, else by its code.
pub fn place_words(place: &Place, names: &BTreeMap<String, String>) -> Words {
    let name = |code: &str| names.get(code).cloned().unwrap_or_else(|| code.to_owned());
    match place {
        Place::County => words!("county", "县域"),
        Place::Urban => words!("urban area", "城区"),
        Place::Town(code) => named_town(code, names),
        Place::TownBuiltUp(code) => words!("built-up area of {}", "{}镇区", name(code)),
        Place::Villages(code) => words!("villages of {}", "{}村庄", name(code)),
        Place::WaterSource(id) => words!("water source {id}", "水源地 {id}"),
    }
}

/// A bare code is never left alone: a spreadsheet would take it for a number.
fn named_town(code: &str, names: &BTreeMap<String, String>) -> Words {
    match names.get(code) {
        Some(name) => words!("{name}", "{name}"),
        None => words!("town {code}", "乡镇 {code}"),
    }
}

/// The unit of an operand for people.
pub fn unit_words(unit: Unit) -> Words {
    match unit {
        Unit::SquareMetres => words!("m²", "平方米"),
        Unit::Persons => words!("persons", "人"),
    }
}

/// A formula for people: "forest / ground".
pub fn formula_words(formula: Formula) -> Words {
    let (above, below) = (quantity_words(formula.numerator), quantity_words(formula.denominator));
    Words::new(format!("{} / {}", above.en, below.en), format!("{} ÷ {}", above.zh, below.zh))
}

/// Lists for people: English commas, Chinese enumeration marks.
pub(super) fn listed<T: fmt::Display>(items: impl Iterator<Item = T>, mark: &str) -> String {
    items.map(|item| item.to_string()).collect::<Vec<_>>().join(mark)
}
