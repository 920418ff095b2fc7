//! What stops the map.

use crate::words;
use crate::words::{Words, foreign};

/// Why no map could be made.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum MapError {
    /// A zone reached the map with a coordinate that no projected ground has, such as one that is not a number.
    #[error("map: zone {zone} has a coordinate that no projected ground has")]
    Coordinate {
        /// Code of the zone.
        zone: String,
    },
    /// The length of a unit of the coordinates is not known.
    #[error("map: the coordinates' unit is {metres} m long; it must be a positive number")]
    UnitLength {
        /// What was given.
        metres: f64,
    },
    /// The picture could not be set or painted.
    #[error("map: the picture could not be made: {cause}")]
    Picture {
        /// What the picture library says.
        cause: String,
    },
}

impl MapError {
    /// The stable code of this error.
    pub fn code(&self) -> &'static str {
        match self {
            MapError::Coordinate { .. } => "map-coordinate",
            MapError::UnitLength { .. } => "map-unit-length",
            MapError::Picture { .. } => "map-picture",
        }
    }

    /// The sentence in Chinese.
    pub fn zh(&self) -> String {
        match self {
            MapError::Coordinate { zone } => {
                format!("专题图：单元 {zone} 的坐标超出任何投影坐标的范围或不是数值")
            }
            MapError::UnitLength { metres } => format!("专题图：坐标单位长度为 {metres} 米，应为正数"),
            MapError::Picture { cause } => format!("专题图：无法生成图片：{}", foreign(cause)),
        }
    }

    /// What would cure it, where the user can.
    pub fn cure(&self) -> Option<Words> {
        match self {
            MapError::Coordinate { .. } => {
                Some(words!("check the geometry of that zone", "请检查该单元的几何"))
            }
            MapError::UnitLength { .. } => {
                Some(words!("choose a projected working CRS", "请选用投影坐标系作为工作坐标系"))
            }
            MapError::Picture { .. } => None,
        }
    }
}
