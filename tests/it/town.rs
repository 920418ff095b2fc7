//! Random towns: zones that tile a rectangle, and patches of every good and bad kind.

use proptest::prelude::*;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::wkt::{Ring, Rings};

/// Classes 0, 1 and 2 make the first stratum by priority, class 3 the second.
pub const CLASSES: usize = 4;
/// Patches with this class are unmapped ground of the first stratum.
pub const UNMAPPED: usize = CLASSES;

/// A patch as recorded.
#[derive(Debug, Clone, PartialEq)]
pub struct Patch {
    pub class: usize,
    pub parts: Vec<Rings>,
}

/// Zones and patches as recorded. Every coordinate is a multiple of 2⁻¹⁰, so that a town can be moved without loss.
#[derive(Debug, Clone, PartialEq)]
pub struct Town {
    pub zones: Vec<Vec<Rings>>,
    /// What the zones tile: west, south, east, north.
    pub extent: [f64; 4],
    pub patches: Vec<Patch>,
}

impl Town {
    /// The same town with every vertex moved.
    pub fn moved(&self, by: [f64; 2]) -> Self {
        self.with_vertices(|[x, y]| [x + by[0], y + by[1]])
    }

    pub fn with_vertices(&self, place: impl Fn([f64; 2]) -> [f64; 2]) -> Self {
        let mut town = self.clone();
        let patches = town.patches.iter_mut().flat_map(|patch| &mut patch.parts);
        let vertices = town.zones.iter_mut().flatten().chain(patches).flatten().flatten();
        vertices.for_each(|vertex| *vertex = place(*vertex));
        let [west, south, east, north] = self.extent;
        let (low, high) = (place([west, south]), place([east, north]));
        town.extent = [low[0], low[1], high[0], high[1]];
        town
    }

    /// The same town with every ring written otherwise.
    pub fn with_rings(&self, write: impl Fn(&Ring) -> Ring) -> Self {
        let mut town = self.clone();
        let patches = town.patches.iter_mut().flat_map(|patch| &mut patch.parts);
        let rings = town.zones.iter_mut().flatten().chain(patches).flatten();
        rings.for_each(|ring| *ring = write(ring));
        town
    }

    /// The same patches over one zone that is the whole extent.
    pub fn as_one_zone(&self) -> Self {
        let [west, south, east, north] = self.extent;
        let whole = vec![vec![[west, south], [east, south], [east, north], [west, north]]];
        Self { zones: vec![vec![whole]], ..self.clone() }
    }

    /// Area of the extent in square units.
    pub fn extent_area(&self) -> f64 {
        (self.extent[2] - self.extent[0]) * (self.extent[3] - self.extent[1])
    }
}

fn on_raster(c: f64) -> f64 {
    (c * 1024.0).round() / 1024.0
}

fn between(low: f64, high: f64) -> impl Strategy<Value = f64> + Clone {
    (0..=4096u32).prop_map(move |t| low + (high - low) * f64::from(t) / 4096.0)
}

/// A ring about a centre. Some kinds cross or cover themselves.
fn ring(reach: f64) -> impl Strategy<Value = Ring> + Clone {
    let radii = || prop::collection::vec(between(0.25, 1.0), 3..9);
    let once = radii().prop_map(move |radii| star(&radii, reach, 1));
    let twice = radii().prop_map(move |radii| star(&radii, reach, 2));
    let scribble = prop::collection::vec((between(-reach, reach), between(-reach, reach)), 3..8);
    let scribble = scribble.prop_map(|points| points.into_iter().map(|(x, y)| [x, y]).collect());
    let upright = (1..=8i32, 1..=8i32).prop_map(move |(w, h)| {
        let (w, h) = (f64::from(w) / 8.0 * reach, f64::from(h) / 8.0 * reach);
        vec![[-w, -h], [w, -h], [w, h], [-w, h]]
    });
    prop_oneof![4 => once, 1 => twice, 2 => scribble, 3 => upright]
}

fn star(radii: &[f64], reach: f64, turns: usize) -> Ring {
    let n = radii.len();
    (0..turns * n)
        .map(|i| {
            let angle = std::f64::consts::TAU * (i % n) as f64 / n as f64;
            [reach * radii[i % n] * angle.cos(), reach * radii[i % n] * angle.sin()]
        })
        .collect()
}

/// A shell about a centre with up to three holes, in place or out of place.
fn part() -> impl Strategy<Value = Rings> {
    let reach =
        prop_oneof![4 => between(4.0, 120.0), 2 => between(120.0, 500.0), 1 => between(500.0, 1800.0)];
    reach.prop_flat_map(|reach| {
        let hole =
            (ring(0.4 * reach), between(-0.6 * reach, 0.6 * reach), between(-0.6 * reach, 0.6 * reach));
        let hole = hole.prop_map(|(ring, x, y)| placed(&ring, [x, y], false));
        let holes = prop_oneof![3 => Just(0..1usize), 2 => Just(0..4usize)];
        (ring(reach), holes.prop_flat_map(move |n| prop::collection::vec(hole.clone(), n)), any::<bool>())
            .prop_map(|(shell, holes, reversed)| {
                let shell = if reversed { shell.into_iter().rev().collect() } else { shell };
                std::iter::once(shell).chain(holes).collect()
            })
    })
}

