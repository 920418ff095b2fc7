//! A source that looks at how finely its patches are drawn while they are read.

use std::sync::{Mutex, PoisonError};

use crate::finding::Finding;
use crate::geometry::grid::{STEPS_PER_UNIT, Shape};
use crate::prepare::on_grid;
use crate::survey::{Batch, Batches, Drawn, Source, SourceFault};

/// Sums that no order of patches changes: lengths in steps, rounded patch by patch, and doubled square steps.
#[derive(Debug, Default)]
struct Sums {
    steps: i128,
    doubled: i128,
    smallest: Option<i128>,
}

/// The source.
pub struct Looked<'a> {
    source: Box<dyn Source + 'a>,
    sums: Mutex<Sums>,
}

impl<'a> Looked<'a> {
    /// Looks at the patches of a source.
    pub fn new(source: Box<dyn Source + 'a>) -> Self {
        Self { source, sums: Mutex::default() }
    }
}

impl Source for Looked<'_> {
    fn name(&self) -> &str {
        self.source.name()
    }

    fn stretches(&self) -> usize {
        self.source.stretches()
    }

    fn batches(&self, stretch: usize) -> Result<Box<dyn Batches + '_>, SourceFault> {
        Ok(Box::new(Reader { looked: self, batches: self.source.batches(stretch)? }))
    }

    fn findings(&self) -> Vec<Finding> {
        self.source.findings()
    }

    fn drawn(&self) -> Option<Drawn> {
        let sums = self.sums.lock().unwrap_or_else(PoisonError::into_inner);
        let square = |doubled: i128| doubled as f64 / 2.0 / STEPS_PER_UNIT / STEPS_PER_UNIT;
        Some(Drawn {
            outline: sums.steps as f64 / STEPS_PER_UNIT,
            area: square(sums.doubled),
            smallest: sums.smallest.map(square),
        })
    }
}

struct Reader<'a> {
    looked: &'a Looked<'a>,
    batches: Box<dyn Batches + 'a>,
}

impl Batches for Reader<'_> {
    fn next_batch(&mut self, batch: &mut Batch) -> Result<bool, SourceFault> {
        if !self.batches.next_batch(batch)? {
            return Ok(false);
        }
        let (mut sums, mut outline) = (Sums::default(), Shape::default());
        for patch in 0..batch.patches.len() {
            outline.clear();
            on_grid(batch, patch, &mut outline);
            sums.add(&outline);
        }
        self.looked.sums.lock().unwrap_or_else(PoisonError::into_inner).join(&sums);
        Ok(true)
    }
}

impl Sums {
    fn add(&mut self, outline: &Shape) {
        let ring_length = |ring: &[crate::geometry::grid::Point]| -> f64 {
            let ends = ring.iter().zip(ring.iter().cycle().skip(1));
            ends.map(|(a, b)| ((a.x - b.x) as f64).hypot((a.y - b.y) as f64)).sum()
        };
        self.steps += outline.rings().map(ring_length).sum::<f64>() as i128;
        let doubled = outline.doubled_area();
        self.doubled += doubled;
        self.smallest = [self.smallest, Some(doubled).filter(|area| *area > 0)].into_iter().flatten().min();
    }

    fn join(&mut self, other: &Self) {
        self.steps += other.steps;
        self.doubled += other.doubled;
        self.smallest = [self.smallest, other.smallest].into_iter().flatten().min();
    }
}
