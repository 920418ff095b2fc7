//! A standard as data: its rules, each with requirement, clause, confidence and source.

use serde::{Deserialize, Serialize};

use super::error::IndicatorError;
use super::formula::Measure;
use super::purpose::Purpose;
use super::requirement::Requirement;
use super::{rule_file, shipped};
use crate::nearest::nearest;
use crate::words;
use crate::words::Words;

/// One edition, or one list of an edition, of a standard.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Standard {
    /// The name that users write, such as `GB/T 37342-2024 county`.
    pub name: String,
    /// The edition, such as `GB/T 37342-2024`.
    pub edition: String,
    /// Its title.
    pub title: Words,
    /// Which cities, towns or villages it is for.
    pub applies_to: Option<Words>,
    /// What a reader must know about these data as a whole.
    pub note: Option<Words>,
    /// The rules in the order of the standard. An item of several parts has several rules of one number.
    pub rules: Vec<Rule>,
}

/// One requirement of a standard that can be met or not.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Rule {
    /// The number of the item that the rule belongs to.
    pub item: u32,
    /// A short stable code, such as `tree-coverage`.
    pub code: String,
    /// The group of items it stands in.
    pub group: Words,
    /// Its name.
    pub name: Words,
    /// What it is for, where that is known.
    pub purpose: Option<Purpose>,
    /// The requirement in words, with `{figure}` where the limit belongs.
    pub wording: Words,
    /// The requirement in figures; none where only evidence can tell.
    pub requirement: Option<Requirement>,
    /// What the item is judged from.
    pub judged: JudgedFrom,
    /// How this program judges it, where it can.
    pub measure: Option<Measure>,
    /// What must be supplied before it can be judged.
    pub needs: Words,
    /// What the item is limited to, such as what was built since creation began. Limits that depend on precipitation or
    /// terrain are in the requirement.
    pub condition: Option<Words>,
    /// A remark for the reader.
    pub note: Option<Words>,
    /// The clause; none where it is not known.
    pub clause: Option<Clause>,
    /// Where the requirement comes from, and whether anybody confirmed it.
    pub threshold: Threshold,
}

impl Rule {
    /// What the rule may be called by: its code, its names.
    fn names(&self) -> [&str; 3] {
        [&self.code, &self.name.zh, &self.name.en]
    }

    /// The whole requirement for people, with its figures.
    pub fn requirement_words(&self) -> Words {
        let Some(requirement) = &self.requirement else { return self.wording.clone() };
        let figure = requirement.words();
        Words::new(
            self.wording.en.replace(rule_file::FIGURE, &figure.en),
            self.wording.zh.replace(rule_file::FIGURE, &figure.zh),
        )
    }
}

/// What an item is judged from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JudgedFrom {
    /// Map layers.
    Layers,
    /// A table: residents, trees.
    Table,
    /// Both.
    LayersAndTable,
    /// A declaration with evidence.
    Declared,
}

impl JudgedFrom {
    /// The kind of evidence for people.
    pub fn words(self) -> Words {
        match self {
            JudgedFrom::Layers => words!("map layers", "图层"),
            JudgedFrom::Table => words!("a table", "表格"),
            JudgedFrom::LayersAndTable => words!("map layers and a table", "图层和表格"),
            JudgedFrom::Declared => words!("a declaration with evidence", "申报并附证明材料"),
        }
    }
}

/// A clause of the standard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clause {
    /// Its number, such as `4.1.1`.
    pub number: String,
    /// How the number is known.
    pub confidence: ClauseConfidence,
}

impl Clause {
    /// The number with how it is known; a bare `4.2` would become a number in a spreadsheet.
    pub fn words(&self) -> Words {
        let known = match self.confidence {
            ClauseConfidence::Reconstructed => words!("reconstructed", "推定"),
            ClauseConfidence::Read => words!("read", "已读原文"),
        };
        let number = &self.number;
        Words::new(format!("{number} ({})", known.en), format!("{number}（{}）", known.zh))
    }
}

/// How the number of a clause is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClauseConfidence {
    /// Put together from the order of the items; nobody read it.
    Reconstructed,
    /// Read in the text of the standard.
    Read,
}

/// How a requirement is known, as the research behind the rule data tags it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Confidence {
    /// Read in a source that quotes or implements the text.
    A,
    /// Found alike in two or more independent sources.
    B,
    /// Found in one report or one program.
    C,
    /// Recalled; no source read.
    M,
    /// Assumed to carry over from the edition before.
    #[serde(rename = "M-carry")]
    MCarry,
}

