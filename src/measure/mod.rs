//! Measures: survey in, sums and facts out. Files, thresholds and rounding are unknown here.
//!
//! [`patches`] reads covers and measures every patch while it is at hand; [`coverage::part`] then takes the tiles in
//! parallel and finds what ground is covered twice or not at all. That gives a [`partial::Partial`], which may be a part
//! of the work only; of all of it [`coverage::finish`] adds what each zone has of each class, exactly.
//! [`lines::measure`] splits lines along the borders of zones, [`points::count`] counts points, [`beside::measure`] tells
//! what stands on strips along lines, [`along::measure`] what lies under them.

mod add_up;
pub mod along;
pub mod beside;
mod block;
pub mod chosen;
pub mod coverage;
pub mod ground;
pub mod heap;
pub mod lines;
mod packed;
pub mod pairs;
pub mod partial;
pub mod patches;
pub mod plan;
pub mod points;
pub mod reach;
mod reading;
pub mod shade;
mod slab;
pub mod tagged;
mod tally;
pub mod task;
mod tile_sums;
pub mod trail;
pub mod zonal;

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
    /// A partial is not of these zones and this plan, or not whole.
    #[error("the partial does not fit the project, or is not whole")]
    Misfit,
    /// A raster has more classes within the zones than may be kept; or bands of it, kept apart, have.
    #[error("{raster}: more than {most} classes")]
    #[expect(missing_docs, reason = "the names say it")]
    TooManyClasses { raster: String, most: usize, apart: bool },
    /// Bands of a raster, kept apart, have more different values within the zones than may be kept.
    #[error("{raster}: more than {most} values")]
    #[expect(missing_docs, reason = "the names say it")]
    TooManyValues { raster: String, most: usize },
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
