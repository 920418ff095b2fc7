//! Reads covers: every patch is checked, repaired where it must be, split by zone and measured while it is at hand;
//! its outline is then laid by for its tiles, where ground that is covered twice is looked for.
//!
//! In: sources of batches, prepared zones, the part of the work that is asked for. Out: `Gathered`. Several stretches are
//! read at once; nothing in the result depends on which thread read what.
//!
//! # Where the time goes
//! A patch is taken from its batch to the grid (one conversion a coordinate), tested for being simple, and looked up
//! in the cells of the zones. Nine of ten lie wholly in one zone: their area is one sum over their edges. The others
//! are cut along cells, and only in cells that a border crosses do edges of patch and zone meet.
//!
//! # Where the memory goes
//! Of one huge patch (16 bytes a vertex) never more than three copies are there at once: its bytes and its batch while it
//! is decoded; batch, outline and half as much of boxes while it is tested; the outline and one and a half of its pieces
//! while it is split by zone; two while it is laid by, where what is no wider than a kilometre takes 10 bytes a vertex.
//! Each is given back as soon as it is done with. Measured, in a whole run: 829 MB for 20 million vertices (320 MB) in a
//! GeoPackage. Where all of it lies in one block of tiles, the block's seams and pieces come on top: 243 MB for 3 million
//! vertices (48 MB).

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::attribute::Value;
use crate::finding::Finding;
use crate::geometry::area::{AreaModel, AreaSum};
use crate::geometry::grid::{Bounds, FAR_MORE_POINTS, STEPS_PER_UNIT, Shape};
use crate::geometry::overlay::{Overlay, Part};
use crate::geometry::simple::Simplicity;
use crate::geometry::tile::{self, Block, Tile};
use crate::measure::coverage::{FEATURE_COUNTS_M2, ValueCoverage};
use crate::measure::heap::{self, Heap, Held, PatchKey, Pieces, Room};
use crate::measure::partial::Surveyed;
use crate::measure::task::Task;
use crate::measure::trail::Entry;
use crate::measure::{MeasureError, Stage, Watch};
use crate::prepare;
use crate::prepare::cells::{Cells, Shares};
use crate::survey::{Batch, Drawn, Source};

/// All patches of a run.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Patches {
    /// The class values of each cover in the order in which the file has them.
    pub values: Vec<Vec<Value>>,
    /// The covers' names.
    pub covers: Vec<String>,
    /// For each cover how many patches were read, and how many of them reach no zone's tiles.
    pub counts: Vec<Counts>,
    /// For each cover the recorded area of features that could not be taken, in square metres.
    pub lost_m2: Vec<f64>,
    /// For each cover how finely its patches are drawn, where that was looked at.
    pub drawn: Vec<Option<Drawn>>,
    /// Patches whose rings cross or cover themselves, in file order.
    pub repaired: Vec<Repaired>,
    /// The largest difference between a patch and the sum of its parts, in square metres: nothing but rounding.
    pub parts_residual_m2: f64,
}

/// What reading gave: sums and notes by home tile, and the pieces that wait for their tiles.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    pub surveyed: Surveyed,
    /// By home tile: what patches have in zones.
    pub sums: BTreeMap<SumKey, ValueCoverage>,
    /// By home tile and cover.
    pub notes: BTreeMap<(Tile, u32), Note>,
    /// With their home tile, in file order.
    pub repaired: Vec<(Tile, Repaired)>,
    /// The number of a value, from the order in which values were met to that of the file.
    pub renumbered: Vec<Vec<u32>>,
    pub pieces: Pieces,
    /// What patches have in zones, one by one, in no order; where a trail is wanted.
    pub trail: Vec<Entry>,
}

/// What is said of the patches of one cover that have one home tile.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub(super) struct Note {
    pub counts: Counts,
    /// The largest difference between a patch and the sum of its parts, in square metres.
    pub parts_residual_m2: f64,
}

impl Note {
    pub(super) fn add(&mut self, other: &Self) {
        self.counts.read += other.counts.read;
        self.counts.elsewhere += other.counts.elsewhere;
        self.parts_residual_m2 = self.parts_residual_m2.max(other.parts_residual_m2);
    }
}

/// A patch whose rings cross or cover themselves.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Repaired {
    /// Its number.
    pub patch: PatchKey,
    /// The identifier that people find it by.
    pub id: Box<str>,
    /// The ground the repair gave or took, in square metres of the plane.
    pub moved_m2: f64,
}

/// How many patches of a cover were read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Counts {
    /// Read.
    pub read: u64,
    /// Far from every zone.
    pub elsewhere: u64,
}

