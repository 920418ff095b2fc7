//! `sencheng sample`: writes a synthetic county to try the program on.

use std::process::ExitCode;

use crate::cli::args::Sample as Arguments;
use crate::cli::{Done, Session, write};
use crate::outputs::sample_files;
use crate::sample;
use crate::words;

/// Runs the command.
pub fn run(arguments: &Arguments, session: &Session) -> Done {
    let county = sample::county(arguments.seed, arguments.patches);
    let documents = sample_files::files(&county)?;
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
