//! Rasters over zones: sums that are known by hand, in memory.

use proptest::prelude::*;
use sencheng::analysis::CellRule;
use sencheng::analysis::zonal::{
    self, Ask, Laid, MOST_VALUES, Partial, Plane, Request, SHARES, Share, Steps, Zonal,
};
use sencheng::finding::Finding;
use sencheng::geometry::ellipsoid::CGCS2000;
use sencheng::measure::zonal::read::Key;
use sencheng::measure::{MeasureError, Unwatched};
use sencheng::survey::raster::{Block, BlockReader, CellKind, Cells, Frame, Raster};
use sencheng::survey::{Batch, RingKind, SourceFault, ZoneLayer, ZoneRecord};
use sencheng::threads::on_threads;

use crate::{chance, wkt};

/// A raster in memory.
struct Sheet {
    frame: Frame,
    values: Vec<f64>,
    valid: Vec<bool>,
}

impl Sheet {
    fn new(kind: CellKind, columns: usize, values: impl IntoIterator<Item = f64>) -> Self {
        let values: Vec<f64> = values.into_iter().collect();
        let frame = Frame {
            columns,
            rows: values.len() / columns,
            block: [3, 2],
            transform: [0.0, 10.0, 0.0, 0.0, 0.0, -10.0],
            kind,
            nodata: None,
            scale: 1.0,
            offset: 0.0,
        };
        Self { frame, values, valid: Vec::new() }
    }
}

impl Raster for Sheet {
    fn name(&self) -> &str {
        "sheet"
    }

    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn reader(&self) -> Result<Box<dyn BlockReader + '_>, SourceFault> {
        Ok(Box::new(self))
    }

    fn findings(&self) -> Vec<Finding> {
        Vec::new()
    }
}

impl BlockReader for &Sheet {
    fn read(&mut self, column: usize, row: usize, block: &mut Block) -> Result<(), SourceFault> {
        let (first, size) = self.frame.window(column, row);
        let places = (0..size[1]).flat_map(|y| (0..size[0]).map(move |x| (x, y)));
        let places: Vec<usize> =
            places.map(|(x, y)| (first[1] + y) * self.frame.columns + first[0] + x).collect();
        let values = places.iter().map(|&at| self.values[at]);
        block.size = size;
        block.cells = match self.frame.kind {
            CellKind::U8 => Cells::U8(values.map(|v| v as u8).collect()),
            CellKind::I16 => Cells::I16(values.map(|v| v as i16).collect()),
            CellKind::I64 => Cells::I64(values.map(|v| v as i64).collect()),
            CellKind::F64 => Cells::F64(values.collect()),
            _ => Cells::F32(values.map(|v| v as f32).collect()),
        };
        block.valid.clear();
        // Where all holds data there is no mask, as a mosaic has it.
        block.valid.extend(places.iter().filter_map(|&at| self.valid.get(at)));
        if block.valid.iter().all(|valid| *valid) {
            block.valid.clear();
        }
        Ok(())
    }
}

fn zones(shapes: &[&str]) -> ZoneLayer {
    let (mut batch, mut records) = (Batch::default(), Vec::new());
    for (index, shape) in shapes.iter().enumerate() {
        for part in wkt::parts(shape).expect("well-known text") {
            for (i, ring) in part.into_iter().enumerate() {
                batch.push_ring(if i == 0 { RingKind::Shell } else { RingKind::Hole }, ring);
            }
        }
        batch.push_patch(0, "");
        records.push(ZoneRecord { id: format!("z{index}"), name: None, features: vec![index] });
    }
    ZoneLayer { layer: "zones".to_owned(), zones: records, shapes: batch }
}

/// Zones on the cells of a raster.
fn laid(sheet: &Sheet, shapes: &[&str]) -> Laid {
    let layer = zones(shapes);
    let radius_m = 6_378_137.0f64;
    let plane = Plane {
        geographic: false,
        ellipsoid: CGCS2000,
        unit_m: 1.0,
        to_degrees: &|xs, ys| xs.iter_mut().chain(ys).for_each(|c| *c = (*c / radius_m).to_degrees()),
    };
    let areas = zonal::areas(&layer, &sheet.frame, &plane);
    zonal::lay(&layer, &sheet.frame, areas, CellRule::Exact).expect("laid")
}

