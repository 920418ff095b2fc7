//! The borders of the zones in small cells, so that a line is split where it crosses them, and a place is told which
//! zones hold it.
//!
//! In: prepared zones. Out: [`Borders`]. An edge that comes near no border is not cut, and whose it is was mostly told
//! for the edge before it.
//!
//! # On the border (界线上)
//! Two zones seldom record one border to the last bit: a vertex of the one lies on an edge of the other, rounded.
//! What lies within [`BORDER_STEPS`] of a border, a micrometre, therefore lies *on* it. A place on a border is held
//! once by all zones together that it borders: by all of them in equal parts where it is part of a line, by the first
//! of them in file order where it is a point. At the outer border that is the one zone there.

use std::collections::HashMap;

use crate::geometry::grid::{Point, Shape};
use crate::geometry::length::Edge;
use crate::geometry::tile::{TILE_STEPS, Tile};
use crate::prepare::{ZonePiece, Zones};

/// How near a border, in grid steps, a place lies on it: 2¹⁰, just under a micrometre. A coordinate of forty million
/// metres is rounded to some nanometres.
pub const BORDER_STEPS: i64 = 1 << 10;

/// Cells along a side of a work tile.
const CELLS: i64 = 8;
/// Side of a cell in steps.
const CELL_STEPS: i64 = TILE_STEPS / CELLS;

/// Column and row of a cell.
type Cell = (i64, i64);

/// Zones that hold a place, each list in file order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Holders {
    /// Those it lies inside of; more than one where zones overlap.
    pub inside: Vec<u32>,
    /// Those whose border it lies on.
    pub border: Vec<u32>,
}

impl Holders {
    /// How often the place is held: once by every zone it lies inside of, and once by those it borders together.
    pub fn count(&self) -> usize {
        self.inside.len() + usize::from(!self.border.is_empty())
    }
}

/// An edge of a zone's outline.
#[derive(Debug, Clone, Copy)]
struct Border {
    zone: u32,
    edge: Edge,
}

/// The borders of all zones, by cells.
#[derive(Debug)]
pub struct Borders<'z> {
    zones: &'z Zones,
    borders: Vec<Border>,
    cells: HashMap<Cell, Vec<u32>>,
    /// The cells that hold any border: the least column and row, and the greatest.
    range: Range,
}

/// Buffers of one thread that splits lines.
#[derive(Debug, Default)]
pub struct Cuts {
    near: Vec<u32>,
    at: Vec<f64>,
    holders: Holders,
    /// The cells at the ends of the last edge that came near no border, and the zones that hold all of them.
    plain: Option<([Cell; 2], Holders)>,
}

/// Cells from a least column and row to the greatest, all included.
#[derive(Debug, Clone, Copy)]
struct Range {
    low: Cell,
    high: Cell,
}

impl Range {
    const NONE: Self = Self { low: (i64::MAX, i64::MAX), high: (i64::MIN, i64::MIN) };
    const ALL: Self = Self { low: (i64::MIN, i64::MIN), high: (i64::MAX, i64::MAX) };

    fn with(self, cell: Cell) -> Self {
        Self {
            low: (self.low.0.min(cell.0), self.low.1.min(cell.1)),
            high: (self.high.0.max(cell.0), self.high.1.max(cell.1)),
        }
    }
}

fn cell_of(p: Point) -> Cell {
    (p.x.div_euclid(CELL_STEPS), p.y.div_euclid(CELL_STEPS))
}

/// The cells within a range that an edge comes near, column by column.
fn cells_along(edge: Edge, range: Range, mut each: impl FnMut(Cell)) {
    const MARGIN: i64 = 2 * BORDER_STEPS;
    let (from, to) = (edge.from, edge.to);
    let (low, high) = (from.y.min(to.y), from.y.max(to.y));
    let slope = if to.x > from.x { (to.y - from.y) as f64 / (to.x - from.x) as f64 } else { 0.0 };
    let first = (from.x - MARGIN).div_euclid(CELL_STEPS).max(range.low.0);
    let last = (to.x + MARGIN).div_euclid(CELL_STEPS).min(range.high.0);
    for column in first..=last {
        let (mut south, mut north) = (low, high);
        if to.x > from.x {
            let height = |x: i64| from.y + ((x.clamp(from.x, to.x) - from.x) as f64 * slope) as i64;
            let west = height(column * CELL_STEPS - MARGIN);
            let east = height((column + 1) * CELL_STEPS + MARGIN);
            (south, north) = (west.min(east).max(low), west.max(east).min(high));
        }
        let rows = (south - MARGIN).div_euclid(CELL_STEPS).max(range.low.1)
            ..=(north + MARGIN).div_euclid(CELL_STEPS).min(range.high.1);
        rows.for_each(|row| each((column, row)));
    }
}

impl<'z> Borders<'z> {
    /// Of all zones. O(points + cells along them).
    pub fn new(zones: &'z Zones) -> Self {
        let mut all = Self { zones, borders: Vec::new(), cells: HashMap::new(), range: Range::NONE };
        for (index, zone) in zones.zones().iter().enumerate() {
            each_edge(zone.shape(), |edge| all.add(Border { zone: index as u32, edge }));
        }
        all
    }

    /// How many zones there are.
    pub fn zones(&self) -> usize {
        self.zones.zones().len()
    }

    fn add(&mut self, border: Border) {
        let number = self.borders.len() as u32;
        self.borders.push(border);
        cells_along(border.edge, Range::ALL, |cell| {
            self.cells.entry(cell).or_default().push(number);
            self.range = self.range.with(cell);
        });
    }

