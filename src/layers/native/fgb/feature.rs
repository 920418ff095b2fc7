//! Features of a FlatGeobuf: geometry tables and the bytes of their properties.

use super::FlatGeobuf;
use crate::layers::error::LayerError;
use crate::layers::native::STRETCH_FEATURES;
use crate::layers::native::flat::Table;
use crate::layers::native::moment;
use crate::layers::native::polygon::push_ring;
use crate::layers::native::window::{Window, le_points, le_u16, le_u32};
use crate::layers::rows::{Cell, Row, Rows, Seen, Taker};
use crate::survey::{Batch, Figure, RingKind};

/// Geometry types.
const UNKNOWN: u8 = 0;
const POINT: u8 = 1;
const LINE: u8 = 2;
const MULTI_POINT: u8 = 4;
const MULTI_LINE: u8 = 5;
const POLYGON: u8 = 3;
const MULTI_POLYGON: u8 = 6;
const COLLECTION: u8 = 7;
/// Collections inside collections, at most.
const DEEPEST: u32 = 32;

/// A column.
#[derive(Debug)]
pub(super) struct Column {
    pub name: String,
    kind: u8,
}

impl Column {
    pub(super) fn of(table: &Table<'_>) -> Self {
        Self { name: table.text(0).unwrap_or_default().to_owned(), kind: table.byte(1).unwrap_or(0) }
    }
}

/// The features of a stretch.
pub(super) struct Features<'f> {
    file: &'f FlatGeobuf,
    window: Window<'f>,
    /// Where the next feature begins, its number, and where and with which number the stretch ends.
    at: u64,
    number: u64,
    end: u64,
    last: u64,
    text: String,
}

impl<'f> Features<'f> {
    pub(super) fn new(file: &'f FlatGeobuf, stretch: usize) -> Self {
        let bound = |i: usize| file.bounds.get(i).copied().unwrap_or(file.file.length);
        let number = stretch as u64 * STRETCH_FEATURES;
        let is_last = stretch + 2 >= file.bounds.len();
        Self {
            file,
            window: Window::new(&file.file, bound(stretch + 1)),
            at: bound(stretch),
            number,
            end: bound(stretch + 1),
            last: if is_last { file.features } else { number + STRETCH_FEATURES },
            text: String::new(),
        }
    }
}

impl Rows for Features<'_> {
    fn each(&mut self, take: &mut Taker<'_>) -> Result<bool, LayerError> {
        let (title, read) = (&self.file.title, self.number);
        let broke_off =
            |read, cause: &str| LayerError::BrokeOff { layer: title.clone(), read, cause: cause.to_owned() };
        while self.number < self.last {
            let cut =
                |_| broke_off(self.number, "a feature reaches beyond the end of the file, or of its part");
            let size = le_u32(self.window.get(self.at, 4).map_err(cut)?, 0).map_or(0, u64::from);
            let bytes = self.window.get(self.at + 4, size).map_err(cut)?;
            let fid = self.number as i64;
            self.at += 4 + size;
            self.number += 1;
            let table = Table::root(bytes);
            let (file, text) = (self.file, &mut self.text);
            if take(&mut Feature { fid, file, table, text }).is_break() {
                self.window.give_back();
                return Ok(true);
            }
        }
        let ends_well = self.at == self.end || self.end == self.file.file.length;
        ends_well.then_some(false).ok_or_else(|| broke_off(read, "its index and its features disagree"))
    }
}

/// One feature while it is being read.
struct Feature<'r> {
    fid: i64,
    file: &'r FlatGeobuf,
    table: Option<Table<'r>>,
    text: &'r mut String,
}

impl Row for Feature<'_> {
    fn fid(&self) -> i64 {
        self.fid
    }

    fn cell(&mut self, field: usize) -> Cell<'_> {
        let properties = self.table.and_then(|feature| feature.vector(1, 1)).unwrap_or_default();
        let value = value(properties, field, &self.file.columns);
        let kind = self.file.columns.get(field).map(|column| column.kind);
        value.and_then(|bytes| cell(kind?, bytes, self.text)).unwrap_or(Cell::Null)
    }

    fn figures(&mut self, wanted: Figure, _: f64, batch: &mut Batch) -> Seen {
        let Some(feature) = self.table else { return Seen::broken("its bytes are no feature") };
        let Some(geometry) = feature.table(0) else { return Seen::default() };
        let mut seen = Seen::default();
        match add(geometry, self.file.geometry, 0, wanted, batch, &mut seen) {
            Some(()) => seen,
            None => {
                batch.drop_rings();
                Seen::broken("its geometry is damaged")
            }
        }
    }
}

