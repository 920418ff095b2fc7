//! Masks of covers of cells: areas by hand, and against a count of square metres.

use crate::raster_covers::{PROJECT, coverage, heights, striped};
use crate::workbench::{Sheet, Workbench, at};

fn polygons(wkt: &[String]) -> Sheet {
    let sheet = Sheet::new(Some("EPSG:4547")).whole("id");
    wkt.iter().zip(1i64..).fold(sheet, |sheet, (wkt, id)| sheet.with([id.into()], wkt))
}

/// Heights alone, or beside crowns, with a mask.
fn masked(bench: &Workbench, crowns: bool, mask: &str) -> String {
    let project = PROJECT.replace("kind = \"chm\"", &format!("kind = \"chm\"\nmask = [{mask}]"));
    let (before, after) = project.split_once("[[cover]]\nname = \"crowns\"").unwrap();
    let (_, strata) = after.split_once("[[stratum]]").unwrap();
    let alone = format!("{before}[[stratum]]{strata}");
    let text = if crowns { project.clone() } else { alone };
    std::fs::write(bench.path("p.toml"), &text).unwrap();
    text
}

/// Hectares of canopy and of unmapped ground of a town.
fn canopy(bench: &Workbench, town: &str) -> (f64, f64) {
    let rows = coverage(bench, town);
    let of = |class: &str| rows.iter().find(|(known, _)| known == class).unwrap().1;
    (of("canopy"), of("(unmapped)"))
}

/// Trees from 400 to 800 and from 1200 to 1600, no data from 800 to 1200; the towns part at 1000.
#[test]
fn buildings_are_taken_out_along_their_outlines_and_once() {
    let bench = heights();
    let buildings = [
        at(450.5, 100.25, 550.5, 200.25),
        at(500.5, 150.25, 600.5, 250.25),
        // Over the last column of trees and the first without data.
        at(790.0, 0.0, 810.0, 1000.0),
        at(0.0, 0.0, 300.0, 1000.0),
    ];
    bench.write("buildings.geojson", &polygons(&buildings));
    let mask = "{ file = \"buildings.geojson\", of = \"buildings\" }";
    masked(&bench, false, mask);
    bench.run(&["run", "p.toml", "--out", "out"]).ended(0).told(
        "note",
        "cover-masked",
        &["heights", "3.7500 ha"],
    );
    // 40 ha less 1.75 (two squares of 1 ha that share a quarter) and 1.
    assert_eq!(canopy(&bench, "2"), (37.25, 19.0));
    assert_eq!(canopy(&bench, "1"), (40.0, 20.0));
    // Crowns as polygons, from 0 to 600, are not masked; half a metre of the second square lies beyond them.
    masked(&bench, true, mask);
    bench.run(&["run", "p.toml", "--out", "out"]).ended(0);
    assert_eq!(canopy(&bench, "2"), (78.995, 19.0));
}

#[test]
fn vegetation_keeps_what_lies_inside_and_unknown_vegetation_is_unmapped() {
    let bench = heights();
    bench.write("green.geojson", &polygons(&[at(600.0, 0.0, 1500.0, 500.0)]));
    masked(&bench, false, "{ file = \"green.geojson\", of = \"vegetation\" }");
    bench.run(&["run", "p.toml", "--out", "out"]).ended(0);
    assert_eq!((canopy(&bench, "2"), canopy(&bench, "1")), ((10.0, 10.0), (15.0, 10.0)));
    // An index without data from 700 to 800, and low from there to 1000.
    let row: Vec<f32> = [&[1.0; 7][..], &[f32::NAN], &[0.0; 2], &[1.0; 10]].concat();
    std::fs::write(bench.path("index.tif"), striped(0.0, &row, "nan")).unwrap();
    masked(
        &bench,
        false,
        "{ raster = \"index.tif\", kind = \"index\", at_least = 0.5, of = \"vegetation\" }",
    );
    bench.run(&["run", "p.toml", "--out", "out"]).ended(0);
    assert_eq!((canopy(&bench, "2"), canopy(&bench, "1")), ((30.0, 10.0), (40.0, 20.0)));
    std::fs::write(bench.path("index.tif"), striped(0.0, &row[..15], "nan")).unwrap();
    bench.run(&["run", "p.toml", "--out", "out"]).ended(0).told("warning", "mask-ends", &["index.tif"]);
    // The same as classes: 1 is vegetation.
    std::fs::write(bench.path("classes.tif"), striped(0.0, &row, "nan")).unwrap();
    masked(&bench, false, "{ raster = \"classes.tif\", where = \"value = 1\", of = \"vegetation\" }");
    bench.run(&["run", "p.toml", "--out", "out"]).ended(0);
    assert_eq!((canopy(&bench, "2"), canopy(&bench, "1")), ((30.0, 10.0), (40.0, 20.0)));
}

