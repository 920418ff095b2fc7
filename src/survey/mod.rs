//! What was surveyed, in the working CRS: zones (乡镇) and patches (图斑), and where batches of patches come from.
//!
//! This room holds plain values. It does not know which files they came from, nor what is measured of them.

pub mod layer;
mod patch;
mod zone;

pub use patch::{Batch, Batches, PatchRecord, RingKind, RingRecord, Source, SourceFault};
pub use zone::{Gathering, SharedCode, ZoneLayer, ZoneRecord, gather};
