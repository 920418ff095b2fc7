//! GeoTIFFs written by hand, byte for byte: what our own reader sees in them, in every build.

use std::path::Path;

use sencheng::layers::LayerError;
use sencheng::layers::raster::{self, RasterFile};
use sencheng::project::settings::RasterSettings;
use sencheng::survey::raster::{Block, CellKind, Cells, Raster};
use sencheng::words::Explain;

use crate::workbench::Workbench;

/// A tag: number, type, and its values as bytes.
type Tag = (u16, u16, Vec<u8>);

fn shorts(tag: u16, values: &[u16]) -> Tag {
    (tag, 3, values.iter().flat_map(|v| v.to_le_bytes()).collect())
}

fn doubles(tag: u16, values: &[f64]) -> Tag {
    (tag, 12, values.iter().flat_map(|v| v.to_le_bytes()).collect())
}

/// A little-endian TIFF of one strip, which begins at byte 8.
fn tiff(cells: &[u8], tags: &[Tag]) -> Vec<u8> {
    let directory = 8 + cells.len() as u32;
    let mut file = [b"II*\0".as_slice(), &directory.to_le_bytes(), cells].concat();
    let mut beyond = directory + 2 + 12 * tags.len() as u32 + 4;
    let mut values: Vec<u8> = Vec::new();
    file.extend((tags.len() as u16).to_le_bytes());
    for (tag, kind, bytes) in tags {
        let width = [1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8][*kind as usize - 1];
        file.extend(tag.to_le_bytes());
        file.extend(kind.to_le_bytes());
        file.extend((bytes.len() as u32 / width).to_le_bytes());
        if bytes.len() <= 4 {
            file.extend([&bytes[..], &[0; 4][bytes.len()..]].concat());
        } else {
            file.extend(beyond.to_le_bytes());
            values.extend(bytes);
            beyond += bytes.len() as u32;
        }
    }
    file.extend([0; 4]);
    file.extend(values);
    file
}

/// Three columns and two rows of bytes near 114 E in the CGCS2000 zone of 114 E; 7 is no data.
fn small(packing: u16, scale: f64) -> Vec<u8> {
    let cells = [1, 2, 3, 4, 7, 6];
    let tags = [
        shorts(256, &[3]),
        shorts(257, &[2]),
        shorts(258, &[8]),
        shorts(259, &[packing]),
        shorts(262, &[1]),
        shorts(273, &[8]),
        shorts(277, &[1]),
        shorts(278, &[2]),
        shorts(279, &[6]),
        doubles(33550, &[scale, scale, 0.0]),
        doubles(33922, &[0.0, 0.0, 0.0, 440_000.0, 2_700_000.0, 0.0]),
        shorts(34735, &[1, 1, 0, 2, 1024, 0, 1, 1, 3072, 0, 1, 4547]),
        (42113, 2, b"7\0".to_vec()),
    ];
    tiff(&cells, &tags)
}

/// A raster of reals in the CGCS2000 zone of 114 E, its north-western corner and the side of a cell given.
pub fn reals(columns: u16, cells: &[f32], corner: [f64; 2], side: f64, nodata: &str) -> Vec<u8> {
    let bytes: Vec<u8> = cells.iter().flat_map(|cell| cell.to_le_bytes()).collect();
    let rows = (cells.len() / columns as usize) as u16;
    written([columns, rows], [32, 3], (&bytes, rows), (corner, side), Some(nodata))
}

/// A raster whose cells have so many bits of one of TIFF's formats of numbers, in strips of so many rows.
pub fn written(
    [columns, rows]: [u16; 2],
    [bits, format]: [u16; 2],
    (cells, strip): (&[u8], u16),
    (corner, side): ([f64; 2], f64),
    nodata: Option<&str>,
) -> Vec<u8> {
    let packed: Vec<&[u8]> = cells.chunks((columns * bits / 8) as usize * strip as usize).collect();
    let words = |values: Vec<usize>| -> Vec<u8> {
        values.into_iter().flat_map(|value| (value as u32).to_le_bytes()).collect()
    };
    let starts = packed.iter().scan(8, |at, strip| Some(std::mem::replace(at, *at + strip.len())));
    let mut tags = vec![
        shorts(256, &[columns]),
        shorts(257, &[rows]),
        shorts(258, &[bits]),
        shorts(259, &[1]),
        shorts(262, &[1]),
        (273, 4, words(starts.collect())),
        shorts(277, &[1]),
        shorts(278, &[strip]),
        (279, 4, words(packed.iter().map(|strip| strip.len()).collect())),
        shorts(339, &[format]),
        doubles(33550, &[side, side, 0.0]),
        doubles(33922, &[0.0, 0.0, 0.0, corner[0], corner[1], 0.0]),
        shorts(34735, &[1, 1, 0, 2, 1024, 0, 1, 1, 3072, 0, 1, 4547]),
    ];
    tags.extend(nodata.map(|text| (42113, 2, [text.as_bytes(), b"\0\0\0\0"].concat())));
    tiff(cells, &tags)
}

