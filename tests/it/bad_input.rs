//! What is wrong with an input is said with file, feature, cause and cure, or noticed while the figure stays right.

#[cfg(feature = "gdal")]
use gdal::vector::OGRwkbGeometryType;

use crate::workbench::{FIGURES, Sheet, Workbench, X, Y, at, rectangle, three_patches, two_towns};

fn towns() -> Workbench {
    let bench = Workbench::new();
    bench.write("towns.geojson", &two_towns());
    bench
}

fn cover(crs: &str) -> Sheet {
    Sheet::new(Some(crs)).text("class")
}

// ---- Files, layers, fields

#[test]
fn a_missing_file_is_named_whichever_it_is() {
    let bench = towns();
    bench
        .tabulate("gone.gpkg", "towns.geojson", &[])
        .refused("layer-not-found", &["gone.gpkg", "check the path"]);
    bench.tabulate("towns.geojson", "away.shp", &[]).refused("layer-not-found", &["away.shp"]);
}

#[test]
fn a_file_of_another_kind_is_named_with_the_formats_that_are_read() {
    let bench = towns();
    std::fs::write(
        bench.path("letter.geojson"),
        "Dear surveyor, please find enclosed the layer of the year.",
    )
    .unwrap();
    std::fs::write(bench.path("empty.gpkg"), "").unwrap();
    std::fs::write(bench.path("archive.zip"), "PK").unwrap();
    for file in ["letter.geojson", "empty.gpkg", "archive.zip"] {
        bench.tabulate("towns.geojson", file, &[]).refused("layer-cannot-open", &[file, "GeoPackage"]);
    }
}

#[test]
fn a_missing_field_brings_the_one_that_was_meant() {
    let bench = towns();
    bench.write("cover.geojson", &three_patches());
    let by = |field: &str| {
        bench.run(&[
            "tabulate",
            "--zones",
            "towns.geojson",
            "--zone-id",
            "id",
            "--cover",
            "cover.geojson",
            "--by",
            field,
        ])
    };
    by("clas").refused("field-unknown", &["cover.geojson", "\"clas\"", "did you mean \"class\"?"]);
    by("xyz").refused("field-unknown", &["cover.geojson", "it has: class"]);
    by("CLASS").ended(0);
    let id = ["tabulate", "--zones", "towns.geojson", "--zone-id", "ID_", "--cover", "cover.geojson"];
    bench.run(&id).refused("field-unknown", &["towns.geojson", "did you mean \"id\"?"]);
    let filter = ["--where", "clasz = '111'"];
    bench.tabulate("towns.geojson", "cover.geojson", &filter).refused("field-unknown", &["clasz", "class"]);
}

#[test]
fn a_condition_that_cannot_be_read_is_shown() {
    let bench = towns();
    bench.write("cover.geojson", &three_patches());
    for condition in ["class =", "class = '111' and", "(class = '111'", "class ＝ '111'", "class = ‘111’"]
    {
        let answer = bench.tabulate("towns.geojson", "cover.geojson", &["--where", condition]);
        answer.ended(2);
        assert!(answer.err.starts_with("error["), "{condition}: {answer:#?}");
    }
}

#[test]
fn an_empty_layer_is_refused() {
    let bench = towns();
    bench.write("empty.gpkg", &cover("EPSG:4547")).write("bare.geojson", &cover("EPSG:4547"));
    bench.tabulate("towns.geojson", "empty.gpkg", &[]).refused("layer-empty", &["empty.gpkg"]);
    bench.tabulate("towns.geojson", "bare.geojson", &[]).refused("layer-empty", &["bare.geojson"]);
}

#[test]
fn of_several_layers_one_must_be_named() {
    let bench = towns();
    bench.write_several("survey.gpkg", &[three_patches().named("小班"), three_patches().named("parks")]);
    let tabulate = |more: &[&str]| bench.tabulate("towns.geojson", "survey.gpkg", more);
    tabulate(&[]).refused("layer-not-named", &["survey.gpkg", "小班, parks", "--cover-layer"]);
    tabulate(&["--cover-layer", "park"])
        .refused("layer-unknown", &["survey.gpkg", "\"park\"", "小班, parks"]);
    let answer = tabulate(&["--cover-layer", "小班"]);
    assert_eq!(answer.figures(), FIGURES);
    answer.told("warning", "overlap", &["survey.gpkg:小班"]);
}

