//! A part of a raster measured: some of its bands, kept apart, so that parts merge to the whole in any order.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::measure::zonal::moments::Moments;
use crate::measure::zonal::sums::{CellSum, ZoneSums};
use crate::measure::zonal::work::{self, Piece, Sums};

/// What zones have of a band.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
struct Band {
    /// By zone, without moments.
    sums: BTreeMap<u32, ZoneSums>,
    /// By zone and block.
    moments: BTreeMap<(u32, u32), Moments>,
}

/// Some bands of a raster measured within all zones, a band being a row of blocks.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Part {
    bands: BTreeMap<u32, Band>,
}

/// Two parts say different things of a band that both hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Differ {
    /// Which band.
    pub band: u32,
}

impl Part {
    /// From sums by band and zone, and moments by zone and block; so many blocks lie in a band.
    pub(super) fn new(bands: &BTreeSet<u32>, sums: Sums, pieces: Vec<Piece>, across: u32) -> Self {
        let mut part = Self { bands: bands.iter().map(|&band| (band, Band::default())).collect() };
        for ((band, zone), sums) in sums {
            part.bands.entry(band).or_default().sums.insert(zone, sums);
        }
        for (zone, block, moments) in pieces {
            part.bands.entry(block / across.max(1)).or_default().moments.insert((zone, block), moments);
        }
        part
    }

    /// Whether it holds a band.
    pub fn holds(&self, band: u32) -> bool {
        self.bands.contains_key(&band)
    }

    /// Adds another part of the same measurement; a band that both hold counts once.
    ///
    /// # Errors
    /// Where they say different things of a band; this is then left as it was.
    pub fn join(&mut self, other: Self) -> Result<(), Differ> {
        let differs = other.bands.iter().find(|(band, there)| match self.bands.get(band) {
            Some(here) => here != *there,
            None => false,
        });
        if let Some((&band, _)) = differs {
            return Err(Differ { band });
        }
        for (band, there) in other.bands {
            if let Entry::Vacant(place) = self.bands.entry(band) {
                place.insert(there);
            }
        }
        Ok(())
    }

    /// Adds all bands up, to what each zone has, whose ground outside the raster is given.
    pub fn add_up(self, outside: impl Iterator<Item = CellSum>) -> Vec<ZoneSums> {
        let (mut sums, mut pieces) = (Vec::new(), Vec::new());
        for (number, band) in self.bands {
            sums.extend(band.sums.into_iter().map(|(zone, sums)| ((number, zone), sums)));
            pieces.extend(band.moments.into_iter().map(|((zone, block), moments)| (zone, block, moments)));
        }
        work::add_up(outside, sums, pieces)
    }
}
