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
    /// Ground of villages that counts as greened (村庄绿化) by the project's setting, m2.
    VillageGreenery,
    /// Residents (人口), persons.
    Residents,
    /// Ground from where a public park (公园) is near enough, m2.
    NearPark,
    /// Ground from where a large recreation place (生态休闲场所) is near enough, m2.
    NearRecreation,
    /// Roads (道路) that the item asks about and that are fit for greening, m.
    Roads,
    /// Of these, with trees on the strip beside them (已绿化), m.
    GreenedRoads,
    /// Of these, shaded by tree crowns (林荫道路), m.
    ShadedRoads,
    /// Shore (水岸) of the waters that the item asks about, m.
    Shore,
    /// Of it, natural (自然岸线), m.
    NaturalShore,
    /// Shore that is fit for greening (适宜绿化水岸), m.
    FitShore,
    /// Of it, with trees on the strip beside it (已绿化), m.
    GreenedShore,
    /// Ground that was restored (已修复), m2.
    Restored,
    /// Greenways (绿道), m.
    Greenways,
    /// Trees (树木), counted.
    Trees,
    /// Of them, of the commonest species (最多树种).
    CommonestSpecies,
    /// Of them, of native species (乡土树种).
    NativeTrees,
    /// Old and famous trees (古树名木), counted.
    OldTrees,
    /// Of them, under protection (已挂牌保护).
    ProtectedOldTrees,
    /// Green spaces by their parcels, other green up to a cap (绿地), m2.
    GreenSpace,
    /// The territory without the natural wetland that is deducted from it (扣除自然湿地后的土地), m2.
    GroundLessWetland,
    /// Trees beside houses, villages, roads and waters (四旁树), counted.
    FourSideTrees,
    /// Leisure parks and public greens (休闲公园、公共休闲绿地), counted.
    LeisureParks,
    /// Forest of 500 mu and more that hangs together (森林景观斑块), counted.
    LandscapePatches,
}

impl Quantity {
    /// What stands for it where it was not measured: a territory from which nothing is deducted is all of it.
    pub fn otherwise(self) -> Option<Self> {
        (self == Self::GroundLessWetland).then_some(Self::Ground)
    }
}

impl Quantity {
    /// What it lies within by definition, in one and the same place: it cannot be more.
    pub fn within(self) -> Option<Self> {
        match self {
            Self::Forest
            | Self::TreeCover
            | Self::Green
            | Self::Canopy
            | Self::Park
            | Self::NearPark
            | Self::NearRecreation
            | Self::Restored
            | Self::GreenSpace
            | Self::VillageGreenery
            | Self::GroundLessWetland => Some(Self::Ground),
            Self::GreenedRoads | Self::ShadedRoads => Some(Self::Roads),
            Self::NaturalShore => Some(Self::Shore),
            Self::GreenedShore => Some(Self::FitShore),
            Self::CommonestSpecies | Self::NativeTrees => Some(Self::Trees),
            Self::ProtectedOldTrees => Some(Self::OldTrees),
            Self::Ground
            | Self::Residents
            | Self::Roads
            | Self::Shore
            | Self::FitShore
            | Self::Greenways
            | Self::Trees
            | Self::OldTrees
            | Self::FourSideTrees
            | Self::LeisureParks
            | Self::LandscapePatches => None,
        }
    }
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
    /// The surface car parks (地面停车场) built since the creation of the forest city began, together.
    CarParks,
    /// Damaged and abandoned land (受损弃置地), all of it together.
    DamagedLand,
    /// One village (行政村), by its code.
    Village(String),
    /// The ground between two distances outward from the urban area (环城圈层), within the county; in metres.
    Ring {
        /// From so far.
        from_m: u32,
        /// To so far.
        to_m: u32,
    },
    /// The part of a ring in one direction (方位扇区).
    Sector {
        /// From so far outward, in metres.
        from_m: u32,
        /// To so far.
        to_m: u32,
        /// Which: from north, clockwise, the first is 0.
        number: u32,
        /// Of how many.
        of: u32,
    },
    /// The ground of the urban streets (街道用地), all of it together.
    Streets,
    /// The suburbs (郊区), all of them together.
    Suburbs,
}

impl Place {
    /// The code of the town, village or water source, or the extent of a ring; empty where the kind of place says it all.
    pub fn code(&self) -> String {
        match self {
            Place::County
            | Place::Urban
            | Place::CarParks
            | Place::DamagedLand
            | Place::Streets
            | Place::Suburbs => String::new(),
            Place::Town(code)
            | Place::TownBuiltUp(code)
            | Place::Villages(code)
            | Place::Village(code)
            | Place::WaterSource(code) => code.clone(),
            Place::Ring { from_m, to_m } => format!("{from_m}-{to_m}"),
            Place::Sector { from_m, to_m, number, of } => format!("{from_m}-{to_m} {number}/{of}"),
        }
    }
}

/// The unit of a fact's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Square metres.
    SquareMetres,
    /// Persons.
    Persons,
    /// Metres.
    Metres,
    /// Trees.
    Trees,
    /// Places: parks, greens.
    Places,
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
