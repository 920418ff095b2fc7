//! The work tiles: a fixed square grid of the working CRS, and the splitting of shapes along it.
//!
//! Tiles depend on nothing but the CRS: not on the data, the threads or the memory. So what is computed per
//! tile can be computed in any order, by any thread, on any machine.

use serde::{Deserialize, Serialize};

use crate::geometry::grid::{Bounds, Point, STEPS_PER_UNIT, Shape};

/// Side of a work tile in CRS units (metres).
pub const TILE_UNITS: i64 = 1024;

/// Side of a work tile in grid steps.
pub const TILE_STEPS: i64 = TILE_UNITS * STEPS_PER_UNIT as i64;

/// A work tile by column (east) and row (north), counted from the CRS origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Tile {
    /// Counted eastward.
    pub column: i64,
    /// Counted northward.
    pub row: i64,
}

impl Tile {
    /// The tile that holds a point; a point on a border belongs to the tile east or north of it.
    pub fn holding(p: Point) -> Self {
        Self { column: p.x.div_euclid(TILE_STEPS), row: p.y.div_euclid(TILE_STEPS) }
    }

    /// South-west and north-east corners.
    pub fn bounds(self) -> Bounds {
        let low = Point::new(self.column * TILE_STEPS, self.row * TILE_STEPS);
        Bounds { low, high: Point::new(low.x + TILE_STEPS, low.y + TILE_STEPS) }
    }

    /// The tile as a shape.
    pub fn shape(self) -> Shape {
        let Bounds { low, high } = self.bounds();
        Shape::rectangle(low, high)
    }

    /// The same of a square of another side (in steps), counted as tiles are.
    pub fn square(self, side: i64) -> Shape {
        let low = Point::new(self.column * side, self.row * side);
        Shape::rectangle(low, Point::new(low.x + side, low.y + side))
    }

    /// The tile's centre.
    pub fn centre(self) -> Point {
        let low = self.bounds().low;
        Point::new(low.x + TILE_STEPS / 2, low.y + TILE_STEPS / 2)
    }
}

/// A block of tiles, the last column and row included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Block {
    /// South-west.
    pub first: Tile,
    /// North-east.
    pub last: Tile,
}

impl Block {
    /// The smallest block around some tiles; `None` when there are none.
    pub fn around(tiles: impl IntoIterator<Item = Tile>) -> Option<Self> {
        tiles.into_iter().map(|tile| Self { first: tile, last: tile }).reduce(|a, b| Self {
            first: Tile { column: a.first.column.min(b.first.column), row: a.first.row.min(b.first.row) },
            last: Tile { column: a.last.column.max(b.last.column), row: a.last.row.max(b.last.row) },
        })
    }

    /// The tiles that a rectangle reaches into; one that only touches it from the east or north is not among them.
    pub fn reached(bounds: Bounds) -> Self {
        Self::of_squares(bounds, TILE_STEPS)
    }

    /// The same of squares of another side (in steps), counted as tiles are.
    pub fn of_squares(bounds: Bounds, side: i64) -> Self {
        let holding = |x: i64, y: i64| Tile { column: x.div_euclid(side), row: y.div_euclid(side) };
        let first = holding(bounds.low.x, bounds.low.y);
        let last = holding(bounds.high.x - 1, bounds.high.y - 1);
        Self { first, last: Tile { column: last.column.max(first.column), row: last.row.max(first.row) } }
    }

    /// South-west and north-east corners.
    pub fn bounds(self) -> Bounds {
        Bounds { low: self.first.bounds().low, high: self.last.bounds().high }
    }

    /// Its tiles, row by row.
    pub fn tiles(self) -> impl Iterator<Item = Tile> {
        let columns = move || self.first.column..=self.last.column;
        (self.first.row..=self.last.row)
            .flat_map(move |row| columns().map(move |column| Tile { column, row }))
    }

    /// The tiles of both; `None` when there are none.
    pub fn common(self, other: Self) -> Option<Self> {
        let first = Tile {
            column: self.first.column.max(other.first.column),
            row: self.first.row.max(other.first.row),
        };
        let last =
            Tile { column: self.last.column.min(other.last.column), row: self.last.row.min(other.last.row) };
        (first.column <= last.column && first.row <= last.row).then_some(Self { first, last })
    }
}

