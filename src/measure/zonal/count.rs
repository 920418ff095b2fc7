//! Counts the cells of one zone within one block, patch by patch.

use rustc_hash::FxHashMap;

use crate::geometry::fractions::{PARTS_PER_CELL, Span};
use crate::measure::zonal::cover::ZoneCover;
use crate::measure::zonal::key::Key;
use crate::measure::zonal::keys::{Meaning, Stored};
use crate::measure::zonal::moments::Gathered;
use crate::measure::zonal::read::Ask;
use crate::measure::zonal::sieve::Sieve;
use crate::measure::zonal::sums::{CellSum, ZoneSums};
use crate::survey::raster::{Block, Cells};

/// The weight of a value is counted in multiples of 2⁻⁴⁰ of a cell.
pub(super) const WEIGHT_PER_CELL: f64 = (1u64 << 40) as f64;
const PARTS_PER_WEIGHT: u32 = PARTS_PER_CELL.trailing_zeros() - 40;

/// A block that was read, where it lies, and its cells' ground.
pub(super) struct Place<'b> {
    pub block: &'b Block,
    /// Its first column and row.
    pub first: [usize; 2],
    /// Columns and rows of a patch.
    pub patch: [usize; 2],
    /// Square metres of a cell of each patch, row after row.
    pub cell_m2: &'b [f64],
    /// The cells' weights, where there are any; NaN for none.
    pub weights: Option<&'b [f64]>,
}

/// The part of a zone that lies in one patch.
struct Patch<'p> {
    zone: &'p ZoneCover,
    rows: std::ops::Range<usize>,
    columns: [u32; 2],
}

/// What is asked of the cells of a zone.
#[derive(Clone, Copy)]
pub(super) struct Question<'q> {
    pub meaning: &'q Meaning,
    pub ask: &'q Ask<'q>,
    pub sieve: Sieve<'q>,
}

/// Counters, used again and again by one thread.
#[derive(Debug, Default)]
pub(super) struct Counters {
    bytes: Histogram,
    values: FxHashMap<u64, i128>,
    weighed: FxHashMap<Key, i128>,
}

impl Counters {
    /// Adds what a zone has of a block to its sums. Returns the moments' sums, which the caller keeps by block.
    pub(super) fn zone(
        &mut self,
        zone: &ZoneCover,
        place: &Place<'_>,
        question: Question<'_>,
        into: &mut ZoneSums,
    ) -> Gathered {
        let mut gathered = Gathered::default();
        let across = place.block.size[0].div_ceil(place.patch[0]);
        patches(zone, place, |at, patch| {
            let cell_m2 = place.cell_m2[at[1] * across + at[0]];
            let bytes_do = place.block.valid.is_empty() && place.weights.is_none();
            match &place.block.cells {
                Cells::U8(cells) if bytes_do => {
                    self.bytes.count(cells, place, &patch);
                    self.bytes.flush(|raw, parts| {
                        tell(raw.into(), parts, cell_m2, question, into, &mut gathered);
                    });
                }
                cells => {
                    let (counters, gathered) = (&mut *self, &mut gathered);
                    Tally { counters, gathered, question, place, cell_m2, into }.any(cells, &patch);
                }
            }
        });
        gathered
    }
}

/// Cuts a zone's part of a block into patches, by column and row of patches.
fn patches(zone: &ZoneCover, place: &Place<'_>, mut each: impl FnMut([usize; 2], Patch<'_>)) {
    let ([first_column, first_row], [columns, rows]) = (place.first, place.block.size);
    for (down, top) in (0..rows).step_by(place.patch[1]).enumerate() {
        let start = (first_row + top).max(zone.fractions.first_row);
        let end = (first_row + rows.min(top.saturating_add(place.patch[1]))).min(zone.fractions.end_row());
        if start >= end {
            continue;
        }
        for (right, left) in (0..columns).step_by(place.patch[0]).enumerate() {
            let from = (first_column + left).max(zone.columns[0]);
            let to = (first_column + columns.min(left.saturating_add(place.patch[0]))).min(zone.columns[1]);
            if from < to {
                each([right, down], Patch { zone, rows: start..end, columns: [from as u32, to as u32] });
            }
        }
    }
}

