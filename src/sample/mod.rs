//! The sample county: a synthetic survey of any size, drawn from a seed.
//!
//! In: a seed and a number of sub-compartments. Out: layers and residents as plain values ([`SampleCounty`]).
//! The names and codes of the 17 towns of Heping County (和平县) are real, everything else is invented.
//! Same seed and number, same values on every machine: chance comes from hashes of places, and only
//! `+ - * /` touch a coordinate. Towns tile the county exactly, sub-compartments tile most of it; what is wrong
//! in the survey is wrong on purpose and listed in [`patches`]. No file, no clock.

mod chance;
mod green;
mod grid;
pub mod inventory;
mod kinds;
mod line;
pub mod patches;
mod places;
mod sites;
mod terrain;
mod towns;
mod ways;

use crate::survey::layer::{Layer, LineLayer};
use chance::Chance;
use towns::Territories;

/// Fewer sub-compartments than this cannot draw 17 towns; a smaller wish is raised to it.
pub const FEWEST_PATCHES: usize = 500;
/// Sub-compartments of the county that is written where nothing else is asked for.
pub const USUAL_PATCHES: usize = 1_500;
/// CGCS2000 / 3-degree Gauss-Kruger CM 114E (EPSG:4547), the system of every layer, as well-known text.
pub const CRS: &str = r#"PROJCS["CGCS2000 / 3-degree Gauss-Kruger CM 114E",GEOGCS["China Geodetic Coordinate System 2000",DATUM["China_2000",SPHEROID["CGCS2000",6378137,298.257222101,AUTHORITY["EPSG","1024"]],AUTHORITY["EPSG","1043"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AUTHORITY["EPSG","4490"]],PROJECTION["Transverse_Mercator"],PARAMETER["latitude_of_origin",0],PARAMETER["central_meridian",114],PARAMETER["scale_factor",1],PARAMETER["false_easting",500000],PARAMETER["false_northing",0],UNIT["metre",1,AUTHORITY["EPSG","9001"]],AXIS["Northing",NORTH],AXIS["Easting",EAST],AUTHORITY["EPSG","4547"]]"#;
/// The same in Esri's words, for a `.prj`.
pub const PRJ: &str = r#"PROJCS["CGCS2000_3_Degree_GK_CM_114E",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",114.0],PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]"#;

/// A synthetic county as plain values.
#[derive(Debug, Clone, PartialEq)]
pub struct SampleCounty {
    /// The seed it was drawn from.
    pub seed: u64,
    /// The towns, one of them with an exclave (飞地) as a second feature of the same code and name.
    pub towns: Layer,
    /// The sub-compartments (小班) of the forest survey.
    pub patches: Layer,
    /// Urban area, built-up areas of towns, villages, water sources, parks, canopy, green, waters, forest parks, car
    /// parks, damaged land.
    pub places: Vec<Layer>,
    /// Roads, streets, greenways, shores.
    pub ways: Vec<LineLayer>,
    /// Trees, old trees, parks and greens, counted.
    pub inventory: inventory::Inventory,
    /// Residents of each town, in the order of the codes.
    pub residents: Vec<TownResidents>,
    /// Residents of the urban area.
    pub urban_residents: u32,
}

/// The residents of one town.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TownResidents {
    /// Code of the town, nine digits.
    pub code: &'static str,
    /// Name of the town.
    pub name: &'static str,
    /// Residents.
    pub persons: u32,
}

/// Draws the county of a seed with so many sub-compartments, at least [`FEWEST_PATCHES`].
/// O(n log n) in time, O(n) in memory, n sub-compartments of about 75 vertices.
pub fn county(seed: u64, patches: usize) -> SampleCounty {
    let chance = Chance::new(seed);
    let wanted = patches.max(FEWEST_PATCHES);
    let land = Territories::grow(chance, patches::cells_for(wanted));
    let settled = places::settle(&land, chance.of("places"));
    let residents = towns::residents(chance.of("residents"));
    let urban_residents = residents.first().map_or(0, |seat| seat.persons / 100 * 85);
    let sites = sites::layers(&land, &settled, chance.of("sites"));
    let mut ways = ways::layers(&settled, chance.of("ways"));
    ways.extend(sites.first().map(ways::shore));
    SampleCounty {
        seed,
        towns: land.layer(),
        patches: patches::survey(&land, wanted, chance.of("patches")),
        places: [settled.layers(), green::layers(&settled, chance.of("green")), sites].concat(),
        ways,
        inventory: inventory::inventory(&settled, chance.of("inventory")),
        residents,
        urban_residents,
    }
}
