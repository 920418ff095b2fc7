//! Cells whose neighbours share every vertex, and blocks of them.

use super::surveys::Dice;
use crate::wkt::Ring;

/// How far corners are moved, and the middles of sides beside it, as a share of a cell.
const SHIFT: f64 = 0.17;
const BEND: f64 = 0.1;

/// Corners of cells have places that [`STEPS`] divides; what is between them lies on the sides.
const STEPS: usize = 4;

/// Cells, shifted and bent, or straight ones.
pub struct Lattice {
    cells: [usize; 2],
    size: [f64; 2],
    bent: bool,
    seed: u64,
}

/// A rectangle of cells: west, south, east, north.
#[derive(Debug, Clone, Copy)]
pub struct Block([usize; 4]);

impl Block {
    /// A cell inside it that does not touch its outline.
    pub fn inner(self) -> Option<Self> {
        let [w, s, e, n] = self.0;
        (e - w >= 3 && n - s >= 3).then_some(Self([w + 1, s + 1, w + 2, s + 2]))
    }

    /// In two along its longer side.
    fn halves(self, dice: &mut Dice) -> Option<[Self; 2]> {
        let [w, s, e, n] = self.0;
        if e - w >= n - s {
            let at = (e - w >= 2).then(|| dice.whole(w + 1, e - 1))?;
            Some([Self([w, s, at, n]), Self([at, s, e, n])])
        } else {
            let at = dice.whole(s + 1, n - 1);
            Some([Self([w, s, e, at]), Self([w, at, e, n])])
        }
    }
}

impl Lattice {
    pub fn new(dice: &mut Dice, size: [f64; 2]) -> Self {
        Self { cells: [0; 2].map(|_| dice.whole(5, 10)), size, bent: !dice.one_in(4), seed: dice.next() }
    }

    /// A partition into about so many blocks.
    pub fn blocks(&self, dice: &mut Dice, count: usize) -> Vec<Block> {
        let mut blocks = vec![Block([0, 0, self.cells[0], self.cells[1]])];
        for _ in 0..4 * count {
            if blocks.len() >= count {
                break;
            }
            let block = blocks.swap_remove(dice.whole(0, blocks.len() - 1));
            match block.halves(dice) {
                Some(halves) => blocks.extend(halves),
                None => blocks.push(block),
            }
        }
        blocks
    }

    /// The way round a block, counter-clockwise. Where sides are straight, what lies between the corners of the block
    /// is left out, so that its neighbours' corners lie on its sides.
    pub fn outline(&self, Block([w, s, e, n]): Block) -> Ring {
        let [w, s, e, n] = [w, s, e, n].map(|i| i * STEPS);
        if !self.bent {
            return [(w, s), (e, s), (e, n), (w, n)].map(|(i, j)| self.vertex(i, j)).to_vec();
        }
        let south = (w..e).map(|i| (i, s));
        let east = (s..n).map(|j| (e, j));
        let north = (w + 1..=e).rev().map(|i| (i, n));
        let west = (s + 1..=n).rev().map(|j| (w, j));
        south.chain(east).chain(north).chain(west).map(|(i, j)| self.vertex(i, j)).collect()
    }

    /// A corner, or a vertex on a side, which lies on the line between the corners but for its bend.
    fn vertex(&self, i: usize, j: usize) -> [f64; 2] {
        let (di, dj) = (i % STEPS, j % STEPS);
        let share = (di + dj) as f64 / STEPS as f64;
        let from = self.corner(i / STEPS, j / STEPS);
        let to = self.corner(i.div_ceil(STEPS), j.div_ceil(STEPS));
        let place = [0, 1].map(|axis| {
            let c = from[axis] + share * (to[axis] - from[axis]);
            let beside = (axis == 0) == (dj > 0);
            c + if share > 0.0 && beside && self.is_inside(axis, [i, j]) {
                self.moved(i, j, axis, BEND)
            } else {
                0.0
            }
        });
        [0, 1].map(|axis| place[axis] * self.size[axis] / self.cells[axis] as f64)
    }

    /// In cells.
    fn corner(&self, column: usize, row: usize) -> [f64; 2] {
        [0, 1].map(|axis| {
            let at = [column, row];
            let whole = at[axis] as f64;
            let corner = at.map(|c| c * STEPS);
            if self.is_inside(axis, corner) {
                whole + self.moved(corner[0], corner[1], axis, SHIFT)
            } else {
                whole
            }
        })
    }

    /// Whether a place may move along an axis: not off the outline of all cells.
    fn is_inside(&self, axis: usize, at: [usize; 2]) -> bool {
        at[axis] > 0 && at[axis] < self.cells[axis] * STEPS
    }

    /// The same for a place whoever asks.
    fn moved(&self, i: usize, j: usize, axis: usize, most: f64) -> f64 {
        let place = ((i * 1000 + j) * 2 + axis) as u64;
        let far = if self.bent { most } else { 0.0 };
        Dice(self.seed ^ place.wrapping_mul(0x2545_f491_4f6c_dd1d)).between(-far, far)
    }
}
