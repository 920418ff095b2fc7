//! Vector layers as files in memory: GeoPackage and shapefile, written by GDAL.
//!
//! In: layers of plain values. Out: names and bytes; nothing touches the disk. Same layers, same bytes: the dates
//! that both formats carry are fixed. GDAL is used nowhere else in the outputs.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

use gdal::config::{clear_thread_local_config_option, set_thread_local_config_option};
use gdal::errors::GdalError;
use gdal::spatial_ref::{AxisMappingStrategy, SpatialRef};
use gdal::vector::OGRwkbGeometryType::wkbMultiPolygon;
use gdal::vector::{Defn, Feature as GdalFeature, FieldDefn, Geometry, LayerOptions, OGRFieldType};
use gdal::{Dataset, DatasetCapability, DriverManager, vsi};
use geo::{LineString, MultiPolygon};
use thiserror::Error;

use super::Document;
use crate::attribute::Value;
use crate::sample::layer::{Feature, Field, Kind, Layer};
use crate::words::Words;

/// The moment that is written as the time of change.
const MOMENT: &str = "2000-01-01T00:00:00.000Z";
/// The same for the header of a `.dbf`.
const DAY: &str = "DBF_DATE_LAST_UPDATE=2000-01-01";

/// Why layers could not be written.
#[derive(Debug, Error)]
pub enum VectorFileError {
    /// GDAL refused.
    #[error("{file}, layer {layer}: GDAL could not write it: {cause}")]
    Gdal {
        /// The document.
        file: String,
        /// The layer, empty where the document as a whole is meant.
        layer: String,
        /// What GDAL says.
        cause: GdalError,
    },
}

impl VectorFileError {
    /// A stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Gdal { .. } => "vector-file-not-written",
        }
    }

    /// The Chinese sentence.
    pub fn zh(&self) -> String {
        match self {
            Self::Gdal { file, layer, cause } => format!("{file}，图层 {layer}：GDAL 无法写出：{cause}"),
        }
    }

    /// What would cure it, where the user can.
    pub fn cure(&self) -> Option<Words> {
        match self {
            Self::Gdal { .. } => None,
        }
    }
}

/// Writes layers into one GeoPackage.
pub fn geopackage(name: &str, layers: &[Layer]) -> Result<Document, VectorFileError> {
    let folder = MemoryFolder::new();
    let file = format!("{name}.gpkg");
    folder.write("GPKG", &file, layers, &[])?;
    let bytes = folder.take(&file)?;
    Ok((file, bytes))
}

/// Writes one layer as a shapefile with text in the given encoding, and a `.cpg` that names it if wanted.
pub fn shapefile(
    name: &str,
    layer: &Layer,
    encoding: &str,
    cpg: bool,
) -> Result<Vec<Document>, VectorFileError> {
    let folder = MemoryFolder::new();
    let options = [format!("ENCODING={encoding}"), DAY.to_owned()];
    folder.write("ESRI Shapefile", &format!("{name}.shp"), std::slice::from_ref(layer), &options)?;
    let endings = ["shp", "shx", "dbf", "prj", "cpg"].into_iter().filter(|ending| cpg || *ending != "cpg");
    endings
        .map(|ending| {
            let file = format!("{name}.{ending}");
            folder.take(&file).map(|bytes| (file, bytes))
        })
        .collect()
}

/// A folder in GDAL's memory of its own, gone when it is dropped.
struct MemoryFolder(PathBuf);

impl MemoryFolder {
    fn new() -> Self {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        Self(format!("/vsimem/sencheng-{}", COUNT.fetch_add(1, Ordering::Relaxed)).into())
    }

    fn write(
        &self,
        driver: &str,
        file: &str,
        layers: &[Layer],
        options: &[String],
    ) -> Result<(), VectorFileError> {
        let fail = |layer: &str| {
            let (file, layer) = (file.to_owned(), layer.to_owned());
            move |cause| VectorFileError::Gdal { file, layer, cause }
        };
        let _moment = FixedMoment::new().map_err(fail(""))?;
        let driver = DriverManager::get_driver_by_name(driver).map_err(fail(""))?;
        let mut dataset = driver.create_vector_only(self.0.join(file)).map_err(fail(""))?;
        for layer in layers {
            write_layer(&mut dataset, layer, options).map_err(fail(&layer.name))?;
        }
        dataset.close().map_err(fail(""))
    }

    fn take(&self, file: &str) -> Result<Vec<u8>, VectorFileError> {
        let fail = |cause| VectorFileError::Gdal { file: file.to_owned(), layer: String::new(), cause };
        vsi::get_vsi_mem_file_bytes_owned(self.0.join(file)).map_err(fail)
    }
}

