//! Many sheets (分幅) as one raster: one CRS, one size of cells, one grid. Where sheets overlap, the first that has data
//! wins. Only sheets that a block meets are opened, and few at a time.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::layers::raster::error::RasterError;
use crate::layers::raster::stored::{Stored, StoredBand, prepare};
use crate::layers::raster::windows::{Window, Windows};
use crate::survey::SourceFault;
use crate::survey::raster::{Block, BlockReader, Cells, Frame};
use crate::words;
use crate::words::Words;

/// Sheets that a thread has open.
const OPEN: usize = 8;
/// Cells that a sheet may lie beside the grid of the first.
const OFF_GRID: f64 = 0.01;

/// Sheets and where they lie.
#[derive(Debug)]
struct Mosaic {
    frame: Frame,
    sheets: Vec<Sheet>,
}

#[derive(Debug)]
struct Sheet {
    band: Arc<dyn StoredBand>,
    /// Its first column and row in the mosaic.
    first: [usize; 2],
}

/// Lays sheets beside each other, each with its name, in the order in which they win. There is at least one.
pub(super) fn lay(sheets: Vec<(String, Stored)>) -> Result<Option<Stored>, RasterError> {
    let Some((first, model)) = sheets.first().cloned() else { return Ok(None) };
    let mut corners = Vec::new();
    for (name, sheet) in &sheets {
        let corner = corner(&model, sheet).map_err(|what| RasterError::SheetsDiffer {
            sheet: name.clone(),
            first: first.clone(),
            what,
        })?;
        corners.push(corner);
    }
    let least = |axis: usize| corners.iter().map(|c| c[axis]).min().unwrap_or(0);
    let least = [least(0), least(1)];
    let placed = sheets.iter().zip(corners).map(|((_, sheet), corner)| Sheet {
        band: Arc::clone(&sheet.band),
        first: [(corner[0] - least[0]) as usize, (corner[1] - least[1]) as usize],
    });
    let placed: Vec<Sheet> = placed.collect();
    let end = |axis: usize, side: fn(&Frame) -> usize| {
        placed.iter().map(|s| s.first[axis].saturating_add(side(s.band.frame()))).max().unwrap_or(0)
    };
    let model_frame = model.band.frame();
    let mut frame = model_frame.clone();
    (frame.columns, frame.rows) = (end(0, |f| f.columns), end(1, |f| f.rows));
    frame.block = frame.block.map(|side| side.clamp(1, 1 << 10));
    let [x, y] = model_frame.place(least.map(|side| side as f64));
    (frame.transform[0], frame.transform[3]) = (x, y);
    Ok(Some(Stored { band: Arc::new(Mosaic { frame, sheets: placed }), ..model }))
}

/// The first column and row of a sheet on the grid of the first one, or why it does not fit.
fn corner(model: &Stored, sheet: &Stored) -> Result<[i64; 2], Words> {
    let (a, b) = (model.band.frame(), sheet.band.frame());
    let crs = match (&model.crs, &sheet.crs) {
        (Some(a), Some(b)) => a.same_as(b),
        (None, None) => true,
        _ => false,
    };
    if !crs {
        return Err(words!("it has another CRS", "坐标系不同"));
    }
    let same = |a: Option<f64>, b: Option<f64>| a.map(f64::to_bits) == b.map(f64::to_bits);
    if a.kind != b.kind || !same(a.nodata, b.nodata) || a.scale != b.scale || a.offset != b.offset {
        return Err(words!(
            "its cells are of another type, or have another value for no data, scale or offset",
            "像元类型、无数据值、比例或偏移不同"
        ));
    }
    let (t, u) = (&a.transform, &b.transform);
    let size = t[1] * t[5] - t[2] * t[4];
    let cells = |dx: f64, dy: f64| [(dx * t[5] - dy * t[2]) / size, (dy * t[1] - dx * t[4]) / size];
    let off = |value: f64, wanted: f64| (value - wanted).abs() > OFF_GRID;
    let (across, down) = (b.columns as f64, b.rows as f64);
    let [along_x, along_y] = cells(u[1] * across, u[4] * across);
    let [beside_x, beside_y] = cells(u[2] * down, u[5] * down);
    if off(along_x, across) || off(along_y, 0.0) || off(beside_x, 0.0) || off(beside_y, down) {
        return Err(words!("its cells are of another size", "像元大小不同"));
    }
    let corner = cells(u[0] - t[0], u[3] - t[3]);
    if corner.iter().any(|c| off(*c, c.round()) || c.abs() > 1e9) {
        return Err(words!("its cells lie beside those of the first", "像元与第一幅未对齐"));
    }
    Ok(corner.map(|c| c.round() as i64))
}

