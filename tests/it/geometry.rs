//! The kernels on cases that a surveyor can check on squared paper.

use std::collections::BTreeMap;

use geos::Geom;
use sencheng::geometry::grid::{self, Point, STEPS_PER_UNIT, Shape};
use sencheng::geometry::overlay::{Overlay, Part};
use sencheng::geometry::simple::Simplicity;
use sencheng::geometry::tile::{self, TILE_STEPS, TILE_UNITS, Tile};
use sencheng::prepare;
use sencheng::survey::{Batch, RingKind};

use crate::oracle;
use crate::wkt::{self, Ring, Rings};

/// Cases that the engine is known to get wrong, each with the reason. The list fails when one begins to pass.
const KNOWN_FAILURES: &[(&str, &str)] = &[];

/// What a shape loses or gains for every unit of its outline when its corners go to the grid, in square units.
const GRID_M2_PER_M: f64 = 2.0 / STEPS_PER_UNIT;

/// The parts of one recorded feature as the program takes them.
pub fn parts(recorded: &[Rings]) -> Vec<Part> {
    let mut batch = Batch::default();
    for part in recorded {
        for (i, ring) in part.iter().enumerate() {
            let kind = if i == 0 { RingKind::Shell } else { RingKind::Hole };
            batch.push_ring(kind, ring.iter().copied());
        }
    }
    batch.push_patch(0, "");
    prepare::parts(&batch, 0)
}

/// The ground of a recorded feature.
pub fn ground(recorded: &[Rings]) -> Shape {
    Overlay::default().ground(&parts(recorded))
}

/// Plane area of a shape in square units.
pub fn area(shape: &Shape) -> f64 {
    square_units(shape.doubled_area())
}

fn square_units(doubled: i128) -> f64 {
    doubled as f64 / 2.0 / STEPS_PER_UNIT / STEPS_PER_UNIT
}

struct Case {
    name: String,
    parts: Vec<Rings>,
    ground: f64,
}

fn cases() -> Vec<Case> {
    let file: toml::Table =
        toml::from_str(include_str!("../cases/geometry/ground.toml")).expect("the case file");
    let cases = file["case"].as_array().expect("cases");
    let read = |case: &toml::Value| Case {
        name: case["name"].as_str().expect("a name").to_owned(),
        parts: wkt::parts(case["wkt"].as_str().expect("wkt")).expect("well-known text"),
        ground: case["ground"].as_float().expect("an area"),
    };
    cases.iter().map(read).collect()
}

#[test]
fn broken_rings_have_the_ground_worked_out_by_hand() {
    let failing: Vec<String> = cases()
        .iter()
        .filter_map(|case| {
            let found = area(&ground(&case.parts));
            let known = KNOWN_FAILURES.iter().any(|(name, _)| *name == case.name);
            let agrees = (found - case.ground).abs() <= 1e-7;
            (agrees == known)
                .then(|| format!("{}: {found}, by hand {}, known {known}", case.name, case.ground))
        })
        .collect();
    assert!(failing.is_empty(), "{failing:#?}");
    assert!(KNOWN_FAILURES.iter().all(|(name, _)| cases().iter().any(|case| case.name == *name)));
}

#[test]
fn broken_rings_have_the_ground_that_the_oracle_gives_them() {
    for case in cases() {
        let origin = case.parts.iter().flatten().flatten().next().copied().unwrap_or([0.0, 0.0]);
        let theirs = oracle::ground(&case.parts, origin).area().expect("area");
        assert!(
            (theirs - case.ground).abs() <= 1e-7,
            "{}: oracle {theirs}, by hand {}",
            case.name,
            case.ground
        );
    }
}

/// Whichever way its rings are wound, wherever they start and wherever the feature lies.
#[test]
fn ground_does_not_depend_on_how_rings_are_written() {
    for case in cases() {
        let longest = case.parts.iter().flatten().map(Vec::len).max().unwrap_or(0);
        for start in 0..longest {
            // Which rings are wound otherwise, in binary.
            for reversed in 0..8 {
                let mut parts = case.parts.clone();
                for (i, ring) in parts.iter_mut().flatten().enumerate() {
                    *ring = rewritten(ring, start, reversed >> i & 1 == 1);
                }
                let found = area(&ground(&parts));
                assert!((found - case.ground).abs() <= 1e-7, "{} from {start}: {found}", case.name);
            }
        }
    }
}

/// The same ring, begun elsewhere and perhaps wound the other way.
pub fn rewritten(ring: &Ring, start: usize, reversed: bool) -> Ring {
    let mut open = ring.clone();
    if open.len() > 1 && open.first() == open.last() {
        open.pop();
    }
    if !open.is_empty() {
        let start = start % open.len();
        open.rotate_left(start);
    }
    if reversed {
        open.reverse();
    }
    open
}

