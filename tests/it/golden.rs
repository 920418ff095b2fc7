//! The sample county end to end: against the tables of the oracle, against what the README shows, and against
//! itself on another number of threads.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn sencheng(arguments: &[&str]) -> Output {
    let output =
        Command::new(env!("CARGO_BIN_EXE_sencheng")).current_dir(root()).args(arguments).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    output
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Rows of a CSV table by the columns of its key; comment lines left out.
pub fn rows(table: &str, key: &[&str]) -> BTreeMap<Vec<String>, BTreeMap<String, String>> {
    let plain: String = table.trim_start_matches('\u{feff}').lines().filter(|l| !l.starts_with('#')).fold(
        String::new(),
        |mut text, line| {
            text.push_str(line);
            text.push('\n');
            text
        },
    );
    let mut reader = csv::Reader::from_reader(plain.as_bytes());
    let records: Vec<BTreeMap<String, String>> = reader.deserialize().map(|r| r.unwrap()).collect();
    records.into_iter().map(|row| (key.iter().map(|k| row[*k].clone()).collect(), row)).collect()
}

fn expected(name: &str) -> BTreeMap<Vec<String>, BTreeMap<String, String>> {
    rows(&fs::read_to_string(root().join("tests/expected").join(name)).unwrap(), &["zone", "class"])
}

fn number(row: &BTreeMap<String, String>, column: &str) -> f64 {
    row[column].parse().unwrap_or_else(|_| panic!("{column} of {row:?}"))
}

/// Every figure of the oracle's table within 1e-6 of it and 0.01 m2; every feature counted.
pub fn agrees(got: &BTreeMap<Vec<String>, BTreeMap<String, String>>, oracle: &str) {
    let expected = expected(oracle);
    assert!(!expected.is_empty());
    for (key, row) in &expected {
        if key[1] == "(shared)" && number(row, "area_m2") < 0.01 {
            continue;
        }
        // The oracle names the class of the one table whose features the program does not tell apart.
        let class = if key[1] == "canopy" { "cover" } else { &key[1] };
        let ours = got
            .get(&vec![key[0].clone(), class.to_owned()])
            .unwrap_or_else(|| panic!("{oracle}: no row {key:?}"));
        for column in ["area_m2", "gross_m2"].into_iter().filter(|c| !row[*c].is_empty()) {
            let (ours, theirs) = (number(ours, column), number(row, column));
            assert!(
                (ours - theirs).abs() <= 1e-6 * theirs.abs() + 0.01,
                "{oracle} {key:?} {column}: {ours}, not {theirs}"
            );
        }
        if !row["features"].is_empty() {
            assert_eq!(ours["features"], row["features"], "{oracle} {key:?}");
        }
    }
}

fn tabulated(cover: &[&str]) -> BTreeMap<Vec<String>, BTreeMap<String, String>> {
    let zones = ["-q", "tabulate", "--zones", "samples/heping/county.gpkg", "--zones-layer", "towns"];
    let how = ["--zone-id", "XZQDM", "--merge-zones", "--format", "csv"];
    let output = sencheng(&[&zones[..], &how[..], cover].concat());
    rows(&String::from_utf8(output.stdout).unwrap(), &["zone", "class"])
}

#[test]
fn the_sample_tabulates_as_the_oracle_has_it() {
    agrees(&tabulated(&["--cover", "samples/heping/xiaoban.shp", "--by", "DI_LEI"]), "sample_land.csv");
    agrees(
        &tabulated(&["--cover", "samples/heping/county.gpkg", "--cover-layer", "canopy"]),
        "sample_canopy.csv",
    );
}

#[test]
fn a_run_of_the_sample_agrees_with_the_oracle_and_with_itself() {
    let out = TempDir::new().unwrap();
    let (one, two) = (out.path().join("one"), out.path().join("two"));
    for (threads, folder) in [("1", &one), ("3", &two)] {
        let run = ["-q", "--lang", "zh", "run", "samples/heping/project.toml", "--threads", threads];
        sencheng(&[&run[..], &["--out", text(folder)]].concat());
    }
    let mut names: Vec<_> = fs::read_dir(&one).unwrap().map(|e| e.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names.len(), 12, "{names:?}");
    for name in names.iter().filter(|n| *n != "run.json") {
        assert!(fs::read(one.join(name)).unwrap() == fs::read(two.join(name)).unwrap(), "{name:?} differs");
    }
    let coverage = fs::read_to_string(one.join("coverage.csv")).unwrap();
    let places = rows(&coverage, &["place", "zone", "stratum", "class"]);
    let urban = |stratum: &str, class: &str| {
        let key = ["urban", "", stratum, class].map(str::to_owned).to_vec();
        number(&places[&key], "area_m2")
    };
    let oracle: Vec<_> = expected("sample_urban_green.csv").into_iter().collect();
    let green =
        oracle.iter().find(|(key, _)| key[1] == "green").map(|(_, row)| number(row, "area_m2")).unwrap();
    assert!(
        (urban("(figure)", "green") - green).abs() < 1e-6 * green,
        "{} {green}",
        urban("(figure)", "green")
    );
    let json: serde_json::Value =
        serde_json::from_slice(&fs::read(one.join("analysis.json")).unwrap()).unwrap();
    assert_eq!(json["schema"], 1);
    let balances = json["balances"].as_array().unwrap();
    assert!(balances.len() >= 17 && balances.iter().all(|b| b["holds"] == true), "{balances:?}");
    assert_eq!(json["verdicts"].as_array().unwrap().len(), 39, "36 items, three of them of two parts");
    let run = fs::read_to_string(one.join("run.json")).unwrap();
    assert!(!run.contains(text(&root())) && !run.contains("/tmp"), "no absolute paths");
}

