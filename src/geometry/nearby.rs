//! Which of many things lie near a place (空间索引).
//!
//! In: things with their boxes, in an order in which those that follow each other mostly lie close by, as the edges of a line
//! do. Out: those whose boxes meet one. Boxes are taken together in runs, each as long as the next one touches it; a tree
//! holds the runs, so that it is smaller and sooner made than one of all boxes.

use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

use crate::geometry::grid::{Bounds, Point, units};

/// Most boxes of a run.
const RUN: usize = 16;

/// From which box to which a run goes, with its box in units.
type Run = GeomWithData<Rectangle<[f64; 2]>, [u32; 2]>;

/// Things that are found by where they are.
#[derive(Debug)]
pub struct Nearby<T> {
    things: Vec<(Bounds, T)>,
    runs: RTree<Run>,
}

impl<T> Nearby<T> {
    /// Of things, at most 2³² of them, with their boxes. O(n log n).
    pub fn of(things: Vec<(Bounds, T)>) -> Self {
        let (mut runs, mut first) = (Vec::new(), 0);
        while let Some((begun, _)) = things.get(first) {
            let (mut around, mut next) = (*begun, first + 1);
            while let Some((more, _)) = things.get(next)
                && next < first + RUN
                && around.meets(more)
            {
                around = around.with(*more);
                next += 1;
            }
            runs.push(Run::new(Rectangle::from_aabb(envelope(&around)), [first as u32, next as u32]));
            first = next;
        }
        Self { things, runs: RTree::bulk_load(runs) }
    }

    /// Those whose boxes meet one, in no order.
    pub fn meeting(&self, around: &Bounds) -> impl Iterator<Item = &T> {
        let runs = self.runs.locate_in_envelope_intersecting(&envelope(around));
        let each = runs.flat_map(|run| &self.things[run.data[0] as usize..run.data[1] as usize]);
        each.filter(|(bounds, _)| bounds.meets(around)).map(|(_, thing)| thing)
    }
}

fn envelope(around: &Bounds) -> AABB<[f64; 2]> {
    let corner = |p: Point| [units(p.x), units(p.y)];
    AABB::from_corners(corner(around.low), corner(around.high))
}
