//! How many square metres the cells of a raster have.
//!
//! In: a raster's geotransform, and what its plane is. Out: for any cell its area on the ellipsoid and, of a projected
//! raster, in the plane.
//!
//! # Longitude and latitude (经纬度栅格)
//! A row between two parallels has cells of one area, which is found exactly (the strip of
//! [`Ellipsoid::strip_m2`]). Where rows do not run along parallels, the area element in the cell's middle is taken.
//!
//! # A plane (投影栅格)
//! A cell is its plane area times the scale of ground to plane there ([`AreaModel`]). The scale is taken in the middle
//! of a patch of cells no wider than [`PATCH_M`] metres. Within half of that it changes by less than 4e-6 as far as three
//! degrees from the central meridian of a Gauss-Krüger zone, one way on one side of the middle and the other way on
//! the other.

use crate::geometry::area::AreaModel;
use crate::geometry::ellipsoid::Ellipsoid;

/// Metres across a patch of cells that are given one area.
pub const PATCH_M: f64 = 1024.0;

/// Cells across a patch at most.
const WIDEST: usize = 512;

/// The ground of a raster's cells.
#[derive(Debug, Clone)]
pub struct CellAreas {
    transform: [f64; 6],
    ground: Ground,
}

/// What the raster's plane is.
#[derive(Debug, Clone)]
pub enum Ground {
    /// Longitude and latitude in degrees, on this ellipsoid.
    Degrees(Ellipsoid),
    /// A plane whose scale is known.
    Plane(AreaModel),
}

impl CellAreas {
    /// For a raster whose geotransform is as GDAL writes it.
    pub fn new(transform: [f64; 6], ground: Ground) -> Self {
        Self { transform, ground }
    }

    /// The columns and rows of a patch whose cells have one area.
    pub fn patch(&self) -> [usize; 2] {
        match &self.ground {
            Ground::Degrees(_) if self.along_parallels() => [usize::MAX, 1],
            Ground::Degrees(_) => [8, 8],
            Ground::Plane(model) => {
                let cell_m = (self.unit_area() * model.square_unit_m2()).sqrt();
                let cells = (PATCH_M / cell_m).max(1.0) as usize;
                let side = (cells + 1).next_power_of_two() / 2;
                [side.clamp(1, WIDEST); 2]
            }
        }
    }

    /// Square metres of ellipsoid of each cell of a patch, by twice its middle column and twice its middle row. Cells
    /// beyond the raster have areas as well.
    pub fn cell_m2(&self, doubled_column: i64, doubled_row: i64) -> f64 {
        let (column, row) = (doubled_column as f64 / 2.0, doubled_row as f64 / 2.0);
        let [x0, dx, rx, y0, ry, dy] = self.transform;
        let (x, y) = (x0 + column * dx + row * rx, y0 + column * ry + row * dy);
        match &self.ground {
            Ground::Plane(model) => self.unit_area() * model.scale(x, y),
            Ground::Degrees(ellipsoid) if self.along_parallels() => {
                let [a, b] = [-0.5, 0.5].map(|d| (y0 + (row + d) * dy).clamp(-90.0, 90.0).to_radians());
                ellipsoid.strip_m2(a.min(b), a.max(b), dx.abs().to_radians())
            }
            Ground::Degrees(ellipsoid) => {
                let latitude = y.clamp(-90.0, 90.0).to_radians();
                ellipsoid.area_element_m2(latitude) * self.unit_area() * 1f64.to_radians().powi(2)
            }
        }
    }

    /// Square metres of a cell in the plane; none where the raster is in degrees.
    pub fn plane_m2(&self) -> Option<f64> {
        match &self.ground {
            Ground::Plane(model) => Some(self.unit_area() * model.square_unit_m2()),
            Ground::Degrees(_) => None,
        }
    }

    fn unit_area(&self) -> f64 {
        let [_, dx, rx, _, ry, dy] = self.transform;
        (dx * dy - rx * ry).abs()
    }

    fn along_parallels(&self) -> bool {
        self.transform[2] == 0.0 && self.transform[4] == 0.0
    }
}
