//! Digests of the files that a run read.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::cli::failure::Failure;
use crate::outputs::run_json::InputFile;

/// Files that belong to a shapefile.
const SHAPEFILE_PARTS: [&str; 5] = ["shp", "shx", "dbf", "prj", "cpg"];

/// Digests of files, with all parts of shapefiles and file geodatabases, each once, by name. O(bytes).
pub fn of_files(folder: &Path, files: &[PathBuf]) -> Result<Vec<InputFile>, Failure> {
    let mut parts: Vec<PathBuf> = Vec::new();
    for file in files {
        parts.extend(parts_of(file).map_err(|e| failed(file, &e))?);
    }
    parts.sort();
    parts.dedup();
    parts.iter().map(|part| digest(folder, part).map_err(|e| failed(part, &e))).collect()
}

fn failed(path: &Path, error: &std::io::Error) -> Failure {
    Failure::Read { path: path.display().to_string(), cause: error.to_string() }
}

fn parts_of(file: &Path) -> std::io::Result<Vec<PathBuf>> {
    if file.is_dir() {
        let entries = std::fs::read_dir(file)?.collect::<Result<Vec<_>, _>>()?;
        return Ok(entries.into_iter().map(|e| e.path()).filter(|p| p.is_file()).collect());
    }
    let shapefile = file.extension().is_some_and(|e| e.eq_ignore_ascii_case("shp"));
    if !shapefile {
        return Ok(vec![file.to_owned()]);
    }
    let both_cases = SHAPEFILE_PARTS.iter().flat_map(|e| [(*e).to_owned(), e.to_uppercase()]);
    let mut parts: Vec<PathBuf> =
        both_cases.map(|e| file.with_extension(e)).filter(|p| p.is_file()).collect();
    if !parts.iter().any(|p| p == file) {
        parts.push(file.to_owned());
    }
    Ok(parts)
}

fn digest(folder: &Path, path: &Path) -> std::io::Result<InputFile> {
    let mut file = File::open(path)?;
    let (mut hash, mut buffer, mut bytes) = (Sha256::new(), vec![0; 1 << 16], 0);
    loop {
        let n = file.read(&mut buffer)?;
        if n == 0 {
            break;
        }
        hash.update(&buffer[..n]);
        bytes += n as u64;
    }
    let name = path.strip_prefix(folder).ok().or_else(|| path.file_name().map(Path::new)).unwrap_or(path);
    let sha256 = hexadecimal(&hash.finalize());
    Ok(InputFile { file: name.to_string_lossy().replace('\\', "/"), bytes, sha256 })
}

/// A digest in hexadecimal.
pub fn hexadecimal(digest: &[u8]) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
