//! What stands beside roads and shores: the length of axes that have ground of some kind on the strip along them
//! (沿线绿化).
//!
//! In: sources of axes (roads, streams, shores), each with zones, ground that is left out and the strips that are asked
//! about; covers, and which of their values count. Out: for each and by strip, by zone and once for all zones together, the
//! length of the axes and of those parts that have such ground on both sides, on either, and on each ([`Sums`]).
//!
//! # The reading (口径)
//! See [`geometry::beside`](crate::geometry::beside). An axis is split along the zones' borders first
//! ([`Borders`](crate::prepare::borders::Borders)); what runs along a border that zones share is shared equally among
//! them. Parts within the ground that is left out count nowhere but in `left_out`. Ground beyond a zone's border counts
//! where it lies on the strip. Distances are true: the strip is as many metres of ellipsoid wide as was asked, by the
//! scale of the plane at the axis.
//!
//! # Roads of several carriageways (分幅道路)
//! Where a road is drawn as several axes, a metre of it is a metre, and its strips lie beside all of it: see
//! `beside/twins.rs`.
//!
//! # Where the time goes
//! Covers are read once more for this, once for all axes and strips. A patch of another kind, or far from every strip,
//! costs its decoding and a look into a tree of boxes; nine of ten patches of a county are such. The others cost edges x
//! stretches they come near.

pub(super) mod axes;
mod carriageways;
mod frame;
mod kerbs;
mod meet;
mod twins;

pub use axes::Axes;
use axes::Stretch;

use rayon::prelude::*;

use crate::finding::Finding;
use crate::geometry::beside::{Interval, Side, common, united};
use crate::geometry::grid::Shape;
use crate::geometry::length::LengthSum;
use crate::measure::beside::meet::Hits;
use crate::measure::chosen::Counts;
use crate::measure::lines::Plane;
use crate::measure::{MeasureError, Watch};
use crate::prepare::Zones;
use crate::survey::Source;
use crate::units::{Length, Metres};

/// On which sides of an axis ground is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Banks {
    /// On both: of a road, or of a stream drawn as a line.
    Both,
    /// On the right only, seen along the axis: land lies on the right of a shore whose water is on its left.
    Right,
}

impl Banks {
    fn sides(self) -> &'static [Side] {
        match self {
            Banks::Both => &[Side::Left, Side::Right],
            Banks::Right => &[Side::Right],
        }
    }
}

/// What is asked of one source of axes.
pub struct Request<'a> {
    /// The axes; where they have an amount, it is their width in metres.
    pub axes: &'a dyn Source,
    /// Their sides.
    pub banks: Banks,
    /// Where each strip that is asked about begins and ends, in metres from the axis, or from the edge where the width is
    /// known.
    pub strips_m: Vec<[f64; 2]>,
    /// How far apart the axes of one road's carriageways may lie, the outermost included, in metres. The value of a
    /// feature is then its route; without one it is a road by itself. `None` merges nothing.
    pub merge_within_m: Option<f64>,
    /// The ground of roads, clean parts that do not meet: the strip's metres then count from its edge.
    pub ground: Option<&'a [Shape]>,
    /// Where lengths are told.
    pub zones: &'a Zones,
    /// Ground where axes do not count.
    pub without: Option<&'a Zones>,
    /// Whether a value of a cover counts.
    pub counts: Box<Counts<'a>>,
}

/// What was found of one source of axes.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Answer {
    /// By strip, as they were asked about.
    pub strips: Vec<Beside>,
    /// What was noticed of the axes.
    pub findings: Vec<Finding>,
}

/// Lengths of axes. Of one bank only, `both` and `either` are that bank's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sums {
    /// Of the axes.
    pub axes: LengthSum,
    /// With such ground on every bank.
    pub both: LengthSum,
    /// With such ground on at least one.
    pub either: LengthSum,
    /// Of banks with such ground: of two banks, twice the mean.
    pub banks: LengthSum,
}

impl Sums {
    fn add(&mut self, other: &Self, part: usize, parts: usize) {
        self.axes += other.axes.part(part, parts);
        self.both += other.both.part(part, parts);
        self.either += other.either.part(part, parts);
        self.banks += other.banks.part(part, parts);
    }
}

/// What was found along one strip.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Beside {
    /// By zone, in zone order.
    pub zones: Vec<Sums>,
    /// What lies in any zone, once.
    pub together: Sums,
    /// What lies in zones, on ground that is left out.
    pub left_out: LengthSum,
    /// What lies in no zone.
    pub outside: LengthSum,
    /// What lies in zones, and counts with another carriageway of its road.
    pub merged: LengthSum,
    /// What of the axes that count has no edge of its ground on a side, where ground was given.
    pub off_ground: LengthSum,
    /// All axes: together + left out + outside + merged.
    pub whole: LengthSum,
    /// How many features the axes have.
    pub features: u64,
    /// Axes that reach where the projection has no ground, by identifier; they are in no sum.
    pub off_the_map: Vec<String>,
}

impl Beside {
    /// By how much the parts differ from the whole, in metres: nothing but rounding.
    pub fn residual_m(&self) -> f64 {
        let mut sum = self.together.axes;
        sum += self.left_out;
        sum += self.outside;
        sum += self.merged;
        let off = (sum - self.whole).length();
        off.plane.0.abs().max(off.ellipsoid.0.abs())
    }
}

