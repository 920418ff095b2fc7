//! `sencheng zonal` as it is run: parts that are merged, classes by the thousand, zones from another CRS, rasters that
//! cannot be used.

use crate::geotiff::{reals, written};
use crate::workbench::{Answer, Sheet, Workbench, X, Y, at, two_towns};

const ZONAL: [&str; 5] = ["zonal", "--zones", "towns.geojson", "--zone-id", "id"];

/// Two towns that reach over each other, from north to south.
fn towns() -> Sheet {
    Sheet::new(Some("EPSG:4547"))
        .text("id")
        .with(["2".into()], &at(0.0, -5900.0, 1000.0, 1450.0))
        .with(["1".into()], &at(900.0, -5000.0, 1900.0, 400.0))
}

/// 600 columns and 2 000 rows of heights over both towns, which are read in five rows of blocks.
fn heights() -> Workbench {
    let bench = Workbench::new();
    bench.write("towns.geojson", &towns());
    let height = |i: u32| (i.wrapping_mul(2_654_435_761) >> 12) as f32 / 40_000.0;
    let cells: Vec<u8> = (0..1_200_000).flat_map(|i| height(i).to_le_bytes()).collect();
    let place = ([X - 100.0, Y + 1500.0], 4.0);
    std::fs::write(bench.path("chm.tif"), written([600, 2000], [32, 3], (&cells, 50), place, Some("-1")))
        .unwrap();
    bench
}

fn zonal(bench: &Workbench, more: &[&str]) -> Answer {
    bench.run(&[&ZONAL[..], more].concat())
}

fn bytes(bench: &Workbench, name: &str) -> Vec<u8> {
    std::fs::read(bench.path(name)).unwrap()
}

#[test]
fn parts_in_any_order_are_the_bytes_of_the_whole() {
    let bench = heights();
    for (ask, tag) in [
        (vec!["--raster", "chm.tif", "--where", "value >= 2"], "where"),
        (vec!["--raster", "chm.tif", "chm.tif", "--stats", "area,mean,median,quantiles,stdev"], "stats"),
    ] {
        for ending in ["csv", "json"] {
            let whole = format!("{tag}.{ending}");
            zonal(&bench, &[&ask[..], &["-o", &whole]].concat()).ended(0);
        }
        let part = |part: &str, name: &str| {
            zonal(&bench, &[&ask[..], &["--part", part, "-o", name, "--threads", "1"]].concat()).ended(0);
        };
        part("1/3", "a.partial");
        part("2/3", "b.partial");
        part("3/3", "c.partial");
        part("1/1", "whole.partial");
        for order in [["a", "b", "c", "a"], ["c", "b", "a", "b"]] {
            let files = order.map(|name| format!("{name}.partial"));
            let files: Vec<&str> = files.iter().map(String::as_str).collect();
            for ending in ["csv", "json"] {
                let (merged, whole) = (format!("merged.{ending}"), format!("{tag}.{ending}"));
                bench.run(&[&["merge", "--table", &merged], &files[..]].concat()).ended(0);
                assert!(bytes(&bench, &merged) == bytes(&bench, &whole), "{merged} of {tag}");
            }
            bench.run(&[&["merge", "-o", "all.partial"], &files[..]].concat()).ended(0);
            assert!(bytes(&bench, "all.partial") == bytes(&bench, "whole.partial"));
        }
        bench
            .run(&["merge", "--table", "x.csv", "a.partial", "c.partial"])
            .refused("partial-missing", &["chm.tif"]);
        assert!(!bench.path("x.csv").exists());
    }
}

