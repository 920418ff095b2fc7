//! One table of a project file under reading.
//!
//! It remembers which keys were asked for, so that every other key is reported; it notes what is wrong
//! and reads on, so that one run shows all mistakes. Where something is wrong it gives a stand-in, which
//! never leaves the room: a file with errors gives no [`Project`](super::Project).

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::nearest::nearest;
use crate::project::error::ProjectError;
use crate::project::source::{Mention, Source};
use crate::words;
use crate::words::Words;

/// How many characters of a wrong value a message shows.
const LONGEST_QUOTE: usize = 40;

type Entry<'t> = Spanned<DeValue<'t>>;

/// A table under reading.
pub(super) struct Table<'t> {
    pub source: &'t Source<'t>,
    entries: &'t DeTable<'t>,
    label: Words,
    at: usize,
    is_root: bool,
    asked: Vec<&'static str>,
}

impl<'t> Table<'t> {
    /// The whole file.
    pub(super) fn root(source: &'t Source<'t>, entries: &'t DeTable<'t>) -> Self {
        let label = words!("the top level", "文件顶层");
        Self { source, entries, label, at: 0, is_root: true, asked: Vec::new() }
    }

    /// A text.
    pub(super) fn text(&mut self, key: &'static str) -> Option<String> {
        self.read(key, words!("a text in quotes", "加引号的文本"), |value| {
            value.as_str().map(str::to_owned)
        })
    }

    /// A text that must be there.
    pub(super) fn required_text(&mut self, key: &'static str, meaning: Words) -> String {
        let text = self.required(key, meaning, Table::text);
        if text.trim().is_empty() && self.is_text(key) {
            self.wrong(key, words!("a text that is not empty", "非空文本"));
        }
        text
    }

    /// A path that must be there.
    pub(super) fn required_path(&mut self, key: &'static str, meaning: Words) -> String {
        let path = self.required_text(key, meaning);
        self.check_path(key, &path);
        path
    }

    /// A path.
    pub(super) fn path(&mut self, key: &'static str) -> Option<String> {
        self.text(key).inspect(|path| self.check_path(key, path))
    }

    /// Reports a path with control characters: `"D:\new"` in double quotes has a line break in it.
    fn check_path(&self, key: &'static str, path: &str) {
        if path.chars().any(char::is_control) {
            let Mention { place, table, .. } = self.mention_of(key);
            self.source.note(ProjectError::PathEscapes { place, key: key.to_owned(), table });
        }
    }

    /// A value that must be there; a stand-in and an error if it is not.
    pub(super) fn required<T: Default>(
        &mut self,
        key: &'static str,
        meaning: Words,
        read: impl Fn(&mut Self, &'static str) -> Option<T>,
    ) -> T {
        if !self.has(key) {
            self.missing(key, meaning);
        }
        read(self, key).unwrap_or_default()
    }

    /// A date, as text: `"2024-12"`, a TOML date or a bare year.
    pub(super) fn date(&mut self, key: &'static str) -> Option<String> {
        self.read(key, words!("a date such as \"2024-12\"", "日期，如 \"2024-12\""), |value| match value {
            DeValue::String(text) => Some(text.to_string()),
            DeValue::Datetime(date) => Some(date.to_string()),
            DeValue::Integer(year) => Some(year.as_str().to_owned()),
            _ => None,
        })
    }

    /// `true` or `false`.
    pub(super) fn flag(&mut self, key: &'static str) -> Option<bool> {
        self.read(key, words!("true or false", " true 或 false"), DeValue::as_bool)
    }

    /// A number.
    pub(super) fn number(&mut self, key: &'static str) -> Option<f64> {
        self.read(key, words!("a number", "数值"), number)
    }

    /// A whole number, not negative.
    pub(super) fn whole(&mut self, key: &'static str) -> Option<usize> {
        self.read(key, words!("a whole number", "非负整数"), whole)
    }

    /// A list of texts, each with its place; numbers are taken as their digits.
    pub(super) fn mentions(&mut self, key: &'static str) -> Option<Vec<Mention>> {
        let wanted = words!("a list of texts, such as [\"a\", \"b\"]", "文本列表，如 [\"a\", \"b\"]");
        let items = self.read_entry(key, &wanted, |entry| entry.get_ref().as_array())?;
        let mut mentions = Vec::new();
        for item in items.iter() {
            match code_text(item.get_ref()) {
                Some(name) => mentions.push(self.mention_at(key, name, item.span())),
                None => self.wrong_kind(key, item, wanted.clone()),
            }
        }
        Some(mentions)
    }

    /// The same without places.
    pub(super) fn texts(&mut self, key: &'static str) -> Option<Vec<String>> {
        Some(self.mentions(key)?.into_iter().map(|mention| mention.name).collect())
    }

    /// A list of lists of texts.
    pub(super) fn lists_of_texts(&mut self, key: &'static str) -> Option<Vec<Vec<String>>> {
        let wanted = words!(
            "a list of lists of texts, such as [[\"a\", \"b\"]]",
            "文本列表的列表，如 [[\"a\", \"b\"]]"
        );
        self.read(key, wanted, |value| {
            let texts = |item: &Entry<'_>| -> Option<Vec<String>> {
                item.get_ref().as_array()?.iter().map(|text| code_text(text.get_ref())).collect()
            };
            value.as_array()?.iter().map(texts).collect()
        })
    }

