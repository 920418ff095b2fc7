//! What the evaluator says of one rule, with everything a reader may ask of it.

use serde::Serialize;

use super::figure::{Figure, Operand};
use super::gap::Gap;
use super::standard::Rule;
use crate::fact::Place;
use crate::words;
use crate::words::Words;

/// The outcome of one rule.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Outcome {
    /// Met (达标).
    Met,
    /// Not met (未达标).
    NotMet,
    /// The data leave it open (无法判定).
    CannotTell {
        /// Why.
        reason: Words,
    },
    /// Nothing was supplied that could answer it (无法测算).
    NotMeasurable {
        /// What would.
        needs: Words,
    },
}

/// [`Outcome::CannotTell`] with its reason, written like [`words!`](crate::words!).
macro_rules! cannot_tell {
    ($($sentence:tt)*) => {
        $crate::indicators::Outcome::CannotTell { reason: $crate::words!($($sentence)*) }
    };
}
pub(super) use cannot_tell;

impl Outcome {
    /// The outcome in a word or two.
    pub fn words(&self) -> Words {
        match self {
            Outcome::Met => words!("met", "达标"),
            Outcome::NotMet => words!("not met", "未达标"),
            Outcome::CannotTell { .. } => words!("cannot tell", "无法判定"),
            Outcome::NotMeasurable { .. } => words!("not measurable", "无法测算"),
        }
    }

    /// Why it cannot be told, or what it needs.
    pub fn reason(&self) -> Option<Words> {
        match self {
            Outcome::Met | Outcome::NotMet => None,
            Outcome::CannotTell { reason } => Some(reason.clone()),
            Outcome::NotMeasurable { needs } => {
                Some(Words::new(format!("needs {}", needs.en), format!("需要{}", needs.zh)))
            }
        }
    }
}

/// What a verdict rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// The figure that this program computed.
    Computed,
    /// The user's declaration.
    Declared,
    /// Nothing.
    Nothing,
}

/// One rule, judged.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Verdict {
    /// The name of the standard.
    pub standard: String,
    /// Its edition.
    pub edition: String,
    /// The rule as applied: item, clause, threshold with its confidence, source or confirmation.
    pub rule: Rule,
    /// The whole requirement for people.
    pub requirement: Words,
    /// The limit applied to the figure that was judged, in the unit of the requirement; none where the band is not known.
    pub limit: Option<f64>,
    /// The band of annual precipitation, or the terrain, applied.
    pub band: Option<Words>,
    /// The outcome.
    pub outcome: Outcome,
    /// What the outcome rests on.
    pub basis: Basis,
    /// What this program computed.
    pub computed: Option<Computed>,
    /// What the user declared.
    pub declared: Option<DeclaredFigure>,
}

/// The computed side of a verdict.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Computed {
    /// The figure that decides; where several places must reach, that of the place with the least margin to its own limit.
    pub figure: Figure,
    /// The place whose figure it is.
    pub at: Place,
    /// The same for people.
    pub name: Words,
    /// The limit that applies to this place, in the unit of the requirement; none where it is not known which does.
    pub limit: Option<f64>,
    /// The band or terrain that the limit is for.
    pub band: Option<Words>,
    /// Above the line, where one place decides.
    pub numerator: Option<Operand>,
    /// Below the line, where one place decides.
    pub denominator: Option<Operand>,
    /// What is missing until the figure reaches, in the unit of the numerator; where several places must reach, the
    /// sum of theirs. None where nothing is missing.
    pub gap: Option<Gap>,
    /// The outcome by this figure.
    pub outcome: Outcome,
    /// Place by place.
    pub places: Vec<PlaceLine>,
    /// The formula, and how its operands were measured.
    pub how: Words,
    /// The layers and tables it came from.
    pub sources: Vec<String>,
    /// The dates of those.
    pub as_of: Vec<String>,
}