/// The patches of a layer that lies in a zone with its number before the easting.
#[test]
fn coordinates_with_a_zone_prefix_lose_nothing() {
    for x in [38_400_000.123_456_79, 39_599_999.999_999_99, 25_500_000.0, 8_388_608.000_000_01] {
        for y in [0.0, 2_712_345.678_901_234, 5_999_999.999_999_999] {
            let p = grid::point(x, y).expect("on earth");
            assert_eq!(grid::units(p.x), x);
            assert!((grid::units(p.y) - y).abs() <= 0.5 / STEPS_PER_UNIT);
        }
    }
    let square = |x: f64, y: f64, side: f64| {
        vec![vec![vec![[x, y], [x + side, y], [x + side, y + side], [x, y + side]]]]
    };
    let side = 2f64.powi(-27);
    assert_eq!(area(&ground(&square(38_500_000.0, 2_700_000.0, side))), side * side);
}

#[test]
fn coordinates_without_a_place_are_refused() {
    let nowhere = [
        f64::NAN,
        f64::INFINITY,
        f64::NEG_INFINITY,
        1e300,
        -1e300,
        f64::MAX,
        1.5e8,
        -1.5e8,
        grid::FARTHEST_UNITS + 1.0,
    ];
    for bad in nowhere {
        assert_eq!(grid::point(bad, 0.0), None, "{bad}");
        assert_eq!(grid::point(0.0, bad), None, "{bad}");
    }
    for good in [0.0, -0.0, f64::MIN_POSITIVE, grid::FARTHEST_UNITS, -grid::FARTHEST_UNITS] {
        assert!(grid::point(good, good).is_some(), "{good}");
    }
}

/// As far out as coordinates may lie the engine still crosses edges right.
#[test]
fn ground_is_right_as_far_out_as_coordinates_may_lie() {
    let far = grid::FARTHEST_UNITS;
    let bow_tie = vec![vec![vec![[-far, -far], [far, far], [far, -far], [-far, far]]]];
    assert_eq!(area(&ground(&bow_tie)), 2.0 * far * far);
    let corner = vec![vec![vec![[far - 10.0, far - 10.0], [far, far], [far, far - 10.0], [far - 10.0, far]]]];
    assert_eq!(area(&ground(&corner)), 50.0);
    let holed = vec![vec![
        vec![[-far, -far], [far, -far], [far, far], [-far, far]],
        vec![
            [-far / 2.0, -far / 2.0],
            [-far / 2.0, far / 2.0],
            [far / 2.0, far / 2.0],
            [far / 2.0, -far / 2.0],
        ],
    ]];
    assert_eq!(area(&ground(&holed)), 3.0 * far * far);
}

// ---- tiles ----

const T: f64 = TILE_UNITS as f64;

fn shape(rings: &[Ring]) -> Shape {
    let mut shape = Shape::default();
    for ring in rings {
        shape.push(ring.iter().map(|&[x, y]| grid::point(x, y).expect("on earth")));
    }
    shape
}

fn rectangle(x0: f64, y0: f64, x1: f64, y1: f64) -> Ring {
    vec![[x0, y0], [x1, y0], [x1, y1], [x0, y1]]
}

/// The pieces by tile, each seen to lie in its tile and to be given once.
fn pieces(shape: &Shape) -> BTreeMap<Tile, Shape> {
    let mut pieces = BTreeMap::new();
    tile::split(shape, |tile, piece| {
        let (bounds, tile_bounds) = (piece.bounds().expect("a piece is not empty"), tile.bounds());
        assert!(bounds.low.x >= tile_bounds.low.x && bounds.low.y >= tile_bounds.low.y, "{tile:?}");
        assert!(bounds.high.x <= tile_bounds.high.x && bounds.high.y <= tile_bounds.high.y, "{tile:?}");
        assert!(pieces.insert(tile, piece).is_none(), "{tile:?} twice");
    });
    pieces
}

fn sum(pieces: &BTreeMap<Tile, Shape>) -> i128 {
    pieces.values().map(Shape::doubled_area).sum()
}

fn at(column: i64, row: i64) -> Tile {
    Tile { column, row }
}

