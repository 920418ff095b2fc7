//! The ground of the zones in small cells, so that a patch is told quickly whether it lies wholly in one zone, and is
//! split exactly where it does not.
//!
//! In: prepared zones. Out: [`Cells`], which give what of an outline lies in each zone. A cell is a sixteenth of a
//! work tile. Most are wholly in the same zones; the rest hold the pieces of the zones there.

use std::borrow::Cow;

use rayon::prelude::*;

use crate::geometry::area::{AreaModel, BLOCK_TILES};
use crate::geometry::common::{Border, Edge, common, edges};
use crate::geometry::grid::{Bounds, Point, STEPS_PER_UNIT, Shape};
use crate::geometry::tile::{Axis, Block, Lies, TILE_STEPS, TILE_UNITS, Tile, halve, lies};
use crate::prepare::{ZonePiece, Zones};
use crate::threads::on_the_callers_threads;
use crate::units::Area;

/// Cells along a side of a work tile.
const CELLS: i64 = 8;
/// Side of a cell in steps.
const CELL_STEPS: i64 = TILE_STEPS / CELLS;
/// Side of a cell in units.
const CELL_UNITS: f64 = (TILE_UNITS / CELLS) as f64;
/// A shape of more points is hardly a rectangle.
const FEW_POINTS: usize = 16;
/// Zones cover a cell completely when they do so within this share of it.
const COMPLETE: f64 = 1e-12;

/// Which zones cover a cell or tile, or that the answer is finer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ground {
    /// All of it lies in the zones of this set.
    Same(u32),
    /// Look closer.
    Finer(u32),
}

#[derive(Debug)]
struct Mixed {
    /// The zones, each with its border here. A zone that covers all of the cell has the cell's border.
    zones: Vec<(u32, Border)>,
    /// The zones share no ground here and leave none over.
    complete: bool,
}

/// The zones' ground by cells.
#[derive(Debug)]
pub struct Cells {
    block: Option<Block>,
    columns: i64,
    tiles: Vec<Ground>,
    fine: Vec<[Ground; (CELLS * CELLS) as usize]>,
    mixed: Vec<Mixed>,
    /// Sets of zones; the first is empty.
    sets: Vec<Vec<u32>>,
}

/// What of an outline lies in each zone.
#[derive(Debug, Default)]
pub struct Shares {
    /// The zones in which it has ground, in no particular order.
    pub zones: Vec<(u32, Area)>,
    /// By how much the parts of the outline in cells that zones fill without remainder differ from the sum of what
    /// each zone has of them, in square units of the plane: nothing but rounding.
    pub residual: f64,
    edges: Vec<Edge>,
    /// Shapes whose room is used again.
    spare: Vec<Shape>,
}

impl Shares {
    fn add(&mut self, zone: u32, area: Area) {
        match self.zones.iter_mut().find(|(known, _)| *known == zone) {
            Some((_, sum)) => {
                sum.ellipsoid.0 += area.ellipsoid.0;
                sum.plane.0 += area.plane.0;
            }
            None => self.zones.push((zone, area)),
        }
    }

    /// Takes back the room of a piece that is done with.
    fn take_back(&mut self, piece: Cow<'_, Shape>) {
        if let Cow::Owned(mut piece) = piece {
            piece.clear();
            self.spare.push(piece);
        }
    }
}

/// Cells from south-west to north-east, both included, counted as tiles are.
#[derive(Debug, Clone, Copy)]
struct Range {
    first: (i64, i64),
    last: (i64, i64),
}

impl Range {
    fn single(self) -> bool {
        self.first == self.last
    }

    fn cells(self) -> impl Iterator<Item = (i64, i64)> {
        (self.first.1..=self.last.1).flat_map(move |y| (self.first.0..=self.last.0).map(move |x| (x, y)))
    }

    /// All of it.
    fn shape(self) -> Shape {
        Shape::rectangle(corner(self.first), corner((self.last.0 + 1, self.last.1 + 1)))
    }

    /// Whether a shape within it is all of it: areas on the grid are exact. Of several cells only shapes of few points are
    /// looked at.
    fn is(self, shape: &Shape) -> bool {
        let (wide, high) = (self.last.0 - self.first.0 + 1, self.last.1 - self.first.1 + 1);
        let whole = || 2 * i128::from(wide * CELL_STEPS) * i128::from(high * CELL_STEPS);
        (self.single() || shape.len() <= FEW_POINTS) && shape.doubled_area() == whole()
    }

