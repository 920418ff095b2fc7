//! What the standard says of the figures: rule data, and a small closed evaluator.
//!
//! In: [`Fact`](crate::fact::Fact)s (measured quantities of places), the county's [`Circumstances`], what the
//! user [`Declared`] with evidence, and a [`Standard`] (rules as data: threshold, clause, confidence, source).
//! Out: one [`Verdict`] a rule, which carries everything a reader may ask of it: the requirement, the band
//! applied, the figure with its interval, both operands, the gap, every place, and where the threshold
//! comes from.
//!
//! # Guarantees
//! - Four outcomes and never a bare tick: met, not met, cannot tell (with the reason), not measurable (with
//!   what it needs). What is missing is never zero and never passed.
//! - A threshold that nobody confirmed is marked so beside every outcome, whatever the outcome is.
//! - Unrounded values are compared; a share exactly on its threshold reaches it.
//! - Every number of a verdict is in the unit named beside it.
//!
//! # Absences
//! No threshold stands in the source: all are in `standards/*.toml` or in a file of the user's. This room
//! knows no shape, no file and no clock. A new threshold is a line of TOML; a new kind of quantity is a new
//! variant of [`Measure`], and the compiler shows every place to extend.

mod computed;
mod confirmation;
mod declared;
mod error;
mod evidence;
mod figure;
mod formula;
mod gap;
mod judge;
mod limit;
mod malformed;
mod purpose;
mod requirement;
mod rule_file;
mod shipped;
mod split;
mod standard;
mod tally;
mod unit;
mod verdict;
mod wording;

pub use confirmation::{Confirmation, Reading, parse_confirmations, record, to_toml, unused};
pub use declared::{Declared, JudgeBy};
pub use error::IndicatorError;
pub use evidence::{Evidence, EvidenceColumn, EvidenceFault, EvidenceRow, evidence};
pub use figure::{Figure, Operand};
pub use formula::{Formula, Measure, Scope};
pub use gap::Gap;
pub use judge::{Circumstances, judge};
pub use limit::{Band, Limit, TerrainLimit};
pub use purpose::{Purpose, purposes};
pub use requirement::{Comparator, Requirement};
pub use shipped::{standard_names, standard_text};
pub use split::{Share, Split, SplitRule, Units, split};
pub use standard::{Clause, ClauseConfidence, Confidence, JudgedFrom, Rule, Standard, Threshold};
pub use tally::{Judged, Tally, by_confirmation, tally};
pub use unit::FigureUnit;
pub use verdict::{Basis, Computed, DeclaredFigure, Outcome, PlaceLine, Verdict};
pub use wording::{formula_words, place_words, quantity_words, unit_words};
