//! Lines that bend like borders: midpoint displacement that calms down as it halves.
//!
//! A line never leaves the rhombus over its chord whose half angle is the sum of the bends of all halvings
//! (below 30 degrees), so it does not cross itself, and neither do two lines that meet at a wider angle.

use geo::{Coord, LineString, MultiPolygon, Polygon};

use super::chance::Chance;

/// Furthest displacement of the first midpoint, as a share of the chord.
const BEND: f64 = 0.11;
/// How much of its bend a line keeps at each halving.
const CALM: f64 = 0.6;

/// The line from `a` to `b`, both included, halved `levels` times.
pub fn bent(a: Coord, b: Coord, chance: Chance, levels: u32) -> Vec<Coord> {
    let mut line = Vec::with_capacity((1 << levels) + 1);
    halve(a, b, chance, levels, BEND, &mut line);
    line.push(b);
    line
}

fn halve(a: Coord, b: Coord, chance: Chance, levels: u32, bend: f64, line: &mut Vec<Coord>) {
    if levels == 0 {
        line.push(a);
        return;
    }
    let (along, aside) = (b - a, chance.signed() * bend);
    let middle = to_millimetre((a + b) / 2.0 + Coord { x: -along.y, y: along.x } * aside);
    halve(a, middle, chance.at(1), levels - 1, bend * CALM, line);
    halve(middle, b, chance.at(2), levels - 1, bend * CALM, line);
}

/// A coordinate as survey files carry it.
pub fn to_millimetre(c: Coord) -> Coord {
    let round = |v: f64| (v * 1000.0).round() / 1000.0;
    Coord { x: round(c.x), y: round(c.y) }
}

/// Eight directions of unit length, counter-clockwise from the east.
const COMPASS: [(f64, f64); 8] = [
    (1.0, 0.0),
    (DIAGONAL, DIAGONAL),
    (0.0, 1.0),
    (-DIAGONAL, DIAGONAL),
    (-1.0, 0.0),
    (-DIAGONAL, -DIAGONAL),
    (0.0, -1.0),
    (DIAGONAL, -DIAGONAL),
];
const DIAGONAL: f64 = std::f64::consts::FRAC_1_SQRT_2;

/// A roundish shape of about this radius in metres, of eight bent lines.
pub fn blob(centre: Coord, radius_m: f64, chance: Chance, levels: u32) -> MultiPolygon<f64> {
    let corner = |k: usize| {
        let ((x, y), reach_m) = (COMPASS[k % 8], radius_m * chance.at((k % 8) as u64).between(0.85, 1.15));
        to_millimetre(centre + Coord { x, y } * reach_m)
    };
    let mut ring = Vec::with_capacity((8 << levels) + 1);
    for k in 0..8 {
        let line = bent(corner(k), corner(k + 1), chance.of("side").at(k as u64), levels);
        ring.extend_from_slice(&line[..line.len() - 1]);
    }
    ring.push(corner(0));
    Polygon::new(LineString::new(ring), Vec::new()).into()
}
