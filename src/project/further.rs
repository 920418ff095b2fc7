//! What is asked beyond ground under classes: services within reach, what stands beside roads and waters.
//!
//! Where a standard's definition is not public, the reading is a setting here, and is printed beside its figure.

use serde::Serialize;

use crate::project::filter::Filter;
use crate::project::settings::{Figure, LayerSettings};

/// All of it; none of it is required.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Further {
    /// `[park_service]`: ground near a park (公园绿地服务); the standard asks it of the urban area.
    pub park_service: ReachSettings,
    /// `[recreation]`: ground near a large recreation place (生态休闲场所服务).
    pub recreation: Option<ReachSettings>,
    /// `[restored]`: what of the damaged land is restored (已修复的受损弃置地); it reaches no further than it lies.
    pub restored: Option<ReachSettings>,
    /// `[road_greening]`: what stands beside roads (道路绿化).
    pub road_greening: Option<BesideSettings>,
    /// `[town_roads]`: the same beside the roads of the towns' built-up areas (乡镇道路绿化).
    pub town_roads: Option<BesideSettings>,
    /// `[waterside]`: the same along the shores of waters (水岸绿化).
    pub waterside: Option<ShoreSettings>,
    /// `[shaded_roads]`: crowns over the strip along the roads of the urban area (林荫道路).
    pub shaded_roads: Option<ShadeSettings>,
    /// `[rings]`: forest around the city (森林围城), for information.
    pub rings: Option<RingSettings>,
}

/// Rings outward from the urban area, and their directions.
#[derive(Debug, Clone, Serialize)]
pub struct RingSettings {
    /// Where rings end, in metres outward, growing; the first begins at the boundary.
    pub distances_m: Vec<u32>,
    /// Which ring is cut by direction, the innermost being 1.
    pub closure_ring: usize,
    /// In how many directions; none where it is nought.
    pub sectors: u32,
    /// From which share of forest on a direction counts as closed, in per cent.
    pub closed_pct: f64,
    /// Lines around the city along which forest is looked for (环城林带).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub belt: Option<LayerSettings>,
}

/// Places and how far they reach.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ReachSettings {
    /// The layer of the places; of parks, `None` takes the patches whose classes count as parks.
    #[serde(flatten)]
    pub layer: Option<LayerSettings>,
    /// How far places reach, by the least area that reaches so far, the smallest first; places below all of them do not
    /// reach.
    pub reach: Vec<ReachBySize>,
    /// Other distances in metres, at which the figure is told beside it.
    pub also_radius_m: Vec<u32>,
    /// Where the layer is from.
    pub source: Option<String>,
    /// Its date.
    pub date: Option<String>,
    /// Of parks: where people live (居住用地、住所), for information beside the share of the ground.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub homes: Vec<HomesSettings>,
}

/// Where people live.
#[derive(Debug, Clone, Serialize)]
pub struct HomesSettings {
    /// The layer: residential land as polygons, or homes as points.
    #[serde(flatten)]
    pub layer: LayerSettings,
    /// The field with the residents of a polygon, who live all over it, or of a point.
    pub residents: Option<String>,
}

impl ReachSettings {
    /// How far a place of an area reaches, in metres.
    pub fn metres(&self, area_m2: f64) -> Option<f64> {
        self.reach.iter().rev().find(|step| area_m2 >= step.at_least_m2).map(|step| step.metres)
    }
}

/// One step of reach by size.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ReachBySize {
    /// The least area of a place, in square metres.
    pub at_least_m2: f64,
    /// How far it reaches from its boundary, in metres.
    pub metres: f64,
}

/// Roads and the strip beside them.
#[derive(Debug, Clone, Default, Serialize)]
pub struct BesideSettings {
    /// The layer of the axes.
    #[serde(flatten)]
    pub layer: LayerSettings,
    /// Where the strip begins and ends, in metres from the axis, or from the edge where the width is known.
    pub strip_m: [f64; 2],
    /// Other ends of the strip, at which the figure is told beside it.
    pub also_strip_m: Vec<u32>,
    /// The field with the width of a road in metres.
    pub width_field: Option<String>,
    /// The ground of roads (道路面), from whose edge the strip's metres count.
    pub road_ground: Option<LayerSettings>,
    /// Which axes are carriageways of one road.
    #[serde(flatten)]
    pub carriageways: Option<Carriageways>,
    /// On which sides trees must stand.
    pub sides: Sides,
    /// The figure whose classes count as greening.
    pub figure: GreenedBy,
    /// Whether axes within the urban area and the towns' built-up areas are left out.
    pub outside_built_up: bool,
    /// Features that are not fit for greening (不适宜绿化), reason by reason.
    pub unfit: Vec<Unfit>,
    /// Where the layer is from.
    pub source: Option<String>,
    /// Its date.
    pub date: Option<String>,
}

