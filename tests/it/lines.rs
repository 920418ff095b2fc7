//! Lengths of lines: on the ellipsoid against GeographicLib, over zones against GEOS and by hand, and their laws.

use std::collections::BTreeMap;

use geos::{CoordSeq, Geom, Geometry};
use proptest::prelude::*;
use sencheng::attribute::{Amount, Value};
use sencheng::finding::Finding;
use sencheng::geometry::ellipsoid::CGCS2000;
use sencheng::geometry::grid;
use sencheng::geometry::length::{Edge, LengthModel, LengthSum, QUANTUM_M};
use sencheng::layers::crs::{Carrier, Crs};
use sencheng::measure::Unwatched;
use sencheng::measure::lines::{Lines, Plane, Run, measure};
use sencheng::prepare::{self, Zones};
use sencheng::survey::{Batch, Batches, RingKind, Source, SourceFault};
use sencheng::threads::on_threads;
use sencheng::units::Length;

use crate::chance;
use crate::differential::surveys::{Dice, Kind, survey};
use crate::engine;
use crate::oracle;
use crate::town::Town;
use crate::wkt::Ring;
use crate::workbench::{Answer, Sheet, Workbench, X, Y, at, two_towns};

// ---- One edge on the ellipsoid

fn edge(from: [f64; 2], to: [f64; 2]) -> Edge {
    let place = |[x, y]: [f64; 2]| grid::point(x, y).unwrap();
    Edge::between(place(from), place(to))
}

/// A plane with its way to degrees.
struct Ground {
    crs: Crs,
    carrier: Carrier,
}

impl Ground {
    fn of(text: &str) -> Self {
        let crs = Crs::parse(text).unwrap();
        Self { carrier: Carrier::to_degrees(&crs).unwrap(), crs }
    }

    fn model(&self, edge: Edge) -> LengthModel {
        let mut model = LengthModel::new(self.crs.ellipsoid, self.crs.unit_m);
        model.learn(edge, &|xs, ys| self.carrier.carry(xs, ys));
        model
    }

    fn length(&self, from: [f64; 2], to: [f64; 2]) -> Length {
        let edge = edge(from, to);
        self.model(edge).length(edge, 0.0, 1.0)
    }
}

#[test]
fn lengths_of_edges_are_those_of_geographiclib() {
    let table = std::fs::read_to_string(
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/expected/length.csv"),
    );
    let table = table.unwrap();
    let mut rows = csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(table.as_bytes());
    let mut grounds: BTreeMap<String, Ground> = BTreeMap::new();
    let (mut compared, mut worst) = (0, (0.0f64, String::new()));
    for row in rows.records().map(Result::unwrap) {
        let [x1, y1, x2, y2, expected] = [1, 2, 3, 4, 5].map(|i| row[i].parse::<f64>().unwrap());
        let ground = grounds.entry(row[0].to_owned()).or_insert_with(|| Ground::of(&row[0]));
        let ours = ground.length([x1, y1], [x2, y2]);
        let off = (ours.ellipsoid.0 - expected).abs();
        assert!(off <= 1e-10 * expected + 1e-8, "{row:?}: {ours:?} is off by {off:e}");
        assert!((ours.plane.0 - (x2 - x1).hypot(y2 - y1)).abs() < 1e-8, "{row:?}: {ours:?}");
        if expected > 500.0 {
            worst = if off / expected > worst.0 { (off / expected, format!("{row:?}")) } else { worst };
        }
        compared += 1;
    }
    println!("worst {worst:?}");
    assert_eq!(compared, 440);
}

/// On the meridian of the middle the projection shrinks nothing northward; 100 km beside it everything by x²/2R².
#[test]
fn a_gauss_plane_is_true_on_its_meridian_and_too_long_beside_it() {
    let ground = Ground::of("EPSG:4547");
    let north = |x: f64| ground.length([x, 2.7e6], [x, 2.701e6]).ellipsoid.0;
    assert!((north(500_000.0) - 1000.0).abs() < 1e-8);
    let radius: f64 = 6_371_000.0;
    let by_hand = 1000.0 / (1.0 + (100_000.0 / radius).powi(2) / 2.0);
    assert!((north(600_000.0) - by_hand).abs() < 2e-3, "{} {by_hand}", north(600_000.0));
}

