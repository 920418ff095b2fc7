//! The 17 towns: real names and codes, invented outlines that grow from their seats until they meet on high ground.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

use geo::{Coord, MultiPolygon};

use super::chance::Chance;
use super::grid::{Grid, Place, Side};
use super::terrain::{self, height};
use super::{CRS, TownResidents};
use crate::survey::layer::{Feature, Layer, text, words};

/// Area of the county, in square metres.
const COUNTY_M2: f64 = 2.3e9;
/// Middle of the county: about 114.9 E, 24.4 N in EPSG:4547.
const MIDDLE: Coord = Coord { x: 591_200.0, y: 2_699_800.0 };
/// Side of the square that the county grows in, in metres.
const FIELD_M: f64 = 66_000.0;
/// Area of the exclave, in square metres.
const EXCLAVE_M2: f64 = 5.0e6;

/// A town: code and name are those of Heping County (和平县), the rest is invented.
#[derive(Debug, Clone, Copy)]
pub struct Town {
    /// Code of the town, nine digits.
    pub code: &'static str,
    /// Name of the town.
    pub name: &'static str,
    /// Place of the seat, kilometres east and north of the middle of the county.
    seat_km: (f64, f64),
    /// Residents, before chance.
    residents: u32,
}

impl Town {
    /// Place of the seat.
    pub fn seat(&self) -> Coord {
        MIDDLE + Coord { x: self.seat_km.0, y: self.seat_km.1 } * 1000.0
    }

    /// The three digits of the town inside the county, as the survey writes it.
    pub fn digits(&self) -> &'static str {
        &self.code[6..]
    }
}

const fn town(code: &'static str, name: &'static str, seat_km: (f64, f64), residents: u32) -> Town {
    Town { code, name, seat_km, residents }
}

/// The towns by code; the county seat comes first.
pub const TOWNS: [Town; 17] = [
    town("441624100", "阳明镇", (0.5, 0.5), 98_000),
    town("441624101", "大坝镇", (10.5, 6.0), 26_000),
    town("441624102", "长塘镇", (7.0, 19.5), 11_000),
    town("441624103", "下车镇", (-0.5, 12.0), 14_000),
    town("441624104", "上陵镇", (-6.0, 21.0), 13_000),
    town("441624105", "优胜镇", (18.0, 13.5), 12_000),
    town("441624106", "贝墩镇", (22.5, 2.0), 17_000),
    town("441624107", "古寨镇", (20.0, -8.5), 12_000),
    town("441624108", "彭寨镇", (10.0, -7.0), 34_000),
    town("441624109", "合水镇", (14.0, -17.5), 11_000),
    town("441624110", "公白镇", (3.5, -21.5), 9_000),
    town("441624111", "青州镇", (-18.0, 3.0), 10_000),
    town("441624112", "浰源镇", (-15.0, 15.0), 16_000),
    town("441624113", "热水镇", (-9.5, 7.5), 12_000),
    town("441624114", "东水镇", (-9.0, -19.0), 15_000),
    town("441624115", "礼士镇", (-17.0, -10.0), 10_000),
    town("441624116", "林寨镇", (-5.0, -9.5), 21_000),
];

/// Residents of every town, by chance about a tenth more or less than the usual.
pub fn residents(chance: Chance) -> Vec<TownResidents> {
    let count = |(k, town): (usize, &Town)| {
        let persons = f64::from(town.residents) * chance.at(k as u64).between(0.9, 1.1);
        TownResidents { code: town.code, name: town.name, persons: persons as u32 }
    };
    TOWNS.iter().enumerate().map(count).collect()
}

/// A connected piece of a town.
#[derive(Debug, Clone)]
pub struct Territory {
    pub town: &'static Town,
    pub cells: BTreeSet<Place>,
}

/// The county as cells: which territory each belongs to, and how high it lies.
#[derive(Debug)]
pub struct Territories {
    pub grid: Grid,
    /// One a town by code, then the exclave.
    pub pieces: Vec<Territory>,
    /// Height of every cell of the grid.
    pub heights: Vec<f64>,
    owner: Vec<Option<usize>>,
}

impl Territories {
    /// Grows the towns over about this many cells. O(n log n).
    pub fn grow(chance: Chance, cells: usize) -> Self {
        let cell_m = (COUNTY_M2 / cells as f64).sqrt();
        let across = (FIELD_M / cell_m).ceil();
        let origin = MIDDLE - Coord { x: across, y: across } * (cell_m / 2.0);
        let (columns, rows) = (across as u32, across as u32);
        let grid = Grid { columns, rows, cell_m, origin, chance: chance.of("grid") };
        let heights: Vec<f64> =
            grid.cells().map(|cell| height(grid.middle(cell), chance.of("terrain"))).collect();
        let county = ground(&grid, cells, chance.of("outline"));
        let owner = spread(&grid, &heights, &county, chance.of("border"));
        let mut county = Self { grid, pieces: Vec::new(), heights, owner };
        county.cut_exclave();
        county.gather();
        county
    }

    /// The territory of a cell, `None` outside the county.
    pub fn piece_of(&self, cell: Place) -> Option<usize> {
        self.owner.get(self.grid.index(cell)).copied().flatten()
    }

    /// Whether a side lies between two territories.
    pub fn is_town_line(&self, side: Side) -> bool {
        match self.grid.beside(side).map(|cell| cell.and_then(|c| self.piece_of(c))) {
            [Some(one), Some(other)] => one != other,
            _ => false,
        }
    }

