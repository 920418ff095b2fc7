//! Weights of cells from a second raster on the same grid, whose blocks may be others.

use crate::measure::zonal::keys::Meaning;
use crate::survey::SourceFault;
use crate::survey::raster::{Block, BlockReader, Raster};

/// Reads the weights of any window.
pub(super) struct WeightReader<'r> {
    raster: &'r dyn Raster,
    reader: Box<dyn BlockReader + 'r>,
    meaning: Meaning,
    block: Block,
    weights: Vec<f64>,
}

impl<'r> WeightReader<'r> {
    pub(super) fn open(raster: &'r dyn Raster) -> Result<Self, SourceFault> {
        Ok(Self {
            reader: raster.reader()?,
            meaning: Meaning::of(raster.frame()),
            block: Block::default(),
            weights: Vec::new(),
            raster,
        })
    }

    /// The weights of a window, row after row; NaN where there is none. Reads every block that it meets.
    pub(super) fn window(&mut self, first: [usize; 2], size: [usize; 2]) -> Result<&[f64], SourceFault> {
        let frame = self.raster.frame();
        self.weights.clear();
        self.weights.resize(size[0] * size[1], f64::NAN);
        let blocks = |axis: usize| {
            first[axis] / frame.block[axis]..(first[axis] + size[axis]).div_ceil(frame.block[axis])
        };
        for row in blocks(1) {
            for column in blocks(0) {
                self.reader.read(column, row, &mut self.block)?;
                let (origin, _) = frame.window(column, row);
                self.copy(origin, first, size);
            }
        }
        Ok(&self.weights)
    }

    fn copy(&mut self, origin: [usize; 2], first: [usize; 2], size: [usize; 2]) {
        let has = self.block.size;
        let range = |axis: usize| {
            let start = origin[axis].max(first[axis]);
            start..(origin[axis] + has[axis]).min(first[axis] + size[axis])
        };
        for row in range(1) {
            for column in range(0) {
                let at = (row - origin[1]) * has[0] + column - origin[0];
                let held = self.raster.frame().holds(&self.block, at);
                let to = (row - first[1]) * size[0] + column - first[0];
                self.weights[to] =
                    if held { self.meaning.value(self.block.cells.number(at)) } else { f64::NAN };
            }
        }
    }
}
