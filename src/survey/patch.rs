//! Patches in batches: flat coordinate buffers with offsets, value codes and identifiers.

use serde::{Deserialize, Serialize};

use crate::attribute::{Amount, Value};
use crate::finding::Finding;
use crate::geometry::grid::FAR_MORE_POINTS;

/// What the features of a layer are. A batch holds features of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Figure {
    /// Polygons (面): they cover ground.
    #[default]
    Polygon,
    /// Lines (线): they have a length.
    Line,
    /// Points (点): they are counted.
    Point,
}

/// What a ring of a recorded polygon is; or a line, or the places of a point feature, which stand in its stead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RingKind {
    /// Begins a new part (outer ring).
    Shell,
    /// A hole of the part begun last.
    Hole,
    /// A part of a line, from its first point to its last.
    Line,
    /// The places of a point feature.
    Places,
}

/// One ring of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RingRecord {
    /// Where its points end in [`Batch::points`].
    pub end: u32,
    /// Shell or hole.
    pub kind: RingKind,
}

/// One patch (图斑) of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PatchRecord {
    /// Where its rings end in [`Batch::rings`].
    pub ring_end: u32,
    /// Where its identifier ends in [`Batch::ids`].
    pub id_end: u32,
    /// Index of its class value in the stretch's list of values.
    pub value: u32,
}

/// Some patches of a layer, in the working CRS, coordinates finite.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Batch {
    /// Coordinates of all rings, one after another.
    pub points: Vec<[f64; 2]>,
    /// The rings, in the order of their points.
    pub rings: Vec<RingRecord>,
    /// The patches, in the order of their rings.
    pub patches: Vec<PatchRecord>,
    /// The identifiers that people find the patches by, one after another.
    pub ids: String,
    /// Class values met for the first time in this batch; they continue the list of the stretch.
    pub new_values: Vec<Value>,
    /// The values to be added up, as many a feature as the source was asked for; `None` for null.
    pub amounts: Vec<Option<Amount>>,
    /// Whether the patches are known to be clean ground on the grid, so that nobody need look.
    pub clean: bool,
}

impl Batch {
    /// The rings of the patch at `index`, with their points. O(1) to reach.
    pub fn rings_of(&self, index: usize) -> impl Iterator<Item = (RingKind, &[[f64; 2]])> {
        let start = index.checked_sub(1).map_or(0, |before| self.patches[before].ring_end) as usize;
        let end = self.patches[index].ring_end as usize;
        (start..end).map(|r| {
            let from = r.checked_sub(1).map_or(0, |before| self.rings[before].end) as usize;
            (self.rings[r].kind, &self.points[from..self.rings[r].end as usize])
        })
    }

    /// The identifier of the patch at `index`. O(1).
    pub fn id(&self, index: usize) -> &str {
        let start = index.checked_sub(1).map_or(0, |before| self.patches[before].id_end) as usize;
        &self.ids[start..self.patches[index].id_end as usize]
    }

    /// Empties the batch and keeps its buffers, unless one huge feature has filled them.
    pub fn clear(&mut self) {
        self.give_back();
        self.points.clear();
        self.rings.clear();
        self.patches.clear();
        self.ids.clear();
        self.new_values.clear();
        self.amounts.clear();
        self.clean = false;
    }

    /// Gives back the coordinates, which are done with, where they take far more room than most batches need.
    pub fn give_back(&mut self) {
        if self.points.capacity() > FAR_MORE_POINTS {
            self.points = Vec::new();
        }
    }

    /// Adds a ring to the patch being built.
    pub fn push_ring(&mut self, kind: RingKind, points: impl IntoIterator<Item = [f64; 2]>) {
        self.points.extend(points);
        self.rings.push(RingRecord { end: self.points.len() as u32, kind });
    }

    /// Ends the patch being built.
    pub fn push_patch(&mut self, value: u32, id: &str) {
        self.ids.push_str(id);
        let (ring_end, id_end) = (self.rings.len() as u32, self.ids.len() as u32);
        self.patches.push(PatchRecord { ring_end, id_end, value });
    }

    /// Takes back the rings pushed since the last patch ended.
    pub fn drop_rings(&mut self) {
        let rings = self.patches.last().map_or(0, |p| p.ring_end as usize);
        self.rings.truncate(rings);
        self.points.truncate(self.rings.last().map_or(0, |r| r.end as usize));
    }
}

/// Why a source stopped giving batches, in the words of the room that reads.
pub type SourceFault = Box<dyn std::error::Error + Send + Sync>;

/// The batches of one stretch until it is exhausted.
pub trait Batches {
    /// Fills the batch, whose buffers are used again, with the next patches; `false` at the end, when there were
    /// none left.
    fn next_batch(&mut self, batch: &mut Batch) -> Result<bool, SourceFault>;
}

/// A mass layer as a value: it gives its batches as often as asked, from several stretches (区段) at once.
pub trait Source: Sync {
    /// The layer's name, for people.
    fn name(&self) -> &str;

    /// In how many stretches the layer can be read. They follow each other in file order and give every feature
    /// once; where one ends depends on the layer alone, not on who reads or on how many threads.
    fn stretches(&self) -> usize;

    /// Starts reading a stretch from its first feature.
    fn batches(&self, stretch: usize) -> Result<Box<dyn Batches + '_>, SourceFault>;

    /// What was noticed while all stretches were read to their end, together.
    fn findings(&self) -> Vec<Finding>;

    /// How finely its patches are drawn, where that was looked at while they were read.
    fn drawn(&self) -> Option<Drawn> {
        None
    }
}

/// How finely the patches of a layer are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Drawn {
    /// The length of all their outlines, in units of the plane.
    pub outline: f64,
    /// The sum of their areas, in square units.
    pub area: f64,
    /// The area of the smallest.
    pub smallest: Option<f64>,
}

impl<S: Source + ?Sized> Source for &S {
    fn name(&self) -> &str {
        (**self).name()
    }

    fn stretches(&self) -> usize {
        (**self).stretches()
    }

    fn batches(&self, stretch: usize) -> Result<Box<dyn Batches + '_>, SourceFault> {
        (**self).batches(stretch)
    }

    fn findings(&self) -> Vec<Finding> {
        (**self).findings()
    }

    fn drawn(&self) -> Option<Drawn> {
        (**self).drawn()
    }
}
