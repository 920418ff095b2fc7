//! The ground within a distance of a shape (缓冲区).
//!
//! # How
//! Every contour is drawn once more at the distance, on its outer side: a parallel for each edge, an arc about each
//! corner that points outwards, and at a corner that points inwards the way back over the corner itself. Such a curve
//! winds around a place once more for every rectangle along an edge and every sector about a corner that holds the place,
//! so what it winds around at all is the shape with everything that is near enough; the overlay engine makes that
//! clean. Holes are drawn in the same way and shrink.
//!
//! # Arcs (圆弧)
//! An arc is drawn with [`QUARTER`] chords a quarter of a circle, their inner ends a little beyond the distance, so that
//! the sector has exactly its area: a chord that bulges inwards would lose 0.01 %. Nowhere is the outline off by more than
//! 0.005 % of the distance.

use std::f64::consts::FRAC_PI_2;

use crate::geometry::grid::{Point, Shape};
use crate::geometry::overlay::Overlay;

/// A turn by less than this many radians is none.
const STRAIGHT: f64 = 1e-6;

/// Chords of a quarter of a circle.
pub const QUARTER: f64 = 65.0;

/// The ground within `distance` grid steps of a clean shape, the shape itself included. O(points log points).
pub fn buffer(shape: &Shape, distance: f64, overlay: &mut Overlay) -> Shape {
    let mut drawn = Shape::default();
    for ring in shape.rings() {
        let mut contour = Vec::with_capacity(ring.len() * 4);
        let steps = ring.iter().zip(ring.iter().cycle().skip(1));
        let edges: Vec<(Point, [f64; 2])> =
            steps.filter(|(from, to)| from != to).map(|(from, to)| (*to, outwards(*from, *to))).collect();
        let turns = edges.iter().zip(edges.iter().cycle().skip(1));
        turns.for_each(|((corner, before), (_, after))| {
            turn(*corner, *before, *after, distance, &mut contour);
        });
        drawn.push(contour);
    }
    overlay.union([&drawn])
}

/// The step of length one away from an edge, to its right: shells are wound counter-clockwise, holes clockwise.
fn outwards(from: Point, to: Point) -> [f64; 2] {
    let [dx, dy] = [(to.x - from.x) as f64, (to.y - from.y) as f64];
    let length = dx.hypot(dy);
    [dy / length, -dx / length]
}

/// Draws what leads around a corner from one parallel to the next.
fn turn(corner: Point, before: [f64; 2], after: [f64; 2], distance: f64, contour: &mut Vec<Point>) {
    let at = |step: [f64; 2], distance: f64| {
        let offset = step.map(|part| (part * distance).round() as i64);
        Point::new(corner.x + offset[0], corner.y + offset[1])
    };
    let cross = before[0] * after[1] - before[1] * after[0];
    let angle = cross.atan2(before[0] * after[0] + before[1] * after[1]);
    contour.push(at(before, distance));
    if angle < 0.0 {
        contour.push(corner);
    } else if angle > STRAIGHT {
        let (chords, beyond) = chords_of(angle);
        let (sin, cos) = (angle / chords).sin_cos();
        let mut step = before;
        for _ in 1..chords as usize {
            step = [step[0] * cos - step[1] * sin, step[0] * sin + step[1] * cos];
            contour.push(at(step, distance * beyond));
        }
    }
    contour.push(at(after, distance));
}

/// With how many chords an angle is drawn, and how far from the corner their inner ends lie, where its outer ends lie at
/// one: *n* triangles of the angle θ, the first and the last with a side of one, have the area of the sector.
fn chords_of(angle: f64) -> (f64, f64) {
    let chords = (angle / FRAC_PI_2 * QUARTER).ceil().max(2.0);
    let sin = (angle / chords).sin();
    let inner = chords - 2.0;
    let beyond = match inner {
        0.0 => angle / (2.0 * sin),
        inner => ((sin * sin + inner * sin * angle).sqrt() - sin) / (inner * sin),
    };
    (chords, beyond)
}
