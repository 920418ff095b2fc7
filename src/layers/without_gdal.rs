//! What lies beyond the program's own readers and coordinate systems, in the lean build: nothing, and each error says
//! which feature is needed. `through_gdal` stands in this place where GDAL is built in, with the same doors.

use std::convert::Infallible;
use std::path::Path;

use super::crs::{About, Crs, Kind};
use super::error::LayerError;
use super::native::NativeFile;
use super::raster::error::RasterError;
use super::raster::stored::Stored;
use crate::geometry::ellipsoid::CGCS2000;

/// Endings of the formats that the program reads itself, so that such a file is damaged, or odd.
const OWN: [&str; 10] =
    ["shp", "gpkg", "fgb", "geojson", "json", "geojsonl", "geojsons", "ndjson", "parquet", "geoparquet"];

/// A file that the program does not read itself, and why.
pub(super) fn open(
    name: &str,
    _: &Path,
    _: Option<String>,
    reason: &str,
) -> Result<Box<dyn NativeFile>, LayerError> {
    let file = name.to_owned();
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
    if OWN.contains(&ending.as_str()) {
        let cause = format!("{reason}; a build with the feature \"gdal\" may read it");
        return Err(LayerError::CannotOpen { file, cause });
    }
    Err(LayerError::FormatNeedsGdal { file, reason: reason.to_owned() })
}

/// A raster that the program does not read itself, and why.
pub(super) fn raster(name: &str, _: &Path, _: Option<usize>, reason: &str) -> Result<Stored, RasterError> {
    Err(RasterError::NeedsGdal { file: name.to_owned(), reason: reason.to_owned() })
}

/// A CRS that the program does not know itself: its name, so that errors can tell it.
pub(super) fn crs(text: &str) -> Result<Crs, LayerError> {
    let written = |c: char| c.is_ascii_digit() || "+{".contains(c);
    if !text.starts_with(written) && !text.contains(['[', ':']) {
        let cause = "it is no code, no well-known text and no PROJ string".to_owned();
        return Err(LayerError::BadCrs { text: text.to_owned(), cause });
    }
    let name = match text.split_once("[\"").and_then(|(_, rest)| rest.split_once('"')) {
        Some((name, _)) => name,
        None => text,
    };
    Ok(Crs::foreign(About {
        label: name.to_owned(),
        name: name.to_owned(),
        kind: Kind::Other,
        datum: "not known".to_owned(),
        unit_m: 1.0,
        ellipsoid: CGCS2000,
        grid: None,
        wkt: text.to_owned(),
    }))
}

/// The same for the `.prj` of a shapefile.
pub(super) fn crs_of_prj(text: &str) -> Option<Crs> {
    crs(text.trim()).ok().filter(|_| !text.trim().is_empty())
}

/// None of these can be worked with.
pub(super) fn usable(crs: &Crs) -> Result<(), LayerError> {
    Err(LayerError::CrsNeedsGdal { crs: crs.label.clone() })
}

/// Whether two are the same cannot be told.
pub(super) fn same(_: &Crs, _: &Crs) -> bool {
    false
}

/// No CRS can be made from one that is not known.
pub(super) fn equal_area(crs: &Crs, _: f64, _: f64) -> Result<Crs, LayerError> {
    usable(crs).map(|()| crs.clone())
}

/// A step that cannot be made.
pub(super) struct Step(Infallible);

impl Step {
    pub(super) fn to_degrees(crs: &Crs) -> Result<Option<Self>, LayerError> {
        usable(crs).map(|()| None)
    }

    pub(super) fn from_degrees(crs: &Crs) -> Result<Option<Self>, LayerError> {
        usable(crs).map(|()| None)
    }

    pub(super) fn shifted(crs: &Crs, _: [f64; 7]) -> Result<Self, LayerError> {
        Err(LayerError::CrsNeedsGdal { crs: crs.label.clone() })
    }

    pub(super) fn carry(&self, _: &mut [f64], _: &mut [f64]) {
        match self.0 {}
    }
}
