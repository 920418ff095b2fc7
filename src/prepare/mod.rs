//! Zones made ready for measuring: on the grid, repaired, oriented, cut along the work tiles.
//!
//! In: zones as recorded. Out: [`Zones`], which only this room can make, so that whoever holds one need not
//! check it again; and findings on what had to be repaired. Classes and files are unknown here.

pub mod beyond;
pub mod borders;
pub mod cells;
pub mod drawn;
pub mod mask;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use rayon::prelude::*;

use crate::finding::{Finding, Severity};
use crate::geometry::grid::{self, Bounds, STEPS_PER_UNIT, Shape};
use crate::geometry::overlay::{Overlay, Part};
use crate::geometry::pile::Pile;
use crate::geometry::simple::Simplicity;
use crate::geometry::tile::{self, Tile};
use crate::prepare::cells::Cells;
use crate::survey::{Batch, RingKind, ZoneLayer, ZoneRecord};
use crate::threads::on_the_callers_threads;
use crate::words;

/// A repair that moves less ground than this is not worth a word (m², where the CRS unit is the metre).
pub const REPAIR_WORTH_SAYING_M2: f64 = 0.01;

/// A zone whose outline is clean.
#[derive(Debug, Clone, PartialEq)]
pub struct Zone {
    id: String,
    name: Option<String>,
    shape: Shape,
}

impl Zone {
    /// Its code.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Its name, where it has one.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// Its clean outline.
    pub fn shape(&self) -> &Shape {
        &self.shape
    }
}

/// What a zone covers of a tile.
#[derive(Debug, Clone, PartialEq)]
pub enum ZonePiece {
    /// The whole tile.
    Whole,
    /// This much of it.
    Part(Shape),
}

/// All zones of a run, clean, and cut along the tiles. Zones may overlap; each is whole.
#[derive(Debug, Clone, Default)]
pub struct Zones {
    zones: Vec<Zone>,
    tiles: BTreeMap<Tile, Vec<(usize, ZonePiece)>>,
    /// Their ground by cells, once it was asked for.
    cells: OnceLock<Arc<Cells>>,
}

impl PartialEq for Zones {
    fn eq(&self, other: &Self) -> bool {
        self.zones == other.zones && self.tiles == other.tiles
    }
}

impl Zones {
    /// The zones in file order.
    pub fn zones(&self) -> &[Zone] {
        &self.zones
    }

    /// Which zones reach into a tile, by index, with what they cover of it.
    pub fn in_tile(&self, tile: Tile) -> &[(usize, ZonePiece)] {
        self.tiles.get(&tile).map_or(&[], Vec::as_slice)
    }

    /// The tiles that any zone reaches into.
    pub fn tiles(&self) -> impl Iterator<Item = Tile> + '_ {
        self.tiles.keys().copied()
    }

    /// Their ground by cells, made when it is first asked for, in parallel on the caller's threads.
    pub fn cells(&self) -> &Cells {
        self.cells.get_or_init(|| Arc::new(Cells::new(self)))
    }

    /// Some of the zones, by index, as they are cut already. O(pieces).
    pub fn some(&self, wanted: impl Fn(usize) -> bool) -> Cow<'_, Self> {
        if (0..self.zones.len()).all(&wanted) {
            return Cow::Borrowed(self);
        }
        let mut some = Self::default();
        let mut renumbered = vec![None; self.zones.len()];
        for (index, zone) in self.zones.iter().enumerate().filter(|(index, _)| wanted(*index)) {
            renumbered[index] = Some(some.zones.len());
            some.zones.push(zone.clone());
        }
        for (tile, pieces) in &self.tiles {
            let pieces = pieces.iter().filter_map(|(zone, piece)| Some((renumbered[*zone]?, piece.clone())));
            let pieces: Vec<_> = pieces.collect();
            if !pieces.is_empty() {
                some.tiles.insert(*tile, pieces);
            }
        }
        Cow::Owned(some)
    }

    /// Adds a zone made of ground that is already clean.
    pub fn add(&mut self, id: impl Into<String>, name: Option<String>, shape: Shape) -> usize {
        let pieces = cut(&shape);
        self.add_cut(Zone { id: id.into(), name, shape }, pieces)
    }

    fn add_cut(&mut self, zone: Zone, pieces: Vec<(Tile, ZonePiece)>) -> usize {
        self.cells = OnceLock::new();
        let index = self.zones.len();
        for (tile, piece) in pieces {
            self.tiles.entry(tile).or_default().push((index, piece));
        }
        self.zones.push(zone);
        index
    }
}

