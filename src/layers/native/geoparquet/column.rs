//! Columns of plain values: read by and by, nulls aside, and told as cells.

use std::sync::Arc;

use parquet::basic::{ConvertedType, LogicalType, Type};
use parquet::column::page::PageReader;
use parquet::column::reader::{ColumnReader, ColumnReaderImpl, get_column_reader};
use parquet::data_type::{ByteArray, DataType};
use parquet::errors::Result as Parquet;
use parquet::schema::types::ColumnDescriptor;

use crate::layers::rows::Cell;

/// What the values of a column mean.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Kind {
    /// As they are.
    Plain,
    /// Whole numbers that stand for so many of a unit.
    Scaled(f64),
    /// Days since 1970.
    Date,
}

impl Kind {
    /// The kind of a column; `None` where its values are not plain ones.
    pub(super) fn of(leaf: &ColumnDescriptor) -> Option<Self> {
        if leaf.max_rep_level() > 0 || leaf.max_def_level() > 1 {
            return None;
        }
        let whole = matches!(leaf.physical_type(), Type::INT32 | Type::INT64);
        match leaf.physical_type() {
            Type::INT96 | Type::FIXED_LEN_BYTE_ARRAY => None,
            _ if whole && leaf.converted_type() == ConvertedType::DECIMAL => {
                Some(Self::Scaled(10f64.powi(-leaf.type_scale())))
            }
            Type::INT32 if leaf.logical_type_ref() == Some(&LogicalType::Date) => Some(Self::Date),
            Type::INT32 if leaf.converted_type() == ConvertedType::DATE => Some(Self::Date),
            _ => Some(Self::Plain),
        }
    }
}

/// Whether a column holds bytes.
pub(super) fn is_bytes(leaf: &ColumnDescriptor) -> bool {
    leaf.physical_type() == Type::BYTE_ARRAY && leaf.max_rep_level() == 0 && leaf.max_def_level() <= 1
}

/// A column while it is read: some rows at a time.
pub(super) struct Column {
    values: Values,
    optional: bool,
    /// For each row read: 1 where it has a value.
    levels: Vec<i16>,
    /// The row that is looked at, and the number of its value among those read.
    row: usize,
    value: usize,
}

/// The values of the rows read, without nulls.
enum Values {
    Bool(ColumnReaderImpl<parquet::data_type::BoolType>, Vec<bool>),
    Int32(ColumnReaderImpl<parquet::data_type::Int32Type>, Vec<i32>),
    Int64(ColumnReaderImpl<parquet::data_type::Int64Type>, Vec<i64>),
    Float(ColumnReaderImpl<parquet::data_type::FloatType>, Vec<f32>),
    Double(ColumnReaderImpl<parquet::data_type::DoubleType>, Vec<f64>),
    Bytes(ColumnReaderImpl<parquet::data_type::ByteArrayType>, Vec<ByteArray>),
}

impl Column {
    /// A column from a row of its row group on; `None` for a type that [`Kind::of`] refuses.
    pub(super) fn open(
        leaf: Arc<ColumnDescriptor>,
        pages: Box<dyn PageReader>,
        from: usize,
    ) -> Parquet<Option<Self>> {
        let optional = leaf.max_def_level() > 0;
        let mut values = match get_column_reader(leaf, pages) {
            ColumnReader::BoolColumnReader(reader) => Values::Bool(reader, Vec::new()),
            ColumnReader::Int32ColumnReader(reader) => Values::Int32(reader, Vec::new()),
            ColumnReader::Int64ColumnReader(reader) => Values::Int64(reader, Vec::new()),
            ColumnReader::FloatColumnReader(reader) => Values::Float(reader, Vec::new()),
            ColumnReader::DoubleColumnReader(reader) => Values::Double(reader, Vec::new()),
            ColumnReader::ByteArrayColumnReader(reader) => Values::Bytes(reader, Vec::new()),
            _ => return Ok(None),
        };
        match &mut values {
            Values::Bool(reader, _) => reader.skip_records(from)?,
            Values::Int32(reader, _) => reader.skip_records(from)?,
            Values::Int64(reader, _) => reader.skip_records(from)?,
            Values::Float(reader, _) => reader.skip_records(from)?,
            Values::Double(reader, _) => reader.skip_records(from)?,
            Values::Bytes(reader, _) => reader.skip_records(from)?,
        };
        Ok(Some(Self { values, optional, levels: Vec::new(), row: 0, value: 0 }))
    }

