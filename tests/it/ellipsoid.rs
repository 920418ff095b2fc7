//! Areas on the ellipsoid against the strip series of the national survey and against GeographicLib.

use std::collections::BTreeMap;

use proptest::prelude::*;
use sencheng::geometry::area::AreaModel;
use sencheng::geometry::densify;
use sencheng::geometry::ellipsoid::CGCS2000;
use sencheng::geometry::grid::{self, Shape};
use sencheng::geometry::tile;
use sencheng::layers::crs::{Carrier, Crs};
use sencheng::units::Area;

use crate::chance;
use crate::wkt::Ring;

/// A plane with its way to degrees.
struct Plane {
    crs: Crs,
    carrier: Carrier,
}

impl Plane {
    fn epsg(code: u32) -> Self {
        Self::of(Crs::epsg(code).expect("a known system"))
    }

    fn of(crs: Crs) -> Self {
        let carrier = Carrier::to_degrees(&crs).expect("a way to degrees");
        Self { crs, carrier }
    }

    /// Area of a ring, tile by tile, as the program adds it.
    fn area(&self, ring: &Ring) -> Area {
        let mut pieces: Vec<(tile::Tile, Shape)> = Vec::new();
        let ring = Shape::of_ring(ring.iter().map(|&[x, y]| grid::point(x, y).expect("on earth")));
        tile::split(&ring, |tile, piece| pieces.push((tile, piece)));
        let to_degrees = |xs: &mut [f64], ys: &mut [f64]| self.carrier.carry(xs, ys);
        let tiles = pieces.iter().map(|(tile, _)| *tile);
        let model = AreaModel::new(tiles, self.crs.ellipsoid, self.crs.unit_m, &to_degrees);
        let mut sum = Area::default();
        for (tile, piece) in pieces {
            let area = model.area(&piece, tile);
            sum.ellipsoid.0 += area.ellipsoid.0;
            sum.plane.0 += area.plane.0;
        }
        sum
    }

    /// A ring in degrees as the program carries it here: straight in degrees, so with many vertices in the plane.
    fn carried(&self, degrees: &Ring) -> Ring {
        let own = Crs::parse(&geographic(&self.crs)).expect("degrees");
        let there = Carrier::new("cells", &own, &self.crs, None).expect("one datum");
        densify::transform_ring(degrees, &|xs, ys| there.carry(xs, ys))
    }
}

fn geographic(crs: &Crs) -> String {
    if crs.datum.contains("china") || crs.datum.contains("cgcs") { "EPSG:4490" } else { "EPSG:4326" }
        .to_owned()
}

fn apart(ours: f64, theirs: f64) -> f64 {
    (ours / theirs - 1.0).abs()
}

struct Recorded {
    crs: u32,
    name: String,
    hectares: f64,
    ring: Ring,
    geodesic_m2: f64,
    equal_area_m2: f64,
}

fn recorded() -> Vec<Recorded> {
    let text = include_str!("../expected/ellipsoid.csv");
    let mut rows = csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(text.as_bytes());
    let read = |row: csv::StringRecord| {
        let number = |text: &str| text.parse::<f64>().expect("a number");
        let point = |text: &str| {
            let (x, y) = text.trim().split_once(' ').expect("x y");
            [number(x), number(y)]
        };
        let (size, unit) = row[2].split_once(' ').expect("a size with its unit");
        Recorded {
            crs: row[0].strip_prefix("EPSG:").and_then(|code| code.parse().ok()).expect("a code"),
            name: format!(
                "{} {} {} at {}",
                &row[0],
                &row[1],
                &row[2],
                row[3].split(';').next().unwrap_or_default()
            ),
            hectares: number(size) * if unit == "km2" { 100.0 } else { 1.0 },
            ring: row[3].split(';').map(point).collect(),
            geodesic_m2: number(&row[4]),
            equal_area_m2: number(&row[5]),
        }
    };
    rows.records().map(|row| read(row.expect("a row"))).collect()
}

