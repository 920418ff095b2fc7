//! The form for evidence (佐证材料清单): its columns, and what a filled row declares.
//!
//! In: cells of a row, by column. Out: a [`Declared`], or why the row cannot be used, with what would be right. The form is
//! written in `outputs` and read in `layers`; both take its columns from here.

use std::collections::BTreeSet;

use super::declared::Declared;
use super::rule_file::is_day;
use super::standard::{Rule, Standard};
use super::wording::listed;
use crate::nearest::plain;
use crate::words;
use crate::words::Words;

/// A column that is read back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum EvidenceColumn {
    /// The code of the rule.
    Code,
    /// The unit that the value is in.
    Unit,
    /// The declared figure.
    Value,
    /// The declared answer.
    Passed,
    /// The day of the document.
    Date,
    /// The document.
    Document,
    /// Its number (文号).
    Number,
    /// A remark.
    Note,
}

impl EvidenceColumn {
    /// Every column, in the order in which rows are given.
    pub const ALL: [EvidenceColumn; 8] = [
        EvidenceColumn::Code,
        EvidenceColumn::Unit,
        EvidenceColumn::Value,
        EvidenceColumn::Passed,
        EvidenceColumn::Date,
        EvidenceColumn::Document,
        EvidenceColumn::Number,
        EvidenceColumn::Note,
    ];

    /// Its heading.
    pub fn words(self) -> Words {
        match self {
            EvidenceColumn::Code => words!("code", "代码"),
            EvidenceColumn::Unit => words!("unit", "单位"),
            EvidenceColumn::Value => words!("value", "申报值"),
            EvidenceColumn::Passed => words!("passed (yes/no)", "是否达标"),
            EvidenceColumn::Date => words!("date", "材料日期"),
            EvidenceColumn::Document => words!("document", "文件名称"),
            EvidenceColumn::Number => words!("document number", "文号"),
            EvidenceColumn::Note => words!("note", "备注"),
        }
    }
}

/// A row of a filled form: the text of each column, in the order of [`EvidenceColumn::ALL`].
#[derive(Debug, Clone, PartialEq, Default)]
pub struct EvidenceRow {
    /// The cells; empty where nothing stands.
    pub cells: [String; 8],
    /// The row as spreadsheets count.
    pub number: u32,
}

/// Why a row cannot be used.
#[derive(Debug, Clone, PartialEq)]
pub struct EvidenceFault {
    /// A stable code, kebab case.
    pub code: &'static str,
    /// What is wrong.
    pub sentence: Words,
    /// What would be right.
    pub cure: Words,
}

/// What a filled form says.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Evidence {
    /// The declarations.
    pub declared: Vec<Declared>,
    /// The rows that cannot be used, with why.
    pub faults: Vec<(u32, EvidenceFault)>,
    /// Codes of the rules that only evidence can answer and that have none, in the form or elsewhere.
    pub missing: Vec<String>,
}

const YES: [&str; 9] = ["是", "达标", "合格", "通过", "yes", "true", "y", "√", "✓"];
const NO: [&str; 8] = ["否", "未达标", "不达标", "不合格", "no", "false", "n", "×"];

/// Reads the rows of a form for some standards; a row is of the first of them that has its code. `elsewhere` is what is
/// declared without the form.
pub fn evidence(rows: &[EvidenceRow], standards: &[Standard], elsewhere: &[Declared]) -> Evidence {
    let mut read = Evidence::default();
    for row in rows.iter().filter(|row| row.is_filled()) {
        match row.declared(standards) {
            Ok(declared) if read.declared.iter().any(|d| d.item == declared.item) => {
                let item = &declared.item;
                read.faults.push((
                    row.number,
                    fault(
                        "evidence-twice",
                        words!("`{item}` stands in an earlier row, too", "`{item}` 在前面的行中已填写"),
                        words!("keep one row for each item", "每项只保留一行"),
                    ),
                ));
            }
            Ok(declared) => read.declared.push(declared),
            Err(fault) => read.faults.push((row.number, fault)),
        }
    }
    let others = elsewhere.iter().filter_map(|declared| {
        let rule = standards.iter().find_map(|standard| standard.rule(&declared.item).ok())?;
        Some(rule.code.as_str())
    });
    let mut seen: BTreeSet<&str> = read.declared.iter().map(|d| d.item.as_str()).chain(others).collect();
    let rules = standards.iter().flat_map(|standard| &standard.rules);
    let open = rules.filter(|rule| rule.measure.is_none() && seen.insert(&rule.code));
    read.missing = open.map(|rule| rule.code.clone()).collect();
    read
}

fn fault(code: &'static str, sentence: Words, cure: Words) -> EvidenceFault {
    EvidenceFault { code, sentence, cure }
}

impl EvidenceRow {
    fn cell(&self, column: EvidenceColumn) -> &str {
        self.cells.get(column as usize).map_or("", |cell| cell.trim())
    }

    /// What stands in a column, if anything does.
    fn text(&self, column: EvidenceColumn) -> Option<String> {
        Some(self.cell(column)).filter(|text| !text.is_empty()).map(str::to_owned)
    }

    /// Whether anything was filled in: what the form itself says does not count.
    fn is_filled(&self) -> bool {
        use EvidenceColumn::{Date, Document, Note, Number, Passed, Value};
        [Value, Passed, Date, Document, Number, Note].iter().any(|column| !self.cell(*column).is_empty())
    }

