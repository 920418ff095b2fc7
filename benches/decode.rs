//! Speed of reading alone: a cover from file to batches, or a raster (`.tif`, `.vrt`) from file to blocks, on one thread
//! and on two. `SENCHENG_DECODE` names the files, separated by colons; without it the sample county is read, which is
//! small. A GeoTIFF with an `.aux.xml` beside it that names an SRS is read through GDAL. Nothing is asserted.

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use sencheng::layers::cover::{Cover, CoverRequest, OpenLayer};
use sencheng::layers::raster;
use sencheng::project::settings::{LayerSettings, RasterSettings};
use sencheng::survey::raster::{Block, Cells, Raster};
use sencheng::survey::{Batch, Source};

/// The fields that a tabulation wants of the sample county.
const FIELDS: [&str; 2] = ["DI_LEI", "XIAO_BAN"];

fn files() -> Vec<PathBuf> {
    let sample = || Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/heping/xiaoban.shp").into_os_string();
    std::env::split_paths(&std::env::var_os("SENCHENG_DECODE").unwrap_or_else(sample)).collect()
}

fn cover(file: &Path) -> Cover {
    let layer = LayerSettings { file: file.to_string_lossy().into_owned(), ..LayerSettings::default() };
    let (open, _) = OpenLayer::open(Path::new(""), &layer, None).expect("the layer opens");
    let field = |name: &'static str| open.field(name).is_ok().then_some(name);
    let (class, id) = (field(FIELDS[0]), field(FIELDS[1]));
    let working = open.crs.clone();
    let request = CoverRequest { name: None, layer: &layer, field: class, id_field: id, area_field: None };
    Cover::new(&request, open, &working).expect("the fields are there")
}

/// Reads all of a cover and gives the number of its vertices.
fn read(cover: &Cover, threads: usize) -> u64 {
    let (next, vertices) = (AtomicUsize::new(0), AtomicU64::new(0));
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                let mut batch = Batch::default();
                loop {
                    let stretch = next.fetch_add(1, Ordering::Relaxed);
                    if stretch >= cover.stretches() {
                        break;
                    }
                    let mut batches = cover.batches(stretch).expect("the stretch opens");
                    while batches.next_batch(&mut batch).expect("it is read") {
                        vertices.fetch_add(black_box(&batch).points.len() as u64, Ordering::Relaxed);
                    }
                }
            });
        }
    });
    vertices.into_inner()
}

/// Opens a raster and reads all of it; gives the number of its cells.
fn read_raster(file: &Path, threads: usize) -> u64 {
    let settings = RasterSettings { file: file.to_string_lossy().into_owned(), band: Some(1) };
    let raster = raster::open(Path::new(""), &settings).expect("the raster opens");
    let [across, down] = raster.frame().blocks();
    let (next, cells) = (AtomicUsize::new(0), AtomicU64::new(0));
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                let mut reader = raster.reader().expect("the raster opens again");
                let mut block = Block { size: [0, 0], cells: Cells::U8(Vec::new()), valid: Vec::new() };
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    if at >= across * down {
                        break;
                    }
                    reader.read(at % across, at / across, &mut block).expect("it is read");
                    let size = black_box(&block).size;
                    cells.fetch_add((size[0] * size[1]) as u64, Ordering::Relaxed);
                }
            });
        }
    });
    cells.into_inner()
}

fn decode(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("decode");
    let raster = |file: &PathBuf| file.extension().is_some_and(|ending| ending == "tif" || ending == "vrt");
    let (rasters, files): (Vec<PathBuf>, Vec<PathBuf>) = files().into_iter().partition(raster);
    for file in rasters {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        group.throughput(Throughput::Elements(read_raster(&file, 1)));
        for threads in [1, 2] {
            let id = BenchmarkId::new(&name, format!("{threads} threads"));
            group.bench_function(id, |bencher| bencher.iter(|| read_raster(&file, threads)));
        }
    }
    for file in files {
        let cover = cover(&file);
        let ending = file.extension().unwrap_or_default().to_string_lossy().into_owned();
        group.throughput(Throughput::Elements(read(&cover, 1)));
        for threads in [1, 2] {
            let id = BenchmarkId::new(&ending, format!("{threads} threads"));
            group.bench_function(id, |bencher| bencher.iter(|| read(&cover, threads)));
        }
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10).measurement_time(Duration::from_secs(5));
    targets = decode
}
criterion_main!(benches);
