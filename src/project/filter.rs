//! Which features count: the language of `--where` and of `where = "…"`.
//!
//! In: one line of text. Out: a condition on the values of a feature's fields. It looks like the WHERE of
//! SQL: `DI_LEI in ('0111', '0113') and not (YU_BI_DU < 0.2 or YU_BI_DU is null)`. Field names stand bare
//! or in double quotes, texts in single quotes; a quote inside is doubled; keywords are of either case.
//! Truth has three values as in SQL: a comparison with null is unknown, and a feature counts only if
//! the whole condition is true. `LXBH like 'G%'` asks for a pattern, where `%` is any text and `_` any one
//! character. There are no functions and no arithmetic.

mod parse;
mod pattern;
mod token;

use std::cmp::Ordering;
use std::fmt;

use serde::{Serialize, Serializer};

use crate::attribute::Value;
use crate::project::filter::pattern::Pattern;
use crate::words::Words;

/// A condition on the fields of a feature.
#[derive(Debug, Clone, PartialEq)]
pub struct Filter {
    text: String,
    condition: Condition,
    /// Whether it selects what another leaves over, which may be nothing.
    rest: bool,
}

impl Filter {
    /// Reads a condition.
    pub fn parse(text: &str) -> Result<Filter, FilterError> {
        Ok(Filter { text: text.trim().to_owned(), condition: parse::parse(text)?, rest: false })
    }

    /// The features that all of some conditions are true of and none of others; those of which a condition of the others
    /// is unknown stay. `None` where there is no condition at all.
    pub fn all_but<'a>(
        all: impl IntoIterator<Item = &'a Filter>,
        but: impl IntoIterator<Item = &'a Filter>,
    ) -> Option<Filter> {
        let all = all.into_iter().map(|f| (format!("({f})"), f.condition.clone()));
        let but = but
            .into_iter()
            .map(|f| (format!("not ({f})"), Condition::NotTrue(Box::new(f.condition.clone()))));
        let (texts, conditions): (Vec<String>, Vec<Condition>) = all.chain(but).unzip();
        let condition = Condition::All(conditions);
        (!texts.is_empty()).then(|| Filter { text: texts.join(" and "), condition, rest: false })
    }

    /// Of the features that another condition is true of, those of which this is true, false, and unknown.
    pub fn told_apart(&self, all: Option<&Filter>) -> [Filter; 3] {
        let inner = || Box::new(self.condition.clone());
        let conditions = [
            (format!("({self})"), self.condition.clone(), false),
            (format!("not ({self})"), Condition::Not(inner()), true),
            (format!("({self}) is unknown"), Condition::Unknown(inner()), true),
        ];
        conditions.map(|(text, condition, rest)| {
            let all = all.map(|f| (format!("({f})"), f.condition.clone()));
            let (texts, conditions): (Vec<String>, Vec<Condition>) =
                all.into_iter().chain([(text, condition)]).unzip();
            Filter { text: texts.join(" and "), condition: Condition::All(conditions), rest }
        })
    }

    /// Whether it selects what another condition leaves over: that it selects nothing is no fault.
    pub fn is_rest(&self) -> bool {
        self.rest
    }

    /// The fields it asks about, each once, in order of appearance.
    pub fn fields(&self) -> Vec<&str> {
        let mut fields = Vec::new();
        self.condition.collect_fields(&mut fields);
        fields
    }

    /// The values that it compares with, in order of appearance.
    pub fn literals(&self) -> Vec<&Value> {
        let mut literals = Vec::new();
        self.condition.collect_literals(&mut literals);
        literals
    }

    /// Whether a feature with these values counts; unknown does not.
    pub fn accepts(&self, value_of: &dyn Fn(&str) -> Value) -> bool {
        self.condition.truth(value_of) == Some(true)
    }
}

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Serialize for Filter {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

#[derive(Debug, Clone, PartialEq)]
enum Condition {
    Compare(Term, Comparison, Term),
    In(Term, Vec<Term>),
    Like(Term, Pattern),
    IsNull(Term),
    Not(Box<Condition>),
    /// False or unknown.
    NotTrue(Box<Condition>),
    /// Neither true nor false.
    Unknown(Box<Condition>),
    All(Vec<Condition>),
    Any(Vec<Condition>),
}

#[derive(Debug, Clone, PartialEq)]
enum Term {
    Field(String),
    Literal(Value),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Condition {
    /// True, false, or unknown (`None`).
    fn truth(&self, value_of: &dyn Fn(&str) -> Value) -> Option<bool> {
        match self {
            Condition::Compare(left, comparison, right) => {
                Some(comparison.holds(order(&left.value(value_of), &right.value(value_of))?))
            }
            Condition::In(term, list) => {
                let value = term.value(value_of);
                any(list.iter().map(|item| Some(order(&value, &item.value(value_of))? == Ordering::Equal)))
            }
            Condition::Like(term, pattern) => Some(pattern.fits(&term.value(value_of).code()?)),
            Condition::IsNull(term) => Some(term.value(value_of) == Value::Null),
            Condition::Not(inner) => inner.truth(value_of).map(|truth| !truth),
            Condition::NotTrue(inner) => Some(inner.truth(value_of) != Some(true)),
            Condition::Unknown(inner) => Some(inner.truth(value_of).is_none()),
            Condition::Any(parts) => any(parts.iter().map(|part| part.truth(value_of))),
            Condition::All(parts) => {
                any(parts.iter().map(|part| part.truth(value_of).map(|truth| !truth))).map(|truth| !truth)
            }
        }
    }

    fn collect_literals<'a>(&'a self, literals: &mut Vec<&'a Value>) {
        let terms: Vec<&Term> = match self {
            Condition::Compare(left, _, right) => vec![left, right],
            Condition::In(term, list) => std::iter::once(term).chain(list).collect(),
            Condition::Like(term, _) | Condition::IsNull(term) => vec![term],
            Condition::Not(inner) | Condition::NotTrue(inner) | Condition::Unknown(inner) => {
                return inner.collect_literals(literals);
            }
            Condition::All(parts) | Condition::Any(parts) => {
                return parts.iter().for_each(|part| part.collect_literals(literals));
            }
        };
        literals.extend(terms.into_iter().filter_map(|term| match term {
            Term::Literal(value) => Some(value),
            Term::Field(_) => None,
        }));
    }

    fn collect_fields<'a>(&'a self, fields: &mut Vec<&'a str>) {
        match self {
            Condition::Compare(left, _, right) => {
                left.collect_field(fields);
                right.collect_field(fields);
            }
            Condition::In(term, list) => {
                term.collect_field(fields);
                list.iter().for_each(|item| item.collect_field(fields));
            }
            Condition::Like(term, _) | Condition::IsNull(term) => term.collect_field(fields),
            Condition::Not(inner) | Condition::NotTrue(inner) | Condition::Unknown(inner) => {
                inner.collect_fields(fields);
            }
            Condition::All(parts) | Condition::Any(parts) => {
                parts.iter().for_each(|part| part.collect_fields(fields));
            }
        }
    }
}