/// Home tile, zone, cover, value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct SumKey {
    pub tile: Tile,
    /// [`ANYWHERE`] for what a patch has in all zones together.
    pub zone: u32,
    pub cover: u32,
    pub value: u32,
}

/// All zones together; zones that overlap count twice.
pub(super) const ANYWHERE: u32 = u32::MAX;

/// Recorded area of features that could not be taken.
fn lost_m2(findings: &[Finding]) -> f64 {
    const LOST: [&str; 3] = ["vertex-impossible", "geometry-unreadable", "geometry-empty"];
    findings.iter().filter(|f| LOST.contains(&&*f.code)).filter_map(|f| f.area_m2).sum()
}

/// What all readers work with.
pub(super) struct Desk<'a> {
    pub cells: &'a Cells,
    pub task: &'a Task<'a>,
    pub area: &'a AreaModel,
    pub room: Room<'a>,
    pub watch: &'a dyn Watch,
    /// What pieces all readers hold in memory.
    pub held: Held,
    /// Whether a trail is wanted.
    pub traced: bool,
}

/// Reads all covers. O(vertices) for most.
pub(super) fn gather(covers: &[&dyn Source], desk: &Desk<'_>) -> Result<Gathered, MeasureError> {
    let mut all = Gathered::default();
    desk.watch.stage(Stage::Reading, None);
    let mut readers: Vec<Reader<'_>> = (0..rayon::current_num_threads()).map(|_| Reader::new(desk)).collect();
    for (cover, source) in covers.iter().enumerate() {
        let values = Values::default();
        match source.stretches() {
            0 => {}
            1 => read_in_rounds(*source, cover, &values, &mut readers)?,
            stretches => read_stretches(*source, cover, stretches, &values, &mut readers)?,
        }
        let (in_file_order, renumbered) = values.in_file_order();
        all.renumbered.push(renumbered);
        let noticed = source.findings();
        all.surveyed.covers.push(source.name().to_owned());
        all.surveyed.values.push(in_file_order);
        all.surveyed.lost_m2.push(lost_m2(&noticed));
        all.surveyed.drawn.push(source.drawn());
        all.surveyed.findings.extend(noticed);
    }
    readers.into_iter().for_each(|reader| all.add(reader));
    all.repaired.sort_by_key(|(_, repaired)| repaired.patch);
    Ok(all)
}

