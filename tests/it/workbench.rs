//! For tests that run the program: a folder with layers, and the program's answer. Layers are written through GDAL;
//! in the lean build, which has none, by the program's own writers.

#[cfg(feature = "gdal")]
mod by_gdal;
#[cfg(not(feature = "gdal"))]
mod by_own;

use std::path::PathBuf;
use std::process::{Command, Output};

#[cfg(feature = "gdal")]
use gdal::vector::OGRwkbGeometryType;

/// A folder that goes away with its test.
pub struct Workbench {
    folder: tempfile::TempDir,
}

/// A field's value in a layer to be written.
#[derive(Clone)]
pub enum Cell {
    Null,
    Text(String),
    Whole(i64),
    Real(f64),
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Cell::Text(text.to_owned())
    }
}

impl From<i64> for Cell {
    fn from(number: i64) -> Self {
        Cell::Whole(number)
    }
}

impl From<f64> for Cell {
    fn from(number: f64) -> Self {
        Cell::Real(number)
    }
}

/// A layer to be written: its CRS, its fields by the values of the first feature, its features.
#[derive(Clone, Default)]
pub struct Sheet {
    crs: Option<String>,
    name: Option<String>,
    #[cfg(feature = "gdal")]
    kind: Option<OGRwkbGeometryType::Type>,
    fields: Vec<(&'static str, Holds)>,
    features: Vec<(Vec<Cell>, Option<String>)>,
}

/// What a field holds.
#[derive(Clone, Copy)]
enum Holds {
    Text,
    Whole,
    Real,
}

impl Sheet {
    /// An empty layer in a CRS such as `EPSG:4547`, or in none.
    pub fn new(crs: Option<&str>) -> Self {
        Self { crs: crs.map(str::to_owned), ..Self::default() }
    }

    pub fn text(mut self, field: &'static str) -> Self {
        self.fields.push((field, Holds::Text));
        self
    }

    pub fn whole(mut self, field: &'static str) -> Self {
        self.fields.push((field, Holds::Whole));
        self
    }

    pub fn real(mut self, field: &'static str) -> Self {
        self.fields.push((field, Holds::Real));
        self
    }

    #[cfg(feature = "gdal")]
    pub fn of(mut self, kind: OGRwkbGeometryType::Type) -> Self {
        self.kind = Some(kind);
        self
    }

    pub fn named(mut self, name: &str) -> Self {
        self.name = Some(name.to_owned());
        self
    }

    /// Adds a feature with its geometry as well-known text.
    pub fn with<const N: usize>(self, cells: [Cell; N], wkt: &str) -> Self {
        self.having(cells, Some(wkt))
    }

    pub fn having<const N: usize>(mut self, cells: [Cell; N], wkt: Option<&str>) -> Self {
        assert_eq!(N, self.fields.len());
        self.features.push((cells.to_vec(), wkt.map(str::to_owned)));
        self
    }
}

impl Workbench {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.folder.path()).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    /// Writes a layer; the format follows the ending of the name.
    pub fn write(&self, name: &str, sheet: &Sheet) -> &Self {
        self.write_with(name, sheet, &[])
    }

    /// Puts one number in the place of another in a file of a binary format.
    pub fn forge(&self, name: &str, from: f64, to: f64) {
        let mut bytes = std::fs::read(self.path(name)).unwrap();
        let from = from.to_le_bytes();
        let places: Vec<usize> = (0..bytes.len() - 7).filter(|&i| bytes[i..i + 8] == from).collect();
        assert!(!places.is_empty(), "{name} does not hold the number");
        places.iter().for_each(|&i| bytes[i..i + 8].copy_from_slice(&to.to_le_bytes()));
        std::fs::write(self.path(name), bytes).unwrap();
    }

    /// The program, to be run in this folder.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sencheng"));
        command.current_dir(self.folder.path()).args(arguments).env("LC_ALL", "en_US.UTF-8");
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Answer {
        Answer::of(self.command(arguments).output().unwrap())
    }

    /// The documents of a folder by name, without the one number of `run.json` that differs between runs.
    pub fn documents(&self, folder: &str) -> Vec<(String, Vec<u8>)> {
        let names = std::fs::read_dir(self.path(folder)).unwrap();
        let mut documents: Vec<(String, Vec<u8>)> = names
            .map(|entry| {
                let path = entry.unwrap().path();
                let name = path.file_name().unwrap().to_string_lossy().into_owned();
                let mut bytes = std::fs::read(&path).unwrap();
                if name == "run.json" {
                    let text = String::from_utf8(bytes).unwrap();
                    let kept = text.lines().filter(|line| !line.contains("\"duration_s\""));
                    bytes = kept.collect::<Vec<_>>().join("\n").into_bytes();
                }
                (name, bytes)
            })
            .collect();
        documents.sort();
        documents
    }

