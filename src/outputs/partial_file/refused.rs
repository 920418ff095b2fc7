//! Why a partial is refused, for people.

use thiserror::Error;

use crate::outputs::partial_file::{Kind, TermKind};
use crate::words;
use crate::words::{Words, foreign};

/// Most places named in one message; the rest is counted.
const MOST_NAMED: usize = 10;

/// Why a partial cannot be read, or partials do not make one.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Refused {
    /// Not a partial at all.
    #[error("{file}: is not a partial of sencheng")]
    NotOne {
        /// Which.
        file: String,
    },
    /// Written by a program with another form of partials.
    #[error("{file}: is a partial of form {form}, which this version does not read")]
    OtherForm {
        /// Which.
        file: String,
        /// Its form.
        form: u32,
    },
    /// Of rasters where a project's is wanted, or the other way round.
    #[error("{file}: is a partial of {}", what(*kind).en)]
    OtherKind {
        /// Which.
        file: String,
        /// What it is of.
        kind: Kind,
    },
    /// Its end is missing.
    #[error("{file}: is cut off: {bytes} bytes{}", of_announced(*announced))]
    CutOff {
        /// Which.
        file: String,
        /// How long it is.
        bytes: u64,
        /// How long it says it is.
        announced: Option<u64>,
    },
    /// Its content is not what was written.
    #[error("{file}: is damaged: its digest does not fit its content")]
    Damaged {
        /// Which.
        file: String,
    },
    /// It rests on other terms.
    #[error("{file} and {other} differ in {}: {key} is {} in the one and {} in the other", kind_words(*kind).en, said(&values[0], "absent"), said(&values[1], "absent"))]
    Terms {
        /// What is compared with.
        file: String,
        /// What differs.
        other: String,
        /// The kind of term.
        kind: TermKind,
        /// Which.
        key: String,
        /// Of the first and of the other, where they have it.
        values: [Option<String>; 2],
    },
    /// Two partials say different things of one tile.
    #[error("{file} and {other} both hold tile {} {}, and differ in it", tile.0, tile.1)]
    Overlap {
        /// One.
        file: String,
        /// The other.
        other: String,
        /// Column and row.
        tile: (i64, i64),
    },
    /// Two partials say different things of the same rows of a raster.
    #[error("{file} and {other} both hold rows {} to {}, and differ in them", rows[0], rows[1])]
    OverlapRows {
        /// One.
        file: String,
        /// The other.
        other: String,
        /// The first row, and the one after the last.
        rows: [u32; 2],
    },
    /// Rows of a raster are missing from the whole.
    #[error("{raster}: rows {} are missing", some(rows))]
    MissingRows {
        /// Which.
        raster: String,
        /// From where to where.
        rows: Vec<String>,
    },
    /// Their covers read differently although all terms are the same.
    #[error("{file} and {other}: the same layers gave different features")]
    Foreign {
        /// One.
        file: String,
        /// The other.
        other: String,
    },
    /// Some hold tiles, others towns, and neither are all.
    #[error("{file} and {other}: tiles and towns are merged only when one of them is whole")]
    Mixed {
        /// One.
        file: String,
        /// The other.
        other: String,
    },
    /// Something is missing from the whole.
    #[error("{} of {all} parts are missing: {}", missing.len(), some(missing))]
    Missing {
        /// What, as it is written in a list of tiles or towns.
        missing: Vec<String>,
        /// How many there are in all.
        all: usize,
    },
    /// A list of tiles or towns is not one.
    #[error("{file}, line {line}: {}", what.en)]
    List {
        /// Which.
        file: String,
        /// Where.
        line: usize,
        /// What is wrong.
        what: Words,
    },
    /// It could not be made into bytes.
    #[error("the partial could not be written: {0}")]
    NotWritten(String),
}

fn of_announced(announced: Option<u64>) -> String {
    announced.map_or(String::new(), |all| format!(" of {all}"))
}

/// A value, cut short where it is long, as that of a CRS is.
fn said(value: &Option<String>, absent: &str) -> String {
    const MOST: usize = 80;
    let value = value.as_deref().unwrap_or(absent);
    if value.chars().count() <= MOST {
        value.to_owned()
    } else {
        value.chars().take(MOST).chain(['…']).collect()
    }
}

fn some(missing: &[String]) -> String {
    let more = if missing.len() > MOST_NAMED { ", …" } else { "" };
    format!("{}{more}", missing[..missing.len().min(MOST_NAMED)].join(", "))
}

fn what(kind: Kind) -> Words {
    match kind {
        Kind::Project => words!("a project", "项目"),
        Kind::Zonal => words!("rasters over zones", "分区栅格统计"),
    }
}

fn kind_words(kind: TermKind) -> Words {
    match kind {
        TermKind::Program => words!("the version of the program", "程序版本"),
        TermKind::Setting => words!("a setting", "设置"),
        TermKind::Rules => words!("the rules", "标准数据"),
        TermKind::Input => words!("an input file", "输入文件"),
        TermKind::Crs => words!("the CRS", "坐标系"),
        TermKind::Ground => words!("the prepared zones", "整理后的分区"),
    }
}

