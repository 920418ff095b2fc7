//! Trees beside houses, villages, roads and waters (四旁树), by number and town.
//!
//! In: rows of a table, or features of a cover that carry numbers. Out: how many there are; what ground that makes is told
//! in [`sets`](crate::analysis::sets), outside the balance of areas. Scattered trees (散生木) never count, and neither do
//! trees of a patch that counts as tree cover itself.

use super::{Origin, Where, fact};
use crate::analysis::reading;
use crate::attribute::Value;
use crate::fact::{Fact, Place, Quantity, Unit};
use crate::finding::{Finding, Severity, listed};
use crate::measure::MeasureError;
use crate::nearest::plain;
use crate::project::inventory::FourSidesSettings;
use crate::project::settings::{Figure, Project};
use crate::survey::{Batch, Source};
use crate::words;

/// Trees of the four sides.
pub struct FourSides<'a> {
    /// Where they are told.
    pub records: FourSideRecords<'a>,
    /// Where they come from.
    pub origin: Origin,
}

/// Where they are told.
pub enum FourSideRecords<'a> {
    /// Rows of a table.
    Rows(Vec<FourSideRow>),
    /// Features of a cover, by index in the project: their identifier is the town, their value that of their class, their
    /// amounts the number of trees and the kind.
    Patches(Box<dyn Source + 'a>, usize),
}

/// A row, or a feature.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FourSideRow {
    /// The code or name of the town.
    pub town: Option<String>,
    /// What trees they are, as written.
    pub kind: Option<String>,
    /// How many.
    pub count: Option<f64>,
    /// Whether its ground counts as tree cover by itself.
    pub under_trees: bool,
    /// How people find it.
    pub called: String,
}

/// How many there are, in every town that is told, and together.
pub(in crate::analysis) fn facts(
    trees: &FourSides<'_>,
    settings: &FourSidesSettings,
    project: &Project,
    at: &Where<'_>,
) -> Result<(Vec<Fact>, Vec<Finding>), MeasureError> {
    let of_patches;
    let rows = match &trees.records {
        FourSideRecords::Rows(rows) => rows,
        FourSideRecords::Patches(source, cover) => {
            of_patches = patches(source.as_ref(), *cover, project)?;
            &of_patches
        }
    };
    let (known, mut by_town, mut left) = (at.by_name(), vec![None; at.towns], Left::default());
    for row in rows {
        let Some(count) = left.counted(row, settings) else { continue };
        match row.town.as_deref().and_then(|town| known.find(town)).and_then(|town| by_town.get_mut(town)) {
            Some(sum) => *sum = Some(sum.unwrap_or(0.0) + count),
            None => left.strange.push(row),
        }
    }
    let how = || words!("trees of the four sides (SSLX 2), from attributes", "四旁树（SSLX 2），取自属性");
    let of = |place: Place, sum: f64| {
        fact(Quantity::FourSideTrees, place, [sum; 3], Unit::Trees, how(), &trees.origin)
    };
    let towns = at.places.iter().zip(&by_town).filter_map(|(place, sum)| Some(of(place.clone(), (*sum)?)));
    let mut facts: Vec<Fact> = towns.collect();
    let whole: f64 = by_town.iter().flatten().sum();
    facts.extend((!facts.is_empty()).then(|| of(Place::County, whole)));
    let findings = left.findings().into_iter().map(|finding| finding.in_layer(&trees.origin.layer));
    Ok((facts, findings.collect()))
}

