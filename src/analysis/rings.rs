//! Forest around the city (森林围城): rings outward from the urban area, and the directions of one of them.
//! Our own measures, asked by no standard; they never come into a verdict.
//!
//! A ring is the ground between two distances from the boundary of the urban area, within the county; what lies beyond the
//! county is told beside it. The share of forest is that of the land: water that the classes know is deducted, and the
//! share of all ground stands beside it. A direction is the part of one ring, the first unless the project says otherwise,
//! between two azimuths about the centre of gravity of the urban area. Both are zones like any other, so their forest is
//! counted once and their books balance.

use std::f64::consts::PI;

use serde::Serialize;

use crate::analysis::analyze::PlaceCoverage;
use crate::analysis::sets;
use crate::fact::Place;
use crate::finding::{Finding, Severity};
use crate::geometry::buffer::{self, buffer};
use crate::geometry::grid::{STEPS_PER_UNIT, Shape};
use crate::geometry::overlay::Overlay;
use crate::geometry::sector::{centre, sector};
use crate::measure::lines::Plane;
use crate::measure::reach::steps_per_metre;
use crate::project::further::RingSettings;
use crate::project::settings::{Figure, Project};
use crate::terrain::Terrain;
use crate::units::SquareMetres;
use crate::words;

/// A ring or a direction, as ground.
pub(super) struct Belt {
    pub place: Place,
    pub shape: Shape,
    /// Of a ring, what lies beyond the county, in square metres of the plane.
    pub beyond_m2: Option<f64>,
}

/// Less of a ring beyond the county is not told, in square metres.
const LEAST_BEYOND_M2: f64 = 100.0;

/// That rings reach over the county's border, where no cover of this project tells what grows.
pub(super) fn noticed(beyond: &[(Place, f64)]) -> Vec<Finding> {
    let of = |(place, m2): &(Place, f64)| {
        let Place::Ring { from_m, to_m } = place else { return None };
        let ha = SquareMetres(*m2).hectares();
        let sentence = words!(
            "{ha:.2} ha of the ring from {from_m} to {to_m} m lie beyond the county; its figures are of the rest",
            "{from_m} 至 {to_m} 米圈层有 {ha:.2} 公顷在县域之外，其数字只计县域以内"
        );
        let finding = Finding::new("ring-beyond", Severity::Info, sentence).with_area_m2(*m2);
        (*m2 >= LEAST_BEYOND_M2).then_some(finding)
    };
    beyond.iter().filter_map(of).collect()
}

/// The parts of a ground, and the steps to a metre at each: parts far from each other have different scales.
fn parts(ground: &Shape, plane: &Plane<'_>, overlay: &mut Overlay) -> Vec<(Shape, f64)> {
    let with_steps = |part: Shape| {
        let steps = steps_per_metre(&part, plane);
        (part, steps)
    };
    overlay.parts(ground).into_iter().map(with_steps).collect()
}

/// A ground, and what lies within a distance of it.
pub(super) fn near(ground: &Shape, metres: u32, plane: &Plane<'_>, overlay: &mut Overlay) -> Shape {
    let parts = parts(ground, plane, overlay);
    widened(&parts, metres, &mut buffer::Tools::default(), overlay)
}

/// What lies within a distance of some parts, them included.
fn widened(parts: &[(Shape, f64)], metres: u32, tools: &mut buffer::Tools, overlay: &mut Overlay) -> Shape {
    let near: Vec<Shape> =
        parts.iter().map(|(part, steps)| buffer(part, f64::from(metres) * steps, tools)).collect();
    overlay.union(&near)
}

/// The rings about an urban area, then the directions of one of them; those without ground in the county are left out.
pub(super) fn around(
    urban: &Shape,
    territory: &Shape,
    settings: &RingSettings,
    plane: &Plane<'_>,
    overlay: &mut Overlay,
) -> Vec<Belt> {
    let parts = parts(urban, plane, overlay);
    let m2 =
        |doubled: i128| doubled as f64 / 2.0 / STEPS_PER_UNIT / STEPS_PER_UNIT * plane.unit_m * plane.unit_m;
    let (mut inner, mut from_m, mut belts) = (urban.clone(), 0, Vec::new());
    let mut tools = buffer::Tools::default();
    for (index, &to_m) in settings.distances_m.iter().enumerate() {
        let outer = widened(&parts, to_m, &mut tools, overlay);
        let ring = overlay.difference(&outer, &inner);
        let shape = overlay.intersection(&ring, territory);
        let beyond_m2 = Some(m2(ring.doubled_area() - shape.doubled_area()));
        if index + 1 == settings.closure_ring {
            belts.extend(directions(urban, &outer, &shape, [from_m, to_m], settings.sectors, overlay));
        }
        belts.push(Belt { place: Place::Ring { from_m, to_m }, shape, beyond_m2 });
        (inner, from_m) = (outer, to_m);
    }
    belts.sort_by_key(|belt| matches!(belt.place, Place::Sector { .. }));
    belts.retain(|belt| !belt.shape.is_empty());
    belts
}

