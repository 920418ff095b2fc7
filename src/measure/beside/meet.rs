//! Which patches stand on which strips.

use rayon::prelude::*;
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

use crate::geometry::area::ToDegrees;
use crate::geometry::beside::{Interval, Side, Strip};
use crate::geometry::grid::units;
use crate::measure::beside::{Axes, Request, Stretch};
use crate::measure::chosen::{Choice, Outliner};
use crate::measure::lines::Plane;
use crate::measure::reading::{self, Reader};
use crate::measure::tally::Classes;
use crate::measure::{MeasureError, Watch};
use crate::survey::Batch;

/// A strip in the tree, its box in units.
type Leaf = GeomWithData<Rectangle<[f64; 2]>, u32>;

/// Intervals by strip.
type Hits = Vec<(u32, Interval)>;

/// Reads the covers and gives, strip by strip in no order, where their patches stand on it.
pub(super) fn meet(
    request: &Request<'_>,
    axes: &Axes,
    plane: &Plane<'_>,
    watch: &dyn Watch,
) -> Result<Hits, MeasureError> {
    let banks = request.banks.sides();
    let strip = |stretch: &Stretch, bank: Side| stretch.strip(bank, request.strip_m, plane.unit_m);
    let strips: Vec<Strip> = axes
        .stretches
        .par_iter()
        .flat_map_iter(|stretch| banks.iter().map(move |&bank| strip(stretch, bank)))
        .collect();
    let leaves = strips.par_iter().enumerate().map(|(number, strip)| leaf(number, strip));
    let tree = RTree::bulk_load(leaves.collect());
    let mut hits = Hits::new();
    for (cover, source) in request.covers.iter().enumerate() {
        let classes = Classes::default();
        let new = || Patcher {
            strips: &strips,
            tree: &tree,
            choice: Choice::new(request.counts, cover, &classes),
            outliner: Outliner::default(),
            near: Vec::new(),
            met: Vec::new(),
            hits: Hits::new(),
        };
        let readers = reading::read(*source, &classes, new, plane.to_degrees, watch)?;
        readers.into_iter().for_each(|reader| hits.extend(reader.hits));
        // What there is to notice of a cover was noticed when it was measured.
        drop(source.findings());
    }
    Ok(hits)
}

fn leaf(number: usize, strip: &Strip) -> Leaf {
    let bounds = strip.bounds();
    let corner = |p: crate::geometry::grid::Point| [units(p.x), units(p.y)];
    GeomWithData::new(Rectangle::from_corners(corner(bounds.low), corner(bounds.high)), number as u32)
}

/// One thread's reading.
struct Patcher<'a> {
    strips: &'a [Strip],
    tree: &'a RTree<Leaf>,
    choice: Choice<'a>,
    outliner: Outliner,
    near: Vec<u32>,
    met: Vec<Interval>,
    hits: Hits,
}

impl Reader for Patcher<'_> {
    fn look(&mut self, _: &Batch, _: &ToDegrees<'_>) {}

    fn take(&mut self, batch: &Batch, known: &[u32]) {
        for index in self.choice.of(batch, known) {
            let around = bounds_of(batch, index);
            let strips =
                around.into_iter().flat_map(|around| self.tree.locate_in_envelope_intersecting(&around));
            self.near.clear();
            self.near.extend(strips.map(|leaf| leaf.data));
            if self.near.is_empty() {
                continue;
            }
            let Some((outline, _)) = self.outliner.outline(batch, index) else { continue };
            for &number in &self.near {
                self.met.clear();
                self.strips[number as usize].meet(outline, &mut self.met);
                self.hits.extend(self.met.drain(..).map(|interval| (number, interval)));
            }
        }
    }
}

/// The box around a patch as recorded, in units.
fn bounds_of(batch: &Batch, index: usize) -> Option<AABB<[f64; 2]>> {
    let mut points = batch.rings_of(index).flat_map(|(_, points)| points);
    let &first = points.next()?;
    let (low, high) = points.fold((first, first), |(low, high), p| {
        ([low[0].min(p[0]), low[1].min(p[1])], [high[0].max(p[0]), high[1].max(p[1])])
    });
    Some(AABB::from_corners(low, high))
}
