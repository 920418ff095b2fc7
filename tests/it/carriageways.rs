//! Roads that are drawn as several axes, by hand: each counts with its share, and strips lie beyond all of them.

use crate::further::{Measures, figure, is, measured, measures, woods};
use crate::workbench::{Workbench, X, Y, two_towns};

const COUNTY: &str = "county";
const MERGED: &str = "merged: other carriageways of the same road";
const PROJECT: &str =
    "[road_greening]\nfile = \"roads.geojson\"\nstrip_m = [0, 20]\nroute_field = \"route\"\n";

/// A feature: its route, its width, its lines in metres from the usual corner.
type Road<'a> = (&'a str, f64, &'a [&'a [[f64; 2]]]);

fn axes(roads: &[Road<'_>]) -> String {
    let feature = |(route, width, lines): &Road<'_>| {
        let line = |points: &&[[f64; 2]]| {
            let points: Vec<String> = points.iter().map(|[x, y]| format!("[{},{}]", X + x, Y + y)).collect();
            format!("[{}]", points.join(","))
        };
        format!(
            r#"{{"type":"Feature","properties":{{"route":"{route}","width":{width}}},"geometry":{{"type":"MultiLineString","coordinates":[{}]}}}}"#,
            lines.iter().map(line).collect::<Vec<_>>().join(",")
        )
    };
    format!(
        r#"{{"type":"FeatureCollection","crs":{{"type":"name","properties":{{"name":"urn:ogc:def:crs:EPSG::4547"}}}},"features":[{}]}}"#,
        roads.iter().map(feature).collect::<Vec<_>>().join(",")
    )
}

