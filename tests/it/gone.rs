//! What a project names and is not there: the run goes on, and says where (缺失图层不中断运行).

use crate::further::{CRS, HEAD, area, lines, woods};
use crate::workbench::{Sheet, Workbench, at, two_towns};

/// A file that is not there, a field that is not, a table and a column that are not: each is an error that names it and its
/// cure, the items say what they need, and everything else is computed.
#[test]
fn what_is_named_but_gone_leaves_its_item_open_and_the_run_goes_on() {
    let bench = Workbench::new();
    bench.write("towns.geojson", &two_towns());
    let patches = [("wood", [0.0, 0.0, 500.0, 1000.0]), ("wood", [1000.0, 0.0, 1500.0, 1000.0])];
    bench.write("woods.geojson", &woods(&patches));
    bench.write("urban.geojson", &area("u", [0.0, 0.0, 1000.0, 1000.0]));
    std::fs::write(bench.path("roads.geojson"), lines(&[("road", &[[0.0, 5.0], [900.0, 5.0]])])).unwrap();
    std::fs::write(bench.path("trees.csv"), "树种,株数\n樟树,5\n").unwrap();
    let project = format!(
        "{HEAD}[standard]\nrules = [\"GB/T 37342-2019\"]\n\
         [scopes.urban]\nfile = \"urban.geojson\"\nsource = \"x\"\ndate = \"2024\"\n\
         [scopes.car_parks]\nfile = \"gone.geojson\"\nsource = \"x\"\ndate = \"2024\"\n\
         [residents]\nfile = \"people.csv\"\nkey = \"乡镇\"\nvalue = \"人口\"\nunit = \"人\"\n\
         [trees]\nfile = \"trees.csv\"\nspecies = \"种名\"\ndate = \"2024\"\n\
         [road_greening]\nfile = \"roads.geojson\"\nwhere = \"DJ = '省道'\"\n\
         [recreation]\nfile = \"gone.shp\"\n"
    );
    std::fs::write(bench.path("p.toml"), project).unwrap();
    let answer = bench.run(&["run", "p.toml", "--out", "out", "--lang", "en"]);
    assert_eq!(answer.code, Some(1), "errors that were found: {answer:#?}");
    let findings = std::fs::read_to_string(bench.path("out/findings.csv")).unwrap();
    for (code, words) in [
        ("layer-not-found", vec!["gone.geojson", "taken as not given"]),
        ("layer-not-found", vec!["gone.shp"]),
        ("field-unknown", vec!["roads.geojson", "DJ", "kind"]),
        ("column-missing", vec!["trees.csv", "种名", "树种"]),
        ("table-unreadable", vec!["people.csv"]),
    ] {
        let told = |line: &str| {
            line.contains("error") && line.contains(code) && words.iter().all(|w| line.contains(w))
        };
        assert!(findings.lines().any(told), "{code} {words:?}: {findings}");
    }
    let text = std::fs::read_to_string(bench.path("out/indicators.csv")).unwrap();
    let mut table = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let rows: Vec<std::collections::BTreeMap<String, String>> =
        table.deserialize().map(Result::unwrap).collect();
    for code in ["car-parks", "road-greening", "recreation-service", "native-species"] {
        let row = rows.iter().find(|row| row["code"] == code && row["row"] == "verdict").unwrap();
        assert_eq!(row["outcome"], "not measurable", "{code}");
    }
    let trees = rows.iter().find(|row| row["code"] == "tree-coverage" && row["row"] == "verdict").unwrap();
    assert!((trees["value"].parse::<f64>().unwrap() - 50.0).abs() < 1e-6);
}

/// Rings lie about the urban area, and roads within it are none of the county's: without it both are told.
#[test]
fn without_the_urban_area_rings_and_roads_are_told() {
    let bench = Workbench::new();
    bench.write("towns.geojson", &two_towns());
    bench.write("woods.geojson", &woods(&[("wood", [0.0, 0.0, 500.0, 1000.0])]));
    let roads = lines(&[("road", &[[0.0, 5.0], [900.0, 5.0]])]);
    std::fs::write(bench.path("roads.geojson"), roads).unwrap();
    let project = "[road_greening]\nfile = \"roads.geojson\"\n[rings]\ndistances_m = [100]\n";
    std::fs::write(bench.path("p.toml"), format!("{HEAD}{project}")).unwrap();
    let answer = bench.run(&["run", "p.toml", "--out", "out", "--lang", "en"]);
    answer.told("warning", "rings-without-urban", &["none were drawn"]).told(
        "warning",
        "roads-without-urban",
        &["count as roads of the county"],
    );
    bench.write("urban.geojson", &area("u", [0.0, 0.0, 100.0, 100.0]));
    let urban = "[scopes.urban]\nfile = \"urban.geojson\"\nsource = \"x\"\ndate = \"2024\"\n";
    std::fs::write(bench.path("p.toml"), format!("{HEAD}{urban}{project}")).unwrap();
    let answer = bench.run(&["run", "p.toml", "--out", "out", "--lang", "en"]);
    assert!(!answer.err.contains("-without-urban"), "{answer:#?}");
}

