//! The rows of a stretch: geometry and wanted columns, read side by side some rows at a time.

use std::sync::Arc;

use parquet::errors::Result as Parquet;
use parquet::file::serialized_reader::SerializedPageReader;

use super::GeoParquet;
use super::column::{Column, Kind};
use super::pages::{Pages, caught};
use crate::layers::error::LayerError;
use crate::layers::native::wkb;
use crate::layers::rows::{Cell, Row, Rows, Seen, Taker};
use crate::survey::{Batch, Figure};

/// Rows read at a time.
const AT_A_TIME: u64 = 1024;

/// The rows of one stretch.
pub(super) struct Stretch<'f> {
    file: &'f GeoParquet,
    geometry: Column,
    /// Wanted fields, by their number.
    fields: Vec<(usize, Kind, Column)>,
    /// The number in the file of the next row, of the first that is not read yet, and where the stretch ends.
    next: u64,
    read: u64,
    end: u64,
    text: String,
}

impl<'f> Stretch<'f> {
    /// Starts at a row of a row group; `None` where the file has no such columns.
    pub(super) fn open(
        file: &'f GeoParquet,
        (group, from, to): (usize, u64, u64),
        wanted: &[usize],
    ) -> Option<Parquet<Self>> {
        let first = file.firsts.get(group)?;
        let column = |leaf: usize| column(file, group, leaf, from as usize);
        let named = |&field: &usize| file.fields.get(field).map(|(_, leaf, kind)| (field, *leaf, *kind));
        let opened = |(field, leaf, kind)| Some(column(leaf)?.map(|column| (field, kind, column)));
        let fields: Option<Parquet<Vec<_>>> = wanted.iter().filter_map(named).map(opened).collect();
        let together = column(file.geometry)?.and_then(|geometry| Ok((geometry, fields.transpose()?)));
        match together {
            Ok((geometry, fields)) => Some(Ok(Self {
                file,
                geometry,
                fields: fields?,
                next: first + from,
                read: first + from,
                end: first + to,
                text: String::new(),
            })),
            Err(error) => Some(Err(error)),
        }
    }

    /// Reads the next rows of all columns.
    fn read(&mut self) -> Parquet<usize> {
        let rows = (self.end - self.read).min(AT_A_TIME) as usize;
        let mut read = self.geometry.read(rows)?;
        for (_, _, column) in &mut self.fields {
            read = read.min(column.read(rows)?);
        }
        Ok(read)
    }
}

/// A leaf column from a row of its row group on.
fn column(file: &GeoParquet, group: usize, leaf: usize, from: usize) -> Option<Parquet<Column>> {
    let group = file.metadata.row_groups().get(group)?;
    let about = group.columns().get(leaf)?;
    let rows = group.num_rows().max(0) as usize;
    let open = || {
        let pages = SerializedPageReader::new(Arc::new(file.file.clone()), about, rows, None)?;
        Column::open(about.column_descr_ptr(), Box::new(Pages::new(pages)), from)
    };
    caught(open).transpose()
}

impl Rows for Stretch<'_> {
    fn each(&mut self, take: &mut Taker<'_>) -> Result<bool, LayerError> {
        let title = &self.file.title;
        let broke_off = |read, cause| LayerError::BrokeOff { layer: title.clone(), read, cause };
        while self.next < self.end {
            if self.next == self.read {
                let read = caught(|| self.read()).map_err(|e| broke_off(self.next, e.to_string()))?;
                if read == 0 {
                    return Err(broke_off(self.next, "a row group ends early".to_owned()));
                }
                self.read += read as u64;
            }
            let fid = self.next as i64;
            self.next += 1;
            let (geometry, fields, text) = (&self.geometry, self.fields.as_slice(), &mut self.text);
            let more = take(&mut Feature { fid, geometry, fields, text });
            self.geometry.step();
            self.fields.iter_mut().for_each(|(_, _, column)| column.step());
            if more.is_break() {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// One row while it is being read.
struct Feature<'r> {
    fid: i64,
    geometry: &'r Column,
    fields: &'r [(usize, Kind, Column)],
    text: &'r mut String,
}

impl Row for Feature<'_> {
    fn fid(&self) -> i64 {
        self.fid
    }

    fn cell(&mut self, field: usize) -> Cell<'_> {
        let wanted = self.fields.iter().find(|(number, ..)| *number == field);
        wanted.map_or(Cell::Null, |(_, kind, column)| column.cell(*kind, self.text))
    }

    fn figures(&mut self, wanted: Figure, unit_m: f64, batch: &mut Batch) -> Seen {
        self.geometry.bytes().map_or_else(Seen::default, |bytes| wkb::read(bytes, wanted, unit_m, batch))
    }
}