#[test]
fn both_builds_print_the_same_areas() {
    let out = TempDir::new().unwrap();
    sencheng(&["-q", "run", "samples/heping/project.toml", "--out", text(out.path())]);
    let towns: serde_json::Value =
        serde_json::from_slice(&fs::read(out.path().join("towns.geojson")).unwrap()).unwrap();
    let recorded = fs::read_to_string(root().join("tests/expected/sample_towns.csv")).unwrap();
    let recorded = rows(&recorded, &["code"]);
    let towns = towns["features"].as_array().unwrap();
    assert_eq!((towns.len(), recorded.len()), (17, 17));
    for town in towns {
        let properties = &town["properties"];
        let row = &recorded[&vec![properties["code"].as_str().unwrap().to_owned()]];
        for column in row.keys().filter(|column| *column != "code") {
            let (ours, theirs) = (properties[column].as_f64().unwrap(), number(row, column));
            assert!((ours - theirs).abs() <= 1e-9 * theirs, "{row:?} {column}: {ours}");
        }
    }
}

#[test]
fn the_committed_sample_is_what_the_program_writes() {
    let out = TempDir::new().unwrap();
    sencheng(&["-q", "sample", text(out.path())]);
    for name in fs::read_dir(out.path()).unwrap().map(|entry| entry.unwrap().file_name()) {
        let name = name.to_str().unwrap();
        let committed = fs::read(root().join("samples/heping").join(name)).unwrap();
        assert!(
            fs::read(out.path().join(name)).unwrap() == committed,
            "{name}: write it again: sencheng sample samples/heping"
        );
    }
    let size: u64 = fs::read_dir(root().join("samples/heping"))
        .unwrap()
        .map(|e| e.unwrap().metadata().unwrap().len())
        .sum();
    assert!(size < 5_000_000, "{size} bytes");
}

#[test]
fn the_readme_shows_what_the_command_prints() {
    for (readme, lang) in [("README.md", "en"), ("README.zh-CN.md", "zh")] {
        let out = TempDir::new().unwrap();
        let run = ["-q", "--lang", lang, "run", "samples/heping/project.toml", "--out", text(out.path())];
        let printed = String::from_utf8(sencheng(&run).stdout).unwrap();
        let page = fs::read_to_string(root().join(readme)).unwrap();
        let shown =
            page.split("<!-- table:begin -->").nth(1).and_then(|p| p.split("<!-- table:end -->").next());
        let wanted = format!("\n```text\n{}\n```\n", printed.trim_end());
        assert!(shown == Some(wanted.as_str()), "{readme}: between the marks belongs\n{wanted}");
        let map = fs::read(root().join("samples/heping-map.png")).unwrap();
        assert!(
            lang == "en" || fs::read(out.path().join("map.png")).unwrap() == map,
            "samples/heping-map.png is another map"
        );
    }
}

/// What lies within something is no more of it than all: where forest fills a water source, rounding made 100.000000002 %
/// of it, while its upper end was 100. And whatever is said to be wrong comes with a cure.
#[test]
fn no_share_of_the_sample_is_more_than_all_and_every_warning_has_a_cure() {
    let folder = TempDir::new().unwrap();
    let out = folder.path().join("out");
    sencheng(&["-q", "--lang", "en", "run", "samples/heping/project.toml", "--out", text(&out)]);
    let read = |name: &str| fs::read_to_string(out.join(name)).unwrap();
    let table = read("indicators.csv");
    let shares = rows(&table, &["code", "row", "place"]);
    let mut full = 0;
    for (key, row) in shares.iter().filter(|(_, row)| row["unit"] == "%" && !row["low"].is_empty()) {
        let [value, low, high] = ["computed", "low", "high"].map(|column| number(row, column));
        assert!(low <= value && value <= high && high <= 100.0, "{key:?}: {low} {value} {high}");
        full += usize::from(key[0] == "water-source-coverage" && value == 100.0);
    }
    assert_eq!(full, 3, "both sources and the verdict");
    assert!(!read("coverage.csv").contains("100.00000"));
    let findings = read("findings.csv");
    let mut findings = csv::Reader::from_reader(findings.trim_start_matches('\u{feff}').as_bytes());
    let findings: Vec<BTreeMap<String, String>> = findings.deserialize().map(Result::unwrap).collect();
    let bare = findings.iter().find(|row| row["severity"] != "info" && row["hint"].is_empty());
    assert!(findings.len() > 5 && bare.is_none(), "{bare:?}");
}
