//! Parts of a raster over zones: some rows of blocks each, which merge to the table of the whole, to the last bit.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::analysis::zonal::table::{Head, Request, Zonal};
use crate::measure::zonal::part::Part;
use crate::measure::zonal::read;
use crate::measure::{MeasureError, Watch};

/// The part with this number, from 1, of so many of about one size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// Which.
    pub number: u32,
    /// Of how many.
    pub of: u32,
}

/// A part of a raster measured over zones, with all that the table of the whole needs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Partial {
    head: Head,
    /// The rows of blocks into which zones reach.
    bands: Vec<u32>,
    /// Rows of cells of the raster, and of one row of blocks.
    rows: [u32; 2],
    part: Part,
}

/// Why parts do not make one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clash {
    /// They are not of one measurement.
    Foreign,
    /// They say different things of these rows of cells, from the first to before the last.
    Rows([u32; 2]),
}

impl Partial {
    /// Measures a part of a raster.
    ///
    /// # Errors
    /// Where it cannot be read, has too many classes or values, or the person stops.
    pub fn measure(request: &Request<'_>, share: Share, watch: &dyn Watch) -> Result<Self, MeasureError> {
        let (read, frame) = (request.read(), request.raster.frame());
        let bands = read::bands(read.cover, frame);
        let end = |number: u32| bands.len() * number.min(share.of) as usize / share.of.max(1) as usize;
        let mine: BTreeSet<u32> =
            bands[end(share.number.saturating_sub(1))..end(share.number)].iter().copied().collect();
        let part = read::part(&read, &mine, watch)?;
        let rows = [frame.rows, frame.block[1]].map(|rows| rows as u32);
        Ok(Self { head: Head::of(request), bands, rows, part })
    }

    /// Adds another part; rows that both hold count once.
    ///
    /// # Errors
    /// See [`Clash`].
    pub fn join(&mut self, other: Self) -> Result<(), Clash> {
        if (&self.head, &self.bands, self.rows) != (&other.head, &other.bands, other.rows) {
            return Err(Clash::Foreign);
        }
        self.part.join(other.part).map_err(|differ| Clash::Rows(self.rows_of(differ.band)))
    }

    /// The rows of cells that are missing from the whole.
    pub fn missing(&self) -> Vec<[u32; 2]> {
        let missing = self.bands.iter().filter(|band| !self.part.holds(**band));
        missing.map(|&band| self.rows_of(band)).collect()
    }

    /// Into how many rows of blocks zones reach.
    pub fn bands(&self) -> usize {
        self.bands.len()
    }

    /// The raster's name.
    pub fn raster(&self) -> &str {
        &self.head.raster
    }

    /// The table, once nothing is missing.
    ///
    /// # Errors
    /// Where it would have too many rows.
    pub fn table(self) -> Result<Zonal, MeasureError> {
        let outside: Vec<_> = self.head.zones.iter().map(|zone| zone.outside).collect();
        self.head.table(self.part.add_up(outside.into_iter()))
    }

    fn rows_of(&self, band: u32) -> [u32; 2] {
        let [rows, high] = self.rows;
        [band, band.saturating_add(1)].map(|band| band.saturating_mul(high).min(rows))
    }
}
