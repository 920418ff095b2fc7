//! How much memory a run may take, and the temporary file for what does not fit.

use std::fs::File;
use std::io;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::measure::heap::{Room, Spill};
use crate::survey::SourceFault;

/// Where it cannot be found out how much memory is free: bytes.
const MODEST: u64 = 2 << 30;
/// Patches that wait may always take one part in so many of what the run may take.
const LEAST_SHARE: u64 = 8;
/// One part in so many is kept for what is being worked on.
const RESERVE: u64 = 5;

/// Bytes as a person writes them: `800M`, `2G`, `1.5G`, or a plain number.
pub fn parse(text: &str) -> Result<u64, String> {
    let wrong = || "write a size such as 800M or 2G (写成 800M、2G 这样的大小)".to_owned();
    let text = text.trim().trim_end_matches(['b', 'B']).trim_end_matches(['i', 'I']);
    let unit = match text.chars().last().map(|c| c.to_ascii_uppercase()) {
        Some('K') => 1u64 << 10,
        Some('M') => 1 << 20,
        Some('G') => 1 << 30,
        Some('T') => 1 << 40,
        _ => 1,
    };
    let number = if unit == 1 { text } else { &text[..text.len() - 1] };
    let number: f64 = number.trim().parse().map_err(|_| wrong())?;
    let bytes = number * unit as f64;
    if bytes.is_finite() && bytes >= 1.0 { Ok(bytes as u64) } else { Err(wrong()) }
}

/// How much memory a run may take, and its temporary file for what does not fit, which has no name and vanishes with it.
pub struct TemporaryFile {
    most: u64,
    /// Made when it is first needed.
    file: OnceLock<File>,
    end: AtomicU64,
}

impl TemporaryFile {
    /// For a run that may take so many bytes; by default half of what is free.
    pub fn new(bytes: Option<u64>) -> Self {
        let most = bytes.unwrap_or_else(|| free().unwrap_or(2 * MODEST) / 2);
        Self { most, file: OnceLock::new(), end: AtomicU64::new(0) }
    }

    fn file(&self) -> io::Result<&File> {
        match self.file.get() {
            Some(file) => Ok(file),
            // Of two threads that make one at the same time, the file of the second is gone at once.
            None => tempfile::tempfile().map(|file| self.file.get_or_init(|| file)),
        }
    }

    /// The room of the run.
    pub fn room(&self) -> Room<'_> {
        Room { spill: Some(self) }
    }
}

/// Memory that is free, in bytes, where the system tells.
fn free() -> Option<u64> {
    told("/proc/meminfo", "MemAvailable:")
}

/// Memory that this process has taken, in bytes, where the system tells.
fn resident() -> Option<u64> {
    told("/proc/self/status", "VmRSS:")
}

/// A number of kilobytes from a list of the system, in bytes.
fn told(list: &str, name: &str) -> Option<u64> {
    let told = std::fs::read_to_string(list).ok()?;
    let line = told.lines().find_map(|line| line.strip_prefix(name))?;
    Some(line.trim().trim_end_matches("kB").trim().parse::<u64>().ok()? << 10)
}

impl Spill for TemporaryFile {
    fn has_room(&self, used: usize, taken: usize) -> bool {
        // The system is asked only where the answer can matter.
        if used as u64 <= self.most / LEAST_SHARE {
            return true;
        }
        let others = resident().map_or(0, |all| all.saturating_sub(taken as u64));
        used as u64 <= (self.most - self.most / RESERVE).saturating_sub(others)
    }

    fn put(&self, words: &[u64]) -> Result<u64, SourceFault> {
        let at = self.end.fetch_add(size_of_val(words) as u64, Ordering::Relaxed);
        write_at(self.file()?, bytemuck::cast_slice(words), at)?;
        Ok(at)
    }

    fn take(&self, at: u64, from: usize, words: &mut [u64]) -> Result<(), SourceFault> {
        let at = at + (from * size_of::<u64>()) as u64;
        Ok(read_at(self.file()?, bytemuck::cast_slice_mut(words), at)?)
    }
}

#[cfg(unix)]
use std::os::unix::fs::FileExt;
#[cfg(windows)]
use std::os::windows::fs::FileExt;

#[cfg(unix)]
fn write_at(file: &File, bytes: &[u8], at: u64) -> io::Result<()> {
    file.write_all_at(bytes, at)
}

#[cfg(unix)]
fn read_at(file: &File, bytes: &mut [u8], at: u64) -> io::Result<()> {
    file.read_exact_at(bytes, at)
}

#[cfg(windows)]
fn write_at(file: &File, mut bytes: &[u8], mut at: u64) -> io::Result<()> {
    while !bytes.is_empty() {
        let written = file.seek_write(bytes, at)?;
        (bytes, at) = (&bytes[written..], at + written as u64);
    }
    Ok(())
}

#[cfg(windows)]
fn read_at(file: &File, mut bytes: &mut [u8], mut at: u64) -> io::Result<()> {
    while !bytes.is_empty() {
        match file.seek_read(bytes, at)? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            read => (bytes, at) = (&mut bytes[read..], at + read as u64),
        }
    }
    Ok(())
}
