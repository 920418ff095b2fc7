//! Ground that a cover is held against before it is measured (掩膜): of each patch only what lies inside a layer of
//! polygons is left, or only what lies outside it. Patches are cut along the polygons themselves, exactly; whatever is
//! measured of them afterwards, areas, unions, figures over several strata, is that of what is left.
//!
//! In: a source of patches and the polygons. Out: a source, [`Masked`], of the patches that are left. Where the mask has
//! no data, of a patch it is not known whether it is left: that part becomes a patch without a value.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

use crate::attribute::Value;
use crate::finding::{Finding, Severity};
use crate::geometry::grid::{Bounds, Shape};
use crate::geometry::overlay::{Overlay, Part};
use crate::geometry::simple::Simplicity;
use crate::geometry::tile::{Block, TILE_STEPS, Tile, split_in_squares};
use crate::prepare::{ZonePiece, on_grid, parts, push_ground, simple, square_units};
use crate::survey::{Batch, Batches, Source, SourceFault};
use crate::threads::on_the_callers_threads;
use crate::words;

/// Side of the squares that a mask is cut into, in steps: 64 m, so that a patch meets little else than its neighbours.
const SIDE: i64 = TILE_STEPS / 16;

/// What a mask leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// What lies inside its polygons.
    Inside,
    /// What lies outside.
    Outside,
}

/// A mask as it was read.
#[derive(Debug, Clone, PartialEq)]
pub struct MaskLayer {
    /// What it leaves.
    pub keep: Keep,
    /// Its polygons, by file; those whose value is not 0 are ground without data.
    pub polygons: Vec<Batch>,
}

/// Ground by squares.
#[derive(Debug, Default)]
struct Ground(BTreeMap<Tile, ZonePiece>);

/// What of some ground lies about a patch.
enum About {
    Nothing,
    Everything,
    Part(Shape),
}

/// A mask made ready.
#[derive(Debug)]
struct Mask {
    keep: Keep,
    ground: Ground,
    /// Where it has no data.
    unknown: Ground,
}

impl Mask {
    /// In parallel on the caller's threads. O(points x log squares).
    fn new(layer: &MaskLayer) -> Self {
        let of = |wanted: bool| {
            let features = layer.polygons.iter().flat_map(|batch| {
                let here = batch.patches.iter().enumerate();
                here.filter(|(_, patch)| (patch.value == 0) == wanted)
                    .map(move |(i, _)| (batch, i))
                    .collect::<Vec<_>>()
            });
            Ground::new(&features.collect::<Vec<_>>())
        };
        Self { keep: layer.keep, ground: of(true), unknown: of(false) }
    }

    /// What is left of a shape, and of what nobody knows.
    fn cut(&self, shape: &Shape, overlay: &mut Overlay) -> [Shape; 2] {
        let outside = self.ground.without(shape, overlay);
        let unknown = self.unknown.within(&outside, overlay);
        match self.keep {
            Keep::Inside => [self.ground.within(shape, overlay), unknown],
            Keep::Outside => [self.unknown.without(&outside, overlay), unknown],
        }
    }
}

impl Ground {
    fn new(features: &[(&Batch, usize)]) -> Self {
        let tools = <(Overlay, Simplicity)>::default;
        on_the_callers_threads(|| {
            let pieces: Vec<Vec<(Tile, Shape)>> = features
                .par_iter()
                .map_init(tools, |(overlay, simplicity), &(batch, index)| {
                    let parts: Vec<Part> = parts(batch, index);
                    let shape = simple(&parts, simplicity).unwrap_or_else(|| overlay.ground(&parts));
                    let mut pieces = Vec::new();
                    split_in_squares(shape, SIDE, |square, piece| pieces.push((square, piece)));
                    pieces
                })
                .collect();
            let mut squares: BTreeMap<Tile, Vec<Shape>> = BTreeMap::new();
            pieces
                .into_iter()
                .flatten()
                .for_each(|(square, piece)| squares.entry(square).or_default().push(piece));
            let squares: Vec<(Tile, Vec<Shape>)> = squares.into_iter().collect();
            let united = squares.par_iter().map_init(Overlay::default, |overlay, (square, pieces)| {
                let union = overlay.union(pieces);
                let piece = match union.doubled_area() {
                    0 => return None,
                    area if area == 2 * i128::from(SIDE) * i128::from(SIDE) => ZonePiece::Whole,
                    _ => ZonePiece::Part(union),
                };
                Some((*square, piece))
            });
            Self(united.collect::<Vec<_>>().into_iter().flatten().collect())
        })
    }

    fn about(&self, bounds: Bounds) -> About {
        let (mut all, mut here) = (true, Shape::default());
        for square in Block::of_squares(bounds, SIDE).tiles() {
            match self.0.get(&square) {
                None => all = false,
                Some(ZonePiece::Whole) => here.push(square.square(SIDE).rings().flatten().copied()),
                Some(ZonePiece::Part(shape)) => {
                    all = false;
                    shape.rings().for_each(|ring| here.push(ring.iter().copied()));
                }
            }
        }
        match (here.is_empty(), all) {
            (true, _) => About::Nothing,
            (_, true) => About::Everything,
            _ => About::Part(here),
        }
    }

    fn within(&self, shape: &Shape, overlay: &mut Overlay) -> Shape {
        let Some(bounds) = shape.bounds() else { return Shape::default() };
        match self.about(bounds) {
            About::Nothing => Shape::default(),
            About::Everything => shape.clone(),
            About::Part(ground) => overlay.intersection(shape, &ground),
        }
    }

