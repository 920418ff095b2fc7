//! `run.json`: how the figures were made, so that the run can be made again. `schema = 1`.
//!
//! No absolute path stands in it, and the one number that differs between two runs of the same input is the
//! duration.

use serde::Serialize;

use crate::outputs::{CrsNote, json_document};
use crate::project::origin::Setting;

/// A file that was read.
#[derive(Debug, Clone, Serialize)]
pub struct InputFile {
    /// Its name as the project writes it.
    pub file: String,
    /// Its size.
    pub bytes: u64,
    /// SHA-256 of its content, hexadecimal.
    pub sha256: String,
}

/// How a run was made.
#[derive(Debug, Clone, Serialize)]
pub struct Run<'a> {
    /// Version of the form of this document.
    pub schema: u32,
    /// The program and its version.
    pub program: &'a str,
    /// Every effective setting and where it came from.
    pub settings: Vec<Setting>,
    /// The working CRS and why it was chosen.
    pub working_crs: &'a CrsNote,
    /// The standards judged by, by name.
    pub standards: Vec<String>,
    /// The files that were read.
    pub inputs: Vec<InputFile>,
    /// How many findings there are of each severity: info, warning, error.
    pub findings: [usize; 3],
    /// How long it took, in seconds.
    pub duration_s: f64,
}

/// The document.
pub fn run_json(run: &Run<'_>) -> Vec<u8> {
    json_document(run)
}