    /// `tabulate` of `cover` over `zones` by the usual fields, as CSV in the plane.
    pub fn tabulate(&self, zones: &str, cover: &str, more: &[&str]) -> Answer {
        let usual = ["tabulate", "--zones", zones, "--zone-id", "id", "--cover", cover];
        let form = ["--by", "class", "--area", "plane", "--format", "csv"];
        self.run(&[&usual[..], &form[..], more].concat())
    }
}

/// What the program answered.
#[derive(Debug)]
pub struct Answer {
    /// Exit code; none where a signal ended it.
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

/// One line of `tabulate`'s CSV.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    pub zone: String,
    pub class: String,
    pub area_m2: f64,
    pub share_pct: Option<f64>,
    pub gross_m2: Option<f64>,
    pub features: Option<u64>,
}

impl Answer {
    pub fn of(output: Output) -> Self {
        let answer = Self {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        };
        assert!(!answer.err.contains("panicked"), "{answer:#?}");
        answer
    }

    /// The lines of the CSV.
    pub fn lines(&self) -> Vec<Line> {
        let mut reader = csv::Reader::from_reader(self.out.as_bytes());
        let header: Vec<&str> = "zone,class,area_m2,share_pct,gross_m2,features".split(',').collect();
        assert_eq!(reader.headers().unwrap(), header, "{self:#?}");
        let line = |record: csv::StringRecord| Line {
            zone: record[0].to_owned(),
            class: record[1].to_owned(),
            area_m2: record[2].parse().unwrap(),
            share_pct: record[3].parse().ok(),
            gross_m2: record[4].parse().ok(),
            features: record[5].parse().ok(),
        };
        reader.records().map(|record| line(record.unwrap())).collect()
    }

    /// `zone class area_m2` of every line, areas to whole square metres.
    pub fn figures(&self) -> Vec<String> {
        self.lines().iter().map(|l| format!("{} {} {:.0}", l.zone, l.class, l.area_m2)).collect()
    }

    /// That the run ended without a result, with this code, naming all of these and a cure.
    #[track_caller]
    pub fn refused(&self, code: &str, naming: &[&str]) -> &Self {
        assert_eq!(self.code, Some(2), "{self:#?}");
        assert!(self.out.is_empty(), "{self:#?}");
        assert!(self.err.starts_with(&format!("error[{code}] ")), "{self:#?}");
        assert!(self.err.contains("cure: "), "{self:#?}");
        naming.iter().for_each(|name| assert!(self.err.contains(name), "{name} is not named: {self:#?}"));
        self
    }

    /// That the run gave a result and told a finding with this code, naming all of these.
    #[track_caller]
    pub fn told(&self, severity: &str, code: &str, naming: &[&str]) -> &Self {
        let start = format!("{severity}[{code}]");
        let line = self.err.lines().find(|line| line.starts_with(&start));
        let line = line.unwrap_or_else(|| panic!("no {start}: {self:#?}"));
        naming.iter().for_each(|name| assert!(line.contains(name), "{name} is not named: {line}"));
        self
    }

    #[track_caller]
    pub fn ended(&self, code: i32) -> &Self {
        assert_eq!(self.code, Some(code), "{self:#?}");
        self
    }
}

/// A rectangle as well-known text.
pub fn rectangle(west: f64, south: f64, east: f64, north: f64) -> String {
    format!("POLYGON (({west} {south},{east} {south},{east} {north},{west} {north},{west} {south}))")
}

/// The south-west corner of the usual zones in EPSG:4547, in metres.
pub const X: f64 = 500_000.0;
pub const Y: f64 = 2_700_000.0;

/// A rectangle in metres from the usual corner.
pub fn at(west: f64, south: f64, east: f64, north: f64) -> String {
    rectangle(X + west, Y + south, X + east, Y + north)
}

/// Two zones of one square kilometre, side by side: 东镇 after 西镇, by code out of order.
pub fn two_towns() -> Sheet {
    Sheet::new(Some("EPSG:4547"))
        .text("id")
        .text("name")
        .with(["2".into(), "西镇".into()], &at(0.0, 0.0, 1000.0, 1000.0))
        .with(["1".into(), "东镇".into()], &at(1000.0, 0.0, 2000.0, 1000.0))
}

/// Two overlapping patches of class 111 in 西镇, and one of class 120 across the border.
pub fn three_patches() -> Sheet {
    Sheet::new(Some("EPSG:4547"))
        .text("class")
        .with(["111".into()], &at(100.0, 100.0, 300.0, 300.0))
        .with(["111".into()], &at(200.0, 100.0, 400.0, 300.0))
        .with(["120".into()], &at(900.0, 500.0, 1100.0, 600.0))
}

/// What they come to, in whole square metres.
pub const FIGURES: [&str; 6] =
    ["2 111 60000", "2 120 10000", "2 (none) 930000", "1 111 0", "1 120 10000", "1 (none) 990000"];
