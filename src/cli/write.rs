//! Writes outputs aside, then renames them into place; prints to the terminal.

use std::io::{ErrorKind, Write};
use std::path::Path;

use crate::cli::Session;
use crate::cli::failure::Failure;
use crate::outputs::Document;
use crate::outputs::partial_file::{self, Body, Terms};
use crate::words;

/// Writes one file: first beside its place, then renamed, so that a broken run leaves the old file whole. What is no
/// plain file, such as a pipe or `/dev/null`, is written into: renamed over, the device would be gone for everybody.
pub fn file(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    stream(path, |to| to.write_all(bytes))
}

/// Writes a partial, and says how large it is.
pub fn partial<B: Body>(path: &Path, terms: &Terms, partial: &B, session: &Session) -> Result<(), Failure> {
    let bytes = partial_file::bytes(terms, partial)?;
    file(path, &bytes)?;
    if !session.quiet {
        let (n, path) = (bytes.len(), path.display());
        eprintln!("{}", words!("{n} bytes in {path}", "{n} 字节写入 {path}").say(session.lang));
    }
    Ok(())
}

/// Writes a file that is made while it is written.
pub fn stream(path: &Path, make: impl FnOnce(&mut dyn Write) -> std::io::Result<()>) -> Result<(), Failure> {
    let failed =
        |e: std::io::Error| Failure::Write { path: path.display().to_string(), cause: e.to_string() };
    if std::fs::metadata(path).is_ok_and(|there| !there.is_file() && !there.is_dir()) {
        let mut there = std::fs::OpenOptions::new().write(true).open(path).map_err(failed)?;
        return make(&mut there).map_err(failed);
    }
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    std::fs::create_dir_all(folder).map_err(failed)?;
    let mut aside = tempfile::Builder::new().prefix(".sencheng-").tempfile_in(folder).map_err(failed)?;
    make(aside.as_file_mut()).map_err(failed)?;
    readable_by_all(aside.as_file()).map_err(failed)?;
    aside.persist(path).map_err(|e| failed(e.error))?;
    Ok(())
}

/// Writes documents into a folder: all of them aside first, then renamed one after another.
pub fn folder(folder: &Path, documents: &[Document]) -> Result<(), Failure> {
    let failed = |path: &Path, e: std::io::Error| Failure::Write {
        path: path.display().to_string(),
        cause: e.to_string(),
    };
    std::fs::create_dir_all(folder).map_err(|e| failed(folder, e))?;
    let aside =
        tempfile::Builder::new().prefix(".sencheng-").tempdir_in(folder).map_err(|e| failed(folder, e))?;
    for (name, bytes) in documents {
        file(&aside.path().join(name), bytes)?;
    }
    for (name, _) in documents {
        let (from, to) = (aside.path().join(name), folder.join(name));
        if let Some(parent) = to.parent() {
            std::fs::create_dir_all(parent).map_err(|e| failed(parent, e))?;
        }
        std::fs::rename(&from, &to).map_err(|e| failed(&to, e))?;
    }
    Ok(())
}

/// A temporary file is private; an output is not.
#[cfg(unix)]
fn readable_by_all(file: &std::fs::File) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(std::fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn readable_by_all(_: &std::fs::File) -> std::io::Result<()> {
    Ok(())
}

/// Prints to stdout; that nobody reads on is no error.
pub fn stdout(bytes: &[u8]) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    out.write_all(bytes).and_then(|()| out.flush()).map_err(|e| match e.kind() {
        ErrorKind::BrokenPipe => Failure::ClosedPipe,
        _ => Failure::Write { path: "stdout".to_owned(), cause: e.to_string() },
    })
}
