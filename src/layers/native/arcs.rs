//! Arcs made of chords that stay within a millimetre of them.

use std::f64::consts::TAU;

/// Greatest distance in metres between an arc and its chord.
pub(in crate::layers) const ARC_ERROR_M: f64 = 0.001;
/// Fewest chords of a whole circle.
const FEWEST: f64 = 8.0;
/// Most chords of a whole circle; a circle round the earth needs fewer.
const MOST: f64 = 3.6e6;

/// Appends the points of arcs through three points each, where the next begins with the last point of the one
/// before. The points given are kept; `unit_m` is the metres in one unit of the coordinates.
pub(super) fn add_chords(points: &[[f64; 2]], unit_m: f64, out: &mut Vec<[f64; 2]>) {
    out.extend(points.first());
    for start in (0..points.len().saturating_sub(2)).step_by(2) {
        if let [from, middle, to] = points[start..start + 3] {
            add_arc(from, middle, to, unit_m, out);
        }
    }
}

/// Appends an arc without its first point.
fn add_arc(from: [f64; 2], middle: [f64; 2], to: [f64; 2], unit_m: f64, out: &mut Vec<[f64; 2]>) {
    let Some(centre) = centre(from, middle, to) else {
        out.extend([middle, to]);
        return;
    };
    let angle = |p: [f64; 2]| (p[1] - centre[1]).atan2(p[0] - centre[0]);
    let radius = (from[0] - centre[0]).hypot(from[1] - centre[1]);
    let turned = |from: f64, to: f64| (to - from).rem_euclid(TAU);
    let (first, second, third) = (angle(from), angle(middle), angle(to));
    let left = from == to || turned(first, second) < turned(first, third);
    let half = |a: f64, b: f64| if left { turned(a, b) } else { -turned(b, a) };
    // The circle through two opposite points is turned to the left, as any other way would be as good.
    add_half(first, half(first, second), centre, radius, unit_m, out);
    out.push(middle);
    add_half(second, half(second, third), centre, radius, unit_m, out);
    out.push(to);
}

/// Appends the points between the ends of an arc.
fn add_half(from: f64, sweep: f64, centre: [f64; 2], radius: f64, unit_m: f64, out: &mut Vec<[f64; 2]>) {
    let error = (1.0 - ARC_ERROR_M / (radius * unit_m)).clamp(-1.0, 1.0);
    let chords = (TAU / (2.0 * error.acos())).clamp(FEWEST, MOST) * sweep.abs() / TAU;
    let pieces = chords.ceil().max(1.0) as u32;
    for i in 1..pieces {
        let angle = from + sweep * f64::from(i) / f64::from(pieces);
        out.push([centre[0] + radius * angle.cos(), centre[1] + radius * angle.sin()]);
    }
}

/// The centre of the circle through three points, of the circle across to the middle one where the ends agree;
/// `None` where they lie on a line.
fn centre(a: [f64; 2], b: [f64; 2], c: [f64; 2]) -> Option<[f64; 2]> {
    if a == c {
        return (a != b).then(|| [(a[0] + b[0]) / 2.0, (a[1] + b[1]) / 2.0]);
    }
    let ([bx, by], [cx, cy]) = ([b[0] - a[0], b[1] - a[1]], [c[0] - a[0], c[1] - a[1]]);
    let doubled = 2.0 * (bx * cy - by * cx);
    let (bb, cc) = (bx * bx + by * by, cx * cx + cy * cy);
    let centre = [a[0] + (cy * bb - by * cc) / doubled, a[1] + (bx * cc - cx * bb) / doubled];
    centre.iter().all(|c| c.is_finite()).then_some(centre)
}
