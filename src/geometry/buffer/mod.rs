//! The ground within a distance of a shape (缓冲区).
//!
//! # How
//! A disc of that radius rolls around every contour, on its outer side; its centre draws the outline. It runs parallel to
//! edges, turns about corners that point outwards, and passes bays that it cannot enter (`buffer/ways.rs`).
//!
//! Such a curve winds around a place once more for every rectangle along an edge, every sector about a corner and every
//! turn over a bay that holds the place, so what it winds around at all is the shape with everything that is near enough.
//! Mostly it does not meet itself; where it does the overlay engine makes it clean. Holes are drawn in the same way and
//! shrink.
//!
//! # Arcs (圆弧)
//! An arc is drawn with chords whose inner ends lie a little beyond the distance, so that the sector has exactly its area:
//! with all ends at the distance a disc of as many chords would lose 0.02 %. There are no more of them than it takes for
//! the outline to be off by less than 0.01 % of the distance everywhere: 48 or 49 for a quarter of a circle.

mod ways;

use std::f64::consts::TAU;

use crate::geometry::grid::{Point, Shape};
use crate::geometry::overlay::Overlay;
use crate::geometry::simple::Simplicity;
use ways::{Way, moved, ways};

/// A turn by less than this many radians is none.
const STRAIGHT: f64 = 1e-6;

/// The ends of chords lie beyond the distance by no more than this share of it.
const OFF: f64 = 9e-5;

/// What a buffer is drawn with.
#[derive(Default)]
pub struct Tools {
    /// Makes clean what meets itself.
    pub overlay: Overlay,
    simplicity: Simplicity,
}

/// The ground within `distance` grid steps of a clean shape, the shape itself included. O(points log points).
pub fn buffer(shape: &Shape, distance: f64, tools: &mut Tools) -> Shape {
    let mut drawn = Shape::default();
    for ring in shape.rings() {
        let ways = ways(ring, distance);
        // A hole that the disc cannot enter is gone.
        if ways.len() > 2 {
            drawn.push_distinct(contour(&ways, distance));
        }
    }
    match drawn.bounds() {
        Some(bounds) if tools.simplicity.is_simple(&drawn, bounds) => drawn,
        _ => tools.overlay.union([&drawn]),
    }
}

/// What the centre draws on its way around a ring.
fn contour(ways: &[Way], distance: f64) -> Vec<Point> {
    let mut contour = Vec::with_capacity(3 * ways.len() + (TAU / widest()) as usize);
    let after = ways.iter().cycle().skip(1);
    ways.iter().zip(after).for_each(|(before, after)| turn(before, after, distance, &mut contour));
    contour
}

/// Draws what leads around a corner from one way to the next.
fn turn(before: &Way, after: &Way, distance: f64, contour: &mut Vec<Point>) {
    let corner = before.to;
    let angle = before.turn_to(after) + before.beyond + after.beyond;
    contour.push(before.centres[1]);
    if angle < -STRAIGHT {
        contour.push(corner);
    } else if angle > STRAIGHT {
        let (chords, beyond) = chords_of(angle);
        let (sin, cos) = (angle / chords).sin_cos();
        let mut step = before.away[1];
        for _ in 1..chords as usize {
            step = [step[0] * cos - step[1] * sin, step[0] * sin + step[1] * cos];
            contour.push(moved(corner, step, distance * beyond));
        }
    }
    contour.push(after.centres[0]);
}

/// With how many chords an angle is drawn, and how far from the corner their inner ends lie, where its outer ends lie at
/// one: *n* triangles of the angle θ, the first and the last with a side of one, have the area of the sector.
fn chords_of(angle: f64) -> (f64, f64) {
    let mut chords = (angle / widest()).ceil().max(2.0);
    loop {
        let beyond = beyond(angle, chords);
        if beyond <= 1.0 + OFF {
            return (chords, beyond);
        }
        chords += 1.0;
    }
}

/// The angle of a chord of a whole circle: its ends lie 1/12 of the angle's square beyond the circle, and its middle half
/// as far within.
fn widest() -> f64 {
    (12.0 * OFF).sqrt()
}

fn beyond(angle: f64, chords: f64) -> f64 {
    let sin = (angle / chords).sin();
    match chords - 2.0 {
        0.0 => angle / (2.0 * sin),
        inner => ((sin * sin + inner * sin * angle).sqrt() - sin) / (inner * sin),
    }
}