impl Confidence {
    /// The tag as written: `A`, `M-carry`.
    pub fn tag(self) -> &'static str {
        match self {
            Confidence::A => "A",
            Confidence::B => "B",
            Confidence::C => "C",
            Confidence::M => "M",
            Confidence::MCarry => "M-carry",
        }
    }

    /// What the tag means, in the words of an official table.
    pub fn words(self) -> Words {
        match self {
            Confidence::A => words!("read in a quoting source", "读到转引原文"),
            Confidence::B => words!("two or more sources agree", "两处以上来源一致"),
            Confidence::C => words!("seen in one report", "见于一处报道"),
            Confidence::M => words!("text not seen, provisional value", "未见标准原文，暂用值"),
            Confidence::MCarry => words!(
                "carried over from the 2019 edition; text of 2024 not seen, provisional value",
                "沿用 2019 版，未见 2024 版原文，暂用值"
            ),
        }
    }
}

/// Whether anybody answers for a threshold. A confirmed one has no confidence tag left to mislead with.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "mark", rename_all = "snake_case")]
pub enum Threshold {
    /// As shipped: known only this well.
    Unconfirmed {
        /// How well.
        confidence: Confidence,
        /// From where.
        source: Words,
    },
    /// Somebody read the standard and answers for it.
    Confirmed {
        /// Who.
        by: String,
        /// The day, ISO 8601.
        date: String,
        /// From where.
        source: Words,
    },
}

impl Threshold {
    /// Whether somebody answers for it.
    pub fn is_confirmed(&self) -> bool {
        matches!(self, Threshold::Confirmed { .. })
    }

    /// The confidence of a threshold that nobody confirmed.
    pub fn confidence(&self) -> Option<Confidence> {
        match self {
            Threshold::Unconfirmed { confidence, .. } => Some(*confidence),
            Threshold::Confirmed { .. } => None,
        }
    }

    /// Where it comes from.
    pub fn source(&self) -> &Words {
        match self {
            Threshold::Unconfirmed { source, .. } | Threshold::Confirmed { source, .. } => source,
        }
    }
}

impl Standard {
    /// The rules that are shipped under this name; case, blanks and slashes do not matter.
    ///
    /// # Errors
    /// [`IndicatorError::UnknownStandard`], with the known names.
    pub fn named(name: &str) -> Result<Self, IndicatorError> {
        shipped::find(name)
    }

    /// The rules of a TOML text; `file` names it in errors.
    ///
    /// # Errors
    /// An unknown key or word, a missing one, or a rule whose parts contradict each other.
    pub fn parse(text: &str, file: &str) -> Result<Self, IndicatorError> {
        rule_file::parse(text, file)
    }

    /// The rule of a code, of the number of an item that has one rule, or of a name in either language.
    ///
    /// # Errors
    /// [`IndicatorError::UnknownItem`] or [`IndicatorError::SeveralParts`].
    pub fn rule(&self, key: &str) -> Result<&Rule, IndicatorError> {
        let key = key.trim();
        if let Some(rule) = self.rules.iter().find(|r| r.code.eq_ignore_ascii_case(key)) {
            return Ok(rule);
        }
        let (number, name) = (key.parse().ok(), shipped::folded(key));
        let meant =
            |r: &&Rule| Some(r.item) == number || r.names().iter().any(|n| shipped::folded(n) == name);
        let parts: Vec<&Rule> = self.rules.iter().filter(meant).collect();
        match parts.as_slice() {
            [rule] => Ok(rule),
            [] => Err(self.unknown_item(key)),
            _ => Err(IndicatorError::SeveralParts {
                standard: self.name.clone(),
                item: key.to_owned(),
                codes: parts.iter().map(|r| r.code.clone()).collect(),
            }),
        }
    }

    /// The code of the rule whose code, else whose name, is most like a wrong one.
    fn code_like(&self, key: &str) -> Option<String> {
        let near = nearest(key, self.rules.iter().map(|rule| rule.code.as_str()));
        let near = near.or_else(|| nearest(key, self.rules.iter().flat_map(Rule::names)))?;
        self.rules.iter().find(|rule| rule.names().contains(&near)).map(|rule| rule.code.clone())
    }

    fn unknown_item(&self, key: &str) -> IndicatorError {
        let known: Vec<String> = self.rules.iter().map(|r| r.code.clone()).collect();
        IndicatorError::UnknownItem {
            standard: self.name.clone(),
            item: key.to_owned(),
            near: self.code_like(key),
            known,
        }
    }
}
