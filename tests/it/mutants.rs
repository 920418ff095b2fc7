//! Engines that err, each in one thing, for the laws to reject.
//!
//! All are one plain engine without tiles: make every ground, cut it by the zone, unite what was cut. With the right
//! kernels it is right, which the laws show as well; a mutant has one wrong kernel, or one wrong step.

use i_overlay::core::fill_rule::FillRule;
use i_overlay::core::overlay::{Overlay as Raw, ShapeType};
use i_overlay::core::overlay_rule::OverlayRule;
use sencheng::geometry::area::QUANTUM_M2;
use sencheng::geometry::grid::{Point, STEPS_PER_UNIT, Shape, steps, units};
use sencheng::geometry::overlay::{Overlay, Part};
use sencheng::measure::coverage::FEATURE_COUNTS_M2;

use crate::engine::{Engine, Quanta, STRATA, Sums};
use crate::geometry::{area, parts};
use crate::town::{CLASSES, Town, UNMAPPED};

/// The plain engine. Its fields are what can be wrong.
pub struct Plain {
    name: &'static str,
    ground: fn(&[Part]) -> Shape,
    union: fn(&[&Shape]) -> Shape,
    intersection: fn(&Shape, &Shape) -> Shape,
    difference: fn(&Shape, &Shape) -> Shape,
    /// Adds the areas of patches, on so many threads.
    add: fn(&[f64], usize) -> f64,
    slip: Slip,
}

/// A wrong step.
#[derive(PartialEq)]
enum Slip {
    None,
    /// A patch takes the ground from those before it, as when a map is painted.
    Paints,
    /// A figure over strata is the sum of their areas.
    AddsStrata,
}

/// The plain engine with nothing wrong.
pub const RIGHT: Plain = Plain {
    name: "the plain engine",
    ground: |parts| Overlay::default().ground(parts),
    union: |shapes| Overlay::default().union(shapes.iter().copied()),
    intersection: |a, b| Overlay::default().intersection(a, b),
    difference: |a, b| Overlay::default().difference(a, b),
    add: |areas, _| areas.iter().sum(),
    slip: Slip::None,
};

/// The plain engine with one thing wrong.
pub const MUTANTS: [Plain; 19] = [
    Plain {
        name: "forgets holes",
        ground: |parts| ground_of(parts, |part| part.holes = Shape::default()),
        ..RIGHT
    },
    Plain { name: "adds instead of unites", union: chained, ..RIGHT },
    Plain {
        name: "lets holes cancel each other",
        ground: |parts| ground_by(FillRule::NonZero, parts),
        ..RIGHT
    },
    Plain { name: "takes rings by even-odd", ground: |parts| ground_by(FillRule::EvenOdd, parts), ..RIGHT },
    Plain { name: "takes unions by even-odd", union: |shapes| union_by(FillRule::EvenOdd, shapes), ..RIGHT },
    Plain { name: "trusts the winding", ground: |parts| ground_by(FillRule::Positive, parts), ..RIGHT },
    Plain { name: "drops the last ring", ground: without_last_ring, ..RIGHT },
    Plain {
        name: "drops the last part",
        ground: |parts| RIGHT_GROUND(&parts[..parts.len().max(2) - 1]),
        ..RIGHT
    },
    Plain { name: "drops the last vertex", ground: without_last_vertex, ..RIGHT },
    Plain { name: "fills the holes of unions", union: filled, ..RIGHT },
    Plain { name: "counts a border twice", intersection: with_a_strip, ..RIGHT },
    Plain {
        name: "clips by bounding box",
        intersection: |a, zone| RIGHT_INTERSECTION(a, &envelope(zone)),
        ..RIGHT
    },
    Plain { name: "leaves slivers out", intersection: without_slivers, ..RIGHT },
    Plain { name: "lowers coordinates to single precision", ground: in_single_precision, ..RIGHT },
    Plain { name: "ranks without looking at what came before", difference: |a, _| a.clone(), ..RIGHT },
    Plain { name: "adds in single precision, thread by thread", add: by_threads, ..RIGHT },
    Plain { name: "lets the last patch have the ground", slip: Slip::Paints, ..RIGHT },
    Plain { name: "adds strata", slip: Slip::AddsStrata, ..RIGHT },
    Plain { name: "simplifies what it repairs", ground: simplified, ..RIGHT },
];

