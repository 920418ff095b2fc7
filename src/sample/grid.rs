//! The grid under the county: cells with shifted corners and bent sides that neighbours share.
//!
//! Any cell can be drawn alone: a corner and a side depend on their own place and the seed only. Outlines of
//! sets of cells are chained from the same sides, so they share every vertex with their neighbours.

use std::collections::{BTreeMap, BTreeSet};

use geo::{Coord, LineString, Polygon};

use super::chance::Chance;
use super::line::{bent, to_millimetre};
use super::terrain::smooth;

/// How far a corner is shifted for itself, as a share of the side of a cell.
const SHIFT: f64 = 0.14;
/// How far corners drift together, and over how many cells the drift changes.
const DRIFT: f64 = 1.1;
const DRIFT_CELLS: f64 = 3.7;
/// Share of the sides that are halved five times; the others four. Mean 18.75 edges a side, 75 a cell.
const FINER: f64 = 0.17;

/// A cell, or the corner at its south-west: column and row.
pub type Place = (u32, u32);

/// Where a side leads from its first corner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Axis {
    /// To the corner in the next column.
    East,
    /// To the corner in the next row.
    North,
}

/// A side shared by two cells: its first corner and where it leads.
pub type Side = (Place, Axis);

/// A side on the way round an area that lies to the left.
#[derive(Debug, Clone, Copy)]
struct Step {
    side: Side,
    forward: bool,
}

/// The grid: its size, the side of a cell in metres and the place of its first corner.
#[derive(Debug, Clone)]
pub struct Grid {
    pub columns: u32,
    pub rows: u32,
    pub cell_m: f64,
    pub origin: Coord,
    pub chance: Chance,
}

impl Grid {
    /// Every cell, row by row.
    pub fn cells(&self) -> impl Iterator<Item = Place> + use<> {
        let columns = self.columns;
        (0..self.rows).flat_map(move |row| (0..columns).map(move |column| (column, row)))
    }

    /// Position of a cell in lists of all cells.
    pub fn index(&self, cell: Place) -> usize {
        cell.1 as usize * self.columns as usize + cell.0 as usize
    }

    /// The cell that a place lies in, before corners are shifted.
    pub fn cell_at(&self, at: Coord) -> Place {
        let off = (at - self.origin) / self.cell_m;
        ((off.x as u32).min(self.columns - 1), (off.y as u32).min(self.rows - 1))
    }

    /// The middle of a cell, before corners are shifted.
    pub fn middle(&self, cell: Place) -> Coord {
        self.origin + Coord { x: f64::from(cell.0) + 0.5, y: f64::from(cell.1) + 0.5 } * self.cell_m
    }

    /// The cells that share a side with a cell: south, east, north, west.
    pub fn neighbours(&self, (column, row): Place) -> impl Iterator<Item = Place> + use<> {
        let (columns, rows) = (self.columns, self.rows);
        let around = [
            (column, row.wrapping_sub(1)),
            (column + 1, row),
            (column, row + 1),
            (column.wrapping_sub(1), row),
        ];
        around.into_iter().filter(move |(c, r)| *c < columns && *r < rows)
    }

    /// Where a corner lies: on the square grid, moved by smooth chance along with its neighbours and by its own.
    fn corner(&self, corner: Place) -> Coord {
        let square = Coord { x: f64::from(corner.0), y: f64::from(corner.1) };
        let own = self.chance.of("corner").at(corner.0.into()).at(corner.1.into());
        let moved = |axis: u64| {
            let drift = smooth(square / DRIFT_CELLS, self.chance.of("drift").at(axis)) - 0.5;
            own.at(axis).signed() * SHIFT + drift * DRIFT
        };
        to_millimetre(self.origin + (square + Coord { x: moved(0), y: moved(1) }) * self.cell_m)
    }

    /// The line of a side, both ends included; `variant` 0 is the border, others are other drawings of it.
    pub fn line(&self, (from, axis): Side, variant: u64) -> Vec<Coord> {
        let chance = self.chance.of("side").at(from.0.into()).at(from.1.into()).at(axis as u64);
        let levels = if chance.of("finer").unit() < FINER { 5 } else { 4 };
        bent(self.corner(from), self.corner(end(from, axis)), chance.at(variant), levels)
    }

    /// The four sides of a cell counter-clockwise from the south; the last two are walked backward.
    pub fn sides((column, row): Place) -> [Side; 4] {
        [
            ((column, row), Axis::East),
            ((column + 1, row), Axis::North),
            ((column, row + 1), Axis::East),
            ((column, row), Axis::North),
        ]
    }

