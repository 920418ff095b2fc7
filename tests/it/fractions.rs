//! Fractions of cells on cases that a surveyor can check on squared paper, and on random polygons against GEOS and
//! against many points in each cell.

use proptest::prelude::*;
use sencheng::geometry::fractions::{Fractions, PARTS_PER_CELL, Rule};
use sencheng::geometry::grid::Shape;

use crate::geometry::{area, ground};
use crate::wkt::{self, Rings};

/// Fractions row by row.
type Matrix = Vec<Vec<f64>>;

fn matrix(fractions: &Fractions, [columns, rows]: [usize; 2]) -> Matrix {
    let row = |row| {
        let mut cells = vec![0.0; columns];
        for span in fractions.row(row) {
            let fraction = span.parts as f64 / PARTS_PER_CELL as f64;
            cells[span.first as usize..span.end as usize].iter_mut().for_each(|cell| *cell += fraction);
        }
        cells
    };
    (0..rows).map(row).collect()
}

fn of(shape: &Shape, size: [usize; 2]) -> Fractions {
    Fractions::of(shape, size, Rule::Exact).expect("a clean outline")
}

fn farthest(a: &Matrix, b: &Matrix) -> f64 {
    let cells = |m: &Matrix| m.iter().flatten().copied().collect::<Vec<f64>>();
    cells(a).iter().zip(cells(b)).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
}

#[test]
fn every_case_of_the_file_covers_what_it_says() {
    let file: toml::Table =
        toml::from_str(include_str!("../cases/raster/fractions.toml")).expect("the case file");
    let cases = file["case"].as_array().expect("cases");
    assert_eq!(cases.len(), 12);
    for case in cases {
        let name = case["name"].as_str().expect("a name");
        let number = |word: &str| word.parse::<f64>().expect("a number");
        let row = |line: &str| line.split_whitespace().map(number).collect::<Vec<f64>>();
        let wanted: Matrix =
            case["matrix"].as_str().expect("a matrix").lines().filter(|l| !l.is_empty()).map(row).collect();
        let size = [wanted[0].len(), wanted.len()];
        let shape = ground(&wkt::parts(case["wkt"].as_str().expect("a shape")).expect("well-known text"));
        let fractions = of(&shape, size);
        let found = matrix(&fractions, size);
        assert!(farthest(&found, &wanted) < 1e-7, "{name}: {found:?}");
        let beyond =
            case.get("beyond").map_or(0.0, |b| b.as_float().or(b.as_integer().map(|i| i as f64)).unwrap());
        let outside = fractions.outside() as f64 / PARTS_PER_CELL as f64;
        assert!((outside - beyond).abs() < 1e-7, "{name}: {outside} beyond");
        assert!(fractions.residual_cells().abs() <= fractions.tolerance_cells(), "{name}");
    }
}

/// A star around a place, with as many corners as there are radii; partly outside the raster.
fn star() -> impl Strategy<Value = Rings> {
    let radii = prop::collection::vec(0.3..6.0f64, 3..40);
    (radii, -1.0..11.0f64, -1.0..9.0f64).prop_map(|(radii, x, y)| {
        let turn = std::f64::consts::TAU / radii.len() as f64;
        let corner = |(i, r): (usize, &f64)| {
            let (sin, cos) = (turn * i as f64).sin_cos();
            [x + r * cos, y + r * sin]
        };
        vec![radii.iter().enumerate().map(corner).collect()]
    })
}

const SIZE: [usize; 2] = [10, 8];

/// What GEOS says each cell has of a ring.
fn by_geos(ring: &[[f64; 2]]) -> Matrix {
    use geos::Geom;
    let points: Vec<String> =
        ring.iter().chain([&ring[0]]).map(|[x, y]| format!("{x:.17} {y:.17}")).collect();
    let shape =
        geos::Geometry::new_from_wkt(&format!("POLYGON (({}))", points.join(", "))).expect("a polygon");
    let cell = |column: usize, row: usize| {
        let (w, s, e, n) = (column, row, column + 1, row + 1);
        let cell = format!("POLYGON (({w} {s}, {e} {s}, {e} {n}, {w} {n}, {w} {s}))");
        let cell = geos::Geometry::new_from_wkt(&cell).expect("a cell");
        shape.intersection(&cell).and_then(|common| common.area()).expect("an area")
    };
    (0..SIZE[1]).map(|row| (0..SIZE[0]).map(|column| cell(column, row)).collect()).collect()
}

/// The share of a grid of points in each cell that lie inside a ring.
fn by_points(ring: &[[f64; 2]], across: usize) -> Matrix {
    let inside = |x: f64, y: f64| {
        let edges = ring.iter().zip(ring.iter().cycle().skip(1));
        let crossed = edges.filter(|(a, b)| {
            (a[1] > y) != (b[1] > y) && x < (b[0] - a[0]) * (y - a[1]) / (b[1] - a[1]) + a[0]
        });
        crossed.count() % 2 == 1
    };
    let place = |cell: usize, i: usize| cell as f64 + (i as f64 + 0.5) / across as f64;
    let share = |column: usize, row: usize| {
        let points = (0..across).flat_map(|i| (0..across).map(move |j| (i, j)));
        let hits = points.filter(|&(i, j)| inside(place(column, i), place(row, j)));
        hits.count() as f64 / (across * across) as f64
    };
    (0..SIZE[1]).map(|row| (0..SIZE[0]).map(|column| share(column, row)).collect()).collect()
}

