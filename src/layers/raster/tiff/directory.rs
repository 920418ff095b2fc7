//! The directories of a TIFF file (TIFF 6.0, and BigTIFF): their tags, read by place.
//!
//! Read here and not by a library: those at hand set memory aside by a tag's word, or refuse texts that are not ASCII,
//! which GDAL writes. Here no value is read before the file was found long enough to hold it.

use std::collections::BTreeMap;

use super::Fault;
use crate::layers::native::window::Stored as Bytes;

/// Entries that a directory may have; real ones have some thirty.
const MOST_ENTRIES: u64 = 4096;
/// Directories that a file may have: overviews and masks of them.
const MOST_DIRECTORIES: usize = 256;

/// An open TIFF file.
#[derive(Debug)]
pub(super) struct Tiff {
    pub bytes: Bytes,
    /// Whether its numbers begin with their highest byte.
    pub big_endian: bool,
    /// Whether it is a BigTIFF.
    big: bool,
}

/// One directory: an image.
#[derive(Debug)]
pub(super) struct Directory(BTreeMap<u16, Entry>);

#[derive(Debug, Clone, Copy)]
struct Entry {
    kind: u16,
    count: u64,
    /// Where its values begin in the file.
    at: u64,
}

impl Tiff {
    /// Reads the header; gives the place of the first directory with it.
    pub(super) fn open(bytes: Bytes) -> Result<(Self, u64), Fault> {
        let head = bytes.bytes(0, 8.min(bytes.length))?;
        let big_endian = match head.get(..2) {
            Some(b"II") => false,
            Some(b"MM") => true,
            _ => return Err(Fault::Declined("it is no TIFF".to_owned())),
        };
        let mut tiff = Self { bytes, big_endian, big: false };
        let first = match tiff.whole(2, 2)? {
            42 => tiff.whole(4, 4)?,
            43 if tiff.whole(4, 2)? == 8 => {
                tiff.big = true;
                tiff.whole(8, 8)?
            }
            _ => return Err(Fault::Declined("it is no TIFF".to_owned())),
        };
        Ok((tiff, first))
    }

    /// All directories in their order; a chain that runs in a circle ends where it began.
    pub(super) fn directories(&self, first: u64) -> Result<Vec<Directory>, Fault> {
        let (mut found, mut seen, mut at) = (Vec::new(), Vec::new(), first);
        while at != 0 && found.len() < MOST_DIRECTORIES && !seen.contains(&at) {
            seen.push(at);
            let (directory, next) = match self.directory(at) {
                Ok(read) => read,
                // What follows the image is masks and overviews; where it is cut off the image may be whole.
                Err(_) if !found.is_empty() => return Err(Fault::short("a directory")),
                Err(fault) => return Err(fault),
            };
            found.push(directory);
            at = next;
        }
        Ok(found)
    }

    fn directory(&self, at: u64) -> Result<(Directory, u64), Fault> {
        let (head, size) = if self.big { (8, 20) } else { (2, 12) };
        let count = self.whole(at, head)?;
        if count > MOST_ENTRIES {
            return Err(Fault::short("a directory"));
        }
        let first = at.checked_add(head).ok_or_else(|| Fault::short("a directory"))?;
        let mut entries = BTreeMap::new();
        for i in 0..count {
            let at = first + i * size;
            let kind = self.whole(at + 2, 2)? as u16;
            let (word, place) = if self.big { (8, at + 12) } else { (4, at + 8) };
            let entry = Entry { kind, count: self.whole(at + 4, word)?, at: place };
            let inside = entry.bytes().is_some_and(|bytes| bytes <= word);
            let at = if inside { place } else { self.whole(place, word)? };
            entries.insert(self.whole(first + i * size, 2)? as u16, Entry { at, ..entry });
        }
        let next = self.whole(first + count * size, if self.big { 8 } else { 4 })?;
        Ok((Directory(entries), next))
    }

    /// A whole number of so many bytes at a place.
    fn whole(&self, at: u64, bytes: u64) -> Result<u64, Fault> {
        Ok(number(&self.bytes.bytes(at, bytes)?, self.big_endian))
    }

    fn values(&self, entry: Entry) -> Result<Vec<u8>, Fault> {
        let bytes = entry.bytes().ok_or_else(|| Fault::Declined(format!("a tag of type {}", entry.kind)))?;
        Ok(self.bytes.bytes(entry.at, bytes)?)
    }

    /// Whole numbers of a tag; none where the tag is not there.
    pub(super) fn wholes(&self, directory: &Directory, tag: u16) -> Result<Vec<u64>, Fault> {
        let Some(&entry) = directory.0.get(&tag) else { return Ok(Vec::new()) };
        let width = match entry.kind {
            1 | 3 | 4 | 13 | 16 | 18 => entry.width(),
            kind => return Err(Fault::Declined(format!("tag {tag} is of type {kind}"))),
        };
        let values = self.values(entry)?;
        Ok(values.chunks_exact(width as usize).map(|value| number(value, self.big_endian)).collect())
    }

    /// The first whole number of a tag.
    pub(super) fn first(&self, directory: &Directory, tag: u16) -> Result<Option<u64>, Fault> {
        Ok(self.wholes(directory, tag)?.first().copied())
    }

    /// Numbers of a tag in double precision; none where the tag is not there.
    pub(super) fn reals(&self, directory: &Directory, tag: u16) -> Result<Vec<f64>, Fault> {
        let Some(&entry) = directory.0.get(&tag) else { return Ok(Vec::new()) };
        if entry.kind != 12 {
            return Err(Fault::Declined(format!("tag {tag} is of type {}", entry.kind)));
        }
        let values = self.values(entry)?;
        Ok(values.chunks_exact(8).map(|value| f64::from_bits(number(value, self.big_endian))).collect())
    }

    /// The text of a tag, up to its end.
    pub(super) fn text(&self, directory: &Directory, tag: u16) -> Result<Option<String>, Fault> {
        let Some(&entry) = directory.0.get(&tag) else { return Ok(None) };
        let values = self.values(entry)?;
        let end = values.iter().position(|&byte| byte == 0).unwrap_or(values.len());
        Ok(Some(String::from_utf8_lossy(&values[..end]).into_owned()))
    }
}

impl Directory {
    /// How many values a tag says it has.
    pub(super) fn count(&self, tag: u16) -> u64 {
        self.0.get(&tag).map_or(0, |entry| entry.count)
    }
}

impl Entry {
    /// Bytes of one value; 0 of a type that nobody knows.
    fn width(&self) -> u64 {
        match self.kind {
            1 | 2 | 6 | 7 => 1,
            3 | 8 => 2,
            4 | 9 | 11 | 13 => 4,
            5 | 10 | 12 | 16..=18 => 8,
            _ => 0,
        }
    }

    fn bytes(&self) -> Option<u64> {
        self.count.checked_mul(self.width()).filter(|_| self.width() > 0)
    }
}

fn number(bytes: &[u8], big_endian: bool) -> u64 {
    let add = |sum: u64, &byte: &u8| sum << 8 | u64::from(byte);
    if big_endian { bytes.iter().fold(0, add) } else { bytes.iter().rev().fold(0, add) }
}
