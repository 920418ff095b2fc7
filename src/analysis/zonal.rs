//! Rasters over zones: zones brought to the grid, one measure, and what is to be noticed about it.

mod partial;
mod table;

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use crate::analysis::AreaModel;
use crate::finding::Finding;
use crate::geometry::area::{BLOCK_TILES, ToDegrees};
use crate::geometry::cell_area::{CellAreas, Ground};
use crate::geometry::ellipsoid::Ellipsoid;
use crate::geometry::fractions::Rule;
use crate::geometry::grid::FARTHEST_UNITS;
use crate::geometry::tile::{TILE_UNITS, Tile};
use crate::measure::zonal::cover::{self, Cover};
use crate::prepare::{self, Zone};
use crate::survey::ZoneLayer;
use crate::survey::raster::Frame;

pub use crate::measure::zonal::read::{Ask, MOST_VALUES};
pub use crate::measure::zonal::rule::Steps;
pub use crate::measure::zonal::sums::SHARES;
pub use partial::{Clash, Partial, Share};
pub use table::{Request, Zonal, ZoneTable, ground_m2, measure, quantile, valid_pct};

/// What a raster's CRS is, for areas.
pub struct Plane<'a> {
    /// Whether it is longitude and latitude.
    pub geographic: bool,
    /// Its ellipsoid.
    pub ellipsoid: Ellipsoid,
    /// Metres in a unit.
    pub unit_m: f64,
    /// From it to degrees.
    pub to_degrees: &'a ToDegrees<'a>,
}

/// Zones on the grid of a raster, to be used for every raster of that grid.
#[derive(Debug)]
pub struct Laid {
    zones: Vec<Zone>,
    cover: Cover,
    frame: Frame,
    edges: Option<Edges>,
    /// What was noticed about the zones.
    pub findings: Vec<Finding>,
}

/// How far edges of zones may lie from their true image in a raster's CRS, where they were brought to it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Edges {
    /// The CRS that they are from.
    pub from: String,
    /// The raster's.
    pub to: String,
    /// How far, in metres.
    pub error_m: f64,
    /// How far, in cells, along the shorter side of a cell.
    pub error_cells: f64,
}

impl Laid {
    /// The zones, in columns and rows.
    pub fn zones(&self) -> &[Zone] {
        &self.zones
    }

    /// Notes that the zones were brought from one CRS to another, and how far their edges may lie from their true
    /// image there: in units of the CRS and in metres.
    pub fn carried(&mut self, [from, to]: [&str; 2], error: f64, error_m: f64) {
        let [_, dx, rx, _, ry, dy] = self.frame.transform;
        let side = dx.hypot(ry).min(rx.hypot(dy));
        let (from, to) = (from.to_owned(), to.to_owned());
        self.edges = Some(Edges { from, to, error_m, error_cells: error / side });
    }
}

/// Why zones cannot be laid on a grid.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum LayError {
    /// Zones reach so far that their places are no longer exact in cells.
    #[error("the zones reach {cells:.0} cells from the raster's corner")]
    TooFar {
        /// How far.
        cells: f64,
    },
    /// A zone's outline crosses itself still.
    #[error("zone {zone}: its outline covers a cell more than once")]
    Tangled {
        /// Which.
        zone: String,
    },
    /// No zone has a cell.
    #[error("no zone reaches into the raster")]
    Apart,
}

/// The ground of a raster's cells as far as zones, which are in its CRS, reach.
pub fn areas(layer: &ZoneLayer, frame: &Frame, plane: &Plane<'_>) -> CellAreas {
    let ground = if plane.geographic {
        Ground::Degrees(plane.ellipsoid)
    } else {
        let tiles = tiles(layer, frame);
        Ground::Plane(AreaModel::new(tiles, plane.ellipsoid, plane.unit_m, plane.to_degrees))
    };
    CellAreas::new(frame.transform, ground)
}

/// Lays zones, which are in the raster's CRS, on its grid, on the caller's threads.
///
/// # Errors
/// See [`LayError`].
pub fn lay(layer: &ZoneLayer, frame: &Frame, areas: CellAreas, rule: Rule) -> Result<Laid, LayError> {
    let in_cells = in_cells(layer, frame.transform)?;
    let (zones, findings) = prepare::outlines(&in_cells, middle_cell_m2(&in_cells, &areas));
    let size = [frame.columns, frame.rows];
    let cover = cover::lay(&zones, size, areas, rule)
        .map_err(|(index, _)| LayError::Tangled { zone: zones[index].id().to_owned() })?;
    let reached = cover.zones.iter().any(|zone| zone.columns[1] > 0);
    reached
        .then_some(Laid { zones, cover, frame: frame.clone(), edges: None, findings })
        .ok_or(LayError::Apart)
}

/// What a cell has in the middle of the first zone's first edge; for findings.
fn middle_cell_m2(layer: &ZoneLayer, areas: &CellAreas) -> f64 {
    let [x, y] = layer.shapes.points.first().copied().unwrap_or_default();
    areas.plane_m2().unwrap_or_else(|| areas.cell_m2((2.0 * x) as i64, (2.0 * y) as i64))
}

/// The zones in columns and rows.
fn in_cells(layer: &ZoneLayer, [x0, dx, rx, y0, ry, dy]: [f64; 6]) -> Result<ZoneLayer, LayError> {
    let determinant = dx * dy - rx * ry;
    let mut out = layer.clone();
    let mut farthest = 0.0f64;
    for point in &mut out.shapes.points {
        let (x, y) = (point[0] - x0, point[1] - y0);
        *point = if rx == 0.0 && ry == 0.0 {
            [x / dx, y / dy]
        } else {
            [(x * dy - y * rx) / determinant, (y * dx - x * ry) / determinant]
        };
        farthest = farthest.max(point[0].abs()).max(point[1].abs());
    }
    if farthest < FARTHEST_UNITS { Ok(out) } else { Err(LayError::TooFar { cells: farthest }) }
}

/// A tile of every block of the area model that a zone may reach into, with a margin of a patch.
fn tiles(layer: &ZoneLayer, frame: &Frame) -> HashSet<Tile> {
    const MARGIN_CELLS: f64 = 512.0;
    let [_, dx, rx, _, ry, dy] = frame.transform;
    let margin = (dx.abs().max(rx.abs()).max(ry.abs()).max(dy.abs()) * MARGIN_CELLS).min(2048.0);
    let block = |at: f64| (at / (BLOCK_TILES * TILE_UNITS) as f64).floor() as i64;
    let mut tiles = HashSet::new();
    for zone in &layer.zones {
        let points = zone.features.iter().flat_map(|&f| layer.shapes.rings_of(f)).flat_map(|(_, ring)| ring);
        let around = points.fold([f64::MAX, f64::MAX, f64::MIN, f64::MIN], |[w, s, e, n], [x, y]| {
            [w.min(*x), s.min(*y), e.max(*x), n.max(*y)]
        });
        let [w, s, e, n] = around;
        for column in block(w - margin)..=block(e + margin) {
            let rows = block(s - margin)..=block(n + margin);
            tiles.extend(rows.map(|row| Tile { column: column * BLOCK_TILES, row: row * BLOCK_TILES }));
        }
    }
    tiles
}

/// Whether the fractions of zones that were laid on one raster's grid serve another's.
pub fn same_grid(laid: &Laid, frame: &Frame) -> bool {
    laid.frame.same_cells(frame)
}
