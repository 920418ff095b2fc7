//! Lengths of edges: in the plane, and on the ellipsoid of the working CRS.
//!
//! # How the ellipsoid length comes about (椭球面长度)
//! A projected plane shows a metre of ground at a scale that depends on place and direction: with the metric tensor
//! *E, F, G* of the ellipsoid in plane coordinates, a step (dx, dy) is √(E dx² + 2F dx dy + G dy²) long. Within a
//! block of [`BLOCK_TILES`](crate::geometry::area::BLOCK_TILES) x `BLOCK_TILES` tiles each of the three is a quadratic
//! in x and y to better than 1e-10, and the length of an edge that is straight in the plane is the integral of the
//! root along it, by Gauss's rule in two places of every [`PIECE_UNITS`]. Nothing is assumed of the projection but that
//! it is smooth, and an edge cut in parts adds up.
//!
//! # Sums (求和)
//! The length of a piece is rounded once to a multiple of [`QUANTUM_M`] and from there on added as an integer: exact,
//! and the same in any order.

use std::collections::HashMap;
use std::ops::{AddAssign, Sub};

use crate::geometry::area::{Quadratic, Slopes, ToDegrees, block_centre, block_of, places_of};
use crate::geometry::ellipsoid::Ellipsoid;
use crate::geometry::grid::{self, Point};
use crate::geometry::tile::Tile;
use crate::units::{Length, Metres};

/// Lengths are added as multiples of this many metres: 2⁻⁴⁰, about a picometre, as a line has many edges.
pub const QUANTUM_M: f64 = 1.0 / (1u64 << 40) as f64;

/// Edges longer than this are integrated in equal pieces, in CRS units.
pub const PIECE_UNITS: f64 = 4096.0;

/// So many units of the plane tell the scale of a place.
const PROBE_UNITS: f64 = 100.0;

/// An exact sum of lengths: ellipsoid and plane, each a whole number of [`QUANTUM_M`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct LengthSum {
    /// On the ellipsoid.
    pub ellipsoid: i128,
    /// In the plane.
    pub plane: i128,
}

impl LengthSum {
    /// No length.
    pub const ZERO: Self = Self { ellipsoid: 0, plane: 0 };

    /// Rounds a length to quanta, once.
    pub fn of(length: Length) -> Self {
        // Through 64 bits where they suffice, which is far quicker: to four thousand kilometres.
        let quanta = |m: f64| match m / QUANTUM_M {
            exact if exact.abs() < (1u64 << 62) as f64 => i128::from(rounded(exact)),
            exact => exact.round() as i128,
        };
        Self { ellipsoid: quanta(length.ellipsoid.0), plane: quanta(length.plane.0) }
    }

    /// The sum in metres.
    pub fn length(self) -> Length {
        let metres = |quanta: i128| Metres(quanta as f64 * QUANTUM_M);
        Length { ellipsoid: metres(self.ellipsoid), plane: metres(self.plane) }
    }

    /// Its share of one of `parts` equal parts; the first parts take what does not divide.
    pub fn part(self, index: usize, parts: usize) -> Self {
        let part = |quanta: i128| {
            let (index, parts) = (index as i128, parts.max(1) as i128);
            quanta.div_euclid(parts) + i128::from(index < quanta.rem_euclid(parts))
        };
        Self { ellipsoid: part(self.ellipsoid), plane: part(self.plane) }
    }

    /// So many times as much.
    pub fn times(self, count: usize) -> Self {
        Self { ellipsoid: self.ellipsoid * count as i128, plane: self.plane * count as i128 }
    }
}

impl AddAssign for LengthSum {
    fn add_assign(&mut self, other: Self) {
        self.ellipsoid += other.ellipsoid;
        self.plane += other.plane;
    }
}

impl Sub for LengthSum {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self { ellipsoid: self.ellipsoid - other.ellipsoid, plane: self.plane - other.plane }
    }
}

/// The nearest whole number, halves away from nought. `round` is a call into the mathematics library on older processors.
fn rounded(exact: f64) -> i64 {
    let whole = exact as i64;
    let rest = exact - whole as f64;
    whole + i64::from(rest >= 0.5) - i64::from(rest <= -0.5)
}

/// An edge from its lesser point to its greater, so that its length is the same to the last bit whichever way a line
/// runs along it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edge {
    /// The western end; of an upright edge the southern.
    pub from: Point,
    /// The other end.
    pub to: Point,
}

impl Edge {
    /// The edge between two points.
    pub fn between(a: Point, b: Point) -> Self {
        if (a.x, a.y) <= (b.x, b.y) { Self { from: a, to: b } } else { Self { from: b, to: a } }
    }

    /// What leads from its beginning to its end, in units.
    fn span(self) -> (f64, f64) {
        (grid::units(self.to.x - self.from.x), grid::units(self.to.y - self.from.y))
    }

    /// The place that is `t` of the way along it, in units.
    fn at(self, t: f64) -> (f64, f64) {
        let (dx, dy) = self.span();
        (grid::units(self.from.x) + t * dx, grid::units(self.from.y) + t * dy)
    }

    /// How many pieces it is integrated in.
    fn pieces(self) -> u32 {
        let (dx, dy) = self.span();
        let squared = dx * dx + dy * dy;
        if squared <= PIECE_UNITS * PIECE_UNITS { 1 } else { (squared.sqrt() / PIECE_UNITS).ceil() as u32 }
    }

    /// The block that a piece is measured by: that of its middle.
    fn block(self, piece: u32) -> (i64, i64) {
        let (x, y) = self.at((f64::from(piece) + 0.5) / f64::from(self.pieces()));
        block_of(Tile::holding(Point::new(grid::steps(x), grid::steps(y))))
    }
}

