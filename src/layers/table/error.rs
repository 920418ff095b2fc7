//! What stops the reading of a table.

use std::fmt;

use thiserror::Error;

use super::PeopleUnit;
use crate::finding::listed;
use crate::nearest::{choice, suggestion};
use crate::words;
use crate::words::{Words, foreign};

/// Why a table cannot be used. What is wrong with a single value is a finding instead.
#[derive(Debug, Error)]
#[allow(missing_docs)] // The fields are what the sentences name.
pub enum TableError {
    /// The file cannot be opened or read.
    Unreadable { file: String, cause: String },
    /// The file is no workbook and no text.
    NotATable { file: String, cause: String },
    /// The text is neither UTF-8 nor GB18030.
    Encoding { file: String, line: usize },
    /// The named sheet is not there.
    SheetMissing { file: String, sheet: String, sheets: Vec<String>, meant: Option<String> },
    /// Several sheets have both columns and none is named.
    SheetNotNamed { file: String, sheets: Vec<String> },
    /// No row of the table has the name of a column.
    ColumnMissing { file: String, column: String, columns: Vec<String>, meant: Option<String> },
    /// The header has a name more than once.
    ColumnTwice { file: String, column: String, row: u32 },
    /// A unit written in the table contradicts the declared one.
    UnitContradicted { file: String, row: u32, text: String, stated: PeopleUnit, declared: PeopleUnit },
    /// Keys that stand in several rows.
    KeyRepeated { file: String, keys: Vec<(String, Vec<u32>)> },
}

impl TableError {
    /// Stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } => "table-unreadable",
            Self::NotATable { .. } => "not-a-table",
            Self::Encoding { .. } => "table-encoding-unknown",
            Self::SheetMissing { .. } => "sheet-missing",
            Self::SheetNotNamed { .. } => "sheet-not-named",
            Self::ColumnMissing { .. } => "column-missing",
            Self::ColumnTwice { .. } => "column-twice",
            Self::UnitContradicted { .. } => "unit-contradicted",
            Self::KeyRepeated { .. } => "key-repeated",
        }
    }

    /// The sentence in both languages.
    pub fn words(&self) -> Words {
        match self {
            Self::Unreadable { file, cause } => Words::new(
                format!("{file} cannot be read: {cause}"),
                format!("无法读取 {file}：{}", foreign(cause)),
            ),
            Self::NotATable { file, cause } => Words::new(
                format!("{file} is no table: {cause}"),
                format!("{file} 不是表格：{}", foreign(cause)),
            ),
            Self::Encoding { file, line } => words!(
                "{file} is neither UTF-8 nor GB18030 (GBK): see line {line}",
                "{file} 既不是 UTF-8 也不是 GB18030（GBK）编码：见第 {line} 行"
            ),
            Self::SheetMissing { file, sheet, .. } => {
                words!("{file} has no sheet {sheet}", "{file} 中没有工作表 {sheet}")
            }
            Self::SheetNotNamed { file, sheets } => {
                let n = sheets.len();
                words!("{n} sheets of {file} have both columns", "{file} 中有 {n} 个工作表都含有这两列")
            }
            Self::ColumnMissing { file, column, .. } => {
                words!("{file} has no column {column}", "{file} 中没有列 {column}")
            }
            Self::ColumnTwice { file, column, row } => words!(
                "{file}: the header in row {row} has {column} more than once",
                "{file}：第 {row} 行表头中 {column} 出现多次"
            ),
            Self::UnitContradicted { file, row, text, stated, declared } => {
                let (stated, declared) = (stated.name(), declared.name());
                words!(
                    "{file}, row {row}: {text} is in {stated}, but the unit is declared as {declared}",
                    "{file} 第 {row} 行：{text} 的单位是{stated}，而声明的单位是{declared}"
                )
            }
            Self::KeyRepeated { file, keys } => {
                let repeated = repeated(keys);
                words!("{file}: keys in several rows: {repeated}", "{file}：以下键值重复出现：{repeated}")
            }
        }
    }

    /// The sentence in Chinese; `Display` is the English one.
    pub fn zh(&self) -> String {
        self.words().zh
    }

    /// What would cure it.
    pub fn cure(&self) -> Option<Words> {
        match self {
            Self::Unreadable { .. } => Some(words!(
                "check the path, which counts from the project file's folder, and the rights; close the table where another program has it open",
                "请核对路径（从项目文件所在文件夹算起）与权限；若表格在其他程序中打开，请先关闭"
            )),
            Self::NotATable { .. } | Self::Encoding { .. } => {
                Some(words!("save it as xlsx, or as csv in UTF-8", "请另存为 xlsx，或 UTF-8 编码的 csv"))
            }
            Self::SheetMissing { sheets, meant, .. } => choice(meant.as_deref(), sheets),
            Self::SheetNotNamed { sheets, .. } => {
                let sheets = sheets.join(", ");
                Some(words!("name the sheet, one of: {sheets}", "请指定工作表：{sheets}"))
            }
            Self::ColumnMissing { columns, meant, .. } => suggestion(meant.as_deref(), columns),
            Self::ColumnTwice { .. } => {
                Some(words!("give the columns different names", "请为各列取不同的列名"))
            }
            Self::UnitContradicted { stated, .. } => {
                let stated = stated.name();
                Some(words!(
                    "declare unit = \"{stated}\" if all values are in it, or correct the table",
                    "若全部数值均以{stated}为单位，请声明 unit = \"{stated}\"；否则请更正表格"
                ))
            }
            Self::KeyRepeated { .. } => Some(words!(
                "join by code if two places share a name; otherwise remove the row that is wrong",
                "若不同地方同名，请按代码连接；否则请删除错误的行"
            )),
        }
    }
}

impl fmt::Display for TableError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words().en)
    }
}

/// `key (3, 7)`, for the first ten keys.
fn repeated(keys: &[(String, Vec<u32>)]) -> String {
    listed(keys.iter().map(|(key, rows)| format!("{key} ({})", listed(rows))))
}
