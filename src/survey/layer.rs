//! A vector layer as plain values: what is drawn or measured before a format is chosen.
//!
//! It knows no file, no driver and no encoding.

use std::borrow::Cow;

use geo::{MultiLineString, MultiPolygon};

use crate::attribute::Value;

/// A layer of lines with a table.
pub type LineLayer = Layer<MultiLineString<f64>>;

/// A layer of polygons, unless another kind of shape is named, with a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Layer<G = MultiPolygon<f64>> {
    /// Its name.
    pub name: String,
    /// The CRS of its coordinates, easting first, as well-known text (OGC 1).
    pub crs: String,
    /// The columns of its table.
    pub fields: Vec<Field>,
    /// Its features, each with a value for every field.
    pub features: Vec<Feature<G>>,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its name; at most ten ASCII characters where the layer goes to a shapefile.
    pub name: Cow<'static, str>,
    /// What it holds.
    pub kind: Kind,
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text of at most so many bytes in the encoding of the file.
    Text(u8),
    /// Whole numbers of at most nine digits.
    Integer,
    /// Numbers with so many decimals.
    Real(u8),
}

/// One feature.
#[derive(Debug, Clone, PartialEq)]
pub struct Feature<G = MultiPolygon<f64>> {
    /// Its ground, or line, as drawn; `None` for a null geometry.
    pub shape: Option<G>,
    /// Its values, in the order of the fields.
    pub values: Vec<Value>,
}

/// A column of text.
pub(crate) fn text(name: impl Into<Cow<'static, str>>, bytes: u8) -> Field {
    Field { name: name.into(), kind: Kind::Text(bytes) }
}

/// A column of whole numbers.
pub(crate) fn integer(name: impl Into<Cow<'static, str>>) -> Field {
    Field { name: name.into(), kind: Kind::Integer }
}

/// A column of numbers with decimals.
pub(crate) fn real(name: impl Into<Cow<'static, str>>, decimals: u8) -> Field {
    Field { name: name.into(), kind: Kind::Real(decimals) }
}

/// A text value.
pub(crate) fn words(text: impl Into<String>) -> Value {
    Value::Text(text.into())
}