impl Patch<'_> {
    /// Every span, with where its first cell stands in the block.
    fn spans(&self, place: &Place<'_>, mut each: impl FnMut(usize, Span)) {
        for row in self.rows.clone() {
            let start = (row - place.first[1]) * place.block.size[0];
            for span in self.zone.fractions.within(row, self.columns[0], self.columns[1]) {
                each(start + span.first as usize - place.first[0], span);
            }
        }
    }
}

/// Adds parts of cells of one stored value to a zone.
fn tell(
    raw: u64,
    parts: i128,
    cell_m2: f64,
    Question { meaning, ask, sieve }: Question<'_>,
    into: &mut ZoneSums,
    gathered: &mut Gathered,
) {
    let stored = meaning.stored(raw);
    if meaning.is_nodata(stored) {
        return into.nodata.add(parts, cell_m2);
    }
    let mut sum = CellSum::default();
    sum.add(parts, cell_m2);
    into.valid += sum;
    match ask {
        Ask::Classes => *into.classes.entry(meaning.key(raw)).or_default() += sum,
        Ask::Where(steps) => {
            let key = if steps.holds(meaning.value(stored)) { Key::Cover } else { Key::Rest };
            *into.classes.entry(key).or_default() += sum;
        }
        Ask::Statistics { quantiles } => {
            gathered.add(meaning.value(stored), parts as f64 / PARTS_PER_CELL as f64);
            if let Some(key) = sieve.take(meaning.key(raw)).filter(|_| *quantiles) {
                *into.values.entry(key).or_default() += parts >> PARTS_PER_WEIGHT;
            }
        }
    }
}

/// Cells by the value of their byte. Four tables, so that equal neighbours need not wait for each other.
#[derive(Debug)]
struct Histogram {
    whole: Box<[[u32; 256]; 4]>,
    parts: Box<[i128; 256]>,
}

impl Default for Histogram {
    fn default() -> Self {
        Self { whole: Box::new([[0; 256]; 4]), parts: Box::new([0; 256]) }
    }
}

impl Histogram {
    fn count(&mut self, cells: &[u8], place: &Place<'_>, patch: &Patch<'_>) {
        patch.spans(place, |start, span| {
            let cells = &cells[start..start + (span.end - span.first) as usize];
            if span.parts == PARTS_PER_CELL {
                self.run(cells);
            } else {
                cells.iter().for_each(|&v| self.parts[usize::from(v)] += i128::from(span.parts));
            }
        });
    }

    /// Whole cells. Eight equal ones are counted at once.
    fn run(&mut self, cells: &[u8]) {
        const ALL: u64 = 0x0101_0101_0101_0101;
        let [a, b, c, d] = &mut *self.whole;
        let (eights, rest) = cells.as_chunks::<8>();
        for eight in eights {
            if u64::from_ne_bytes(*eight) == u64::from(eight[0]) * ALL {
                a[usize::from(eight[0])] += 8;
                continue;
            }
            let [p, q, r, s, t, u, v, w] = eight.map(usize::from);
            a[p] += 1;
            b[q] += 1;
            c[r] += 1;
            d[s] += 1;
            a[t] += 1;
            b[u] += 1;
            c[v] += 1;
            d[w] += 1;
        }
        rest.iter().for_each(|&v| a[usize::from(v)] += 1);
    }

    /// Gives every value with its parts, and empties the tables.
    fn flush(&mut self, mut each: impl FnMut(u8, i128)) {
        for value in 0..=u8::MAX {
            let at = usize::from(value);
            let whole: u32 = self.whole.iter().map(|table| table[at]).sum();
            let parts = self.parts[at];
            if whole == 0 && parts == 0 {
                continue;
            }
            each(value, i128::from(whole) * i128::from(PARTS_PER_CELL) + parts);
            self.whole.iter_mut().for_each(|table| table[at] = 0);
            self.parts[at] = 0;
        }
    }
}

/// Counts cells of any kind.
struct Tally<'t> {
    counters: &'t mut Counters,
    gathered: &'t mut Gathered,
    question: Question<'t>,
    place: &'t Place<'t>,
    cell_m2: f64,
    into: &'t mut ZoneSums,
}