#[test]
fn pieces_of_upright_shapes_add_up_exactly() {
    let step = 1.0 / STEPS_PER_UNIT;
    let shapes: [(&str, Vec<Ring>, usize); 9] = [
        ("within one tile", vec![rectangle(10.0, 10.0, 20.0, 20.0)], 1),
        ("exactly one tile", vec![rectangle(T, T, 2.0 * T, 2.0 * T)], 1),
        ("two tiles", vec![rectangle(T - 3.0, 5.0, T + 4.0, 6.0)], 2),
        ("four tiles about a corner", vec![rectangle(T - 1.0, T - 1.0, T + 1.0, T + 1.0)], 4),
        ("about the origin", vec![rectangle(-7.25, -5.5, 3.0, 2.0)], 4),
        ("west and south of the origin", vec![rectangle(-2.0 * T, -3.0 * T, -T, -T)], 2),
        ("over a border by one step", vec![rectangle(T - step, 0.0, T + step, step)], 2),
        ("with a hole on a border", vec![rectangle(0.0, 0.0, 2.0 * T, T), hole(T, 10.0, T + 5.0, 20.0)], 2),
        (
            "a hundred tiles with holes",
            vec![
                rectangle(0.5, 0.5, 10.0 * T - 0.5, 10.0 * T - 0.5),
                hole(T, T, 3.0 * T, 2.0 * T),
                hole(5.5 * T, 4.25 * T, 7.0 * T, 8.125 * T),
                hole(9.0 * T + 1.0, 9.0 * T + 1.0, 9.0 * T + 2.0, 9.0 * T + 2.0),
            ],
            100,
        ),
    ];
    for (name, rings, tiles) in shapes {
        let whole = shape(&rings);
        let pieces = pieces(&whole);
        assert_eq!(sum(&pieces), whole.doubled_area(), "{name}");
        assert_eq!(pieces.len(), tiles, "{name}");
    }
}

/// A hole runs the other way round.
fn hole(x0: f64, y0: f64, x1: f64, y1: f64) -> Ring {
    rectangle(x0, y0, x1, y1).into_iter().rev().collect()
}

#[test]
fn a_shape_that_only_touches_a_tile_has_no_ground_there() {
    let touching = [
        ("along its western border", rectangle(T - 5.0, 10.0, T, 20.0)),
        ("along its southern border", rectangle(T + 10.0, T - 5.0, T + 20.0, T)),
        ("in a corner", vec![[T, T], [T - 5.0, T], [T, T - 5.0]]),
        ("in one point of its border", vec![[T, 100.0], [T - 5.0, 110.0], [T - 5.0, 90.0]]),
    ];
    for (name, ring) in touching {
        let whole = shape(&[ring]);
        let pieces = pieces(&whole);
        let with_ground: Vec<_> = pieces.iter().filter(|(_, piece)| piece.doubled_area() != 0).collect();
        assert_eq!(with_ground.len(), 1, "{name}: {with_ground:?}");
        assert_eq!(sum(&pieces), whole.doubled_area(), "{name}");
    }
}

#[test]
fn a_ring_that_runs_along_a_border_is_cut_once() {
    // A comb whose back lies on the border x = T and whose teeth reach over it.
    let comb = vec![
        [0.0, 0.0],
        [T, 0.0],
        [T + 8.0, 0.0],
        [T + 8.0, 2.0],
        [T, 2.0],
        [T, 4.0],
        [T + 8.0, 4.0],
        [T + 8.0, 6.0],
        [T, 6.0],
        [T, 8.0],
        [0.0, 8.0],
    ];
    let whole = shape(&[comb]);
    let pieces = pieces(&whole);
    assert_eq!(square_units(pieces[&at(0, 0)].doubled_area()), 8.0 * T);
    assert_eq!(square_units(pieces[&at(1, 0)].doubled_area()), 32.0);
    assert_eq!(sum(&pieces), whole.doubled_area());
    // What runs back and forth along the border encloses nothing: the overlay finds two teeth.
    let teeth = Overlay::default().union([&pieces[&at(1, 0)]]);
    assert_eq!((teeth.rings().count(), area(&teeth)), (2, 32.0));
}

/// A crossing with a border is rounded to the grid, which gives or takes a triangle over the edge of at most half a
/// step's height for each crossing.
#[test]
fn pieces_of_slanted_shapes_add_up_to_the_rounding_of_their_crossings() {
    let star = |cx: f64, cy: f64, r: f64, points: i32| -> Ring {
        (0..2 * points)
            .map(|i| {
                let (angle, r) = (f64::from(i) * 0.4321 + 0.1, if i % 2 == 0 { r } else { 0.37 * r });
                [cx + r * angle.cos(), cy + r * angle.sin()]
            })
            .collect()
    };
    let shapes = [
        vec![star(0.0, 0.0, 5000.0, 7)],
        vec![star(-123_456.7, 98_765.4, 7777.7, 5)],
        vec![star(38_500_000.3, 2_712_345.6, 5500.0, 9)],
        vec![vec![[0.1, 0.2], [100_000.3, 1.7], [0.7, 3.9]]],
        vec![vec![[-40_000.1, -40_000.2], [40_000.3, 40_000.4], [40_000.5, 39_999.0]]],
    ];
    for rings in shapes {
        let whole = shape(&rings);
        let pieces = pieces(&whole);
        let residual = sum(&pieces) - whole.doubled_area();
        let bound: f64 = rings.iter().map(crossing_bound).sum();
        println!("{} tiles, residual {:e} of {bound:e} m2", pieces.len(), square_units(residual));
        assert!(square_units(residual).abs() <= bound, "{residual} steps against {bound} m2");
        agree_with_the_oracle(&rings, &pieces);
    }
}