/// A ring, cut by azimuth about the centre of gravity of the urban area.
fn directions(
    urban: &Shape,
    outer: &Shape,
    ring: &Shape,
    [from_m, to_m]: [u32; 2],
    of: u32,
    overlay: &mut Overlay,
) -> Vec<Belt> {
    let Some((apex, bounds)) = centre(urban).zip(outer.bounds()) else { return Vec::new() };
    let reach = ((bounds.high.x - bounds.low.x) as f64).hypot((bounds.high.y - bounds.low.y) as f64);
    let azimuth = |number: u32| f64::from(number) * 2.0 * PI / f64::from(of);
    let direction = |number: u32| Belt {
        place: Place::Sector { from_m, to_m, number, of },
        shape: overlay.intersection(ring, &sector(apex, [azimuth(number), azimuth(number + 1)], reach)),
        beyond_m2: None,
    };
    (0..of).map(direction).collect()
}

/// A gap: directions next to each other that are not closed.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Gap {
    /// Where it begins, in degrees clockwise from grid north.
    pub from_deg: f64,
    /// How wide it is, in degrees.
    pub width_deg: f64,
}

/// How far the belt is closed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Closure {
    /// Directions with land in the county.
    pub directions: usize,
    /// Of them, those with at least the set share of forest.
    pub closed: usize,
    /// The gaps, the widest first. A direction without land in the county is no gap and closes none.
    pub gaps: Vec<Gap>,
}

/// The ground of a ring or a direction, in square metres of the ellipsoid.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ground {
    /// All of it within the county.
    pub all_m2: f64,
    /// Water without forest over it, where a cover can give water.
    pub water_m2: Option<f64>,
    /// Forest, where any class counts towards it.
    pub forest_m2: Option<f64>,
}

impl Ground {
    /// Of a place.
    pub fn of(project: &Project, row: &PlaceCoverage) -> Self {
        let forest = row.figures.iter().find(|figure| figure.figure == Figure::Forest);
        Self {
            all_m2: row.ground.ellipsoid.0,
            water_m2: sets::water(project, row),
            forest_m2: forest.map(|forest| forest.area.ellipsoid.0),
        }
    }

    /// Ground that is no water, as far as that is known.
    pub fn land_m2(&self) -> f64 {
        self.all_m2 - self.water_m2.unwrap_or(0.0)
    }

    /// The forest share of the land, in per cent; none where there is no land.
    pub fn forest_pct(&self) -> Option<f64> {
        share(self.forest_m2?, self.land_m2())
    }

    /// The forest share of all ground, water included, in per cent.
    pub fn forest_of_all_pct(&self) -> Option<f64> {
        share(self.forest_m2?, self.all_m2)
    }
}

/// Areas are rounded: less ground than this is none, and a whole may come out a little more than it is.
fn share(part_m2: f64, whole_m2: f64) -> Option<f64> {
    (whole_m2 > 0.01).then(|| (part_m2 / whole_m2 * 100.0).min(100.0))
}

/// The closure of the directions among some places; `None` where there are none with land, or no class counts as forest.
pub fn closure(project: &Project, rows: &[PlaceCoverage], closed_pct: f64) -> Option<Closure> {
    let mut open: Vec<Option<bool>> = Vec::new();
    for row in rows {
        if let Place::Sector { number, of, .. } = row.place {
            open.resize(of as usize, None);
            if let Some(open) = open.get_mut(number as usize) {
                *open = Ground::of(project, row).forest_pct().map(|pct| pct < closed_pct);
            }
        }
    }
    let directions = open.iter().flatten().count();
    let closed = open.iter().filter(|open| **open == Some(false)).count();
    (directions > 0).then(|| Closure { directions, closed, gaps: gaps(&open) })
}

/// Runs of open directions round the circle, the widest first.
fn gaps(open: &[Option<bool>]) -> Vec<Gap> {
    let (n, step) = (open.len(), 360.0 / open.len() as f64);
    let is_open = |at: usize| open[at % n] == Some(true);
    if (0..n).all(is_open) {
        return vec![Gap { from_deg: 0.0, width_deg: 360.0 }];
    }
    let begins = (0..n).filter(|&at| is_open(at) && !is_open(at + n - 1));
    let width = |from: usize| (from..from + n).take_while(|&at| is_open(at)).count();
    let mut gaps: Vec<Gap> = begins
        .map(|from| Gap { from_deg: from as f64 * step, width_deg: width(from) as f64 * step })
        .collect();
    gaps.sort_by(|a, b| b.width_deg.total_cmp(&a.width_deg).then(a.from_deg.total_cmp(&b.from_deg)));
    gaps
}

/// Kinds of land that the rule of 2007 tells apart.
const OF_2007: [Terrain; 4] = [Terrain::Mountain, Terrain::Hill, Terrain::Plain, Terrain::SouthernPlain];

/// Lines of reference: those of a county of some terrain, of every terrain where it is not known, in per cent.
pub fn reference(terrain: Option<Terrain>) -> Vec<(Terrain, f64)> {
    let known = terrain.map(|terrain| vec![terrain]);
    known.unwrap_or(OF_2007.to_vec()).into_iter().map(|terrain| (terrain, reference_pct(terrain))).collect()
}

/// The forest share about a city that the rule of 2007 (国家森林城市评价指标, superseded) asks by terrain, in per cent: a line
/// of reference, no threshold.
fn reference_pct(terrain: Terrain) -> f64 {
    match (terrain, terrain.general()) {
        (Terrain::SouthernPlain, _) => 15.0,
        (_, Terrain::Plain) => 20.0,
        (_, Terrain::Hill) => 40.0,
        _ => 60.0,
    }
}
