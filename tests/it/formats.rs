//! One small survey in every format that is read: the same figures from each.

use std::io::Write;
use std::path::Path;

use gdal::vector::OGRwkbGeometryType;

use crate::workbench::{Cell, FIGURES, Sheet, Workbench, X, Y, at, three_patches, two_towns};

fn towns() -> Workbench {
    let bench = Workbench::new();
    bench.write("towns.geojson", &two_towns());
    bench
}

#[test]
fn every_format_gives_the_same_figures() {
    for file in ["cover.shp", "cover.gpkg", "cover.geojson", "cover.fgb", "cover.gdb", "cover.gml"] {
        let bench = towns();
        bench.write(file, &three_patches());
        assert_eq!(bench.tabulate("towns.geojson", file, &[]).ended(0).figures(), FIGURES, "{file}");
    }
}

#[test]
fn every_format_serves_as_zones() {
    for file in ["towns.shp", "towns.gpkg", "towns.fgb", "towns.gdb", "towns.gml"] {
        let bench = Workbench::new();
        // FlatGeobuf reorders features for its index unless told not to.
        let in_order: &[&str] = if file.ends_with(".fgb") { &["SPATIAL_INDEX=NO"] } else { &[] };
        bench.write_with(file, &two_towns(), in_order).write("cover.geojson", &three_patches());
        assert_eq!(bench.tabulate(file, "cover.geojson", &[]).ended(0).figures(), FIGURES, "{file}");
    }
}

#[test]
fn kml_gives_the_same_figures_through_degrees() {
    let bench = towns();
    bench.write("cover.kml", &three_patches().carried_to("EPSG:4326"));
    let answer = bench.tabulate("towns.geojson", "cover.kml", &[]);
    // KML stores degrees to 15 digits, so a millimetre is not lost.
    assert_eq!(answer.ended(0).figures(), FIGURES);
}

