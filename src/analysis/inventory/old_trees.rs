//! Old and famous trees: how many, how many protected, in the county and by town. One tag is one tree.

use std::collections::BTreeMap;

use super::{Origin, Records, Where, fact};
use crate::fact::{Fact, Place, Quantity, Unit};
use crate::finding::{Finding, Severity, listed};
use crate::measure::MeasureError;
use crate::measure::tagged::{self, Tagged};
use crate::nearest::plain;
use crate::words;

/// One row of a table of old trees.
#[derive(Debug, Clone, PartialEq)]
pub struct OldTree {
    /// Its tag number; `None` where nothing stands there.
    pub tag: Option<String>,
    /// Its protection as written.
    pub protected: Option<String>,
    /// The code or name of its town.
    pub town: Option<String>,
    /// The row as spreadsheets count.
    pub number: u32,
}

/// Old and famous trees.
pub struct OldTrees<'a> {
    /// The trees; points are named by their tag, and their value is the protection.
    pub records: Records<'a, OldTree>,
    /// Whether a table has a column of towns.
    pub by_town: bool,
    /// The values that mean protected.
    pub protected_values: Vec<String>,
    /// Where they come from.
    pub origin: Origin,
}

/// A tree, from a row or a point.
struct Record {
    tag: Option<String>,
    protected: Option<String>,
    town: Option<usize>,
    called: String,
}

/// The facts of the old trees.
pub(super) fn facts(trees: &OldTrees<'_>, at: &Where<'_>) -> Result<(Vec<Fact>, Vec<Finding>), MeasureError> {
    let mut findings = Vec::new();
    let (records, by_town) = match &trees.records {
        Records::Rows(rows) => (of_rows(rows, trees.by_town, at, &mut findings), trees.by_town),
        Records::Points(source) => {
            let (points, noticed) = tagged::locate(source.as_ref(), at.zones)?;
            findings.extend(noticed);
            (of_points(points, at, &mut findings), true)
        }
    };
    let records = once(records, &mut findings);
    findings.extend(records.is_empty().then(none));
    let values: Vec<String> = trees.protected_values.iter().map(|value| plain(value)).collect();
    // A town without an old tree has none, where trees are told by town at all.
    let towns = if by_town && !records.is_empty() { at.towns } else { 0 };
    let mut sums: BTreeMap<Option<usize>, [f64; 3]> = (0..towns).map(|town| (Some(town), [0.0; 3])).collect();
    let mut unknown = Vec::new();
    for record in &records {
        let protected = record.protected.as_deref().map(plain).filter(|text| !text.is_empty());
        let (yes, open) = match &protected {
            Some(value) => (f64::from(values.contains(value)), 0.0),
            None => (0.0, 1.0),
        };
        unknown.extend(protected.is_none().then_some(&record.called));
        let town = record.town.filter(|_| by_town).map(Some);
        for place in [Some(None), town].into_iter().flatten() {
            let sum = sums.entry(place).or_default();
            *sum = [sum[0] + 1.0, sum[1] + yes, sum[2] + open];
        }
    }
    findings.extend((!unknown.is_empty()).then(|| unsaid(&unknown)));
    let place = |town: Option<usize>| match town {
        None => Some(Place::County),
        Some(town) => at.places.get(town).cloned(),
    };
    let facts = sums.iter().filter_map(|(town, sum)| Some((place(*town)?, *sum)));
    let facts = facts.flat_map(|(place, sum)| of_place(place, sum, trees)).collect();
    let layer = &trees.origin.layer;
    Ok((facts, findings.into_iter().map(|finding| finding.in_layer(layer)).collect()))
}

fn of_place(place: Place, [all, protected, open]: [f64; 3], trees: &OldTrees<'_>) -> [Fact; 2] {
    let counted = words!("counted, one tag once", "统计株数，同一编号只计一次");
    let values = trees.protected_values.join(", ");
    let marked = words!("protection is one of: {values}", "保护状况为：{values}");
    [
        fact(Quantity::OldTrees, place.clone(), [all; 3], Unit::Trees, counted, &trees.origin),
        fact(
            Quantity::ProtectedOldTrees,
            place,
            [protected, protected, protected + open],
            Unit::Trees,
            marked,
            &trees.origin,
        ),
    ]
}

