//! The closed list of what this program can judge itself: each measure is one quotient, or one number, at one kind of place.
//!
//! Adding a kind of quantity means adding a variant of [`Measure`]; the compiler then shows every place.

use serde::{Deserialize, Serialize};

use super::unit::FigureUnit;
use crate::fact::{Place, Quantity};
use crate::words;
use crate::words::Words;

/// A figure that facts can answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// 林木覆盖率: ground under trees of all kinds, ordinary shrubs included, of the county.
    TreeCoverage,
    /// 森林覆盖率: ground under forest, of the county.
    ForestCoverage,
    /// 市域森林覆盖率: ground under forest, of the county without the natural wetland that is deducted (LY/T 2004-2012).
    ForestCoverageLessWetland,
    /// 建成区绿地率: green spaces by their parcels, other green up to a cap, of the urban area.
    GreenSpaceRate,
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
    /// 村庄绿化: what the project counts as the greening of villages, of each town.
    VillageGreenery,
    /// 重要水源地森林覆盖率: forest coverage of each drinking-water source area.
    WaterSourceCoverage,
    /// 城区林荫道路率: length of shaded roads of the roads asked about, in the urban area.
    ShadedRoads,
    /// 城区地面停车场树冠覆盖率: ground under tree crowns of the car parks built since creation began.
    CarParkCanopy,
    /// 乡镇道路绿化率: length of greened roads of the roads in each town's built-up area.
    TownRoadGreening,
    /// 道路绿化率: length of greened roads of those fit for it, of the county.
    RoadGreening,
    /// 自然岸线率: length of natural shore of all shore, of the county.
    NaturalShore,
    /// 水岸绿化率: length of greened shore of the shore fit for it, of the county.
    ShoreGreening,
    /// 受损弃置地生态修复率: restored ground of all damaged and abandoned land.
    LandRestoration,
    /// 单一树种占比: trees of the commonest species of all trees, in the urban area.
    SpeciesShare,
    /// 乡土树种使用率: trees of native species of all trees, in the urban area.
    NativeSpecies,
    /// 公园绿地服务: ground near a public park, of the urban area.
    ParkService,
    /// 生态休闲场所服务: ground near a large recreation place, of the county.
    RecreationService,
    /// 乡镇休闲公园: leisure parks of each town.
    TownParks,
    /// 村庄公共休闲绿地: leisure greens of each village.
    VillageParks,
    /// 绿道网络: length of greenways for the residents of the county.
    Greenways,
    /// 古树名木保护率: protected ones of all old and famous trees, of the county.
    OldTrees,
    /// 各乡镇森林覆盖率: forest coverage of each town by itself.
    ForestCoverageOfTowns,
    /// 各乡镇自然岸线率: natural shore of each town by itself.
    NaturalShoreOfTowns,
    /// 各乡镇水岸绿化率: greened shore of each town by itself.
    ShoreGreeningOfTowns,
    /// 各乡镇绿道网络: greenways of each town for its residents.
    GreenwaysOfTowns,
    /// 各乡镇古树名木保护率: protected old and famous trees of each town by itself.
    OldTreesOfTowns,
    /// 乔木占绿化面积: ground under tree crowns of the ground under any vegetation, of the urban area.
    TreesInGreen,
    /// 街道树冠覆盖率: ground under tree crowns of the ground of the urban streets.
    StreetCanopy,
    /// 郊区森林覆盖率: ground under forest, of the suburbs.
    SuburbanForest,
    /// 村域林草覆盖率: ground under any vegetation of the territory of each village.
    VillageTreeAndGrass,
    /// 森林景观斑块: forest of 500 mu and more that hangs together, in each town.
    LandscapePatches,
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
    /// The surface car parks built since creation began, together.
    CarParks,
    /// Damaged and abandoned land, together.
    DamagedLand,
    /// Each town, every one of which must reach.
    Town,
    /// Each village, every one of which must reach.
    Village,
    /// The ground of the urban streets, together.
    Streets,
    /// The suburbs, together.
    Suburbs,
}

impl Scope {
    /// The places that decide, for people.
    pub fn words(self) -> Words {
        match self {
            Scope::County => words!("the county", "县域"),
            Scope::Urban => words!("the urban area", "城区"),
            Scope::TownBuiltUp => words!("every town's built-up area", "各乡镇镇区均须达到"),
            Scope::Villages => words!("the villages of every town", "各乡镇村庄均须达到"),
            Scope::WaterSource => words!("every water source", "各水源地均须达到"),
            Scope::CarParks => words!("the car parks together", "地面停车场合计"),
            Scope::DamagedLand => words!("the damaged land together", "受损弃置地合计"),
            Scope::Town => words!("every town", "各乡镇均须达到"),
            Scope::Village => words!("every village", "各村均须达到"),
            Scope::Streets => words!("the urban streets together", "街道用地合计"),
            Scope::Suburbs => words!("the suburbs together", "郊区合计"),
        }
    }

    /// The place of this scope that belongs to a town, where towns have one each.
    pub(super) fn of_town(self, town: &str) -> Option<Place> {
        match self {
            Scope::TownBuiltUp => Some(Place::TownBuiltUp(town.to_owned())),
            Scope::Villages => Some(Place::Villages(town.to_owned())),
            Scope::Town => Some(Place::Town(town.to_owned())),
            Scope::County
            | Scope::Urban
            | Scope::WaterSource
            | Scope::CarParks
            | Scope::DamagedLand
            | Scope::Village
            | Scope::Streets
            | Scope::Suburbs => None,
        }
    }

