//! Twenty million patches (图斑) made as they are read, out of no file: every one is measured, laid by in a temporary file
//! beyond a bounded room, and told from its neighbours. Run with `cargo bench --bench generated -- --patches 20000000`
//! (without `--patches`, a hundredth of them); figures that are not as known end it.
//!
//! The county is a chessboard of squares of 10 m, half of them of one class and half of the other. Of every hundred columns
//! one is drawn a metre too far east, so that its squares lie over their neighbours by 10 m² each.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use sencheng::analysis::tabulate::{self, Request, SHARED};
use sencheng::attribute::Value;
use sencheng::finding::Finding;
use sencheng::geometry::area::AreaModel;
use sencheng::layers::crs::{Carrier, Crs};
use sencheng::measure::Unwatched;
use sencheng::measure::heap::{Room, Spill};
use sencheng::sample;
use sencheng::survey::{Batch, Batches, Gathering, RingKind, Source, SourceFault, ZoneLayer, gather};
use sencheng::threads::on_threads;

/// Columns of squares; rows follow from how many patches are asked for.
const COLUMNS: u64 = 5_000;
/// Side of a square in metres.
const SIDE: f64 = 10.0;
/// The south-west corner.
const CORNER: [f64; 2] = [475_000.0, 3_400_000.0];
/// Towns beside each other, each with all rows.
const TOWNS: u64 = 5;
/// Of so many columns one is drawn too wide.
const WIDE: u64 = 100;
/// Bytes of outlines that may stay in memory.
const ROOM: usize = 256 << 20;
/// Rows in a stretch.
const ROWS: u64 = 4;

/// The chessboard.
struct Board {
    rows: u64,
}

/// The squares of a stretch.
struct Squares {
    next: u64,
    end: u64,
}

impl Source for Board {
    fn name(&self) -> &str {
        "board"
    }

    fn stretches(&self) -> usize {
        self.rows.div_ceil(ROWS) as usize
    }

    fn batches(&self, stretch: usize) -> Result<Box<dyn Batches + '_>, SourceFault> {
        let first = stretch as u64 * ROWS;
        let last = (first + ROWS).min(self.rows);
        Ok(Box::new(Squares { next: first * COLUMNS, end: last * COLUMNS }))
    }

    fn findings(&self) -> Vec<Finding> {
        Vec::new()
    }
}

impl Batches for Squares {
    fn next_batch(&mut self, batch: &mut Batch) -> Result<bool, SourceFault> {
        let begin = self.next.is_multiple_of(ROWS * COLUMNS);
        batch.clear();
        if begin {
            batch.new_values.extend(["even", "odd"].map(|class| Value::Text(class.to_owned())));
        }
        while self.next < self.end && batch.patches.len() < 4096 {
            let (row, column) = (self.next / COLUMNS, self.next % COLUMNS);
            let [x, y] = [CORNER[0] + column as f64 * SIDE, CORNER[1] + row as f64 * SIDE];
            let east = x + SIDE + f64::from(u8::from(is_wide(column)));
            batch.push_ring(RingKind::Shell, [[x, y], [east, y], [east, y + SIDE], [x, y + SIDE]]);
            batch.push_patch((column % 2) as u32, &self.next.to_string());
            self.next += 1;
        }
        Ok(!batch.patches.is_empty())
    }
}

fn is_wide(column: u64) -> bool {
    column % WIDE == WIDE / 2
}

/// A temporary file, and how much was put there.
struct Temporary {
    file: File,
    end: AtomicU64,
}

impl Spill for Temporary {
    fn has_room(&self, used: usize, _: usize) -> bool {
        used <= ROOM
    }

    fn put(&self, words: &[u64]) -> Result<u64, SourceFault> {
        let at = self.end.fetch_add(size_of_val(words) as u64, Ordering::Relaxed);
        self.file.write_all_at(bytemuck::cast_slice(words), at)?;
        Ok(at)
    }

    fn take(&self, at: u64, from: usize, words: &mut [u64]) -> Result<(), SourceFault> {
        Ok(self.file.read_exact_at(bytemuck::cast_slice_mut(words), at + 8 * from as u64)?)
    }
}

fn towns(rows: u64) -> ZoneLayer {
    let mut shapes = Batch::default();
    let width = (COLUMNS / TOWNS) as f64 * SIDE;
    for town in 0..TOWNS {
        let [x, y] = [CORNER[0] + town as f64 * width, CORNER[1]];
        let (east, north) = (x + width, y + rows as f64 * SIDE);
        shapes.push_ring(RingKind::Shell, [[x, y], [east, y], [east, north], [x, north]]);
        shapes.push_patch(0, "");
    }
    let rows: Vec<_> = (0..TOWNS).map(|town| (town.to_string(), None)).collect();
    let zones = gather(&rows, Gathering::default()).expect("towns");
    ZoneLayer { layer: "towns".to_owned(), zones, shapes }
}

/// A number of kilobytes that the system tells of this process, in megabytes.
fn told(name: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
    line.trim().trim_end_matches("kB").trim().parse::<u64>().unwrap_or_default() >> 10
}

fn main() {
    let asked = std::env::args().skip_while(|argument| argument != "--patches").nth(1);
    let patches: u64 = asked.map_or(200_000, |asked| asked.parse().expect("a number of patches"));
    let rows = patches.div_ceil(COLUMNS);
    let (zones, board) = (towns(rows), Board { rows });
    let request = Request { zones: &zones, cover: &board, by_value: true, most_pairs: 0, pieces: false };
    let spill = Temporary { file: tempfile::tempfile().expect("a temporary file"), end: AtomicU64::new(0) };
    let begun = Instant::now();
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let table = on_threads(threads, || {
        let prepared = tabulate::prepare(&request);
        let crs = Crs::parse(sample::CRS).expect("the sample's CRS");
        let carrier = Carrier::to_degrees(&crs).expect("its degrees");
        let carry = |xs: &mut [f64], ys: &mut [f64]| carrier.carry(xs, ys);
        let area = AreaModel::new(prepared.zones.tiles(), crs.ellipsoid, 1.0, &carry);
        let room = Room { spill: Some(&spill) };
        tabulate::tabulate(&request, prepared, &area, room, &Unwatched).expect("a tabulation")
    });
    let seconds = begun.elapsed().as_secs_f64();
    let squares = (rows * COLUMNS / TOWNS) as f64;
    let shared = (rows * (COLUMNS / TOWNS / WIDE)) as f64 * SIDE;
    let half = squares / 2.0 * SIDE * SIDE;
    for town in &table.zones {
        for (class, known) in [("even", half + shared), ("odd", half), (SHARED, shared)] {
            let row = town.rows.iter().find(|row| row.class == class).expect("a row of the class");
            let off = row.area.plane.0.abs() - known;
            assert!(off.abs() < 0.01, "{class} of town {}: {} m2, not {known}", town.zone, row.area.plane.0);
        }
        let counted: u64 = town.rows.iter().filter_map(|row| row.features).sum();
        // What is too wide in the last column of a town would reach into the next; none is.
        assert_eq!(counted, squares as u64, "patches of town {}", town.zone);
    }
    assert!(table.balances.iter().all(|balance| balance.holds()), "the books balance");
    println!(
        "{} patches in {seconds:.1} s on {threads} threads: {} MB of memory at most, {} MB put away",
        rows * COLUMNS,
        told("VmHWM:"),
        spill.end.load(Ordering::Relaxed) >> 20
    );
}
