//! Roads, streets, greenways and shores, as lines.
//!
//! Roads lead from the seat of the county to every other seat, half of them national, provincial and county roads by
//! turns; every built-up area has two streets that cross.

use geo::{Coord, LineString, MultiLineString};

use super::CRS;
use super::chance::Chance;
use super::line::bent;
use super::places::{Settled, Settlement};
use super::towns::TOWNS;
use crate::survey::layer::{Feature, Layer, LineLayer, text, words};

/// Letter of the route number and its grade, by turns.
const GRADES: [(&str, &str); 3] = [("G", "国道"), ("S", "省道"), ("X", "县道")];
/// Every so many vertices of a road begin a bridge, which is one vertex long.
const BRIDGE_EVERY: usize = 24;
/// Streets of the urban area, each way.
const STREETS: usize = 3;

/// The layers `roads`, `streets` and `greenways`.
pub fn layers(settled: &Settled, chance: Chance) -> Vec<LineLayer> {
    vec![
        roads(chance.of("roads")),
        streets(settled, chance.of("streets")),
        greenways(settled, chance.of("green")),
    ]
}

fn line(points: &[Coord]) -> MultiLineString<f64> {
    MultiLineString::new(vec![LineString::new(points.to_vec())])
}

fn roads(chance: Chance) -> LineLayer {
    let mut features = Vec::new();
    for (k, town) in TOWNS.iter().enumerate().skip(1) {
        let (letter, grade) = GRADES[k % GRADES.len()];
        let number = format!("{letter}{}", 200 + k);
        let way = bent(TOWNS[0].seat(), town.seat(), chance.at(k as u64), 7);
        let mut begins = 0;
        let mut add = |from: usize, to: usize, kind: &str| {
            if from < to {
                let values = vec![words(number.as_str()), words(grade), words(kind)];
                features.push(Feature { shape: Some(line(&way[from..=to])), values });
            }
        };
        for at in (BRIDGE_EVERY..way.len() - 1).step_by(BRIDGE_EVERY) {
            add(begins, at, "路段");
            add(at, at + 1, "桥梁");
            begins = at + 1;
        }
        add(begins, way.len() - 1, "路段");
    }
    let fields = vec![text("LXBH", 10), text("DJ", 12), text("LX", 12)];
    Layer { name: "roads".into(), crs: CRS.to_owned(), fields, features }
}

fn streets(settled: &Settled, chance: Chance) -> LineLayer {
    let mut features = Vec::new();
    let mut add = |place: &Settlement, grade: &str, n: usize, from: Coord, to: Coord, chance: Chance| {
        let name = format!("{}示例路{}", place.name, n + 1);
        let values = vec![words(name), words(grade)];
        features.push(Feature { shape: Some(line(&bent(from, to, chance, 4))), values });
    };
    let mut cross = |place: &Settlement, each_way: usize, grades: [&str; 2], chance: Chance| {
        let reach = 0.8 * place.radius_m;
        for n in 0..each_way {
            let aside = (n as f64 + 0.5) / each_way as f64 * 1.2 * place.radius_m - 0.6 * place.radius_m;
            let grade = grades[n % 2];
            let at = |x: f64, y: f64| place.middle + Coord { x, y };
            add(place, grade, 2 * n, at(-reach, aside), at(reach, aside), chance.at(2 * n as u64));
            add(place, grade, 2 * n + 1, at(aside, -reach), at(aside, reach), chance.at(2 * n as u64 + 1));
        }
    };
    cross(&settled.urban, STREETS, ["主干路", "次干路"], chance.of("urban"));
    for (k, town) in settled.towns.iter().enumerate() {
        cross(town, 1, ["镇区道路", "镇区道路"], chance.of("town").at(k as u64));
    }
    let fields = vec![text("MC", 60), text("DJ", 12)];
    Layer { name: "streets".into(), crs: CRS.to_owned(), fields, features }
}

/// A greenway from the urban area to each of the nearest seats.
fn greenways(settled: &Settled, chance: Chance) -> LineLayer {
    let from = settled.urban.middle;
    let feature = |(n, town): (usize, &Settlement)| Feature {
        shape: Some(line(&bent(from, town.middle, chance.at(n as u64), 6))),
        values: vec![words(format!("示例绿道{}", n + 1))],
    };
    let near = settled.towns.iter().skip(1).filter(|town| {
        let off = town.middle - from;
        off.x * off.x + off.y * off.y < 14_000.0 * 14_000.0
    });
    let fields = vec![text("MC", 60)];
    Layer {
        name: "greenways".into(),
        crs: CRS.to_owned(),
        fields,
        features: near.enumerate().map(feature).collect(),
    }
}

/// The outlines of some waters, half of each natural and half walled.
pub fn shore(waters: &Layer) -> LineLayer {
    let mut features = Vec::new();
    for ring in waters.features.iter().filter_map(|water| water.shape.as_ref()).flatten() {
        let points = &ring.exterior().0;
        let halves = [(&points[..=points.len() / 2], "自然"), (&points[points.len() / 2..], "硬质")];
        // Small waters are natural all round.
        let natural = points.len() % 3 != 0;
        for (half, kind) in halves {
            let values = vec![words(if natural { "自然" } else { kind })];
            features.push(Feature { shape: Some(line(half)), values });
        }
    }
    Layer { name: "shore".into(), crs: CRS.to_owned(), fields: vec![text("LX", 12)], features }
}