/// What is measured of roads beside bands of trees, each from west to east and from south to north.
fn of(roads: &[Road<'_>], trees: &[[f64; 4]], more: &str) -> Measures {
    let bench = Workbench::new();
    bench.write("towns.geojson", &two_towns());
    let trees: Vec<(&'static str, [f64; 4])> = trees.iter().map(|at| ("wood", *at)).collect();
    bench.write("woods.geojson", &woods(&trees));
    std::fs::write(bench.path("roads.geojson"), axes(roads)).unwrap();
    measures(&bench, &format!("{PROJECT}{more}"))
}

/// Fit, merged, greened on both sides, on either; metres.
#[track_caller]
fn are(rows: &Measures, place: &str, [fit, both, either]: [f64; 3]) {
    is(rows, place, "roads fit for greening", fit);
    is(rows, place, "greened roads", both);
    is(rows, place, "trees on at least one side", either / fit * 100.0);
}

const SOUTH: &[[f64; 2]] = &[[100.0, 500.0], [900.0, 500.0]];
const NORTH: &[[f64; 2]] = &[[100.0, 530.0], [900.0, 530.0]];
const NORTH_BACK: &[[f64; 2]] = &[[900.0, 530.0], [640.0, 530.0], [100.0, 530.0]];

#[test]
fn two_carriageways_are_one_road_and_the_median_is_not_beside_it() {
    let one_way = [("G1", 0.0, &[SOUTH][..]), ("G1", 0.0, &[NORTH][..])];
    let other_way = [("G1", 0.0, &[NORTH_BACK][..]), ("G1", 0.0, &[SOUTH][..])];
    let one_feature = [("G1", 0.0, &[SOUTH, NORTH_BACK][..])];
    let twice = [("G1", 0.0, &[SOUTH][..]), ("G1", 0.0, &[NORTH][..]), ("G1", 0.0, &[NORTH_BACK][..])];
    let outer = [[200.0, 480.0, 600.0, 490.0], [200.0, 540.0, 600.0, 545.0]];
    let median = [[200.0, 510.0, 600.0, 520.0]];
    let one_side = [[200.0, 540.0, 600.0, 545.0]];
    for roads in [&one_way[..], &other_way, &one_feature, &twice] {
        let drawn: f64 = if roads.len() == 3 { 2400.0 } else { 1600.0 };
        let rows = of(roads, &outer, "");
        are(&rows, COUNTY, [800.0, 400.0, 400.0]);
        is(&rows, COUNTY, MERGED, drawn - 800.0);
        is(&rows, COUNTY, "all axes of the layer that are fit", drawn);
        are(&of(roads, &median, ""), COUNTY, [800.0, 0.0, 0.0]);
        let rows = of(roads, &one_side, "sides = \"mean\"\n");
        is(&rows, COUNTY, "greened roads", 200.0);
        is(&rows, COUNTY, "trees on at least one side", 50.0);
    }
    // Axes that lie farther apart, or on other routes, or on none, are roads by themselves.
    are(&of(&one_way, &outer, "merge_within_m = 29.9\n"), COUNTY, [1600.0, 0.0, 800.0]);
    are(&of(&[one_way[0], ("G2", 0.0, &[NORTH])], &outer, ""), COUNTY, [1600.0, 0.0, 800.0]);
    are(&of(&[("", 0.0, &[SOUTH]), ("", 0.0, &[NORTH])], &outer, ""), COUNTY, [1600.0, 0.0, 800.0]);
}

#[test]
fn where_one_carriageway_ends_the_other_is_the_road() {
    let roads = [("G1", 0.0, &[SOUTH][..]), ("G1", 0.0, &[&[[1200.0, 530.0], [500.0, 530.0]][..]][..])];
    let trees = [[100.0, 485.0, 900.0, 495.0], [100.0, 505.0, 900.0, 515.0], [700.0, 535.0, 1200.0, 545.0]];
    let rows = of(&roads, &trees, "");
    // Alone 400 m in the west and 300 m in the east, 400 m of two between them.
    is(&rows, COUNTY, MERGED, 400.0);
    are(&rows, COUNTY, [1100.0, 400.0 + 200.0, 800.0 + 300.0]);
    are(&rows, "西镇", [900.0, 600.0, 900.0]);
    are(&rows, "东镇", [200.0, 0.0, 200.0]);
}

#[test]
fn three_carriageways_count_a_third_each_and_strips_begin_at_the_outer_edges() {
    let middle: &[&[[f64; 2]]] = &[&[[900.0, 530.0], [100.0, 530.0]]];
    let far: &[&[[f64; 2]]] = &[&[[100.0, 560.0], [900.0, 560.0]]];
    let roads = [("G1", 8.0, &[SOUTH][..]), ("G1", 10.0, middle), ("G1", 12.0, far)];
    let trees = [[200.0, 477.0, 600.0, 479.0], [200.0, 583.0, 600.0, 585.0], [100.0, 510.0, 900.0, 550.0]];
    are(&of(&roads, &trees, ""), COUNTY, [800.0, 0.0, 0.0]);
    // With half of 8 m and of 12 m, the strips reach to 476 and to 586.
    let rows = of(&roads, &trees, "width_field = \"width\"\n");
    are(&rows, COUNTY, [800.0, 400.0, 400.0]);
    is(&rows, COUNTY, MERGED, 1600.0);
}

#[test]
fn a_carriageway_that_comes_nearer_is_followed() {
    // The other runs from 530 to 550; trees stand on 540 to 541: beyond it where it has not come to 541.
    let away: &[&[[f64; 2]]] = &[&[[100.0, 530.0], [900.0, 550.0]]];
    let rows = of(
        &[("G1", 0.0, &[SOUTH]), ("G1", 0.0, away)],
        &[[100.0, 540.0, 900.0, 541.0]],
        "sides = \"either\"\n",
    );
    let (fit, greened) =
        (figure(&rows, COUNTY, "roads fit for greening"), figure(&rows, COUNTY, "greened roads"));
    // Each sees the other but for the ends, where perpendiculars part; half of 800 m and of 800.25 m.
    assert!((fit - 800.125).abs() < 1.5, "{fit}");
    assert!((greened - 440.0).abs() < 3.0, "{greened}");
}

#[test]
fn a_road_that_winds_crosses_or_meets_itself_is_not_merged() {
    let leg: &[&[[f64; 2]]] = &[&[[100.0, 500.0], [700.0, 500.0]]];
    let bend: &[&[[f64; 2]]] = &[&[[700.0, 500.0], [715.0, 508.0], [715.0, 522.0], [700.0, 530.0]]];
    let back: &[&[[f64; 2]]] = &[&[[100.0, 530.0], [700.0, 530.0]]];
    let whole: &[&[[f64; 2]]] =
        &[&[[100.0, 500.0], [700.0, 500.0], [715.0, 515.0], [700.0, 530.0], [100.0, 530.0]]];
    let crosses: &[&[[f64; 2]]] = &[&[[200.0, 400.0], [400.0, 600.0]]];
    for roads in [&[leg, bend, back][..], &[back, leg, bend], &[whole], &[leg, crosses]] {
        let roads: Vec<Road<'_>> = roads.iter().map(|lines| ("G1", 0.0, *lines)).collect();
        is(&of(&roads, &[[0.0, 0.0, 1.0, 1.0]], ""), COUNTY, MERGED, 0.0);
    }
}

#[test]
fn a_road_that_forks_is_merged_from_where_its_branches_run_along() {
    let roads: [Road<'_>; 3] = [
        ("G1", 0.0, &[&[[100.0, 515.0], [300.0, 515.0]]]),
        ("G1", 0.0, &[&[[300.0, 515.0], [340.0, 500.0], [900.0, 500.0]]]),
        ("G1", 0.0, &[&[[900.0, 530.0], [340.0, 530.0], [300.0, 515.0]]]),
    ];
    // The first 42.72 m of the branches part at 41°; the other's straight part is at 20.6° to them, and begins on their
    // perpendicular at (40 · 40 - 15 · 15) / 42.72 m.
    let slope = 40f64.hypot(15.0);
    let merged = 560.0 + slope - (1600.0 - 225.0) / slope;
    is(&of(&roads, &[[0.0, 0.0, 1.0, 1.0]], ""), COUNTY, MERGED, merged);
}

/// Roads of four routes, with two to four carriageways that turn and split, in two orders and on two numbers of threads.
#[test]
fn merging_depends_neither_on_the_order_of_features_nor_on_threads() {
    let bench = Workbench::new();
    bench.write("towns.geojson", &two_towns());
    let trees: Vec<(&'static str, [f64; 4])> = (0..40)
        .map(|at| f64::from(at) * 47.0)
        .map(|at| ("wood", [at, (at * 3.7) % 900.0, at + 31.0, (at * 3.7) % 900.0 + 60.0]))
        .collect();
    bench.write("woods.geojson", &woods(&trees));
    let routes = ["G1", "S2", "X3", "Y4"];
    let lines: Vec<Vec<[f64; 2]>> = (0..120)
        .map(|at| {
            let (route, part, way) = (at % 4, f64::from(at / 12), f64::from(at / 4 % 3));
            let x = |step: f64| 20.0 + part * 190.0 + step * 95.0 + way * 13.0;
            let y =
                |step: f64| 40.0 + 240.0 * f64::from(route) + way * (17.0 + step) + 9.0 * (part + step).sin();
            let points = [0.0, 1.0, 2.0].map(|step| [x(step), y(step)]);
            if at % 3 == 0 { points.into_iter().rev().collect() } else { points.to_vec() }
        })
        .collect();
    let parts: Vec<[&[[f64; 2]]; 1]> = lines.iter().map(|line| [&line[..]]).collect();
    let mut roads: Vec<Road<'_>> =
        parts.iter().enumerate().map(|(at, lines)| (routes[at % 4], (at % 5) as f64, &lines[..])).collect();
    let project = format!("{}{PROJECT}width_field = \"width\"\n", crate::further::HEAD);
    let mut once = None;
    for threads in ["1", "3"] {
        std::fs::write(bench.path("roads.geojson"), axes(&roads)).unwrap();
        let (rows, _) = measured(&bench, &project);
        assert!(figure(&rows, COUNTY, MERGED) > 5000.0);
        let run = ["run", "p.toml", "--out", "again", "--lang", "en", "--threads", threads];
        assert!(bench.run(&run).code.is_some_and(|code| code < 2));
        for folder in ["out", "again"] {
            let bytes = std::fs::read(bench.path(folder).join("measures.csv")).unwrap();
            assert_eq!(*once.get_or_insert_with(|| bytes.clone()), bytes);
        }
        roads.reverse();
        roads.swap(3, 50);
    }
}

#[test]
fn a_distance_without_a_route_is_refused() {
    let bench = Workbench::new();
    bench.write("towns.geojson", &two_towns());
    bench.write("woods.geojson", &woods(&[("wood", [0.0, 0.0, 1.0, 1.0])]));
    std::fs::write(bench.path("roads.geojson"), axes(&[("G1", 0.0, &[SOUTH])])).unwrap();
    let project = PROJECT.replace("route_field = \"route\"", "merge_within_m = 40");
    std::fs::write(bench.path("p.toml"), format!("{}{project}", crate::further::HEAD)).unwrap();
    let answer = bench.run(&["run", "p.toml", "--out", "out", "--lang", "en"]);
    assert!(answer.code == Some(2) && answer.err.contains("add `route_field = …`"), "{answer:#?}");
}