/// The features of a cover that carry a number.
fn patches(source: &dyn Source, cover: usize, project: &Project) -> Result<Vec<FourSideRow>, MeasureError> {
    let (mut rows, mut batch) = (Vec::new(), Batch::default());
    let is_tree = |value: &Value| {
        let class = project.covers.get(cover).and_then(|cover| reading::class_of(cover, value));
        class.is_some_and(|class| reading::counts(project, class, Figure::TreeCover))
    };
    for stretch in 0..source.stretches() {
        let mut batches = source.batches(stretch).map_err(MeasureError::Source)?;
        let mut values: Vec<Value> = Vec::new();
        while batches.next_batch(&mut batch).map_err(MeasureError::Source)? {
            values.append(&mut batch.new_values);
            for (index, patch) in batch.patches.iter().enumerate() {
                let amounts = batch.amounts.get(index * 2..index * 2 + 2).unwrap_or_default();
                let [Some(count), kind] = amounts else { continue };
                // Of several files a feature is called by its file, too.
                let town = batch.id(index).rsplit_once(':').map_or(batch.id(index), |(_, town)| town);
                rows.push(FourSideRow {
                    town: Some(town.to_owned()),
                    kind: kind.map(|kind| kind.to_string()),
                    count: Some(count.number()),
                    under_trees: values.get(patch.value as usize).is_some_and(is_tree),
                    called: town.to_owned(),
                });
            }
        }
    }
    Ok(rows)
}

/// What does not count.
#[derive(Default)]
struct Left<'r> {
    /// Of no town.
    strange: Vec<&'r FourSideRow>,
    /// Without a usable number.
    numberless: Vec<&'r FourSideRow>,
    /// Of another kind: rows and trees.
    other: (u64, f64),
    /// Of patches that are tree cover.
    under: (u64, f64),
}

impl<'r> Left<'r> {
    /// How many trees of a row count.
    fn counted(&mut self, row: &'r FourSideRow, settings: &FourSidesSettings) -> Option<f64> {
        let count = row.count.filter(|count| *count >= 0.0);
        let note = |list: &mut (u64, f64)| *list = (list.0 + 1, list.1 + count.unwrap_or(0.0));
        let kind = row.kind.as_deref().map(plain);
        let is_kind = kind.is_some_and(|kind| settings.kind_values.iter().any(|value| plain(value) == kind));
        if settings.kind.is_some() && !is_kind {
            // Where there are no trees nothing is left out.
            if count.is_some_and(|count| count > 0.0) {
                note(&mut self.other);
            }
            return None;
        }
        if count.is_none() {
            self.numberless.push(row);
        } else if row.under_trees {
            note(&mut self.under);
            return None;
        }
        count
    }

    fn findings(&self) -> Vec<Finding> {
        let called = |rows: &[&FourSideRow]| {
            listed(rows.iter().map(|row| format!("{} ({})", row.called, row.town.as_deref().unwrap_or(""))))
        };
        let (other, trees) = self.other;
        let scattered = (other > 0).then(|| {
            let sentence = words!(
                "{other} rows with {trees} trees are not of the four sides (scattered trees are never converted)",
                "{other} 行共 {trees} 株不是四旁树（散生木不折算面积），未计入"
            );
            Finding::new("four-side-others", Severity::Info, sentence).counting(other)
        });
        let (under, trees) = self.under;
        let under = (under > 0).then(|| {
            let sentence = words!(
                "{under} patches that count as tree cover carry {trees} trees of the four sides; their ground counts already",
                "{under} 个已计入林木覆盖的图斑带有 {trees} 株四旁树；其面积已计，株数不再折算"
            );
            let hint = words!("look at SSLX and the class of these patches", "请核对这些图斑的 SSLX 与地类");
            Finding::new("four-side-under-trees", Severity::Warning, sentence).counting(under).with_hint(hint)
        });
        let strange = (!self.strange.is_empty()).then(|| {
            let rows = called(&self.strange);
            let sentence = words!("rows of no town: {rows}", "以下行不对应任何乡镇：{rows}");
            Finding::new("rows-unmatched", Severity::Warning, sentence)
                .counting(self.strange.len() as u64)
                .with_hint(words!(
                    "write the town's code or its name as the zones have it",
                    "请填写乡镇代码，或与乡镇图层一致的名称"
                ))
        });
        let numberless = (!self.numberless.is_empty()).then(|| {
            let rows = called(&self.numberless);
            let sentence = words!("rows without a usable number: {rows}", "以下行缺少可用数值：{rows}");
            Finding::new("row-without-number", Severity::Warning, sentence)
                .counting(self.numberless.len() as u64)
                .with_hint(words!("fill in the number of trees", "请填写株数"))
        });
        [scattered, under, strange, numberless].into_iter().flatten().collect()
    }
}
