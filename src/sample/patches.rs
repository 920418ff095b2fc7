//! The sub-compartments (小班): one a cell, most of the county, with the usual fields of the provincial survey.
//!
//! Land class follows height: farmland and built land low, forest on the slopes, about 70 % of all ground.
//! Wrong on purpose, and noted in `BZ`: lines that miss the town line (about 5 % of the sub-compartments cross
//! it), sub-compartments that overlap their neighbour, one bow-tie, one drawn twice, one without a geometry,
//! one land class that no scheme knows.

use std::collections::HashMap;

use geo::{Coord, LineString, MultiPolygon, Polygon};

use super::CRS;
use super::chance::Chance;
use super::grid::{Axis, Grid, Place, Side, area_m2};
use super::kinds::Kind;
use super::line::to_millimetre;
use super::towns::{TOWNS, Territories};
use crate::attribute::Value;
use crate::survey::layer::{Feature, Field, Layer, integer, real, text, words};

/// Share of the cells of the county that are sub-compartments; the rest is low ground that nobody surveyed.
const SURVEYED: f64 = 0.93;
/// Share of the sub-compartments that should cross a town line; beyond some 40 000 sub-compartments fewer do, since
/// too few of them touch one.
const CROSSING: f64 = 0.05;
/// Share of the sub-compartments whose east side reaches into the neighbour.
const OVERLAPPING: f64 = 0.006;
/// How far that side reaches at its middle, as a share of a cell.
const REACH: f64 = 0.15;
/// A land class that no scheme knows.
const UNKNOWN_CLASS: &str = "310";
/// Features beside the cells: the one drawn twice and the one without a geometry.
const EXTRA: usize = 2;
/// Radius of the Earth in metres, for the scale of the plane; and the false easting of the central meridian.
const EARTH_M: f64 = 6_371_000.0;
const FALSE_EASTING_M: f64 = 500_000.0;

/// How many cells the county needs for so many sub-compartments.
pub fn cells_for(patches: usize) -> usize {
    (patches as f64 / SURVEYED) as usize
}

/// The layer of sub-compartments: `wanted` features.
pub fn survey(land: &Territories, wanted: usize, chance: Chance) -> Layer {
    let ranked = by_height(land);
    let surveyed = surveyed(&ranked, wanted - EXTRA, chance.of("surveyed"));
    let survey = Survey { land, chance, missing: missing_share(land, wanted) };
    let odd = odd_places(surveyed.len());
    let mut features = Vec::with_capacity(wanted);
    for (k, &(cell, rank)) in surveyed.iter().enumerate() {
        let oddity = odd.get(&k).copied().unwrap_or(survey.oddity(cell));
        let feature = survey.feature(cell, rank, oddity);
        if oddity == Oddity::DrawnTwice {
            features.push(again(&feature, 26, feature.shape.clone(), "重复上图（示例）"));
            features.push(again(&feature, 27, None, "图形缺失（示例）"));
        }
        features.push(feature);
    }
    Layer { name: "xiaoban".into(), crs: CRS.to_owned(), fields: fields(), features }
}

/// What is wrong with a sub-compartment on purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Oddity {
    Nothing,
    Overlaps,
    BowTie,
    DrawnTwice,
    UnknownClass,
}

/// The cells of the county from low to high, each with its rank in [0, 1).
fn by_height(land: &Territories) -> Vec<(Place, f64)> {
    let mut cells: Vec<Place> = land.grid.cells().filter(|&cell| land.piece_of(cell).is_some()).collect();
    let height = |cell: &Place| land.heights.get(land.grid.index(*cell)).copied().unwrap_or(0.0);
    cells.sort_by(|a, b| height(a).total_cmp(&height(b)).then(a.cmp(b)));
    let share = 1.0 / cells.len().max(1) as f64;
    cells.into_iter().enumerate().map(|(k, cell)| (cell, k as f64 * share)).collect()
}

