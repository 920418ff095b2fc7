//! Rasters as layers: what their cells hold, from where on they count, and what they are masked by.

use serde::Serialize;

use crate::project::expression::Expression;
use crate::project::settings::LayerSettings;

/// How the cells of a raster become patches with a field `value`.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct CellSettings {
    /// What they hold.
    pub kind: RasterKind,
    /// The band, from 1; `None` where it has only one, or the first is meant.
    pub band: Option<usize>,
    /// An index over bands in place of a band.
    pub expression: Option<Expression>,
    /// Bands by the names that the expression has for them.
    #[serde(skip_serializing_if = "Vec::is_empty", serialize_with = "by_name")]
    pub bands: Vec<(String, RasterSettings)>,
    /// Cells of at least this value have `value` 1, the others none; `None`: every value is a class of its own.
    pub at_least: Option<Threshold>,
    /// Other values from which on cells would count, at which the figures are told beside.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub also_at_least: Vec<f64>,
}

impl CellSettings {
    /// The same cells, which count from another value on.
    pub fn from(&self, at_least: f64) -> Self {
        Self { at_least: Some(Threshold::Fixed(at_least)), also_at_least: Vec::new(), ..self.clone() }
    }
}

/// Bands as a table, as the project file writes them.
fn by_name<S: serde::Serializer>(bands: &[(String, RasterSettings)], to: S) -> Result<S::Ok, S::Error> {
    to.collect_map(bands.iter().map(|(name, band)| (name, band)))
}

/// From which value on a cell counts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Threshold {
    /// This one.
    Fixed(f64),
    /// The one that parts the values of the raster into two kinds (大津法).
    Otsu,
}

impl Serialize for Threshold {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Fixed(value) => serializer.serialize_f64(*value),
            Self::Otsu => serializer.serialize_str("otsu"),
        }
    }
}

impl CellSettings {
    /// The name of the field.
    pub const FIELD: &str = "value";
}

/// Where a raster lies and which of its bands is meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RasterSettings {
    /// The file, as written, or a pattern of the sheets of a mosaic.
    pub file: String,
    /// The band, from 1; `None` where it has only one, or the first is meant.
    pub band: Option<usize>,
}

/// An index over bands, and where the bands are.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct IndexSettings {
    /// What is computed.
    pub expression: Expression,
    /// The file, or pattern of sheets, whose bands 1, 2, … are called `b1`, `b2`, ….
    pub file: String,
    /// Bands of other files, by the names that the expression has for them.
    pub bands: Vec<(String, RasterSettings)>,
}

/// What the cells of a raster hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RasterKind {
    /// Codes of classes (类别).
    #[default]
    Classes,
    /// Heights of vegetation above the ground, without houses (植被冠层高度).
    Chm,
    /// Heights of whatever stands on the ground, houses too (归一化表面高度).
    Ndsm,
    /// An index of vegetation (植被指数), which tells green from other ground and no tree from grass.
    Index,
}

/// A layer that a cover of cells is masked by (掩膜).
#[derive(Debug, Clone, Serialize)]
pub struct MaskSettings {
    /// The layer; of a raster the cells that have a value.
    #[serde(flatten)]
    pub layer: LayerSettings,
    /// What it shows.
    pub of: MaskGround,
}

/// What a mask shows: of vegetation the cover keeps what lies inside, of all else what lies outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MaskGround {
    /// Vegetation (植被).
    Vegetation,
    /// Buildings (建筑物).
    Buildings,
    /// Cropland (耕地).
    Cropland,
    /// Water (水域).
    Water,
    /// Anything else that is taken out.
    Other,
}
