//! How much memory a run may take, and the temporary file for what does not fit.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::sync::{Mutex, PoisonError};

use crate::measure::heap::{Room, Spill};
use crate::survey::SourceFault;

/// Where it cannot be found out how much memory is free: bytes.
const MODEST: u64 = 2 << 30;
/// Words that are turned into bytes at once.
const AT_ONCE: usize = 8192;

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

/// The temporary file of a run, which has no name and vanishes with it.
#[derive(Default)]
pub struct TemporaryFile(Mutex<Option<(File, u64)>>);

impl TemporaryFile {
    /// The room of a run that may take so many bytes; by default half of what is free. Three quarters of it are for
    /// patches that wait for their tile; the rest is for what is being worked on.
    pub fn room(&self, bytes: Option<u64>) -> Room<'_> {
        let bytes = bytes.unwrap_or_else(|| free().unwrap_or(2 * MODEST) / 2);
        Room { bytes: usize::try_from(bytes / 4 * 3).unwrap_or(usize::MAX), spill: Some(self) }
    }
}

/// Memory that is free, in bytes, where the system tells.
fn free() -> Option<u64> {
    let told = std::fs::read_to_string("/proc/meminfo").ok()?;
    let line = told.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    Some(line.trim().trim_end_matches("kB").trim().parse::<u64>().ok()? << 10)
}

impl Spill for TemporaryFile {
    fn put(&self, words: &[u64]) -> Result<u64, SourceFault> {
        let mut inside = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if inside.is_none() {
            *inside = Some((tempfile::tempfile()?, 0));
        }
        let Some((file, end)) = inside.as_mut() else { return Err("no temporary file".into()) };
        let at = *end;
        file.seek(SeekFrom::Start(at))?;
        for some in words.chunks(AT_ONCE) {
            let bytes: Vec<u8> = some.iter().flat_map(|word| word.to_le_bytes()).collect();
            file.write_all(&bytes)?;
        }
        *end += 8 * words.len() as u64;
        Ok(at)
    }

    fn take(&self, at: u64, words: &mut [u64]) -> Result<(), SourceFault> {
        let mut inside = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some((file, _)) = inside.as_mut() else { return Err("no temporary file".into()) };
        file.seek(SeekFrom::Start(at))?;
        let mut bytes = vec![0; 8 * AT_ONCE];
        for some in words.chunks_mut(AT_ONCE) {
            let bytes = &mut bytes[..8 * some.len()];
            file.read_exact(bytes)?;
            for (word, bytes) in some.iter_mut().zip(bytes.as_chunks::<8>().0) {
                *word = u64::from_le_bytes(*bytes);
            }
        }
        Ok(())
    }
}
