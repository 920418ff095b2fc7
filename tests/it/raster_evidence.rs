//! What is said of covers of cells: thresholds, light, ground without data, agreement with polygons, pictures.

use crate::raster_covers::{PROJECT, coverage, heights, striped};
use crate::workbench::{Answer, Sheet, Workbench, at};

/// The cover of heights with other words, without the cover of crowns.
fn cells(bench: &Workbench, words: &str) -> Answer {
    let project = PROJECT.replace("kind = \"chm\"\nclass = \"canopy\"", words);
    let (before, after) = project.split_once("[[cover]]\nname = \"crowns\"").unwrap();
    let (_, rules) = after.split_once("[standard]").unwrap();
    let project = format!("{before}[[stratum]]\nname = \"crowns\"\n\n[standard]{rules}");
    std::fs::write(bench.path("p.toml"), project).unwrap();
    bench.run(&["run", "p.toml", "--out", "out"])
}

fn hectares(bench: &Workbench, town: &str, class: &str) -> f64 {
    coverage(bench, town).into_iter().find(|(known, _)| known == class).unwrap().1
}

#[test]
fn otsu_finds_the_threshold_and_says_which() {
    let bench = heights();
    // Two values: every threshold between them is as good, and the middle of the bins is taken.
    let row: Vec<f32> = [&[0.25; 7][..], &[f32::NAN; 3], &[0.75; 6], &[0.25; 4]].concat();
    std::fs::write(bench.path("cover.tif"), striped(0.0, &row, "nan")).unwrap();
    let answer = cells(&bench, "kind = \"index\"\nat_least = \"otsu\"\nclass = \"lawn\"");
    answer.ended(0).told("note", "threshold-otsu", &["is 0.5:", "2 of 256 bins", "170 cells"]);
    assert_eq!((hectares(&bench, "2", "lawn"), hectares(&bench, "1", "lawn")), (0.0, 60.0));
    std::fs::write(bench.path("cover.tif"), striped(0.0, &[0.5; 20], "nan")).unwrap();
    let refused = |words: &str, code: &str, naming: &[&str]| {
        cells(&bench, words).refused(code, naming);
    };
    refused("kind = \"index\"\nat_least = \"otsu\"\nclass = \"lawn\"", "raster-one-kind", &["cover.tif"]);
    refused("kind = \"index\"\nat_least = \"best\"\nclass = \"lawn\"", "unknown-name", &["best", "otsu"]);
    refused("kind = \"chm\"\nat_least = \"otsu\"\nclass = \"canopy\"", "contradiction", &["at_least", "2.0"]);
}

#[test]
fn an_index_of_visible_light_is_weak_evidence_and_one_of_infrared_needs_its_band() {
    let bench = heights();
    for (name, left, right) in [("green.tif", 0.6, 0.2), ("red.tif", 0.2, 0.6)] {
        let row: Vec<f32> = [[left; 10], [right; 10]].concat();
        std::fs::write(bench.path(name), striped(0.0, &row, "nan")).unwrap();
    }
    let index = |expression: &str, bands: &str| {
        let words = "kind = \"index\"\nat_least = 0.1\nclass = \"lawn\"";
        cells(&bench, &format!("{words}\nexpression = \"{expression}\"\n{bands}"))
    };
    let visible = "bands = { green = { file = \"green.tif\" }, red = { file = \"red.tif\" } }";
    index("(green - red) / (green + red)", visible).ended(0).told("warning", "index-visible", &["weak"]);
    assert_eq!((hectares(&bench, "2", "lawn"), hectares(&bench, "1", "lawn")), (100.0, 0.0));
    let record = std::fs::read_to_string(bench.path("out/run.json")).unwrap();
    assert!(
        record.contains("cover.heights.raster.bands.red.file") && record.contains("\"red.tif\""),
        "{record}"
    );
    let infrared = visible.replace("green = ", "nir = ");
    let answer = index("(nir - red) / (nir + red)", &infrared);
    assert!(!answer.ended(0).err.contains("[index-"), "{answer:#?}");
    let red = "bands = { red = { file = \"red.tif\" } }";
    index("(nir - red) / (nir + red)", red).refused("band-unknown", &["\"nir\"", "NDVI", "green"]);
    index("b1 - 0.1", "").ended(0).told("warning", "index-bands-unnamed", &["infrared"]);
    index("b1", "bands = { nir = \"b4\" }").refused("wrong-kind", &["nir"]);
}

