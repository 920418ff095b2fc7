//! Speed of the kernels and of a whole tabulation, at sizes that grow fourfold. Run with `make bench`; read the
//! ratios, not the seconds. Nothing here is asserted.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use geo::MultiPolygon;
use sencheng::analysis::tabulate::{self, Request};
use sencheng::finding::Finding;
use sencheng::geometry::area::AreaModel;
use sencheng::geometry::grid::Shape;
use sencheng::geometry::overlay::{Overlay, Part};
use sencheng::geometry::seam::Seams;
use sencheng::geometry::simple::Simplicity;
use sencheng::geometry::tile::{self, Tile};
use sencheng::layers::crs::{Carrier, Crs};
use sencheng::measure::Unwatched;
use sencheng::measure::heap::UNLIMITED;
use sencheng::prepare::cells::{Cells, Shares};
use sencheng::prepare::{self, Zones};
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

/// What every patch goes through, and what only some do: validity, overlap detection and split with area take each;
/// repair, clip and union (net) those that need it. Per vertex.
fn kernels(criterion: &mut Criterion) {
    for size in SIZES {
        let county = sample::county(1, size);
        let patches = batch(&county.patches, field(&county.patches, "DI_LEI"));
        let parts: Vec<Vec<Part>> = (0..patches.patches.len()).map(|i| prepare::parts(&patches, i)).collect();
        let grounds: Vec<Shape> = parts.iter().map(|p| Overlay::default().ground(p)).collect();
        let (zones, _) = prepare::zones(&zones(&county.towns));
        let (cells, area) = (Cells::new(&zones), model(&zones));
        let points = patches.points.len() as u64;
        let mut measure = |name: &str, work: &mut dyn FnMut() -> usize| {
            let mut group = criterion.benchmark_group(name);
            group.sample_size(10).throughput(Throughput::Elements(points));
            group.bench_function(BenchmarkId::from_parameter(size), |b| b.iter(|| black_box(work())));
            group.finish();
        };
        let (mut simplicity, mut seams, mut shares) =
            (Simplicity::default(), Seams::default(), Shares::default());
        measure("validity", &mut || {
            let simple = |g: &&Shape| g.bounds().is_some_and(|bounds| simplicity.is_simple(g, bounds));
            grounds.iter().filter(simple).count()
        });
        measure("overlap detection", &mut || {
            seams.clear();
            grounds.iter().for_each(|g| seams.add(g));
            seams.cancel();
            seams.contours().map_or(0, |contours| contours.border.len())
        });
        measure("split and area", &mut || {
            let share = |ground: &Shape| {
                ground.bounds().iter().for_each(|bounds| cells.share(ground, *bounds, &area, &mut shares));
                shares.zones.len()
            };
            grounds.iter().map(share).sum()
        });
        measure("area", &mut || {
            let tile = |g: &Shape| g.bounds().map(|b| Tile::holding(b.low));
            grounds.iter().filter_map(|g| Some(area.area(g, tile(g)?).plane.0)).sum::<f64>() as usize
        });
        measure("cut by tiles", &mut || {
            let mut pieces = 0;
            grounds.iter().for_each(|g| tile::split(g, |_, piece| pieces += piece.len()));
            pieces
        });
        measure("repair", &mut || parts.iter().map(|p| Overlay::default().ground(p).len()).sum());
        measure("net", &mut || Overlay::default().union(&grounds).len());
    }
}

fn model(zones: &Zones) -> AreaModel {
    let crs = Crs::parse(sample::CRS).expect("the sample's CRS");
    let carrier = Carrier::to_degrees(&crs).expect("its degrees");
    AreaModel::new(zones.tiles(), crs.ellipsoid, 1.0, &|xs, ys| carrier.carry(xs, ys))
}

fn whole(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("tabulate");
    group.sample_size(10);
    for size in SIZES {
        let county = sample::county(1, size);
        let zones = zones(&county.towns);
        let cover = Memory(batch(&county.patches, field(&county.patches, "DI_LEI")));
        let request =
            Request { zones: &zones, cover: &cover, by_value: true, most_pairs: 1000, pieces: false };
        group.throughput(Throughput::Elements(size as u64));
        group.bench_with_input(BenchmarkId::from_parameter(size), &request, |b, request| {
            b.iter(|| {
                let prepared = tabulate::prepare(request);
                let model = model(&prepared.zones);
                let tabulation = tabulate::tabulate(request, prepared, &model, UNLIMITED, &Unwatched);
                tabulation.expect("a tabulation").zones.len()
            });
        });
    }
    group.finish();
}

criterion_group!(benches, kernels, whole);
criterion_main!(benches);
