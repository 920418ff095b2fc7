//! Piles of outlines against the overlay engine: what bounds their union, what is covered again, what two of them share.
//! Outlines stand on a coarse lattice, so that they touch, repeat and run along each other wherever they can.

use sencheng::geometry::grid::{Point, STEPS_PER_UNIT, Shape};
use sencheng::geometry::overlay::{Overlay, Part};
use sencheng::geometry::pile::Pile;
use sencheng::geometry::side::winding;

const UNIT: i64 = STEPS_PER_UNIT as i64;

struct Dice(u64);

impl Dice {
    fn below(&mut self, n: i64) -> i64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as i64).rem_euclid(n)
    }
}

fn square_units(doubled: i128) -> f64 {
    doubled as f64 / 2.0 / STEPS_PER_UNIT / STEPS_PER_UNIT
}

/// A clean outline of a few corners on a lattice of `step` units, some with a hole.
fn outline(dice: &mut Dice, step: i64) -> Option<Shape> {
    let corner = |dice: &mut Dice| Point::new(dice.below(9) * step * UNIT, dice.below(9) * step * UNIT);
    let mut part = Part::default();
    let corners = 3 + dice.below(4);
    part.shell.push_counter_clockwise((0..corners).map(|_| corner(dice)));
    if dice.below(3) == 0 {
        part.holes.push_counter_clockwise((0..3).map(|_| corner(dice)));
    }
    let shape = Overlay::default().ground(&[part]);
    (!shape.is_empty()).then_some(shape)
}

/// How often outlines wind around a point.
fn depth(shapes: &[Shape], p: Point) -> i32 {
    shapes.iter().flat_map(Shape::rings).map(|ring| winding(ring, p)).sum()
}

#[test]
fn a_pile_is_parted_as_overlay_and_winding_numbers_say() {
    let mut dice = Dice(20_261_127);
    let (mut pile, mut overlay) = (Pile::default(), Overlay::default());
    let (mut piles, mut refused) = (0, 0);
    for round in 0..4000 {
        let step = [1, 1, 100][round % 3];
        let count = 2 + dice.below(7);
        let mut shapes: Vec<Shape> = (0..count).filter_map(|_| outline(&mut dice, step)).collect();
        if round % 5 == 0 {
            shapes.extend(shapes.first().cloned());
        }
        let all: Vec<u32> = (0..shapes.len() as u32).collect();
        piles += 1;
        let parted = pile.pile(Point::new(0, 0), &shapes).then(|| pile.parted(&all)).flatten();
        let Some(parted) = parted else {
            refused += 1;
            continue;
        };
        let sum: i128 = shapes.iter().map(Shape::doubled_area).sum();
        let union = overlay.union(&shapes).doubled_area();
        let near = |a: f64, b: f64| (a - b).abs() <= 1e-6 * (step * step) as f64;
        let found = square_units(parted.union.doubled_area());
        assert!(near(found, square_units(union)), "round {round}: union {found} of {shapes:?}");
        let again = square_units(parted.again.doubled_area());
        assert!(near(again, square_units(sum - union)), "round {round}: again {again} of {shapes:?}");
        // Off all lattice lines and crossings, winding numbers say it place by place.
        for _ in 0..20 {
            let place = |dice: &mut Dice| dice.below(8 * step * UNIT) | 1;
            let p = Point::new(place(&mut dice), place(&mut dice));
            let deep = depth(&shapes, p);
            assert_eq!(
                depth(std::slice::from_ref(&parted.union), p),
                i32::from(deep > 0),
                "round {round} at {p:?}"
            );
            assert_eq!(
                depth(std::slice::from_ref(&parted.again), p),
                (deep - 1).max(0),
                "round {round} at {p:?}"
            );
        }
    }
    assert!(refused * 20 < piles, "{refused} of {piles} piles were left to overlay");
}

#[test]
fn what_two_outlines_share_is_their_intersection() {
    let mut dice = Dice(7);
    let (mut pile, mut overlay) = (Pile::default(), Overlay::default());
    let (mut pairs, mut sharing) = (0, 0);
    for round in 0..2000 {
        let shapes: Vec<Shape> = (0..5).filter_map(|_| outline(&mut dice, 10)).collect();
        if !pile.pile(Point::new(0, 0), &shapes) {
            continue;
        }
        let shared = pile.shared();
        for a in 0..shapes.len() {
            for b in a + 1..shapes.len() {
                let expected = square_units(overlay.intersection(&shapes[a], &shapes[b]).doubled_area());
                let found = shared.iter().find(|s| s.outlines == (a as u32, b as u32));
                let found = found.map_or(0.0, |s| s.moments.one);
                assert!(
                    (found - expected).abs() < 1e-5,
                    "round {round}: {a} and {b} share {found}, not {expected}"
                );
                pairs += 1;
                sharing += usize::from(expected > 0.0);
            }
        }
    }
    assert!(pairs > 10_000 && sharing > 5_000, "{pairs} {sharing}");
}

/// Two squares of 10 units, the second moved by 4 and 5: 6 x 5 in common.
#[test]
fn two_squares_share_thirty_square_units_about_their_middle() {
    let square = |x: i64, y: i64| {
        Shape::rectangle(Point::new(x * UNIT, y * UNIT), Point::new((x + 10) * UNIT, (y + 10) * UNIT))
    };
    let mut pile = Pile::default();
    assert!(pile.pile(Point::new(0, 0), &[square(0, 0), square(4, 5)]));
    let shared = pile.shared();
    assert_eq!(shared.len(), 1);
    let moments = shared[0].moments;
    assert!((moments.one - 30.0).abs() < 1e-12, "{moments:?}");
    assert!((moments.x / moments.one - 7.0).abs() < 1e-12 && (moments.y / moments.one - 7.5).abs() < 1e-12);
    let parted = pile.parted(&[0, 1]).expect("parted");
    assert_eq!(square_units(parted.union.doubled_area()), 170.0);
    assert_eq!(square_units(parted.again.doubled_area()), 30.0);
}
