//! Windows of a band whose blocks lie otherwise: the blocks that a window meets, some of which are kept.

use std::collections::VecDeque;

use crate::survey::SourceFault;
use crate::survey::raster::{Block, BlockReader, Frame};

/// Blocks that are kept; neighbours of one row of windows meet the same ones.
const KEPT: usize = 4;

/// Columns and rows of the corner, and how many of them.
pub(super) type Window = ([usize; 2], [usize; 2]);

/// Reads windows of one band.
pub(super) struct Windows {
    frame: Frame,
    reader: Box<dyn BlockReader>,
    kept: VecDeque<([usize; 2], Block)>,
}

impl Windows {
    pub(super) fn new(frame: Frame, reader: Box<dyn BlockReader>) -> Self {
        Self { frame, reader, kept: VecDeque::new() }
    }

    /// Gives every row of every block that a window meets: the block, where the row's cells begin in it, where they
    /// go in the window, and how many they are. The window lies within the frame.
    pub(super) fn rows(
        &mut self,
        (first, size): Window,
        take: &mut dyn FnMut(&Block, usize, usize, usize),
    ) -> Result<(), SourceFault> {
        let end = [first[0] + size[0], first[1] + size[1]];
        let [wide, high] = self.frame.block;
        for row in first[1] / high..end[1].div_ceil(high) {
            for column in first[0] / wide..end[0].div_ceil(wide) {
                let (corner, held) = self.frame.window(column, row);
                let block = self.block([column, row])?;
                let left = first[0].max(corner[0]);
                let count = end[0].min(corner[0] + held[0]) - left;
                for y in first[1].max(corner[1])..end[1].min(corner[1] + held[1]) {
                    let from = (y - corner[1]) * held[0] + left - corner[0];
                    take(block, from, (y - first[1]) * size[0] + left - first[0], count);
                }
            }
        }
        Ok(())
    }

    fn block(&mut self, at: [usize; 2]) -> Result<&Block, SourceFault> {
        let kept = self.kept.iter().position(|(place, _)| *place == at);
        let held = match kept.and_then(|i| self.kept.remove(i)) {
            Some(held) => held,
            None => {
                let full = self.kept.len() >= KEPT;
                let mut block =
                    full.then(|| self.kept.pop_front()).flatten().map_or_else(Block::default, |(_, b)| b);
                self.reader.read(at[0], at[1], &mut block)?;
                (at, block)
            }
        };
        self.kept.push_back(held);
        self.kept.back().map(|(_, block)| block).ok_or_else(|| "no block is kept".into())
    }
}
