//! Where people live and drink: the urban area (城区), the built-up areas of towns (镇区), villages (村庄) and
//! drinking-water sources (水源地).

use geo::{Coord, MultiPolygon};

use super::CRS;
use super::chance::Chance;
use super::grid::Place;
use super::line::blob;
use super::towns::{TOWNS, Territories, Town};
use crate::survey::layer::{Feature, Layer, text, words};

/// Usual radius of the urban area, in metres.
const URBAN_M: f64 = 1_900.0;
/// Villages of a town.
const VILLAGES: usize = 6;
/// Two water sources are at least this far apart, in metres.
const APART_M: f64 = 12_000.0;

/// A settled place: its code and name, where it lies and its ground.
#[derive(Debug, Clone)]
pub struct Settlement {
    pub code: String,
    pub name: String,
    pub middle: Coord,
    pub radius_m: f64,
    pub ground: MultiPolygon<f64>,
}

/// The settled places of the county.
#[derive(Debug)]
pub struct Settled {
    pub urban: Settlement,
    pub towns: Vec<Settlement>,
    pub villages: Vec<Settlement>,
    water_sources: Vec<Settlement>,
}

/// Settles the county: the urban area at the seat of the county, a built-up area at every other seat, villages on low
/// ground, two water sources on high ground.
pub fn settle(land: &Territories, chance: Chance) -> Settled {
    let seat = &TOWNS[0];
    let towns = TOWNS.iter().enumerate();
    let towns = towns.map(|(k, town)| built_up(land, k, town, chance.of("town").at(k as u64)));
    Settled {
        urban: settlement(seat.code, "和平县城区", seat.seat(), URBAN_M, chance.of("urban")),
        towns: towns.collect(),
        villages: villages(land, chance.of("village")),
        water_sources: water_sources(land, chance.of("water")),
    }
}

impl Settled {
    /// The layers of the scopes.
    pub fn layers(&self) -> Vec<Layer> {
        vec![
            layer("urban", std::slice::from_ref(&self.urban)),
            layer("town_built_up", &self.towns),
            layer("villages", &self.villages),
            layer("water_sources", &self.water_sources),
        ]
    }
}

fn layer(name: &str, places: &[Settlement]) -> Layer {
    let feature = |place: &Settlement| Feature {
        shape: Some(place.ground.clone()),
        values: vec![words(place.code.as_str()), words(place.name.as_str())],
    };
    Layer {
        name: name.into(),
        crs: CRS.to_owned(),
        fields: vec![text("DM", 12), text("MC", 60)],
        features: places.iter().map(feature).collect(),
    }
}

fn settlement(code: &str, name: &str, middle: Coord, radius_m: f64, chance: Chance) -> Settlement {
    Settlement {
        code: code.into(),
        name: name.into(),
        middle,
        radius_m,
        ground: blob(middle, radius_m, chance, 3),
    }
}

/// The built-up area of a town; that of the county seat's town lies beside the urban area, on its own ground.
fn built_up(land: &Territories, k: usize, town: &Town, chance: Chance) -> Settlement {
    let seat = town.seat();
    let middle = if k == 0 { beside_urban(land, seat) } else { seat };
    let name = format!("{}镇区", town.name.trim_end_matches('镇'));
    settlement(town.code, &name, middle, chance.of("radius").between(420.0, 680.0), chance)
}

/// A place beside the urban area whose surroundings belong to the first town; east of it where none is found.
fn beside_urban(land: &Territories, seat: Coord) -> Coord {
    let ways = [(1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0)].map(|(x, y)| Coord { x, y });
    let own = |place: Coord| land.piece_of(land.grid.cell_at(place)) == Some(0);
    let clear = |way: &&Coord| own(seat + **way * (1.6 * URBAN_M)) && own(seat + **way * (2.2 * URBAN_M));
    seat + *ways.iter().find(clear).unwrap_or(&ways[0]) * (1.6 * URBAN_M)
}

/// Villages of every town on the lower half of its ground.
fn villages(land: &Territories, chance: Chance) -> Vec<Settlement> {
    let mut villages = Vec::new();
    for (k, town) in TOWNS.iter().enumerate() {
        let cells = low_cells(land, k);
        for n in 0..VILLAGES.min(cells.len()) {
            let chance = chance.at(k as u64).at(n as u64);
            let middle = land.grid.middle(cells[n * cells.len() / VILLAGES.min(cells.len())]);
            let code = format!("{}{}", town.code, 201 + n);
            let name = format!("{}示例{}村", town.name, NUMERALS[n]);
            villages.push(settlement(&code, &name, middle, chance.of("radius").between(90.0, 220.0), chance));
        }
    }
    villages
}

const NUMERALS: [&str; VILLAGES] = ["一", "二", "三", "四", "五", "六"];

/// The lower half of a town's cells, from low to high.
fn low_cells(land: &Territories, piece: usize) -> Vec<Place> {
    let height = |cell: &Place| land.heights.get(land.grid.index(*cell)).copied().unwrap_or(0.0);
    let cells = land.pieces.get(piece).map(|piece| &piece.cells);
    let mut cells: Vec<Place> = cells.into_iter().flatten().copied().collect();
    cells.sort_by(|a, b| height(a).total_cmp(&height(b)).then(a.cmp(b)));
    cells.truncate(cells.len().div_ceil(2));
    cells
}

/// The highest ground of the county, and the highest that is far from it.
fn water_sources(land: &Territories, chance: Chance) -> Vec<Settlement> {
    let height = |cell: &Place| land.heights.get(land.grid.index(*cell)).copied().unwrap_or(0.0);
    let county = || land.grid.cells().filter(|&cell| land.piece_of(cell).is_some());
    let highest = |far_from: Option<Coord>| {
        let far = |cell: &Place| {
            let off = far_from.map_or(Coord { x: APART_M, y: 0.0 }, |other| land.grid.middle(*cell) - other);
            off.x * off.x + off.y * off.y >= APART_M * APART_M
        };
        let top = county().filter(far).max_by(|a, b| height(a).total_cmp(&height(b)));
        top.map(|cell| land.grid.middle(cell))
    };
    let first = highest(None);
    let second = highest(first);
    let source = |(n, middle): (usize, Coord)| {
        let (code, name) = (format!("441624S{}", n + 1), format!("示例水源地{}", NUMERALS[n]));
        settlement(&code, &name, middle, chance.at(n as u64).between(1_100.0, 1_500.0), chance.at(n as u64))
    };
    [first, second].into_iter().flatten().enumerate().map(source).collect()
}
