//! The fields of a GeoJSON: what its features' properties are called and hold, found by looking at all of them.
//!
//! As GDAL has it: whole numbers and truth values are one kind, numbers another, dates a third; what is of several
//! kinds is text. Lists and objects are their own text.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value as Json;

use crate::layers::native::moment;
use crate::layers::rows::Cell;

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Whole,
    Real,
    Moment,
    Text,
}

/// The properties of a feature in the order of the file.
pub(super) struct Properties<'t>(pub Vec<(Cow<'t, str>, Json)>);

impl<'t> Properties<'t> {
    /// From an object's text; text that is not UTF-8 is mended.
    pub(super) fn read(text: &'t [u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(text).or_else(|error| match std::str::from_utf8(text) {
            Ok(_) => Err(error),
            Err(_) => {
                let text = String::from_utf8_lossy(text);
                let Properties(mended) = serde_json::from_str(&text)?;
                let owned = |(name, value): (Cow<'_, str>, Json)| (Cow::Owned(name.into_owned()), value);
                Ok(Properties(mended.into_iter().map(owned).collect()))
            }
        })
    }
}

impl<'de> Deserialize<'de> for Properties<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = Properties<'de>;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("an object of properties")
            }

            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(Properties(Vec::new()))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(Name(name)) = map.next_key()? {
                    members.push((name, map.next_value()?));
                }
                Ok(Properties(members))
            }
        }
        deserializer.deserialize_any(Members)
    }
}

/// A name, borrowed where it has no escapes.
#[derive(serde::Deserialize)]
struct Name<'t>(#[serde(borrow)] Cow<'t, str>);

/// Fields as they are found.
#[derive(Debug, Default)]
pub(super) struct Fields {
    /// Names and kinds; no kind where all values are null so far.
    fields: Vec<(String, Option<Kind>)>,
    known: HashMap<String, usize>,
}

impl Fields {
    /// Learns from the properties of a feature.
    pub(super) fn learn(&mut self, properties: &Properties<'_>) {
        for (name, value) in &properties.0 {
            self.note(name, value);
        }
    }

    /// Learns from one value.
    pub(super) fn note(&mut self, name: &str, value: &Json) {
        let at = match self.known.get(name) {
            Some(at) => *at,
            None => {
                self.known.insert(name.to_owned(), self.fields.len());
                self.fields.push((name.to_owned(), None));
                self.fields.len() - 1
            }
        };
        let kind = &mut self.fields[at].1;
        *kind = match (*kind, kind_of(value)) {
            (known, None) => known,
            (None, new) => new,
            (Some(a), Some(b)) if a == b => Some(a),
            (Some(Kind::Whole | Kind::Real), Some(Kind::Whole | Kind::Real)) => Some(Kind::Real),
            _ => Some(Kind::Text),
        };
    }

    /// Whether a field is known.
    pub(super) fn knows(&self, name: &str) -> bool {
        self.known.contains_key(name)
    }

    /// What was found.
    pub(super) fn found(self) -> Vec<(String, Kind)> {
        self.fields.into_iter().map(|(name, kind)| (name, kind.unwrap_or(Kind::Text))).collect()
    }
}

fn kind_of(value: &Json) -> Option<Kind> {
    match value {
        Json::Null => None,
        Json::Bool(_) => Some(Kind::Whole),
        Json::Number(number) => Some(if number.is_i64() { Kind::Whole } else { Kind::Real }),
        Json::String(text) => Some(if moment::is(text) { Kind::Moment } else { Kind::Text }),
        Json::Array(_) | Json::Object(_) => Some(Kind::Text),
    }
}

/// A value as a cell of its field; `out` is room for text that had to be made.
pub(super) fn cell<'a>(value: &'a Json, kind: Kind, out: &'a mut String) -> Cell<'a> {
    match (value, kind) {
        (Json::Null, _) => Cell::Null,
        (Json::Bool(truth), Kind::Whole | Kind::Real) => Cell::Integer(i64::from(*truth)),
        (Json::Number(number), Kind::Whole) => number.as_i64().map_or(Cell::Null, Cell::Integer),
        (Json::Number(number), Kind::Real) => number.as_f64().map_or(Cell::Null, Cell::Real),
        (Json::String(text), Kind::Moment) => {
            moment::tell(text, out);
            Cell::text(out)
        }
        (Json::String(text), _) => Cell::text(text),
        (other, _) => {
            *out = other.to_string();
            Cell::text(out)
        }
    }
}
