//! The audit trail: what every patch has in every zone adds up to the table, to the last quantum.

use std::collections::BTreeMap;

use geos::{Geom, Geometry};
use sencheng::geometry::area::AreaSum;
use sencheng::measure::Unwatched;
use sencheng::measure::coverage::{self, Measured, Reading};
use sencheng::measure::heap::UNLIMITED;
use sencheng::measure::trail::Trail;
use sencheng::prepare;
use sencheng::threads::on_threads;

use crate::engine::{Memory, layer, measured, model, plan};
use crate::oracle;
use crate::town::{Patch, Town, UNMAPPED, seeded};
use crate::wkt::Ring;
use crate::workbench::{Sheet, Workbench, X, Y, at, three_patches, two_towns};

fn traced(town: &Town, threads: usize) -> (Measured, Trail) {
    let (zones, _) = prepare::zones(&layer(town));
    let (source, area) = (Memory(town), model(&zones));
    on_threads(threads, || {
        coverage::measure_traced(&[&source], &zones, |_| plan(), &area, UNLIMITED, &Unwatched)
            .expect("nothing can fail in memory")
    })
}

/// By zone and ground: gross and area.
type Books = BTreeMap<(usize, Reading), (AreaSum, AreaSum)>;

fn of_trail(trail: &Trail) -> Books {
    let mut books = Books::new();
    for piece in &trail.pieces {
        let (gross, area) = books.entry((piece.zone as usize, piece.reading)).or_default();
        *gross += piece.gross;
        *area += piece.area;
    }
    books
}

/// What the table says; grounds without any area are left out.
fn of_table(measured: &Measured) -> Books {
    let mut books = Books::new();
    for (z, zone) in measured.coverage.zones.iter().enumerate() {
        let classes = zone.classes.iter().enumerate().map(|(c, sums)| (Reading::Class(c), sums));
        let rest = zone.strata.iter().enumerate().map(|(s, rows)| (Reading::Unmapped(s), &rows.unmapped));
        books.extend(classes.chain(rest).map(|(reading, sums)| ((z, reading), (sums.gross, sums.net))));
    }
    books.retain(|_, sums| *sums != (AreaSum::ZERO, AreaSum::ZERO));
    books
}

/// How many pieces count less than they have.
fn shortened(trail: &Trail) -> usize {
    trail.pieces.iter().filter(|piece| piece.area != piece.gross).count()
}

fn square(x: f64, y: f64, side: f64) -> Ring {
    vec![[x, y], [x + side, y], [x + side, y + side], [x, y + side]]
}

fn of_class(class: usize, ring: Ring) -> Patch {
    Patch { class, parts: vec![vec![ring]] }
}

/// Two zones of 2500 x 5000 m side by side, over some patches.
fn two_zones(patches: Vec<Patch>) -> Town {
    let west = vec![[0.0, 0.0], [2500.0, 0.0], [2500.0, 5000.0], [0.0, 5000.0]];
    let east = vec![[2500.0, 0.0], [5000.0, 0.0], [5000.0, 5000.0], [2500.0, 5000.0]];
    Town { zones: vec![vec![vec![west]], vec![vec![east]]], extent: [0.0, 0.0, 5000.0, 5000.0], patches }
}

#[test]
fn each_square_counts_what_those_before_it_leave_in_each_zone() {
    // Each 200 m wide, a hundred metres after the one before; the border runs through the middle of the second.
    let squares = [2300.0, 2400.0, 2500.0].map(|x| of_class(0, square(x, 1000.0, 200.0)));
    let other = of_class(1, square(2300.0, 1000.0, 200.0));
    let copy = of_class(0, square(2400.0, 1000.0, 200.0));
    let [a, b, c] = squares;
    let (_, trail) = traced(&two_zones(vec![a, b, other, c, copy]), 1);
    let m2 = |sum: AreaSum| sum.area().plane.0;
    let rows: Vec<(&str, u32, f64, f64)> =
        trail.pieces.iter().map(|p| (&*p.id, p.zone, m2(p.gross), m2(p.area))).collect();
    let expected = [
        ("0", 0, 40_000.0, 40_000.0),
        ("1", 0, 20_000.0, 0.0),
        ("1", 1, 20_000.0, 20_000.0),
        ("2", 0, 40_000.0, 40_000.0),
        ("3", 1, 40_000.0, 20_000.0),
        ("4", 0, 20_000.0, 0.0),
        ("4", 1, 20_000.0, 0.0),
    ];
    assert_eq!(rows, expected);
}