#[test]
fn lengths_in_a_plane_of_feet_are_metres() {
    let (feet, metres) = (Ground::of("EPSG:2264"), Ground::of("EPSG:32119"));
    let ft = 1200.0 / 3937.0;
    let (from, to) = ([609_601.0, 200_000.0], [612_601.0, 201_500.0]);
    let (a, b) = (metres.length(from, to), feet.length(from.map(|c| c / ft), to.map(|c| c / ft)));
    assert!(
        (a.ellipsoid.0 - b.ellipsoid.0).abs() < 1e-6 && (a.plane.0 - b.plane.0).abs() < 1e-6,
        "{a:?} {b:?}"
    );
}

/// A block that was not learned has no length that could pass for one.
#[test]
fn a_block_that_the_model_does_not_know_has_no_length() {
    let length = LengthModel::new(CGCS2000, 1.0).length(edge([0.0, 0.0], [3.0, 4.0]), 0.0, 1.0);
    assert!(length.ellipsoid.0.is_nan() && length.plane.0 == 5.0);
}

proptest! {
    #![proptest_config(chance::cases(64))]

    /// In pieces, and whichever way it is run along.
    #[test]
    fn an_edge_cut_in_pieces_adds_up(
        x in 340_000.0..660_000.0f64, y in 200_000.0..6_000_000.0f64,
        dx in -40_000.0..40_000.0f64, dy in -40_000.0..40_000.0f64,
        mut cuts in proptest::collection::vec(0.0..1.0f64, 1..6),
    ) {
        let ground = Ground::of("EPSG:4547");
        let whole = edge([x, y], [x + dx, y + dy]);
        prop_assert_eq!(whole, edge([x + dx, y + dy], [x, y]));
        let mut model = ground.model(whole);
        cuts.extend([0.0, 1.0]);
        cuts.sort_by(f64::total_cmp);
        let sum: f64 = cuts.windows(2).map(|t| model.length(whole, t[0], t[1]).ellipsoid.0).sum();
        let all = model.length(whole, 0.0, 1.0).ellipsoid.0;
        prop_assert!((sum - all).abs() <= 1e-14 * all + 1e-12, "{} {}", sum, all);
    }
}

// ---- Over zones

/// A feature in memory: class, and its parts.
#[derive(Debug, Clone)]
pub struct Feature {
    pub class: usize,
    pub parts: Vec<Ring>,
    pub amounts: Vec<Option<Amount>>,
}

/// Features of one kind as a source, in stretches of so many (of all where it is nought), in batches of three.
pub struct Memory<'f> {
    pub kind: RingKind,
    pub features: &'f [Feature],
    pub stretch: usize,
}

impl Source for Memory<'_> {
    fn name(&self) -> &str {
        "memory"
    }

    fn stretches(&self) -> usize {
        if self.stretch == 0 { 1 } else { self.features.len().div_ceil(self.stretch) }
    }

    fn batches(&self, stretch: usize) -> Result<Box<dyn Batches + '_>, SourceFault> {
        let size = if self.stretch == 0 { self.features.len() } else { self.stretch };
        let rest = &self.features[(stretch * size).min(self.features.len())..];
        Ok(Box::new(Threes { rest: &rest[..rest.len().min(size)], kind: self.kind, known: Vec::new() }))
    }

    fn findings(&self) -> Vec<Finding> {
        Vec::new()
    }
}

struct Threes<'f> {
    rest: &'f [Feature],
    kind: RingKind,
    known: Vec<usize>,
}

impl Batches for Threes<'_> {
    fn next_batch(&mut self, batch: &mut Batch) -> Result<bool, SourceFault> {
        batch.clear();
        let (now, rest) = self.rest.split_at(self.rest.len().min(3));
        for feature in now {
            let known = self.known.iter().position(|class| *class == feature.class).unwrap_or_else(|| {
                batch.new_values.push(Value::Integer(feature.class as i64));
                self.known.push(feature.class);
                self.known.len() - 1
            });
            feature.parts.iter().for_each(|part| batch.push_ring(self.kind, part.iter().copied()));
            batch.amounts.extend(&feature.amounts);
            batch.push_patch(known as u32, "");
        }
        self.rest = rest;
        Ok(!now.is_empty())
    }
}

