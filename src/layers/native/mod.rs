//! Our own readers of the formats that mass layers come in: Shapefile, GeoPackage, FlatGeobuf, GeoParquet.
//!
//! In: a path. Out: a [`StoredLayer`] that several threads read at once, or the reason why GDAL should read the file
//! instead. Files are read by positioned reads into buffers that are used again; nothing is mapped, and no length is
//! believed before it was held against the size of the file. Every feature is read: spatial indexes (`.qix`, the
//! R-tree of a GeoPackage, the packed tree of a FlatGeobuf) are not used to leave any out.

mod dbf;
mod nesting;
mod polygon;
mod shp;
mod shx;
mod window;

use std::fmt::Debug;
use std::path::Path;
use std::sync::Arc;

use crate::layers::error::LayerError;
use crate::layers::rows::StoredLayer;

/// Features in one stretch: enough that starting one costs nothing, few enough that threads end together.
const STRETCH_FEATURES: u64 = 8192;

/// What became of a file that was to be opened.
pub(super) enum Opened {
    /// It is read natively.
    Native(Box<dyn NativeFile>),
    /// It is left to GDAL, and why.
    Declined(String),
}

/// A file of one of these formats.
pub(super) trait NativeFile: Debug {
    /// Names of its layers: those with geometry, or the tables of a file that has nothing else.
    fn layer_names(&self) -> Vec<String>;

    /// One of them, to be called `title` in errors.
    fn layer(self: Box<Self>, index: usize, title: &str) -> Result<Arc<dyn StoredLayer>, LayerError>;
}

/// Opens a file by its ending. `encoding` is that of a shapefile's texts.
pub(super) fn open(name: &str, path: &Path, encoding: Option<&str>) -> Result<Opened, LayerError> {
    let ending = path.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    if !path.is_file() {
        return Ok(Opened::Declined("it is no plain file".to_owned()));
    }
    match ending.as_str() {
        "shp" => Ok(shp::open(path, encoding)),
        _ => Ok(Opened::Declined(format!("no native reader for .{ending}"))),
    }
}