/// For every edge its length times half a step, as often as it crosses a border of tiles.
fn crossing_bound(ring: &Ring) -> f64 {
    let edges = ring.iter().zip(ring.iter().cycle().skip(1));
    edges
        .map(|(a, b)| {
            let crossings = |i: usize| ((a[i] / T).floor() - (b[i] / T).floor()).abs();
            let length = (a[0] - b[0]).hypot(a[1] - b[1]);
            length * 0.5 / STEPS_PER_UNIT * (crossings(0) + crossings(1)) / 2.0
        })
        .sum()
}

/// A star's ring crosses itself, so both sides are taken by non-zero winding first.
fn agree_with_the_oracle(rings: &[Ring], pieces: &BTreeMap<Tile, Shape>) {
    let origin = rings[0][0];
    let whole = oracle::ground(&[rings.to_vec()], origin);
    for (tile, piece) in pieces {
        let Tile { column, row } = *tile;
        let low = [column as f64 * T - origin[0], row as f64 * T - origin[1]];
        let square = geos::Geometry::create_rectangle(low[0], low[1], low[0] + T, low[1] + T);
        let inside = whole.intersection(&square.expect("a square")).expect("intersection");
        let theirs = inside.area().expect("area");
        let ours = area(&Overlay::default().union([piece]));
        let tolerance = 1e-9 * theirs + 100.0 * T * GRID_M2_PER_M;
        assert!((ours - theirs).abs() <= tolerance, "{tile:?}: {ours} against {theirs}");
    }
}

/// Neighbours share their border in every tile, whichever way each runs along it.
#[test]
fn neighbours_leave_no_gap_in_any_tile() {
    let border: Ring =
        (0..=40).map(|i| [f64::from(i) * 333.337, (f64::from(i) * 1.7).sin() * 900.0]).collect();
    let end = border[border.len() - 1][0];
    let mut north = border.clone();
    north.extend([[end, 4000.0], [0.0, 4000.0]]);
    let mut south: Ring = border.into_iter().rev().collect();
    south.extend([[0.0, -4000.0], [end, -4000.0]]);
    let (north, south) = (pieces(&shape(&[north])), pieces(&shape(&[south])));
    let mut overlay = Overlay::default();
    for (tile, upper) in &north {
        let Some(lower) = south.get(tile) else { continue };
        let separate = upper.doubled_area() + lower.doubled_area();
        let together = overlay.union([upper, lower]).doubled_area();
        let gap = square_units(separate - together);
        assert!(gap.abs() <= 2.0 * T * GRID_M2_PER_M, "{tile:?}: {gap} m2");
    }
}

#[test]
fn a_tile_holds_what_lies_on_its_south_western_borders() {
    assert_eq!(Tile::holding(Point::new(0, 0)), at(0, 0));
    assert_eq!(Tile::holding(Point::new(-1, TILE_STEPS)), at(-1, 1));
    assert_eq!(Tile::holding(Point::new(TILE_STEPS - 1, -TILE_STEPS)), at(0, -1));
}

/// What is called simple winds once around its ground: its claim is its ground, to the step.
#[test]
fn a_simple_outline_has_the_ground_that_it_claims() {
    let (mut simple, mut others) = (0, 0);
    for (t, town) in crate::town::seeded(300).iter().enumerate() {
        for (i, patch) in town.patches.iter().enumerate() {
            let parts = parts(&patch.parts);
            let mut outline = Shape::default();
            for part in &parts {
                part.shell.rings().for_each(|ring| outline.push_distinct(ring.iter().copied()));
                part.holes.rings().for_each(|ring| outline.push_distinct(ring.iter().rev().copied()));
            }
            let claimed = outline.doubled_area();
            let bounds = outline.bounds();
            if bounds.is_none_or(|bounds| Simplicity::default().is_simple(&outline, bounds)) {
                simple += 1;
                let ground = Overlay::default().ground(&parts).doubled_area();
                assert_eq!(claimed, ground, "town {t}, patch {i}: {:?}", patch.parts);
            } else {
                others += 1;
            }
        }
    }
    assert!(simple > 500 && others > 500, "{simple} {others}");
}
