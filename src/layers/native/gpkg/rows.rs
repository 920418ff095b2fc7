//! Rows of a layer of a GeoPackage: cells as GDAL gives them, geometries behind the header of the format.

use std::fmt::Write;

use rusqlite::Connection;
use rusqlite::types::ValueRef;

use super::{Layer, quoted};
use crate::layers::error::LayerError;
use crate::layers::native::{moment, wkb};
use crate::layers::rows::{Cell, Row, Rows, Seen, Taker};
use crate::survey::{Batch, Figure};

/// A column that is a field.
#[derive(Debug)]
pub(super) struct Column {
    pub name: String,
    kind: Kind,
}

/// What a column is declared to hold, as far as it matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Whole,
    Real,
    Moment,
    Other,
}

impl Kind {
    fn declared(kind: &str) -> Self {
        match kind.split('(').next().unwrap_or_default().trim().to_ascii_uppercase().as_str() {
            "BOOLEAN" | "TINYINT" | "SMALLINT" | "MEDIUMINT" | "INT" | "INTEGER" | "BIGINT" => Self::Whole,
            "FLOAT" | "DOUBLE" | "REAL" | "NUMERIC" => Self::Real,
            "DATE" | "DATETIME" => Self::Moment,
            _ => Self::Other,
        }
    }
}

/// The columns of a table but for its geometry and its row id.
pub(super) fn columns(
    connection: &Connection,
    table: &str,
    geometry: Option<&str>,
) -> rusqlite::Result<Vec<Column>> {
    let mut statement = connection.prepare(&format!("PRAGMA table_info({table})"))?;
    let rows = statement.query_map([], |row| {
        let (name, kind, key): (String, String, i64) = (row.get(1)?, row.get(2)?, row.get(5)?);
        let row_id = key == 1 && kind.eq_ignore_ascii_case("INTEGER");
        Ok((Column { kind: Kind::declared(&kind), name }, row_id))
    })?;
    let is_geometry = |column: &Column| geometry.is_some_and(|g| g.eq_ignore_ascii_case(&column.name));
    let rows: Vec<(Column, bool)> = rows.collect::<rusqlite::Result<_>>()?;
    let fields = rows.into_iter().filter(|(column, row_id)| !row_id && !is_geometry(column));
    Ok(fields.map(|(column, _)| column).collect())
}

/// The rows of a stretch.
pub(super) struct Query<'l> {
    layer: &'l Layer,
    /// Back with the layer when this is dropped.
    connection: Option<Connection>,
    sql: String,
    wanted: Vec<usize>,
    /// The next row id, of a view the next row; and the last.
    next: i64,
    last: i64,
    text: String,
}

impl<'l> Query<'l> {
    pub(super) fn new(
        layer: &'l Layer,
        connection: Connection,
        (next, last): (i64, i64),
        wanted: &[usize],
    ) -> Self {
        let mut sql = format!("SELECT {}", if layer.view { "NULL" } else { "_rowid_" });
        let geometry = layer.geometry.as_ref().map_or("NULL".to_owned(), |(column, ..)| quoted(column));
        // Writing to a string cannot fail.
        let _ = write!(sql, ", {geometry}");
        for column in wanted.iter().filter_map(|&field| layer.columns.get(field)) {
            let _ = write!(sql, ", {}", quoted(&column.name));
        }
        let range = if layer.view {
            "LIMIT ?2 OFFSET ?1"
        } else {
            "WHERE _rowid_ BETWEEN ?1 AND ?2 ORDER BY _rowid_"
        };
        let _ = write!(sql, " FROM {} {range}", quoted(&layer.table));
        let (next, last) = if layer.view { (0, -1) } else { (next, last) };
        let connection = Some(connection);
        Self { layer, connection, sql, wanted: wanted.to_vec(), next, last, text: String::new() }
    }

