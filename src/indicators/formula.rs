//! The closed list of what this program can judge itself: each measure is one quotient at one kind of place.
//!
//! Adding a kind of quantity means adding a variant of [`Measure`]; the compiler then shows every place.

use serde::{Deserialize, Serialize};

use super::requirement::FigureUnit;
use crate::fact::{Place, Quantity};

/// A figure that facts can answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// 林木覆盖率: ground under trees of all kinds, ordinary shrubs included, of the county.
    TreeCoverage,
    /// 森林覆盖率: ground under forest, of the county.
    ForestCoverage,
    /// 城区绿化覆盖率: ground under any vegetation, counted once, of the urban area.
    GreenCoverage,
    /// 城区树冠覆盖率: ground under tree crowns, of the urban area.
    CanopyCover,
    /// 城区人均公园绿地面积: public park ground of the urban area for each of its residents.
    ParkPerResident,
    /// 乡镇建成区绿化覆盖率: green coverage of each town's built-up area.
    TownBuiltUpCoverage,
    /// 村庄绿化覆盖率: green coverage of the village ground of each town.
    VillageCoverage,
    /// 重要水源地森林覆盖率: forest coverage of each drinking-water source area.
    WaterSourceCoverage,
}

/// The kind of place that decides a measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// The county; its towns are shown for information.
    County,
    /// The urban area.
    Urban,
    /// The built-up area of each town, every one of which must reach.
    TownBuiltUp,
    /// The villages of each town, every one of which must reach.
    Villages,
    /// Each water-source area, every one of which must reach.
    WaterSource,
}

impl Scope {
    /// The place of this scope that belongs to a town, where towns have one each.
    pub(super) fn of_town(self, town: &str) -> Option<Place> {
        match self {
            Scope::TownBuiltUp => Some(Place::TownBuiltUp(town.to_owned())),
            Scope::Villages => Some(Place::Villages(town.to_owned())),
            Scope::County | Scope::Urban | Scope::WaterSource => None,
        }
    }

    /// Whether a place is of this scope.
    pub(super) fn holds(self, place: &Place) -> bool {
        matches!(
            (self, place),
            (Scope::County, Place::County)
                | (Scope::Urban, Place::Urban)
                | (Scope::TownBuiltUp, Place::TownBuiltUp(_))
                | (Scope::Villages, Place::Villages(_))
                | (Scope::WaterSource, Place::WaterSource(_))
        )
    }
}

/// One quantity over another, both of one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Formula {
    /// Above the line: always an area.
    pub numerator: Quantity,
    /// Below the line.
    pub denominator: Quantity,
    /// Where.
    pub scope: Scope,
}

impl Measure {
    /// The quotient that this measure is. Sources: GB/T 37342-2024 annex A.1 to A.3 (titles), GB/T 26424
    /// family for tree and forest coverage, CJJ/T 85-2017 for park ground per resident.
    pub fn formula(self) -> Formula {
        use Quantity::{Canopy, Forest, Green, Ground, Park, Residents, TreeCover};
        let (numerator, denominator, scope) = match self {
            Measure::TreeCoverage => (TreeCover, Ground, Scope::County),
            Measure::ForestCoverage => (Forest, Ground, Scope::County),
            Measure::GreenCoverage => (Green, Ground, Scope::Urban),
            Measure::CanopyCover => (Canopy, Ground, Scope::Urban),
            Measure::ParkPerResident => (Park, Residents, Scope::Urban),
            Measure::TownBuiltUpCoverage => (Green, Ground, Scope::TownBuiltUp),
            Measure::VillageCoverage => (Green, Ground, Scope::Villages),
            Measure::WaterSourceCoverage => (Forest, Ground, Scope::WaterSource),
        };
        Formula { numerator, denominator, scope }
    }

    /// The unit in which its rule must be written.
    pub fn unit(self) -> FigureUnit {
        match self {
            Measure::ParkPerResident => FigureUnit::SquareMetresPerPerson,
            _ => FigureUnit::Percent,
        }
    }
}