pub fn line(class: usize, parts: &[&[[f64; 2]]]) -> Feature {
    Feature { class, parts: parts.iter().map(|part| part.to_vec()).collect(), amounts: Vec::new() }
}

/// Lines over zones in a plane in which a degree is about a hundred kilometres everywhere.
fn measured(zones: &Zones, features: &[Feature], stretch: usize, threads: usize) -> Lines {
    let plane = Plane {
        ellipsoid: CGCS2000,
        unit_m: 1.0,
        to_degrees: &|| {
            Box::new(|xs, ys| {
                xs.iter_mut().for_each(|x| *x /= 102_000.0);
                ys.iter_mut().for_each(|y| *y /= 110_000.0);
            })
        },
    };
    let source = Memory { kind: RingKind::Line, features, stretch };
    on_threads(threads, || measure(&source, zones, &plane, &Unwatched)).unwrap().0
}

pub fn zones_of(town: &Town) -> Zones {
    prepare::zones(&engine::layer(town)).0
}

pub fn rectangle(w: f64, s: f64, e: f64, n: f64) -> Vec<Vec<Ring>> {
    vec![vec![vec![[w, s], [e, s], [e, n], [w, n]]]]
}

pub fn town(zones: Vec<Vec<Vec<Ring>>>) -> Zones {
    zones_of(&Town { zones, extent: [0.0, 0.0, 2000.0, 1000.0], patches: Vec::new() })
}

fn two_zones() -> Zones {
    town(vec![rectangle(0.0, 0.0, 1000.0, 1000.0), rectangle(1000.0, 0.0, 2000.0, 1000.0)])
}

fn metres(run: &Run) -> f64 {
    run.length.length().plane.0
}

/// Plane lengths of the zones, what is outside, what is shared, all in metres.
fn figures(zones: &Zones, features: &[Feature]) -> (Vec<f64>, f64, f64) {
    let table = measured(zones, features, 0, 1).table;
    let sum = |runs: &Vec<Run>| runs.iter().map(metres).sum();
    (table.zones.iter().map(sum).collect(), sum(&table.outside), sum(&table.shared))
}

#[test]
fn a_line_is_split_where_it_crosses_a_border() {
    let crossing = line(0, &[&[[900.0, 400.0], [1200.0, 800.0]]]);
    let (zones, outside, shared) = figures(&two_zones(), &[crossing]);
    let expected = [500.0 / 3.0, 1000.0 / 3.0];
    for (ours, expected) in zones.iter().zip(expected) {
        assert!((ours - expected).abs() < 1e-9, "{zones:?}");
    }
    assert_eq!((outside, shared), (0.0, 0.0));
}

#[test]
fn what_runs_along_a_shared_border_is_halved_and_along_the_outer_one_is_the_zones() {
    let along = line(0, &[&[[1000.0, -100.0], [1000.0, 1100.0]], &[[500.0, 0.0], [1500.0, 0.0]]]);
    let (zones, outside, shared) = figures(&two_zones(), &[along]);
    assert_eq!((zones, outside, shared), (vec![1000.0, 1000.0], 200.0, 0.0));
}

/// 2⁻⁴⁰ m does not divide by two: the first zone takes it, and nothing is lost.
#[test]
fn the_quantum_that_does_not_divide_goes_to_the_first() {
    let sum = LengthSum { ellipsoid: 7, plane: -7 };
    let parts: Vec<LengthSum> = (0..3).map(|i| sum.part(i, 3)).collect();
    assert_eq!(parts.iter().map(|p| p.ellipsoid).collect::<Vec<_>>(), [3, 2, 2]);
    assert_eq!(parts.iter().map(|p| p.plane).sum::<i128>(), -7);
}

/// A vertex of one town lies on an edge of the other, rounded: neither gap nor overlap of nanometres shows.
#[test]
fn a_border_recorded_with_other_vertices_is_one_border() {
    let (a, b) = ([1000.1, 0.3], [1233.7, 999.9]);
    let on = |t: f64| [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t];
    let west = vec![vec![vec![[0.0, 0.0], a, on(0.3), on(0.777), b, [0.0, 1000.0]]]];
    let east = vec![vec![vec![a, [2000.0, 0.0], [2000.0, 1000.0], b, on(0.55)]]];
    let zones = town(vec![west, east]);
    let along = line(0, &[&[a, on(0.1), on(0.5), on(0.9), b]]);
    let (lengths, outside, shared) = figures(&zones, &[along]);
    let half = (b[0] - a[0]).hypot(b[1] - a[1]) / 2.0;
    assert!(lengths.iter().all(|length| (length - half).abs() < 1e-8), "{lengths:?} {half}");
    assert_eq!((outside, shared), (0.0, 0.0));
}

