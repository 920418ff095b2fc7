//! The arguments of `sencheng zonal`.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum};

use crate::analysis::CellRule;
use crate::analysis::zonal::Share;
use crate::cli::args::{AreaChoice, Effort};
use crate::outputs::zonal::Statistic;

#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("ask").args(["classes", "condition", "stats"]))]
pub struct Zonal {
    /// Polygon layer of zones, such as towns (分区图层)
    #[arg(long, value_name = "FILE")]
    pub zones: PathBuf,
    /// Layer inside the zones file, where it has several
    #[arg(long, value_name = "NAME")]
    pub zones_layer: Option<String>,
    /// Field of the zones' code
    #[arg(long, value_name = "FIELD")]
    pub zone_id: String,
    /// Take features with one code together as one zone
    #[arg(long)]
    pub merge_zones: bool,
    /// CRS of the zones, over what the file says
    #[arg(long, value_name = "CRS")]
    pub zones_crs: Option<String>,
    /// Where datums differ, take longitudes and latitudes as they are
    #[arg(long, value_name = "none", value_parser = ["none"])]
    pub datum_shift: Option<String>,
    /// Raster (栅格); several, one after another, are measured over the same zones
    #[arg(long, value_name = "FILE", required = true, num_args = 1..)]
    pub raster: Vec<PathBuf>,
    /// Band of the rasters (波段), from 1
    #[arg(long, value_name = "N")]
    pub band: Option<usize>,
    /// CRS of the rasters, where the files say none
    #[arg(long, value_name = "CRS")]
    pub raster_crs: Option<String>,
    /// Areas by value, the default (按像元值分类)
    #[arg(long)]
    pub classes: bool,
    /// Area for which this holds, such as 'value >= 2', and for which it does not (条件)
    #[arg(long = "where", value_name = "EXPR")]
    pub condition: Option<String>,
    /// Statistics of the values, weighted by the fraction of each cell (统计量); by commas
    #[arg(long, value_name = "LIST", value_delimiter = ',', value_parser = statistics())]
    pub stats: Vec<Statistic>,
    /// A raster of weights on the same grid, for --stats (权重)
    #[arg(long, value_name = "FILE", requires = "stats")]
    pub weights: Option<PathBuf>,
    /// Whether cells at a border count by their fraction, or whole where their centre is inside
    #[arg(long, value_enum, default_value = "exact")]
    pub pixel: PixelChoice,
    /// Which area
    #[arg(long, value_enum, default_value = "ellipsoid")]
    pub area: AreaChoice,
    #[command(flatten)]
    pub effort: Effort,
    /// Form of the output; default by the ending of -o, else CSV
    #[arg(long, value_enum)]
    pub format: Option<ZonalFormat>,
    /// Write to this file instead of the terminal
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Read only part K of N, some rows of the rasters, and write a partial, for sencheng merge (分块计算)
    #[arg(long, value_name = "K/N", value_parser = share, requires = "output", conflicts_with = "format")]
    pub part: Option<Share>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ZonalFormat {
    /// zone,class,area_m2,share_pct,cells; or zone and the statistics. With several rasters, their names before
    Csv,
    /// With plane areas, balances and findings
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum PixelChoice {
    /// By the fraction that is covered (精确比例)
    Exact,
    /// Whole, by its centre (中心点)
    Center,
}

impl From<PixelChoice> for CellRule {
    fn from(choice: PixelChoice) -> Self {
        match choice {
            PixelChoice::Exact => CellRule::Exact,
            PixelChoice::Center => CellRule::Centre,
        }
    }
}

/// A part of so many, such as `2/8`.
fn share(text: &str) -> Result<Share, String> {
    let share = text.split_once('/').and_then(|(number, of)| {
        let share = Share { number: number.trim().parse().ok()?, of: of.trim().parse().ok()? };
        (1..=share.of).contains(&share.number).then_some(share)
    });
    share.ok_or_else(|| "write K/N with K from 1 to N, such as 2/8 (写成 2/8 这样的形式)".to_owned())
}

/// The statistics by name.
fn statistics() -> impl TypedValueParser<Value = Statistic> {
    let names = Statistic::ALL.map(Statistic::name);
    PossibleValuesParser::new(names).map(|name| {
        let named = Statistic::ALL.into_iter().find(|statistic| statistic.name() == name);
        named.unwrap_or(Statistic::Area)
    })
}