    /// Which zones hold a place. O(edges of the zones in its tile).
    pub fn hold(&self, place: Point, holders: &mut Holders) {
        let Holders { inside, border } = holders;
        inside.clear();
        border.clear();
        let near = self.cells.get(&cell_of(place)).map_or(&[][..], Vec::as_slice);
        let near = near.iter().map(|&number| self.borders[number as usize]);
        border.extend(near.filter(|near| is_on(place, near.edge)).map(|near| near.zone));
        border.sort_unstable();
        border.dedup();
        for (zone, piece) in self.zones.in_tile(Tile::holding(place)) {
            let zone = *zone as u32;
            let holds = match piece {
                ZonePiece::Whole => true,
                ZonePiece::Part(shape) => winds_around(shape, place),
            };
            if holds && !border.contains(&zone) {
                inside.push(zone);
            }
        }
    }

    /// Splits an edge along the borders and gives the stretches of it, as shares of the way along it, with the zones
    /// that hold each. O(1) for an edge that comes near no border.
    pub fn split(&self, edge: Edge, cuts: &mut Cuts, mut each: impl FnMut(f64, f64, &Holders)) {
        let ends = [cell_of(edge.from), cell_of(edge.to)];
        let known = cuts.plain.as_ref().is_some_and(|(cells, _)| ends.iter().any(|end| cells.contains(end)));
        if !(known && ends[0] == ends[1]) {
            cuts.near.clear();
            cells_along(edge, self.range, |cell| {
                cuts.near.extend(self.cells.get(&cell).into_iter().flatten());
            });
            if !cuts.near.is_empty() {
                return self.split_near(edge, cuts, each);
            }
        }
        // Cells without a border and next to each other lie in the same zones.
        let (cells, holders) = cuts.plain.get_or_insert_default();
        if !known {
            self.hold(edge.from, holders);
        }
        *cells = ends;
        each(0.0, 1.0, holders);
    }

    /// The same, near those borders that stand in `cuts`.
    fn split_near(&self, edge: Edge, cuts: &mut Cuts, mut each: impl FnMut(f64, f64, &Holders)) {
        let Cuts { near, at, holders, .. } = cuts;
        near.sort_unstable();
        near.dedup();
        at.clear();
        at.extend([0.0, 1.0]);
        near.iter().for_each(|&number| cut(edge, self.borders[number as usize].edge, at));
        at.sort_unstable_by(f64::total_cmp);
        at.dedup();
        for stretch in at.windows(2) {
            self.hold(along(edge, (stretch[0] + stretch[1]) / 2.0), holders);
            each(stretch[0], stretch[1], holders);
        }
    }
}

fn each_edge(shape: &Shape, mut each: impl FnMut(Edge)) {
    for ring in shape.rings() {
        let ends = ring.iter().skip(1).chain(ring.first());
        ring.iter().zip(ends).for_each(|(from, to)| each(Edge::between(*from, *to)));
    }
}

/// The grid point nearest to a share of the way along an edge.
fn along(edge: Edge, t: f64) -> Point {
    let between = |from: i64, to: i64| from + ((to - from) as f64 * t).round() as i64;
    Point::new(between(edge.from.x, edge.to.x), between(edge.from.y, edge.to.y))
}

/// What leads from one point to another.
fn step(from: Point, to: Point) -> (i128, i128) {
    (i128::from(to.x - from.x), i128::from(to.y - from.y))
}

fn cross(a: (i128, i128), b: (i128, i128)) -> i128 {
    a.0 * b.1 - a.1 * b.0
}

fn dot(a: (i128, i128), b: (i128, i128)) -> i128 {
    a.0 * b.0 + a.1 * b.1
}

fn length(a: (i128, i128)) -> f64 {
    (a.0 as f64).hypot(a.1 as f64)
}

/// Whether a place lies on an edge.
fn is_on(place: Point, edge: Edge) -> bool {
    let (whole, way) = (step(edge.from, edge.to), step(edge.from, place));
    let passed = dot(whole, way);
    if passed <= 0 {
        length(way) <= BORDER_STEPS as f64
    } else if passed >= dot(whole, whole) {
        length(step(edge.to, place)) <= BORDER_STEPS as f64
    } else {
        (cross(whole, way) as f64).abs() <= BORDER_STEPS as f64 * length(whole)
    }
}

/// Where a border cuts an edge: where both cross, and where an end of the border lies on it.
fn cut(edge: Edge, border: Edge, at: &mut Vec<f64>) {
    let (way, line) = (step(edge.from, edge.to), step(border.from, border.to));
    let ends = [border.from, border.to].map(|end| step(edge.from, end));
    let [first, second] = ends.map(|end| cross(way, end));
    let before = cross(line, step(border.from, edge.from));
    let after = cross(line, step(border.from, edge.to));
    let apart = |a: i128, b: i128| (a > 0 && b > 0) || (a < 0 && b < 0);
    let mut add = |t: f64| at.extend((t > 0.0 && t < 1.0).then_some(t));
    if before != after && !apart(before, after) && !apart(first, second) {
        add(before as f64 / (before - after) as f64);
    }
    for (end, off) in ends.into_iter().zip([first, second]) {
        if (off as f64).abs() <= BORDER_STEPS as f64 * length(way) {
            add(dot(way, end) as f64 / dot(way, way) as f64);
        }
    }
}

/// Whether a clean shape encloses a place; of a place on an upright or level border, the western or southern one
/// counts as inside, so that the pieces of tiles that border on each other have every place once. Exact.
fn winds_around(shape: &Shape, place: Point) -> bool {
    let mut inside = false;
    each_edge(shape, |edge| {
        let (a, b) = (edge.from, edge.to);
        if (a.y > place.y) != (b.y > place.y) {
            let (low, high) = if a.y < b.y { (a, b) } else { (b, a) };
            inside ^= cross(step(low, high), step(low, place)) > 0;
        }
    });
    inside
}