/// On a plane that shows the ellipsoid near the equator as it is: degrees are metres over a radius.
fn measured(sheet: &Sheet, weights: Option<&Sheet>, shapes: &[&str], ask: Ask<'_>, threads: usize) -> Zonal {
    let laid = laid(sheet, shapes);
    let weights = weights.map(|w| w as &dyn Raster);
    let request = Request { laid: &laid, raster: sheet, weights, ask, most: MOST_VALUES };
    on_threads(threads, || zonal::measure(&request, &Unwatched)).expect("measured")
}

fn cells(zonal: &Zonal, zone: usize, key: Key) -> f64 {
    zonal.zones[zone].sums.classes.get(&key).map_or(0.0, |sum| sum.cells())
}

/// Seven columns and five rows: 1 in the left four columns, 2 right of them.
fn halves(kind: CellKind) -> Sheet {
    Sheet::new(kind, 7, (0..35).map(|i| if i % 7 < 4 { 1.0 } else { 2.0 }))
}

/// Two and a half cells by two, over the line between the halves; overlapped by one wholly in the left half.
const OVER: [&str; 2] = [
    "POLYGON ((25 -10, 50 -10, 50 -30, 25 -30, 25 -10))",
    "POLYGON ((20 -10, 40 -10, 40 -20, 20 -20, 20 -10))",
];

/// Some blocks have a mask and others none: the values of all count.
#[test]
fn blocks_with_a_mask_and_without_are_one_raster() {
    for kind in [CellKind::U8, CellKind::I16] {
        let mut sheet = halves(kind);
        sheet.valid = (0..35).map(|i| i != 34).collect();
        let whole = ["POLYGON ((0 0, 70 0, 70 -50, 0 -50, 0 0))"];
        for quantiles in [false, true] {
            let zonal = measured(&sheet, None, &whole, Ask::Statistics { quantiles }, 1);
            let moments = zonal.zones[0].sums.moments;
            assert_eq!((moments.weight, moments.min, moments.max), (34.0, 1.0, 2.0));
            assert!((moments.mean - (20.0 + 14.0 * 2.0) / 34.0).abs() < 1e-12, "{moments:?}");
        }
    }
}

#[test]
fn classes_are_counted_by_fractions_and_zones_that_overlap_are_each_right() {
    for kind in [CellKind::U8, CellKind::I16] {
        let zonal = measured(&halves(kind), None, &OVER, Ask::Classes, 1);
        let [one, two] = [Key::Whole(1), Key::Whole(2)];
        assert_eq!((cells(&zonal, 0, one), cells(&zonal, 0, two)), (3.0, 2.0));
        assert_eq!((cells(&zonal, 1, one), cells(&zonal, 1, two)), (2.0, 0.0));
        assert_eq!(zonal.classes, [one, two]);
        assert!(zonal.zones.iter().all(|zone| zone.balances()));
        let plane = zonal.plane_cell_m2.expect("a plane");
        assert_eq!(plane, 100.0);
        // Degrees of latitude are shorter than on the sphere by (1 - e²), those of longitude are not.
        let m2 = zonal.zones[0].sums.classes[&one].ellipsoid_m2();
        assert!((m2 / 300.0 - (1.0 - CGCS2000.e2())).abs() < 1e-8, "{m2}");
    }
}

#[test]
fn no_data_and_ground_outside_are_rows_of_their_own() {
    let mut sheet = halves(CellKind::U8);
    sheet.frame.nodata = Some(2.0);
    let shape = ["POLYGON ((30 -40, 80 -40, 80 -60, 30 -60, 30 -40))"];
    let zonal = measured(&sheet, None, &shape, Ask::Classes, 1);
    let sums = &zonal.zones[0].sums;
    assert_eq!([sums.valid.cells(), sums.nodata.cells(), sums.outside.cells()], [1.0, 3.0, 6.0]);
    assert!(zonal.findings.iter().any(|f| f.code == "zonal-no-data"));
}

