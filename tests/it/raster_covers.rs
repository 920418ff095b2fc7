//! Rasters as covers: cells as outlines, by their laws; and classes, heights and cells without data, by hand.

use proptest::prelude::*;
use sencheng::geometry::grid::{Point, Shape};
use sencheng::geometry::simple::Simplicity;
use sencheng::geometry::stacks::outlines;

use crate::chance;
use crate::further;
use crate::geotiff::reals;
use crate::workbench::{Sheet, Workbench, X, Y, at, two_towns};

/// A raster of few values, some cells without one.
fn grid() -> impl Strategy<Value = (usize, Vec<Option<i64>>)> {
    let cell = || prop::option::weighted(0.8, 0..3i64);
    (1..12usize, 0..12usize).prop_flat_map(move |(width, rows)| {
        prop::collection::vec(cell(), width * rows).prop_map(move |cells| (width, cells))
    })
}

proptest! {
    #![proptest_config(chance::cases(400))]

    /// Every outline is simple, passes its corners one cell at a time, and together they hold every cell of their value
    /// once.
    #[test]
    fn outlines_hold_every_cell_once_and_touch_nothing_of_themselves((width, cells) in grid()) {
        let mut held = vec![Vec::new(); cells.len()];
        let mut simplicity = Simplicity::default();
        outlines(&cells, width, |value, first, corners| {
            let point = |[x, y]: [u32; 2]| Point::new(i64::from(x) * 4, i64::from(y) * 4);
            let mut ring: Vec<Point> = corners.iter().map(|corner| point(*corner)).collect();
            let next = corners.iter().cycle().skip(1);
            for ([x, y], [to_x, to_y]) in corners.iter().zip(next) {
                assert_eq!(x.abs_diff(*to_x) + y.abs_diff(*to_y), 1, "{corners:?}");
            }
            // Rows run south.
            ring.reverse();
            let shape = Shape::of_ring(ring.iter().copied());
            let shape = if shape.doubled_area() > 0 { shape } else { shape.reversed() };
            assert!(simplicity.is_simple(&shape, shape.bounds().unwrap()), "{corners:?}");
            let mut area = 0;
            for (i, cell) in held.iter_mut().enumerate() {
                let (x, y) = ((i % width) as i64 * 4 + 2, (i / width) as i64 * 4 + 2);
                let crossings = ring.iter().zip(ring.iter().cycle().skip(1));
                let east = crossings.filter(|(a, b)| (a.y <= y) != (b.y <= y) && a.x > x).count();
                if east % 2 == 1 {
                    cell.push(value);
                    area += 1;
                }
            }
            assert_eq!(shape.doubled_area(), 2 * 16 * area);
            assert_eq!(cells[first[1] as usize * width + first[0] as usize], Some(value));
        });
        for (cell, held) in cells.iter().zip(held) {
            prop_assert_eq!(cell.iter().copied().collect::<Vec<_>>(), held);
        }
    }
}

/// Ten rows of cells of 100 m whose north-western corner lies `east` of that of 西镇; each row the same.
pub fn striped(east: f64, row: &[f32], nodata: &str) -> Vec<u8> {
    let cells: Vec<f32> = (0..10).flat_map(|_| row.iter().copied()).collect();
    reals(row.len() as u16, &cells, [X + east, Y + 1000.0], 100.0, nodata)
}

pub fn bench(raster: &[u8]) -> Workbench {
    let bench = Workbench::new();
    bench.write("towns.geojson", &two_towns());
    std::fs::write(bench.path("cover.tif"), raster).unwrap();
    bench
}

#[test]
fn cells_are_split_at_the_line_between_towns_and_cells_without_data_are_a_row_of_their_own() {
    let row: Vec<f32> = [[1.0; 5], [2.0; 5], [2.0; 5], [-9.0; 5]].concat();
    let raster = striped(-30.0, &row, "-9");
    let answer = bench(&raster).run(&[
        "tabulate",
        "--zones",
        "towns.geojson",
        "--zone-id",
        "id",
        "--cover",
        "cover.tif",
        "--by",
        "value",
        "--area",
        "plane",
        "--format",
        "csv",
    ]);
    answer.ended(0);
    let expected = [
        "2 1 470000",
        "2 2 530000",
        "2 (null) 0",
        "2 (none) 0",
        "1 1 0",
        "1 2 470000",
        "1 (null) 500000",
        "1 (none) 30000",
    ];
    assert_eq!(answer.figures(), expected);
}

