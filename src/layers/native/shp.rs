//! Shapefiles: `.shp` with `.shx`, `.dbf`, `.prj`.
//!
//! Geometry and table are read side by side, a stretch by the places of its records. What this reader declines:
//! multipatches, tables in an encoding that it has no decoder for, damaged headers. A record that does not hold what
//! it says is a feature that cannot be read.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::dbf::Dbf;
use super::polygon;
use super::shx::{self, ENTRY, Index, Place};
use super::window::{Stored, Window, be_u32, le_f64, le_u32};
use super::{NativeFile, Opened, STRETCH_FEATURES};
use crate::finding::{Finding, Severity};
use crate::geometry::grid::FAR_MORE_POINTS;
use crate::layers::crs::Crs;
use crate::layers::error::LayerError;
use crate::layers::open::Description;
use crate::layers::rows::{Cell, Row, Rows, Seen, StoredLayer, Taker};
use crate::survey::{Batch, Figure};
use crate::words;
use crate::words::{Words, foreign};

/// An open shapefile.
#[derive(Debug)]
pub(super) struct Shapefile {
    title: String,
    name: String,
    shp: Stored,
    index: Index,
    /// What is wrong with the `.shx`.
    distrust: Option<String>,
    dbf: Option<Dbf>,
    prj: Option<String>,
    geometry: &'static str,
    extent: [f64; 4],
}

/// Opens a shapefile, or says why it should be GDAL's.
pub(super) fn open(path: &Path, encoding: Option<&str>) -> Opened {
    match Shapefile::open(path, encoding.unwrap_or("UTF-8")) {
        Ok(file) => Opened::Native(Box::new(file)),
        Err(reason) => Opened::Declined(reason),
    }
}

impl Shapefile {
    fn open(path: &Path, encoding: &str) -> Result<Self, String> {
        let part = |ending: &str| beside(path, ending);
        let unreadable = |e: std::io::Error| e.to_string();
        let shp = Stored::open(path).map_err(unreadable)?;
        let header = shp.bytes(0, shx::HEADER).map_err(unreadable)?;
        if !shx::begins_well(&header) {
            return Err("it does not begin as a shapefile does".to_owned());
        }
        let geometry = geometry(le_u32(&header, 32).unwrap_or_default())?;
        let shx = part("shx").ok_or("there is no .shx")?;
        let (index, distrust) =
            Index::open(&shp, Stored::open(&shx).map_err(unreadable)?).map_err(unreadable)?;
        let table = part("dbf").map(|dbf| Dbf::open(Stored::open(&dbf).map_err(unreadable)?, encoding));
        let prj = part("prj").and_then(|prj| std::fs::read(prj).ok());
        let side = |i: usize| le_f64(&header, 36 + 8 * i).unwrap_or(f64::NAN);
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        Ok(Self {
            title: name.clone(),
            name,
            index,
            distrust,
            dbf: table.transpose()?,
            prj: prj.map(|bytes| String::from_utf8_lossy(&bytes).trim_matches(['\u{feff}', '\0']).to_owned()),
            geometry,
            extent: [side(0), side(1), side(2), side(3)],
            shp,
        })
    }

    /// How many records there are. Where the index is wrong, the table tells of records that the `.shp` lost.
    fn count(&self) -> u64 {
        let rows = self.dbf.as_ref().filter(|_| self.distrust.is_some()).map_or(0, |dbf| dbf.count);
        self.index.count().max(rows)
    }
}

/// The part of a shapefile with that ending, in small or capital letters.
fn beside(path: &Path, ending: &str) -> Option<PathBuf> {
    let endings = [ending.to_owned(), ending.to_ascii_uppercase()];
    endings.iter().map(|ending| path.with_extension(ending)).find(|part| part.is_file())
}

/// The name of a file's shape type.
fn geometry(kind: u32) -> Result<&'static str, String> {
    match polygon::figure(kind) {
        Some(Figure::Polygon) => Ok("Polygon"),
        Some(Figure::Point) => Ok("Point"),
        Some(Figure::Line) => Ok("Line String"),
        None if kind == 31 => Err("it holds multipatches".to_owned()),
        None => Err(format!("its shape type is {kind}")),
    }
}

impl NativeFile for Shapefile {
    fn layer_names(&self) -> Vec<String> {
        vec![self.name.clone()]
    }

    fn layer(self: Box<Self>, _: usize, title: &str) -> Result<Arc<dyn StoredLayer>, LayerError> {
        Ok(Arc::new(Self { title: title.to_owned(), ..*self }))
    }
}

impl StoredLayer for Shapefile {
    fn describe(&self) -> Result<Description, LayerError> {
        let fields = self.dbf.iter().flat_map(|dbf| &dbf.fields);
        Ok(Description {
            fields: fields.map(|field| field.name.clone()).collect(),
            crs: self.prj.as_deref().and_then(Crs::of_prj),
            extent: Some(self.extent).filter(|e| e.iter().all(|c| c.is_finite()) && self.count() > 0),
            features: Some(self.count()),
            geometry: self.geometry.to_owned(),
        })
    }