/// Measures, request by request; the covers are read once. The figures do not depend on threads or on the order of
/// features.
pub fn measure(
    requests: &[Request<'_>],
    covers: &[&dyn Source],
    plane: &Plane<'_>,
    watch: &dyn Watch,
) -> Result<Vec<Answer>, MeasureError> {
    let looked: Result<Vec<Looked>, MeasureError> =
        requests.iter().map(|request| Looked::at(request, plane, watch)).collect();
    let looked = looked?;
    let axes: Vec<&Axes> = looked.iter().map(|looked| &looked.axes).collect();
    let hits = meet::meet(requests, &axes, covers, plane, watch)?;
    let mut answers = Vec::with_capacity(requests.len());
    for ((request, looked), hits) in requests.iter().zip(looked).zip(hits) {
        let strips = looked.added_up(request, hits);
        answers.push(Answer { strips, findings: looked.findings });
    }
    Ok(answers)
}

/// So many stretches are added up by one thread at a time.
const STRETCHES: usize = 4096;

/// The axes of a request.
struct Looked {
    axes: Axes,
    findings: Vec<Finding>,
    off_ground: LengthSum,
}

impl Looked {
    fn at(request: &Request<'_>, plane: &Plane<'_>, watch: &dyn Watch) -> Result<Self, MeasureError> {
        let (mut axes, findings) = axes::read(request, plane, watch)?;
        if let Some(within_m) = request.merge_within_m {
            twins::merge(&mut axes, within_m, plane.unit_m);
        }
        let off_ground = request.ground.map(|ground| kerbs::find(&mut axes, ground, plane.unit_m));
        Ok(Self { axes, findings, off_ground: off_ground.unwrap_or_default() })
    }

    /// Adds up what strips met, by asked strip.
    fn added_up(&self, request: &Request<'_>, mut hits: Hits) -> Vec<Beside> {
        hits.par_sort_unstable_by_key(|(strip, _)| *strip);
        let asked = request.strips_m.len();
        let parts = self.axes.stretches.par_chunks(STRETCHES).enumerate().map(|(part, stretches)| {
            let first = part * STRETCHES * asked * request.banks.sides().len();
            let from = hits.partition_point(|(strip, _)| (*strip as usize) < first);
            added(request, stretches, first as u32, &hits[from..])
        });
        let none = || vec![Beside::none(request); asked];
        let mut strips = parts.reduce(none, |mut all, part| {
            all.iter_mut().zip(&part).for_each(|(all, part)| all.add(part));
            all
        });
        for beside in &mut strips {
            beside.left_out = self.axes.left_out;
            beside.outside = self.axes.outside;
            beside.whole = self.axes.whole;
            beside.features = self.axes.features;
            beside.off_ground = self.off_ground;
            beside.off_the_map.clone_from(&self.axes.off_the_map);
        }
        strips
    }
}

/// Adds up some stretches; `hits` are sorted by strip, and the strips of the stretches begin at `first`.
fn added(request: &Request<'_>, stretches: &[Stretch], first: u32, hits: &[(u32, Interval)]) -> Vec<Beside> {
    let mut hits = hits.chunk_by(|a, b| a.0 == b.0).peekable();
    let mut numbers = first..;
    let mut next_met = || {
        let number = numbers.next();
        let met = hits.next_if(|met| Some(met[0].0) == number).unwrap_or_default();
        united(met.iter().map(|(_, interval)| *interval).collect())
    };
    let mut strips = vec![Beside::none(request); request.strips_m.len()];
    for stretch in stretches {
        for beside in &mut strips {
            let met: Vec<Vec<Interval>> = request.banks.sides().iter().map(|_| next_met()).collect();
            let mut sums = Sums::default();
            sums.add(&stretch.sums(&met), 0, stretch.carriageways);
            beside.merged += stretch.length - sums.axes;
            beside.together.add(&sums, 0, 1);
            stretch.holders.each(|zone, part, parts| beside.zones[zone].add(&sums, part, parts));
        }
    }
    strips
}

impl Beside {
    fn none(request: &Request<'_>) -> Self {
        Self { zones: vec![Sums::default(); request.zones.zones().len()], ..Self::default() }
    }

    /// Adds what other stretches have.
    fn add(&mut self, other: &Self) {
        self.zones.iter_mut().zip(&other.zones).for_each(|(all, other)| all.add(other, 0, 1));
        self.together.add(&other.together, 0, 1);
        self.merged += other.merged;
    }
}

impl Stretch {
    /// What it has by what its banks met.
    fn sums(&self, met: &[Vec<Interval>]) -> Sums {
        let of = |intervals: &[Interval]| self.share(intervals.iter().map(|[from, to]| to - from).sum());
        let mut banks = LengthSum::ZERO;
        met.iter().for_each(|bank| banks += of(bank));
        let (both, either) = match met {
            [left, right] => {
                (of(&common(left, right)), of(&united(left.iter().chain(right).copied().collect())))
            }
            _ => (banks, banks),
        };
        Sums { axes: self.length, both, either, banks }
    }

    /// The length of so much of the axis, its scale being that of the stretch as a whole.
    fn share(&self, of_axis: f64) -> LengthSum {
        let part = of_axis / (self.to - self.from);
        if part >= 1.0 {
            return self.length;
        }
        let Length { ellipsoid, plane } = self.length.length();
        LengthSum::of(Length { ellipsoid: Metres(ellipsoid.0 * part), plane: Metres(plane.0 * part) })
    }
}
