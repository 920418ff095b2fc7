//! Reads features one after another through GDAL's C interface: only wanted fields, text as bytes.

use std::ffi::CStr;

use gdal::Dataset;
use gdal::vector::LayerAccess;
use gdal_sys::{OGRFeatureH, OGRFieldType, OGRGeometryH, OGRLayerH};

use crate::attribute::Value;
use crate::layers::error::LayerError;
use crate::layers::open::LayerFile;

/// Features of an open layer, from the first to the last.
pub(super) struct Features {
    layer: OGRLayerH,
    title: String,
    read: u64,
    expected: Option<u64>,
    /// Keeps the layer open; used through `layer` only.
    _dataset: Dataset,
}

/// One feature, alive until the next is read.
pub(super) struct Feature {
    handle: OGRFeatureH,
    /// What GDAL complained of while it read the feature.
    fault: Option<String>,
}

impl Features {
    pub(super) fn open(file: &LayerFile) -> Result<Self, LayerError> {
        let dataset = file.dataset()?;
        let (layer, expected) = {
            let layer = dataset.layer(file.index()).map_err(|e| file.broken(e))?;
            // SAFETY: the handle stays valid as long as the dataset, which moves into the result unharmed.
            (unsafe { layer.c_layer() }, layer.try_feature_count())
        };
        // SAFETY: the handle is valid, see above.
        unsafe { gdal_sys::OGR_L_ResetReading(layer) };
        Ok(Self { layer, title: file.title.clone(), read: 0, expected, _dataset: dataset })
    }

    /// The next feature; an error where the layer ends before the number it announced.
    pub(super) fn next(&mut self) -> Option<Result<Feature, LayerError>> {
        // SAFETY: the layer is open; the feature is ours until dropped.
        let feature = unsafe {
            gdal_sys::CPLErrorReset();
            gdal_sys::OGR_L_GetNextFeature(self.layer)
        };
        if !feature.is_null() {
            self.read += 1;
            let fault = failure();
            return Some(Ok(Feature { handle: feature, fault }));
        }
        self.cause_of_end()
            .map(|cause| Err(LayerError::BrokeOff { layer: self.title.clone(), read: self.read, cause }))
    }

    fn cause_of_end(&self) -> Option<String> {
        let short = self.expected.filter(|&expected| self.read < expected);
        failure().or_else(|| short.map(|expected| format!("the layer announces {expected} features")))
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

impl Feature {
    /// The identifier the format gives it.
    pub(super) fn fid(&self) -> i64 {
        // SAFETY: the feature is valid.
        unsafe { gdal_sys::OGR_F_GetFID(self.handle) }
    }

    /// Why it may be less than what was recorded; `None` where it was read without complaint.
    pub(super) fn fault(&self) -> Option<&str> {
        self.fault.as_deref()
    }

    /// Its geometry; null where it has none.
    pub(super) fn geometry(&self) -> OGRGeometryH {
        // SAFETY: the feature is valid; the geometry lives as long as it.
        unsafe { gdal_sys::OGR_F_GetGeometryRef(self.handle) }
    }

    /// The centre of the rectangle around its geometry; `None` where it has none.
    pub(super) fn centre(&self) -> Option<(f64, f64)> {
        let geometry = self.geometry();
        if geometry.is_null() {
            return None;
        }
        let mut envelope = gdal_sys::OGREnvelope { MinX: 0.0, MaxX: 0.0, MinY: 0.0, MaxY: 0.0 };
        // SAFETY: the geometry is valid and the envelope is ours.
        unsafe { gdal_sys::OGR_G_GetEnvelope(geometry, &mut envelope) };
        Some(((envelope.MinX + envelope.MaxX) / 2.0, (envelope.MinY + envelope.MaxY) / 2.0))
    }

    /// The value of a field. Blank text counts as null, as a .dbf cannot tell the two apart.
    pub(super) fn value(&self, field: usize) -> Value {
        let field = field as i32;
        // SAFETY: the feature is valid and the field's index comes from its own layer.
        unsafe {
            if gdal_sys::OGR_F_IsFieldSetAndNotNull(self.handle, field) == 0 {
                return Value::Null;
            }
            let definition = gdal_sys::OGR_F_GetFieldDefnRef(self.handle, field);
            match gdal_sys::OGR_Fld_GetType(definition) {
                OGRFieldType::OFTInteger | OGRFieldType::OFTInteger64 => {
                    Value::Integer(gdal_sys::OGR_F_GetFieldAsInteger64(self.handle, field))
                }
                OGRFieldType::OFTReal => Value::Real(gdal_sys::OGR_F_GetFieldAsDouble(self.handle, field)),
                _ => text(gdal_sys::OGR_F_GetFieldAsString(self.handle, field)),
            }
        }
    }
}

unsafe fn text(raw: *const std::ffi::c_char) -> Value {
    if raw.is_null() {
        return Value::Null;
    }
    // SAFETY: GDAL gives a terminated string that lives until the next call on the feature.
    let text = unsafe { CStr::from_ptr(raw) }.to_string_lossy();
    match text.trim() {
        "" => Value::Null,
        text => Value::Text(text.to_owned()),
    }
}
