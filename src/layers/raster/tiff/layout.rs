//! How the cells of one image lie in a TIFF file: blocks (tiles or strips), bands, packing.

use super::Fault;
use super::codec::Packing;
use super::directory::{Directory, Tiff};
use crate::layers::raster::error::RasterError;
use crate::survey::raster::CellKind;
use crate::words;

/// A packed block that becomes larger than this many bytes is refused: it must be unpacked whole.
const LARGEST_BLOCK: u64 = 256 << 20;

/// What a number is stored as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Number {
    /// One bit, as masks have it.
    Bit,
    Kind(CellKind),
}

/// One image of a file.
#[derive(Debug)]
pub(super) struct Layout {
    pub columns: usize,
    pub rows: usize,
    /// Columns and rows of a stored block. All tiles are whole; a strip ends where the image ends.
    pub block: [usize; 2],
    tiled: bool,
    pub samples: usize,
    /// Whether each band lies in blocks of its own.
    pub planar: bool,
    pub number: Number,
    pub packing: Packing,
    pub predictor: u64,
    /// What the samples beyond the colours are (tag `ExtraSamples`).
    pub extra: Vec<u64>,
    offsets: Vec<u64>,
    lengths: Vec<u64>,
}

/// One stored block.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stored {
    pub offset: u64,
    /// Bytes in the file; none of a block that was left out.
    pub length: u64,
    pub rows: usize,
}

impl Layout {
    pub(super) fn of(tiff: &Tiff, directory: &Directory) -> Result<Self, Fault> {
        let first = |tag| tiff.first(directory, tag);
        let side = |value: Option<u64>| match value {
            Some(n @ 1..=0x7FFF_FFFF) => Ok(n as usize),
            _ => Err(Fault::Declined("it has no columns or rows".to_owned())),
        };
        let (columns, rows) = (side(first(256)?)?, side(first(257)?)?);
        let tiled = directory.count(322) > 0;
        let block = if tiled {
            [side(first(322)?)?, side(first(323)?)?]
        } else {
            let strip = first(278)?.unwrap_or(u64::MAX).min(rows as u64);
            [columns, side(Some(strip))?]
        };
        let (offsets, lengths) = if tiled { (324, 325) } else { (273, 279) };
        let layout = Self {
            columns,
            rows,
            block,
            tiled,
            samples: side(Some(first(277)?.unwrap_or(1)).filter(|n| *n <= 0xFFFF))?,
            planar: first(284)? == Some(2),
            number: number(tiff, directory)?,
            packing: Packing::by_number(first(259)?.unwrap_or(1))
                .map_err(|name| Fault::Declined(format!("its packing is {name}")))?,
            predictor: first(317)?.unwrap_or(1),
            extra: tiff.wholes(directory, 338)?,
            offsets: Vec::new(),
            lengths: Vec::new(),
        };
        layout.is_known(first(266)?, first(262)?)?;
        let blocks = layout.blocks();
        for tag in [offsets, lengths] {
            if directory.count(tag) != blocks {
                return Err(Fault::short("the list of blocks"));
            }
        }
        let layout = Self {
            offsets: tiff.wholes(directory, offsets)?,
            lengths: tiff.wholes(directory, lengths)?,
            ..layout
        };
        layout.fits(tiff)?;
        Ok(layout)
    }

    /// That nothing about it is odd.
    fn is_known(&self, bits_order: Option<u64>, colours: Option<u64>) -> Result<(), Fault> {
        let odd = |what: &str| Err(Fault::Declined(what.to_owned()));
        if bits_order.unwrap_or(1) != 1 {
            return odd("its bits run backwards");
        }
        if colours == Some(6) || colours.is_some_and(|c| c > 6) {
            return odd("its colours are not red, green and blue");
        }
        match (self.predictor, self.number) {
            _ if !self.packing.predicts() => Ok(()),
            (1, _) | (2, Number::Kind(_)) | (3, Number::Kind(CellKind::F32 | CellKind::F64)) => Ok(()),
            _ => odd("its predictor is not known"),
        }
    }

    /// Blocks of all bands.
    fn blocks(&self) -> u64 {
        let [across, down] = self.grid();
        let planes = if self.planar { self.samples } else { 1 };
        (across as u64).saturating_mul(down as u64).saturating_mul(planes as u64)
    }

