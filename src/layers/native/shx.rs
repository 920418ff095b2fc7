//! Where the records of a shapefile lie: by its `.shx` where that can be trusted, else by walking the `.shp`.
//!
//! A `.shx` is trusted when its entries follow each other without a gap through the whole `.shp` and the record
//! headers looked at agree; where there are gaps, which editing in place leaves, when every single record header
//! agrees in number and length. The readers look at each header again when they come to it.

use std::collections::BTreeMap;
use std::io;

use super::window::{Stored, Window, be_u32};

/// Bytes of the header of both files.
pub(super) const HEADER: u64 = 100;
/// Bytes of a record header in the `.shp`, and of an entry in the `.shx`.
pub(super) const ENTRY: u64 = 8;
/// The number that both files begin with.
const FILE_CODE: u32 = 9994;
/// Record headers looked at in an index without gaps.
const SAMPLE: u64 = 256;

/// Where a record lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    /// Where its header begins.
    pub offset: u64,
    /// Bytes after its header.
    pub length: u64,
}

impl Place {
    fn end(self) -> u64 {
        self.offset + ENTRY + self.length
    }
}

/// The places of all records.
#[derive(Debug)]
pub(super) enum Index {
    /// They stand in the `.shx`.
    Listed { shx: Stored, count: u64 },
    /// They were found by walking.
    Walked(Vec<Place>),
}

/// Whether the file begins as both files of a shapefile do.
pub(super) fn begins_well(header: &[u8]) -> bool {
    be_u32(header, 0) == Some(FILE_CODE)
}

impl Index {
    /// The places by the `.shx`; where it is wrong, by walking, and what was wrong.
    pub(super) fn open(shp: &Stored, shx: Stored) -> io::Result<(Self, Option<String>)> {
        match distrust(shp, &shx)? {
            None => Ok((Self::Listed { count: (shx.length - HEADER) / ENTRY, shx }, None)),
            Some(why) => Ok((Self::Walked(walk(shp)?), Some(why))),
        }
    }

    pub(super) fn count(&self) -> u64 {
        match self {
            Self::Listed { count, .. } => *count,
            Self::Walked(places) => places.len() as u64,
        }
    }

    /// The places of some records; fewer where there are no more.
    pub(super) fn places(&self, from: u64, to: u64) -> io::Result<Vec<Place>> {
        let to = to.min(self.count());
        match self {
            Self::Listed { shx, .. } => {
                let entries = shx.bytes(HEADER + from * ENTRY, to.saturating_sub(from) * ENTRY)?;
                Ok(entries.chunks_exact(ENTRY as usize).filter_map(place).collect())
            }
            Self::Walked(places) => {
                Ok(places.get(from as usize..to as usize).map(<[Place]>::to_vec).unwrap_or_default())
            }
        }
    }
}

fn place(entry: &[u8]) -> Option<Place> {
    let words = |at| be_u32(entry, at).map(|words| u64::from(words) * 2);
    Some(Place { offset: words(0)?, length: words(4)? })
}

/// Number and place of the record whose header lies at `offset`; `None` where the file ends before.
fn header(window: &mut Window<'_>, offset: u64) -> Option<(u32, Place)> {
    let header = window.get(offset, ENTRY).ok()?;
    let length = u64::from(be_u32(header, 4)?) * 2;
    Some((be_u32(header, 0)?, Place { offset, length }))
}

/// What is wrong with an index; `None` where it can be trusted.
fn distrust(shp: &Stored, shx: &Stored) -> io::Result<Option<String>> {
    if shx.length < HEADER || !begins_well(&shx.bytes(0, HEADER)?) {
        return Ok(Some("it does not begin as an index does".to_owned()));
    }
    let count = (shx.length - HEADER) / ENTRY;
    let said =
        be_u32(&shx.bytes(24, 4)?, 0).map(|words| (u64::from(words) * 2).saturating_sub(HEADER) / ENTRY);
    if said != Some(count) {
        return Ok(Some(format!("it holds {count} entries and says {}", said.unwrap_or_default())));
    }
    let mut entries = Window::new(shx, shx.length);
    let (mut end, mut gaps) = (HEADER, false);
    for i in 0..count {
        let Some(place) = place(entries.get(HEADER + i * ENTRY, ENTRY)?) else { break };
        gaps |= place.offset != end;
        end = end.max(place.end());
    }
    let step = if gaps { 1 } else { count.div_ceil(SAMPLE).max(1) };
    Ok(disagreement(shp, shx, step, gaps)?.or_else(|| unlisted(shp, end, count)))
}

/// The first entry looked at whose record does not agree with it. Records beyond the end of a file that was cut off
/// are the file's fault, not the index's.
fn disagreement(shp: &Stored, shx: &Stored, step: u64, numbered: bool) -> io::Result<Option<String>> {
    let count = (shx.length - HEADER) / ENTRY;
    let mut entries = Window::new(shx, shx.length);
    let mut heads = [0; ENTRY as usize];
    for i in (0..count).step_by(step as usize) {
        let Some(place) = place(entries.get(HEADER + i * ENTRY, ENTRY)?) else { break };
        if !numbered && !shp.holds(place.offset, ENTRY) {
            break;
        }
        let read = shp.holds(place.offset, ENTRY).then(|| shp.read_exact(&mut heads, place.offset));
        let number = be_u32(&heads, 0).map(u64::from);
        let length = be_u32(&heads, 4).map(|words| u64::from(words) * 2);
        let agrees = length == Some(place.length) && (!numbered || number == Some(i + 1));
        if place.offset < HEADER || !matches!(read, Some(Ok(()))) || !agrees {
            return Ok(Some(format!("entry {} and the record it points at disagree", i + 1)));
        }
    }
    Ok(None)
}

/// Whether a record follows that the index does not know of.
fn unlisted(shp: &Stored, end: u64, count: u64) -> Option<String> {
    let (number, place) = header(&mut Window::new(shp, shp.length), end)?;
    let follows = u64::from(number) == count + 1 && place.length >= 4 && place.end() <= shp.length;
    follows.then(|| format!("it holds {count} entries and the .shp more records"))
}

/// The places by the record headers alone. Where numbers show that records were replaced, the last of a number counts.
fn walk(shp: &Stored) -> io::Result<Vec<Place>> {
    let (mut offset, mut found) = (HEADER, Vec::new());
    let mut heads = [0; ENTRY as usize];
    while shp.holds(offset, ENTRY + 4) {
        shp.read_exact(&mut heads, offset)?;
        let (Some(number), Some(words)) = (be_u32(&heads, 0), be_u32(&heads, 4)) else { break };
        let place = Place { offset, length: u64::from(words) * 2 };
        if place.length < 4 || place.end() > shp.length {
            break;
        }
        found.push((number, place));
        offset = place.end();
    }
    let in_turn = found.iter().enumerate().all(|(i, (number, _))| *number as usize == i + 1);
    if !in_turn {
        let last: BTreeMap<u32, Place> = found.iter().copied().collect();
        if last.keys().zip(1..).all(|(number, wanted)| *number == wanted) {
            return Ok(last.into_values().collect());
        }
    }
    Ok(found.into_iter().map(|(_, place)| place).collect())
}