    fn declared(&self, standards: &[Standard]) -> Result<Declared, EvidenceFault> {
        let rule = self.rule(standards)?;
        let (value, passed) = (self.value(rule)?, self.passed()?);
        let code = &rule.code;
        if value.is_none() && passed.is_none() {
            return Err(fault(
                "evidence-empty",
                words!("`{code}` has neither a value nor an answer", "`{code}` 既未填申报值，也未填是否达标"),
                words!("fill in one of the two columns", "请填写其中一列"),
            ));
        }
        let evidence = self.cell(EvidenceColumn::Document).to_owned();
        let [number, note] = [EvidenceColumn::Number, EvidenceColumn::Note].map(|column| self.text(column));
        if evidence.is_empty() && number.is_none() {
            return Err(fault(
                "evidence-without-document",
                words!("`{code}` is declared without a document", "`{code}` 已申报，但未填文件名称"),
                words!("name the document that proves it", "请填写证明文件的名称（可附文号）"),
            ));
        }
        let date = self.text(EvidenceColumn::Date);
        if let Some(date) = date.as_ref().filter(|date| !is_date(date)) {
            return Err(fault(
                "evidence-date",
                words!("\"{date}\" is no date", "“{date}”不是日期"),
                words!("write it as 2026-11-23, 2026-11 or 2026", "请写成 2026-11-23、2026-11 或 2026"),
            ));
        }
        let item = code.clone();
        Ok(Declared { item, value, passed, evidence, number, date, note, ..Declared::default() })
    }

    fn rule<'s>(&self, standards: &'s [Standard]) -> Result<&'s Rule, EvidenceFault> {
        let code = self.cell(EvidenceColumn::Code);
        if let Some(rule) = standards.iter().find_map(|standard| standard.rule(code).ok()) {
            return Ok(rule);
        }
        let names = listed(standards.iter().map(|standard| &standard.name), ", ");
        let cure = standards.first().and_then(|s| s.rule(code).err()).and_then(|error| error.cure());
        Err(fault(
            "evidence-unknown-item",
            words!("\"{code}\" is no item of {names}", "{names} 中没有“{code}”这一项"),
            cure.unwrap_or_else(|| {
                words!("leave the column of codes as the form has it", "请勿改动表中的代码列")
            }),
        ))
    }

    /// The figure in the unit of the rule. The unit may stand behind it, and must then be the rule's.
    fn value(&self, rule: &Rule) -> Result<Option<f64>, EvidenceFault> {
        let text = self.cell(EvidenceColumn::Value);
        let code = &rule.code;
        if text.is_empty() {
            return Ok(None);
        }
        let plain_text = plain(text).replace(',', "");
        let digits =
            plain_text.find(|c: char| !matches!(c, '0'..='9' | '.' | '-' | '+')).unwrap_or(plain_text.len());
        let (number, unit) = plain_text.split_at(digits);
        let Some(value) = number.parse::<f64>().ok().filter(|value| value.is_finite()) else {
            return Err(fault(
                "evidence-value",
                words!("the value \"{text}\" of `{code}` is no number", "`{code}` 的申报值“{text}”不是数字"),
                words!(
                    "write a number; an answer goes into the column for yes or no",
                    "请填写数字；是否达标请填在“是否达标”列"
                ),
            ));
        };
        let Some(requirement) = &rule.requirement else {
            return Err(fault(
                "evidence-value",
                words!(
                    "`{code}` is a requirement in words and has no value",
                    "`{code}` 为文字要求，没有数值"
                ),
                words!("answer it with yes or no", "请在“是否达标”列填写是或否"),
            ));
        };
        let right = requirement.unit.words();
        let is_right =
            |text: &str| text.is_empty() || [&right.en, &right.zh].iter().any(|unit| plain(unit) == text);
        let column = plain(self.cell(EvidenceColumn::Unit));
        let wrong = [unit, &column].into_iter().find(|unit| !is_right(unit));
        match wrong {
            None => Ok(Some(value)),
            Some(unit) => Err(fault(
                "evidence-unit",
                Words::new(
                    format!("`{code}` is declared in \"{unit}\", but its requirement is in {}", right.en),
                    format!("`{code}` 的申报单位为“{unit}”，而要求的单位是{}", right.zh),
                ),
                Words::new(
                    format!("convert the value to {}", right.en),
                    format!("请将申报值换算为{}", right.zh),
                ),
            )),
        }
    }

    fn passed(&self) -> Result<Option<bool>, EvidenceFault> {
        let text = self.cell(EvidenceColumn::Passed);
        match plain(text).as_str() {
            "" => Ok(None),
            word if YES.contains(&word) => Ok(Some(true)),
            word if NO.contains(&word) => Ok(Some(false)),
            _ => Err(fault(
                "evidence-answer",
                words!("the answer \"{text}\" is neither yes nor no", "“{text}”既不是“是”也不是“否”"),
                words!("write yes or no", "请填写“是”或“否”"),
            )),
        }
    }
}

/// A day, a month or a year.
fn is_date(text: &str) -> bool {
    let filled = match text.len() {
        4 => format!("{text}-01-01"),
        7 => format!("{text}-01"),
        _ => text.to_owned(),
    };
    is_day(&filled)
}
