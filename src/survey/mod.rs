//! What was surveyed, in the working CRS: zones (乡镇) and patches (图斑), lines (线) and points (点), and where batches
//! of them come from.
//!
//! This room holds plain values. It does not know which files they came from, nor what is measured of them.

mod given;
pub mod layer;
mod patch;
pub mod raster;
mod zone;

pub use given::Given;
pub use patch::{Batch, Batches, Figure, PatchRecord, RingKind, RingRecord, Source, SourceFault};
pub use zone::{Gathering, SharedCode, ZoneLayer, ZoneRecord, gather};
