//! The parts of a shapefile that tell its encoding: the `.dbf` and the `.cpg`, beside a `.shp`, in a folder or in a zip.
//!
//! In: the path of the layer and perhaps a layer name. Out: bytes, bounded by [`SAMPLE`] whatever the size of the
//! file. The names of other files are compared without regard to letter case in their endings. Names inside a zip may
//! be UTF-8, GBK or code page 437, and a layer is found by any of the three.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use zip::ZipArchive;

use super::charset::{GB18030, UTF_8};
use super::dbf::Layout;
use super::error::EncodingError;
use crate::nearest::nearest;

/// The most that is read of an attribute file, in bytes.
const SAMPLE: u64 = 4 << 20;
/// A file longer than the sample is read at its beginning and at this many places spread over the rest.
const PLACES: u64 = 8;
/// The most that is read of a `.cpg`, in bytes.
const CPG: u64 = 4 << 10;

/// The encoding evidence of one shapefile, as bytes.
#[derive(Debug)]
pub struct Parts {
    /// The file as people know it, for findings.
    pub layer: String,
    /// The beginning of the `.dbf` and further whole records; `None` where there is no `.dbf`.
    pub dbf: Option<Vec<u8>>,
    /// The content of the `.cpg`.
    pub cpg: Option<String>,
}

/// Gathers the parts of the shapefile at `path`: a `.shp`, a folder, or a zip; `layer` chooses among several.
pub fn gather(path: &Path, layer: Option<&str>) -> Result<Parts, EncodingError> {
    let unreadable = |cause: std::io::Error| EncodingError::unreadable(path, cause);
    let about = std::fs::metadata(path).map_err(unreadable)?;
    if about.is_dir() {
        return from_folder(path, layer);
    }
    match ending(&path.to_string_lossy()).as_str() {
        "zip" | "shz" => from_zip(path, layer),
        "shp" | "dbf" | "shx" => beside(path),
        _ => Err(EncodingError::NotAShapefile { file: shown(path) }),
    }
}

fn from_folder(folder: &Path, layer: Option<&str>) -> Result<Parts, EncodingError> {
    let shapes: Vec<PathBuf> =
        listed(folder)?.into_iter().filter(|file| is_shape(&file.to_string_lossy())).collect();
    let names: Vec<Vec<String>> =
        shapes.iter().map(|file| vec![stem(&file.to_string_lossy()).to_owned()]).collect();
    let chosen = choose(folder, &names, layer)?;
    shapes
        .get(chosen)
        .map_or_else(|| Err(EncodingError::NotAShapefile { file: shown(folder) }), |file| beside(file))
}

fn beside(shape: &Path) -> Result<Parts, EncodingError> {
    let folder = shape.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let siblings = listed(folder)?;
    let sibling = |wanted: &str| {
        siblings
            .iter()
            .find(|file| file.file_stem() == shape.file_stem() && ending(&file.to_string_lossy()) == wanted)
    };
    let unreadable = |file: &Path, cause| EncodingError::unreadable(file, cause);
    let dbf = sibling("dbf").map(|file| sample(file).map_err(|e| unreadable(file, e))).transpose()?;
    let cpg = sibling("cpg")
        .map(|file| File::open(file).and_then(words_of).map_err(|e| unreadable(file, e)))
        .transpose()?;
    Ok(Parts { layer: shown(shape), dbf, cpg })
}

fn listed(folder: &Path) -> Result<Vec<PathBuf>, EncodingError> {
    let unreadable = |cause| EncodingError::unreadable(folder, cause);
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .map_err(unreadable)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()
        .map_err(unreadable)?;
    files.sort();
    Ok(files)
}

