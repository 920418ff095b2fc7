//! `[scopes]`: grounds other than towns that the standards ask about.

use serde::Serialize;

use crate::project::settings::{Figure, LayerSettings};

/// `[scopes]`: grounds other than towns that the standard asks about. Each comes from a layer of its own.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Scopes {
    /// The urban area (城区).
    pub urban: Option<ScopeSettings>,
    /// The built-up areas of the towns (镇区).
    pub town_built_up: Option<ScopeSettings>,
    /// The villages (村庄).
    pub villages: Option<VillageSettings>,
    /// The drinking-water source areas (水源地).
    pub water_sources: Option<ScopeSettings>,
    /// The surface car parks built since the creation of the forest city began (地面停车场).
    pub car_parks: Option<ScopeSettings>,
    /// Damaged and abandoned land (受损弃置地).
    pub damaged_land: Option<ScopeSettings>,
    /// The ground of the urban streets (街道用地).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub streets: Option<ScopeSettings>,
    /// The suburbs (郊区).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suburbs: Option<ScopeSettings>,
    /// The territories of the administrative villages (村域), each judged by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub village_territories: Option<ScopeSettings>,
}

/// One scope.
#[derive(Debug, Clone, Serialize)]
pub struct ScopeSettings {
    /// The layer.
    #[serde(flatten)]
    pub layer: LayerSettings,
    /// The field that identifies a feature.
    pub id_field: Option<String>,
    /// The field that names it.
    pub name_field: Option<String>,
    /// Who drew the boundary.
    pub source: String,
    /// The date of the boundary.
    pub date: String,
}

/// `[scopes.villages]`: settlements (村庄), and what of them is judged.
#[derive(Debug, Clone, Serialize)]
pub struct VillageSettings {
    /// The scope.
    #[serde(flatten)]
    pub scope: ScopeSettings,
    /// What counts as the greening of a village: no standard that was read says.
    pub figure: Figure,
    /// The ground this many metres around a settlement is the village's, too, within its town.
    pub around_m: u32,
}