#[test]
#[cfg(feature = "gdal")]
fn lines_and_points_are_no_cover_of_a_project_and_no_zones() {
    let bench = towns();
    let road = cover("EPSG:4547").of(OGRwkbGeometryType::wkbLineString);
    bench.write("roads.shp", &road.with(["1".into()], "LINESTRING (500000 2700000, 500100 2700100)"));
    let tree = cover("EPSG:4547").of(OGRwkbGeometryType::wkbPoint);
    bench.write("trees.gpkg", &tree.with(["1".into()], "POINT (500000 2700000)"));
    for (file, kind) in [("roads.shp", "lines"), ("trees.gpkg", "points")] {
        let project = format!(
            "schema = 1\n[zones]\nfile = \"towns.geojson\"\nid = \"id\"\n[[cover]]\nfile = \"{file}\"\nclass = \"arbor\"\n"
        );
        std::fs::write(bench.path("project.toml"), project).unwrap();
        bench.run(&["run", "project.toml", "--out", "out"]).refused("layer-not-polygons", &[file, kind]);
        bench.tabulate(file, "towns.geojson", &[]).refused("layer-not-polygons", &[file, kind]);
    }
}

#[test]
#[cfg(feature = "gdal")]
fn a_table_without_geometry_is_no_cover_and_no_zones() {
    let bench = towns();
    let table = cover("EPSG:4547").text("id").of(OGRwkbGeometryType::wkbNone);
    bench.write("table.gpkg", &table.having(["1".into(), "1".into()], None));
    bench
        .tabulate("towns.geojson", "table.gpkg", &[])
        .refused("layer-not-polygons", &["table.gpkg", "no geometry"]);
    bench
        .tabulate("table.gpkg", "towns.geojson", &[])
        .refused("layer-not-polygons", &["table.gpkg", "no geometry"]);
}

#[test]
fn patches_far_from_every_town_are_counted() {
    let bench = towns();
    bench.write("cover.gpkg", &three_patches().with(["111".into()], &at(90_000.0, 0.0, 90_100.0, 100.0)));
    let answer = bench.tabulate("towns.geojson", "cover.gpkg", &[]);
    assert_eq!(answer.ended(0).figures(), FIGURES);
    answer.told("note", "patches-elsewhere", &["cover.gpkg", "1 of 4"]);
}

#[test]
fn a_shapefile_that_was_cut_off_is_an_error_that_counts_what_is_missing() {
    let bench = towns();
    let many = (0..50).fold(cover("EPSG:4547"), |sheet, i| {
        sheet.with(["1".into()], &at(f64::from(i) * 20.0, 0.0, f64::from(i) * 20.0 + 10.0, 10.0))
    });
    bench.write("cut.shp", &many);
    let whole = std::fs::read(bench.path("cut.shp")).unwrap();
    std::fs::write(bench.path("cut.shp"), &whole[..whole.len() / 2]).unwrap();
    let answer = bench.tabulate("towns.geojson", "cut.shp", &[]);
    answer.ended(1).told("error", "geometry-unreadable", &["cut.shp", "26 features", "24, 25"]);
    std::fs::write(bench.path("cut.shp"), &whole[..60]).unwrap();
    bench.tabulate("towns.geojson", "cut.shp", &[]).refused("layer-cannot-open", &["cut.shp"]);
}

#[test]
fn a_shapefile_without_its_index_is_refused_and_nothing_is_written_beside_it() {
    let bench = towns();
    bench.write("cover.shp", &three_patches());
    std::fs::remove_file(bench.path("cover.shx")).unwrap();
    let before = bench.names();
    bench
        .tabulate("towns.geojson", "cover.shp", &[])
        .refused("layer-part-missing", &["cover.shp", "cover.shx"]);
    assert_eq!(bench.names(), before);
}

#[test]
fn a_shapefile_without_its_table_has_ground_but_no_fields() {
    let bench = towns();
    bench.write("cover.shp", &three_patches());
    std::fs::remove_file(bench.path("cover.dbf")).unwrap();
    bench.tabulate("towns.geojson", "cover.shp", &[]).refused("field-unknown", &["cover.shp", "\"class\""]);
    let arguments = ["tabulate", "--zones", "towns.geojson", "--zone-id", "id", "--cover", "cover.shp"];
    let answer = bench.run(&[&arguments[..], &["--area", "plane", "--format", "csv"]].concat());
    assert_eq!(answer.ended(0).figures()[0], "2 cover 70000");
}