    fn stretches(&self) -> usize {
        self.count().div_ceil(STRETCH_FEATURES) as usize
    }

    fn rows(&self, stretch: usize, _: &[usize]) -> Result<Box<dyn Rows + '_>, LayerError> {
        let from = stretch as u64 * STRETCH_FEATURES;
        let to = (from + STRETCH_FEATURES).min(self.count());
        let places = self.index.places(from, to).map_err(|e| self.broke_off(from, e.to_string()))?;
        let end = places.iter().map(|place| place.offset.saturating_add(ENTRY + place.length)).max();
        let table_end = self.dbf.as_ref().map_or(0, |dbf| dbf.header + to * dbf.record);
        Ok(Box::new(Records {
            file: self,
            places,
            from,
            to,
            next: from,
            shapes: Window::new(&self.shp, end.unwrap_or(0)),
            table: self.dbf.as_ref().map(|dbf| (dbf, Window::new(&dbf.file, table_end))),
            decoded: String::new(),
            shape: Vec::new(),
        }))
    }

    fn findings(&self) -> Vec<Finding> {
        let sentence = |why: &String| {
            Words::new(
                format!(
                    "the index (.shx) is wrong and was ignored ({why}); the records were found by walking the .shp"
                ),
                format!("索引文件 .shx 有误，已忽略，改为逐条扫描 .shp；{}", foreign(why)),
            )
        };
        let hint = || {
            words!(
                "rebuild the index: save the layer anew from a GIS",
                "请重建索引：在 GIS 中将该图层重新另存"
            )
        };
        let finding =
            |why| Finding::new("index-distrusted", Severity::Warning, sentence(why)).with_hint(hint());
        self.distrust.iter().map(finding).collect()
    }
}

impl Shapefile {
    fn broke_off(&self, read: u64, cause: String) -> LayerError {
        LayerError::BrokeOff { layer: self.title.clone(), read, cause }
    }
}

/// The records of one stretch.
struct Records<'f> {
    file: &'f Shapefile,
    places: Vec<Place>,
    from: u64,
    to: u64,
    next: u64,
    shapes: Window<'f>,
    table: Option<(&'f Dbf, Window<'f>)>,
    /// Text that had to be decoded.
    decoded: String,
    /// Points of a record of several rings.
    shape: Vec<[f64; 2]>,
}

impl Rows for Records<'_> {
    fn each(&mut self, take: &mut Taker<'_>) -> Result<bool, LayerError> {
        while self.next < self.to {
            let number = self.next;
            self.next += 1;
            let table = match &mut self.table {
                Some((dbf, _)) if number >= dbf.count => {
                    let (rows, records) = (dbf.count, self.file.count());
                    let cause = format!("the .dbf ends after {rows} records, the .shp has {records}");
                    return Err(self.file.broke_off(number, cause));
                }
                Some((dbf, window)) => {
                    let record = window.get(dbf.header + number * dbf.record, dbf.record);
                    Some((*dbf, record.map_err(|e| self.file.broke_off(number, e.to_string()))?))
                }
                None => None,
            };
            if table.is_some_and(|(_, record)| Dbf::deleted(record)) {
                continue;
            }
            let place = self.places.get((number - self.from) as usize).copied();
            let content = content(&mut self.shapes, place);
            let (decoded, shape) = (&mut self.decoded, &mut self.shape);
            if take(&mut Record { number, table, content, decoded, shape }).is_break() {
                self.shapes.give_back();
                if self.shape.capacity() > FAR_MORE_POINTS {
                    self.shape = Vec::new();
                }
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// What lies behind the header of a record.
fn content<'w>(shapes: &'w mut Window<'_>, place: Option<Place>) -> Result<&'w [u8], String> {
    let ended = || "the .shp ends before it".to_owned();
    let place = place.ok_or_else(ended)?;
    let record = shapes.get(place.offset, ENTRY + place.length).map_err(|_| ended())?;
    let said = be_u32(record, 4).map(|words| u64::from(words) * 2);
    if said != Some(place.length) {
        return Err(format!("its record is {} bytes long, by the index {}", said.unwrap_or(0), place.length));
    }
    Ok(record.get(ENTRY as usize..).unwrap_or_default())
}

/// One record while it is being read.
struct Record<'r> {
    number: u64,
    table: Option<(&'r Dbf, &'r [u8])>,
    content: Result<&'r [u8], String>,
    decoded: &'r mut String,
    shape: &'r mut Vec<[f64; 2]>,
}

impl Row for Record<'_> {
    fn fid(&self) -> i64 {
        self.number as i64
    }

    fn cell(&mut self, field: usize) -> Cell<'_> {
        self.table.map_or(Cell::Null, |(dbf, record)| dbf.cell(record, field, self.decoded))
    }

    fn figures(&mut self, wanted: Figure, _: f64, batch: &mut Batch) -> Seen {
        match &self.content {
            Ok(content) => polygon::read(content, wanted, self.shape, batch),
            Err(fault) => Seen::broken(fault.clone()),
        }
    }
}
