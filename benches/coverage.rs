//! Speed of the kernels and of a whole tabulation, at sizes that grow fourfold. Run with `make bench`; read the
//! ratios, not the seconds. Nothing here is asserted.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use geo::MultiPolygon;
use sencheng::analysis::tabulate::{self, Request};
use sencheng::finding::Finding;
use sencheng::geometry::area::AreaModel;
use sencheng::geometry::overlay::{Overlay, Part};
use sencheng::geometry::tile::{self, Tile};
use sencheng::layers::crs::{Carrier, Crs};
use sencheng::measure::Unwatched;
use sencheng::measure::heap::UNLIMITED;
use sencheng::prepare;
use sencheng::sample;
use sencheng::survey::layer::Layer;
use sencheng::survey::{Batch, Batches, Gathering, RingKind, Source, SourceFault, ZoneLayer, gather};

/// Sizes of the sample county, in sub-compartments.
const SIZES: [usize; 3] = [500, 2_000, 8_000];

/// A layer in memory as a source of one batch.
struct Memory(Batch);

struct Once<'a>(Option<&'a Batch>);

impl Source for Memory {
    fn name(&self) -> &str {
        "memory"
    }

    fn stretches(&self) -> usize {
        1
    }

    fn batches(&self, _: usize) -> Result<Box<dyn Batches + '_>, SourceFault> {
        Ok(Box::new(Once(Some(&self.0))))
    }

    fn findings(&self) -> Vec<Finding> {
        Vec::new()
    }
}

impl Batches for Once<'_> {
    fn next_batch(&mut self, batch: &mut Batch) -> Result<bool, SourceFault> {
        let next = self.0.take();
        next.inspect(|next| batch.clone_from(next));
        Ok(next.is_some())
    }
}

/// The features of a layer as patches; the field at `value` gives their class.
fn batch(layer: &Layer, value: usize) -> Batch {
    let mut batch = Batch::default();
    for feature in &layer.features {
        feature.shape.iter().for_each(|shape| push(&mut batch, shape));
        let class = &feature.values[value];
        let known = batch.new_values.iter().position(|v| v == class);
        let code = known.unwrap_or_else(|| {
            batch.new_values.push(class.clone());
            batch.new_values.len() - 1
        });
        batch.push_patch(code as u32, "");
    }
    batch
}

fn push(batch: &mut Batch, shape: &MultiPolygon<f64>) {
    for polygon in shape {
        let open = |line: &geo::LineString<f64>| {
            line.coords().take(line.0.len().saturating_sub(1)).map(|c| [c.x, c.y]).collect::<Vec<_>>()
        };
        batch.push_ring(RingKind::Shell, open(polygon.exterior()));
        polygon.interiors().iter().for_each(|hole| batch.push_ring(RingKind::Hole, open(hole)));
    }
}

fn field(layer: &Layer, name: &str) -> usize {
    layer.fields.iter().position(|f| f.name == name).expect("a field of the sample")
}

fn zones(towns: &Layer) -> ZoneLayer {
    let code = field(towns, "XZQDM");
    let rows: Vec<_> = towns.features.iter().map(|f| (f.values[code].to_string(), None)).collect();
    let zones = gather(&rows, Gathering { merge: true, ..Gathering::default() }).expect("merged");
    ZoneLayer { layer: "towns".to_owned(), zones, shapes: batch(towns, code) }
}

fn kernels(criterion: &mut Criterion) {
    let crs = Crs::epsg(sample::EPSG).expect("the sample's CRS");
    let carrier = Carrier::to_degrees(&crs).expect("its degrees");
    let county = sample::county(1, SIZES[0]);
    let patches = batch(&county.patches, field(&county.patches, "DI_LEI"));
    let parts: Vec<Vec<Part>> = (0..patches.patches.len()).map(|i| prepare::parts(&patches, i)).collect();
    let mut overlay = Overlay::default();
    let grounds: Vec<_> = parts.iter().map(|p| overlay.ground(p)).collect();
    let tiles = grounds.iter().filter_map(|g| g.bounds()).map(|b| Tile::holding(b.low));
    let model = AreaModel::new(tiles, crs.ellipsoid, 1.0, &|xs, ys| carrier.carry(xs, ys));
    let mut group = criterion.benchmark_group("kernels");
    group.throughput(Throughput::Elements(patches.points.len() as u64));
    group.bench_function("ground", |b| {
        b.iter(|| parts.iter().map(|p| overlay.ground(p).len()).sum::<usize>());
    });
    group.bench_function("union", |b| b.iter(|| Overlay::default().union(black_box(&grounds)).len()));
    group.bench_function("split", |b| {
        b.iter(|| {
            let mut pieces = 0;
            grounds.iter().for_each(|g| tile::split(g, |_, piece| pieces += piece.len()));
            pieces
        });
    });
    group.bench_function("area", |b| {
        let area = |g| {
            model.area(
                g,
                Tile::holding(
                    sencheng::geometry::grid::Shape::bounds(g)
                        .map_or_else(|| sencheng::geometry::grid::Point::new(0, 0), |b| b.low),
                ),
            )
        };
        b.iter(|| grounds.iter().map(|g| area(g).plane.0).sum::<f64>());
    });
    group.finish();
}

fn whole(criterion: &mut Criterion) {
    let crs = Crs::epsg(sample::EPSG).expect("the sample's CRS");
    let carrier = Carrier::to_degrees(&crs).expect("its degrees");
    let mut group = criterion.benchmark_group("tabulate");
    group.sample_size(10);
    for size in SIZES {
        let county = sample::county(1, size);
        let zones = zones(&county.towns);
        let cover = Memory(batch(&county.patches, field(&county.patches, "DI_LEI")));
        let request = Request { zones: &zones, cover: &cover, by_value: true, most_pairs: 1000 };
        group.throughput(Throughput::Elements(size as u64));
        group.bench_with_input(BenchmarkId::from_parameter(size), &request, |b, request| {
            b.iter(|| {
                let prepared = tabulate::prepare(request);
                let model = AreaModel::new(prepared.zones.tiles(), crs.ellipsoid, 1.0, &|xs, ys| {
                    carrier.carry(xs, ys);
                });
                tabulate::tabulate(request, prepared, &model, UNLIMITED, &Unwatched)
                    .expect("a tabulation")
                    .zones
                    .len()
            });
        });
    }
    group.finish();
}

criterion_group!(benches, kernels, whole);
criterion_main!(benches);
