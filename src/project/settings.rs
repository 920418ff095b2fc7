//! What the user asked for, as plain values: every default is resolved, every path is as written.
//!
//! Made by [`Project::parse`](crate::project::Project::parse) alone; after it nobody asks what a missing
//! key means. The serialised names are the keys of the project file, so `run.json` speaks the user's words.
//! Nothing here is opened or looked up: file names are text, relative to the folder of the project file.

mod cells;

pub use cells::{
    CellSettings, IndexSettings, MaskGround, MaskSettings, RasterKind, RasterSettings, Threshold,
};

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::project::class_map::ClassMap;
use crate::project::filter::Filter;
use crate::project::further::Further;
use crate::project::inventory::InventorySettings;
use crate::project::origin::Origins;
use crate::project::scopes::Scopes;
use crate::project::sets::SetsSettings;
use crate::terrain::Terrain;
use crate::words::{Lang, Words};

/// A whole project file.
#[derive(Debug, Clone, Serialize)]
pub struct Project {
    /// The encoding that the file was read as, such as `UTF-8`.
    #[serde(skip)]
    pub encoding: &'static str,
    /// Title of the report and the map; the county's name where none is given.
    pub title: String,
    /// The language of the outputs; `None` leaves it to the flag or the locale.
    pub lang: Option<Lang>,
    /// The working CRS; `None` leaves the choice to the layers.
    pub crs: Option<String>,
    /// The area that figures are judged by.
    pub area: AreaKind,
    /// How many of the largest overlaps are listed.
    pub overlap_pairs: usize,
    /// Circumstances of the county.
    pub county: CountySettings,
    /// The towns.
    pub zones: ZoneSettings,
    /// Every class that a cover can give, in declared order; [`ClassIndex`] points here.
    #[serde(rename = "class")]
    pub classes: Vec<ClassDef>,
    /// The strata; each class is in exactly one.
    #[serde(rename = "stratum")]
    pub strata: Vec<StratumSettings>,
    /// The cover layers, at least one.
    #[serde(rename = "cover")]
    pub covers: Vec<CoverSettings>,
    /// Sets of classes that are told beside the figures.
    #[serde(flatten)]
    pub sets: SetsSettings,
    /// The grounds other than towns that the standard asks about.
    pub scopes: Scopes,
    /// What is asked beyond ground under classes.
    #[serde(flatten)]
    pub further: Further,
    /// Residents.
    pub residents: ResidentsSettings,
    /// Trees, old trees, greenways and parks, which are counted.
    #[serde(flatten)]
    pub inventory: InventorySettings,
    /// The rules to judge by.
    pub standard: StandardSettings,
    /// Items that the user answers.
    pub declared: Vec<DeclaredSettings>,
    /// The filled form with evidence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evidence: Option<EvidenceSettings>,
    /// The map.
    pub map: MapSettings,
    /// Which of these were written in the file or given by a flag.
    #[serde(skip)]
    pub origins: Origins,
}

/// Which area of one ground is reported and judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AreaKind {
    /// On the ellipsoid of the working CRS (椭球面积).
    #[default]
    Ellipsoid,
    /// In the projected plane (平面积).
    Plane,
}

/// `[county]`: circumstances that thresholds depend on.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct CountySettings {
    /// Its name.
    pub name: Option<String>,
    /// Mean annual precipitation in millimetres; chooses the band of the tree-coverage threshold.
    pub annual_precipitation_mm: Option<f64>,
    /// Its terrain (地形), where a threshold depends on it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub terrain: Option<Terrain>,
    /// The terrain of towns that differ from the county, by code.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub town_terrain: BTreeMap<String, Terrain>,
    /// Which list of GB/T 37342-2024 applies.
    pub kind: CountyKind,
}

/// County-level city or prefecture; GB/T 37342-2024 keeps two lists (clauses 4.1 and 4.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CountyKind {
    /// County level (县级).
    #[default]
    County,
    /// Prefecture level and above (地级及以上).
    Prefecture,
}

