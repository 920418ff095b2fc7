//! The reader that takes every raster: windows of a band, one open dataset a thread.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use gdal::raster::{GdalDataType, GdalType, RasterBand};
use gdal::{Dataset, DatasetOptions, GdalOpenFlags, Metadata};

use super::{cause, crs, ready};
use crate::layers::raster::error::RasterError;
use crate::layers::raster::stored::{Stored, StoredBand, block, nodata, placed, prepare};
use crate::survey::SourceFault;
use crate::survey::raster::{Block, BlockReader, CellKind, Cells, Frame};

/// A stored block beyond this many bytes is refused: GDAL holds it whole.
const LARGEST_BLOCK: u64 = 256 << 20;

/// Opens a band; `reason` is why the program does not read it itself.
pub(in crate::layers) fn raster(
    name: &str,
    path: &Path,
    band: Option<usize>,
    reason: &str,
) -> Result<Stored, RasterError> {
    ready().map_err(|cause| RasterError::CannotOpen { file: name.to_owned(), cause })?;
    tracing::info!(raster = name, reason, "read through GDAL");
    let dataset = dataset(name, path)?;
    let (number, count) = (band.unwrap_or(1), dataset.raster_count());
    if number == 0 || number > count {
        return Err(RasterError::NoBand { file: name.to_owned(), band: number, bands: count });
    }
    let about = |i: usize| dataset.rasterband(i).and_then(|b| b.description()).unwrap_or_default();
    let last = dataset.rasterband(count).map_err(|e| cannot(name, e))?;
    let alpha = last.color_interpretation().name() == "Alpha";
    let band = dataset.rasterband(number).map_err(|e| cannot(name, e))?;
    let frame = frame(name, &dataset, &band, number)?;
    let flags = band.mask_flags().map_err(|e| cannot(name, e))?;
    let band = GdalBand {
        name: name.to_owned(),
        path: path.to_owned(),
        number,
        masked: (flags.is_per_dataset() || flags.is_alpha()) && !flags.is_nodata(),
        frame,
    };
    let srs = dataset.spatial_ref().ok();
    Ok(Stored {
        band: Arc::new(band),
        number,
        bands: (1..=count).map(about).collect(),
        alpha,
        own: false,
        crs: srs.and_then(|srs| crs::of_layer(&srs)),
    })
}

fn dataset(name: &str, path: &Path) -> Result<Dataset, RasterError> {
    let opening = DatasetOptions {
        open_flags: GdalOpenFlags::GDAL_OF_RASTER | GdalOpenFlags::GDAL_OF_READONLY,
        ..DatasetOptions::default()
    };
    Dataset::open_ex(path, opening).map_err(|e| cannot(name, e))
}

fn cannot(name: &str, error: gdal::errors::GdalError) -> RasterError {
    RasterError::CannotOpen { file: name.to_owned(), cause: cause(error) }
}

fn frame(name: &str, dataset: &Dataset, band: &RasterBand, number: usize) -> Result<Frame, RasterError> {
    let (columns, rows) = band.size();
    let file = || name.to_owned();
    let kind = kind(band).ok_or_else(|| RasterError::Complex { file: file(), band: number })?;
    let (across, down) = band.block_size();
    let bytes = (across as u64).saturating_mul(down as u64).saturating_mul(size(kind));
    if bytes > LARGEST_BLOCK {
        return Err(RasterError::BlockTooLarge { file: file(), bytes });
    }
    let transform = dataset.geo_transform().map_err(|_| RasterError::NotPlaced { file: file() })?;
    Ok(Frame {
        columns,
        rows,
        block: block(columns, rows, [across, down]),
        transform: placed(name, transform)?,
        kind,
        nodata: stated_nodata(band, kind).map(|value| nodata(kind, value)),
        scale: band.scale().unwrap_or(1.0),
        offset: band.offset().unwrap_or(0.0),
    })
}

/// What cells are stored as; `None` where they are complex. GDAL before 3.7 has signed bytes as bytes with a remark.
fn kind(band: &RasterBand) -> Option<CellKind> {
    let signed = || band.metadata_item("PIXELTYPE", "IMAGE_STRUCTURE").is_some_and(|t| t == "SIGNEDBYTE");
    // SAFETY: the handle is valid as long as the band.
    let ordinal = unsafe { gdal_sys::GDALGetRasterDataType(band.c_rasterband()) };
    Some(match GdalDataType::try_from(ordinal).ok()? {
        GdalDataType::UInt8 if signed() => CellKind::I8,
        GdalDataType::UInt8 => CellKind::U8,
        GdalDataType::UInt16 => CellKind::U16,
        GdalDataType::Int16 => CellKind::I16,
        GdalDataType::UInt32 => CellKind::U32,
        GdalDataType::Int32 => CellKind::I32,
        GdalDataType::UInt64 => CellKind::U64,
        GdalDataType::Int64 => CellKind::I64,
        GdalDataType::Float32 => CellKind::F32,
        GdalDataType::Float64 => CellKind::F64,
        other => return (other.name() == "Int8").then_some(CellKind::I8),
    })
}

