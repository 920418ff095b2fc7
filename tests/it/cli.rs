//! The program as people meet it: exit codes, languages, quietness, pipes, files, signals.

use std::process::Stdio;

use crate::workbench::{Answer, FIGURES, Sheet, Workbench, at, three_patches, two_towns};

fn usual() -> Workbench {
    let bench = Workbench::new();
    bench.write("towns.geojson", &two_towns()).write("cover.geojson", &three_patches());
    bench
}

const USUAL: [&str; 9] =
    ["tabulate", "--zones", "towns.geojson", "--zone-id", "id", "--cover", "cover.geojson", "--by", "class"];

fn with<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&USUAL[..], more].concat()
}

#[test]
fn zones_stand_in_file_order_and_every_class_has_a_row_in_each() {
    let answer = usual().tabulate("towns.geojson", "cover.geojson", &[]);
    answer.ended(0);
    assert_eq!(answer.figures(), FIGURES);
    let first = &answer.lines()[0];
    assert_eq!((first.gross_m2, first.features), (Some(80_000.0), Some(2)));
    assert!((first.share_pct.unwrap() - 6.0).abs() < 1e-9);
}

#[test]
fn without_by_everything_is_one_class() {
    let answer = usual().run(&[&USUAL[..7], &["--area", "plane", "--format", "csv"]].concat());
    let expected = ["2 cover 70000", "2 (none) 930000", "1 cover 10000", "1 (none) 990000"];
    assert_eq!(answer.figures(), expected);
}

#[test]
fn json_says_what_csv_says_and_how_the_books_balance() {
    let answer = usual().run(&with(&["--area", "plane", "--format", "json"]));
    answer.ended(0);
    let document: serde_json::Value = serde_json::from_str(&answer.out).unwrap();
    assert_eq!(document["schema"], 1);
    assert_eq!(document["working_crs"], "EPSG:4547");
    let zone = &document["zones"][0];
    assert_eq!(zone["zone"], "2");
    assert_eq!(zone["rows"][0]["class"], "111");
    assert!((zone["rows"][0]["area_m2"].as_f64().unwrap() - 60_000.0).abs() < 1e-6);
    assert!(zone["residual_m2"].as_f64().unwrap().abs() < 0.01);
    assert_eq!(document["findings"][0]["code"], "overlap");
}

#[test]
fn the_identity_and_the_working_crs_are_printed_on_every_run() {
    let answer = usual().run(&USUAL);
    assert!(answer.err.contains("EPSG:4547") && answer.err.contains("classes - shared + none = zone"));
}

#[test]
fn a_warning_ends_with_0_and_with_strict_with_1() {
    let bench = usual();
    bench.run(&USUAL).ended(0).told("warning", "overlap", &["cover.geojson"]);
    bench.run(&with(&["--strict"])).ended(1);
}

#[test]
fn a_run_without_findings_ends_with_0_also_when_strict() {
    let bench = usual();
    bench.write(
        "one.geojson",
        &Sheet::new(Some("EPSG:4547")).text("class").with(["1".into()], &at(0.0, 0.0, 9.0, 9.0)),
    );
    bench.tabulate("towns.geojson", "one.geojson", &["--strict"]).ended(0);
}

#[test]
fn wrong_arguments_end_with_2() {
    let bench = Workbench::new();
    bench.run(&["tabulate"]).ended(2);
    bench.run(&["measure"]).ended(2);
    bench.run(&["--version"]).ended(0);
}

#[test]
fn people_are_spoken_to_in_the_language_they_ask_for() {
    let bench = usual();
    let missing = |lang: &[&str], locale: &str| {
        let arguments =
            [&["tabulate", "--zones", "no.shp", "--zone-id", "id", "--cover", "no.shp"], lang].concat();
        let output = bench.command(&arguments).env("LC_ALL", locale).env("LANG", locale).output().unwrap();
        Answer::of(output).err
    };
    assert!(missing(&["--lang", "en"], "zh_CN.UTF-8").contains("no such file"));
    assert!(missing(&["--lang", "zh"], "en_US.UTF-8").contains("找不到该文件"));
    assert!(missing(&[], "zh_CN.UTF-8").contains("找不到该文件"));
    assert!(missing(&[], "C").contains("no such file"));
    let table = bench.run(&with(&["--lang", "zh", "--zone-name", "name"])).out;
    assert!(table.contains("面积（公顷）") && table.contains("西镇"), "{table}");
}

