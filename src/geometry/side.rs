//! On which side of a line a point lies (方位判断): exact, and fast where floating point can tell.
//!
//! In: places in steps from some corner, as floating-point numbers that are whole and below 2⁵² ([`local`]), so that
//! differences are exact. Out: the sign, or the value, of the cross product.

use crate::geometry::grid::Point;

/// Offsets in steps that are exact as floating-point numbers are below this, and so are their differences.
pub const EXACT: i64 = 1 << 52;

/// A place in steps from a corner.
pub type Local = [f64; 2];

/// A point as seen from a corner less than [`EXACT`] away.
#[inline]
pub fn local(p: Point, corner: Point) -> Local {
    [(p.x - corner.x) as f64, (p.y - corner.y) as f64]
}

/// On which side of the line from `a` to `b` a point lies: 1 left, -1 right, 0 on it.
#[inline]
pub fn side(a: Local, b: Local, p: Local) -> i32 {
    let (left, right) = products(a, b, p);
    let difference = left - right;
    // Each product is rounded once, their difference once more.
    if difference.abs() > 4.0 * f64::EPSILON * (left.abs() + right.abs()) {
        return if difference > 0.0 { 1 } else { -1 };
    }
    exact(a, b, p).signum() as i32
}

/// The cross product of `b - a` and `p - a`, to fourteen digits at least, and 0 only where it is.
pub fn cross(a: Local, b: Local, p: Local) -> f64 {
    let (left, right) = products(a, b, p);
    let difference = left - right;
    if difference.abs() > (left.abs() + right.abs()) / 16.0 { difference } else { exact(a, b, p) as f64 }
}

#[inline]
fn products(a: Local, b: Local, p: Local) -> (f64, f64) {
    ((b[0] - a[0]) * (p[1] - a[1]), (b[1] - a[1]) * (p[0] - a[0]))
}

fn exact(a: Local, b: Local, p: Local) -> i128 {
    let whole = |difference: f64| i128::from(difference as i64);
    whole(b[0] - a[0]) * whole(p[1] - a[1]) - whole(b[1] - a[1]) * whole(p[0] - a[0])
}

/// How often a ring winds around a point that is not on it.
pub fn winding(ring: &[Point], p: Point) -> i32 {
    let Some(&last) = ring.last() else { return 0 };
    let centre = [0.0, 0.0];
    let (mut turns, mut from) = (0, last);
    for &to in ring {
        let (up, down) = (from.y <= p.y && to.y > p.y, from.y > p.y && to.y <= p.y);
        if up || down {
            let side = side(local(from, p), local(to, p), centre);
            turns += i32::from(up && side > 0) - i32::from(down && side < 0);
        }
        from = to;
    }
    turns
}