/// The whole file, or of a long one its beginning and some whole records at [`PLACES`] places.
fn sample(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    let mut bytes = Vec::new();
    if length <= SAMPLE {
        file.take(SAMPLE).read_to_end(&mut bytes)?;
        return Ok(bytes);
    }
    file.by_ref().take(SAMPLE / 2).read_to_end(&mut bytes)?;
    let Some(Layout { header, record }) = Layout::of(&bytes).filter(|layout| layout.record > 1) else {
        return Ok(bytes);
    };
    let whole = bytes.len().saturating_sub(header) / record * record;
    bytes.truncate(header + whole);
    let (header, record) = (header as u64, record as u64);
    for place in 1..=PLACES {
        let records_before = (length.saturating_sub(header) / record) * place / (PLACES + 1);
        file.seek(SeekFrom::Start(header + records_before * record))?;
        let piece = SAMPLE / 2 / PLACES / record * record;
        file.by_ref().take(piece).read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}

fn words_of(file: impl Read) -> std::io::Result<String> {
    let mut bytes = Vec::new();
    file.take(CPG).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn from_zip(path: &Path, layer: Option<&str>) -> Result<Parts, EncodingError> {
    let unreadable = |cause: String| EncodingError::Unreadable { file: shown(path), cause };
    let file = File::open(path).map_err(|e| unreadable(e.to_string()))?;
    let mut archive = ZipArchive::new(file).map_err(|e| unreadable(e.to_string()))?;
    let members = members(&mut archive).map_err(|e| unreadable(e.to_string()))?;
    let shapes: Vec<&Member> = members.iter().filter(|member| is_shape(member.name())).collect();
    let names: Vec<Vec<String>> = shapes.iter().map(|member| member.layer_names()).collect();
    let chosen = choose(path, &names, layer)?;
    let not_found = || EncodingError::NotAShapefile { file: shown(path) };
    let shape = shapes.get(chosen).ok_or_else(not_found)?;
    let part = |wanted: &str| {
        members
            .iter()
            .find(|m| without_ending(m.name()) == without_ending(shape.name()) && ending(m.name()) == wanted)
    };
    let dbf = part("dbf").map(|part| member_bytes(&mut archive, part, SAMPLE)).transpose();
    let cpg = part("cpg").map(|part| member_bytes(&mut archive, part, CPG)).transpose();
    Ok(Parts {
        layer: format!("{}/{}", shown(path), shape.name()),
        dbf: dbf.map_err(unreadable)?,
        cpg: cpg.map_err(unreadable)?.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()),
    })
}

/// One file inside a zip, with its path as each encoding in use reads it; the likeliest first.
struct Member {
    index: usize,
    spellings: Vec<String>,
}

impl Member {
    fn name(&self) -> &str {
        self.spellings.first().map_or("", String::as_str)
    }

    fn layer_names(&self) -> Vec<String> {
        self.spellings.iter().map(|spelling| stem(spelling).to_owned()).collect()
    }
}

fn members(archive: &mut ZipArchive<File>) -> zip::result::ZipResult<Vec<Member>> {
    let mut members = Vec::new();
    for index in 0..archive.len() {
        let file = archive.by_index_raw(index)?;
        let raw = file.name_raw();
        let mut spellings: Vec<String> =
            [&UTF_8, &GB18030].into_iter().filter_map(|charset| charset.read(raw, false)).collect();
        spellings.extend(file.name().ok().map(|name| name.into_owned()));
        members.push(Member { index, spellings });
    }
    Ok(members)
}

fn member_bytes(archive: &mut ZipArchive<File>, member: &Member, most: u64) -> Result<Vec<u8>, String> {
    let file = archive.by_index(member.index).map_err(|e| e.to_string())?;
    let mut bytes = Vec::new();
    file.take(most).read_to_end(&mut bytes).map_err(|e| e.to_string())?;
    Ok(bytes)
}

/// The place of the wanted layer among layers that may each have several names; the only one where none is named.
fn choose(path: &Path, layers: &[Vec<String>], wanted: Option<&str>) -> Result<usize, EncodingError> {
    let file = shown(path);
    let known: Vec<String> = layers.iter().filter_map(|names| names.first().cloned()).collect();
    match (wanted, layers) {
        (_, []) => Err(EncodingError::NotAShapefile { file }),
        (None, [_]) => Ok(0),
        (None, _) => Err(EncodingError::SeveralLayers { file, layers: known }),
        (Some(wanted), _) => {
            let found = layers.iter().position(|names| names.iter().any(|name| name == wanted));
            found.ok_or_else(|| {
                let meant = nearest(wanted, known.iter().map(String::as_str)).map(str::to_owned);
                EncodingError::LayerMissing { file, layer: wanted.to_owned(), layers: known, meant }
            })
        }
    }
}

/// A `.shp`, and not the twin of one that macOS puts into archives.
fn is_shape(name: &str) -> bool {
    ending(name) == "shp" && !last_part(name).starts_with("._")
}

fn last_part(name: &str) -> &str {
    name.rsplit(['/', '\\']).next().unwrap_or(name)
}

fn without_ending(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(before, _)| before)
}

fn stem(name: &str) -> &str {
    without_ending(last_part(name))
}

fn ending(name: &str) -> String {
    last_part(name).rsplit_once('.').map_or(String::new(), |(_, ending)| ending.to_ascii_lowercase())
}

/// The file's name, as findings and errors show it.
fn shown(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}
