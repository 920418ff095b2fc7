//! What kind of land a county or a town is (地形), where a requirement depends on it.

use serde::{Deserialize, Serialize};

use crate::words;
use crate::words::Words;

/// A kind of land; some are special kinds of others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Terrain {
    /// Plain (平原).
    Plain,
    /// Plain in the south of China (南方平原).
    SouthernPlain,
    /// Hills (丘陵).
    Hill,
    /// Low hills (浅丘).
    ShallowHill,
    /// High hills (深丘).
    DeepHill,
    /// Mountains and canyons (山区、高山峡谷).
    Mountain,
}

impl Terrain {
    /// Every kind by the word that files have for it.
    pub const ALL: [(&str, Terrain); 6] = [
        ("plain", Terrain::Plain),
        ("southern_plain", Terrain::SouthernPlain),
        ("hill", Terrain::Hill),
        ("shallow_hill", Terrain::ShallowHill),
        ("deep_hill", Terrain::DeepHill),
        ("mountain", Terrain::Mountain),
    ];

    /// The kind that this one is a special kind of; itself where there is none.
    pub fn general(self) -> Terrain {
        match self {
            Terrain::Plain | Terrain::SouthernPlain => Terrain::Plain,
            Terrain::Hill | Terrain::ShallowHill | Terrain::DeepHill => Terrain::Hill,
            Terrain::Mountain => Terrain::Mountain,
        }
    }

    /// The kind for people.
    pub fn words(self) -> Words {
        match self {
            Terrain::Plain => words!("plain", "平原"),
            Terrain::SouthernPlain => words!("southern plain", "南方平原"),
            Terrain::Hill => words!("hills", "丘陵"),
            Terrain::ShallowHill => words!("low hills", "浅丘"),
            Terrain::DeepHill => words!("high hills", "深丘"),
            Terrain::Mountain => words!("mountains", "山区"),
        }
    }
}
