//! Trees of the urban area by species: how many, of the commonest species, of native ones.

use std::collections::BTreeMap;

use super::species::{Species, grouped};
use super::{Origin, Records, Where, fact};
use crate::fact::{Fact, Place, Quantity, Unit};
use crate::finding::{Finding, Severity, listed};
use crate::measure::{MeasureError, Watch, points};
use crate::nearest::plain;
use crate::project::native::NativeList;
use crate::words;

/// One row of a table of trees.
#[derive(Debug, Clone, PartialEq)]
pub struct Tree {
    /// The species as written; `None` where nothing stands there.
    pub species: Option<String>,
    /// How many trees; `None` where that cannot be read.
    pub count: Option<f64>,
    /// The row as spreadsheets count.
    pub number: u32,
}

/// The trees of the urban area.
pub struct Trees<'a> {
    /// The trees.
    pub records: Records<'a, Tree>,
    /// Whether a field says how many trees a point stands for.
    pub counted: bool,
    /// Where they come from.
    pub origin: Origin,
    /// The list of native species, where there is one.
    pub native: Option<NativeList>,
    /// Names of one species, the name to keep first.
    pub same: Vec<Vec<String>>,
    /// Names that look alike and are of different species.
    pub different: Vec<Vec<String>>,
}

/// Trees by species as written.
#[derive(Default)]
struct Counted {
    by_name: BTreeMap<String, f64>,
    nameless: f64,
}

impl Counted {
    fn add(&mut self, species: Option<&str>, count: f64) {
        match species.map(str::trim).filter(|name| !name.is_empty()) {
            Some(name) => *self.by_name.entry(name.to_owned()).or_default() += count,
            None => self.nameless += count,
        }
    }
}

/// The facts of the trees.
pub(super) fn facts(
    trees: &Trees<'_>,
    at: &Where<'_>,
    watch: &dyn Watch,
) -> Result<(Vec<Fact>, Vec<Finding>), MeasureError> {
    let mut findings = Vec::new();
    let counted = match &trees.records {
        Records::Rows(rows) => of_rows(rows, &mut findings),
        Records::Points(source) => of_points(source.as_ref(), trees.counted, at, watch, &mut findings)?,
    };
    let (species, noticed) = grouped(&counted.by_name, trees);
    findings.extend(noticed);
    let total: f64 = species.iter().map(|s| s.count).sum::<f64>() + counted.nameless;
    if total <= 0.0 {
        findings.push(none());
        return Ok((Vec::new(), told(findings, trees)));
    }
    findings.extend((counted.nameless > 0.0).then(|| nameless(counted.nameless)));
    let mut facts = vec![
        urban(Quantity::Trees, [total; 3], words!("counted", "统计株数"), trees),
        commonest(&species, counted.nameless, total, trees),
    ];
    if let Some(list) = &trees.native {
        let (fact, noticed) = native(&species, total, counted.nameless, list, trees);
        facts.push(fact);
        findings.extend(noticed);
    }
    Ok((facts, told(findings, trees)))
}

fn told(findings: Vec<Finding>, trees: &Trees<'_>) -> Vec<Finding> {
    findings.into_iter().map(|finding| finding.in_layer(&trees.origin.layer)).collect()
}

fn urban(quantity: Quantity, range: [f64; 3], how: crate::words::Words, trees: &Trees<'_>) -> Fact {
    fact(quantity, Place::Urban, range, Unit::Trees, how, &trees.origin)
}

fn of_rows(rows: &[Tree], findings: &mut Vec<Finding>) -> Counted {
    let mut counted = Counted::default();
    let unread: Vec<u32> = rows.iter().filter(|row| row.count.is_none()).map(|row| row.number).collect();
    for row in rows {
        counted.add(row.species.as_deref(), row.count.unwrap_or(0.0));
    }
    if !unread.is_empty() {
        let list = listed(&unread);
        let sentence = words!(
            "rows whose number of trees cannot be read were left out: {list}",
            "以下行的株数无法识别，已略去：{list}"
        );
        let finding = Finding::new("tree-count-unread", Severity::Warning, sentence);
        findings.push(
            finding
                .counting(unread.len() as u64)
                .with_hint(words!("write a whole number, 0 or more", "请填写不小于 0 的整数")),
        );
    }
    counted
}

