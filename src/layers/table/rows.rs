//! The rows below the header: which are data, and what the others are.
//!
//! In: a sheet and where its header is. Out: the table. Every row that is left out and every value that cannot be
//! read is noted; keys are unique in what comes out.

use std::collections::BTreeMap;

use super::error::TableError;
use super::grid::{Cell, Grid, Row};
use super::header::{Header, stated_unit};
use super::notes::{Note, Notes};
use super::number::{Typed, typed};
use super::spelling::key;
use super::totals::{Total, disagreement, total};
use super::{PeopleUnit, Table, TableRequest, TableRow};
use crate::finding::{Finding, Severity};
use crate::words;

/// Beginnings of remarks below a table.
pub(super) const REMARKS: [&str; 12] =
    ["注", "备注", "说明", "资料来源", "数据来源", "来源", "填表", "制表", "审核", "*", "note", "source"];

/// Reads the rows of a sheet.
pub fn table(grid: &Grid, header: &Header, request: &TableRequest) -> Result<Table, TableError> {
    let mut reading = Reading {
        grid,
        header,
        unit: request.unit,
        rows: Vec::new(),
        values_without_key: Vec::new(),
        totals: Vec::new(),
        notes: Notes::default(),
    };
    reading.head()?;
    for row in grid.rows.iter().skip(header.last + 1) {
        reading.row(row)?;
    }
    reading.finish()
}

/// What a row is.
enum Kind {
    Blank,
    HeaderAgain,
    Units(PeopleUnit),
    Total(Total),
    Remark,
    WithoutKey,
    Data,
}

/// A table while its rows are read.
struct Reading<'a> {
    grid: &'a Grid,
    header: &'a Header,
    unit: PeopleUnit,
    rows: Vec<TableRow>,
    values_without_key: Vec<u32>,
    totals: Vec<(u32, f64)>,
    notes: Notes,
}

