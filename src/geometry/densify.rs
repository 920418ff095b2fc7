//! Keeps edges straight where their file says they are straight, when a layer changes its CRS.
//!
//! In: a ring and a transformation. Out: the transformed ring, with points added so that every chord stays
//! within [`CHORD_ERROR_UNITS`] of the true image of its edge.

/// Greatest distance in target units (metres) between a chord and the image of its edge: 0.02 mm. The rule asks
/// for 1 mm; chords of a millimetre all bulge to one side and cost a town quarter two millionths of its area.
pub const CHORD_ERROR_UNITS: f64 = 0.000_02;

/// Most pieces one edge is cut into; a million-metre edge needs fewer.
const MOST_PIECES: f64 = 65_536.0;

/// Turns coordinates of one CRS into those of another, in place. A place that has no image becomes infinite.
pub type Transform<'a> = dyn Fn(&mut [f64], &mut [f64]) + 'a;

/// Transforms a closed ring (its first point given once, or again at the end). O(points + added points).
///
/// Each edge is looked at in its quarter points, so that an edge whose image is an S is seen as well. The
/// error of a chord falls with the square of its length, which gives the number of pieces.
pub fn transform_ring(ring: &[[f64; 2]], transform: &Transform<'_>) -> Vec<[f64; 2]> {
    transform_points(ring, true, CHORD_ERROR_UNITS, transform)
}

/// The same where the target's unit is not the metre: chords stay within `chord` of its units.
pub fn transform_ring_within(ring: &[[f64; 2]], chord: f64, transform: &Transform<'_>) -> Vec<[f64; 2]> {
    transform_points(ring, true, chord, transform)
}

/// The same for a line, which ends with its last point.
pub fn transform_line(line: &[[f64; 2]], transform: &Transform<'_>) -> Vec<[f64; 2]> {
    transform_points(line, false, CHORD_ERROR_UNITS, transform)
}

/// The same for places without edges.
pub fn transform_places(places: &[[f64; 2]], transform: &Transform<'_>) -> Vec<[f64; 2]> {
    let (mut xs, mut ys): (Vec<f64>, Vec<f64>) = places.iter().map(|[x, y]| (*x, *y)).unzip();
    transform(&mut xs, &mut ys);
    xs.into_iter().zip(ys).map(|(x, y)| [x, y]).collect()
}

fn transform_points(
    points: &[[f64; 2]],
    closed: bool,
    chord: f64,
    transform: &Transform<'_>,
) -> Vec<[f64; 2]> {
    let n = points.len();
    let edges = if closed { n } else { n.saturating_sub(1) };
    let (mut xs, mut ys) = (Vec::with_capacity(4 * n), Vec::with_capacity(4 * n));
    for (i, from) in points.iter().enumerate() {
        let quarters: &[f64] = if i < edges { &[0.0, 0.25, 0.5, 0.75] } else { &[0.0] };
        for t in quarters {
            let [x, y] = between(from, &points[(i + 1) % n], *t);
            xs.push(x);
            ys.push(y);
        }
    }
    transform(&mut xs, &mut ys);
    let image = |i: usize| [xs[i], ys[i]];
    let mut out = Vec::with_capacity(n);
    for i in 0..edges {
        out.push(image(4 * i));
        let (a, b) = (image(4 * i), image(4 * ((i + 1) % n)));
        let sagitta = (1..4).map(|q| distance(image(4 * i + q), between(&a, &b, q as f64 / 4.0)));
        let farthest = sagitta.filter(|d| d.is_finite()).fold(0.0, f64::max);
        let pieces = (farthest / (chord / 2.0)).sqrt().ceil().min(MOST_PIECES);
        if pieces > 1.0 {
            add_between(&mut out, &points[i], &points[(i + 1) % n], pieces as usize, transform);
        }
    }
    out.extend((edges < n).then(|| image(4 * edges)));
    out
}

fn add_between(
    out: &mut Vec<[f64; 2]>,
    from: &[f64; 2],
    to: &[f64; 2],
    pieces: usize,
    transform: &Transform<'_>,
) {
    let inner = (1..pieces).map(|i| between(from, to, i as f64 / pieces as f64));
    let (mut xs, mut ys): (Vec<f64>, Vec<f64>) = inner.map(|[x, y]| (x, y)).unzip();
    transform(&mut xs, &mut ys);
    out.extend(xs.into_iter().zip(ys).map(|(x, y)| [x, y]));
}

fn between(a: &[f64; 2], b: &[f64; 2], t: f64) -> [f64; 2] {
    [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t]
}

fn distance(a: [f64; 2], b: [f64; 2]) -> f64 {
    (a[0] - b[0]).hypot(a[1] - b[1])
}