#[test]
fn a_condition_takes_the_cells_that_it_holds_of() {
    let row: Vec<f32> = [[1.0; 5], [2.0; 5], [3.0; 5], [4.0; 5]].concat();
    let answer = bench(&striped(0.0, &row, "-9")).run(&[
        "tabulate",
        "--zones",
        "towns.geojson",
        "--zone-id",
        "id",
        "--cover",
        "cover.tif",
        "--where",
        "value >= 2 and value < 4",
        "--area",
        "plane",
        "--format",
        "csv",
    ]);
    assert_eq!(answer.figures(), ["2 cover 500000", "2 (none) 500000", "1 cover 500000", "1 (none) 500000"]);
}

pub const PROJECT: &str = "schema = 1\narea = \"plane\"\n[zones]\nfile = \"towns.geojson\"\nid = \"id\"\n\
    name = \"name\"\n\n[[cover]]\nname = \"heights\"\nraster = \"cover.tif\"\nkind = \"chm\"\nclass = \"canopy\"\n\
    stratum = \"crowns\"\n\n[[cover]]\nname = \"crowns\"\nfile = \"crowns.geojson\"\nclass = \"canopy\"\n\
    stratum = \"crowns\"\n\n[[stratum]]\nname = \"crowns\"\nclasses = [\"canopy\"]\n\n[standard]\nrules = [\"rules.toml\"]\n";

/// Heights: low, trees, no data. Crowns as polygons over a part of the trees.
pub fn heights() -> Workbench {
    let row: Vec<f32> = [[0.5; 4], [2.0; 4], [f32::NAN; 4], [9.5; 4], [1.99; 4]].concat();
    let bench = bench(&striped(0.0, &row, "nan"));
    let crowns = Sheet::new(Some("EPSG:4547")).text("id").with(["a".into()], &at(0.0, 0.0, 600.0, 1000.0));
    bench.write("crowns.geojson", &crowns);
    let rules = bench.run(&["rules", "show", "LY/T 2004-2012", "--toml"]).ended(0).out.clone();
    std::fs::write(bench.path("rules.toml"), rules).unwrap();
    bench
}

/// The rows of `coverage.csv` of one town, as class and net area in hectares.
pub fn coverage(bench: &Workbench, town: &str) -> Vec<(String, f64)> {
    let mut table = csv::Reader::from_path(bench.path("out/coverage.csv")).unwrap();
    let rows = table.records().map(Result::unwrap).filter(|row| &row[1] == town);
    rows.map(|row| (row[4].to_owned(), (row[9].parse::<f64>().unwrap_or(-1.0)).round() / 1e4)).collect()
}

#[test]
fn heights_are_trees_from_two_metres_united_with_polygons_and_cells_without_data_are_unmapped() {
    let bench = heights();
    std::fs::write(bench.path("p.toml"), PROJECT).unwrap();
    let answer = bench.run(&["run", "p.toml", "--out", "out"]);
    answer.ended(0);
    let canopy = |town| coverage(&bench, town).into_iter().find(|(class, _)| class == "canopy").unwrap().1;
    // Polygons to 600 m, heights from 400 m to 800 m; then heights from 1200 m to 1600 m.
    assert_eq!((canopy("2"), canopy("1")), (80.0, 40.0));
    let unmapped =
        |town| coverage(&bench, town).into_iter().find(|(class, _)| class == "(unmapped)").unwrap().1;
    assert_eq!((unmapped("2"), unmapped("1")), (20.0, 20.0));
}

