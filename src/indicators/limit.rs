//! The limit of a requirement: one for all, or by annual precipitation or terrain.

use serde::{Deserialize, Serialize};

use crate::terrain::Terrain;
use crate::words;
use crate::words::Words;

/// The limit of one band of annual precipitation. The bands of a rule follow each other upwards; the last
/// one has no upper end.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// Upper end in millimetres, itself outside the band.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub below_mm: Option<f64>,
    /// Upper end in millimetres, itself inside the band.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub up_to_mm: Option<f64>,
    /// The limit in the unit of the requirement.
    pub value: f64,
}

impl Band {
    /// The upper end, whichever way it is given.
    pub(super) fn end_mm(&self) -> Option<f64> {
        self.below_mm.or(self.up_to_mm)
    }

    /// Whether the precipitation lies below the upper end.
    fn ends_above(&self, precipitation_mm: f64) -> bool {
        self.below_mm.is_none_or(|end| precipitation_mm < end)
            && self.up_to_mm.is_none_or(|end| precipitation_mm <= end)
    }

    /// The band for people, given the one below it: "< 400 mm", "400–800 mm", "> 800 mm".
    fn words(&self, lower: Option<&Band>) -> Words {
        let start = lower.and_then(Band::end_mm);
        let text = match (start, self.end_mm()) {
            (None, Some(end)) if self.below_mm.is_some() => format!("< {end} mm"),
            (None, Some(end)) => format!("≤ {end} mm"),
            (Some(start), Some(end)) => format!("{start}–{end} mm"),
            (Some(start), None) if lower.is_some_and(|b| b.below_mm.is_some()) => format!("≥ {start} mm"),
            (Some(start), None) => format!("> {start} mm"),
            (None, None) => "≥ 0 mm".to_owned(),
        };
        words!("annual precipitation {text}", "年降水量 {text}")
    }
}

/// The limit of one kind of terrain.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TerrainLimit {
    /// The terrain; none for every other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<Terrain>,
    /// The limit in the unit of the requirement.
    pub value: f64,
}

impl TerrainLimit {
    fn words(self) -> Words {
        self.kind.map_or_else(|| words!("other terrain", "其他地形"), Terrain::words)
    }
}

/// The limit of a requirement.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Limit {
    /// One for all.
    One(f64),
    /// By annual precipitation, upwards.
    ByPrecipitation(Vec<Band>),
    /// By terrain.
    ByTerrain(Vec<TerrainLimit>),
}

/// What is known of a place that a limit may depend on.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Conditions {
    /// Mean annual precipitation.
    pub precipitation_mm: Option<f64>,
    /// The terrain.
    pub terrain: Option<Terrain>,
}

/// One limit that may apply, with the band or terrain it belongs to.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Applied {
    pub value: f64,
    pub band: Option<Words>,
}

impl Limit {
    /// Every limit with what it belongs to.
    pub(super) fn all(&self) -> Vec<Applied> {
        match self {
            Limit::One(value) => vec![Applied { value: *value, band: None }],
            Limit::ByPrecipitation(bands) => {
                let lower = std::iter::once(None).chain(bands.iter().map(Some));
                let applied = |(band, lower): (&Band, Option<&Band>)| Applied {
                    value: band.value,
                    band: Some(band.words(lower)),
                };
                bands.iter().zip(lower).map(applied).collect()
            }
            Limit::ByTerrain(limits) => limits.iter().map(applied_by_terrain).collect(),
        }
    }

    /// The limits as written.
    pub fn values(&self) -> Vec<f64> {
        self.all().into_iter().map(|applied| applied.value).collect()
    }

    /// The limits that may apply: one, or several where too little is known of the place.
    pub(super) fn applied(&self, known: Conditions) -> Vec<Applied> {
        match self {
            Limit::One(_) => self.all(),
            Limit::ByPrecipitation(bands) => {
                let all = self.all();
                let hit = known.precipitation_mm.and_then(|mm| bands.iter().position(|b| b.ends_above(mm)));
                hit.and_then(|i| all.get(i).cloned()).map_or(all, |one| vec![one])
            }
            Limit::ByTerrain(limits) => match known.terrain {
                Some(terrain) => of_terrain(limits, terrain).map(applied_by_terrain).collect(),
                None => self.all(),
            },
        }
    }

    /// The same limit with other figures, in the order of [`Limit::all`]; `None` where their number differs.
    pub(super) fn with_values(&self, values: &[f64]) -> Option<Limit> {
        let set = |given: &f64, value: &mut f64| *value = *given;
        let mut new = self.clone();
        let places: Vec<&mut f64> = match &mut new {
            Limit::One(value) => vec![value],
            Limit::ByPrecipitation(bands) => bands.iter_mut().map(|band| &mut band.value).collect(),
            Limit::ByTerrain(limits) => limits.iter_mut().map(|limit| &mut limit.value).collect(),
        };
        let fits = places.len() == values.len();
        values.iter().zip(places).for_each(|(given, value)| set(given, value));
        fits.then_some(new)
    }
}

fn applied_by_terrain(limit: &TerrainLimit) -> Applied {
    Applied { value: limit.value, band: Some(limit.words()) }
}

/// The limits for a terrain: its own, else that of the kind it belongs to, else those of its special kinds, else the
/// one for every other.
fn of_terrain(limits: &[TerrainLimit], terrain: Terrain) -> impl Iterator<Item = &TerrainLimit> {
    let own = |kind: Option<Terrain>| kind == Some(terrain);
    let broader = |kind: Option<Terrain>| kind == Some(terrain.general());
    let narrower = |kind: Option<Terrain>| kind.map(Terrain::general) == Some(terrain);
    let other = |kind: Option<Terrain>| kind.is_none();
    let tests: [&dyn Fn(Option<Terrain>) -> bool; 4] = [&own, &broader, &narrower, &other];
    let fitting = |test: &&dyn Fn(Option<Terrain>) -> bool| -> Vec<&TerrainLimit> {
        limits.iter().filter(|limit| test(limit.kind)).collect()
    };
    let found = tests.iter().map(fitting).find(|fitting| !fitting.is_empty());
    found.unwrap_or_else(|| limits.iter().collect()).into_iter()
}
