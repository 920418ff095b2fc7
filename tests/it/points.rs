//! Points over zones, and sums of their attributes: by hand, by their laws, and by the command.

use proptest::prelude::*;
use sencheng::attribute::{Amount, Value};
use sencheng::measure::Unwatched;
use sencheng::measure::points::{Points, Tally, count};
use sencheng::prepare::Zones;
use sencheng::survey::RingKind;
use sencheng::threads::on_threads;

use crate::chance;
use crate::differential::surveys::{Dice, survey};
use crate::lines::{Feature, Memory, rectangle, town, zones_of};
use crate::workbench::{Cell, Sheet, Workbench, X, Y, at, two_towns};

fn point(class: usize, place: [f64; 2], amount: f64) -> Feature {
    Feature { class, parts: vec![vec![place]], amounts: vec![Amount::of(amount)] }
}

fn counted(zones: &Zones, features: &[Feature], stretch: usize, threads: usize) -> Points {
    let source = Memory { kind: RingKind::Places, features, stretch };
    on_threads(threads, || count(&source, zones, 1, &Unwatched)).unwrap().0
}

/// How many points each zone has, how many lie outside, and how many are counted twice.
fn counts(zones: &Zones, places: &[[f64; 2]]) -> (Vec<u64>, u64, u64) {
    let features: Vec<Feature> = places.iter().map(|place| point(0, *place, 1.0)).collect();
    let table = counted(zones, &features, 0, 1).table;
    let count = |row: &Vec<Tally>| row[0].count;
    (table.zones.iter().map(count).collect(), count(&table.outside), count(&table.shared))
}

#[test]
fn a_point_on_a_border_counts_once_for_the_first_zone_there() {
    let zones = town(vec![rectangle(1000.0, 0.0, 2000.0, 1000.0), rectangle(0.0, 0.0, 1000.0, 1000.0)]);
    let inside = [[500.0, 500.0], [1500.0, 500.0], [1500.0, 600.0]];
    assert_eq!(counts(&zones, &inside), (vec![2, 1], 0, 0));
    let border = [[1000.0, 1.0], [1000.0, 0.0], [1000.0, 1000.0]];
    assert_eq!(counts(&zones, &border), (vec![3, 0], 0, 0));
    let outer = [[0.0, 0.0], [0.0, 400.0], [2000.0, 1000.0], [1300.0, 1000.0]];
    assert_eq!(counts(&zones, &outer), (vec![2, 2], 0, 0));
    let outside = [[-0.001, 400.0], [2000.1, 1000.0], [5e6, 5e6]];
    assert_eq!(counts(&zones, &outside), (vec![0, 0], 3, 0));
}

#[test]
fn a_point_in_two_zones_that_overlap_counts_in_both_and_the_table_says_so() {
    let zones = town(vec![rectangle(0.0, 0.0, 1000.0, 1000.0), rectangle(800.0, 0.0, 2000.0, 1000.0)]);
    assert_eq!(counts(&zones, &[[900.0, 500.0], [800.0, 500.0], [1000.0, 500.0]]), (vec![3, 3], 0, 3));
}

/// Borders of tiles are no borders of zones: 1024 is a tile's.
#[test]
fn borders_of_work_tiles_lose_no_point() {
    let zones = town(vec![rectangle(0.0, 0.0, 1500.0, 3000.0), rectangle(1500.0, 0.0, 3000.0, 3000.0)]);
    let places: Vec<[f64; 2]> = (0..24).map(|i| [128.0 * f64::from(i), 1024.0]).collect();
    assert_eq!(counts(&zones, &places), (vec![12, 12], 0, 0));
}

#[test]
fn a_feature_of_several_points_counts_once_where_its_first_lies() {
    let zones = town(vec![rectangle(0.0, 0.0, 1000.0, 1000.0), rectangle(1000.0, 0.0, 2000.0, 1000.0)]);
    let several = Feature { parts: vec![vec![[1500.0, 5.0]], vec![[5.0, 5.0]]], ..point(0, [0.0; 2], 2.5) };
    let points = counted(&zones, &[several], 0, 1);
    assert_eq!((points.several, points.table.zones[0][0].count), (1, 0));
    assert_eq!(points.table.zones[1][0].sums[0].amount.to_string(), "2.5");
}