/// Sheets are one raster, and the record of the run names each.
#[test]
fn sheets_are_one_cover() {
    let bench = heights();
    for (name, east, height) in [("s1.tif", 0.0, 9.0f32), ("s2.tif", 1000.0, 1.0)] {
        std::fs::write(bench.path(name), striped(east, &[height; 10], "nan")).unwrap();
    }
    std::fs::write(bench.path("p.toml"), PROJECT.replace("cover.tif", "s?.tif")).unwrap();
    bench.run(&["run", "p.toml", "--out", "out"]).ended(0);
    let canopy = |town| coverage(&bench, town).into_iter().find(|(class, _)| class == "canopy").unwrap().1;
    assert_eq!((canopy("2"), canopy("1")), (100.0, 0.0));
    let record = std::fs::read_to_string(bench.path("out/run.json")).unwrap();
    assert!(record.contains("\"s1.tif\"") && record.contains("\"s2.tif\""), "{record}");
}

#[test]
fn a_threshold_is_a_setting() {
    let bench = heights();
    std::fs::write(
        bench.path("p.toml"),
        PROJECT.replace("kind = \"chm\"", "kind = \"chm\"\nat_least = 1.99"),
    )
    .unwrap();
    bench.run(&["run", "p.toml", "--out", "out"]).ended(0);
    let canopy = |town| coverage(&bench, town).into_iter().find(|(class, _)| class == "canopy").unwrap().1;
    assert_eq!((canopy("2"), canopy("1")), (80.0, 80.0));
}

/// Columns of 100 m: in 西镇, which is the urban area, those from 200 m to 800 m are 2 m and higher, from 400 m on 3 m, from
/// 600 m on 5 m; in 东镇 five are 2 m and higher, two 3 m. A wood stands from 350 m to 450 m.
#[test]
fn figures_at_other_thresholds_stand_beside_the_figure() {
    let row = [
        [0.0, 1.0, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 0.0, 0.0f32],
        [2.0, 2.0, 2.0, 3.0, 3.0, 0.0, 0.0, 0.0, 0.0, 0.0],
    ];
    let bench = bench(&striped(0.0, &row.concat(), "-9"));
    bench.write("urban.geojson", &further::area("u", [0.0, 0.0, 1000.0, 1000.0]));
    bench.write("woods.geojson", &further::woods(&[("wood", [350.0, 0.0, 450.0, 1000.0])]));
    bench.write("houses.geojson", &further::area("h", [500.0, 0.0, 600.0, 1000.0]));
    let project = |cells: &str| {
        format!(
            "schema = 1\narea = \"plane\"\n[zones]\nfile = \"towns.geojson\"\nid = \"id\"\nname = \"name\"\n\
             [[cover]]\nname = \"heights\"\nraster = \"cover.tif\"\nclass = \"crown\"\n{cells}\n\
             [[cover]]\nname = \"woods\"\nfile = \"woods.geojson\"\nclass = \"wood\"\n\
             [[class]]\nid = \"crown\"\nname = \"树冠\"\ncounts_as = [\"canopy\", \"tree_cover\"]\n\
             [[class]]\nid = \"wood\"\nname = \"乔木\"\ncounts_as = [\"tree_cover\", \"forest\"]\n\
             [scopes.urban]\nfile = \"urban.geojson\"\nsource = \"x\"\ndate = \"2024\"\n"
        )
    };
    let (rows, _) = further::measured(&bench, &project("kind = \"chm\"\nalso_at_least = [3, 5.0, 2, 0.5]"));
    let canopy = |metres: &str| format!("tree-canopy cover with heights from {metres} m on");
    let trees = |metres: &str| format!("tree coverage with heights from {metres} m on");
    further::is(&rows, "urban area", &canopy("0.5"), 70.0);
    further::is(&rows, "urban area", &canopy("3"), 40.0);
    further::is(&rows, "urban area", &canopy("5"), 20.0);
    // The wood counts whatever its height, and once.
    further::is(&rows, "西镇", &trees("3"), 45.0);
    further::is(&rows, "西镇", &trees("5"), 30.0);
    further::is(&rows, "东镇", &trees("3"), 20.0);
    further::is(&rows, "东镇", &trees("5"), 0.0);
    further::is(&rows, "county", &trees("3"), (45.0 + 20.0) / 2.0);
    further::is(&rows, "county", &trees("0.5"), (70.0 + 50.0) / 2.0);
    // The judged threshold is the figure, and the wood alone is forest.
    assert!(
        !rows.iter().any(|(_, what, _)| what.contains("2 m on") || what.starts_with("forest")),
        "{rows:#?}"
    );
    let figures = std::fs::read_to_string(bench.path("out/indicators.csv")).unwrap();
    let verdict = figures.lines().find(|line| line.contains("canopy-cover")).unwrap();
    assert!(verdict.contains("60"), "{verdict}");
    // Masks take as much away as from the figure.
    let mask = "mask = [{ file = \"houses.geojson\", of = \"buildings\" }]";
    let (rows, _) =
        further::measured(&bench, &project(&format!("kind = \"chm\"\nalso_at_least = [3]\n{mask}")));
    further::is(&rows, "urban area", &canopy("3"), 30.0);
    for (cells, code) in
        [("also_at_least = [3]", "contradiction"), ("kind = \"chm\"\nalso_at_least = 3", "wrong-kind")]
    {
        std::fs::write(bench.path("p.toml"), project(cells)).unwrap();
        bench.run(&["run", "p.toml", "--out", "out"]).refused(code, &["also_at_least"]);
    }
}

