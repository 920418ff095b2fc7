//! Zones over rasters (分区栅格统计): how much of each zone is of which class, or what the cells of each zone come to.
//!
//! [`cover::lay`] finds once which cells of a grid each zone covers, exactly ([`fractions`](crate::geometry::fractions)).
//! [`read::measure`] then reads a raster on that grid block by block, each once for all zones, and adds up: classes in
//! whole numbers, other statistics block by block and in the order of the blocks. So figures do not depend on threads, and
//! parts of a raster ([`part`]) merge to the whole.

mod count;
pub mod cover;
pub mod key;
mod keys;
pub mod moments;
pub mod part;
pub mod read;
pub mod rule;
mod sieve;
pub mod sums;
mod weights;
mod work;

pub use sums::{CellSum, ZoneSums};
