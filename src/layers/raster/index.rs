//! An index over bands (NDVI and the like) as a raster: cells are computed when they are read.

use std::sync::Arc;

use crate::layers::raster::error::RasterError;
use crate::layers::raster::stored::{Stored, StoredBand};
use crate::layers::raster::windows::Windows;
use crate::project::expression::Expression;
use crate::survey::SourceFault;
use crate::survey::raster::{Block, BlockReader, CellKind, Cells, Frame};
use crate::words;

#[derive(Debug)]
struct Index {
    frame: Frame,
    expression: Expression,
    /// In the order of the expression.
    bands: Vec<Arc<dyn StoredBand>>,
}

/// Computes an expression over bands, which stand in its order with their names and lie alike. Values are those that
/// scale and offset give. A cell without data in one band has none.
pub(super) fn over(
    expression: &Expression,
    bands: Vec<(String, Stored)>,
) -> Result<Option<Stored>, RasterError> {
    let Some((first, model)) = bands.first().cloned() else { return Ok(None) };
    let a = model.band.frame();
    for (name, band) in &bands {
        let b = band.band.frame();
        if !a.same_cells(b) {
            let what = words!("it lies elsewhere, or has other cells", "位置或像元不同");
            return Err(RasterError::SheetsDiffer { sheet: name.clone(), first, what });
        }
    }
    let frame = Frame { kind: CellKind::F64, nodata: Some(f64::NAN), scale: 1.0, offset: 0.0, ..a.clone() };
    let bands = bands.into_iter().map(|(_, band)| band.band).collect();
    let index = Index { frame, expression: expression.clone(), bands };
    Ok(Some(Stored {
        band: Arc::new(index),
        number: 1,
        bands: vec![expression.to_string()],
        alpha: false,
        ..model
    }))
}

impl StoredBand for Index {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn reader(self: Arc<Self>) -> Result<Box<dyn BlockReader>, RasterError> {
        let open = |band: &Arc<dyn StoredBand>| {
            Arc::clone(band).reader().map(|reader| Windows::new(band.frame().clone(), reader))
        };
        let bands = self.bands.iter().map(open).collect::<Result<_, _>>()?;
        Ok(Box::new(Reader { index: self, bands, values: Vec::new() }))
    }
}

struct Reader {
    index: Arc<Index>,
    bands: Vec<Windows>,
    /// Values of each band.
    values: Vec<Vec<f64>>,
}

impl BlockReader for Reader {
    fn read(&mut self, column: usize, row: usize, block: &mut Block) -> Result<(), SourceFault> {
        let window = self.index.frame.window(column, row);
        self.values.resize(self.bands.len(), Vec::new());
        for ((windows, band), values) in self.bands.iter_mut().zip(&self.index.bands).zip(&mut self.values) {
            let frame = band.frame();
            values.clear();
            values.resize(window.1[0] * window.1[1], f64::NAN);
            windows.rows(window, &mut |from, at, place, count| {
                for (k, value) in values[place..place + count].iter_mut().enumerate() {
                    if frame.holds(from, at + k) {
                        *value = from.cells.number(at + k) * frame.scale + frame.offset;
                    }
                }
            })?;
        }
        if !matches!(block.cells, Cells::F64(_)) {
            block.cells = Cells::F64(Vec::new());
        }
        let values: Vec<&[f64]> = self.values.iter().map(Vec::as_slice).collect();
        if let Cells::F64(cells) = &mut block.cells {
            self.index.expression.values(&values, cells);
        }
        (block.size, block.valid) = (window.1, Vec::new());
        Ok(())
    }
}
