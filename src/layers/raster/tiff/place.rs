//! Where a GeoTIFF lies (OGC GeoTIFF 1.1): geotransform and CRS, as GDAL reads them.

use super::Fault;
use super::directory::{Directory, Tiff};
use crate::layers::crs::Crs;

const PIXEL_SCALE: u16 = 33550;
const TIEPOINTS: u16 = 33922;
const TRANSFORMATION: u16 = 34264;
const GEO_KEYS: u16 = 34735;

/// Keys of the GeoKey directory.
const MODEL: u64 = 1024;
const RASTER_TYPE: u64 = 1025;
const GEOGRAPHIC: u64 = 2048;
const PROJECTED: u64 = 3072;
/// Stands for "defined by other keys".
const USER_DEFINED: u64 = 32767;

/// The geotransform; `None` where the file has none of its own.
pub(super) fn transform(tiff: &Tiff, directory: &Directory) -> Result<Option<[f64; 6]>, Fault> {
    let scale = tiff.reals(directory, PIXEL_SCALE)?;
    let ties = tiff.reals(directory, TIEPOINTS)?;
    let matrix = tiff.reals(directory, TRANSFORMATION)?;
    let mut placed = match (scale.as_slice(), ties.as_slice(), matrix.as_slice()) {
        ([x, y, ..], [i, j, _, east, north, ..], _) if *x != 0.0 && *y != 0.0 => {
            if *y < 0.0 {
                return Err(Fault::Declined("its cells have a negative height".to_owned()));
            }
            [east - i * x, *x, 0.0, north - j * -y, 0.0, -y]
        }
        (_, _, &[a, b, _, west, c, d, _, north, ..]) if matrix.len() == 16 => [west, a, b, north, c, d],
        _ => return Ok(None),
    };
    if keys(tiff, directory)?.contains(&(RASTER_TYPE, 2)) {
        // The value stands for the middle of the cell (PixelIsPoint), the transform for its corner.
        placed[0] -= placed[1] * 0.5 + placed[2] * 0.5;
        placed[3] -= placed[4] * 0.5 + placed[5] * 0.5;
    }
    Ok(Some(placed))
}

/// The CRS; `None` where the file names none. One that is defined by its parts is left to GDAL.
pub(super) fn crs(tiff: &Tiff, directory: &Directory) -> Result<Option<Crs>, Fault> {
    let keys = keys(tiff, directory)?;
    let key = |wanted: u64| keys.iter().find(|(key, _)| *key == wanted).map(|(_, value)| *value);
    let code = match (key(MODEL), key(PROJECTED), key(GEOGRAPHIC)) {
        (None | Some(1), Some(code), _) | (None | Some(2), None, Some(code)) | (Some(2), _, Some(code)) => {
            code
        }
        (None | Some(0), None, None) => return Ok(None),
        _ => USER_DEFINED,
    };
    match u32::try_from(code) {
        Ok(code @ 1024..=32766) => {
            Crs::epsg(code).map(Some).map_err(|error| Fault::Declined(error.to_string()))
        }
        _ => Err(Fault::Declined("its CRS has no EPSG code".to_owned())),
    }
}

/// Keys with whole numbers of their own.
fn keys(tiff: &Tiff, directory: &Directory) -> Result<Vec<(u64, u64)>, Fault> {
    let words = tiff.wholes(directory, GEO_KEYS)?;
    let keys = words.get(4..).unwrap_or_default().chunks_exact(4);
    Ok(keys.filter(|key| key[1] == 0).map(|key| (key[0], key[3])).collect())
}
