//! `class_map.svg` and `class_map.png`: what covers the ground, class by class, simplified.

use geo::algorithm::simplify_vw::SimplifyVwPreserve;

use crate::outputs::Report;
use crate::outputs::map::{Map, MapError, MapGround, MapInput, grounds_map};
use crate::outputs::towns_map::sheet_of;
use crate::words;

/// Colours of the classes that schemes share, in the manner of land-cover maps; a project's own stand over them.
const COLOURS: [(&str, &str); 18] = [
    ("arbor", "#2c713f"),
    ("mangrove", "#1f6f63"),
    ("bamboo", "#6aa84f"),
    ("special_shrub", "#8fb257"),
    ("other_shrub", "#b5c96b"),
    ("shrub", "#b5c96b"),
    ("sparse", "#c9d98c"),
    ("young", "#d9e6a3"),
    ("farmland", "#f3e6b3"),
    ("orchard", "#e3c878"),
    ("grassland", "#dfe8b8"),
    ("wetland", "#9fc7c1"),
    ("water", "#8db8dc"),
    ("built", "#d8b4a8"),
    ("park", "#4f9d69"),
    ("canopy", "#1d5c38"),
    ("lawn", "#a9cf7c"),
    ("non_forest", "#efe7d6"),
];
/// What other classes get, by turns.
const OTHERS: [&str; 10] = [
    "#c8b7d6", "#d9c3a0", "#b8c4c9", "#e0b07c", "#9fb3c8", "#cfc9b8", "#d79aa8", "#a69cc4", "#c2d3e0",
    "#bfa58a",
];

/// Draws the grounds of the classes in the order of the strata. `tolerance_m` as in `class_areas.gpkg`.
pub fn class_map(report: &Report<'_>, tolerance_m: f64) -> Result<Map, MapError> {
    let Report { project, analysis, lang, .. } = *report;
    let tolerance = tolerance_m / report.crs.unit_m;
    let order = project.strata.iter().flat_map(|stratum| stratum.classes.iter().map(|class| class.0));
    let mut turns = OTHERS.iter().cycle();
    let mut grounds = Vec::new();
    for class in order {
        let ground = analysis.class_areas.iter().find(|(of, _)| *of == class);
        let Some(((_, ground), class)) = ground.zip(project.classes.get(class)) else { continue };
        let known = COLOURS.iter().find(|(id, _)| *id == class.id).map(|(_, colour)| *colour);
        let colour = class.colour.as_deref().or(known).or_else(|| turns.next().copied()).unwrap_or("#ffffff");
        grounds.push(MapGround {
            name: class.name.say(lang).to_owned(),
            colour: colour.to_owned(),
            shape: ground.simplify_vw_preserve(tolerance * tolerance / 2.0),
        });
    }
    let note = words!("simplified by {tolerance_m} m: for the eye", "已按 {tolerance_m} 米简化，仅供阅览");
    let sheet = MapInput {
        subtitle: vec![note.say(lang).to_owned()],
        legend_title: words!("classes", "类别").say(lang).to_owned(),
        legend_note: words!("later ones lie over earlier ones", "后列者压盖先列者").say(lang).to_owned(),
        ..sheet_of(report)
    };
    grounds_map(&sheet, &grounds)
}
