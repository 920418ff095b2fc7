//! Words to a condition, by recursive descent: `or` of `and` of `not` of comparisons.

use super::pattern::Pattern;
use super::token::{Token, Word, tokens};
use super::{Condition, FilterError, Term};
use crate::attribute::Value;
use crate::words;
use crate::words::Words;

/// Deeper nesting of parentheses and `not` is refused, so that no input can exhaust the stack.
const DEEPEST: usize = 100;

pub(super) fn parse(text: &str) -> Result<Condition, FilterError> {
    let mut parser = Parser { text, tokens: tokens(text)?, at: 0, depth: 0 };
    let condition = parser.any()?;
    match parser.peek() {
        None => Ok(condition),
        Some(Word::Close) => Err(parser.error(words!("`)` without `(`", "多余的 `)`"))),
        Some(_) => {
            Err(parser.error(words!("expected `and`, `or` or the end", "此处应为 `and`、`or` 或结尾")))
        }
    }
}

struct Parser<'t> {
    text: &'t str,
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
}

impl Parser<'_> {
    fn any(&mut self) -> Result<Condition, FilterError> {
        let mut parts = vec![self.all()?];
        while self.take_keyword("or") {
            parts.push(self.all()?);
        }
        Ok(one_or(parts, Condition::Any))
    }

    fn all(&mut self) -> Result<Condition, FilterError> {
        let mut parts = vec![self.one()?];
        while self.take_keyword("and") {
            parts.push(self.one()?);
        }
        Ok(one_or(parts, Condition::All))
    }

    fn one(&mut self) -> Result<Condition, FilterError> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(self.error(words!("nested too deeply", "嵌套过深")));
        }
        let condition = if self.take_keyword("not") {
            Condition::Not(Box::new(self.one()?))
        } else if self.take(&Word::Open) {
            let inner = self.any()?;
            self.expect(&Word::Close, ")")?;
            inner
        } else {
            self.comparison()?
        };
        self.depth -= 1;
        Ok(condition)
    }

    fn comparison(&mut self) -> Result<Condition, FilterError> {
        let left = self.term()?;
        if let Some(Word::Comparison(comparison)) = self.peek() {
            let comparison = *comparison;
            self.at += 1;
            return Ok(Condition::Compare(left, comparison, self.term()?));
        }
        if self.take_keyword("is") {
            let negated = self.take_keyword("not");
            if !self.take_keyword("null") {
                return Err(self.error(words!("expected `null`", "此处应为 `null`")));
            }
            return Ok(negate(Condition::IsNull(left), negated));
        }
        let negated = self.take_keyword("not");
        if self.take_keyword("like") {
            return Ok(negate(Condition::Like(left, self.pattern()?), negated));
        }
        if !self.take_keyword("in") {
            return Err(self.error(words!(
                "expected a comparison: = != < <= > >=, `in (…)`, `like '…%'`, `is null`",
                "此处应为比较：= != < <= > >=、`in (…)`、`like '…%'`、`is null`"
            )));
        }
        Ok(negate(Condition::In(left, self.list()?), negated))
    }

    fn pattern(&mut self) -> Result<Pattern, FilterError> {
        let Some(Word::Literal(Value::Text(text))) = self.peek() else {
            return Err(self.error(words!("expected a pattern such as 'G%'", "此处应为模式，如 'G%'")));
        };
        let pattern = Pattern::new(text);
        self.at += 1;
        Ok(pattern)
    }

    fn list(&mut self) -> Result<Vec<Term>, FilterError> {
        self.expect(&Word::Open, "(")?;
        let mut items = vec![self.term()?];
        while self.take(&Word::Comma) {
            items.push(self.term()?);
        }
        self.expect(&Word::Close, ")")?;
        Ok(items)
    }

    fn term(&mut self) -> Result<Term, FilterError> {
        let term = match self.peek() {
            Some(Word::Field(name)) => Term::Field(name.clone()),
            Some(Word::Literal(value)) => Term::Literal(value.clone()),
            Some(Word::Bare(name)) if name.eq_ignore_ascii_case("null") => {
                return Err(FilterError::new(
                    self.text,
                    self.column(),
                    words!("nothing equals null", "null 不能用来比较"),
                    Some(words!("write `is null` or `is not null`", "请写 `is null` 或 `is not null`")),
                ));
            }
            Some(Word::Bare(name)) if !is_keyword(name) => Term::Field(name.clone()),
            _ => {
                return Err(
                    self.error(words!("expected a field, a text or a number", "此处应为字段、文本或数值"))
                );
            }
        };
        self.at += 1;
        Ok(term)
    }

    fn peek(&self) -> Option<&Word> {
        self.tokens.get(self.at).map(|token| &token.word)
    }

    fn take(&mut self, word: &Word) -> bool {
        let taken = self.peek() == Some(word);
        self.at += usize::from(taken);
        taken
    }

    fn take_keyword(&mut self, keyword: &str) -> bool {
        let taken = matches!(self.peek(), Some(Word::Bare(word)) if word.eq_ignore_ascii_case(keyword));
        self.at += usize::from(taken);
        taken
    }

    fn expect(&mut self, word: &Word, sign: &str) -> Result<(), FilterError> {
        if self.take(word) {
            Ok(())
        } else {
            Err(self.error(words!("expected `{sign}`", "此处应为 `{sign}`")))
        }
    }

    fn error(&self, cause: Words) -> FilterError {
        FilterError::new(self.text, self.column(), cause, None)
    }

    /// The column of the word under the eye, or just past the end.
    fn column(&self) -> usize {
        let end = self.text.trim_end().chars().count() + 1;
        self.tokens.get(self.at).map_or(end, |token| token.column)
    }
}

fn one_or(mut parts: Vec<Condition>, many: fn(Vec<Condition>) -> Condition) -> Condition {
    match parts.pop() {
        Some(only) if parts.is_empty() => only,
        last => {
            parts.extend(last);
            many(parts)
        }
    }
}

fn negate(condition: Condition, negated: bool) -> Condition {
    if negated { Condition::Not(Box::new(condition)) } else { condition }
}

fn is_keyword(word: &str) -> bool {
    ["and", "or", "not", "in", "is", "null"].iter().any(|keyword| word.eq_ignore_ascii_case(keyword))
}
