//! Polygons of an OGR geometry as rings, or its lines or points: parts of collections taken out, curves made of chords,
//! Z and M dropped.

use gdal_sys::{OGRGeometryH, OGRwkbGeometryType as Wkb};

use crate::layers::rows::Seen;
use crate::survey::{Batch, Figure, RingKind};

/// Greatest distance in metres between an arc and its chord: 1 mm.
const ARC_ERROR_M: f64 = 0.001;

/// Adds what a geometry has of the wanted kind to the batch; of rings the first point is not repeated.
///
/// `unit_m` is the metres in one unit of its coordinates, of a degree about 111 000.
///
/// # Safety
/// `geometry` must be a valid OGR geometry, or null.
pub(super) unsafe fn walk(geometry: OGRGeometryH, wanted: Figure, unit_m: f64, batch: &mut Batch) -> Seen {
    let mut seen = Seen::default();
    if geometry.is_null() {
        return seen;
    }
    // SAFETY: the caller's promise; the linear copy is ours and is destroyed here.
    unsafe {
        if gdal_sys::OGR_G_HasCurveGeometry(geometry, 0) != 0 {
            let linear = gdal_sys::OGR_G_GetLinearGeometry(
                geometry,
                step_degrees(geometry, unit_m),
                std::ptr::null_mut(),
            );
            walk_linear(linear, wanted, &mut seen, batch);
            gdal_sys::OGR_G_DestroyGeometry(linear);
            seen.curved = true;
        } else {
            walk_linear(geometry, wanted, &mut seen, batch);
        }
    }
    seen
}

unsafe fn walk_linear(geometry: OGRGeometryH, wanted: Figure, seen: &mut Seen, batch: &mut Batch) {
    // SAFETY: members of a valid geometry are valid as long as it is.
    unsafe {
        if geometry.is_null() || gdal_sys::OGR_G_IsEmpty(geometry) != 0 {
            return;
        }
        let members = gdal_sys::OGR_G_GetGeometryCount(geometry);
        match gdal_sys::OGR_GT_Flatten(gdal_sys::OGR_G_GetGeometryType(geometry)) {
            Wkb::wkbPolygon | Wkb::wkbTriangle if wanted == Figure::Polygon => {
                seen.figures += 1;
                for i in 0..members {
                    let kind = if i == 0 { RingKind::Shell } else { RingKind::Hole };
                    batch.push_ring(kind, opened(points(gdal_sys::OGR_G_GetGeometryRef(geometry, i))));
                }
            }
            Wkb::wkbLineString if wanted == Figure::Line => {
                seen.figures += 1;
                batch.push_ring(RingKind::Line, points(geometry));
            }
            Wkb::wkbPoint if wanted == Figure::Point => {
                seen.figures += 1;
                batch.push_ring(RingKind::Places, points(geometry));
            }
            Wkb::wkbPolygon | Wkb::wkbTriangle | Wkb::wkbLineString | Wkb::wkbPoint => seen.others += 1,
            _ => {
                for i in 0..members {
                    walk_linear(gdal_sys::OGR_G_GetGeometryRef(geometry, i), wanted, seen, batch);
                }
            }
        }
    }
}

/// The points of a ring, the first not repeated.
fn opened(mut ring: Vec<[f64; 2]>) -> Vec<[f64; 2]> {
    if ring.len() > 1 && ring.first() == ring.last() {
        ring.pop();
    }
    ring
}

unsafe fn points(ring: OGRGeometryH) -> Vec<[f64; 2]> {
    // SAFETY: the buffer has room for every point at the stride given.
    unsafe {
        let n = gdal_sys::OGR_G_GetPointCount(ring).max(0) as usize;
        let mut points = vec![[0.0f64; 2]; n];
        if n > 0 {
            let stride = size_of::<[f64; 2]>() as i32;
            let first = points.as_mut_ptr().cast::<f64>();
            gdal_sys::OGR_G_GetPoints(
                ring,
                first.cast(),
                stride,
                first.add(1).cast(),
                stride,
                std::ptr::null_mut(),
                0,
            );
        }
        points
    }
}

/// The angle between points of an arc that keeps its largest circle within [`ARC_ERROR_M`].
unsafe fn step_degrees(geometry: OGRGeometryH, unit_m: f64) -> f64 {
    // SAFETY: as for `walk`.
    let radius = (unsafe { largest_radius(geometry) } * unit_m).max(ARC_ERROR_M);
    let half = (1.0 - ARC_ERROR_M / radius).clamp(-1.0, 1.0).acos();
    (2.0 * half).to_degrees().clamp(1e-4, 45.0)
}

unsafe fn largest_radius(geometry: OGRGeometryH) -> f64 {
    // SAFETY: members of a valid geometry are valid as long as it is.
    unsafe {
        if gdal_sys::OGR_GT_Flatten(gdal_sys::OGR_G_GetGeometryType(geometry)) == Wkb::wkbCircularString {
            let at = |i| [gdal_sys::OGR_G_GetX(geometry, i), gdal_sys::OGR_G_GetY(geometry, i)];
            let arcs = (0..gdal_sys::OGR_G_GetPointCount(geometry) - 2).step_by(2);
            return arcs.map(|i| radius(at(i), at(i + 1), at(i + 2))).fold(0.0, f64::max);
        }
        let members = 0..gdal_sys::OGR_G_GetGeometryCount(geometry);
        members.map(|i| largest_radius(gdal_sys::OGR_G_GetGeometryRef(geometry, i))).fold(0.0, f64::max)
    }
}

/// Radius of the circle through three points; where first and last agree, of the circle across to the middle.
fn radius(a: [f64; 2], b: [f64; 2], c: [f64; 2]) -> f64 {
    let side = |p: [f64; 2], q: [f64; 2]| (p[0] - q[0]).hypot(p[1] - q[1]);
    if a == c {
        return side(a, b) / 2.0;
    }
    let doubled = ((b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1])).abs();
    if doubled == 0.0 { 0.0 } else { side(a, b) * side(b, c) * side(c, a) / (2.0 * doubled) }
}
