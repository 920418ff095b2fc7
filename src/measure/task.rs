//! Which part of the work is done: all of it, some work tiles, or some zones.
//!
//! Whatever is measured belongs to one tile and one zone, its *owner*, so that a partition of either kind counts
//! everything once. What a zone has belongs to that zone. What concerns all zones together (how many patches were
//! read, which overlap), and what zones have that are not handed out one by one (the county, the scopes), belongs to
//! the *keeper* of the tile: the first zone there that can be handed out.

use std::collections::{BTreeSet, HashSet};

use serde::{Deserialize, Serialize};

use crate::geometry::tile::{Block, Tile};
use crate::measure::heap::{BlockKey, block_of};
use crate::prepare::Zones;

/// A part of the work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Allotment {
    /// All of it.
    Everything,
    /// These tiles.
    Tiles(BTreeSet<Tile>),
    /// These zones, by index.
    Zones(BTreeSet<u32>),
}

impl Allotment {
    /// Everything before tiles before zones.
    pub(super) fn kind(&self) -> u8 {
        match self {
            Self::Everything => 0,
            Self::Tiles(_) => 1,
            Self::Zones(_) => 2,
        }
    }

    /// Whether what belongs to a tile and an owner is in this part.
    pub(super) fn takes(&self, tile: Tile, owner: u32) -> bool {
        match self {
            Self::Everything => true,
            Self::Tiles(tiles) => tiles.contains(&tile),
            Self::Zones(zones) => zones.contains(&owner),
        }
    }
}

/// How much work there is in all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Extent {
    /// The tiles that zones reach into.
    pub tiles: u64,
    /// The zones that are handed out.
    pub zones: u32,
}

impl Extent {
    /// All tiles are everything, and so are all zones.
    pub(super) fn normal(self, allotment: Allotment) -> Allotment {
        match allotment {
            Allotment::Tiles(tiles) if tiles.len() as u64 == self.tiles => Allotment::Everything,
            Allotment::Zones(zones) if zones.len() as u64 == u64::from(self.zones) => Allotment::Everything,
            part => part,
        }
    }
}

/// A part of the work on some zones.
pub struct Task<'a> {
    zones: &'a Zones,
    handed_out: u32,
    allotment: Allotment,
    /// The tiles that are looked at, and the blocks that they lie in; `None` for all.
    tiles: Option<HashSet<Tile>>,
    blocks: HashSet<BlockKey>,
    first: Tile,
}

impl<'a> Task<'a> {
    /// A part of the work on zones of which the first `handed_out` can be handed out one by one. O(tiles).
    pub fn new(zones: &'a Zones, handed_out: usize, allotment: Allotment) -> Self {
        let first = zones.tiles().next().unwrap_or(Tile { column: 0, row: 0 });
        let handed_out = handed_out as u32;
        let (blocks, tiles) = (HashSet::new(), None);
        let mut task = Self { zones, handed_out, allotment: Allotment::Everything, tiles, blocks, first };
        task.tiles = match &allotment {
            Allotment::Everything => None,
            Allotment::Tiles(tiles) => Some(tiles.iter().copied().collect()),
            Allotment::Zones(wanted) => {
                let any = |tile: &Tile| task.owners(*tile).any(|owner| wanted.contains(&owner));
                Some(zones.tiles().filter(any).collect())
            }
        };
        task.blocks = task.tiles.iter().flatten().map(|tile| block_of(*tile)).collect();
        task.allotment = task.extent().normal(allotment);
        task
    }

    /// All of the work.
    pub fn everything(zones: &'a Zones) -> Self {
        Self::new(zones, zones.zones().len(), Allotment::Everything)
    }

    /// The zones.
    pub fn zones(&self) -> &'a Zones {
        self.zones
    }

    pub(super) fn allotment(&self) -> &Allotment {
        &self.allotment
    }

    pub(super) fn extent(&self) -> Extent {
        Extent { tiles: self.zones.tiles().count() as u64, zones: self.handed_out }
    }

    /// Who owns what a zone has in a tile, or all zones together (`ANYWHERE`, the last number).
    pub(super) fn owner(&self, tile: Tile, zone: u32) -> u32 {
        if zone < self.handed_out { zone } else { self.keeper(tile) }
    }

    fn keeper(&self, tile: Tile) -> u32 {
        self.handed_out_in(tile).min().unwrap_or(0)
    }

    fn handed_out_in(&self, tile: Tile) -> impl Iterator<Item = u32> {
        let zones = self.zones.in_tile(tile).iter().map(|(zone, _)| *zone as u32);
        zones.filter(|zone| *zone < self.handed_out)
    }

    fn owners(&self, tile: Tile) -> impl Iterator<Item = u32> {
        self.handed_out_in(tile).chain([self.keeper(tile)])
    }

    /// Whether a tile is measured.
    pub(super) fn looks_at(&self, tile: Tile) -> bool {
        self.tiles.as_ref().is_none_or(|tiles| tiles.contains(&tile))
    }

    /// Whether what patches have in zones is wanted of patches with this home tile. A zone's patches may be at home
    /// where it does not reach.
    pub(super) fn sums_at(&self, home: Tile) -> bool {
        !matches!(self.allotment, Allotment::Tiles(_)) || self.looks_at(home)
    }

    /// The tile that patches belong to which reach no zone.
    pub(super) fn home_of_the_rest(&self) -> Tile {
        self.first
    }

    /// Whether what reaches no zone is counted here.
    pub(super) fn counts_the_rest(&self) -> bool {
        self.allotment.takes(self.first, self.keeper(self.first))
    }

    /// Whether a patch that reaches these tiles is needed. How a tile is measured may depend on all patches in its block
    /// and at its border, so they are needed even where they stay clear of the tile. A patch that was repaired reaches no
    /// further than before.
    pub(super) fn concerns(&self, reached: Option<Block>) -> bool {
        if self.tiles.is_none() {
            return true;
        }
        let Some(Block { first, last }) = reached else { return false };
        let beside = |tile: Tile, by: i64| block_of(Tile { column: tile.column + by, row: tile.row + by });
        let ((south, west), (north, east)) = (beside(first, -1), beside(last, 1));
        (south..=north).any(|row| (west..=east).any(|column| self.blocks.contains(&(row, column))))
    }
}
