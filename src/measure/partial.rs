//! A part of a measurement as a plain value, and how parts become the whole.
//!
//! In: what was read and measured under a [`Task`]. Out: [`Partial`], which holds every exact sum under the tile and
//! the zone that own it. Nothing is added across tiles before all are there, so:
//!
//! - parts over any partition into tiles, or into zones, merge to the partial of the whole, equal in every field;
//! - the order of merging does not matter, and a part that is there twice counts once;
//! - parts that overlap must say the same where they do, else there is an error.
//!
//! What a cover says as a whole (its values, what was noticed of its features) stands in every part, as every part
//! reads all of it.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::attribute::Value;
use crate::finding::Finding;
use crate::geometry::tile::Tile;
use crate::measure::coverage::ValueCoverage;
use crate::measure::heap::PatchKey;
use crate::measure::pairs::TilePairs;
use crate::measure::patches::{ANYWHERE, Gathered, Note, Patches, Repaired};
use crate::measure::plan::Plan;
use crate::measure::task::{Allotment, Extent, Task};
use crate::measure::tile_sums::{TileSums, ZoneTile};
use crate::prepare::Zones;
use crate::survey::Drawn;

/// What the covers say as a whole, by cover.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Surveyed {
    /// Their names.
    pub covers: Vec<String>,
    /// Their class values in the order in which the files have them.
    #[serde(with = "stored")]
    pub values: Vec<Vec<Value>>,
    /// The recorded area of features that could not be taken, in square metres.
    pub lost_m2: Vec<f64>,
    /// How finely their patches are drawn, where that was looked at.
    pub drawn: Vec<Option<Drawn>>,
    /// What was noticed while they were read.
    pub findings: Vec<Finding>,
}

/// What belongs to one tile and one owner.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Portion {
    /// By cover.
    pub notes: BTreeMap<u32, Note>,
    /// In file order.
    pub repaired: Vec<Repaired>,
    /// By zone (or [`ANYWHERE`]), cover and value: what patches at home here have in zones.
    pub sums: BTreeMap<(u32, u32, u32), ValueCoverage>,
    /// By zone: what it has in the tile.
    pub grounds: BTreeMap<u32, ZoneTile>,
    pub pairs: TilePairs,
}

/// A part of a measurement, complete in itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Partial {
    /// What the covers say as a whole.
    pub surveyed: Surveyed,
    extent: Extent,
    allotment: Allotment,
    portions: BTreeMap<(Tile, u32), Portion>,
}

/// Why parts do not make one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Clash {
    /// There are none.
    #[error("no part is given")]
    Nothing,
    /// Two parts, by index, are not of one measurement.
    #[error("parts {0} and {1} are not of one measurement")]
    Foreign(usize, usize),
    /// Two parts, by index, say different things of one tile.
    #[error("parts {0} and {1} differ in a tile that both hold")]
    Differ(usize, usize, Tile),
    /// Some parts are tiles and others zones, and neither are all.
    #[error("parts {0} and {1} are of different kinds")]
    Mixed(usize, usize),
}

/// What is missing from the whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Missing {
    /// These tiles.
    Tiles(Vec<Tile>),
    /// These zones, by index.
    Zones(Vec<usize>),
}

impl Partial {
    /// Gathers what was read and measured under a task; what belongs to others is left out.
    pub(super) fn new(task: &Task<'_>, gathered: Gathered, tiles: Vec<(Tile, TileSums)>) -> Self {
        let allotment = task.allotment().clone();
        let mut partial =
            Self { surveyed: gathered.surveyed, extent: task.extent(), allotment, portions: BTreeMap::new() };
        for (key, sums) in gathered.sums {
            partial.add(task, key.tile, key.zone, |portion| {
                portion.sums.insert((key.zone, key.cover, key.value), sums);
            });
        }
        for ((tile, cover), note) in gathered.notes {
            partial.add(task, tile, ANYWHERE, |portion| {
                portion.notes.insert(cover, note);
            });
        }
        for (tile, repaired) in gathered.repaired {
            partial.add(task, tile, ANYWHERE, |portion| portion.repaired.push(repaired));
        }
        for (tile, sums) in tiles {
            for (zone, ground) in sums.zones {
                partial.add(task, tile, zone, |portion| {
                    portion.grounds.insert(zone, ground);
                });
            }
            if sums.pairs != TilePairs::default() {
                partial.add(task, tile, ANYWHERE, |portion| portion.pairs = sums.pairs);
            }
        }
        partial
    }

