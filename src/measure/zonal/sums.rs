//! Exact sums of ground by class.

use std::collections::BTreeMap;
use std::ops::AddAssign;

use serde::{Deserialize, Serialize};

use crate::geometry::area::QUANTUM_M2;
use crate::geometry::fractions::PARTS_PER_CELL;
use crate::measure::zonal::key::Key;
use crate::measure::zonal::moments::Moments;

/// The shares of the weight whose quantiles can be asked for: a tenth, a quarter, a half, three quarters, nine tenths.
pub const SHARES: [f64; 5] = [0.1, 0.25, 0.5, 0.75, 0.9];

/// Ground in cells: how many, and how large they are. Whole numbers, so that any order gives the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct CellSum {
    /// In parts of [`PARTS_PER_CELL`].
    pub parts: i128,
    /// On the ellipsoid, in multiples of [`QUANTUM_M2`].
    pub ellipsoid: i128,
}

impl CellSum {
    /// Adds so many parts of cells of one area, rounded once.
    pub fn add(&mut self, parts: i128, cell_m2: f64) {
        self.parts += parts;
        let cells = parts as f64 / PARTS_PER_CELL as f64;
        self.ellipsoid += (cells * cell_m2 / QUANTUM_M2).round() as i128;
    }

    /// In cells.
    pub fn cells(self) -> f64 {
        self.parts as f64 / PARTS_PER_CELL as f64
    }

    /// In square metres of ellipsoid.
    pub fn ellipsoid_m2(self) -> f64 {
        self.ellipsoid as f64 * QUANTUM_M2
    }
}

impl AddAssign for CellSum {
    fn add_assign(&mut self, other: Self) {
        self.parts += other.parts;
        self.ellipsoid += other.ellipsoid;
    }
}

/// What one raster has within one zone.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ZoneSums {
    /// Ground by class, in the order of [`Key`].
    pub classes: BTreeMap<Key, CellSum>,
    /// Cells that hold a value.
    pub valid: CellSum,
    /// Cells without.
    pub nodata: CellSum,
    /// Ground outside the raster.
    pub outside: CellSum,
    /// Of the values, where statistics were asked for.
    pub moments: Moments,
    /// The weight of each value, in multiples of 2⁻⁴⁰, where quantiles were asked for. Of very many values those far
    /// from any of [`SHARES`] are weighed together, under the least of them.
    pub values: BTreeMap<Key, i128>,
}

impl ZoneSums {
    /// Valid, without a value and outside together.
    pub fn whole(&self) -> CellSum {
        let mut whole = self.valid;
        whole += self.nodata;
        whole += self.outside;
        whole
    }

    /// The least value whose weight, added to that of all smaller ones, reaches a share of the whole. O(values).
    pub fn at_share(&self, share: f64) -> Option<Key> {
        let whole: i128 = self.values.values().sum();
        let wanted = share * whole as f64;
        let mut below = 0i128;
        let found = self.values.iter().find(|(_, weight)| {
            below += **weight;
            below as f64 >= wanted && **weight > 0
        });
        found.map(|(key, _)| *key)
    }

    /// Classes and values that are kept.
    pub(super) fn kept(&self) -> usize {
        self.classes.len() + self.values.len()
    }

    /// Adds what another part of the raster has. Moments are added in the order in which this is called.
    pub fn merge(&mut self, other: Self) {
        for (key, sum) in other.classes {
            *self.classes.entry(key).or_default() += sum;
        }
        for (key, weight) in other.values {
            *self.values.entry(key).or_default() += weight;
        }
        self.valid += other.valid;
        self.nodata += other.nodata;
        self.outside += other.outside;
        self.moments = self.moments.with(other.moments);
    }
}