#[test]
fn broken_geojson_is_named() {
    let bench = towns();
    bench.write("cover.geojson", &three_patches());
    let text = std::fs::read_to_string(bench.path("cover.geojson")).unwrap();
    std::fs::write(bench.path("half.geojson"), &text[..text.len() * 2 / 3]).unwrap();
    let answer = bench.tabulate("towns.geojson", "half.geojson", &[]);
    answer.ended(2);
    assert!(answer.err.contains("half.geojson"), "{answer:#?}");
}

// ---- Coordinate systems

#[test]
fn a_layer_without_crs_is_refused_with_the_setting_that_cures_it() {
    let bench = towns();
    let bare = Sheet::new(None).text("class");
    bench.write("cover.shp", &bare.with(["111".into()], &at(0.0, 0.0, 100.0, 100.0)));
    let answer = bench.tabulate("towns.geojson", "cover.shp", &[]);
    answer.refused("crs-missing", &["cover.shp", "--cover-crs"]);
    let answer = bench.tabulate("towns.geojson", "cover.shp", &["--cover-crs", "EPSG:4547"]);
    assert_eq!(answer.ended(0).figures()[0], "2 111 10000");
}

#[test]
fn a_crs_that_nobody_knows_is_refused() {
    let bench = towns();
    bench.write("cover.geojson", &three_patches());
    let tabulate = |more: &[&str]| bench.tabulate("towns.geojson", "cover.geojson", more);
    // Without GDAL nobody can tell a code that is rare from one that is none.
    let code = if cfg!(feature = "gdal") { "crs-unknown" } else { "crs-needs-gdal" };
    tabulate(&["--crs", "EPSG:999999"]).refused(code, &["EPSG:999999"]);
    tabulate(&["--cover-crs", "Xian"]).refused("crs-unknown", &["Xian"]);
}

#[test]
fn overlay_never_runs_in_degrees_or_in_web_mercator() {
    let bench = towns();
    bench.write("cover.geojson", &three_patches());
    let tabulate = |more: &[&str]| bench.tabulate("towns.geojson", "cover.geojson", more);
    tabulate(&["--crs", "EPSG:4490"]).refused("crs-not-projected", &["EPSG:4490", "in degrees", "4534"]);
    tabulate(&["--crs", "EPSG:3857"]).refused("crs-not-projected", &["EPSG:3857", "Web Mercator"]);
    let mercator = three_patches().carried_to("EPSG:3857");
    bench.write("web.geojson", &mercator).write("webtowns.geojson", &two_towns().carried_to("EPSG:3857"));
    let answer = bench.tabulate("webtowns.geojson", "web.geojson", &[]);
    assert!(answer.err.contains("EPSG:4547"), "{answer:#?}");
    assert_eq!(answer.ended(0).figures(), FIGURES);
}

#[test]
fn degrees_declared_as_a_plane_are_refused_with_a_proposal() {
    let bench = towns();
    bench.write("degrees.geojson", &three_patches().carried_to("EPSG:4490"));
    let answer = bench.tabulate("towns.geojson", "degrees.geojson", &["--cover-crs", "EPSG:4547"]);
    answer.refused("crs-contradicts", &["degrees.geojson", "they look like degrees", "crs = \"EPSG:4490\""]);
    bench.tabulate("towns.geojson", "degrees.geojson", &[]).ended(0);
}

#[test]
fn metres_declared_as_degrees_are_refused_with_a_proposal() {
    let bench = towns();
    bench.write("cover.geojson", &three_patches());
    let answer = bench.tabulate("towns.geojson", "cover.geojson", &["--cover-crs", "EPSG:4490"]);
    answer.refused("crs-contradicts", &["cover.geojson", "they are not degrees", "crs = \"EPSG:4547\""]);
}

