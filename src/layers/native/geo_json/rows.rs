//! The features of a stretch, each found again in the file.

use serde_json::Value as Json;

use super::coordinates::Coordinates;
use super::fields::{self, Kind, Properties};
use super::stream::{Stream, members};
use super::{GeoJson, STRETCH_FEATURES};
use crate::layers::error::LayerError;
use crate::layers::rows::{Cell, Row, Rows, Seen, Taker};
use crate::survey::{Batch, Figure};

/// What a feature consists of, as text.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Parts<'t> {
    pub id: Option<&'t [u8]>,
    pub properties: Option<&'t [u8]>,
    pub geometry: Option<&'t [u8]>,
}

impl<'t> Parts<'t> {
    /// The parts of a feature, or of a geometry that stands alone; `None` for what is no object.
    pub(super) fn of(item: &'t [u8]) -> Option<Self> {
        let mut parts = Self::default();
        let mut alone = false;
        for (name, value) in members(item.starts_with(b"{").then_some(item)?) {
            match name {
                b"id" => parts.id = Some(value),
                b"properties" => parts.properties = Some(value),
                b"geometry" => parts.geometry = Some(value),
                b"coordinates" | b"geometries" => alone = true,
                _ => {}
            }
        }
        if alone && parts.geometry.is_none() {
            parts.geometry = Some(item);
        }
        Some(parts)
    }
}

/// The type of a geometry, with its quotation marks.
pub(super) fn kind_of(geometry: &[u8]) -> Option<&[u8]> {
    members(geometry).find(|(name, _)| *name == b"type").map(|(_, kind)| kind)
}

/// A whole number, from its text.
pub(super) fn whole(text: &[u8]) -> Option<i64> {
    std::str::from_utf8(text).ok()?.parse().ok()
}

/// The features of one stretch.
pub(super) struct Features<'f> {
    file: &'f GeoJson,
    stream: Stream<'f>,
    wanted: Vec<usize>,
    next: u64,
    end: u64,
    coordinates: Coordinates,
    text: String,
}

impl<'f> Features<'f> {
    pub(super) fn new(file: &'f GeoJson, stretch: usize, wanted: &[usize]) -> Self {
        let from = file.stretches.get(stretch).copied().unwrap_or(file.file.length);
        let next = stretch as u64 * STRETCH_FEATURES;
        Self {
            file,
            stream: Stream::new(&file.file, from),
            wanted: wanted.to_vec(),
            next,
            end: (next + STRETCH_FEATURES).min(file.features),
            coordinates: Coordinates::default(),
            text: String::new(),
        }
    }
}

impl Rows for Features<'_> {
    fn each(&mut self, take: &mut Taker<'_>) -> Result<bool, LayerError> {
        while self.next < self.end {
            let read = self.next;
            let broke_off = |cause| LayerError::BrokeOff { layer: self.file.title.clone(), read, cause };
            self.stream.peek().map_err(|e| broke_off(e.to_string()))?;
            let item = self.stream.value().map_err(|e| broke_off(e.to_string()))?;
            let Some(parts) = Parts::of(item) else { continue };
            self.next += 1;
            let (coordinates, text) = (&mut self.coordinates, &mut self.text);
            let (file, wanted) = (self.file, self.wanted.as_slice());
            let mut feature = Feature { file, wanted, number: read, parts, values: None, coordinates, text };
            if take(&mut feature).is_break() {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// One feature while it is being read.
struct Feature<'r> {
    file: &'r GeoJson,
    wanted: &'r [usize],
    number: u64,
    parts: Parts<'r>,
    /// The wanted values, once one was asked for.
    values: Option<Vec<Json>>,
    coordinates: &'r mut Coordinates,
    text: &'r mut String,
}

impl Feature<'_> {
    /// The wanted values, null where the feature has none.
    fn values(&self) -> Vec<Json> {
        let mut values = vec![Json::Null; self.wanted.len()];
        let at = |name: &str| {
            self.wanted
                .iter()
                .position(|&field| self.file.fields.get(field).is_some_and(|(known, _)| known == name))
        };
        // What cannot be read stopped the program when the file was opened.
        let properties = self.parts.properties.and_then(|text| Properties::read(text).ok());
        for (name, value) in properties.into_iter().flat_map(|properties| properties.0) {
            if let Some(at) = at(&name) {
                values[at] = value;
            }
        }
        let id = self.file.id_field.and_then(|id| self.wanted.iter().position(|&field| field == id));
        if let (Some(at), Some(id)) = (id, self.parts.id) {
            values[at] = serde_json::from_slice(id).unwrap_or(Json::Null);
        }
        values
    }
}

impl Row for Feature<'_> {
    /// A whole number that the feature has as its `id`, beside its fields or where none has one there among them; else
    /// its number in the file.
    fn fid(&self) -> i64 {
        let among = || {
            let properties = self.parts.properties.filter(|_| self.file.numbered_by_field)?;
            members(properties).find(|(name, _)| *name == b"id").and_then(|(_, value)| whole(value))
        };
        self.parts.id.and_then(whole).or_else(among).unwrap_or(self.number as i64)
    }

    fn cell(&mut self, field: usize) -> Cell<'_> {
        if self.values.is_none() {
            self.values = Some(self.values());
        }
        let at = self.wanted.iter().position(|&wanted| wanted == field);
        let value = at.and_then(|at| self.values.as_ref()?.get(at));
        let kind = self.file.fields.get(field).map_or(Kind::Text, |(_, kind)| *kind);
        value.map_or(Cell::Null, |value| fields::cell(value, kind, self.text))
    }

    fn figures(&mut self, wanted: Figure, _: f64, batch: &mut Batch) -> Seen {
        self.parts.geometry.map_or_else(Seen::default, |text| self.coordinates.read(text, wanted, batch))
    }
}