#[test]
fn ground_without_data_is_told_and_widens_the_figures_also_beyond_the_cells() {
    let bench = heights();
    let chm = "kind = \"chm\"\nclass = \"canopy\"";
    cells(&bench, chm).ended(0).told(
        "warning",
        "cells-missing",
        &["2 zones", "西镇 80.00 %", "东镇 80.00 %"],
    );
    // Cells end at 1500 m.
    std::fs::write(bench.path("cover.tif"), striped(0.0, &[9.0; 15], "nan")).unwrap();
    cells(&bench, chm).ended(0).told("warning", "cells-missing", &["1 zones", "东镇 50.00 %"]);
    let rows = |town| (hectares(&bench, town, "canopy"), hectares(&bench, town, "(unmapped)"));
    assert_eq!((rows("2"), rows("1")), ((100.0, 0.0), (50.0, 50.0)));
    // They end at the border: of 东镇 they say nothing.
    std::fs::write(bench.path("cover.tif"), striped(0.0, &[9.0; 10], "nan")).unwrap();
    let answer = cells(&bench, chm);
    answer.ended(0).told("note", "cells-elsewhere", &["1 zones", "东镇"]);
    assert!(!answer.err.contains("cells-missing"));
    assert_eq!(hectares(&bench, "1", "(unmapped)"), 0.0);
    // Low everywhere: surveyed, and without trees.
    std::fs::write(bench.path("cover.tif"), striped(0.0, &[0.5; 20], "nan")).unwrap();
    let answer = cells(&bench, chm);
    assert!(!answer.ended(0).err.contains("unsurveyed") && answer.out.contains(" 0.00 "), "{answer:#?}");
    std::fs::write(bench.path("cover.tif"), striped(0.0, &[9.0; 10], "nan")).unwrap();
    cells(&bench, chm).ended(0);
    let analysis = std::fs::read_to_string(bench.path("out/analysis.json")).unwrap();
    let analysis: serde_json::Value = serde_json::from_str(&analysis).unwrap();
    let valid = |place: &serde_json::Value| place["cells"][0]["valid_pct"].as_f64().unwrap().round();
    assert_eq!(analysis["towns"].as_array().unwrap().iter().map(valid).collect::<Vec<_>>(), [100.0, 0.0]);
}

#[test]
fn a_class_of_polygons_and_cells_is_cross_checked_town_by_town() {
    let bench = heights();
    std::fs::write(bench.path("p.toml"), PROJECT).unwrap();
    let answer = bench.run(&["run", "p.toml", "--out", "out"]);
    // 东镇 has no polygon, so no edge explains its 40 ha of cells.
    answer.ended(0).told(
        "warning",
        "cross-check",
        &["canopy", "1 zones", "东镇", "0.00 ha by crowns", "40.00 ha"],
    );
    // That the two share ground is what is wanted, and no fault of either.
    assert!(!answer.err.contains("[overlap"), "{answer:#?}");
    let mut table = csv::Reader::from_path(bench.path("out/cross_check.csv")).unwrap();
    let rows: Vec<csv::StringRecord> = table.records().map(Result::unwrap).collect();
    let town = rows.iter().find(|row| &row[1] == "2").unwrap();
    let numbers: Vec<f64> = (4..11).map(|at| town[at].parse().unwrap()).collect();
    // Polygons from 0 to 600 m, cells from 400 to 800; √2 · 3200 m of outline · 100 m.
    let expected = [600_000.0, 400_000.0, 800_000.0, 400_000.0, 200_000.0, 200_000.0, 452_548.34];
    numbers.iter().zip(expected).for_each(|(a, b)| assert!((a - b).abs() < 0.01, "{numbers:?}"));
    assert_eq!((&town[3], &town[11]), ("canopy", "true"));
    assert_eq!(rows.len(), 3);
    // Where only one of them gives the class there is nothing to check.
    cells(&bench, "kind = \"chm\"\nclass = \"canopy\"").ended(0);
    bench.run(&["run", "p.toml", "--out", "alone"]).ended(0);
    assert!(!bench.path("alone/cross_check.csv").exists());
}

#[test]
fn the_ground_of_classes_is_drawn_on_request() {
    let bench = heights();
    let hole = "POLYGON ((500000 2700000,500600 2700000,500600 2701000,500000 2701000,500000 2700000),\
        (500100 2700100,500100 2700200,500200 2700200,500200 2700100,500100 2700100))";
    let crowns = Sheet::new(Some("EPSG:4547")).text("id").with(["a".into()], hole);
    bench.write("crowns.geojson", &crowns.with(["b".into()], &at(1900.0, 0.0, 2500.0, 500.0)));
    std::fs::write(bench.path("p.toml"), PROJECT).unwrap();
    bench.run(&["run", "p.toml", "--out", "out", "--class-areas", "1"]).ended(0);
    let drawn = bench.tabulate("towns.geojson", "out/class_areas.gpkg", &[]);
    // 80 ha less the hole; 40 ha and what lies in the town of the crown across its border.
    assert_eq!(drawn.figures()[..1], ["2 canopy 790000"]);
    assert!(drawn.figures().contains(&"1 canopy 450000".to_owned()), "{drawn:#?}");
    assert_eq!(drawn.lines()[0].features, Some(1));
    let outlined = bench.tabulate(
        "towns.geojson",
        "out/class_areas.gpkg",
        &["--where", "note = 'simplified: for pictures, not for areas' and tolerance_m = 1"],
    );
    assert_eq!(outlined.figures(), drawn.figures());
}