fn of_rows(rows: &[OldTree], by_town: bool, at: &Where<'_>, findings: &mut Vec<Finding>) -> Vec<Record> {
    let towns = at.by_name();
    let record = |row: &OldTree| Record {
        tag: row.tag.clone(),
        protected: row.protected.clone(),
        town: row.town.as_deref().and_then(|town| towns.find(town)),
        called: row.number.to_string(),
    };
    let records: Vec<Record> = rows.iter().map(record).collect();
    let lost: Vec<String> = records
        .iter()
        .zip(rows)
        .filter(|(record, _)| by_town && record.town.is_none())
        .map(|(_, row)| format!("{} ({})", row.number, row.town.as_deref().unwrap_or("")))
        .collect();
    if !lost.is_empty() {
        let list = listed(&lost);
        let sentence = words!(
            "rows of no town, counted for the county alone: {list}",
            "以下行不对应任何乡镇，只计入县域：{list}"
        );
        let hint = words!(
            "write the town's code or its name as the zones have it",
            "请填写乡镇代码，或与乡镇图层一致的名称"
        );
        let finding = Finding::new("rows-unmatched", Severity::Warning, sentence).with_hint(hint);
        findings.push(finding.counting(lost.len() as u64));
    }
    records
}

fn of_points(points: Vec<Tagged>, at: &Where<'_>, findings: &mut Vec<Finding>) -> Vec<Record> {
    let record = |point: Tagged| Record {
        called: point.id.clone(),
        tag: Some(point.id).filter(|tag| !tag.trim().is_empty()),
        protected: point.value.code(),
        town: point.zones.into_iter().find(|zone| *zone < at.towns),
    };
    let (inside, outside): (Vec<Record>, Vec<Record>) =
        points.into_iter().map(record).partition(|record| record.town.is_some());
    if !outside.is_empty() {
        let list = listed(outside.iter().map(|record| &record.called));
        let sentence =
            words!("points outside every town, left out: {list}", "以下点位于所有乡镇之外，未计入：{list}");
        let hint = words!(
            "check their coordinates, and the CRS that the layer declares",
            "请核对这些点的坐标，以及图层所写的坐标系"
        );
        let finding = Finding::new("points-outside", Severity::Warning, sentence);
        findings.push(finding.counting(outside.len() as u64).with_hint(hint));
    }
    inside
}

/// Every tag once, the first time; a tree without a tag counts by itself.
fn once(records: Vec<Record>, findings: &mut Vec<Finding>) -> Vec<Record> {
    let mut first: BTreeMap<String, usize> = BTreeMap::new();
    let (mut kept, mut again, mut untagged): (Vec<Record>, Vec<String>, Vec<String>) = Default::default();
    for record in records {
        let Some(tag) = record.tag.clone() else {
            untagged.push(record.called.clone());
            kept.push(record);
            continue;
        };
        match first.get(&plain(&tag)).and_then(|at| kept.get(*at)) {
            None => {
                first.insert(plain(&tag), kept.len());
                kept.push(record);
            }
            Some(one) => again.push(format!("{tag} ({}, {})", one.called, record.called)),
        }
    }
    if !again.is_empty() {
        let list = listed(&again);
        let sentence = words!(
            "tags that stand more than once were counted once, as they stand first: {list}",
            "重复的编号只计一次，以首次出现为准：{list}"
        );
        let hint =
            words!("remove the rows that are wrong, or correct their tags", "请删除多余的行，或更正编号");
        findings.push(
            Finding::new("tag-repeated", Severity::Warning, sentence)
                .with_hint(hint)
                .counting(again.len() as u64),
        );
    }
    if !untagged.is_empty() {
        let list = listed(&untagged);
        let sentence =
            words!("trees without a tag number, each counted: {list}", "以下古树无编号，逐株计入：{list}");
        let hint = words!(
            "fill in their tags: without one a tree that stands twice counts twice",
            "请补填编号：没有编号时，重复登记的同一株会被重复计入"
        );
        let finding = Finding::new("tag-missing", Severity::Warning, sentence);
        findings.push(finding.counting(untagged.len() as u64).with_hint(hint));
    }
    kept
}

fn none() -> Finding {
    let sentence = words!("not one old tree is in it", "其中一株古树名木也没有");
    Finding::new("old-trees-none", Severity::Error, sentence)
        .with_hint(words!("check the file and its `where`", "请检查该文件及其 `where` 条件"))
}

fn unsaid(records: &[&String]) -> Finding {
    let list = listed(records);
    let sentence = words!(
        "trees whose protection is not said; they may be protected or not: {list}",
        "以下古树未写保护状况，可能已保护也可能未保护：{list}"
    );
    let hint = words!(
        "fill in the column of protection (protected in [old_trees]); if words of your own mean protected, name them in \
         protected_values",
        "请填写保护状况列（[old_trees] 的 protected）；若用其他词表示已保护，请写入 protected_values"
    );
    Finding::new("protection-missing", Severity::Warning, sentence)
        .counting(records.len() as u64)
        .with_hint(hint)
}
