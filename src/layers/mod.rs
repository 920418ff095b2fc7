//! Opens layer files: formats, encodings, coordinate systems. The only room that reads files.
//!
//! In: [`LayerSettings`](crate::project::settings::LayerSettings). Out: zones, and covers as sources of
//! batches in the working CRS. At this door coordinates are transformed, Z and M dropped, curves made of
//! chords, and features with coordinates that cannot be refused; behind it nobody checks again.

pub mod check;
pub mod cover;
mod crowns;
pub mod crs;
pub mod encoding;
pub mod error;
mod figures;
pub mod mask;
mod native;
mod noticed;
pub mod open;
pub mod pattern;
mod polygons;
pub mod raster;
mod rows;
pub mod several;
pub mod table;
#[cfg(feature = "gdal")]
mod through_gdal;
#[cfg(not(feature = "gdal"))]
mod without_gdal;
pub mod zones;

#[cfg(feature = "gdal")]
use through_gdal as beyond;
#[cfg(not(feature = "gdal"))]
use without_gdal as beyond;

pub use error::LayerError;