    fn add(&mut self, task: &Task<'_>, tile: Tile, zone: u32, add: impl FnOnce(&mut Portion)) {
        let owner = task.owner(tile, zone);
        if self.allotment.takes(tile, owner) {
            add(self.portions.entry((tile, owner)).or_default());
        }
    }

    /// Which part of the work is here.
    pub fn allotment(&self) -> &Allotment {
        &self.allotment
    }

    /// Whether it fits zones and a plan, so that adding up finds everything that it names.
    pub(super) fn fits(&self, zones: &Zones, plan: &Plan) -> bool {
        let zone = |zone: u32| (zone as usize) < zones.zones().len();
        let covers = plan.readings.len();
        let Surveyed { values, covers: names, lost_m2, drawn, .. } = &self.surveyed;
        let surveyed = [names.len(), values.len(), lost_m2.len(), drawn.len()] == [covers; 4]
            && values.iter().zip(&plan.readings).all(|(values, readings)| values.len() <= readings.len());
        let value = |cover: u32, value: u32| {
            let of_cover = values.get(cover as usize);
            of_cover.is_some_and(|values| (value as usize) < values.len())
        };
        let ground = |(number, ground): (&u32, &ZoneTile)| {
            zone(*number)
                && ground.none.len() == plan.strata.len()
                && ground.excess.keys().all(|set| (*set as usize) < plan.sets.len())
        };
        let of = |patch: PatchKey| patch.cover() < covers;
        let pairs = |pairs: &TilePairs| {
            pairs.names_all()
                && pairs.names.iter().all(|name| of(name.patch))
                && pairs.identical.iter().all(|(names, _)| names.iter().all(|name| of(name.patch)))
        };
        surveyed
            && self.portions().all(|(_, portion)| {
                let mut sums = portion.sums.keys();
                sums.all(|&(z, c, v)| (z == ANYWHERE || zone(z)) && value(c, v))
                    && portion.grounds.iter().all(ground)
                    && portion.repaired.iter().all(|repaired| of(repaired.patch))
                    && pairs(&portion.pairs)
            })
    }

    /// By tile and owner, tile after tile.
    pub(super) fn portions(&self) -> impl Iterator<Item = (Tile, &Portion)> {
        self.portions.iter().map(|((tile, _), portion)| (*tile, portion))
    }

    /// What is missing from the whole; `None` where nothing is.
    pub fn missing(&self, zones: &Zones) -> Option<Missing> {
        match &self.allotment {
            Allotment::Everything => None,
            Allotment::Tiles(here) => {
                Some(Missing::Tiles(zones.tiles().filter(|tile| !here.contains(tile)).collect()))
            }
            Allotment::Zones(here) => {
                let missing = (0..self.extent.zones).filter(|zone| !here.contains(zone));
                Some(Missing::Zones(missing.map(|zone| zone as usize).collect()))
            }
        }
    }

    /// Takes out what the tiles say of overlaps.
    pub(super) fn take_pairs(&mut self) -> impl Iterator<Item = TilePairs> {
        self.portions.values_mut().map(|portion| std::mem::take(&mut portion.pairs))
    }

    /// The patches of all covers, added up.
    pub(super) fn patches(&self) -> Patches {
        let Surveyed { covers, values, lost_m2, drawn, .. } = &self.surveyed;
        let mut all = Patches {
            values: values.clone(),
            covers: covers.clone(),
            lost_m2: lost_m2.clone(),
            drawn: drawn.clone(),
            ..Patches::default()
        };
        let mut notes = vec![Note::default(); covers.len()];
        for (_, portion) in self.portions() {
            for (cover, note) in &portion.notes {
                if let Some(sum) = notes.get_mut(*cover as usize) {
                    sum.add(note);
                }
            }
            all.repaired.extend(portion.repaired.iter().cloned());
        }
        all.repaired.sort_by_key(|repaired| repaired.patch);
        all.counts = notes.iter().map(|note| note.counts).collect();
        all.parts_residual_m2 = notes.iter().map(|note| note.parts_residual_m2).fold(0.0, f64::max);
        all
    }

