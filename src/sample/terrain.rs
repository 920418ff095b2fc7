//! The lie of the land: smooth noise with a valley round every town seat.
//!
//! Heights have no unit; they order the ground. Borders run on high ground, farmland lies on low ground.

use geo::Coord;

use super::chance::Chance;
use super::towns::TOWNS;

/// Wavelength in metres and weight of each layer of noise.
const OCTAVES: [(f64, f64); 4] = [(15_000.0, 1.0), (6_500.0, 0.6), (2_800.0, 0.35), (1_100.0, 0.2)];
/// Radius of the valley round a seat, in metres.
const VALLEY_M: f64 = 4_500.0;
/// Ground this near to a seat always belongs to the county, in metres.
const NEAR_SEAT_M: f64 = 3_500.0;

/// Height at a place, about 0 to 2.2, less in the valleys.
pub fn height(at: Coord, chance: Chance) -> f64 {
    let noise = |(k, (wavelength_m, weight)): (usize, &(f64, f64))| {
        weight * smooth(at / *wavelength_m, chance.at(k as u64))
    };
    let hills: f64 = OCTAVES.iter().enumerate().map(noise).sum();
    let valley = |seat: Coord| {
        let off = (at - seat) / VALLEY_M;
        (1.0 - off.x * off.x - off.y * off.y).max(0.0)
    };
    hills - TOWNS.iter().map(|town| valley(town.seat())).fold(0.0, f64::max)
}

/// How far out a place lies: its distance from `middle`, longer or shorter by smooth chance; 0 near a seat.
/// The county is the ground with the least of it.
pub fn remoteness(at: Coord, middle: Coord, chance: Chance) -> f64 {
    let length = |off: Coord| (off.x * off.x + off.y * off.y).sqrt();
    if TOWNS.iter().any(|town| length(at - town.seat()) < NEAR_SEAT_M) {
        return 0.0;
    }
    let bays = 0.25 * smooth(at / 14_000.0, chance.at(0)) + 0.12 * smooth(at / 5_000.0, chance.at(1));
    length(at - middle) / (0.82 + bays)
}

/// Value noise in [0, 1): numbers on the whole coordinates, smooth between them.
pub fn smooth(at: Coord, chance: Chance) -> f64 {
    let (column, row) = (at.x.floor(), at.y.floor());
    let ease = |t: f64| t * t * (3.0 - 2.0 * t);
    let (u, v) = (ease(at.x - column), ease(at.y - row));
    let knot = |dx: f64, dy: f64| chance.at((column + dx) as i64 as u64).at((row + dy) as i64 as u64).unit();
    let mix = |a: f64, b: f64, t: f64| a + (b - a) * t;
    mix(mix(knot(0.0, 0.0), knot(1.0, 0.0), u), mix(knot(0.0, 1.0), knot(1.0, 1.0), u), v)
}
