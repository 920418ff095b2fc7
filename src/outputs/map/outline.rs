//! The zones' outlines on the sheet: placed, thinned to what can be seen, drawn in the colours of their classes.

use geo::{Area, LineString, MapCoords, MultiPolygon, Polygon, Simplify};

use super::breaks::Breaks;
use super::ink::{self, INK, NO_DATA, RAMP};
use super::{MapZone, sheet::Sheet};

/// Farthest that a drawn outline may lie from the true one: a sixth of a pixel of the PNG, mm.
const TOLERANCE: f64 = 0.02;

/// Every zone's shape in sheet millimetres, in order; parts and holes too small to be seen are left out, except
/// the largest part of a zone.
pub(super) fn on_sheet(zones: &[MapZone], sheet: &Sheet) -> Vec<MultiPolygon<f64>> {
    zones.iter().map(|zone| thin(&zone.shape.map_coords(|c| sheet.place(c)))).collect()
}

pub(super) fn thin(shape: &MultiPolygon<f64>) -> MultiPolygon<f64> {
    let parts: Vec<_> = shape.iter().map(thin_polygon).filter(|p| is_seen(p.exterior())).collect();
    if !parts.is_empty() {
        return MultiPolygon(parts);
    }
    let largest = shape.iter().max_by(|a, b| a.unsigned_area().total_cmp(&b.unsigned_area()));
    MultiPolygon(largest.cloned().into_iter().collect())
}

fn thin_polygon(polygon: &Polygon<f64>) -> Polygon<f64> {
    let holes = polygon.interiors().iter().map(thin_ring).filter(is_seen).collect();
    Polygon::new(thin_ring(polygon.exterior()), holes)
}

/// Drops vertices that crowd within half the tolerance, then those within it of the line that remains.
fn thin_ring(ring: &LineString<f64>) -> LineString<f64> {
    let mut kept: Vec<geo::Coord<f64>> = Vec::with_capacity(ring.0.len());
    for &c in &ring.0 {
        let near = |k: &geo::Coord<f64>| (k.x - c.x).abs().max((k.y - c.y).abs()) < TOLERANCE / 2.0;
        let crowded = kept.last().is_some_and(near);
        if !crowded {
            kept.push(c);
        }
    }
    let mut ring = LineString(kept);
    ring.close();
    ring.simplify(TOLERANCE)
}

/// Whether a ring covers more than a dot of the tolerance's size.
fn is_seen(ring: &LineString<f64>) -> bool {
    Polygon::new(ring.clone(), Vec::new()).unsigned_area() > TOLERANCE * TOLERANCE
}

/// The coloured zones. A broad dark line under all of them shows only around the whole: the county's border.
pub(super) fn draw(zones: &[MapZone], outlines: &[MultiPolygon<f64>], breaks: Option<&Breaks>) -> String {
    let paths: Vec<String> = outlines.iter().map(path_data).collect();
    let border = paths.iter().map(|d| format!(r#"<path d="{d}"/>"#)).collect::<String>();
    let fills = zones.iter().zip(&paths).map(|(zone, d)| {
        let fill = match (zone.share(), breaks) {
            (Some(share), Some(breaks)) => RAMP[breaks.class(share)],
            _ => NO_DATA,
        };
        format!(r#"<path fill="{fill}" d="{d}"/>"#)
    });
    format!(
        r#"<g fill="none" stroke="{INK}" stroke-width="0.9" stroke-linejoin="round">{border}</g><g fill-rule="evenodd" stroke="{INK}" stroke-width="0.18" stroke-linejoin="round">{}</g>"#,
        fills.collect::<String>()
    )
}

pub(super) fn path_data(shape: &MultiPolygon<f64>) -> String {
    let mut data = String::new();
    for polygon in shape {
        ink::ring(&mut data, polygon.exterior());
        polygon.interiors().iter().for_each(|hole| ink::ring(&mut data, hole));
    }
    data
}
