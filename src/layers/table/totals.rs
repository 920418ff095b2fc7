//! Total rows (合计): which rows they are, and whether they agree with the rows they add up.

use super::grid::Row;
use super::spelling::{count, plain};
use super::{PeopleUnit, TableRow};
use crate::finding::{Finding, Severity};
use crate::words;

/// What a total row adds up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Total {
    /// The whole table.
    Whole,
    /// Some of its rows (小计).
    Part,
}

/// Words that make a total of any row they stand alone in.
const WHOLE: [&str; 9] = ["合计", "总计", "共计", "总和", "总数", "合计数", "total", "sum", "grandtotal"];
/// Words that make a total as the key, or where there is no key; beside a key they may only describe the row.
const AREA: [&str; 3] = ["全县", "全市", "全区"];
/// Words that make a subtotal.
const PART: [&str; 3] = ["小计", "subtotal", "sub-total"];
/// Endings of a key that make a total: `和平县合计`.
const ENDINGS: [&str; 3] = ["合计", "总计", "共计"];

/// Whether a row is a total: by its key, or by such a word in any other column than the value's.
pub fn total(row: &Row, key: usize, value: usize) -> Option<Total> {
    let word = |text: &str| plain(text).trim_matches([':', '(', ')']).to_owned();
    let key = word(&row.cell(key).shown());
    let others = row.cells.iter().enumerate().filter(|(column, _)| *column != value);
    let words: Vec<String> = others.map(|(_, cell)| word(&cell.shown())).collect();
    let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    let by_area = AREA.contains(&key.as_str()) || (key.is_empty() && has(&AREA));
    if has(&PART) || key.ends_with("小计") {
        Some(Total::Part)
    } else if by_area || has(&WHOLE) || ENDINGS.iter().any(|ending| key.ends_with(ending)) {
        Some(Total::Whole)
    } else {
        None
    }
}

/// A warning where the stated total is not the sum of the rows, beyond what rounding explains.
pub fn disagreement(stated: f64, row: u32, rows: &[TableRow], unit: PeopleUnit) -> Option<Finding> {
    let sum: f64 = rows.iter().filter_map(|row| row.value).sum();
    let missing = rows.iter().filter(|row| row.value.is_none()).count();
    if (sum - stated).abs() <= rounding(rows, unit) {
        return None;
    }
    let (sum, stated) = (count(sum), count(stated));
    let sentence = words!(
        "row {row} states a total of {stated} persons, but the rows add up to {sum} ({missing} without a value)",
        "第 {row} 行所列合计为 {stated} 人，而各行相加为 {sum} 人（其中 {missing} 行缺少数值）"
    );
    let hint = words!(
        "find the row that is wrong or missing, or correct the total; the rows are what counts",
        "请查找有误或缺少的行，或更正合计；计算以各行为准"
    );
    Some(Finding::new("table-total-differs", Severity::Warning, sentence).with_hint(hint))
}

/// How far a total may lie from its sum through rounding, in persons: half a unit of the last decimal for each row and
/// for the total. Persons are counted, not rounded, so there it is below one person.
fn rounding(rows: &[TableRow], unit: PeopleUnit) -> f64 {
    if unit == PeopleUnit::Persons {
        return 0.5;
    }
    let decimals =
        |value: f64| count(value / unit.persons()).split_once('.').map_or(0, |(_, decimals)| decimals.len());
    let most = rows.iter().filter_map(|row| row.value).map(decimals).max().unwrap_or(0);
    let last_decimal = 10_f64.powi(-i32::try_from(most).unwrap_or(i32::MAX)) * unit.persons();
    0.5 * last_decimal * (rows.len() + 1) as f64
}
