//! What the TOML parser complains of, as a person would say it.
//!
//! In: the parser's English message and the line it points at. Out: the [`SyntaxFault`], which has a Chinese
//! sentence and a cure. The commonest mistakes are known; for any other the parser's own message stands.

use crate::words;
use crate::words::Words;

/// A way in which a text is no TOML.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SyntaxFault {
    /// A backslash in a text in double quotes, as Windows writes paths.
    Backslash,
    /// A text without its closing quote.
    UnclosedText,
    /// A text without quotes.
    UnquotedText,
    /// A key that stands twice in its table.
    DuplicateKey,
    /// A key without `=`.
    MissingEquals,
    /// A key without value.
    MissingValue,
    /// A `[`, `{` or `[[` that is not closed.
    UnclosedBracket,
    /// List items or pairs without `,` between them.
    MissingComma,
    /// More on a line than a key and its value.
    TrailingContent,
    /// Anything else.
    Other,
}

/// How a path with backslashes is to be written.
pub(super) fn path_cure() -> Words {
    words!(
        "write / instead of \\ in paths, or put the path in single quotes: 'D:\\…'",
        "路径中的 \\ 请改为 /，或用单引号：'D:\\…'"
    )
}

impl SyntaxFault {
    /// The fault that the parser's message tells of; the line tells apart what the message does not.
    pub(super) fn of(message: &str, line: &str) -> SyntaxFault {
        let says = |words: &[&str]| words.iter().any(|words| message.contains(words));
        if line.ends_with('=') {
            SyntaxFault::MissingValue
        } else if says(&["escaped value", "unicode value digits", "unicode hexadecimal value"]) {
            SyntaxFault::Backslash
        } else if says(&["invalid basic string", "invalid literal string", "multi-line"]) {
            let hides_quote = line.contains("\\\"");
            if hides_quote { SyntaxFault::Backslash } else { SyntaxFault::UnclosedText }
        } else if says(&["must be quoted", "invalid unquoted", "missing opening quote", "invalid mantissa"]) {
            SyntaxFault::UnquotedText
        } else if says(&["duplicate key"]) {
            SyntaxFault::DuplicateKey
        } else if says(&["key with no value", "missing assignment"]) {
            SyntaxFault::MissingEquals
        } else if says(&["unclosed"]) {
            SyntaxFault::UnclosedBracket
        } else if says(&["missing comma"]) {
            SyntaxFault::MissingComma
        } else if says(&["unexpected key or value"]) {
            SyntaxFault::TrailingContent
        } else {
            SyntaxFault::Other
        }
    }

    /// What is wrong, in Chinese; `None` where only the parser can say it.
    pub(super) fn zh(self) -> Option<&'static str> {
        Some(match self {
            SyntaxFault::Backslash => "双引号文本中的反斜杠 \\ 会被当作转义符",
            SyntaxFault::UnclosedText => "文本缺少结尾的引号",
            SyntaxFault::UnquotedText => "文本没有加引号，或数值写法有误",
            SyntaxFault::DuplicateKey => "同一个键或表写了两次",
            SyntaxFault::MissingEquals => "键后面缺少 `=` 和值",
            SyntaxFault::MissingValue => "`=` 后面缺少值",
            SyntaxFault::UnclosedBracket => "括号没有闭合",
            SyntaxFault::MissingComma => "各项之间缺少逗号",
            SyntaxFault::TrailingContent => "值写完之后还有多余内容",
            SyntaxFault::Other => return None,
        })
    }

    /// What would be right.
    pub(super) fn cure(self) -> Option<Words> {
        Some(match self {
            SyntaxFault::Backslash => path_cure(),
            SyntaxFault::UnclosedText => {
                words!("close the text on its line: \"…\"", "请在同一行补上结尾的引号：\"…\"")
            }
            SyntaxFault::UnquotedText => {
                words!("put the text in quotes: key = \"…\"", "请给文本加上引号：键 = \"…\"")
            }
            SyntaxFault::DuplicateKey => words!(
                "keep one of the two; several layers are several [[cover]], in double brackets",
                "请只保留一个；多个图层请各写一段 [[cover]]（双方括号）"
            ),
            SyntaxFault::MissingEquals => {
                words!("write key = value, and begin a remark with #", "请写成 键 = 值；说明文字以 # 开头")
            }
            SyntaxFault::MissingValue => {
                words!("write the value after `=`, or delete the line", "请在 `=` 后写上值，或删去这一行")
            }
            SyntaxFault::UnclosedBracket => {
                words!("close every [ with ] and every {{ with }}", "请补全括号：[ 配 ]，{{ 配 }}")
            }
            SyntaxFault::MissingComma => words!("put a comma between the items", "请在各项之间加半角逗号 ,"),
            SyntaxFault::TrailingContent => words!(
                "one key = value a line, a text in one pair of quotes, a remark after #",
                "每行只写一个 键 = 值；文本用一对引号括住；说明文字写在 # 之后"
            ),
            SyntaxFault::Other => return None,
        })
    }
}
