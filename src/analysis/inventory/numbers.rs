//! A number for each town or village: lengths of greenways, leisure parks.

use std::collections::BTreeMap;

use super::{Origin, Where, fact};
use crate::fact::{Fact, Place, Quantity, Unit};
use crate::finding::{Finding, Severity, listed};
use crate::nearest::plain;
use crate::words;
use crate::words::Words;

/// Numbers by town or village.
#[derive(Debug, Clone, PartialEq)]
pub struct Numbers {
    /// The rows, in file order.
    pub rows: Vec<NumbersRow>,
    /// Where they come from.
    pub origin: Origin,
}

/// One row.
#[derive(Debug, Clone, PartialEq)]
pub struct NumbersRow {
    /// The code or name.
    pub key: String,
    /// The number in the unit of the fact; `None` where there is none, or it cannot be one.
    pub value: Option<f64>,
    /// The row as spreadsheets count.
    pub number: u32,
}

fn how() -> Words {
    words!("from the table", "取自表格")
}

/// A number that was given for the county as a whole.
pub(super) fn of_county(value: f64, quantity: Quantity, unit: Unit, origin: &Origin) -> Fact {
    let how = words!("as declared in the project file", "项目文件中填报");
    fact(quantity, Place::County, [value; 3], unit, how, origin)
}

/// A fact for every town that has a number, and for the county where all have one.
pub(super) fn of_towns(
    numbers: &Numbers,
    quantity: Quantity,
    unit: Unit,
    at: &Where<'_>,
) -> (Vec<Fact>, Vec<Finding>) {
    let known = at.by_name();
    let (mut by_town, mut strange) = (vec![None; at.towns], Vec::new());
    let mut findings = missing(numbers);
    for row in &numbers.rows {
        match known.find(&row.key).and_then(|town| by_town.get_mut(town)) {
            None => strange.push(row),
            Some(place @ None) => *place = Some(row),
            Some(Some(first)) => findings.push(twice(first, row, &numbers.origin)),
        }
    }
    if !strange.is_empty() {
        let rows = listed(strange.iter().map(|row| format!("{} ({})", row.number, row.key)));
        let sentence = words!("rows of no town: {rows}", "以下行不对应任何乡镇：{rows}");
        let hint = words!(
            "write the town's code or its name as the zones have it",
            "请填写乡镇代码，或与乡镇图层一致的名称"
        );
        let finding = Finding::new("rows-unmatched", Severity::Warning, sentence).with_hint(hint);
        findings.push(finding.in_layer(&numbers.origin.layer).counting(strange.len() as u64));
    }
    let zones = at.zones.zones().iter().take(at.towns);
    let without: Vec<String> =
        zones.zip(&by_town).filter(|(_, row)| row.is_none()).map(|(z, _)| z.id().to_owned()).collect();
    if !without.is_empty() {
        let codes = listed(&without);
        let sentence = words!("no row for the towns {codes}", "表中缺少乡镇 {codes}");
        let hint = words!(
            "add their rows, with 0 where there is none; until then their item is open",
            "请补上这些行，没有的填 0；在此之前该项无法判定"
        );
        let finding = Finding::new("zone-without-row", Severity::Warning, sentence).with_hint(hint);
        findings.push(finding.in_layer(&numbers.origin.layer).counting(without.len() as u64));
    }
    let values: Vec<Option<f64>> =
        by_town.iter().map(|row| row.and_then(|row: &NumbersRow| row.value)).collect();
    let town = |(place, value): (&Place, &Option<f64>)| {
        Some(fact(quantity, place.clone(), [(*value)?; 3], unit, how(), &numbers.origin))
    };
    let mut facts: Vec<Fact> = at.places.iter().zip(&values).filter_map(town).collect();
    let sum: Option<f64> = values.iter().copied().sum();
    let whole = sum.filter(|_| !values.is_empty() && unit != Unit::Places);
    facts.extend(whole.map(|sum| {
        let how = words!("sum over the towns", "各乡镇合计");
        fact(quantity, Place::County, [sum; 3], unit, how, &numbers.origin)
    }));
    (facts, findings)
}

/// A fact for every village. Of villages that share a key the smallest number counts.
pub(super) fn of_villages(numbers: &Numbers, quantity: Quantity, unit: Unit) -> (Vec<Fact>, Vec<Finding>) {
    let mut findings = missing(numbers);
    let mut villages: BTreeMap<String, &NumbersRow> = BTreeMap::new();
    for row in numbers.rows.iter().filter(|row| row.value.is_some()) {
        match villages.entry(plain(&row.key)) {
            std::collections::btree_map::Entry::Vacant(place) => {
                place.insert(row);
            }
            std::collections::btree_map::Entry::Occupied(mut first) => {
                findings.push(twice(first.get(), row, &numbers.origin));
                if row.value < first.get().value {
                    first.insert(row);
                }
            }
        }
    }
    let mut rows: Vec<&NumbersRow> = villages.into_values().collect();
    rows.sort_by_key(|row| row.number);
    let village = |row: &NumbersRow| {
        let place = Place::Village(row.key.clone());
        Some(fact(quantity, place, [row.value?; 3], unit, how(), &numbers.origin))
    };
    (rows.into_iter().filter_map(village).collect(), findings)
}

/// Rows without a number.
fn missing(numbers: &Numbers) -> Vec<Finding> {
    let rows: Vec<&NumbersRow> = numbers.rows.iter().filter(|row| row.value.is_none()).collect();
    if rows.is_empty() {
        return Vec::new();
    }
    let list = listed(rows.iter().map(|row| format!("{} ({})", row.number, row.key)));
    let sentence = words!("rows without a usable number: {list}", "以下行缺少可用数值：{list}");
    let hint = words!("write a number, 0 where there is none", "请填写数字，没有的填 0");
    let finding = Finding::new("row-without-number", Severity::Warning, sentence).with_hint(hint);
    vec![finding.in_layer(&numbers.origin.layer).counting(rows.len() as u64)]
}

fn twice(first: &NumbersRow, second: &NumbersRow, origin: &Origin) -> Finding {
    let (first, second, key) = (first.number, second.number, &second.key);
    let sentence =
        words!("rows {first} and {second} are both of {key}", "第 {first} 行与第 {second} 行都是 {key}");
    let hint = words!(
        "keep one; write codes where two places share a name",
        "请只保留一行；不同地方同名的，请填代码"
    );
    Finding::new("row-second", Severity::Warning, sentence).with_hint(hint).in_layer(&origin.layer)
}
