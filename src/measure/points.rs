//! Points over zones: how many of every class lie in every zone, and the sums of their attributes.
//!
//! In: a source of points, zones. Out: a [`Table`] of exact sums. A point on a border that zones share counts once, for
//! the first of them in file order; on the outer border it counts for the zone there. Where zones overlap, each counts
//! what lies inside of it. A feature of several points counts once, where its first point lies.

use std::ops::AddAssign;

use crate::attribute::Amount;
use crate::finding::Finding;
use crate::geometry::area::ToDegrees;
use crate::geometry::grid;
use crate::measure::reading::{self, Reader};
use crate::measure::tally::{Classes, Gathered, Place, Table};
use crate::measure::{MeasureError, Watch};
use crate::prepare::Zones;
use crate::prepare::borders::{Borders, Holders};
use crate::survey::{Batch, Source};

/// The sum of one attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sum {
    /// Of the values that are there.
    pub amount: Amount,
    /// How many are not.
    pub nulls: u64,
}

/// Points and their attributes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tally {
    /// How many.
    pub count: u64,
    /// The sums, in the order in which they were asked for.
    pub sums: Vec<Sum>,
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.count += other.count;
        self.sums.resize(self.sums.len().max(other.sums.len()), Sum::default());
        for (sum, more) in self.sums.iter_mut().zip(&other.sums) {
            sum.amount += more.amount;
            sum.nulls += more.nulls;
        }
    }
}

/// The points of a layer.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Points {
    /// Counts and sums by zone and class.
    pub table: Table<Tally>,
    /// How many features were read.
    pub read: u64,
    /// How many of them have several points.
    pub several: u64,
}

/// Counts the points of a source, which gives so many attributes to be added up. The figures do not depend on threads
/// or on the order of features. O(points x edges of the zones in a tile).
pub fn count(
    source: &dyn Source,
    zones: &Zones,
    attributes: usize,
    watch: &dyn Watch,
) -> Result<(Points, Vec<Finding>), MeasureError> {
    let (borders, classes) = (Borders::new(zones), Classes::default());
    let new = || PointReader {
        borders: &borders,
        attributes,
        holders: Holders::default(),
        found: Found::default(),
    };
    let readers = reading::read(source, &classes, new, &|| Box::new(|_, _| ()), watch)?;
    let mut points = Points::default();
    for reader in &readers {
        points.read += reader.found.read;
        points.several += reader.found.several;
    }
    let gathered = readers.into_iter().map(|reader| reader.found.sums);
    let nothing = Tally { count: 0, sums: vec![Sum::default(); attributes] };
    points.table = Table::of(borders.zones(), classes, gathered, &nothing);
    Ok((points, source.findings()))
}

/// One thread's reading.
struct PointReader<'b> {
    borders: &'b Borders<'b>,
    attributes: usize,
    holders: Holders,
    found: Found,
}

/// What it found.
#[derive(Default)]
struct Found {
    sums: Gathered<Tally>,
    read: u64,
    several: u64,
}

impl PointReader<'_> {
    fn take_point(&mut self, batch: &Batch, index: usize, class: u32) {
        let mut places = batch.rings_of(index).flat_map(|(_, points)| points);
        let first = places.next().and_then(|&[x, y]| grid::point(x, y));
        let Some(first) = first else { return };
        self.found.several += u64::from(places.next().is_some());
        self.borders.hold(first, &mut self.holders);
        let Holders { inside, border } = &self.holders;
        let zones = inside.iter().chain(border.first()).map(|&zone| Place::Zone(zone));
        let more = self.holders.count().saturating_sub(1);
        let outside = (self.holders.count() == 0).then_some(Place::Outside);
        let shared = std::iter::repeat_n(Place::Shared, more);
        let tally = self.tally(batch, index);
        for place in zones.chain(outside).chain(shared).chain([Place::Anywhere]) {
            *self.found.sums.entry((place, class)).or_default() += tally.clone();
        }
    }

    fn tally(&self, batch: &Batch, index: usize) -> Tally {
        let from = index * self.attributes;
        let amounts = batch.amounts.get(from..from + self.attributes).unwrap_or_default();
        let sum = |amount: &Option<Amount>| Sum {
            amount: amount.unwrap_or_default(),
            nulls: u64::from(amount.is_none()),
        };
        Tally { count: 1, sums: amounts.iter().map(sum).collect() }
    }
}

impl Reader for PointReader<'_> {
    fn look(&mut self, _: &Batch, _: &ToDegrees<'_>) {}

    fn take(&mut self, batch: &Batch, known: &[u32]) {
        for (index, point) in batch.patches.iter().enumerate() {
            self.found.read += 1;
            self.take_point(batch, index, known.get(point.value as usize).copied().unwrap_or_default());
        }
    }
}
