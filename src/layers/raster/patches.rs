//! A raster as a layer of patches, so that it is a cover like any other: its cells are united with polygons and not
//! added to them, filtered by `where`, mapped to classes, and split by the towns exactly at the towns' lines.
//!
//! In: a raster and [`CellSettings`]. Out: a [`StoredLayer`] of polygons with one field, `value`: the value of a class
//! raster, or 1 where a height or an index reaches its threshold. Cells without data have the value null, so that their
//! ground is unmapped: neither green nor silently not green.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::finding::Finding;
use crate::geometry::stacks::{self, Corner};
use crate::layers::error::LayerError;
use crate::layers::open::Description;
use crate::layers::raster::error::RasterError;
use crate::layers::raster::{self, RasterFile, threshold};
use crate::layers::rows::{Cell, Row, Rows, Seen, StoredLayer, Taker};
use crate::project::settings::{CellSettings, IndexSettings, LayerSettings, RasterSettings, Threshold};
use crate::survey::raster::{Block, BlockReader, Raster};
use crate::survey::{Batch, Figure, RingKind};

/// Rows of cells whose outlines are drawn together, at least.
const ROWS: usize = 64;
/// More different values than this are no classes.
const MOST_CLASSES: usize = 1024;
/// What stands for cells without data while outlines are drawn.
const NO_DATA: i64 = i64::MIN;

/// Endings of files that are rasters.
const ENDINGS: [&str; 6] = ["tif", "tiff", "vrt", "img", "asc", "jp2"];

/// Whether settings name a raster: they say so, or the file's ending does.
pub(in crate::layers) fn is_raster(settings: &LayerSettings) -> bool {
    let ending = settings.file.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    settings.raster.is_some() || ending.is_some_and(|ending| ENDINGS.contains(&ending.as_str()))
}

/// A raster that was opened as a layer.
pub(in crate::layers) struct Opened {
    pub name: String,
    /// The files that it is read from.
    pub paths: Vec<PathBuf>,
    pub layer: Arc<dyn StoredLayer>,
    /// What was noticed.
    pub findings: Vec<Finding>,
}

/// Opens a raster as a layer of patches.
pub(in crate::layers) fn open(folder: &Path, settings: &LayerSettings) -> Result<Opened, LayerError> {
    let cells = settings.raster.clone().unwrap_or_default();
    let file = || settings.file.clone();
    let file = match &cells.expression {
        Some(expression) => {
            let (expression, bands) = (expression.clone(), cells.bands.clone());
            raster::index(folder, &IndexSettings { expression, file: file(), bands })?
        }
        None => raster::open(folder, &RasterSettings { file: file(), band: cells.band })?,
    };
    let (name, paths, mut findings) = (file.name().to_owned(), file.paths().to_vec(), file.findings());
    let least = match cells.at_least {
        None => None,
        Some(Threshold::Fixed(value)) => Some(value),
        Some(Threshold::Otsu) => {
            let (value, finding) = threshold::of(&file)?;
            findings.push(finding);
            Some(value)
        }
    };
    Ok(Opened { name, paths, layer: Arc::new(Patches { file, least }), findings })
}

/// The layer.
#[derive(Debug)]
struct Patches {
    file: RasterFile,
    /// Cells from here on make patches; `None`: every value is a class.
    least: Option<f64>,
}

impl Patches {
    /// Rows of blocks that are read together.
    fn together(&self) -> usize {
        ROWS.div_ceil(self.file.frame().block[1].max(1))
    }

    fn corners(&self) -> [[f64; 2]; 4] {
        let frame = self.file.frame();
        let (columns, rows) = (frame.columns as f64, frame.rows as f64);
        [[0.0, 0.0], [columns, 0.0], [columns, rows], [0.0, rows]].map(|corner| frame.place(corner))
    }
}

impl StoredLayer for Patches {
    fn describe(&self) -> Result<Description, LayerError> {
        let corners = self.corners();
        let least = |k: usize| corners.iter().map(|c| c[k]).fold(f64::INFINITY, f64::min);
        let most = |k: usize| corners.iter().map(|c| c[k]).fold(f64::NEG_INFINITY, f64::max);
        Ok(Description {
            fields: vec![CellSettings::FIELD.to_owned()],
            crs: self.file.crs().cloned(),
            extent: Some([least(0), least(1), most(0), most(1)]),
            features: None,
            geometry: "Polygon".to_owned(),
        })
    }

    fn frame(&self) -> Option<([[f64; 2]; 4], u64)> {
        let frame = self.file.frame();
        Some((self.corners(), (frame.columns as u64).saturating_mul(frame.rows as u64)))
    }

    fn stretches(&self) -> usize {
        self.file.frame().blocks()[1].div_ceil(self.together())
    }