/// Adds what a geometry has of the wanted kind; `kind` is its type where it does not say. `None` where it is damaged, or
/// a curve.
fn add(
    geometry: Table<'_>,
    kind: u8,
    depth: u32,
    wanted: Figure,
    batch: &mut Batch,
    seen: &mut Seen,
) -> Option<()> {
    let kind = match geometry.byte(6) {
        None | Some(UNKNOWN) => kind,
        Some(kind) => kind,
    };
    let figure = match kind {
        POINT | MULTI_POINT => Figure::Point,
        LINE | MULTI_LINE => Figure::Line,
        POLYGON | MULTI_POLYGON | 17 => Figure::Polygon,
        UNKNOWN | COLLECTION | 15 | 16 if depth < DEEPEST => {
            let mut parts = geometry.tables(7);
            return parts.try_for_each(|part| add(part, UNKNOWN, depth + 1, wanted, batch, seen));
        }
        _ => return None,
    };
    if figure != wanted {
        let mut parts = geometry.tables(7);
        let is_there = |table: &Table<'_>| table.vector(1, 8).is_some_and(|xy| !xy.is_empty());
        seen.others += u32::from(is_there(&geometry) || parts.any(|part| is_there(&part)));
        return Some(());
    }
    match kind {
        MULTI_POLYGON => geometry.tables(7).try_for_each(|part| polygon(part, batch, seen)),
        POLYGON | 17 => polygon(geometry, batch, seen),
        _ => runs(geometry, figure, batch, seen),
    }
}

/// Lines, or points.
fn runs(geometry: Table<'_>, figure: Figure, batch: &mut Batch, seen: &mut Seen) -> Option<()> {
    let kind = if figure == Figure::Line { RingKind::Line } else { RingKind::Places };
    let Some(places) = geometry.vector(1, 8).filter(|places| !places.is_empty()) else { return Some(()) };
    let whole = ((places.len() / 16) as u32).to_le_bytes();
    let ends = geometry.vector(0, 4).filter(|ends| !ends.is_empty() && figure == Figure::Line);
    let mut from = 0;
    for end in ends.unwrap_or(&whole).as_chunks().0 {
        let end = u32::from_le_bytes(*end) as usize;
        let run = places.get(from * 16..end.checked_mul(16)?)?;
        if !run.is_empty() {
            batch.push_ring(kind, le_points(run));
        }
        from = end;
    }
    seen.figures += 1;
    Some(())
}

fn polygon(geometry: Table<'_>, batch: &mut Batch, seen: &mut Seen) -> Option<()> {
    let Some(places) = geometry.vector(1, 8).filter(|places| !places.is_empty()) else { return Some(()) };
    let ends = geometry.vector(0, 4).filter(|ends| !ends.is_empty());
    let count = places.len() / 16;
    let one = (count as u32).to_le_bytes();
    let mut from = 0;
    for (i, end) in ends.unwrap_or(&one).as_chunks().0.iter().enumerate() {
        let end = u32::from_le_bytes(*end) as usize;
        let ring = places.get(from * 16..end.checked_mul(16)?)?;
        if i == 0 && ring.is_empty() {
            return Some(());
        }
        let kind = if i == 0 { RingKind::Shell } else { RingKind::Hole };
        push_ring(batch, kind, le_points(ring));
        from = end;
    }
    seen.figures += 1;
    Some(())
}

/// Bytes that a value of a type takes; `None` for those that say it themselves.
fn size(kind: u8) -> Option<usize> {
    match kind {
        0..=2 => Some(1),
        3 | 4 => Some(2),
        5 | 6 | 9 => Some(4),
        7 | 8 | 10 => Some(8),
        _ => None,
    }
}

/// The bytes of the value of a column.
fn value<'p>(mut properties: &'p [u8], field: usize, columns: &[Column]) -> Option<&'p [u8]> {
    loop {
        let column = usize::from(le_u16(properties, 0)?);
        let rest = properties.get(2..)?;
        let (length, rest) = match size(columns.get(column)?.kind) {
            Some(size) => (size, rest),
            None => (le_u32(rest, 0)? as usize, rest.get(4..)?),
        };
        let (value, rest) = rest.split_at_checked(length)?;
        if column == field {
            return Some(value);
        }
        properties = rest;
    }
}

/// A value of a column's type.
fn cell<'a>(kind: u8, bytes: &'a [u8], out: &'a mut String) -> Option<Cell<'a>> {
    Some(match kind {
        0 => Cell::Integer(i64::from(i8::from_le_bytes(*bytes.first_chunk()?))),
        1 => Cell::Integer(i64::from(*bytes.first()?)),
        2 => Cell::Integer(i64::from(*bytes.first()? != 0)),
        3 => Cell::Integer(i64::from(i16::from_le_bytes(*bytes.first_chunk()?))),
        4 => Cell::Integer(i64::from(u16::from_le_bytes(*bytes.first_chunk()?))),
        5 => Cell::Integer(i64::from(i32::from_le_bytes(*bytes.first_chunk()?))),
        6 => Cell::Integer(i64::from(u32::from_le_bytes(*bytes.first_chunk()?))),
        7 | 8 => Cell::Integer(i64::from_le_bytes(*bytes.first_chunk()?)),
        9 => Cell::Real(f64::from(f32::from_le_bytes(*bytes.first_chunk()?))),
        10 => Cell::Real(f64::from_le_bytes(*bytes.first_chunk()?)),
        13 => {
            moment::tell(std::str::from_utf8(bytes).ok()?, out);
            Cell::text(out)
        }
        14 => {
            out.clear();
            bytes.iter().for_each(|byte| out.push_str(&format!("{byte:02X}")));
            Cell::text(out)
        }
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => Cell::text(text),
            Err(_) => {
                *out = String::from_utf8_lossy(bytes).into_owned();
                Cell::text(out)
            }
        },
    })
}
