//! A threshold that a raster gives itself: where its values fall into two kinds (大津法, Otsu 1979).
//!
//! Of all cells of the raster that have data, wherever the towns lie: so it depends on the file alone, and every machine
//! finds the same. The raster is read twice, on one thread: for the least and the greatest value, then for how many
//! cells lie in each of [`BINS`] bins of one width between them.

use crate::finding::{Finding, Severity};
use crate::geometry::otsu::otsu;
use crate::layers::error::LayerError;
use crate::layers::raster::RasterFile;
use crate::layers::raster::error::RasterError;
use crate::survey::SourceFault;
use crate::survey::raster::{Block, Raster};
use crate::words;

/// Bins of the histogram.
const BINS: usize = 256;

/// The least value of the upper kind, and what is told of it. O(cells).
pub(super) fn of(file: &RasterFile) -> Result<(f64, Finding), LayerError> {
    let name = || file.name().to_owned();
    let (mut least, mut most) = (f64::INFINITY, f64::NEG_INFINITY);
    each(file, &mut |value| (least, most) = (least.min(value), most.max(value)))?;
    let width = (most - least) / BINS as f64;
    let mut histogram = [0u64; BINS];
    if width > 0.0 {
        each(file, &mut |value| histogram[(((value - least) / width) as usize).min(BINS - 1)] += 1)?;
    }
    let last = otsu(&histogram).ok_or_else(|| LayerError::Raster(RasterError::OneKind { file: name() }))?;
    let threshold = least + (last + 1) as f64 * width;
    let (cells, filled) = (histogram.iter().sum::<u64>(), histogram.iter().filter(|n| **n > 0).count());
    let sentence = words!(
        "Otsu's threshold is {threshold}: {filled} of {BINS} bins from {least} to {most} hold {cells} cells",
        "大津法阈值为 {threshold}：{least} 至 {most} 的 {BINS} 个区间中有 {filled} 个非空，共 {cells} 个像元"
    );
    Ok((threshold, Finding::new("threshold-otsu", Severity::Info, sentence).counting(cells)))
}

/// Gives every value that is a number.
fn each(file: &RasterFile, take: &mut dyn FnMut(f64)) -> Result<(), LayerError> {
    let frame = file.frame();
    let broken = |error: SourceFault| file.broken(&error);
    let (mut reader, mut block) = (file.reader().map_err(broken)?, Block::default());
    let [columns, rows] = frame.blocks();
    for (row, column) in (0..rows).flat_map(|row| (0..columns).map(move |column| (row, column))) {
        reader.read(column, row, &mut block).map_err(broken)?;
        for at in 0..block.size[0] * block.size[1] {
            let value = block.cells.number(at) * frame.scale + frame.offset;
            if frame.holds(&block, at) && value.is_finite() {
                take(value);
            }
        }
    }
    Ok(())
}