/// What a clean shape covers of each tile.
fn cut(shape: &Shape) -> Vec<(Tile, ZonePiece)> {
    let mut pieces = Vec::new();
    tile::split(shape, |tile, piece| pieces.extend(zone_piece(tile, piece).map(|piece| (tile, piece))));
    pieces
}

/// A clean shape's area on the grid is exact, so a piece as large as its tile is the tile.
fn zone_piece(tile: Tile, piece: Shape) -> Option<ZonePiece> {
    let area = piece.doubled_area();
    match area {
        0 => None,
        _ if area == tile.shape().doubled_area() => Some(ZonePiece::Whole),
        _ => Some(ZonePiece::Part(piece)),
    }
}

/// Prepares the zones of a layer, in parallel on the caller's threads. O(points log points).
pub fn zones(layer: &ZoneLayer) -> (Zones, Vec<Finding>) {
    let (outlines, findings) = outlines(layer, 1.0);
    let pieces: Vec<_> =
        on_the_callers_threads(|| outlines.par_iter().with_max_len(1).map(|zone| cut(&zone.shape)).collect());
    let mut zones = Zones::default();
    for (zone, pieces) in outlines.into_iter().zip(pieces) {
        zones.add_cut(zone, pieces);
    }
    (zones, findings)
}

/// The zones of a layer with clean outlines that are not cut along tiles: what cells of a raster are held against.
/// `unit_m2` is how many square metres a square unit has, for the findings. In parallel on the caller's threads.
/// O(points log points).
pub fn outlines(layer: &ZoneLayer, unit_m2: f64) -> (Vec<Zone>, Vec<Finding>) {
    let tools = <(Overlay, Simplicity)>::default;
    let outlined: Vec<_> = on_the_callers_threads(|| {
        let records = layer.zones.par_iter().with_max_len(1);
        records.map_init(tools, |tools, record| outlined(layer, record, unit_m2, tools)).collect()
    });
    let (zones, findings): (Vec<Zone>, Vec<Option<Finding>>) = outlined.into_iter().unzip();
    (zones, findings.into_iter().flatten().collect())
}

fn outlined(
    layer: &ZoneLayer,
    record: &ZoneRecord,
    unit_m2: f64,
    (overlay, simplicity): &mut (Overlay, Simplicity),
) -> (Zone, Option<Finding>) {
    let parts: Vec<Part> = record.features.iter().flat_map(|&f| parts(&layer.shapes, f)).collect();
    let shape = simple(&parts, simplicity).unwrap_or_else(|| overlay.ground(&parts));
    let finding = repair_finding(layer, &record.id, &parts, &shape, unit_m2);
    (Zone { id: record.id.clone(), name: record.name.clone(), shape }, finding)
}

/// The outline of some parts where it is clean as it was drawn.
fn simple(parts: &[Part], simplicity: &mut Simplicity) -> Option<Shape> {
    let mut outline = Shape::default();
    for part in parts {
        part.shell.rings().for_each(|ring| outline.push_distinct(ring.iter().copied()));
        part.holes.rings().for_each(|ring| outline.push_distinct(ring.iter().rev().copied()));
    }
    let bounds = outline.bounds()?;
    simplicity.is_simple(&outline, bounds).then_some(outline)
}

/// Zones that share ground, by index, with the plane area they share in square units of the CRS, where it is
/// more than [`REPAIR_WORTH_SAYING_M2`]. Looked for only in tiles that several zones reach into.
pub fn overlapping(zones: &Zones) -> Vec<((usize, usize), f64)> {
    let several: Vec<_> = zones.tiles.iter().filter(|(_, pieces)| pieces.len() > 1).collect();
    let found: Vec<_> = on_the_callers_threads(|| {
        let tools = <(Pile, Overlay)>::default;
        let tiles = several.par_iter();
        tiles.map_init(tools, |tools, (tile, pieces)| common_in_tile(**tile, pieces, tools)).collect()
    });
    let mut shared: BTreeMap<(usize, usize), f64> = BTreeMap::new();
    for (pair, area) in found.into_iter().flatten() {
        *shared.entry(pair).or_default() += area;
    }
    shared.into_iter().filter(|(_, area)| *area > REPAIR_WORTH_SAYING_M2).collect()
}

/// Which zones share ground in a tile, and how many square units.
fn common_in_tile(
    tile: Tile,
    pieces: &[(usize, ZonePiece)],
    (pile, overlay): &mut (Pile, Overlay),
) -> Vec<((usize, usize), f64)> {
    let whole = tile.shape();
    let shapes = pieces.iter().map(|(_, piece)| match piece {
        ZonePiece::Whole => &whole,
        ZonePiece::Part(shape) => shape,
    });
    let shapes: Vec<&Shape> = shapes.collect();
    let common = common_grounds(tile, &shapes, pile, overlay).into_iter();
    common.map(|(a, b, area)| ((pieces[a].0, pieces[b].0), area)).collect()
}

