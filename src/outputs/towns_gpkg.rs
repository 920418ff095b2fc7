//! `towns.gpkg`: the towns with their figures in the working CRS, for a GIS.

use crate::attribute::Value;
use crate::outputs::geopackage::geopackage;
use crate::outputs::vector_file::VectorFileError;
use crate::outputs::wording::figure_key;
use crate::outputs::{Document, Report, m2, share_pct};
use crate::survey::layer::{Feature, Field, Layer, real, text};
use crate::units::SquareMetres;

/// Decimals that a GIS shows of hectares and percent; the file holds the whole number.
const DECIMALS: u8 = 4;
/// Bytes of a code or a name.
const TEXT_BYTES: u8 = 254;

/// The document.
pub fn towns_gpkg(report: &Report<'_>) -> Result<Document, VectorFileError> {
    let Report { project, analysis, .. } = *report;
    let mut fields = vec![text("code", TEXT_BYTES), text("name", TEXT_BYTES)];
    fields.extend(["ground_ha", "ground_plane_ha", "residents"].map(|name| real(name, DECIMALS)));
    fields.extend(analysis.figures.iter().flat_map(|f| figure_fields(figure_key(*f))));
    let features = analysis.towns.iter().zip(&analysis.outlines).map(|(town, outline)| {
        let ground = m2(town.ground, project.area);
        let mut values = vec![
            Value::Text(town.code.clone()),
            town.name.clone().map_or(Value::Null, Value::Text),
            Value::Real(SquareMetres(ground).hectares()),
            Value::Real(town.ground.plane.hectares()),
            number(town.residents),
        ];
        values.extend(town.figures.iter().flat_map(|row| {
            let area = m2(row.area, project.area);
            let known = |value: Option<f64>| number(value.filter(|_| !town.is_unsurveyed()));
            [known(Some(SquareMetres(area).hectares())), known(share_pct(area, ground))]
        }));
        Feature { shape: Some(outline.clone()), values }
    });
    let features = features.collect();
    geopackage(
        "towns",
        &[Layer { name: "towns".to_owned(), crs: report.crs.wkt.clone(), fields, features }],
        &[],
    )
}

fn figure_fields(key: &str) -> [Field; 2] {
    [real(format!("{key}_ha"), DECIMALS), real(format!("{key}_pct"), DECIMALS)]
}

fn number(value: Option<f64>) -> Value {
    value.map_or(Value::Null, Value::Real)
}