const RIGHT_GROUND: fn(&[Part]) -> Shape = RIGHT.ground;
const RIGHT_INTERSECTION: fn(&Shape, &Shape) -> Shape = RIGHT.intersection;

impl Engine for Plain {
    fn name(&self) -> &str {
        self.name
    }

    fn ground(&self, parts: &[Part]) -> Shape {
        (self.ground)(parts)
    }

    fn measure(&self, town: &Town, threads: usize) -> Vec<Sums> {
        let mut patches: Vec<(usize, Shape)> =
            town.patches.iter().map(|patch| (patch.class, (self.ground)(&parts(&patch.parts)))).collect();
        if self.slip == Slip::Paints {
            for i in 0..patches.len() {
                let later: Vec<&Shape> = patches[i + 1..].iter().map(|(_, shape)| shape).collect();
                patches[i].1 = (self.difference)(&patches[i].1, &(self.union)(&later));
            }
        }
        let zones = town.zones.iter().map(|zone| (self.ground)(&parts(zone)));
        zones.map(|zone| self.zone(&zone, &patches, threads)).collect()
    }
}

impl Plain {
    fn zone(&self, zone: &Shape, patches: &[(usize, Shape)], threads: usize) -> Sums {
        let pieces: Vec<(usize, Shape)> =
            patches.iter().map(|(class, shape)| (*class, (self.intersection)(shape, zone))).collect();
        let of = |class: usize| pieces.iter().filter(move |(c, _)| *c == class).map(|(_, shape)| shape);
        let areas = |class| of(class).map(area).collect::<Vec<f64>>();
        let nets: Vec<Shape> = (0..=UNMAPPED).map(|class| self.unite(of(class))).collect();
        let strata: Vec<Shape> = STRATA.iter().map(|s| self.unite(s.iter().map(|&c| &nets[c]))).collect();
        let whole = [self.unite([&strata[0], &nets[UNMAPPED]]), strata[1].clone()];
        let figure = if self.slip == Slip::AddsStrata {
            chained(&[&strata[0], &strata[1]])
        } else {
            self.unite(&strata)
        };
        let ranked = (0..CLASSES).map(|class| {
            let before = STRATA.iter().find(|s| s.contains(&class)).expect("a stratum").iter();
            let before = self.unite(before.take_while(|&&c| c != class).map(|&c| &nets[c]));
            quanta(area(&(self.difference)(&nets[class], &before)))
        });
        Sums {
            zone: quanta(area(zone)),
            gross: (0..=UNMAPPED).map(|class| quanta((self.add)(&areas(class), threads))).collect(),
            features: (0..=UNMAPPED).map(|c| large(&areas(c))).collect(),
            ranked: ranked.collect(),
            mapped: strata.iter().map(|s| quanta(area(s))).collect(),
            none: whole.iter().map(|s| quanta(area(&(self.difference)(zone, s)))).collect(),
            only_unmapped: quanta(area(&(self.difference)(&nets[UNMAPPED], &strata[0]))),
            figure: quanta(area(&figure)),
            figure_with_unmapped: quanta(area(&self.unite([&figure, &nets[UNMAPPED]]))),
            net: nets.iter().map(|s| quanta(area(s))).collect(),
        }
    }

    fn unite<'a>(&self, shapes: impl IntoIterator<Item = &'a Shape>) -> Shape {
        (self.union)(&shapes.into_iter().collect::<Vec<_>>())
    }
}

fn quanta(m2: f64) -> Quanta {
    (m2 / QUANTUM_M2).round() as Quanta
}

fn large(areas: &[f64]) -> u64 {
    areas.iter().filter(|&&m2| m2 > FEATURE_COUNTS_M2).count() as u64
}

fn chained(shapes: &[&Shape]) -> Shape {
    let mut all = Shape::default();
    shapes.iter().flat_map(|s| s.rings()).for_each(|ring| all.push(ring.iter().copied()));
    all
}

