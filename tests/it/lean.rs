//! The lean build: what it needs, and what it says of what it cannot do.

use std::process::Command;

use crate::workbench::{FIGURES, Sheet, Workbench, at, three_patches, two_towns};

/// Libraries that every program of this system has.
const OF_EVERY_PROGRAM: [&str; 7] =
    ["libc.so", "libm.so", "libgcc_s.so", "ld-linux", "libdl.so", "libpthread.so", "librt.so"];

#[test]
#[cfg(target_os = "linux")]
fn the_program_needs_no_library_of_the_system() {
    let program = env!("CARGO_BIN_EXE_sencheng");
    let output =
        Command::new("readelf").args(["-d", program]).output().expect("readelf, which comes with cc");
    let text = String::from_utf8(output.stdout).unwrap();
    let needed: Vec<&str> = text
        .lines()
        .filter(|line| line.contains("(NEEDED)"))
        .map(|line| line.split(['[', ']']).nth(1).unwrap())
        .collect();
    assert!(!needed.is_empty(), "{text}");
    for library in needed {
        assert!(OF_EVERY_PROGRAM.iter().any(|usual| library.starts_with(usual)), "{library} is needed");
    }
}

#[test]
fn it_says_which_build_it_is() {
    let bench = Workbench::new();
    assert!(bench.run(&["--version"]).ended(0).out.contains("lean: without GDAL"));
    assert!(bench.run(&["--help"]).ended(0).out.contains("lean build"));
}

#[test]
fn every_format_that_it_writes_it_reads() {
    for zones in ["towns.geojson", "towns.gpkg", "towns.shp"] {
        for cover in ["cover.geojson", "cover.gpkg", "cover.shp"] {
            let bench = Workbench::new();
            bench.write(zones, &two_towns()).write(cover, &three_patches());
            assert_eq!(bench.tabulate(zones, cover, &[]).ended(0).figures(), FIGURES, "{zones} {cover}");
        }
    }
}

#[test]
fn a_code_is_one_whether_it_is_text_or_a_number() {
    let patch = at(0.0, 0.0, 100.0, 100.0);
    for file in ["cover.geojson", "cover.gpkg", "cover.shp"] {
        let sheets = [
            Sheet::new(Some("EPSG:4547")).text("class").with(["120".into()], &patch),
            Sheet::new(Some("EPSG:4547")).whole("class").with([120.into()], &patch),
            Sheet::new(Some("EPSG:4547")).real("class").with([120.0.into()], &patch),
        ];
        for sheet in sheets {
            let bench = Workbench::new();
            bench.write("towns.gpkg", &two_towns()).write(file, &sheet);
            let answer = bench.tabulate("towns.gpkg", file, &[]);
            assert_eq!(answer.ended(0).figures()[0], "2 120 10000", "{file}");
        }
    }
}

#[test]
fn a_layer_in_another_crs_is_brought_over() {
    let bench = Workbench::new();
    bench.write("towns.gpkg", &two_towns());
    for (crs, file) in
        [("EPSG:4490", "degrees.geojson"), ("EPSG:4526", "prefixed.gpkg"), ("EPSG:32649", "utm.shp")]
    {
        bench.write(file, &three_patches().carried_to(crs));
        let answer = bench.tabulate("towns.gpkg", file, &["--crs", "EPSG:4547"]);
        assert_eq!(answer.ended(0).figures(), FIGURES, "{crs}");
    }
}

#[test]
fn a_format_that_it_does_not_read_names_the_feature() {
    let bench = Workbench::new();
    bench.write("towns.gpkg", &two_towns());
    std::fs::write(bench.path("cover.gml"), "<gml/>").unwrap();
    std::fs::create_dir(bench.path("cover.gdb")).unwrap();
    for file in ["cover.gml", "cover.gdb"] {
        let answer = bench.tabulate("towns.gpkg", file, &[]);
        answer.refused("format-needs-gdal", &[file, "feature \"gdal\"", "--features gdal", "GeoPackage"]);
    }
}

#[test]
fn a_crs_that_it_does_not_know_names_the_feature() {
    let bench = Workbench::new();
    bench.write("towns.gpkg", &two_towns()).write("cover.shp", &three_patches());
    let answer = bench.tabulate("towns.gpkg", "cover.shp", &["--cover-crs", "EPSG:5514"]);
    answer.refused("crs-needs-gdal", &["EPSG:5514", "feature \"gdal\"", "--features gdal"]);
    let degrees = r#"GEOGCS["G",DATUM["D",SPHEROID["B",6377397.155,299.1528128]],PRIMEM["Greenwich",0],UNIT["Degree",0.0174532925199433]]"#;
    let prj = format!(r#"PROJCS["Krovak",{degrees},PROJECTION["Krovak"],UNIT["Meter",1]]"#);
    std::fs::write(bench.path("cover.prj"), prj).unwrap();
    bench.tabulate("towns.gpkg", "cover.shp", &[]).refused("crs-needs-gdal", &["Krovak"]);
    let answer = bench.tabulate("towns.gpkg", "cover.shp", &["--cover-crs", "nonsense"]);
    answer.refused("crs-unknown", &["nonsense"]);
}