#[test]
fn what_no_raster_can_mean_is_refused() {
    let bench = heights();
    let with = |raster: &str| {
        let project = PROJECT.replace("kind = \"chm\"\nclass = \"canopy\"", raster);
        std::fs::write(bench.path("p.toml"), project).unwrap();
        bench.run(&["run", "p.toml", "--out", "out"])
    };
    with("class = \"canopy\"").refused("raster-no-classes", &["cover.tif", "0.5", "chm"]);
    with("kind = \"ndsm\"\nclass = \"canopy\"").refused("contradiction", &["ndsm", "houses", "vegetation"]);
    with("kind = \"index\"\nclass = \"lawn\"").refused("missing-key", &["at_least"]);
    with("kind = \"index\"\nat_least = 0.3\nexpression = \"(b4 - \"\nclass = \"lawn\"")
        .refused("contradiction", &["expression"]);
    with("kind = \"index\"\nat_least = 0.3\nclass = \"canopy\"")
        .refused("contradiction", &["canopy", "grass", "lawn"]);
    with("at_least = 2.0\nclass = \"canopy\"").refused("contradiction", &["at_least", "chm"]);
}

/// Two ways that share no arithmetic: cells by their fractions, and cells as outlines that are cut at the border.
#[cfg(feature = "gdal")]
#[test]
fn a_cover_of_cells_has_what_their_fractions_have() {
    let test = "a_cover_of_cells_has_what_their_fractions_have";
    let Some(data) = crate::shared::data(test) else { return };
    let file = |name: &str| data.join("zion-nlcd").join(name).display().to_string();
    let (zones, raster, bench) = (file("zion.gpkg"), file("nlcd.tif"), Workbench::new());
    let common =
        ["--zones", &zones, "--zone-id", "UNIT_CODE", "--zones-crs", "EPSG:26912", "--area", "plane"];
    let by_fractions = bench.run(&[&["-q", "zonal", "--raster", &raster], &common[..]].concat());
    let as_cover = ["-q", "tabulate", "--cover", &raster, "--by", "value", "--format", "csv"];
    let as_cover = bench.run(&[&as_cover[..], &common[..]].concat());
    let classes: Vec<_> = as_cover.lines().into_iter().filter(|line| line.area_m2 > 0.0).collect();
    assert_eq!(classes.len(), 7);
    for line in classes {
        let begin = format!("ZION,{},", line.class);
        let row = by_fractions.out.lines().find_map(|row| row.strip_prefix(&begin)).expect("the class");
        let fractions: f64 = row.split(',').next().unwrap().parse().unwrap();
        // Places within a cell are held to 2^-26 of 30 m there.
        assert!(
            (line.area_m2 - fractions).abs() <= 1e-9 * fractions + 1e-4,
            "{begin} {} {fractions}",
            line.area_m2
        );
    }
}