#[test]
fn quiet_says_nothing_but_errors() {
    let bench = usual();
    assert_eq!(bench.run(&with(&["-q"])).err, "");
    bench.tabulate("towns.geojson", "gone.shp", &["-q"]).refused("layer-not-found", &["gone.shp"]);
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let bench = usual();
    let mut child =
        bench.command(&with(&["-q"])).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let answer = Answer::of(child.wait_with_output().unwrap());
    assert_eq!((answer.code, answer.err.as_str()), (Some(0), ""));
}

#[test]
fn an_output_appears_whole_or_not_at_all() {
    let bench = usual();
    std::fs::write(bench.path("result.csv"), "old").unwrap();
    bench.run(&with(&["--area", "plane", "-o", "result.csv", "--by", "klass"])).ended(2);
    assert_eq!(std::fs::read_to_string(bench.path("result.csv")).unwrap(), "old");
    let answer = bench.run(&with(&["--area", "plane", "-o", "result.csv"]));
    answer.ended(0);
    assert_eq!(answer.out, "");
    let written = Answer { out: std::fs::read_to_string(bench.path("result.csv")).unwrap(), ..answer };
    assert_eq!(written.figures(), FIGURES);
    assert_eq!(bench.names(), ["cover.geojson", "result.csv", "towns.geojson"]);
}

#[test]
fn an_output_that_cannot_be_written_is_an_error_with_its_path() {
    let bench = usual();
    let answer = bench.run(&with(&["-o", "towns.geojson/result.csv"]));
    answer.refused("cannot-write", &["towns.geojson/result.csv"]);
}

#[test]
fn the_number_of_threads_changes_no_byte() {
    let bench = usual();
    let one = bench.run(&with(&["--threads", "1", "--format", "json"])).out;
    assert_eq!(one, bench.run(&with(&["--threads", "4", "--format", "json"])).out);
    bench.run(&with(&["--threads", "0"])).ended(2);
}

/// With room for nothing every patch waits in the temporary file.
#[test]
fn too_little_memory_changes_no_byte() {
    let bench = usual();
    let usual = bench.run(&with(&["--format", "json"])).out;
    assert_eq!(usual, bench.run(&with(&["--memory", "1", "--format", "json"])).out);
    assert_eq!(usual, bench.run(&with(&["--memory", "1.5G", "--format", "json"])).out);
    bench.run(&with(&["--memory", "0"])).ended(2);
    bench.run(&with(&["--memory", "much"])).ended(2);
}

/// Of copies only the first comes back from the temporary file; all are counted, and named, as in memory.
#[test]
fn copies_in_the_temporary_file_change_no_byte() {
    let bench = Workbench::new();
    let square = at(100.0, 100.0, 300.0, 300.0);
    let other = at(200.0, 100.0, 400.0, 300.0);
    let copies = (0..40).fold(Sheet::new(Some("EPSG:4547")).text("class"), |sheet, i| {
        sheet.with(["111".into()], if i == 20 { &other } else { &square })
    });
    bench.write("towns.geojson", &two_towns()).write("cover.geojson", &copies);
    let json = ["--format", "json"];
    let usual = bench.run(&with(&json)).out;
    assert_eq!(usual, bench.run(&with(&[&json[..], &["--memory", "1"]].concat())).out);
    let csv = ["--format", "csv", "--area", "plane", "--memory", "1"];
    let figures = bench.run(&with(&csv)).figures();
    assert!(figures.iter().any(|figure| figure.ends_with(" 111 60000")), "{figures:?}");
}

#[test]
fn paths_may_be_chinese_and_have_blanks() {
    let bench = Workbench::new();
    bench.write("乡镇 界线.geojson", &two_towns()).write("小班 图.geojson", &three_patches());
    assert_eq!(bench.tabulate("乡镇 界线.geojson", "小班 图.geojson", &[]).figures(), FIGURES);
}

