//! Sets of classes that are told together beside the figures: green spaces, trees on other land, natural wetland.
//!
//! What no standard that was read says is a setting here, and the figure under the other readings is printed beside it.

use serde::Serialize;

use crate::project::settings::ClassIndex;

/// All of them; a set is there where covers give a class of it.
#[derive(Debug, Clone, Default, Serialize)]
pub struct SetsSettings {
    /// `[green_rate]`: the green-space rate of the urban area (绿地率).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub green_rate: Option<GreenRateSettings>,
    /// `[off_forest_trees]`: trees on land that is no forest land (非林地上的林木).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub off_forest_trees: Option<OffForestSettings>,
    /// `[natural_wetland]`: natural wetland (自然湿地), which leaves the territory of LY/T 2004-2012.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub natural_wetland: Option<WetlandSettings>,
}

/// Green spaces by their parcels.
#[derive(Debug, Clone, Serialize)]
pub struct GreenRateSettings {
    /// Classes of green space within construction land (建设用地内绿地).
    pub classes: Vec<ClassIndex>,
    /// Other green (其他绿地), which counts up to a cap.
    pub other: Vec<ClassIndex>,
    /// The cap, in per cent of the green space within construction land.
    pub other_most_pct: f64,
}

/// Trees that stand on land that is no forest land.
#[derive(Debug, Clone, Serialize)]
pub struct OffForestSettings {
    /// Their classes, whether or not these count as tree cover.
    pub classes: Vec<ClassIndex>,
    /// Classes of the land under them that are told by themselves.
    pub land: Vec<ClassIndex>,
    /// Classes of forest land without tree cover: what stands there is on no other land.
    pub forest_land: Vec<ClassIndex>,
}

/// Natural wetland.
#[derive(Debug, Clone, Serialize)]
pub struct WetlandSettings {
    /// Its classes.
    pub classes: Vec<ClassIndex>,
    /// What of it leaves the territory.
    pub deduct: Deduction,
    /// Up to this share of the territory, in per cent, nothing does where what is above it is deducted.
    pub above_pct: f64,
}

/// What of the natural wetland leaves the denominator of forest coverage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Deduction {
    /// Nothing (不扣除).
    #[default]
    None,
    /// What exceeds the share (扣除超出部分), as LY/T 2004-2012 is quoted.
    Above,
    /// All of it (全部扣除).
    All,
}

impl WetlandSettings {
    /// What leaves a territory with so much wetland, in the unit of both.
    pub fn deducted(&self, deduct: Deduction, wetland: f64, territory: f64) -> f64 {
        match deduct {
            Deduction::None => 0.0,
            Deduction::Above => (wetland - territory * self.above_pct / 100.0).max(0.0),
            Deduction::All => wetland,
        }
    }
}