/// SQL's OR: true if one is true, else unknown if one is unknown, else false.
fn any(truths: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut unknown = false;
    for truth in truths {
        match truth {
            Some(true) => return Some(true),
            Some(false) => {}
            None => unknown = true,
        }
    }
    if unknown { None } else { Some(false) }
}

/// How two values compare: two texts as texts, so `'0111'` is not `'111'`; otherwise as numbers where both
/// read as numbers, else as texts. `None` if one is null or not a number at all (NaN).
fn order(left: &Value, right: &Value) -> Option<Ordering> {
    if let (Value::Text(left), Value::Text(right)) = (left, right) {
        return Some(left.as_str().cmp(right));
    }
    if let (Some(left), Some(right)) = (whole(left), whole(right)) {
        return Some(left.cmp(&right));
    }
    match (left.number(), right.number()) {
        (Some(left), Some(right)) => left.partial_cmp(&right),
        _ => Some(left.code()?.cmp(&right.code()?)),
    }
}

/// The whole number a value reads as; exact where a code of 19 digits has no exact `f64`.
fn whole(value: &Value) -> Option<i64> {
    match value {
        Value::Integer(n) => Some(*n),
        Value::Text(text) => text.trim().parse().ok(),
        Value::Real(_) | Value::Null => None,
    }
}

impl Term {
    fn value(&self, value_of: &dyn Fn(&str) -> Value) -> Value {
        match self {
            Term::Field(name) => value_of(name),
            Term::Literal(value) => value.clone(),
        }
    }

    fn collect_field<'a>(&'a self, fields: &mut Vec<&'a str>) {
        if let Term::Field(name) = self
            && !fields.contains(&name.as_str())
        {
            fields.push(name);
        }
    }
}

impl Comparison {
    fn holds(self, order: Ordering) -> bool {
        match self {
            Comparison::Equal => order.is_eq(),
            Comparison::NotEqual => order.is_ne(),
            Comparison::Less => order.is_lt(),
            Comparison::LessOrEqual => order.is_le(),
            Comparison::Greater => order.is_gt(),
            Comparison::GreaterOrEqual => order.is_ge(),
        }
    }
}

/// Why a condition cannot be read. `Display` is the English sentence, with the condition and a caret below it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("column {}: {}\n  {}\n  {}^", .0.column, .0.cause.en, .0.text, .0.indent())]
pub struct FilterError(Box<Fault>);

/// What is wrong in which text, boxed so that a result stays small.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Fault {
    text: String,
    column: usize,
    cause: Words,
    cure: Option<Words>,
}

impl FilterError {
    fn new(text: &str, column: usize, cause: Words, cure: Option<Words>) -> FilterError {
        FilterError(Box::new(Fault { text: text.to_owned(), column, cause, cure }))
    }

    /// A stable code.
    pub fn code(&self) -> &'static str {
        "filter-syntax"
    }

    /// The column in characters, from 1.
    pub fn column(&self) -> usize {
        self.0.column
    }

    /// The Chinese sentence, with the condition and a caret below it.
    pub fn zh(&self) -> String {
        let Fault { text, column, cause, .. } = self.0.as_ref();
        format!("第 {column} 列：{}\n  {text}\n  {}^", cause.zh, self.0.indent())
    }

    /// What would be right.
    pub fn cure(&self) -> Option<Words> {
        self.0.cure.clone()
    }
}

impl Fault {
    /// Blanks as wide as the text before the column; Chinese characters are two columns of a terminal wide.
    fn indent(&self) -> String {
        let before = self.text.chars().take(self.column.saturating_sub(1));
        before.map(|c| if c >= '\u{1100}' { "  " } else { " " }).collect()
    }
}
