//! `sencheng sample`: writes a synthetic county to try the program on.

use std::path::Path;
use std::process::ExitCode;

use crate::cli::args::Sample as Arguments;
use crate::cli::failure::Failure;
use crate::cli::{Done, Session, write};
use crate::outputs::{Document, sample_files};
use crate::sample;
use crate::words;

/// A project file that somebody edited is not written over by accident.
fn refuse_to_overwrite(folder: &Path, documents: &[Document]) -> Result<(), Failure> {
    let differs =
        |(name, bytes): &&Document| std::fs::read(folder.join(name)).is_ok_and(|there| there != *bytes);
    match documents.iter().find(differs) {
        Some((name, _)) => Err(Failure::Exists { path: folder.join(name).display().to_string() }),
        None => Ok(()),
    }
}

/// Runs the command.
pub fn run(arguments: &Arguments, session: &Session) -> Done {
    let county = sample::county(arguments.seed, arguments.patches);
    let documents = sample_files::files(&county)?;
    if !arguments.force {
        refuse_to_overwrite(&arguments.dir, &documents)?;
    }
    write::folder(&arguments.dir, &documents)?;
    if !session.quiet {
        let (n, dir) = (documents.len(), arguments.dir.display());
        let told = words!(
            "{n} files in {dir}: a synthetic county (only its town names and codes are real); next: sencheng run {dir}/project.toml --out result",
            "已在 {dir} 写入 {n} 个文件：虚构的示例县（仅乡镇名称与代码为真）；下一步：sencheng run {dir}/project.toml --out result"
        );
        eprintln!("{}", told.say(session.lang));
    }
    Ok::<ExitCode, _>(ExitCode::SUCCESS)
}
