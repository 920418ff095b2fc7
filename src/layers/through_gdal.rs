//! What lies beyond the program's own readers and coordinate systems, through GDAL. `without_gdal` stands in this
//! place in the lean build, with the same doors.

mod crs;
mod ogr;
mod rings;

use std::path::Path;

use super::error::LayerError;
use super::native::NativeFile;

pub(super) use crs::{Step, crs, crs_of_prj, equal_area, same, usable};

/// Sends GDAL's messages to the log instead of the terminal, once.
fn ready() {
    static READY: std::sync::Once = std::sync::Once::new();
    READY.call_once(|| {
        gdal::config::set_error_handler(|_, number, message| tracing::debug!(number, message, "gdal"));
        // Which ring is a hole is told by what lies inside what, not by the winding that a shapefile should have.
        let _ = gdal::config::set_config_option("OGR_ORGANIZE_POLYGONS", "DEFAULT");
        // A GeoJSON feature of any size may be read; the memory it takes is the file's own.
        let _ = gdal::config::set_config_option("OGR_GEOJSON_MAX_OBJ_SIZE", "0");
    });
}

/// Opens a file in whatever format GDAL knows; `reason` is why the program does not read it itself.
pub(super) fn open(
    name: &str,
    inner: &Path,
    encoding: Option<String>,
    reason: &str,
) -> Result<Box<dyn NativeFile>, LayerError> {
    ready();
    tracing::info!(layer = name, reason, "read through GDAL");
    let options = encoding.map(|name| format!("ENCODING={name}")).into_iter().collect();
    let file = ogr::OgrFile { title: name.to_owned(), inner: inner.to_owned(), options };
    Ok(Box::new(ogr::Opened::new(file)?))
}