#[test]
fn parts_that_do_not_go_together_are_refused() {
    let bench = heights();
    let part = |name: &str, more: &[&str]| {
        let usual = ["--where", "value >= 2", "--part", "1/2", "-o", name];
        zonal(&bench, &[&["--raster", "chm.tif"], &usual[..], more].concat()).ended(0);
    };
    part("a.partial", &[]);
    let merged = || bench.run(&["merge", "--table", "x.csv", "a.partial", "b.partial"]);
    part("b.partial", &["--pixel", "center"]);
    merged().refused("partial-settings", &["pixel", "a.partial", "b.partial"]);
    let raster = bytes(&bench, "chm.tif");
    let mut other = raster.clone();
    other[5_000] ^= 1;
    std::fs::write(bench.path("chm.tif"), other).unwrap();
    part("b.partial", &[]);
    merged().refused("partial-inputs", &["chm.tif"]);
    std::fs::write(bench.path("chm.tif"), raster).unwrap();
    let towns = towns().with(["3".into()], &at(0.0, -900.0, 900.0, -10.0));
    bench.write("towns.geojson", &towns);
    part("b.partial", &[]);
    merged().refused("partial-inputs", &["towns.geojson"]);
    let cut = &bytes(&bench, "b.partial")[..200];
    std::fs::write(bench.path("b.partial"), cut).unwrap();
    merged().refused("partial-cut-off", &["b.partial"]);
    bench
        .run(&["merge", "a.partial", "--out", "out", "--project", "p.toml"])
        .refused("partial-kind", &["a.partial"]);
    let project = "schema = 1\n[zones]\nfile = \"towns.geojson\"\nid = \"id\"\n[[cover]]\nname = \"c\"\n\
        file = \"towns.geojson\"\nclass = \"canopy\"\n";
    std::fs::write(bench.path("p.toml"), project).unwrap();
    bench.run(&["partial", "p.toml", "-o", "p.partial"]).ended(0);
    bench.run(&["merge", "--table", "x.csv", "p.partial"]).refused("partial-kind", &["p.partial"]);
    bench
        .run(&["merge", "--table", "x.csv", "a.partial", "p.partial"])
        .refused("partial-kind", &["p.partial"]);
    assert!(!bench.path("x.csv").exists());
}

/// With room for few values the raster is read again and again, for the same bytes; a part is read once and says so.
#[test]
fn little_memory_gives_the_same_quantiles() {
    let bench = heights();
    let ask = ["--raster", "chm.tif", "--stats", "count,mean,median,quantiles"];
    let much = zonal(&bench, &ask);
    assert_eq!(much.ended(0).out.lines().count(), 3);
    assert_eq!(zonal(&bench, &[&ask[..], &["--memory", "1M"]].concat()).ended(0).out, much.out);
    zonal(&bench, &[&ask[..], &["--memory", "1M", "--part", "1/2", "-o", "a.partial"]].concat())
        .refused("raster-many-values", &["chm.tif", "2048"]);
    assert!(!bench.path("a.partial").exists());
}

#[test]
fn heights_are_no_classes() {
    let bench = heights();
    let refused = zonal(&bench, &["--raster", "chm.tif", "--memory", "1M"]);
    refused.refused("raster-no-classes", &["chm.tif", "2048", "--where"]);
    let few = reals(2, &[1.0, 2.5], [X, Y + 1000.0], 1000.0, "-1");
    std::fs::write(bench.path("few.tif"), few).unwrap();
    let told = zonal(&bench, &["--raster", "few.tif"]);
    told.ended(0).told("warning", "zonal-broken-classes", &["few.tif", "2.5"]);
    assert!(told.out.contains("\n1,2.5,"), "{told:#?}");
}

#[test]
fn all_classes_that_two_bytes_can_hold_are_counted() {
    let bench = Workbench::new();
    bench.write("towns.geojson", &two_towns());
    let cells: Vec<u8> = (0..=u16::MAX).flat_map(u16::to_le_bytes).collect();
    let place = ([X, Y + 1000.0], 3.75);
    std::fs::write(bench.path("all.tif"), written([256, 256], [16, 1], (&cells, 256), place, None)).unwrap();
    let answer = zonal(&bench, &["--raster", "all.tif"]);
    // There is nothing of them in the second town.
    answer.ended(1).told("error", "zonal-all-missing", &["all.tif"]);
    let lines: Vec<Vec<&str>> = answer.out.lines().skip(1).map(|l| l.split(',').collect()).collect();
    assert_eq!(lines.len(), 2 * (65_536 + 2));
    // All 960 m of cells lie in the first town.
    for (class, line) in lines[..65_536].iter().enumerate() {
        assert_eq!((line[0], line[1], line[4]), ("2", class.to_string().as_str(), "1"));
    }
    assert_eq!(lines[65_536][1..2], ["(nodata)"]);
}

#[test]
fn how_closely_zones_were_brought_to_the_raster_is_said() {
    let bench = heights();
    let json = |zones: &str| {
        let arguments =
            ["zonal", "--zones", zones, "--zone-id", "id", "--raster", "chm.tif", "--format", "json"];
        let answer = bench.run(&[&arguments[..], &["--where", "value >= 2"]].concat());
        let json: serde_json::Value = serde_json::from_str(&answer.ended(0).out).unwrap();
        (json["rasters"][0]["edges"].clone(), answer.err)
    };
    assert!(json("towns.geojson").0.is_null());
    bench.write("degrees.geojson", &two_towns().carried_to("EPSG:4490"));
    let (edges, told) = json("degrees.geojson");
    assert_eq!((edges["from"].as_str(), edges["to"].as_str()), (Some("EPSG:4490"), Some("EPSG:4547")));
    assert_eq!((edges["error_m"].as_f64(), edges["error_cells"].as_f64()), (Some(2e-5), Some(5e-6)));
    assert!(told.contains("from EPSG:4490 to EPSG:4547: edges within 2e-5 m, 5e-6 cells"), "{told}");
}