    /// Whether both are parts of one measurement. By what they print, so that what is not a number equals itself.
    fn of_one_measurement(&self, other: &Self) -> bool {
        self.extent == other.extent && format!("{:?}", self.surveyed) == format!("{:?}", other.surveyed)
    }

    /// Where both should say the same and do not: the tile and its owner.
    fn difference(&self, other: &Self) -> Option<(Tile, u32)> {
        let both = |&(tile, owner): &(Tile, u32)| {
            self.allotment.takes(tile, owner) && other.allotment.takes(tile, owner)
        };
        let keys = self.portions.keys().chain(other.portions.keys()).filter(|key| both(key));
        keys.copied().find(|key| self.portions.get(key) != other.portions.get(key))
    }

    fn join(&mut self, other: Self) {
        match (&mut self.allotment, other.allotment) {
            (Allotment::Everything, _) => return,
            (Allotment::Tiles(here), Allotment::Tiles(there)) => here.extend(there),
            (Allotment::Zones(here), Allotment::Zones(there)) => here.extend(there),
            (here, there) => *here = there,
        }
        self.portions.extend(other.portions);
        let joined = std::mem::replace(&mut self.allotment, Allotment::Everything);
        self.allotment = self.extent.normal(joined);
    }
}

/// Merges parts, in whatever order they come. O(parts x their size).
pub fn merge(parts: Vec<Partial>) -> Result<Partial, Clash> {
    let seen: Vec<Allotment> = parts.iter().map(|part| part.allotment.clone()).collect();
    let differ = |number: usize, (tile, owner): (Tile, u32)| {
        let before = seen.iter().position(|allotment| allotment.takes(tile, owner)).unwrap_or(0);
        Clash::Differ(before, number, tile)
    };
    if let Some(number) = parts.iter().position(|part| !parts[0].of_one_measurement(part)) {
        return Err(Clash::Foreign(0, number));
    }
    // Tiles go with tiles and zones with zones; either may come to be everything.
    let mut kinds: BTreeMap<u8, (usize, Partial)> = BTreeMap::new();
    for (number, part) in parts.into_iter().enumerate() {
        match kinds.entry(part.allotment.kind()) {
            Entry::Vacant(place) => drop(place.insert((number, part))),
            Entry::Occupied(mut place) => {
                let (_, sum) = place.get_mut();
                if let Some(key) = sum.difference(&part) {
                    return Err(differ(number, key));
                }
                sum.join(part);
            }
        }
    }
    let mut kinds: Vec<(usize, Partial)> = kinds.into_values().collect();
    kinds.sort_by_key(|(_, part)| part.allotment.kind());
    let mut kinds = kinds.into_iter();
    let (before, whole) = kinds.next().ok_or(Clash::Nothing)?;
    for (number, part) in kinds {
        if let Some(key) = whole.difference(&part) {
            return Err(differ(number, key));
        }
        if whole.allotment != Allotment::Everything {
            return Err(Clash::Mixed(before, number));
        }
    }
    Ok(whole)
}

/// Values as they are stored: each with its kind, so that the text `1` does not come back as a number.
mod stored {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use crate::attribute::Value;

    #[derive(Serialize, Deserialize)]
    enum Stored {
        Null,
        Integer(i64),
        Real(f64),
        Text(String),
    }

    impl From<&Value> for Stored {
        fn from(value: &Value) -> Self {
            match value {
                Value::Null => Self::Null,
                Value::Integer(n) => Self::Integer(*n),
                Value::Real(x) => Self::Real(*x),
                Value::Text(t) => Self::Text(t.clone()),
            }
        }
    }

    impl From<Stored> for Value {
        fn from(stored: Stored) -> Self {
            match stored {
                Stored::Null => Self::Null,
                Stored::Integer(n) => Self::Integer(n),
                Stored::Real(x) => Self::Real(x),
                Stored::Text(t) => Self::Text(t),
            }
        }
    }

    pub(super) fn serialize<S: Serializer>(values: &[Vec<Value>], to: S) -> Result<S::Ok, S::Error> {
        let each = |cover: &Vec<Value>| cover.iter().map(Stored::from).collect::<Vec<_>>();
        values.iter().map(each).collect::<Vec<_>>().serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Vec<Value>>, D::Error> {
        let covers = Vec::<Vec<Stored>>::deserialize(from)?;
        Ok(covers.into_iter().map(|cover| cover.into_iter().map(Value::from).collect()).collect())
    }
}
