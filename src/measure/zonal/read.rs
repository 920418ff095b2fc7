//! Reads a raster once for all zones, block by block, on as many threads as the caller is on.

use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use crate::measure::zonal::count::{Counters, Place};
use crate::measure::zonal::cover::Cover;
use crate::measure::zonal::keys::Meaning;
use crate::measure::zonal::moments::Moments;
use crate::measure::zonal::rule::Steps;
use crate::measure::zonal::sums::ZoneSums;
use crate::measure::zonal::weights::WeightReader;
use crate::measure::{MeasureError, Stage, Watch};
use crate::survey::raster::{Block, Raster};
use crate::threads::on_the_callers_threads;

/// What is asked of a raster.
#[derive(Debug, Clone, Copy)]
pub enum Ask<'a> {
    /// How much of each value.
    Classes,
    /// How much for which a condition holds, and how much for which it does not.
    Where(&'a Steps),
    /// What the values come to.
    Statistics {
        /// Whether the values themselves are kept, which quantiles need.
        quantiles: bool,
    },
}

/// Under what sums are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// The condition holds.
    Cover,
    /// Valid ground where it does not.
    Rest,
    /// A whole number.
    Whole(i128),
    /// Any number, as bits that sort as it does.
    Real(u64),
}

impl Key {
    /// Of a number.
    pub fn real(value: f64) -> Self {
        let bits = value.to_bits();
        Self::Real(if bits >> 63 == 1 { !bits } else { bits | 1 << 63 })
    }

    /// The number; none of a condition.
    pub fn number(self) -> Option<f64> {
        match self {
            Self::Cover | Self::Rest => None,
            Self::Whole(value) => Some(value as f64),
            Self::Real(bits) => Some(f64::from_bits(if bits >> 63 == 1 { bits & !(1 << 63) } else { !bits })),
        }
    }
}

/// As tables print it.
impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cover => f.write_str("cover"),
            Self::Rest => f.write_str("(none)"),
            Self::Whole(value) => write!(f, "{value}"),
            Self::Real(_) => write!(f, "{}", self.number().unwrap_or(f64::NAN)),
        }
    }
}

/// Which raster, over which zones, for what.
pub struct Request<'a> {
    /// The zones on the raster's grid.
    pub cover: &'a Cover,
    /// The raster.
    pub raster: &'a dyn Raster,
    /// A raster of weights on the same grid, for statistics.
    pub weights: Option<&'a dyn Raster>,
    /// What is asked.
    pub ask: Ask<'a>,
}

/// The moments of a zone within a block.
type Piece = (u32, u32, Moments);

/// Measures a raster within all zones. Each block that a zone reaches into is read once.
///
/// # Errors
/// Where the raster cannot be read, or the person stops it.
pub fn measure(request: &Request<'_>, watch: &dyn Watch) -> Result<Vec<ZoneSums>, MeasureError> {
    let frame = request.raster.frame();
    let lists = request.cover.by_block(frame.block);
    let blocks: Vec<usize> = (0..lists.len()).filter(|&block| !lists[block].is_empty()).collect();
    watch.stage(Stage::Reading, Some(blocks.len() as u64));
    let work = Work { request, lists: &lists, blocks: &blocks, next: AtomicUsize::new(0), watch };
    let parts: Vec<(Vec<ZoneSums>, Vec<Piece>)> = on_the_callers_threads(|| {
        let threads = rayon::current_num_threads().min(blocks.len()).max(1);
        (0..threads).into_par_iter().with_max_len(1).map(|_| work.on_one_thread()).collect::<Result<_, _>>()
    })?;
    Ok(together(request, parts))
}

/// Adds up what the threads have: whole numbers in any order, moments in the order of the blocks.
fn together(request: &Request<'_>, parts: Vec<(Vec<ZoneSums>, Vec<Piece>)>) -> Vec<ZoneSums> {
    let empty = |zone: &super::cover::ZoneCover| ZoneSums { outside: zone.outside, ..ZoneSums::default() };
    let mut sums: Vec<ZoneSums> = request.cover.zones.iter().map(empty).collect();
    let mut pieces = Vec::new();
    for (part, more) in parts {
        sums.iter_mut().zip(part).for_each(|(sum, part)| sum.merge(part));
        pieces.extend(more);
    }
    pieces.sort_unstable_by_key(|&(zone, block, _)| (zone, block));
    for (zone, _, moments) in pieces {
        let sum = &mut sums[zone as usize].moments;
        *sum = sum.with(moments);
    }
    sums
}

/// The blocks that are left to read.
struct Work<'w> {
    request: &'w Request<'w>,
    lists: &'w [Vec<u32>],
    blocks: &'w [usize],
    next: AtomicUsize,
    watch: &'w dyn Watch,
}

impl Work<'_> {
    /// Takes blocks until none is left, with readers of its own.
    fn on_one_thread(&self) -> Result<(Vec<ZoneSums>, Vec<Piece>), MeasureError> {
        let done = self.read_on();
        if done.is_err() {
            // The others need not go on.
            self.next.store(self.blocks.len(), Ordering::Relaxed);
        }
        done
    }

    fn read_on(&self) -> Result<(Vec<ZoneSums>, Vec<Piece>), MeasureError> {
        let Request { cover, raster, weights, ask } = *self.request;
        let (frame, meaning) = (raster.frame(), Meaning::of(raster.frame()));
        let mut sums = vec![ZoneSums::default(); cover.zones.len()];
        let (mut pieces, mut counters) = (Vec::new(), Counters::default());
        let mut reader = raster.reader().map_err(MeasureError::Source)?;
        let mut weights = weights.map(WeightReader::open).transpose().map_err(MeasureError::Source)?;
        let mut block = Block::default();
        let across = frame.blocks()[0];
        while let Some(&at) = self.blocks.get(self.next.fetch_add(1, Ordering::Relaxed)) {
            if self.watch.interrupted() {
                return Err(MeasureError::Interrupted);
            }
            reader.read(at % across, at / across, &mut block).map_err(MeasureError::Source)?;
            let (first, size) = frame.window(at % across, at / across);
            let weights = weights.as_mut().map(|w| w.window(first, size)).transpose();
            let (patch, cell_m2) = grounds(cover, first, size);
            let place = Place {
                block: &block,
                first,
                patch,
                cell_m2: &cell_m2,
                weights: weights.map_err(MeasureError::Source)?,
            };
            for &zone in &self.lists[at] {
                let gathered = counters.zone(
                    &cover.zones[zone as usize],
                    &place,
                    &meaning,
                    &ask,
                    &mut sums[zone as usize],
                );
                let moments = gathered.moments();
                if moments != Moments::default() {
                    pieces.push((zone, at as u32, moments));
                }
            }
            self.watch.advance(1);
        }
        Ok((sums, pieces))
    }
}

/// The patches of a block: columns and rows of each, and what their cells have of ground.
fn grounds(cover: &Cover, first: [usize; 2], size: [usize; 2]) -> ([usize; 2], Vec<f64>) {
    let patch = cover.areas.patch();
    let patch = [patch[0].min(size[0]).max(1), patch[1].min(size[1]).max(1)];
    let middles = |axis: usize| {
        (0..size[axis])
            .step_by(patch[axis])
            .map(move |at| (2 * (first[axis] + at) + patch[axis].min(size[axis] - at)) as i64)
    };
    let rows = middles(1).flat_map(|row| middles(0).map(move |column| (column, row)));
    (patch, rows.map(|(column, row)| cover.areas.cell_m2(column, row)).collect())
}
