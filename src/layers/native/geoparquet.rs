//! GeoParquet: geometry as well-known binary in a column that the metadata `geo` names.
//!
//! A stretch is a range of rows inside a row group; pages before it are skipped undecoded. Fields are the top-level
//! columns of plain values; columns of other kinds (lists, structs) are no fields. GDAL seldom reads this format, so
//! what is wrong with a file is an error here. Through the `parquet` crate, without arrow.

mod column;
mod pages;
mod rows;

use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use parquet::errors::{ParquetError, Result as Parquet};
use parquet::file::metadata::{ParquetMetaData, ParquetMetaDataReader};
use parquet::file::reader::{ChunkReader, Length};
use serde_json::Value as Json;

use super::window::{Stored, ended};
use super::{NativeFile, Opened, STRETCH_FEATURES, extent_of};
use crate::layers::crs::Crs;
use crate::layers::error::LayerError;
use crate::layers::open::Description;
use crate::layers::rows::{Rows, StoredLayer};
use column::Kind;
use rows::Stretch;

/// Longitude and latitude on WGS 84: what a file is in that does not say.
const UNSAID_CRS: u32 = 4326;

/// A file as `parquet` reads it: by positioned reads.
#[derive(Debug, Clone)]
struct Chunks(Arc<Stored>);

/// Reads on from a place.
struct From {
    file: Chunks,
    at: u64,
}

impl Read for From {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let file = &self.file.0;
        let length = (file.length.saturating_sub(self.at)).min(buffer.len() as u64) as usize;
        let Some(buffer) = buffer.get_mut(..length) else { return Ok(0) };
        file.read_exact(buffer, self.at)?;
        self.at += length as u64;
        Ok(length)
    }
}

impl Length for Chunks {
    fn len(&self) -> u64 {
        self.0.length
    }
}

impl ChunkReader for Chunks {
    /// What is read from a place are headers of pages: small, and followed by a read of the page itself.
    type T = std::io::BufReader<From>;

    fn get_read(&self, start: u64) -> Parquet<Self::T> {
        Ok(std::io::BufReader::with_capacity(1024, From { file: self.clone(), at: start }))
    }

    fn get_bytes(&self, start: u64, length: usize) -> Parquet<Bytes> {
        let bytes = self.0.bytes(start, length as u64);
        bytes.map(Bytes::from).map_err(|e| ParquetError::EOF(e.to_string()))
    }
}

/// An open GeoParquet.
#[derive(Debug)]
struct GeoParquet {
    title: String,
    name: String,
    file: Chunks,
    metadata: Arc<ParquetMetaData>,
    /// Which leaf column holds the geometry.
    geometry: usize,
    /// What the metadata says of it.
    about: Json,
    /// Fields: name, leaf column, kind.
    fields: Vec<(String, usize, Kind)>,
    /// The row group of each stretch, and the rows in it where it begins and ends.
    stretches: Vec<(usize, u64, u64)>,
    /// The number in the file of the first row of each row group.
    firsts: Vec<u64>,
}

/// Opens a GeoParquet.
pub(super) fn open(name: &str, path: &Path) -> Result<Opened, LayerError> {
    let file = GeoParquet::open(path);
    let file = file.map_err(|cause| LayerError::CannotOpen { file: name.to_owned(), cause })?;
    Ok(Opened::Native(Box::new(file)))
}

impl GeoParquet {
    fn open(path: &Path) -> Result<Self, String> {
        let file = Chunks(Arc::new(Stored::open(path).map_err(|e| e.to_string())?));
        let metadata = pages::caught(|| ParquetMetaDataReader::new().parse_and_finish(&file));
        let metadata = metadata.map_err(|e| e.to_string())?;
        if !metadata.row_groups().iter().all(|group| pages::lie_inside(group, file.0.length)) {
            return Err("its columns do not lie inside the file".to_owned());
        }
        let about = geo(&metadata).ok_or("it is no GeoParquet: its metadata have no entry \"geo\"")?;
        let primary = about.get("primary_column").and_then(Json::as_str).unwrap_or("geometry").to_owned();
        let about = about.get("columns").and_then(|columns| columns.get(&primary)).cloned();
        let about = about.ok_or_else(|| format!("its metadata do not describe the column {primary}"))?;
        match about.get("encoding").and_then(Json::as_str) {
            Some("WKB") => {}
            other => {
                return Err(format!("its geometry is encoded as {}, not WKB", other.unwrap_or("nothing")));
            }
        }
        let leaves = metadata.file_metadata().schema_descr().columns();
        let top = |leaf: &&Arc<parquet::schema::types::ColumnDescriptor>| leaf.path().parts().len() == 1;
        let is_geometry = |leaf: &Arc<_>| top(&leaf) && leaf.name() == primary && column::is_bytes(leaf);
        let geometry = leaves.iter().position(is_geometry);
        let geometry = geometry.ok_or_else(|| format!("it has no column {primary} of bytes"))?;
        let fields = leaves.iter().enumerate().filter(|(i, leaf)| *i != geometry && top(leaf));
        let fields =
            fields.filter_map(|(i, leaf)| Some((leaf.name().to_owned(), i, Kind::of(leaf)?))).collect();
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let (stretches, firsts) = stretches(&metadata);
        Ok(Self {
            title: name.clone(),
            name,
            file,
            geometry,
            about,
            fields,
            stretches,
            firsts,
            metadata: Arc::new(metadata),
        })
    }

