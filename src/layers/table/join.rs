//! Joining a table to zones: by code, then by name, and never by a guess.
//!
//! In: a table and the zones' codes and names. Out: one value a zone, and a finding for every zone without a row and
//! for the rows without a zone. A row that nearly fits (镇 left off a name, zeros missing from a code) is proposed in
//! the zone's finding, not used.

use std::collections::BTreeMap;

use super::spelling::{count, is_digits, key};
use super::{Table, TableRow};
use crate::finding::{Finding, Severity, listed};
use crate::words;
use crate::words::Words;

/// Words that a zone's name may or may not carry at its end; the longer first.
const SUFFIXES: [&str; 7] = ["街道办事处", "镇人民政府", "乡人民政府", "街道办", "街道", "镇", "乡"];

/// Joins a table to zones given as code and name. O((rows + zones) log zones), proposals aside.
pub fn join<C: AsRef<str>, N: AsRef<str>>(
    table: &Table,
    zones: &[(C, N)],
) -> (Vec<Option<f64>>, Vec<Finding>) {
    let zones: Vec<Zone> = zones.iter().map(|(code, name)| Zone::new(code.as_ref(), name.as_ref())).collect();
    let mut joining =
        Joining { rows_of: vec![None; zones.len()], zones: &zones, left: Vec::new(), findings: Vec::new() };
    let without_code = joining.pass(table.rows.iter().collect(), |zone| &zone.code_key);
    joining.left = joining.pass(without_code, |zone| &zone.name_key);
    joining.note_zones();
    joining.note_rows();
    let values = joining.rows_of.iter().map(|row| row.and_then(|row| row.value)).collect();
    let findings = joining.findings.into_iter().map(|finding| finding.in_layer(&table.source)).collect();
    (values, findings)
}

/// A zone with its code and name, as written and reduced for comparison.
struct Zone<'a> {
    code: &'a str,
    name: &'a str,
    code_key: String,
    name_key: String,
}

impl<'a> Zone<'a> {
    fn new(code: &'a str, name: &'a str) -> Self {
        Self { code, name, code_key: key(code), name_key: key(name) }
    }
}

/// A join while it is made.
struct Joining<'t, 'z> {
    zones: &'t [Zone<'z>],
    rows_of: Vec<Option<&'t TableRow>>,
    left: Vec<&'t TableRow>,
    findings: Vec<Finding>,
}

impl<'t, 'z> Joining<'t, 'z> {
    /// Gives zones the rows whose key is theirs, and returns the rows that are nobody's.
    fn pass(
        &mut self,
        rows: Vec<&'t TableRow>,
        of_zone: impl for<'s> Fn(&'s Zone<'z>) -> &'s str,
    ) -> Vec<&'t TableRow> {
        let mut zones: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (at, zone) in self.zones.iter().enumerate().filter(|(_, zone)| !of_zone(zone).is_empty()) {
            zones.entry(of_zone(zone)).or_default().push(at);
        }
        let mut left = Vec::new();
        for row in rows {
            match zones.get(key(&row.key).as_str()).map(Vec::as_slice) {
                None => left.push(row),
                Some([zone]) => self.give(*zone, row),
                Some(several) => self.note_shared_name(row, several),
            }
        }
        left
    }

    fn give(&mut self, zone: usize, row: &'t TableRow) {
        let Some(place) = self.rows_of.get_mut(zone) else { return };
        match place {
            None => *place = Some(row),
            Some(first) => {
                let (first, second, key) = (first.row_number, row.row_number, &row.key);
                let sentence = words!(
                    "row {first} gives the value, and row {second} ({key}) is of the same zone: left out",
                    "第 {first} 行已给出数值；第 {second} 行（{key}）属同一乡镇，已略去"
                );
                let code = self.zones.get(zone).map_or("", |zone| zone.code);
                let hint = words!("keep one row for each town", "每个乡镇只保留一行");
                let finding = Finding::new("row-second", Severity::Warning, sentence).in_zone(code);
                self.findings.push(finding.with_hint(hint));
            }
        }
    }

    fn note_shared_name(&mut self, row: &TableRow, zones: &[usize]) {
        let codes = listed(zones.iter().filter_map(|at| self.zones.get(*at)).map(|zone| zone.code));
        let (number, key) = (row.row_number, &row.key);
        let sentence = words!(
            "row {number}: {key} is the name of several zones ({codes}), so its value was given to none",
            "第 {number} 行：{key} 对应多个乡镇（{codes}），其数值未采用"
        );
        let hint = words!("join by code", "请按代码连接");
        self.findings.push(Finding::new("row-ambiguous", Severity::Warning, sentence).with_hint(hint));
    }

    fn note_zones(&mut self) {
        let without = self.zones.iter().zip(&self.rows_of).filter(|(_, row)| row.is_none());
        let findings: Vec<Finding> = without
            .map(|(zone, _)| {
                let (code, name) = (zone.code, zone.name);
                let sentence = words!("no row for {name} ({code})", "表中没有 {name}（{code}）");
                let finding = Finding::new("zone-without-row", Severity::Warning, sentence).in_zone(code);
                let add = || {
                    words!(
                        "add its row; figures that rest on it cannot be told until then",
                        "请补上该行；在此之前，用到该数值的指标无法判定"
                    )
                };
                finding.with_hint(proposal(zone, &self.left).unwrap_or_else(add))
            })
            .collect();
        self.findings.extend(findings);
    }

    /// The rows that are no zone's: of no matter while every zone has its row.
    fn note_rows(&mut self) {
        if self.left.is_empty() {
            return;
        }
        let complete = self.rows_of.iter().all(Option::is_some);
        let severity = if complete { Severity::Info } else { Severity::Warning };
        let rows = listed(self.left.iter().map(|row| format!("{} ({})", row.row_number, row.key)));
        let sentence = words!("rows of no zone: {rows}", "以下行不对应任何乡镇：{rows}");
        let hint = words!(
            "write the town's code or its name as the zones have it, or delete the row",
            "请填写乡镇代码或与乡镇图层一致的名称，或删除该行"
        );
        let finding = Finding::new("rows-unmatched", severity, sentence).counting(self.left.len() as u64);
        self.findings.push(finding.with_hint(hint));
    }
}

/// The one row that nearly fits a zone, as a proposal.
fn proposal(zone: &Zone, rows: &[&TableRow]) -> Option<Words> {
    let mut near = rows.iter().filter(|row| nearly(zone, &key(&row.key)));
    let (row, None) = (near.next()?, near.next()) else { return None };
    let (number, key, name, code) = (row.row_number, &row.key, zone.name, zone.code);
    let value = row.value.map_or("-".to_owned(), count);
    Some(words!(
        "row {number} ({key}: {value}) may be meant; if so, write {name} or {code} there",
        "可能是第 {number} 行（{key}：{value}）；如是，请在表中改为 {name} 或 {code}"
    ))
}

/// Equal but for a suffix such as 镇, for a county before the name, or for zeros at either end of a code.
fn nearly(zone: &Zone, row: &str) -> bool {
    let (bare_zone, bare_row) = (without_suffix(&zone.name_key), without_suffix(row));
    let by_name = !bare_zone.is_empty() && (bare_zone == bare_row || row.ends_with(&zone.name_key));
    let zeros = |text: &str| text.trim_matches('0').to_owned();
    let by_code = is_digits(row) && is_digits(&zone.code_key) && zeros(row) == zeros(&zone.code_key);
    by_name || by_code
}

fn without_suffix(name: &str) -> &str {
    SUFFIXES.iter().find_map(|suffix| name.strip_suffix(suffix)).unwrap_or(name)
}