/// All cells but as many of the low ones, chosen by chance, as bring them to the wanted number; in file order.
fn surveyed(ranked: &[(Place, f64)], wanted: usize, chance: Chance) -> Vec<(Place, f64)> {
    let draw = |(column, row): Place| chance.at(column.into()).at(row.into()).unit();
    let mut cells = ranked.to_vec();
    // Low ground first, mixed by chance: a rank below 0.2 is as likely to be left out as any other such rank.
    cells.sort_by(|a, b| ((a.1 / 0.2).floor() + draw(a.0)).total_cmp(&((b.1 / 0.2).floor() + draw(b.0))));
    let mut cells = cells.split_off(cells.len().saturating_sub(wanted));
    cells.sort_by_key(|(cell, _)| (cell.1, cell.0));
    cells
}

/// Where the single oddities stand, in file order.
fn odd_places(count: usize) -> HashMap<usize, Oddity> {
    let places =
        [(count / 5, Oddity::BowTie), (count / 2, Oddity::DrawnTwice), (count * 4 / 5, Oddity::UnknownClass)];
    places.into()
}

/// Share of the town lines that the survey drew differently, so that [`CROSSING`] of the sub-compartments cross.
fn missing_share(land: &Territories, wanted: usize) -> f64 {
    let sides = land.grid.cells().flat_map(|cell| [(cell, Axis::East), (cell, Axis::North)]);
    let lines = sides.filter(|&side| land.is_town_line(side)).count().max(1);
    // A line that misses makes both its neighbours cross, and one neighbour in four has another such line.
    (CROSSING * wanted as f64 / 1.5 / lines as f64).min(1.0)
}

struct Survey<'a> {
    land: &'a Territories,
    chance: Chance,
    missing: f64,
}

impl Survey<'_> {
    fn chance(&self, cell: Place) -> Chance {
        self.chance.of("cell").at(cell.0.into()).at(cell.1.into())
    }

    /// The chance that decides what grows here: often that of a block of three by three cells.
    fn stand(&self, (column, row): Place) -> Chance {
        let own = self.chance((column, row)).of("kind");
        let block = self.chance.of("block").at((column / 3).into()).at((row / 3).into());
        if own.at(0).unit() < 0.5 { block } else { own }
    }

    fn oddity(&self, cell: Place) -> Oddity {
        let overlaps = self.chance(cell).of("overlaps").unit() < OVERLAPPING;
        if overlaps { Oddity::Overlaps } else { Oddity::Nothing }
    }

    /// The line of a side as the survey drew it.
    fn line(&self, side: Side) -> Vec<Coord> {
        let ((column, row), axis) = side;
        let chance = self.chance.of("misses").at(column.into()).at(row.into()).at(axis as u64);
        let misses = self.land.is_town_line(side) && chance.unit() < self.missing;
        self.land.grid.line(side, u64::from(misses))
    }

    fn ring(&self, cell: Place, oddity: Oddity) -> LineString<f64> {
        let [_, east, north, west] = Grid::sides(cell);
        match oddity {
            Oddity::Overlaps => Grid::ring(cell, |side| {
                let line = self.line(side);
                if side == east { reaching(line, self.land.grid.cell_m * REACH) } else { line }
            }),
            // The north side is walked the wrong way, and two straight lines cross to reach it.
            Oddity::BowTie => Grid::ring(cell, |side| {
                let mut line = self.line(side);
                if side == north {
                    line.reverse();
                } else if side == east || side == west {
                    line.truncate(1);
                    line.extend(line.first().copied());
                }
                line
            }),
            _ => Grid::ring(cell, |side| self.line(side)),
        }
    }

    fn feature(&self, cell: Place, rank: f64, oddity: Oddity) -> Feature {
        let ring = self.ring(cell, oddity);
        let recorded_ha = recorded_ha(&ring);
        let shape = MultiPolygon::new(vec![Polygon::new(ring, Vec::new())]);
        Feature { shape: Some(shape), values: self.values(cell, rank, oddity, recorded_ha) }
    }

    fn values(&self, cell: Place, rank: f64, oddity: Oddity, recorded_ha: f64) -> Vec<Value> {
        let chance = self.chance(cell);
        let piece = self.land.piece_of(cell).and_then(|piece| self.land.pieces.get(piece));
        let town = piece.map_or(&TOWNS[0], |piece| piece.town);
        let (block, place) = numbers(&self.land.grid, cell);
        let kind = Kind::at(rank, self.stand(cell));
        let code = if oddity == Oddity::UnknownClass { UNKNOWN_CLASS } else { kind.code };
        let mut values = vec![words("44"), words("4416"), words("441624"), words(town.digits())];
        values.push(words(format!("2{:02}", block % 12)));
        values.push(words(format!("{block:05}")));
        values.push(words(format!("{place:05}")));
        values.push(words(identity(block, place)));
        values.push(words(code));
        values.push(Value::Real(recorded_ha));
        values.extend(kind.stand(chance.of("stand")));
        values.push(words(note(oddity)));
        values
    }
}