/// Roads that are drawn as several axes (分幅道路).
#[derive(Debug, Clone, Serialize)]
pub struct Carriageways {
    /// The field with the route of a feature; without a value it is a road by itself.
    pub route_field: String,
    /// How far apart the axes of one road may lie, the outermost included, in metres.
    #[serde(rename = "merge_within_m")]
    pub within_m: f64,
}

/// The figure whose classes count as greening.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct GreenedBy(pub Figure);

impl Default for GreenedBy {
    fn default() -> Self {
        Self(Figure::TreeCover)
    }
}

/// On which sides of an axis there must be trees for a place of it to count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Sides {
    /// On both (两侧).
    #[default]
    Both,
    /// On at least one (任一侧).
    Either,
    /// Each side counts half (两侧平均).
    Mean,
}

/// Features that are left out for a reason.
#[derive(Debug, Clone, Serialize)]
pub struct Unfit {
    /// Why: bridge, tunnel.
    pub reason: String,
    /// Which.
    #[serde(rename = "where")]
    pub filter: Filter,
}

/// Roads and the shade along them.
#[derive(Debug, Clone, Serialize)]
pub struct ShadeSettings {
    /// The layer of the axes.
    #[serde(flatten)]
    pub layer: LayerSettings,
    /// The field that says which features are one road; `None` takes every feature for a road.
    pub road: Option<String>,
    /// What is judged as one.
    pub judge_by: JudgedBy,
    /// How long a segment is, in metres.
    pub segment_m: f64,
    /// Where the strip begins and ends, in metres from the axis, or from the edge where the width is known.
    pub strip_m: [f64; 2],
    /// The field with the width of a road in metres.
    pub width_field: Option<String>,
    /// From which share of the strip on a road is shaded, in per cent.
    pub share_pct: f64,
    /// The figure whose classes count as shade.
    pub figure: Figure,
    /// Where the layer is from.
    pub source: Option<String>,
    /// Its date.
    pub date: Option<String>,
}

/// What of a road is judged as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum JudgedBy {
    /// A road (道路).
    #[default]
    Road,
    /// A segment of equal length (路段).
    Segment,
    /// What of a road lies between two crossings (街段).
    Block,
}

/// Waters and the strip along their shores.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ShoreSettings {
    /// The layer of the waters, as polygons.
    #[serde(flatten)]
    pub layer: LayerSettings,
    /// The least area of a water whose shore counts, in square metres.
    pub at_least_m2: f64,
    /// Where the strip begins and ends, in metres from the shore.
    pub strip_m: [f64; 2],
    /// Other ends of the strip, at which the figure is told beside it.
    pub also_strip_m: Vec<u32>,
    /// The figure whose classes count as greening.
    pub figure: GreenedBy,
    /// Streams that are drawn as lines.
    pub streams: Option<StreamSettings>,
    /// The shore as lines that say whether it is natural (自然岸线).
    pub shore: Option<NaturalSettings>,
    /// Where the layer is from.
    pub source: Option<String>,
    /// Its date.
    pub date: Option<String>,
}

/// Streams as lines: each has two banks.
#[derive(Debug, Clone, Default, Serialize)]
pub struct StreamSettings {
    /// The layer of the streams.
    #[serde(flatten)]
    pub layer: LayerSettings,
    /// The field with the width of a stream in metres.
    pub width_field: Option<String>,
    /// Streams that are known to be narrower, in metres, do not count.
    pub least_width_m: Option<f64>,
    /// Which these are.
    #[serde(skip)]
    pub narrow: Option<Filter>,
}

/// The shore as lines.
#[derive(Debug, Clone, Serialize)]
pub struct NaturalSettings {
    /// The layer of the shore lines.
    #[serde(flatten)]
    pub layer: LayerSettings,
    /// Which of them are natural.
    pub natural: Filter,
}