/// Cuts a shape along the tile borders; gives every tile it reaches with the piece inside.
///
/// Contours are cut against one border line after another (Sutherland and Hodgman, "Reentrant polygon
/// clipping", 1974), halving the block of tiles each time, so that a long contour costs
/// O(points x log tiles). Winding is kept everywhere inside a tile; along borders a contour may run back and
/// forth, which encloses nothing.
pub fn split(shape: &Shape, mut each: impl FnMut(Tile, Shape)) {
    if let Some(block) = shape.bounds().map(Block::reached) {
        split_block(shape.clone(), block, TILE_STEPS, &mut each);
    }
}

/// The same for squares of another side (in steps), counted as tiles are.
pub fn split_in_squares(shape: Shape, side: i64, mut each: impl FnMut(Tile, Shape)) {
    if let Some(block) = shape.bounds().map(|bounds| Block::of_squares(bounds, side)) {
        split_block(shape, block, side, &mut each);
    }
}

/// The same for the tiles of one block only, so that a sea of a province costs a town no more than its own shore; cut
/// into squares of `side` tiles, counted as tiles are. A shape is cut along the same lines in the same order whatever
/// its extent, so what neighbours share they share after the cut.
pub fn split_within(shape: Shape, wanted: Block, side: i64, mut each: impl FnMut(Tile, Shape)) {
    let Some(shape) = clip(shape, wanted) else { return };
    let square = |tile: Tile| Tile { column: tile.column.div_euclid(side), row: tile.row.div_euclid(side) };
    let squares = Block { first: square(wanted.first), last: square(wanted.last) };
    split_block(shape, squares, side * TILE_STEPS, &mut each);
}

/// What of a shape lies in a block; `None` where it does not reach it. What lies inside is given back as it came.
pub fn clip(mut shape: Shape, wanted: Block) -> Option<Shape> {
    let whole = shape.bounds().map(Block::reached)?;
    whole.common(wanted)?;
    for (axis, keeps, cut, beyond) in [
        (Axis::X, Side::Above, wanted.first.column, whole.first.column < wanted.first.column),
        (Axis::X, Side::Below, wanted.last.column + 1, whole.last.column > wanted.last.column),
        (Axis::Y, Side::Above, wanted.first.row, whole.first.row < wanted.first.row),
        (Axis::Y, Side::Below, wanted.last.row + 1, whole.last.row > wanted.last.row),
    ] {
        if beyond {
            shape = keep(&shape, axis, cut * TILE_STEPS, keeps);
        }
    }
    Some(shape)
}

fn split_block(shape: Shape, block: Block, side: i64, each: &mut impl FnMut(Tile, Shape)) {
    if shape.is_empty() {
        return;
    }
    if block.first == block.last {
        return each(block.first, shape);
    }
    let (columns, rows) = (block.last.column - block.first.column, block.last.row - block.first.row);
    let (axis, cut) = if columns >= rows {
        (Axis::X, block.first.column + columns / 2 + 1)
    } else {
        (Axis::Y, block.first.row + rows / 2 + 1)
    };
    let (mut below, mut above) = (block, block);
    match axis {
        Axis::X => (below.last.column, above.first.column) = (cut - 1, cut),
        Axis::Y => (below.last.row, above.first.row) = (cut - 1, cut),
    }
    let line = cut * side;
    match lies(&shape, axis, line) {
        Lies::Below => split_block(shape, below, side, each),
        Lies::Above => split_block(shape, above, side, each),
        Lies::Across => {
            let (mut south_west, mut north_east) = (room_for(&shape), room_for(&shape));
            halve(&shape, axis, line, &mut south_west, &mut north_east);
            drop(shape);
            split_block(south_west, below, side, each);
            split_block(north_east, above, side, each);
        }
    }
}

/// A shape with room for half of another, and for the points where that is cut.
fn room_for(shape: &Shape) -> Shape {
    const CUT: usize = 8;
    Shape::of_contours(Vec::with_capacity(shape.len() / 2 + CUT), Vec::with_capacity(shape.ends().len()))
}