fn open(bench: &Workbench, name: &str, bytes: &[u8]) -> Result<RasterFile, LayerError> {
    let path = bench.path(name);
    std::fs::write(&path, bytes).unwrap();
    let settings = RasterSettings { file: path.to_string_lossy().into_owned(), band: None };
    raster::open(Path::new(""), &settings)
}

#[test]
fn a_geotiff_is_read_in_every_build() {
    let bench = Workbench::new();
    let raster = open(&bench, "small.tif", &small(1, 2.5)).unwrap();
    let frame = raster.frame();
    assert!(raster.is_own());
    assert_eq!((frame.columns, frame.rows, frame.kind), (3, 2, CellKind::U8));
    assert_eq!(frame.transform, [440_000.0, 2.5, 0.0, 2_700_000.0, 0.0, -2.5]);
    assert_eq!((frame.nodata, frame.scale, frame.offset), (Some(7.0), 1.0, 0.0));
    assert_eq!(raster.crs().unwrap().label, "EPSG:4547");
    let mut block = Block { cells: Cells::F32(Vec::new()), ..Block::default() };
    raster.reader().unwrap().read(0, 0, &mut block).unwrap();
    assert_eq!((block.size, block.cells), ([3, 2], Cells::U8(vec![1, 2, 3, 4, 7, 6])));
    assert!(block.valid.is_empty());
}

#[test]
fn packed_bytes_are_unpacked_and_a_block_that_is_cut_is_an_error() {
    let bench = Workbench::new();
    // Three times 5, then the bytes 1, 2, 3 as they are (TIFF 6.0, section 9).
    let mut packed = small(32773, 1.0);
    packed[8..14].copy_from_slice(&[0xFE, 5, 2, 1, 2, 3]);
    let raster = open(&bench, "packed.tif", &packed).unwrap();
    let mut block = Block::default();
    raster.reader().unwrap().read(0, 0, &mut block).unwrap();
    assert_eq!(block.cells, Cells::U8(vec![5, 5, 5, 1, 2, 3]));
    for (name, packing) in [("deflate.tif", 8), ("lzw.tif", 5), ("zstd.tif", 50000)] {
        let raster = open(&bench, name, &small(packing, 1.0)).unwrap();
        let fault = raster.reader().unwrap().read(0, 0, &mut block).unwrap_err();
        assert!(fault.to_string().starts_with(&format!("{name}: columns 0 to 3, rows 0 to 2")), "{fault}");
    }
}

#[test]
fn cells_without_size_are_refused() {
    let bench = Workbench::new();
    for (name, scale, code) in
        [("nan.tif", f64::NAN, "raster-transform"), ("zero.tif", 0.0, "raster-not-placed")]
    {
        let error = open(&bench, name, &small(1, scale)).unwrap_err();
        assert_eq!(error.code(), code);
        assert!(error.cure().is_some() && error.sentence().zh.starts_with(name));
    }
}

#[cfg(not(feature = "gdal"))]
#[test]
fn what_needs_gdal_says_so() {
    let bench = Workbench::new();
    let error = open(&bench, "jpeg.tif", &small(7, 1.0)).unwrap_err();
    assert_eq!(error.code(), "raster-needs-gdal");
    assert!(error.to_string().contains("JPEG"), "{error}");
    let error = open(&bench, "x.img", b"EHFA_HEADER_TAG").unwrap_err();
    assert_eq!(error.code(), "raster-needs-gdal");
}