#[test]
fn a_zone_prefix_clash_is_refused_both_ways() {
    let bench = towns();
    bench
        .write("cover.geojson", &three_patches())
        .write("prefixed.geojson", &three_patches().carried_to("EPSG:4526"));
    let answer = bench.tabulate("towns.geojson", "prefixed.geojson", &["--cover-crs", "EPSG:4547"]);
    answer.refused("crs-contradicts", &["prefixed.geojson", "prefix (38)", "crs = \"EPSG:4526\""]);
    let answer = bench.tabulate("towns.geojson", "cover.geojson", &["--cover-crs", "EPSG:4526"]);
    answer.refused("crs-contradicts", &["cover.geojson", "no zone prefix", "crs = \"EPSG:4547\""]);
    assert_eq!(bench.tabulate("towns.geojson", "prefixed.geojson", &[]).ended(0).figures(), FIGURES);
}

#[test]
fn swapped_axes_are_refused_in_degrees_and_in_the_plane() {
    let bench = towns();
    let north_first = rectangle(Y + 100.0, X + 100.0, Y + 300.0, X + 300.0);
    bench.write("swapped.geojson", &cover("EPSG:4547").with(["1".into()], &north_first));
    let answer = bench.tabulate("towns.geojson", "swapped.geojson", &[]);
    answer.refused("crs-contradicts", &["swapped.geojson", "northing stands before easting"]);
    bench.write(
        "swapped.gpkg",
        &cover("EPSG:4490").with(["1".into()], &rectangle(24.40, 114.0, 24.41, 114.01)),
    );
    let answer = bench.tabulate("towns.geojson", "swapped.gpkg", &[]);
    answer.refused("crs-contradicts", &["swapped.gpkg", "latitude stands before longitude"]);
}

#[test]
fn a_cover_that_misses_the_towns_is_refused_with_the_crs_that_would_fit() {
    let bench = towns();
    bench.write("cover.geojson", &three_patches());
    let answer = bench.tabulate("towns.geojson", "cover.geojson", &["--cover-crs", "EPSG:4549"]);
    answer.refused("crs-contradicts", &["cover.geojson", "nowhere near the zones", "crs = \"EPSG:4547\""]);
}

/// Its coordinates are what it says they are, in another county: no other CRS is proposed.
#[test]
fn a_cover_of_another_county_is_asked_about_and_not_given_the_crs_that_it_has() {
    let bench = towns();
    let far = Sheet::new(Some("EPSG:4547")).text("class").with(["111".into()], &at(60e3, 0.0, 61e3, 1e3));
    bench.write("far.geojson", &far);
    let answer = bench.tabulate("towns.geojson", "far.geojson", &[]);
    answer.refused("crs-contradicts", &["far.geojson", "nowhere near the zones", "which county"]);
    assert!(!answer.err.contains("crs = \"EPSG:4547\""), "{}", answer.err);
}

#[test]
fn another_datum_is_refused_until_somebody_says_how_it_relates() {
    let bench = towns();
    // Xian 1980 (GK CM 114E) and Beijing 1954 (3-degree GK CM 114E), and Xian 1980 in degrees.
    for (name, crs) in [("xian", "EPSG:2383"), ("beijing", "EPSG:2435"), ("xian-degrees", "EPSG:4610")] {
        let file = format!("{name}.shp");
        let patch = match crs {
            "EPSG:4610" => rectangle(114.0, 24.40, 114.005, 24.405),
            _ => at(100.0, 100.0, 300.0, 300.0),
        };
        bench.write(&file, &cover(crs).with(["1".into()], &patch));
        let answer = bench.tabulate("towns.geojson", &file, &["--crs", "EPSG:4547"]);
        answer.refused("datum-other", &[&file, "china2000 (EPSG:4547)", "datum_shift", "towgs84"]);
        let answer = bench.tabulate("towns.geojson", &file, &["--datum-shift", "none"]);
        answer.ended(0);
        assert!(answer.lines()[0].area_m2 > 39_000.0, "{answer:#?}");
    }
}

#[test]
fn cgcs2000_and_wgs_84_are_taken_as_equal_and_that_is_said_once() {
    let bench = towns();
    bench.write("wgs84.geojson", &three_patches().carried_to("EPSG:4326"));
    let answer = bench.tabulate("towns.geojson", "wgs84.geojson", &[]);
    assert_eq!(answer.ended(0).figures(), FIGURES);
    answer.told("note", "datums-equal", &["wgs1984", "china2000"]);
    assert_eq!(answer.err.matches("datums-equal").count(), 1);
}

// ---- Zones

