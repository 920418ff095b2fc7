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
pub mod layer;
mod line;
pub mod patches;
mod places;
mod terrain;
mod towns;

use chance::Chance;
use layer::Layer;
use towns::Territories;

/// Fewer sub-compartments than this cannot draw 17 towns; a smaller wish is raised to it.
pub const FEWEST_PATCHES: usize = 500;
/// Sub-compartments of the county that is written where nothing else is asked for.
pub const USUAL_PATCHES: usize = 1_500;
/// CGCS2000 / 3-degree Gauss-Kruger CM 114E: the system of every layer.
pub const EPSG: u32 = 4547;

/// A synthetic county as plain values.
#[derive(Debug, Clone, PartialEq)]
pub struct SampleCounty {
    /// The seed it was drawn from.
    pub seed: u64,
    /// The towns, one of them with an exclave (飞地) as a second feature of the same code and name.
    pub towns: Layer,
    /// The sub-compartments (小班) of the forest survey.
    pub patches: Layer,
    /// Urban area, built-up areas of towns, villages, water sources, parks, canopy, green.
    pub places: Vec<Layer>,
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
    let urban_residents = residents.first().map_or(0, |seat| seat.persons / 10 * 7);
    SampleCounty {
        seed,
        towns: land.layer(),
        patches: patches::survey(&land, wanted, chance.of("patches")),
        places: [settled.layers(), green::layers(&settled, chance.of("green"))].concat(),
        residents,
        urban_residents,
    }
}
