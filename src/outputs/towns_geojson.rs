//! `towns.geojson`: the towns with their figures, in longitude and latitude (RFC 7946).

use geo::{Coord, LineString, MapCoords, MultiPolygon, Polygon};
use geojson::{Feature, FeatureCollection, GeoJson, Geometry, JsonObject};
use serde_json::json;

use crate::analysis::analyze::PlaceCoverage;
use crate::outputs::wording::figure_key;
use crate::outputs::{Report, m2, share_pct};
use crate::units::SquareMetres;

/// Decimals of a degree that are written: nine, a tenth of a millimetre.
const DECIMALS: f64 = 1e9;

/// The document.
pub fn towns_geojson(report: &Report<'_>) -> Vec<u8> {
    let towns = report.analysis.towns.iter().zip(&report.analysis.outlines);
    let features = towns.map(|(town, outline)| Feature {
        geometry: Some(Geometry::from(&in_degrees(report, outline))),
        properties: Some(properties(report, town)),
        ..Feature::default()
    });
    let collection = FeatureCollection { features: features.collect(), bbox: None, foreign_members: None };
    let mut bytes = GeoJson::from(collection).to_string().into_bytes();
    bytes.push(b'\n');
    bytes
}

/// What stands beside each town: ground, then each figure in hectares and percent.
pub(super) fn properties(report: &Report<'_>, town: &PlaceCoverage) -> JsonObject {
    let kind = report.project.area;
    let ground = m2(town.ground, kind);
    let mut properties = JsonObject::new();
    properties.insert("code".to_owned(), json!(town.code));
    properties.insert("name".to_owned(), json!(town.name));
    properties.insert("ground_ha".to_owned(), json!(SquareMetres(ground).hectares()));
    properties.insert("residents".to_owned(), json!(town.residents));
    for figure in &town.figures {
        let (key, area) = (figure_key(figure.figure), m2(figure.area, kind));
        let known = |value: Option<f64>| json!(value.filter(|_| !town.is_unsurveyed()));
        properties.insert(format!("{key}_ha"), known(Some(SquareMetres(area).hectares())));
        properties.insert(format!("{key}_pct"), known(share_pct(area, ground)));
    }
    properties
}

fn in_degrees(report: &Report<'_>, outline: &MultiPolygon<f64>) -> MultiPolygon<f64> {
    let line = |line: &LineString<f64>| {
        let (mut xs, mut ys): (Vec<f64>, Vec<f64>) = line.coords().map(|c| (c.x, c.y)).unzip();
        (report.to_degrees)(&mut xs, &mut ys);
        xs.into_iter().zip(ys).collect::<LineString<f64>>()
    };
    let polygon =
        |p: &Polygon<f64>| Polygon::new(line(p.exterior()), p.interiors().iter().map(line).collect());
    let degrees: MultiPolygon<f64> = outline.iter().map(polygon).collect();
    let rounded = |value: f64| (value * DECIMALS).round() / DECIMALS;
    degrees.map_coords(|c| Coord { x: rounded(c.x), y: rounded(c.y) })
}