/// Where a layer lies and how it is to be read.
#[derive(Debug, Clone, Default, Serialize)]
pub struct LayerSettings {
    /// The file, as written.
    pub file: String,
    /// The layer inside it; `None` where it has only one.
    pub layer: Option<String>,
    /// The CRS of its coordinates, over what the file says.
    pub crs: Option<String>,
    /// The encoding of its text, over what the file says.
    pub encoding: Option<String>,
    /// What to do where its datum differs from the working one; `None` refuses.
    pub datum_shift: Option<DatumShift>,
    /// Which features count; `None` takes all.
    #[serde(rename = "where")]
    pub filter: Option<Filter>,
    /// How the cells of a raster become patches; a file whose ending says that it is one needs none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub raster: Option<CellSettings>,
    /// How the points of a layer of trees become crowns.
    #[serde(flatten)]
    pub crowns: Option<CrownSettings>,
}

/// Crowns of single trees (单株树冠): points with a diameter (冠幅), each the disc that it is on the ground.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CrownSettings {
    /// The field with the diameter, in metres.
    #[serde(rename = "crown_field")]
    pub field: String,
    /// A larger diameter, in metres, is none.
    #[serde(rename = "crown_most_m")]
    pub most_m: f64,
}

/// How coordinates of another datum become coordinates of the working one.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DatumShift {
    /// Taken as they are, by explicit wish: `datum_shift = "none"`.
    #[serde(rename = "none")]
    Unshifted,
    /// Seven parameters in the position-vector sense of PROJ `+towgs84`:
    /// dx, dy, dz in metres, rx, ry, rz in arc seconds, scale in parts per million.
    Towgs84([f64; 7]),
}

/// `[zones]`: the towns.
#[derive(Debug, Clone, Serialize)]
pub struct ZoneSettings {
    /// The layer.
    #[serde(flatten)]
    pub layer: LayerSettings,
    /// The field of the code.
    pub id: String,
    /// The field of the name.
    pub name: Option<String>,
    /// Towns are the features whose codes share this many first characters.
    pub prefix: Option<usize>,
    /// Features with one code are one zone, whatever their names.
    pub merge: bool,
}

/// Position of a class in [`Project::classes`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct ClassIndex(pub usize);

/// A class of ground.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClassDef {
    /// Its identity, shared by all schemes: two layers coded differently both give `arbor`.
    pub id: String,
    /// Its name.
    pub name: Words,
    /// The figures its ground counts towards.
    pub counts_as: Vec<Figure>,
    /// The figures that some of its ground counts towards, nobody can say which: it widens their range.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub may_count_as: Vec<Figure>,
    /// Its colour on a map, `#rrggbb`.
    pub colour: Option<String>,
}

/// A figure that a class may count towards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Figure {
    /// Forest coverage (森林覆盖率).
    Forest,
    /// Tree coverage (林木覆盖率).
    TreeCover,
    /// Green coverage (绿化覆盖率): all vegetation.
    Green,
    /// Canopy cover (树冠覆盖率): tree crowns.
    Canopy,
    /// Public park green (公园绿地): parcels.
    Park,
}

impl Figure {
    /// All of them.
    pub const ALL: [Figure; 5] =
        [Figure::Forest, Figure::TreeCover, Figure::Green, Figure::Canopy, Figure::Park];
}

/// `[[stratum]]`: classes that exclude each other on the ground, by priority.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StratumSettings {
    /// Its name.
    pub name: String,
    /// Its classes; each takes only the ground that earlier ones left.
    pub classes: Vec<ClassIndex>,
}

/// `[[cover]]`: a layer whose features have classes.
#[derive(Debug, Clone, Serialize)]
pub struct CoverSettings {
    /// Its name in tables and findings; the file where none is given.
    pub name: String,
    /// The layer.
    #[serde(flatten)]
    pub layer: LayerSettings,
    /// Where the class of a feature comes from.
    #[serde(flatten)]
    pub classes: CoverClasses,
    /// The layers that it is masked by.
    #[serde(rename = "mask", skip_serializing_if = "Vec::is_empty")]
    pub masks: Vec<MaskSettings>,
    /// The field that names a feature in findings.
    pub id_field: Option<String>,
    /// The field with the area that the survey recorded.
    pub area_field: Option<String>,
    /// The unit of that field.
    pub area_unit: AreaUnit,
    /// The field with the town that a feature is booked under, by code or name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub town_field: Option<String>,
    /// Where the town of a feature comes from, for lines beside the figures.
    #[serde(skip_serializing_if = "ZoneFrom::is_usual")]
    pub zone_from: ZoneFrom,
    /// The date of the survey, as written.
    pub date: Option<String>,
    /// Who made it.
    pub source: Option<String>,
}

