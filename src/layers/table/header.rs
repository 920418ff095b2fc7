//! The header: which row and columns carry the wanted names, and what the rows above say of the unit.

use super::PeopleUnit;
use super::error::TableError;
use super::grid::{Cell, Grid, Row};
use super::spelling::plain;
use crate::nearest::nearest;

/// A header cell merged over rows has its name in the upper one: key and value may stand this many rows apart.
const ROWS_OF_HEADER: usize = 3;

/// Where the header is.
#[derive(Debug, Clone, Copy)]
pub struct Header {
    /// Column of keys.
    pub key: usize,
    /// Column of values.
    pub value: usize,
    /// Index of the first row of the header among the rows.
    pub first: usize,
    /// Index of its last row.
    pub last: usize,
}

/// The columns of one row that carry the key's name and the value's name.
struct Named {
    key: Vec<usize>,
    value: Vec<usize>,
}

/// Finds the first row in which both names occur; failing that, the first few successive rows in which they do.
pub fn find(grid: &Grid, key: &str, value: &str) -> Result<Header, TableError> {
    let found: Vec<Named> =
        grid.rows.iter().map(|row| Named { key: columns(row, key), value: columns(row, value) }).collect();
    let single = found.iter().position(|row| !row.key.is_empty() && !row.value.is_empty()).map(|at| (at, at));
    let (key_row, value_row) =
        single.or_else(|| spread(&found)).ok_or_else(|| missing(grid, &found, key, value))?;
    Ok(Header {
        key: only(grid, key_row, found.get(key_row).map(|row| &row.key), key)?,
        value: only(grid, value_row, found.get(value_row).map(|row| &row.value), value)?,
        first: key_row.min(value_row),
        last: key_row.max(value_row),
    })
}

/// Finds the first row that has all these names, and the column of each.
pub fn find_all(grid: &Grid, names: &[&str]) -> Result<(usize, Vec<usize>), TableError> {
    let found = |row: &Row| -> Vec<Vec<usize>> { names.iter().map(|name| columns(row, name)).collect() };
    let rows: Vec<Vec<Vec<usize>>> = grid.rows.iter().map(found).collect();
    let has = |row: &Vec<Vec<usize>>| row.iter().filter(|columns| !columns.is_empty()).count();
    let Some(at) = rows.iter().position(|row| has(row) == names.len()) else {
        let best = rows.iter().enumerate().rev().max_by_key(|(_, row)| has(row));
        let lacks = |row: &Vec<Vec<usize>>| row.iter().position(Vec::is_empty);
        let column = best.and_then(|(_, row)| lacks(row)).and_then(|at| names.get(at)).unwrap_or(&"");
        return Err(lacking(grid, best.filter(|(_, row)| has(row) > 0).map(|(at, _)| at), column));
    };
    let of = |(name, columns): (&&str, &Vec<usize>)| only(grid, at, Some(columns), name);
    let row = rows.get(at).map(Vec::as_slice).unwrap_or_default();
    Ok((at, names.iter().zip(row).map(of).collect::<Result<_, _>>()?))
}

/// A header of several rows: the key in one, the value in another close to it.
fn spread(found: &[Named]) -> Option<(usize, usize)> {
    let keys = (0..found.len()).filter(|&at| found.get(at).is_some_and(|row| !row.key.is_empty()));
    let mut pairs = keys.flat_map(|key| {
        let near = key.saturating_sub(ROWS_OF_HEADER - 1)..(key + ROWS_OF_HEADER).min(found.len());
        near.filter(|&at| found.get(at).is_some_and(|row| !row.value.is_empty()))
            .map(move |value| (key, value))
    });
    pairs.next()
}

/// The columns of that name in a row: the exact name first, else the name with a bracketed addition left off.
fn columns(row: &Row, name: &str) -> Vec<usize> {
    let wanted = plain(name);
    let named = |same: &dyn Fn(&str) -> bool| -> Vec<usize> {
        row.cells.iter().enumerate().filter(|(_, cell)| same(&cell.plain())).map(|(at, _)| at).collect()
    };
    let exact = named(&|cell| cell == wanted);
    if exact.is_empty() { named(&|cell| without_brackets(cell) == wanted) } else { exact }
}

/// The one column of that name, or an error where the header row has the name twice.
fn only(grid: &Grid, row: usize, columns: Option<&Vec<usize>>, name: &str) -> Result<usize, TableError> {
    match columns.map(Vec::as_slice) {
        Some([one]) => Ok(*one),
        _ => Err(TableError::ColumnTwice {
            file: grid.source.clone(),
            column: name.to_owned(),
            row: grid.rows.get(row).map_or(0, |row| row.number),
        }),
    }
}

/// `人口(万人)` without its brackets.
fn without_brackets(name: &str) -> &str {
    name.strip_suffix(')').and_then(|name| name.rsplit_once('(')).map_or(name, |(before, _)| before)
}

/// The unit that a header cell or title states: in brackets, or after `单位:`; `None` where it states none or several.
pub fn stated_unit(text: &str) -> Option<PeopleUnit> {
    let text = plain(text);
    let bracketed = text.strip_suffix(')').and_then(|text| text.rsplit_once('(')).map(|(_, inside)| inside);
    let after_word = |text: &str| text.split_once("单位:").map(|(_, after)| after.to_owned());
    let stated = after_word(&text).or_else(|| bracketed.map(str::to_owned))?;
    let mut units = stated.split(['、', ',', ';', '/', ')']).filter_map(PeopleUnit::named);
    let unit = units.next()?;
    units.all(|other| other == unit).then_some(unit)
}

/// Which of the two names is nowhere, and the names that the likeliest header row has instead.
fn missing(grid: &Grid, found: &[Named], key: &str, value: &str) -> TableError {
    let with_one = found.iter().position(|row| !row.key.is_empty() || !row.value.is_empty());
    let has_key = found.iter().any(|row| !row.key.is_empty());
    let column = if has_key { value } else { key };
    lacking(grid, with_one, column)
}

/// The error that a column is nowhere, with the names of the likeliest header: the row named, else the one with most text.
fn lacking(grid: &Grid, header: Option<usize>, column: &str) -> TableError {
    let texts = |row: &&Row| row.cells.iter().filter(|cell| matches!(cell, Cell::Text(_))).count();
    let fullest = grid.rows.iter().rev().max_by_key(texts);
    let row = header.and_then(|at| grid.rows.get(at)).or(fullest);
    let names =
        row.into_iter().flat_map(|row| &row.cells).map(|cell| cell.shown().split_whitespace().collect());
    let columns: Vec<String> = names.filter(|name: &String| !name.is_empty()).collect();
    let meant = nearest(column, columns.iter().map(String::as_str)).map(str::to_owned);
    TableError::ColumnMissing { file: grid.source.clone(), column: column.to_owned(), columns, meant }
}
