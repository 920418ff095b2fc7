//! The embedded files. They are part of the program, so a mistake in them is ours and stops it; a test
//! reads them all.

use serde::Deserialize;

use super::{Scheme, SchemeEntry, SharedClass, Tag};
use crate::project::settings::{ClassDef, Figure};
use crate::words::Words;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SchemeFile {
    schema: u32,
    name: String,
    title: Named,
    source: String,
    #[serde(default)]
    suffixes: Vec<String>,
    entry: Vec<EntryRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EntryRow {
    codes: Vec<String>,
    class: String,
    name: Option<Named>,
    tag: Tag,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClassFile {
    schema: u32,
    class: Vec<ClassRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClassRow {
    id: String,
    name: Named,
    counts_as: Vec<Figure>,
    #[serde(default)]
    may_count_as: Vec<Figure>,
    tag: Tag,
    source: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Named {
    zh: String,
    en: String,
}

impl From<Named> for Words {
    fn from(named: Named) -> Words {
        Words::new(named.en, named.zh)
    }
}

pub(super) fn scheme(text: &str) -> SchemeFile {
    let file: SchemeFile = toml::from_str(text).expect("an embedded scheme is valid");
    assert_eq!(file.schema, 1, "an embedded scheme is of schema 1");
    file
}

pub(super) fn classes(text: &str) -> Vec<SharedClass> {
    let file: ClassFile = toml::from_str(text).expect("the embedded classes are valid");
    assert_eq!(file.schema, 1, "the embedded classes are of schema 1");
    file.class.into_iter().map(SharedClass::from).collect()
}

impl From<ClassRow> for SharedClass {
    fn from(row: ClassRow) -> SharedClass {
        let ClassRow { id, name, counts_as, may_count_as, tag, source } = row;
        let class = ClassDef { id, name: name.into(), counts_as, may_count_as, colour: None };
        SharedClass { class, tag, source }
    }
}

impl From<SchemeFile> for Scheme {
    fn from(file: SchemeFile) -> Scheme {
        let codes = file.entry.iter().enumerate();
        let codes = codes.flat_map(|(at, row)| row.codes.iter().map(move |code| (code.clone(), at)));
        let (mut patterns, exact): (Vec<_>, Vec<_>) = codes.partition(|(code, _)| code.contains('x'));
        patterns.sort_by_key(|(code, _)| code.matches('x').count());
        let exact = exact.into_iter().collect();
        let entries = file.entry.into_iter().map(SchemeEntry::from).collect();
        Scheme {
            name: file.name,
            title: file.title.into(),
            source: file.source,
            entries,
            suffixes: file.suffixes,
            exact,
            patterns,
        }
    }
}

impl From<EntryRow> for SchemeEntry {
    fn from(row: EntryRow) -> SchemeEntry {
        SchemeEntry { codes: row.codes, class: row.class, name: row.name.map(Words::from), tag: row.tag }
    }
}
