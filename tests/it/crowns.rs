//! Crowns of single trees by hand: discs alone, over each other, over canopy of polygons and cells, across a border.

use std::f64::consts::PI;

use geos::{Geom, Geometry};

use crate::differential::surveys::Dice;
use crate::geotiff::reals;
use crate::oracle::unite;
use crate::workbench::{Answer, Sheet, Workbench, X, Y, at, rectangle, two_towns};

/// Points as a layer, each with a name, a diameter as JSON writes it, and its places in metres from the usual corner.
fn trees(crs: u32, [x, y]: [f64; 2], features: &[(&str, &str, &[[f64; 2]])]) -> String {
    let feature = |(name, diameter, places): &(&str, &str, &[[f64; 2]])| {
        let places: Vec<String> =
            places.iter().map(|[east, north]| format!("[{},{}]", x + east, y + north)).collect();
        format!(
            r#"{{"type":"Feature","properties":{{"id":"{name}","GUANFU":{diameter}}},"geometry":{{"type":"MultiPoint","coordinates":[{}]}}}}"#,
            places.join(",")
        )
    };
    format!(
        r#"{{"type":"FeatureCollection","crs":{{"type":"name","properties":{{"name":"urn:ogc:def:crs:EPSG::{crs}"}}}},"features":[{}]}}"#,
        features.iter().map(feature).collect::<Vec<_>>().join(",")
    )
}

const ZONES: &str = "schema = 1\n[zones]\nfile = \"towns.geojson\"\nid = \"id\"\nname = \"name\"\n\n";
const CROWNS: &str = "[[cover]]\nname = \"trees\"\nfile = \"trees.geojson\"\ncrown_field = \"GUANFU\"\n\
    id_field = \"id\"\nclass = \"canopy\"\n\n";
const CANOPY: &str = "[[cover]]\nname = \"canopy\"\nfile = \"canopy.geojson\"\nclass = \"canopy\"\n\n\
    [[cover]]\nname = \"heights\"\nraster = \"chm.tif\"\nkind = \"chm\"\nclass = \"canopy\"\n\n";

fn bench(features: &[(&str, &str, &[[f64; 2]])]) -> Workbench {
    let bench = Workbench::new();
    bench.write("towns.geojson", &two_towns());
    std::fs::write(bench.path("trees.geojson"), trees(4547, [X, Y], features)).unwrap();
    bench
}

fn run(bench: &Workbench, project: &str) -> Answer {
    std::fs::write(bench.path("p.toml"), project).unwrap();
    bench.run(&["run", "p.toml", "--out", "out", "--lang", "en"])
}

/// A number of the row of canopy of one town in `coverage.csv`, by column.
fn canopy(bench: &Workbench, town: &str, column: &str) -> f64 {
    let mut table = csv::Reader::from_path(bench.path("out/coverage.csv")).unwrap();
    let at = table.headers().unwrap().iter().position(|name| name == column).unwrap();
    let mut rows = table.records().map(Result::unwrap);
    let row = rows.find(|row| &row[1] == town && &row[4] == "canopy").unwrap();
    row[at].parse().unwrap()
}

#[track_caller]
fn near(got: f64, wanted: f64, share: f64) {
    assert!((got / wanted - 1.0).abs() < share, "{got} is not {wanted}");
}

/// The ground that two discs of one radius have in common, their centres some way apart.
fn lens(r: f64, apart: f64) -> f64 {
    2.0 * r * r * (apart / 2.0 / r).acos() - apart / 2.0 * (4.0 * r * r - apart * apart).sqrt()
}

/// What lies beyond a line of a disc whose centre is so far before it.
fn beyond(r: f64, before: f64) -> f64 {
    r * r * (before / r).acos() - before * (r * r - before * before).sqrt()
}

