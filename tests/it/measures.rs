//! One case a measure in `tests/cases/measures`: a county drawn of rectangles, in metres, with its figures worked out by
//! hand beside them. 西镇 lies from 0 to 1000 m, 东镇 from 1000 to 2000 m, both 1000 m high.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde::Deserialize;

use crate::further::{CRS, figure, lines, measured, points};
use crate::workbench::{Sheet, Workbench, at, two_towns};

const PROJECT: &str = "schema = 1\narea = \"plane\"\n[county]\nannual_precipitation_mm = 1700\n\
    [zones]\nfile = \"towns.geojson\"\nid = \"id\"\nname = \"name\"\n";

const COVER: &str = "[[cover]]\nname = \"land\"\nfile = \"land.geojson\"\n\
    field = \"kind\"\nmap = [{ class = \"wood\", values = [\"wood\"] }, { class = \"crown\", values = [\"crown\"] },\n\
    { class = \"plot\", values = [\"park\"] }, { class = \"grass\", values = [\"lawn\"] },\n\
    { class = \"water\", values = [\"water\"] }]\n\
    [[class]]\nid = \"wood\"\nname = \"林地\"\ncounts_as = [\"tree_cover\", \"forest\", \"green\"]\n\
    [[class]]\nid = \"crown\"\nname = \"冠层\"\ncounts_as = [\"canopy\", \"green\"]\n\
    [[class]]\nid = \"plot\"\nname = \"公园地块\"\ncounts_as = [\"park\", \"green\"]\n\
    [[class]]\nid = \"grass\"\nname = \"草地\"\ncounts_as = [\"green\"]\n\
    [[class]]\nid = \"water\"\nname = \"水域\"\ncounts_as = []\n";

/// A rectangle: what it is; west, south, east, north.
type Rectangle = (String, f64, f64, f64, f64);

/// A line: what it is; its corners.
type Axis = (String, Vec<[f64; 2]>);

/// A county, and what one run or several make of it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    title: String,
    /// In place of the usual cover and classes.
    cover: Option<String>,
    #[serde(default)]
    standard: Option<String>,
    #[serde(default)]
    land: Vec<Rectangle>,
    #[serde(default)]
    urban: Vec<Rectangle>,
    #[serde(default)]
    car_parks: Vec<Rectangle>,
    #[serde(default)]
    damaged_land: Vec<Rectangle>,
    #[serde(default)]
    town_built_up: Vec<Rectangle>,
    #[serde(default)]
    villages: Vec<Rectangle>,
    #[serde(default)]
    water_sources: Vec<Rectangle>,
    #[serde(default)]
    streets: Vec<Rectangle>,
    #[serde(default)]
    suburbs: Vec<Rectangle>,
    #[serde(default)]
    village_territories: Vec<Rectangle>,
    /// Layers by name: polygons, lines, points, tables.
    #[serde(default)]
    polygons: BTreeMap<String, Vec<Rectangle>>,
    #[serde(default)]
    lines: BTreeMap<String, Vec<Axis>>,
    #[serde(default)]
    points: BTreeMap<String, Vec<(String, [f64; 2])>>,
    #[serde(default)]
    tables: BTreeMap<String, String>,
    #[serde(default)]
    project: String,
    #[serde(default)]
    expect: Vec<Expected>,
    #[serde(default)]
    measures: Vec<Line>,
    #[serde(default)]
    rings: Vec<RingRow>,
    /// The same county by other settings.
    #[serde(default)]
    also: Vec<Also>,
}

/// What stands behind the project of the case, and what then comes out.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Also {
    project: String,
    #[serde(default)]
    expect: Vec<Expected>,
    #[serde(default)]
    measures: Vec<Line>,
    #[serde(default)]
    rings: Vec<RingRow>,
}

/// A value of `indicators.csv`, of a verdict or of a place of it; to 10⁻⁶ of it where it says no more.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    code: String,
    place: Option<String>,
    value: f64,
    within: Option<f64>,
}

/// A value of `measures.csv`, to 10⁻⁶ of it where it says no more.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    place: String,
    what: String,
    value: f64,
    within: Option<f64>,
}

/// Cells of a row of `rings.csv`: of the rows of that kind the one of that number, from 0 on. Areas and shares are held
/// to 2·10⁻⁴ of them: the table gives areas on the ellipsoid.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RingRow {
    row: String,
    #[serde(default)]
    number: usize,
    cells: BTreeMap<String, f64>,
}

fn drawn(rectangles: &[Rectangle]) -> Sheet {
    let sheet = Sheet::new(CRS).text("kind");
    rectangles
        .iter()
        .fold(sheet, |sheet, (kind, w, s, e, n)| sheet.with([kind.as_str().into()], &at(*w, *s, *e, *n)))
}

/// A table of the run's folder.
fn table(bench: &Workbench, name: &str) -> Vec<BTreeMap<String, String>> {
    let text = std::fs::read_to_string(bench.path("out").join(name)).unwrap_or_default();
    let rows = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes()).into_deserialize();
    rows.map(Result::unwrap).collect()
}

/// Whether a number is as worked out, within a share of it.
fn near(got: f64, wanted: f64, within: f64) -> bool {
    (got - wanted).abs() <= within * wanted.abs().max(1.0)
}

