//! Opens rasters (栅格): files, bands, mosaics of sheets. The counterpart of [`open`](crate::layers::open) for cells.
//!
//! In: [`RasterSettings`]. Out: a [`RasterFile`], one band that many threads read by blocks. Values are given as
//! they are stored, with the value that stands for "no data", scale and offset beside them. A file's header is never
//! believed before it was held against the file's size. Overviews are ignored.

pub mod error;
mod index;
mod light;
mod mosaic;
pub(super) mod patches;
pub(super) mod stored;
mod threshold;
mod tiff;
mod windows;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::finding::{Finding, Severity};
use crate::layers::beyond;
use crate::layers::crs::Crs;
use crate::layers::error::LayerError;
use crate::layers::pattern;
use crate::project::settings::{IndexSettings, RasterSettings};
use crate::survey::SourceFault;
use crate::survey::raster::{BlockReader, Frame, Raster};
use crate::words;

use error::RasterError;
use light::Light;
use stored::Stored;
use tiff::Opened;

/// One band of a raster file.
#[derive(Debug, Clone)]
pub struct RasterFile {
    name: String,
    paths: Vec<PathBuf>,
    stored: Stored,
    findings: Vec<Finding>,
}

/// Opens a raster below `folder`; a pattern of names is a mosaic of sheets, which win in the order of their names.
/// Without a band, it is the first; a finding says so where there are others.
pub fn open(folder: &Path, settings: &RasterSettings) -> Result<RasterFile, LayerError> {
    let (name, paths, stored) = found(folder, settings)?;
    let name = if stored.bands.len() > 1 { format!("{name}:{}", stored.number) } else { name };
    let findings = first_of_several(&stored, settings).map(|f| f.in_layer(&name));
    Ok(RasterFile { name, paths, findings: findings.into_iter().collect(), stored })
}

/// Opens an index over bands below `folder`: 64-bit floats, NaN where there is no data.
pub fn index(folder: &Path, settings: &IndexSettings) -> Result<RasterFile, LayerError> {
    let file = || settings.file.clone();
    let (mut bands, mut paths, mut lights) = (Vec::new(), Vec::new(), Vec::new());
    for name in settings.expression.bands() {
        let band = band_called(folder, settings, name)?;
        let (_, files, stored) = found(folder, &band)?;
        if stored.alpha && stored.number == stored.bands.len() {
            return Err(LayerError::Raster(RasterError::Transparency {
                file: band.file,
                name: name.clone(),
            }));
        }
        paths.extend(files);
        lights.push(Light::of(name, stored.bands.get(stored.number - 1).map_or("", String::as_str)));
        bands.push((format!("{}:{name}", band.file), stored));
    }
    let stored = index::over(&settings.expression, bands).map_err(LayerError::Raster)?;
    let stored = stored.ok_or_else(|| LayerError::NotFound { file: file() })?;
    let name = format!("{}:{}", settings.file, settings.expression);
    paths.sort();
    paths.dedup();
    let findings = light::finding(&lights).map(|f| f.in_layer(&name)).into_iter().collect();
    Ok(RasterFile { name, paths, findings, stored })
}

/// The band that an expression calls so: the settings say which, or its number, or what the file says of it.
fn band_called(folder: &Path, settings: &IndexSettings, name: &str) -> Result<RasterSettings, LayerError> {
    let own = settings.bands.iter().find(|(known, _)| known == name).map(|(_, band)| band.clone());
    let number = name.strip_prefix('b').and_then(|n| n.parse().ok());
    let in_file = |band| RasterSettings { file: settings.file.clone(), band: Some(band) };
    if let Some(band) = own.or_else(|| number.map(in_file)) {
        return Ok(band);
    }
    let (_, _, first) = found(folder, &in_file(1))?;
    let described = first.bands.iter().position(|said| said.trim().eq_ignore_ascii_case(name));
    described.map(|at| in_file(at + 1)).ok_or_else(|| {
        LayerError::Raster(RasterError::NoBandCalled { file: settings.file.clone(), name: name.to_owned() })
    })
}

