//! Zones: the towns, or whatever else the ground is tabulated by.

use crate::survey::Batch;

/// One zone as recorded.
#[derive(Debug, Clone, PartialEq)]
pub struct ZoneRecord {
    /// Its code; rows of tables carry it.
    pub id: String,
    /// Its name for people, where the layer has one.
    pub name: Option<String>,
    /// The features (of `shapes`, by index) that make it up: more than one for an exclave (飞地).
    pub features: Vec<usize>,
}

/// All zones of a layer with their outlines.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ZoneLayer {
    /// Layer name for people.
    pub layer: String,
    /// The zones, in file order.
    pub zones: Vec<ZoneRecord>,
    /// The outlines; zones refer to its patches by index.
    pub shapes: Batch,
}

/// How features become zones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Gathering {
    /// Only the first so many characters of a code count: towns from village polygons.
    pub prefix: Option<usize>,
    /// Features with one code are one zone, whatever their names.
    pub merge: bool,
    /// Features with one code *and* one name are one zone: an exclave.
    pub merge_same_name: bool,
}

/// Features that carry one code and may not be taken together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharedCode {
    /// The code.
    pub id: String,
    /// The features that carry it (by index) with their names.
    pub features: Vec<(usize, Option<String>)>,
}

/// Gathers features with their codes and names into zones, in the order in which codes first appear.
/// O(features) expected.
pub fn gather(rows: &[(String, Option<String>)], how: Gathering) -> Result<Vec<ZoneRecord>, Vec<SharedCode>> {
    let mut zones: Vec<ZoneRecord> = Vec::new();
    let mut by_code = std::collections::HashMap::new();
    for (feature, (id, name)) in rows.iter().enumerate() {
        let code: String = id.chars().take(how.prefix.unwrap_or(usize::MAX)).collect();
        let at = *by_code.entry(code.clone()).or_insert_with(|| {
            zones.push(ZoneRecord { id: code, name: name.clone(), features: Vec::new() });
            zones.len() - 1
        });
        zones[at].features.push(feature);
        // A village's name is not its town's.
        if zones[at].name != *name
            || (how.prefix.is_some() && id.chars().count() > zones[at].id.chars().count())
        {
            zones[at].name = None;
        }
    }
    let refused = |zone: &&ZoneRecord| {
        let one_name = rows[zone.features[0]].1.is_some() && zone.name.is_some();
        zone.features.len() > 1 && !(how.merge || how.prefix.is_some() || how.merge_same_name && one_name)
    };
    let shared: Vec<SharedCode> = zones
        .iter()
        .filter(refused)
        .map(|zone| SharedCode {
            id: zone.id.clone(),
            features: zone.features.iter().map(|&f| (f, rows[f].1.clone())).collect(),
        })
        .collect();
    if shared.is_empty() { Ok(zones) } else { Err(shared) }
}