/// Square metres inside a ring of the plane.
fn shoelace(ring: &Ring) -> f64 {
    let [x, y] = ring[0];
    let next = ring.iter().cycle().skip(1);
    let cross = ring.iter().zip(next).map(|(a, b)| (a[0] - x) * (b[1] - y) - (b[0] - x) * (a[1] - y));
    cross.sum::<f64>().abs() / 2.0
}

/// GeographicLib keeps about 1e-5 m² for every piece of an edge, which is what bounds the first comparison; the
/// equal-area plane keeps more, and so shows more.
#[test]
fn areas_are_those_of_geographiclib() {
    let mut planes: BTreeMap<u32, Plane> = BTreeMap::new();
    let (mut worst, mut worst_equal_area) = ((0.0f64, String::new()), (0.0f64, String::new()));
    let rows = recorded();
    assert_eq!(rows.len(), 220);
    for row in rows {
        let plane = planes.entry(row.crs).or_insert_with(|| Plane::epsg(row.crs));
        let ours = plane.area(&row.ring).ellipsoid.0;
        // EPSG:3035 is equal-area itself, so that the plane knows better than what is recorded: its way back to degrees
        // was that of PROJ, which ends a fraction of a millimetre short.
        let equal_area_m2 = if row.crs == 3035 { shoelace(&row.ring) } else { row.equal_area_m2 };
        let (from_geodesic, from_equal_area) = (apart(ours, row.geodesic_m2), apart(ours, equal_area_m2));
        let (allowed, allowed_equal_area) = if row.hectares >= 100.0 { (1e-9, 2e-10) } else { (1e-7, 1e-9) };
        println!("{}: {from_geodesic:.1e} {from_equal_area:.1e}", row.name);
        assert!(from_geodesic <= allowed, "{}: {ours}, GeographicLib {}", row.name, row.geodesic_m2);
        assert!(from_equal_area <= allowed_equal_area, "{}: {ours}, equal-area {equal_area_m2}", row.name);
        worst = if from_geodesic > worst.0 { (from_geodesic, row.name.clone()) } else { worst };
        worst_equal_area =
            if from_equal_area > worst_equal_area.0 { (from_equal_area, row.name) } else { worst_equal_area };
    }
    println!("worst {worst:?}, {worst_equal_area:?}");
}

/// Cells between meridians and parallels, whose area the series gives without any plane.
#[test]
fn areas_of_cells_are_those_of_the_strip_series() {
    let planes: [(Plane, f64); 4] = [
        (Plane::epsg(4547), 114.0),
        (Plane::epsg(4526), 114.0),
        (Plane::epsg(4507), 111.0),
        (Plane::epsg(4479 + 12), 75.0),
    ];
    for (plane, meridian) in &planes {
        for south in [18.0, 24.4, 40.0, 50.0] {
            for east_of_meridian in [-1.4, -0.01, 0.7, 1.3] {
                for side in [0.002, 0.02, 0.1] {
                    let (w, e, n) =
                        (meridian + east_of_meridian, meridian + east_of_meridian + side, south + side);
                    let cell = vec![[w, south], [e, south], [e, n], [w, n]];
                    let ours = plane.area(&plane.carried(&cell)).ellipsoid.0;
                    let (south, north): (f64, f64) = (south.to_radians(), n.to_radians());
                    let theirs = CGCS2000.strip_m2(south, north, (e - w).to_radians());
                    let allowed = if side < 0.01 { 1e-7 } else { 1e-9 };
                    let off = apart(ours, theirs);
                    assert!(off <= allowed, "{} {w} {south} {side}: {off:e}", plane.crs.label);
                }
            }
        }
    }
}