/// Places over a town and beyond, many of them on the outlines of zones.
fn places_over(number: u64) -> (Zones, Vec<Feature>) {
    let (_, town) = survey(number);
    let dice = &mut Dice(number);
    let [w, s, e, n] = town.extent;
    let mut features: Vec<Feature> = (0..40)
        .map(|_| {
            let place = [dice.between(w - 50.0, e + 50.0), dice.between(s - 50.0, n + 50.0)];
            point(dice.whole(0, 3), place, (dice.between(-1e6, 1e6) * 1e3).round() / 1e3)
        })
        .collect();
    for ring in town.zones.iter().flatten().flatten() {
        let at = dice.whole(0, ring.len() - 2);
        let t = dice.between(0.0, 1.0);
        let between = |i: usize| ring[at][i] + (ring[at + 1][i] - ring[at][i]) * t;
        features.push(point(4, ring[at], 0.1));
        features.push(point(4, [between(0), between(1)], f64::NAN));
    }
    (zones_of(&town), features)
}

/// In a partition every point on a border counts once, also where rounding puts it a nanometre beside it.
#[test]
fn no_point_is_lost_or_counted_twice_on_the_borders_of_random_towns() {
    let mut on_borders = 0;
    for number in 0..300 {
        let (zones, features) = places_over(number);
        let table = counted(&zones, &features, 0, 1).table;
        let class = table.values.iter().position(|value| *value == Value::Integer(4)).unwrap();
        let all = table.whole[class].count;
        let found: u64 = table.zones.iter().map(|row| row[class].count).sum();
        // The spike of an invalid zone is no ground; a point on it lies outside.
        let outside = table.outside[class].count;
        assert!(
            outside <= 2 && found - table.shared[class].count + outside == all,
            "{number}: {found} of {all}"
        );
        on_borders += all;
    }
    assert!(on_borders > 2000, "{on_borders}");
}

#[test]
fn threads_stretches_and_order_change_no_bit() {
    for number in 0..40 {
        let (zones, features) = places_over(number);
        let once = counted(&zones, &features, 0, 1);
        let reversed: Vec<Feature> = features.iter().rev().cloned().collect();
        for (features, stretch, threads) in [(&features, 5, 2), (&reversed, 7, 16), (&reversed, 0, 2)] {
            assert_eq!(counted(&zones, features, stretch, threads), once, "{number}");
        }
    }
}

// ---- Amounts

#[test]
fn amounts_are_the_decimals_that_a_table_shows() {
    let told = |x: f64| Amount::of(x).map(|amount| amount.to_string());
    let same = [0.1, -0.1, 12.35, 1e-9, 123_456_789.123, 9_007_199_254_740_993.0, -3.0, 1e19];
    same.iter().for_each(|&x| assert_eq!(told(x), Some(x.to_string())));
    assert_eq!(told(0.123_456_789_5).unwrap(), "0.12345679");
    assert_eq!(told(-4e-10).unwrap(), "0");
    assert_eq!([f64::NAN, f64::INFINITY, 1e20].map(told), [None, None, None]);
    let mut sum = Amount::default();
    (0..10).for_each(|_| sum += Amount::of(0.1).unwrap());
    assert_eq!((sum.to_string().as_str(), sum.number()), ("1", 1.0));
    assert_eq!(Value::Integer(i64::MAX).amount().unwrap().to_string(), i64::MAX.to_string());
    assert_eq!(Value::Text(" 2.50 ".to_owned()).amount().unwrap().to_string(), "2.5");
    assert_eq!([Value::Null, Value::Text("x".to_owned())].map(|v| v.amount()), [None, None]);
}

proptest! {
    #![proptest_config(chance::cases(256))]

    #[test]
    fn an_amount_of_a_decimal_is_that_decimal(whole in -1_000_000_000i64..1_000_000_000, decimals in 0u32..1_000_000) {
        let text = format!("{whole}.{decimals:06}");
        let quanta = text.replace('.', "").parse::<i128>().unwrap() * 1000;
        let quanta = if whole < 0 { i128::from(whole) * 1_000_000_000 - i128::from(decimals) * 1000 } else { quanta };
        prop_assert_eq!(Amount::of(text.parse().unwrap()), Some(Amount(quanta)));
    }
}

// ---- The command