impl Drop for MemoryFolder {
    fn drop(&mut self) {
        for file in vsi::read_dir(&self.0, true).unwrap_or_default() {
            // A file that was taken is already gone.
            let _ = vsi::unlink_mem_file(self.0.join(file));
        }
    }
}

/// While it lives, GDAL on this thread believes that it is [`MOMENT`].
struct FixedMoment;

impl FixedMoment {
    fn new() -> Result<Self, GdalError> {
        set_thread_local_config_option("OGR_CURRENT_DATE", MOMENT)?;
        Ok(Self)
    }
}

impl Drop for FixedMoment {
    fn drop(&mut self) {
        let _ = clear_thread_local_config_option("OGR_CURRENT_DATE");
    }
}

/// Writes one layer, in one transaction where the format has them.
fn write_layer(dataset: &mut Dataset, layer: &Layer, options: &[String]) -> Result<(), GdalError> {
    if !dataset.has_capability(DatasetCapability::TRANSACTIONS) {
        return fill_layer(dataset, layer, options);
    }
    let mut transaction = dataset.start_transaction()?;
    fill_layer(&mut transaction, layer, options)?;
    transaction.commit()
}

fn fill_layer(dataset: &mut Dataset, layer: &Layer, options: &[String]) -> Result<(), GdalError> {
    let mut srs = SpatialRef::from_epsg(layer.epsg)?;
    srs.set_axis_mapping_strategy(AxisMappingStrategy::TraditionalGisOrder);
    let options: Vec<&str> = options.iter().map(String::as_str).collect();
    let made = dataset.create_layer(LayerOptions {
        name: &layer.name,
        srs: Some(&srs),
        ty: wkbMultiPolygon,
        options: Some(&options),
    })?;
    for field in &layer.fields {
        column(field)?.add_to_layer(&made)?;
    }
    let defn = Defn::from_layer(&made);
    for feature in &layer.features {
        row(feature, &defn)?.create(&made)?;
    }
    Ok(())
}

fn column(field: &Field) -> Result<FieldDefn, GdalError> {
    let (kind, width, decimals) = match field.kind {
        Kind::Text(bytes) => (OGRFieldType::OFTString, bytes.into(), 0),
        Kind::Integer => (OGRFieldType::OFTInteger, 9, 0),
        Kind::Real(decimals) => (OGRFieldType::OFTReal, 16, decimals.into()),
    };
    let column = FieldDefn::new(field.name, kind)?;
    column.set_width(width);
    column.set_precision(decimals);
    Ok(column)
}

fn row<'a>(feature: &Feature, defn: &'a Defn) -> Result<GdalFeature<'a>, GdalError> {
    let mut row = GdalFeature::new(defn)?;
    if let Some(shape) = &feature.shape {
        row.set_geometry(Geometry::from_wkb(&wkb(shape))?)?;
    }
    for (at, value) in feature.values.iter().enumerate() {
        match value {
            Value::Null => row.set_field_null(at)?,
            Value::Integer(n) => row.set_field_integer64(at, *n)?,
            Value::Real(x) => row.set_field_double(at, *x)?,
            Value::Text(text) => row.set_field_string(at, text)?,
        }
    }
    Ok(row)
}

/// Well-known binary of a multipolygon, little-endian (OGC 06-103r4, 8.2).
fn wkb(shape: &MultiPolygon<f64>) -> Vec<u8> {
    const POLYGON: u32 = 3;
    const MULTI_POLYGON: u32 = 6;
    let mut bytes = Vec::new();
    let head = |bytes: &mut Vec<u8>, kind: u32, count: usize| {
        bytes.push(1);
        bytes.extend(kind.to_le_bytes());
        bytes.extend((count as u32).to_le_bytes());
    };
    head(&mut bytes, MULTI_POLYGON, shape.0.len());
    for polygon in &shape.0 {
        head(&mut bytes, POLYGON, 1 + polygon.interiors().len());
        ring(&mut bytes, polygon.exterior());
        polygon.interiors().iter().for_each(|hole| ring(&mut bytes, hole));
    }
    bytes
}

fn ring(bytes: &mut Vec<u8>, ring: &LineString<f64>) {
    bytes.extend((ring.0.len() as u32).to_le_bytes());
    for vertex in &ring.0 {
        bytes.extend(vertex.x.to_le_bytes());
        bytes.extend(vertex.y.to_le_bytes());
    }
}
