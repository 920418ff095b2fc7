//! Reads the polygons of a mask, whole.

use std::ops::ControlFlow;

use crate::finding::Finding;
use crate::layers::cover::OpenLayer;
use crate::layers::crs::Crs;
use crate::layers::error::LayerError;
use crate::layers::noticed::Noticed;
use crate::layers::polygons::{Naming, PolygonReader};
use crate::layers::rows::Cell;
use crate::project::settings::CellSettings;
use crate::survey::Batch;

/// Reads the polygons of a layer into the working CRS. Those of cells without data have the value 1, all others 0.
pub fn read(layer: &OpenLayer, cells: bool, working: &Crs) -> Result<(Batch, Vec<Finding>), LayerError> {
    let field = if cells { Some(layer.field(CellSettings::FIELD)?) } else { None };
    let (mut polygons, mut noticed) = (Batch::default(), Noticed::default());
    for stretch in 0..layer.file.stretches() {
        let mut reader = PolygonReader::open(layer, stretch, working, Naming::default(), field.as_slice())?;
        reader.each(&mut polygons, &mut |row, polygons| {
            let unknown = field.is_some_and(|field| row.cell(field) == Cell::Null);
            polygons.push_patch(u32::from(unknown), "");
            ControlFlow::Continue(())
        })?;
        noticed = noticed.then(reader.noticed());
    }
    Ok((polygons, noticed.findings(&layer.title)))
}