#[test]
fn a_mask_and_what_is_not_a_number_hold_no_data() {
    let mut sheet = halves(CellKind::F32);
    sheet.values[0] = f64::NAN;
    sheet.valid = vec![true; 35];
    sheet.valid[1] = false;
    let shape = ["POLYGON ((0 0, 40 0, 40 -10, 0 -10, 0 0))"];
    for ask in [Ask::Classes, Ask::Statistics { quantiles: true }] {
        let sums = &measured(&sheet, None, &shape, ask, 1).zones[0].sums;
        assert_eq!([sums.valid.cells(), sums.nodata.cells()], [2.0, 2.0]);
    }
}

#[test]
fn all_without_a_value_is_an_error_and_not_nought() {
    let mut sheet = halves(CellKind::U8);
    sheet.valid = vec![false; 35];
    let zonal = measured(&sheet, None, &OVER, Ask::Classes, 1);
    assert_eq!(zonal.findings.iter().filter(|f| f.code == "zonal-all-missing").count(), 2);
    assert!(zonal.classes.is_empty());
}

#[test]
fn a_condition_parts_the_valid_ground() {
    let steps = Steps::new(vec![2.0], |v| v >= 2.0);
    for kind in [CellKind::U8, CellKind::I16, CellKind::F32] {
        let zonal = measured(&halves(kind), None, &OVER, Ask::Where(&steps), 1);
        assert_eq!((cells(&zonal, 0, Key::Cover), cells(&zonal, 0, Key::Rest)), (2.0, 3.0));
        assert_eq!((cells(&zonal, 1, Key::Cover), cells(&zonal, 1, Key::Rest)), (0.0, 2.0));
    }
}

#[test]
fn a_table_of_steps_holds_where_its_condition_does() {
    let condition = |v: f64| v == 1.0 || (v > 2.0 && v < 3.0) || v <= -5.0;
    let steps = Steps::new(vec![3.0, 1.0, 2.0, -5.0], condition);
    for tenth in -100..100 {
        let value = f64::from(tenth) / 10.0;
        assert_eq!(steps.holds(value), condition(value), "{value}");
    }
    assert!(!Steps::new(vec![1.0], |v| v != 1.0).holds(f64::NAN));
}

#[test]
fn statistics_are_weighted_by_fractions() {
    // Of the first zone 1.5 cells in each of two rows are 1, and 1 cell is 2.
    for kind in [CellKind::U8, CellKind::F32] {
        let zonal = measured(&halves(kind), None, &OVER, Ask::Statistics { quantiles: true }, 1);
        let sums = &zonal.zones[0].sums;
        let moments = sums.moments;
        assert!((moments.mean - 7.0 / 5.0).abs() < 1e-12, "{moments:?}");
        assert!((moments.stdev().expect("weight") - 0.24f64.sqrt()).abs() < 1e-12);
        assert_eq!([moments.min, moments.max], [1.0, 2.0]);
        assert_eq!([0.5, 0.6, 0.61].map(|q| zonal::quantile(sums, q)), [Some(1.0), Some(1.0), Some(2.0)]);
    }
}

#[test]
fn weights_of_a_second_raster_count_cells_more_or_less() {
    let mut weights = Sheet::new(CellKind::F32, 7, (0..35).map(|i| if i % 7 < 4 { 1.0 } else { 3.0 }));
    weights.frame.block = [7, 1];
    let ask = Ask::Statistics { quantiles: false };
    let sums = &measured(&halves(CellKind::U8), Some(&weights), &OVER, ask, 1).zones[0].sums;
    assert!((sums.moments.mean - (3.0 + 2.0 * 3.0 * 2.0) / 9.0).abs() < 1e-12);
}

