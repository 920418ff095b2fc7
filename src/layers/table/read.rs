//! Opening a table: what kind of file it is, which sheet, which delimiter.
//!
//! In: the request. Out: the sheet as cells and where its header is. The kind of file is told by its first bytes, not
//! by its name: workbooks saved under the wrong ending are common.

use std::io::Cursor;
use std::path::Path;

use calamine::{Data, Dimensions, Range, Reader, SheetType, Sheets, open_workbook_auto_from_rs};

use super::error::TableError;
use super::grid::{Cell, Grid, Merge, Row};
use super::spelling::plain;
use crate::nearest::nearest;

/// First bytes of a zip (xlsx, xlsb, ods) and of an OLE file (xls).
const WORKBOOKS: [&[u8]; 2] = [b"PK\x03\x04", b"\xD0\xCF\x11\xE0"];
/// Delimiters tried on a text file, the commonest first.
const DELIMITERS: [u8; 3] = [b',', b';', b'\t'];

/// Opens the table of a file, of a sheet where one is named, and finds its header.
pub fn open<H>(file: &Path, sheet: Option<&str>, find: &Find<'_, H>) -> Result<(Grid, H), TableError> {
    let shown = name_of(file);
    let bytes = std::fs::read(file)
        .map_err(|cause| TableError::Unreadable { file: shown.clone(), cause: cause.to_string() })?;
    if WORKBOOKS.iter().any(|magic| bytes.starts_with(magic)) {
        from_workbook(shown, bytes, sheet, find)
    } else {
        from_text(shown, &bytes, find)
    }
}

/// Finds the header of a sheet.
type Find<'a, H> = dyn Fn(&Grid) -> Result<H, TableError> + 'a;

fn name_of(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}

type Workbook = Sheets<Cursor<Vec<u8>>>;

fn from_workbook<H>(
    file: String,
    bytes: Vec<u8>,
    wanted: Option<&str>,
    find: &Find<'_, H>,
) -> Result<(Grid, H), TableError> {
    let broken =
        |cause: calamine::Error| TableError::NotATable { file: file.clone(), cause: cause.to_string() };
    let mut book = open_workbook_auto_from_rs(Cursor::new(bytes)).map_err(broken)?;
    let metadata = book.sheets_metadata().iter();
    let names: Vec<String> =
        metadata.filter(|sheet| sheet.typ == SheetType::WorkSheet).map(|sheet| sheet.name.clone()).collect();
    let wanted = wanted.map(|wanted| named_sheet(&file, &names, wanted)).transpose()?;
    let mut found = Vec::new();
    let mut first_miss = None;
    for name in names.iter().filter(|name| wanted.is_none_or(|wanted| wanted == *name)) {
        let source = if names.len() > 1 { format!("{file}[{name}]") } else { file.clone() };
        let grid = sheet(&mut book, name, source).map_err(broken)?;
        match find(&grid) {
            Ok(header) => found.push((name.clone(), grid, header)),
            Err(miss) => _ = first_miss.get_or_insert(miss),
        }
    }
    if found.len() > 1 {
        return Err(TableError::SheetNotNamed {
            file,
            sheets: found.into_iter().map(|(name, ..)| name).collect(),
        });
    }
    let empty = || TableError::NotATable { file: file.clone(), cause: "it has no sheet".to_owned() };
    found.pop().map(|(_, grid, header)| (grid, header)).ok_or_else(|| first_miss.unwrap_or_else(empty))
}

fn named_sheet<'a>(file: &str, names: &'a [String], wanted: &str) -> Result<&'a String, TableError> {
    let alike = |name: &&String| plain(name) == plain(wanted);
    names.iter().find(|name| *name == wanted).or_else(|| names.iter().find(alike)).ok_or_else(|| {
        TableError::SheetMissing {
            file: file.to_owned(),
            sheet: wanted.to_owned(),
            sheets: names.to_vec(),
            meant: nearest(wanted, names.iter().map(String::as_str)).map(str::to_owned),
        }
    })
}

fn sheet(book: &mut Workbook, name: &str, source: String) -> Result<Grid, calamine::Error> {
    let range = book.worksheet_range(name)?;
    let formulas = book.worksheet_formula(name).unwrap_or_else(|_| Range::empty());
    let (top, left) = range.start().unwrap_or_default();
    let rows = range.rows().zip(top..).map(|(cells, row)| {
        let computed = |(data, column): (&Data, u32)| match cell(data) {
            Cell::Empty
                if formulas.get_value((row, column)).is_some_and(|f| !f.is_empty())
                    && *data == Data::Empty =>
            {
                Cell::Uncomputed
            }
            cell => cell,
        };
        Row { number: row.saturating_add(1), cells: cells.iter().zip(left..).map(computed).collect() }
    });
    let merges = merged(book, name).iter().filter_map(|merged| merge(merged, left)).collect();
    Ok(Grid { source, rows: rows.collect(), merges, typed: true, encoding: None })
}