    /// A text with its place.
    pub(super) fn mention(&mut self, key: &'static str) -> Option<Mention> {
        self.text(key).map(|_| self.mention_of(key))
    }

    /// A place to point at: the key's value, or the beginning of the table where the key is missing.
    /// Its name is the text that stands there.
    pub(super) fn mention_of(&self, key: &'static str) -> Mention {
        let entry = self.entries.get(key);
        let name = entry.and_then(|entry| entry.get_ref().as_str()).unwrap_or("").to_owned();
        self.mention_at(key, name, entry.map_or(self.at..self.at, Spanned::span))
    }

    /// A code: a text, or a number by its digits.
    pub(super) fn code(&mut self, key: &'static str) -> Option<String> {
        self.read(key, words!("a text or a whole number", "文本或整数"), code_text)
    }

    /// One word of a fixed few.
    pub(super) fn choice<T: Clone>(
        &mut self,
        key: &'static str,
        wanted: Words,
        words: &[(&str, T)],
    ) -> Option<T> {
        let mention = self.mention(key)?;
        let chosen = words.iter().find(|(word, _)| *word == mention.name);
        if chosen.is_none() {
            self.source.note(mention.unknown(wanted, words.iter().map(|(word, _)| *word)));
        }
        chosen.map(|(_, choice)| choice.clone())
    }

    /// A list of numbers, of a fixed length.
    pub(super) fn numbers<const N: usize>(&mut self, key: &'static str) -> Option<[f64; N]> {
        self.read(key, words!("a list of {N} numbers", " {N} 个数的列表"), |value| {
            let numbers: Option<Vec<f64>> =
                value.as_array()?.iter().map(|item| number(item.get_ref())).collect();
            numbers?.try_into().ok()
        })
    }

    /// A list of numbers, of any length.
    pub(super) fn all_numbers(&mut self, key: &'static str) -> Option<Vec<f64>> {
        self.read(key, words!("a list of numbers", "数的列表"), |value| {
            value.as_array()?.iter().map(|item| number(item.get_ref())).collect()
        })
    }