#[test]
fn one_code_in_two_towns_is_refused_and_merged_when_asked() {
    let bench = towns();
    bench.write("cover.geojson", &three_patches());
    let towns = Sheet::new(Some("EPSG:4547")).text("id").text("name");
    let towns = towns
        .with(["城关镇".into(), "甲县".into()], &at(0.0, 0.0, 1000.0, 1000.0))
        .with(["城关镇".into(), "乙县".into()], &at(1000.0, 0.0, 2000.0, 1000.0));
    bench.write("same.geojson", &towns);
    let answer = bench.tabulate("same.geojson", "cover.geojson", &["--zone-name", "name"]);
    answer.refused("zone-code-shared", &["same.geojson", "城关镇", "甲县", "乙县", "--merge-zones"]);
    let answer = bench.tabulate("same.geojson", "cover.geojson", &["--merge-zones"]);
    let expected = ["城关镇 111 60000", "城关镇 120 20000", "城关镇 (none) 1920000"];
    assert_eq!(answer.ended(0).figures(), expected);
}

#[test]
fn a_town_without_code_is_refused() {
    let bench = towns();
    bench.write("cover.geojson", &three_patches());
    let towns = Sheet::new(Some("EPSG:4547")).text("id");
    let towns = towns
        .with(["1".into()], &at(0.0, 0.0, 1000.0, 1000.0))
        .with([crate::workbench::Cell::Null], &at(1000.0, 0.0, 2000.0, 1000.0));
    bench.write("nameless.geojson", &towns);
    let answer = bench.tabulate("nameless.geojson", "cover.geojson", &[]);
    answer.refused("zone-without-code", &["nameless.geojson", "feature 1", "\"id\""]);
}

#[test]
fn a_town_that_crosses_itself_is_repaired_and_its_figures_are_right() {
    let bench = Workbench::new();
    // A bow-tie of two triangles of 250 000 m2, and a cover over all of it.
    let bowtie = format!(
        "POLYGON (({X} {Y},{} {},{} {Y},{X} {},{X} {Y}))",
        X + 1000.0,
        Y + 1000.0,
        X + 1000.0,
        Y + 1000.0
    );
    bench.write("towns.gpkg", &Sheet::new(Some("EPSG:4547")).text("id").with(["1".into()], &bowtie));
    bench.write("cover.gpkg", &cover("EPSG:4547").with(["111".into()], &at(-100.0, -100.0, 500.0, 1100.0)));
    let answer = bench.tabulate("towns.gpkg", "cover.gpkg", &[]);
    assert_eq!(answer.ended(0).figures(), ["1 111 250000", "1 (none) 250000"]);
    answer.told("warning", "zone-repaired", &["towns.gpkg", "1:"]);
}

#[test]
fn towns_that_overlap_are_each_measured_whole() {
    let bench = Workbench::new();
    let towns = Sheet::new(Some("EPSG:4547")).text("id");
    let towns = towns
        .with(["1".into()], &at(0.0, 0.0, 1000.0, 1000.0))
        .with(["2".into()], &at(500.0, 0.0, 1500.0, 1000.0));
    bench.write("towns.geojson", &towns);
    bench.write("cover.geojson", &cover("EPSG:4547").with(["k".into()], &at(600.0, 0.0, 700.0, 100.0)));
    let answer = bench.tabulate("towns.geojson", "cover.geojson", &[]);
    assert_eq!(answer.ended(0).figures(), ["1 k 10000", "1 (none) 990000", "2 k 10000", "2 (none) 990000"]);
    answer.told("warning", "zones-overlap", &["towns.geojson", "1 and 2", "500000"]);
}

#[test]
fn a_town_without_geometry_has_no_ground_and_that_is_an_error() {
    let bench = Workbench::new();
    let towns = Sheet::new(Some("EPSG:4547")).text("id");
    let towns = towns.with(["1".into()], &at(0.0, 0.0, 1000.0, 1000.0)).having(["2".into()], None);
    bench.write("towns.gpkg", &towns).write("cover.geojson", &three_patches());
    let answer = bench.tabulate("towns.gpkg", "cover.geojson", &[]);
    answer.ended(1).told("error", "zone-empty", &["towns.gpkg", "zone 2"]);
    assert_eq!(answer.figures()[0], "1 111 60000");
}