#[test]
fn threads_change_nothing() {
    let noise = |i: usize| ((i * 7919 + 13) % 1009) as f64 / 7.0;
    let sheet = Sheet::new(CellKind::F32, 40, (0..1600).map(noise));
    let shapes =
        ["POLYGON ((13 -7, 391 -55, 350 -377, 41 -390, 13 -7))", "POLYGON ((5 -5, 200 -9, 90 -300, 5 -5))"];
    for ask in [Ask::Statistics { quantiles: true }, Ask::Classes] {
        let one = measured(&sheet, None, &shapes, ask, 1);
        for threads in [2, 3, 8] {
            assert_eq!(measured(&sheet, None, &shapes, ask, threads), one);
        }
    }
}

#[test]
fn a_raster_turned_or_south_up_has_the_same_cells_under_it() {
    let upright = measured(&halves(CellKind::U8), None, &OVER, Ask::Classes, 1);
    // The same cells written from the south.
    let mut south_up = halves(CellKind::U8);
    south_up.frame.transform = [0.0, 10.0, 0.0, -50.0, 0.0, 10.0];
    // The same cells with columns for rows.
    let mut turned = Sheet::new(CellKind::U8, 5, (0..35).map(|i| if i / 5 < 4 { 1.0 } else { 2.0 }));
    turned.frame.transform = [0.0, 0.0, 10.0, 0.0, -10.0, 0.0];
    for sheet in [south_up, turned] {
        let other = measured(&sheet, None, &OVER, Ask::Classes, 1);
        for (a, b) in other.zones.iter().zip(&upright.zones) {
            let cells =
                |zone: &zonal::ZoneTable| zone.sums.classes.values().map(|s| s.parts).collect::<Vec<_>>();
            assert_eq!(cells(a), cells(b));
        }
    }
}

/// Noise over more than thirty rows of blocks, in which zones overlap.
const NOISY: [&str; 3] = [
    "POLYGON ((13 -7, 391 -55, 350 -377, 41 -390, 13 -7))",
    "POLYGON ((5 -5, 200 -9, 90 -300, 5 -5))",
    "POLYGON ((-20 -100, 60 -100, 60 -130, -20 -130, -20 -100))",
];

fn noise(kind: CellKind, seed: u64, spread: f64) -> Sheet {
    let mut state = seed | 1;
    let mut next = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1u64 << 53) as f64
    };
    let mut sheet = Sheet::new(kind, 40, (0..2600).map(|_| (next() - 0.3) * spread));
    sheet.valid = (0..2600).map(|i| i % 17 != 3).collect();
    sheet
}

