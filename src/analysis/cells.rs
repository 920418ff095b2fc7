//! Covers of cells beside covers of polygons: how much of each place the cells have data for, and how far the two agree
//! where they give one class.
//!
//! Covers of cells that give a class in common (two rasters of heights, each of a part of the county) are kin: what lies
//! beyond is what lies beyond all of them. A class that both cells and polygons give has a twin in the plan for the ground
//! that the cells give; whatever is printed of the class is that of both together.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::analysis::analyze::Inputs;
use crate::analysis::reading::classes;
use crate::attribute::Value;
use crate::fact::Place;
use crate::geometry::area::{AreaModel, AreaSum};
use crate::measure::coverage::{Coverage, ZoneCoverage};
use crate::prepare::Zones;
use crate::prepare::beyond::{Beyond, Reach, reach};
use crate::prepare::drawn::Looked;
use crate::prepare::mask::Masked;
use crate::project::settings::{CoverSettings, Project};
use crate::survey::raster::CellFrame;
use crate::survey::{Drawn, Source};
use crate::units::Area;

/// What the cells of some kin covers have no data for in one place.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct CellsRow {
    /// The first of the covers, by index in the project.
    pub cover: usize,
    /// Ground under cells without data or beyond the cells; masked ground is not asked for.
    pub missing: Area,
}

/// A class that cells and polygons both give, in one place.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CrossRow {
    /// Where.
    pub place: Place,
    /// The place's code.
    pub code: String,
    /// Its name.
    pub name: Option<String>,
    /// The class, by index in the project.
    pub class: usize,
    /// Net area of the polygons.
    pub polygons: Area,
    /// Net area of the cells.
    pub cells: Area,
    /// Area of both united.
    pub united: Area,
    /// The most that the cells at the polygons' outlines can make of a difference, in square metres: √2 · outline · side
    /// of a cell, as a line of length L meets at most √2 · L / side cells. The outlines are taken to be spread over the
    /// places as the polygons' ground is.
    pub edge_m2: f64,
}

impl CrossRow {
    /// Polygons less cells, in square metres on the ellipsoid.
    pub fn difference_m2(&self) -> f64 {
        self.polygons.ellipsoid.0 - self.cells.ellipsoid.0
    }
}

/// What is known of the two sources of a class.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CrossSources {
    /// The class, by index in the project.
    pub class: usize,
    /// Names and dates of the covers of polygons.
    pub polygons: Vec<(String, Option<String>)>,
    /// Names and dates of the covers of cells.
    pub cells: Vec<(String, Option<String>)>,
    /// The area of the smallest polygon, in square metres of the plane.
    pub smallest_m2: Option<f64>,
    /// The side of a cell, in metres.
    pub cell_m: f64,
}

fn is_cells(cover: &CoverSettings) -> bool {
    cover.layer.raster.is_some()
}

/// The classes that cells and polygons both give.
pub(super) fn twins(project: &Project) -> Vec<usize> {
    let given = |cells: bool| -> BTreeSet<usize> {
        project.covers.iter().filter(|cover| is_cells(cover) == cells).flat_map(classes).collect()
    };
    given(true).intersection(&given(false)).copied().collect()
}

/// Whether a cover is of cells.
pub(super) fn gives_cells(project: &Project, cover: usize) -> bool {
    project.covers.get(cover).is_some_and(is_cells)
}

/// The covers of cells, kin together.
fn kin(project: &Project) -> Vec<Vec<usize>> {
    let mut groups: Vec<(BTreeSet<usize>, Vec<usize>)> = Vec::new();
    for (at, cover) in project.covers.iter().enumerate().filter(|(_, cover)| is_cells(cover)) {
        let given = classes(cover);
        match groups.iter_mut().find(|(known, _)| !known.is_disjoint(&given)) {
            Some((known, covers)) => {
                known.extend(given);
                covers.push(at);
            }
            None => groups.push((given, vec![at])),
        }
    }
    groups.into_iter().map(|(_, covers)| covers).collect()
}

/// Covers of cells that are kin, and what they reach of each zone.
pub(super) struct Reached {
    covers: Vec<usize>,
    zones: Vec<Reach>,
}

/// What the covers of cells reach.
pub(super) fn reached(inputs: &Inputs<'_>, zones: &Zones) -> Vec<Reached> {
    let frame = |cover: &usize| inputs.frames.get(*cover).and_then(Option::as_ref);
    let of = |covers: Vec<usize>| {
        let frames: Vec<&CellFrame> = covers.iter().filter_map(frame).collect();
        Reached { zones: reach(zones, &frames), covers }
    };
    kin(inputs.project).into_iter().map(of).collect()
}

/// The covers as they are measured: of cells also what lies beyond them; of covers with masks what these leave; and of
/// polygons that are held against cells how finely they are drawn.
pub(super) fn sources<'a>(
    inputs: &'a Inputs<'_>,
    zones: &Zones,
    area: &AreaModel,
) -> Vec<Box<dyn Source + 'a>> {
    let twins = twins(inputs.project);
    let reached = reached(inputs, zones);
    let mut sources = Vec::new();
    for (at, &source) in inputs.covers.iter().enumerate() {
        let mut source: Box<dyn Source + 'a> = Box::new(source);
        if let Some(reached) = reached.iter().find(|reached| reached.covers.first() == Some(&at)) {
            source = Box::new(Beyond::new(source, &reached.zones));
        }
        source = masked(source, inputs, at, area);
        let cover = inputs.project.covers.get(at);
        if cover.is_some_and(|c| !is_cells(c) && classes(c).iter().any(|class| twins.contains(class))) {
            source = Box::new(Looked::new(source));
        }
        sources.push(source);
    }
    sources
}