/// Packs the files of a folder whose names begin so into an archive.
fn zip(bench: &Workbench, archive: &str, beginning: &str, folder: &str) {
    let mut zip = zip::ZipWriter::new(std::fs::File::create(bench.path(archive)).unwrap());
    for name in bench.names().iter().filter(|name| name.starts_with(beginning)) {
        let inside = Path::new(folder).join(name).to_string_lossy().into_owned();
        zip.start_file(inside, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(&std::fs::read(bench.path(name)).unwrap()).unwrap();
    }
    zip.finish().unwrap();
}

#[test]
fn a_zipped_shapefile_is_read_without_unpacking() {
    for folder in ["", "分布图/"] {
        let bench = towns();
        bench.write("cover.shp", &three_patches());
        zip(&bench, "survey.zip", "cover.", folder);
        let before = bench.names();
        assert_eq!(bench.tabulate("towns.geojson", "survey.zip", &[]).ended(0).figures(), FIGURES);
        assert_eq!(bench.names(), before);
    }
}

#[test]
fn of_several_shapefiles_in_an_archive_one_must_be_named() {
    let bench = towns();
    bench.write("cover.shp", &three_patches()).write("couch.shp", &three_patches());
    zip(&bench, "survey.zip", "co", "");
    bench
        .tabulate("towns.geojson", "survey.zip", &[])
        .refused("layer-not-named", &["survey.zip", "couch, cover"]);
    let answer = bench.tabulate("towns.geojson", "survey.zip", &["--cover-layer", "cover"]);
    assert_eq!(answer.ended(0).figures(), FIGURES);
}

/// Chinese classes in a shapefile whose table is in GBK.
fn in_gbk(bench: &Workbench) {
    let sheet = Sheet::new(Some("EPSG:4547")).text("class");
    let sheet = sheet
        .with(["乔木林地".into()], &at(0.0, 0.0, 100.0, 100.0))
        .with(["竹林地".into()], &at(200.0, 0.0, 300.0, 100.0));
    bench.write_with("小班.shp", &sheet, &["ENCODING=GBK"]);
}

#[test]
fn chinese_text_is_right_whatever_the_shapefile_says_of_it() {
    let expected = ["2 乔木林地 10000", "2 竹林地 10000", "2 (none) 980000"];
    let figures = |bench: &Workbench, more: &[&str]| {
        let answer = bench.tabulate("towns.geojson", "小班.shp", more);
        answer.ended(0).figures()[..3].to_vec()
    };
    let bench = towns();
    in_gbk(&bench);
    assert_eq!(figures(&bench, &[]), expected, "as GDAL wrote it");
    let _ = std::fs::remove_file(bench.path("小班.cpg"));
    let mut table = std::fs::read(bench.path("小班.dbf")).unwrap();
    assert!(!String::from_utf8_lossy(&table).contains("竹林地"), "the table is in GBK");
    for language_byte in [0x00, 0x4D, 0x57, 0x03] {
        table[29] = language_byte;
        std::fs::write(bench.path("小班.dbf"), &table).unwrap();
        assert_eq!(figures(&bench, &[]), expected, "without .cpg, language byte {language_byte:#x}");
    }
    assert_eq!(figures(&bench, &["--cover-encoding", "GBK"]), expected);
    assert_eq!(figures(&bench, &["--where", "class = '竹林地'"])[0], "2 竹林地 10000");
    std::fs::write(bench.path("小班.cpg"), "UTF-8").unwrap();
    assert_eq!(figures(&bench, &[]), expected, "with a .cpg that is wrong");
}

#[test]
fn whole_real_and_text_codes_of_one_value_are_one_class() {
    let patch = at(0.0, 0.0, 100.0, 100.0);
    let sheets = [
        Sheet::new(Some("EPSG:4547")).text("class").with(["120".into()], &patch),
        Sheet::new(Some("EPSG:4547")).whole("class").with([Cell::Whole(120)], &patch),
        Sheet::new(Some("EPSG:4547")).real("class").with([Cell::Real(120.0)], &patch),
    ];
    for sheet in sheets {
        let bench = towns();
        bench.write("cover.gpkg", &sheet);
        assert_eq!(bench.tabulate("towns.geojson", "cover.gpkg", &[]).ended(0).figures()[0], "2 120 10000");
    }
}

#[test]
fn z_and_m_are_dropped() {
    let bench = towns();
    let wkt = format!(
        "POLYGON ZM (({X} {Y} 5 1,{} {Y} 6 2,{} {} 7 3,{X} {} 8 4,{X} {Y} 5 1))",
        X + 100.0,
        X + 100.0,
        Y + 100.0,
        Y + 100.0
    );
    let sheet = Sheet::new(Some("EPSG:4547")).text("class").of(OGRwkbGeometryType::wkbPolygonZM);
    for file in ["cover.shp", "cover.gpkg", "cover.fgb"] {
        bench.write(file, &sheet.clone().with(["k".into()], &wkt));
        assert_eq!(bench.tabulate("towns.geojson", file, &[]).ended(0).figures()[0], "2 k 10000", "{file}");
    }
}

#[test]
fn a_circle_is_measured_to_a_millimetre_of_its_arc() {
    const RADIUS: f64 = 300.0;
    let (x, y) = (X + 500.0, Y + 500.0);
    let circle = format!(
        "CURVEPOLYGON (CIRCULARSTRING ({} {y},{x} {},{} {y},{x} {},{} {y}))",
        x - RADIUS,
        y + RADIUS,
        x + RADIUS,
        y - RADIUS,
        x - RADIUS
    );
    let sheet = Sheet::new(Some("EPSG:4547")).text("class").of(OGRwkbGeometryType::wkbCurvePolygon);
    let sheet = sheet.having(["k".into()], Some(&circle));
    for file in ["cover.gpkg", "cover.gml"] {
        let bench = towns();
        bench.write(file, &sheet);
        let answer = bench.tabulate("towns.geojson", file, &[]);
        answer.ended(0).told("note", "curves-linearised", &[file, "1 mm"]);
        let short_m2 = std::f64::consts::PI * RADIUS * RADIUS - answer.lines()[0].area_m2;
        // A chord no farther than 1 mm from its arc loses at most two thirds of that along the whole rim.
        let most_m2 = 2.0 / 3.0 * 0.001 * std::f64::consts::TAU * RADIUS;
        assert!((0.0..=most_m2 * 1.01).contains(&short_m2), "{file}: {short_m2} of at most {most_m2}");
    }
}
