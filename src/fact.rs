//! What a measure gives and the indicators take: a quantity of a place, with its unit and its origin.
//!
//! A fact knows no shape and no file; it names the layers it came from.

use serde::{Deserialize, Serialize};

use crate::words::Words;

/// What was measured. A new kind of quantity is a new variant here, and the compiler shows every place to extend.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Quantity {
    /// Ground of the place itself, m2: the denominator.
    Ground,
    /// Union of the classes flagged `forest` (森林覆盖), m2.
    Forest,
    /// Union of the classes flagged `tree_cover` (林木覆盖), m2.
    TreeCover,
    /// Union of the classes flagged `green`: all vegetation (绿化覆盖), m2.
    Green,
    /// Union of the classes flagged `canopy`: tree crowns (树冠覆盖), m2.
    Canopy,
    /// Union of the classes flagged `park`: public park parcels (公园绿地), m2.
    Park,
    /// Residents (人口), persons.
    Residents,
}

/// Where it was measured.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", content = "code", rename_all = "snake_case")]
pub enum Place {
    /// All zones together: the county (县域).
    County,
    /// One zone, by code: a town (乡镇).
    Town(String),
    /// The urban area (城区), the scope `urban`.
    Urban,
    /// The town built-up area (镇区) within one town.
    TownBuiltUp(String),
    /// The villages' settlement ground (村庄) within one town.
    Villages(String),
    /// One drinking-water source area (水源地), by its identifier.
    WaterSource(String),
}

/// The unit of a fact's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Square metres.
    SquareMetres,
    /// Persons.
    Persons,
}

/// One measured quantity of one place.
///
/// `low..=high` is what the data allow: ground under codes that nothing maps might or might not be forest,
/// so an area's `low` leaves it out and its `high` takes it in. Where all is known the three are equal.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Fact {
    /// What.
    pub quantity: Quantity,
    /// Where.
    pub place: Place,
    /// The value as the mapped data give it.
    pub value: f64,
    /// The least the data allow.
    pub low: f64,
    /// The most the data allow.
    pub high: f64,
    /// Its unit.
    pub unit: Unit,
    /// How it was measured, for people.
    pub how: Words,
    /// The layers and tables it came from, by name.
    pub sources: Vec<String>,
    /// The date of the source, as the project declares it.
    pub as_of: Option<String>,
}