/// The metric tensor over a block.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Metric {
    e: Quadratic,
    f: Quadratic,
    g: Quadratic,
}

impl Metric {
    fn fit(block: (i64, i64), ellipsoid: Ellipsoid, to_degrees: &ToDegrees<'_>) -> Self {
        let samples = places_of(block).map(|column| {
            column.map(|(x, y)| {
                let Slopes { longitude, latitude, latitude_rad } = Slopes::at(x, y, to_degrees);
                let (parallel, meridian) = ellipsoid.radii_m(latitude_rad);
                let (east, north) = (
                    (parallel * longitude.0, meridian * latitude.0),
                    (parallel * longitude.1, meridian * latitude.1),
                );
                let product = |a: (f64, f64), b: (f64, f64)| a.0 * b.0 + a.1 * b.1;
                [product(east, east), product(east, north), product(north, north)]
            })
        });
        let part = |i: usize| Quadratic::through(&samples.map(|column| column.map(|tensor| tensor[i])));
        Self { e: part(0), f: part(1), g: part(2) }
    }

    /// Metres of ground along a step at a place, given from the block's centre.
    fn metres(&self, (x, y): (f64, f64), (dx, dy): (f64, f64)) -> f64 {
        let Self { e, f, g } = self;
        (e.at(x, y) * dx * dx + 2.0 * f.at(x, y) * dx * dy + g.at(x, y) * dy * dy).sqrt()
    }
}

/// Offset of the two places of Gauss's rule from the middle, as a share of the piece.
const GAUSS: f64 = 0.288_675_134_594_812_9;

/// The metric of a plane, block by block as lines come to them. What it says of a block depends on the block alone.
#[derive(Debug, Clone)]
pub struct LengthModel {
    ellipsoid: Ellipsoid,
    unit_m: f64,
    blocks: HashMap<(i64, i64), Metric>,
    /// The block that was asked for last.
    recent: Option<((i64, i64), Metric)>,
}

impl LengthModel {
    /// Of a CRS whose unit is `unit_m` metres. No block is known yet.
    pub fn new(ellipsoid: Ellipsoid, unit_m: f64) -> Self {
        Self { ellipsoid, unit_m, blocks: HashMap::new(), recent: None }
    }

    /// Makes the blocks known that an edge needs.
    pub fn learn(&mut self, edge: Edge, to_degrees: &ToDegrees<'_>) {
        for piece in 0..edge.pieces() {
            let (block, ellipsoid) = (edge.block(piece), self.ellipsoid);
            if self.recent.is_none_or(|(known, _)| known != block) {
                let fit = || Metric::fit(block, ellipsoid, to_degrees);
                self.recent = Some((block, *self.blocks.entry(block).or_insert_with(fit)));
            }
        }
    }

    /// Metres of ground in one unit at a place, the mean of two directions. Working planes are conformal, or so nearly
    /// over a county that this will do: a scale that is off by 10⁻⁵ moves a boundary at 500 m by 5 mm.
    pub fn metres_per_unit(&mut self, place: Point, to_degrees: &ToDegrees<'_>) -> f64 {
        let mut rate = |to: Point| {
            let edge = Edge::between(place, to);
            self.learn(edge, to_degrees);
            self.length(edge, 0.0, 1.0).ellipsoid.0 / PROBE_UNITS
        };
        let probe = grid::steps(PROBE_UNITS);
        (rate(Point::new(place.x + probe, place.y)) + rate(Point::new(place.x, place.y + probe))) / 2.0
    }

    /// How many blocks are known.
    pub fn known(&self) -> usize {
        self.blocks.len()
    }

    /// Forgets all blocks.
    pub fn forget(&mut self) {
        self.blocks.clear();
        self.recent = None;
    }

    /// Length of an edge between two shares of the way along it. Where a block is not known, or lies where the
    /// projection has no ground, the length on the ellipsoid is `NaN`. O(1 + length).
    pub fn length(&mut self, edge: Edge, from: f64, to: f64) -> Length {
        let (dx, dy) = edge.span();
        let plane = (dx * dx + dy * dy).sqrt() * self.unit_m * (to - from);
        let pieces = edge.pieces();
        let bound = |t: f64| ((t * f64::from(pieces)) as u32).min(pieces - 1);
        let mut ellipsoid = 0.0;
        for piece in bound(from)..=bound(to) {
            let begins = f64::from(piece) / f64::from(pieces);
            let ends = f64::from(piece + 1) / f64::from(pieces);
            let (begins, ends) = (begins.max(from), ends.min(to));
            if begins < ends {
                ellipsoid += self.integral(edge, piece, begins, ends);
            }
        }
        Length { ellipsoid: Metres(ellipsoid), plane: Metres(plane) }
    }

    /// The metric of a block, if it is known.
    fn of(&mut self, block: (i64, i64)) -> Option<((i64, i64), Metric)> {
        if self.recent.is_none_or(|(known, _)| known != block) {
            self.recent = Some((block, *self.blocks.get(&block)?));
        }
        self.recent
    }

    /// The length of what lies in one piece.
    fn integral(&mut self, edge: Edge, piece: u32, from: f64, to: f64) -> f64 {
        let Some((block, metric)) = self.of(edge.block(piece)) else { return f64::NAN };
        let (cx, cy) = block_centre(block);
        let rate = |t: f64| {
            let (x, y) = edge.at(t);
            metric.metres((x - cx, y - cy), edge.span())
        };
        let (middle, width) = ((from + to) / 2.0, to - from);
        (rate(middle - GAUSS * width) + rate(middle + GAUSS * width)) / 2.0 * width
    }
}