    /// Whether a place is of this scope.
    pub fn holds(self, place: &Place) -> bool {
        matches!(
            (self, place),
            (Scope::County, Place::County)
                | (Scope::Urban, Place::Urban)
                | (Scope::TownBuiltUp, Place::TownBuiltUp(_))
                | (Scope::Villages, Place::Villages(_))
                | (Scope::WaterSource, Place::WaterSource(_))
                | (Scope::CarParks, Place::CarParks)
                | (Scope::DamagedLand, Place::DamagedLand)
                | (Scope::Town, Place::Town(_))
                | (Scope::Village, Place::Village(_))
                | (Scope::Streets, Place::Streets)
                | (Scope::Suburbs, Place::Suburbs)
        )
    }
}

/// One quantity over another, both of one place; or one by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Formula {
    /// Above the line; what is missing is told in its unit.
    pub numerator: Quantity,
    /// Below the line; none where the numerator is counted by itself.
    pub denominator: Option<Quantity>,
    /// Where.
    pub scope: Scope,
}

impl Formula {
    /// The quantities of the formula.
    pub fn quantities(self) -> impl Iterator<Item = Quantity> {
        std::iter::once(self.numerator).chain(self.denominator)
    }
}

impl Measure {
    /// The quotient that this measure is. Sources: GB/T 37342-2024 annex A.1 to A.5 (titles), GB/T 26424
    /// family for tree and forest coverage, CJJ/T 85-2017 for park ground per resident; the others as the item is
    /// worded in the rule data.
    pub fn formula(self) -> Formula {
        use Quantity as Q;
        use Scope as S;
        let (numerator, denominator, scope) = match self {
            Measure::TreeCoverage => (Q::TreeCover, Q::Ground, S::County),
            Measure::ForestCoverage => (Q::Forest, Q::Ground, S::County),
            Measure::ForestCoverageLessWetland => (Q::Forest, Q::GroundLessWetland, S::County),
            Measure::GreenSpaceRate => (Q::GreenSpace, Q::Ground, S::Urban),
            Measure::ForestCoverageOfTowns => (Q::Forest, Q::Ground, S::Town),
            Measure::GreenCoverage => (Q::Green, Q::Ground, S::Urban),
            Measure::CanopyCover => (Q::Canopy, Q::Ground, S::Urban),
            Measure::ParkPerResident => (Q::Park, Q::Residents, S::Urban),
            Measure::TownBuiltUpCoverage => (Q::Green, Q::Ground, S::TownBuiltUp),
            Measure::VillageCoverage => (Q::Green, Q::Ground, S::Villages),
            Measure::VillageGreenery => (Q::VillageGreenery, Q::Ground, S::Villages),
            Measure::WaterSourceCoverage => (Q::Forest, Q::Ground, S::WaterSource),
            Measure::ShadedRoads => (Q::ShadedRoads, Q::Roads, S::Urban),
            Measure::CarParkCanopy => (Q::Canopy, Q::Ground, S::CarParks),
            Measure::TownRoadGreening => (Q::GreenedRoads, Q::Roads, S::TownBuiltUp),
            Measure::RoadGreening => (Q::GreenedRoads, Q::Roads, S::County),
            Measure::NaturalShore => (Q::NaturalShore, Q::Shore, S::County),
            Measure::NaturalShoreOfTowns => (Q::NaturalShore, Q::Shore, S::Town),
            Measure::ShoreGreening => (Q::GreenedShore, Q::FitShore, S::County),
            Measure::ShoreGreeningOfTowns => (Q::GreenedShore, Q::FitShore, S::Town),
            Measure::LandRestoration => (Q::Restored, Q::Ground, S::DamagedLand),
            Measure::SpeciesShare => (Q::CommonestSpecies, Q::Trees, S::Urban),
            Measure::NativeSpecies => (Q::NativeTrees, Q::Trees, S::Urban),
            Measure::ParkService => (Q::NearPark, Q::Ground, S::Urban),
            Measure::RecreationService => (Q::NearRecreation, Q::Ground, S::County),
            Measure::Greenways => (Q::Greenways, Q::Residents, S::County),
            Measure::GreenwaysOfTowns => (Q::Greenways, Q::Residents, S::Town),
            Measure::OldTrees => (Q::ProtectedOldTrees, Q::OldTrees, S::County),
            Measure::OldTreesOfTowns => (Q::ProtectedOldTrees, Q::OldTrees, S::Town),
            Measure::TreesInGreen => (Q::Canopy, Q::Green, S::Urban),
            Measure::StreetCanopy => (Q::Canopy, Q::Ground, S::Streets),
            Measure::SuburbanForest => (Q::Forest, Q::Ground, S::Suburbs),
            Measure::VillageTreeAndGrass => (Q::Green, Q::Ground, S::Village),
            Measure::LandscapePatches => return counted(Q::LandscapePatches, S::Town),
            Measure::TownParks => return counted(Q::LeisureParks, S::Town),
            Measure::VillageParks => return counted(Q::LeisureParks, S::Village),
        };
        Formula { numerator, denominator: Some(denominator), scope }
    }

    /// The unit in which its rule must be written.
    pub fn unit(self) -> FigureUnit {
        match self {
            Measure::ParkPerResident => FigureUnit::SquareMetresPerPerson,
            Measure::Greenways | Measure::GreenwaysOfTowns => FigureUnit::KilometresPerTenThousand,
            Measure::TownParks | Measure::VillageParks | Measure::LandscapePatches => FigureUnit::Places,
            _ => FigureUnit::Percent,
        }
    }
}

/// A quantity by itself.
fn counted(numerator: Quantity, scope: Scope) -> Formula {
    Formula { numerator, denominator: None, scope }
}
