//! Reach, trees beside roads, streets, shores and streams, shaded roads, natural shore, rings and directions in real layers, against what GEOS found
//! (`tests/oracle/further.py`, which reads the same project files); and in the sample county (`further_sample.py`).

use std::collections::BTreeMap;

use crate::shared;
use crate::workbench::Workbench;

const RECORDED: &str = include_str!("../expected/further.csv");
const OF_THE_SAMPLE: &str = include_str!("../expected/sample_further.csv");

/// Figures by place and name.
type Figures = BTreeMap<(String, String), f64>;

/// What the program finds for one of the projects.
fn ours(data: &std::path::Path, name: &str) -> Figures {
    let bench = Workbench::new();
    let cases = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/further");
    let project = std::fs::read_to_string(cases.join(format!("{name}.toml"))).unwrap();
    let place = |path: &std::path::Path| path.canonicalize().unwrap().to_str().unwrap().to_owned();
    let project = project.replace("DATA/", &(place(data) + "/")).replace("CASES/", &(place(&cases) + "/"));
    std::fs::write(bench.path("p.toml"), project).unwrap();
    found(&bench, "p.toml")
}

/// What the program finds for a project.
fn found(bench: &Workbench, project: &str) -> Figures {
    let answer = bench.run(&["run", project, "--out", "out", "--lang", "en"]);
    assert!(answer.code == Some(0) || answer.code == Some(1), "{answer:#?}");
    let mut figures = Figures::new();
    let mut add = |place: String, what: &str, value: &str, scale: f64| {
        if let Ok(value) = value.parse::<f64>() {
            figures.insert((place, what.to_owned()), value * scale);
        }
    };
    let rows = |file: &str| {
        // There is no `rings.csv` where no rings were asked for.
        let bytes = std::fs::read(bench.path("out").join(file)).unwrap_or_default();
        let mut table = csv::Reader::from_reader(bytes.get(3..).unwrap_or_default());
        table.records().map(Result::unwrap).collect::<Vec<_>>()
    };
    for row in rows("measures.csv") {
        let place = row[2].strip_prefix("town ").unwrap_or(&row[2]).to_owned();
        // Items may have lines of one name.
        if !row[1].is_empty() {
            add(place.clone(), &format!("{}: {}", &row[1], &row[3]), &row[4], 1.0);
        }
        add(place, &row[3], &row[4], 1.0);
    }
    for row in rows("rings.csv") {
        let place = match &row[0] {
            "ring" => format!("ring {} {}", &row[1], &row[2]),
            "direction" => format!("direction {}", &row[3]),
            _ => continue,
        };
        [("ground", 5), ("beyond", 6), ("forest", 7), ("water", 9)]
            .into_iter()
            .for_each(|(what, column)| add(place.clone(), what, &row[column], 1e4));
    }
    figures
}

#[test]
fn reach_roads_shores_and_rings_of_real_layers_are_those_of_geos() {
    let Some(data) = shared::data("reach_roads_shores_and_rings_of_real_layers_are_those_of_geos") else {
        return;
    };
    let mut wanted: BTreeMap<&str, Vec<[&str; 3]>> = BTreeMap::new();
    let rows = recorded(RECORDED);
    for words in &rows {
        wanted.entry(&words[0]).or_default().push([&words[1], &words[2], &words[3]]);
    }
    assert_eq!(wanted.len(), 6);
    wanted.into_iter().for_each(|(name, rows)| agree(name, &ours(&data, name), &rows));
}

#[test]
fn reach_roads_shores_and_rings_of_the_sample_are_those_of_geos() {
    let bench = Workbench::new();
    let project = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/heping/project.toml");
    let found = found(&bench, project.to_str().unwrap());
    let recorded = recorded(OF_THE_SAMPLE);
    let rows: Vec<[&str; 3]> = recorded.iter().map(|words| [&words[0], &words[1], &words[2]]).collect();
    assert_eq!(rows.len(), 347);
    agree("sample", &found, &rows);
}

/// The rows of a recorded table, below its header.
fn recorded(table: &str) -> Vec<csv::StringRecord> {
    let table = csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(table.as_bytes());
    table.into_records().map(Result::unwrap).collect()
}

/// That what was found is what is recorded, place by place.
#[track_caller]
fn agree(name: &str, found: &Figures, rows: &[[&str; 3]]) {
    let (mut worst, mut off) = ((0.0, String::new()), Vec::new());
    for [place, what, value] in rows {
        let value: f64 = value.parse().unwrap();
        let ours = found.get(&((*place).to_owned(), (*what).to_owned())).copied().unwrap_or(f64::NAN);
        let share = (ours - value).abs() / value.abs().max(floor(what));
        let told = format!("{name} {place}, {what}: {ours} for {value}, off by {share:.1e}");
        if share.is_nan() || share > ALLOWED {
            off.push(told.clone());
        }
        if share > worst.0 {
            worst = (share, told);
        }
    }
    println!("worst: {}", worst.1);
    assert!(off.is_empty(), "{off:#?}");
}

const ALLOWED: f64 = 1e-3;

/// What is less is held against so much: a hectare, a hundred metres, all of a share in per cent. The outline of what
/// lies near may be off by 0.005 % of the distance, which is much of a sliver.
fn floor(what: &str) -> f64 {
    let is_area =
        ["ground", "forest", "water", "beyond", "ground near a large recreation place", "ground near a park"]
            .contains(&what);
    if is_area { 1e4 } else { 100.0 }
}