/// One place of a computed verdict.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PlaceLine {
    /// Where.
    pub place: Place,
    /// The place for people.
    pub name: Words,
    /// Whether the place takes part in the outcome; otherwise it is shown for information.
    pub decides: bool,
    /// The figure of the place.
    pub figure: Option<Figure>,
    /// Above the line.
    pub numerator: Option<Operand>,
    /// Below the line.
    pub denominator: Option<Operand>,
    /// The limit that applies to the place, in the unit of the requirement; none where it is not known which does.
    pub limit: Option<f64>,
    /// The band or terrain that the limit is for.
    pub band: Option<Words>,
    /// What the place is missing.
    pub gap: Option<Gap>,
    /// Whether the place by itself reaches.
    pub outcome: Outcome,
}

/// The declared side of a verdict.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DeclaredFigure {
    /// The figure judged, in the unit of the requirement.
    pub value: Option<f64>,
    /// The official figure, in the same unit.
    pub official: Option<f64>,
    /// The declared answer.
    pub passed: Option<bool>,
    /// Declared less computed, in the unit of the requirement.
    pub difference: Option<f64>,
    /// The document that proves it.
    pub evidence: String,
    /// Its number.
    pub number: Option<String>,
    /// Its date.
    pub date: Option<String>,
    /// A remark on it.
    pub note: Option<String>,
    /// The outcome by this declaration.
    pub outcome: Outcome,
}

impl Basis {
    /// The basis in a word.
    pub fn words(self) -> Words {
        match self {
            Basis::Computed => words!("computed", "计算"),
            Basis::Declared => words!("declared", "申报"),
            Basis::Nothing => Words::new("", ""),
        }
    }
}

impl Figure {
    /// The figure as an interval: where the outcome is open and the data allow more than one value.
    fn where_open(self, outcome: &Outcome) -> Option<Figure> {
        (matches!(outcome, Outcome::CannotTell { .. }) && self.low < self.high).then_some(self)
    }
}

impl PlaceLine {
    /// Whether it was measured that there is nothing above the line and nothing below it.
    pub(super) fn has_nothing(&self) -> bool {
        let nothing = |operand: Option<Operand>| operand.is_some_and(|o| o.high == 0.0);
        nothing(self.numerator) && nothing(self.denominator)
    }

    /// What the data allow of the figure, where they leave the outcome open.
    pub fn interval(&self) -> Option<Figure> {
        self.figure?.where_open(&self.outcome)
    }
}

impl Verdict {
    /// The outcome with its second mark: 达标（阈值待核） until somebody confirms the threshold.
    pub fn mark(&self) -> Words {
        let outcome = self.outcome.words();
        if self.rule.threshold.is_confirmed() || matches!(self.outcome, Outcome::NotMeasurable { .. }) {
            return outcome;
        }
        Words::new(format!("{} (threshold unconfirmed)", outcome.en), format!("{}（阈值待核）", outcome.zh))
    }

    /// The figure that was judged, in the unit of the requirement.
    pub fn value(&self) -> Option<f64> {
        match self.basis {
            Basis::Computed => self.computed.as_ref().map(|c| c.figure.value),
            Basis::Declared => self.declared.as_ref().and_then(|d| d.value),
            Basis::Nothing => None,
        }
    }

    /// What the data allow of the figure that was judged, where they leave the outcome open.
    pub fn interval(&self) -> Option<Figure> {
        let computed = self.computed.as_ref().filter(|_| self.basis == Basis::Computed)?;
        computed.figure.where_open(&self.outcome)
    }

    /// The gap of the figure that was judged; only a computed one has a gap on the ground. Where the outcome is open,
    /// its ends count and not its value.
    pub fn gap(&self) -> Option<Gap> {
        match self.basis {
            Basis::Computed => self.computed.as_ref().and_then(|c| c.gap),
            Basis::Declared | Basis::Nothing => None,
        }
    }

    /// The place whose figure was judged, where several must reach.
    pub fn worst_place(&self) -> Option<&Words> {
        let computed = self.computed.as_ref().filter(|_| self.basis == Basis::Computed)?;
        let deciding = computed.places.iter().filter(|line| line.decides).count();
        (deciding > 1).then_some(&computed.name)
    }

    /// The places of the computed side.
    pub fn places(&self) -> &[PlaceLine] {
        self.computed.as_ref().map_or(&[], |c| &c.places)
    }
}
