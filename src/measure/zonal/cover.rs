//! Which cells of a grid each zone covers.

use rayon::prelude::*;

use crate::geometry::cell_area::CellAreas;
use crate::geometry::fractions::{Fractions, PARTS_PER_CELL, Rule, Tangled};
use crate::measure::zonal::sums::CellSum;
use crate::prepare::Zone;
use crate::threads::on_the_callers_threads;

/// Zones laid on a grid of cells; kept for every raster on that grid.
#[derive(Debug)]
pub struct Cover {
    /// The grid's columns and rows.
    pub size: [usize; 2],
    /// What each cell has of ground.
    pub areas: CellAreas,
    /// For each zone what it covers.
    pub zones: Vec<ZoneCover>,
}

/// What a zone covers of a grid.
#[derive(Debug)]
pub struct ZoneCover {
    /// Its cells.
    pub fractions: Fractions,
    /// First column and the one after the last.
    pub columns: [usize; 2],
    /// Its ground outside the grid.
    pub outside: CellSum,
}

impl ZoneCover {
    /// By how much its cells and its ground outside differ from the ground by its corners, in cells, and how much may.
    pub fn balance_cells(&self) -> (f64, f64) {
        (self.fractions.residual_cells(), self.fractions.tolerance_cells())
    }
}

/// Lays zones, whose outlines are in columns and rows, on a grid of that many columns and rows. Zones are taken in
/// parallel on the caller's threads.
///
/// # Errors
/// The index of a zone that covers a cell more than once; what `prepare` lets pass does not.
pub fn lay(
    zones: &[Zone],
    size: [usize; 2],
    areas: CellAreas,
    rule: Rule,
) -> Result<Cover, (usize, Tangled)> {
    let one = |(index, zone): (usize, &Zone)| {
        let fractions = Fractions::of(zone.shape(), size, rule).map_err(|tangled| (index, tangled))?;
        let middle = zone.shape().bounds().map_or(0.0, |b| (b.low.x as f64 + b.high.x as f64) / 2.0);
        let doubled_column = (middle / crate::geometry::grid::STEPS_PER_UNIT * 2.0).floor() as i64;
        let mut outside = CellSum::default();
        for beyond in &fractions.beyond {
            outside.add(beyond.parts, areas.cell_m2(doubled_column, beyond.doubled_row));
        }
        Ok(ZoneCover { columns: fractions.columns(), outside, fractions })
    };
    let zones = on_the_callers_threads(|| zones.par_iter().enumerate().map(one).collect::<Result<_, _>>())?;
    Ok(Cover { size, areas, zones })
}

impl Cover {
    /// For each block of a grid of blocks, row after row, the zones that reach into it.
    pub fn by_block(&self, block: [usize; 2]) -> Vec<Vec<u32>> {
        let across = self.size[0].div_ceil(block[0]);
        let mut lists = vec![Vec::new(); across * self.size[1].div_ceil(block[1])];
        for (index, zone) in self.zones.iter().enumerate() {
            let (first, end) = (zone.fractions.first_row, zone.fractions.end_row());
            if zone.columns[1] == 0 {
                continue;
            }
            for row in first / block[1]..end.div_ceil(block[1]) {
                for column in zone.columns[0] / block[0]..zone.columns[1].div_ceil(block[0]) {
                    lists[row * across + column].push(index as u32);
                }
            }
        }
        lists
    }

    /// What each zone has outside the grid.
    pub fn outside(&self) -> impl Iterator<Item = CellSum> + '_ {
        self.zones.iter().map(|zone| zone.outside)
    }

    /// All cells that a zone covers of the grid, in cells.
    pub fn inside_cells(&self, zone: usize) -> f64 {
        self.zones[zone].fractions.inside() as f64 / PARTS_PER_CELL as f64
    }
}
