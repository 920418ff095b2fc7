//! A raster (栅格) as it was surveyed: cells in rows and columns, read by blocks.
//!
//! One value of this room is one band. What is made of several bands, of several sheets or of an expression over
//! bands is a [`Raster`] too, so that whoever measures need not know.

use crate::finding::Finding;
use crate::survey::SourceFault;

/// Where the cells of a raster lie together, in the working CRS.
#[derive(Debug, Clone, PartialEq)]
pub struct CellFrame {
    /// The line around them, first point not repeated.
    pub ring: Vec<[f64; 2]>,
    /// How many there are.
    pub cells: u64,
}

/// Where a raster lies, and how it is read.
#[derive(Debug, Clone, PartialEq)]
pub struct Frame {
    /// Cells in a row.
    pub columns: usize,
    /// Rows.
    pub rows: usize,
    /// A block's columns and rows; blocks at the eastern and southern edge (last column, last row) are cut off there.
    pub block: [usize; 2],
    /// The place of the corner of column *c* and row *r* in the raster's CRS is
    /// (t0 + c·t1 + r·t2, t3 + c·t4 + r·t5), as GDAL writes it.
    pub transform: [f64; 6],
    /// What its values are stored as.
    pub kind: CellKind,
    /// The stored value that stands for "no data" (无数据), as cells of this kind hold it; NaN where that is it.
    pub nodata: Option<f64>,
    /// A value is stored · scale + offset.
    pub scale: f64,
    /// See `scale`.
    pub offset: f64,
}

impl Frame {
    /// Columns and rows of blocks.
    pub fn blocks(&self) -> [usize; 2] {
        [self.columns.div_ceil(self.block[0]), self.rows.div_ceil(self.block[1])]
    }

    /// First column and row of a block, and its columns and rows.
    pub fn window(&self, column: usize, row: usize) -> ([usize; 2], [usize; 2]) {
        let first = [column * self.block[0], row * self.block[1]];
        let cut = |first: usize, side: usize, whole: usize| side.min(whole.saturating_sub(first));
        (first, [cut(first[0], self.block[0], self.columns), cut(first[1], self.block[1], self.rows)])
    }

    /// The place of a corner of cells, by column and row.
    pub fn place(&self, [column, row]: [f64; 2]) -> [f64; 2] {
        let t = &self.transform;
        [t[0] + column * t[1] + row * t[2], t[3] + column * t[4] + row * t[5]]
    }

    /// Whether a cell of a block of this raster holds data, by the block's mask and by its value.
    #[inline]
    pub fn holds(&self, block: &Block, at: usize) -> bool {
        (block.valid.is_empty() || block.valid[at]) && !stands_for_none(self.nodata, block.cells.number(at))
    }

    /// Whether another raster has the same cells, whatever they hold.
    pub fn same_cells(&self, other: &Self) -> bool {
        let cells = |frame: &Self| (frame.columns, frame.rows, frame.transform);
        cells(self) == cells(other)
    }
}

/// Whether a stored value is none: what is not a number never is one, declared or not, and the value that stands for
/// "no data" is none.
#[inline]
pub fn stands_for_none(nodata: Option<f64>, stored: f64) -> bool {
    stored.is_nan() || nodata == Some(stored)
}

/// What cells are stored as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum CellKind {
    U8,
    I8,
    U16,
    I16,
    U32,
    I32,
    U64,
    I64,
    F32,
    F64,
}

/// Stored values, row after row from the north-west of the block (of column and row numbers, not of the compass).
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Cells {
    U8(Vec<u8>),
    I8(Vec<i8>),
    U16(Vec<u16>),
    I16(Vec<i16>),
    U32(Vec<u32>),
    I32(Vec<i32>),
    U64(Vec<u64>),
    I64(Vec<i64>),
    F32(Vec<f32>),
    F64(Vec<f64>),
}

impl Cells {
    /// One of them, as it is stored.
    #[inline]
    pub fn number(&self, at: usize) -> f64 {
        match self {
            Self::U8(cells) => cells[at].into(),
            Self::I8(cells) => cells[at].into(),
            Self::U16(cells) => cells[at].into(),
            Self::I16(cells) => cells[at].into(),
            Self::U32(cells) => cells[at].into(),
            Self::I32(cells) => cells[at].into(),
            Self::U64(cells) => cells[at] as f64,
            Self::I64(cells) => cells[at] as f64,
            Self::F32(cells) => cells[at].into(),
            Self::F64(cells) => cells[at],
        }
    }
}

/// A block that was read; kept by the reader's caller and filled again and again.
#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    /// Columns and rows that it has.
    pub size: [usize; 2],
    /// Their stored values.
    pub cells: Cells,
    /// Where a mask or an alpha band says so: which cells hold data. Empty where all do, apart from `nodata`.
    pub valid: Vec<bool>,
}

impl Default for Block {
    /// Nothing yet.
    fn default() -> Self {
        Self { size: [0, 0], cells: Cells::U8(Vec::new()), valid: Vec::new() }
    }
}

/// One band of a raster that many threads may read at once.
pub trait Raster: Sync {
    /// For people: file name, and band where the file has several.
    fn name(&self) -> &str;

    /// Where it lies.
    fn frame(&self) -> &Frame;

    /// A reader for one thread.
    fn reader(&self) -> Result<Box<dyn BlockReader + '_>, SourceFault>;

    /// What was noticed when it was opened.
    fn findings(&self) -> Vec<Finding>;
}

/// Reads blocks.
pub trait BlockReader {
    /// Reads the block in this column and row of blocks. Its cells may be of another kind than those that the block
    /// held before, but are always of the frame's.
    fn read(&mut self, column: usize, row: usize, block: &mut Block) -> Result<(), SourceFault>;
}
