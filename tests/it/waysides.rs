//! Blocks of shaded roads, roads with a width, patterns of route numbers: by hand; and laws of strips and of what lies near.

use proptest::prelude::*;
use sencheng::attribute::Value;
use sencheng::geometry::beside::{Interval, Meeting, Side, Strip, united};
use sencheng::geometry::buffer::{self, buffer};
use sencheng::geometry::grid::{Point, Shape, steps};
use sencheng::geometry::length::Edge;
use sencheng::geometry::overlay::Overlay;
use sencheng::project::Filter;

use crate::chance;
use crate::further::{area, is, lines, measures, woods};
use crate::workbench::{Workbench, two_towns};

const URBAN: &str = "[scopes.urban]\nfile = \"urban.geojson\"\nsource = \"x\"\ndate = \"2024\"\n";

/// Road A crosses B at 400 and meets C's end at 700; D passes over it at 900 without a common point. A is drawn as two
/// features that follow on each other at 550, which is no crossing.
#[test]
fn a_block_lies_between_the_crossings_of_a_road() {
    let bench = Workbench::new();
    bench.write("towns.geojson", &two_towns());
    let crowns = [("wood", [100.0, 480.0, 400.0, 520.0]), ("wood", [700.0, 480.0, 880.0, 520.0])];
    bench.write("woods.geojson", &woods(&crowns));
    bench.write("urban.geojson", &area("u", [0.0, 0.0, 2000.0, 1000.0]));
    let roads = lines(&[
        ("A", &[[100.0, 500.0], [400.0, 500.0], [550.0, 500.0]]),
        ("A", &[[1000.0, 500.0], [700.0, 500.0], [550.0, 500.0]]),
        ("B", &[[400.0, 300.0], [400.0, 500.0], [400.0, 700.0]]),
        ("C", &[[700.0, 500.0], [700.0, 600.0]]),
        ("D", &[[900.0, 400.0], [900.0, 800.0]]),
    ]);
    std::fs::write(bench.path("roads.geojson"), roads).unwrap();
    let project = format!(
        "{URBAN}[shaded_roads]\nfile = \"roads.geojson\"\nroad = \"kind\"\nfigure = \"tree_cover\"\n\
         strip_m = [5, 10]\nshare_pct = 55\njudge_by = \"block\"\n"
    );
    let rows = measures(&bench, &project);
    let urban = "urban area";
    // A in three, B in two, C, D; A's first block has crowns all along, its last over 180 of 300 m: 60 %.
    is(&rows, urban, "units judged", 7.0);
    is(&rows, urban, "units that are shaded", 2.0);
    is(&rows, urban, "roads fit for greening", 900.0 + 400.0 + 100.0 + 400.0);
    is(&rows, urban, "shaded roads", 300.0 + 300.0);
    is(&rows, urban, "shaded by block between crossings, from 50 % on", 600.0 / 1800.0 * 100.0);
    is(&rows, urban, "shaded by road, from 55 % on", 0.0);
    // Without names, roads that follow on each other are one; the crossings are the same.
    let nameless = measures(&bench, &project.replace("road = \"kind\"\n", ""));
    is(&nameless, urban, "units judged", 7.0);
    is(&nameless, urban, "shaded roads", 600.0);
}

#[test]
fn a_strip_begins_at_the_edge_of_a_road_whose_width_is_known() {
    let bench = Workbench::new();
    bench.write("towns.geojson", &two_towns());
    let trees = [("wood", [200.0, 506.0, 600.0, 507.0]), ("wood", [200.0, 493.0, 600.0, 494.0])];
    bench.write("woods.geojson", &woods(&trees));
    std::fs::write(bench.path("roads.geojson"), lines(&[("10", &[[100.0, 500.0], [900.0, 500.0]])])).unwrap();
    let project = "[road_greening]\nfile = \"roads.geojson\"\nstrip_m = [0, 3]\n";
    is(&measures(&bench, project), "county", "trees on both sides", 0.0);
    let rows = measures(&bench, &format!("{project}width_field = \"kind\"\n"));
    is(&rows, "county", "greened roads", 400.0);
}

