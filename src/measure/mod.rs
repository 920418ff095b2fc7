//! Measures: survey in, sums and facts out. Files, thresholds and rounding are unknown here.
//!
//! [`patches`] reads covers and measures every patch while it is at hand; [`coverage::measure`] then takes the tiles
//! in parallel, finds what ground is covered twice or not at all, and adds what each zone has of each class, exactly.
//! [`lines::measure`] splits lines along the borders of zones, [`points::count`] counts points.

mod block;
pub mod coverage;
pub mod heap;
pub mod lines;
pub mod pairs;
pub mod patches;
pub mod points;
mod reading;
mod tally;
mod tile_sums;

pub use reading::MakeToDegrees;
pub use tally::Table;
use thiserror::Error;

use crate::survey::SourceFault;

/// Why a measure stopped.
#[derive(Debug, Error)]
pub enum MeasureError {
    /// A source stopped giving batches.
    #[error(transparent)]
    Source(SourceFault),
    /// The person asked to stop.
    #[error("interrupted")]
    Interrupted,
}

/// Looks on while a measure works: hears of progress, and may ask it to stop between batches.
pub trait Watch: Sync {
    /// A stage begins that has `total` steps, where that is known.
    fn stage(&self, stage: Stage, total: Option<u64>);
    /// So many steps are done.
    fn advance(&self, steps: u64);
    /// Whether to stop.
    fn interrupted(&self) -> bool;
}

/// The stages that a person waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Reading features, in features.
    Reading,
    /// Measuring tiles, in tiles.
    Measuring,
}

/// Nobody looks on.
#[derive(Debug, Clone, Copy)]
pub struct Unwatched;

impl Watch for Unwatched {
    fn stage(&self, _: Stage, _: Option<u64>) {}
    fn advance(&self, _: u64) {}
    fn interrupted(&self) -> bool {
        false
    }
}

/// Runs `work` on so many threads (`None`: as many as there are cores). The figures do not depend on it.
pub fn on_threads<T: Send>(threads: Option<usize>, work: impl FnOnce() -> T + Send) -> T {
    match rayon::ThreadPoolBuilder::new().num_threads(threads.unwrap_or(0)).build() {
        Ok(pool) => pool.install(work),
        Err(_) => work(),
    }
}