/// Bytes of a cell.
fn size(kind: CellKind) -> u64 {
    match kind {
        CellKind::U8 | CellKind::I8 => 1,
        CellKind::U16 | CellKind::I16 => 2,
        CellKind::U32 | CellKind::I32 | CellKind::F32 => 4,
        CellKind::U64 | CellKind::I64 | CellKind::F64 => 8,
    }
}

fn stated_nodata(band: &RasterBand, kind: CellKind) -> Option<f64> {
    match kind {
        CellKind::U64 => band.no_data_value_u64().map(|value| value as f64),
        CellKind::I64 => band.no_data_value_i64().map(|value| value as f64),
        _ => band.no_data_value(),
    }
}

/// A band that GDAL reads.
#[derive(Debug)]
struct GdalBand {
    name: String,
    path: PathBuf,
    number: usize,
    /// Whether a mask or an alpha band says which cells hold data.
    masked: bool,
    frame: Frame,
}

impl StoredBand for GdalBand {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn reader(self: Arc<Self>) -> Result<Box<dyn BlockReader>, RasterError> {
        let dataset = dataset(&self.name, &self.path)?;
        Ok(Box::new(Reader { dataset, band: self, mask: Vec::new() }))
    }
}

struct Reader {
    dataset: Dataset,
    band: Arc<GdalBand>,
    /// The mask of a block, as GDAL gives it.
    mask: Vec<u8>,
}

impl BlockReader for Reader {
    fn read(&mut self, column: usize, row: usize, block: &mut Block) -> Result<(), SourceFault> {
        let window = self.band.frame.window(column, row);
        self.window(window, block).map_err(|error| {
            let fault = RasterError::BrokeOff { file: self.band.name.clone(), window, cause: cause(error) };
            SourceFault::from(fault)
        })
    }
}

impl Reader {
    fn window(&mut self, window: ([usize; 2], [usize; 2]), block: &mut Block) -> gdal::errors::Result<()> {
        let count = window.1[0] * window.1[1];
        let band = self.dataset.rasterband(self.band.number)?;
        prepare(&mut block.cells, self.band.frame.kind, count);
        block.size = window.1;
        match &mut block.cells {
            Cells::U8(cells) => read(&band, window, cells),
            Cells::I8(cells) => read_signed(&band, window, cells),
            Cells::U16(cells) => read(&band, window, cells),
            Cells::I16(cells) => read(&band, window, cells),
            Cells::U32(cells) => read(&band, window, cells),
            Cells::I32(cells) => read(&band, window, cells),
            Cells::U64(cells) => read(&band, window, cells),
            Cells::I64(cells) => read(&band, window, cells),
            Cells::F32(cells) => read(&band, window, cells),
            Cells::F64(cells) => read(&band, window, cells),
        }?;
        block.valid.clear();
        if self.band.masked {
            self.mask.resize(count, 0);
            read(&band.open_mask_band()?, window, &mut self.mask)?;
            block.valid.extend(self.mask.iter().map(|&value| value != 0));
        }
        Ok(())
    }
}

fn read<T: GdalType + Copy>(
    band: &RasterBand,
    (first, size): ([usize; 2], [usize; 2]),
    cells: &mut [T],
) -> gdal::errors::Result<()> {
    let size = (size[0], size[1]);
    band.read_into_slice((first[0] as isize, first[1] as isize), size, size, cells, None)
}

/// Signed bytes, which GDAL before 3.7 takes for bytes and later ones for numbers of their own.
fn read_signed(
    band: &RasterBand,
    window: ([usize; 2], [usize; 2]),
    cells: &mut [i8],
) -> gdal::errors::Result<()> {
    if band.band_type() == GdalDataType::UInt8 {
        let mut bytes = vec![0_u8; cells.len()];
        read(band, window, &mut bytes)?;
        cells.iter_mut().zip(bytes).for_each(|(cell, byte)| *cell = byte as i8);
    } else {
        let mut wide = vec![0_i16; cells.len()];
        read(band, window, &mut wide)?;
        cells.iter_mut().zip(wide).for_each(|(cell, value)| *cell = value as i8);
    }
    Ok(())
}
