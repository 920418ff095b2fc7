//! Settings of what is counted rather than mapped: trees, old trees, greenways, leisure parks.

use serde::Serialize;

use crate::project::settings::LayerSettings;

/// A table, or a layer of points.
#[derive(Debug, Clone, Default, Serialize)]
pub struct RecordSettings {
    /// The file, and which of its rows or features count.
    #[serde(flatten)]
    pub layer: LayerSettings,
    /// The sheet of a workbook; `None` where only one has the columns.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// Who made it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// When.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
}

/// Whether a file is a table by its ending.
pub fn is_table(file: &str) -> bool {
    const TABLES: [&str; 8] = ["csv", "tsv", "txt", "xlsx", "xlsm", "xlsb", "xls", "ods"];
    let ending = file.rsplit_once('.').map_or("", |(_, ending)| ending).to_ascii_lowercase();
    TABLES.contains(&ending.as_str())
}

impl RecordSettings {
    /// Whether the file is a table.
    pub fn is_table(&self) -> bool {
        is_table(&self.layer.file)
    }

    /// Who made it; the file where nobody is named.
    pub fn named(&self) -> &str {
        self.source.as_deref().unwrap_or(&self.layer.file)
    }
}

/// `[trees]`: the trees of the urban area (城区树木).
#[derive(Debug, Clone, Default, Serialize)]
pub struct TreesSettings {
    /// The table or layer.
    #[serde(flatten)]
    pub records: RecordSettings,
    /// The column or field of the species.
    pub species: String,
    /// The column or field of how many trees a row stands for; one where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<String>,
    /// The list of native species: a table, or the starter list that ships with the program.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub native: Option<String>,
    /// The column of the species in that table.
    pub native_species: String,
    /// Names of one species, the name to keep first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub same: Vec<Vec<String>>,
    /// Names that look alike and are of different species.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub different: Vec<Vec<String>>,
}

/// `[old_trees]`: old and famous trees (古树名木).
#[derive(Debug, Clone, Default, Serialize)]
pub struct OldTreesSettings {
    /// The table or layer.
    #[serde(flatten)]
    pub records: RecordSettings,
    /// The column or field of the tag number (挂牌编号).
    pub tag: String,
    /// The column or field of the protection.
    pub protected: String,
    /// The values of it that mean protected.
    pub protected_values: Vec<String>,
    /// The column with code or name of the town; points lie in one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub town: Option<String>,
}

/// `[greenways]`: greenways (绿道), by their length.
#[derive(Debug, Clone, Default, Serialize)]
pub struct GreenwaysSettings {
    /// The length of all of them in km, where it is given as a number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub length_km: Option<f64>,
    /// The length in each town, from a table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub table: Option<NumbersSettings>,
    /// The greenways as lines.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub layer: Option<LayerSettings>,
    /// Who measured them.
    pub source: String,
    /// When.
    pub date: String,
}

/// `[four_side_trees]`: trees beside houses, villages, roads and waters (四旁树), by number. They have no ground of their
/// own: so many of them are a hectare.
#[derive(Debug, Clone, Default, Serialize)]
pub struct FourSidesSettings {
    /// The table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub records: Option<RecordSettings>,
    /// Or the cover whose features carry the numbers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cover: Option<String>,
    /// The column or field with code or name of the town.
    pub town: String,
    /// The column or field with the number of trees.
    pub count: String,
    /// The column or field that says which trees they are (SSLX).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// The values of it that mean trees of the four sides.
    pub kind_values: Vec<String>,
    /// How many trees are a hectare.
    pub per_ha: f64,
}

/// `[leisure_parks]`: leisure parks of towns and greens of villages (乡镇休闲公园、村庄公共休闲绿地).
#[derive(Debug, Clone, Default, Serialize)]
pub struct LeisureParksSettings {
    /// How many each town has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub towns: Option<NumbersSettings>,
    /// How many each village has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub villages: Option<NumbersSettings>,
}

/// A table with a number for each town or village.
#[derive(Debug, Clone, Default, Serialize)]
pub struct NumbersSettings {
    /// The file.
    pub file: String,
    /// The sheet; `None` where only one has the columns.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// The column with codes or names.
    pub key: String,
    /// The column with the number; kilometres, where it is a length.
    pub value: String,
    /// Who counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// When.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
}

impl NumbersSettings {
    /// Who counted; the file where nobody is named.
    pub fn named(&self) -> &str {
        self.source.as_deref().unwrap_or(&self.file)
    }
}

/// All of them.
#[derive(Debug, Clone, Default, Serialize)]
pub struct InventorySettings {
    /// Trees of the urban area.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trees: Option<TreesSettings>,
    /// Old and famous trees.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old_trees: Option<OldTreesSettings>,
    /// Trees beside houses, villages, roads and waters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub four_side_trees: Option<FourSidesSettings>,
    /// Greenways.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub greenways: Option<GreenwaysSettings>,
    /// Leisure parks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub leisure_parks: Option<LeisureParksSettings>,
}