/// A cover as its masks leave it; none where there is no such cover.
pub(super) fn left<'a>(
    inputs: &'a Inputs<'_>,
    cover: usize,
    area: &AreaModel,
) -> Option<Box<dyn Source + 'a>> {
    Some(left_of(*inputs.covers.get(cover)?, inputs, cover, area))
}

/// What the masks of a cover leave of a source.
pub(super) fn left_of<'a>(
    source: &'a dyn Source,
    inputs: &Inputs<'_>,
    cover: usize,
    area: &AreaModel,
) -> Box<dyn Source + 'a> {
    masked(Box::new(source), inputs, cover, area)
}

fn masked<'a>(
    source: Box<dyn Source + 'a>,
    inputs: &Inputs<'_>,
    cover: usize,
    area: &AreaModel,
) -> Box<dyn Source + 'a> {
    match inputs.masks.get(cover).filter(|masks| !masks.is_empty()) {
        Some(masks) => Box::new(Masked::new(source, masks, area.square_unit_m2())),
        None => source,
    }
}

/// What the cells have no data for in a zone. Of a zone that they do not reach that is all of it.
pub(super) fn cells_rows(
    reached: &[Reached],
    values: &[Vec<Value>],
    coverage: &Coverage,
    zone: usize,
) -> Vec<(usize, AreaSum)> {
    let null = |cover: usize| values.get(cover).and_then(|met| met.iter().position(|v| *v == Value::Null));
    let missing = |reached: &Reached| {
        let mut sum = AreaSum::ZERO;
        if reached.zones.get(zone) == Some(&Reach::Nothing) {
            return coverage.zones[zone].ground;
        }
        for &cover in &reached.covers {
            let unread = null(cover).and_then(|value| coverage.unread.get(&[cover, zone, value]));
            sum += unread.copied().unwrap_or_default();
        }
        sum
    };
    reached.iter().filter_map(|r| Some((*r.covers.first()?, missing(r)))).collect()
}

/// What a zone has of a class by polygons, by cells, and by both; `figure` is where the plan unites the twins.
pub(super) fn crossed(zone: &ZoneCoverage, class: usize, twin: usize, figure: usize) -> [AreaSum; 3] {
    [zone.classes[class].net, zone.classes[twin].net, zone.figures[figure].area]
}

/// What is known of the sources of each class that has two.
pub(super) fn cross_sources(
    inputs: &Inputs<'_>,
    drawn: &[Option<Drawn>],
    area: &AreaModel,
) -> Vec<(CrossSources, Drawn)> {
    let project = inputs.project;
    let of_class = |class: usize| {
        let covers = || project.covers.iter().enumerate().filter(move |(_, c)| classes(c).contains(&class));
        let named = |cells: bool| {
            covers()
                .filter(|(_, c)| is_cells(c) == cells)
                .map(|(_, c)| (c.name.clone(), c.date.clone()))
                .collect()
        };
        let mut sum = Drawn::default();
        for one in covers().filter_map(|(at, _)| drawn.get(at).copied().flatten()) {
            sum.outline += one.outline;
            sum.area += one.area;
            sum.smallest = sum.smallest.into_iter().chain(one.smallest).reduce(f64::min);
        }
        let frames = covers().filter_map(|(at, _)| inputs.frames.get(at).and_then(Option::as_ref));
        let cell_m = frames.map(|frame| cell_side(frame) * area.square_unit_m2().sqrt()).fold(0.0, f64::max);
        let sources = CrossSources {
            class,
            polygons: named(false),
            cells: named(true),
            smallest_m2: sum.smallest.map(|square| square * area.square_unit_m2()),
            cell_m,
        };
        (sources, sum)
    };
    twins(project).into_iter().map(of_class).collect()
}

/// The most that cells at outlines can make of a difference where polygons cover so much.
pub(super) fn edge_m2(polygons: Area, sources: &CrossSources, drawn: &Drawn, area: &AreaModel) -> f64 {
    let share = if drawn.area > 0.0 { polygons.plane.0 / (drawn.area * area.square_unit_m2()) } else { 0.0 };
    std::f64::consts::SQRT_2 * drawn.outline * area.square_unit_m2().sqrt() * share * sources.cell_m
}

/// The side of a square as large as a cell, in units of the plane.
fn cell_side(frame: &CellFrame) -> f64 {
    let corners = frame.ring.iter().zip(frame.ring.iter().cycle().skip(1));
    let origin = frame.ring.first().copied().unwrap_or_default();
    let cross = |a: &[f64; 2], b: &[f64; 2]| {
        (a[0] - origin[0]) * (b[1] - origin[1]) - (b[0] - origin[0]) * (a[1] - origin[1])
    };
    let doubled: f64 = corners.map(|(a, b)| cross(a, b)).sum();
    (doubled.abs() / 2.0 / frame.cells.max(1) as f64).sqrt()
}