#[test]
fn pieces_of_any_town_add_up_to_its_table_in_quanta_on_any_number_of_threads() {
    let mut counted = 0;
    for town in seeded(400) {
        let (found, trail) = traced(&town, 1);
        assert_eq!(of_trail(&trail), of_table(&found), "{town:?}");
        assert!(trail.unbalanced(&found.plan, &found.coverage).is_empty());
        assert_eq!(found.coverage, measured(&town).coverage, "a trail changes a figure: {town:?}");
        assert_eq!(trail, traced(&town, 2).1, "{town:?}");
        counted += shortened(&trail);
    }
    assert!(counted > 500, "only {counted} pieces share ground with an earlier one");
}

#[test]
fn a_thick_heap_adds_up_too() {
    // 240 squares about the border and about corners of tiles, every tenth of them twice.
    let place = |i: usize, by: usize| (i * by % 400) as f64 * 1.7 + 2000.3;
    let squares = (0..240).map(|i| of_class(i % 2, square(place(i, 37), place(i, 91), 90.0 + i as f64)));
    let all: Vec<Patch> = squares.collect();
    let copies: Vec<Patch> = all.iter().step_by(10).cloned().collect();
    let town = two_zones(all.into_iter().chain(copies).collect());
    let (found, trail) = traced(&town, 2);
    assert_eq!(of_trail(&trail), of_table(&found));
    assert!(shortened(&trail) > 100, "{}", shortened(&trail));
    let (found, slanted) = traced(&spot(), 2);
    assert_eq!(of_trail(&slanted), of_table(&found));
    assert!(shortened(&slanted) > 250, "{}", shortened(&slanted));
    let copied = trail.pieces.iter().filter(|p| p.id.parse::<usize>().expect("a number") >= 240);
    // What a copy has was counted before; what it is less for is rounded tile by tile.
    assert!(copied.clone().count() >= 24);
    copied.for_each(|p| assert!(p.area.area().plane.0.abs() < 1e-5, "{p:?}"));
}

/// Slanted patches in a heap, all of one class, more than are taken one with all before it.
fn spot() -> Town {
    let corner = |i: usize, k: usize| {
        let turn = std::f64::consts::TAU * (k as f64 / 7.0 + i as f64 * 0.013);
        let reach = 100.0 + (i * 31 + k * 17) as f64 % 60.0;
        let centre = |by: usize| 2450.0 + (i * by % 97) as f64;
        let on_raster = |c: f64| (c * 1024.0).round() / 1024.0;
        [on_raster(centre(37) + reach * turn.cos()), on_raster(centre(53) + reach * turn.sin())]
    };
    two_zones((0..300).map(|i| of_class(0, (0..7).map(|k| corner(i, k)).collect())).collect())
}

#[test]
fn a_piece_counts_what_the_oracle_says() {
    for town in seeded(40).into_iter().chain([spot()]) {
        let origin = [town.extent[0], town.extent[1]];
        let mut taken: BTreeMap<usize, Geometry> = BTreeMap::new();
        let left = town.patches.iter().map(|patch| {
            let shape = oracle::ground(&patch.parts, origin);
            let before = taken.remove(&patch.class).unwrap_or_else(|| oracle::unite(Vec::new()));
            let left = shape.difference(&before).expect("difference");
            taken.insert(patch.class, oracle::unite(vec![before, shape]));
            left
        });
        let left: Vec<Geometry> = left.collect();
        let (_, trail) = traced(&town, 1);
        let ours: BTreeMap<(usize, usize), f64> = trail
            .pieces
            .iter()
            .map(|p| ((p.id.parse().expect("a number"), p.zone as usize), p.area.area().plane.0))
            .collect();
        for (zone, parts) in town.zones.iter().enumerate() {
            let outline = oracle::ground(parts, origin);
            let tolerance = 1e-9 * outline.area().expect("area") + 1e-6;
            for (i, left) in left.iter().enumerate() {
                let theirs = left.intersection(&outline).and_then(|left| left.area()).expect("area");
                let ours = ours.get(&(i, zone)).copied().unwrap_or_default();
                let differ = (ours - theirs).abs();
                assert!(differ <= tolerance, "patch {i}, zone {zone}: {ours}, oracle {theirs}: {town:?}");
            }
        }
    }
}

#[test]
fn a_trail_with_a_piece_missing_does_not_balance() {
    let squares = [2300.0, 2400.0].map(|x| of_class(UNMAPPED, square(x, 1000.0, 200.0)));
    let (found, mut trail) = traced(&two_zones(squares.into()), 1);
    assert!(trail.unbalanced(&found.plan, &found.coverage).is_empty());
    trail.pieces.pop();
    let unbalanced: Vec<_> = trail.unbalanced(&found.plan, &found.coverage).into_iter().collect();
    assert_eq!(unbalanced, [(1, Reading::Unmapped(0))]);
}

