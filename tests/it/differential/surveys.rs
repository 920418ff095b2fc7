//! Random surveys, each by its number: towns and patches of every good and bad kind, always the same ones.

use super::lattice::Lattice;
use crate::town::{CLASSES, Patch, Town, UNMAPPED};
use crate::wkt::{Ring, Rings};

/// Chance by number (SplitMix64).
pub struct Dice(pub u64);

impl Dice {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Even in [low, high).
    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// A whole number from `low` to `high`, both included.
    pub fn whole(&mut self, low: usize, high: usize) -> usize {
        low + (self.next() % (high - low + 1) as u64) as usize
    }

    pub fn one_in(&mut self, n: u64) -> bool {
        self.next().is_multiple_of(n)
    }

    pub fn pick<T: Copy, const N: usize>(&mut self, from: [T; N]) -> T {
        from[self.whole(0, N - 1)]
    }
}

/// What a survey is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Patches that share their borders and nothing else.
    Clean,
    /// Sound patches over one another.
    Overlapping,
    /// Patches that cross, touch or repeat themselves.
    Invalid,
    /// A clean survey with a few of the others thrown in.
    Mixed,
}

pub const KINDS: [Kind; 4] = [Kind::Clean, Kind::Overlapping, Kind::Invalid, Kind::Mixed];

/// Where surveys lie: about the origin, on borders of tiles, west and south of it, and with a zone prefix.
const PLACES: [[f64; 2]; 6] = [
    [0.0, 0.0],
    [-700.0, -900.5],
    [1024.0 * 7.0, -1024.0 * 3.0],
    [453_210.25, 2_712_345.5],
    [38_453_210.25, 2_712_345.5],
    [38_600_001.187, 3_398_765.433],
];

/// To what coordinates are rounded: a binary fraction, a millimetre, metres, or not at all.
const ROUNDINGS: [Option<f64>; 4] = [Some(1024.0), Some(1000.0), Some(1.0), None];

/// The survey of a number.
pub fn survey(number: u64) -> (Kind, Town) {
    let dice = &mut Dice(number.wrapping_mul(0xd134_2543_de82_ef95));
    let kind = dice.pick(KINDS);
    let size = [dice.between(300.0, 2600.0), dice.between(300.0, 2600.0)];
    let extent = [0.0, 0.0, size[0], size[1]];
    let lattice = Lattice::new(dice, size);
    let towns = dice.whole(3, 6);
    let zones = lattice.blocks(dice, towns).iter().map(|&block| vec![vec![lattice.outline(block)]]).collect();
    let mut town = Town { zones, extent, patches: Vec::new() };
    match kind {
        Kind::Clean => town.patches = clean(dice, &lattice, size),
        Kind::Overlapping => town.patches = many(dice, size, sound),
        Kind::Invalid => {
            town.patches = many(dice, size, unsound);
            town.zones[0][0][0] = spiked(town.zones[0][0][0].clone());
        }
        Kind::Mixed => {
            town.patches = clean(dice, &lattice, size);
            for _ in 0..dice.whole(1, 4) {
                let make = dice.pick([sound, unsound]);
                town.patches.push(patch(dice, size, make));
            }
        }
    }
    if kind != Kind::Clean {
        extras(dice, &mut town);
    }
    let (place, rounding) = (dice.pick(PLACES), dice.pick(ROUNDINGS));
    let round = |c: f64| rounding.map_or(c, |per_unit| (c * per_unit).round() / per_unit);
    (kind, town.with_vertices(|[x, y]| [round(x + place[0]), round(y + place[1])]))
}

