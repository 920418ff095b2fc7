//! What stops the judging: a standard, a rule file, a confirmation or a declaration that cannot be understood.

use thiserror::Error;

use crate::nearest::{choice, suggestion};
use crate::words;
use crate::words::Words;

/// Why nothing can be judged. `Display` is the English sentence.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum IndicatorError {
    /// No standard of this name is known.
    #[error("no standard is called \"{name}\"")]
    UnknownStandard {
        /// The name as written.
        name: String,
        /// The known name it resembles.
        near: Option<String>,
        /// The known names.
        known: Vec<String>,
    },
    /// A key or a word of a rule file that means nothing.
    #[error("{file}:{line}: `{word}` means nothing here")]
    UnknownWord {
        /// The file.
        file: String,
        /// The line, from 1.
        line: usize,
        /// The word as written.
        word: String,
        /// The known word it resembles.
        near: Option<String>,
        /// The words known at this point.
        known: Vec<String>,
    },
    /// The file is no TOML, or a value of it is missing or of the wrong kind.
    #[error("{file}:{line}: {}", message.en)]
    Malformed {
        /// The file.
        file: String,
        /// The line, from 1.
        line: usize,
        /// What is wrong.
        message: Words,
        /// What would be right.
        cure: Box<Words>,
    },
    /// A file of another schema than this program reads.
    #[error("{file}: schema {found}, but this program reads schema {}", super::rule_file::SCHEMA)]
    Schema {
        /// The file.
        file: String,
        /// The schema it declares.
        found: i64,
    },
    /// A rule whose parts contradict each other.
    #[error("{file}:{line}: rule `{rule}`: {}", cause.en)]
    BadRule {
        /// The file.
        file: String,
        /// The line, from 1.
        line: usize,
        /// The code of the rule.
        rule: String,
        /// What is wrong.
        cause: Words,
    },
    /// A declaration or confirmation of an item that the standard does not have.
    #[error("{standard} has no item \"{item}\"")]
    UnknownItem {
        /// The standard.
        standard: String,
        /// The item as written.
        item: String,
        /// The code it resembles.
        near: Option<String>,
        /// The codes of the standard.
        known: Vec<String>,
    },
    /// An item named by a number or a name that several rules share.
    #[error("\"{item}\" of {standard} is several rules")]
    SeveralParts {
        /// The standard.
        standard: String,
        /// The number or name as written.
        item: String,
        /// The codes of those rules.
        codes: Vec<String>,
    },
    /// Two declarations, or two confirmations, of one item.
    #[error("`{item}` of {standard} is {} twice", deed.en)]
    Twice {
        /// The standard.
        standard: String,
        /// The code.
        item: String,
        /// What was done twice: "declared" or "confirmed".
        deed: Words,
    },
    /// A confirmation that does not fit its rule.
    #[error("the confirmation of `{item}` of {standard}: {}", cause.en)]
    BadConfirmation {
        /// The standard.
        standard: String,
        /// The item.
        item: String,
        /// What is wrong.
        cause: Words,
        /// What would be right.
        cure: Box<Words>,
    },
}

impl IndicatorError {
    /// A stable code, kebab case.
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnknownStandard { .. } => "unknown-standard",
            Self::UnknownWord { .. } => "unknown-rule-word",
            Self::Malformed { .. } => "malformed-rules",
            Self::Schema { .. } => "unknown-rule-schema",
            Self::BadRule { .. } => "bad-rule",
            Self::UnknownItem { .. } => "unknown-item",
            Self::SeveralParts { .. } => "item-has-parts",
            Self::Twice { .. } => "item-twice",
            Self::BadConfirmation { .. } => "bad-confirmation",
        }
    }

    /// The Chinese sentence.
    pub fn zh(&self) -> String {
        match self {
            Self::UnknownStandard { name, .. } => format!("没有名为“{name}”的标准"),
            Self::UnknownWord { file, line, word, .. } => format!("{file}:{line}：此处不认识 `{word}`"),
            Self::Malformed { file, line, message, .. } => format!("{file}:{line}：{}", message.zh),
            Self::Schema { file, found } => {
                format!("{file}：schema 为 {found}，本程序只读 schema {}", super::rule_file::SCHEMA)
            }
            Self::BadRule { file, line, rule, cause } => {
                format!("{file}:{line}：规则 `{rule}`：{}", cause.zh)
            }
            Self::UnknownItem { standard, item, .. } => format!("{standard} 中没有指标“{item}”"),
            Self::SeveralParts { standard, item, .. } => format!("{standard} 的“{item}”对应几条规则"),
            Self::Twice { standard, item, deed } => format!("{standard} 的 `{item}` 重复{}", deed.zh),
            Self::BadConfirmation { standard, item, cause, .. } => {
                format!("{standard} 的 `{item}` 的核定记录：{}", cause.zh)
            }
        }
    }

    /// What would be right.
    pub fn cure(&self) -> Option<Words> {
        match self {
            Self::UnknownStandard { near, known, .. } => choice(near.as_deref(), known),
            Self::UnknownWord { near, known, .. } | Self::UnknownItem { near, known, .. } => {
                suggestion(near.as_deref(), known)
            }
            Self::SeveralParts { codes, .. } => {
                let (en, zh) = (codes.join(", "), codes.join("、"));
                Some(words!("name one of them by its code: {en}", "请用代码指明其中一条：{zh}"))
            }
            Self::Twice { .. } => Some(words!("keep one of the two", "请只保留一条")),
            Self::BadConfirmation { cure, .. } | Self::Malformed { cure, .. } => Some(cure.as_ref().clone()),
            Self::Schema { .. } => {
                let known = super::rule_file::SCHEMA;
                Some(words!("write schema = {known}", "请写 schema = {known}"))
            }
            Self::BadRule { .. } => Some(words!(
                "compare the rule with one of a shipped file: sencheng rules show \"GB/T 37342-2019\" --toml",
                "请对照内置规则文件改正该条规则：sencheng rules show \"GB/T 37342-2019\" --toml"
            )),
        }
    }
}