/// A survey that keeps the program busy for seconds: strips that cross each other all over a town of 20 by 20 km.
#[cfg(unix)]
pub fn a_long_day() -> Workbench {
    const SIDE: f64 = 20_000.0;
    let bench = Workbench::new();
    let town = Sheet::new(Some("EPSG:4547")).text("id").with(["1".into()], &at(0.0, 0.0, SIDE, SIDE));
    let strips = (0..3000u32).fold(Sheet::new(Some("EPSG:4547")).text("class"), |sheet, i| {
        let from = f64::from(i) / 3000.0 * SIDE;
        let wkt = if i % 2 == 0 { at(0.0, from, SIDE, from + 5.0) } else { at(from, 0.0, from + 5.0, SIDE) };
        sheet.with(["1".into()], &wkt)
    });
    bench.write("town.geojson", &town).write("strips.gpkg", &strips);
    bench
}

#[cfg(unix)]
#[test]
fn interrupted_it_ends_with_130_and_leaves_nothing_behind() {
    let bench = a_long_day();
    let before = bench.names();
    for signal in ["-INT", "-TERM"] {
        let arguments = ["tabulate", "--zones", "town.geojson", "--zone-id", "id", "--cover", "strips.gpkg"];
        let mut command = bench.command(&[&arguments[..], &["-o", "result.csv"]].concat());
        let child = command.env("TMPDIR", bench.path("")).stderr(Stdio::piped()).spawn().unwrap();
        std::thread::sleep(std::time::Duration::from_millis(700));
        let pid = child.id().to_string();
        assert!(std::process::Command::new("kill").args([signal, &pid]).status().unwrap().success());
        let answer = Answer::of(child.wait_with_output().unwrap());
        assert_eq!(answer.code, Some(130), "{answer:#?}");
        assert!(answer.err.contains("error[interrupted]"), "{answer:#?}");
        assert_eq!(bench.names(), before);
    }
}

/// Renamed over, `/dev/null` would become a plain file for the whole machine.
#[cfg(unix)]
#[test]
fn an_output_that_is_no_plain_file_is_written_into_not_replaced() {
    let bench = usual();
    let pipe = bench.path("pipe.csv");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().expect("mkfifo").success());
    let reader = std::thread::spawn({
        let pipe = pipe.clone();
        move || std::fs::read_to_string(pipe).expect("what was written")
    });
    bench.run(&with(&["-o", "pipe.csv"])).ended(0);
    let written = reader.join().expect("a reader");
    assert!(written.starts_with("zone,class,"), "{written}");
    use std::os::unix::fs::FileTypeExt;
    assert!(std::fs::metadata(&pipe).expect("the pipe").file_type().is_fifo());
}

#[test]
fn a_rule_is_shown_with_its_formula_and_what_it_is_judged_from() {
    let shown = |item| Workbench::new().run(&["rules", "show", "GB/T 37342-2019", item]).out;
    let (park, shelter) = (shown("4"), shown("11"));
    assert!(park.contains("map layers and a table\n"), "{park}");
    assert!(park.contains("public park ground / residents (m²/person; the urban area)\n"), "{park}");
    assert!(shelter.contains("a declaration with evidence\n"), "{shelter}");
    assert!(shelter.contains("not computed by this program"), "{shelter}");
}

/// What the system says is told in Chinese by its kind, and as it came.
#[test]
fn reasons_of_the_system_have_a_chinese_frame() {
    let bench = usual();
    let answer = bench.run(&["--lang", "zh", "run", "nothing.toml", "--out", "out"]);
    answer.ended(2);
    assert!(answer.err.contains("文件或文件夹不存在（原文：No such file"), "{}", answer.err);
    std::fs::write(bench.path("broken.zip"), "PK no more").unwrap();
    let zip =
        ["--lang", "zh", "tabulate", "--zones", "broken.zip", "--zone-id", "id", "--cover", "cover.geojson"];
    let answer = bench.run(&zip);
    answer.ended(2);
    assert!(answer.err.contains("（原文：") && answer.err.contains("办法："), "{}", answer.err);
}