/// A partition of the extent, or of more than it, by the lattice of the towns or by another.
fn clean(dice: &mut Dice, lattice: &Lattice, size: [f64; 2]) -> Vec<Patch> {
    let other = (!dice.one_in(3)).then(|| Lattice::new(dice, size));
    let lattice = other.as_ref().unwrap_or(lattice);
    let count = dice.whole(10, 60);
    let mut patches: Vec<Patch> = Vec::new();
    for block in lattice.blocks(dice, count) {
        let (class, mut rings) = (dice.whole(0, UNMAPPED), vec![lattice.outline(block)]);
        if let Some(inner) = block.inner() {
            let hole = lattice.outline(inner);
            if !dice.one_in(3) {
                patches.push(Patch { class: dice.whole(0, UNMAPPED), parts: vec![vec![hole.clone()]] });
            }
            rings.push(hole);
        }
        rings.iter_mut().for_each(|ring| *ring = written(dice, ring));
        match patches.last_mut() {
            Some(last) if dice.one_in(6) => last.parts.push(rings),
            _ => patches.push(Patch { class, parts: vec![rings] }),
        }
    }
    patches.retain(|_| !dice.one_in(15));
    patches
}

/// The same ring begun elsewhere, turned or closed.
fn written(dice: &mut Dice, ring: &Ring) -> Ring {
    let mut ring = ring.clone();
    let first = dice.whole(0, ring.len() - 1);
    ring.rotate_left(first);
    if dice.one_in(3) {
        ring.reverse();
    }
    if dice.one_in(3) {
        ring.push(ring[0]);
    }
    ring
}

type Make = fn(&mut Dice, f64) -> Vec<Rings>;

fn many(dice: &mut Dice, size: [f64; 2], make: Make) -> Vec<Patch> {
    (0..dice.whole(10, 30)).map(|_| patch(dice, size, make)).collect()
}

/// A patch made about the origin and put somewhere, sometimes onto a raster where it meets borders of tiles.
fn patch(dice: &mut Dice, size: [f64; 2], make: Make) -> Patch {
    let reach = dice.between(2.0, 12.0).exp2().min(size[0].min(size[1]) * 0.4);
    let mut parts = make(dice, reach);
    let at = [0, 1].map(|axis| dice.between(-0.1, 1.1) * size[axis]);
    let aligned = dice.one_in(5);
    for vertex in parts.iter_mut().flatten().flatten() {
        for axis in [0, 1] {
            let c = vertex[axis] + at[axis];
            vertex[axis] = if aligned { (c / 64.0).round() * 64.0 } else { c };
        }
    }
    Patch { class: dice.whole(0, CLASSES), parts }
}

/// Patches over every town and far from all of them, and copies under the same or another class.
fn extras(dice: &mut Dice, town: &mut Town) {
    let [_, _, width, height] = town.extent;
    if dice.one_in(4) {
        let [w, s, e, n] = [-10.0, -20.5, width + 30.25, height + 11.0];
        let over_all = vec![[w, s], [width / 2.0, s - 3.0], [e, s], [e, n], [w, n]];
        town.patches.push(Patch { class: dice.whole(0, UNMAPPED), parts: vec![vec![over_all]] });
    }
    if dice.one_in(4) {
        let away = star(dice, 40.0, 1).into_iter().map(|[x, y]| [x - 5000.0, y + height]).collect();
        town.patches.push(Patch { class: 0, parts: vec![vec![away]] });
    }
    for _ in 0..dice.whole(0, 3) {
        let copied = town.patches[dice.whole(0, town.patches.len() - 1)].clone();
        let class = if dice.one_in(2) { copied.class } else { dice.whole(0, UNMAPPED) };
        town.patches.push(Patch { class, ..copied });
    }
}

fn sound(dice: &mut Dice, reach: f64) -> Vec<Rings> {
    let shell = if dice.one_in(4) { upright(dice, reach) } else { star(dice, reach, 1) };
    let hole = star(dice, 0.2 * reach, 1);
    if dice.one_in(4) { vec![vec![shell, hole]] } else { vec![vec![shell]] }
}