#[test]
fn zones_of_a_continent_are_refused() {
    let bench = Workbench::new();
    let towns = Sheet::new(Some("EPSG:4547")).text("id");
    bench.write("asia.geojson", &towns.with(["1".into()], &at(-3e6, -2e6, 3e6, 2e6)));
    bench.write("cover.geojson", &three_patches());
    bench
        .tabulate("asia.geojson", "cover.geojson", &[])
        .refused("zones-too-vast", &["asia.geojson", "6000 by 4000"]);
}

// ---- Features

#[test]
fn a_patch_as_large_as_a_continent_costs_a_town_no_more_than_its_own_ground() {
    let bench = towns();
    bench.write("sea.geojson", &cover("EPSG:4547").with(["1".into()], &at(-3e6, -2e6, 500.0, 2e6)));
    let answer = bench.tabulate("towns.geojson", "sea.geojson", &[]);
    assert_eq!(answer.ended(0).figures(), ["2 1 500000", "2 (none) 500000", "1 1 0", "1 (none) 1000000"]);
}

#[test]
fn a_feature_without_geometry_covers_nothing_and_is_named() {
    let bench = towns();
    let sheet = three_patches().having(["111".into()], None);
    bench.write("cover.gpkg", &sheet);
    let answer = bench.tabulate("towns.geojson", "cover.gpkg", &[]);
    assert_eq!(answer.ended(0).figures(), FIGURES);
    answer.told("warning", "geometry-empty", &["cover.gpkg", "1 features"]);
    assert!(!answer.err.contains("patches-elsewhere"), "{answer:#?}");
}

#[test]
fn features_without_class_value_are_a_class_of_their_own() {
    let bench = towns();
    let sheet = three_patches().with([crate::workbench::Cell::Null], &at(0.0, 800.0, 100.0, 900.0));
    bench.write("cover.gpkg", &sheet);
    let answer = bench.tabulate("towns.geojson", "cover.gpkg", &[]);
    let figures = answer.ended(0).figures();
    assert_eq!(figures[..4], ["2 111 60000", "2 120 10000", "2 (null) 10000", "2 (none) 920000"]);
}

/// A coordinate that stands for one no writer of layers would write.
const ODD: f64 = 500_123.456_789;

/// A square of 100 m with one vertex at [`ODD`].
fn odd_square() -> String {
    format!("POLYGON (({X} {Y},{} {Y},{ODD} {},{X} {},{X} {Y}))", X + 100.0, Y + 50.0, Y + 100.0)
}

/// One of each format that holds any number.
#[cfg(feature = "gdal")]
const FILES: [&str; 3] = ["cover.shp", "cover.gpkg", "cover.fgb"];
#[cfg(not(feature = "gdal"))]
const FILES: [&str; 2] = ["cover.shp", "cover.gpkg"];

const NO_PLACE: [f64; 5] = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e300, -1e12];

#[test]
fn a_vertex_that_is_no_place_drops_its_feature_with_an_error() {
    for (x, file) in NO_PLACE.into_iter().flat_map(|x| FILES.map(|f| (x, f))) {
        let bench = towns();
        bench.write(file, &three_patches().with(["111".into()], &odd_square()));
        bench.forge(file, ODD, x);
        let answer = bench.tabulate("towns.geojson", file, &[]);
        assert_eq!(answer.code, Some(1), "{x} in {file}: {answer:#?}");
        assert_eq!(answer.figures(), FIGURES, "{x} in {file}");
        answer.told("error", "vertex-impossible", &[file, "left out"]);
    }
}

#[test]
fn a_town_with_a_vertex_that_is_no_place_is_never_left_out_in_silence() {
    for x in NO_PLACE {
        let bench = Workbench::new();
        let towns = Sheet::new(Some("EPSG:4547")).text("id");
        let towns = towns.with(["1".into()], &at(0.0, 0.0, 1000.0, 1000.0)).with(["2".into()], &odd_square());
        bench.write("towns.shp", &towns).write("cover.geojson", &three_patches());
        bench.forge("towns.shp", ODD, x);
        let answer = bench.tabulate("towns.shp", "cover.geojson", &[]);
        assert_eq!(answer.code, Some(1), "{x}: {answer:#?}");
        answer.told("error", "vertex-impossible", &["towns.shp", "2"]);
    }
}

