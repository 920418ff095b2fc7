//! The ground within a distance: outlines with bays, prongs and holes of every kind, against GEOS.

use geos::{Geom, Geometry};
use sencheng::geometry::buffer::{Tools, buffer};
use sencheng::geometry::grid::{Point, STEPS_PER_UNIT, Shape, point, units};
use sencheng::geometry::overlay::Overlay;

use crate::differential::surveys::Dice;
use crate::oracle;
use crate::wkt::{Ring, Rings};

fn place(dice: &mut Dice) -> Point {
    point(dice.between(0.0, 1000.0), dice.between(0.0, 1000.0)).unwrap()
}

/// A star whose corners lie in and out by chance.
fn star(dice: &mut Dice) -> Shape {
    let (x, y) = (dice.between(200.0, 800.0), dice.between(200.0, 800.0));
    let (corners, size) = (5 + (dice.between(0.0, 40.0) as u32), dice.between(5.0, 300.0));
    let ring = (0..corners).map(|k| {
        let angle = f64::from(k) / f64::from(corners) * std::f64::consts::TAU;
        let reach = size * dice.between(0.1, 1.0);
        point(x + reach * angle.cos(), y + reach * angle.sin()).unwrap()
    });
    let mut star = Shape::default();
    star.push_counter_clockwise(ring.collect::<Vec<_>>());
    star
}

/// Ground with bays, prongs, narrow mouths, holes and parts of its own, or what one star covers.
fn ground(dice: &mut Dice, overlay: &mut Overlay) -> Shape {
    let triangles = |count: f64, dice: &mut Dice| -> Vec<Shape> {
        let triangle = |_| {
            let mut triangle = Shape::default();
            triangle.push_counter_clockwise([place(dice), place(dice), place(dice)]);
            triangle
        };
        (0..count as u32).map(triangle).collect()
    };
    if dice.between(0.0, 3.0) < 1.0 {
        return overlay.union(&[star(dice)]);
    }
    let count = dice.between(1.0, 8.0);
    let drawn = [triangles(count, dice), vec![star(dice)]].concat();
    let more = overlay.union(&drawn);
    let count = dice.between(0.0, 5.0);
    let less = overlay.union(&triangles(count, dice));
    overlay.difference(&more, &less)
}

fn oracles(shape: &Shape, overlay: &mut Overlay) -> Geometry {
    let ring = |ring: &[Point]| -> Ring { ring.iter().map(|p| [units(p.x), units(p.y)]).collect() };
    let parts: Vec<Rings> =
        overlay.parts(shape).iter().map(|part| part.rings().map(ring).collect()).collect();
    oracle::ground(&parts, [0.0, 0.0])
}

/// The outline lies at the distance everywhere, to 0.01 % of it. GEOS, which draws the ground a little more simply
/// beforehand, by up to 1 % of the distance, says that there is no more and no less of it.
#[test]
fn what_lies_near_ground_at_random_is_what_geos_says() {
    let (mut overlay, mut tools) = (Overlay::default(), Tools::default());
    for seed in 0..600 {
        let mut dice = Dice(seed);
        let ground = ground(&mut dice, &mut overlay);
        let distance = 1000.0_f64.powf(dice.between(0.0, 1.0));
        let near = buffer(&ground, distance * STEPS_PER_UNIT, &mut tools);
        let oracle = oracles(&ground, &mut overlay);
        for ring in near.rings() {
            for (a, b) in ring.iter().zip(ring.iter().cycle().skip(1)) {
                for [x, y] in [[a.x, a.y], [i64::midpoint(a.x, b.x), i64::midpoint(a.y, b.y)]] {
                    let place =
                        Geometry::new_from_wkt(&format!("POINT ({} {})", units(x), units(y))).unwrap();
                    let off = (oracle.distance(&place).unwrap() / distance - 1.0).abs();
                    assert!(
                        off < 1e-4,
                        "seed {seed}, {distance} m: off by {off} at {} {}",
                        units(x),
                        units(y)
                    );
                }
            }
        }
        let wanted = oracle.buffer(distance, 64).unwrap();
        let apart = oracles(&near, &mut overlay).sym_difference(&wanted).unwrap().area().unwrap();
        let seam = 0.01 * distance * wanted.length().unwrap() + 1e-3;
        assert!(apart < seam, "seed {seed}, {distance} m: {apart} m2 of {seam}");
    }
}
