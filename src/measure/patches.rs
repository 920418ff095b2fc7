//! Reads covers and cuts their patches along the work tiles.
//!
//! In: sources of batches. Out: [`Patches`], every patch that reaches a tile of a zone, by tile.
//! Holds all of them in memory: bounded by the layers, 16 bytes a vertex and about 100 a patch.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::attribute::Value;
use crate::finding::Finding;
use crate::geometry::overlay::Part;
use crate::geometry::tile::{self, Block, Tile};
use crate::measure::{MeasureError, Stage, Watch, pairs};
use crate::prepare::{self, Zones};
use crate::survey::{Batch, Source};

/// A patch of a run, without its shape.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Patch {
    /// Which cover it belongs to, by index.
    pub cover: u32,
    /// Its class value: an index into [`Patches::values`] of that cover.
    pub value: u32,
    /// The identifier that people find it by.
    pub id: Box<str>,
    /// Equal for patches with the same rings.
    pub(super) outline: u64,
}

/// What of a patch lies in a tile, as recorded.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct TilePatch {
    pub patch: u32,
    pub parts: Vec<Part>,
}

/// All patches of a run.
#[derive(Debug, Default)]
pub struct Patches {
    /// The patches, cover after cover, in file order.
    pub patches: Vec<Patch>,
    /// The class values of each cover in the order in which they were met.
    pub values: Vec<Vec<Value>>,
    /// The covers' names.
    pub covers: Vec<String>,
    /// For each cover how many patches were read, and how many of them reach no zone's tiles.
    pub counts: Vec<Counts>,
    /// For each cover the recorded area of features that could not be taken, in square metres.
    pub lost_m2: Vec<f64>,
    pub(super) tiles: BTreeMap<Tile, Vec<TilePatch>>,
}

/// Recorded area of features that could not be taken.
fn lost_m2(findings: &[Finding]) -> f64 {
    const LOST: [&str; 3] = ["vertex-impossible", "geometry-unreadable", "geometry-empty"];
    findings.iter().filter(|f| LOST.contains(&f.code)).filter_map(|f| f.area_m2).sum()
}

/// How many patches of a cover were read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Read.
    pub read: u64,
    /// Far from every zone.
    pub elsewhere: u64,
}

/// Reads all covers. O(vertices log tiles).
pub fn gather(
    covers: &[&dyn Source],
    zones: &Zones,
    watch: &dyn Watch,
) -> Result<(Patches, Vec<Finding>), MeasureError> {
    let (mut all, mut findings) = (Patches::default(), Vec::new());
    watch.stage(Stage::Reading, None);
    for source in covers {
        all.covers.push(source.name().to_owned());
        all.values.push(Vec::new());
        all.counts.push(Counts::default());
        let mut batch = Batch::default();
        for stretch in 0..source.stretches() {
            let mut values = Vec::new();
            let mut batches = source.batches(stretch).map_err(MeasureError::Source)?;
            while batches.next_batch(&mut batch).map_err(MeasureError::Source)? {
                if watch.interrupted() {
                    return Err(MeasureError::Interrupted);
                }
                watch.advance(batch.patches.len() as u64);
                all.take(&mut batch, &mut values, zones);
            }
        }
        let noticed = source.findings();
        all.lost_m2.push(lost_m2(&noticed));
        findings.extend(noticed);
    }
    Ok((all, findings))
}

impl Patches {
    fn take(&mut self, batch: &mut Batch, values: &mut Vec<u32>, zones: &Zones) {
        let cover = self.covers.len() - 1;
        for value in batch.new_values.drain(..) {
            let known = self.values[cover].iter().position(|v| v.code() == value.code());
            values.push(known.unwrap_or(self.values[cover].len()) as u32);
            self.values[cover].extend(known.is_none().then_some(value));
        }
        let block = Block::around(zones.tiles());
        let one = |i| {
            let parts = prepare::parts(batch, i);
            (parts.is_empty(), pairs::outline(&parts), block.map(|block| cut(&parts, zones, block)))
        };
        let cut: Vec<_> = (0..batch.patches.len()).into_par_iter().map(one).collect();
        for (i, (empty, outline, pieces)) in cut.into_iter().enumerate() {
            let pieces = pieces.unwrap_or_default();
            let reaches = pieces.iter().flat_map(|(_, parts)| parts).any(|part| !part.shell.is_empty());
            self.counts[cover].read += 1;
            self.counts[cover].elsewhere += u64::from(!reaches && !empty);
            let patch = self.patches.len() as u32;
            let value = values[batch.patches[i].value as usize];
            self.patches.push(Patch { cover: cover as u32, value, id: batch.id(i).into(), outline });
            for (tile, parts) in pieces {
                self.tiles.entry(tile).or_default().push(TilePatch { patch, parts });
            }
        }
    }
}

/// What of a patch lies in each tile.
type Pieces = Vec<(Tile, Vec<Part>)>;

/// Cuts a patch part by part; holes go into every tile that they reach, also where their shell does not, so that
/// what the rings claim is the same whichever way tiles cut them.
fn cut(parts: &[Part], zones: &Zones, block: Block) -> Pieces {
    let mut tiles: BTreeMap<Tile, Vec<Part>> = BTreeMap::new();
    for part in parts {
        let mut pieces: BTreeMap<Tile, Part> = BTreeMap::new();
        tile::split_within(&part.shell, block, |tile, shell| pieces.entry(tile).or_default().shell = shell);
        tile::split_within(&part.holes, block, |tile, holes| pieces.entry(tile).or_default().holes = holes);
        for (tile, piece) in pieces.into_iter().filter(|(tile, _)| !zones.in_tile(*tile).is_empty()) {
            tiles.entry(tile).or_default().push(piece);
        }
    }
    tiles.into_iter().collect()
}
