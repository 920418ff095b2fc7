//! Names that several documents share.

use crate::fact::Place;
use crate::project::settings::Figure;
use crate::words;
use crate::words::Words;

/// A figure's name.
pub fn figure(figure: Figure) -> Words {
    match figure {
        Figure::Forest => words!("forest coverage", "森林覆盖率"),
        Figure::TreeCover => words!("tree coverage", "林木覆盖率"),
        Figure::Green => words!("green coverage", "绿化覆盖率"),
        Figure::Canopy => words!("canopy cover", "树冠覆盖率"),
        Figure::Park => words!("park green", "公园绿地占比"),
    }
}

/// A figure's key in machine-read documents.
pub fn figure_key(figure: Figure) -> &'static str {
    match figure {
        Figure::Forest => "forest",
        Figure::TreeCover => "tree_cover",
        Figure::Green => "green",
        Figure::Canopy => "canopy",
        Figure::Park => "park",
    }
}

/// A kind of place, for machine-read documents.
pub fn place_key(place: &Place) -> &'static str {
    match place {
        Place::County => "county",
        Place::Town(_) => "town",
        Place::Urban => "urban",
        Place::TownBuiltUp(_) => "town_built_up",
        Place::Villages(_) => "villages",
        Place::WaterSource(_) => "water_source",
        Place::CarParks => "car_parks",
        Place::DamagedLand => "damaged_land",
        Place::Village(_) => "village",
        Place::Ring { .. } => "ring",
        Place::Sector { .. } => "sector",
    }
}
