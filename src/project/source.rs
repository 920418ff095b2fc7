//! The file under reading: its places, the names it mentions, and the errors found so far.

use std::cell::RefCell;
use std::ops::Range;

use crate::nearest::nearest;
use crate::project::error::{Place, ProjectError};
use crate::project::syntax::SyntaxFault;
use crate::words::Words;

/// The file under reading, and the errors found so far.
pub(super) struct Source<'t> {
    file: &'t str,
    text: &'t str,
    errors: RefCell<Vec<ProjectError>>,
}

impl<'t> Source<'t> {
    pub(super) fn new(file: &'t str, text: &'t str) -> Self {
        Self { file, text, errors: RefCell::default() }
    }

    /// What is written there: its first line, at most so many characters, with "…" where more follows.
    pub(super) fn written(&self, at: Range<usize>, longest: usize) -> String {
        let all = self.text.get(at).unwrap_or("");
        let line = all.lines().next().unwrap_or("");
        let mut shown: String = line.chars().take(longest).collect();
        if shown.len() < all.len() {
            shown.push('…');
        }
        shown
    }

    /// The line and column of a byte position.
    pub(super) fn place(&self, at: usize) -> Place {
        let before = self.text.get(..at).unwrap_or(self.text);
        let line_start = before.rfind('\n').map_or(0, |end| end + 1);
        let line = before.matches('\n').count() + 1;
        let column = before.get(line_start..).unwrap_or("").chars().count() + 1;
        Place { file: self.file.to_owned(), line, column }
    }

    /// The error that the text is no TOML.
    pub(super) fn syntax(&self, error: &toml::de::Error) -> ProjectError {
        let place = self.place(error.span().map_or(0, |span| span.start));
        let line = self.text.lines().nth(place.line - 1).unwrap_or("").trim().to_owned();
        let fault = SyntaxFault::of(error.message(), &line);
        ProjectError::Syntax { place, line, message: error.message().to_owned(), fault }
    }

    pub(super) fn note(&self, error: ProjectError) {
        self.errors.borrow_mut().push(error);
    }

    /// All errors found, in the order of the file; `None` if there are none.
    pub(super) fn take_errors(&self) -> Option<ProjectError> {
        let mut errors = self.errors.take();
        errors.sort_by_key(|error| error.place().map(|place| (place.line, place.column)));
        ProjectError::gather(errors)
    }
}

/// A name that the file mentions, to be resolved once all is read.
#[derive(Debug, Clone)]
pub(super) struct Mention {
    pub name: String,
    pub key: &'static str,
    pub place: Place,
    pub table: Words,
}

impl Mention {
    /// The error that nothing answers to the name.
    pub(super) fn unknown<'a>(
        &self,
        wanted: Words,
        known: impl IntoIterator<Item = &'a str>,
    ) -> ProjectError {
        let known: Vec<&str> = known.into_iter().collect();
        ProjectError::UnknownName {
            place: self.place.clone(),
            key: self.key.to_owned(),
            table: self.table.clone(),
            name: self.name.clone(),
            wanted,
            near: nearest(&self.name, known.iter().copied()).map(str::to_owned),
            known: known.into_iter().map(str::to_owned).collect(),
        }
    }

    /// The error that the name is right by itself and wrong here.
    pub(super) fn contradiction(&self, cause: Words, cure: Words) -> ProjectError {
        ProjectError::Contradiction { place: self.place.clone(), table: self.table.clone(), cause, cure }
    }
}
