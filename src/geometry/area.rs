//! Areas of shapes: in the plane, and on the ellipsoid of the working CRS.
//!
//! # How the ellipsoid area comes about (椭球面积)
//! A projected plane shows every square unit of ground at a scale *s* that changes slowly: *s* = M·N·cos B ·
//! |∂(L, B)/∂(x, y)| square metres of ellipsoid per square unit of plane. Within a block of
//! [`BLOCK_TILES`] x [`BLOCK_TILES`] tiles *s* is a quadratic in x and y to better than 1e-10, so the area of a
//! shape is the integral of that quadratic over it, and by Green's theorem that is a sum over its edges
//! (the moments of a polygon). Nothing is assumed of the projection but that it is smooth, edges are straight
//! in the plane, and one pass gives plane and ellipsoid area together.
//!
//! # Sums (求和)
//! The area of a piece is rounded once to a multiple of [`QUANTUM_M2`] and from there on added as an integer:
//! exact, and the same in any order.

use std::collections::HashMap;
use std::ops::{AddAssign, Neg, Sub};

use serde::{Deserialize, Serialize};

use crate::geometry::common::FirstMoments;
use crate::geometry::ellipsoid::Ellipsoid;
use crate::geometry::grid::{Point, STEPS_PER_UNIT, Shape};
use crate::geometry::tile::{TILE_UNITS, Tile};
use crate::units::{Area, SquareMetres};

/// Areas are added as multiples of this many square metres: 2⁻²⁴, about 0.06 mm².
pub const QUANTUM_M2: f64 = 1.0 / (1u64 << 24) as f64;

/// Side of a block with one scale polynomial, in tiles.
pub const BLOCK_TILES: i64 = 8;

/// An exact sum of areas: ellipsoid and plane, each a whole number of [`QUANTUM_M2`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash, Serialize, Deserialize)]
pub struct AreaSum {
    /// On the ellipsoid.
    pub ellipsoid: i128,
    /// In the plane.
    pub plane: i128,
}

impl AreaSum {
    /// No ground.
    pub const ZERO: Self = Self { ellipsoid: 0, plane: 0 };

    /// Rounds an area to quanta, once.
    pub fn of(area: Area) -> Self {
        let quanta = |m2: f64| (m2 / QUANTUM_M2).round() as i128;
        Self { ellipsoid: quanta(area.ellipsoid.0), plane: quanta(area.plane.0) }
    }

    /// The sum in square metres.
    pub fn area(self) -> Area {
        let m2 = |quanta: i128| SquareMetres(quanta as f64 * QUANTUM_M2);
        Area { ellipsoid: m2(self.ellipsoid), plane: m2(self.plane) }
    }
}

impl AddAssign for AreaSum {
    fn add_assign(&mut self, other: Self) {
        self.ellipsoid += other.ellipsoid;
        self.plane += other.plane;
    }
}

impl Sub for AreaSum {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self { ellipsoid: self.ellipsoid - other.ellipsoid, plane: self.plane - other.plane }
    }
}

impl Neg for AreaSum {
    type Output = Self;
    fn neg(self) -> Self {
        Self::ZERO - self
    }
}

/// Turns plane coordinates of the working CRS, in place, into longitude and latitude in degrees.
pub type ToDegrees<'a> = dyn Fn(&mut [f64], &mut [f64]) + 'a;

/// The scale of ground to plane over the tiles of a run. Plain numbers: any thread may use it.
#[derive(Debug, Clone)]
pub struct AreaModel {
    square_unit_m2: f64,
    blocks: HashMap<(i64, i64), Quadratic>,
}

impl AreaModel {
    /// Prepares the model for some tiles of a CRS whose unit is `unit_m` metres.
    pub fn new(
        tiles: impl IntoIterator<Item = Tile>,
        ellipsoid: Ellipsoid,
        unit_m: f64,
        to_degrees: &ToDegrees<'_>,
    ) -> Self {
        let mut blocks = HashMap::new();
        for tile in tiles {
            let block = block_of(tile);
            blocks.entry(block).or_insert_with(|| fit(block, ellipsoid, to_degrees));
        }
        Self { square_unit_m2: unit_m * unit_m, blocks }
    }

    /// Area of a shape that lies in (or near) a tile. A tile the model was not made for has plane area only
    /// and `NaN` on the ellipsoid, which no check lets pass. O(points).
    pub fn area(&self, shape: &Shape, tile: Tile) -> Area {
        let block = block_of(tile);
        let Some(scale) = self.blocks.get(&block) else {
            let plane = SquareMetres(self.plane_m2(shape));
            return Area { ellipsoid: SquareMetres(f64::NAN), plane };
        };
        let centre = block_centre(block);
        let (mut ellipsoid, mut plane) = (0.0, 0.0);
        for ring in shape.rings() {
            let (on_ellipsoid, in_plane) = scale.ring(ring, centre);
            ellipsoid += on_ellipsoid;
            plane += in_plane;
        }
        Area { ellipsoid: SquareMetres(ellipsoid), plane: SquareMetres(plane * self.square_unit_m2) }
    }

