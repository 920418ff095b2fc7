//! Which text encoding the attributes of a shapefile are in, decided before GDAL opens it.
//!
//! In: the path of a `.shp`, of a folder or of a zip, and what the user declared. Out: the answer, as the value of
//! GDAL's open option `ENCODING`, who gave it, and findings. The order: the user's setting; the `.cpg`; the language
//! byte of the `.dbf`; a trial decode of the raw bytes. A declaration is believed unless the bytes are impossible in
//! it. Nothing is written and GDAL is not called; at most some megabytes are read, whatever a header claims.

mod charset;
mod dbf;
mod decide;
mod error;
mod parts;
mod trial;

use std::path::Path;

use serde::Serialize;

pub use error::EncodingError;

use crate::finding::Finding;
use crate::words::Words;
pub(super) use charset::Charset;

/// Who gave the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ChosenBy {
    /// The user's setting.
    Setting,
    /// The `.cpg` beside the `.dbf`.
    Cpg,
    /// Byte 29 of the `.dbf`.
    LanguageByte,
    /// The bytes of the texts themselves.
    TrialDecode,
    /// Nobody had to: there is no text, or only ASCII.
    NothingToDecide,
    /// Nobody could: the text may come out wrong, and a warning says so.
    Fallback,
}

/// The encoding of the attributes of one shapefile.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DbfEncoding {
    /// For GDAL's open option `ENCODING`.
    pub gdal_name: String,
    /// Who gave it.
    pub chosen_by: ChosenBy,
    /// On what ground, for people.
    pub evidence: Words,
}

/// Decides the encoding of a shapefile's attributes; `layer` chooses among several in a folder or zip, `declared` is
/// the user's setting.
///
/// # Errors
/// Where files cannot be read, where there is no shapefile, or several and none named, and where `declared` is no
/// encoding at all. A missing `.dbf` is a finding.
pub fn dbf_encoding(
    path: &Path,
    layer: Option<&str>,
    declared: Option<&str>,
) -> Result<(DbfEncoding, Vec<Finding>), EncodingError> {
    let setting = declared
        .map(|name| Charset::named(name).ok_or_else(|| EncodingError::UnknownName { name: name.to_owned() }))
        .transpose()?;
    let parts = parts::gather(path, layer)?;
    Ok(decide::decide(setting, &parts))
}