impl Reading<'_> {
    /// The rows above the data: titles, and the unit they or the header state.
    fn head(&mut self) -> Result<(), TableError> {
        let titles = self.grid.rows.iter().take(self.header.first);
        let header = self.grid.rows.iter().take(self.header.last + 1).skip(self.header.first);
        for row in titles.clone().filter(|row| !row.is_blank()) {
            self.notes.row(Note::TitleRows, row.number);
        }
        if self.header.last > self.header.first {
            header.clone().for_each(|row| self.notes.row(Note::HeaderSpread, row.number));
        }
        let of_column = header.map(|row| (row.number, row.cell(self.header.value)));
        let of_titles = titles.flat_map(|row| row.cells.iter().map(|cell| (row.number, cell)));
        let mut stated = of_column.chain(of_titles).filter_map(|(row, cell)| {
            let text = cell.shown();
            stated_unit(&text).map(|unit| (row, text, unit))
        });
        stated.next().map_or(Ok(()), |(row, text, unit)| self.agree(row, &text, unit))
    }

    fn row(&mut self, row: &Row) -> Result<(), TableError> {
        match self.kind(row) {
            Kind::Blank => self.notes.row(Note::BlankRows, row.number),
            Kind::HeaderAgain => self.notes.row(Note::HeaderRepeated, row.number),
            Kind::Remark => self.notes.row(Note::Remarks, row.number),
            Kind::Units(unit) => {
                self.agree(row.number, &row.cell(self.header.value).shown(), unit)?;
                self.notes.row(Note::UnitRow, row.number);
            }
            Kind::Total(total) => {
                let value = self.value(row)?;
                self.notes.row(Note::TotalRows, row.number);
                self.totals.extend(value.filter(|_| total == Total::Whole).map(|value| (row.number, value)));
            }
            Kind::WithoutKey => self.values_without_key.push(row.number),
            Kind::Data => {
                let (key, value) = (row.cell(self.header.key).shown(), self.value(row)?);
                if value.is_none() {
                    self.note_missing(row, &key);
                }
                self.note_shortened(row.number, &key);
                self.rows.push(TableRow { key, value, row_number: row.number });
            }
        }
        Ok(())
    }

    fn kind(&self, row: &Row) -> Kind {
        let (key, value) = (row.cell(self.header.key), row.cell(self.header.value));
        let (key_text, nothing) = (key.plain(), *value == Cell::Empty);
        if row.is_blank() {
            Kind::Blank
        } else if self.is_header(row) {
            Kind::HeaderAgain
        } else if let Typed::Unit(unit) = typed(&value.shown())
            && self.rows.is_empty()
        {
            Kind::Units(unit)
        } else if let Some(total) = total(row, self.header.key, self.header.value) {
            Kind::Total(total)
        } else if nothing
            && (key_text.is_empty() || REMARKS.iter().any(|remark| key_text.starts_with(remark)))
        {
            Kind::Remark
        } else if key_text.is_empty() || matches!(key, Cell::Error(_) | Cell::Uncomputed) {
            Kind::WithoutKey
        } else {
            Kind::Data
        }
    }

    fn is_header(&self, row: &Row) -> bool {
        let same = |column: usize| {
            let header = self.grid.rows.iter().take(self.header.last + 1).skip(self.header.first);
            let text = row.cell(column).plain();
            !text.is_empty() && header.map(|row| row.cell(column).plain()).any(|name| name == text)
        };
        same(self.header.key) && same(self.header.value)
    }

    /// The value of a row in persons; `None` where it is blank or no number of persons.
    fn value(&mut self, row: &Row) -> Result<Option<f64>, TableError> {
        let cell = row.cell(self.header.value);
        let number = match cell {
            Cell::Number(number) => *number,
            Cell::Text(text) => match typed(text) {
                Typed::Number(number, unit) => {
                    unit.map_or(Ok(()), |unit| self.agree(row.number, text, unit))?;
                    if self.grid.typed || text.trim().parse::<f64>().is_err() {
                        self.notes.row(Note::NumbersAsText, row.number);
                    }
                    number
                }
                _ => return Ok(None),
            },
            _ => return Ok(None),
        };
        let value = number * self.unit.persons();
        if self.unit == PeopleUnit::Persons && (value - value.round()).abs() > 1e-6 {
            self.notes.cell(Note::Fractions, row.number, cell.shown());
        }
        Ok(Some(value).filter(|value| *value >= 0.0))
    }

    fn note_missing(&mut self, row: &Row, key: &str) {
        let cell = row.cell(self.header.value);
        let note = match cell {
            Cell::Error(_) => Note::ValueError,
            Cell::Uncomputed => Note::ValueUncomputed,
            Cell::Empty => Note::ValueBlank,
            Cell::Text(text) if typed(text) == Typed::Blank => Note::ValueBlank,
            _ => Note::ValueUnreadable,
        };
        let shown = format!("{key} {}", cell.shown());
        self.notes.cell(note, row.number, shown.trim().to_owned());
    }

    /// A code that a spreadsheet wrote as `4.41624E+08` has lost its last digits.
    fn note_shortened(&mut self, row: u32, key: &str) {
        if key.to_lowercase().contains("e+") && matches!(typed(key), Typed::Number(..)) {
            self.notes.cell(Note::CodesShortened, row, key.to_owned());
        }
    }

    fn agree(&self, row: u32, text: &str, stated: PeopleUnit) -> Result<(), TableError> {
        let declared = self.unit;
        if stated == declared {
            return Ok(());
        }
        Err(TableError::UnitContradicted {
            file: self.grid.source.clone(),
            row,
            text: text.to_owned(),
            stated,
            declared,
        })
    }

    fn finish(mut self) -> Result<Table, TableError> {
        self.spread_keys();
        self.spread_values();
        let last =
            self.rows.iter().map(|row| row.row_number).chain(self.totals.iter().map(|(row, _)| *row)).max();
        self.notes.drop_blank_after(last.unwrap_or(0));
        let repeated = repeated(&self.rows);
        if !repeated.is_empty() {
            return Err(TableError::KeyRepeated { file: self.grid.source.clone(), keys: repeated });
        }
        let mut findings: Vec<Finding> = self.grid.encoding.map(encoding).into_iter().collect();
        findings.extend(self.rows.is_empty().then(no_rows));
        findings.extend(
            self.totals.iter().filter_map(|(row, total)| disagreement(*total, *row, &self.rows, self.unit)),
        );
        let source = self.grid.source.clone();
        let mut findings: Vec<Finding> =
            findings.into_iter().map(|finding| finding.in_layer(&source)).collect();
        findings.extend(self.notes.findings(&source));
        Ok(Table {
            source,
            rows: self.rows,
            total_stated: self.totals.last().map(|(_, total)| *total),
            findings,
        })
    }

    /// Values below a key that is merged over their rows: whether to add them up is not for us to guess.
    fn spread_keys(&mut self) {
        for number in std::mem::take(&mut self.values_without_key) {
            let merge =
                self.grid.merges.iter().find(|m| m.spans_rows_of(self.header.key) && m.has_row(number));
            let owner =
                merge.and_then(|merge| self.rows.iter_mut().find(|row| merge.has_row(row.row_number)));
            match owner {
                Some(row) => {
                    row.value = None;
                    self.notes.cell(Note::KeyMerged, number, row.key.clone());
                }
                None => self.notes.row(Note::KeyBlank, number),
            }
        }
    }

    /// A value merged over rows with different keys: how it divides is not for us to guess.
    fn spread_values(&mut self) {
        for merge in self.grid.merges.iter().filter(|merge| merge.spans_rows_of(self.header.value)) {
            let among = |row: &&mut TableRow| merge.has_row(row.row_number);
            let mut rows: Vec<&mut TableRow> = self.rows.iter_mut().filter(among).collect();
            if rows.len() > 1 {
                for row in &mut rows {
                    row.value = None;
                    self.notes.cell(Note::ValueMerged, row.row_number, row.key.clone());
                }
            }
        }
    }
}

/// Keys that stand in several rows, with these rows.
fn repeated(rows: &[TableRow]) -> Vec<(String, Vec<u32>)> {
    let mut places: BTreeMap<String, Vec<&TableRow>> = BTreeMap::new();
    for row in rows {
        places.entry(key(&row.key)).or_default().push(row);
    }
    let several = places.into_values().filter(|rows| rows.len() > 1);
    several
        .filter_map(|rows| Some((rows.first()?.key.clone(), rows.iter().map(|row| row.row_number).collect())))
        .collect()
}

fn encoding(name: &str) -> Finding {
    let sentence = words!("read as {name}", "按 {name} 编码读取");
    Finding::new("table-encoding", Severity::Info, sentence)
}

fn no_rows() -> Finding {
    let sentence = words!("no rows below the header", "表头之下没有数据行");
    let hint = words!("check that it is the right file and sheet", "请检查是否选对了文件和工作表");
    Finding::new("table-empty", Severity::Warning, sentence).with_hint(hint)
}
