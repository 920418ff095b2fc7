//! `class_areas.gpkg`: the ground of every class as one feature with few points, to be drawn. Not to be measured: every
//! feature says so.

use geo::algorithm::simplify_vw::SimplifyVwPreserve;

use crate::attribute::Value;
use crate::outputs::geopackage::geopackage;
use crate::outputs::vector_file::VectorFileError;
use crate::outputs::{Document, Report};
use crate::survey::layer::{Feature, Layer, real, text};
use crate::words;

/// Bytes of a text.
const TEXT_BYTES: u8 = 254;

/// The document. A point is left out where it moves the outline by a triangle of less than half the tolerance (metres)
/// squared, unless outlines of the feature would then cross (Visvalingam and Whyatt 1993).
pub fn class_areas(report: &Report<'_>, tolerance_m: f64) -> Result<Document, VectorFileError> {
    let Report { project, analysis, lang, .. } = *report;
    let note = words!("simplified: for pictures, not for areas", "已简化：仅供制图，不可量算面积");
    let tolerance = tolerance_m / report.crs.unit_m;
    let fields = vec![
        text("class", TEXT_BYTES),
        text("name", TEXT_BYTES),
        text("stratum", TEXT_BYTES),
        text("colour", TEXT_BYTES),
        text("note", TEXT_BYTES),
        real("tolerance_m", 3),
    ];
    let features = analysis.class_areas.iter().filter_map(|(class, ground)| {
        let stratum = project.strata.iter().find(|s| s.classes.iter().any(|c| c.0 == *class));
        let class = project.classes.get(*class)?;
        let values = vec![
            Value::Text(class.id.clone()),
            Value::Text(class.name.say(lang).to_owned()),
            stratum.map_or(Value::Null, |s| Value::Text(s.name.clone())),
            class.colour.clone().map_or(Value::Null, Value::Text),
            Value::Text(note.say(lang).to_owned()),
            Value::Real(tolerance_m),
        ];
        Some(Feature { shape: Some(ground.simplify_vw_preserve(tolerance * tolerance / 2.0)), values })
    });
    let features = features.collect();
    let layer = Layer { name: "class_areas".to_owned(), crs: report.crs.wkt.clone(), fields, features };
    geopackage("class_areas", &[layer], &[])
}
