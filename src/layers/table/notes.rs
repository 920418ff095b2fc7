//! What is noted of a table's rows, one finding a kind.
//!
//! In: kinds of notes with the rows they concern. Out: findings in a fixed order, each naming at most ten rows and
//! counting all.

use std::collections::BTreeMap;

use crate::finding::{Finding, Severity, listed};
use crate::words;
use crate::words::Words;

/// One kind of note, in the order of the findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Note {
    /// Rows above the header.
    TitleRows,
    /// Key and value stand in different rows of the header.
    HeaderSpread,
    /// The header once more, as on every printed page.
    HeaderRepeated,
    /// A row of units.
    UnitRow,
    /// Rows without anything.
    BlankRows,
    /// Rows of remarks.
    Remarks,
    /// Rows of totals and subtotals.
    TotalRows,
    /// Numbers that were text.
    NumbersAsText,
    /// Persons with decimals.
    Fractions,
    /// Codes that lost their last digits.
    CodesShortened,
    /// No value.
    ValueBlank,
    /// An error value.
    ValueError,
    /// A formula without its result.
    ValueUncomputed,
    /// Text that is no number, or a number below zero.
    ValueUnreadable,
    /// A value without a key.
    KeyBlank,
    /// A key merged over rows with values of their own.
    KeyMerged,
    /// A value merged over rows with keys of their own.
    ValueMerged,
}

/// Notes as they are gathered: each with its row, and what stands there where that helps.
#[derive(Debug, Default)]
pub struct Notes(BTreeMap<Note, Vec<(u32, String)>>);

impl Notes {
    /// Notes a row.
    pub fn row(&mut self, note: Note, row: u32) {
        self.cell(note, row, String::new());
    }

    /// Notes a row and what stands in it.
    pub fn cell(&mut self, note: Note, row: u32, shown: String) {
        self.0.entry(note).or_default().push((row, shown));
    }

    /// Drops the blank rows after the last row that says something.
    pub fn drop_blank_after(&mut self, last: u32) {
        if let Some(blank) = self.0.get_mut(&Note::BlankRows) {
            blank.retain(|(row, _)| *row < last);
        }
    }

    /// The findings, in order.
    pub fn findings(self, source: &str) -> Vec<Finding> {
        let noted = self.0.into_iter().filter(|(_, rows)| !rows.is_empty());
        noted.map(|(note, rows)| note.finding(&rows).in_layer(source).counting(rows.len() as u64)).collect()
    }
}

impl Note {
    fn finding(self, rows: &[(u32, String)]) -> Finding {
        let at = listed(rows.iter().map(|(row, shown)| match shown.as_str() {
            "" => row.to_string(),
            shown => format!("{row} ({shown})"),
        }));
        let (code, sentence) = self.sentence(&at);
        Finding { hint: self.hint(), ..Finding::new(code, self.severity(), sentence) }
    }

    fn severity(self) -> Severity {
        if self < Note::Fractions { Severity::Info } else { Severity::Warning }
    }

    fn sentence(self, at: &str) -> (&'static str, Words) {
        match self {
            Note::TitleRows => (
                "table-title-rows",
                words!("title above the header, row {at}", "表头之上有标题行：第 {at} 行"),
            ),
            Note::HeaderSpread => (
                "table-header-spread",
                words!("the header takes several rows: {at}", "表头占多行：第 {at} 行"),
            ),
            Note::HeaderRepeated => (
                "table-header-repeated",
                words!("the header stands again in row {at}", "表头重复出现：第 {at} 行"),
            ),
            Note::UnitRow => {
                ("table-unit-row", words!("units below the header, row {at}", "表头之下有单位行：第 {at} 行"))
            }
            Note::BlankRows => ("table-blank-rows", words!("blank row {at}", "空行：第 {at} 行")),
            Note::Remarks => {
                ("table-remarks", words!("remarks left out, row {at}", "已略去备注行：第 {at} 行"))
            }
            Note::TotalRows => {
                ("table-total-rows", words!("totals left out, row {at}", "已略去合计行：第 {at} 行"))
            }
            Note::NumbersAsText => (
                "table-numbers-as-text",
                words!("numbers stored as text, row {at}", "以文本形式存储的数字：第 {at} 行"),
            ),
            Note::Fractions => (
                "table-fractions",
                words!("persons with decimals, row {at}", "单位为人，但数值带小数：第 {at} 行"),
            ),
            Note::CodesShortened => (
                "table-codes-shortened",
                words!(
                    "codes lost their last digits, row {at}",
                    "代码末位数字已丢失（科学计数法）：第 {at} 行"
                ),
            ),
            Note::ValueBlank => ("table-value-blank", words!("no value, row {at}", "缺少数值：第 {at} 行")),
            Note::ValueError => {
                ("table-value-error", words!("an error for a value, row {at}", "数值为错误值：第 {at} 行"))
            }
            Note::ValueUncomputed => (
                "table-value-uncomputed",
                words!("a formula without its result, row {at}", "公式没有保存计算结果：第 {at} 行"),
            ),
            Note::ValueUnreadable => (
                "table-value-unreadable",
                words!("no number of persons, row {at}", "数值无法识别：第 {at} 行"),
            ),
            Note::KeyBlank => (
                "table-key-blank",
                words!("values without a key left out, row {at}", "有数值但无代码或名称，已略去：第 {at} 行"),
            ),
            Note::KeyMerged => (
                "table-key-merged",
                words!(
                    "one key is merged over rows with several values, all taken as missing: row {at}",
                    "代码或名称单元格跨行合并而各行数值不同，均按缺失处理：第 {at} 行"
                ),
            ),
            Note::ValueMerged => (
                "table-value-merged",
                words!(
                    "one value is merged over rows with several keys, all taken as missing: row {at}",
                    "数值单元格跨行合并而对应多个代码或名称，均按缺失处理：第 {at} 行"
                ),
            ),
        }
    }

    fn hint(self) -> Option<Words> {
        Some(match self {
            Note::Fractions => words!("perhaps the unit is 万人", "单位是否应为万人？"),
            Note::CodesShortened => words!(
                "format the column as text and enter the codes again",
                "请将该列设为文本格式并重新填写代码"
            ),
            Note::ValueUncomputed => {
                words!("open the workbook, compute, and save it", "请打开工作簿重新计算并保存")
            }
            Note::ValueBlank => words!(
                "fill in the value; 0 where there is none: an empty cell is not known",
                "请填写数值；确为零的请填 0，空格按未知处理"
            ),
            Note::ValueError => words!(
                "mend the formula of this cell, or write the number in its place",
                "请修正该单元格的公式，或直接填写数字"
            ),
            Note::ValueUnreadable => words!(
                "write a plain number such as 12345, without words or a unit",
                "请填写纯数字，如 12345，不带文字和单位"
            ),
            Note::KeyMerged | Note::ValueMerged | Note::KeyBlank => {
                words!("unmerge the cells and give every row its key and value", "请取消合并单元格，逐行填写")
            }
            _ => return None,
        })
    }
}