    fn rows(&self, stretch: usize, _: &[usize]) -> Result<Box<dyn Rows + '_>, LayerError> {
        let frame = self.file.frame();
        let reader = self.file.reader().map_err(|e| self.file.broken(&e))?;
        let first = stretch * self.together();
        let rows = [first, (first + self.together()).min(frame.blocks()[1])];
        let (block, drawn, met) = (Block::default(), Vec::new().into_iter(), BTreeSet::new());
        Ok(Box::new(Reader { layer: self, reader, rows, next: 0, block, drawn, met }))
    }
}

/// Reads the patches of some rows of blocks, one column of blocks after the other.
struct Reader<'l> {
    layer: &'l Patches,
    reader: Box<dyn BlockReader + 'l>,
    /// The first row of blocks, and the one after the last.
    rows: [usize; 2],
    /// The column of blocks that is next.
    next: usize,
    block: Block,
    drawn: std::vec::IntoIter<Patch>,
    /// The classes so far.
    met: BTreeSet<i64>,
}

/// An outline in the CRS of the raster.
struct Patch {
    /// The number of its first cell in the raster, counted row by row.
    cell: i64,
    value: i64,
    outline: Vec<[f64; 2]>,
}

impl Reader<'_> {
    /// Draws the patches of a column of blocks.
    fn draw(&mut self, column: usize) -> Result<Vec<Patch>, LayerError> {
        let frame = self.layer.file.frame();
        let (mut cells, mut width) = (Vec::new(), 0);
        for row in self.rows[0]..self.rows[1] {
            self.reader.read(column, row, &mut self.block).map_err(|e| self.layer.file.broken(&e))?;
            width = self.block.size[0];
            self.take(&mut cells)?;
        }
        let ([first_column, first_row], _) = frame.window(column, self.rows[0]);
        let mut patches = Vec::new();
        stacks::outlines(&cells, width, |value, [x, y], outline| {
            let at = |[x, y]: Corner| [first_column + x as usize, first_row + y as usize];
            let corner = |corner: &Corner| frame.place(at(*corner).map(|side| side as f64));
            let [x, y] = at([x, y]);
            let cell = (y * frame.columns + x) as i64;
            patches.push(Patch { cell, value, outline: outline.iter().map(corner).collect() });
        });
        Ok(patches)
    }

    /// Adds what the cells of the block say.
    fn take(&self, to: &mut Vec<Option<i64>>) -> Result<(), LayerError> {
        let (frame, block) = (self.layer.file.frame(), &self.block);
        for at in 0..block.size[0] * block.size[1] {
            let value = || block.cells.number(at) * frame.scale + frame.offset;
            let said = if frame.holds(block, at) { self.say(value())? } else { Some(NO_DATA) };
            to.push(said);
        }
        Ok(())
    }

    /// What a value is as that of a patch; `None` where it makes none.
    fn say(&self, value: f64) -> Result<Option<i64>, LayerError> {
        match self.layer.least {
            Some(least) => Ok((value >= least).then_some(1)),
            None if value.trunc() == value && value.abs() < 9e15 => Ok(Some(value as i64)),
            None => {
                let file = self.layer.file.name().to_owned();
                Err(LayerError::Raster(RasterError::NoClass { file, value }))
            }
        }
    }

    /// Notes a class; too many are none.
    fn meet(&mut self, value: i64) -> Result<(), LayerError> {
        if self.met.insert(value) && self.met.len() > MOST_CLASSES {
            let file = self.layer.file.name().to_owned();
            return Err(LayerError::Raster(RasterError::TooManyClasses { file, most: MOST_CLASSES }));
        }
        Ok(())
    }
}

impl Rows for Reader<'_> {
    fn each(&mut self, take: &mut Taker<'_>) -> Result<bool, LayerError> {
        loop {
            while let Some(mut patch) = self.drawn.next() {
                self.meet(patch.value)?;
                if take(&mut patch) == ControlFlow::Break(()) {
                    return Ok(true);
                }
            }
            if self.next >= self.layer.file.frame().blocks()[0] {
                return Ok(false);
            }
            self.drawn = self.draw(self.next)?.into_iter();
            self.next += 1;
        }
    }
}

impl Row for Patch {
    fn fid(&self) -> i64 {
        self.cell
    }

    fn cell(&mut self, _: usize) -> Cell<'_> {
        if self.value == NO_DATA { Cell::Null } else { Cell::Integer(self.value) }
    }

    fn figures(&mut self, wanted: Figure, _: f64, batch: &mut Batch) -> Seen {
        if wanted != Figure::Polygon {
            return Seen { others: 1, ..Seen::default() };
        }
        batch.push_ring(RingKind::Shell, self.outline.iter().copied());
        Seen { figures: 1, ..Seen::default() }
    }
}
