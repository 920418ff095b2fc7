//! Union, intersection and difference of shapes: the one place that calls the overlay engine.
//!
//! The engine is `i_overlay` 9 on 64-bit integers. `geo`'s own overlay is pinned to an older engine that does
//! not end on layers of a thousand overlapping polygons, and is never called.
//!
//! What comes out is clean: outer contours counter-clockwise, holes clockwise, nothing crosses.
//! An [`Overlay`] keeps its buffers between calls; a thread has one of its own.

use i_overlay::core::fill_rule::FillRule;
use i_overlay::core::overlay::{Overlay as Engine, ShapeType};
use i_overlay::core::overlay_rule::OverlayRule;
use i_overlay::i_shape::flat::buffer::FlatContoursBuffer;

use geo::{LineString, MultiPolygon, Polygon};

use crate::geometry::grid::{Point, Shape, units};
use crate::geometry::stack::stacks;

/// One part of a recorded polygon feature: a shell and its holes. All are wound counter-clockwise as far as their
/// area tells, whichever way they were recorded.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Part {
    /// The outer ring.
    pub shell: Shape,
    /// The inner rings.
    pub holes: Shape,
}

impl Part {
    /// Area as the rings claim it, in doubled square steps: shell less holes, both wound counter-clockwise. It
    /// equals the part's ground exactly when the part is valid, and what is claimed in pieces adds up to it.
    pub fn claimed_doubled_area(&self) -> i128 {
        self.shell.doubled_area() - self.holes.doubled_area()
    }
}

/// From so many shapes on that lie on one another they are united two by two.
const DEEP: usize = 3;

/// The overlay engine with its buffers.
pub struct Overlay {
    engine: Engine<i64>,
    output: FlatContoursBuffer<i64>,
}

impl Default for Overlay {
    fn default() -> Self {
        Self { engine: Engine::new(256), output: FlatContoursBuffer::with_capacity(256) }
    }
}

impl Overlay {
    /// The ground (实际覆盖范围) of a feature: the union over its parts of what the shell winds around, less
    /// what any of the part's holes wind around. So a ring drawn twice counts once, a bow-tie counts both
    /// wings, a hole outside its shell takes nothing away, and overlapping parts count once.
    pub fn ground(&mut self, parts: &[Part]) -> Shape {
        match parts {
            [part] => self.ground_of_part(part),
            parts => {
                let grounds: Vec<Shape> = parts.iter().map(|p| self.ground_of_part(p)).collect();
                self.union(&grounds)
            }
        }
    }

    fn ground_of_part(&mut self, part: &Part) -> Shape {
        match part.holes.rings().count() {
            0 => self.union([&part.shell]),
            1 => self.difference(&part.shell, &part.holes),
            _ => {
                let holes = self.each_clean(&part.holes);
                self.difference(&part.shell, &holes)
            }
        }
    }

    /// The contours, each made clean by itself. Taken together as they come, two that overlap and are wound
    /// against each other would cancel where they overlap; clean ones wind around nothing less than zero times.
    fn each_clean(&mut self, contours: &Shape) -> Shape {
        let mut clean = Shape::default();
        for ring in contours.rings() {
            let ground = self.union([&Shape::of_ring(ring.iter().copied())]);
            ground.rings().for_each(|ring| clean.push(ring.iter().copied()));
        }
        clean
    }

    /// What lies in at least one of the shapes. The order in which they come does not matter.
    ///
    /// All are united at once, which is best for neighbours; but first those that lie on one another, two by two.
    /// Eight copies of a detailed outline that differ by nanometres would else keep the engine for minutes.
    pub fn union<'a>(&mut self, shapes: impl IntoIterator<Item = &'a Shape>) -> Shape {
        let shapes: Vec<&Shape> = shapes.into_iter().collect();
        if shapes.len() < DEEP {
            return self.union_at_once(shapes);
        }
        let (mut singles, mut united) = (Vec::new(), Vec::new());
        for stack in stacks(&shapes) {
            let members = stack.into_iter().map(|i| shapes[i]);
            if members.len() < DEEP {
                singles.extend(members);
            } else {
                united.push(self.union_by_pairs(members.cloned().collect()));
            }
        }
        self.union_at_once(singles.into_iter().chain(&united))
    }

    fn union_at_once<'a>(&mut self, shapes: impl IntoIterator<Item = &'a Shape>) -> Shape {
        self.engine.clear();
        for shape in shapes {
            self.add(shape, ShapeType::Subject);
        }
        self.solve(OverlayRule::Subject)
    }

    fn union_by_pairs(&mut self, mut shapes: Vec<Shape>) -> Shape {
        shapes.sort_unstable();
        while shapes.len() > 1 {
            shapes = shapes.chunks(2).map(|pair| self.union_at_once(pair)).collect();
        }
        shapes.pop().unwrap_or_default()
    }

    /// What lies in both shapes.
    pub fn intersection(&mut self, a: &Shape, b: &Shape) -> Shape {
        self.solve_pair(a, b, OverlayRule::Intersect)
    }

    /// What lies in `a` but not in `b`.
    pub fn difference(&mut self, a: &Shape, b: &Shape) -> Shape {
        self.solve_pair(a, b, OverlayRule::Difference)
    }

    /// The parts of a clean shape that hang together: each a shell with its holes.
    pub fn parts(&mut self, shape: &Shape) -> Vec<Shape> {
        // One contour hangs together.
        if shape.ends().len() == 1 {
            return vec![shape.clone()];
        }
        let part = |rings: Vec<Vec<Point>>| {
            let mut part = Shape::default();
            rings.into_iter().for_each(|ring| part.push(ring));
            part
        };
        self.solved(shape).into_iter().map(part).collect()
    }

    /// The polygons of a shape: rings of points, the shell first.
    fn solved(&mut self, shape: &Shape) -> Vec<Vec<Vec<Point>>> {
        self.engine.clear();
        self.add(shape, ShapeType::Subject);
        self.engine.overlay(OverlayRule::Subject, FillRule::NonZero)
    }

    /// The shape as polygons with their holes, in CRS units, for writing and drawing.
    pub fn polygons(&mut self, shape: &Shape) -> MultiPolygon<f64> {
        let polygons = self.solved(shape);
        let line = |ring: Vec<Point>| LineString::from_iter(ring.iter().map(|p| (units(p.x), units(p.y))));
        let polygon = |rings: Vec<Vec<Point>>| {
            let mut lines = rings.into_iter().map(line);
            let shell = lines.next().unwrap_or_else(|| LineString::new(Vec::new()));
            Polygon::new(shell, lines.collect())
        };
        polygons.into_iter().map(polygon).collect()
    }

    fn solve_pair(&mut self, a: &Shape, b: &Shape, rule: OverlayRule) -> Shape {
        self.engine.clear();
        self.add(a, ShapeType::Subject);
        self.add(b, ShapeType::Clip);
        self.solve(rule)
    }

    fn add(&mut self, shape: &Shape, side: ShapeType) {
        for ring in shape.rings() {
            self.engine.add_contour(ring, side);
        }
    }

    fn solve(&mut self, rule: OverlayRule) -> Shape {
        self.engine.overlay_into(rule, FillRule::NonZero, &mut self.output);
        let mut shape = Shape::default();
        for range in &self.output.ranges {
            shape.push(self.output.points[range.clone()].iter().copied());
        }
        shape
    }
}
