//! A layer as a shapefile: `.shp`, `.shx`, `.dbf`, `.prj` (Esri's whitepaper of July 1998), with text in GBK.
//!
//! As surveyors send them: there is no `.cpg`, and the language byte says nothing. Outer rings run clockwise.

use encoding_rs::GBK;
use geo::{LineString, MultiPolygon};

use super::Document;
use super::vector_file::{VectorFileError, around, box_of};
use crate::attribute::Value;
use crate::survey::layer::{Feature, Field, Kind, Layer};

/// Shape type of polygons.
const POLYGON: u32 = 5;
/// Bytes of the header of `.shp` and `.shx`.
const HEADER: usize = 100;
/// Bytes of a whole number and of a number with decimals in the table.
const INTEGER_WIDTH: usize = 9;
const REAL_WIDTH: usize = 16;
/// Year since 1900, month and day that are written as the time of change.
const DAY: [u8; 3] = [100, 1, 1];

/// The four files of a layer; `prj` is its CRS in Esri's words.
pub fn shapefile(name: &str, layer: &Layer, prj: &str) -> Result<Vec<Document>, VectorFileError> {
    let (shp, shx) = shapes(&layer.features);
    let dbf_name = format!("{name}.dbf");
    let dbf = table(&dbf_name, layer)?;
    Ok(vec![
        (format!("{name}.shp"), shp),
        (format!("{name}.shx"), shx),
        (dbf_name, dbf),
        (format!("{name}.prj"), prj.as_bytes().to_vec()),
    ])
}

/// Records and their index.
fn shapes(features: &[Feature]) -> (Vec<u8>, Vec<u8>) {
    let (mut records, mut index) = (Vec::new(), Vec::new());
    for (number, feature) in features.iter().enumerate() {
        let content = feature.shape.as_ref().map_or_else(|| 0u32.to_le_bytes().to_vec(), content);
        let (offset, words) = (words(HEADER + records.len()), words(content.len()));
        index.extend([offset, words].concat());
        records.extend((number as u32 + 1).to_be_bytes());
        records.extend(words);
        records.extend(content);
    }
    let sides = around(features.iter().filter_map(|f| f.shape.as_ref().and_then(box_of))).unwrap_or_default();
    let file = |body: Vec<u8>| [header(body.len(), sides), body].concat();
    (file(records), file(index))
}

fn header(body: usize, sides: [f64; 4]) -> Vec<u8> {
    let mut header = 9994u32.to_be_bytes().to_vec();
    header.resize(24, 0);
    header.extend(words(HEADER + body));
    header.extend([1000u32, POLYGON].map(u32::to_le_bytes).concat());
    header.extend(sides.map(f64::to_le_bytes).concat());
    header.resize(HEADER, 0);
    header
}

/// Lengths and offsets count in words of two bytes.
fn words(bytes: usize) -> [u8; 4] {
    ((bytes / 2) as u32).to_be_bytes()
}

fn content(shape: &MultiPolygon<f64>) -> Vec<u8> {
    let rings: Vec<(&LineString<f64>, bool)> = shape
        .iter()
        .flat_map(|p| std::iter::once((p.exterior(), true)).chain(p.interiors().iter().map(|h| (h, false))))
        .collect();
    let points: usize = rings.iter().map(|(ring, _)| ring.0.len()).sum();
    let mut bytes = POLYGON.to_le_bytes().to_vec();
    bytes.extend(box_of(shape).unwrap_or_default().map(f64::to_le_bytes).concat());
    bytes.extend([rings.len() as u32, points as u32].map(u32::to_le_bytes).concat());
    let mut first = 0u32;
    for (ring, _) in &rings {
        bytes.extend(first.to_le_bytes());
        first += ring.0.len() as u32;
    }
    for (ring, outer) in rings {
        let vertices = ring.0.iter().flat_map(|c| [[c.x, c.y].map(f64::to_le_bytes).concat()]);
        match clockwise(ring) == outer {
            true => bytes.extend(vertices.flatten()),
            false => bytes.extend(vertices.rev().flatten()),
        }
    }
    bytes
}

/// Whether a ring runs clockwise; one without area does.
fn clockwise(ring: &LineString<f64>) -> bool {
    let Some(origin) = ring.0.first() else { return true };
    let cross = |line: geo::Line<f64>| {
        let (a, b) = (line.start - *origin, line.end - *origin);
        a.x * b.y - b.x * a.y
    };
    ring.lines().map(cross).sum::<f64>() <= 0.0
}

fn table(file: &str, layer: &Layer) -> Result<Vec<u8>, VectorFileError> {
    let record: usize = 1 + layer.fields.iter().map(width).sum::<usize>();
    let header = 32 * (layer.fields.len() + 1) + 1;
    let mut bytes = vec![3, DAY[0], DAY[1], DAY[2]];
    bytes.extend((layer.features.len() as u32).to_le_bytes());
    bytes.extend([header as u16, record as u16].map(u16::to_le_bytes).concat());
    bytes.resize(32, 0);
    layer.fields.iter().for_each(|field| bytes.extend(descriptor(field)));
    bytes.push(b'\r');
    for feature in &layer.features {
        bytes.push(b' ');
        for (field, value) in layer.fields.iter().zip(&feature.values) {
            bytes.extend(cell(file, field, value)?);
        }
    }
    bytes.push(0x1a);
    Ok(bytes)
}

fn width(field: &Field) -> usize {
    match field.kind {
        Kind::Text(bytes) => usize::from(bytes),
        Kind::Integer => INTEGER_WIDTH,
        Kind::Real(_) => REAL_WIDTH,
    }
}

fn descriptor(field: &Field) -> [u8; 32] {
    let mut bytes = [0; 32];
    bytes.iter_mut().zip(field.name.bytes().take(10)).for_each(|(to, from)| *to = from);
    let (kind, decimals) = match field.kind {
        Kind::Text(_) => (b'C', 0),
        Kind::Integer => (b'N', 0),
        Kind::Real(decimals) => (b'N', decimals),
    };
    (bytes[11], bytes[16], bytes[17]) = (kind, width(field) as u8, decimals);
    bytes
}

/// A value in its column: text to the left, numbers to the right, stars for a number that is not there.
fn cell(file: &str, field: &Field, value: &Value) -> Result<Vec<u8>, VectorFileError> {
    let width = width(field);
    let text = match (value, field.kind) {
        (Value::Null, Kind::Text(_)) => String::new(),
        (Value::Null, _) => "*".repeat(width),
        (Value::Real(x), Kind::Real(decimals)) => format!("{x:.*}", usize::from(decimals)),
        (value, _) => value.to_string(),
    };
    let (encoded, ..) = GBK.encode(&text);
    if encoded.len() > width {
        let (file, field) = (file.to_owned(), field.name.to_string());
        return Err(VectorFileError::TooWide { file, field, value: text.clone(), width });
    }
    let blanks = vec![b' '; width - encoded.len()];
    Ok(match field.kind {
        Kind::Text(_) => [encoded.as_ref(), &blanks].concat(),
        Kind::Integer | Kind::Real(_) => [blanks.as_slice(), &encoded].concat(),
    })
}
