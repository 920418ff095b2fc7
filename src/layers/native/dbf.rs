//! The table of a shapefile: fields and values as GDAL gives them.
//!
//! Whole numbers come of columns without decimals and at most 18 digits wide; blank is null; a date is told as
//! `2020/01/31`; text is decoded from the encoding that was found out before.

use encoding_rs::{DecoderResult, Encoding, UTF_8};

use super::window::{Stored, le_u16, le_u32};
use crate::layers::encoding::Charset;
use crate::layers::rows::Cell;

/// Bytes of the fixed part of the header; each field descriptor has as many.
const HEADER: u64 = 32;
/// Ends the list of field descriptors.
const END_OF_FIELDS: u8 = 0x0D;
/// Stands before a record that was deleted.
const DELETED: u8 = b'*';
/// A column without decimals of this width holds numbers that may not fit 64 bits.
const WIDEST_WHOLE: usize = 18;

/// An open `.dbf`.
#[derive(Debug)]
pub(super) struct Dbf {
    pub file: Stored,
    /// Bytes before the first record.
    pub header: u64,
    /// Bytes of a record.
    pub record: u64,
    /// How many records it holds whole.
    pub count: u64,
    pub fields: Vec<Field>,
    encoding: &'static Encoding,
}

/// A column.
#[derive(Debug)]
pub(super) struct Field {
    pub name: String,
    kind: Kind,
    from: usize,
    to: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Whole,
    Real,
    Date,
}

impl Dbf {
    /// Reads the header.
    ///
    /// # Errors
    /// Why this reader does not take the table.
    pub(super) fn open(file: Stored, encoding: &str) -> Result<Self, String> {
        let unreadable = |e: std::io::Error| format!("the .dbf: {e}");
        let encoding = Charset::named(encoding)
            .and_then(|charset| charset.decoder)
            .ok_or_else(|| format!("no decoder for {encoding}"))?;
        let fixed = file.bytes(0, HEADER).map_err(unreadable)?;
        let (Some(said), Some(header), Some(record)) =
            (le_u32(&fixed, 4), le_u16(&fixed, 8), le_u16(&fixed, 10))
        else {
            return Err("the .dbf has no header".to_owned());
        };
        let (header, record) = (u64::from(header), u64::from(record));
        if header < HEADER || record < 1 || !file.holds(0, header) {
            return Err("the header of the .dbf is damaged".to_owned());
        }
        let fields = fields(&file.bytes(HEADER, header - HEADER).map_err(unreadable)?, encoding);
        if fields.last().is_some_and(|last| last.to as u64 > record) {
            return Err("the columns of the .dbf are wider than its records".to_owned());
        }
        let count = u64::from(said).min((file.length - header) / record);
        Ok(Self { file, header, record, count, fields, encoding })
    }

    /// Whether a record was deleted.
    pub(super) fn deleted(record: &[u8]) -> bool {
        record.first() == Some(&DELETED)
    }

    /// The value of a column of a record. Text that is not plain is decoded into `decoded`.
    pub(super) fn cell<'a>(&self, record: &'a [u8], field: usize, decoded: &'a mut String) -> Cell<'a> {
        let Some(field) = self.fields.get(field) else { return Cell::Null };
        let column = record.get(field.from..field.to).unwrap_or_default();
        let column = column.split(|byte| *byte == 0).next().unwrap_or_default().trim_ascii();
        match field.kind {
            Kind::Text => self.text(column, decoded),
            Kind::Date => date(column, decoded),
            _ if column.is_empty() || column.starts_with(b"*") => Cell::Null,
            Kind::Whole => Cell::Integer(whole(column)),
            Kind::Real => Cell::Real(real(column)),
        }
    }

    fn text<'a>(&self, column: &'a [u8], decoded: &'a mut String) -> Cell<'a> {
        match std::str::from_utf8(column) {
            Ok(text) if self.encoding == UTF_8 || column.is_ascii() => Cell::text(text),
            _ => {
                decode(self.encoding, column, decoded);
                Cell::text(decoded)
            }
        }
    }
}

/// Decodes text; what is impossible is replaced in UTF-8 and left out in other encodings, as GDAL has it.
fn decode(encoding: &'static Encoding, bytes: &[u8], out: &mut String) {
    out.clear();
    if encoding == UTF_8 {
        return out.push_str(&String::from_utf8_lossy(bytes));
    }
    let mut decoder = encoding.new_decoder_without_bom_handling();
    out.reserve(decoder.max_utf8_buffer_length_without_replacement(bytes.len()).unwrap_or_default());
    let mut rest = bytes;
    loop {
        let (outcome, read) = decoder.decode_to_string_without_replacement(rest, out, true);
        rest = rest.get(read..).unwrap_or_default();
        match outcome {
            DecoderResult::InputEmpty => return,
            DecoderResult::OutputFull => out.reserve(rest.len() * 3 + 16),
            DecoderResult::Malformed(..) => {}
        }
    }
}

fn fields(descriptors: &[u8], encoding: &'static Encoding) -> Vec<Field> {
    let mut from = 1;
    let mut fields = Vec::new();
    for descriptor in descriptors.as_chunks::<{ HEADER as usize }>().0 {
        if descriptor[0] == END_OF_FIELDS {
            break;
        }
        let (kind, width, decimals) = (descriptor[11], usize::from(descriptor[16]), descriptor[17]);
        let name = descriptor[..11].split(|byte| *byte == 0).next().unwrap_or_default();
        let mut decoded = String::new();
        decode(encoding, name, &mut decoded);
        let kind = match kind {
            b'N' | b'F' if decimals == 0 && width <= WIDEST_WHOLE => Kind::Whole,
            b'N' | b'F' => Kind::Real,
            b'D' => Kind::Date,
            _ => Kind::Text,
        };
        fields.push(Field { name: decoded.trim_end_matches(' ').to_owned(), kind, from, to: from + width });
        from += width;
    }
    fields
}

/// The whole number that a text begins with; nought where it begins with none.
fn whole(text: &[u8]) -> i64 {
    let (negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        rest => (false, rest),
    };
    let digits = digits.iter().take_while(|byte| byte.is_ascii_digit());
    let sign = if negative { -1 } else { 1 };
    digits.fold(0i64, |n, digit| n.saturating_mul(10).saturating_add(sign * i64::from(digit - b'0')))
}

/// The number that a text begins with; nought where it begins with none.
fn real(text: &[u8]) -> f64 {
    let text = String::from_utf8_lossy(text);
    if let Ok(number) = text.parse() {
        return number;
    }
    let ends = (1..text.len()).rev().filter(|end| text.is_char_boundary(*end));
    ends.filter_map(|end| text.get(..end)?.parse().ok()).next().unwrap_or_default()
}

/// `20200131` and `01/31/2020` as `2020/01/31`.
fn date<'a>(text: &[u8], out: &'a mut String) -> Cell<'a> {
    if text.is_empty() || text == b"0" || text.starts_with(b"00000000") {
        return Cell::Null;
    }
    let (year, month, day) = match text {
        [m1, m2, b'/', d1, d2, b'/', year @ ..] if year.len() >= 4 => {
            (whole(year), whole(&[*m1, *m2]), whole(&[*d1, *d2]))
        }
        _ => {
            let all = whole(text);
            (all / 10_000, all / 100 % 100, all % 100)
        }
    };
    *out = format!("{year:04}/{month:02}/{day:02}");
    Cell::Text(out)
}