#[test]
fn where_zones_overlap_each_has_the_whole_and_the_table_says_what_is_counted_twice() {
    let zones = town(vec![rectangle(0.0, 0.0, 1000.0, 1000.0), rectangle(800.0, 0.0, 2000.0, 1000.0)]);
    let (lengths, outside, shared) = figures(&zones, &[line(0, &[&[[0.5, 500.0], [2100.0, 500.0]]])]);
    let near = |a: f64, b: f64| (a - b).abs() < 1e-9;
    assert!(
        near(lengths[0], 999.5) && near(lengths[1], 1200.0) && near(outside, 100.0) && near(shared, 200.0)
    );
}

#[test]
fn a_hole_belongs_to_no_zone_and_its_rim_to_the_zone_around() {
    let mut zone = rectangle(0.0, 0.0, 1000.0, 1000.0);
    zone[0].push(vec![[400.0, 400.0], [600.0, 400.0], [600.0, 600.0], [400.0, 600.0]]);
    let lines = line(0, &[&[[300.0, 500.0], [700.0, 500.0]], &[[400.0, 400.0], [400.0, 600.0]]]);
    let (lengths, outside, _) = figures(&town(vec![zone]), &[lines]);
    assert_eq!((lengths, outside), (vec![400.0], 200.0));
}

// ---- Against GEOS

fn geos_line(parts: &[Ring], origin: [f64; 2]) -> Geometry {
    let part = |part: &Ring| {
        let local: Ring = part.iter().map(|[x, y]| [x - origin[0], y - origin[1]]).collect();
        Geometry::create_line_string(CoordSeq::new_from_vec(&local).unwrap()).unwrap()
    };
    Geometry::create_multiline_string(parts.iter().map(part).collect()).unwrap()
}

/// Lines that wander over a town and beyond, and some that run along the outlines of its zones.
fn lines_over(dice: &mut Dice, town: &Town) -> Vec<Feature> {
    let [w, s, e, n] = town.extent;
    let (width, height) = (e - w, n - s);
    let place = |dice: &mut Dice| {
        [dice.between(w - width / 5.0, e + width / 5.0), dice.between(s - height / 5.0, n + height / 5.0)]
    };
    let mut lines: Vec<Feature> = (0..8)
        .map(|_| {
            let part = |dice: &mut Dice| (0..dice.whole(2, 9)).map(|_| place(dice)).collect();
            let parts = (0..dice.whole(1, 3)).map(|_| part(dice)).collect();
            Feature { class: dice.whole(0, 2), parts, amounts: Vec::new() }
        })
        .collect();
    for zone in &town.zones {
        let ring = &zone[0][0];
        let from = dice.whole(0, ring.len() - 2);
        let part = ring[from..=dice.whole(from + 1, ring.len() - 1)].to_vec();
        lines.push(Feature { class: 3, parts: vec![part], amounts: Vec::new() });
    }
    lines
}

/// What GEOS finds of a line in each zone: what is inside or on the border, less half of what lies on the border of
/// another zone too.
fn geos_lengths(line: &Feature, grounds: &[Geometry], origin: [f64; 2]) -> Vec<f64> {
    let length = |shape: &Geometry| shape.length().unwrap();
    // A line that runs over itself counts as often as it does so.
    let pieces = line.parts.iter().flat_map(|part| part.windows(2).map(|edge| vec![edge.to_vec()]));
    let mut sums = vec![0.0; grounds.len()];
    for piece in pieces.filter(|piece| piece[0][0] != piece[0][1]) {
        let piece = geos_line(&piece, origin);
        let within: Vec<Geometry> =
            grounds.iter().map(|ground| piece.intersection(ground).unwrap()).collect();
        for (i, one) in within.iter().enumerate() {
            let shared = within.iter().enumerate().filter(|(j, _)| *j != i);
            let shared: f64 = shared.map(|(_, other)| length(&one.intersection(other).unwrap())).sum();
            sums[i] += length(one) - shared / 2.0;
        }
    }
    sums
}