#[test]
fn crowns_are_discs_united_with_each_other_and_with_canopy_of_polygons_and_cells() {
    let bench = bench(&[
        ("alone", "10", &[[100.0, 100.0]]),
        ("pair", "10", &[[200.0, 100.0]]),
        ("of it", "\"10.0\"", &[[206.0, 100.0]]),
        ("two trunks", "10", &[[700.0, 300.0], [703.0, 300.0]]),
        ("over a patch", "10", &[[320.0, 100.0]]),
        ("over cells", "10", &[[600.0, 950.0]]),
        ("among cells", "40", &[[550.0, 950.0]]),
        ("from beyond the county", "10", &[[-3.0, 500.0]]),
        ("on the border", "8", &[[1000.0, 500.0]]),
    ]);
    let patch = Sheet::new(Some("EPSG:4547")).text("id").with(["a".into()], &at(300.0, 90.0, 320.0, 110.0));
    bench.write("canopy.geojson", &patch);
    let cells: Vec<f32> = (0..200).map(|cell| if cell == 5 { 3.0 } else { 0.5 }).collect();
    std::fs::write(bench.path("chm.tif"), reals(20, &cells, [X, Y + 1000.0], 100.0, "-9")).unwrap();
    let answer = run(&bench, &format!("{ZONES}{CROWNS}{CANOPY}"));
    assert!(!answer.ended(0).err.contains("[overlap"), "that crowns meet is no fault: {answer:#?}");
    let disc = 25.0 * PI;
    let discs = disc + (2.0 * disc - lens(5.0, 6.0)) + (2.0 * disc - lens(5.0, 3.0)) + disc / 2.0 * 2.0;
    let west = discs + 400.0 + 10_000.0 + beyond(5.0, 3.0) + 8.0 * PI;
    near(canopy(&bench, "2", "net_m2"), west, 1e-6);
    near(canopy(&bench, "1", "net_m2"), 8.0 * PI, 1e-6);
    // Without the other sources each crown counts whole: all discs, and the one among the cells.
    run(&bench, &format!("{ZONES}{CROWNS}")).ended(0);
    let alone = discs + disc + 400.0 * PI + beyond(5.0, 3.0) + 8.0 * PI;
    near(canopy(&bench, "2", "net_m2"), alone, 1e-4);
}

/// Four hundred crowns and twenty patches anyhow over each other, against discs of a thousand corners united by GEOS.
#[test]
fn crowns_at_random_have_the_ground_that_geos_gives_them() {
    let dice = &mut Dice(37_342);
    let tree = |dice: &mut Dice| {
        let place = [dice.between(-5.0, 2005.0), dice.between(-5.0, 200.0)];
        ([place], (dice.between(2.0, 20.0) * 10.0).round() / 10.0)
    };
    let drawn: Vec<([[f64; 2]; 1], f64)> = (0..400).map(|_| tree(dice)).collect();
    let diameters: Vec<String> = drawn.iter().map(|(_, diameter)| diameter.to_string()).collect();
    let features =
        drawn.iter().zip(&diameters).map(|((place, _), diameter)| ("t", diameter.as_str(), &place[..]));
    let bench = bench(&features.collect::<Vec<_>>());
    let mut sheet = Sheet::new(Some("EPSG:4547")).text("id");
    let mut grounds: Vec<Geometry> = Vec::new();
    for _ in 0..20 {
        let [w, s] = [dice.between(0.0, 1900.0), dice.between(0.0, 150.0)];
        let [e, n] = [w + dice.between(5.0, 80.0), s + dice.between(5.0, 40.0)];
        sheet = sheet.with(["p".into()], &at(w, s, e, n));
        grounds.push(Geometry::new_from_wkt(&rectangle(w, s, e, n)).unwrap());
    }
    bench.write("canopy.geojson", &sheet);
    for ([[x, y]], diameter) in &drawn {
        let place = Geometry::new_from_wkt(&format!("POINT ({x} {y})")).unwrap();
        grounds.push(place.buffer(diameter / 2.0, 256).unwrap());
    }
    let polygons = CANOPY.split("\n\n").next().unwrap();
    run(&bench, &format!("{ZONES}{CROWNS}{polygons}\n")).ended(0);
    let united = unite(grounds);
    for (town, west) in [("2", 0.0), ("1", 1000.0)] {
        let zone = Geometry::new_from_wkt(&rectangle(west, 0.0, west + 1000.0, 1000.0)).unwrap();
        let wanted = united.intersection(&zone).unwrap().area().unwrap();
        assert!(wanted > 10_000.0, "{wanted}");
        near(canopy(&bench, town, "net_m2"), wanted, 1e-5);
    }
}

/// A degree and a half from the meridian of the plane a metre of ground is 1.0003 m of it.
#[test]
fn a_crown_is_a_disc_on_the_ground_wherever_the_plane_stretches_it() {
    let bench = Workbench::new();
    let (x, y) = (650_000.0, 2_700_000.0);
    let towns = Sheet::new(Some("EPSG:4547")).text("id").text("name");
    let towns = towns.with(["1".into(), "镇".into()], &rectangle(x, y, x + 1000.0, y + 1000.0));
    bench.write("towns.geojson", &towns);
    std::fs::write(bench.path("trees.geojson"), trees(4547, [x, y], &[("a", "40", &[[500.0, 500.0]])]))
        .unwrap();
    run(&bench, &format!("{ZONES}{CROWNS}")).ended(0);
    near(canopy(&bench, "1", "net_m2"), 400.0 * PI, 1e-6);
    let stretched = canopy(&bench, "1", "plane_m2") / (400.0 * PI);
    assert!((1.0005..1.0007).contains(&stretched), "{stretched}");
}