/// A ring moved to its place: on a raster of 64 units, where it meets borders of tiles and of other patches, or
/// anywhere.
fn placed(ring: &Ring, [x, y]: [f64; 2], aligned: bool) -> Ring {
    let place = |c: f64, centre: f64| {
        if aligned { ((c + centre) / 64.0).round() * 64.0 } else { on_raster(c + centre) }
    };
    ring.iter().map(|p| [place(p[0], x), place(p[1], y)]).collect()
}

fn patch(width: f64, height: f64) -> impl Strategy<Value = Patch> {
    let place = move || (between(-0.1 * width, 1.1 * width), between(-0.1 * height, 1.1 * height));
    let parts = prop_oneof![4 => Just(1..2usize), 1 => Just(1..4usize)];
    let parts = parts.prop_flat_map(move |n| prop::collection::vec((part(), place()), n));
    (0..=UNMAPPED, parts, prop::bool::weighted(0.3)).prop_map(|(class, parts, aligned)| {
        let part = |(rings, (x, y)): (Rings, (f64, f64))| -> Rings {
            rings.iter().map(|ring| placed(ring, [x, y], aligned)).collect()
        };
        Patch { class, parts: parts.into_iter().map(part).collect() }
    })
}

/// Quadrangles with crooked common borders that tile a rectangle; vertices on its border slide along it.
fn zones(width: f64, height: f64) -> impl Strategy<Value = Vec<Vec<Rings>>> {
    (1..=3usize, 1..=3usize).prop_flat_map(move |(columns, rows)| {
        let n = (2 * columns + 1) * (2 * rows + 1);
        let slide = || prop::collection::vec(between(-0.22, 0.22), n);
        (slide(), slide()).prop_map(move |(dx, dy)| tiling(columns, rows, [width, height], &dx, &dy))
    })
}

fn tiling(columns: usize, rows: usize, size: [f64; 2], dx: &[f64], dy: &[f64]) -> Vec<Vec<Rings>> {
    // Corners of zones have even numbers, the bends between them odd ones.
    let vertex = |i: usize, j: usize| {
        let k = j * (2 * columns + 1) + i;
        let slid = |i: usize, n: usize, by: f64, size: f64| {
            let by = if i == 0 || i == 2 * n { 0.0 } else { by };
            on_raster(size * (i as f64 / 2.0 + by) / n as f64)
        };
        [slid(i, columns, dx[k], size[0]), slid(j, rows, dy[k], size[1])]
    };
    const AROUND: [(usize, usize); 8] = [(0, 0), (1, 0), (2, 0), (2, 1), (2, 2), (1, 2), (0, 2), (0, 1)];
    let cells = (0..rows).flat_map(|row| (0..columns).map(move |column| (column, row)));
    cells
        .map(|(column, row)| vec![vec![AROUND.map(|(i, j)| vertex(2 * column + i, 2 * row + j)).to_vec()]])
        .collect()
}

/// Where towns lie: about the origin, on borders of tiles, west and south of it, and with a zone prefix.
const PLACES: [[f64; 2]; 5] = [
    [0.0, 0.0],
    [-700.0, -900.5],
    [1024.0 * 7.0, -1024.0 * 3.0],
    [453_210.25, 2_712_345.5],
    [38_453_210.25, 2_712_345.5],
];

/// Any town.
pub fn town() -> impl Strategy<Value = Town> {
    let size = || prop_oneof![between(100.0, 900.0), between(900.0, 2600.0)].prop_map(on_raster);
    (size(), size(), prop::sample::select(&PLACES[..])).prop_flat_map(|(width, height, place)| {
        let patches = prop::collection::vec(patch(width, height), 1..12);
        let repeated = prop::option::weighted(0.3, (any::<prop::sample::Index>(), 0..=UNMAPPED));
        (zones(width, height), patches, repeated).prop_map(move |(zones, mut patches, repeated)| {
            if let Some((index, class)) = repeated {
                patches.push(Patch { class, ..index.get(&patches).clone() });
            }
            Town { zones, extent: [0.0, 0.0, width, height], patches }.moved(place)
        })
    })
}

/// So many towns, always the same ones.
pub fn seeded(count: usize) -> Vec<Town> {
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let strategy = town();
    (0..count).map(|_| strategy.new_tree(&mut runner).expect("a town").current()).collect()
}
