//! What lies beyond the program's own readers and coordinate systems, through GDAL. `without_gdal` stands in this
//! place in the lean build, with the same doors.

mod crs;
mod late;
mod ogr;
mod raster;
mod rings;

use std::path::Path;

use gdal::errors::GdalError;

use super::error::LayerError;
use super::native::NativeFile;

pub(super) use crs::{Step, crs, crs_of_prj, equal_area, same, usable};
pub(super) use raster::raster;

/// Loads GDAL and sends its messages to the log instead of the terminal, once; the cause why that cannot be.
fn ready() -> Result<(), String> {
    static READY: std::sync::Once = std::sync::Once::new();
    late::load().map_err(|cause| {
        format!("GDAL is needed for it and cannot be loaded ({cause}); on Debian and Ubuntu: apt install libgdal-dev")
    })?;
    READY.call_once(|| {
        gdal::config::set_error_handler(|_, number, message| tracing::debug!(number, message, "gdal"));
        // Which ring is a hole is told by what lies inside what, not by the winding that a shapefile should have.
        let _ = gdal::config::set_config_option("OGR_ORGANIZE_POLYGONS", "DEFAULT");
        // A GeoJSON feature of any size may be read; the memory it takes is the file's own.
        let _ = gdal::config::set_config_option("OGR_GEOJSON_MAX_OBJ_SIZE", "0");
        // Megabytes of blocks that are kept for being read again, of all threads; each is read once.
        let _ = gdal::config::set_config_option("GDAL_CACHEMAX", "64");
    });
    Ok(())
}

/// What GDAL itself said, without the name of the call that it said it to.
fn cause(error: GdalError) -> String {
    match error {
        GdalError::NullPointer { msg, .. } if msg.is_empty() => "its format is not known".to_owned(),
        GdalError::NullPointer { msg, .. } | GdalError::CplError { msg, .. } => msg,
        other => other.to_string(),
    }
}

/// Opens a file in whatever format GDAL knows; `reason` is why the program does not read it itself.
pub(super) fn open(
    name: &str,
    inner: &Path,
    encoding: Option<String>,
    reason: &str,
) -> Result<Box<dyn NativeFile>, LayerError> {
    ready().map_err(|cause| LayerError::CannotOpen { file: name.to_owned(), cause })?;
    tracing::info!(layer = name, reason, "read through GDAL");
    let options = encoding.map(|name| format!("ENCODING={name}")).into_iter().collect();
    let file = ogr::OgrFile { title: name.to_owned(), inner: inner.to_owned(), options };
    Ok(Box::new(ogr::Opened::new(file)?))
}
