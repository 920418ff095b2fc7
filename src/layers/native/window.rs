//! Positioned reads of a file through a window that is moved ahead and whose buffer is used again.

use std::fs::File;
use std::io;
use std::path::Path;

/// Bytes read at a time: few enough to stay in the cache of a core, many enough that the calls cost nothing.
const REACH: u64 = 256 << 10;
/// A window so many times as wide is given back when what it showed is done with.
const FAR_MORE: u64 = 16;

/// A file that several threads read at once.
#[derive(Debug)]
pub(in crate::layers) struct Stored {
    file: File,
    /// Its length when it was opened.
    pub length: u64,
}

impl Stored {
    pub(in crate::layers) fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        let length = file.metadata()?.len();
        Ok(Self { file, length })
    }

    /// Fills the buffer from a place of the file.
    pub(in crate::layers) fn read_exact(&self, buffer: &mut [u8], offset: u64) -> io::Result<()> {
        positioned(&self.file, buffer, offset)
    }

    /// So many bytes from a place; an error, and no allocation, where the file does not reach so far.
    pub(in crate::layers) fn bytes(&self, offset: u64, length: u64) -> io::Result<Vec<u8>> {
        if !self.holds(offset, length) {
            return Err(ended());
        }
        let mut buffer = vec![0; length as usize];
        self.read_exact(&mut buffer, offset)?;
        Ok(buffer)
    }

    /// Whether the file reaches so far.
    pub(in crate::layers) fn holds(&self, offset: u64, length: u64) -> bool {
        offset.checked_add(length).is_some_and(|end| end <= self.length)
    }
}

#[cfg(unix)]
fn positioned(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, buffer, offset)
}

#[cfg(windows)]
fn positioned(file: &File, mut buffer: &mut [u8], mut offset: u64) -> io::Result<()> {
    while !buffer.is_empty() {
        match std::os::windows::fs::FileExt::seek_read(file, buffer, offset)? {
            0 => return Err(ended()),
            n => (buffer, offset) = (&mut buffer[n..], offset + n as u64),
        }
    }
    Ok(())
}

/// What a read beyond the end of a file is answered with.
pub(super) fn ended() -> io::Error {
    io::Error::new(io::ErrorKind::UnexpectedEof, "the file ends before")
}

/// Bytes of a file from one place on, read ahead up to an end.
#[derive(Debug)]
pub(super) struct Window<'f> {
    file: &'f Stored,
    buffer: Vec<u8>,
    start: u64,
    filled: usize,
    end: u64,
}

impl<'f> Window<'f> {
    /// A window that never reads beyond `end`, or the end of the file.
    pub(super) fn new(file: &'f Stored, end: u64) -> Self {
        Self { file, buffer: Vec::new(), start: 0, filled: 0, end: end.min(file.length) }
    }

    /// So many bytes from a place, which should not lie before that of the last call.
    pub(super) fn get(&mut self, offset: u64, length: u64) -> io::Result<&[u8]> {
        let reaches = |skip: &u64| skip.checked_add(length).is_some_and(|end| end <= self.filled as u64);
        let inside = offset.checked_sub(self.start).filter(reaches);
        let skip = match inside {
            Some(skip) => skip as usize,
            None => {
                self.fill(offset, length)?;
                0
            }
        };
        self.buffer.get(skip..skip + length as usize).ok_or_else(ended)
    }

    /// Gives back its buffer where one feature made it far larger than most need.
    pub(super) fn give_back(&mut self) {
        if self.buffer.len() as u64 > FAR_MORE * REACH {
            (self.buffer, self.filled) = (Vec::new(), 0);
        }
    }

    fn fill(&mut self, offset: u64, length: u64) -> io::Result<()> {
        let last = offset.checked_add(length).filter(|&last| last <= self.end).ok_or_else(ended)?;
        let ahead = (offset + REACH).min(self.end).max(last);
        let wanted = (ahead - offset) as usize;
        if self.buffer.len() < wanted {
            self.buffer.resize(wanted, 0);
        }
        self.filled = 0;
        self.file.read_exact(&mut self.buffer[..wanted], offset)?;
        (self.start, self.filled) = (offset, wanted);
        Ok(())
    }
}

/// Four bytes, the most significant first.
pub(super) fn be_u32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

/// Four bytes, the least significant first.
pub(super) fn le_u32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

/// Two bytes, the least significant first.
pub(super) fn le_u16(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

/// Eight bytes as a number, the least significant first.
pub(super) fn le_f64(bytes: &[u8], at: usize) -> Option<f64> {
    Some(f64::from_le_bytes(bytes.get(at..at + 8)?.try_into().ok()?))
}

/// Pairs of numbers, x and y after each other, the least significant byte first.
pub(super) fn le_points(bytes: &[u8]) -> impl ExactSizeIterator<Item = [f64; 2]> {
    bytes.as_chunks::<16>().0.iter().map(|pair| {
        let half = |from: usize| {
            let mut number = [0; 8];
            number.copy_from_slice(&pair[from..from + 8]);
            f64::from_le_bytes(number)
        };
        [half(0), half(8)]
    })
}
