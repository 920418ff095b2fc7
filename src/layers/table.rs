//! Tables joined to zones by code or name: residents and the like.
//!
//! In: a workbook (xlsx, xls and their kin) or a delimited text file, the names of its key and value columns, and
//! the unit the values are in. Out: one value a key in the base unit, and findings for all that was left out or read
//! with a doubt. Title rows, total rows, footnotes and repeated headers are recognised; a value that cannot be read is
//! missing, never zero. [`join()`] matches a table to zones. Nothing is written, and no GDAL is called.

pub mod columns;
mod error;
mod grid;
mod header;
mod join;
mod notes;
mod number;
mod read;
mod rows;
mod spelling;
mod totals;

use std::path::PathBuf;

use serde::Serialize;

pub use error::TableError;
pub use join::join;

use crate::finding::Finding;
pub use crate::project::settings::PeopleUnit;

impl PeopleUnit {
    /// The unit of that name, as headers and cells write it.
    pub(crate) fn named(name: &str) -> Option<Self> {
        match spelling::plain(name).as_str() {
            "人" | "人数" | "persons" | "person" | "people" => Some(Self::Persons),
            "万人" | "万" => Some(Self::TenThousand),
            _ => None,
        }
    }

    /// Its name in the project file and in tables.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Persons => "人",
            Self::TenThousand => "万人",
        }
    }
}

/// Which table to read, and what in it.
#[derive(Debug, Clone)]
pub struct TableRequest {
    /// The workbook or text file.
    pub file: PathBuf,
    /// The sheet (工作表); where none is named, the only one that has both columns.
    pub sheet: Option<String>,
    /// The column of codes or names, as its header is written.
    pub key: String,
    /// The column of values, as its header is written; a unit in brackets after it may be left off.
    pub value: String,
    /// The unit of the values.
    pub unit: PeopleUnit,
}

/// One row of a table.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TableRow {
    /// The code or name; a code stored as a number has no decimals.
    pub key: String,
    /// The value in the base unit (persons); `None` where it is blank or cannot be read.
    pub value: Option<f64>,
    /// The row as spreadsheets count them; in a text file the line.
    pub row_number: u32,
}

/// A table as read.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Table {
    /// The file, and the sheet where there are several.
    pub source: String,
    /// Its rows, in file order, without totals.
    pub rows: Vec<TableRow>,
    /// The total (合计) that the table itself states, in the base unit.
    pub total_stated: Option<f64>,
    /// What was noticed.
    pub findings: Vec<Finding>,
}

/// Reads a table.
///
/// # Errors
/// Where the file, sheet or a column is missing or ambiguous, where a unit written in the table contradicts the
/// declared one, and where keys are repeated.
pub fn read_table(request: &TableRequest) -> Result<Table, TableError> {
    let find = |grid: &grid::Grid| header::find(grid, &request.key, &request.value);
    let (grid, header) = read::open(&request.file, request.sheet.as_deref(), &find)?;
    rows::table(&grid, &header, request)
}
