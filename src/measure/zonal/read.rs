//! Reads a raster once for all zones, block by block, on as many threads as the caller is on.

use std::collections::BTreeSet;

use crate::measure::zonal::cover::Cover;
use crate::measure::zonal::part::Part;
use crate::measure::zonal::rule::Steps;
use crate::measure::zonal::sieve::{self, Stretches};
use crate::measure::zonal::sums::ZoneSums;
use crate::measure::zonal::work::{self, Found};
use crate::measure::{MeasureError, Watch};
use crate::survey::raster::{Frame, Raster};

pub use crate::measure::zonal::key::Key;

/// So many values are kept at a time by a thread, unless the caller says otherwise; each takes some hundred bytes.
pub const MOST_VALUES: usize = 1 << 21;

/// What is asked of a raster.
#[derive(Debug, Clone, Copy)]
pub enum Ask<'a> {
    /// How much of each value.
    Classes,
    /// How much for which a condition holds, and how much for which it does not.
    Where(&'a Steps),
    /// What the values come to.
    Statistics {
        /// Whether the values themselves are kept, which quantiles need.
        quantiles: bool,
    },
}

/// Which raster, over which zones, for what.
pub struct Request<'a> {
    /// The zones on the raster's grid.
    pub cover: &'a Cover,
    /// The raster.
    pub raster: &'a dyn Raster,
    /// A raster of weights on the same grid, for statistics.
    pub weights: Option<&'a dyn Raster>,
    /// What is asked.
    pub ask: Ask<'a>,
    /// How many values, or classes, of all zones a thread may keep; see [`MOST_VALUES`].
    pub most: usize,
}

/// Measures a raster within all zones. Each block that a zone reaches into is read once; where quantiles are asked for
/// and there are more different values than may be kept, again for each time that they are told apart more closely.
///
/// # Errors
/// Where the raster cannot be read, has too many classes, or the person stops it.
pub fn measure(request: &Request<'_>, watch: &dyn Watch) -> Result<Vec<ZoneSums>, MeasureError> {
    let Found { sums, pieces, mut bits } = work::read(request, None, None, watch)?;
    let mut sums = work::add_up(request.cover.outside(), sums, pieces);
    let classes: usize = sums.iter().map(|sums| sums.classes.len()).sum();
    if classes > request.most {
        return Err(work::too_many(request, false));
    }
    while bits > 0 {
        let starts = sieve::sought(&sums);
        let closer = work::read(request, Some(Stretches { starts: &starts, bits }), None, watch)?;
        bits = closer.bits;
        sieve::refine(&mut sums, &starts, work::add_up(request.cover.outside(), closer.sums, closer.pieces));
    }
    Ok(sums)
}

/// Measures some bands of a raster, a band being a row of blocks. Any parts that together have all of [`bands`] merge to
/// what [`measure`] gives.
///
/// # Errors
/// As of [`measure`]; also where there are more values than may be kept, for a part is read once.
pub fn part(request: &Request<'_>, bands: &BTreeSet<u32>, watch: &dyn Watch) -> Result<Part, MeasureError> {
    let found = work::read(request, None, Some(bands), watch)?;
    let across = request.raster.frame().blocks()[0] as u32;
    Ok(Part::new(bands, found.sums, found.pieces, across))
}

/// The bands of a raster into which zones reach, in order.
pub fn bands(cover: &Cover, frame: &Frame) -> Vec<u32> {
    let across = frame.blocks()[0];
    let lists = cover.by_block(frame.block);
    let reached = lists.chunks(across).map(|band| band.iter().any(|zones| !zones.is_empty()));
    (0u32..).zip(reached).filter_map(|(band, reached)| reached.then_some(band)).collect()
}
