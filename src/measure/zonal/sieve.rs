//! Quantiles of any number of different values in bounded memory, exact all the same.
//!
//! The weight of every value is kept under its key while there is room. Where there is none, all keys lose their last
//! bits, so that values that are close to each other are weighed together; the order stays. When the raster has been
//! read it is known of each quantile within which stretch of keys it lies. The raster is read again for these
//! stretches alone, in which keys are closer, until no bit is lost. (J. I. Munro, M. S. Paterson 1980: selection
//! with limited storage in several passes.)

use std::collections::{BTreeMap, BTreeSet};

use crate::measure::zonal::key::Key;
use crate::measure::zonal::sums::{SHARES, ZoneSums};

/// Keys lose so many bits at a time.
const BITS: u32 = 4;
/// More than so many are never lost: what is left tells sixteen stretches apart, or twice as many.
const MOST_BITS: u32 = 60;

/// More values than this are told apart in several readings even where there is room: a short list is found through faster
/// than a raster is read.
pub(super) const HANDY: usize = 1 << 18;

/// Entries that are needed of each zone, so that each reading brings quantiles closer: their stretches, each in twice
/// as many as keys are brought closer by, and as many again to be coarsened by half.
pub(super) const LEAST_OF_A_ZONE: usize = (4 * SHARES.len()) << BITS;

/// Stretches of keys, zone by zone, and how many bits the keys that they start with have lost.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stretches<'s> {
    pub starts: &'s [BTreeSet<Key>],
    pub bits: u32,
}

/// Which values of a zone are kept, and how closely.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sieve<'s> {
    only: Option<(&'s BTreeSet<Key>, u32)>,
    bits: u32,
}

impl<'s> Sieve<'s> {
    /// For a zone; keys lose so many bits.
    pub(super) fn of(stretches: Option<Stretches<'s>>, zone: u32, bits: u32) -> Self {
        let only = stretches.and_then(|s| Some((s.starts.get(zone as usize)?, s.bits)));
        Self { only, bits }
    }

    /// Under what a value is kept; `None` where it lies in no stretch.
    pub(super) fn take(&self, key: Key) -> Option<Key> {
        let kept = self.only.is_none_or(|(starts, bits)| starts.contains(&key.coarse(bits)));
        kept.then(|| key.coarse(self.bits))
    }
}

/// How many bits keys have to lose, beyond those that they lost, so that at most so many are left.
pub(super) fn bits_for<'v, V: Iterator<Item = &'v BTreeMap<Key, i128>>>(
    values: impl Fn() -> V,
    mut bits: u32,
    most: usize,
) -> u32 {
    let left = |bits| values().map(|values| different(values, bits)).sum::<usize>();
    while bits < MOST_BITS && left(bits) > most {
        bits += BITS;
    }
    bits
}

fn different(values: &BTreeMap<Key, i128>, bits: u32) -> usize {
    let (mut last, mut count) = (None, 0);
    for key in values.keys() {
        let key = Some(key.coarse(bits));
        count += usize::from(last != key);
        last = key;
    }
    count
}

/// Makes keys lose their last bits.
pub(super) fn coarsen(values: &mut BTreeMap<Key, i128>, bits: u32) {
    let mut coarse: Vec<(Key, i128)> = Vec::new();
    for (key, weight) in std::mem::take(values) {
        let key = key.coarse(bits);
        match coarse.last_mut() {
            Some((last, sum)) if *last == key => *sum += weight,
            _ => coarse.push((key, weight)),
        }
    }
    *values = coarse.into_iter().collect();
}

/// The stretches in which the quantiles of each zone lie.
pub(super) fn sought(sums: &[ZoneSums]) -> Vec<BTreeSet<Key>> {
    let of = |sums: &ZoneSums| SHARES.iter().filter_map(|&share| sums.at_share(share)).collect();
    sums.iter().map(of).collect()
}

/// Puts what was found within stretches in their place.
pub(super) fn refine(sums: &mut [ZoneSums], starts: &[BTreeSet<Key>], closer: Vec<ZoneSums>) {
    for ((sums, starts), closer) in sums.iter_mut().zip(starts).zip(closer) {
        sums.values.retain(|key, _| !starts.contains(key));
        sums.values.extend(closer.values);
    }
}