#[test]
fn broken_rings_are_repaired_and_named() {
    let bench = towns();
    let (w, s) = (X + 100.0, Y + 100.0);
    let bowtie = format!(
        "POLYGON (({w} {s},{} {},{} {s},{w} {},{w} {s}))",
        w + 100.0,
        s + 100.0,
        w + 100.0,
        s + 100.0
    );
    bench.write("cover.gpkg", &cover("EPSG:4547").with(["k".into()], &bowtie));
    let answer = bench.tabulate("towns.geojson", "cover.gpkg", &[]);
    assert_eq!(answer.ended(0).figures()[0], "2 k 5000");
    answer.told("warning", "ring-repaired", &["cover.gpkg", "patch 1"]);
}

#[test]
fn patches_with_the_same_corners_are_not_identical_for_that() {
    let bench = towns();
    let [a, b, c, inner] = [(0.0, 0.0), (100.0, 0.0), (0.0, 100.0), (20.0, 20.0)];
    let dart = |corners: [(f64, f64); 5]| {
        let corners = corners.map(|(x, y)| format!("{} {}", X + x, Y + y));
        format!("POLYGON (({}))", corners.join(","))
    };
    let darts = cover("EPSG:4547")
        .with(["k".into()], &dart([a, inner, b, c, a]))
        .with(["k".into()], &dart([a, b, inner, c, a]));
    bench.write("cover.gpkg", &darts);
    let answer = bench.tabulate("towns.geojson", "cover.gpkg", &[]);
    assert_eq!(answer.ended(0).figures()[0], "2 k 5000");
    answer.told("warning", "overlap", &["1 and 2", "1000"]);
    assert!(!answer.err.contains("identical"), "{answer:#?}");
}

#[test]
fn patches_of_one_and_the_same_ground_are_one_group() {
    let bench = towns();
    let patch = at(0.0, 0.0, 100.0, 100.0);
    let turned = format!("POLYGON (({0} {3},{0} {1},{2} {1},{2} {3},{0} {3}))", X, Y, X + 100.0, Y + 100.0);
    let sheet = [&patch, &turned, &patch].iter().fold(cover("EPSG:4547"), |s, wkt| s.with(["k".into()], wkt));
    bench.write("cover.gpkg", &sheet);
    let answer = bench.tabulate("towns.geojson", "cover.gpkg", &[]);
    assert_eq!(answer.ended(0).figures()[0], "2 k 10000");
    answer.told("warning", "identical", &["3 patches", "1, 2, 3"]);
    assert!(!answer.err.contains("[overlap]"), "{answer:#?}");
}

#[test]
#[cfg(feature = "gdal")]
fn polygons_are_taken_out_of_collections() {
    let bench = towns();
    let wkt = format!(
        "GEOMETRYCOLLECTION (POINT ({X} {Y}), {}, {})",
        at(0.0, 0.0, 10.0, 10.0),
        at(20.0, 0.0, 30.0, 10.0)
    );
    let sheet = cover("EPSG:4547").of(OGRwkbGeometryType::wkbUnknown);
    let line = format!("LINESTRING ({X} {Y}, {} {Y})", X + 50.0);
    bench.write("cover.geojson", &sheet.with(["k".into()], &wkt).with(["k".into()], &line));
    let answer = bench.tabulate("towns.geojson", "cover.geojson", &[]);
    assert_eq!(answer.ended(0).figures()[0], "2 k 200");
    answer.told("warning", "geometry-not-polygon", &["cover.geojson", "1 features"]);
}

// ---- Codes

#[test]
fn codes_of_a_real_typed_field_have_no_decimals() {
    let bench = Workbench::new();
    let towns = Sheet::new(Some("EPSG:4547")).real("id");
    bench.write("towns.shp", &towns.with([441_624.0.into()], &at(0.0, 0.0, 1000.0, 1000.0)));
    let sheet = Sheet::new(Some("EPSG:4547")).real("class");
    let sheet = sheet
        .with([1110.0.into()], &at(0.0, 0.0, 10.0, 10.0))
        .with([111.0.into()], &at(20.0, 0.0, 30.0, 10.0))
        .with([20.0.into()], &at(40.0, 0.0, 50.0, 10.0));
    bench.write("cover.gpkg", &sheet);
    let answer = bench.tabulate("towns.shp", "cover.gpkg", &[]);
    let expected = ["441624 20 100", "441624 111 100", "441624 1110 100", "441624 (none) 999700"];
    assert_eq!(answer.ended(0).figures(), expected);
}
