//! The work of reading: blocks are taken by threads, each with readers and sums of its own.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::measure::zonal::count::{Counters, Place, Question};
use crate::measure::zonal::cover::Cover;
use crate::measure::zonal::keys::Meaning;
use crate::measure::zonal::moments::Moments;
use crate::measure::zonal::read::{Ask, Request};
use crate::measure::zonal::sieve::{self, Sieve, Stretches};
use crate::measure::zonal::sums::{CellSum, ZoneSums};
use crate::measure::zonal::weights::WeightReader;
use crate::measure::{MeasureError, Stage, Watch};
use crate::survey::raster::Block;
use crate::threads::on_the_callers_threads;

/// The moments of a zone within a block.
pub(super) type Piece = (u32, u32, Moments);
/// Sums by band and zone; of a whole raster all under band 0.
pub(super) type Sums = FxHashMap<(u32, u32), ZoneSums>;

/// What was read.
#[derive(Default)]
pub(super) struct Found {
    pub sums: Sums,
    pub pieces: Vec<Piece>,
    /// How many bits the keys of values have lost.
    pub bits: u32,
}

/// Reads all blocks that zones reach into, or those of some bands, whose sums are then kept apart.
pub(super) fn read(
    request: &Request<'_>,
    stretches: Option<Stretches<'_>>,
    bands: Option<&BTreeSet<u32>>,
    watch: &dyn Watch,
) -> Result<Found, MeasureError> {
    let frame = request.raster.frame();
    let (lists, across) = (request.cover.by_block(frame.block), frame.blocks()[0]);
    let wanted = |block: usize| {
        !lists[block].is_empty() && bands.is_none_or(|bands| bands.contains(&((block / across) as u32)))
    };
    let blocks: Vec<usize> = (0..lists.len()).filter(|&block| wanted(block)).collect();
    watch.stage(Stage::Reading, Some(blocks.len() as u64));
    let apart = bands.is_some();
    let least = request.cover.zones.len() * sieve::LEAST_OF_A_ZONE;
    let most = match request.ask {
        Ask::Statistics { .. } if !apart => request.most.min(sieve::HANDY).max(least),
        _ => request.most,
    };
    let work = Work {
        request,
        stretches,
        lists: &lists,
        blocks: &blocks,
        next: AtomicUsize::new(0),
        watch,
        most,
        apart,
    };
    let shares: Vec<Found> = on_the_callers_threads(|| {
        let threads = rayon::current_num_threads().min(blocks.len()).max(1);
        (0..threads).into_par_iter().with_max_len(1).map(|_| work.on_one_thread()).collect::<Result<_, _>>()
    })?;
    Ok(together(shares))
}

/// That there are more classes, or values of a part, than may be kept.
pub(super) fn too_many(request: &Request<'_>, apart: bool) -> MeasureError {
    let (raster, most) = (request.raster.name().to_owned(), request.most);
    let classes = matches!(request.ask, Ask::Classes);
    if classes {
        MeasureError::TooManyClasses { raster, most, apart }
    } else {
        MeasureError::TooManyValues { raster, most }
    }
}

/// What all threads have, in whole numbers.
fn together(shares: Vec<Found>) -> Found {
    let bits = shares.iter().map(|share| share.bits).max().unwrap_or(0);
    let mut all = Found { bits, ..Found::default() };
    for share in shares {
        for (key, mut sums) in share.sums {
            if share.bits < bits {
                sieve::coarsen(&mut sums.values, bits);
            }
            all.sums.entry(key).or_default().merge(sums);
        }
        all.pieces.extend(share.pieces);
    }
    all
}

/// The sums of each zone: whole numbers in any order, moments in the order of the blocks.
pub(super) fn add_up(
    outside: impl Iterator<Item = CellSum>,
    sums: impl IntoIterator<Item = ((u32, u32), ZoneSums)>,
    mut pieces: Vec<Piece>,
) -> Vec<ZoneSums> {
    let mut zones: Vec<ZoneSums> =
        outside.map(|outside| ZoneSums { outside, ..ZoneSums::default() }).collect();
    for ((_, zone), sums) in sums {
        if let Some(sum) = zones.get_mut(zone as usize) {
            sum.merge(sums);
        }
    }
    pieces.sort_unstable_by_key(|&(zone, block, _)| (zone, block));
    for (zone, _, moments) in pieces {
        if let Some(sum) = zones.get_mut(zone as usize) {
            sum.moments = sum.moments.with(moments);
        }
    }
    zones
}

/// The blocks that are left to read.
struct Work<'w> {
    request: &'w Request<'w>,
    stretches: Option<Stretches<'w>>,
    lists: &'w [Vec<u32>],
    blocks: &'w [usize],
    next: AtomicUsize,
    watch: &'w dyn Watch,
    /// Classes and values that a thread may keep.
    most: usize,
    /// Whether bands are kept apart.
    apart: bool,
}

impl Work<'_> {
    /// Takes blocks until none is left, with readers of its own.
    fn on_one_thread(&self) -> Result<Found, MeasureError> {
        let done = self.read_on();
        if done.is_err() {
            // The others need not go on.
            self.next.store(self.blocks.len(), Ordering::Relaxed);
        }
        done
    }

    fn read_on(&self) -> Result<Found, MeasureError> {
        let Request { cover, raster, weights, .. } = *self.request;
        let (frame, meaning) = (raster.frame(), Meaning::of(raster.frame()));
        let (mut found, mut counters, mut kept) = (Found::default(), Counters::default(), 0);
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
            let weights = weights.map_err(MeasureError::Source)?;
            let place = Place { block: &block, first, patch, cell_m2: &cell_m2, weights };
            for &zone in &self.lists[at] {
                let band = if self.apart { (at / across) as u32 } else { 0 };
                let sums = found.sums.entry((band, zone)).or_default();
                let sieve = Sieve::of(self.stretches, zone, found.bits);
                let question = Question { meaning: &meaning, ask: &self.request.ask, sieve };
                let before = sums.kept();
                let gathered = counters.zone(&cover.zones[zone as usize], &place, question, sums);
                kept += sums.kept() - before;
                let moments = gathered.moments();
                if moments != Moments::default() {
                    found.pieces.push((zone, at as u32, moments));
                }
                if kept > self.most {
                    kept = self.make_room(&mut found)?;
                }
            }
            self.watch.advance(1);
        }
        Ok(found)
    }

    /// Makes keys of values lose bits, so that half of what may be kept is left. Returns how much is.
    fn make_room(&self, found: &mut Found) -> Result<usize, MeasureError> {
        if self.apart || !matches!(self.request.ask, Ask::Statistics { .. }) {
            return Err(too_many(self.request, self.apart));
        }
        found.bits =
            sieve::bits_for(|| found.sums.values().map(|sums| &sums.values), found.bits, self.most / 2);
        found.sums.values_mut().for_each(|sums| sieve::coarsen(&mut sums.values, found.bits));
        Ok(found.sums.values().map(ZoneSums::kept).sum())
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