    /// Cut in two across the longer way: the halves, and the line between them in steps.
    fn halved(self) -> (Axis, i64, Self, Self) {
        let (wide, high) = (self.last.0 - self.first.0, self.last.1 - self.first.1);
        let (mut low, mut above) = (self, self);
        if wide >= high {
            let cut = middle(self.first.0, self.last.0);
            (low.last.0, above.first.0) = (cut - 1, cut);
            (Axis::X, cut * CELL_STEPS, low, above)
        } else {
            let cut = middle(self.first.1, self.last.1);
            (low.last.1, above.first.1) = (cut - 1, cut);
            (Axis::Y, cut * CELL_STEPS, low, above)
        }
    }
}

/// Where to cut: on a tile border where there is one between.
fn middle(first: i64, last: i64) -> i64 {
    let middle = first + (last - first) / 2 + 1;
    let on_tile = middle.div_euclid(CELLS) * CELLS;
    if on_tile > first && on_tile <= last { on_tile } else { middle }
}

impl Cells {
    /// Of all zones, in parallel on the caller's threads. O(points of the zones along tiles x log cells).
    pub fn new(zones: &Zones) -> Self {
        let block = Block::around(zones.tiles());
        let columns = block.map_or(0, |b| b.last.column - b.first.column + 1);
        let rows = block.map_or(0, |b| b.last.row - b.first.row + 1);
        let mut cells = Self {
            block,
            columns,
            tiles: vec![Ground::Same(0); (columns * rows) as usize],
            fine: Vec::new(),
            mixed: Vec::new(),
            sets: vec![Vec::new()],
        };
        let tiles: Vec<Tile> = zones.tiles().collect();
        let found: Vec<TileGround> = on_the_callers_threads(|| {
            tiles.par_iter().map(|&tile| ground_of_tile(tile, zones.in_tile(tile))).collect()
        });
        for (tile, ground) in tiles.into_iter().zip(found) {
            let ground = cells.take(ground);
            if let Some(at) = cells.place(tile) {
                cells.tiles[at] = ground;
            }
        }
        cells
    }

    fn take(&mut self, tile: TileGround) -> Ground {
        match tile {
            TileGround::Same(zones) => Ground::Same(self.set(zones)),
            TileGround::Finer(cells) => {
                let mut fine = [Ground::Same(0); (CELLS * CELLS) as usize];
                for (ground, found) in fine.iter_mut().zip(cells) {
                    *ground = self.take_cell(found);
                }
                self.fine.push(fine);
                Ground::Finer(self.fine.len() as u32 - 1)
            }
        }
    }

    fn take_cell(&mut self, cell: CellGround) -> Ground {
        match cell {
            CellGround::Same(zones) => Ground::Same(self.set(zones)),
            CellGround::Mixed(mixed) => {
                self.mixed.push(mixed);
                Ground::Finer(self.mixed.len() as u32 - 1)
            }
        }
    }

    /// The number of a set of zones; mostly it is one of the newest, as neighbours follow each other.
    fn set(&mut self, zones: Vec<u32>) -> u32 {
        let known = self.sets.iter().rposition(|s| *s == zones);
        known.unwrap_or_else(|| {
            self.sets.push(zones);
            self.sets.len() - 1
        }) as u32
    }

    fn place(&self, tile: Tile) -> Option<usize> {
        let block = self.block?;
        let (column, row) = (tile.column - block.first.column, tile.row - block.first.row);
        let inside =
            column >= 0 && row >= 0 && tile.column <= block.last.column && tile.row <= block.last.row;
        inside.then_some((row * self.columns + column) as usize)
    }

    /// The smallest block of tiles around all zones; `None` where there are none.
    pub fn block(&self) -> Option<Block> {
        self.block
    }

    /// Whether any zone reaches into a tile.
    pub fn reach(&self, tile: Tile) -> bool {
        self.place(tile).is_some_and(|at| self.tiles[at] != Ground::Same(0))
    }

    fn ground(&self, cell: (i64, i64)) -> Ground {
        let tile = Tile { column: cell.0.div_euclid(CELLS), row: cell.1.div_euclid(CELLS) };
        match self.place(tile).map(|at| self.tiles[at]) {
            None => Ground::Same(0),
            Some(Ground::Same(set)) => Ground::Same(set),
            Some(Ground::Finer(fine)) => {
                let (x, y) = (cell.0.rem_euclid(CELLS), cell.1.rem_euclid(CELLS));
                self.fine[fine as usize][(y * CELLS + x) as usize]
            }
        }
    }

