//! Reads a layer of lines or points by several threads: stretch by stretch, or batch by batch where it has but one.

use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use crate::geometry::area::ToDegrees;
use crate::measure::tally::Classes;
use crate::measure::{MeasureError, Stage, Watch};
use crate::survey::{Batch, Source};

/// Makes a way from working coordinates to degrees for the thread that calls it.
pub type MakeToDegrees<'a> = dyn Fn() -> Box<ToDegrees<'static>> + Sync + 'a;

/// One thread's part of the work.
pub(super) trait Reader: Send {
    /// Looks through a batch before it is taken, on a thread that has a way to degrees.
    fn look(&mut self, batch: &Batch, to_degrees: &ToDegrees<'_>);

    /// Takes the features of a batch; `known` are the numbers of the class values of its stretch.
    fn take(&mut self, batch: &Batch, known: &[u32]);
}

/// Gives all batches of a source to readers, one reader a thread.
pub(super) fn read<R: Reader>(
    source: &dyn Source,
    classes: &Classes,
    new: impl Fn() -> R,
    to_degrees: &MakeToDegrees<'_>,
    watch: &dyn Watch,
) -> Result<Vec<R>, MeasureError> {
    watch.stage(Stage::Reading, None);
    let mut readers: Vec<R> = (0..rayon::current_num_threads()).map(|_| new()).collect();
    match source.stretches() {
        0 => {}
        1 => in_rounds(source, classes, &mut readers, to_degrees, watch)?,
        stretches => by_stretches(source, stretches, classes, &mut readers, to_degrees, watch)?,
    }
    Ok(readers)
}

fn done(batch: &Batch, watch: &dyn Watch) -> Result<(), MeasureError> {
    watch.advance(batch.patches.len() as u64);
    if watch.interrupted() { Err(MeasureError::Interrupted) } else { Ok(()) }
}

/// Every thread reads a stretch, then the next that nobody has begun.
fn by_stretches<R: Reader>(
    source: &dyn Source,
    stretches: usize,
    classes: &Classes,
    readers: &mut [R],
    to_degrees: &MakeToDegrees<'_>,
    watch: &dyn Watch,
) -> Result<(), MeasureError> {
    let next = AtomicUsize::new(0);
    readers.par_iter_mut().with_max_len(1).try_for_each(|reader| {
        let (to_degrees, mut batch) = (to_degrees(), Batch::default());
        loop {
            let stretch = next.fetch_add(1, Ordering::Relaxed);
            if stretch >= stretches {
                return Ok(());
            }
            let mut batches = source.batches(stretch).map_err(MeasureError::Source)?;
            let mut known = Vec::new();
            while batches.next_batch(&mut batch).map_err(MeasureError::Source)? {
                classes.learn(&mut batch.new_values, &mut known);
                reader.look(&batch, &*to_degrees);
                reader.take(&batch, &known);
                done(&batch, watch)?;
            }
        }
    })
}

/// One stretch: a batch for every thread is read, then all are taken at once.
fn in_rounds<R: Reader>(
    source: &dyn Source,
    classes: &Classes,
    readers: &mut [R],
    to_degrees: &MakeToDegrees<'_>,
    watch: &dyn Watch,
) -> Result<(), MeasureError> {
    let to_degrees = to_degrees();
    let mut batches = source.batches(0).map_err(MeasureError::Source)?;
    let (mut round, mut known) = (vec![Batch::default(); readers.len()], Vec::new());
    loop {
        let mut filled = 0;
        for (batch, reader) in round.iter_mut().zip(readers.iter_mut()) {
            if !batches.next_batch(batch).map_err(MeasureError::Source)? {
                break;
            }
            classes.learn(&mut batch.new_values, &mut known);
            reader.look(batch, &*to_degrees);
            filled += 1;
        }
        if filled == 0 {
            return Ok(());
        }
        let known = &known;
        readers.par_iter_mut().zip(&round[..filled]).with_max_len(1).try_for_each(|(reader, batch)| {
            reader.take(batch, known);
            done(batch, watch)
        })?;
    }
}