    /// Square metres of ellipsoid in one square unit of the plane at a place in units; `NaN` where the model was not made
    /// for its tile.
    pub fn scale(&self, x: f64, y: f64) -> f64 {
        let tile = |units: f64| (units / TILE_UNITS as f64).floor() as i64;
        let block = block_of(Tile { column: tile(x), row: tile(y) });
        let centre = block_centre(block);
        self.blocks.get(&block).map_or(f64::NAN, |scale| scale.at(x - centre.0, y - centre.1))
    }

    /// Square metres in one square unit of the plane.
    pub fn square_unit_m2(&self) -> f64 {
        self.square_unit_m2
    }

    /// Area from moments in units from a corner, for ground within a cell of `side` units there.
    /// Within a cell of an eighth of a tile the scale is linear to better than 1e-10.
    pub fn of_moments(&self, moments: &FirstMoments, corner: Point, side: f64) -> Area {
        let block = block_of(Tile::holding(corner));
        let centre = block_centre(block);
        let (x, y) =
            (corner.x as f64 / STEPS_PER_UNIT - centre.0, corner.y as f64 / STEPS_PER_UNIT - centre.1);
        let ellipsoid = self.blocks.get(&block).map_or(f64::NAN, |scale| {
            let (cx, cy) = (x + side / 2.0, y + side / 2.0);
            let (east, north) = scale.slope(cx, cy);
            let at_corner = scale.at(cx, cy) - (east + north) * side / 2.0;
            at_corner * moments.one + east * moments.x + north * moments.y
        });
        Area { ellipsoid: SquareMetres(ellipsoid), plane: SquareMetres(moments.one * self.square_unit_m2) }
    }

    /// The same as [`AreaModel::area`], rounded to quanta.
    pub fn quanta(&self, shape: &Shape, tile: Tile) -> AreaSum {
        AreaSum::of(self.area(shape, tile))
    }

    /// Plane area of a shape of any size, from its exact area on the grid.
    pub fn plane_m2(&self, shape: &Shape) -> f64 {
        shape.doubled_area() as f64 / 2.0 / STEPS_PER_UNIT / STEPS_PER_UNIT * self.square_unit_m2
    }
}

pub(super) fn block_of(tile: Tile) -> (i64, i64) {
    (tile.column.div_euclid(BLOCK_TILES), tile.row.div_euclid(BLOCK_TILES))
}

/// Centre of a block in units.
pub(super) fn block_centre(block: (i64, i64)) -> (f64, f64) {
    let side = (BLOCK_TILES * TILE_UNITS) as f64;
    ((block.0 as f64 + 0.5) * side, (block.1 as f64 + 0.5) * side)
}

/// A quadratic in the offsets from a block's centre.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Quadratic {
    one: f64,
    x: f64,
    y: f64,
    xx: f64,
    xy: f64,
    yy: f64,
}

impl Quadratic {
    pub(super) fn at(&self, x: f64, y: f64) -> f64 {
        self.one + self.x * x + self.y * y + self.xx * x * x + self.xy * x * y + self.yy * y * y
    }

    fn slope(&self, x: f64, y: f64) -> (f64, f64) {
        (self.x + 2.0 * self.xx * x + self.xy * y, self.y + 2.0 * self.yy * y + self.xy * x)
    }

    /// The integral of the scale over a ring, and its plane area in square units. Sums are taken about the ring's own
    /// first point, where nothing cancels; the scale is taken about the middle of its box.
    fn ring(&self, ring: &[Point], centre: (f64, f64)) -> (f64, f64) {
        let Some(&first) = ring.first() else { return (0.0, 0.0) };
        let offset =
            |p: &Point| ((p.x - first.x) as f64 / STEPS_PER_UNIT, (p.y - first.y) as f64 / STEPS_PER_UNIT);
        let (mut sum, mut from) = (FirstMoments::default(), (0.0, 0.0));
        let (mut least, mut most) = (from, from);
        for p in &ring[1..] {
            let to = offset(p);
            sum.add_triangle(from, to);
            least = (f64::min(least.0, to.0), f64::min(least.1, to.1));
            most = (f64::max(most.0, to.0), f64::max(most.1, to.1));
            from = to;
        }
        let middle = ((least.0 + most.0) / 2.0, (least.1 + most.1) / 2.0);
        let place = (
            first.x as f64 / STEPS_PER_UNIT - centre.0 + middle.0,
            first.y as f64 / STEPS_PER_UNIT - centre.1 + middle.1,
        );
        let (scale, slope, about) =
            (self.at(place.0, place.1), self.slope(place.0, place.1), sum.seen_from(middle));
        let linear = scale * about.one + slope.0 * about.x + slope.1 * about.y;
        if (most.0 - least.0).max(most.1 - least.1) <= SMALL {
            return (linear, sum.one);
        }
        let about_middle = |p: &Point| (offset(p).0 - middle.0, offset(p).1 - middle.1);
        (linear + self.curved(ring.iter().chain([&first]).map(about_middle)), sum.one)
    }

