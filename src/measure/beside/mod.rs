//! What stands beside roads and shores: the length of axes that have ground of some kind on the strip along them
//! (沿线绿化).
//!
//! In: a source of axes (roads, streams, shores), zones, ground that is left out, covers and which of their values
//! count. Out: by zone, and once for all of them together, the length of the axes and of those parts that have such
//! ground on both sides, on either, and on each ([`Sums`]).
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
//! Covers are read once more for this. A patch of another kind, or far from every strip, costs its decoding and a look
//! into a tree of boxes; nine of ten patches of a county are such. The others cost edges x strips they come near.

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

/// What is asked.
pub struct Request<'a> {
    /// The axes; where they have an amount, it is their width in metres.
    pub axes: &'a dyn Source,
    /// Their sides.
    pub banks: Banks,
    /// Where the strip begins and ends, in metres from the axis, or from the edge where the width is known.
    pub strip_m: [f64; 2],
    /// How far apart the axes of one road's carriageways may lie, the outermost included, in metres. The value of a
    /// feature is then its route; without one it is a road by itself. `None` merges nothing.
    pub merge_within_m: Option<f64>,
    /// The ground of roads, clean parts that do not meet: the strip's metres then count from its edge.
    pub ground: Option<&'a [Shape]>,
    /// Where lengths are told.
    pub zones: &'a Zones,
    /// Ground where axes do not count.
    pub without: Option<&'a Zones>,
    /// What may stand beside them.
    pub covers: &'a [&'a dyn Source],
    /// Whether a value of a cover counts.
    pub counts: &'a Counts<'a>,
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

/// What was found.
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

/// Measures; what was noticed is of the axes. The figures do not depend on threads or on the order of features.
pub fn measure(
    request: &Request<'_>,
    plane: &Plane<'_>,
    watch: &dyn Watch,
) -> Result<(Beside, Vec<Finding>), MeasureError> {
    let (mut axes, findings) = axes::read(request, plane, watch)?;
    if let Some(within_m) = request.merge_within_m {
        twins::merge(&mut axes, within_m, plane.unit_m);
    }
    let off_ground = request.ground.map(|ground| kerbs::find(&mut axes, ground, plane.unit_m));
    let hits = meet::meet(request, &axes, plane, watch)?;
    let beside = added_up(request, axes, hits);
    Ok((Beside { off_ground: off_ground.unwrap_or_default(), ..beside }, findings))
}

/// Adds up what strips met; `hits` are by stretch and side, as [`Axes::strips`] numbers them, in any order.
fn added_up(request: &Request<'_>, axes: Axes, mut hits: Vec<(u32, Interval)>) -> Beside {
    hits.par_sort_unstable_by_key(|(strip, _)| *strip);
    let mut hits = hits.chunk_by(|a, b| a.0 == b.0).peekable();
    let mut of_strip = |strip: u32| {
        let met = hits.next_if(|met| met[0].0 == strip).unwrap_or_default();
        united(met.iter().map(|(_, interval)| *interval).collect())
    };
    let mut beside = Beside {
        zones: vec![Sums::default(); request.zones.zones().len()],
        left_out: axes.left_out,
        outside: axes.outside,
        whole: axes.whole,
        features: axes.features,
        off_the_map: axes.off_the_map,
        ..Beside::default()
    };
    let banks = request.banks.sides().len() as u32;
    for (index, stretch) in axes.stretches.iter().enumerate() {
        let met: Vec<Vec<Interval>> = (0..banks).map(|bank| of_strip(index as u32 * banks + bank)).collect();
        let mut sums = Sums::default();
        sums.add(&stretch.sums(&met), 0, stretch.carriageways);
        beside.merged += stretch.length - sums.axes;
        beside.together.add(&sums, 0, 1);
        stretch.holders.each(|zone, part, parts| beside.zones[zone].add(&sums, part, parts));
    }
    beside
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
