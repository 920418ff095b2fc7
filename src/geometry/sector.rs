//! The ground in one direction from a place (方位扇区).

use std::f64::consts::PI;

use crate::geometry::grid::{Point, Shape};

/// The ground between two azimuths, in radians clockwise from grid north, out to at least `reach` grid steps from the
/// apex; they are less than half a turn apart. Neighbouring sectors share their edge to the last step.
pub fn sector(apex: Point, [from, to]: [f64; 2], reach: f64) -> Shape {
    let middle = (from + to) / 2.0;
    // The chords about the rim must lie beyond the reach.
    let rim = reach / ((to - from) / 4.0).cos() * 1.001;
    let at = |azimuth: f64| {
        // The same azimuth gives the same point, whichever turn it is told in.
        let azimuth = azimuth.rem_euclid(2.0 * PI);
        Point::new(
            apex.x + (rim * azimuth.sin()).round() as i64,
            apex.y + (rim * azimuth.cos()).round() as i64,
        )
    };
    Shape::of_ring([apex, at(to), at(middle), at(from)])
}

/// The centre of gravity of a clean shape; `None` where it has no ground.
pub fn centre(shape: &Shape) -> Option<Point> {
    let first = *shape.points().first()?;
    let (mut doubled, mut x, mut y) = (0.0, 0.0, 0.0);
    for ring in shape.rings() {
        for (a, b) in ring.iter().zip(ring.iter().cycle().skip(1)) {
            let [ax, ay] = [(a.x - first.x) as f64, (a.y - first.y) as f64];
            let [bx, by] = [(b.x - first.x) as f64, (b.y - first.y) as f64];
            let cross = ax * by - bx * ay;
            doubled += cross;
            x += (ax + bx) * cross;
            y += (ay + by) * cross;
        }
    }
    (doubled > 0.0).then(|| {
        let at = |sum: f64| (sum / (3.0 * doubled)).round() as i64;
        Point::new(first.x + at(x), first.y + at(y))
    })
}
