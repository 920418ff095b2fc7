//! Several projects in one process: each into a folder of its own, going on after one that fails, and a summary.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use comfy_table::{ContentArrangement, Table};
use thiserror::Error;

use crate::analysis::places::Shelf;
use crate::cli::args::Run as Arguments;
use crate::cli::report::Delivery;
use crate::cli::run::one;
use crate::cli::{Done, Session, write};
use crate::layers::pattern;
use crate::words;
use crate::words::{Lang, Words};

/// Why a batch does not begin.
#[derive(Debug, Error)]
pub enum BatchError {
    /// Nothing matches a pattern.
    #[error("{pattern}: no file matches")]
    NoMatch {
        /// The pattern.
        pattern: String,
    },
    /// Two projects would write into one folder.
    #[error("{one} and {other} would both write into {folder}")]
    OneFolder {
        /// A project.
        one: String,
        /// Another.
        other: String,
        /// The folder.
        folder: String,
    },
    /// One audit trail is asked of several projects.
    #[error("--pieces writes one file, and several projects are asked for")]
    OneTrail,
}

impl BatchError {
    /// A stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoMatch { .. } => "pattern-empty",
            Self::OneFolder { .. } => "batch-one-folder",
            Self::OneTrail => "batch-one-trail",
        }
    }

    /// The Chinese sentence.
    pub fn zh(&self) -> String {
        match self {
            Self::NoMatch { pattern } => format!("{pattern}：没有匹配的文件"),
            Self::OneFolder { one, other, folder } => format!("{one} 与 {other} 会写入同一文件夹 {folder}"),
            Self::OneTrail => "--pieces 只写一个文件，而所给项目不止一个".to_owned(),
        }
    }

    /// What would cure it.
    pub fn cure(&self) -> Option<Words> {
        Some(match self {
            Self::NoMatch { .. } => words!(
                "check the pattern: * stands for any name, ** for any folders",
                "请核对通配符：* 代表任意文件名，** 代表任意层文件夹"
            ),
            Self::OneFolder { .. } => words!(
                "folders are called like the project files: rename one of the two, or run them apart",
                "输出文件夹以项目文件命名：请将其中之一改名，或分开运行"
            ),
            Self::OneTrail => {
                words!("run the project whose audit trail is wanted alone", "请单独运行需要明细的项目")
            }
        })
    }
}

/// The files that names and patterns stand for, each once, in the order given.
pub fn files(names: &[PathBuf]) -> Result<Vec<PathBuf>, BatchError> {
    let mut files: Vec<PathBuf> = Vec::new();
    for name in names {
        let pattern = name.to_string_lossy();
        let found = pattern::files(Path::new(""), &pattern);
        if found.is_empty() {
            return Err(BatchError::NoMatch { pattern: pattern.into_owned() });
        }
        files.extend(found);
    }
    Ok(files)
}

/// What became of a project.
struct Outcome {
    project: PathBuf,
    folder: PathBuf,
    code: u8,
    words: Words,
}

/// Runs all projects; ends with the worst exit code.
pub fn run(arguments: &Arguments, session: &Session) -> Done {
    if arguments.pieces.is_some() {
        return Err(BatchError::OneTrail.into());
    }
    let mut outcomes: Vec<Outcome> = Vec::new();
    let projects = folders(&files(&arguments.projects)?, &arguments.out)?;
    let (all, mut shelf) = (projects.len(), Shelf::default());
    for (at, (project, folder)) in projects.into_iter().enumerate() {
        if !session.quiet {
            eprintln!("== {} ({}/{all})", project.display(), at + 1);
        }
        let delivery = Delivery {
            out: &folder,
            began: Instant::now(),
            threads: arguments.effort.threads(),
            tables: false,
            class_areas_m: arguments.class_areas,
            pieces: None,
        };
        let (code, words) = match one(&project, &delivery, arguments, &mut shelf, session) {
            Ok(0) => (0, words!("done", "完成")),
            Ok(code) => (code, words!("done, but see findings.csv", "完成，但请查看 findings.csv")),
            Err(failure) => {
                session.watch.finish();
                let code = failure.code();
                (failure.told(session.lang), words!("not done: {code}", "未完成：{code}"))
            }
        };
        outcomes.push(Outcome { project, folder, code, words });
        if code == INTERRUPTED {
            break;
        }
    }
    write::stdout(summary(&outcomes, all, session.lang).as_bytes())?;
    Ok(ExitCode::from(outcomes.iter().map(|outcome| outcome.code).max().unwrap_or_default()))
}

/// The exit code of what a person stopped.
const INTERRUPTED: u8 = 130;

/// Each project with its folder; letter case does not tell folders apart, as it does not on every disk.
fn folders(projects: &[PathBuf], out: &Path) -> Result<Vec<(PathBuf, PathBuf)>, BatchError> {
    let mut taken: BTreeMap<String, &Path> = BTreeMap::new();
    let mut folders = Vec::new();
    for project in projects {
        let name = project.file_stem().unwrap_or_default();
        let folder = out.join(name);
        if let Some(other) = taken.insert(name.to_string_lossy().to_lowercase(), project) {
            return Err(BatchError::OneFolder {
                one: other.display().to_string(),
                other: project.display().to_string(),
                folder: folder.display().to_string(),
            });
        }
        folders.push((project.clone(), folder));
    }
    Ok(folders)
}

fn summary(outcomes: &[Outcome], all: usize, lang: Lang) -> String {
    let mut table = Table::new();
    table.load_style(comfy_table::presets::UTF8_BORDERS_ONLY);
    table.set_content_arrangement(ContentArrangement::Disabled);
    let head = [
        words!("project", "项目"),
        words!("outcome", "结果"),
        words!("exit code", "退出码"),
        words!("documents", "成果位置"),
    ];
    table.set_header(head.iter().map(|words| words.say(lang)));
    for outcome in outcomes {
        let lies = if outcome.code < 2 { outcome.folder.display().to_string() } else { "–".to_owned() };
        table.add_row([
            outcome.project.display().to_string(),
            outcome.words.say(lang).to_owned(),
            outcome.code.to_string(),
            lies,
        ]);
    }
    let (done, begun) = (outcomes.iter().filter(|outcome| outcome.code < 2).count(), outcomes.len());
    let words = if begun < all {
        words!(
            "{done} of {all} projects done; {} not begun",
            "共 {all} 个项目，完成 {done} 个；{} 个未开始",
            all - begun
        )
    } else {
        words!("{done} of {all} projects done", "共 {all} 个项目，完成 {done} 个")
    };
    format!("{table}\n{}\n", words.say(lang))
}