impl Refused {
    /// A stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotOne { .. } => "partial-not-one",
            Self::OtherForm { .. } => "partial-form",
            Self::OtherKind { .. } => "partial-kind",
            Self::CutOff { .. } => "partial-cut-off",
            Self::Damaged { .. } => "partial-damaged",
            Self::Terms { kind, .. } => match kind {
                TermKind::Program => "partial-version",
                TermKind::Setting => "partial-settings",
                TermKind::Rules => "partial-rules",
                TermKind::Input => "partial-inputs",
                TermKind::Crs => "partial-crs",
                TermKind::Ground => "partial-zones",
            },
            Self::Overlap { .. } | Self::OverlapRows { .. } => "partial-overlap",
            Self::Foreign { .. } => "partial-foreign",
            Self::Mixed { .. } => "partial-mixed",
            Self::Missing { .. } | Self::MissingRows { .. } => "partial-missing",
            Self::List { .. } => "tile-list",
            Self::NotWritten(_) => "partial-not-written",
        }
    }

    /// The Chinese sentence.
    pub fn zh(&self) -> String {
        match self {
            Self::NotOne { file } => format!("{file}：不是 sencheng 的分块结果"),
            Self::OtherForm { file, form } => format!("{file}：分块结果格式为 {form}，本版本无法读取"),
            Self::OtherKind { file, kind } => format!("{file}：是{}的分块结果", what(*kind).zh),
            Self::OverlapRows { file, other, rows } => {
                format!("{file} 与 {other} 都含第 {} 至 {} 行，但内容不同", rows[0], rows[1])
            }
            Self::MissingRows { raster, rows } => format!("{raster}：缺少第 {} 行", some(rows)),
            Self::CutOff { file, bytes, announced } => {
                let all = announced.map_or(String::new(), |all| format!("（应为 {all} 字节）"));
                format!("{file}：文件不完整，只有 {bytes} 字节{all}")
            }
            Self::Damaged { file } => format!("{file}：文件已损坏，摘要与内容不符"),
            Self::Terms { file, other, kind, key, values } => format!(
                "{file} 与 {other} 的{}不同：{key} 分别为 {} 和 {}",
                kind_words(*kind).zh,
                said(&values[0], "无"),
                said(&values[1], "无")
            ),
            Self::Overlap { file, other, tile } => {
                format!("{file} 与 {other} 都含分块 {} {}，但内容不同", tile.0, tile.1)
            }
            Self::Foreign { file, other } => format!("{file} 与 {other}：同样的图层读出了不同的要素"),
            Self::Mixed { file, other } => {
                format!("{file} 与 {other}：按块与按乡镇的结果，须其中一种齐全才能合并")
            }
            Self::Missing { missing, all } => {
                format!("共 {all} 份，缺少 {} 份：{}", missing.len(), some(missing))
            }
            Self::List { file, line, what } => format!("{file} 第 {line} 行：{}", what.zh),
            Self::NotWritten(cause) => format!("分块结果无法写出：{}", foreign(cause)),
        }
    }

    /// What would cure it.
    pub fn cure(&self) -> Option<Words> {
        let cure = match self {
            Self::NotOne { .. } => {
                words!(
                    "give files that sencheng partial or sencheng zonal --part wrote",
                    "请给出由 sencheng partial 或 sencheng zonal --part 写出的文件"
                )
            }
            Self::OtherForm { .. } => {
                words!("use one version of the program on all machines", "请在所有机器上使用同一版本")
            }
            Self::OtherKind { kind, .. } => match kind {
                Kind::Project => words!(
                    "merge it with partials of its project, with --project and --out, or -o",
                    "请与同一项目的分块合并，并给出 --project 与 --out，或 -o"
                ),
                Kind::Zonal => words!(
                    "merge it with partials of the same rasters, with --table, or -o",
                    "请与同一栅格的分块合并，并给出 --table，或 -o"
                ),
            },
            Self::MissingRows { .. } => words!(
                "make the missing parts, sencheng zonal … --part K/N, and merge all of them",
                "请用 sencheng zonal … --part K/N 补齐缺少的部分后再合并"
            ),
            Self::CutOff { .. } | Self::Damaged { .. } => {
                words!("copy the file again, or make it again", "请重新复制该文件，或重新计算")
            }
            Self::Terms { kind, .. } => match kind {
                TermKind::Program => words!(
                    "make all partials with one version of the program",
                    "请用同一版本的程序计算全部分块"
                ),
                TermKind::Setting => words!(
                    "make all partials from one project file, or of the same rasters, with the same flags, and merge with the same",
                    "请用同一项目文件（或同样的栅格）与相同参数计算全部分块，合并时亦同"
                ),
                TermKind::Rules => words!(
                    "make all partials with the same rule files and confirmations",
                    "请用同样的标准文件与核定记录计算全部分块"
                ),
                TermKind::Input => words!(
                    "copy the layers again, so that all machines have the same bytes",
                    "请重新复制图层，使各机器上的数据逐字节一致"
                ),
                TermKind::Crs | TermKind::Ground => words!(
                    "use the same versions of GDAL and PROJ on all machines",
                    "请在所有机器上使用相同版本的 GDAL 与 PROJ"
                ),
            },
            Self::Overlap { .. } | Self::OverlapRows { .. } | Self::Foreign { .. } => words!(
                "make both again; if they still differ, please report it",
                "请重新计算这两份；若仍不同，请报告此问题"
            ),
            Self::Mixed { .. } => {
                words!("split the work by tiles or by towns, not by both", "请只按块或只按乡镇划分")
            }
            Self::Missing { .. } => words!(
                "make the missing partials and merge all of them; sencheng partial --list-tiles and --list-towns name them",
                "请补齐缺少的分块后再合并；sencheng partial --list-tiles 与 --list-towns 可列出全部"
            ),
            Self::List { .. } => words!(
                "take lines from sencheng partial PROJECT --list-tiles or --list-towns",
                "请取用 sencheng partial 项目 --list-tiles 或 --list-towns 输出的行"
            ),
            Self::NotWritten(_) => return None,
        };
        Some(cure)
    }
}
