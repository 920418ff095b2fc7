//! What is counted rather than mapped: trees by species, old trees, greenways, leisure parks.
//!
//! In: rows of tables and layers of points, as they were read. Out: facts, and what was noticed. Nothing here stops a run:
//! a row that says too little is a finding, and what it leaves open widens a figure's range.

pub(super) mod four_sides;
mod lengths;
mod numbers;
mod old_trees;
mod species;
mod trees;

use crate::analysis::towns::Towns;
use crate::fact::{Fact, Place, Quantity, Unit};
use crate::finding::Finding;
use crate::measure::lines::Plane;
use crate::measure::{MeasureError, Watch};
use crate::prepare::Zones;
use crate::project::settings::AreaKind;
use crate::survey::Source;
use crate::words::Words;

pub use four_sides::{FourSideRecords, FourSideRow, FourSides};
pub use numbers::{Numbers, NumbersRow};
pub use old_trees::{OldTree, OldTrees};
pub use trees::{Tree, Trees};

/// Rows of a table, or the points of a layer.
pub enum Records<'a, R> {
    /// Rows.
    Rows(Vec<R>),
    /// Points, which lie in places.
    Points(Box<dyn Source + 'a>),
}

/// Where records come from.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Origin {
    /// The layer or table, for findings.
    pub layer: String,
    /// Who made it, for facts.
    pub source: String,
    /// When.
    pub as_of: Option<String>,
}

/// Everything that is counted.
#[derive(Default)]
pub struct Inventory<'a> {
    /// The trees of the urban area.
    pub trees: Option<Trees<'a>>,
    /// Old and famous trees.
    pub old_trees: Option<OldTrees<'a>>,
    /// Trees of the four sides.
    pub four_sides: Option<FourSides<'a>>,
    /// Greenways: metres in each town.
    pub greenways: Option<Numbers>,
    /// Greenways as lines.
    pub greenway_lines: Option<(Box<dyn Source + 'a>, Origin)>,
    /// Greenways of the county as one number, metres.
    pub greenways_m: Option<(f64, Origin)>,
    /// Leisure parks of each town.
    pub town_parks: Option<Numbers>,
    /// Leisure greens of each village.
    pub village_parks: Option<Numbers>,
}

/// The places that records are counted in.
pub(super) struct Where<'a> {
    /// All zones.
    pub zones: &'a Zones,
    /// What each zone is.
    pub places: &'a [Place],
    /// How many of them are towns, the first ones.
    pub towns: usize,
    /// How many characters of a village's code made the towns, if they were made so.
    pub prefix: Option<usize>,
}

impl Where<'_> {
    /// The towns by what records call them.
    fn by_name(&self) -> Towns {
        Towns::of(self.zones.zones().get(..self.towns).unwrap_or_default(), self.prefix)
    }
}

/// The facts of an inventory.
pub(super) fn facts(
    inventory: &Inventory<'_>,
    at: &Where<'_>,
    plane: &Plane<'_>,
    kind: AreaKind,
    watch: &dyn Watch,
) -> Result<(Vec<Fact>, Vec<Finding>), MeasureError> {
    let (mut facts, mut findings) = (Vec::new(), Vec::new());
    let mut take = |(new, noticed): (Vec<Fact>, Vec<Finding>)| {
        facts.extend(new);
        findings.extend(noticed);
    };
    if let Some(trees) = &inventory.trees {
        take(trees::facts(trees, at, watch)?);
    }
    if let Some(old_trees) = &inventory.old_trees {
        take(old_trees::facts(old_trees, at)?);
    }
    if let Some(greenways) = &inventory.greenways {
        take(numbers::of_towns(greenways, Quantity::Greenways, Unit::Metres, at));
    }
    if let Some((source, origin)) = &inventory.greenway_lines {
        take(lengths::facts(source.as_ref(), origin, at, (plane, kind), watch)?);
    }
    if let Some((metres, origin)) = &inventory.greenways_m {
        take((vec![numbers::of_county(*metres, Quantity::Greenways, Unit::Metres, origin)], Vec::new()));
    }
    if let Some(parks) = &inventory.town_parks {
        take(numbers::of_towns(parks, Quantity::LeisureParks, Unit::Places, at));
    }
    if let Some(parks) = &inventory.village_parks {
        take(numbers::of_villages(parks, Quantity::LeisureParks, Unit::Places));
    }
    Ok((facts, findings))
}

/// A fact that records give.
fn fact(
    quantity: Quantity,
    place: Place,
    [low, value, high]: [f64; 3],
    unit: Unit,
    how: Words,
    origin: &Origin,
) -> Fact {
    let (sources, as_of) = (vec![origin.source.clone()], origin.as_of.clone());
    Fact { quantity, place, value, low, high, unit, how, sources, as_of }
}