impl Tally<'_> {
    fn any(&mut self, cells: &Cells, patch: &Patch<'_>) {
        match cells {
            Cells::U8(cells) => self.kind(cells, patch),
            Cells::I8(cells) => self.kind(cells, patch),
            Cells::U16(cells) => self.kind(cells, patch),
            Cells::I16(cells) => self.kind(cells, patch),
            Cells::U32(cells) => self.kind(cells, patch),
            Cells::I32(cells) => self.kind(cells, patch),
            Cells::U64(cells) => self.kind(cells, patch),
            Cells::I64(cells) => self.kind(cells, patch),
            Cells::F32(cells) => self.kind(cells, patch),
            Cells::F64(cells) => self.kind(cells, patch),
        }
    }

    fn kind<T: Stored>(&mut self, cells: &[T], patch: &Patch<'_>) {
        let meaning = *self.question.meaning;
        match self.question.ask {
            Ask::Classes => {
                let mut values = std::mem::take(&mut self.counters.values);
                let missing = self.each_run(cells, patch, |value, parts, _| {
                    *values.entry(value.raw()).or_default() += parts;
                });
                for (raw, parts) in values.drain() {
                    tell(raw, parts, self.cell_m2, self.question, self.into, self.gathered);
                }
                self.counters.values = values;
                self.into.nodata.add(missing, self.cell_m2);
            }
            Ask::Where(steps) => {
                let mut counted = [0i128; 2];
                let missing = self.each_run(cells, patch, |value, parts, _| {
                    counted[usize::from(steps.holds(meaning.value(value.number())))] += parts;
                });
                for (key, parts) in [(Key::Rest, counted[0]), (Key::Cover, counted[1])] {
                    if parts != 0 {
                        self.into.classes.entry(key).or_default().add(parts, self.cell_m2);
                    }
                }
                self.ends(counted[0] + counted[1], missing);
            }
            Ask::Statistics { quantiles } => self.statistics(cells, patch, *quantiles),
        }
    }

    fn ends(&mut self, valid: i128, missing: i128) {
        self.into.valid.add(valid, self.cell_m2);
        self.into.nodata.add(missing, self.cell_m2);
    }

    fn statistics<T: Stored>(&mut self, cells: &[T], patch: &Patch<'_>, quantiles: bool) {
        let (mut gathered, meaning, mut valid) = (*self.gathered, *self.question.meaning, 0);
        let mut weighed = std::mem::take(&mut self.counters.weighed);
        let weights = self.place.weights;
        let sieve = quantiles.then_some(self.question.sieve);
        let missing = self.each_run(cells, patch, |value, parts, at| {
            valid += parts;
            let weight = parts as f64 / PARTS_PER_CELL as f64 * weights.map_or(1.0, |weights| weights[at]);
            if weight.is_nan() {
                return;
            }
            gathered.add(meaning.value(value.number()), weight);
            if let Some(key) = sieve.and_then(|sieve| sieve.take(meaning.key(value.raw()))) {
                *weighed.entry(key).or_default() += (weight * WEIGHT_PER_CELL).round() as i128;
            }
        });
        for (key, weight) in weighed.drain() {
            *self.into.values.entry(key).or_default() += weight;
        }
        self.counters.weighed = weighed;
        *self.gathered = gathered;
        self.ends(valid, missing);
    }

    /// Gives every run of equal cells that hold data, with how much of them the zone covers and where the first stands.
    /// Returns how much holds none. Where there are weights, runs are of one cell.
    fn each_run<T: Stored>(
        &self,
        cells: &[T],
        patch: &Patch<'_>,
        mut each: impl FnMut(T, i128, usize),
    ) -> i128 {
        let (mut missing, valid, single) = (0, &self.place.block.valid, self.place.weights.is_some());
        patch.spans(self.place, |start, span| {
            let end = start + (span.end - span.first) as usize;
            let mut at = start;
            while at < end {
                let value = cells[at];
                let here = |i: usize| valid.is_empty() || valid[i];
                let good = here(at) && !self.question.meaning.is_nodata(value.number());
                let mut next = at + 1;
                while !single && next < end && cells[next] == value && here(next) == here(at) {
                    next += 1;
                }
                let parts = (next - at) as i128 * i128::from(span.parts);
                if good {
                    each(value, parts, at)
                } else {
                    missing += parts
                }
                at = next;
            }
        });
        missing
    }
}