/// Where a shape lies as seen from an axis-parallel line; what touches the line does not lie across it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lies {
    /// West (or south) of it.
    Below,
    /// East (or north) of it.
    Above,
    /// On both sides.
    Across,
}

/// Where a shape lies as seen from a line.
pub fn lies(shape: &Shape, axis: Axis, line: i64) -> Lies {
    let along = |p: &Point| if axis == Axis::X { p.x } else { p.y };
    let (least, most) = shape.points().iter().fold((i64::MAX, i64::MIN), |(least, most), p| {
        let c = along(p);
        (least.min(c), most.max(c))
    });
    match (most <= line, least >= line) {
        (true, _) => Lies::Below,
        (_, true) => Lies::Above,
        _ => Lies::Across,
    }
}

/// Across which way a shape is cut.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Axis {
    /// West from east.
    X,
    /// South from north.
    Y,
}

/// What of a shape lies west (or south) of a line, and what lies east (or north) of it, into shapes whose room is used.
pub fn halve(shape: &Shape, axis: Axis, line: i64, below: &mut Shape, above: &mut Shape) {
    below.clear();
    above.clear();
    for ring in shape.rings() {
        let side = |p: &Point| if axis == Axis::X { p.x - line } else { p.y - line };
        let Some(last) = ring.last() else { continue };
        let (mut from, mut before) = (*last, side(last));
        let (mut below, mut above) = (below.pen(), above.pen());
        for to in ring {
            let after = side(to);
            if (before > 0 && after < 0) || (before < 0 && after > 0) {
                let crossing = crossing(from, *to, axis, line);
                below.draw(crossing);
                above.draw(crossing);
            }
            if after <= 0 {
                below.draw(*to);
            }
            if after >= 0 {
                above.draw(*to);
            }
            (from, before) = (*to, after);
        }
        let (least, most) = ring.iter().map(side).fold((0, 0), |(l, m), d| (d.min(l), d.max(m)));
        below.end(least < 0 || most == 0);
        above.end(most > 0);
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Side {
    Below,
    Above,
}

/// What of a shape lies on one side of an axis-parallel line.
fn keep(shape: &Shape, axis: Axis, line: i64, side: Side) -> Shape {
    let distance = |p: &Point| {
        let d = if axis == Axis::X { p.x - line } else { p.y - line };
        if side == Side::Below { -d } else { d }
    };
    let mut kept = Shape::default();
    for ring in shape.rings() {
        if ring.iter().all(|p| distance(p) >= 0) {
            kept.push(ring.iter().copied());
        } else if ring.iter().any(|p| distance(p) > 0) {
            kept.push(keep_ring(ring, axis, line, distance));
        }
    }
    kept
}

fn keep_ring(ring: &[Point], axis: Axis, line: i64, distance: impl Fn(&Point) -> i64) -> Vec<Point> {
    let mut kept = Vec::with_capacity(ring.len() + 4);
    let Some(mut from) = ring.last() else { return kept };
    for to in ring {
        let (before, after) = (distance(from), distance(to));
        if (before > 0 && after < 0) || (before < 0 && after > 0) {
            kept.push(crossing(*from, *to, axis, line));
        }
        if after >= 0 {
            kept.push(*to);
        }
        from = to;
    }
    kept
}

/// Where an edge crosses the line, rounded to the grid. The same point comes out whichever way the edge runs,
/// so neighbours that share the edge still share it after the cut.
fn crossing(a: Point, b: Point, axis: Axis, line: i64) -> Point {
    let (a, b) = if (a.x, a.y) <= (b.x, b.y) { (a, b) } else { (b, a) };
    let along = |a0: i64, a1: i64, b0: i64, b1: i64| {
        let (run, rise) = (i128::from(b0 - a0), i128::from(b1 - a1));
        let scaled = rise * i128::from(line - a0);
        a1 + rounded_quotient(scaled, run) as i64
    };
    match axis {
        Axis::X => Point::new(line, along(a.x, a.y, b.x, b.y)),
        Axis::Y => Point::new(along(a.y, a.x, b.y, b.x), line),
    }
}

fn rounded_quotient(numerator: i128, denominator: i128) -> i128 {
    let (n, d) = if denominator < 0 { (-numerator, -denominator) } else { (numerator, denominator) };
    (2 * n + d).div_euclid(2 * d)
}
