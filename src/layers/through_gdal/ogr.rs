//! The reader that takes every format: features one after another through GDAL's C interface.
//!
//! Only wanted fields are looked at, and text as bytes. One stretch: a GDAL layer is read from first to last.

use std::ffi::CStr;
use std::path::PathBuf;
use std::sync::Arc;

use gdal::errors::GdalError;
use gdal::vector::LayerAccess;
use gdal::{Dataset, DatasetOptions, GdalOpenFlags};
use gdal_sys::{OGRFeatureH, OGRFieldType, OGRLayerH};

use super::{cause, crs, rings};
use crate::layers::error::LayerError;
use crate::layers::native::NativeFile;
use crate::layers::open::Description;
use crate::layers::rows::{Cell, Row, Rows, Seen, StoredLayer, Taker};
use crate::survey::{Batch, Figure};

/// A file that GDAL opens.
#[derive(Debug, Clone)]
pub(super) struct OgrFile {
    /// The file's name for people.
    pub title: String,
    /// What GDAL is to open; inside an archive, a path that only GDAL understands.
    pub inner: PathBuf,
    /// Open options of its driver.
    pub options: Vec<String>,
}

impl OgrFile {
    fn dataset(&self) -> Result<Dataset, LayerError> {
        let options: Vec<&str> = self.options.iter().map(String::as_str).collect();
        let opening = DatasetOptions {
            open_flags: GdalOpenFlags::GDAL_OF_VECTOR | GdalOpenFlags::GDAL_OF_READONLY,
            open_options: (!options.is_empty()).then_some(&options[..]),
            ..DatasetOptions::default()
        };
        Dataset::open_ex(&self.inner, opening).map_err(|e| self.broken(e))
    }

    fn broken(&self, error: GdalError) -> LayerError {
        LayerError::CannotOpen { file: self.title.clone(), cause: cause(error) }
    }
}

/// A file that GDAL has opened once, with the names of its layers.
#[derive(Debug)]
pub(super) struct Opened {
    file: OgrFile,
    layers: Vec<String>,
}

impl Opened {
    pub(super) fn new(file: OgrFile) -> Result<Self, LayerError> {
        let layers = file.dataset()?.layers().map(|layer| layer.name()).collect();
        Ok(Self { file, layers })
    }
}

impl NativeFile for Opened {
    fn layer_names(&self) -> Vec<String> {
        self.layers.clone()
    }

    fn layer(self: Box<Self>, index: usize, title: &str) -> Result<Arc<dyn StoredLayer>, LayerError> {
        Ok(Arc::new(OgrLayer { file: OgrFile { title: title.to_owned(), ..self.file }, index }))
    }
}

/// A layer that GDAL reads.
#[derive(Debug)]
pub(super) struct OgrLayer {
    file: OgrFile,
    index: usize,
}

impl StoredLayer for OgrLayer {
    /// O(features) for formats without an index.
    fn describe(&self) -> Result<Description, LayerError> {
        let dataset = self.file.dataset()?;
        let layer = dataset.layer(self.index).map_err(|e| self.file.broken(e))?;
        let extent = layer.try_get_extent().map_err(|e| self.file.broken(e))?;
        let extent = extent.or_else(|| layer.get_extent().ok());
        let extent = extent.map(|e| [e.MinX, e.MinY, e.MaxX, e.MaxY]);
        Ok(Description {
            fields: layer.defn().fields().map(|f| f.name()).collect(),
            crs: layer.spatial_ref().and_then(|srs| crs::of_layer(&srs)),
            extent: extent.filter(|e| e.iter().all(|c| c.is_finite())),
            features: layer.try_feature_count(),
            geometry: gdal::vector::geometry_type_to_name(layer.defn().geometry_type()),
        })
    }

    fn stretches(&self) -> usize {
        1
    }

    fn rows(&self, _: usize, _: &[usize]) -> Result<Box<dyn Rows + '_>, LayerError> {
        Ok(Box::new(Features::open(&self.file, self.index)?))
    }
}

/// Features of an open layer, from the first to the last.
struct Features {
    layer: OGRLayerH,
    title: String,
    read: u64,
    expected: Option<u64>,
    /// Keeps the layer open; used through `layer` only.
    _dataset: Dataset,
}

/// One feature, alive until the next is read.
struct Feature {
    handle: OGRFeatureH,
    /// What GDAL complained of while it read the feature.
    fault: Option<String>,
    /// Text that was not valid UTF-8, mended.
    mended: String,
}

