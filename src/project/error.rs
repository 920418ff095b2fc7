//! What stops the reading of a project file. Every error says where it is, what it is and what would be right.

use std::fmt;

use thiserror::Error;

use crate::nearest::suggestion;
use crate::project::filter::FilterError;
use crate::project::syntax::{SyntaxFault, path_cure};
use crate::words;
use crate::words::{Words, foreign};

/// A place in a project file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file, as the caller names it.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// Why a project file cannot be used. `Display` is the English sentence.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum ProjectError {
    /// The bytes are no text.
    #[error("{file}: neither UTF-8 nor GB18030 text")]
    NotText {
        /// The file.
        file: String,
    },
    /// A full-width character outside strings and comments.
    #[error("{place}: full-width `{found}` (U+{:04X}) where TOML wants ASCII", *found as u32)]
    FullWidth {
        /// Where.
        place: Place,
        /// The character.
        found: char,
        /// The one to type.
        instead: char,
    },
    /// The text is no TOML.
    #[error("{place}: not valid TOML: {message}\n  {line}")]
    Syntax {
        /// Where.
        place: Place,
        /// The line that stands there.
        line: String,
        /// The message of the TOML parser.
        message: String,
        /// The mistake behind it.
        fault: SyntaxFault,
    },
    /// A path with control characters, which a backslash in double quotes has made.
    #[error("{place}: `{key}` in {}: backslashes turned parts of the path into control characters", table.en)]
    PathEscapes {
        /// Where.
        place: Place,
        /// The key.
        key: String,
        /// Its table.
        table: Words,
    },
    /// A key that means nothing.
    #[error("{place}: unknown key `{key}` in {}", table.en)]
    UnknownKey {
        /// Where.
        place: Place,
        /// The key.
        key: String,
        /// Its table, such as `[zones]`.
        table: Words,
        /// The known key it resembles.
        near: Option<String>,
        /// The keys that the table knows.
        known: Vec<String>,
    },
    /// A key that must be given.
    #[error("{place}: {} lacks `{key}`", table.en)]
    MissingKey {
        /// Where its table begins.
        place: Place,
        /// The key.
        key: String,
        /// Its table.
        table: Words,
        /// What it says and how it is written.
        cure: Words,
    },
    /// A value of the wrong kind.
    #[error("{place}: `{key}` in {} is {found}, but should be {}", table.en, wanted.en)]
    WrongKind {
        /// Where.
        place: Place,
        /// The key.
        key: String,
        /// Its table.
        table: Words,
        /// The kind that stands there.
        found: String,
        /// What should stand there.
        wanted: Words,
    },
    /// A name that nothing answers to: a scheme, class, stratum or one word of a fixed few.
    #[error("{place}: `{key}` in {}: `{name}` is not {}", table.en, wanted.en)]
    UnknownName {
        /// Where.
        place: Place,
        /// The key.
        key: String,
        /// Its table.
        table: Words,
        /// The name.
        name: String,
        /// What it should be, such as "a scheme".
        wanted: Words,
        /// The known name it resembles.
        near: Option<String>,
        /// The known names.
        known: Vec<String>,
    },
    /// Keys that are each right and together wrong.
    #[error("{place}: {}: {}", table.en, cause.en)]
    Contradiction {
        /// Where.
        place: Place,
        /// The table.
        table: Words,
        /// What is wrong.
        cause: Words,
        /// What would be right.
        cure: Words,
    },
    /// A `where` that cannot be read.
    #[error("{place}: `where` in {}: {filter}", table.en)]
    Filter {
        /// Where.
        place: Place,
        /// The table.
        table: Words,
        /// What is wrong with it.
        #[source]
        filter: FilterError,
    },
    /// All that is wrong with the file, at least two.
    #[error("{}", .0.iter().map(ProjectError::to_string).collect::<Vec<_>>().join("\n"))]
    Several(Vec<ProjectError>),
}

impl ProjectError {
    /// One error of the errors found; `None` if there are none.
    pub(crate) fn gather(mut errors: Vec<ProjectError>) -> Option<ProjectError> {
        match errors.len() {
            0 => None,
            1 => errors.pop(),
            _ => Some(ProjectError::Several(errors)),
        }
    }

    /// Where it is; several errors are where the first is.
    pub fn place(&self) -> Option<&Place> {
        match self {
            ProjectError::NotText { .. } => None,
            ProjectError::FullWidth { place, .. }
            | ProjectError::Syntax { place, .. }
            | ProjectError::PathEscapes { place, .. }
            | ProjectError::UnknownKey { place, .. }
            | ProjectError::MissingKey { place, .. }
            | ProjectError::WrongKind { place, .. }
            | ProjectError::UnknownName { place, .. }
            | ProjectError::Contradiction { place, .. }
            | ProjectError::Filter { place, .. } => Some(place),
            ProjectError::Several(errors) => errors.first()?.place(),
        }
    }

