//! Reach: what ground of each zone lies within a distance of some places (服务半径覆盖).
//!
//! In: places, the distance that each reaches by its size, zones. Out: by zone the area of what is within
//! reach of any, each square metre counted once, by the engine that measures coverage; and the places themselves. The
//! distance counts from a place's boundary, the place itself included. Places outside every zone reach into them, too.
//! O(points of the places x chords of an arc).

use std::slice::Chunks;

use rayon::prelude::*;

use crate::attribute::Value;
use crate::finding::Finding;
use crate::geometry::area::{AreaModel, AreaSum};
use crate::geometry::buffer::{Tools, buffer};
use crate::geometry::grid::{Bounds, Point, STEPS_PER_UNIT, Shape};
use crate::geometry::length::LengthModel;
use crate::geometry::overlay::Overlay;
use crate::measure::coverage::{self, Balance, Plan};
use crate::measure::heap::Room;
use crate::measure::lines::Plane;
use crate::measure::{MeasureError, Watch};
use crate::prepare::{self, Zones};
use crate::survey::{Batch, Batches, Source, SourceFault};
use crate::threads::on_the_callers_threads;

/// What is asked.
pub struct Request<'a> {
    /// For people.
    pub name: &'a str,
    /// The places, each a clean ground that hangs together, none of which meet.
    pub places: &'a [Shape],
    /// How far a place reaches, in metres, by its area in square metres; not at all where it is too small.
    pub metres: &'a (dyn Fn(f64) -> Option<f64> + Sync),
    /// Where ground is told.
    pub zones: &'a Zones,
    /// Its areas.
    pub area: &'a AreaModel,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Reach {
    /// Ground within reach, by zone, in zone order.
    pub zones: Vec<AreaSum>,
    /// The ground of each zone, in zone order.
    pub grounds: Vec<AreaSum>,
    /// How many places reach anywhere.
    pub places: usize,
    /// How many are too small.
    pub too_small: usize,
    /// The ground of those that reach, in square metres of the ellipsoid.
    pub places_m2: f64,
    /// Zones in which what is within reach and the rest do not add up.
    pub unbalanced: Vec<Balance>,
}

/// What lies within reach of any place, zones apart.
pub fn ground(request: &Request<'_>, plane: &Plane<'_>) -> Shape {
    let places = places(request, plane);
    let reaching: Vec<(&Shape, f64)> = reaching(&places).collect();
    let near: Vec<Shape> = on_the_callers_threads(|| {
        let reaching = reaching.par_iter().with_max_len(1);
        reaching.map_init(Tools::default, |tools, (ground, steps)| buffer(ground, *steps, tools)).collect()
    });
    Overlay::default().union(&near)
}

/// The places that reach anywhere, and how far, in grid steps.
fn reaching<'a>(places: &[Reaching<'a>]) -> impl Iterator<Item = (&'a Shape, f64)> {
    places.iter().filter_map(|place| Some((place.ground, place.steps?)))
}

/// In how many stretches places are read at least, where there are so many, and how many are in one at most.
const STRETCHES: usize = 64;
const MOST: usize = 16;

/// The ground near places, each a patch that is drawn when it is read.
struct Near<'a> {
    name: &'a str,
    places: Vec<(&'a Shape, f64)>,
}

impl<'a> Near<'a> {
    /// The places by stretches: enough of them for many threads, with enough in each.
    fn by_stretches(&self) -> Chunks<'_, (&'a Shape, f64)> {
        self.places.chunks(self.places.len().div_ceil(STRETCHES).clamp(1, MOST))
    }
}

impl Source for Near<'_> {
    fn name(&self) -> &str {
        self.name
    }

    fn stretches(&self) -> usize {
        self.by_stretches().len()
    }

    fn batches(&self, stretch: usize) -> Result<Box<dyn Batches + '_>, SourceFault> {
        Ok(Box::new(Stretch(self.by_stretches().nth(stretch))))
    }

    fn findings(&self) -> Vec<Finding> {
        Vec::new()
    }
}

