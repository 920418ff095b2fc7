//! FlatBuffers, as far as FlatGeobuf needs them: tables, vectors, text. Every offset is held against the buffer; what
//! leads outside is as if it were absent.

use super::window::{le_u16, le_u32};

/// A table inside a buffer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Table<'b> {
    buffer: &'b [u8],
    at: usize,
    /// Where the table of its fields' places lies, and how many bytes it has.
    fields: usize,
    size: usize,
}

impl<'b> Table<'b> {
    /// The root table of a buffer.
    pub(super) fn root(buffer: &'b [u8]) -> Option<Self> {
        Self::at(buffer, le_u32(buffer, 0)? as usize)
    }

    fn at(buffer: &'b [u8], at: usize) -> Option<Self> {
        let back = le_u32(buffer, at)? as i32;
        let fields = usize::try_from(i64::try_from(at).ok()? - i64::from(back)).ok()?;
        let size = usize::from(le_u16(buffer, fields)?);
        Some(Self { buffer, at, fields, size })
    }

    /// Where a field lies; `None` where it is absent.
    fn field(&self, number: usize) -> Option<usize> {
        let entry = 4 + 2 * number;
        let offset = if entry + 2 <= self.size { le_u16(self.buffer, self.fields + entry)? } else { 0 };
        (offset != 0).then(|| self.at + usize::from(offset))
    }

    /// What a field refers to.
    fn target(&self, number: usize) -> Option<usize> {
        let at = self.field(number)?;
        at.checked_add(le_u32(self.buffer, at)? as usize)
    }

    /// A field of one byte.
    pub(super) fn byte(&self, number: usize) -> Option<u8> {
        self.buffer.get(self.field(number)?).copied()
    }

    /// A field of two bytes.
    pub(super) fn short(&self, number: usize) -> Option<u16> {
        le_u16(self.buffer, self.field(number)?)
    }

    /// A field of four bytes.
    pub(super) fn int(&self, number: usize) -> Option<i32> {
        Some(le_u32(self.buffer, self.field(number)?)? as i32)
    }

    /// A field of eight bytes.
    pub(super) fn long(&self, number: usize) -> Option<u64> {
        let bytes = self.buffer.get(self.field(number)?..)?.first_chunk()?;
        Some(u64::from_le_bytes(*bytes))
    }

    /// A table that a field refers to.
    pub(super) fn table(&self, number: usize) -> Option<Table<'b>> {
        Table::at(self.buffer, self.target(number)?)
    }

    /// The bytes of a vector whose elements have so many each.
    pub(super) fn vector(&self, number: usize, size: usize) -> Option<&'b [u8]> {
        let at = self.target(number)?;
        let length = (le_u32(self.buffer, at)? as usize).checked_mul(size)?;
        self.buffer.get(at + 4..)?.get(..length)
    }

    /// Text.
    pub(super) fn text(&self, number: usize) -> Option<&'b str> {
        std::str::from_utf8(self.vector(number, 1)?).ok()
    }

    /// The tables of a vector.
    pub(super) fn tables(&self, number: usize) -> impl Iterator<Item = Table<'b>> + use<'b> {
        let (buffer, at) = (self.buffer, self.target(number).unwrap_or(0));
        let count = self.vector(number, 4).map_or(0, |offsets| offsets.len() / 4);
        (0..count).filter_map(move |i| {
            let at = at + 4 + 4 * i;
            Table::at(buffer, at.checked_add(le_u32(buffer, at)? as usize)?)
        })
    }
}
