//! Where each effective setting came from: a flag, the project file, or a default of the program.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::Value as Json;
use toml::de::{DeTable, DeValue};

use crate::project::settings::{AreaKind, Project};
use crate::words::Lang;

/// Where a setting came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// A flag of the command line.
    Flag,
    /// The project file.
    ProjectFile,
    /// The program.
    Default,
}

/// One effective setting.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Setting {
    /// Its key, dotted: `zones.id`, `class.arbor.counts_as`, `cover.森林资源一张图.field`.
    pub key: String,
    /// Its value.
    pub value: Json,
    /// Where it came from.
    pub origin: Origin,
}

/// Settings of the command line that stand over those of the file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Flags {
    /// `--lang`.
    pub lang: Option<Lang>,
    /// `--crs`.
    pub crs: Option<String>,
    /// `--area`.
    pub area: Option<AreaKind>,
    /// `--overlap-pairs`.
    pub overlap_pairs: Option<usize>,
}

/// Which settings were written, by dotted key.
#[derive(Debug, Clone, Default)]
pub struct Origins {
    written: BTreeSet<String>,
    flags: BTreeSet<&'static str>,
}

impl Origins {
    /// The keys that a file writes.
    pub(super) fn of_file(document: &DeTable<'_>) -> Origins {
        let mut written = BTreeSet::new();
        collect_keys(document, "", &mut written);
        Origins { written, flags: BTreeSet::new() }
    }

    fn of(&self, key: &str) -> Origin {
        if self.flags.contains(key) {
            return Origin::Flag;
        }
        let above = key.match_indices('.').filter_map(|(dot, _)| key.get(..dot));
        let written = above.chain([key]).any(|key| self.written.contains(key));
        if written { Origin::ProjectFile } else { Origin::Default }
    }
}

impl Project {
    /// The project with the flags standing over the file.
    pub fn with_flags(mut self, flags: Flags) -> Project {
        let mut put = |key, given: bool| given.then(|| self.origins.flags.insert(key));
        put("lang", flags.lang.is_some());
        put("crs", flags.crs.is_some());
        put("area", flags.area.is_some());
        put("overlap_pairs", flags.overlap_pairs.is_some());
        self.lang = flags.lang.or(self.lang);
        self.crs = flags.crs.or(self.crs);
        self.area = flags.area.unwrap_or(self.area);
        self.overlap_pairs = flags.overlap_pairs.unwrap_or(self.overlap_pairs);
        self
    }

    /// Every effective setting with its origin, in the order of the file's documentation. Settings that
    /// are left open, such as a CRS that the layers choose, are not listed.
    pub fn effective_settings(&self) -> Vec<Setting> {
        let mut settings = Vec::new();
        let mut tree = serde_json::to_value(self).unwrap_or_default();
        name_classes(&mut tree, self);
        flatten(&tree, "", &mut |key, value| {
            let origin = self.origins.of(&key);
            settings.push(Setting { key, value, origin });
        });
        settings
    }
}

/// Lists of positions of classes, by their keys.
const LISTS: [&str; 4] = ["classes", "other", "land", "forest_land"];

/// Puts the identities of classes where the settings hold positions.
fn name_classes(tree: &mut Json, project: &Project) {
    let name = |position: &mut Json| {
        let at = position.as_u64().and_then(|at| usize::try_from(at).ok());
        if let Some(class) = at.and_then(|at| project.classes.get(at)) {
            *position = Json::from(class.id.as_str());
        }
    };
    match tree {
        Json::Object(fields) => {
            for (key, value) in fields {
                match value {
                    Json::Array(positions) if LISTS.contains(&key.as_str()) => {
                        positions.iter_mut().for_each(name);
                    }
                    position @ Json::Number(_) if key == "class" => name(position),
                    inner => name_classes(inner, project),
                }
            }
        }
        Json::Array(items) => items.iter_mut().for_each(|item| name_classes(item, project)),
        _ => {}
    }
}

/// The leaves of the tree with their dotted keys. Tables of a list are told apart by their label.
fn flatten(tree: &Json, key: &str, leaf: &mut impl FnMut(String, Json)) {
    match tree {
        Json::Null => {}
        Json::Object(fields) => {
            fields.iter().for_each(|(name, value)| flatten(value, &join(key, name), leaf))
        }
        Json::Array(items) if items.iter().any(|item| label(item).is_some()) => {
            for item in items {
                flatten(item, &join(key, label(item).unwrap_or_default()), leaf);
            }
        }
        value => leaf(key.to_owned(), value.clone()),
    }
}

/// The keys that tell the tables of a list apart, first match first: a class by `id`, a stratum or cover by
/// `name`, a declared item by `item`, a cover without name by `file`.
const LABELS: [&str; 4] = ["id", "name", "item", "file"];

fn label(item: &Json) -> Option<&str> {
    LABELS.iter().find_map(|key| item.get(key)?.as_str())
}

fn collect_keys(table: &DeTable<'_>, above: &str, written: &mut BTreeSet<String>) {
    for (name, value) in table.iter() {
        let key = join(above, name.get_ref());
        match value.get_ref() {
            DeValue::Table(inner) => collect_keys(inner, &key, written),
            DeValue::Array(items) if items.iter().any(|item| label_written(item.get_ref()).is_some()) => {
                for item in items.iter() {
                    if let (Some(label), DeValue::Table(inner)) =
                        (label_written(item.get_ref()), item.get_ref())
                    {
                        collect_keys(inner, &join(&key, &label), written);
                    }
                }
            }
            _ => {
                written.insert(key);
            }
        }
    }
}

fn label_written(item: &DeValue<'_>) -> Option<String> {
    let table = item.as_table()?;
    LABELS.iter().find_map(|key| match table.get(*key)?.get_ref() {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Integer(number) => Some(number.as_str().to_owned()),
        _ => None,
    })
}

fn join(above: &str, name: &str) -> String {
    if above.is_empty() { name.to_owned() } else { format!("{above}.{name}") }
}
