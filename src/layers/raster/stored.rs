//! What is known of a raster file once it is opened, whoever reads it.

use std::fmt::Debug;
use std::sync::Arc;

use crate::layers::crs::Crs;
use crate::layers::raster::error::RasterError;
use crate::survey::raster::{BlockReader, CellKind, Cells, Frame};

/// One band of a raster file that is read as often as asked. It holds no open file.
pub(in crate::layers) trait StoredBand: Debug + Send + Sync {
    /// Where it lies.
    fn frame(&self) -> &Frame;

    /// Opens the file for one thread.
    fn reader(self: Arc<Self>) -> Result<Box<dyn BlockReader>, RasterError>;
}

/// A raster file that was opened, and one band of it.
#[derive(Debug, Clone)]
pub(in crate::layers) struct Stored {
    /// The band.
    pub band: Arc<dyn StoredBand>,
    /// Its number, from 1.
    pub number: usize,
    /// Descriptions of all bands, in file order; empty texts where there is none.
    pub bands: Vec<String>,
    /// Whether the last band is an alpha band.
    pub alpha: bool,
    /// Whether our own reader reads it.
    pub own: bool,
    /// The CRS that it declares.
    pub crs: Option<Crs>,
}

/// Cells that a block should have at least, so that starting one costs nothing.
const BLOCK_CELLS: usize = 1 << 18;
/// Cells beyond which a stored block is read in parts, and how many such a part has.
const MOST_CELLS: usize = 1 << 22;
const PART_CELLS: usize = 1 << 20;

/// Columns and rows of the blocks that a raster is read by, from those that it is stored in: whole stored blocks,
/// several of them where they are small, rows of one where it is very large. O(1).
pub(in crate::layers) fn block(columns: usize, rows: usize, stored: [usize; 2]) -> [usize; 2] {
    let stored = [stored[0].clamp(1, columns.max(1)), stored[1].clamp(1, rows.max(1))];
    let cells = stored[0].saturating_mul(stored[1]);
    if cells > MOST_CELLS {
        return match PART_CELLS / stored[0] {
            0 => [PART_CELLS, 1],
            rows => [stored[0], rows],
        };
    }
    if cells >= BLOCK_CELLS {
        return stored;
    }
    if stored[0] == columns {
        let several = (BLOCK_CELLS / cells).max(1);
        return [columns, (stored[1].saturating_mul(several)).min(rows)];
    }
    let several = (512 / stored[0]).max(1);
    let across = stored[0].saturating_mul(several).min(columns);
    let down = (BLOCK_CELLS / (across * stored[1])).max(1);
    [across, stored[1].saturating_mul(down).min(rows)]
}

/// A geotransform whose cells have a size, or the reason why they have none.
pub(in crate::layers) fn placed(file: &str, transform: [f64; 6]) -> Result<[f64; 6], RasterError> {
    let [_, a, b, _, c, d] = transform;
    let size = a * d - b * c;
    let sound = transform.iter().all(|t| t.is_finite()) && size.is_finite() && size != 0.0;
    sound.then_some(transform).ok_or_else(|| RasterError::BadTransform { file: file.to_owned(), transform })
}

/// The value that stands for "no data", as cells of this kind can hold it: a 32-bit float is rounded as they are.
pub(in crate::layers) fn nodata(kind: CellKind, value: f64) -> f64 {
    let rounded = f64::from(value as f32);
    if kind == CellKind::F32 && rounded.is_finite() { rounded } else { value }
}

/// Makes the cells be of a kind and so many; what they held stays in no order. The buffer is kept where it fits.
pub(in crate::layers) fn prepare(cells: &mut Cells, kind: CellKind, count: usize) {
    macro_rules! fit {
        ($($kind:ident $zero:literal),*) => {
            match (kind, &mut *cells) {
                $((CellKind::$kind, Cells::$kind(held)) => held.resize(count, $zero),)*
                $((CellKind::$kind, _) => *cells = Cells::$kind(vec![$zero; count]),)*
            }
        };
    }
    fit!(U8 0, I8 0, U16 0, I16 0, U32 0, I32 0, U64 0, I64 0, F32 0.0, F64 0.0);
}