fn cell(data: &Data) -> Cell {
    match data {
        Data::Empty => Cell::Empty,
        Data::Int(number) => Cell::Number(*number as f64),
        Data::Float(number) if number.is_finite() => Cell::Number(*number),
        Data::Error(error) => Cell::Error(error.to_string()),
        Data::DateTime(moment) if moment.is_datetime() => {
            let (year, month, day, ..) = moment.to_ymd_hms_milli();
            Cell::Text(format!("{year:04}-{month:02}-{day:02}"))
        }
        other => Cell::text(&other.to_string()),
    }
}

/// Merged cells, from the formats that tell of them.
fn merged(book: &mut Workbook, name: &str) -> Vec<Dimensions> {
    match book {
        Sheets::Xlsx(book) => book.merge_cells_by_sheet_name(name).unwrap_or_default(),
        Sheets::Xls(book) => book.merge_cells_by_sheet_name(name).unwrap_or_default(),
        _ => Vec::new(),
    }
}

fn merge(merged: &Dimensions, left: u32) -> Option<Merge> {
    let column = |column: u32| usize::try_from(column.checked_sub(left)?).ok();
    Some(Merge {
        rows: (merged.start.0.checked_add(1)?, merged.end.0.checked_add(1)?),
        columns: (column(merged.start.1)?, column(merged.end.1)?),
    })
}

fn from_text<H>(file: String, bytes: &[u8], find: &Find<'_, H>) -> Result<(Grid, H), TableError> {
    let (text, encoding) = decoded(&file, bytes)?;
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let start = text.trim_start().get(..1).unwrap_or_default();
    if start == "<" || text.contains('\0') {
        let cause = if start == "<" { "it is a web page or XML" } else { "it holds binary data" };
        return Err(TableError::NotATable { file, cause: cause.to_owned() });
    }
    let mut first_miss: Option<(usize, TableError)> = None;
    for delimiter in DELIMITERS {
        let grid = Grid { encoding, ..split(&file, &text, delimiter)? };
        match find(&grid) {
            Err(miss @ TableError::ColumnMissing { .. }) => {
                let cells = grid.rows.iter().map(|row| row.cells.len()).sum();
                if first_miss.as_ref().is_none_or(|(most, _)| cells > *most) {
                    first_miss = Some((cells, miss));
                }
            }
            other => return other.map(|header| (grid, header)),
        }
    }
    let empty = || TableError::NotATable { file, cause: "it is empty".to_owned() };
    Err(first_miss.map_or_else(empty, |(_, miss)| miss))
}

/// The text and, where it is not UTF-8, the name of its encoding.
fn decoded(file: &str, bytes: &[u8]) -> Result<(String, Option<&'static str>), TableError> {
    if let Some((encoding, mark)) = encoding_rs::Encoding::for_bom(bytes) {
        let (text, damaged) = encoding.decode_without_bom_handling(bytes.get(mark..).unwrap_or_default());
        let other = (encoding != encoding_rs::UTF_8).then(|| encoding.name());
        return if damaged { Err(undecodable(file, bytes)) } else { Ok((text.into_owned(), other)) };
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok((text.to_owned(), None));
    }
    match encoding_rs::GB18030.decode_without_bom_handling(bytes) {
        (text, false) => Ok((text.into_owned(), Some("GB18030"))),
        (_, true) => Err(undecodable(file, bytes)),
    }
}

fn undecodable(file: &str, bytes: &[u8]) -> TableError {
    let sound = std::str::from_utf8(bytes).err().map_or(0, |error| error.valid_up_to());
    let line = bytes.iter().take(sound).filter(|byte| **byte == b'\n').count() + 1;
    TableError::Encoding { file: file.to_owned(), line }
}

fn split(file: &str, text: &str, delimiter: u8) -> Result<Grid, TableError> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text.as_bytes());
    let mut rows = Vec::new();
    for record in reader.records() {
        let record =
            record.map_err(|e| TableError::NotATable { file: file.to_owned(), cause: e.to_string() })?;
        let line = record.position().map_or(0, csv::Position::line);
        let cells = record.iter().map(|field| Cell::text(unwrapped(field))).collect();
        rows.push(Row { number: u32::try_from(line).unwrap_or(u32::MAX), cells });
    }
    Ok(Grid { source: file.to_owned(), rows, merges: Vec::new(), typed: false, encoding: None })
}

/// `="441624100"`, which keeps spreadsheets from reading a code as a number, without its wrapping.
fn unwrapped(field: &str) -> &str {
    field.trim().strip_prefix("=\"").and_then(|field| field.strip_suffix('"')).unwrap_or(field)
}