#[test]
fn lengths_over_random_towns_are_those_of_geos() {
    let (mut compared, mut worst) = (0, 0.0f64);
    for number in (0..600).filter(|&n| survey(n).0 != Kind::Invalid) {
        let (_, town) = survey(number);
        let dice = &mut Dice(number + 17);
        let (zones, lines) = (zones_of(&town), lines_over(dice, &town));
        let origin = [town.extent[0], town.extent[1]];
        let grounds: Vec<Geometry> = town.zones.iter().map(|zone| oracle::ground(zone, origin)).collect();
        for line in &lines {
            let ours = measured(&zones, std::slice::from_ref(line), 0, 1);
            assert!(ours.parts_residual_m < 1e-9, "{number}: {}", ours.parts_residual_m);
            for (run, theirs) in ours.table.zones.iter().zip(geos_lengths(line, &grounds, origin)) {
                let off = (metres(&run[0]) - theirs).abs();
                worst = worst.max(off);
                assert!(
                    off <= 1e-9 * theirs + 2e-6,
                    "survey {number}: {run:?} against {theirs}: {off:e} {line:?}"
                );
                compared += 1;
            }
        }
    }
    println!("{compared} lengths, worst {worst:e} m");
    assert!(compared > 10_000, "{compared}");
}

// ---- Laws

/// Σ zones − shared + outside = whole, to the picometre for every piece that was rounded.
fn adds_up(lines: &Lines) -> bool {
    let table = &lines.table;
    (0..table.values.len()).all(|class| {
        let mut sum = LengthSum::ZERO - table.shared[class].length - table.whole[class].length;
        table.zones.iter().chain([&table.outside]).for_each(|row| sum += row[class].length);
        (sum.plane as f64 * QUANTUM_M).abs() < 1e-8 && (sum.ellipsoid as f64 * QUANTUM_M).abs() < 1e-8
    })
}

#[test]
fn threads_stretches_order_and_direction_change_no_bit() {
    for number in 0..60 {
        let (_, town) = survey(number);
        let (zones, lines) = (zones_of(&town), lines_over(&mut Dice(number), &town));
        let once = measured(&zones, &lines, 0, 1);
        assert!(adds_up(&once), "{number}");
        for (stretch, threads) in [(0, 2), (1, 1), (4, 2), (4, 16)] {
            assert_eq!(measured(&zones, &lines, stretch, threads), once, "{number} {stretch} {threads}");
        }
        let mut shuffled: Vec<Feature> = lines.iter().rev().cloned().collect();
        shuffled.iter_mut().flat_map(|line| &mut line.parts).for_each(|part| part.reverse());
        shuffled.swap(1, 5);
        assert_eq!(measured(&zones, &shuffled, 4, 2), once, "{number}");
    }
}

#[test]
fn a_line_taken_apart_at_its_vertices_has_the_same_lengths_to_the_last_bit() {
    for number in 0..60 {
        let (_, town) = survey(number);
        let (zones, lines) = (zones_of(&town), lines_over(&mut Dice(number), &town));
        let apart: Vec<Feature> = lines
            .iter()
            .flat_map(|line| {
                line.parts.iter().flat_map(|part| part.windows(2)).map(|edge| (line.class, edge))
            })
            .map(|(class, edge)| Feature { class, parts: vec![edge.to_vec()], amounts: Vec::new() })
            .collect();
        let lengths = |features: &[Feature]| -> Vec<LengthSum> {
            let table = measured(&zones, features, 0, 1).table;
            let rows = table.zones.iter().chain([&table.outside, &table.shared, &table.whole]);
            rows.flatten().map(|run| run.length).collect()
        };
        assert_eq!(lengths(&lines), lengths(&apart), "{number}");
    }
}

/// A point on an edge, on the grid: the lengths stay what they are but for the bend that rounding to the grid makes.
#[test]
fn a_line_split_between_its_vertices_keeps_its_lengths() {
    let zones = two_zones();
    let (a, b, middle) = ([100.0, 100.0], [1900.0, 700.0], [1000.0, 400.0]);
    let (whole, split) = (line(0, &[&[a, b]]), [line(0, &[&[a, middle]]), line(0, &[&[middle, b]])]);
    let (whole, split) = (figures(&zones, &[whole]).0, figures(&zones, &split).0);
    whole.iter().zip(&split).for_each(|(a, b)| assert!((a - b).abs() < 1e-11, "{whole:?} {split:?}"));
}

