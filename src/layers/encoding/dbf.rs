//! The raw text of a `.dbf`, as bytes, without trusting its header.
//!
//! In: the first bytes of the file, and perhaps further whole records. Out: the language byte, and every text
//! with a byte above 127: field names and character columns. Nothing is decoded here; a header that lies costs texts,
//! never a panic or an unbounded read.

use crate::words;
use crate::words::Words;

/// Bytes of the fixed part of the header; each field descriptor has as many.
pub const HEADER: usize = 32;
/// Ends the list of field descriptors.
const END_OF_FIELDS: u8 = 0x0D;
/// Stands before a record that was deleted.
const DELETED: u8 = b'*';

/// One text as it lies in the file, without the blanks around it.
#[derive(Debug)]
pub struct Text {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// It is as wide as its column, so its end may have been cut off inside a character.
    pub cut: bool,
}

/// What a `.dbf` says of its text.
#[derive(Debug, Default)]
pub struct DbfText {
    /// Byte 29, the language driver id; 0 where there is none.
    pub language_byte: u8,
    /// The texts that are not plain ASCII.
    pub texts: Vec<Text>,
    /// What is wrong with the file, if anything.
    pub damage: Option<Words>,
}

/// Where the records lie: the length of the header and of one record, in bytes.
#[derive(Debug, Clone, Copy)]
pub struct Layout {
    /// Bytes before the first record.
    pub header: usize,
    /// Bytes of one record.
    pub record: usize,
}

impl Layout {
    /// Reads the two lengths from the fixed part of the header.
    pub fn of(file: &[u8]) -> Option<Self> {
        let length = |at: usize| Some(usize::from(u16::from_le_bytes([*file.get(at)?, *file.get(at + 1)?])));
        Some(Self { header: length(8)?, record: length(10)? })
    }
}

/// Finds the texts in the bytes of a file: its header, then whole records. O(bytes).
pub fn texts(file: &[u8]) -> DbfText {
    let (Some(layout), Some(&language_byte)) = (Layout::of(file), file.get(29)) else {
        return DbfText { damage: Some(too_short(file.len())), ..DbfText::default() };
    };
    let fields = fields(file, layout.header);
    let mut texts: Vec<Text> = fields.iter().filter_map(|field| text(field.name)).collect();
    let records = file.get(layout.header..).filter(|_| layout.header > HEADER && layout.record > 1);
    for record in records.into_iter().flat_map(|records| records.chunks(layout.record.max(1))) {
        if record.first() != Some(&DELETED) {
            texts.extend(fields.iter().filter_map(|field| text(record.get(field.from?..field.to?)?)));
        }
    }
    let damage = damage(file, layout, &fields);
    DbfText { language_byte, texts, damage }
}

/// One field descriptor: its name, and for a character column where it lies in a record.
struct Field<'a> {
    name: &'a [u8],
    from: Option<usize>,
    to: Option<usize>,
}

fn fields(file: &[u8], header: usize) -> Vec<Field<'_>> {
    let end = if header > HEADER { header.min(file.len()) } else { file.len() };
    let descriptors = file.get(HEADER..end).unwrap_or_default().chunks_exact(HEADER);
    let mut from = 1;
    let mut fields = Vec::new();
    for descriptor in descriptors.take_while(|descriptor| descriptor.first() != Some(&END_OF_FIELDS)) {
        let (Some(name), Some(kind), Some(&width)) =
            (descriptor.get(..11), descriptor.get(11), descriptor.get(16))
        else {
            break;
        };
        let to = from + usize::from(width);
        let is_text = *kind == b'C';
        let name = name.split(|byte| *byte == 0).next().unwrap_or_default();
        fields.push(Field { name, from: is_text.then_some(from), to: is_text.then_some(to) });
        from = to;
    }
    fields
}

/// The text in the bytes of a column, if it is not plain ASCII.
fn text(column: &[u8]) -> Option<Text> {
    let filled = column.iter().rposition(|byte| !matches!(byte, 0 | b' ')).map_or(0, |last| last + 1);
    let bytes = column.get(..filled)?.trim_ascii_start();
    (!bytes.is_ascii()).then(|| Text { bytes: bytes.to_vec(), cut: filled == column.len() })
}

fn damage(file: &[u8], layout: Layout, fields: &[Field<'_>]) -> Option<Words> {
    let Layout { header, record } = layout;
    if fields.is_empty() || header <= HEADER {
        return Some(words!(
            "its header is damaged: it names {header} bytes of header",
            "文件头已损坏：所记文件头长度为 {header} 字节"
        ));
    }
    (header > file.len() || record < 2).then(|| {
        words!(
            "its header is damaged: header of {header} bytes, records of {record} bytes",
            "文件头已损坏：文件头 {header} 字节，每条记录 {record} 字节"
        )
    })
}

fn too_short(length: usize) -> Words {
    words!("it ends after {length} bytes, inside its header", "文件仅 {length} 字节，文件头不完整")
}