    /// Columns and rows of blocks.
    pub(super) fn grid(&self) -> [usize; 2] {
        [self.columns.div_ceil(self.block[0]), self.rows.div_ceil(self.block[1])]
    }

    /// Samples that lie beside each other in a block.
    pub(super) fn together(&self) -> usize {
        if self.planar { 1 } else { self.samples }
    }

    /// Bytes of a number; of a bit, none.
    pub(super) fn width(&self) -> usize {
        match self.number {
            Number::Bit => 0,
            Number::Kind(kind) => super::width(kind),
        }
    }

    /// Bytes of a row of a stored block.
    pub(super) fn row_bytes(&self) -> usize {
        let numbers = self.block[0].saturating_mul(self.together());
        if self.number == Number::Bit { numbers.div_ceil(8) } else { numbers.saturating_mul(self.width()) }
    }

    /// The block in this column and row of blocks, and in the plane of this sample.
    pub(super) fn stored(&self, column: usize, row: usize, sample: usize) -> Stored {
        let [across, down] = self.grid();
        let plane = if self.planar { sample * across * down } else { 0 };
        let index = plane + row * across + column;
        let at = |list: &[u64]| list.get(index).copied().unwrap_or(0);
        let left = self.rows - (row * self.block[1]).min(self.rows);
        let rows = if self.tiled { self.block[1] } else { self.block[1].min(left) };
        let (offset, length) = (at(&self.offsets), at(&self.lengths));
        Stored { offset, length: if offset == 0 { 0 } else { length }, rows }
    }

    /// That the blocks lie within the file, are not too large, and can hold what they should. O(blocks).
    fn fits(&self, tiff: &Tiff) -> Result<(), Fault> {
        let whole = (self.row_bytes() as u64).saturating_mul(self.block[1] as u64);
        if self.packing != Packing::Plain && whole > LARGEST_BLOCK {
            let large = move |file: String| RasterError::BlockTooLarge { file, bytes: whole };
            return Err(Fault::Refused(Box::new(large)));
        }
        let outside = |(offset, length): &(&u64, &u64)| {
            **offset != 0 && **length != 0 && !tiff.bytes.holds(**offset, **length)
        };
        let outside = self.offsets.iter().zip(&self.lengths).filter(outside).count();
        if outside > 0 {
            let (blocks, length) = (self.offsets.len(), tiff.bytes.length);
            return Err(Fault::damaged(words!(
                "{outside} of its {blocks} blocks lie beyond its end ({length} bytes)",
                "{blocks} 个存储块中有 {outside} 个超出文件末尾（{length} 字节）"
            )));
        }
        Ok(())
    }
}

/// What numbers are stored as. All bands of an image are of one kind, or it is left to GDAL.
fn number(tiff: &Tiff, directory: &Directory) -> Result<Number, Fault> {
    let one = |tag: u16, missing: u64| -> Result<u64, Fault> {
        let values = tiff.wholes(directory, tag)?;
        let first = values.first().copied().unwrap_or(missing);
        let same = values.iter().all(|value| *value == first);
        same.then_some(first).ok_or_else(|| Fault::Declined("its bands are of several kinds".to_owned()))
    };
    let (bits, format) = (one(258, 1)?, one(339, 1)?);
    let kind = match (format, bits) {
        (1 | 4, 1) => return Ok(Number::Bit),
        (1 | 4, 8) => CellKind::U8,
        (1 | 4, 16) => CellKind::U16,
        (1 | 4, 32) => CellKind::U32,
        (1 | 4, 64) => CellKind::U64,
        (2, 8) => CellKind::I8,
        (2, 16) => CellKind::I16,
        (2, 32) => CellKind::I32,
        (2, 64) => CellKind::I64,
        (3, 32) => CellKind::F32,
        (3, 64) => CellKind::F64,
        (5 | 6, _) => {
            return Err(Fault::Refused(Box::new(|file| RasterError::Complex { file, band: 1 })));
        }
        _ => return Err(Fault::Declined(format!("its numbers have {bits} bits (format {format})"))),
    };
    Ok(Number::Kind(kind))
}
