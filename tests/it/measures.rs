//! One case a measure in `tests/cases/measures`: a county drawn of rectangles, in metres, with its figures worked out by
//! hand beside them. 西镇 lies from 0 to 1000 m, 东镇 from 1000 to 2000 m, both 1000 m high.

use std::fmt::Write;

use serde::Deserialize;

use crate::further::{CRS, figure, lines, measured};
use crate::workbench::{Sheet, Workbench, at, two_towns};

const PROJECT: &str = "schema = 1\narea = \"plane\"\n[county]\nannual_precipitation_mm = 1700\n\
    [standard]\nrules = [\"GB/T 37342-2019\"]\n[zones]\n\
    file = \"towns.geojson\"\nid = \"id\"\nname = \"name\"\n[[cover]]\nname = \"land\"\nfile = \"land.geojson\"\n\
    field = \"kind\"\nmap = [{ class = \"wood\", values = [\"wood\"] }, { class = \"crown\", values = [\"crown\"] },\n\
    { class = \"plot\", values = [\"park\"] }, { class = \"grass\", values = [\"lawn\"] }]\n\
    [[class]]\nid = \"wood\"\nname = \"林地\"\ncounts_as = [\"tree_cover\", \"forest\", \"green\"]\n\
    [[class]]\nid = \"crown\"\nname = \"冠层\"\ncounts_as = [\"canopy\", \"green\"]\n\
    [[class]]\nid = \"plot\"\nname = \"公园地块\"\ncounts_as = [\"park\", \"green\"]\n\
    [[class]]\nid = \"grass\"\nname = \"草地\"\ncounts_as = [\"green\"]\n";

/// A rectangle: what it is; west, south, east, north.
type Rectangle = (String, f64, f64, f64, f64);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    title: String,
    land: Vec<Rectangle>,
    #[serde(default)]
    urban: Vec<Rectangle>,
    #[serde(default)]
    car_parks: Vec<Rectangle>,
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
    /// Judged by instead of the edition of 2019.
    standard: Option<String>,
    #[serde(default)]
    roads: Vec<(String, [f64; 2], [f64; 2])>,
    #[serde(default)]
    project: String,
    expect: Vec<Expected>,
    #[serde(default)]
    lines: Vec<Line>,
}

/// A value of `indicators.csv`: of a verdict, or of a place of it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    code: String,
    place: Option<String>,
    value: f64,
}

/// A value of `measures.csv`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    place: String,
    what: String,
    value: f64,
}

fn drawn(rectangles: &[Rectangle]) -> Sheet {
    let sheet = Sheet::new(CRS).text("kind");
    rectangles
        .iter()
        .fold(sheet, |sheet, (kind, w, s, e, n)| sheet.with([kind.as_str().into()], &at(*w, *s, *e, *n)))
}

impl Case {
    /// Draws the county and gives its project file.
    fn drawn(&self, bench: &Workbench) -> String {
        bench.write("towns.geojson", &two_towns());
        bench.write("land.geojson", &drawn(&self.land));
        let standard = self.standard.as_deref().unwrap_or("GB/T 37342-2019");
        let mut project = PROJECT.replace("GB/T 37342-2019", standard) + &self.project;
        for (scope, rectangles) in [
            ("urban", &self.urban),
            ("car_parks", &self.car_parks),
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
        let roads: Vec<[[f64; 2]; 2]> = self.roads.iter().map(|(_, from, to)| [*from, *to]).collect();
        let roads: Vec<(&str, &[[f64; 2]])> =
            self.roads.iter().zip(&roads).map(|((kind, ..), ends)| (kind.as_str(), &ends[..])).collect();
        std::fs::write(bench.path("roads.geojson"), lines(&roads)).unwrap();
        project
    }

    fn comes_out(&self) {
        let bench = Workbench::new();
        let project = self.drawn(&bench);
        let rows = if self.lines.is_empty() {
            std::fs::write(bench.path("p.toml"), project).unwrap();
            bench.run(&["run", "p.toml", "--out", "out", "--lang", "en"]);
            Vec::new()
        } else {
            measured(&bench, &project).0
        };
        let text = std::fs::read_to_string(bench.path("out/indicators.csv")).unwrap();
        let mut table = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
        let header = table.headers().unwrap().clone();
        let column = |name: &str| header.iter().position(|known| known == name).unwrap();
        let table: Vec<csv::StringRecord> = table.records().map(Result::unwrap).collect();
        for Expected { code, place, value } in &self.expect {
            let is_it = |row: &&csv::StringRecord| {
                let of_place = place.as_deref().map_or(&row[column("row")] == "verdict", |place| {
                    &row[column("row")] != "verdict" && row[column("place")].contains(place)
                });
                &row[column("code")] == code && of_place
            };
            let row = table.iter().find(is_it).unwrap_or_else(|| panic!("{}: no {code}: {text}", self.title));
            let got: f64 = row[column("value")].parse().unwrap_or_else(|_| panic!("{}: {row:?}", self.title));
            assert!((got - value).abs() < 1e-6, "{}: {code} {place:?} is {got}, not {value}", self.title);
        }
        for Line { place, what, value } in &self.lines {
            let got = figure(&rows, place, what);
            assert!((got - value).abs() < 1e-6, "{}: {what} is {got}, not {value}", self.title);
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
