//! Ground of zones beyond the cells of a raster (栅格范围以外).
//!
//! A raster that covers a part of a zone says nothing of the rest: that ground is given as patches without a value, as
//! cells without data are, so that it is neither green nor silently not green. Of a zone that the raster does not reach
//! at all it was not asked.

use crate::attribute::Value;
use crate::finding::Finding;
use crate::geometry::grid::{STEPS_PER_UNIT, Shape};
use crate::geometry::overlay::Overlay;
use crate::prepare::Zones;
use crate::survey::raster::CellFrame;
use crate::survey::{Batch, Batches, Given, RingKind, Source, SourceFault};

/// Less ground than this (square units) lies between two ways to draw one line, and beyond nothing.
const SLIVER: f64 = 0.01;

/// What of a zone some rasters cover.
#[derive(Debug, Clone, PartialEq)]
pub enum Reach {
    /// Nothing.
    Nothing,
    /// All but this.
    AllBut(Shape),
    /// All of it.
    All,
}

/// What some rasters together cover of each zone. O(points of the zones).
pub fn reach(zones: &Zones, frames: &[&CellFrame]) -> Vec<Reach> {
    let mut overlay = Overlay::default();
    let rings = frames.iter().map(|frame| {
        let mut shape = Shape::default();
        shape.push_recorded(&frame.ring, true);
        shape
    });
    let ground = overlay.union(&rings.collect::<Vec<_>>());
    let of_zone = |zone: &Shape| {
        let met = zone.bounds().zip(ground.bounds()).is_some_and(|(a, b)| a.meets(&b));
        let rest = if met { overlay.difference(zone, &ground) } else { zone.clone() };
        let sliver = (SLIVER * 2.0 * STEPS_PER_UNIT * STEPS_PER_UNIT) as i128;
        match rest.doubled_area() {
            area if area <= sliver => Reach::All,
            area if zone.doubled_area() - area <= sliver => Reach::Nothing,
            _ => Reach::AllBut(rest),
        }
    };
    let shapes = zones.zones().iter().map(|zone| zone.shape());
    shapes.map(of_zone).collect()
}

/// A source with the ground beyond its cells behind its patches, as a stretch of its own.
pub struct Beyond<'a> {
    source: Box<dyn Source + 'a>,
    ground: Given,
}

impl<'a> Beyond<'a> {
    /// Adds what lies beyond in those zones that are covered in part.
    pub fn new(source: Box<dyn Source + 'a>, reach: &[Reach]) -> Self {
        let rests = reach.iter().filter_map(|reach| match reach {
            Reach::AllBut(rest) => Some(rest),
            Reach::Nothing | Reach::All => None,
        });
        let mut overlay = Overlay::default();
        let rest = overlay.union(rests);
        let mut ground = Batch::default();
        for polygon in overlay.polygons(&rest) {
            ground.push_ring(RingKind::Shell, polygon.exterior().0.iter().map(|c| [c.x, c.y]));
            for hole in polygon.interiors() {
                ground.push_ring(RingKind::Hole, hole.0.iter().map(|c| [c.x, c.y]));
            }
            ground.push_patch(0, "(outside)");
        }
        ground.new_values.push(Value::Null);
        let batches = if ground.patches.is_empty() { Vec::new() } else { vec![ground] };
        Self { ground: Given::new(source.name(), batches), source }
    }
}

impl Source for Beyond<'_> {
    fn name(&self) -> &str {
        self.source.name()
    }

    fn stretches(&self) -> usize {
        self.source.stretches() + self.ground.stretches()
    }

    fn batches(&self, stretch: usize) -> Result<Box<dyn Batches + '_>, SourceFault> {
        match stretch.checked_sub(self.source.stretches()) {
            None => self.source.batches(stretch),
            Some(behind) => self.ground.batches(behind),
        }
    }

    fn findings(&self) -> Vec<Finding> {
        self.source.findings()
    }
}