proptest! {
    #![proptest_config(crate::chance::cases(64))]

    #[test]
    fn fractions_of_random_polygons_are_those_of_geos(star in star()) {
        let shape = ground(std::slice::from_ref(&star));
        let fractions = of(&shape, SIZE);
        prop_assert!(farthest(&matrix(&fractions, SIZE), &by_geos(&star[0])) < 1e-6);
        prop_assert!(fractions.residual_cells().abs() <= fractions.tolerance_cells());
        let whole = (fractions.inside() + fractions.outside()) as f64 / PARTS_PER_CELL as f64;
        prop_assert!((whole - area(&shape)).abs() < 1e-5);
    }

    #[test]
    fn fractions_of_random_polygons_are_the_share_of_points_inside(star in star()) {
        const ACROSS: usize = 24;
        let fractions = matrix(&of(&ground(std::slice::from_ref(&star)), SIZE), SIZE);
        // Every edge that runs through a cell may misjudge a row of points and a half.
        let allowed = 1.5 * star[0].len() as f64 / ACROSS as f64;
        prop_assert!(farthest(&fractions, &by_points(&star[0], ACROSS)) < allowed.min(0.25));
    }

    #[test]
    fn cells_by_their_centre_are_those_whose_centre_is_inside(star in star()) {
        let shape = ground(std::slice::from_ref(&star));
        let fractions = Fractions::of(&shape, SIZE, Rule::Centre).expect("a clean outline");
        prop_assert_eq!(matrix(&fractions, SIZE), by_points(&star[0], 1));
    }

    #[test]
    fn zones_that_meet_share_their_cells_to_the_last_bit(xs in prop::collection::vec(1.0..9.0f64, 2..30)) {
        let step = 8.0 / (xs.len() - 1) as f64;
        let line: Vec<[f64; 2]> = xs.iter().enumerate().map(|(i, x)| [*x, i as f64 * step]).collect();
        let side = |corners: [[f64; 2]; 2]| {
            let ring: Vec<[f64; 2]> = line.iter().copied().chain(corners).collect();
            of(&ground(&[vec![ring]]), SIZE)
        };
        let (left, right) = (side([[0.0, 8.0], [0.0, 0.0]]), side([[10.0, 8.0], [10.0, 0.0]]));
        for row in 0..SIZE[1] {
            let mut cells = [0i64; SIZE[0]];
            for span in left.row(row).iter().chain(right.row(row)) {
                cells[span.first as usize..span.end as usize].iter_mut().for_each(|cell| *cell += span.parts);
            }
            prop_assert!(cells.iter().all(|&cell| cell == PARTS_PER_CELL), "row {}: {:?}", row, cells);
        }
    }
}

#[test]
fn an_outline_wound_the_wrong_way_is_refused_and_never_negative() {
    let shape = ground(&wkt::parts("POLYGON ((0.5 0.5, 2.5 0.5, 2.5 2.5, 0.5 2.5, 0.5 0.5))").expect("text"));
    assert!(Fractions::of(&shape.reversed(), [3, 3], Rule::Exact).is_err());
}

/// A kernel that is wrong in one thing, as what it would give.
type Mutant = (&'static str, fn(Matrix) -> Matrix);

const MUTANTS: [Mutant; 5] = [
    ("takes the left of an edge for its right", |m| {
        let flip = |f: f64| if f > 0.0 && f < 1.0 { 1.0 - f } else { f };
        m.into_iter().map(|row| row.into_iter().map(flip).collect()).collect()
    }),
    ("forgets the height of edges beyond a cell", |m| {
        m.into_iter().map(|row| row.into_iter().map(|f| if f >= 1.0 { 0.0 } else { f }).collect()).collect()
    }),
    ("starts runs a cell late", |mut m| {
        m.iter_mut().for_each(|row| row.rotate_right(1));
        m
    }),
    ("turns rows upside down", |mut m| {
        m.reverse();
        m
    }),
    ("counts cells as touched", |m| {
        m.into_iter().map(|row| row.into_iter().map(f64::ceil).collect()).collect()
    }),
];

#[test]
fn the_oracle_rejects_every_mutant_of_the_kernel() {
    let ring = vec![[1.2, 0.7], [8.6, 2.1], [6.3, 7.4], [4.1, 3.9], [2.2, 6.8]];
    let right = matrix(&of(&ground(&[vec![ring.clone()]]), SIZE), SIZE);
    let wanted = by_geos(&ring);
    assert!(farthest(&right, &wanted) < 1e-7);
    for (name, wrong) in MUTANTS {
        assert!(farthest(&wrong(right.clone()), &wanted) > 0.01, "{name} passes");
    }
}

#[test]
fn a_long_edge_far_outside_is_not_walked_cell_by_cell() {
    let far = 1.0e8;
    let shape =
        ground(&wkt::parts(&format!("POLYGON ((0 0, {far} -{far}, {far} {far}, 0 0))")).expect("text"));
    let fractions = of(&shape, [2, 2]);
    assert!(fractions.beyond.len() < 10_000);
    assert!(fractions.residual_cells().abs() <= fractions.tolerance_cells());
}
