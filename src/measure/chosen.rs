//! The patches of covers whose values count, for measures that look at outlines and not at ground counted once.

use rayon::prelude::*;

use crate::attribute::Value;
use crate::finding::Finding;
use crate::geometry::area::ToDegrees;
use crate::geometry::grid::{Bounds, Shape};
use crate::geometry::overlay::Overlay;
use crate::geometry::simple::Simplicity;
use crate::geometry::stack::clusters;
use crate::measure::reading::{self, MakeToDegrees, Reader};
use crate::measure::tally::Classes;
use crate::measure::{MeasureError, Watch};
use crate::prepare;
use crate::prepare::on_grid;
use crate::survey::{Batch, Source};
use crate::threads::on_the_callers_threads;

/// Whether a value of a cover, given by index, counts.
pub type Counts<'a> = dyn Fn(usize, &Value) -> bool + Sync + 'a;

/// Which values of a cover count, asked once each.
pub(super) struct Choice<'a> {
    counts: &'a Counts<'a>,
    cover: usize,
    classes: &'a Classes,
    known: Vec<Option<bool>>,
}

impl<'a> Choice<'a> {
    pub(super) fn new(counts: &'a Counts<'a>, cover: usize, classes: &'a Classes) -> Self {
        Self { counts, cover, classes, known: Vec::new() }
    }

    /// The patches of a batch that count, by index; `known` are the numbers of the values of its stretch.
    pub(super) fn of<'b>(
        &'b mut self,
        batch: &'b Batch,
        known: &'b [u32],
    ) -> impl Iterator<Item = usize> + 'b {
        batch.patches.iter().enumerate().filter_map(move |(index, patch)| {
            let value = known.get(patch.value as usize).copied().unwrap_or_default();
            self.counts(value).then_some(index)
        })
    }

    fn counts(&mut self, value: u32) -> bool {
        let at = value as usize;
        if self.known.len() <= at {
            self.known.resize(at + 1, None);
        }
        let Self { counts, cover, classes, known } = self;
        *known[at].get_or_insert_with(|| classes.value(value).is_some_and(|value| counts(*cover, &value)))
    }
}

/// Makes the clean outlines of patches, one after another in the same buffer.
#[derive(Default)]
pub(super) struct Outliner {
    simplicity: Simplicity,
    overlay: Overlay,
    outline: Shape,
}

impl Outliner {
    /// The outline of a patch, repaired where its rings cross or cover themselves, with the box around it as drawn;
    /// `None` where it encloses nothing.
    pub(super) fn outline(&mut self, batch: &Batch, index: usize) -> Option<(&Shape, Bounds)> {
        self.outline.clear();
        let bounds = on_grid(batch, index, &mut self.outline)?;
        if !self.simplicity.is_simple(&self.outline, bounds) {
            self.outline = self.overlay.ground(&prepare::parts(batch, index));
        }
        Some((&self.outline, bounds))
    }
}

/// The ground of all patches that count, united: its parts, each of which hangs together, in an order that depends on
/// them alone. For kinds of which a county has thousands, as parks are: all outlines are held in memory.
pub fn united(
    covers: &[&dyn Source],
    counts: &Counts<'_>,
    to_degrees: &MakeToDegrees<'_>,
    watch: &dyn Watch,
) -> Result<(Vec<Shape>, Vec<Finding>), MeasureError> {
    let (mut shapes, mut findings) = (Vec::new(), Vec::new());
    for (cover, source) in covers.iter().enumerate() {
        let classes = Classes::default();
        let new = || Keeper {
            choice: Choice::new(counts, cover, &classes),
            outliner: Outliner::default(),
            kept: Vec::new(),
        };
        let readers = reading::read(*source, &classes, new, to_degrees, watch)?;
        shapes.extend(readers.into_iter().flat_map(|reader| reader.kept));
        findings.extend(source.findings());
    }
    Ok((parts(&shapes), findings))
}

/// The parts of the ground of some clean shapes. Those that lie apart are united apart, in parallel.
fn parts(shapes: &[Shape]) -> Vec<Shape> {
    let shapes: Vec<&Shape> = shapes.iter().collect();
    let clusters = clusters(&shapes);
    let parts_of = |overlay: &mut Overlay, cluster: &Vec<usize>| match cluster.as_slice() {
        [one] => overlay.parts(shapes[*one]),
        several => {
            let ground = overlay.union(several.iter().map(|&i| shapes[i]));
            overlay.parts(&ground)
        }
    };
    let parts: Vec<Vec<Shape>> =
        on_the_callers_threads(|| clusters.par_iter().map_init(Overlay::default, parts_of).collect());
    let mut parts: Vec<Shape> = parts.into_iter().flatten().collect();
    parts.sort_unstable();
    parts
}

/// The ground of a patch, and how many it has of what its source gives.
pub type Counted = (Shape, Option<f64>);

/// The ground of each patch of a source and the first amount of it, in an order that depends on them alone; those without
/// ground are left out.
pub fn each(
    source: &dyn Source,
    to_degrees: &MakeToDegrees<'_>,
    watch: &dyn Watch,
) -> Result<(Vec<Counted>, Vec<Finding>), MeasureError> {
    let new = || Collector { outliner: Outliner::default(), kept: Vec::new() };
    let readers = reading::read(source, &Classes::default(), new, to_degrees, watch)?;
    let mut all: Vec<Counted> = readers.into_iter().flat_map(|reader| reader.kept).collect();
    all.sort_by_cached_key(|(shape, amount)| {
        let points: Vec<(i64, i64)> = shape.points().iter().map(|p| (p.x, p.y)).collect();
        (points, amount.map(f64::to_bits))
    });
    Ok((all, source.findings()))
}

/// One thread's reading of all patches with their amounts.
struct Collector {
    outliner: Outliner,
    kept: Vec<Counted>,
}

impl Reader for Collector {
    fn look(&mut self, _: &Batch, _: &ToDegrees<'_>) {}

    fn take(&mut self, batch: &Batch, _: &[u32]) {
        for index in 0..batch.patches.len() {
            let amount = batch.amounts.get(index).copied().flatten().map(|amount| amount.number());
            let outline = self.outliner.outline(batch, index);
            self.kept.extend(outline.map(|(outline, _)| (outline.clone(), amount)));
        }
    }
}

/// One thread's reading.
struct Keeper<'a> {
    choice: Choice<'a>,
    outliner: Outliner,
    kept: Vec<Shape>,
}

impl Reader for Keeper<'_> {
    fn look(&mut self, _: &Batch, _: &ToDegrees<'_>) {}

    fn take(&mut self, batch: &Batch, known: &[u32]) {
        for index in self.choice.of(batch, known) {
            self.kept.extend(self.outliner.outline(batch, index).map(|(outline, _)| outline.clone()));
        }
    }
}