/// Every way in which a ring, its holes and its parts are written wrongly.
fn unsound(dice: &mut Dice, reach: f64) -> Vec<Rings> {
    let shell = star(dice, reach, 1);
    let away = |ring: Ring, by: f64| -> Ring { ring.into_iter().map(|[x, y]| [x + by, y]).collect() };
    match dice.whole(0, 16) {
        0 => vec![vec![vec![[-reach, -reach], [reach, reach], [reach, -reach], [-reach, reach]]]],
        1 => vec![vec![scribble(dice, reach)]],
        2 => vec![vec![star(dice, reach, 2)]],
        3 => vec![vec![spiked(shell)]],
        4 => vec![vec![two_lobes(dice, reach)]],
        5 => vec![vec![shell, away(star(dice, 0.3 * reach, 1), 1.1 * reach)]],
        6 => vec![vec![shell, away(star(dice, 0.3 * reach, 1), 9.0 * reach)]],
        7 => vec![vec![shell, star(dice, 0.3 * reach, 1), away(star(dice, 0.3 * reach, 1), 0.1 * reach)]],
        8 => vec![vec![shell.clone(), shell]],
        9 => {
            let hole = star(dice, 0.3 * reach, 1);
            vec![vec![shell, hole.clone(), hole]]
        }
        10 => vec![vec![shell.clone()], vec![shell]],
        11 => vec![vec![shell], vec![away(star(dice, reach, 1), 0.7 * reach)]],
        12 => vec![vec![shell], vec![star(dice, 0.2 * reach, 1)]],
        13 => vec![vec![upright_on(0.0, 0.0, reach), upright_on(0.25 * reach, 0.0, 0.5 * reach)]],
        14 => vec![vec![shell.iter().flat_map(|&v| [v, v]).collect()]],
        15 => {
            vec![vec![vec![[0.0, 0.0], [reach, reach], [0.5 * reach, 0.5 * reach]]], vec![vec![[0.0, 0.0]]]]
        }
        _ => vec![vec![star(dice, reach, 1), scribble(dice, reach), scribble(dice, 0.5 * reach)]],
    }
}

/// A ring about the origin, going round it so many times.
fn star(dice: &mut Dice, reach: f64, turns: usize) -> Ring {
    let radii: Vec<f64> = (0..dice.whole(3, 12)).map(|_| reach * dice.between(0.35, 1.0)).collect();
    let n = radii.len();
    let vertex = |i: usize| {
        let angle = std::f64::consts::TAU * (i % n) as f64 / n as f64;
        [radii[i % n] * angle.cos(), radii[i % n] * angle.sin()]
    };
    (0..turns * n).map(vertex).collect()
}

fn scribble(dice: &mut Dice, reach: f64) -> Ring {
    (0..dice.whole(4, 8)).map(|_| [dice.between(-reach, reach), dice.between(-reach, reach)]).collect()
}

fn upright(dice: &mut Dice, reach: f64) -> Ring {
    let [w, h] = [0; 2].map(|_| dice.whole(1, 8) as f64 / 8.0 * reach);
    vec![[-w, -h], [w, -h], [w, h], [-w, h]]
}

fn upright_on(x: f64, y: f64, side: f64) -> Ring {
    vec![[x, y], [x + side, y], [x + side, y + side], [x, y + side]]
}

/// With a spike of no width out of the middle of its first edge, and one that goes on beyond a corner and back.
fn spiked(mut ring: Ring) -> Ring {
    let [a, b] = [ring[0], ring[1]];
    let beyond = [b[0] + (b[0] - a[0]) * 0.5, b[1] + (b[1] - a[1]) * 0.5];
    let middle = [(a[0] + b[0]) / 2.0, (a[1] + b[1]) / 2.0];
    let tip = [middle[0] + (b[1] - a[1]), middle[1] - (b[0] - a[0])];
    ring.splice(1..1, [middle, tip, middle, beyond]);
    ring
}

/// Two lobes that share one vertex.
fn two_lobes(dice: &mut Dice, reach: f64) -> Ring {
    let lobe = star(dice, reach, 1);
    let [x, y] = lobe[0];
    let opposite = lobe[1..].iter().map(|[a, b]| [2.0 * x - a, 2.0 * y - b]);
    lobe.iter().copied().chain([[x, y]]).chain(opposite).collect()
}
