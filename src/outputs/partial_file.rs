//! A partial as bytes, and back: what travels between machines.
//!
//! In: [`Terms`] (what the figures rest on) and a [`Partial`] of a project, or [`ZonalParts`]. Out: bytes, the same for the same value. The form: a
//! mark, the number of the form, the length of the body, the body, and SHA-256 of all before, so that a file that was
//! cut off or changed on its way is refused. All numbers are little-endian; the body is in the form of `postcard`.

pub mod refused;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::measure::partial::Partial;
use crate::outputs::partial_file::refused::Refused;
use crate::outputs::zonal::ZonalParts;

const MARK: &[u8; 16] = b"sencheng partial";
/// Goes up with every change of what stands in the body.
const FORM: u32 = 5;
const HEAD: usize = MARK.len() + 4 + 8;
const DIGEST: usize = 32;

/// What kind of term.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum TermKind {
    /// The program and its version.
    Program,
    /// An effective setting.
    Setting,
    /// The data of a rule set.
    Rules,
    /// A file that was read.
    Input,
    /// The working CRS.
    Crs,
    /// The outlines of all zones after preparation.
    Ground,
}

/// One thing that the figures rest on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Term {
    /// What it is.
    pub kind: TermKind,
    /// Which one.
    pub key: String,
    /// What it says; for rules, files and outlines a digest.
    pub value: String,
}

/// All that the figures rest on: partials that go together have the same.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms(Vec<Term>);

impl Terms {
    /// Some terms, in any order.
    pub fn new(terms: impl IntoIterator<Item = Term>) -> Self {
        let mut terms: Vec<Term> = terms.into_iter().collect();
        terms.sort();
        Self(terms)
    }

    /// The first term in which they differ, by kind: here and there, where it is there at all.
    pub fn difference(&self, other: &Self) -> Option<(TermKind, String, [Option<String>; 2])> {
        let of = |terms: &Self, kind, key: &str| {
            let found = terms.0.iter().find(|term| term.kind == kind && term.key == key);
            found.map(|term| term.value.clone())
        };
        let mut keys: Vec<(TermKind, &str)> =
            self.0.iter().chain(&other.0).map(|t| (t.kind, &*t.key)).collect();
        keys.sort_unstable();
        let both = |&(kind, key): &(TermKind, &str)| (of(self, kind, key), of(other, kind, key));
        let differs = keys.iter().find(|key| matches!(both(key), (here, there) if here != there))?;
        let (here, there) = both(differs);
        Some((differs.0, differs.1.to_owned(), [here, there]))
    }
}

/// What a partial is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    /// A project.
    Project,
    /// Rasters over zones.
    Zonal,
}

/// What travels as a partial.
pub trait Body: Serialize + DeserializeOwned {
    /// What it is of.
    const KIND: Kind;
}

impl Body for Partial {
    const KIND: Kind = Kind::Project;
}

impl Body for ZonalParts {
    const KIND: Kind = Kind::Zonal;
}

/// The bytes of a partial.
pub fn bytes<B: Body>(terms: &Terms, partial: &B) -> Result<Vec<u8>, Refused> {
    let body =
        postcard::to_stdvec(&(B::KIND, terms, partial)).map_err(|e| Refused::NotWritten(e.to_string()))?;
    let mut bytes = Vec::with_capacity(HEAD + body.len() + DIGEST);
    bytes.extend_from_slice(MARK);
    bytes.extend_from_slice(&FORM.to_le_bytes());
    bytes.extend_from_slice(&(body.len() as u64).to_le_bytes());
    bytes.extend_from_slice(&body);
    let digest = Sha256::digest(&bytes);
    bytes.extend_from_slice(&digest);
    Ok(bytes)
}

/// A partial from bytes; `file` names it in errors.
pub fn read<B: Body>(file: &str, bytes: &[u8]) -> Result<(Terms, B), Refused> {
    let damaged = |_| Refused::Damaged { file: file.to_owned() };
    let (kind, rest) = postcard::take_from_bytes::<Kind>(body(file, bytes)?).map_err(damaged)?;
    if kind != B::KIND {
        return Err(Refused::OtherKind { file: file.to_owned(), kind });
    }
    postcard::from_bytes(rest).map_err(damaged)
}

/// What a partial is of.
pub fn kind(file: &str, bytes: &[u8]) -> Result<Kind, Refused> {
    let kind = postcard::take_from_bytes(body(file, bytes)?);
    kind.map(|(kind, _)| kind).map_err(|_| Refused::Damaged { file: file.to_owned() })
}

/// The body of a partial that is whole and unchanged.
fn body<'b>(file: &str, bytes: &'b [u8]) -> Result<&'b [u8], Refused> {
    let file = || file.to_owned();
    let short = bytes.len() < HEAD;
    if short && MARK.starts_with(&bytes[..bytes.len().min(MARK.len())]) {
        return Err(Refused::CutOff { file: file(), bytes: bytes.len() as u64, announced: None });
    }
    let Some(rest) = bytes.strip_prefix(MARK) else { return Err(Refused::NotOne { file: file() }) };
    let Some((form, rest)) = rest.split_first_chunk::<4>() else {
        return Err(Refused::NotOne { file: file() });
    };
    let form = u32::from_le_bytes(*form);
    if form != FORM {
        return Err(Refused::OtherForm { file: file(), form });
    }
    let Some((length, _)) = rest.split_first_chunk::<8>() else {
        return Err(Refused::NotOne { file: file() });
    };
    let length = u64::from_le_bytes(*length);
    let announced = length.saturating_add((HEAD + DIGEST) as u64);
    if announced > bytes.len() as u64 {
        return Err(Refused::CutOff { file: file(), bytes: bytes.len() as u64, announced: Some(announced) });
    }
    let (content, digest) = bytes.split_at(bytes.len() - DIGEST);
    if announced < bytes.len() as u64 || Sha256::digest(content).as_slice() != digest {
        return Err(Refused::Damaged { file: file() });
    }
    Ok(&content[HEAD..])
}
