//! JSON values of a file one after another, found by their brackets; a value is never more than bytes here.
//!
//! The buffer grows to the largest value and is used again.

use std::io;

use crate::layers::native::window::Stored;

/// Bytes read at a time.
const REACH: usize = 256 << 10;

/// A file from one place on.
#[derive(Debug)]
pub(super) struct Stream<'f> {
    file: &'f Stored,
    buffer: Vec<u8>,
    /// Where in the file the buffer begins, and where in the buffer the next byte is.
    start: u64,
    at: usize,
}

impl<'f> Stream<'f> {
    pub(super) fn new(file: &'f Stored, from: u64) -> Self {
        Self { file, buffer: Vec::new(), start: from, at: 0 }
    }

    /// Where in the file the next byte is.
    pub(super) fn place(&self) -> u64 {
        self.start + self.at as u64
    }

    /// The next byte that is no blank, comma, colon or separator of records; `None` at the end of the file.
    pub(super) fn peek(&mut self) -> io::Result<Option<u8>> {
        loop {
            let rest = self.buffer.get(self.at..).unwrap_or_default();
            if let Some(skipped) = rest.iter().position(|byte| !b" \t\r\n,:\x1e".contains(byte)) {
                self.at += skipped;
                return Ok(self.buffer.get(self.at).copied());
            }
            self.at = self.buffer.len();
            if !self.more(self.at)? {
                return Ok(None);
            }
        }
    }

    /// Steps over the byte that was peeked at.
    pub(super) fn step(&mut self) {
        self.at += 1;
    }

    /// The value that begins at the byte peeked at; an error where the file ends in it.
    pub(super) fn value(&mut self) -> io::Result<&[u8]> {
        let (mut skim, mut seen) = (Skim::default(), 0);
        let length = loop {
            let rest = self.buffer.get(self.at + seen..).unwrap_or_default();
            match skim.end(rest) {
                Some(end) => break seen + end,
                None => seen += rest.len(),
            }
            if !self.more(self.at)? {
                break skim.ended().then_some(seen).ok_or_else(cut_off)?;
            }
        };
        let begin = self.at;
        self.at += length;
        Ok(&self.buffer[begin..begin + length])
    }

    /// Reads on, dropping what lies before `keep`; `false` at the end of the file.
    fn more(&mut self, keep: usize) -> io::Result<bool> {
        self.buffer.drain(..keep);
        self.start += keep as u64;
        self.at -= keep;
        let filled = self.buffer.len();
        let left = self.file.length.saturating_sub(self.start + filled as u64);
        let wanted = left.min(REACH.max(filled) as u64) as usize;
        self.buffer.resize(filled + wanted, 0);
        self.file.read_exact(&mut self.buffer[filled..], self.start + filled as u64)?;
        Ok(wanted > 0)
    }
}

fn cut_off() -> io::Error {
    io::Error::new(io::ErrorKind::UnexpectedEof, "the file ends inside a value: it is cut off")
}

/// Looks for the end of a value, byte after byte.
#[derive(Debug, Default)]
pub(super) struct Skim {
    depth: u32,
    quoted: bool,
    escaped: bool,
    /// Whether the value is a number or a bare word, which ends where another byte begins.
    bare: bool,
}

impl Skim {
    /// Where the value ends in these bytes, which follow those of the last call; `None` if not in them.
    pub(super) fn end(&mut self, bytes: &[u8]) -> Option<usize> {
        for (at, byte) in bytes.iter().enumerate() {
            if self.quoted {
                match byte {
                    _ if self.escaped => self.escaped = false,
                    b'\\' => self.escaped = true,
                    b'"' => {
                        self.quoted = false;
                        if self.depth == 0 {
                            return Some(at + 1);
                        }
                    }
                    _ => {}
                }
                continue;
            }
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' | b',' | b':' | b']' | b'}' if self.bare => return Some(at),
                b'"' => self.quoted = true,
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' if self.depth <= 1 => return Some(at + 1),
                b'}' | b']' => self.depth -= 1,
                _ => self.bare = self.depth == 0,
            }
        }
        None
    }

    /// Whether the value may end where the file does.
    fn ended(&self) -> bool {
        self.bare
    }
}

/// The members of an object: names without their quotation marks, and values.
pub(super) fn members(object: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    let mut rest = object.strip_prefix(b"{").unwrap_or_default();
    std::iter::from_fn(move || {
        let name = next(&mut rest).filter(|name| name.len() >= 2 && name.starts_with(b"\""))?;
        Some((&name[1..name.len() - 1], next(&mut rest)?))
    })
}

/// The elements of an array.
pub(super) fn elements(array: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = array.strip_prefix(b"[").unwrap_or_default();
    std::iter::from_fn(move || next(&mut rest))
}

/// The next value inside brackets; `None` behind the last.
fn next<'v>(rest: &mut &'v [u8]) -> Option<&'v [u8]> {
    let begin = rest.iter().position(|byte| !b" \t\r\n,:".contains(byte))?;
    let from = &rest[begin..];
    if from.starts_with(b"}") || from.starts_with(b"]") {
        return None;
    }
    let (value, after) = from.split_at(Skim::default().end(from)?);
    *rest = after;
    Some(value)
}