// ---- The command

fn roads() -> Sheet {
    let line = |points: &[[f64; 2]]| {
        let points: Vec<String> = points.iter().map(|[x, y]| format!("{} {}", X + x, Y + y)).collect();
        format!("LINESTRING ({})", points.join(","))
    };
    Sheet::new(Some("EPSG:4547"))
        .of(gdal::vector::OGRwkbGeometryType::wkbLineString)
        .text("class")
        .with(["G".into()], &line(&[[100.0, 500.0], [1900.0, 500.0]]))
        .with(["S".into()], &line(&[[1000.0, -100.0], [1000.0, 1100.0]]))
        .with([crate::workbench::Cell::Null], &line(&[[3000.0, 3000.0], [3000.0, 4000.0]]))
}

const ROADS: &str = "zone,class,length_m,share_pct,features\n2,G,900,64.28571428571429,1\n2,S,500,35.714285714285715,1\n2,(null),0,0,0\n1,G,900,64.28571428571429,1\n1,S,500,35.714285714285715,1\n1,(null),0,0,0\n(outside),G,0,0,0\n(outside),S,200,16.666666666666664,1\n(outside),(null),1000,83.33333333333334,1\n";

#[test]
fn tabulate_gives_the_lengths_of_lines_in_every_format() {
    for file in ["roads.geojson", "roads.shp", "roads.gpkg", "roads.fgb"] {
        let bench = Workbench::new();
        bench.write("towns.geojson", &two_towns()).write(file, &roads());
        let answer = bench.tabulate("towns.geojson", file, &[]);
        assert_eq!(answer.ended(0).out, ROADS, "{file}");
        assert!(answer.err.contains("zones - shared + outside = layer in all 3 classes"), "{answer:#?}");
    }
}

#[test]
fn json_and_the_table_say_the_same() {
    let bench = Workbench::new();
    bench.write("towns.geojson", &two_towns()).write("roads.gpkg", &roads());
    let usual = ["tabulate", "--zones", "towns.geojson", "--zone-id", "id", "--cover", "roads.gpkg"];
    let answer = bench.run(&[&usual[..], &["--by", "class", "--format", "json"]].concat());
    let document: serde_json::Value = serde_json::from_str(&answer.ended(0).out).unwrap();
    let row = &document["zones"][0]["rows"][0];
    assert_eq!((row["class"].as_str(), row["plane_m"].as_f64()), (Some("G"), Some(900.0)));
    let length = row["length_m"].as_f64().unwrap();
    assert!(length < 900.0 && length > 899.999_99, "{length}");
    assert_eq!(document["layer"][1]["class"], "S");
    let table = bench.run(&[&usual[..], &["--zone-name", "name", "--lang", "zh"]].concat());
    assert!(table.out.contains("长度（千米）") && table.out.contains("1.400"), "{}", table.out);
}

#[test]
fn lines_in_degrees_are_brought_into_the_working_plane() {
    let bench = Workbench::new();
    bench.write("towns.geojson", &two_towns()).write("roads.gpkg", &roads().carried_to("EPSG:4490"));
    let answer = bench.tabulate("towns.geojson", "roads.gpkg", &[]);
    let near = |line: &str, expected: f64| {
        let length: f64 = line.split(',').nth(2).unwrap().parse().unwrap();
        assert!((length - expected).abs() < 1e-3, "{line}");
    };
    let lines: Vec<&str> = answer.ended(0).out.lines().collect();
    near(lines[1], 900.0);
    near(lines[4], 900.0);
    near(lines[8], 200.0);
    assert!(answer.err.contains("EPSG:4547"), "{}", answer.err);
}

