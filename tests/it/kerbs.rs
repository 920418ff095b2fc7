//! Strips that begin at the edge of the roads' own ground: by hand, and at random against GEOS.

use geos::{Geom, Geometry};

use crate::differential::surveys::Dice;
use crate::further::{HEAD, Measures, figure, is, measures, woods};
use crate::oracle;
use crate::workbench::{Workbench, X, Y, rectangle, two_towns};

const COUNTY: &str = "county";
const OFF: &str = "roads fit for greening that have no kerb on a side: from the axis there";
const GROUND: &str = "road_ground = { file = \"ground.geojson\" }\n";

/// Features of a kind of geometry, in metres from the usual corner.
fn layer(kind: &str, features: &[&[[f64; 2]]]) -> String {
    let feature = |points: &&[[f64; 2]]| {
        let points: Vec<String> = points.iter().map(|[x, y]| format!("[{},{}]", X + x, Y + y)).collect();
        let points = points.join(",");
        let coordinates = if kind == "Polygon" { format!("[[{points}]]") } else { format!("[{points}]") };
        format!(
            r#"{{"type":"Feature","properties":{{"route":"G1","width":12}},"geometry":{{"type":"{kind}","coordinates":{coordinates}}}}}"#
        )
    };
    format!(
        r#"{{"type":"FeatureCollection","crs":{{"type":"name","properties":{{"name":"urn:ogc:def:crs:EPSG::4547"}}}},"features":[{}]}}"#,
        features.iter().map(feature).collect::<Vec<_>>().join(",")
    )
}

