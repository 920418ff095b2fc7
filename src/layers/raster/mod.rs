//! Opens rasters (栅格): files, bands, mosaics of sheets. The counterpart of [`open`](crate::layers::open) for cells.
//!
//! In: [`RasterSettings`]. Out: a [`RasterFile`], one band that many threads read by blocks. Values are given as
//! they are stored, with the value that stands for "no data", scale and offset beside them. A file's header is never
//! believed before it was held against the file's size. Overviews are ignored.

pub mod error;
pub(super) mod stored;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::finding::{Finding, Severity};
use crate::layers::beyond;
use crate::layers::crs::Crs;
use crate::layers::error::LayerError;
use crate::project::settings::RasterSettings;
use crate::survey::SourceFault;
use crate::survey::raster::{BlockReader, Frame, Raster};
use crate::words;

use stored::Stored;

/// One band of a raster file.
#[derive(Debug, Clone)]
pub struct RasterFile {
    name: String,
    path: PathBuf,
    stored: Stored,
    findings: Vec<Finding>,
}

/// Opens a raster below `folder`. Without a band, it is the first; a finding says so where there are others.
pub fn open(folder: &Path, settings: &RasterSettings) -> Result<RasterFile, LayerError> {
    let path = folder.join(&settings.file);
    if !path.exists() {
        return Err(LayerError::NotFound { file: settings.file.clone() });
    }
    let name = path.file_name().map_or_else(|| settings.file.clone(), |n| n.to_string_lossy().into_owned());
    let stored =
        beyond::raster(&name, &path, settings.band, "no reader of its own").map_err(LayerError::Raster)?;
    let name = if stored.bands.len() > 1 { format!("{name}:{}", stored.number) } else { name };
    let findings = first_of_several(&stored, settings).map(|f| f.in_layer(&name));
    Ok(RasterFile { name, path, findings: findings.into_iter().collect(), stored })
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
    /// The file itself.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The CRS that it declares.
    pub fn crs(&self) -> Option<&Crs> {
        self.stored.crs.as_ref()
    }

    /// How many bands the file has; an alpha band is one.
    pub fn bands(&self) -> usize {
        self.stored.bands.len()
    }

    /// The number of the band that is read, from 1.
    pub fn band(&self) -> usize {
        self.stored.number
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
