//! What the features of a layer are: polygons, lines or points.
//!
//! By the layer's geometry type. A type that leaves it open is told by the features: the first polygon makes it a layer
//! of polygons; where there is none, all must be lines or all points.

use std::ops::ControlFlow;

use crate::layers::error::LayerError;
use crate::layers::open::{Description, LayerFile};
use crate::layers::rows::Row;
use crate::survey::{Batch, Figure};
use crate::words;
use crate::words::Words;

/// That a layer may hold polygons.
pub(super) fn polygons(file: &LayerFile, description: &Description) -> Result<Figure, LayerError> {
    match without_polygons(&description.geometry) {
        Some(kind) => Err(LayerError::NotPolygons { layer: file.title.clone(), kind }),
        None => Ok(Figure::Polygon),
    }
}

/// That a layer holds points.
pub(super) fn points(file: &LayerFile, description: &Description) -> Result<Figure, LayerError> {
    match any(file, description)? {
        Figure::Point => Ok(Figure::Point),
        _ => Err(LayerError::PointsWanted { layer: file.title.clone() }),
    }
}

/// What a layer holds whose geometry type leaves no room for polygons.
fn without_polygons(geometry_type: &str) -> Option<Words> {
    let kinds = [
        ("Point", words!("points", "点")),
        ("Line", words!("lines", "线")),
        ("None", words!("no geometry", "无几何的表")),
    ];
    kinds.into_iter().find(|(name, _)| geometry_type.contains(name)).map(|(_, kind)| kind)
}

/// What the features of a layer are. O(features) where neither its type nor a polygon among them says it.
pub(super) fn any(file: &LayerFile, description: &Description) -> Result<Figure, LayerError> {
    match named(&description.geometry.to_uppercase()) {
        Some(figure) => Ok(figure),
        None if description.geometry == "None" => polygons(file, description),
        None => by_features(file),
    }
}

/// By the names that OGC and GDAL have for geometry types, in capital letters.
fn named(geometry_type: &str) -> Option<Figure> {
    let any = |words: &[&str]| words.iter().any(|word| geometry_type.contains(word));
    match () {
        () if any(&["POLYGON", "SURFACE", "TIN", "TRIANGLE"]) => Some(Figure::Polygon),
        () if any(&["LINE", "CURVE", "CIRCULAR"]) => Some(Figure::Line),
        () if any(&["POINT"]) => Some(Figure::Point),
        () => None,
    }
}

fn by_features(file: &LayerFile) -> Result<Figure, LayerError> {
    let mut found = Found::default();
    for stretch in 0..file.stretches() {
        file.rows(stretch, &[])?.each(&mut |row| found.look(row))?;
        if found.polygons {
            break;
        }
    }
    match found {
        Found { polygons: false, lines: true, points: true } => {
            Err(LayerError::Mixed { layer: file.title.clone() })
        }
        Found { polygons: false, lines: true, .. } => Ok(Figure::Line),
        Found { polygons: false, points: true, .. } => Ok(Figure::Point),
        _ => Ok(Figure::Polygon),
    }
}

/// What was seen among the features.
#[derive(Default)]
struct Found {
    polygons: bool,
    lines: bool,
    points: bool,
}

impl Found {
    fn look(&mut self, row: &mut dyn Row) -> ControlFlow<()> {
        let mut has = |figure| row.figures(figure, 1.0, &mut Batch::default()).figures > 0;
        self.polygons |= has(Figure::Polygon);
        self.lines |= !self.polygons && has(Figure::Line);
        self.points |= !self.polygons && has(Figure::Point);
        if self.polygons { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}
