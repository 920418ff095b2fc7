//! Waters, forest parks, car parks and damaged land.

use geo::Coord;

use super::CRS;
use super::chance::Chance;
use super::grid::Place;
use super::line::blob;
use super::places::Settled;
use super::towns::{TOWNS, Territories, Town};
use crate::survey::layer::{Feature, Layer, text, words};

/// Waters of the county, and their radius in metres.
const WATERS: usize = 24;
const WATER_M: (f64, f64) = (60.0, 420.0);
/// Forest parks: one in every second town, their radius in metres; every fifth is smaller than 20 ha.
const FOREST_PARK_M: (f64, f64) = (300.0, 700.0);
const SMALL_PARK_M: f64 = 200.0;
/// Car parks of the urban area.
const CAR_PARKS: usize = 12;
/// Pits and heaps.
const DAMAGED: usize = 10;

/// The layers `waters`, `forest_parks`, `car_parks` and `damaged_land`.
pub fn layers(land: &Territories, settled: &Settled, chance: Chance) -> Vec<Layer> {
    vec![
        waters(land, chance.of("waters")),
        forest_parks(chance.of("parks")),
        car_parks(settled, chance.of("cars")),
        damaged(land, chance.of("damaged")),
    ]
}

fn named(name: &str, more: Option<&'static str>, features: Vec<Feature>) -> Layer {
    let fields = [Some(text("MC", 60)), more.map(|field| text(field, 12))];
    Layer { name: name.into(), crs: CRS.to_owned(), fields: fields.into_iter().flatten().collect(), features }
}

/// Cells of the county, evenly through it.
fn spread(land: &Territories, count: usize) -> Vec<Place> {
    let cells: Vec<Place> = land.grid.cells().filter(|&cell| land.piece_of(cell).is_some()).collect();
    (0..count).filter_map(|n| cells.get((2 * n + 1) * cells.len() / (2 * count)).copied()).collect()
}

fn waters(land: &Territories, chance: Chance) -> Layer {
    let water = |(n, cell): (usize, Place)| {
        let chance = chance.at(n as u64);
        let radius = chance.of("radius").between(WATER_M.0, WATER_M.1);
        Feature {
            shape: Some(blob(land.grid.middle(cell), radius, chance, 3 + (n % 2) as u32)),
            values: vec![words(format!("示例水库{}", n + 1))],
        }
    };
    named("waters", None, spread(land, WATERS).into_iter().enumerate().map(water).collect())
}

fn forest_parks(chance: Chance) -> Layer {
    let park = |(n, town): (usize, &Town)| {
        let chance = chance.at(n as u64);
        let away =
            Coord { x: chance.of("x").between(1_800.0, 2_800.0), y: chance.of("y").signed() * 1_500.0 };
        let radius = match n % 5 {
            4 => SMALL_PARK_M,
            _ => chance.of("radius").between(FOREST_PARK_M.0, FOREST_PARK_M.1),
        };
        Feature {
            shape: Some(blob(town.seat() + away, radius, chance, 4)),
            values: vec![words(format!("{}示例森林公园", town.name))],
        }
    };
    named("forest_parks", None, TOWNS.iter().step_by(2).enumerate().map(park).collect())
}

fn car_parks(settled: &Settled, chance: Chance) -> Layer {
    let urban = &settled.urban;
    let park = |n: usize| {
        let chance = chance.at(n as u64);
        let away = Coord { x: chance.of("x").signed(), y: chance.of("y").signed() } * (0.55 * urban.radius_m);
        Feature {
            shape: Some(blob(urban.middle + away, chance.of("radius").between(25.0, 45.0), chance, 0)),
            values: vec![words(format!("示例停车场{}", n + 1))],
        }
    };
    named("car_parks", None, (0..CAR_PARKS).map(park).collect())
}

fn damaged(land: &Territories, chance: Chance) -> Layer {
    let pit = |(n, cell): (usize, Place)| {
        let chance = chance.at(n as u64);
        let state = if n % 5 == 3 { "未修复" } else { "已修复" };
        Feature {
            shape: Some(blob(land.grid.middle(cell), chance.of("radius").between(40.0, 130.0), chance, 2)),
            values: vec![words(format!("示例矿点{}", n + 1)), words(state)],
        }
    };
    named("damaged_land", Some("ZT"), spread(land, DAMAGED).into_iter().enumerate().map(pit).collect())
}