#[test]
fn pieces_are_written_in_file_order_then_zone_order() {
    let bench = Workbench::new();
    bench.write("towns.geojson", &two_towns()).write("cover.geojson", &three_patches());
    let answer = bench.tabulate("towns.geojson", "cover.geojson", &["--pieces", "pieces.csv"]);
    answer.ended(0);
    let expected = "zone,class,layer,feature,gross_m2,area_m2\n\
        2,111,cover.geojson,0,40000.000000,40000.000000\n\
        2,111,cover.geojson,1,40000.000000,20000.000000\n\
        2,120,cover.geojson,2,10000.000000,10000.000000\n\
        1,120,cover.geojson,2,10000.000000,10000.000000\n";
    assert_eq!(std::fs::read_to_string(bench.path("pieces.csv")).unwrap(), expected);
    let without = bench.tabulate("towns.geojson", "cover.geojson", &[]);
    assert_eq!(answer.out, without.out);
}

/// Slanted patches, by the ellipsoid: no area is a round number.
fn slanted() -> Sheet {
    (0..300).fold(Sheet::new(Some("EPSG:4547")).text("class"), |sheet, i| {
        let (x, y) = (X + (i * 37 % 190) as f64 * 10.3, Y + (i * 91 % 90) as f64 * 10.7);
        let class = if i % 3 == 0 { "a,\"b\"" } else { "c" };
        let corner = |dx: f64, dy: f64| format!("{:.3} {:.3}", x + dx, y + dy);
        let [a, b, c] = [corner(0.0, 0.0), corner(61.3, 12.1 + f64::from(i)), corner(-17.7, 55.5)];
        sheet.with([class.into()], &format!("POLYGON (({a},{b},{c},{a}))"))
    })
}

#[test]
fn written_decimals_add_up_to_the_table_and_threads_change_no_byte() {
    let bench = Workbench::new();
    bench.write("towns.geojson", &two_towns()).write("cover.geojson", &slanted());
    for area in ["ellipsoid", "plane"] {
        let written = |threads: &str| {
            let usual =
                ["tabulate", "--zones", "towns.geojson", "--zone-id", "id", "--cover", "cover.geojson"];
            let more = ["--by", "class", "--format", "csv", "--pieces", "p.csv", "--area", area];
            let answer = bench.run(&[&usual[..], &more, &["--threads", threads]].concat());
            answer.ended(0);
            (answer, std::fs::read_to_string(bench.path("p.csv")).unwrap())
        };
        let (answer, text) = written("1");
        assert_eq!(text, written("2").1);
        assert!(!text.contains("-0.000000"));
        let mut sums: BTreeMap<(String, String), (f64, f64, f64)> = BTreeMap::new();
        for record in csv::Reader::from_reader(text.as_bytes()).records() {
            let record = record.unwrap();
            let number = |i: usize| record[i].parse::<f64>().unwrap();
            let sum = sums.entry((record[0].to_owned(), record[1].to_owned())).or_default();
            *sum = (sum.0 + number(4), sum.1 + number(5), sum.2 + 1.0);
        }
        let lines: Vec<_> = answer.lines().into_iter().filter(|line| line.gross_m2.is_some()).collect();
        assert_eq!(lines.len(), 4);
        for line in lines {
            let (gross, area, rows) = sums[&(line.zone.clone(), line.class.clone())];
            let rounding = 0.5e-6 * rows + 1e-8;
            assert!((gross - line.gross_m2.unwrap()).abs() <= rounding, "{line:?}: {gross}");
            assert!((area - line.area_m2).abs() <= rounding, "{line:?}: {area}");
            assert!(area < gross - 1000.0, "patches of {line:?} were meant to overlap");
        }
    }
}

#[test]
fn pieces_of_lines_are_refused() {
    let bench = Workbench::new();
    let roads = serde_json::json!({
        "type": "FeatureCollection",
        "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4547"}},
        "features": [{
            "type": "Feature",
            "properties": {"class": "r"},
            "geometry": {"type": "LineString", "coordinates": [[X, Y], [X + 10.0, Y]]},
        }],
    });
    bench.write("towns.geojson", &two_towns());
    std::fs::write(bench.path("roads.geojson"), roads.to_string()).unwrap();
    let answer = bench.tabulate("towns.geojson", "roads.geojson", &["--pieces", "p.csv"]);
    answer.refused("layer-without-pieces", &["roads.geojson", "--pieces"]);
    assert!(!bench.path("p.csv").exists());
}

#[test]
fn a_trail_that_cannot_be_written_ends_the_run_before_the_table() {
    let bench = Workbench::new();
    let cover = three_patches().with(["111".into()], &at(10.0, 10.0, 20.0, 20.0));
    bench.write("towns.geojson", &two_towns()).write("cover.geojson", &cover);
    let answer = bench.tabulate("towns.geojson", "cover.geojson", &["--pieces", "towns.geojson/p.csv"]);
    answer.refused("cannot-write", &["towns.geojson/p.csv"]);
}