/// Settlements as polygons, with 100 m of ground around them: a square and its border with round corners, within the town.
#[test]
fn villages_are_judged_by_the_figure_and_the_ground_that_the_project_sets() {
    let bench = Workbench::new();
    bench.write("towns.geojson", &two_towns());
    let land = Sheet::new(CRS)
        .text("kind")
        .with(["wood".into()], &at(400.0, 400.0, 420.0, 500.0))
        .with(["lawn".into()], &at(420.0, 400.0, 450.0, 500.0))
        .with(["crown".into()], &at(450.0, 400.0, 460.0, 500.0));
    bench.write("woods.geojson", &land);
    bench.write("villages.geojson", &area("v", [400.0, 400.0, 500.0, 500.0]));
    let head = HEAD.replace(
        "{ class = \"bare\", values = [\"bare\"] }]",
        "{ class = \"bare\", values = [\"bare\"] }, { class = \"lawn\", values = [\"lawn\"] }, { class = \"canopy\", values = [\"crown\"] }]",
    );
    let head = head.replace(", \"bare\"]\n", ", \"bare\", \"lawn\", \"canopy\"]\n");
    let value_and_lines = |more: &str| {
        let project = format!(
            "{head}[standard]\nrules = [\"GB/T 37342-2019\"]\n\
             [scopes.villages]\nfile = \"villages.geojson\"\nsource = \"x\"\ndate = \"2024\"\n{more}"
        );
        let (rows, answer) = crate::further::measured(&bench, &project);
        let text = std::fs::read_to_string(bench.path("out/indicators.csv")).unwrap();
        let mut table = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
        let judged: Vec<std::collections::BTreeMap<String, String>> =
            table.deserialize().map(Result::unwrap).collect();
        let row = judged.iter().find(|r| r["code"] == "village-coverage" && r["row"] == "verdict");
        let value: f64 = row.unwrap_or_else(|| panic!("{answer:#?}"))["value"].parse().unwrap();
        (value, rows)
    };
    let near = |got: f64, wanted: f64| assert!((got - wanted).abs() < 1e-3, "{got} is not {wanted}");
    let (green, rows) = value_and_lines("");
    near(green, 60.0);
    let line = |what: &str| {
        rows.iter()
            .find(|row| row.0.contains("village") && row.1.contains(what))
            .unwrap_or_else(|| panic!("{rows:#?}"))
            .2[0]
    };
    near(line("tree coverage").unwrap(), 20.0);
    near(line("tree canopy").unwrap(), 10.0);
    near(value_and_lines("figure = \"tree_cover\"\n").0, 20.0);
    near(value_and_lines("figure = \"canopy\"\n").0, 10.0);
    let ground = 10_000.0 + 4.0 * 100.0 * 100.0 + std::f64::consts::PI * 100.0 * 100.0;
    near(value_and_lines("around_m = 100\n").0, 6_000.0 / ground * 100.0);
}

/// 202 of the land survey in two towns: the larger is named first, and nothing is assumed.
#[test]
fn built_up_ground_of_the_land_survey_is_offered_as_urban_area_and_never_assumed() {
    let bench = Workbench::new();
    bench.write("towns.geojson", &two_towns());
    let land = Sheet::new(CRS)
        .text("kind")
        .text("CZCSXM")
        .with(["bare".into(), "202".into()], &at(100.0, 100.0, 200.0, 200.0))
        .with(["bare".into(), "202A".into()], &at(1100.0, 100.0, 1300.0, 200.0))
        .with(["wood".into(), "203".into()], &at(100.0, 500.0, 400.0, 800.0));
    bench.write("woods.geojson", &land);
    std::fs::write(bench.path("p.toml"), HEAD).unwrap();
    let answer = bench.run(&["run", "p.toml", "--out", "out", "--lang", "en"]);
    answer.told("note", "urban-offered", &["东镇 2.00 ha", "西镇 1.00 ha", "none is assumed"]);
    let findings = std::fs::read_to_string(bench.path("out/findings.csv")).unwrap();
    assert!(findings.contains("CZCSXM like '20%' and ZLDWDM like '1%'"), "{findings}");
}

/// A forest park of 20 ha wholly beyond the county reaches into it.
#[test]
fn a_place_beyond_the_county_reaches_in() {
    let bench = Workbench::new();
    bench.write("towns.geojson", &two_towns());
    bench.write("woods.geojson", &woods(&[("wood", [0.0, 0.0, 500.0, 1000.0])]));
    bench.write("parks.geojson", &area("p", [-1000.0, -500.0, -800.0, 1500.0]));
    let project = format!("{HEAD}[recreation]\nfile = \"parks.geojson\"\nradius_m = 1800\n");
    let (rows, _) = crate::further::measured(&bench, &project);
    crate::further::is(&rows, "county", "ground near a large recreation place", 1_000_000.0);
}
