//! Why a raster could not be used: always with the file, the cause and the cure.

use thiserror::Error;

use crate::words;
use crate::words::{Explain, Words, foreign};

/// What stops a run at the door of a raster, or while it is read.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum RasterError {
    /// The file is there, but cannot be read as a raster.
    #[error("{file}: cannot be opened as a raster: {cause}")]
    CannotOpen { file: String, cause: String },
    /// A layout that only GDAL reads, in a build without it.
    #[error("{file}: this build of the program does not read it ({reason}): it needs the feature \"gdal\"")]
    NeedsGdal { file: String, reason: String },
    /// A band was named that is not there.
    #[error("{file}: has no band {band}; it has {bands}")]
    NoBand { file: String, band: usize, bands: usize },
    /// An expression names a band that nobody knows.
    #[error("{file}: no band is called \"{name}\"")]
    NoBandCalled { file: String, name: String },
    /// An expression names the band of transparency.
    #[error("{file}: the band called \"{name}\" holds transparency (alpha), not light")]
    Transparency { file: String, name: String },
    /// All values are alike, so nothing parts them.
    #[error("{file}: its values are not of two kinds, so no threshold parts them")]
    OneKind { file: String },
    /// Complex numbers are no classes, heights or indices.
    #[error("{file}: band {band} holds complex numbers")]
    Complex { file: String, band: usize },
    /// Nothing says where its cells lie.
    #[error("{file}: nothing says where it lies (no geotransform)")]
    NotPlaced { file: String },
    /// Its cells have no area, or lie nowhere.
    #[error("{file}: its geotransform {transform:?} gives cells no size")]
    BadTransform { file: String, transform: [f64; 6] },
    /// What the header says cannot be in a file of that size.
    #[error("{file}: is damaged: {cause}")]
    Damaged { file: String, cause: Words },
    /// One stored block is too large to be held in memory.
    #[error("{file}: is stored in blocks of {} MiB each", bytes >> 20)]
    BlockTooLarge { file: String, bytes: u64 },
    /// Reading broke off.
    #[error("{file}: columns {} to {}, rows {} to {} cannot be read: {cause}", window.0[0], window.0[0] + window.1[0], window.0[1], window.0[1] + window.1[1])]
    BrokeOff { file: String, window: ([usize; 2], [usize; 2]), cause: String },
    /// A class raster holds a number that is no code of a class.
    #[error("{file}: holds {value}, which is no class: classes are whole numbers")]
    NoClass { file: String, value: f64 },
    /// So many different values are no classes.
    #[error("{file}: holds more than {most} different values; these are no classes")]
    TooManyClasses { file: String, most: usize },
    /// A sheet of a mosaic does not fit the first.
    #[error("{sheet}: does not fit the first sheet, {first}: {what}")]
    SheetsDiffer { sheet: String, first: String, what: Words },
}