    fn without(&self, shape: &Shape, overlay: &mut Overlay) -> Shape {
        let Some(bounds) = shape.bounds() else { return Shape::default() };
        match self.about(bounds) {
            About::Nothing => shape.clone(),
            About::Everything => Shape::default(),
            About::Part(ground) => overlay.difference(shape, &ground),
        }
    }
}

/// A source of what masks leave of the patches of another.
pub struct Masked<'a> {
    source: Box<dyn Source + 'a>,
    masks: Vec<Mask>,
    square_unit_m2: f64,
    /// Doubled square steps that were taken off.
    taken: Mutex<i128>,
}

impl<'a> Masked<'a> {
    /// Makes the masks ready, in parallel on the caller's threads. `square_unit_m2` is how many square metres a square
    /// unit has, for the finding.
    pub fn new(source: Box<dyn Source + 'a>, masks: &[MaskLayer], square_unit_m2: f64) -> Self {
        let masks = masks.iter().map(Mask::new).collect();
        Self { source, masks, square_unit_m2, taken: Mutex::default() }
    }

    /// What is left of a shape, and of what nobody knows.
    fn cut(&self, shape: &Shape, overlay: &mut Overlay) -> [Shape; 2] {
        let (mut left, mut unknown) = (shape.clone(), Shape::default());
        for mask in &self.masks {
            let [kept, unsure] = mask.cut(&left, overlay);
            let still = mask.cut(&unknown, overlay);
            (left, unknown) = (kept, unsure);
            still.iter().flat_map(Shape::rings).for_each(|ring| unknown.push(ring.iter().copied()));
        }
        [left, unknown]
    }
}

impl Source for Masked<'_> {
    fn name(&self) -> &str {
        self.source.name()
    }

    fn stretches(&self) -> usize {
        self.source.stretches()
    }

    fn batches(&self, stretch: usize) -> Result<Box<dyn Batches + '_>, SourceFault> {
        let batches = self.source.batches(stretch)?;
        Ok(Box::new(Reader {
            masked: self,
            batches,
            overlay: Overlay::default(),
            read: Batch::default(),
            numbers: Vec::new(),
            met: Numbers::default(),
        }))
    }

    fn findings(&self) -> Vec<Finding> {
        let mut findings = self.source.findings();
        let taken = std::mem::take(&mut *self.taken.lock().unwrap_or_else(PoisonError::into_inner));
        let m2 = square_units(taken) * self.square_unit_m2;
        let ha = m2 / 1e4;
        let sentence = words!("masks take {ha:.4} ha off its patches", "掩膜从其图斑中扣除 {ha:.4} 公顷");
        findings.push(
            Finding::new("cover-masked", Severity::Info, sentence)
                .in_layer(self.source.name())
                .with_area_m2(m2),
        );
        findings
    }
}

/// The values that were given out so far.
#[derive(Debug, Default)]
struct Numbers {
    count: u32,
    null: Option<u32>,
}

impl Numbers {
    fn number(&mut self, value: Value, met: &mut Vec<Value>) -> u32 {
        let is_null = value == Value::Null;
        if let Some(null) = self.null.filter(|_| is_null) {
            return null;
        }
        let number = self.count;
        if is_null {
            self.null = Some(number);
        }
        self.count += 1;
        met.push(value);
        number
    }
}

/// Reads a stretch of what is left.
struct Reader<'a> {
    masked: &'a Masked<'a>,
    batches: Box<dyn Batches + 'a>,
    overlay: Overlay,
    read: Batch,
    /// By number of a value in the source: the number that it is given out under.
    numbers: Vec<u32>,
    met: Numbers,
}

impl Batches for Reader<'_> {
    fn next_batch(&mut self, batch: &mut Batch) -> Result<bool, SourceFault> {
        batch.clear();
        let mut read = std::mem::take(&mut self.read);
        while batch.patches.is_empty() {
            if !self.batches.next_batch(&mut read)? {
                break;
            }
            for value in read.new_values.drain(..) {
                self.numbers.push(self.met.number(value, &mut batch.new_values));
            }
            (0..read.patches.len()).for_each(|patch| self.take(&read, patch, batch));
        }
        self.read = read;
        Ok(!batch.patches.is_empty())
    }
}

impl Reader<'_> {
    fn take(&mut self, from: &Batch, patch: usize, to: &mut Batch) {
        let number = self.numbers.get(from.patches[patch].value as usize).copied().unwrap_or_default();
        let mut outline = Shape::default();
        on_grid(from, patch, &mut outline);
        let [left, unknown] = self.masked.cut(&outline, &mut self.overlay);
        let taken = outline.doubled_area() - left.doubled_area() - unknown.doubled_area();
        if taken == 0 && unknown.is_empty() {
            from.rings_of(patch).for_each(|(kind, points)| to.push_ring(kind, points.iter().copied()));
            return to.push_patch(number, from.id(patch));
        }
        if taken != 0 {
            *self.masked.taken.lock().unwrap_or_else(PoisonError::into_inner) += taken;
        }
        if !left.is_empty() {
            push_ground(&left, number, from.id(patch), &mut self.overlay, to);
        }
        if !unknown.is_empty() {
            let null = self.met.number(Value::Null, &mut to.new_values);
            push_ground(&unknown, null, from.id(patch), &mut self.overlay, to);
        }
    }
}
