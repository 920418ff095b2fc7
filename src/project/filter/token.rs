//! The words of a condition, with their columns.

use super::{Comparison, FilterError};
use crate::attribute::Value;
use crate::project::decode::ascii_for;
use crate::words;
use crate::words::Words;

/// One word of a condition.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Word {
    /// A bare word: a keyword or a field.
    Bare(String),
    /// A field in double quotes.
    Field(String),
    /// A text or a number.
    Literal(Value),
    Comparison(Comparison),
    Open,
    Close,
    Comma,
}

/// A word and its column, from 1.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Token {
    pub word: Word,
    pub column: usize,
}

/// The words of the text.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, FilterError> {
    let characters: Vec<char> = text.chars().collect();
    let mut scanner = Scanner { text, characters, at: 0 };
    let mut tokens = Vec::new();
    while let Some(c) = scanner.peek() {
        let column = scanner.at + 1;
        if c.is_ascii_whitespace() {
            scanner.at += 1;
        } else {
            tokens.push(Token { word: scanner.word(c)?, column });
        }
    }
    Ok(tokens)
}

struct Scanner<'t> {
    text: &'t str,
    characters: Vec<char>,
    at: usize,
}

impl Scanner<'_> {
    fn peek(&self) -> Option<char> {
        self.characters.get(self.at).copied()
    }

    fn word(&mut self, first: char) -> Result<Word, FilterError> {
        match first {
            '(' => Ok(self.single(Word::Open)),
            ')' => Ok(self.single(Word::Close)),
            ',' => Ok(self.single(Word::Comma)),
            '\'' => Ok(Word::Literal(Value::Text(self.quoted(first)?))),
            '"' => Ok(Word::Field(self.quoted(first)?)),
            '=' | '!' | '<' | '>' => self.comparison(),
            '0'..='9' | '-' | '+' | '.' => self.number(),
            c if ascii_for(c).is_some() => Err(self.full_width(c)),
            c if c.is_alphabetic() || c == '_' => {
                Ok(Word::Bare(self.run(|c| (c.is_alphanumeric() || c == '_') && ascii_for(c).is_none())))
            }
            c => Err(self.error(words!("`{c}` means nothing here", "此处不应有 `{c}`"), None)),
        }
    }

    fn single(&mut self, word: Word) -> Word {
        self.at += 1;
        word
    }

    fn run(&mut self, belongs: impl Fn(char) -> bool) -> String {
        let run: String = self.characters.iter().skip(self.at).take_while(|c| belongs(**c)).collect();
        self.at += run.chars().count();
        run
    }

    /// The text between two quotes; a doubled quote inside stands for one.
    fn quoted(&mut self, quote: char) -> Result<String, FilterError> {
        let unclosed = self.error(
            words!("this {quote} is never closed", "此处的 {quote} 没有配对"),
            Some(words!("close it with {quote}", "请用 {quote} 结束")),
        );
        self.at += 1;
        let mut inside = String::new();
        while let Some(c) = self.peek() {
            self.at += 1;
            if c != quote {
                inside.push(c);
            } else if self.peek() == Some(quote) {
                self.at += 1;
                inside.push(quote);
            } else {
                return Ok(inside);
            }
        }
        Err(unclosed)
    }

    fn comparison(&mut self) -> Result<Word, FilterError> {
        let start = self.at;
        let sign = self.run(|c| matches!(c, '=' | '!' | '<' | '>'));
        let comparison = match sign.as_str() {
            "=" | "==" => Comparison::Equal,
            "!=" | "<>" => Comparison::NotEqual,
            "<" => Comparison::Less,
            "<=" => Comparison::LessOrEqual,
            ">" => Comparison::Greater,
            ">=" => Comparison::GreaterOrEqual,
            _ => {
                self.at = start;
                return Err(self.error(
                    words!("`{sign}` is no comparison", "`{sign}` 不是比较符"),
                    Some(words!("use one of = != < <= > >=", "可用 = != < <= > >=")),
                ));
            }
        };
        Ok(Word::Comparison(comparison))
    }

    fn number(&mut self) -> Result<Word, FilterError> {
        let start = self.at;
        let mut digits: String = self.run(|c| matches!(c, '-' | '+'));
        digits += &self.run(|c| c.is_alphanumeric() || matches!(c, '.' | '_'));
        if digits.ends_with(['e', 'E']) {
            digits += &self.run(|c| matches!(c, '-' | '+'));
            digits += &self.run(|c| c.is_ascii_digit());
        }
        let whole = digits.parse().map(Value::Integer).ok();
        let real = || digits.parse().ok().filter(|x: &f64| x.is_finite()).map(Value::Real);
        if let Some(number) = whole.or_else(real) {
            return Ok(Word::Literal(number));
        }
        self.at = start;
        Err(self.error(
            words!("`{digits}` is no number", "`{digits}` 不是数值"),
            Some(words!("quote a text with ' and a field with \"", "文本请加单引号 '，字段名请加双引号 \"")),
        ))
    }

    fn full_width(&self, found: char) -> FilterError {
        let instead = ascii_for(found).unwrap_or(found);
        self.error(
            words!("full-width `{found}` outside quotes", "引号之外有全角 `{found}`"),
            Some(words!("type `{instead}` instead", "请改为半角 `{instead}`")),
        )
    }

    fn error(&self, cause: Words, cure: Option<Words>) -> FilterError {
        FilterError::new(self.text, self.at + 1, cause, cure)
    }
}
