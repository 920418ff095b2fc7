//! Rasters as the program reads them, against GDAL, the oracle: the same frames, the same cells, the same masks. And
//! files that are cut, forged or empty: each ends in an error of a stable code.

use std::path::Path;

use gdal::raster::{Buffer, GdalType, RasterCreationOptions};
use gdal::spatial_ref::SpatialRef;
use gdal::{Dataset, DriverManager, Metadata};
use sencheng::geometry::otsu::otsu;
use sencheng::layers::LayerError;
use sencheng::layers::raster::{self, RasterFile};
use sencheng::project::expression::Expression;
use sencheng::project::settings::{IndexSettings, RasterSettings};
use sencheng::survey::raster::{Block, CellKind, Raster};
use sencheng::words::Explain;

use crate::shared;
use crate::workbench::Workbench;

fn open(path: &Path, band: Option<usize>) -> Result<RasterFile, LayerError> {
    let settings = RasterSettings { file: path.to_string_lossy().into_owned(), band };
    raster::open(Path::new(""), &settings)
}

/// All cells in rows, and which of them hold data by the mask.
fn whole(raster: &dyn Raster) -> Result<(Vec<f64>, Vec<bool>), String> {
    let frame = raster.frame();
    let mut cells = vec![0.0; frame.columns * frame.rows];
    let mut valid = vec![true; cells.len()];
    let mut reader = raster.reader().map_err(|e| e.to_string())?;
    let mut block = Block::default();
    let [across, down] = frame.blocks();
    for (row, column) in (0..down).flat_map(|r| (0..across).map(move |c| (r, c))) {
        reader.read(column, row, &mut block).map_err(|e| e.to_string())?;
        let (first, size) = frame.window(column, row);
        assert_eq!(block.size, size);
        for (y, x) in (0..size[1]).flat_map(|y| (0..size[0]).map(move |x| (y, x))) {
            let at = (first[1] + y) * frame.columns + first[0] + x;
            cells[at] = block.cells.number(y * size[0] + x);
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

const COLUMNS: usize = 300;
const ROWS: usize = 170;
const PLACE: [f64; 6] = [440_000.0, 2.5, 0.0, 2_700_000.0, 0.0, -2.5];

/// Writes a GeoTIFF by GDAL whose cells are a function of band, column and row.
fn write<T: GdalType + Copy>(
    path: &Path,
    bands: usize,
    options: &[&str],
    cell: impl Fn(usize, usize, usize) -> T,
    finish: impl Fn(&mut Dataset),
) {
    let driver = DriverManager::get_driver_by_name("GTiff").unwrap();
    let options: RasterCreationOptions = options.iter().copied().collect();
    let mut dataset = driver
        .create_with_band_type_with_options::<T, _>(path, COLUMNS, ROWS, bands, &options)
        .unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    dataset.set_geo_transform(&PLACE).unwrap();
    dataset.set_spatial_ref(&SpatialRef::from_epsg(4547).unwrap()).unwrap();
    finish(&mut dataset);
    for band in 1..=bands {
        let cells = (0..ROWS).flat_map(|y| (0..COLUMNS).map(move |x| (x, y)));
        let cells = cells.map(|(x, y)| cell(band, x, y)).collect();
        let mut buffer = Buffer::new((COLUMNS, ROWS), cells);
        dataset.rasterband(band).unwrap().write((0, 0), (COLUMNS, ROWS), &mut buffer).unwrap();
    }
    dataset.close().unwrap();
}

/// Something like terrain, with a little noise, differing by band.
fn terrain(band: usize, x: usize, y: usize) -> f64 {
    let noise = (x * 7919 + y * 104_729 + band * 31) % 13;
    ((x as f64 / 17.0).sin() * 40.0 + (y as f64 / 23.0).cos() * 30.0 + 80.0 + noise as f64 + band as f64)
        .floor()
}

/// Every packing, tiled and striped, with every predictor that it has, for one kind of numbers.
fn every_packing<T: GdalType + Copy>(
    kind: &str,
    real: bool,
    more: &[&str],
    cell: impl Fn(usize, usize, usize) -> T,
) {
    let bench = Workbench::new();
    let shapes: [&[&str]; 3] = [
        &["TILED=YES", "BLOCKXSIZE=64", "BLOCKYSIZE=48"],
        &["BLOCKYSIZE=7"],
        &["BLOCKYSIZE=170", "BIGTIFF=YES", "ENDIANNESS=BIG"],
    ];
    for (i, shape) in shapes.iter().enumerate() {
        for packing in ["NONE", "DEFLATE", "LZW", "ZSTD", "PACKBITS"] {
            for predictor in ["1", "2", "3"] {
                let predicts = ["DEFLATE", "LZW", "ZSTD"].contains(&packing);
                if predictor != "1" && (!predicts || (predictor == "3") != real) {
                    continue;
                }
                for (bands, order) in [(1, "PIXEL"), (3, "PIXEL"), (3, "BAND")] {
                    let path = bench.path(&format!("{kind}_{i}_{packing}_{predictor}_{bands}{order}.tif"));
                    let (packing, order) = (format!("COMPRESS={packing}"), format!("INTERLEAVE={order}"));
                    let predictor = format!("PREDICTOR={predictor}");
                    let mut options = vec![packing.as_str(), &order];
                    options.extend(predicts.then_some(predictor.as_str()));
                    options.extend_from_slice(shape);
                    options.extend_from_slice(more);
                    write(&path, bands, &options, &cell, |_| {});
                    let raster = same(&path, bands);
                    assert!(raster.is_own(), "{}", path.display());
                    assert_eq!(raster.crs().map(|crs| crs.label.as_str()), Some("EPSG:4547"));
                    assert_eq!(raster.bands(), bands);
                }
            }
        }
    }
}

#[test]
fn bytes_are_read_as_gdal_reads_them() {
    every_packing("u8", false, &[], |b, x, y| terrain(b, x, y) as u8);
    every_packing("i8", false, &["PIXELTYPE=SIGNEDBYTE"], |b, x, y| (terrain(b, x, y) - 90.0) as i8 as u8);
}

#[test]
fn words_are_read_as_gdal_reads_them() {
    every_packing("u16", false, &[], |b, x, y| (terrain(b, x, y) * 300.0) as u16);
    every_packing("i16", false, &[], |b, x, y| ((terrain(b, x, y) - 90.0) * 300.0) as i16);
    every_packing("u32", false, &[], |b, x, y| (terrain(b, x, y) * 3e7) as u32);
    every_packing("i32", false, &[], |b, x, y| ((terrain(b, x, y) - 90.0) * 2e7) as i32);
}

#[test]
fn long_words_are_read_as_gdal_reads_them() {
    every_packing("u64", false, &[], |b, x, y| (terrain(b, x, y) * 3e10) as u64);
    every_packing("i64", false, &[], |b, x, y| ((terrain(b, x, y) - 90.0) * 3e10) as i64);
}

#[test]
fn reals_are_read_as_gdal_reads_them() {
    every_packing("f32", true, &[], |b, x, y| (terrain(b, x, y) / 7.0) as f32);
    every_packing("f64", true, &[], |b, x, y| terrain(b, x, y) / 7.0);
}

#[test]
fn masks_alpha_and_values_of_no_data_are_read_as_gdal_reads_them() {
    let bench = Workbench::new();
    let byte = |b: usize, x: usize, y: usize| terrain(b, x, y) as u8;
    let tiled = ["TILED=YES", "BLOCKXSIZE=64", "BLOCKYSIZE=64", "COMPRESS=DEFLATE"];
    // A value.
    let path = bench.path("value.tif");
    write(&path, 1, &tiled, byte, |d| d.rasterband(1).unwrap().set_no_data_value(Some(80.0)).unwrap());
    assert_eq!(same(&path, 1).frame().nodata, Some(80.0));
    // Not a number.
    let path = bench.path("nan.tif");
    let holes = |_: usize, x: usize, y: usize| if (x + y).is_multiple_of(5) { f32::NAN } else { x as f32 };
    write(&path, 1, &tiled, holes, |d| d.rasterband(1).unwrap().set_no_data_value(Some(f64::NAN)).unwrap());
    assert!(same(&path, 1).frame().nodata.unwrap().is_nan());
    // The lowest float, which is written with fewer digits than it has.
    let path = bench.path("lowest.tif");
    let lowest = |_: usize, x: usize, _: usize| if x.is_multiple_of(3) { f32::MIN } else { x as f32 };
    let none = f64::from(f32::MIN);
    write(&path, 1, &tiled, lowest, |d| d.rasterband(1).unwrap().set_no_data_value(Some(none)).unwrap());
    assert!(same(&path, 1).is_own());
    // Alpha, in both orders of bands.
    for order in ["INTERLEAVE=PIXEL", "INTERLEAVE=BAND"] {
        let path = bench.path(&format!("{order}.tif"));
        let alpha = |b: usize, x: usize, y: usize| {
            if b == 4 { u8::from((x * y).is_multiple_of(3)) * 255 } else { x as u8 }
        };
        let options = [&tiled[..], &["PHOTOMETRIC=RGB", "ALPHA=YES", order]].concat();
        write(&path, 4, &options, alpha, |_| {});
        let raster = same(&path, 2);
        assert!(raster.is_own());
        assert!(whole(&raster).unwrap().1.contains(&false));
    }
    // A mask inside the file, of single bits.
    let path = bench.path("mask.tif");
    gdal::config::set_thread_local_config_option("GDAL_TIFF_INTERNAL_MASK", "YES").unwrap();
    write(&path, 3, &tiled, byte, |d| {
        d.rasterband(1).unwrap().create_mask_band(true).unwrap();
        let mask = (0..COLUMNS * ROWS).map(|i| u8::from(i % 7 < 4) * 255).collect();
        let first = d.rasterband(1).unwrap();
        let mut band = first.open_mask_band().unwrap();
        band.write((0, 0), (COLUMNS, ROWS), &mut Buffer::new((COLUMNS, ROWS), mask)).unwrap();
    });
    let raster = same(&path, 2);
    assert!(raster.is_own());
    assert!(whole(&raster).unwrap().1.contains(&false));
    // A mask beside the file.
    let path = bench.path("beside.tif");
    gdal::config::set_thread_local_config_option("GDAL_TIFF_INTERNAL_MASK", "NO").unwrap();
    write(&path, 1, &tiled, byte, |d| d.rasterband(1).unwrap().create_mask_band(true).unwrap());
    assert!(!same(&path, 1).is_own());
}

#[test]
fn places_scales_and_sparse_blocks_are_read_as_gdal_reads_them() {
    let bench = Workbench::new();
    let word = |b: usize, x: usize, y: usize| terrain(b, x, y) as i16;
    let path = bench.path("scaled.tif");
    write(&path, 2, &["COMPRESS=LZW"], word, |d| {
        let mut band = d.rasterband(2).unwrap();
        band.set_scale(0.01).unwrap();
        band.set_offset(-3.5).unwrap();
        band.set_description("高度 <m>").unwrap();
    });
    let raster = same(&path, 2);
    assert!(raster.is_own());
    assert_eq!((raster.frame().scale, raster.frame().offset), (0.01, -3.5));
    let theirs = Dataset::open(&path).unwrap().rasterband(2).unwrap().description().unwrap();
    assert_eq!((theirs.as_str(), raster.descriptions()), ("高度 <m>", &[String::new(), theirs.clone()][..]));
    // South-up, rotated, and by the middles of cells.
    let rotated = [440_000.0, 2.0, 0.5, 2_700_000.0, 0.5, -2.0];
    let south_up = [440_000.0, 2.0, 0.0, 2_700_000.0, 0.0, 2.0];
    for (name, transform) in [("rotated", rotated), ("south_up", south_up)] {
        let path = bench.path(&format!("{name}.tif"));
        write(&path, 1, &[], word, |d| d.set_geo_transform(&transform).unwrap());
        assert!(same(&path, 1).is_own(), "{name}");
        let path = bench.path(&format!("{name}_point.tif"));
        write(&path, 1, &[], word, |d| {
            d.set_geo_transform(&transform).unwrap();
            d.set_metadata_item("AREA_OR_POINT", "Point", "").unwrap();
        });
        assert!(same(&path, 1).is_own(), "{name}");
    }
    // Blocks that were left out.
    for (name, none) in [("sparse", None), ("sparse_none", Some(7.0))] {
        let path = bench.path(&format!("{name}.tif"));
        let options: RasterCreationOptions =
            ["TILED=YES", "BLOCKXSIZE=64", "BLOCKYSIZE=64", "SPARSE_OK=TRUE"].into_iter().collect();
        let driver = DriverManager::get_driver_by_name("GTiff").unwrap();
        let mut dataset =
            driver.create_with_band_type_with_options::<u16, _>(&path, COLUMNS, ROWS, 1, &options).unwrap();
        dataset.set_geo_transform(&PLACE).unwrap();
        let mut band = dataset.rasterband(1).unwrap();
        band.set_no_data_value(none).unwrap();
        band.write((70, 70), (10, 10), &mut Buffer::new((10, 10), vec![9_u16; 100])).unwrap();
        drop(dataset);
        let raster = same(&path, 1);
        assert!(raster.is_own() && raster.crs().is_none());
    }
}

#[test]
fn what_our_reader_does_not_know_is_read_through_gdal() {
    let bench = Workbench::new();
    let byte = |b: usize, x: usize, y: usize| terrain(b, x, y) as u8;
    for packing in ["COMPRESS=JPEG", "COMPRESS=LERC", "NBITS=4"] {
        let path = bench.path(&format!("{packing}.tif"));
        write(
            &path,
            1,
            &[packing],
            |b, x, y| if packing == "NBITS=4" { byte(b, x, y) % 16 } else { byte(b, x, y) },
            |_| {},
        );
        assert!(!same(&path, 1).is_own(), "{packing}");
    }
    let tif = bench.path("source.tif");
    write(&tif, 1, &[], byte, |_| {});
    let source = Dataset::open(&tif).unwrap();
    for (driver, name) in [("VRT", "v.vrt"), ("HFA", "h.img"), ("PNG", "p.png")] {
        let driver = DriverManager::get_driver_by_name(driver).unwrap();
        let path = bench.path(name);
        source.create_copy(&driver, &path, &RasterCreationOptions::default()).unwrap().close().unwrap();
        assert!(!same(&path, 1).is_own(), "{name}");
    }
}

/// An overview is another image in the file; the first, in full, is the raster.
#[test]
fn overviews_are_ignored() {
    let bench = Workbench::new();
    let source = bench.path("source.tif");
    write(
        &source,
        1,
        &[],
        |b, x, y| terrain(b, x, y) as u8,
        |d| {
            d.rasterband(1).unwrap().set_no_data_value(Some(3.0)).unwrap();
        },
    );
    let driver = DriverManager::get_driver_by_name("COG").unwrap();
    let options: RasterCreationOptions =
        ["BLOCKSIZE=128", "COMPRESS=DEFLATE", "OVERVIEWS=IGNORE_EXISTING"].into_iter().collect();
    let path = bench.path("cog.tif");
    Dataset::open(&source).unwrap().create_copy(&driver, &path, &options).unwrap().close().unwrap();
    let overviews = Dataset::open(&path).unwrap().rasterband(1).unwrap().overview_count().unwrap();
    assert!(overviews > 0);
    let raster = same(&path, 1);
    assert!(raster.is_own());
    assert_eq!((raster.frame().columns, raster.frame().rows), (COLUMNS, ROWS));
    assert_eq!(whole(&raster).unwrap(), whole(&same(&source, 1)).unwrap());
    // Overviews that were added behind.
    let pyramid = bench.path("pyramid.tif");
    write(&pyramid, 1, &["TILED=YES"], |b, x, y| terrain(b, x, y) as u8, |_| {});
    let mut dataset = gdal::Dataset::open_ex(
        &pyramid,
        gdal::DatasetOptions { open_flags: gdal::GdalOpenFlags::GDAL_OF_UPDATE, ..Default::default() },
    )
    .unwrap();
    dataset.build_overviews("AVERAGE", &[2, 4], &[]).unwrap();
    dataset.close().unwrap();
    assert!(same(&pyramid, 1).is_own());
}

/// A CRS that is written by its parts, without a code, is GDAL's to read.
#[test]
fn a_crs_without_a_code_is_read() {
    let bench = Workbench::new();
    let path = bench.path("own.tif");
    let own = "+proj=tmerc +lat_0=0 +lon_0=113.7 +k=1 +x_0=500000 +y_0=0 +ellps=GRS80 +units=m +no_defs";
    write(
        &path,
        1,
        &[],
        |b, x, y| terrain(b, x, y) as u8,
        |d| {
            d.set_spatial_ref(&SpatialRef::from_proj4(own).unwrap()).unwrap();
        },
    );
    let raster = same(&path, 1);
    let crs = raster.crs().unwrap();
    assert!(!raster.is_own() && !crs.label.starts_with("EPSG"), "{crs:?}");
    assert_eq!(crs.unit_m, 1.0);
    assert!((1.0 / crs.ellipsoid.flattening - 298.257_222_101).abs() < 1e-6);
}

/// A cell holds data where neither its mask nor its value says that it does not.
#[test]
fn a_mask_and_a_value_of_no_data_count_both() {
    let bench = Workbench::new();
    let path = bench.path("both.tif");
    gdal::config::set_thread_local_config_option("GDAL_TIFF_INTERNAL_MASK", "YES").unwrap();
    write(
        &path,
        1,
        &["TILED=YES"],
        |b, x, y| terrain(b, x, y) as u8,
        |d| {
            d.rasterband(1).unwrap().set_no_data_value(Some(80.0)).unwrap();
            d.rasterband(1).unwrap().create_mask_band(true).unwrap();
            let mask = (0..COLUMNS * ROWS).map(|i| u8::from(i % 7 < 4) * 255).collect();
            let first = d.rasterband(1).unwrap();
            let mut band = first.open_mask_band().unwrap();
            band.write((0, 0), (COLUMNS, ROWS), &mut Buffer::new((COLUMNS, ROWS), mask)).unwrap();
        },
    );
    let raster = open(&path, None).unwrap();
    let (cells, valid) = whole(&raster).unwrap();
    let held: Vec<bool> =
        cells.iter().zip(&valid).map(|(cell, valid)| holds(&raster, *cell, *valid)).collect();
    let wanted = (0..COLUMNS * ROWS).map(|i| i % 7 < 4 && terrain(1, i % COLUMNS, i / COLUMNS) as u8 != 80);
    assert!(held.iter().copied().eq(wanted) && cells.contains(&80.0));
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

// ---- Sheets and indices

/// A sheet of one value with holes, so many columns and rows from the first.
fn sheet(path: &Path, value: u8, [east, south]: [usize; 2]) {
    write(
        path,
        1,
        &["TILED=YES", "BLOCKXSIZE=64", "BLOCKYSIZE=64", "COMPRESS=DEFLATE"],
        |_, x, y| if (x / 10 + y / 10).is_multiple_of(4) { 0 } else { value },
        |d| {
            let (x, y) = (PLACE[0] + 2.5 * east as f64, PLACE[3] - 2.5 * south as f64);
            d.set_geo_transform(&[x, 2.5, 0.0, y, 0.0, -2.5]).unwrap();
            d.rasterband(1).unwrap().set_no_data_value(Some(0.0)).unwrap();
        },
    );
}

#[test]
fn sheets_lie_beside_each_other_and_the_first_that_has_data_wins() {
    let bench = Workbench::new();
    // The names are in order, the places are not: the first sheet lies in the middle.
    let corners = [[130, 90], [0, 0], [290, 20], [17, 155]];
    for (i, corner) in corners.iter().enumerate() {
        sheet(&bench.path(&format!("sheet_{i}.tif")), i as u8 + 1, *corner);
    }
    let mosaic = open(&bench.path("sheet_*.tif"), None).unwrap();
    let frame = mosaic.frame();
    assert_eq!([frame.columns, frame.rows], [590, 325]);
    assert_eq!(frame.transform, PLACE);
    let (cells, valid) = whole(&mosaic).unwrap();
    for (y, x) in (0..frame.rows).flat_map(|y| (0..frame.columns).map(move |x| (y, x))) {
        let value = corners.iter().enumerate().find_map(|(i, [east, south])| {
            let (x, y) = (x.checked_sub(*east)?, y.checked_sub(*south)?);
            (x < COLUMNS && y < ROWS && !(x / 10 + y / 10).is_multiple_of(4)).then_some(i as f64 + 1.0)
        });
        let at = y * frame.columns + x;
        assert_eq!(holds(&mosaic, cells[at], valid[at]).then_some(cells[at]), value, "column {x}, row {y}");
    }
}

#[test]
fn more_sheets_than_are_held_open_are_one_raster() {
    let bench = Workbench::new();
    (0..12).for_each(|i| sheet(&bench.path(&format!("s{i:02}.tif")), i as u8 + 1, [i * 100, 0]));
    let mosaic = open(&bench.path("s*.tif"), None).unwrap();
    let (cells, _) = whole(&mosaic).unwrap();
    assert_eq!(mosaic.frame().columns, 1400);
    // In column 1315 only the last two lie, and the first of them has data in its row 15 (131 + 1 and 21 + 1 tens).
    assert_eq!(cells[15 * 1400 + 1150], 10.0);
    assert_eq!(cells[15 * 1400 + 1399], 12.0);
}

#[test]
fn a_sheet_that_does_not_fit_is_named() {
    let bench = Workbench::new();
    let byte = |b: usize, x: usize, y: usize| terrain(b, x, y) as u8;
    let refused = |name: &str, what: &str| {
        let error = open(&bench.path(&format!("{name}_*.tif")), None).unwrap_err();
        assert_eq!(error.code(), "raster-sheets-differ");
        assert!(error.to_string().starts_with(&format!("{name}_b.tif")), "{error}");
        assert!(error.to_string().contains(what), "{error}");
        assert!(error.cure().is_some());
    };
    for name in ["size", "grid", "crs", "kind"] {
        write(&bench.path(&format!("{name}_a.tif")), 1, &[], byte, |_| {});
    }
    let moved = |x: f64, side: f64| [PLACE[0] + x, side, 0.0, PLACE[3], 0.0, -2.5];
    write(&bench.path("size_b.tif"), 1, &[], byte, |d| d.set_geo_transform(&moved(750.0, 2.501)).unwrap());
    refused("size", "another size");
    write(&bench.path("grid_b.tif"), 1, &[], byte, |d| d.set_geo_transform(&moved(750.75, 2.5)).unwrap());
    refused("grid", "beside");
    write(&bench.path("crs_b.tif"), 1, &[], byte, |d| {
        d.set_spatial_ref(&SpatialRef::from_epsg(4546).unwrap()).unwrap();
    });
    refused("crs", "CRS");
    write(&bench.path("kind_b.tif"), 1, &[], |b, x, y| terrain(b, x, y) as u16, |_| {});
    refused("kind", "another type");
    assert_eq!(open(&bench.path("none_*.tif"), None).unwrap_err().code(), "pattern-empty");
}

#[test]
fn an_index_over_bands_is_a_raster() {
    let bench = Workbench::new();
    let path = bench.path("bands.tif");
    let cell = |b: usize, x: usize, y: usize| {
        if x.is_multiple_of(50) { 0 } else { terrain(b * 40, x, y * b) as u16 }
    };
    write(&path, 4, &["INTERLEAVE=PIXEL"], cell, |d| {
        d.rasterband(4).unwrap().set_scale(0.5).unwrap();
    });
    let other = bench.path("other.tif");
    write(
        &other,
        1,
        &["TILED=YES", "BLOCKXSIZE=64", "BLOCKYSIZE=64"],
        |b, x, y| terrain(b, x, y) as f32,
        |_| {},
    );
    let settings = IndexSettings {
        expression: Expression::parse("(b4 - red) / (b4 + red)").unwrap(),
        file: path.to_string_lossy().into_owned(),
        bands: vec![(
            "red".to_owned(),
            RasterSettings { file: other.to_string_lossy().into_owned(), band: None },
        )],
    };
    let ndvi = raster::index(Path::new(""), &settings).unwrap();
    assert_eq!(ndvi.frame().kind, CellKind::F64);
    let (cells, _) = whole(&ndvi).unwrap();
    for (y, x) in (0..ROWS).flat_map(|y| (0..COLUMNS).map(move |x| (y, x))) {
        let (infrared, red) = (f64::from(cell(4, x, y)) * 0.5, f64::from(terrain(1, x, y) as f32));
        assert_eq!(cells[y * COLUMNS + x], (infrared - red) / (infrared + red));
    }
    // Where all is 0, nothing can be said.
    let settings = IndexSettings { expression: Expression::parse("b2 / b3").unwrap(), ..settings };
    let (cells, _) = whole(&raster::index(Path::new(""), &settings).unwrap()).unwrap();
    assert!(cells[50].is_nan() && cells[51].is_finite());
    let settings = IndexSettings { expression: Expression::parse("b2 - nir").unwrap(), ..settings };
    assert_eq!(raster::index(Path::new(""), &settings).unwrap_err().code(), "band-unknown");
    let settings = IndexSettings { expression: Expression::parse("b2 - b5").unwrap(), ..settings };
    assert_eq!(raster::index(Path::new(""), &settings).unwrap_err().code(), "band-unknown");
}

#[test]
fn an_expression_is_worked_out_as_arithmetic_has_it() {
    let value = |text: &str| {
        let mut values = Vec::new();
        Expression::parse(text).unwrap().values(&[&[3.0], &[5.0]], &mut values);
        values[0]
    };
    assert_eq!(value("a - b - 1"), -3.0);
    assert_eq!(value("1 + a * 2"), 7.0);
    assert_eq!(value("-(a + b) / 2"), -4.0);
    assert_eq!(value("a / b / 2"), 0.3);
    assert_eq!(value("2 * -a"), -6.0);
    assert!(value("a / (b - 5)").is_nan());
    for (text, column) in
        [("a +", 4), ("(a", 3), ("a b", 3), ("", 1), ("1 + 2", 6), ("a % 2", 3), ("1.2.3 + a", 6)]
    {
        let error = Expression::parse(text).unwrap_err();
        assert_eq!(error.code(), "expression-syntax");
        assert!(error.to_string().contains(&format!("column {column}:")), "{error}");
    }
    assert!(Expression::parse(&"(".repeat(100_000)).is_err());
}

#[test]
fn otsu_parts_two_hills() {
    let hill = |bin: usize, middle: f64| (1000.0 * (-((bin as f64 - middle) / 9.0).powi(2)).exp()) as u64;
    let histogram: Vec<u64> = (0..256).map(|bin| hill(bin, 60.0) + hill(bin, 160.0)).collect();
    // By the definition: the variance within both kinds is smallest.
    let within = |k: usize| {
        let kind = |bins: std::ops::Range<usize>| {
            let weights = bins.clone().map(|b| histogram[b] as f64);
            let weight: f64 = weights.sum();
            let mean = bins.clone().map(|b| b as f64 * histogram[b] as f64).sum::<f64>() / weight;
            bins.map(|b| (b as f64 - mean).powi(2) * histogram[b] as f64).sum::<f64>()
        };
        kind(0..k + 1) + kind(k + 1..256)
    };
    let found = otsu(&histogram).unwrap();
    assert!((60..160).all(|k| within(found) <= within(k) * (1.0 + 1e-12)), "{found}");
    assert_eq!(otsu(&[5, 0, 0, 0, 5]), Some(1));
    assert_eq!(otsu(&[0, 9, 0]), None);
    assert_eq!(otsu(&[]), None);
}

// ---- Bad input

/// Reads some blocks of whatever opens; the first error. No block may be large.
fn try_out(path: &Path) -> Result<(), String> {
    let raster = open(path, None).map_err(|e| e.to_string())?;
    let mut reader = raster.reader().map_err(|e| e.to_string())?;
    let mut block = Block::default();
    let [across, down] = raster.frame().blocks();
    for at in 0..(across * down).min(40) {
        let [wide, high] = raster.frame().block;
        assert!(wide * high <= 1 << 22, "{wide} x {high}");
        reader.read(at % across, at / across, &mut block).map_err(|e| e.to_string())?;
    }
    Ok(())
}

#[test]
fn files_that_are_cut_or_forged_are_errors_and_never_a_panic() {
    let bench = Workbench::new();
    let word = |b: usize, x: usize, y: usize| terrain(b, x, y) as u16;
    for (name, options) in [
        ("a", vec!["COMPRESS=LZW", "PREDICTOR=2", "TILED=YES", "BLOCKXSIZE=64", "BLOCKYSIZE=64"]),
        ("b", vec!["COMPRESS=DEFLATE", "BIGTIFF=YES", "BLOCKYSIZE=16"]),
        ("c", vec!["COMPRESS=ZSTD", "ENDIANNESS=BIG", "BLOCKYSIZE=16"]),
        ("d", vec!["COMPRESS=PACKBITS", "BLOCKYSIZE=170"]),
    ] {
        let path = bench.path(&format!("{name}.tif"));
        write(&path, 2, &options, word, |_| {});
        let sound = std::fs::read(&path).unwrap();
        let cut = bench.path("cut.tif");
        let (mut opened, step) = (0, sound.len() / 60 + 1);
        for length in (0..64).chain((64..sound.len()).step_by(step)) {
            std::fs::write(&cut, &sound[..length]).unwrap();
            opened += usize::from(try_out(&cut).is_ok());
        }
        assert_eq!(opened, 0, "{name}: a file that was cut off was taken for whole");
        let mut seed = 7_u64;
        for _ in 0..300 {
            let mut forged = sound.clone();
            for _ in 0..3 {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                // Most flips in the header and the directory, wherever it lies.
                let reach = if seed >> 62 == 0 { sound.len() } else { 400.min(sound.len()) };
                let at = (seed >> 33) as usize % reach;
                forged[at] ^= 1 << (seed >> 20 & 7);
            }
            std::fs::write(&cut, &forged).unwrap();
            let _ = try_out(&cut);
        }
    }
}

/// A TIFF of one directory: tag, type, count, and values or their place.
fn forged(tags: &[(u16, u16, u32, u32)], more: &[u8]) -> Vec<u8> {
    let mut file = b"II*\0\x08\0\0\0".to_vec();
    file.extend((tags.len() as u16).to_le_bytes());
    for (tag, kind, count, value) in tags {
        file.extend(tag.to_le_bytes());
        file.extend(kind.to_le_bytes());
        file.extend(count.to_le_bytes());
        file.extend(value.to_le_bytes());
    }
    file.extend([0; 4]);
    file.extend(more);
    file
}

#[test]
fn a_header_that_promises_more_than_there_is_is_refused() {
    let bench = Workbench::new();
    let code = |name: &str, tags: &[(u16, u16, u32, u32)]| {
        let path = bench.path(name);
        std::fs::write(&path, forged(tags, &[0; 150])).unwrap();
        let error = open(&path, None).unwrap_err();
        assert!(error.cure().is_some() && !error.sentence().zh.is_empty());
        error.code()
    };
    let side = 131_072; // 17 GB
    let plain = [(256, 4, 1, side), (257, 4, 1, side), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1)];
    let strip = [(273, 4, 1, 8), (277, 3, 1, 1), (278, 4, 1, side), (279, 4, 1, u32::MAX)];
    assert_eq!(code("strip.tif", &[&plain[..], &strip].concat()), "raster-damaged");
    let many = [(273, 4, side, 200), (277, 3, 1, 1), (278, 4, 1, 1), (279, 4, side, 200)];
    assert_eq!(code("many.tif", &[&plain[..], &many].concat()), "raster-damaged");
    let packed = [(256, 4, 1, side), (257, 4, 1, side), (258, 3, 1, 8), (259, 3, 1, 8), (262, 3, 1, 1)];
    let strip = [(273, 4, 1, 8), (277, 3, 1, 1), (278, 4, 1, side), (279, 4, 1, 100)];
    assert_eq!(code("packed.tif", &[&packed[..], &strip].concat()), "raster-block-too-large");
    let complex = [
        (256, 4, 1, 4),
        (257, 4, 1, 4),
        (258, 3, 1, 64),
        (262, 3, 1, 1),
        (273, 4, 1, 8),
        (277, 3, 1, 1),
        (278, 4, 1, 4),
        (279, 4, 1, 128),
        (339, 3, 1, 6),
    ];
    assert_eq!(code("complex.tif", &complex), "raster-complex");
}

#[test]
fn rasters_that_lie_nowhere_or_are_none_are_refused() {
    let bench = Workbench::new();
    let code = |name: &str, band: Option<usize>| {
        let error = open(&bench.path(name), band).unwrap_err();
        assert!(error.cure().is_some() && !error.sentence().zh.is_empty(), "{error}");
        error.code()
    };
    let image = [
        (256, 4, 1, 4),
        (257, 4, 1, 4),
        (258, 3, 1, 8),
        (262, 3, 1, 1),
        (273, 4, 1, 8),
        (277, 3, 1, 1),
        (278, 4, 1, 4),
        (279, 4, 1, 16),
    ];
    std::fs::write(bench.path("nowhere.tif"), forged(&image, &[])).unwrap();
    assert_eq!(code("nowhere.tif", None), "raster-not-placed");
    let placed = [&image[..], &[(34264, 12, 16, 8 + 2 + 9 * 12 + 4)]].concat();
    for (name, side) in [("zero.tif", 0.0_f64), ("nan.tif", f64::NAN)] {
        let matrix =
            (0..16).flat_map(|i| if i == 0 { side } else { f64::from(u8::from(i == 5)) }.to_le_bytes());
        std::fs::write(bench.path(name), forged(&placed, &matrix.collect::<Vec<_>>())).unwrap();
        assert_eq!(code(name, None), "raster-transform");
    }
    let vrt = |kind: &str| {
        format!(
            "<VRTDataset rasterXSize=\"9\" rasterYSize=\"9\"><GeoTransform>0,1,0,0,0,-1</GeoTransform><VRTRasterBand dataType=\"{kind}\" band=\"1\"/></VRTDataset>"
        )
    };
    std::fs::write(bench.path("complex.vrt"), vrt("CFloat32")).unwrap();
    assert_eq!(code("complex.vrt", None), "raster-complex");
    std::fs::write(bench.path("one.vrt"), vrt("Byte")).unwrap();
    assert_eq!(code("one.vrt", Some(2)), "band-unknown");
    assert_eq!(code("one.vrt", Some(0)), "band-unknown");
    std::fs::write(bench.path("text.tif"), "not a raster").unwrap();
    assert_eq!(code("text.tif", None), "raster-cannot-open");
    std::fs::write(bench.path("empty.tif"), "").unwrap();
    assert_eq!(code("empty.tif", None), "raster-cannot-open");
    assert_eq!(code("absent.tif", None), "layer-not-found");
}

#[test]
fn an_unnamed_band_of_several_is_the_first_and_is_told() {
    let bench = Workbench::new();
    let path = bench.path("three.tif");
    write(&path, 3, &[], |b, _, _| b as u8, |_| {});
    let raster = open(&path, None).unwrap();
    assert_eq!((raster.name(), raster.band()), ("three.tif:1", 1));
    assert_eq!(raster.findings().iter().map(|f| f.code.as_ref()).collect::<Vec<_>>(), ["raster-first-band"]);
    assert!(open(&path, Some(3)).unwrap().findings().is_empty());
}
