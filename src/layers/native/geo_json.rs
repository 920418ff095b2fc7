//! GeoJSON (RFC 7946, and the CRS of 2008): a collection of features, or features one after another (`.geojsonl`).
//!
//! When it is opened the file is walked once: features are found by their brackets, their properties tell the fields,
//! and it is noted where each stretch begins. Nothing else is kept: a feature is read again when it is wanted. No more
//! than the text of the largest feature is in memory.

mod coordinates;
mod fields;
mod rows;
mod stream;

use std::path::Path;
use std::sync::Arc;

use serde_json::Value as Json;

use super::window::Stored;
use super::{NativeFile, Opened, STRETCH_FEATURES, extent_of};
use crate::layers::crs::Crs;
use crate::layers::error::LayerError;
use crate::layers::open::Description;
use crate::layers::rows::{Rows, StoredLayer};
use fields::{Fields, Kind, Properties};
use rows::{Features, Parts};
use stream::Stream;

/// Members of the whole that are longer than this tell nothing that is asked for.
const LONGEST_MEMBER: usize = 1 << 20;
/// What a file is in that does not say: longitude and latitude on WGS 84.
const UNSAID_CRS: u32 = 4326;

/// An open GeoJSON.
#[derive(Debug)]
struct GeoJson {
    title: String,
    name: String,
    file: Stored,
    fields: Vec<(String, Kind)>,
    /// Whether a field stands for the text that features have as their `id`.
    id_field: Option<usize>,
    /// Whether features are numbered by a field `id` of whole numbers, as no feature has such a number beside its fields.
    numbered_by_field: bool,
    crs: Option<Json>,
    extent: Option<[f64; 4]>,
    features: u64,
    /// Where each stretch begins.
    stretches: Vec<u64>,
    kind: &'static str,
}

/// Opens a GeoJSON; one that is something else in JSON is declined.
pub(super) fn open(name: &str, path: &Path) -> Result<Opened, LayerError> {
    let unreadable =
        |e: std::io::Error| LayerError::CannotOpen { file: name.to_owned(), cause: e.to_string() };
    let file = Stored::open(path).map_err(unreadable)?;
    let mut walk = Walk::default();
    let walked = walk.whole(&file);
    if let Some(reason) = walk.declined {
        return Ok(Opened::Declined(reason.to_owned()));
    }
    walked.map_err(|cause| LayerError::BrokeOff { layer: name.to_owned(), read: walk.features, cause })?;
    let stem = || path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let named = walk.name.filter(|name| !name.is_empty()).unwrap_or_else(stem);
    let with_ids = walk.text_ids && !walk.fields.knows("id");
    let mut fields = walk.fields.found();
    let whole_field = fields.iter().any(|(name, kind)| name == "id" && *kind == Kind::Whole);
    if with_ids {
        fields.push(("id".to_owned(), Kind::Text));
    }
    Ok(Opened::Native(Box::new(GeoJson {
        title: named.clone(),
        name: named,
        id_field: with_ids.then(|| fields.len() - 1),
        numbered_by_field: whole_field && !walk.whole_ids,
        fields,
        crs: walk.crs,
        extent: walk.extent,
        features: walk.features,
        stretches: walk.stretches,
        kind: match walk.kinds {
            [true, false, false] => "Point",
            [false, true, false] => "Line String",
            _ => "Polygon",
        },
        file,
    })))
}

/// What is learnt on the way through the file.
#[derive(Debug, Default)]
struct Walk {
    fields: Fields,
    features: u64,
    stretches: Vec<u64>,
    /// Whether some feature has text for its `id`.
    text_ids: bool,
    /// Whether some feature has a whole number for its `id`.
    whole_ids: bool,
    /// Whether there are points, lines, and anything else.
    kinds: [bool; 3],
    kind: Option<String>,
    name: Option<String>,
    crs: Option<Json>,
    extent: Option<[f64; 4]>,
    declined: Option<&'static str>,
}

impl Walk {
    /// Walks the whole file; the error is a cause.
    fn whole(&mut self, file: &Stored) -> Result<(), String> {
        const MARK: &[u8] = b"\xef\xbb\xbf";
        let begin = file.bytes(0, MARK.len() as u64).unwrap_or_default();
        let from = if begin == MARK { MARK.len() as u64 } else { 0 };
        let mut stream = Stream::new(file, from);
        if stream.peek().map_err(|e| e.to_string())? != Some(b'{') {
            self.declined = Some("it does not begin as a GeoJSON does");
            return Ok(());
        }
        let root = self.root(&mut stream);
        match self.kind.as_deref() {
            Some("FeatureCollection") => root,
            Some("Feature" | "Polygon" | "MultiPolygon" | "GeometryCollection") => {
                *self = Self::default();
                self.items(&mut Stream::new(file, from), None)
            }
            Some(_) => {
                self.declined = Some("it is no collection of features");
                Ok(())
            }
            // A collection whose type stood behind the place where it is cut off.
            None if root.is_err() && self.features > 0 => root,
            None => {
                self.declined = Some("it is JSON of another kind");
                Ok(())
            }
        }
    }