    /// The errors one by one.
    pub fn each(&self) -> &[ProjectError] {
        match self {
            ProjectError::Several(errors) => errors,
            one => std::slice::from_ref(one),
        }
    }

    /// A stable code, kebab case. Several errors carry the code of the first.
    pub fn code(&self) -> &'static str {
        match self {
            ProjectError::NotText { .. } => "project-not-text",
            ProjectError::FullWidth { .. } => "full-width-character",
            ProjectError::Syntax { .. } => "toml-syntax",
            ProjectError::PathEscapes { .. } => "path-escapes",
            ProjectError::UnknownKey { .. } => "unknown-key",
            ProjectError::MissingKey { .. } => "missing-key",
            ProjectError::WrongKind { .. } => "wrong-kind",
            ProjectError::UnknownName { .. } => "unknown-name",
            ProjectError::Contradiction { .. } => "contradiction",
            ProjectError::Filter { filter, .. } => filter.code(),
            ProjectError::Several(errors) => errors.first().map_or("project", ProjectError::code),
        }
    }

    /// The Chinese sentence.
    pub fn zh(&self) -> String {
        match self {
            ProjectError::NotText { file } => format!("{file}：不是 UTF-8 或 GB18030 文本"),
            ProjectError::FullWidth { place, found, .. } => {
                format!("{place}：此处是全角 `{found}`（U+{:04X}），TOML 只认半角", *found as u32)
            }
            ProjectError::Syntax { place, line, message, fault } => {
                format!(
                    "{place}：TOML 语法错误：{}\n  {line}",
                    fault.zh().map_or_else(|| foreign(message), str::to_owned)
                )
            }
            ProjectError::PathEscapes { place, key, table } => {
                format!("{place}：{} 的 `{key}`：路径中的反斜杠 \\ 变成了控制字符", table.zh)
            }
            ProjectError::UnknownKey { place, key, table, .. } => {
                format!("{place}：{} 中没有键 `{key}`", table.zh)
            }
            ProjectError::MissingKey { place, key, table, .. } => {
                format!("{place}：{} 缺少 `{key}`", table.zh)
            }
            ProjectError::WrongKind { place, key, table, found, wanted } => {
                format!("{place}：{} 的 `{key}` 是 {found}，应为{}", table.zh, wanted.zh)
            }
            ProjectError::UnknownName { place, key, table, name, wanted, .. } => {
                format!("{place}：{} 的 `{key}`：`{name}` 不是{}", table.zh, wanted.zh)
            }
            ProjectError::Contradiction { place, table, cause, .. } => {
                format!("{place}：{}：{}", table.zh, cause.zh)
            }
            ProjectError::Filter { place, table, filter } => {
                format!("{place}：{} 的 `where`：{}", table.zh, filter.zh())
            }
            ProjectError::Several(errors) => {
                errors.iter().map(ProjectError::zh).collect::<Vec<_>>().join("\n")
            }
        }
    }

    /// What would be right. Several errors have cures of their own; ask [`each`](Self::each).
    pub fn cure(&self) -> Option<Words> {
        match self {
            ProjectError::NotText { .. } => {
                Some(words!("save the file as UTF-8", "请将文件另存为 UTF-8 编码"))
            }
            ProjectError::FullWidth { instead: ' ', .. } => {
                Some(words!("type an ordinary space instead", "请改为半角空格"))
            }
            ProjectError::FullWidth { instead, .. } => {
                Some(words!("type `{instead}` instead", "请改为半角 `{instead}`"))
            }
            ProjectError::Syntax { fault, .. } => fault.cure(),
            ProjectError::PathEscapes { .. } => Some(path_cure()),
            ProjectError::Several(_) => None,
            ProjectError::UnknownKey { near, known, .. } | ProjectError::UnknownName { near, known, .. } => {
                suggestion(near.as_deref(), known)
            }
            ProjectError::MissingKey { cure, .. } | ProjectError::Contradiction { cure, .. } => {
                Some(cure.clone())
            }
            ProjectError::WrongKind { wanted, .. } => {
                Some(Words::new(format!("write {}", wanted.en), format!("请写成{}", wanted.zh)))
            }
            ProjectError::Filter { filter, .. } => filter.cure(),
        }
    }
}
