//! Opens layer files: formats, encodings, coordinate systems. The only room that reads files.
//!
//! In: [`LayerSettings`](crate::project::settings::LayerSettings). Out: zones, and covers as sources of
//! batches in the working CRS. At this door coordinates are transformed, Z and M dropped, curves made of
//! chords, and features with coordinates that cannot be refused; behind it nobody checks again.

pub mod check;
pub mod cover;
pub mod crs;
pub mod encoding;
pub mod error;
mod figures;
mod native;
mod noticed;
mod ogr;
pub mod open;
pub mod pattern;
mod polygons;
mod rings;
mod rows;
pub mod several;
pub mod table;
pub mod zones;

pub use error::LayerError;

/// Sends GDAL's messages to the log instead of the terminal. Call once, before any layer is opened.
pub fn quiet_gdal() {
    gdal::config::set_error_handler(|_, number, message| tracing::debug!(number, message, "gdal"));
    // Which ring is a hole is told by what lies inside what, not by the winding that a shapefile should have.
    let _ = gdal::config::set_config_option("OGR_ORGANIZE_POLYGONS", "DEFAULT");
    // A GeoJSON feature of any size may be read; the memory it takes is the file's own.
    let _ = gdal::config::set_config_option("OGR_GEOJSON_MAX_OBJ_SIZE", "0");
}