#[test]
fn trees_without_a_usable_diameter_are_counted_and_named_and_have_no_crown() {
    let bench = bench(&[
        ("good", "40", &[[100.0, 100.0]]),
        ("unmeasured", "null", &[[200.0, 100.0]]),
        ("nought", "0", &[[300.0, 100.0]]),
        ("negative", "-4", &[[400.0, 100.0]]),
        ("in centimetres", "450", &[[500.0, 100.0]]),
        ("in words", "\"四米\"", &[[600.0, 100.0]]),
    ]);
    let answer = run(&bench, &format!("{ZONES}{CROWNS}"));
    answer.ended(0);
    near(canopy(&bench, "2", "net_m2"), 400.0 * PI, 1e-7);
    answer.told("warning", "crown-missing", &["trees.geojson", "1 trees", "unmeasured", "GUANFU"]);
    answer.told("warning", "crown-not-positive", &["2 trees", "nought, negative"]);
    answer.told("warning", "crown-too-large", &["1 trees", "in centimetres", "40 m"]);
    answer.told("warning", "crown-not-number", &["1 trees", "in words"]);
    // A larger limit lets it be a crown.
    run(&bench, &format!("{ZONES}{}", CROWNS.replace("id_field", "crown_most_m = 39.5\nid_field"))).told(
        "warning",
        "crown-too-large",
        &["2 trees", "good, in centimetres"],
    );
}

#[test]
fn a_tree_that_is_drawn_twice_counts_once_and_is_told() {
    let place: [[f64; 2]; 1] = [[300.0, 300.0]];
    let bench = bench(&[("a", "10", &place), ("b", "10", &place)]);
    let answer = run(&bench, &format!("{ZONES}{CROWNS}"));
    answer.told("warning", "identical", &["2 patches", "a, b"]);
    near(canopy(&bench, "2", "net_m2"), 25.0 * PI, 1e-6);
}

#[test]
fn more_than_ten_trees_without_a_crown_are_counted_and_the_first_ten_named() {
    let names: Vec<String> = (1..=25).map(|k| format!("t{k}")).collect();
    let places: [[f64; 2]; 1] = [[500.0, 500.0]];
    let features: Vec<(&str, &str, &[[f64; 2]])> =
        names.iter().map(|name| (name.as_str(), "null", places.as_slice())).collect();
    let answer = run(&bench(&features), &format!("{ZONES}{CROWNS}"));
    answer.told("warning", "crown-missing", &["25 trees", "t1, t2,", "t10, …"]);
    assert!(!answer.err.contains("t11"), "{answer:#?}");
}

#[test]
fn crowns_of_polygons_or_of_no_such_field_are_refused_and_so_are_points_without_crowns() {
    let bench = bench(&[("a", "10", &[[100.0, 100.0]])]);
    let without = CROWNS.replace("crown_field = \"GUANFU\"\n", "");
    run(&bench, &format!("{ZONES}{without}")).refused("layer-not-polygons", &["trees", "crown_field"]);
    let other = CROWNS.replace("GUANFU", "GUANFOO");
    run(&bench, &format!("{ZONES}{other}")).refused("field-unknown", &["GUANFOO", "GUANFU"]);
    let polygons = CROWNS.replace("trees.geojson", "towns.geojson").replace("GUANFU", "id");
    run(&bench, &format!("{ZONES}{polygons}")).refused("layer-not-points", &["towns"]);
    for (wrong, named) in [
        ("crown_most_m = 40\n", "crown_most_m"),
        ("crown_field = \"GUANFU\"\ncrown_most_m = 0\n", "crown_most_m"),
    ] {
        let cover = CROWNS.replace("crown_field = \"GUANFU\"\n", wrong);
        let answer = run(&bench, &format!("{ZONES}{cover}"));
        assert!(answer.code == Some(2) && answer.err.contains(named), "{answer:#?}");
    }
    let raster = CROWNS.replace("file = \"trees.geojson\"", "raster = \"chm.tif\"\nkind = \"chm\"");
    let answer = run(&bench, &format!("{ZONES}{raster}"));
    assert!(answer.code == Some(2) && answer.err.contains("crown_field"), "{answer:#?}");
}
