//! Several projects in one process, covers of several files, and threads that nobody passed in.

use std::sync::Arc;

use sencheng::analysis::places::Shelf;
use sencheng::threads::on_threads;

use crate::engine::{layer, measured};
use crate::partials::{PROJECT, small};
use crate::town;
use crate::workbench::{Sheet, Workbench, at, three_patches};

/// Three projects on the same towns; the middle one names a layer that is not there.
fn three() -> Workbench {
    let bench = small();
    std::fs::rename(bench.path("p.toml"), bench.path("a.toml")).unwrap();
    std::fs::write(bench.path("b.toml"), PROJECT.replace("cover.geojson", "gone.geojson")).unwrap();
    std::fs::write(bench.path("c.toml"), PROJECT.replace("arbor", "bamboo")).unwrap();
    bench
}

#[test]
fn a_batch_goes_on_after_a_failure_and_every_project_is_as_if_run_alone() {
    let bench = three();
    let batch = bench.run(&["run", "a.toml", "b.toml", "c.toml", "--out", "out"]);
    batch.ended(2);
    for name in ["a", "c"] {
        let (project, alone) = (format!("{name}.toml"), format!("alone-{name}"));
        bench.run(&["-q", "run", &project, "--out", &alone]).ended(0);
        assert!(bench.documents(&format!("out/{name}")) == bench.documents(&alone), "{name}");
        assert_eq!(bench.documents(&alone).len(), 11);
    }
    assert!(bench.documents("out/a") != bench.documents("out/c"));
    assert!(!bench.path("out/b").exists());
    let rows: Vec<&str> = batch.out.lines().filter(|line| line.contains(".toml")).collect();
    assert_eq!(rows.len(), 3, "{}", batch.out);
    for (row, parts) in rows.iter().zip([
        ["a.toml", " done ", " 0 ", "out/a"],
        ["b.toml", "not done: layer-not-found", " 2 ", "–"],
        ["c.toml", " done ", " 0 ", "out/c"],
    ]) {
        parts.iter().for_each(|part| assert!(row.contains(part), "{part} is not in {row}"));
    }
    assert!(batch.out.ends_with("2 of 3 projects done\n"), "{}", batch.out);
    assert!(batch.err.contains("error[layer-not-found] gone.geojson"), "{}", batch.err);
}

#[test]
fn a_pattern_is_a_batch_whatever_it_matches() {
    let bench = three();
    bench.run(&["-q", "run", "[ac].toml", "--out", "out"]).ended(0);
    assert!(bench.path("out/a/coverage.csv").exists() && bench.path("out/c/coverage.csv").exists());
    bench.run(&["-q", "run", "a*.toml", "--out", "one"]).ended(0);
    assert!(bench.path("one/a/coverage.csv").exists());
    bench.run(&["run", "z*.toml", "--out", "none"]).refused("pattern-empty", &["z*.toml"]);
    // A file that is called like a pattern is itself.
    std::fs::copy(bench.path("a.toml"), bench.path("[x].toml")).unwrap();
    bench.run(&["-q", "run", "[x].toml", "--out", "itself"]).ended(0);
    assert!(bench.path("itself/coverage.csv").exists());
}

#[test]
fn the_worst_exit_code_is_that_of_the_batch() {
    let bench = three();
    let code = |projects: &[&str], more: &[&str]| {
        bench.run(&[&["-q", "run"], projects, &["--out", "out"], more].concat()).code
    };
    assert_eq!(code(&["a.toml", "c.toml"], &[]), Some(0));
    assert_eq!(code(&["a.toml", "c.toml"], &["--strict"]), Some(1));
    assert_eq!(code(&["a.toml", "b.toml"], &["--strict"]), Some(2));
}

#[test]
fn folders_that_collide_are_refused_before_any_work() {
    let bench = three();
    std::fs::create_dir(bench.path("other")).unwrap();
    std::fs::copy(bench.path("a.toml"), bench.path("other/A.toml")).unwrap();
    let answer = bench.run(&["run", "a.toml", "c.toml", "other/A.toml", "--out", "out"]);
    answer.refused("batch-one-folder", &["a.toml", "other/A.toml"]);
    bench.run(&["run", "a.toml", "a.toml", "--out", "out"]).refused("batch-one-folder", &["a.toml"]);
    assert!(!bench.path("out").exists());
}

#[cfg(unix)]
#[test]
fn an_interrupted_batch_begins_nothing_more() {
    let bench = crate::cli::a_long_day();
    let long = PROJECT.replace("towns.geojson", "town.geojson").replace("cover.geojson", "strips.gpkg");
    let long = long.replace("name = \"name\"\n", "").replace("rules.toml", "LY/T 2004-2012");
    ["a.toml", "b.toml"].iter().for_each(|name| std::fs::write(bench.path(name), &long).unwrap());
    let mut command = bench.command(&["run", "b.toml", "a.toml", "--out", "out"]);
    let child = command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped()).spawn();
    let child = child.unwrap();
    std::thread::sleep(std::time::Duration::from_millis(700));
    let pid = child.id().to_string();
    assert!(std::process::Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    let answer = crate::workbench::Answer::of(child.wait_with_output().unwrap());
    assert_eq!(answer.code, Some(130), "{answer:#?}");
    assert!(answer.out.contains("1 not begun"), "{answer:#?}");
    assert!(!bench.path("out/a").exists());
}

