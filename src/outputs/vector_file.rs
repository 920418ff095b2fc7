//! Vector layers as files in memory: [`geopackage`](super::geopackage) and [`shapefile`](super::shapefile).
//!
//! In: layers of plain values. Out: names and bytes; nothing touches the disk. Same layers, same bytes, in every
//! build: the dates that both formats carry are fixed.

use geo::{LineString, MultiLineString, MultiPolygon};
use thiserror::Error;

use crate::words::{Words, foreign};

/// Why layers could not be written.
#[derive(Debug, Error)]
pub enum VectorFileError {
    /// SQLite refused.
    #[error("{file}: could not be written as a GeoPackage: {cause}")]
    Database {
        /// The document.
        file: String,
        /// What SQLite says.
        cause: rusqlite::Error,
    },
    /// A value does not fit into its column.
    #[error("{file}, field {field}: \"{value}\" does not fit into {width} bytes")]
    TooWide {
        /// The document.
        file: String,
        /// The column.
        field: String,
        /// What was to be written.
        value: String,
        /// What the column holds.
        width: usize,
    },
}

impl VectorFileError {
    /// A stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Database { .. } => "vector-file-not-written",
            Self::TooWide { .. } => "vector-file-value-too-wide",
        }
    }

    /// The Chinese sentence.
    pub fn zh(&self) -> String {
        match self {
            Self::Database { file, cause } => {
                format!("{file}：无法写成 GeoPackage：{}", foreign(&cause.to_string()))
            }
            Self::TooWide { file, field, value, width } => {
                format!("{file}，字段 {field}：“{value}”超出 {width} 字节")
            }
        }
    }

    /// What would cure it, where the user can.
    pub fn cure(&self) -> Option<Words> {
        None
    }
}

/// The smallest rectangle around a shape: west, south, east, north; `None` where it has no vertex.
pub(super) fn box_of(shape: &MultiPolygon<f64>) -> Option<[f64; 4]> {
    let vertices = shape.iter().flat_map(|polygon| &polygon.exterior().0);
    around(vertices.map(|c| [c.x, c.y, c.x, c.y]))
}

/// The smallest rectangle around rectangles.
pub(super) fn around(boxes: impl Iterator<Item = [f64; 4]>) -> Option<[f64; 4]> {
    boxes.reduce(|a, b| [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])])
}

/// What a layer may be drawn of.
pub trait Drawn {
    /// Its geometry type, as a GeoPackage names it.
    const KIND: &'static str;

    /// The smallest rectangle around it: west, south, east, north; `None` where it has no vertex.
    fn around(&self) -> Option<[f64; 4]>;

    /// Well-known binary, little-endian (OGC 06-103r4, 8.2).
    fn wkb(&self) -> Vec<u8>;
}

impl Drawn for MultiPolygon<f64> {
    const KIND: &'static str = "MULTIPOLYGON";

    fn around(&self) -> Option<[f64; 4]> {
        box_of(self)
    }

    fn wkb(&self) -> Vec<u8> {
        const POLYGON: u32 = 3;
        const MULTI_POLYGON: u32 = 6;
        let mut bytes = Vec::new();
        head(&mut bytes, MULTI_POLYGON, self.0.len());
        for polygon in &self.0 {
            head(&mut bytes, POLYGON, 1 + polygon.interiors().len());
            vertices(&mut bytes, polygon.exterior());
            polygon.interiors().iter().for_each(|hole| vertices(&mut bytes, hole));
        }
        bytes
    }
}

impl Drawn for MultiLineString<f64> {
    const KIND: &'static str = "MULTILINESTRING";

    fn around(&self) -> Option<[f64; 4]> {
        around(self.0.iter().flat_map(|line| &line.0).map(|c| [c.x, c.y, c.x, c.y]))
    }

    fn wkb(&self) -> Vec<u8> {
        const LINE: u32 = 2;
        const MULTI_LINE: u32 = 5;
        let mut bytes = Vec::new();
        head(&mut bytes, MULTI_LINE, self.0.len());
        for line in &self.0 {
            bytes.push(1);
            bytes.extend(LINE.to_le_bytes());
            vertices(&mut bytes, line);
        }
        bytes
    }
}

fn head(bytes: &mut Vec<u8>, kind: u32, count: usize) {
    bytes.push(1);
    bytes.extend(kind.to_le_bytes());
    bytes.extend((count as u32).to_le_bytes());
}

/// How many vertices, and the vertices.
fn vertices(bytes: &mut Vec<u8>, line: &LineString<f64>) {
    bytes.extend((line.0.len() as u32).to_le_bytes());
    for vertex in &line.0 {
        bytes.extend(vertex.x.to_le_bytes());
        bytes.extend(vertex.y.to_le_bytes());
    }
}