fn trees() -> Sheet {
    let place = |x: f64, y: f64| format!("POINT ({} {})", X + x, Y + y);
    Sheet::new(Some("EPSG:4547"))
        .of(gdal::vector::OGRwkbGeometryType::wkbPoint)
        .text("class")
        .real("crown")
        .whole("age")
        .with(["a".into(), 1.1.into(), 10.into()], &place(100.0, 100.0))
        .with(["a".into(), 2.2.into(), 20.into()], &place(1000.0, 500.0))
        .with(["b".into(), Cell::Null, 5.into()], &place(1000.0, 1000.0))
        .with(["b".into(), 0.3.into(), 7.into()], &place(2000.0, 1000.0))
        .with([Cell::Null, 7.0.into(), 9.into()], &place(5000.0, 1000.0))
}

const TREES: &str = "zone,class,count,sum_crown,null_crown,sum_age,null_age\n2,a,2,3.3,0,30,0\n2,b,1,0,1,5,0\n2,(null),0,0,0,0,0\n1,a,0,0,0,0,0\n1,b,1,0.3,0,7,0\n1,(null),0,0,0,0,0\n(outside),a,0,0,0,0,0\n(outside),b,0,0,0,0,0\n(outside),(null),1,7,0,9,0\n";

#[test]
fn tabulate_counts_points_and_adds_up_their_attributes_in_every_format() {
    for file in ["trees.geojson", "trees.shp", "trees.gpkg", "trees.fgb"] {
        let bench = Workbench::new();
        bench.write("towns.geojson", &two_towns()).write(file, &trees());
        for threads in ["1", "2"] {
            let more = ["--sum", "crown", "--sum", "age", "--threads", threads];
            let answer = bench.tabulate("towns.geojson", file, &more);
            assert_eq!(answer.ended(0).out, TREES, "{file}");
            assert!(answer.err.contains("5 points, each counted once"), "{answer:#?}");
        }
    }
}

#[test]
fn without_sum_points_are_only_counted_and_where_selects() {
    let bench = Workbench::new();
    bench.write("towns.geojson", &two_towns()).write("trees.gpkg", &trees());
    let answer = bench.tabulate("towns.geojson", "trees.gpkg", &["--where", "age > 8"]);
    let expected =
        "zone,class,count\n2,a,2\n2,(null),0\n1,a,0\n1,(null),0\n(outside),a,0\n(outside),(null),1\n";
    assert_eq!(answer.ended(0).out, expected);
    let answer = bench.tabulate("towns.geojson", "trees.gpkg", &["--sum", "crowns"]);
    answer.refused("field-unknown", &["trees.gpkg", "crowns", "crown"]);
}

#[test]
fn values_that_are_no_numbers_are_named_and_count_as_null() {
    let bench = Workbench::new();
    let sheet =
        Sheet::new(Some("EPSG:4547")).of(gdal::vector::OGRwkbGeometryType::wkbPoint).text("class").text("n");
    let place = format!("POINT ({} {})", X + 1.0, Y + 1.0);
    let sheet = sheet.with(["k".into(), "1.5".into()], &place).with(["k".into(), "三".into()], &place);
    bench.write("towns.geojson", &two_towns()).write("trees.gpkg", &sheet);
    let answer = bench.tabulate("towns.geojson", "trees.gpkg", &["--sum", "n"]);
    assert!(answer.ended(0).out.contains("2,k,2,1.5,1\n"), "{answer:#?}");
    answer.told("warning", "sum-not-number", &["trees.gpkg", "1 values of n", "三"]);
}

#[test]
fn several_points_and_other_shapes_are_named() {
    let bench = Workbench::new();
    let several = format!("MULTIPOINT (({} {Y}),({X} {Y}))", X + 1500.0);
    let sheet =
        Sheet::new(Some("EPSG:4547")).of(gdal::vector::OGRwkbGeometryType::wkbMultiPoint).text("class");
    bench.write("towns.geojson", &two_towns()).write("p.gpkg", &sheet.with(["k".into()], &several));
    let answer = bench.tabulate("towns.geojson", "p.gpkg", &[]);
    answer.ended(0).told("warning", "point-several", &["p.gpkg", "1 features"]);
    assert!(answer.out.contains("\n1,k,1\n"), "{}", answer.out);
    let mixed = trees().with(["x".into(), Cell::Null, Cell::Null], &at(0.0, 0.0, 1.0, 1.0));
    bench.write("m.fgb", &mixed.of(gdal::vector::OGRwkbGeometryType::wkbUnknown));
    bench.tabulate("towns.geojson", "m.fgb", &[]).ended(0).told(
        "warning",
        "geometry-not-polygon",
        &["5 features"],
    );
}
