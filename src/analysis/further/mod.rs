//! What is measured beyond ground under classes: services within reach, what stands beside roads and waters.
//!
//! In: layers of their own, the covers, the prepared places. Out: facts for the indicators, and [`Line`]s: what was left
//! out and how the figure reads under other readings. A layer that is not given makes no fact, and its item then says
//! what it needs.

mod belt;
mod booked;
mod homes;
mod landscape;
pub mod offered;
mod patches;
mod reach;
mod roads;
mod shade;
mod shore;
mod thresholds;
mod under;
mod waysides;

use std::borrow::Cow;

pub use patches::{ForestPatches, LARGE_HA};
use serde::Serialize;

use crate::analysis::analyze::Inputs;
use crate::analysis::places::Places;
use crate::fact::{Fact, Place, Quantity, Unit};
use crate::finding::{Finding, Severity};
use crate::geometry::area::{AreaModel, AreaSum};
use crate::geometry::ellipsoid::Ellipsoid;
use crate::geometry::grid::{STEPS_PER_UNIT, Shape};
use crate::geometry::length::LengthSum;
use crate::indicators::{Outcome, Verdict};
use crate::measure::along::Along;
use crate::measure::heap::Room;
use crate::measure::lines::{Plane, Run};
use crate::measure::{MakeToDegrees, MeasureError, Watch};
use crate::prepare::Zones;
use crate::project::settings::AreaKind;
use crate::survey::{self, Source};
use crate::words;
use crate::words::Words;

/// The layers of further measures, open; those that the project names.
#[derive(Default)]
pub struct Layers<'a> {
    /// Parks, where they have a layer of their own.
    pub parks: Option<Box<dyn Source + 'a>>,
    /// Covers whose patches name their town, by index in the project; that name is their identifier.
    pub booked: Booked<'a>,
    /// Covers of cells with other thresholds.
    pub thresholds: Vec<OtherThreshold<'a>>,
    /// Where people live.
    pub homes: Vec<Homes<'a>>,
    /// Covers that tell built-up ground, where no urban area is given.
    pub offers: Vec<Offer<'a>>,
    /// Lines around the city.
    pub belt: Option<Box<dyn Source + 'a>>,
    /// Large recreation places.
    pub recreation: Option<Box<dyn Source + 'a>>,
    /// Restored ground.
    pub restored: Option<Box<dyn Source + 'a>>,
    /// Roads.
    pub roads: Option<Axes<'a>>,
    /// Roads of the towns' built-up areas.
    pub town_roads: Option<Axes<'a>>,
    /// Waters.
    pub waters: Option<Box<dyn Source + 'a>>,
    /// Roads of the urban area that may be shaded; their value is their road, their amount their width.
    pub shaded_roads: Option<Box<dyn Source + 'a>>,
    /// Streams, their amount their width, and those that are too narrow.
    pub streams: Option<Axes<'a>>,
    /// The shore as lines: natural, not natural, and of which nobody can tell.
    pub shore: Option<[Box<dyn Source + 'a>; 3]>,
}

/// Covers by index in the project.
pub type Booked<'a> = Vec<(usize, Box<dyn Source + 'a>)>;

/// A cover of cells that count from another value on.
pub struct OtherThreshold<'a> {
    /// The cover, by index in the project.
    pub cover: usize,
    /// From which value on.
    pub at_least: f64,
    /// Its patches.
    pub source: Box<dyn Source + 'a>,
}

/// A layer of the land survey that may hold the urban area; the value of a patch is its kind of built-up ground.
pub struct Offer<'a> {
    /// Its file, as the project names it.
    pub file: String,
    /// Its patches.
    pub source: Box<dyn Source + 'a>,
}

/// A layer of residential land as polygons, or of homes as points.
pub struct Homes<'a> {
    /// Its features, their amount how many live there, where that is recorded.
    pub source: Box<dyn Source + 'a>,
    /// What they are.
    pub figure: survey::Figure,
    /// Whether a field tells how many live there.
    pub counted: bool,
}

/// Axes that are fit for greening, and those that are not by reason.
pub struct Axes<'a> {
    /// Fit.
    pub fit: Box<dyn Source + 'a>,
    /// Not fit, in the order of the project's reasons.
    pub unfit: Vec<Box<dyn Source + 'a>>,
    /// The ground of roads, where it is drawn.
    pub ground: Option<Box<dyn Source + 'a>>,
}

/// The working plane, for measures of length and distance.
pub struct WorkingPlane<'a> {
    /// The ellipsoid of the working CRS.
    pub ellipsoid: Ellipsoid,
    /// Metres in one unit of it.
    pub unit_m: f64,
    /// Makes the way from working coordinates to degrees.
    pub to_degrees: Box<MakeToDegrees<'a>>,
}

impl WorkingPlane<'_> {
    /// As measures take it.
    pub fn plane(&self) -> Plane<'_> {
        Plane { ellipsoid: self.ellipsoid, unit_m: self.unit_m, to_degrees: &*self.to_degrees }
    }
}

/// A line of an item for information: what was left out, or the figure under another reading.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Line {
    /// The code of the item.
    pub item: &'static str,
    /// Where.
    pub place: Place,
    /// What.
    pub what: Words,
    /// How much.
    pub value: f64,
    /// Its unit.
    pub unit: LineUnit,
}

/// The unit of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LineUnit {
    /// Metres.
    Metres,
    /// Square metres.
    SquareMetres,
    /// Per cent.
    Percent,
    /// Counted.
    Count,
}

/// What further measures gave.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Found {
    /// Facts.
    pub facts: Vec<Fact>,
    /// Lines for information.
    pub lines: Vec<Line>,
    /// Forest patches around the city, where rings were asked for.
    pub patches: Option<ForestPatches>,
    /// Forest along lines around the city, where there are any.
    pub belt: Vec<Along>,
    /// What was noticed.
    pub findings: Vec<Finding>,
}

