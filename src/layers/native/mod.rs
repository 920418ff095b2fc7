//! Our own readers of the formats that mass layers come in: Shapefile, GeoPackage, FlatGeobuf, GeoParquet, GeoJSON.
//!
//! In: a path. Out: a [`StoredLayer`] that several threads read at once, or the reason why GDAL should read the file
//! instead. Files are read by positioned reads into buffers that are used again; nothing is mapped, and no length is
//! believed before it was held against the size of the file. Every feature is read: spatial indexes (`.qix`, the
//! R-tree of a GeoPackage, the packed tree of a FlatGeobuf) are not used to leave any out.

mod arcs;
mod dbf;
mod fgb;
mod flat;
mod geo_json;
#[cfg(feature = "parquet")]
mod geoparquet;
mod gpkg;
mod moment;
mod nesting;
mod polygon;
mod shp;
mod shx;
pub(super) mod window;
mod wkb;

use std::fmt::Debug;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use crate::layers::error::LayerError;
use crate::layers::rows::StoredLayer;
use crate::survey::{Batch, Figure};

/// Features in one stretch: enough that starting one costs nothing, few enough that threads end together.
const STRETCH_FEATURES: u64 = 2048;

/// What became of a file that was to be opened.
pub(super) enum Opened {
    /// It is read natively.
    Native(Box<dyn NativeFile>),
    /// It is left to GDAL, and why.
    Declined(String),
}

/// An open file.
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
        return Ok(Opened::Declined("it is a folder, or lies in an archive".to_owned()));
    }
    match ending.as_str() {
        "shp" => Ok(shp::open(path, encoding)),
        "fgb" => Ok(fgb::open(path)),
        #[cfg(feature = "parquet")]
        "parquet" | "geoparquet" => geoparquet::open(name, path),
        #[cfg(not(feature = "parquet"))]
        "parquet" | "geoparquet" => Err(LayerError::CannotOpen {
            file: name.to_owned(),
            cause: "this program was built without the feature \"parquet\"".to_owned(),
        }),
        "gpkg" => gpkg::open(name, path),
        "geojson" | "json" | "geojsonl" | "geojsons" | "ndjson" => geo_json::open(name, path),
        _ => Ok(Opened::Declined(format!("no native reader for .{ending}"))),
    }
}

/// The smallest rectangle around the features of a layer that does not say it; places that are no numbers aside.
fn extent_of(layer: &dyn StoredLayer) -> Option<[f64; 4]> {
    let mut extent = [f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY];
    let mut batch = Batch::default();
    for stretch in 0..layer.stretches() {
        let mut rows = layer.rows(stretch, &[]).ok()?;
        let read = rows.each(&mut |row| {
            batch.clear();
            for figure in [Figure::Polygon, Figure::Line, Figure::Point] {
                row.figures(figure, 1.0, &mut batch);
            }
            for [x, y] in batch.points.iter().filter(|p| p.iter().all(|c| c.is_finite())) {
                extent = [extent[0].min(*x), extent[1].min(*y), extent[2].max(*x), extent[3].max(*y)];
            }
            ControlFlow::Continue(())
        });
        read.ok()?;
    }
    Some(extent).filter(|extent| extent[0] <= extent[2])
}
