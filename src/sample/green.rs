//! Green in settled places: parks (G1 parcels by CJJ/T 85-2017), tree crowns and groups of crowns, lawns.
//!
//! Crowns overlap each other, and crowns stand over lawns and parks, as in any survey from the air.

use geo::{Coord, MultiPolygon};

use super::CRS;
use super::chance::Chance;
use super::line::blob;
use super::places::{Settled, Settlement};
use crate::survey::layer::{Feature, Layer, text, words};

/// Parks of the urban area: code and kind by CJJ/T 85-2017, how many, usual radius in metres.
const PARKS: [(&str, &str, usize, f64); 4] = [
    ("G11", "综合公园", 3, 230.0),
    ("G139", "专类公园", 3, 150.0),
    ("G12", "社区公园", 9, 90.0),
    ("G14", "游园", 16, 42.0),
];
/// Share of a place that crowns would cover if none overlapped.
const CANOPY: f64 = 0.33;
/// Share of a place that lawns would cover if none overlapped.
const LAWN: f64 = 0.16;

/// The layers `parks`, `canopy` and `green`.
pub fn layers(settled: &Settled, chance: Chance) -> Vec<Layer> {
    let places = || [&settled.urban].into_iter().chain(&settled.towns).chain(&settled.villages).enumerate();
    let grow = |what: &str, share: f64, least_m: f64, most_m: f64| {
        let scatter = |(k, place)| scattered(place, share, (least_m, most_m), chance.of(what).at(k as u64));
        places().flat_map(scatter).collect::<Vec<_>>()
    };
    let crowns = grow("canopy", CANOPY, 4.0, 75.0);
    let lawns = grow("green", LAWN, 20.0, 90.0);
    vec![
        parks(&settled.urban, chance.of("parks")),
        numbered("canopy", "SG", crowns),
        numbered("green", "LD", lawns),
    ]
}

/// A layer whose features have a number and nothing else.
fn numbered(name: &str, letters: &str, shapes: Vec<MultiPolygon<f64>>) -> Layer {
    let feature =
        |(n, shape)| Feature { shape: Some(shape), values: vec![words(format!("{letters}{:05}", n + 1))] };
    Layer {
        name: name.into(),
        crs: CRS.to_owned(),
        fields: vec![text("BH", 10)],
        features: shapes.into_iter().enumerate().map(feature).collect(),
    }
}

/// Shapes all over a place, their radius between two bounds in metres with small ones more often, until their areas
/// add up to a share of it.
fn scattered(place: &Settlement, share: f64, radius_m: (f64, f64), chance: Chance) -> Vec<MultiPolygon<f64>> {
    let wanted = share * place.radius_m * place.radius_m;
    let (mut shapes, mut sum) = (Vec::new(), 0.0);
    for n in 0.. {
        if sum >= wanted {
            break;
        }
        let chance = chance.at(n);
        let small = chance.of("radius").unit();
        let radius = radius_m.0 + (radius_m.1 - radius_m.0) * small * small;
        let middle = place.middle + within(chance.of("place")) * place.radius_m;
        shapes.push(blob(middle, radius, chance, u32::from(radius > 25.0)));
        sum += radius * radius;
    }
    shapes
}

/// A place in the circle of radius 1, even over its area.
fn within(chance: Chance) -> Coord {
    let tries = (0..64).map(|n| Coord { x: chance.at(n).of("x").signed(), y: chance.at(n).of("y").signed() });
    tries.into_iter().find(|c| c.x * c.x + c.y * c.y <= 1.0).unwrap_or_default()
}

/// Parks that keep clear of each other, the large ones first.
fn parks(urban: &Settlement, chance: Chance) -> Layer {
    let mut placed: Vec<(Coord, f64)> = Vec::new();
    let mut features = Vec::new();
    for (code, kind, count, usual_m) in PARKS {
        for n in 0..count {
            let chance = chance.of(code).at(n as u64);
            let radius_m = usual_m * chance.of("radius").between(0.85, 1.15);
            let Some(middle) = free_place(urban, &placed, radius_m, chance.of("place")) else { continue };
            placed.push((middle, radius_m));
            let number = features.len() + 1;
            let values =
                vec![words(format!("GY{number:03}")), words(format!("示例{kind}{}", n + 1)), words(code)];
            features.push(Feature { shape: Some(blob(middle, radius_m, chance, 3)), values });
        }
    }
    let fields = vec![text("BH", 10), text("MC", 60), text("LDDM", 6)];
    Layer { name: "parks".into(), crs: CRS.to_owned(), fields, features }
}

/// A place for a park of this radius, clear of those already placed; `None` where none was found.
fn free_place(urban: &Settlement, placed: &[(Coord, f64)], radius_m: f64, chance: Chance) -> Option<Coord> {
    let inner_m = 0.8 * urban.radius_m - radius_m;
    let tries = (0..400).map(|n| urban.middle + within(chance.at(n)) * inner_m);
    let clear = |middle: &Coord| {
        placed.iter().all(|(other, other_m)| {
            let (off, least_m) = (*middle - *other, 1.2 * (radius_m + other_m));
            off.x * off.x + off.y * off.y > least_m * least_m
        })
    };
    tries.into_iter().find(clear)
}