    /// The first object: a collection with its members, or the first of many features.
    fn root(&mut self, stream: &mut Stream<'_>) -> Result<(), String> {
        let unreadable = |e: std::io::Error| e.to_string();
        stream.step();
        while stream.peek().map_err(unreadable)?.is_some_and(|byte| byte != b'}') {
            let key = stream.value().map_err(unreadable)?.to_vec();
            let opening = stream.peek().map_err(unreadable)?;
            if key == b"\"features\"" && opening == Some(b'[') {
                stream.step();
                self.items(stream, Some(b']'))?;
                stream.step();
                continue;
            }
            let value = stream.value().map_err(unreadable)?;
            if value.len() <= LONGEST_MEMBER {
                self.member(&key, value);
            }
        }
        stream
            .peek()
            .map_err(unreadable)?
            .map(|_| ())
            .ok_or_else(|| "the file ends before its last bracket: it is cut off".to_owned())
    }

    fn member(&mut self, key: &[u8], value: &[u8]) {
        let Ok(value) = serde_json::from_slice::<Json>(value) else { return };
        match key {
            b"\"type\"" => self.kind = value.as_str().map(str::to_owned),
            b"\"name\"" => self.name = value.as_str().map(str::to_owned),
            b"\"crs\"" => self.crs = Some(value),
            b"\"bbox\"" => {
                let sides = value.as_array().map(|a| a.iter().filter_map(Json::as_f64).collect::<Vec<_>>());
                self.extent = match sides.as_deref() {
                    Some(&[w, s, e, n] | &[w, s, _, e, n, _]) => Some([w, s, e, n]),
                    _ => None,
                };
            }
            _ => {}
        }
    }

    /// Features up to the closing bracket, or to the end of the file.
    fn items(&mut self, stream: &mut Stream<'_>, closing: Option<u8>) -> Result<(), String> {
        loop {
            let next = stream.peek().map_err(|e| e.to_string())?;
            if next == closing {
                return Ok(());
            }
            if next.is_none() {
                return Err("the file ends before its last bracket: it is cut off".to_owned());
            }
            let place = stream.place();
            let item = stream.value().map_err(|e| e.to_string())?;
            let Some(parts) = Parts::of(item) else { continue };
            if self.features.is_multiple_of(STRETCH_FEATURES) {
                self.stretches.push(place);
            }
            self.feature(&parts)?;
            self.features += 1;
        }
    }

    fn feature(&mut self, parts: &Parts<'_>) -> Result<(), String> {
        if let Some(properties) = parts.properties {
            let properties = Properties::read(properties).map_err(|e| e.to_string())?;
            self.fields.learn(&properties);
        }
        self.text_ids |= parts.id.is_some_and(|id| id.starts_with(b"\""));
        self.whole_ids |= parts.id.and_then(rows::whole).is_some();
        let kind = parts.geometry.and_then(rows::kind_of);
        match kind {
            Some(b"\"Point\"" | b"\"MultiPoint\"") => self.kinds[0] = true,
            Some(b"\"LineString\"" | b"\"MultiLineString\"") => self.kinds[1] = true,
            Some(_) => self.kinds[2] = true,
            None => {}
        }
        Ok(())
    }
}

impl NativeFile for GeoJson {
    fn layer_names(&self) -> Vec<String> {
        vec![self.name.clone()]
    }

    fn layer(self: Box<Self>, _: usize, title: &str) -> Result<Arc<dyn StoredLayer>, LayerError> {
        Ok(Arc::new(Self { title: title.to_owned(), ..*self }))
    }
}

impl GeoJson {
    /// The CRS that is said by name; longitude and latitude where nothing is said; none where that is said.
    fn crs(&self) -> Option<Crs> {
        match &self.crs {
            None => Crs::epsg(UNSAID_CRS).ok(),
            Some(Json::Null) => None,
            Some(crs) => {
                let properties = crs.get("properties")?;
                let code =
                    || properties.get("code").and_then(Json::as_u64).map(|code| format!("EPSG:{code}"));
                let name = properties.get("name").and_then(Json::as_str).map(str::to_owned);
                Crs::parse(&name.or_else(code)?).ok()
            }
        }
    }
}

impl StoredLayer for GeoJson {
    fn describe(&self) -> Result<Description, LayerError> {
        Ok(Description {
            fields: self.fields.iter().map(|(name, _)| name.clone()).collect(),
            crs: self.crs(),
            extent: self.extent.or_else(|| extent_of(self)),
            features: Some(self.features),
            geometry: self.kind.to_owned(),
        })
    }

    fn stretches(&self) -> usize {
        self.stretches.len()
    }

    fn rows(&self, stretch: usize, wanted: &[usize]) -> Result<Box<dyn Rows + '_>, LayerError> {
        Ok(Box::new(Features::new(self, stretch, wanted)))
    }
}