impl Explain for RasterError {
    fn code(&self) -> &'static str {
        match self {
            Self::CannotOpen { .. } => "raster-cannot-open",
            Self::NeedsGdal { .. } => "raster-needs-gdal",
            Self::NoBand { .. } | Self::NoBandCalled { .. } => "band-unknown",
            Self::Transparency { .. } => "band-transparency",
            Self::OneKind { .. } => "raster-one-kind",
            Self::Complex { .. } => "raster-complex",
            Self::NotPlaced { .. } => "raster-not-placed",
            Self::BadTransform { .. } => "raster-transform",
            Self::Damaged { .. } => "raster-damaged",
            Self::BlockTooLarge { .. } => "raster-block-too-large",
            Self::BrokeOff { .. } => "raster-broke-off",
            Self::NoClass { .. } | Self::TooManyClasses { .. } => "raster-no-classes",
            Self::SheetsDiffer { .. } => "raster-sheets-differ",
        }
    }

    fn sentence(&self) -> Words {
        Words::new(self.to_string(), self.zh())
    }

    fn cure(&self) -> Option<Words> {
        Some(match self {
            Self::CannotOpen { .. } => words!(
                "give a GeoTIFF, or another raster that GDAL reads; check that all parts of the file are there",
                "请提供 GeoTIFF 或 GDAL 支持的其他栅格；并检查文件是否齐全"
            ),
            Self::NeedsGdal { .. } => words!(
                "save the raster as a GeoTIFF with deflate, LZW, zstd or no compression, or build the program with GDAL: cargo build --release --features gdal",
                "请将栅格另存为 GeoTIFF（deflate、LZW、zstd 压缩或不压缩），或编译带 GDAL 的版本：cargo build --release --features gdal"
            ),
            Self::NoBand { bands, .. } => {
                words!("name a band from 1 to {bands}", "请指定 1 至 {bands} 之间的波段")
            }
            Self::NoBandCalled { .. } => words!(
                "say which it is: bands = {{ nir = 4, red = 3 }}, or write b1, b2, … by number; a picture without an infrared band has no NDVI: take an index of visible light, such as (green - red) / (green + red)",
                "请写明波段：bands = {{ nir = 4, red = 3 }}，或按序号写 b1、b2……；没有红外波段的影像不能计算 NDVI：可改用可见光指数，如 (green - red) / (green + red)"
            ),
            Self::Transparency { .. } => words!(
                "name a band of light; NDVI needs an infrared one",
                "请改用影像波段；NDVI 需要红外波段"
            ),
            Self::OneKind { .. } => words!(
                "write a number, such as at_least = 0.3; and check the band and its value for no data",
                "请写数值，如 at_least = 0.3；并检查波段与无数据值"
            ),
            Self::Complex { .. } => {
                words!("take another band, or its real part, in a GIS", "请改用其他波段，或在 GIS 中取其实部")
            }
            Self::NotPlaced { .. } => words!(
                "georeference it in a GIS and save it as a GeoTIFF; ground control points must be applied (gdalwarp)",
                "请在 GIS 中配准后另存为 GeoTIFF；仅有控制点的须先纠正（gdalwarp）"
            ),
            Self::BadTransform { .. } => words!(
                "georeference it anew in a GIS: gdal_edit.py -a_ullr west north east south",
                "请在 GIS 中重新配准：gdal_edit.py -a_ullr 西 北 东 南"
            ),
            Self::Damaged { .. } | Self::BrokeOff { .. } => words!(
                "the file may be cut off; copy it again from its origin",
                "文件可能不完整；请从来源重新拷贝"
            ),
            Self::BlockTooLarge { .. } => words!(
                "store it in tiles: gdal_translate -co TILED=YES -co COMPRESS=DEFLATE IN OUT",
                "请改为分块存储：gdal_translate -co TILED=YES -co COMPRESS=DEFLATE 输入 输出"
            ),
            Self::NoClass { .. } | Self::TooManyClasses { .. } => words!(
                "a raster of heights or of an index takes a threshold: kind = \"chm\" or kind = \"index\", and at_least = …",
                "高度或指数栅格须给出阈值：kind = \"chm\" 或 kind = \"index\"，并写 at_least = …"
            ),
            Self::SheetsDiffer { .. } => words!(
                "bring all sheets into one CRS and onto one grid of cells (gdalwarp -tap -tr …), or leave this one out of the pattern",
                "请将所有分幅统一到同一坐标系和同一像元格网（gdalwarp -tap -tr …），或不要把它列入通配符"
            ),
        })
    }
}

impl RasterError {
    fn zh(&self) -> String {
        match self {
            Self::CannotOpen { file, cause } => format!("{file}：无法作为栅格打开：{}", foreign(cause)),
            Self::NeedsGdal { file, reason } => {
                format!("{file}：本程序的精简版不能读取：需要 gdal 功能；{}", foreign(reason))
            }
            Self::NoBand { file, band, bands } => format!("{file}：没有第 {band} 波段；共有 {bands} 个"),
            Self::NoBandCalled { file, name } => format!("{file}：没有名为“{name}”的波段"),
            Self::Transparency { file, name } => format!("{file}：波段“{name}”是透明度（alpha），不是影像"),
            Self::OneKind { file } => format!("{file}：数值没有分成两类，无法求阈值"),
            Self::Complex { file, band } => format!("{file}：第 {band} 波段为复数"),
            Self::NotPlaced { file } => format!("{file}：没有位置信息（无地理变换参数）"),
            Self::BadTransform { file, transform } => {
                format!("{file}：地理变换参数 {transform:?} 使像元没有大小")
            }
            Self::Damaged { file, cause } => format!("{file}：文件已损坏：{}", cause.zh),
            Self::NoClass { file, value } => format!("{file}：含有数值 {value}，不是类别代码：类别应为整数"),
            Self::TooManyClasses { file, most } => format!("{file}：不同数值超过 {most} 个，不是类别"),
            Self::BlockTooLarge { file, bytes } => {
                format!("{file}：其存储块每块达 {} MiB", bytes >> 20)
            }
            Self::BrokeOff { file, window: (first, size), cause } => format!(
                "{file}：第 {} 至 {} 列、第 {} 至 {} 行无法读取：{}",
                first[0],
                first[0] + size[0],
                first[1],
                first[1] + size[1],
                foreign(cause)
            ),
            Self::SheetsDiffer { sheet, first, what } => {
                format!("{sheet}：与第一幅 {first} 不一致：{}", what.zh)
            }
        }
    }
}