/// Every thread reads a stretch, then the next that nobody has begun.
fn read_stretches(
    source: &dyn Source,
    cover: usize,
    stretches: usize,
    values: &Values,
    readers: &mut [Reader<'_>],
) -> Result<(), MeasureError> {
    let next = AtomicUsize::new(0);
    readers.par_iter_mut().with_max_len(1).try_for_each(|reader| {
        let mut batch = Batch::default();
        loop {
            let stretch = next.fetch_add(1, Ordering::Relaxed);
            if stretch >= stretches {
                return Ok(());
            }
            let mut batches = source.batches(stretch).map_err(MeasureError::Source)?;
            let (mut known, mut read) = (Vec::new(), 0);
            while batches.next_batch(&mut batch).map_err(MeasureError::Source)? {
                values.learn(stretch, &mut batch.new_values, &mut known);
                let patches = batch.patches.len() as u64;
                reader.take(&mut batch, PatchKey::new(cover, stretch, read), &known)?;
                read += patches;
            }
        }
    })
}

/// One stretch: a batch for every thread is read, then all are taken at once.
fn read_in_rounds(
    source: &dyn Source,
    cover: usize,
    values: &Values,
    readers: &mut [Reader<'_>],
) -> Result<(), MeasureError> {
    let mut batches = source.batches(0).map_err(MeasureError::Source)?;
    let mut round: Vec<(Batch, u64)> = readers.iter().map(|_| Default::default()).collect();
    let (mut known, mut read) = (Vec::new(), 0);
    loop {
        let mut filled = 0;
        for (batch, first) in &mut round {
            if !batches.next_batch(batch).map_err(MeasureError::Source)? {
                break;
            }
            values.learn(0, &mut batch.new_values, &mut known);
            *first = read;
            read += batch.patches.len() as u64;
            filled += 1;
            // Huge features are taken one by one.
            if batch.points.len() > FAR_MORE_POINTS {
                break;
            }
        }
        if filled == 0 {
            return Ok(());
        }
        let known = &known;
        readers.par_iter_mut().zip(&mut round[..filled]).with_max_len(1).try_for_each(
            |(reader, (batch, first))| reader.take(batch, PatchKey::new(cover, 0, *first), known),
        )?;
    }
}

/// The class values of a cover, as they are met by several readers.
#[derive(Default)]
struct Values(Mutex<Vec<Met>>);

/// A value, and where it stands first: stretch and place in the list of that stretch.
struct Met {
    value: Value,
    code: Option<String>,
    first: (usize, usize),
}

impl Values {
    /// Takes the new values of a batch to the numbers by which all readers know them.
    fn learn(&self, stretch: usize, new: &mut Vec<Value>, known: &mut Vec<u32>) {
        if new.is_empty() {
            return;
        }
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for value in new.drain(..) {
            let (code, first) = (value.code(), (stretch, known.len()));
            let at = all.iter().position(|met| met.code == code).unwrap_or(all.len());
            match all.get_mut(at) {
                Some(met) => met.first = met.first.min(first),
                None => all.push(Met { value, code, first }),
            }
            known.push(at as u32);
        }
    }

    /// The values in the order of the file, and the new number of each.
    fn in_file_order(self) -> (Vec<Value>, Vec<u32>) {
        let met = self.0.into_inner().unwrap_or_else(PoisonError::into_inner);
        let mut order: Vec<usize> = (0..met.len()).collect();
        order.sort_unstable_by_key(|&i| met[i].first);
        let mut renumbered = vec![0; met.len()];
        order.iter().enumerate().for_each(|(new, &old)| renumbered[old] = new as u32);
        (order.iter().map(|&i| met[i].value.clone()).collect(), renumbered)
    }
}

impl Gathered {
    fn add(&mut self, reader: Reader<'_>) {
        for (key, sums) in reader.sums {
            let value = self.renumbered[key.cover as usize][key.value as usize];
            self.sums.entry(SumKey { value, ..key }).or_default().add(&sums);
        }
        for (key, note) in reader.notes {
            self.notes.entry(key).or_default().add(&note);
        }
        self.repaired.extend(reader.repaired);
        self.trail.extend(reader.trail.into_iter().flatten());
        self.pieces.add(reader.heap);
    }
}

/// One thread's reading: buffers, and what it has found.
struct Reader<'a> {
    desk: &'a Desk<'a>,
    simplicity: Simplicity,
    overlay: Overlay,
    shares: Shares,
    outline: Shape,
    sums: FxHashMap<SumKey, ValueCoverage>,
    notes: FxHashMap<(Tile, u32), Note>,
    repaired: Vec<(Tile, Repaired)>,
    heap: Heap,
    trail: Option<Vec<Entry>>,
}

impl<'a> Reader<'a> {
    fn new(desk: &'a Desk<'a>) -> Self {
        Self {
            desk,
            simplicity: Simplicity::default(),
            overlay: Overlay::default(),
            shares: Shares::default(),
            outline: Shape::default(),
            sums: FxHashMap::default(),
            notes: FxHashMap::default(),
            repaired: Vec::new(),
            heap: Heap::default(),
            trail: desk.traced.then(Vec::new),
        }
    }

    fn take(&mut self, batch: &mut Batch, first: PatchKey, known: &[u32]) -> Result<(), MeasureError> {
        if self.desk.watch.interrupted() {
            return Err(MeasureError::Interrupted);
        }
        for i in 0..batch.patches.len() {
            let value = known.get(batch.patches[i].value as usize).copied().unwrap_or_default();
            let last = i + 1 == batch.patches.len();
            self.take_patch(batch, (i, last), PatchKey(first.0 + i as u64), value);
        }
        self.desk.watch.advance(batch.patches.len() as u64);
        self.heap.make_room(&self.desk.room, &self.desk.held)
    }

    /// Takes a patch; the coordinates of the batch are done with once the last is on the grid.
    fn take_patch(&mut self, batch: &mut Batch, (index, last): (usize, bool), key: PatchKey, value: u32) {
        let mut outline = std::mem::take(&mut self.outline);
        let mut bounds = prepare::on_grid(batch, index, &mut outline);
        let task = self.desk.task;
        if !task.counts_the_rest() && !task.concerns(bounds.and_then(|bounds| self.reached(bounds))) {
            outline.clear();
            self.outline = outline;
            return;
        }
        let mut moved_m2 = None;
        let broken = |bounds: &Bounds| !batch.clean && !self.simplicity.is_simple(&outline, *bounds);
        if let Some(drawn) = bounds.filter(broken) {
            (outline, moved_m2) = self.repair(batch, index);
            bounds = Some(outline.bounds().unwrap_or(drawn));
        }
        if last {
            batch.give_back();
        }
        let (home, mut outline) = self.take_outline(outline, bounds, batch.id(index), key, value);
        if let Some(moved_m2) = moved_m2 {
            self.repaired.push((home, Repaired { patch: key, id: batch.id(index).into(), moved_m2 }));
        }
        outline.clear();
        self.outline = outline;
    }

    /// Takes what a patch is to the task; gives its home tile, and room for an outline.
    fn take_outline(
        &mut self,
        outline: Shape,
        bounds: Option<Bounds>,
        id: &str,
        key: PatchKey,
        value: u32,
    ) -> (Tile, Shape) {
        let (task, cells) = (self.desk.task, self.desk.cells);
        let reached = bounds.and_then(|bounds| self.reached(bounds));
        let home = reached.and_then(|block| block.tiles().find(|&tile| cells.reach(tile)));
        let at = home.unwrap_or(task.home_of_the_rest());
        let note = self.notes.entry((at, key.cover() as u32)).or_default();
        note.counts.read += 1;
        note.counts.elsewhere += u64::from(home.is_none() && bounds.is_some());
        let Some(bounds) = bounds.filter(|_| home.is_some() && !outline.is_empty()) else {
            return (at, outline);
        };
        if task.sums_at(at) {
            self.add_shares(&outline, bounds, at, key, value);
            self.trace(id, key, value);
        }
        if task.concerns(reached) {
            return (at, self.lay_by(outline, bounds, id, key, value));
        }
        (at, outline)
    }

    /// The tiles about the zones that a box reaches into.
    fn reached(&self, bounds: Bounds) -> Option<Block> {
        self.desk.cells.block().and_then(|zones| Block::reached(bounds).common(zones))
    }

    /// The ground of a patch whose rings cross, touch or cover themselves or each other, and how much ground that
    /// gave or took, where it is worth saying.
    fn repair(&mut self, batch: &Batch, index: usize) -> (Shape, Option<f64>) {
        let parts = prepare::parts(batch, index);
        let ground = self.overlay.ground(&parts);
        let claimed: i128 = parts.iter().map(Part::claimed_doubled_area).sum();
        let moved = ground.doubled_area() - claimed;
        let moved_m2 = moved as f64 / 2.0 / STEPS_PER_UNIT / STEPS_PER_UNIT * self.desk.area.square_unit_m2();
        (ground, Some(moved_m2).filter(|m2| m2.abs() > prepare::REPAIR_WORTH_SAYING_M2))
    }

    /// Splits a patch by zone and adds what each has of it, rounded once.
    fn add_shares(&mut self, outline: &Shape, bounds: Bounds, home: Tile, key: PatchKey, value: u32) {
        self.desk.cells.share(outline, bounds, self.desk.area, &mut self.shares);
        let residual_m2 = self.shares.residual.abs() * self.desk.area.square_unit_m2();
        if residual_m2 > 0.0 {
            let note = self.notes.entry((home, key.cover() as u32)).or_default();
            note.parts_residual_m2 = note.parts_residual_m2.max(residual_m2);
        }
        let mut features = 0;
        let at = |zone| SumKey { tile: home, zone, cover: key.cover() as u32, value };
        for &(zone, area) in &self.shares.zones {
            let sum = AreaSum::of(area);
            if sum == AreaSum::ZERO {
                continue;
            }
            let counts = u64::from(area.plane.0 > FEATURE_COUNTS_M2);
            self.sums.entry(at(zone)).or_default().add(&ValueCoverage { features: counts, gross: sum });
            features |= counts;
        }
        if features > 0 {
            self.sums.entry(at(ANYWHERE)).or_default().features += features;
        }
    }

    /// Records what each zone has of the patch whose shares were just added, where a trail is wanted.
    fn trace(&mut self, id: &str, patch: PatchKey, value: u32) {
        let Some(trail) = &mut self.trail else { return };
        let shares = self.shares.zones.iter().map(|&(zone, area)| (zone, AreaSum::of(area)));
        trail.extend(shares.filter(|(_, gross)| *gross != AreaSum::ZERO).map(|(zone, gross)| Entry {
            patch,
            zone,
            value,
            id: id.into(),
            gross,
            lost: AreaSum::ZERO,
        }));
    }

    /// Lays the patch by for the tiles of zones that it reaches: whole where it reaches over two blocks at most, else
    /// cut along them. Gives room for an outline.
    fn lay_by(&mut self, outline: Shape, bounds: Bounds, id: &str, key: PatchKey, value: u32) -> Shape {
        let (first, last) = (heap::block_at(bounds.low), heap::block_at(bounds.high));
        if last.0 - first.0 <= 1 && last.1 - first.1 <= 1 {
            self.heap.add((key, value), id, &outline, bounds);
            return outline;
        }
        let Some(zones) = self.desk.cells.block() else { return outline };
        let heap = &mut self.heap;
        tile::split_within(outline, zones, heap::BLOCK_TILES, |_, piece| {
            if let Some(bounds) = piece.bounds() {
                heap.add((key, value), id, &piece, bounds);
            }
        });
        Shape::default()
    }
}
