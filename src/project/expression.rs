//! An index over bands: the language of `expression = "(b4 - b3) / (b4 + b3)"`.
//!
//! In: one line of text. Out: a value for every cell from the values of the bands it names. There are names of bands,
//! numbers, `+ - * /` and parentheses, and nothing else. A division by 0, and whatever is not finite, is no data (NaN).

use std::fmt;

use serde::{Serialize, Serializer};

use crate::words;
use crate::words::{Explain, Words};

/// Deeper nesting is refused, so that no input can exhaust the stack.
const DEEPEST: usize = 100;

/// An index over bands.
#[derive(Debug, Clone, PartialEq)]
pub struct Expression {
    text: String,
    bands: Vec<String>,
    /// In the order in which they are done, on a stack.
    steps: Vec<Step>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Step {
    Band(usize),
    Number(f64),
    Negate,
    Join(Sign),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sign {
    Add,
    Subtract,
    Multiply,
    Divide,
}

impl Expression {
    /// Reads an expression. It names at least one band.
    pub fn parse(text: &str) -> Result<Self, ExpressionError> {
        let characters: Vec<char> = text.chars().collect();
        let mut parser =
            Parser { characters: &characters, at: 0, depth: 0, bands: Vec::new(), steps: Vec::new() };
        let read = parser.sum().and_then(|()| match parser.peek() {
            Some(c) => Err(words!("`{c}` means nothing here", "此处不应有 `{c}`")),
            None if parser.bands.is_empty() => Err(words!("no band is named", "没有波段名")),
            None => Ok(()),
        });
        match read {
            Ok(()) => Ok(Self { text: text.trim().to_owned(), bands: parser.bands, steps: parser.steps }),
            Err(cause) => Err(ExpressionError { text: text.to_owned(), column: parser.at + 1, cause }),
        }
    }

    /// The bands that it names, each once, in order of appearance.
    pub fn bands(&self) -> &[String] {
        &self.bands
    }

    /// The values of cells from those of the bands, in the order of [`bands`](Self::bands) and all of one length. What
    /// is not finite is NaN. O(steps · cells).
    pub fn values(&self, bands: &[&[f64]], values: &mut Vec<f64>) {
        let count = bands.iter().map(|band| band.len()).min().unwrap_or(0);
        let mut stack: Vec<Vec<f64>> = Vec::new();
        for step in &self.steps {
            match *step {
                Step::Band(band) => {
                    stack.push(bands.get(band).map_or_else(Vec::new, |b| b[..count].to_vec()))
                }
                Step::Number(number) => stack.push(vec![number; count]),
                Step::Negate => stack.iter_mut().last().into_iter().flatten().for_each(|v| *v = -*v),
                Step::Join(sign) => {
                    let (Some(right), Some(left)) = (stack.pop(), stack.last_mut()) else { break };
                    left.iter_mut().zip(right).for_each(|(left, right)| *left = sign.join(*left, right));
                }
            }
        }
        values.clear();
        let finite = |value: f64| if value.is_finite() { value } else { f64::NAN };
        values.extend(stack.pop().unwrap_or_default().into_iter().map(finite));
    }
}

impl Sign {
    fn join(self, left: f64, right: f64) -> f64 {
        match self {
            Self::Add => left + right,
            Self::Subtract => left - right,
            Self::Multiply => left * right,
            Self::Divide if right == 0.0 => f64::NAN,
            Self::Divide => left / right,
        }
    }
}

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Serialize for Expression {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

struct Parser<'t> {
    characters: &'t [char],
    at: usize,
    depth: usize,
    bands: Vec<String>,
    steps: Vec<Step>,
}

impl Parser<'_> {
    fn sum(&mut self) -> Result<(), Words> {
        self.product()?;
        while let Some(sign) = self.take(&[('+', Sign::Add), ('-', Sign::Subtract)]) {
            self.product()?;
            self.steps.push(Step::Join(sign));
        }
        Ok(())
    }

    fn product(&mut self) -> Result<(), Words> {
        self.factor()?;
        while let Some(sign) = self.take(&[('*', Sign::Multiply), ('/', Sign::Divide)]) {
            self.factor()?;
            self.steps.push(Step::Join(sign));
        }
        Ok(())
    }

    fn factor(&mut self) -> Result<(), Words> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(words!("nested too deeply", "嵌套过深"));
        }
        match self.peek() {
            Some('-') => {
                self.at += 1;
                self.factor()?;
                self.steps.push(Step::Negate);
            }
            Some('(') => {
                self.at += 1;
                self.sum()?;
                if self.peek() != Some(')') {
                    return Err(words!("expected `)`", "此处应为 `)`"));
                }
                self.at += 1;
            }
            Some(c) if c.is_ascii_digit() || c == '.' => self.number()?,
            Some(c) if c.is_alphabetic() || c == '_' => self.band(),
            _ => return Err(words!("expected a band, a number or `(`", "此处应为波段、数值或 `(`")),
        }
        self.depth -= 1;
        Ok(())
    }

    fn number(&mut self) -> Result<(), Words> {
        let digits = self.run(|c| c.is_ascii_digit() || c == '.');
        let number = digits.parse().map_err(|_| words!("`{digits}` is no number", "`{digits}` 不是数值"))?;
        self.steps.push(Step::Number(number));
        Ok(())
    }

    fn band(&mut self) {
        let name = self.run(|c| c.is_alphanumeric() || c == '_');
        let band = self.bands.iter().position(|known| *known == name).unwrap_or(self.bands.len());
        if band == self.bands.len() {
            self.bands.push(name);
        }
        self.steps.push(Step::Band(band));
    }

    fn run(&mut self, belongs: impl Fn(char) -> bool) -> String {
        let run: String = self.characters[self.at..].iter().take_while(|c| belongs(**c)).collect();
        self.at += run.chars().count();
        run
    }

    fn take(&mut self, signs: &[(char, Sign)]) -> Option<Sign> {
        let next = self.peek()?;
        let (_, sign) = signs.iter().find(|(c, _)| *c == next)?;
        self.at += 1;
        Some(*sign)
    }

    /// The next character that is no blank.
    fn peek(&mut self) -> Option<char> {
        while self.characters.get(self.at).is_some_and(|c| c.is_whitespace()) {
            self.at += 1;
        }
        self.characters.get(self.at).copied()
    }
}

/// Why an expression cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expression \"{text}\", column {column}: {}", cause.en)]
pub struct ExpressionError {
    text: String,
    column: usize,
    cause: Words,
}

impl Explain for ExpressionError {
    fn code(&self) -> &'static str {
        "expression-syntax"
    }

    fn sentence(&self) -> Words {
        let Self { text, column, cause } = self;
        Words::new(self.to_string(), format!("表达式“{text}”第 {column} 列：{}", cause.zh))
    }

    fn cure(&self) -> Option<Words> {
        Some(words!(
            "write bands, numbers, + - * / and parentheses, such as (b4 - b3) / (b4 + b3)",
            "只可用波段名、数值、+ - * / 和括号，例如 (b4 - b3) / (b4 + b3)"
        ))
    }
}