#[test]
fn a_pattern_fits_as_in_sql() {
    let cases = [
        ("G%", "G205", true),
        ("G%", "XG1", false),
        ("g%", "G205", false),
        ("G_0_", "G205", true),
        ("G_", "G205", false),
        ("%5%5", "G55", true),
        ("%205", "G2052050", false),
        ("%205", "G205205", true),
        ("%", "", true),
        ("", "G", false),
        ("县_%", "县道1", true),
    ];
    for (pattern, text, fits) in cases {
        let of = |name: &str| if name == "r" { Value::Text(text.to_owned()) } else { Value::Null };
        let holds = |condition: &str| Filter::parse(condition).unwrap().accepts(&of);
        assert_eq!(holds(&format!("r like '{pattern}'")), fits, "{pattern} {text}");
        assert_eq!(holds(&format!("r not like '{pattern}'")), !fits, "{pattern} {text}");
        assert!(!holds(&format!("gone like '{pattern}'")) && !holds(&format!("gone not like '{pattern}'")));
    }
    let error = Filter::parse("r like G").unwrap_err();
    assert_eq!(error.column(), 8);
}

fn place([x, y]: [i32; 2]) -> Point {
    Point::new(steps(f64::from(x)), steps(f64::from(y)))
}

fn square([x, y]: [i32; 2], [w, h]: [i32; 2]) -> Shape {
    Shape::rectangle(place([x, y]), place([x + w, y + h]))
}

/// How much of an axis has some shapes on one side of it, in steps.
fn beside(axis: &[Point], side: Side, shapes: &[Shape]) -> f64 {
    let edges = axis.windows(2).map(|ends| {
        let edge = Edge::between(ends[0], ends[1]);
        let side = if edge.from == ends[0] { side } else { side.turned() };
        let strip = Strip::new(edge, [0.0, 1.0], side, [0.0, steps(20.0) as f64]);
        let mut met: Vec<Interval> = Vec::new();
        let mut meeting = Meeting::default();
        shapes.iter().for_each(|shape| meeting.of(&[strip], shape, |_, interval| met.push(interval)));
        let length = ((ends[1].x - ends[0].x) as f64).hypot((ends[1].y - ends[0].y) as f64);
        united(met).iter().map(|[from, to]| to - from).sum::<f64>() * length
    });
    edges.sum()
}

fn squares() -> impl Strategy<Value = Vec<Shape>> {
    let one = ([-120..120i32, -120..120i32], [1..60i32, 1..60i32]).prop_map(|(at, size)| square(at, size));
    prop::collection::vec(one, 1..6)
}

proptest! {
    #![proptest_config(chance::cases(256))]

    #[test]
    fn strips_depend_neither_on_direction_nor_on_vertices(
        to in [-100..100i32, -100..100i32], shapes in squares()
    ) {
        prop_assume!(to != [0, 0]);
        let (from, to) = (place([0, 0]), place(to));
        let middle = Point::new(to.x / 2, to.y / 2);
        let whole = beside(&[from, to], Side::Left, &shapes);
        let close = |other: f64| (whole - other).abs() <= steps(1.0) as f64 * 1e-6;
        prop_assert!(close(beside(&[to, from], Side::Right, &shapes)));
        prop_assert!(close(beside(&[from, middle, to], Side::Left, &shapes)));
        // More never lessens it, and what is united counts as its parts do.
        prop_assert!(beside(&[from, to], Side::Left, &shapes[1..]) <= whole + 1.0);
        let union = Overlay::default().union(&shapes);
        prop_assert!(close(beside(&[from, to], Side::Left, &[union])));
    }

    #[test]
    fn what_lies_near_grows_with_the_distance_and_holds_the_place(
        shapes in squares(), near in 1..200i32, more in 1..200i32
    ) {
        let mut overlay = Overlay::default();
        let place = overlay.union(&shapes);
        let mut tools = buffer::Tools::default();
        let inner = buffer(&place, steps(f64::from(near)) as f64, &mut tools);
        let outer = buffer(&place, steps(f64::from(near + more)) as f64, &mut tools);
        prop_assert!(overlay.difference(&place, &inner).is_empty());
        prop_assert!(inner.doubled_area() > place.doubled_area());
        prop_assert!(outer.doubled_area() > inner.doubled_area());
    }
}
