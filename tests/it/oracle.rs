//! GEOS as the oracle: what ground is, by noded lines and winding numbers, sharing no code with the engine.
//!
//! Coordinates are moved to an origin near the data first, so that the oracle keeps its digits.

use geos::{CoordSeq, Geom, Geometry};

use crate::wkt::{Ring, Rings};

/// The part as the oracle's polygon, whole and unmended; `None` where a ring has fewer than three vertices.
pub fn polygon(part: &Rings, origin: [f64; 2]) -> Option<Geometry> {
    let (shell, holes) = part.split_first()?;
    let holes = holes.iter().map(|ring| linear_ring(ring, origin)).collect::<Option<Vec<_>>>()?;
    Geometry::create_polygon(linear_ring(shell, origin)?, holes).ok()
}

/// All parts as one multipolygon, unmended.
pub fn multipolygon(parts: &[Rings], origin: [f64; 2]) -> Option<Geometry> {
    let parts = parts.iter().filter(|part| !part.is_empty());
    Geometry::create_multipolygon(parts.map(|part| polygon(part, origin)).collect::<Option<Vec<_>>>()?).ok()
}

/// The ground of a feature: shells by non-zero winding less the union of their holes by non-zero winding, united.
pub fn ground(parts: &[Rings], origin: [f64; 2]) -> Geometry {
    if let Some(valid) = multipolygon(parts, origin).filter(|g| g.is_valid().unwrap_or(false)) {
        return valid;
    }
    let grounds = parts.iter().filter_map(|part| {
        let (shell, holes) = part.split_first()?;
        let holes: Vec<Geometry> = holes.iter().map(|hole| ring_ground(hole, origin)).collect();
        Some(ring_ground(shell, origin).difference(&unite(holes)).expect("difference"))
    });
    unite(grounds.collect())
}

/// The union, without what of it is lines or points.
pub fn unite(shapes: Vec<Geometry>) -> Geometry {
    Geometry::create_geometry_collection(shapes).and_then(|all| all.unary_union()).expect("union")
}

/// Every face of the ring's linework that the ring winds round at least once, in either sense.
fn ring_ground(ring: &Ring, origin: [f64; 2]) -> Geometry {
    let local: Ring = ring.iter().map(|[x, y]| [x - origin[0], y - origin[1]]).collect();
    let Some(line) = line(&local) else { return Geometry::create_empty_polygon().expect("empty") };
    let noded = line.unary_union().expect("noding");
    let faces = Geometry::polygonize(&[noded]).expect("faces");
    let faces =
        (0..faces.get_num_geometries().expect("count")).map(|i| faces.get_geometry_n(i).expect("face"));
    let kept = faces.filter(|face| {
        let inner = face.point_on_surface().expect("a point inside");
        winding(&local, inner.get_x().expect("x"), inner.get_y().expect("y")) != 0
    });
    unite(kept.map(|face| Geom::clone(&face).expect("copy")).collect())
}

/// How often a closed ring winds round a point that is not on it (Sunday, "Inclusion of a point in a polygon").
fn winding(ring: &Ring, x: f64, y: f64) -> i32 {
    let ends = ring.iter().zip(ring.iter().cycle().skip(1));
    ends.map(|(a, b)| {
        let left = (b[0] - a[0]) * (y - a[1]) - (x - a[0]) * (b[1] - a[1]);
        i32::from(a[1] <= y && b[1] > y && left > 0.0) - i32::from(a[1] > y && b[1] <= y && left < 0.0)
    })
    .sum()
}

fn linear_ring(ring: &Ring, origin: [f64; 2]) -> Option<Geometry> {
    let local: Ring = ring.iter().map(|[x, y]| [x - origin[0], y - origin[1]]).collect();
    Geometry::create_linear_ring(closed(&local)?).ok()
}

fn line(ring: &Ring) -> Option<Geometry> {
    Geometry::create_line_string(closed(ring)?).ok()
}

fn closed(ring: &Ring) -> Option<CoordSeq> {
    let mut distinct = ring.clone();
    distinct.dedup();
    while distinct.len() > 1 && distinct.first() == distinct.last() {
        distinct.pop();
    }
    if distinct.len() < 3 {
        return None;
    }
    distinct.push(distinct[0]);
    CoordSeq::new_from_vec(&distinct).ok()
}