impl Features {
    fn open(file: &OgrFile, index: usize) -> Result<Self, LayerError> {
        let dataset = file.dataset()?;
        let (layer, expected) = {
            let layer = dataset.layer(index).map_err(|e| file.broken(e))?;
            // SAFETY: the handle stays valid as long as the dataset, which moves into the result unharmed.
            (unsafe { layer.c_layer() }, layer.try_feature_count())
        };
        // SAFETY: the handle is valid, see above.
        unsafe { gdal_sys::OGR_L_ResetReading(layer) };
        Ok(Self { layer, title: file.title.clone(), read: 0, expected, _dataset: dataset })
    }

    /// The next feature; an error where the layer ends before the number it announced.
    fn next(&mut self) -> Option<Result<Feature, LayerError>> {
        // SAFETY: the layer is open; the feature is ours until dropped.
        let feature = unsafe {
            gdal_sys::CPLErrorReset();
            gdal_sys::OGR_L_GetNextFeature(self.layer)
        };
        if !feature.is_null() {
            self.read += 1;
            let fault = failure();
            return Some(Ok(Feature { handle: feature, fault, mended: String::new() }));
        }
        self.cause_of_end()
            .map(|cause| Err(LayerError::BrokeOff { layer: self.title.clone(), read: self.read, cause }))
    }

    fn cause_of_end(&self) -> Option<String> {
        let short = self.expected.filter(|&expected| self.read < expected);
        failure().or_else(|| short.map(|expected| format!("the layer announces {expected} features")))
    }
}

impl Rows for Features {
    fn each(&mut self, take: &mut Taker<'_>) -> Result<bool, LayerError> {
        while let Some(feature) = self.next() {
            if take(&mut feature?).is_break() {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// The failure that GDAL reported on this thread since its state was last reset.
fn failure() -> Option<String> {
    // SAFETY: the calls are without arguments; the message is copied at once.
    unsafe {
        let failed = gdal_sys::CPLGetLastErrorType() >= gdal_sys::CPLErr::CE_Failure;
        let message = gdal_sys::CPLGetLastErrorMsg();
        failed.then(|| match message.is_null() {
            true => String::new(),
            false => CStr::from_ptr(message).to_string_lossy().trim().to_owned(),
        })
    }
}

impl Drop for Feature {
    fn drop(&mut self) {
        // SAFETY: the feature is ours.
        unsafe { gdal_sys::OGR_F_Destroy(self.handle) };
    }
}

impl Row for Feature {
    fn fid(&self) -> i64 {
        // SAFETY: the feature is valid.
        unsafe { gdal_sys::OGR_F_GetFID(self.handle) }
    }

    fn cell(&mut self, field: usize) -> Cell<'_> {
        let field = field as i32;
        // SAFETY: the feature is valid and the field's index comes from its own layer.
        unsafe {
            if gdal_sys::OGR_F_IsFieldSetAndNotNull(self.handle, field) == 0 {
                return Cell::Null;
            }
            let definition = gdal_sys::OGR_F_GetFieldDefnRef(self.handle, field);
            match gdal_sys::OGR_Fld_GetType(definition) {
                OGRFieldType::OFTInteger | OGRFieldType::OFTInteger64 => {
                    Cell::Integer(gdal_sys::OGR_F_GetFieldAsInteger64(self.handle, field))
                }
                OGRFieldType::OFTReal => Cell::Real(gdal_sys::OGR_F_GetFieldAsDouble(self.handle, field)),
                _ => self.text(gdal_sys::OGR_F_GetFieldAsString(self.handle, field)),
            }
        }
    }

    fn figures(&mut self, wanted: Figure, unit_m: f64, batch: &mut Batch) -> Seen {
        // SAFETY: the feature is valid; its geometry, null where it has none, lives as long as it.
        let seen = unsafe { rings::walk(gdal_sys::OGR_F_GetGeometryRef(self.handle), wanted, unit_m, batch) };
        Seen { fault: self.fault.clone(), ..seen }
    }
}

impl Feature {
    unsafe fn text(&mut self, raw: *const std::ffi::c_char) -> Cell<'_> {
        if raw.is_null() {
            return Cell::Null;
        }
        // SAFETY: GDAL gives a terminated string that lives until the next call on the feature.
        let text = unsafe { CStr::from_ptr(raw) };
        match text.to_str() {
            Ok(text) => Cell::text(text),
            Err(_) => {
                self.mended = text.to_string_lossy().into_owned();
                Cell::text(&self.mended)
            }
        }
    }
}
