//! Several columns of a table as text and numbers: trees by species, old trees by tag, parks by town.
//!
//! In: a file and the names of its columns. Out: its rows below the header, without blank rows, totals, remarks and
//! repeated headers; what was left out is noted. What stands in a cell is not judged here.

use std::path::Path;

use super::error::TableError;
use super::grid::{Cell, Grid, Row};
use super::header::find_all;
use super::notes::{Note, Notes};
use super::number::{Typed, typed};
use super::read;
use super::rows::REMARKS;
use super::spelling::is_digits;
use super::totals::total;
use crate::attribute::Value;
use crate::finding::{Finding, Severity};
use crate::words;

/// Some columns of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Columns {
    /// The file, and the sheet where there are several.
    pub source: String,
    /// The rows below the header.
    pub rows: Vec<ColumnsRow>,
    /// What was noticed.
    pub findings: Vec<Finding>,
}

/// A row of them.
#[derive(Debug, Clone, PartialEq)]
pub struct ColumnsRow {
    /// As spreadsheets count; in a text file the line.
    pub number: u32,
    /// What stands in each column, in the order asked for; text that is a number as people type it is one.
    pub values: Vec<Value>,
}

/// Reads columns by the names of their headers, the first of which says what a row is about: a row without it, or with a
/// word for a total in it, is no row of the table.
///
/// # Errors
/// Where the file, the sheet or a column is missing or ambiguous.
pub fn read_columns(file: &Path, sheet: Option<&str>, names: &[&str]) -> Result<Columns, TableError> {
    let (grid, (header, columns)) = read::open(file, sheet, &|grid: &Grid| find_all(grid, names))?;
    let (mut rows, mut notes) = (Vec::new(), Notes::default());
    let is_header = |row: &Row| {
        let first = |row: &Row| columns.iter().map(|column| row.cell(*column).plain()).collect::<Vec<_>>();
        grid.rows.get(header).is_some_and(|header| first(header) == first(row))
    };
    let key = columns.first().copied().unwrap_or_default();
    for row in grid.rows.iter().skip(header + 1).filter(|row| !row.is_blank()) {
        let text = row.cell(key).plain();
        if is_header(row) {
            notes.row(Note::HeaderRepeated, row.number);
        } else if total(row, key, usize::MAX).is_some() {
            notes.row(Note::TotalRows, row.number);
        } else if REMARKS.iter().any(|remark| text.starts_with(remark)) && alone(row, key) {
            notes.row(Note::Remarks, row.number);
        } else {
            let values = columns.iter().map(|column| value(row.cell(*column))).collect();
            rows.push(ColumnsRow { number: row.number, values });
        }
    }
    let source = grid.source.clone();
    let mut findings: Vec<Finding> = rows.is_empty().then(|| empty(&source)).into_iter().collect();
    findings.extend(notes.findings(&source));
    Ok(Columns { source, rows, findings })
}

/// Whether nothing else stands in the row.
fn alone(row: &Row, key: usize) -> bool {
    row.cells.iter().enumerate().all(|(column, cell)| column == key || *cell == Cell::Empty)
}

fn value(cell: &Cell) -> Value {
    match cell {
        Cell::Empty | Cell::Error(_) | Cell::Uncomputed => Value::Null,
        Cell::Number(number) => Value::Real(*number),
        Cell::Text(text) => match typed(text) {
            Typed::Blank => Value::Null,
            Typed::Number(number, None) if !is_code(text.trim()) => Value::Real(number),
            _ => Value::Text(text.trim().to_owned()),
        },
    }
}

/// A code keeps its leading zeros, and more digits than a number has.
fn is_code(text: &str) -> bool {
    (text.starts_with('0') && is_digits(text) && text.len() > 1) || text.len() > 15
}

fn empty(source: &str) -> Finding {
    let sentence = words!("no rows below the header", "表头之下没有数据行");
    Finding::new("table-empty", Severity::Error, sentence).in_layer(source).with_hint(words!(
        "fill in the table, or take it out of the project",
        "请填写该表，或从项目文件中去掉"
    ))
}