/// Half a circle of 100 m about a place in the first town: chords within a millimetre make it at most 2 mm shorter.
#[test]
fn arcs_are_lines_too() {
    let [(ax, ay), (bx, by), (cx, cy)] =
        [(400.0, 500.0), (500.0, 600.0), (600.0, 500.0)].map(|(x, y)| (X + x, Y + y));
    let arc = format!("CIRCULARSTRING ({ax} {ay},{bx} {by},{cx} {cy})");
    let sheet = Sheet::new(Some("EPSG:4547")).of(gdal::vector::OGRwkbGeometryType::wkbUnknown).text("class");
    let sheet = sheet.with(["R".into()], &arc);
    for file in ["arc.gpkg", "arc.gml"] {
        let bench = Workbench::new();
        bench.write("towns.geojson", &two_towns()).write(file, &sheet);
        let answer = bench.tabulate("towns.geojson", file, &["--cover-crs", "EPSG:4547"]);
        answer.ended(0).told("note", "curves-linearised", &[file, "1 features"]);
        let length: f64 = answer.out.lines().nth(1).unwrap().split(',').nth(2).unwrap().parse().unwrap();
        let short = std::f64::consts::PI * 100.0 - length;
        assert!(short > 0.0 && short < 2e-3, "{file}: {short}");
    }
}

#[test]
fn where_and_broken_lines_are_as_with_polygons() {
    let bench = Workbench::new();
    bench.write("towns.geojson", &two_towns()).write("roads.shp", &roads());
    let answer = bench.tabulate("towns.geojson", "roads.shp", &["--where", "class = 'G'"]);
    assert_eq!(answer.ended(0).out.lines().count(), 4, "{answer:#?}");
    bench.forge("roads.shp", X + 1900.0, f64::NAN);
    let answer = bench.tabulate("towns.geojson", "roads.shp", &[]);
    answer.ended(1).told("error", "vertex-impossible", &["roads.shp", "0"]);
    assert!(!answer.out.contains(",G,"), "{}", answer.out);
}

#[test]
fn a_line_that_leaves_the_map_is_left_out_and_named_and_one_that_leaves_the_zones_is_measured() {
    let bench = Workbench::new();
    let far = |x: f64, y: f64| format!("LINESTRING ({} {},{x} {y})", X + 500.0, Y + 500.0);
    let sheet = roads().with(["N".into()], &far(X + 500.0, 9e6)).with(["E".into()], &far(4e7, Y + 500.0));
    bench.write("towns.geojson", &two_towns()).write("roads.shp", &sheet);
    let answer = bench.tabulate("towns.geojson", "roads.shp", &["--cover-id", "class"]);
    answer.ended(1).told("error", "line-off-the-map", &["roads.shp", "1 lines", "E"]);
    assert!(answer.out.contains("2,N,500,") && answer.out.contains("(outside),N,6299000,"), "{}", answer.out);
    assert!(answer.out.contains("(outside),E,0,"), "{}", answer.out);
}

fn refused(sheet: &Sheet, more: &[&str]) -> Answer {
    let bench = Workbench::new();
    bench.write("towns.geojson", &two_towns()).write("cover.gpkg", sheet);
    bench.tabulate("towns.geojson", "cover.gpkg", more)
}

#[test]
fn a_layer_of_lines_and_points_is_refused_and_others_among_lines_are_named() {
    use gdal::vector::OGRwkbGeometryType::wkbUnknown;
    let mixed = roads().of(wkbUnknown).with(["P".into()], &format!("POINT ({X} {Y})"));
    refused(&mixed, &[]).refused("layer-mixed", &["cover.gpkg"]);
    let with_ground = mixed.with(["A".into()], &at(0.0, 0.0, 9.0, 9.0));
    let answer = refused(&with_ground, &[]);
    answer.ended(0).told("warning", "geometry-not-polygon", &["cover.gpkg", "4 features"]);
    assert!(answer.out.contains("2,A,81,"), "{}", answer.out);
    refused(&roads(), &["--sum", "class"]).refused("layer-not-points", &["cover.gpkg", "--sum"]);
    assert_eq!(refused(&roads().of(wkbUnknown), &[]).ended(0).out, ROADS);
}

#[test]
fn lines_are_no_zones_and_no_cover_of_a_project() {
    let bench = Workbench::new();
    bench.write("roads.gpkg", &roads());
    let answer =
        bench.run(&["tabulate", "--zones", "roads.gpkg", "--zone-id", "class", "--cover", "roads.gpkg"]);
    answer.refused("layer-not-polygons", &["roads.gpkg", "lines"]);
}
