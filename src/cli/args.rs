//! The command line.

use std::path::PathBuf;

use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};

pub use crate::cli::zonal_args::Zonal;
use crate::project::settings::AreaKind;
use crate::words::Lang;

/// The version, and which build it is.
#[cfg(feature = "gdal")]
const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), " (with GDAL)");
#[cfg(not(feature = "gdal"))]
const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), " (lean: without GDAL)");

/// What this build reads.
#[cfg(feature = "gdal")]
const BUILD: &str = "This build has GDAL: it reads every format and coordinate system that GDAL knows.";
#[cfg(not(feature = "gdal"))]
const BUILD: &str = "This is the lean build: Shapefile, GeoPackage, FlatGeobuf, GeoParquet, GeoJSON; other formats and \
                     unusual coordinate systems need the feature \"gdal\".";

/// Tree-canopy and green-space coverage per town, checked against the National Forest City standard (国家森林城市).
#[derive(Debug, Parser)]
#[command(name = "sencheng", version = VERSION, propagate_version = true, after_help = BUILD)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Command,
    /// Language of messages and outputs (语言); default from the locale
    #[arg(long, global = true, value_enum)]
    pub lang: Option<LangChoice>,
    /// Warnings, too, make the exit code 1
    #[arg(long, global = true)]
    pub strict: bool,
    /// Say more on stderr (-vv for more still)
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub verbose: u8,
    /// Say nothing but errors
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run a project, or several: coverage, verdicts, map and tables (按项目文件分析)
    Run(Run),
    /// Measure a part of a project: some tiles or towns (分块计算)
    Partial(Box<Partial>),
    /// Merge partials into one, or into the documents of the whole (合并分块)
    Merge(Box<Merge>),
    /// Tabulate one layer by zone and class: areas, lengths of lines or counts of points (分区统计)
    Tabulate(Box<Tabulate>),
    /// Tabulate rasters by zone: areas by class or of a condition, or statistics of values, with the exact fraction of
    /// every cell at a border (分区栅格统计)
    Zonal(Box<Zonal>),
    /// Write a synthetic county to try the program on (示例县)
    Sample(Sample),
    /// The standards: list, show, check, confirm thresholds (标准与阈值)
    Rules(Rules),
    /// The form for what only evidence can answer (佐证材料清单)
    Evidence(Evidence),
    /// Completions for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// The manual page, in roff
    Man,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum LangChoice {
    Zh,
    En,
}