    /// What the second powers add, from the points of a closed ring.
    fn curved(&self, mut points: impl Iterator<Item = (f64, f64)>) -> f64 {
        let (mut sum, mut from) = (0.0, points.next().unwrap_or_default());
        for (bx, by) in points {
            let (ax, ay) = from;
            let doubled = ax * by - bx * ay;
            sum += doubled * self.xx * (ax * ax + ax * bx + bx * bx) / 12.0;
            sum += doubled * self.yy * (ay * ay + ay * by + by * by) / 12.0;
            sum += doubled * self.xy * (2.0 * ax * ay + ax * by + bx * ay + 2.0 * bx * by) / 24.0;
            from = (bx, by);
        }
        sum
    }
}

/// Within a ring of no more than so many units the scale is linear to better than 2e-10 of it.
const SMALL: f64 = 256.0;

/// Fits the scale over a block to nine samples by least squares.
fn fit(block: (i64, i64), ellipsoid: Ellipsoid, to_degrees: &ToDegrees<'_>) -> Quadratic {
    let samples = places_of(block).map(|column| column.map(|(x, y)| scale_at(x, y, ellipsoid, to_degrees)));
    Quadratic::through(&samples)
}

/// Half the side of a block, in units.
const HALF: f64 = (BLOCK_TILES * TILE_UNITS) as f64 / 2.0;

/// Where a block is looked at: columns from west to east, each from south to north.
pub(super) fn places_of(block: (i64, i64)) -> [[(f64, f64); 3]; 3] {
    let (cx, cy) = block_centre(block);
    let offsets = [-1.0, 0.0, 1.0];
    offsets.map(|i| offsets.map(|j| (cx + i * HALF, cy + j * HALF)))
}

impl Quadratic {
    /// The quadratic nearest to nine samples of a block, by least squares.
    pub(super) fn through(s: &[[f64; 3]; 3]) -> Self {
        let h = HALF;
        let column = |i: usize| s[i].iter().sum::<f64>();
        let row = |j: usize| s.iter().map(|c| c[j]).sum::<f64>();
        let xx = (column(2) - 2.0 * column(1) + column(0)) / 6.0;
        let yy = (row(2) - 2.0 * row(1) + row(0)) / 6.0;
        let mean = s.iter().flatten().sum::<f64>() / 9.0;
        Self {
            one: mean - 2.0 / 3.0 * (xx + yy),
            x: (column(2) - column(0)) / 6.0 / h,
            y: (row(2) - row(0)) / 6.0 / h,
            xx: xx / (h * h),
            xy: (s[2][2] - s[2][0] - s[0][2] + s[0][0]) / 4.0 / (h * h),
            yy: yy / (h * h),
        }
    }
}

/// Step of the differences that give the scale, in units. Their truncation error is about (step / earth
/// radius)⁴ = 1e-14, the rounding of the coordinates about 1e-12.
const STEP: f64 = 2048.0;

/// Square metres of ellipsoid per square unit of plane at one place.
fn scale_at(x: f64, y: f64, ellipsoid: Ellipsoid, to_degrees: &ToDegrees<'_>) -> f64 {
    let there = Slopes::at(x, y, to_degrees);
    let jacobian = there.longitude.0 * there.latitude.1 - there.longitude.1 * there.latitude.0;
    ellipsoid.area_element_m2(there.latitude_rad) * jacobian.abs()
}

/// How longitude and latitude change, in radians per unit eastward and northward.
#[derive(Debug, Clone, Copy)]
pub(super) struct Slopes {
    pub longitude: (f64, f64),
    pub latitude: (f64, f64),
    pub latitude_rad: f64,
}

impl Slopes {
    /// At one place, by five-point differences.
    pub(super) fn at(x: f64, y: f64, to_degrees: &ToDegrees<'_>) -> Self {
        const OFFSETS: [f64; 4] = [-2.0, -1.0, 1.0, 2.0];
        const WEIGHTS: [f64; 4] = [1.0, -8.0, 8.0, -1.0];
        let mut xs = [x; 9];
        let mut ys = [y; 9];
        for (i, offset) in OFFSETS.iter().enumerate() {
            xs[i] += offset * STEP;
            ys[i + 4] += offset * STEP;
        }
        to_degrees(&mut xs, &mut ys);
        // Longitudes jump by a full turn at the date line; the ground does not.
        let here = xs[8];
        xs.iter_mut().for_each(|x| *x -= 360.0 * ((*x - here) / 360.0).round());
        let slope = |values: &[f64]| {
            let sum: f64 = values.iter().zip(WEIGHTS).map(|(v, w)| v * w).sum();
            (sum / (12.0 * STEP)).to_radians()
        };
        Self {
            longitude: (slope(&xs[..4]), slope(&xs[4..8])),
            latitude: (slope(&ys[..4]), slope(&ys[4..8])),
            latitude_rad: ys[8].to_radians(),
        }
    }
}