impl StoredBand for Mosaic {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn reader(self: Arc<Self>) -> Result<Box<dyn BlockReader>, RasterError> {
        Ok(Box::new(Reader { mosaic: self, open: VecDeque::new() }))
    }
}

struct Reader {
    mosaic: Arc<Mosaic>,
    /// Sheets that are open, the one used last at the end.
    open: VecDeque<(usize, Windows)>,
}

impl BlockReader for Reader {
    fn read(&mut self, column: usize, row: usize, block: &mut Block) -> Result<(), SourceFault> {
        let mosaic = Arc::clone(&self.mosaic);
        let window = mosaic.frame.window(column, row);
        let count = window.1[0] * window.1[1];
        prepare(&mut block.cells, mosaic.frame.kind, count);
        block.size = window.1;
        block.valid.clear();
        block.valid.resize(count, false);
        let mut missing = count;
        for (i, sheet) in mosaic.sheets.iter().enumerate() {
            if missing == 0 {
                break;
            }
            let frame = sheet.band.frame();
            let Some((inside, to)) = common(window, sheet.first, [frame.columns, frame.rows]) else {
                continue;
            };
            let across = window.1[0];
            let Block { cells, valid, .. } = &mut *block;
            self.sheet(i)?.rows(inside, &mut |from, at, place, count| {
                let place = (to[1] + place / inside.1[0]) * across + to[0] + place % inside.1[0];
                for k in 0..count {
                    if !valid[place + k] && frame.holds(from, at + k) {
                        copy(&from.cells, at + k, cells, place + k);
                        valid[place + k] = true;
                        missing -= 1;
                    }
                }
            })?;
        }
        if missing == 0 {
            block.valid.clear();
        }
        Ok(())
    }
}

impl Reader {
    /// An open sheet; the one that was not used for longest is closed for it.
    fn sheet(&mut self, i: usize) -> Result<&mut Windows, SourceFault> {
        let found = self.open.iter().position(|(open, _)| *open == i);
        let sheet = match found.and_then(|at| self.open.remove(at)) {
            Some(sheet) => sheet,
            None => {
                if self.open.len() >= OPEN {
                    self.open.pop_front();
                }
                let band = &self.mosaic.sheets[i].band;
                (i, Windows::new(band.frame().clone(), Arc::clone(band).reader()?))
            }
        };
        self.open.push_back(sheet);
        self.open.back_mut().map(|(_, windows)| windows).ok_or_else(|| "no sheet is open".into())
    }
}

/// What a window of the mosaic has of a sheet: a window of the sheet, and where it begins in the window.
fn common(window: Window, first: [usize; 2], size: [usize; 2]) -> Option<(Window, [usize; 2])> {
    let from = [0, 1].map(|axis| window.0[axis].max(first[axis]));
    let end = [0, 1].map(|axis| (window.0[axis] + window.1[axis]).min(first[axis] + size[axis]));
    (from[0] < end[0] && from[1] < end[1]).then(|| {
        let corner = [0, 1].map(|axis| from[axis] - first[axis]);
        let size = [0, 1].map(|axis| end[axis] - from[axis]);
        ((corner, size), [0, 1].map(|axis| from[axis] - window.0[axis]))
    })
}

/// Copies one cell between cells of one kind.
fn copy(from: &Cells, at: usize, to: &mut Cells, place: usize) {
    macro_rules! one {
        ($($kind:ident),*) => {
            match (from, to) {
                $((Cells::$kind(from), Cells::$kind(to)) => to[place] = from[at],)*
                _ => {}
            }
        };
    }
    one!(U8, I8, U16, I16, U32, I32, U64, I64, F32, F64);
}
