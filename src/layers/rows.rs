//! What every reader of layer files gives, GDAL's and our own: features one after another, by stretches.
//!
//! A reader pushes features instead of handing them out, so that a row may borrow from a page, a record or a
//! database cursor. Coordinates go straight into the batch; values are borrowed; nothing is allocated a feature.

use std::fmt::Debug;
use std::fmt::Write;
use std::ops::ControlFlow;

use crate::attribute::Value;
use crate::finding::Finding;
use crate::layers::error::LayerError;
use crate::layers::open::Description;
use crate::survey::{Batch, Figure};

/// A layer as it lies in a file, to be read as often as asked and by several threads at once.
pub(super) trait StoredLayer: Debug + Send + Sync {
    /// What it says of itself.
    fn describe(&self) -> Result<Description, LayerError>;

    /// In how many stretches it is read. The division depends on the file alone.
    fn stretches(&self) -> usize;

    /// Starts reading a stretch. Only the `wanted` fields (by index in [`Description::fields`]) need be decoded.
    fn rows(&self, stretch: usize, wanted: &[usize]) -> Result<Box<dyn Rows + '_>, LayerError>;

    /// Of cells: the corners of all of them together, and how many there are.
    fn frame(&self) -> Option<([[f64; 2]; 4], u64)> {
        None
    }

    /// What was noticed of the file when it was opened.
    fn findings(&self) -> Vec<Finding> {
        Vec::new()
    }
}

/// Told feature after feature; says whether it wants more.
pub(super) type Taker<'t> = dyn FnMut(&mut dyn Row) -> ControlFlow<()> + 't;

/// The features of one stretch.
pub(super) trait Rows {
    /// Gives features to `take` from where it stopped the last time, until `take` breaks off or the stretch ends.
    /// Returns whether it was `take` that broke off.
    fn each(&mut self, take: &mut Taker<'_>) -> Result<bool, LayerError>;
}

/// One feature while it is being read.
pub(super) trait Row {
    /// The identifier that its format gives it, as GDAL counts.
    fn fid(&self) -> i64;

    /// The value of a wanted field.
    fn cell(&mut self, field: usize) -> Cell<'_>;

    /// Adds what it has of one kind to the batch: the rings of its polygons, first point not repeated, or its lines, or
    /// its points. Z and M are dropped, curves made of chords within a millimetre (`unit_m` is the metres in one unit
    /// of its coordinates).
    fn figures(&mut self, wanted: Figure, unit_m: f64, batch: &mut Batch) -> Seen;
}

/// What a geometry holds besides coordinates.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Seen {
    /// Figures of the wanted kind.
    pub figures: u32,
    /// Figures of other kinds.
    pub others: u32,
    /// Whether curves were made of chords.
    pub curved: bool,
    /// Why it is less than what was recorded; `None` where it was read without complaint.
    pub fault: Option<String>,
}

impl Seen {
    /// A geometry that could not be read.
    pub(super) fn broken(fault: impl Into<String>) -> Self {
        Self { fault: Some(fault.into()), ..Self::default() }
    }
}

/// A value of a field, borrowed from where it was read.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Cell<'a> {
    /// Absent, a null of the format, or blank text, as a .dbf cannot tell these apart.
    Null,
    /// A whole number.
    Integer(i64),
    /// A number with decimals.
    Real(f64),
    /// Text, surrounding blanks removed.
    Text(&'a str),
}

impl<'a> Cell<'a> {
    /// Text without its blanks; null where nothing is left.
    pub(super) fn text(text: &'a str) -> Self {
        match text.trim() {
            "" => Self::Null,
            text => Self::Text(text),
        }
    }

    /// The value with text of its own.
    pub(super) fn value(self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Integer(n) => Value::Integer(n),
            Self::Real(x) => Value::Real(x),
            Self::Text(text) => Value::Text(text.to_owned()),
        }
    }

    /// Appends what [`Value::code`] of the value is; `false` for null, which has none.
    pub(super) fn append_code(self, out: &mut String) -> bool {
        match self {
            Self::Null => return false,
            Self::Text(text) => out.push_str(text),
            Self::Integer(n) => append_integer(n, out),
            Self::Real(_) => out.push_str(&self.value().code().unwrap_or_default()),
        }
        true
    }
}

/// Appends a whole number in decimal digits.
pub(super) fn append_integer(n: i64, out: &mut String) {
    // Writing to a string cannot fail.
    let _ = write!(out, "{n}");
}