#[test]
fn towns_that_read_the_same_are_prepared_once() {
    let towns = town::seeded(6);
    let mut shelf = Shelf::default();
    let first = shelf.towns(&layer(&towns[0]));
    assert!(Arc::ptr_eq(&first, &shelf.towns(&layer(&towns[0]))));
    let other = shelf.towns(&layer(&towns[1]));
    assert!(!Arc::ptr_eq(&first, &other));
    assert!(Arc::ptr_eq(&first, &shelf.towns(&layer(&towns[0]))));
    // Only the last few are kept.
    towns[2..].iter().for_each(|town| drop(shelf.towns(&layer(town))));
    assert!(!Arc::ptr_eq(&other, &shelf.towns(&layer(&towns[1]))));
}

// ---- Covers of several files

/// The three patches in two files, the second in another CRS.
fn in_two_files() -> Workbench {
    let bench = small();
    std::fs::create_dir(bench.path("xb")).unwrap();
    let sheet = || Sheet::new(Some("EPSG:4547")).text("class");
    let first = sheet().with(["111".into()], &at(100.0, 100.0, 300.0, 300.0));
    let second = sheet()
        .with(["111".into()], &at(200.0, 100.0, 400.0, 300.0))
        .with(["120".into()], &at(900.0, 500.0, 1100.0, 600.0));
    bench.write("xb/b.shp", &second.carried_to("EPSG:4548")).write("xb/a.shp", &first);
    std::fs::write(bench.path("p.toml"), PROJECT.replace("cover.geojson", "xb/*.shp")).unwrap();
    bench
}

#[test]
fn a_cover_of_several_files_is_one_cover() {
    let bench = in_two_files();
    bench.write("cover.geojson", &three_patches());
    std::fs::write(bench.path("one.toml"), PROJECT).unwrap();
    let crs = ["--crs", "EPSG:4547", "--area", "plane", "--lang", "en"];
    let run = |project: &str, out: &str| bench.run(&[&["run", project, "--out", out], &crs[..]].concat());
    let (several, one) = (run("p.toml", "several"), run("one.toml", "one"));
    let areas = |out: &str| -> Vec<(String, f64)> {
        let text = std::fs::read_to_string(bench.path(out).join("coverage.csv")).unwrap();
        let plain = text.trim_start_matches('\u{feff}').lines().filter(|line| !line.starts_with('#'));
        let plain = plain.collect::<Vec<_>>().join("\n");
        let mut reader = csv::Reader::from_reader(plain.as_bytes());
        let at = reader.headers().unwrap().iter().position(|name| name == "area_m2").unwrap();
        reader
            .records()
            .map(|record| {
                let record = record.unwrap();
                let key: Vec<&str> = record.iter().take(4).collect();
                (key.join(" "), record[at].parse().unwrap())
            })
            .collect()
    };
    assert_eq!((several.code, one.code), (Some(0), Some(0)), "{several:#?}");
    let (several_areas, one_areas) = (areas("several"), areas("one"));
    assert!(several_areas.len() > 4);
    assert_eq!(several_areas.len(), one_areas.len());
    for ((key, several), (other, one)) in several_areas.iter().zip(&one_areas) {
        // The way to the other CRS and back costs a square millimetre or so.
        assert!(key == other && (several - one).abs() < 1e-2, "{key} {several}, {other} {one}");
    }
    // Patches are called by their file; the class value is one line for both files.
    several.told("warning", "overlap", &["xb:", "xb/a.shp:0", "xb/b.shp:0"]);
    several.told("warning", "class-unmapped", &["xb:", "120", "1 patches"]);
    let run = std::fs::read_to_string(bench.path("several/run.json")).unwrap();
    assert!(run.contains("xb/a.shp") && run.contains("xb/b.dbf") && run.contains("xb/*.shp"), "{run}");
}

#[test]
fn a_pattern_of_covers_that_matches_nothing_is_refused() {
    let bench = in_two_files();
    std::fs::write(bench.path("p.toml"), PROJECT.replace("cover.geojson", "xb/*.gpkg")).unwrap();
    bench.run(&["run", "p.toml", "--out", "out"]).refused("pattern-empty", &["xb/*.gpkg"]);
    bench.tabulate("towns.geojson", "no/*.shp", &[]).refused("pattern-empty", &["no/*.shp"]);
    let both = bench.tabulate("towns.geojson", "xb/*.shp", &["--crs", "EPSG:4547"]);
    assert_eq!(both.figures(), crate::workbench::FIGURES);
}

#[test]
fn a_cover_of_several_files_in_parts_is_the_whole() {
    let bench = in_two_files();
    bench.run(&["-q", "partial", "p.toml", "-o", "whole.partial"]).ended(0);
    for town in ["1", "2"] {
        std::fs::write(bench.path(town), format!("town {town}\n")).unwrap();
        bench.run(&["-q", "partial", "p.toml", "--tiles", town, "-o", &format!("{town}.partial")]).ended(0);
    }
    bench.run(&["-q", "merge", "[12].partial", "-o", "merged.partial"]).ended(0);
    let read = |name: &str| std::fs::read(bench.path(name)).unwrap();
    assert!(read("whole.partial") == read("merged.partial"));
}

// ---- Threads

/// Who measures on no pool gets one thread; the pool of the whole process is never begun.
#[test]
fn the_pool_of_the_process_is_left_alone() {
    for town in town::seeded(3) {
        assert!(!measured(&town).coverage.zones.is_empty());
    }
    assert!(rayon::ThreadPoolBuilder::new().num_threads(1).build_global().is_ok());
}

/// So many threads as are asked for, and no other number that the environment may hold.
#[test]
fn a_pool_has_as_many_threads_as_are_passed_in() {
    for threads in [1, 3, 16] {
        assert_eq!(on_threads(threads, rayon::current_num_threads), threads);
    }
    assert_eq!(on_threads(0, rayon::current_num_threads), 1);
}