#[test]
fn heights_of_everything_need_a_mask_that_tells_houses() {
    let bench = heights();
    bench.write("b.geojson", &polygons(&[at(400.0, 0.0, 500.0, 1000.0)]));
    let project = masked(&bench, false, "{ file = \"b.geojson\", of = \"water\" }");
    std::fs::write(bench.path("p.toml"), project.replace("\"chm\"", "\"ndsm\"")).unwrap();
    bench.run(&["run", "p.toml", "--out", "out"]).refused("contradiction", &["ndsm", "buildings"]);
    std::fs::write(
        bench.path("p.toml"),
        project.replace("\"chm\"", "\"ndsm\"").replace("water", "buildings"),
    )
    .unwrap();
    bench.run(&["run", "p.toml", "--out", "out"]).ended(0);
    assert_eq!(canopy(&bench, "2"), (30.0, 20.0));
    masked(&bench, false, "{ file = \"b.geojson\" }");
    bench.run(&["run", "p.toml", "--out", "out"]).refused("missing-key", &["of", "vegetation"]);
    let of_polygons = PROJECT.replace("file = \"crowns.geojson\"", "file = \"crowns.geojson\"\nmask = []");
    std::fs::write(bench.path("p.toml"), of_polygons).unwrap();
    bench.run(&["run", "p.toml", "--out", "out"]).refused("contradiction", &["mask", "rasters"]);
}

/// Sixty rectangles on whole metres, over one another, in two masks: what is left is counted metre by metre.
#[test]
fn what_masks_leave_is_what_a_count_of_square_metres_leaves() {
    let bench = heights();
    let (mut seed, mut water, mut green) = (20_261_128u64, Vec::new(), Vec::new());
    let mut chance = |below: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % below
    };
    let (mut wet, mut lush) = (vec![false; 2_000_000], vec![false; 2_000_000]);
    for i in 0..60 {
        let (west, south) = (chance(1_900), chance(900));
        let (east, north) = (west + 1 + chance(100), south + 1 + chance(100));
        let [w, s, e, n] = [west, south, east, north].map(|side| side as f64);
        let (list, seen) = if i % 3 == 0 { (&mut water, &mut wet) } else { (&mut green, &mut lush) };
        list.push(at(w, s, e, n));
        for y in south..north {
            seen[(y * 2_000 + west) as usize..(y * 2_000 + east) as usize].fill(true);
        }
    }
    bench.write("water.geojson", &polygons(&water)).write("green.geojson", &polygons(&green));
    masked(
        &bench,
        false,
        "{ file = \"water.geojson\", of = \"water\" }, { file = \"green.geojson\", of = \"vegetation\" }",
    );
    bench.run(&["run", "p.toml", "--out", "out", "--threads", "1"]).ended(0);
    let count = |from: usize, to: usize| {
        let left = |i: &usize| (from..to).contains(&(i % 2_000)) && lush[*i] && !wet[*i];
        (0..2_000_000).filter(left).count() as f64 / 1e4
    };
    assert_eq!(canopy(&bench, "2"), (count(400, 800), count(800, 1_000)));
    assert_eq!(canopy(&bench, "1"), (count(1_200, 1_600), count(1_000, 1_200)));
    let documents = bench.documents("out");
    bench.run(&["run", "p.toml", "--out", "again", "--threads", "3"]).ended(0);
    assert_eq!(documents, bench.documents("again"));
}

#[test]
fn parts_of_a_masked_cover_are_the_whole() {
    let bench = heights();
    bench.write("b.geojson", &polygons(&[at(450.5, 0.0, 1250.5, 333.0)]));
    masked(&bench, true, "{ file = \"b.geojson\", of = \"cropland\" }");
    bench.run(&["run", "p.toml", "--out", "out"]).ended(0);
    bench.run(&["partial", "p.toml", "--output", "whole.partial"]).ended(0);
    bench.run(&["merge", "whole.partial", "--project", "p.toml", "--out", "merged"]).ended(0);
    assert_eq!(bench.documents("out"), bench.documents("merged"));
    assert!(bench.path("out/cross_check.csv").exists());
}
