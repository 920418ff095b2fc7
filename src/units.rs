//! Quantities that cannot be mixed up.
//!
//! In: numbers. Out: numbers with a unit in their type. A bare `f64` elsewhere in the source carries
//! its unit in its name (`_m2`, `_m`). Hectares and mu exist only here, for printing.

use serde::Serialize;

/// Square metres per hectare (公顷).
pub const M2_PER_HECTARE: f64 = 10_000.0;
/// Mu (亩) per hectare, as used for printing: 1 ha = 15 mu.
pub const MU_PER_HECTARE: f64 = 15.0;

/// What is added up in another order may differ by so much of itself: a whole of 10⁴ km² by less than 10⁻⁹, a sum of lengths
/// by less.
const ROUNDING: f64 = 1e-7;

/// A part of a whole that is more than it by no more than the rounding of both is all of it; any other part is as it was.
pub fn part_of(part: f64, whole: f64) -> f64 {
    if is_more(part, whole) { part } else { part.min(whole) }
}

/// Whether a part is more than its whole, by more than rounding.
pub fn is_more(part: f64, whole: f64) -> bool {
    part > whole + whole.abs() * ROUNDING
}

/// An area in square metres (平方米).
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default, Serialize)]
#[serde(transparent)]
pub struct SquareMetres(pub f64);

impl SquareMetres {
    /// The same area in hectares (公顷), for tables that people read.
    pub fn hectares(self) -> f64 {
        self.0 / M2_PER_HECTARE
    }

    /// The same area in mu (亩), for tables that people read.
    pub fn mu(self) -> f64 {
        self.hectares() * MU_PER_HECTARE
    }
}

/// A length in metres (米).
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default, Serialize)]
#[serde(transparent)]
pub struct Metres(pub f64);

/// One line measured twice: on the ellipsoid of the working CRS (椭球面长度) and in its plane (平面长度).
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Length {
    /// On the ellipsoid.
    pub ellipsoid: Metres,
    /// In the projected plane.
    pub plane: Metres,
}

/// One ground measured twice: on the ellipsoid of the working CRS (椭球面积) and in its plane (平面积).
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Area {
    /// On the ellipsoid.
    pub ellipsoid: SquareMetres,
    /// In the projected plane.
    pub plane: SquareMetres,
}