#[test]
fn rasters_that_say_nothing_about_the_towns_are_refused_or_told() {
    let bench = heights();
    let sound = reals(2, &[1.0, 2.0], [X, Y + 1000.0], 1000.0, "-1");
    let put = |name: &str, bytes: &[u8]| std::fs::write(bench.path(name), bytes).unwrap();
    put("far.tif", &reals(2, &[1.0, 2.0], [X + 50_000.0, Y + 1000.0], 1000.0, "-1"));
    zonal(&bench, &["--raster", "far.tif"]).refused("raster-outside-zones", &["far.tif"]);
    // The key of the model type says nothing, and that of the CRS is another.
    let mut nowhere = sound.clone();
    let keys = [1024u16, 0, 1, 1, 3072, 0, 1, 4547].map(u16::to_le_bytes).concat();
    let key = nowhere.windows(16).position(|bytes| bytes == keys).unwrap();
    nowhere[key..key + 16].copy_from_slice(&[1025u16, 0, 1, 1, 1025, 0, 1, 1].map(u16::to_le_bytes).concat());
    put("nowhere.tif", &nowhere);
    zonal(&bench, &["--raster", "nowhere.tif"]).refused("raster-no-crs", &["nowhere.tif", "--raster-crs"]);
    let named = zonal(&bench, &["--raster", "nowhere.tif", "--raster-crs", "EPSG:4547"]);
    put("sound.tif", &sound);
    assert_eq!(named.ended(0).out, zonal(&bench, &["--raster", "sound.tif"]).out);
    for (name, cell, nodata) in
        [("none.tif", -1.0, "-1"), ("nan.tif", f32::NAN, "nan"), ("nans.tif", f32::NAN, "-1")]
    {
        put(name, &reals(2, &[cell; 2], [X, Y + 1000.0], 1000.0, nodata));
        let statistics = zonal(&bench, &["--raster", name, "--stats", "share,mean,median"]);
        statistics.ended(1).told("error", "zonal-all-missing", &[name, "unknown, not zero"]);
        assert!(statistics.out.contains("\n1,0,,,"), "{statistics:#?}");
        let classes = zonal(&bench, &["--raster", name]);
        assert_eq!(classes.ended(1).out.lines().count(), 5, "{classes:#?}");
    }
    // Cells are cut off in the last strip.
    let mut cut = bytes(&bench, "chm.tif");
    let strips = cut.windows(4).position(|bytes| bytes == 120_000u32.to_le_bytes()).unwrap();
    cut[strips..strips + 4].copy_from_slice(&60_000u32.to_le_bytes());
    put("cut.tif", &cut);
    zonal(&bench, &["--raster", "cut.tif"]).refused("raster-broke-off", &["cut.tif", "rows 0 to"]);
}

/// A zone smaller than a cell has its rows all the same.
#[test]
fn a_zone_smaller_than_a_cell_has_a_row_for_every_class() {
    let bench = Workbench::new();
    let zones = Sheet::new(Some("EPSG:4547"))
        .text("id")
        .with(["small".into()], &at(10.0, 10.0, 30.0, 30.0))
        .with(["large".into()], &at(0.0, 0.0, 2000.0, 1000.0));
    bench.write("towns.geojson", &zones);
    std::fs::write(bench.path("c.tif"), reals(2, &[1.0, 2.0], [X, Y + 1000.0], 1000.0, "-1")).unwrap();
    let answer = zonal(&bench, &["--raster", "c.tif", "--area", "plane"]);
    answer.ended(0);
    let cells = |zone: &str, class: &str| {
        let line = answer.out.lines().find(|line| line.starts_with(&format!("{zone},{class},"))).unwrap();
        line.rsplit(',').next().unwrap().parse::<f64>().unwrap()
    };
    assert!((cells("small", "1") - 4e-4).abs() < 1e-9, "{answer:#?}");
    assert_eq!(["2", "(nodata)", "(outside)"].map(|class| cells("small", class)), [0.0; 3]);
    assert_eq!(["1", "2"].map(|class| cells("large", class)), [1.0; 2]);
}