/// Evenness (均衡性): of the towns, the share that reaches a county's requirement by itself. LY/T 2004-2012 asks two thirds
/// of districts for it; of towns no standard asks it.
pub(super) fn evenness(verdicts: &[Verdict]) -> Vec<Line> {
    let of = |item: &'static str| {
        let verdict = verdicts.iter().find(|verdict| verdict.rule.code == item)?;
        let towns = || verdict.places().iter().filter(|line| matches!(line.place, Place::Town(_)));
        let known = towns().filter(|line| matches!(line.outcome, Outcome::Met | Outcome::NotMet)).count();
        let reach = towns().filter(|line| line.outcome == Outcome::Met).count();
        let what = words!("towns that reach it by themselves", "自身达到该值的乡镇占比");
        let value = reach as f64 / known as f64 * 100.0;
        (known > 0).then_some(Line { item, place: Place::County, what, value, unit: LineUnit::Percent })
    };
    ["tree-coverage", "forest-coverage"].into_iter().filter_map(of).collect()
}

/// What all of them work with.
struct Work<'a, 'i> {
    inputs: &'a Inputs<'i>,
    places: &'a Places,
    area: &'a AreaModel,
    room: Room<'a>,
    watch: &'a dyn Watch,
    plane: Plane<'a>,
}

/// Measures what the layers allow; `facts` are those of ground under classes.
pub(super) fn measure(
    inputs: &Inputs<'_>,
    places: &Places,
    area: &AreaModel,
    (room, watch): (Room<'_>, &dyn Watch),
    facts: &[Fact],
) -> Result<Found, MeasureError> {
    let work = Work { inputs, places, area, room, watch, plane: inputs.plane.plane() };
    let mut found = Found { findings: without_urban(&work), ..Found::default() };
    reach::parks(&work, &mut found)?;
    reach::recreation(&work, &mut found)?;
    reach::restored(&work, &mut found)?;
    waysides::waysides(&work, &mut found)?;
    patches::patches(&work, &mut found)?;
    landscape::landscape(&work, facts, &mut found)?;
    belt::belt(&work, &mut found)?;
    booked::booked(&work, &mut found)?;
    thresholds::thresholds(&work, &mut found)?;
    offered::offered(&work, &mut found)?;
    Ok(found)
}

/// On what means less, or nothing, where the urban area is not given.
fn without_urban(work: &Work<'_, '_>) -> Vec<Finding> {
    let further = &work.inputs.project.further;
    let told = |told: bool, code, sentence| {
        let finding = Finding::new(code, Severity::Warning, sentence);
        let hint = words!("give the urban area as [scopes.urban]", "请以 [scopes.urban] 提供城区范围");
        (told && !work.has(&Place::Urban)).then(|| finding.with_hint(hint))
    };
    let rings = words!(
        "[rings] lie about the urban area, which is not given: none were drawn",
        "[rings] 以城区为中心，而未提供城区范围：未生成圈层"
    );
    let roads = words!(
        "the urban area is not given: roads within it count as roads of the county",
        "未提供城区范围：城区内的道路按县域道路计入"
    );
    let rings = told(further.rings.is_some(), "rings-without-urban", rings);
    let roads = told(work.inputs.further.roads.is_some(), "roads-without-urban", roads);
    rings.into_iter().chain(roads).collect()
}

impl<'a> Work<'a, '_> {
    /// The zones of some places, and what they are.
    fn zones_of(&self, wanted: impl Fn(&Place) -> bool) -> (Cow<'a, Zones>, Vec<Place>) {
        let of = &self.places.of;
        let zones = self.places.zones.some(|zone| of.get(zone).is_some_and(&wanted));
        (zones, of.iter().filter(|place| wanted(place)).cloned().collect())
    }

    fn has(&self, wanted: &Place) -> bool {
        self.places.of.contains(wanted)
    }

    fn m2(&self, sum: AreaSum) -> f64 {
        match self.inputs.project.area {
            AreaKind::Ellipsoid => sum.area().ellipsoid.0,
            AreaKind::Plane => sum.area().plane.0,
        }
    }

    fn m(&self, sum: LengthSum) -> f64 {
        match self.inputs.project.area {
            AreaKind::Ellipsoid => sum.length().ellipsoid.0,
            AreaKind::Plane => sum.length().plane.0,
        }
    }

    /// The plane area of a clean shape, in square metres.
    fn plane_m2(&self, shape: &Shape) -> f64 {
        shape.doubled_area() as f64 / 2.0 / STEPS_PER_UNIT / STEPS_PER_UNIT * self.area.square_unit_m2()
    }
}

/// Where a fact comes from.
#[derive(Clone)]
struct Origin {
    how: Words,
    sources: Vec<String>,
    as_of: Option<String>,
}

/// A fact that is known as measured. Where nothing was found although there is something to find it on, nobody can say
/// whether there is none or the layer does not reach: up to `most` is then possible.
fn fact(quantity: Quantity, place: Place, value: f64, most: f64, unit: Unit, origin: &Origin) -> Fact {
    let Origin { how, sources, as_of } = origin.clone();
    let high = if value > 0.0 { value } else { most };
    Fact { quantity, place, value, low: value, high, unit, how, sources, as_of }
}

/// The length of some runs together.
fn length_of(runs: &[Run]) -> LengthSum {
    let mut sum = LengthSum::ZERO;
    runs.iter().for_each(|run| sum += run.length);
    sum
}

/// The name and date of a layer as the project gives them.
fn declared(source: Option<&String>, layer: &str) -> String {
    source.cloned().unwrap_or_else(|| layer.to_owned())
}