/// The points within the urban area; all of them where there is none.
fn of_points(
    source: &dyn crate::survey::Source,
    counted_by_field: bool,
    at: &Where<'_>,
    watch: &dyn Watch,
    findings: &mut Vec<Finding>,
) -> Result<Counted, MeasureError> {
    let (points, noticed) = points::count(source, at.zones, usize::from(counted_by_field), watch)?;
    findings.extend(noticed);
    let urban = at.places.iter().position(|place| *place == Place::Urban);
    if urban.is_none() {
        let sentence = words!(
            "without [scopes.urban] all points count as trees of the urban area",
            "未给 [scopes.urban]，全部点都按城区树木统计"
        );
        findings.push(Finding::new("trees-everywhere", Severity::Info, sentence));
    }
    let table = &points.table;
    let tallies = urban.and_then(|zone| table.zones.get(zone)).unwrap_or(&table.whole);
    let (mut counted, mut unread) = (Counted::default(), 0);
    for (value, tally) in table.values.iter().zip(tallies) {
        let sum = tally.sums.first();
        unread += sum.map_or(0, |sum| sum.nulls);
        let count = sum.map_or(tally.count as f64, |sum| sum.amount.number());
        if tally.count > 0 {
            counted.add(value.code().as_deref(), count.max(0.0));
        }
    }
    if unread > 0 {
        let sentence = words!("points without a number of trees were left out", "未写株数的点已略去");
        let hint =
            words!("fill in the field of numbers (count in [trees])", "请填写株数字段（[trees] 的 count）");
        let finding = Finding::new("tree-count-unread", Severity::Warning, sentence);
        findings.push(finding.counting(unread).with_hint(hint));
    }
    Ok(counted)
}

fn none() -> Finding {
    let sentence = words!("not one tree is in it", "其中一株树也没有");
    Finding::new("trees-none", Severity::Error, sentence)
        .with_hint(words!("check the file and its `where`", "请检查该文件及其 `where` 条件"))
}

fn nameless(n: f64) -> Finding {
    let sentence = words!("{n} trees without a species", "{n} 株未写树种");
    Finding::new("species-missing", Severity::Warning, sentence)
        .with_hint(words!("fill in the species; they might be of any", "请补填树种；暂按可能为任一树种处理"))
}

/// Of the commonest species as named; at most with all names that may mean it, and all trees without one.
fn commonest(species: &[Species], nameless: f64, total: f64, trees: &Trees<'_>) -> Fact {
    let most = species.iter().reduce(|a, b| if b.count > a.count { b } else { a });
    let count = most.map_or(0.0, |s| s.count);
    let high = species.iter().map(|s| s.count + s.alike).fold(0.0, f64::max) + nameless;
    let name = most.map_or("", |s| s.name.as_str());
    let how = words!("{name}, of {} species", "{name}，共 {} 个树种", species.len());
    urban(Quantity::CommonestSpecies, [count, count, high.min(total)], how, trees)
}

fn native(
    species: &[Species],
    total: f64,
    nameless: f64,
    list: &NativeList,
    trees: &Trees<'_>,
) -> (Fact, Option<Finding>) {
    let names: std::collections::BTreeSet<String> = list.names().map(plain).collect();
    let is_native = |s: &&Species| s.spellings.iter().any(|spelling| names.contains(&plain(spelling)));
    let value: f64 = species.iter().filter(is_native).map(|s| s.count).sum();
    let high = if list.complete { value + nameless } else { total };
    let n = list.species.len();
    let how = crate::words::Words::new(
        format!("by the list: {}, {n} species", list.name.en),
        format!("依据{}（{n} 种）", list.name.zh),
    );
    let others: Vec<&str> = species.iter().filter(|s| !is_native(s)).map(|s| s.name.as_str()).collect();
    let finding = (!list.complete && !others.is_empty()).then(|| {
        let few = listed(&others);
        let sentence = words!(
            "the starter list does not have these species, and says nothing of them: {few}",
            "起步名录中没有以下树种，是否乡土树种未知：{few}"
        );
        let hint = words!(
            "give your own list: native = \"list.xlsx\"",
            "请提供本地乡土树种名录：native = \"list.xlsx\""
        );
        let finding = Finding::new("native-unknown", Severity::Warning, sentence).with_hint(hint);
        finding.counting(others.len() as u64)
    });
    (urban(Quantity::NativeTrees, [value, value, high], how, trees), finding)
}