proptest! {
    #![proptest_config(chance::cases(24))]

    /// However a raster is dealt out, in whatever order its parts come and however often: they are the whole.
    #[test]
    fn parts_of_any_partition_merge_to_the_whole(
        seed in any::<u64>(),
        of in 1..40u32,
        order in any::<u64>(),
        asked in 0..4usize,
        threads in 1..4usize,
    ) {
        let (sheet, weights) = (noise(CellKind::F32, seed, 9.0), noise(CellKind::F32, !seed, 1.0));
        let (laid, steps) = (laid(&sheet, &NOISY), Steps::new(vec![2.0], |v| v >= 2.0));
        let statistics = Ask::Statistics { quantiles: true };
        let ask = [Ask::Classes, Ask::Where(&steps), statistics, statistics][asked];
        let weights = (asked == 3).then_some(&weights as &dyn Raster);
        let request = Request { laid: &laid, raster: &sheet, weights, ask, most: MOST_VALUES };
        let part = |number: u32, of: u32| {
            on_threads(threads, || Partial::measure(&request, Share { number, of }, &Unwatched)).unwrap()
        };
        let mut numbers: Vec<u32> = (1..=of).collect();
        numbers.sort_by_key(|&number| u64::from(number).wrapping_mul(order | 1));
        let mut all = part(numbers[0], of);
        for &number in numbers.iter().chain(&numbers[..1]) {
            if all.missing().is_empty() {
                prop_assert_eq!(&all, &part(1, 1));
            }
            all.join(part(number, of)).unwrap();
        }
        prop_assert!(all.missing().is_empty());
        prop_assert_eq!(&all, &part(1, 1));
        let whole = on_threads(threads, || zonal::measure(&request, &Unwatched)).unwrap();
        prop_assert_eq!(all.table().unwrap(), whole);
    }

    /// Room for few values or for all: the same quantiles, which are those of a sorted list.
    #[test]
    fn quantiles_are_exact_however_little_is_kept(
        seed in any::<u64>(),
        kind in 0..4usize,
        threads in 1..4usize,
        weighed in any::<bool>(),
    ) {
        let (kind, spread) = [
            (CellKind::F32, 30.0),
            (CellKind::F64, 1e-300),
            (CellKind::I16, 20_000.0),
            (CellKind::I64, 9e18),
        ][kind];
        let (sheet, mut weights) = (noise(kind, seed, spread), noise(CellKind::F32, !seed, 1.0));
        weights.values.iter_mut().for_each(|weight| *weight = weight.abs());
        let laid = laid(&sheet, &NOISY);
        let weights = weighed.then_some(&weights as &dyn Raster);
        let ask = Ask::Statistics { quantiles: true };
        let measured = |most: usize| {
            let request = Request { laid: &laid, raster: &sheet, weights, ask, most };
            on_threads(threads, || zonal::measure(&request, &Unwatched)).unwrap()
        };
        let (few, all) = (measured(1), measured(MOST_VALUES));
        let kept = |zonal: &Zonal| zonal.zones.iter().map(|zone| zone.sums.values.len()).sum::<usize>();
        // Several threads may each have room enough.
        prop_assert!(threads > 1 || kept(&few) < kept(&all), "{} of {}", kept(&few), kept(&all));
        for (few, all) in few.zones.iter().zip(&all.zones) {
            for share in SHARES {
                prop_assert_eq!(zonal::quantile(&few.sums, share), zonal::quantile(&all.sums, share));
            }
            prop_assert_eq!(few.sums.moments, all.sums.moments);
        }
    }
}

/// Whole cells, so that quantiles are those of a sorted list.
#[test]
fn a_quantile_is_the_value_at_its_place_in_a_sorted_list() {
    let sheet = noise(CellKind::F64, 5, 30.0);
    let whole = ["POLYGON ((0 0, 400 0, 400 -650, 0 -650, 0 0))"];
    let laid = laid(&sheet, &whole);
    let ask = Ask::Statistics { quantiles: true };
    let request = Request { laid: &laid, raster: &sheet, weights: None, ask, most: 1 };
    let zonal = zonal::measure(&request, &Unwatched).unwrap();
    let held = sheet.values.iter().zip(&sheet.valid).filter(|(_, valid)| **valid);
    let mut sorted: Vec<f64> = held.map(|(value, _)| *value).collect();
    sorted.sort_by(f64::total_cmp);
    for share in SHARES {
        let place = (share * sorted.len() as f64).ceil() as usize - 1;
        assert_eq!(zonal::quantile(&zonal.zones[0].sums, share), Some(sorted[place]));
    }
}

#[test]
fn more_classes_than_may_be_kept_are_refused() {
    let sheet = noise(CellKind::F32, 1, 9.0);
    let laid = laid(&sheet, &NOISY);
    let request = Request { laid: &laid, raster: &sheet, weights: None, ask: Ask::Classes, most: 1000 };
    for threads in [1, 3] {
        let refused = on_threads(threads, || zonal::measure(&request, &Unwatched)).unwrap_err();
        assert!(matches!(refused, MeasureError::TooManyClasses { apart: false, .. }), "{refused:?}");
    }
    let ask = Ask::Statistics { quantiles: true };
    let part = Partial::measure(&Request { ask, ..request }, Share { number: 1, of: 1 }, &Unwatched);
    assert!(matches!(part, Err(MeasureError::TooManyValues { most: 1000, .. })), "{part:?}");
}
