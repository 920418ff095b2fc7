//! Names that several documents share.

use crate::fact::{Place, Unit};
use crate::project::settings::Figure;
use crate::units::SquareMetres;
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
        Place::Streets => "streets",
        Place::Suburbs => "suburbs",
        Place::Ring { .. } => "ring",
        Place::Sector { .. } => "sector",
    }
}

/// An amount for a table that people read, or a range of it: ground in hectares with mu below, lengths in kilometres,
/// what is counted in whole numbers.
pub fn amount(low: f64, high: Option<f64>, unit: Unit) -> Words {
    let range = |of: &dyn Fn(f64) -> String| match high {
        Some(high) => format!("{}–{}", of(low), of(high)),
        None => of(low),
    };
    let (ha, mu) = (
        range(&|m2| format!("{:.2}", SquareMetres(m2).hectares())),
        range(&|m2| format!("{:.1}", SquareMetres(m2).mu())),
    );
    let (km, n) = (range(&|m| format!("{:.2}", m / 1000.0)), range(&|n| format!("{n:.0}")));
    match unit {
        Unit::SquareMetres => words!("{ha} ha\n{mu} mu", "{ha} 公顷\n{mu} 亩"),
        Unit::Metres => words!("{km} km", "{km} 千米"),
        Unit::Persons => words!("{n} persons", "{n} 人"),
        Unit::Trees => words!("{n} trees", "{n} 株"),
        Unit::Places => words!("{n} places", "{n} 处"),
    }
}