impl From<LangChoice> for Lang {
    fn from(choice: LangChoice) -> Self {
        match choice {
            LangChoice::Zh => Lang::Zh,
            LangChoice::En => Lang::En,
        }
    }
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum AreaChoice {
    /// On the ellipsoid of the working CRS (椭球面积)
    Ellipsoid,
    /// In the plane of the working CRS (平面积)
    Plane,
}

impl From<AreaChoice> for AreaKind {
    fn from(choice: AreaChoice) -> Self {
        match choice {
            AreaChoice::Ellipsoid => AreaKind::Ellipsoid,
            AreaChoice::Plane => AreaKind::Plane,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    Table,
    /// zone,class,area_m2,share_pct,gross_m2,features; of lines zone,class,length_m,share_pct,features; of points
    /// zone,class,count
    Csv,
    /// With plane areas, balances and findings
    Json,
}

#[derive(Debug, Args)]
pub struct Evidence {
    /// Write the empty form
    #[arg(long, required = true)]
    pub template: bool,
    /// The standard whose items it asks for; a name, or a rule file
    #[arg(long, value_name = "NAME", default_value = "GB/T 37342-2024 county")]
    pub standard: String,
    /// The workbook to write
    #[arg(short = 'o', long, value_name = "FILE.xlsx", default_value = "evidence.xlsx")]
    pub out: PathBuf,
}

#[derive(Debug, Args)]
pub struct Run {
    /// The project file (项目文件); several, or a pattern such as "counties/*.toml", are run one after another
    #[arg(value_name = "PROJECT.toml", required = true)]
    pub projects: Vec<PathBuf>,
    /// Folder for the documents; of several projects each has a folder in it, called like its file
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Write the ground of each class, too, for pictures: class_areas.gpkg and class_map.png, simplified by so many metres (类别图斑)
    #[arg(long, value_name = "METRES", value_parser = metres)]
    pub class_areas: Option<f64>,
    /// Write what every polygon has in every place to this CSV file (明细): the audit trail, which adds up to the net
    /// areas of coverage.csv; of one project only
    #[arg(long, value_name = "FILE")]
    pub pieces: Option<PathBuf>,
    #[command(flatten)]
    pub over: Over,
    #[command(flatten)]
    pub effort: Effort,
}

fn metres(text: &str) -> Result<f64, String> {
    let metres = text.parse().ok().filter(|metres: &f64| metres.is_finite() && *metres >= 0.0);
    metres.ok_or_else(|| "metres, 0 or more, such as 5".to_owned())
}

/// What goes over the project file.
#[derive(Debug, Args)]
pub struct Over {
    /// Working CRS, over what the project says
    #[arg(long, value_name = "EPSG:N")]
    pub crs: Option<String>,
    /// Which area, over what the project says
    #[arg(long, value_enum)]
    pub area: Option<AreaChoice>,
    /// How many overlapping pairs are listed, over what the project says
    #[arg(long, value_name = "N")]
    pub overlap_pairs: Option<usize>,
}

/// What a run may take.
#[derive(Debug, Args)]
pub struct Effort {
    /// Threads, default one for each core; the figures do not depend on it
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
    /// Memory to keep to, e.g. 800M or 2G; default half of what is free. What does not fit waits in a temporary file
    #[arg(long, value_name = "SIZE", value_parser = super::room::parse)]
    pub memory: Option<u64>,
}

impl Effort {
    /// How many threads to work on.
    pub fn threads(&self) -> usize {
        let cores = || std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        self.threads.map_or_else(cores, usize::from)
    }
}

#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("what").required(true).args(["output", "list_tiles", "list_towns"]))]
pub struct Partial {
    /// The project file (项目文件), the same on all machines
    #[arg(value_name = "PROJECT.toml")]
    pub project: PathBuf,
    /// Tiles or towns to measure, one a line as --list-tiles and --list-towns print them; without it everything
    #[arg(long, value_name = "FILE")]
    pub tiles: Option<PathBuf>,
    /// Write the partial to this file; it is complete or absent
    #[arg(short, long, value_name = "X.partial")]
    pub output: Option<PathBuf>,
    /// Print all tiles, to be split into lists
    #[arg(long, conflicts_with = "tiles")]
    pub list_tiles: bool,
    /// Print all towns, to be split into lists
    #[arg(long, conflicts_with = "tiles")]
    pub list_towns: bool,
    #[command(flatten)]
    pub over: Over,
    #[command(flatten)]
    pub effort: Effort,
}

#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("where").required(true).args(["output", "out", "table"]))]
pub struct Merge {
    /// The partials or patterns of their names, in any order; one that is given twice counts once
    #[arg(value_name = "X.partial", required = true)]
    pub partials: Vec<PathBuf>,
    /// The project file that they were made from, for --out
    #[arg(long, value_name = "PROJECT.toml", requires = "out")]
    pub project: Option<PathBuf>,
    /// Folder for the documents of the whole, the same as of sencheng run
    #[arg(long, value_name = "DIR", requires = "project")]
    pub out: Option<PathBuf>,
    /// Write the table of the whole, the same as of sencheng zonal; JSON where it ends in .json, else CSV
    #[arg(long, value_name = "FILE")]
    pub table: Option<PathBuf>,
    /// Write what is merged, whole or not, as one partial
    #[arg(short, long, value_name = "X.partial")]
    pub output: Option<PathBuf>,
    #[command(flatten)]
    pub over: Over,
}

#[derive(Debug, Args)]
pub struct Sample {
    /// Folder to write into
    #[arg(value_name = "DIR")]
    pub dir: PathBuf,
    /// How many sub-compartments, about
    #[arg(long, value_name = "N", default_value_t = 1500)]
    pub patches: usize,
    /// The same seed gives the same county, byte for byte
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub seed: u64,
    /// Write over files that are there and differ
    #[arg(long)]
    pub force: bool,
}

#[derive(Debug, Args)]
pub struct Rules {
    #[command(subcommand)]
    pub action: RulesAction,
}

#[derive(Debug, Subcommand)]
pub enum RulesAction {
    /// The standards that are built in; of one of them, its rules
    List {
        /// Name of a standard, or a rule file
        standard: Option<String>,
    },
    /// The rules of a standard, or one rule in full
    Show {
        /// Name of a standard, or a rule file
        standard: String,
        /// Code, number or name of one item
        item: Option<String>,
        /// Print the rule file of the standard, to start one of your own from
        #[arg(long, conflicts_with = "item")]
        toml: bool,
    },
    /// Whether a rule file is sound
    Check {
        /// The rule file
        file: PathBuf,
    },
    /// Record the bureau's own reading of a threshold in the standard's text
    Confirm(Confirm),
}

#[derive(Debug, Args)]
pub struct Confirm {
    /// Code of the item, such as tree-coverage
    #[arg(value_name = "CODE")]
    pub code: String,
    /// The standard it belongs to
    #[arg(long, value_name = "NAME", default_value = "GB/T 37342-2024 county")]
    pub standard: String,
    /// The value as printed in the standard, in the unit of the item; for bands one per band, by commas
    #[arg(long, value_name = "VALUE", value_delimiter = ',', allow_negative_numbers = true)]
    pub value: Vec<f64>,
    /// The clause it stands in
    #[arg(long)]
    pub clause: String,
    /// Who read it
    #[arg(long)]
    pub by: String,
    /// When, such as 2026-11-23
    #[arg(long)]
    pub date: String,
    /// The file of confirmations, which the project file names
    #[arg(long, value_name = "FILE", default_value = "confirmations.toml")]
    pub file: PathBuf,
}

#[derive(Debug, Args)]
pub struct Tabulate {
    /// Polygon layer of zones, such as towns (分区图层)
    #[arg(long, value_name = "FILE")]
    pub zones: PathBuf,
    /// Layer inside the zones file, where it has several
    #[arg(long, value_name = "NAME")]
    pub zones_layer: Option<String>,
    /// Field of the zones' code
    #[arg(long, value_name = "FIELD")]
    pub zone_id: String,
    /// Field of the zones' name
    #[arg(long, value_name = "FIELD")]
    pub zone_name: Option<String>,
    /// Take features with one code together as one zone
    #[arg(long)]
    pub merge_zones: bool,
    /// CRS of the zones, over what the file says
    #[arg(long, value_name = "CRS")]
    pub zones_crs: Option<String>,
    /// Text encoding of the zones, over what the file says
    #[arg(long, value_name = "NAME")]
    pub zones_encoding: Option<String>,
    /// Layer of what covers the ground, or a pattern of several files (覆盖图层); of lines the lengths are tabulated, of
    /// points the counts
    #[arg(long, value_name = "FILE")]
    pub cover: PathBuf,
    /// Layer inside the cover file, where it has several
    #[arg(long, value_name = "NAME")]
    pub cover_layer: Option<String>,
    /// CRS of the cover, over what the file says
    #[arg(long, value_name = "CRS")]
    pub cover_crs: Option<String>,
    /// Text encoding of the cover, over what the file says
    #[arg(long, value_name = "NAME")]
    pub cover_encoding: Option<String>,
    /// Where datums differ, take longitudes and latitudes as they are
    #[arg(long, value_name = "none", value_parser = ["none"])]
    pub datum_shift: Option<String>,
    /// Field whose values are the classes; without it all features are one class, "cover"
    #[arg(long, value_name = "FIELD")]
    pub by: Option<String>,
    /// Add up this field of a point layer, exactly to nine decimals (属性求和); may be given several times
    #[arg(long, value_name = "FIELD")]
    pub sum: Vec<String>,
    /// Field that names the cover's features in findings
    #[arg(long, value_name = "FIELD")]
    pub cover_id: Option<String>,
    /// Only features of the cover for which this holds: DI_LEI in ('111', '112') and MIAN_JI > 0.5
    #[arg(long = "where", value_name = "EXPR")]
    pub filter: Option<String>,
    /// Working CRS, such as EPSG:4547; default: the covers', else the zones', else by place
    #[arg(long, value_name = "EPSG:N")]
    pub crs: Option<String>,
    /// Which area, or length of lines
    #[arg(long, value_enum, default_value = "ellipsoid")]
    pub area: AreaChoice,
    /// How many overlapping pairs of features are listed among the findings
    #[arg(long, value_name = "N", default_value_t = 1000)]
    pub overlap_pairs: usize,
    /// Write what every polygon has in every zone to this CSV file (明细): the audit trail, which adds up to the table
    #[arg(long, value_name = "FILE")]
    pub pieces: Option<PathBuf>,
    #[command(flatten)]
    pub effort: Effort,
    /// Form of the output; default by the ending of -o, else a table
    #[arg(long, value_enum)]
    pub format: Option<Format>,
    /// Write to this file instead of the terminal
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}