    /// Reads so many rows in place of those read before, and looks at the first. Returns how many there were.
    pub(super) fn read(&mut self, rows: usize) -> Parquet<usize> {
        self.levels.clear();
        (self.row, self.value) = (0, 0);
        let levels = &mut self.levels;
        match &mut self.values {
            Values::Bool(reader, values) => read(reader, rows, levels, values),
            Values::Int32(reader, values) => read(reader, rows, levels, values),
            Values::Int64(reader, values) => read(reader, rows, levels, values),
            Values::Float(reader, values) => read(reader, rows, levels, values),
            Values::Double(reader, values) => read(reader, rows, levels, values),
            Values::Bytes(reader, values) => read(reader, rows, levels, values),
        }
    }

    /// Looks at the next row.
    pub(super) fn step(&mut self) {
        self.value += usize::from(self.has_value());
        self.row += 1;
    }

    fn has_value(&self) -> bool {
        !self.optional || self.levels.get(self.row) == Some(&1)
    }

    /// The bytes of the row.
    pub(super) fn bytes(&self) -> Option<&[u8]> {
        match &self.values {
            Values::Bytes(_, values) if self.has_value() => values.get(self.value).map(ByteArray::data),
            _ => None,
        }
    }

    /// The value of the row. Text that has to be made is made in `out`.
    pub(super) fn cell<'a>(&'a self, kind: Kind, out: &'a mut String) -> Cell<'a> {
        if !self.has_value() {
            return Cell::Null;
        }
        let whole = match &self.values {
            Values::Bool(_, values) => values.get(self.value).map(|&b| i64::from(b)),
            Values::Int32(_, values) => values.get(self.value).map(|&n| i64::from(n)),
            Values::Int64(_, values) => values.get(self.value).copied(),
            Values::Float(_, values) => {
                return values.get(self.value).map_or(Cell::Null, |&x| Cell::Real(f64::from(x)));
            }
            Values::Double(_, values) => {
                return values.get(self.value).map_or(Cell::Null, |&x| Cell::Real(x));
            }
            Values::Bytes(..) => return text(self.bytes().unwrap_or_default(), out),
        };
        match (kind, whole) {
            (_, None) => Cell::Null,
            (Kind::Plain, Some(n)) => Cell::Integer(n),
            (Kind::Scaled(unit), Some(n)) => Cell::Real(n as f64 * unit),
            (Kind::Date, Some(days)) => {
                *out = date(days);
                Cell::Text(out)
            }
        }
    }
}

fn read<T: DataType>(
    reader: &mut ColumnReaderImpl<T>,
    rows: usize,
    levels: &mut Vec<i16>,
    values: &mut Vec<T::T>,
) -> Parquet<usize> {
    values.clear();
    reader.read_records(rows, Some(levels), None, values).map(|(rows, ..)| rows)
}

fn text<'a>(bytes: &'a [u8], out: &'a mut String) -> Cell<'a> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cell::text(text),
        Err(_) => {
            *out = String::from_utf8_lossy(bytes).into_owned();
            Cell::text(out)
        }
    }
}

/// The day so many days after 1970-01-01, as `2020/01/31`. H. Hinnant, "chrono-compatible low-level date algorithms".
fn date(days: i64) -> String {
    let days = days + 719_468;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year + era * 400 + i64::from(month <= 2);
    format!("{year:04}/{month:02}/{day:02}")
}