    /// The layer of towns: a feature a territory, so the town with an exclave has two.
    pub fn layer(&self) -> Layer {
        let feature = |piece: &Territory| Feature {
            shape: Some(MultiPolygon::new(vec![self.grid.outline(&piece.cells)])),
            values: vec![words(piece.town.code), words(piece.town.name)],
        };
        Layer {
            name: "towns".into(),
            crs: CRS.to_owned(),
            fields: vec![text("XZQDM", 12), text("XZQMC", 60)],
            features: self.pieces.iter().map(feature).collect(),
        }
    }

    /// Gives a few cells deep inside one town to a neighbour of that town.
    fn cut_exclave(&mut self) {
        let depth = self.depths();
        let deepest = self.grid.cells().max_by_key(|&cell| (depth[self.grid.index(cell)], Reverse(cell)));
        let Some((cell, host)) = deepest.and_then(|cell| Some((cell, self.piece_of(cell)?))) else { return };
        let of_host = self.grid.cells().filter(|&c| self.piece_of(c) == Some(host));
        let beside = of_host.flat_map(|c| self.grid.neighbours(c)).filter_map(|c| self.piece_of(c));
        let Some(owner) = beside.filter(|&piece| piece != host).min() else { return };
        let wanted = (EXCLAVE_M2 / (self.grid.cell_m * self.grid.cell_m)).round().max(1.0) as usize;
        let (mut taken, mut next) = (vec![cell], 0);
        while next < taken.len() && taken.len() < wanted {
            let inside = |c: &Place| depth[self.grid.index(*c)] >= 2 && !taken.contains(c);
            let more: Vec<Place> = self.grid.neighbours(taken[next]).filter(inside).collect();
            taken.extend(more.into_iter().take(wanted - taken.len()));
            next += 1;
        }
        for cell in taken {
            let at = self.grid.index(cell);
            self.owner[at] = Some(TOWNS.len());
        }
        self.pieces = pieces(owner);
    }

    /// How many cells away the nearest other territory is, counted from 1 at the border; 0 outside.
    fn depths(&self) -> Vec<u32> {
        let mut depth: Vec<u32> = self.owner.iter().map(|o| if o.is_some() { u32::MAX } else { 0 }).collect();
        let at_border = |&cell: &Place| {
            let own = self.piece_of(cell);
            own.is_some() && self.grid.neighbours(cell).any(|c| self.piece_of(c) != own)
        };
        let mut front: Vec<Place> = self.grid.cells().filter(at_border).collect();
        let mut steps = 0;
        while !front.is_empty() {
            steps += 1;
            front.retain(|&cell| {
                let known = &mut depth[self.grid.index(cell)];
                std::mem::replace(known, steps.min(*known)) > steps
            });
            front = front.iter().flat_map(|&cell| self.grid.neighbours(cell)).collect();
        }
        depth
    }

    fn gather(&mut self) {
        if self.pieces.is_empty() {
            self.pieces = pieces(0);
        }
        for cell in self.grid.cells() {
            if let Some(piece) = self.piece_of(cell) {
                self.pieces[piece].cells.insert(cell);
            }
        }
        self.pieces.retain(|piece| !piece.cells.is_empty());
    }
}

/// Empty territories: one a town, then the exclave of one of them.
fn pieces(exclave_of: usize) -> Vec<Territory> {
    let empty = |town| Territory { town, cells: BTreeSet::new() };
    TOWNS.iter().chain(TOWNS.get(exclave_of)).map(empty).collect()
}

/// The cells of the county: the least remote ones, and what they enclose.
fn ground(grid: &Grid, cells: usize, chance: Chance) -> Vec<bool> {
    let remote = |cell| terrain::remoteness(grid.middle(cell), MIDDLE, chance);
    let mut ranked: Vec<(f64, Place)> = grid.cells().map(|cell| (remote(cell), cell)).collect();
    ranked.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let mut free = vec![true; ranked.len()];
    ranked.iter().take(cells).for_each(|(_, cell)| free[grid.index(*cell)] = false);
    let on_rim = |c: &Place| c.0 == 0 || c.1 == 0 || c.0 + 1 == grid.columns || c.1 + 1 == grid.rows;
    let mut county = vec![true; ranked.len()];
    let mut front: Vec<Place> = grid.cells().filter(on_rim).collect();
    while let Some(cell) = front.pop() {
        let at = grid.index(cell);
        if free[at] && std::mem::replace(&mut county[at], false) {
            front.extend(grid.neighbours(cell));
        }
    }
    county
}

/// Grows from the seats over the cheapest ground of the county, high ground being dear. Each town hangs together,
/// since it grows by sides; ground that no seat reaches by sides stays outside.
fn spread(grid: &Grid, heights: &[f64], county: &[bool], chance: Chance) -> Vec<Option<usize>> {
    let mut owner = vec![None; county.len()];
    let mut front: BinaryHeap<Reverse<(u64, Place, usize)>> = BinaryHeap::new();
    front.extend(TOWNS.iter().enumerate().map(|(k, town)| Reverse((0, grid.cell_at(town.seat()), k))));
    while let Some(Reverse((cost, cell, town))) = front.pop() {
        let at = grid.index(cell);
        if !county[at] || owner[at].is_some() {
            continue;
        }
        owner[at] = Some(town);
        for next in grid.neighbours(cell) {
            let at = grid.index(next);
            let step = 1.0 + 3.0 * heights[at].max(0.0) + 1.5 * chance.at(at as u64).unit();
            front.push(Reverse((cost + (step * 1_000.0) as u64, next, town)));
        }
    }
    owner
}