/// Against its closed form. The series ends with e⁸, which leaves 7e-12.
#[test]
fn the_strip_series_gives_the_whole_ellipsoid() {
    let whole =
        CGCS2000.strip_m2(-std::f64::consts::FRAC_PI_2, std::f64::consts::FRAC_PI_2, std::f64::consts::TAU);
    let e = CGCS2000.e2().sqrt();
    let (a, b) = (CGCS2000.a_m, CGCS2000.b_m());
    let closed = std::f64::consts::TAU * (a * a + b * b / e * e.atanh());
    assert!(apart(whole, closed) < 1e-11, "{:e}", apart(whole, closed));
}

/// Transverse Mercator on the meridian enlarges nothing, beside it everything.
#[test]
fn gauss_areas_in_the_plane_are_never_smaller() {
    let plane = Plane::epsg(4547);
    for row in recorded().iter().filter(|row| row.crs == 4547 && row.hectares >= 100.0) {
        let area = plane.area(&row.ring);
        assert!(area.ellipsoid.0 <= area.plane.0 * (1.0 + 1e-11), "{}", row.name);
    }
}

proptest! {
    #![proptest_config(chance::cases(64))]

    #[test]
    fn gauss_areas_in_the_plane_are_never_smaller_anywhere(
        x in 340_000.0..660_000.0f64, y in 200_000.0..6_000_000.0f64, side in 10.0..30_000.0f64,
    ) {
        let area = Plane::epsg(4547).area(&vec![[x, y], [x + side, y + side / 3.0], [x + side / 5.0, y + side]]);
        prop_assert!(area.ellipsoid.0 > 0.0);
        prop_assert!(area.ellipsoid.0 <= area.plane.0 * (1.0 + 1e-10), "{area:?}");
    }
}

/// The line of 180 degrees passes through Fiji; longitudes jump there and areas must not.
#[test]
fn areas_across_the_date_line_are_like_others() {
    let fiji = Plane::of(
        Crs::parse("+proj=tmerc +lat_0=-17 +lon_0=178.75 +k=0.99985 +x_0=2000000 +y_0=4000000 +ellps=WGS84")
            .expect("Fiji"),
    );
    // 1.25 degrees east of the central meridian.
    let date_line = 2_000_000.0 + 132_900.0;
    for x in [date_line - 5000.0, date_line - 500.0, date_line, date_line + 500.0, date_line + 5000.0] {
        let there = vec![[x, 4e6], [x + 1000.0, 4e6], [x + 1000.0, 4e6 + 1000.0], [x, 4e6 + 1000.0]];
        let mirrored = there.iter().map(|[x, y]| [4_000_000.0 - x, *y]).collect();
        let (east, west) = (fiji.area(&there).ellipsoid.0, fiji.area(&mirrored).ellipsoid.0.abs());
        assert!(apart(east.abs(), west) < 1e-9, "{x}: {east} east, {west} west of the meridian");
    }
}

/// A US survey foot is not a metre.
#[test]
fn areas_in_a_plane_of_feet_are_square_metres() {
    let feet = Plane::of(Crs::parse("EPSG:2264").expect("North Carolina in feet"));
    let metres = Plane::of(Crs::parse("EPSG:32119").expect("North Carolina in metres"));
    let ft = 1200.0 / 3937.0;
    let (x, y, side) = (609_601.22, 200_000.0, 3000.0);
    let square = vec![[x, y], [x + side, y], [x + side, y + side], [x, y + side]];
    let in_feet = square.iter().map(|[x, y]| [x / ft, y / ft]).collect();
    let (a, b) = (metres.area(&square), feet.area(&in_feet));
    assert!(apart(a.ellipsoid.0, b.ellipsoid.0) < 1e-9, "{a:?} {b:?}");
    assert!(apart(a.plane.0, b.plane.0) < 1e-9, "{a:?} {b:?}");
}

/// A place that the model was not made for has no area that could pass for one.
#[test]
fn a_tile_that_the_model_does_not_know_has_no_area() {
    let model = AreaModel::new([], CGCS2000, 1.0, &|_: &mut [f64], _: &mut [f64]| ());
    let tile = tile::Tile { column: 3, row: 4 };
    assert!(model.area(&tile.shape(), tile).ellipsoid.0.is_nan());
}