/// Places that are not drawn yet.
struct Stretch<'a>(Option<&'a [(&'a Shape, f64)]>);

impl Batches for Stretch<'_> {
    fn next_batch(&mut self, batch: &mut Batch) -> Result<bool, SourceFault> {
        let Some(places) = self.0.take() else { return Ok(false) };
        batch.clear();
        batch.new_values.push(Value::Null);
        let mut tools = Tools::default();
        for (ground, steps) in places {
            let near = buffer(ground, *steps, &mut tools);
            prepare::push_ground(&near, 0, "", &mut tools.overlay, batch);
        }
        batch.clean = true;
        Ok(true)
    }
}

/// A place.
struct Reaching<'a> {
    ground: &'a Shape,
    m2: f64,
    /// How far it reaches, in grid steps; not at all where it is too small.
    steps: Option<f64>,
}

fn places<'a>(request: &Request<'a>, plane: &Plane<'_>) -> Vec<Reaching<'a>> {
    let scaled = scales(request.places, plane);
    let place = |(ground, scale): (&'a Shape, Scale)| {
        let m2 = scale.area_m2(ground);
        Reaching { steps: (request.metres)(m2).map(|metres| scale.steps(metres)), ground, m2 }
    };
    request.places.iter().zip(scaled).map(place).collect()
}

/// Measures.
pub fn measure(
    request: &Request<'_>,
    plane: &Plane<'_>,
    room: Room<'_>,
    watch: &dyn Watch,
) -> Result<Reach, MeasureError> {
    let places = places(request, plane);
    let near = Near { name: request.name, places: reaching(&places).collect() };
    let reaching = near.places.len();
    // Places stand close together: that what is near them overlaps is no fault.
    let plan = |values: &[Vec<Value>]| Plan { overlapping: vec![0], ..Plan::of_one(values, |_, _| true) };
    let measured = coverage::measure(&[&near], request.zones, plan, request.area, room, watch)?;
    Ok(Reach {
        zones: measured.coverage.zones.iter().map(|zone| zone.classes[0].net).collect(),
        grounds: measured.coverage.zones.iter().map(|zone| zone.ground).collect(),
        places: reaching,
        too_small: places.len() - reaching,
        unbalanced: measured.coverage.unbalanced(&measured.plan),
        // A sum of nothing would be -0.
        places_m2: places.iter().filter(|place| place.steps.is_some()).fold(0.0, |sum, place| sum + place.m2),
    })
}

/// The scale of the plane at a place.
#[derive(Debug, Clone, Copy)]
struct Scale {
    /// Grid steps in a metre of ground.
    steps_per_m: f64,
}

impl Scale {
    fn steps(self, metres: f64) -> f64 {
        metres * self.steps_per_m
    }

    fn area_m2(self, shape: &Shape) -> f64 {
        shape.doubled_area() as f64 / 2.0 / self.steps_per_m / self.steps_per_m
    }
}

/// Grid steps in a metre of ground at the middle of a shape.
pub fn steps_per_metre(shape: &Shape, plane: &Plane<'_>) -> f64 {
    scales(std::slice::from_ref(shape), plane)
        .first()
        .map_or(STEPS_PER_UNIT / plane.unit_m, |s| s.steps_per_m)
}

/// The scale at the middle of each part.
fn scales(parts: &[Shape], plane: &Plane<'_>) -> Vec<Scale> {
    let (mut model, to_degrees) = (LengthModel::new(plane.ellipsoid, plane.unit_m), (plane.to_degrees)());
    let scale = |part: &Shape| {
        let metres_per_unit =
            part.bounds().map_or(plane.unit_m, |around| model.metres_per_unit(middle(around), &*to_degrees));
        Scale { steps_per_m: STEPS_PER_UNIT / metres_per_unit }
    };
    parts.iter().map(scale).collect()
}

fn middle(around: Bounds) -> Point {
    Point::new((around.low.x + around.high.x) / 2, (around.low.y + around.high.y) / 2)
}