impl Case {
    /// Draws the county and gives its project file.
    fn drawn(&self, bench: &Workbench) -> String {
        bench.write("towns.geojson", &two_towns());
        if !self.land.is_empty() {
            bench.write("land.geojson", &drawn(&self.land));
        }
        let standard = self.standard.as_deref().unwrap_or("GB/T 37342-2019");
        let cover = self.cover.as_deref().unwrap_or(COVER);
        let mut project = format!("{PROJECT}[standard]\nrules = [\"{standard}\"]\n{cover}");
        for (scope, rectangles) in [
            ("urban", &self.urban),
            ("car_parks", &self.car_parks),
            ("damaged_land", &self.damaged_land),
            ("town_built_up", &self.town_built_up),
            ("villages", &self.villages),
            ("water_sources", &self.water_sources),
            ("streets", &self.streets),
            ("suburbs", &self.suburbs),
            ("village_territories", &self.village_territories),
        ] {
            if !rectangles.is_empty() {
                bench.write(&format!("{scope}.geojson"), &drawn(rectangles));
                write!(
                    project,
                    "[scopes.{scope}]\nfile = \"{scope}.geojson\"\nsource = \"局\"\ndate = \"2024\"\n"
                )
                .unwrap();
                project += if matches!(scope, "water_sources" | "village_territories") {
                    "id_field = \"kind\"\n"
                } else {
                    ""
                };
            }
        }
        self.polygons.iter().for_each(|(name, shapes)| {
            bench.write(&format!("{name}.geojson"), &drawn(shapes));
        });
        let write = |name: String, text: &str| std::fs::write(bench.path(&name), text).unwrap();
        for (name, axes) in &self.lines {
            let axes: Vec<(&str, &[[f64; 2]])> =
                axes.iter().map(|(kind, corners)| (kind.as_str(), corners.as_slice())).collect();
            write(format!("{name}.geojson"), &lines(&axes));
        }
        for (name, places) in &self.points {
            let quoted: Vec<(String, [f64; 2])> =
                places.iter().map(|(kind, place)| (format!("{kind:?}"), *place)).collect();
            let places: Vec<(&str, [f64; 2])> =
                quoted.iter().map(|(kind, place)| (kind.as_str(), *place)).collect();
            write(format!("{name}.geojson"), &points("kind", &places));
        }
        self.tables.iter().for_each(|(name, text)| write(format!("{name}.csv"), text));
        project + &self.project
    }

    fn comes_out(&self) {
        println!("{}", self.title);
        let bench = Workbench::new();
        let project = self.drawn(&bench);
        let first = (&String::new(), &self.expect, &self.measures, &self.rings);
        let also = self.also.iter().map(|also| (&also.project, &also.expect, &also.measures, &also.rings));
        for (more, expect, measures, rings) in std::iter::once(first).chain(also) {
            if expect.is_empty() && measures.is_empty() && rings.is_empty() {
                continue;
            }
            let (rows, _) = measured(&bench, &format!("{project}{more}"));
            self.judged(&table(&bench, "indicators.csv"), expect);
            for Line { place, what, value, within } in measures {
                let got = figure(&rows, place, what);
                let is = near(got, *value, within.unwrap_or(1e-6));
                assert!(is, "{}: {place}, {what} is {got}, not {value}", self.title);
            }
            self.around(&table(&bench, "rings.csv"), rings);
        }
    }

    fn judged(&self, table: &[BTreeMap<String, String>], expect: &[Expected]) {
        for Expected { code, place, value, within } in expect {
            let is_it = |row: &&BTreeMap<String, String>| {
                let of_place = place.as_deref().map_or(row["row"] == "verdict", |place| {
                    row["row"] != "verdict" && row["place"].contains(place)
                });
                row["code"] == *code && of_place
            };
            let row =
                table.iter().find(is_it).unwrap_or_else(|| panic!("{}: no {code}: {table:#?}", self.title));
            let got: f64 = row["value"].parse().unwrap_or_else(|_| panic!("{}: {row:?}", self.title));
            assert!(
                near(got, *value, within.unwrap_or(1e-6)),
                "{}: {code} {place:?} is {got}, not {value}",
                self.title
            );
        }
    }

    fn around(&self, table: &[BTreeMap<String, String>], rings: &[RingRow]) {
        for RingRow { row: kind, number, cells } in rings {
            let row = table.iter().filter(|row| row["row"] == *kind).nth(*number);
            let row = row.unwrap_or_else(|| panic!("{}: no {kind} {number}: {table:#?}", self.title));
            for (cell, value) in cells {
                let got: f64 =
                    row[cell].parse().unwrap_or_else(|_| panic!("{}: {cell}: {row:?}", self.title));
                assert!(
                    near(got, *value, 2e-4),
                    "{}: {kind} {number}: {cell} is {got}, not {value}",
                    self.title
                );
            }
        }
    }
}

#[test]
fn every_measure_comes_out_as_worked_out_by_hand() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/measures");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(files.len() >= 9, "{files:?}");
    for file in files {
        let case: Case = toml::from_str(&std::fs::read_to_string(&file).unwrap())
            .unwrap_or_else(|e| panic!("{}: {e}", file.display()));
        case.comes_out();
    }
}