/// Which shapes in a tile share ground, and how many square units.
fn common_grounds(
    tile: Tile,
    shapes: &[&Shape],
    pile: &mut Pile,
    overlay: &mut Overlay,
) -> Vec<(usize, usize, f64)> {
    if pile.pile(tile.bounds().low, shapes.iter().copied()) {
        let pairs = pile.shared().into_iter();
        return pairs.map(|s| (s.outlines.0 as usize, s.outlines.1 as usize, s.moments.one)).collect();
    }
    let pairs = (0..shapes.len()).flat_map(|a| (a + 1..shapes.len()).map(move |b| (a, b)));
    pairs
        .map(|(a, b)| (a, b, square_units(overlay.intersection(shapes[a], shapes[b]).doubled_area())))
        .collect()
}

fn square_units(doubled: i128) -> f64 {
    doubled as f64 / 2.0 / STEPS_PER_UNIT / STEPS_PER_UNIT
}

/// The rings of one patch as parts on the grid, wound counter-clockwise. Coordinates were checked at the door of
/// `layers`; one that has no place on the grid is left out. A hole before any shell takes nothing.
pub fn parts(batch: &Batch, index: usize) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    for (kind, points) in batch.rings_of(index) {
        let ring = points.iter().filter_map(|&[x, y]| grid::point(x, y));
        if kind == RingKind::Shell || parts.is_empty() {
            parts.push(Part::default());
        }
        if let Some(part) = parts.last_mut() {
            let rings = if kind == RingKind::Shell { &mut part.shell } else { &mut part.holes };
            rings.push_counter_clockwise(ring);
        }
    }
    parts
}

/// The rings of a patch on the grid: shells counter-clockwise, holes clockwise, each begun at its least point; and the
/// box around them, where there are any. A hole before any shell takes nothing.
pub fn on_grid(batch: &Batch, index: usize, outline: &mut Shape) -> Option<Bounds> {
    let (mut shells, mut around) = (0, None);
    for (kind, points) in batch.rings_of(index) {
        shells += usize::from(kind == RingKind::Shell);
        if shells == 0 {
            continue;
        }
        if let Some(bounds) = outline.push_recorded(points, kind == RingKind::Shell) {
            around = Some(around.map_or(bounds, |around: Bounds| around.with(bounds)));
        }
    }
    around
}

/// Adds clean ground to a batch as a patch.
pub fn push_ground(ground: &Shape, value: u32, id: &str, overlay: &mut Overlay, batch: &mut Batch) {
    for part in overlay.parts(ground) {
        for (at, ring) in part.rings().enumerate() {
            let kind = if at == 0 { RingKind::Shell } else { RingKind::Hole };
            batch.push_ring(kind, ring.iter().map(|p| [grid::units(p.x), grid::units(p.y)]));
        }
    }
    batch.push_patch(value, id);
}

fn repair_finding(
    layer: &ZoneLayer,
    id: &str,
    parts: &[Part],
    shape: &Shape,
    unit_m2: f64,
) -> Option<Finding> {
    let claimed = square_units(parts.iter().map(Part::claimed_doubled_area).sum()) * unit_m2;
    let ground = square_units(shape.doubled_area()) * unit_m2;
    let finding = |code, severity, sentence| {
        Finding::new(code, severity, sentence)
            .in_layer(&layer.layer)
            .in_zone(id)
            .with_area_m2(ground - claimed)
    };
    if ground == 0.0 {
        let sentence =
            words!("zone {id} has no ground: its geometry is empty", "分区 {id} 没有范围：其几何为空");
        return Some(finding("zone-empty", Severity::Error, sentence).with_hint(words!(
            "draw the zone's outline, or leave the feature out with where",
            "补绘该分区边界，或用 where 条件排除该要素"
        )));
    }
    ((claimed - ground).abs() > REPAIR_WORTH_SAYING_M2).then(|| {
        let sentence = words!(
            "zone {id} crosses or covers itself; repaired from {claimed:.2} to {ground:.2} m2",
            "分区 {id} 边界自相交或自重叠；已修复，面积由 {claimed:.2} 变为 {ground:.2} 平方米"
        );
        finding("zone-repaired", Severity::Warning, sentence).with_hint(words!(
            "check the zone's outline in the layer; the figures use the repaired one",
            "请核对该分区边界；各项数字采用修复后的边界"
        ))
    })
}
