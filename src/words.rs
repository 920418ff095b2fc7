//! A sentence for people, in both languages of the program, and the choice between them.
//!
//! Chinese stands beside English wherever a sentence is made, so neither can be forgotten.
//! This room knows no file, no terminal and no locale.

mod foreign;

use serde::{Deserialize, Serialize};

pub use foreign::foreign;

/// The language that people are spoken to in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// Chinese (简体中文).
    Zh,
    /// English.
    #[default]
    En,
}

/// One sentence in English and in Chinese.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Words {
    /// English.
    pub en: String,
    /// Chinese (简体中文).
    pub zh: String,
}

impl Words {
    /// Pairs an English sentence with its Chinese form.
    pub fn new(en: impl Into<String>, zh: impl Into<String>) -> Self {
        Self { en: en.into(), zh: zh.into() }
    }

    /// The sentence in one language.
    pub fn say(&self, lang: Lang) -> &str {
        match lang {
            Lang::En => &self.en,
            Lang::Zh => &self.zh,
        }
    }
}

/// English, for error messages; people are spoken to through [`Words::say`].
impl std::fmt::Display for Words {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.en)
    }
}

/// Makes [`Words`] from two format strings that see the same variables: `words!("{n} patches", "{n} 个图斑")`.
#[macro_export]
macro_rules! words {
    ($en:literal, $zh:literal $(, $($arg:tt)*)?) => {
        $crate::words::Words::new(format!($en $(, $($arg)*)?), format!($zh $(, $($arg)*)?))
    };
}

/// An error that can be told to a person: what, and what to do about it.
pub trait Explain: std::error::Error {
    /// A stable code, kebab case.
    fn code(&self) -> &'static str;
    /// What happened.
    fn sentence(&self) -> Words;
    /// What would cure it.
    fn cure(&self) -> Option<Words>;
    /// The errors it consists of, each to be told by itself; none where it is one.
    fn parts(&self) -> Vec<&dyn Explain> {
        Vec::new()
    }
}

impl<E: Explain> Explain for Box<E> {
    fn code(&self) -> &'static str {
        (**self).code()
    }

    fn sentence(&self) -> Words {
        (**self).sentence()
    }

    fn cure(&self) -> Option<Words> {
        (**self).cure()
    }

    fn parts(&self) -> Vec<&dyn Explain> {
        (**self).parts()
    }
}
