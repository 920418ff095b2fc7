//! A sheet as cells, whatever the file format.

use super::spelling::plain;

/// One cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Nothing, or only blanks.
    Empty,
    /// A number.
    Number(f64),
    /// Text.
    Text(String),
    /// An error value such as `#REF!`.
    Error(String),
    /// A formula whose result the file does not hold.
    Uncomputed,
}

impl Cell {
    /// Text, or [`Cell::Empty`] where there are only blanks.
    pub fn text(text: &str) -> Self {
        if plain(text).is_empty() { Self::Empty } else { Self::Text(text.trim().to_owned()) }
    }

    /// The cell as a person sees it; a whole number has no decimals.
    pub fn shown(&self) -> String {
        match self {
            Self::Empty | Self::Uncomputed => String::new(),
            Self::Number(x) if x.fract() == 0.0 && x.abs() < 9.0e15 => format!("{x:.0}"),
            Self::Number(x) => x.to_string(),
            Self::Text(text) | Self::Error(text) => text.clone(),
        }
    }

    /// The cell reduced for comparison.
    pub fn plain(&self) -> String {
        plain(&self.shown())
    }
}

/// One row with its number.
#[derive(Debug, Clone)]
pub struct Row {
    /// As spreadsheets count; in a text file the line.
    pub number: u32,
    /// Its cells.
    pub cells: Vec<Cell>,
}

impl Row {
    /// The cell in a column; empty beyond the end.
    pub fn cell(&self, column: usize) -> &Cell {
        self.cells.get(column).unwrap_or(&Cell::Empty)
    }

    /// Whether nothing stands in the row.
    pub fn is_blank(&self) -> bool {
        self.cells.iter().all(|cell| *cell == Cell::Empty)
    }
}

/// Cells merged into one: row numbers and columns, both ends included.
#[derive(Debug, Clone, Copy)]
pub struct Merge {
    /// First and last row number.
    pub rows: (u32, u32),
    /// First and last column.
    pub columns: (usize, usize),
}

impl Merge {
    /// Whether the cells span several rows of a column.
    pub fn spans_rows_of(&self, column: usize) -> bool {
        self.rows.1 > self.rows.0 && (self.columns.0..=self.columns.1).contains(&column)
    }

    /// Whether a row is among them.
    pub fn has_row(&self, number: u32) -> bool {
        (self.rows.0..=self.rows.1).contains(&number)
    }
}

/// A sheet.
#[derive(Debug, Clone)]
pub struct Grid {
    /// The file, and the sheet where there are several.
    pub source: String,
    /// Its rows, in order.
    pub rows: Vec<Row>,
    /// Merged cells.
    pub merges: Vec<Merge>,
    /// Numbers and text are told apart by the file; not so in a text file.
    pub typed: bool,
    /// The encoding, where a text file is not in UTF-8.
    pub encoding: Option<&'static str>,
}