    fn read(&mut self, take: &mut Taker<'_>) -> rusqlite::Result<bool> {
        let Some(connection) = &self.connection else { return Ok(false) };
        let mut statement = connection.prepare(&self.sql)?;
        let mut rows = statement.query([self.next, self.last])?;
        while let Some(row) = rows.next()? {
            let id = if self.layer.view { self.next } else { row.get(0)? };
            self.next = id.saturating_add(1);
            let (layer, wanted, text) = (self.layer, self.wanted.as_slice(), &mut self.text);
            if take(&mut Feature { id, row, layer, wanted, text }).is_break() {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

impl Rows for Query<'_> {
    fn each(&mut self, take: &mut Taker<'_>) -> Result<bool, LayerError> {
        self.read(take).map_err(|e| {
            let read = self.next.max(0) as u64;
            LayerError::BrokeOff { layer: self.layer.title.clone(), read, cause: e.to_string() }
        })
    }
}

impl Drop for Query<'_> {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            self.layer.give_back(connection);
        }
    }
}

/// One row while it is being read.
struct Feature<'r, 's> {
    id: i64,
    row: &'r rusqlite::Row<'s>,
    layer: &'r Layer,
    wanted: &'r [usize],
    text: &'r mut String,
}

impl Row for Feature<'_, '_> {
    fn fid(&self) -> i64 {
        self.id
    }

    fn cell(&mut self, field: usize) -> Cell<'_> {
        let at = self.wanted.iter().position(|&wanted| wanted == field);
        let value = at.and_then(|at| self.row.get_ref(2 + at).ok());
        let kind = self.layer.columns.get(field).map_or(Kind::Other, |column| column.kind);
        match (kind, value.unwrap_or(ValueRef::Null)) {
            (_, ValueRef::Null) => Cell::Null,
            (Kind::Real, ValueRef::Integer(n)) => Cell::Real(n as f64),
            (Kind::Whole, ValueRef::Real(x)) => Cell::Integer(x as i64),
            (_, ValueRef::Integer(n)) => Cell::Integer(n),
            (_, ValueRef::Real(x)) => Cell::Real(x),
            (kind, ValueRef::Text(bytes)) => text(bytes, kind == Kind::Moment, self.text),
            (_, ValueRef::Blob(bytes)) => {
                self.text.clear();
                bytes.iter().for_each(|byte| self.text.push_str(&format!("{byte:02X}")));
                Cell::text(self.text)
            }
        }
    }

    fn figures(&mut self, wanted: Figure, unit_m: f64, batch: &mut Batch) -> Seen {
        match self.row.get_ref(1) {
            Ok(ValueRef::Blob(blob)) => match well_known(blob) {
                Some(bytes) => wkb::read(bytes, wanted, unit_m, batch),
                None => Seen::broken("its geometry is no GeoPackage geometry"),
            },
            Ok(ValueRef::Null) => Seen::default(),
            Ok(_) => Seen::broken("its geometry is no GeoPackage geometry"),
            Err(error) => Seen::broken(error.to_string()),
        }
    }
}

fn text<'a>(bytes: &'a [u8], moment: bool, out: &'a mut String) -> Cell<'a> {
    match std::str::from_utf8(bytes) {
        Ok(text) if moment => {
            moment::tell(text, out);
            Cell::text(out)
        }
        Ok(text) => Cell::text(text),
        Err(_) => {
            *out = String::from_utf8_lossy(bytes).into_owned();
            Cell::text(out)
        }
    }
}

/// The well-known binary behind the header of a geometry (GeoPackage 1.3, clause 2.1.3).
fn well_known(blob: &[u8]) -> Option<&[u8]> {
    let (header, rest) = blob.split_at_checked(8)?;
    let flags = header.strip_prefix(b"GP")?.get(1)?;
    let envelope = match flags >> 1 & 0b111 {
        0 => 0,
        1 => 32,
        2 | 3 => 48,
        4 => 64,
        _ => return None,
    };
    rest.get(envelope..)
}