    /// The set of zones that all cells of a range lie in; `None` where they differ or one is mixed. Tiles that are
    /// all of one kind are looked at once.
    fn same(&self, range: Range) -> Option<u32> {
        let Ground::Same(set) = self.ground(range.first) else { return None };
        let mut y = range.first.1;
        while y <= range.last.1 {
            let mut x = range.first.0;
            let mut step_y = CELLS - y.rem_euclid(CELLS);
            while x <= range.last.0 {
                let tile = Tile { column: x.div_euclid(CELLS), row: y.div_euclid(CELLS) };
                let whole = self.place(tile).is_none_or(|at| matches!(self.tiles[at], Ground::Same(_)));
                if self.ground((x, y)) != Ground::Same(set) {
                    return None;
                }
                if whole {
                    x += CELLS - x.rem_euclid(CELLS);
                } else {
                    step_y = 1;
                    x += 1;
                }
            }
            y += step_y;
        }
        Some(set)
    }

    /// What of an outline lies in each zone: of an outline that winds once around its ground, the areas; of any
    /// other, each place counted as often as it is wound around. O(points) for most.
    pub fn share(&self, outline: &Shape, bounds: Bounds, area: &AreaModel, shares: &mut Shares) {
        shares.zones.clear();
        shares.residual = 0.0;
        let Some(block) = self.block else { return };
        let cell = |p: Point| (p.x.div_euclid(CELL_STEPS), p.y.div_euclid(CELL_STEPS));
        let first = cell(bounds.low);
        let last = cell(Point::new(bounds.high.x - 1, bounds.high.y - 1));
        let range = Range { first, last: (last.0.max(first.0), last.1.max(first.1)) };
        let outer = Range {
            first: (block.first.column * CELLS, block.first.row * CELLS),
            last: (block.last.column * CELLS + CELLS - 1, block.last.row * CELLS + CELLS - 1),
        };
        self.share_range(Cow::Borrowed(outline), range, outer, area, shares);
    }

    fn share_range(
        &self,
        outline: Cow<'_, Shape>,
        range: Range,
        outer: Range,
        area: &AreaModel,
        shares: &mut Shares,
    ) {
        let apart = range.last.0 < outer.first.0
            || range.first.0 > outer.last.0
            || range.last.1 < outer.first.1
            || range.first.1 > outer.last.1;
        if apart || outline.is_empty() {
            return shares.take_back(outline);
        }
        match self.same(range) {
            Some(0) => return shares.take_back(outline),
            Some(set) if within_a_block(range) => {
                let tile =
                    Tile { column: range.first.0.div_euclid(CELLS), row: range.first.1.div_euclid(CELLS) };
                let area = area.area(&outline, tile);
                self.sets[set as usize].iter().for_each(|&zone| shares.add(zone, area));
                return shares.take_back(outline);
            }
            _ => {}
        }
        if range.single() {
            self.share_cell(&outline, range.first, area, shares);
            return shares.take_back(outline);
        }
        let (axis, line, low, above) = range.halved();
        match lies(&outline, axis, line) {
            Lies::Below => self.share_range(outline, low, outer, area, shares),
            Lies::Above => self.share_range(outline, above, outer, area, shares),
            Lies::Across => {
                let mut below = shares.spare.pop().unwrap_or_default();
                let mut beyond = shares.spare.pop().unwrap_or_default();
                halve(&outline, axis, line, &mut below, &mut beyond);
                shares.take_back(outline);
                self.share_range(Cow::Owned(below), low, outer, area, shares);
                self.share_range(Cow::Owned(beyond), above, outer, area, shares);
            }
        }
    }

    fn share_cell(&self, piece: &Shape, cell: (i64, i64), area: &AreaModel, shares: &mut Shares) {
        let Ground::Finer(mixed) = self.ground(cell) else { return };
        let mixed = &self.mixed[mixed as usize];
        let corner = corner(cell);
        let mut border = std::mem::take(&mut shares.edges);
        edges(piece, corner, &mut border);
        let mut sum = 0.0;
        for (zone, zone_border) in &mixed.zones {
            let moments = common(&border, zone_border);
            sum += moments.one;
            if moments.one != 0.0 {
                shares.add(*zone, area.of_moments(&moments, corner, CELL_UNITS));
            }
        }
        if mixed.complete {
            let whole = piece.doubled_area() as f64 / 2.0 / STEPS_PER_UNIT / STEPS_PER_UNIT;
            shares.residual += sum - whole;
        }
        shares.edges = border;
    }
}

