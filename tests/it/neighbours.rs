//! Neighbours united: by the edges that they share where they do, by overlay where they do not.

use sencheng::geometry::grid::{Point, STEPS_PER_UNIT, Shape};
use sencheng::geometry::neighbours;
use sencheng::geometry::overlay::Overlay;
use sencheng::geometry::stack::clusters;

/// A ring of corners in metres, shells counter-clockwise, holes clockwise.
fn shape(rings: &[&[[i64; 2]]]) -> Shape {
    let mut shape = Shape::default();
    let step = STEPS_PER_UNIT as i64;
    rings.iter().for_each(|ring| shape.push(ring.iter().map(|[x, y]| Point::new(x * step, y * step))));
    shape
}

/// The square with its south-west corner there, ten metres wide.
fn square(x: i64, y: i64) -> Shape {
    shape(&[&[[x, y], [x + 10, y], [x + 10, y + 10], [x, y + 10]]])
}

fn square_metres(shape: &Shape) -> f64 {
    shape.doubled_area() as f64 / 2.0 / STEPS_PER_UNIT / STEPS_PER_UNIT
}

/// The union has so many square metres and rings, and is the ground that overlay finds.
fn unite(outlines: &[Shape], m2: f64, rings: usize) {
    let mut overlay = Overlay::default();
    let united = neighbours::united(outlines.iter(), &mut overlay);
    let known = overlay.union(outlines);
    assert_eq!(square_metres(&united), m2, "{united:?}");
    assert_eq!(united.rings().count(), rings, "{united:?}");
    assert!(overlay.difference(&united, &known).is_empty() && overlay.difference(&known, &united).is_empty());
}

#[test]
fn towns_that_share_their_borders_are_one_ground() {
    unite(&[square(0, 0), square(10, 0), square(0, 10), square(10, 10)], 400.0, 1);
    // One of them apart, as an exclave is.
    unite(&[square(0, 0), square(10, 0), square(50, 50)], 300.0, 2);
    unite(&[square(0, 0)], 100.0, 1);
}

#[test]
fn a_town_in_the_hole_of_another_fills_it_and_a_gap_stays_one() {
    let around: &[[i64; 2]] = &[[-10, -10], [20, -10], [20, 20], [-10, 20]];
    let hole: &[[i64; 2]] = &[[0, 0], [0, 10], [10, 10], [10, 0]];
    unite(&[shape(&[around, hole]), square(0, 0)], 900.0, 1);
    unite(&[shape(&[around, hole]), square(20, -10)], 900.0, 2);
}

#[test]
fn towns_that_lie_over_one_another_are_counted_once() {
    unite(&[square(0, 0), square(5, 0)], 150.0, 1);
    // One within another, without an edge in common; and the same town twice.
    let around = shape(&[&[[-10, -10], [20, -10], [20, 20], [-10, 20]]]);
    unite(&[around, square(0, 0)], 900.0, 1);
    unite(&[square(0, 0), square(0, 0), square(10, 0)], 200.0, 1);
}

#[test]
fn towns_whose_borders_have_other_corners_are_one_ground_too() {
    let other = shape(&[&[[10, 0], [20, 0], [20, 10], [10, 10], [10, 5]]]);
    unite(&[square(0, 0), other], 200.0, 1);
}

#[test]
fn what_meets_by_and_by_is_a_cluster() {
    let shapes = [square(0, 0), square(100, 0), square(10, 10), square(19, 19), square(111, 0)];
    let shapes: Vec<&Shape> = shapes.iter().collect();
    assert_eq!(clusters(&shapes), [vec![0, 2, 3], vec![1], vec![4]]);
}
