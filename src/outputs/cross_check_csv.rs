//! `cross_check.csv`: classes that polygons and cells both give, town by town and for the county.

use crate::outputs::wording::place_key;
use crate::outputs::{Report, csv_document, m2};

const HEADER: [&str; 14] = [
    "place",
    "zone",
    "name",
    "class",
    "polygons_m2",
    "cells_m2",
    "united_m2",
    "only_polygons_m2",
    "only_cells_m2",
    "difference_m2",
    "edge_cells_m2",
    "explained_by_edges",
    "polygon_covers",
    "cell_covers",
];

/// The table; `None` where no class has both.
pub fn cross_check_csv(report: &Report<'_>) -> Option<Vec<u8>> {
    let Report { project, analysis, .. } = *report;
    let dated = |covers: &[(String, Option<String>)]| {
        let one = |(name, date): &(String, Option<String>)| match date {
            Some(date) => format!("{name} ({date})"),
            None => name.clone(),
        };
        covers.iter().map(one).collect::<Vec<_>>().join("; ")
    };
    let lines = analysis.cross.iter().map(|row| {
        let [polygons, cells, united] =
            [row.polygons, row.cells, row.united].map(|area| m2(area, project.area));
        let difference = polygons - cells;
        let sources = analysis.cross_sources.iter().find(|source| source.class == row.class);
        vec![
            place_key(&row.place).to_owned(),
            row.code.clone(),
            row.name.clone().unwrap_or_default(),
            project.classes.get(row.class).map_or_else(String::new, |class| class.id.clone()),
            polygons.to_string(),
            cells.to_string(),
            united.to_string(),
            (united - cells).to_string(),
            (united - polygons).to_string(),
            difference.to_string(),
            format!("{:.2}", row.edge_m2),
            (difference.abs() <= row.edge_m2).to_string(),
            sources.map_or_else(String::new, |source| dated(&source.polygons)),
            sources.map_or_else(String::new, |source| dated(&source.cells)),
        ]
    });
    (!analysis.cross.is_empty()).then(|| csv_document(&HEADER, lines))
}
