//! Turns an analysis into documents: bytes with a name. Formats, rounding and wording live here; disk and
//! terminal do not.
//!
//! CSV and JSON print shortest round-trip decimals; only tables that people read are rounded.

pub mod analysis_json;
pub mod class_areas;
pub mod class_map;
pub mod coverage_csv;
pub mod cross_check_csv;
pub mod evidence_form;
pub mod findings_csv;
pub mod gaps_csv;
pub mod geopackage;
pub mod indicators_csv;
pub mod map;
pub mod measures_csv;
pub mod partial_file;
pub mod pieces_csv;
pub mod rings_csv;
pub mod run_json;
pub mod sample_files;
pub mod shapefile;
pub mod summary;
pub mod tabulation;
pub mod tally;
pub mod towns_geojson;
pub mod towns_gpkg;
pub mod towns_map;
pub mod vector_file;
pub mod wording;
pub mod zonal;

use serde::Serialize;

use crate::analysis::analyze::Analysis;
use crate::geometry::area::ToDegrees;
use crate::project::settings::{AreaKind, Project};
use crate::units::{Area, part_of};
use crate::words::{Lang, Words};

/// A document: its name below the output folder, and its bytes.
pub type Document = (String, Vec<u8>);

/// Everything that the documents of a run are made of.
pub struct Report<'a> {
    /// What was asked.
    pub project: &'a Project,
    /// What came out.
    pub analysis: &'a Analysis,
    /// The plane it was measured in.
    pub crs: CrsNote,
    /// The program and its version.
    pub program: String,
    /// The language of the documents.
    pub lang: Lang,
    /// From working coordinates to degrees.
    pub to_degrees: &'a ToDegrees<'a>,
}

/// The working CRS as documents speak of it.
#[derive(Debug, Clone, Serialize)]
pub struct CrsNote {
    /// `EPSG:4547`, or its name.
    pub crs: String,
    /// Its name.
    pub name: String,
    /// Why it was chosen.
    pub chosen: Words,
    /// Metres in one unit.
    pub unit_m: f64,
    /// Semi-major axis of its ellipsoid in metres.
    pub ellipsoid_a_m: f64,
    /// Inverse flattening of its ellipsoid.
    pub ellipsoid_inverse_flattening: f64,
    /// Well-known text.
    #[serde(skip)]
    pub wkt: String,
}

/// The area that a project reports, in square metres.
pub(crate) fn m2(area: Area, kind: AreaKind) -> f64 {
    match kind {
        AreaKind::Ellipsoid => area.ellipsoid.0,
        AreaKind::Plane => area.plane.0,
    }
}

/// Share in percent of what lies within a place; none of a place without ground.
pub(crate) fn share_pct(area: f64, whole: f64) -> Option<f64> {
    (whole > 0.0).then(|| part_of(area, whole) / whole * 100.0)
}

/// A CSV document for programs: no byte-order mark, the header first among the lines.
pub(crate) fn plain_csv(lines: impl IntoIterator<Item = impl IntoIterator<Item = String>>) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for line in lines {
        // Writing into memory cannot fail.
        let _ = writer.write_record(line);
    }
    writer.into_inner().unwrap_or_default()
}

/// A CSV document: UTF-8 with a byte-order mark, so that a spreadsheet reads Chinese right.
pub(crate) fn csv_document(
    header: &[impl AsRef<str>],
    lines: impl IntoIterator<Item = Vec<String>>,
) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer("\u{feff}".as_bytes().to_vec());
    // Writing into memory cannot fail.
    let _ = writer.write_record(header.iter().map(AsRef::as_ref));
    for line in lines {
        let _ = writer.write_record(line);
    }
    writer.into_inner().unwrap_or_default()
}

/// A number for a machine, or nothing.
pub(crate) fn or_blank(number: Option<impl ToString>) -> String {
    number.map_or(String::new(), |n| n.to_string())
}

/// JSON with a line end.
pub(crate) fn json_document(value: &impl Serialize) -> Vec<u8> {
    let mut bytes = serde_json::to_vec_pretty(value).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}