    /// The two cells of a side, the one to the left of its direction first; `None` beyond the grid.
    pub fn beside(&self, ((column, row), axis): Side) -> [Option<Place>; 2] {
        let inside = |cell: Place| (cell.0 < self.columns && cell.1 < self.rows).then_some(cell);
        match axis {
            Axis::East => [inside((column, row)), inside((column, row.wrapping_sub(1)))],
            Axis::North => [inside((column.wrapping_sub(1), row)), inside((column, row))],
        }
    }

    /// The ring of one cell, each side drawn by `line`.
    pub fn ring(cell: Place, line: impl Fn(Side) -> Vec<Coord>) -> LineString<f64> {
        let [south, east, north, west] = Self::sides(cell);
        let steps = [(south, true), (east, true), (north, false), (west, false)];
        closed(steps.map(|(side, forward)| Step { side, forward }), line)
    }

    /// The outline of cells that hang together by sides, and its holes.
    pub fn outline(&self, cells: &BTreeSet<Place>) -> Polygon<f64> {
        let mut rim = rim(cells);
        let mut rings = Vec::new();
        while let Some((_, &first)) = rim.first_key_value() {
            rings.push(closed(walk(&mut rim, first), |side| self.line(side, 0)));
        }
        // A shell runs counter-clockwise and holes clockwise: the shell alone encloses a positive area.
        let shell = rings.iter().position(|ring| area_m2(ring) > 0.0).map(|at| rings.swap_remove(at));
        Polygon::new(shell.unwrap_or(LineString::new(Vec::new())), rings)
    }
}

/// The corner that a side leads to.
fn end((column, row): Place, axis: Axis) -> Place {
    match axis {
        Axis::East => (column + 1, row),
        Axis::North => (column, row + 1),
    }
}

impl Step {
    fn ends(self) -> (Place, Place) {
        let (from, axis) = self.side;
        if self.forward { (from, end(from, axis)) } else { (end(from, axis), from) }
    }

    /// Quarter turns from the east.
    fn heading(self) -> u32 {
        match (self.side.1, self.forward) {
            (Axis::East, true) => 0,
            (Axis::North, true) => 1,
            (Axis::East, false) => 2,
            (Axis::North, false) => 3,
        }
    }
}

/// Steps by the corner each starts at and its heading.
type Rim = BTreeMap<(Place, u32), Step>;

/// The sides between the cells and the rest, cells to the left.
fn rim(cells: &BTreeSet<Place>) -> Rim {
    let mut rim = Rim::new();
    for &(column, row) in cells {
        let (below, before) = (row.wrapping_sub(1), column.wrapping_sub(1));
        let across = [(column, below), (column + 1, row), (column, row + 1), (before, row)];
        for (k, (side, other)) in Grid::sides((column, row)).into_iter().zip(across).enumerate() {
            if !cells.contains(&other) {
                let step = Step { side, forward: k < 2 };
                rim.insert((step.ends().0, step.heading()), step);
            }
        }
    }
    rim
}

/// Takes one closed way out of the rim. Where two ways meet it turns left and so stays with its own cell.
fn walk(rim: &mut Rim, first: Step) -> Vec<Step> {
    let mut way = Vec::new();
    let mut step = first;
    loop {
        way.push(step);
        let from = step.ends().1;
        let leftmost = |(_, heading): &(Place, u32)| (step.heading() + 5 - heading) % 4;
        let next = rim.range((from, 0)..=(from, 3)).map(|(key, _)| *key).min_by_key(leftmost);
        match next.and_then(|key| rim.remove(&key)) {
            Some(next) if next.side != first.side => step = next,
            _ => return way,
        }
    }
}

/// The ring of a closed way.
fn closed(way: impl IntoIterator<Item = Step>, line: impl Fn(Side) -> Vec<Coord>) -> LineString<f64> {
    let mut ring = Vec::new();
    for Step { side, forward } in way {
        let mut vertices = line(side);
        if !forward {
            vertices.reverse();
        }
        vertices.pop();
        ring.append(&mut vertices);
    }
    ring.extend(ring.first().copied());
    LineString::new(ring)
}

/// The area a closed ring encloses in square metres, positive where it runs counter-clockwise.
pub fn area_m2(ring: &LineString<f64>) -> f64 {
    let origin = ring.0.first().copied().unwrap_or_default();
    let cross = |w: &[Coord]| {
        let (a, b) = (w[0] - origin, w[1] - origin);
        a.x * b.y - a.y * b.x
    };
    ring.0.windows(2).map(cross).sum::<f64>() / 2.0
}