/// Which zones cover a tile: these all of it, or cell by cell.
enum TileGround {
    Same(Vec<u32>),
    Finer(Vec<CellGround>),
}

/// Which zones cover a cell: these all of it, or parts of it.
enum CellGround {
    Same(Vec<u32>),
    Mixed(Mixed),
}

fn ground_of_tile(tile: Tile, pieces: &[(usize, ZonePiece)]) -> TileGround {
    if pieces.iter().all(|(_, piece)| *piece == ZonePiece::Whole) {
        return TileGround::Same(pieces.iter().map(|(zone, _)| *zone as u32).collect());
    }
    let first = (tile.column * CELLS, tile.row * CELLS);
    let range = Range { first, last: (first.0 + CELLS - 1, first.1 + CELLS - 1) };
    let mut found: Vec<Vec<(u32, ZonePiece)>> = vec![Vec::new(); (CELLS * CELLS) as usize];
    for (zone, piece) in pieces {
        each_cell(piece.clone(), range, &mut |cell, piece| {
            let at = (cell.1 - first.1) * CELLS + cell.0 - first.0;
            found[at as usize].push((*zone as u32, piece));
        });
    }
    let cells = found
        .into_iter()
        .zip(0..)
        .map(|(pieces, at)| ground_of_cell((first.0 + at % CELLS, first.1 + at / CELLS), &pieces));
    TileGround::Finer(cells.collect())
}

fn ground_of_cell(cell: (i64, i64), pieces: &[(u32, ZonePiece)]) -> CellGround {
    if pieces.iter().all(|(_, piece)| *piece == ZonePiece::Whole) {
        return CellGround::Same(pieces.iter().map(|(zone, _)| *zone).collect());
    }
    let corner = corner(cell);
    let whole = Range { first: cell, last: cell }.shape();
    let (mut ground, mut border) = (0, Vec::new());
    let zones = pieces.iter().map(|(zone, piece)| {
        let piece = match piece {
            ZonePiece::Whole => &whole,
            ZonePiece::Part(piece) => piece,
        };
        ground += piece.doubled_area();
        edges(piece, corner, &mut border);
        (*zone, Border::new(&border))
    });
    let zones: Vec<_> = zones.collect();
    let shared =
        |i: usize| zones[i + 1..].iter().any(|(_, other)| common(&zones[i].1.edges(), other).one > 1e-6);
    let whole = whole.doubled_area();
    let left = (whole - ground) as f64 / whole as f64;
    let complete = left.abs() < COMPLETE && !(0..zones.len()).any(shared);
    CellGround::Mixed(Mixed { zones, complete })
}

/// Whether a range lies in one block of the area model, or little beyond.
fn within_a_block(range: Range) -> bool {
    let block = |cell: i64| cell.div_euclid(CELLS * BLOCK_TILES);
    let near = |first: i64, last: i64| last - first <= CELLS || block(first) == block(last);
    near(range.first.0, range.last.0) && near(range.first.1, range.last.1)
}

fn corner(cell: (i64, i64)) -> Point {
    Point::new(cell.0 * CELL_STEPS, cell.1 * CELL_STEPS)
}

/// Cuts what a zone covers of a range along its cells.
fn each_cell(piece: ZonePiece, range: Range, each: &mut impl FnMut((i64, i64), ZonePiece)) {
    let shape = match piece {
        ZonePiece::Part(shape) if shape.is_empty() => return,
        ZonePiece::Part(shape) if !range.is(&shape) => shape,
        _ => return range.cells().for_each(|cell| each(cell, ZonePiece::Whole)),
    };
    if range.single() {
        return each(range.first, ZonePiece::Part(shape));
    }
    let (axis, line, low, above) = range.halved();
    match lies(&shape, axis, line) {
        Lies::Below => each_cell(ZonePiece::Part(shape), low, each),
        Lies::Above => each_cell(ZonePiece::Part(shape), above, each),
        Lies::Across => {
            let (mut below, mut beyond) = (Shape::default(), Shape::default());
            halve(&shape, axis, line, &mut below, &mut beyond);
            each_cell(ZonePiece::Part(below), low, each);
            each_cell(ZonePiece::Part(beyond), above, each);
        }
    }
}