    /// A list of whole numbers, not negative.
    pub(super) fn wholes(&mut self, key: &'static str) -> Option<Vec<u32>> {
        self.read(key, words!("a list of whole numbers", "整数列表"), |value| {
            let whole = |value: &DeValue<'_>| {
                let integer = value.as_integer()?;
                u32::from_str_radix(integer.as_str(), integer.radix()).ok()
            };
            value.as_array()?.iter().map(|item| whole(item.get_ref())).collect()
        })
    }

    /// Whether the key is written.
    pub(super) fn has(&self, key: &str) -> bool {
        self.entries.contains_key(key)
    }

    /// Whether the value of the key is a text; not whether it is right.
    pub(super) fn is_text(&self, key: &str) -> bool {
        self.entries.get(key).is_some_and(|entry| entry.get_ref().is_str())
    }

    /// Whether the value of the key is a list; not whether it should be.
    pub(super) fn is_list(&self, key: &str) -> bool {
        self.entries.get(key).is_some_and(|entry| entry.get_ref().as_array().is_some())
    }

    /// Whether the value of the key is `true` or `false`; not whether it should be.
    pub(super) fn is_flag(&self, key: &str) -> bool {
        self.entries.get(key).is_some_and(|entry| entry.get_ref().as_bool().is_some())
    }

    /// A table inside.
    pub(super) fn table(&mut self, key: &'static str) -> Option<Table<'t>> {
        let wanted = self.table_form(key);
        let entries = self.read_entry(key, &wanted, |entry| entry.get_ref().as_table())?;
        let at = self.entries.get(key)?.span().start;
        let label = match self.label.en.strip_suffix(']') {
            Some(open) => format!("{open}.{key}]"),
            None if self.is_root => format!("[{key}]"),
            None => format!("{} {key}", self.label.en),
        };
        Some(self.inner(entries, label, at))
    }

    /// A list of tables inside, such as `[[cover]]`.
    pub(super) fn tables(&mut self, key: &'static str) -> Vec<Table<'t>> {
        let wanted = self.tables_form(key);
        let Some(items) = self.read_entry(key, &wanted, |entry| entry.get_ref().as_array()) else {
            return Vec::new();
        };
        let mut tables = Vec::new();
        for (number, item) in items.iter().enumerate() {
            let above = if self.is_root { format!("[[{key}]]") } else { format!("{} {key}", self.label.en) };
            let label = format!("{above} {}", number + 1);
            match item.get_ref().as_table() {
                Some(entries) => tables.push(self.inner(entries, label, item.span().start)),
                None => self.wrong_kind(key, item, wanted.clone()),
            }
        }
        tables
    }

    /// How a table inside is written: under its own heading, or within an item of a list in braces.
    fn table_form(&self, key: &str) -> Words {
        match self.label.en.strip_suffix(']').filter(|_| !self.label.en.starts_with("[[")) {
            Some(open) => words!("a table: {open}.{key}]", "表：{open}.{key}]"),
            None if self.is_root => words!("a table: [{key}]", "表：[{key}]"),
            None => words!("a table in braces: {key} = {{ … }}", "花括号中的表：{key} = {{ … }}"),
        }
    }

    /// How a list of tables is written. No headings are the `map` and the `mask` of a cover.
    fn tables_form(&self, key: &str) -> Words {
        if self.is_root {
            return words!("a list of tables: [[{key}]]", "表的列表：[[{key}]]");
        }
        if key == "mask" {
            return words!(
                "a list in square brackets: mask = [{{ file = \"…\", of = \"buildings\" }}]",
                "方括号列表：mask = [{{ file = \"…\", of = \"buildings\" }}]"
            );
        }
        words!(
            "a list in square brackets: {key} = [{{ values = [\"…\"], class = \"…\" }}]",
            "方括号列表：{key} = [{{ values = [\"…\"], class = \"…\" }}]"
        )
    }

    /// A table whose keys are the user's own names, each with a whole number or a table.
    pub(super) fn each<T>(
        &self,
        mut take: impl FnMut(String, Option<usize>, Option<Table<'t>>) -> T,
    ) -> Vec<T> {
        let mut all = Vec::new();
        for (key, entry) in self.entries.iter() {
            let (name, value) = (key.get_ref().to_string(), entry.get_ref());
            let label = format!("{} {name}", self.label.en);
            match (value.as_table(), whole(value)) {
                (Some(entries), _) => {
                    all.push(take(name, None, Some(self.inner(entries, label, entry.span().start))));
                }
                (None, Some(number)) => all.push(take(name, Some(number), None)),
                (None, None) => {
                    self.wrong_kind(&name, entry, words!("a whole number or a table", "非负整数或表"))
                }
            }
        }
        all
    }

    /// Reports the keys that nobody asked for.
    pub(super) fn end(self) {
        for key in self.entries.keys().filter(|key| !self.asked.contains(&key.get_ref().as_ref())) {
            self.source.note(ProjectError::UnknownKey {
                place: self.source.place(key.span().start),
                key: key.get_ref().to_string(),
                table: self.label.clone(),
                near: nearest(key.get_ref(), self.asked.iter().copied()).map(str::to_owned),
                known: self.asked.iter().map(|key| (*key).to_owned()).collect(),
            });
        }
    }

    /// Reports a key that must be there.
    pub(super) fn missing(&self, key: &str, meaning: Words) {
        let (place, table) = (self.source.place(self.at), self.label.clone());
        let form = if key.starts_with('[') { key.to_owned() } else { format!("{key} = …") };
        let cure =
            Words::new(format!("add `{form}`: {}", meaning.en), format!("请补上 `{form}`：{}", meaning.zh));
        self.source.note(ProjectError::MissingKey { place, key: key.to_owned(), table, cure });
    }

    /// Reports keys that do not go together, at one of them.
    pub(super) fn contradiction(&self, key: &str, cause: Words, cure: Words) {
        let at = self.entries.get_key_value(key).map_or(self.at, |(key, _)| key.span().start);
        let (place, table) = (self.source.place(at), self.label.clone());
        self.source.note(ProjectError::Contradiction { place, table, cause, cure });
    }

    /// Reports a value that is of the right kind and still not what it should be.
    pub(super) fn wrong(&self, key: &str, wanted: Words) {
        if let Some(entry) = self.entries.get(key) {
            self.wrong_kind(key, entry, wanted);
        }
    }

    fn inner(&self, entries: &'t DeTable<'t>, label: String, at: usize) -> Table<'t> {
        let label = Words::new(label.clone(), label);
        Table { source: self.source, entries, label, at, is_root: false, asked: Vec::new() }
    }

    fn mention_at(&self, key: &'static str, name: String, span: Range<usize>) -> Mention {
        Mention { name, key, place: self.source.place(span.start), table: self.label.clone() }
    }

    fn read<T>(
        &mut self,
        key: &'static str,
        wanted: Words,
        read: impl Fn(&'t DeValue<'t>) -> Option<T>,
    ) -> Option<T> {
        self.read_entry(key, &wanted, |entry| read(entry.get_ref()))
    }

    fn read_entry<T>(
        &mut self,
        key: &'static str,
        wanted: &Words,
        read: impl Fn(&'t Entry<'t>) -> Option<T>,
    ) -> Option<T> {
        self.asked.push(key);
        let entry = self.entries.get(key)?;
        let value = read(entry);
        if value.is_none() {
            self.wrong_kind(key, entry, wanted.clone());
        }
        value
    }

    fn wrong_kind(&self, key: &str, entry: &Entry<'_>, wanted: Words) {
        self.source.note(ProjectError::WrongKind {
            place: self.source.place(entry.span().start),
            key: key.to_owned(),
            table: self.label.clone(),
            found: format!("`{}`", self.source.written(entry.span(), LONGEST_QUOTE)),
            wanted,
        });
    }
}

fn whole(value: &DeValue<'_>) -> Option<usize> {
    let integer = value.as_integer()?;
    usize::from_str_radix(integer.as_str(), integer.radix()).ok()
}

fn number(value: &DeValue<'_>) -> Option<f64> {
    let number = match value {
        DeValue::Integer(integer) => i64::from_str_radix(integer.as_str(), integer.radix()).ok()? as f64,
        DeValue::Float(float) => float.as_str().parse().ok()?,
        _ => return None,
    };
    number.is_finite().then_some(number)
}

/// A code: text, or a number by its digits.
fn code_text(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Integer(number) if number.radix() == 10 => Some(number.as_str().to_owned()),
        _ => None,
    }
}
