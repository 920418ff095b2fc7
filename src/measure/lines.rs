//! Lines over zones: what length of every class lies in every zone.
//!
//! In: a source of lines, zones. Out: a [`Table`] of exact sums. A line is split where it crosses a border
//! ([`Borders`]); what runs along a border that zones share is shared equally among them, and what runs along the outer
//! border belongs to the zone there. Where zones overlap, each has the whole of what lies in it. Every line is measured
//! once more whole, and its parts must add up to it.

use std::ops::AddAssign;

use crate::finding::Finding;
use crate::geometry::ellipsoid::Ellipsoid;
use crate::geometry::grid;
use crate::geometry::length::{Edge, LengthModel, LengthSum, QUANTUM_M};
use crate::measure::reading::{self, MakeToDegrees, Reader};
use crate::measure::tally::{Classes, Gathered, Place, Table};
use crate::measure::{MeasureError, Watch};
use crate::prepare::Zones;
use crate::prepare::borders::{Borders, Cuts, Holders};
use crate::survey::{Batch, Source};

/// A line counts among the features of a zone when more than this many metres of it lie there.
pub const LINE_COUNTS_M: f64 = 0.001;
/// Most blocks of the length model that a thread remembers.
const MOST_BLOCKS: usize = 1 << 16;

/// What lies in a zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Run {
    /// Its length.
    pub length: LengthSum,
    /// Of how many lines; of what is shared, none.
    pub features: u64,
}

impl AddAssign for Run {
    fn add_assign(&mut self, other: Self) {
        self.length += other.length;
        self.features += other.features;
    }
}

/// The plane that lines are measured in.
pub struct Plane<'a> {
    /// The ellipsoid of the working CRS.
    pub ellipsoid: Ellipsoid,
    /// Metres in one unit of the working CRS.
    pub unit_m: f64,
    /// Makes the way from working coordinates to degrees.
    pub to_degrees: &'a MakeToDegrees<'a>,
}

/// The lines of a layer.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Lines {
    /// Lengths by zone and class.
    pub table: Table<Run>,
    /// How many were read.
    pub read: u64,
    /// The largest difference in metres between a line and the sum of its parts: nothing but rounding.
    pub parts_residual_m: f64,
    /// Those that reach where the projection has no ground, by identifier; they are in no sum.
    pub off_the_map: Vec<String>,
}

/// Measures the lines of a source. The figures do not depend on threads or on the order of features.
/// O(points + crossings).
pub fn measure(
    source: &dyn Source,
    zones: &Zones,
    plane: &Plane<'_>,
    watch: &dyn Watch,
) -> Result<(Lines, Vec<Finding>), MeasureError> {
    let (borders, classes) = (Borders::new(zones), Classes::default());
    let new = || LineReader::new(&borders, LengthModel::new(plane.ellipsoid, plane.unit_m));
    let readers = reading::read(source, &classes, new, plane.to_degrees, watch)?;
    let mut lines = Lines::default();
    for reader in &readers {
        lines.read += reader.read;
        lines.off_the_map.extend(reader.off_the_map.iter().cloned());
        lines.parts_residual_m = lines.parts_residual_m.max(reader.parts_residual_m);
    }
    lines.off_the_map.sort_unstable();
    let gathered = readers.into_iter().map(|reader| reader.sums);
    lines.table = Table::of(borders.zones(), classes, gathered, &Run::default());
    Ok((lines, source.findings()))
}

/// What one line has where.
#[derive(Debug, Default)]
struct Parts {
    places: Vec<(Place, LengthSum)>,
    whole: LengthSum,
    off_the_map: bool,
}

impl Parts {
    fn clear(&mut self) {
        self.places.clear();
        (self.whole, self.off_the_map) = (LengthSum::ZERO, false);
    }

    fn add(&mut self, place: Place, length: LengthSum) {
        match self.places.iter_mut().find(|(known, _)| *known == place) {
            Some((_, sum)) => *sum += length,
            None => self.places.push((place, length)),
        }
    }