fn bench(roads: &[&[[f64; 2]]], ground: &[&[[f64; 2]]], trees: &[[f64; 4]]) -> Workbench {
    let bench = Workbench::new();
    bench.write("towns.geojson", &two_towns());
    let trees: Vec<(&'static str, [f64; 4])> = trees.iter().map(|at| ("wood", *at)).collect();
    bench.write("woods.geojson", &woods(&trees));
    std::fs::write(bench.path("roads.geojson"), layer("LineString", roads)).unwrap();
    std::fs::write(bench.path("ground.geojson"), layer("Polygon", ground)).unwrap();
    bench
}

fn of(roads: &[&[[f64; 2]]], ground: &[&[[f64; 2]]], trees: &[[f64; 4]], more: &str) -> Measures {
    let project = format!("[road_greening]\nfile = \"roads.geojson\"\n{more}");
    measures(&bench(roads, ground, trees), &project)
}

const ROAD: &[[f64; 2]] = &[[100.0, 500.0], [900.0, 500.0]];
/// Seven metres to the left of the road, five to its right.
const WHOLE: &[[f64; 2]] = &[[100.0, 495.0], [900.0, 495.0], [900.0, 507.0], [100.0, 507.0], [100.0, 495.0]];
/// The same along the first half, wound the other way.
const HALF: &[[f64; 2]] = &[[100.0, 495.0], [100.0, 507.0], [500.0, 507.0], [500.0, 495.0], [100.0, 495.0]];
/// Beyond the strip from the axis, within it from the kerb.
const TREES: [[f64; 4]; 2] = [[100.0, 521.0, 900.0, 526.0], [100.0, 476.0, 700.0, 479.0]];

#[test]
fn the_strip_begins_where_the_ground_of_the_road_ends() {
    let rows = of(&[ROAD], &[WHOLE], &TREES, "");
    is(&rows, COUNTY, "greened roads", 0.0);
    let rows = of(&[ROAD], &[WHOLE], &TREES, GROUND);
    is(&rows, COUNTY, "greened roads", 600.0);
    is(&rows, COUNTY, "trees on at least one side", 100.0);
    is(&rows, COUNTY, OFF, 0.0);
    // The line back, and the ground in two polygons that meet along the axis.
    let back: &[[f64; 2]] = &[[900.0, 500.0], [100.0, 500.0]];
    let south: &[[f64; 2]] =
        &[[100.0, 495.0], [900.0, 495.0], [900.0, 500.0], [100.0, 500.0], [100.0, 495.0]];
    let north: &[[f64; 2]] =
        &[[100.0, 500.0], [900.0, 500.0], [900.0, 507.0], [100.0, 507.0], [100.0, 500.0]];
    is(&of(&[back], &[south, north], &TREES, GROUND), COUNTY, "greened roads", 600.0);
}

#[test]
fn where_no_ground_is_drawn_the_strip_begins_at_the_axis() {
    let rows = of(&[ROAD], &[HALF], &TREES, GROUND);
    is(&rows, COUNTY, "greened roads", 400.0);
    is(&rows, COUNTY, "roads fit for greening", 800.0);
    is(&rows, COUNTY, OFF, 400.0);
    // Ground of another road beside it, with a gap between, is none of this one.
    let beside: &[[f64; 2]] =
        &[[100.0, 505.0], [900.0, 505.0], [900.0, 515.0], [100.0, 515.0], [100.0, 505.0]];
    let rows = of(&[ROAD], &[beside], &TREES, GROUND);
    is(&rows, COUNTY, "greened roads", 0.0);
    is(&rows, COUNTY, OFF, 800.0);
}

#[test]
fn a_kerb_that_goes_away_takes_the_strip_along() {
    // From nought to forty metres on the left: trees at thirty to thirty-four count from x = 300 to 780.
    let wedge: &[[f64; 2]] =
        &[[100.0, 490.0], [900.0, 490.0], [900.0, 540.0], [100.0, 500.0], [100.0, 490.0]];
    let rows =
        of(&[ROAD], &[wedge], &[[100.0, 530.0, 900.0, 534.0]], &format!("{GROUND}sides = \"either\"\n"));
    let got = figure(&rows, COUNTY, "greened roads");
    assert!((got - 480.0).abs() < 4.0, "{got}");
}

#[test]
fn beyond_merged_carriageways_the_kerb_is_that_of_the_outermost() {
    let other: &[[f64; 2]] = &[[100.0, 530.0], [900.0, 530.0]];
    let south: &[[f64; 2]] =
        &[[100.0, 495.0], [900.0, 495.0], [900.0, 505.0], [100.0, 505.0], [100.0, 495.0]];
    let north: &[[f64; 2]] =
        &[[100.0, 525.0], [900.0, 525.0], [900.0, 535.0], [100.0, 535.0], [100.0, 525.0]];
    let trees = [[100.0, 548.0, 900.0, 552.0], [100.0, 478.0, 500.0, 482.0]];
    let merged = "strip_m = [0, 15]\nroute_field = \"route\"\n";
    is(&of(&[ROAD, other], &[south, north], &trees, merged), COUNTY, "greened roads", 0.0);
    let rows = of(&[ROAD, other], &[south, north], &trees, &format!("{GROUND}{merged}"));
    is(&rows, COUNTY, "roads fit for greening", 800.0);
    is(&rows, COUNTY, "greened roads", 400.0);
    is(&rows, COUNTY, "trees on at least one side", 100.0);
}

#[test]
fn a_width_beside_the_ground_is_a_contradiction() {
    let bench = bench(&[ROAD], &[WHOLE], &TREES);
    let roads = format!("[road_greening]\nfile = \"roads.geojson\"\nwidth_field = \"width\"\n{GROUND}");
    std::fs::write(bench.path("p.toml"), format!("{HEAD}{roads}")).unwrap();
    let answer = bench.run(&["run", "p.toml", "--out", "out", "--lang", "en"]);
    assert_eq!(answer.code, Some(2), "{answer:#?}");
    assert!(answer.err.contains("both `road_ground` and `width_field`"), "{answer:#?}");
}

/// A winding road with ground of its own on both sides, as wide as it comes.
fn winding(dice: &mut Dice, y: f64) -> [Vec<[f64; 2]>; 2] {
    let (mut axis, mut left, mut right) = (vec![[50.0, y]], Vec::new(), Vec::new());
    while axis[axis.len() - 1][0] < 900.0 {
        let [x, y] = axis[axis.len() - 1];
        let angle: f64 = dice.between(-0.3, 0.3);
        let far = dice.between(25.0, 50.0);
        axis.push([x + far * angle.cos(), y + far * angle.sin()]);
        left.push([x, y + dice.between(2.0, 12.0)]);
        right.push([x, y - dice.between(2.0, 12.0)]);
    }
    right.reverse();
    let first = left[0];
    [axis, [left, right, vec![first]].concat()]
}

/// Every two metres of winding roads the perpendicular is followed by GEOS: to the first edge of the ground, and twenty metres on.
#[test]
fn kerbs_at_random_are_where_geos_meets_the_edge_of_the_ground() {
    let mut dice = Dice(85);
    let drawn: Vec<[Vec<[f64; 2]>; 2]> = (1..8).map(|k| winding(&mut dice, 120.0 * f64::from(k))).collect();
    let trees: Vec<[f64; 4]> = (0..300)
        .map(|_| {
            let [w, s] = [dice.between(0.0, 950.0), dice.between(50.0, 940.0)];
            [w, s, w + dice.between(5.0, 40.0), s + dice.between(3.0, 25.0)]
        })
        .collect();
    let of = |k: usize| drawn.iter().map(|both| both[k].as_slice()).collect::<Vec<_>>();
    let rows = self::of(&of(0), &of(1), &trees, GROUND);

    let line = |points: &[[f64; 2]]| {
        let places: Vec<String> = points.iter().map(|[x, y]| format!("{x} {y}")).collect();
        Geometry::new_from_wkt(&format!("LINESTRING ({})", places.join(","))).unwrap()
    };
    let edges = oracle::unite(of(1).into_iter().map(&line).collect());
    let woods = oracle::unite(
        trees
            .iter()
            .map(|[w, s, e, n]| Geometry::new_from_wkt(&rectangle(*w, *s, *e, *n)).unwrap())
            .collect(),
    );
    let (mut all, mut either, mut both, mut off) = (0.0, 0.0, 0.0, 0.0);
    for ends in of(0).iter().flat_map(|axis| axis.windows(2)) {
        let [dx, dy] = [ends[1][0] - ends[0][0], ends[1][1] - ends[0][1]];
        let length = dx.hypot(dy);
        let pieces = (length / 2.0).ceil();
        for piece in 0..pieces as u32 {
            let share = (f64::from(piece) + 0.5) / pieces;
            let place = [ends[0][0] + share * dx, ends[0][1] + share * dy];
            let sides = [1.0, -1.0].map(|side| {
                let at =
                    |far: f64| [place[0] - side * dy / length * far, place[1] + side * dx / length * far];
                let met = line(&[place, at(100.0)]).intersection(&edges).unwrap();
                let here = Geometry::new_from_wkt(&format!("POINT ({} {})", place[0], place[1])).unwrap();
                let kerb = if met.is_empty().unwrap() { None } else { Some(here.distance(&met).unwrap()) };
                let from = kerb.unwrap_or(0.0);
                (kerb.is_some(), line(&[at(from), at(from + 20.0)]).intersects(&woods).unwrap())
            });
            let metres = length / pieces;
            all += metres;
            off += if sides.iter().all(|(kerb, _)| *kerb) { 0.0 } else { metres };
            both += if sides.iter().all(|(_, trees)| *trees) { metres } else { 0.0 };
            either += if sides.iter().any(|(_, trees)| *trees) { metres } else { 0.0 };
        }
    }
    assert!(all > 5000.0 && both > 300.0 && either < 0.9 * all, "{all} {both} {either}");
    let near = |found: f64, wanted: f64| assert!((found - wanted).abs() < 3e-3 * all, "{found} {wanted}");
    near(figure(&rows, COUNTY, "roads fit for greening"), all);
    near(figure(&rows, COUNTY, "greened roads"), both);
    near(figure(&rows, COUNTY, "trees on at least one side") / 100.0 * all, either);
    near(figure(&rows, COUNTY, OFF), off);
}