/// The right ground of parts with something changed in each.
fn ground_of(parts: &[Part], change: impl Fn(&mut Part)) -> Shape {
    let mut parts = parts.to_vec();
    parts.iter_mut().for_each(change);
    RIGHT_GROUND(&parts)
}

/// The ground under another fill rule for shells and holes alike.
fn ground_by(rule: FillRule, parts: &[Part]) -> Shape {
    let grounds: Vec<Shape> = parts
        .iter()
        .map(|part| (RIGHT.difference)(&union_by(rule, &[&part.shell]), &union_by(rule, &[&part.holes])))
        .collect();
    (RIGHT.union)(&grounds.iter().collect::<Vec<_>>())
}

fn union_by(rule: FillRule, shapes: &[&Shape]) -> Shape {
    let mut engine = Raw::<i64>::new(64);
    for ring in shapes.iter().flat_map(|shape| shape.rings()) {
        engine.add_contour(ring, ShapeType::Subject);
    }
    let mut united = Shape::default();
    engine.overlay(OverlayRule::Subject, rule).into_iter().flatten().for_each(|ring| united.push(ring));
    united
}

fn with_rings(shape: &Shape, write: impl Fn(&[Point]) -> Vec<Point>) -> Shape {
    let mut written = Shape::default();
    shape.rings().for_each(|ring| written.push(write(ring)));
    written
}

fn without_last_ring(parts: &[Part]) -> Shape {
    let but_last = |shape: &Shape, least: usize| {
        let mut kept = Shape::default();
        let n = shape.rings().count().max(least + 1) - 1;
        shape.rings().take(n.max(least)).for_each(|ring| kept.push(ring.iter().copied()));
        kept
    };
    ground_of(parts, |part| {
        if part.holes.is_empty() {
            part.shell = but_last(&part.shell, 1);
        } else {
            part.holes = but_last(&part.holes, 0);
        }
    })
}

fn without_last_vertex(parts: &[Part]) -> Shape {
    ground_of(parts, |part| part.shell = with_rings(&part.shell, |ring| ring[..ring.len() - 1].to_vec()))
}

fn simplified(parts: &[Part]) -> Shape {
    let ground = RIGHT_GROUND(parts);
    with_rings(&ground, |ring| if ring.len() > 4 { ring[1..].to_vec() } else { ring.to_vec() })
}

fn in_single_precision(parts: &[Part]) -> Shape {
    let lower = |c: i64| steps(f64::from(units(c) as f32));
    let lower = |shape: &Shape| {
        with_rings(shape, |ring| ring.iter().map(|p| Point::new(lower(p.x), lower(p.y))).collect())
    };
    ground_of(parts, |part| *part = Part { shell: lower(&part.shell), holes: lower(&part.holes) })
}

fn filled(shapes: &[&Shape]) -> Shape {
    let united = (RIGHT.union)(shapes);
    let mut outer = Shape::default();
    united.rings().filter(|ring| area(&Shape::of_ring(ring.iter().copied())) > 0.0).for_each(|ring| {
        outer.push(ring.iter().copied());
    });
    outer
}

fn envelope(shape: &Shape) -> Shape {
    shape.bounds().map_or_else(Shape::default, |b| Shape::rectangle(b.low, b.high))
}

/// The zone with a strip of a quarter of a unit along its eastern border, which is its neighbour's.
fn with_a_strip(a: &Shape, zone: &Shape) -> Shape {
    let strip = (STEPS_PER_UNIT / 4.0) as i64;
    let east = with_rings(zone, |ring| ring.iter().map(|p| Point::new(p.x + strip, p.y)).collect());
    RIGHT_INTERSECTION(a, &(RIGHT.union)(&[zone, &east]))
}

fn without_slivers(a: &Shape, zone: &Shape) -> Shape {
    let cut = RIGHT_INTERSECTION(a, zone);
    if area(&cut) < 0.25 * area(a) { Shape::default() } else { cut }
}

fn by_threads(areas: &[f64], threads: usize) -> f64 {
    let chunk = areas.len().div_ceil(threads).max(1);
    f64::from(areas.chunks(chunk).map(|c| c.iter().map(|&m2| m2 as f32).sum::<f32>()).sum::<f32>())
}
