//! Discs (圆), as crowns of single trees are.
//!
//! A disc is drawn with [`CORNERS`] corners, a little beyond its radius, so that it has exactly its area: corners on the
//! circle itself would lose 0.16 %. What a straight line cuts off a disc is right to a hundred-thousandth of the disc.

use std::f64::consts::PI;

/// Corners of a disc.
pub const CORNERS: u32 = 64;

/// The corners of a disc, counter-clockwise; centre and radius in the same unit.
pub fn disc([x, y]: [f64; 2], radius: f64) -> impl Iterator<Item = [f64; 2]> {
    let step = 2.0 * PI / f64::from(CORNERS);
    let rim = radius * (step / step.sin()).sqrt();
    (0..CORNERS).map(move |k| {
        let (sin, cos) = (f64::from(k) * step).sin_cos();
        [x + rim * cos, y + rim * sin]
    })
}