/// The same record under another sub-compartment number.
fn again(feature: &Feature, place: u32, shape: Option<MultiPolygon<f64>>, note: &str) -> Feature {
    let mut values = feature.values.clone();
    let block = values.get(5).and_then(Value::number).unwrap_or(0.0) as u32;
    for (at, value) in
        [(6, format!("{place:05}")), (7, identity(block, place)), (values.len() - 1, note.to_owned())]
    {
        values[at] = words(value);
    }
    Feature { shape, values }
}

fn note(oddity: Oddity) -> &'static str {
    match oddity {
        Oddity::Nothing | Oddity::DrawnTwice => "",
        Oddity::Overlaps => "与东邻小班重叠（示例）",
        Oddity::BowTie => "图形自相交（示例）",
        Oddity::UnknownClass => "地类代码有误（示例）",
    }
}

/// Compartment: a block of five by five cells; sub-compartment: the place in it, from 1 to 25.
fn numbers(grid: &Grid, (column, row): Place) -> (u32, u32) {
    (row / 5 * grid.columns.div_ceil(5) + column / 5 + 1, row % 5 * 5 + column % 5 + 1)
}

/// County, compartment and sub-compartment: what names one record.
fn identity(block: u32, place: u32) -> String {
    format!("441624{block:05}{place:03}")
}

/// A line moved east by a parabola between its ends.
fn reaching(line: Vec<Coord>, reach_m: f64) -> Vec<Coord> {
    let last = line.len().saturating_sub(1).max(1) as f64;
    let shifted = |(k, c): (usize, Coord)| {
        let t = k as f64 / last;
        to_millimetre(Coord { x: c.x + 4.0 * t * (1.0 - t) * reach_m, y: c.y })
    };
    line.into_iter().enumerate().map(shifted).collect()
}

/// The area a survey would have written down: on the ellipsoid, in hectares with two decimals. The plane is larger
/// by about 1 + (x / R)^2, x being the distance from the central meridian.
fn recorded_ha(ring: &LineString<f64>) -> f64 {
    let off = ring.0.first().map_or(0.0, |c| (c.x - FALSE_EASTING_M) / EARTH_M);
    let hectares = area_m2(ring).abs() / (1.0 + off * off) / 10_000.0;
    (hectares * 100.0).round() / 100.0
}

fn fields() -> Vec<Field> {
    vec![
        text("SHENG", 2),
        text("SHI", 4),
        text("XIAN", 6),
        text("XIANG", 3),
        text("CUN", 3),
        text("LIN_BAN", 6),
        text("XIAO_BAN", 5),
        text("XBID", 16),
        text("DI_LEI", 6),
        real("MIAN_JI", 2),
        text("LIN_ZHONG", 3),
        text("YOU_SHI_SZ", 10),
        text("QI_YUAN", 2),
        real("YU_BI_DU", 2),
        text("LING_ZU", 1),
        integer("PINGJUN_NL"),
        text("SEN_LIN_LB", 3),
        text("SSLX", 1),
        integer("SSZZS"),
        text("BZ", 40),
    ]
}
