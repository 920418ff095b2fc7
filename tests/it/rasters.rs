//! Rasters as the program reads them, against GDAL, the oracle: the same frames, the same cells, the same masks. And
//! files that are cut, forged or empty: each ends in an error of a stable code.

use std::path::Path;

use gdal::raster::RasterCreationOptions;
use gdal::spatial_ref::SpatialRef;
use gdal::{Dataset, DriverManager};
use sencheng::layers::LayerError;
use sencheng::layers::raster::{self, RasterFile};
use sencheng::project::settings::RasterSettings;
use sencheng::survey::raster::{Block, CellKind, Cells, Raster};
use sencheng::words::Explain;

use crate::shared;

fn open(path: &Path, band: Option<usize>) -> Result<RasterFile, LayerError> {
    let settings = RasterSettings { file: path.to_string_lossy().into_owned(), band };
    raster::open(Path::new(""), &settings)
}

/// A cell as a number and its bits, so that what is not a number is equal to itself.
fn number(cells: &Cells, i: usize) -> f64 {
    match cells {
        Cells::U8(c) => f64::from(c[i]),
        Cells::I8(c) => f64::from(c[i]),
        Cells::U16(c) => f64::from(c[i]),
        Cells::I16(c) => f64::from(c[i]),
        Cells::U32(c) => f64::from(c[i]),
        Cells::I32(c) => f64::from(c[i]),
        Cells::U64(c) => c[i] as f64,
        Cells::I64(c) => c[i] as f64,
        Cells::F32(c) => f64::from(c[i]),
        Cells::F64(c) => c[i],
    }
}

/// All cells in rows, and which of them hold data by the mask.
fn whole(raster: &dyn Raster) -> Result<(Vec<f64>, Vec<bool>), String> {
    let frame = raster.frame();
    let mut cells = vec![0.0; frame.columns * frame.rows];
    let mut valid = vec![true; cells.len()];
    let mut reader = raster.reader().map_err(|e| e.to_string())?;
    let mut block = Block { size: [0, 0], cells: Cells::U8(Vec::new()), valid: Vec::new() };
    let [across, down] = frame.blocks();
    for (row, column) in (0..down).flat_map(|r| (0..across).map(move |c| (r, c))) {
        reader.read(column, row, &mut block).map_err(|e| e.to_string())?;
        let (first, size) = frame.window(column, row);
        assert_eq!(block.size, size);
        for (y, x) in (0..size[1]).flat_map(|y| (0..size[0]).map(move |x| (y, x))) {
            let at = (first[1] + y) * frame.columns + first[0] + x;
            cells[at] = number(&block.cells, y * size[0] + x);
            if !block.valid.is_empty() {
                valid[at] = block.valid[y * size[0] + x];
            }
        }
    }
    Ok((cells, valid))
}

/// The same by GDAL, as double precision.
fn by_gdal(path: &Path, number: usize) -> (Vec<f64>, Vec<bool>) {
    let dataset = Dataset::open(path).unwrap();
    let band = dataset.rasterband(number).unwrap();
    let cells = band.read_band_as::<f64>().unwrap().data().to_vec();
    let mask = band.open_mask_band().unwrap().read_band_as::<u8>().unwrap().data().to_vec();
    (cells, mask.iter().map(|&m| m != 0).collect())
}

/// Whether a cell holds data, by mask and by the value that stands for none.
fn holds(raster: &dyn Raster, cell: f64, valid: bool) -> bool {
    valid && raster.frame().nodata.is_none_or(|none| cell != none && !(cell.is_nan() && none.is_nan()))
}

/// That the program and GDAL see the same in a file.
#[track_caller]
fn same(path: &Path, number: usize) -> RasterFile {
    let raster = open(path, Some(number)).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let dataset = Dataset::open(path).unwrap();
    let frame = raster.frame();
    assert_eq!((frame.columns, frame.rows), dataset.raster_size(), "{}", path.display());
    assert_eq!(frame.transform, dataset.geo_transform().unwrap(), "{}", path.display());
    let band = dataset.rasterband(number).unwrap();
    assert_eq!(frame.scale, band.scale().unwrap_or(1.0));
    assert_eq!(frame.offset, band.offset().unwrap_or(0.0));
    let ((cells, valid), (theirs, mask)) = (whole(&raster).unwrap(), by_gdal(path, number));
    for (i, (ours, theirs)) in cells.iter().zip(&theirs).enumerate() {
        let signed = frame.kind == CellKind::I8 && *theirs > 127.0;
        let theirs = if signed { theirs - 256.0 } else { *theirs };
        assert!(
            ours.to_bits() == theirs.to_bits() || (ours.is_nan() && theirs.is_nan()),
            "{} cell {i}: {ours} and {theirs}",
            path.display()
        );
        let ours = holds(&raster, *ours, valid[i]);
        assert_eq!(ours, mask[i], "{} mask of cell {i} ({})", path.display(), cells[i]);
    }
    raster
}

#[test]
fn rasters_that_others_made_are_read_as_gdal_reads_them() {
    let Some(data) = shared::data("rasters_that_others_made_are_read_as_gdal_reads_them") else { return };
    for file in [
        "lux/elev.tif",
        "zion-nlcd/nlcd.tif",
        "zion-nlcd/nlcd2011.tif",
        "zion-nlcd/srtm.tif",
        "lausanne/ls100_06.tif",
        "lausanne/ls250_12.tif",
        "nasty-dev/rasterstats/all_nodata.tif",
        "nasty-dev/rasterstats/dataset_mask.tif",
        "nasty-dev/rasterstats/slope.tif",
        "nasty-dev/rasterstats/slope_nodata.tif",
        "nasty-dev/rasterstats/slope_classes.tif",
    ] {
        same(&data.join(file), 1);
    }
    let sentinel = data.join("lux/sent2_L2A_2024-08-24.tif");
    let bands = open(&sentinel, None).unwrap().bands();
    (1..=bands).for_each(|band| drop(same(&sentinel, band)));
}
