//! The sample county as documents: a shapefile of sub-compartments, a GeoPackage of everything else, residents, a
//! project file and a page that says what is invented.
//!
//! In: a [`SampleCounty`]. Out: names and bytes. Same county, same bytes.

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};
use thiserror::Error;

use super::Document;
use super::geopackage::geopackage;
use super::shapefile::shapefile;
use super::vector_file::VectorFileError;
use crate::sample::inventory::Inventory;
use crate::sample::{PRJ, SampleCounty, TownResidents};
use crate::words::{Words, foreign};

/// Why the sample could not be made.
#[derive(Debug, Error)]
pub enum SampleFilesError {
    /// A layer.
    #[error(transparent)]
    Layers(#[from] VectorFileError),
    /// The table of residents.
    #[error("residents.xlsx: {0}")]
    Table(#[from] XlsxError),
}

impl SampleFilesError {
    /// A stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Layers(error) => error.code(),
            Self::Table(_) => "table-not-written",
        }
    }

    /// The Chinese sentence.
    pub fn zh(&self) -> String {
        match self {
            Self::Layers(error) => error.zh(),
            Self::Table(cause) => format!("residents.xlsx：无法写出：{}", foreign(&cause.to_string())),
        }
    }

    /// What would cure it, where the user can.
    pub fn cure(&self) -> Option<Words> {
        match self {
            Self::Layers(error) => error.cure(),
            Self::Table(_) => None,
        }
    }
}

/// The documents of a sample county, by name relative to its folder.
pub fn files(county: &SampleCounty) -> Result<Vec<Document>, SampleFilesError> {
    let mut layers = vec![county.towns.clone()];
    layers.extend(county.places.iter().cloned());
    let mut documents = shapefile("xiaoban", &county.patches, PRJ)?;
    documents.push(geopackage("county", &layers, &county.ways)?);
    documents.push(("residents.xlsx".into(), residents(&county.residents)?));
    documents.push(("inventory.xlsx".into(), inventory(&county.inventory)?));
    documents.push(("project.toml".into(), project(county).into_bytes()));
    documents.push(("README.txt".into(), readme(county).into_bytes()));
    Ok(documents)
}

/// The row, from 0, whose number is stored as text.
const TEXT_ROW: usize = 5;

/// The residents as an office would send them: a title, a header, a total, and one number stored as text.
fn residents(towns: &[TownResidents]) -> Result<Vec<u8>, XlsxError> {
    let mut book = book()?;
    let sheet = book.add_worksheet().set_name("常住人口")?;
    sheet.write(0, 0, "和平县各镇常住人口（示例数据，非真实统计）")?;
    for (column, title) in ["行政区划代码", "乡镇", "常住人口（人）"].into_iter().enumerate() {
        sheet.write(1, column as u16, title)?;
    }
    let mut row = 2;
    for (k, town) in towns.iter().enumerate() {
        sheet.write(row, 0, town.code)?.write(row, 1, town.name)?;
        match k {
            TEXT_ROW => sheet.write(row, 2, town.persons.to_string())?,
            _ => sheet.write(row, 2, town.persons)?,
        };
        row += 1;
    }
    sheet.write(row, 0, "合计")?.write(row, 2, towns.iter().map(|town| town.persons).sum::<u32>())?;
    book.save_to_buffer()
}

/// A workbook whose date does not change from run to run.
fn book() -> Result<Workbook, XlsxError> {
    let mut book = Workbook::new();
    let written = ExcelDateTime::from_ymd(2000, 1, 1)?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&written));
    Ok(book)
}

/// What an office counts, a sheet each.
fn inventory(inventory: &Inventory) -> Result<Vec<u8>, XlsxError> {
    let mut book = book()?;
    let mut sheet = |name: &str, titles: &[&str], rows: Vec<Vec<Cell<'_>>>| -> Result<(), XlsxError> {
        let sheet = book.add_worksheet().set_name(name)?;
        for (column, title) in titles.iter().enumerate() {
            sheet.write(0, column as u16, *title)?;
        }
        for (row, cells) in rows.iter().enumerate() {
            for (column, cell) in cells.iter().enumerate() {
                let (row, column) = (row as u32 + 1, column as u16);
                match cell {
                    Cell::Text(text) => sheet.write(row, column, *text)?,
                    Cell::Number(number) => sheet.write(row, column, *number)?,
                };
            }
        }
        Ok(())
    };
    let species = inventory.species.iter().map(|(name, n)| vec![Cell::Text(name), Cell::Number(*n)]);
    sheet("城区树种", &["树种", "株数"], species.collect())?;
    let old_trees = inventory.old_trees.iter().map(|(tag, species, town, protected)| {
        let state = if *protected { "已挂牌" } else { "未挂牌" };
        vec![Cell::Text(tag), Cell::Text(species), Cell::Text(town), Cell::Text(state)]
    });
    sheet("古树名木", &["编号", "树种", "乡镇", "保护状况"], old_trees.collect())?;
    let towns = inventory.town_parks.iter().map(|(name, n)| vec![Cell::Text(name), Cell::Number(*n)]);
    sheet("乡镇公园", &["乡镇", "休闲公园"], towns.collect())?;
    let villages = inventory.village_greens.iter();
    let villages = villages.map(|(code, name, n)| vec![Cell::Text(code), Cell::Text(name), Cell::Number(*n)]);
    sheet("村庄绿地", &["村代码", "村", "休闲绿地"], villages.collect())?;
    book.save_to_buffer()
}

/// A cell of a table.
enum Cell<'a> {
    Text(&'a str),
    Number(u32),
}

fn project(county: &SampleCounty) -> String {
    include_str!("sample/project.toml").replace("{urban_residents}", &county.urban_residents.to_string())
}

fn readme(county: &SampleCounty) -> String {
    include_str!("sample/README.txt")
        .replace("{seed}", &county.seed.to_string())
        .replace("{patches}", &county.patches.features.len().to_string())
}