    fn features(&self) -> u64 {
        self.metadata.file_metadata().num_rows().max(0) as u64
    }

    /// What the CRS is said to be: an EPSG code where it has one, else its PROJJSON.
    fn crs(&self) -> Option<Crs> {
        let Some(crs) = self.about.get("crs") else { return Crs::epsg(UNSAID_CRS).ok() };
        let id = crs.get("id").filter(|id| id.get("authority").and_then(Json::as_str) == Some("EPSG"));
        let code = id.and_then(|id| id.get("code")).and_then(Json::as_u64);
        let by_code = code.and_then(|code| Crs::epsg(u32::try_from(code).ok()?).ok());
        by_code.or_else(|| Crs::parse(&crs.to_string()).ok().filter(|_| crs.is_object()))
    }

    /// West, south, east, north of a rectangle of two or three dimensions.
    fn extent(&self) -> Option<[f64; 4]> {
        let sides = self.about.get("bbox")?.as_array()?;
        let sides: Vec<f64> = sides.iter().filter_map(Json::as_f64).collect();
        match sides[..] {
            [w, s, e, n] | [w, s, _, e, n, _] => Some([w, s, e, n]),
            _ => None,
        }
    }

    /// The one kind that all its geometries are of.
    fn kind(&self) -> &'static str {
        let kinds = self.about.get("geometry_types").and_then(Json::as_array);
        let all = |word: &str| {
            let told = |kind: &Json| kind.as_str().is_some_and(|kind| kind.contains(word));
            kinds.is_some_and(|kinds| !kinds.is_empty() && kinds.iter().all(told))
        };
        match () {
            () if all("Point") => "Point",
            () if all("LineString") => "Line String",
            () if all("Polygon") => "Polygon",
            () => "Unknown",
        }
    }
}

fn geo(metadata: &ParquetMetaData) -> Option<Json> {
    let entries = metadata.file_metadata().key_value_metadata()?;
    let geo = entries.iter().find(|entry| entry.key == "geo")?;
    serde_json::from_str(geo.value.as_deref()?).ok()
}

/// Ranges of rows inside the row groups, and the first row of each row group.
fn stretches(metadata: &ParquetMetaData) -> (Vec<(usize, u64, u64)>, Vec<u64>) {
    let (mut stretches, mut firsts, mut first) = (Vec::new(), Vec::new(), 0);
    for (group, about) in metadata.row_groups().iter().enumerate() {
        let rows = about.num_rows().max(0) as u64;
        let froms = (0..rows).step_by(STRETCH_FEATURES as usize);
        stretches.extend(froms.map(|from| (group, from, (from + STRETCH_FEATURES).min(rows))));
        firsts.push(first);
        first += rows;
    }
    (stretches, firsts)
}

impl NativeFile for GeoParquet {
    fn layer_names(&self) -> Vec<String> {
        vec![self.name.clone()]
    }

    fn layer(self: Box<Self>, _: usize, title: &str) -> Result<Arc<dyn StoredLayer>, LayerError> {
        Ok(Arc::new(Self { title: title.to_owned(), ..*self }))
    }
}

impl StoredLayer for GeoParquet {
    fn describe(&self) -> Result<Description, LayerError> {
        Ok(Description {
            fields: self.fields.iter().map(|(name, ..)| name.clone()).collect(),
            crs: self.crs(),
            extent: self.extent().or_else(|| extent_of(self)),
            features: Some(self.features()),
            geometry: self.kind().to_owned(),
        })
    }

    fn stretches(&self) -> usize {
        self.stretches.len()
    }

    fn rows(&self, stretch: usize, wanted: &[usize]) -> Result<Box<dyn Rows + '_>, LayerError> {
        let broke_off = |cause: ParquetError| LayerError::BrokeOff {
            layer: self.title.clone(),
            read: stretch as u64 * STRETCH_FEATURES,
            cause: cause.to_string(),
        };
        let range = self.stretches.get(stretch).copied().unwrap_or_default();
        // A file that is cut off or changed while it is read may hold no such row group.
        let stretch = Stretch::open(self, range, wanted);
        let stretch = stretch.ok_or_else(|| broke_off(ParquetError::EOF(ended().to_string())))?;
        Ok(Box::new(stretch.map_err(broke_off)?))
    }
}