    /// Adds a stretch to those who hold it.
    fn hold(&mut self, holders: &Holders, length: LengthSum) {
        holders.inside.iter().for_each(|&zone| self.add(Place::Zone(zone), length));
        for (index, &zone) in holders.border.iter().enumerate() {
            self.add(Place::Zone(zone), length.part(index, holders.border.len()));
        }
        match holders.count() {
            0 => self.add(Place::Outside, length),
            1 => {}
            more => self.add(Place::Shared, length.times(more - 1)),
        }
    }

    /// By how much the parts differ from the whole, in metres.
    fn residual_m(&self) -> f64 {
        let mut sum = LengthSum::ZERO;
        for (place, length) in &self.places {
            match place {
                Place::Shared => sum = sum - *length,
                _ => sum += *length,
            }
        }
        let off = sum - self.whole;
        off.ellipsoid.abs().max(off.plane.abs()) as f64 * QUANTUM_M
    }
}

/// One thread's reading.
struct LineReader<'b> {
    borders: &'b Borders<'b>,
    model: LengthModel,
    cuts: Cuts,
    parts: Parts,
    sums: Gathered<Run>,
    read: u64,
    off_the_map: Vec<String>,
    parts_residual_m: f64,
}

impl<'b> LineReader<'b> {
    fn new(borders: &'b Borders<'b>, model: LengthModel) -> Self {
        Self {
            borders,
            model,
            cuts: Cuts::default(),
            parts: Parts::default(),
            sums: Gathered::new(),
            read: 0,
            off_the_map: Vec::new(),
            parts_residual_m: 0.0,
        }
    }

    fn measure(&mut self, edge: Edge) {
        let Self { borders, model, cuts, parts, .. } = self;
        let whole = model.length(edge, 0.0, 1.0);
        parts.off_the_map |= !whole.ellipsoid.0.is_finite();
        let whole = LengthSum::of(whole);
        parts.whole += whole;
        borders.split(edge, cuts, |from, to, holders| {
            let uncut = from == 0.0 && to == 1.0;
            parts.hold(holders, if uncut { whole } else { LengthSum::of(model.length(edge, from, to)) });
        });
    }

    /// Adds a line to the sums of its class.
    fn add(&mut self, class: u32, id: &str) {
        if self.parts.off_the_map {
            return self.off_the_map.push(id.to_owned());
        }
        self.parts_residual_m = self.parts_residual_m.max(self.parts.residual_m());
        let whole = (Place::Anywhere, self.parts.whole);
        for (place, length) in self.parts.places.iter().copied().chain([whole]) {
            let counts = place != Place::Shared && length.length().plane.0 > LINE_COUNTS_M;
            let run = Run { length, features: u64::from(counts) };
            *self.sums.entry((place, class)).or_default() += run;
        }
    }
}

/// The edges of a feature on the grid, those without length left out.
fn edges_of(batch: &Batch, index: usize) -> impl Iterator<Item = Edge> {
    batch.rings_of(index).flat_map(|(_, points)| {
        let places = points.iter().filter_map(|&[x, y]| grid::point(x, y));
        let next = places.clone().skip(1);
        places.zip(next).filter(|(from, to)| from != to).map(|(from, to)| Edge::between(from, to))
    })
}

impl Reader for LineReader<'_> {
    fn look(&mut self, batch: &Batch, to_degrees: &crate::geometry::area::ToDegrees<'_>) {
        if self.model.known() > MOST_BLOCKS {
            self.model.forget();
        }
        let edges = (0..batch.patches.len()).flat_map(|index| edges_of(batch, index));
        edges.for_each(|edge| self.model.learn(edge, to_degrees));
    }

    fn take(&mut self, batch: &Batch, known: &[u32]) {
        for (index, line) in batch.patches.iter().enumerate() {
            self.read += 1;
            self.parts.clear();
            edges_of(batch, index).for_each(|edge| self.measure(edge));
            self.add(known.get(line.value as usize).copied().unwrap_or_default(), batch.id(index));
        }
    }
}