/// A band of a file, or of the sheets of a pattern, with its name and its files.
fn found(folder: &Path, settings: &RasterSettings) -> Result<(String, Vec<PathBuf>, Stored), LayerError> {
    let files = pattern::files(folder, &settings.file);
    let single = |path: &Path| -> Result<(String, Stored), LayerError> {
        if !path.exists() {
            return Err(LayerError::NotFound { file: settings.file.clone() });
        }
        let name =
            path.file_name().map_or_else(|| settings.file.clone(), |n| n.to_string_lossy().into_owned());
        let stored = stored(&name, path, settings.band).map_err(LayerError::Raster)?;
        Ok((name, stored))
    };
    let missing = || LayerError::NoMatch { pattern: settings.file.clone() };
    if let [only] = files.as_slice() {
        let (name, stored) = single(only)?;
        return Ok((name, files, stored));
    }
    let sheets = files.iter().map(|path| single(path)).collect::<Result<Vec<_>, _>>()?;
    let stored = mosaic::lay(sheets).map_err(LayerError::Raster)?.ok_or_else(missing)?;
    Ok((settings.file.clone(), files, stored))
}

/// A band, by our own reader where it knows the layout.
fn stored(name: &str, path: &Path, band: Option<usize>) -> Result<Stored, RasterError> {
    match tiff::open(name, path, band)? {
        Opened::Native(stored) => Ok(stored),
        Opened::Declined(reason) => beyond::raster(name, path, band, &reason),
    }
}

/// That a band was chosen by being the first.
fn first_of_several(stored: &Stored, settings: &RasterSettings) -> Option<Finding> {
    let bands = stored.bands.len() - usize::from(stored.alpha);
    (settings.band.is_none() && bands > 1).then(|| {
        let sentence = words!(
            "has {bands} bands and none is named: band 1 is read",
            "共 {bands} 个波段而未指定：读取第 1 波段"
        );
        let hint = words!("name it: band = 1, or --band 1", "请写明波段：band = 1 或 --band 1");
        Finding::new("raster-first-band", Severity::Info, sentence).with_hint(hint)
    })
}

impl RasterFile {
    /// The files that it is read from.
    pub fn paths(&self) -> &[PathBuf] {
        &self.paths
    }

    /// The CRS that it declares.
    pub fn crs(&self) -> Option<&Crs> {
        self.stored.crs.as_ref()
    }

    /// Whether the program reads it itself, and the same in every build.
    pub fn is_own(&self) -> bool {
        self.stored.own
    }

    /// How many bands the file has; an alpha band is one.
    pub fn bands(&self) -> usize {
        self.stored.bands.len()
    }

    /// The number of the band that is read, from 1.
    pub fn band(&self) -> usize {
        self.stored.number
    }

    /// The error that reading it broke off.
    fn broken(&self, error: &SourceFault) -> LayerError {
        let of_raster = || error.downcast_ref::<RasterError>().cloned().map(LayerError::Raster);
        let known = error.downcast_ref::<LayerError>().cloned().or_else(of_raster);
        let (file, cause) = (self.name.clone(), error.to_string());
        known.unwrap_or(LayerError::Raster(RasterError::CannotOpen { file, cause }))
    }

    /// What the file says of each band, in order; an empty text where it says nothing.
    pub fn descriptions(&self) -> &[String] {
        &self.stored.bands
    }
}

impl Raster for RasterFile {
    fn name(&self) -> &str {
        &self.name
    }

    fn frame(&self) -> &Frame {
        self.stored.band.frame()
    }

    fn reader(&self) -> Result<Box<dyn BlockReader + '_>, SourceFault> {
        Ok(Arc::clone(&self.stored.band).reader().map_err(LayerError::Raster)?)
    }

    fn findings(&self) -> Vec<Finding> {
        self.findings.clone()
    }
}
