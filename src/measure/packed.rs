//! Outlines as words while they wait: points of an outline that is no wider than a kilometre in five words for four, those
//! of any other in two words each.
//!
//! The grid is so fine that a coordinate within a kilometre takes 40 bits. Less memory is also less time: the system
//! clears all that it gives.

use std::ops::Range;

use crate::geometry::grid::{Bounds, Point};

/// Bits of a coordinate of a narrow outline, as seen from its south-west corner.
const BITS: u32 = 40;
/// Bits of its northing that stand with its easting in one word; the others stand together with those of its neighbours.
const BESIDE: u32 = u64::BITS - BITS;
const APART: u32 = BITS - BESIDE;
/// Points whose other bits stand in one word, before them.
const GROUP: usize = (u64::BITS / APART) as usize;

/// Points in words.
#[derive(Debug, Clone, Copy)]
pub(super) struct Points<'a> {
    words: &'a [u64],
    corner: Point,
    narrow: bool,
}

fn is_narrow(bounds: Bounds) -> bool {
    let fits = |low: i64, high: i64| high.checked_sub(low).is_some_and(|wide| wide < 1 << BITS);
    fits(bounds.low.x, bounds.high.x) && fits(bounds.low.y, bounds.high.y)
}

/// How many words so many points take, which lie in a box.
pub(super) fn words_for(points: usize, bounds: Bounds) -> usize {
    if is_narrow(bounds) { points + points.div_ceil(GROUP) } else { 2 * points }
}

/// Writes points that lie in a box into as many words as they take.
pub(super) fn pack(points: &[Point], bounds: Bounds, words: &mut [u64]) {
    if !is_narrow(bounds) {
        let pairs = words.chunks_exact_mut(2).zip(points);
        return pairs.for_each(|(pair, p)| pair.copy_from_slice(&[p.x as u64, p.y as u64]));
    }
    for (group, points) in words.chunks_mut(GROUP + 1).zip(points.chunks(GROUP)) {
        let Some((apart, beside)) = group.split_first_mut() else { continue };
        *apart = 0;
        for (at, (word, p)) in (0..).zip(beside.iter_mut().zip(points)) {
            let (x, y) = ((p.x - bounds.low.x) as u64, (p.y - bounds.low.y) as u64);
            *word = x | y << BITS;
            *apart |= y >> BESIDE << (at * APART);
        }
    }
}

impl<'a> Points<'a> {
    /// Points that were packed with a box.
    pub(super) fn new(words: &'a [u64], bounds: Bounds) -> Self {
        Self { words, corner: bounds.low, narrow: is_narrow(bounds) }
    }

    /// Some of them, by number.
    pub(super) fn some(self, range: Range<usize>) -> impl Iterator<Item = Point> + 'a {
        range.map(move |number| self.at(number))
    }

    fn at(self, number: usize) -> Point {
        if !self.narrow {
            let [x, y] = [0, 1].map(|k| self.words[2 * number + k] as i64);
            return Point::new(x, y);
        }
        let (group, at) = (number / GROUP * (GROUP + 1), number % GROUP);
        let (apart, word) = (self.words[group], self.words[group + 1 + at]);
        let (x, beside) = (word & ((1 << BITS) - 1), word >> BITS);
        let y = beside | (apart >> (at as u32 * APART) & ((1 << APART) - 1)) << BESIDE;
        Point::new(self.corner.x + x as i64, self.corner.y + y as i64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_come_back_as_they_were() {
        for wide in [1_i64, (1 << BITS) - 1, 1 << BITS, 1 << 50] {
            let low = Point::new(-(1 << 55), (1 << 55) - 3);
            let bounds = Bounds { low, high: Point::new(low.x + wide, low.y + wide) };
            for count in 0..14 {
                let offset = |k: i64| (wide / 13 * k + (wide % 13).min(k)).min(wide);
                let points: Vec<Point> =
                    (0..count).map(|k| Point::new(low.x + offset(k), low.y + offset(13 - k))).collect();
                let mut words = vec![u64::MAX; words_for(points.len(), bounds)];
                pack(&points, bounds, &mut words);
                let back: Vec<Point> = Points::new(&words, bounds).some(0..points.len()).collect();
                assert_eq!(back, points, "{count} points within {wide}");
            }
        }
    }
}