/// Where the class of a feature comes from.
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
pub enum CoverClasses {
    /// Every feature is of one class.
    Whole {
        /// The class.
        class: ClassIndex,
    },
    /// The value of a field gives it.
    ByField {
        /// The field.
        field: String,
        /// How its values are read.
        #[serde(flatten)]
        map: ClassMap,
    },
}

/// Where the town of a feature comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ZoneFrom {
    /// From where it lies.
    #[default]
    Geometry,
    /// From its own town code, as in the ledger (台账).
    Attribute,
}

impl ZoneFrom {
    /// Whether it is what a project has that does not say.
    fn is_usual(&self) -> bool {
        *self == Self::default()
    }
}

/// The unit of an area field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub enum AreaUnit {
    /// Hectares (公顷), the usual unit of `MIAN_JI`.
    #[default]
    #[serde(rename = "ha")]
    Hectares,
    /// Square metres (平方米), the usual unit of `TBMJ`.
    #[serde(rename = "m2")]
    SquareMetres,
    /// Mu (亩).
    #[serde(rename = "mu")]
    Mu,
}

/// `[residents]`.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ResidentsSettings {
    /// Residents of each town, from a table.
    #[serde(flatten)]
    pub table: Option<TableSettings>,
    /// Residents of the urban area (城区人口), as one number.
    pub urban_residents: Option<ResidentsCount>,
}

/// A table joined to the towns.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TableSettings {
    /// The file, as written.
    pub file: String,
    /// The sheet; `None` where it has only one.
    pub sheet: Option<String>,
    /// The column with codes or names of towns.
    pub key: String,
    /// The column with the value.
    pub value: String,
    /// The unit of the value.
    pub unit: PeopleUnit,
    /// Who counted.
    pub source: Option<String>,
    /// When.
    pub date: Option<String>,
}

/// A number of residents, given in the project file.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ResidentsCount {
    /// The number, in its unit.
    pub value: f64,
    /// The unit.
    pub unit: PeopleUnit,
    /// Who counted.
    pub source: String,
    /// When.
    pub date: String,
    /// Within which boundary they were counted, as the urban area names its source; not said where `None`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub within: Option<String>,
}

impl ResidentsCount {
    /// The number in persons.
    pub fn persons(&self) -> f64 {
        self.value * self.unit.persons()
    }
}

/// The unit that people are counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum PeopleUnit {
    /// 人.
    #[serde(rename = "人")]
    Persons,
    /// 万人: ten thousand persons.
    #[serde(rename = "万人")]
    TenThousand,
}

impl PeopleUnit {
    /// How many persons one unit is.
    pub fn persons(self) -> f64 {
        match self {
            PeopleUnit::Persons => 1.0,
            PeopleUnit::TenThousand => 10_000.0,
        }
    }
}

/// `[standard]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StandardSettings {
    /// Names of rule sets, or files that end in `.toml`; never empty.
    pub rules: Vec<String>,
    /// The file with confirmed readings of thresholds.
    pub confirmations: Option<String>,
}

/// `[[declared]]`: an item that the user answers, or an official figure beside a computed one.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DeclaredSettings {
    /// The code or number of the item.
    pub item: String,
    /// The declared value, in the unit of the item.
    pub value: Option<f64>,
    /// The declared answer, for an item without a number.
    pub passed: Option<bool>,
    /// The official figure, beside a computed one.
    pub official: Option<f64>,
    /// Which of the two figures is judged.
    pub judge_by: JudgeBy,
    /// The document that proves it.
    pub evidence: String,
    /// The number of the document (文号).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// The date of the document.
    pub date: Option<String>,
    /// A remark on it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// `[evidence]`: a form that was written by `sencheng evidence --template` and filled in.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EvidenceSettings {
    /// The workbook.
    pub file: String,
    /// The sheet; `None` where only one has the columns of the form.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
}

/// Which figure is judged where both exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum JudgeBy {
    /// The one that this program computed.
    #[default]
    Computed,
    /// The one that the user declared.
    Declared,
}

/// `[map]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MapSettings {
    /// The figure that colours the towns.
    pub figure: Figure,
    /// Its title; the project's where none is given.
    pub title: String,
}
