//! Parts of a measurement and the whole: laws on random towns, and the program on the sample county.

use std::collections::BTreeSet;
use std::path::PathBuf;

use proptest::prelude::*;
use sencheng::attribute::Value;
use sencheng::finding::Finding;
use sencheng::geometry::tile::Tile;
use sencheng::measure::coverage::{self, Coverage, Plan};
use sencheng::measure::heap::UNLIMITED;
use sencheng::measure::partial::{Clash, Missing, Partial, merge};
use sencheng::measure::task::{Allotment, Task};
use sencheng::measure::{MeasureError, Unwatched};
use sencheng::outputs::partial_file::refused::Refused;
use sencheng::outputs::partial_file::{self, Term, TermKind, Terms};
use sencheng::prepare::{self, Zones};
use sencheng::sample;
use sencheng::survey::layer::Layer;
use sencheng::survey::{Batch, Batches, RingKind, Source, SourceFault, ZoneLayer, ZoneRecord};
use sencheng::threads::on_threads;

use crate::chance;
use crate::engine::{Memory, layer, measured, model, plan};
use crate::town::{self, Town};
use crate::workbench::{Workbench, at, three_patches, two_towns};

fn zones(town: &Town) -> Zones {
    prepare::zones(&layer(town)).0
}

fn part(town: &Town, zones: &Zones, handed_out: usize, allotment: Allotment) -> Partial {
    let task = Task::new(zones, handed_out, allotment);
    let source = Memory(town);
    let done = coverage::part(&[&source], &task, |_| plan(), &model(zones), UNLIMITED, &Unwatched);
    done.expect("nothing can fail in memory").0
}

fn bytes(partial: &Partial) -> Vec<u8> {
    partial_file::bytes(&Terms::default(), partial).unwrap()
}

fn tiles(tiles: impl IntoIterator<Item = Tile>) -> Allotment {
    Allotment::Tiles(tiles.into_iter().collect())
}

fn finished(partial: Partial, zones: &Zones) -> Coverage {
    coverage::finish(partial, zones, plan(), &model(zones)).expect("it is whole").coverage
}

/// The tiles of some zones dealt out to so many hands, one after another or by chance.
fn dealt(zones: &Zones, hands: usize, chance: u64) -> Vec<Allotment> {
    let mut parts = vec![BTreeSet::new(); hands];
    for (i, tile) in (0u64..).zip(zones.tiles()) {
        let hand = (i.wrapping_mul(chance | 1) >> 3) as usize % hands;
        parts[hand].insert(tile);
    }
    parts.into_iter().filter(|part| !part.is_empty()).map(Allotment::Tiles).collect()
}

proptest! {
    #![proptest_config(chance::cases(48))]

    #[test]
    fn parts_of_any_partition_merge_to_the_whole(
        town in town::town(),
        hands in 2..6usize,
        chance in any::<u64>(),
        kept in 1..10usize,
    ) {
        let zones = zones(&town);
        // What is not handed out stands for county and scopes.
        let handed_out = kept.min(zones.zones().len());
        let whole = part(&town, &zones, handed_out, Allotment::Everything);
        let each = |allotments: Vec<Allotment>| -> Vec<Partial> {
            allotments.into_iter().map(|a| part(&town, &zones, handed_out, a)).collect()
        };
        let by_chance = each(dealt(&zones, hands, chance));
        let one_by_one = each(zones.tiles().map(|tile| tiles([tile])).collect());
        let by_zone = each((0..handed_out as u32).map(|zone| Allotment::Zones([zone].into())).collect());
        for mut parts in [by_chance, one_by_one, by_zone] {
            let merged = merge(parts.clone()).unwrap();
            prop_assert!(bytes(&merged) == bytes(&whole), "merged differs from the whole");
            parts.reverse();
            let middle = parts.len() / 2;
            parts.rotate_left(middle);
            prop_assert!(bytes(&merge(parts.clone()).unwrap()) == bytes(&whole), "the order matters");
            let again = parts.clone().into_iter().chain(parts.clone()).chain([whole.clone()]);
            prop_assert!(bytes(&merge(again.collect()).unwrap()) == bytes(&whole), "twice is not once");
            // Merged in two steps, whatever is merged first.
            let (some, rest) = parts.split_at(middle.max(1).min(parts.len()));
            let step = [merge(some.to_vec()).unwrap()].into_iter().chain(rest.iter().cloned());
            prop_assert!(bytes(&merge(step.collect()).unwrap()) == bytes(&whole), "grouping matters");
        }
        prop_assert_eq!(finished(whole, &zones), measured(&town).coverage);
    }
}

#[test]
fn a_partial_is_the_same_on_any_number_of_threads() {
    for town in town::seeded(12) {
        let zones = zones(&town);
        let some = dealt(&zones, 2, 5).remove(0);
        let on = |n| on_threads(n, || bytes(&part(&town, &zones, zones.zones().len(), some.clone())));
        let one = on(1);
        assert!(one == on(2) && one == on(5));
    }
}

#[test]
fn what_is_missing_is_named_and_is_not_added_up() {
    let town = town::seeded(40).into_iter().find(|t| zones(t).tiles().count() > 3).unwrap();
    let zones = zones(&town);
    let all: Vec<Tile> = zones.tiles().collect();
    let some = part(&town, &zones, zones.zones().len(), tiles(all[1..].to_vec()));
    assert_eq!(some.missing(&zones), Some(Missing::Tiles(vec![all[0]])));
    let stopped = coverage::finish(some, &zones, plan(), &model(&zones));
    assert!(matches!(stopped, Err(MeasureError::Misfit)));
    let whole = part(&town, &zones, zones.zones().len(), Allotment::Everything);
    assert_eq!(whole.missing(&zones), None);
}

#[test]
fn a_partial_does_not_fit_fewer_zones_or_another_plan() {
    let town = town::seeded(40).into_iter().find(|t| t.zones.len() > 2).unwrap();
    let (all, one) = (zones(&town), zones(&town.as_one_zone()));
    let whole = part(&town, &all, all.zones().len(), Allotment::Everything);
    let stopped = coverage::finish(whole.clone(), &one, plan(), &model(&one));
    assert!(matches!(stopped, Err(MeasureError::Misfit)));
    let other = coverage::Plan::new(1, vec![vec![0]], Vec::new(), vec![vec![coverage::Reading::Class(0)]], 0);
    let stopped = coverage::finish(whole, &all, other, &model(&all));
    assert!(matches!(stopped, Err(MeasureError::Misfit)));
}

/// The same survey but for one patch, which moved within its tiles: the sums of a tile differ.
#[test]
fn parts_that_overlap_and_differ_are_refused_by_name() {
    let town = town::seeded(40).into_iter().find(|t| zones(t).tiles().count() > 3).unwrap();
    let zones = zones(&town);
    let n = zones.zones().len();
    let moved = Town {
        patches: town.patches[1..].iter().chain(&town.patches[..1]).cloned().collect(),
        ..town.clone()
    };
    let mut moved = moved;
    moved.patches.iter_mut().for_each(|patch| patch.class = 0);
    let all: Vec<Tile> = zones.tiles().collect();
    let (one, other) =
        (part(&town, &zones, n, Allotment::Everything), part(&moved, &zones, n, tiles(all[1..].to_vec())));
    match merge(vec![one.clone(), other.clone()]) {
        Err(Clash::Differ(0, 1, tile)) => assert!(all[1..].contains(&tile)),
        clash => panic!("{clash:?}"),
    }
    assert!(matches!(merge(vec![other, one.clone()]), Err(Clash::Differ(_, _, _))));
    assert_eq!(merge(Vec::new()), Err(Clash::Nothing));
    if n > 1 {
        let (tile, zone) =
            (part(&town, &zones, n, tiles([all[0]])), part(&town, &zones, n, Allotment::Zones([0].into())));
        assert_eq!(merge(vec![tile, zone]), Err(Clash::Mixed(0, 1)));
    }
}

// ---- The file

fn terms(program: &str) -> Terms {
    let term = |kind, key: &str, value: &str| Term { kind, key: key.to_owned(), value: value.to_owned() };
    Terms::new([
        term(TermKind::Setting, "area", "plane"),
        term(TermKind::Program, "sencheng", program),
        term(TermKind::Input, "a.shp", "12"),
    ])
}

#[test]
fn a_file_comes_back_as_it_was_written_or_not_at_all() {
    let town = &town::seeded(3)[2];
    let zones = zones(town);
    let whole = part(town, &zones, zones.zones().len(), Allotment::Everything);
    let written = partial_file::bytes(&terms("1"), &whole).unwrap();
    assert_eq!(partial_file::read::<Partial>("x", &written).unwrap(), (terms("1"), whole));
    for length in 0..written.len() {
        let cut = partial_file::read::<Partial>("x", &written[..length]);
        assert!(matches!(cut, Err(Refused::CutOff { .. })), "{length}: {cut:?}");
    }
    let mut longer = written.clone();
    longer.push(0);
    assert_eq!(partial_file::read::<Partial>("x", &longer), Err(Refused::Damaged { file: "x".into() }));
    for at in 0..written.len() {
        let mut changed = written.clone();
        changed[at] ^= 0x10;
        assert!(partial_file::read::<Partial>("x", &changed).is_err(), "byte {at}");
    }
    assert_eq!(
        partial_file::read::<Partial>("x", b"something else"),
        Err(Refused::NotOne { file: "x".into() })
    );
}

#[test]
fn terms_differ_by_kind_and_key() {
    assert_eq!(terms("1").difference(&terms("1")), None);
    let (kind, key, values) = terms("1").difference(&terms("2")).unwrap();
    assert_eq!((kind, key.as_str()), (TermKind::Program, "sencheng"));
    assert_eq!(values, [Some("1".to_owned()), Some("2".to_owned())]);
    let (kind, key, values) = terms("1").difference(&Terms::new([])).unwrap();
    assert_eq!((kind, key.as_str(), values[1].clone()), (TermKind::Program, "sencheng", None));
}

// ---- The program

fn sample() -> String {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("samples/heping/project.toml").display().to_string()
}

/// Writes lists of lines, and a partial of each; gives the names of the partials.
fn partials(bench: &Workbench, project: &str, kind: &str, lists: &[Vec<String>]) -> Vec<String> {
    let each = lists.iter().enumerate().map(|(i, lines)| {
        let (list, name) = (format!("{kind}{i}.txt"), format!("{kind}{i}.partial"));
        std::fs::write(bench.path(&list), lines.join("\n")).unwrap();
        bench.run(&["-q", "partial", project, "--tiles", &list, "-o", &name]).ended(0);
        name
    });
    each.collect()
}

fn listed(bench: &Workbench, project: &str, what: &str) -> Vec<String> {
    bench.run(&["partial", project, what]).ended(0).out.lines().map(str::to_owned).collect()
}

fn merged(bench: &Workbench, parts: &[String], output: &str) -> Vec<u8> {
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    bench.run(&[&["-q", "merge"], &parts[..], &["-o", output]].concat()).ended(0);
    std::fs::read(bench.path(output)).unwrap()
}

#[test]
fn the_sample_county_in_parts_is_the_sample_county() {
    let (bench, project) = (Workbench::new(), sample());
    bench.run(&["-q", "partial", &project, "-o", "whole.partial"]).ended(0);
    let whole = std::fs::read(bench.path("whole.partial")).unwrap();
    let (tiles, towns) = (listed(&bench, &project, "--list-tiles"), listed(&bench, &project, "--list-towns"));
    assert!(tiles.len() > 2000 && towns.len() == 17, "{} {}", tiles.len(), towns.len());
    let two: Vec<Vec<String>> = tiles.chunks(tiles.len().div_ceil(2)).map(<[String]>::to_vec).collect();
    let mut two = partials(&bench, &project, "two", &two);
    assert!(merged(&bench, &two, "merged.partial") == whole);
    two.reverse();
    two.push(two[0].clone());
    assert!(merged(&bench, &two, "merged.partial") == whole);
    let hand = |n: usize| tiles.iter().skip(n).step_by(5).cloned().collect();
    let five: Vec<Vec<String>> = [3, 0, 4, 1, 2].into_iter().map(hand).collect();
    let five = partials(&bench, &project, "five", &five);
    assert!(merged(&bench, &five, "merged.partial") == whole);
    // Some tiles alone, the others together.
    let (alone, rest): (Vec<_>, Vec<_>) = tiles.iter().cloned().enumerate().partition(|(i, _)| i % 400 == 7);
    let mut lists: Vec<Vec<String>> = alone.into_iter().map(|(_, tile)| vec![tile]).collect();
    lists.push(rest.into_iter().map(|(_, tile)| tile).collect());
    assert!(merged(&bench, &partials(&bench, &project, "alone", &lists), "merged.partial") == whole);
    let lists: Vec<Vec<String>> = towns.chunks(4).map(<[String]>::to_vec).collect();
    let by_town = partials(&bench, &project, "town", &lists);
    assert!(merged(&bench, &by_town, "merged.partial") == whole);

    let ran = bench.run(&["run", &project, "--out", "ran"]);
    let five: Vec<&str> = five.iter().map(String::as_str).collect();
    let merged = bench.run(&[&["merge"], &five[..], &["--project", &project, "--out", "merged"]].concat());
    assert_eq!((ran.code, &ran.out), (merged.code, &merged.out));
    assert!(bench.documents("ran") == bench.documents("merged"));
    assert_eq!(bench.documents("ran").len(), 12);
}

pub const PROJECT: &str = "schema = 1\n[zones]\nfile = \"towns.geojson\"\nid = \"id\"\nname = \"name\"\n\n[[cover]]\n\
    name = \"xb\"\nfile = \"cover.geojson\"\nfield = \"class\"\nmap = [{ values = [\"111\"], class = \"arbor\" }]\n\n\
    [standard]\nrules = [\"rules.toml\"]\n";

/// Two towns of a square kilometre on four tiles and more, three patches, a rule file of one's own.
pub fn small() -> Workbench {
    let bench = Workbench::new();
    bench.write("towns.geojson", &two_towns()).write("cover.geojson", &three_patches());
    std::fs::write(bench.path("p.toml"), PROJECT).unwrap();
    let rules = bench.run(&["rules", "show", "LY/T 2004-2012", "--toml"]).ended(0).out.clone();
    std::fs::write(bench.path("rules.toml"), rules).unwrap();
    bench
}

#[test]
fn every_tile_alone_merges_to_the_whole() {
    let bench = small();
    let tiles = listed(&bench, "p.toml", "--list-tiles");
    assert!(tiles.len() >= 4, "{tiles:?}");
    let each: Vec<Vec<String>> = tiles.iter().map(|tile| vec![tile.clone()]).collect();
    let parts = partials(&bench, "p.toml", "tile", &each);
    bench.run(&["-q", "partial", "p.toml", "-o", "whole.partial"]).ended(0);
    assert!(merged(&bench, &parts, "m.partial") == std::fs::read(bench.path("whole.partial")).unwrap());
    let some: Vec<&str> = parts[1..].iter().map(String::as_str).collect();
    let whole = [&["merge"], &some[..], &["--project", "p.toml", "--out", "out"]].concat();
    bench.run(&whole).refused("partial-missing", &["1 of ", &tiles[0]]);
    assert!(!bench.path("out").exists());
}

#[test]
fn partials_of_other_terms_are_refused_by_name() {
    let bench = small();
    let partial = |more: &[&str], name: &str| {
        bench.run(&[&["-q", "partial", "p.toml", "-o", name], more].concat()).ended(0);
    };
    let merge = |a: &str, b: &str| bench.run(&["merge", a, b, "-o", "m.partial"]);
    partial(&[], "a.partial");
    partial(&["--overlap-pairs", "3"], "pairs.partial");
    merge("a.partial", "pairs.partial").refused("partial-settings", &["pairs.partial", "overlap_pairs", "3"]);
    partial(&["--crs", "EPSG:4548"], "crs.partial");
    merge("a.partial", "crs.partial").refused("partial-settings", &["crs.partial", "EPSG:4548"]);

    let rules = std::fs::read_to_string(bench.path("rules.toml")).unwrap();
    let title = rules.lines().find(|line| line.starts_with("title")).unwrap();
    std::fs::write(bench.path("rules.toml"), rules.replacen(title, &title.replace(['县', '城'], "市"), 1))
        .unwrap();
    partial(&[], "rules.partial");
    merge("a.partial", "rules.partial").refused("partial-rules", &["rules.partial"]);
    std::fs::write(bench.path("rules.toml"), &rules).unwrap();

    let cover = std::fs::read_to_string(bench.path("cover.geojson")).unwrap();
    std::fs::write(bench.path("cover.geojson"), format!("{cover}\n")).unwrap();
    partial(&[], "input.partial");
    merge("a.partial", "input.partial").refused("partial-inputs", &["input.partial", "cover.geojson"]);
    let late = bench.run(&["merge", "a.partial", "--project", "p.toml", "--out", "out"]);
    late.refused("partial-inputs", &["p.toml", "cover.geojson"]);

    let bytes = std::fs::read(bench.path("a.partial")).unwrap();
    let (_, part) = partial_file::read::<Partial>("a.partial", &bytes).unwrap();
    std::fs::write(bench.path("old.partial"), partial_file::bytes(&terms("sencheng 0.0.1"), &part).unwrap())
        .unwrap();
    merge("a.partial", "old.partial").refused("partial-version", &["old.partial", "sencheng 0.0.1"]);
    std::fs::write(bench.path("cut.partial"), &bytes[..bytes.len() - 1]).unwrap();
    merge("a.partial", "cut.partial").refused("partial-cut-off", &["cut.partial"]);
    std::fs::write(bench.path("not.partial"), "id,area\n").unwrap();
    merge("a.partial", "not.partial").refused("partial-not-one", &["not.partial"]);
    merge("a.partial", "gone.partial").refused("cannot-read", &["gone.partial"]);
    assert!(!bench.path("m.partial").exists() && !bench.path("out").exists());
}

#[test]
fn lists_that_name_what_is_not_there_are_refused() {
    let bench = small();
    let list = |text: &str| {
        std::fs::write(bench.path("list"), text).unwrap();
        bench.run(&["partial", "p.toml", "--tiles", "list", "-o", "x.partial"])
    };
    list("# none\n").refused("tile-list", &["list"]);
    list("tile 1 1\n").refused("tile-list", &["line 1", "tile 1 1"]);
    list("town 2\ntown 9\n").refused("tile-list", &["line 2", "town 9"]);
    let tile = listed(&bench, "p.toml", "--list-tiles").remove(0);
    list(&format!("{tile}\ntown 2\n")).refused("tile-list", &["line 2"]);
    list("zone 2\n").refused("tile-list", &["zone 2"]);
    assert!(!bench.path("x.partial").exists());
    list("\n# a remark\ntown 2\r\n").ended(0);
}

/// A town's partial holds what it has of a patch whose home is another town's, and the county's scopes go along.
#[test]
fn towns_merge_to_the_whole_also_where_patches_cross_and_lie_elsewhere() {
    let bench = small();
    let far = three_patches().with(["111".into()], &at(9000.0, 9000.0, 9100.0, 9100.0));
    bench.write("cover.geojson", &far);
    let parts = partials(&bench, "p.toml", "town", &[vec!["town 1".into()], vec!["town 2".into()]]);
    bench.run(&["-q", "partial", "p.toml", "-o", "whole.partial"]).ended(0);
    assert!(merged(&bench, &parts, "m.partial") == std::fs::read(bench.path("whole.partial")).unwrap());
    let (one, other) = (parts[0].as_str(), parts[1].as_str());
    let answer = bench.run(&["merge", other, one, "--project", "p.toml", "--out", "out"]);
    answer.told("note", "patches-elsewhere", &["1 of 4"]);
    bench
        .run(&["merge", one, "--project", "p.toml", "--out", "o"])
        .refused("partial-missing", &["1 of 2", "town 2"]);
}

// ---- Every tile of towns of the sample county alone

/// The features of a layer as patches; a field gives their value.
fn patches(layer: &Layer, field: &str) -> Batch {
    let field = layer.fields.iter().position(|f| f.name == field).unwrap();
    let mut batch = Batch::default();
    for feature in &layer.features {
        for polygon in feature.shape.iter().flatten() {
            let points = |line: &geo::LineString<f64>| line.0.iter().map(|c| [c.x, c.y]).collect::<Vec<_>>();
            batch.push_ring(RingKind::Shell, points(polygon.exterior()));
            polygon.interiors().iter().for_each(|hole| batch.push_ring(RingKind::Hole, points(hole)));
        }
        let value = &feature.values[field];
        let known = batch.new_values.iter().position(|v| v == value);
        let number = known.unwrap_or(batch.new_values.len());
        if known.is_none() {
            batch.new_values.push(value.clone());
        }
        let id = batch.patches.len().to_string();
        batch.push_patch(number as u32, &id);
    }
    batch
}

struct OneBatch(Batch);

struct Once<'a>(Option<&'a Batch>);

impl Source for OneBatch {
    fn name(&self) -> &str {
        "xiaoban"
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

#[test]
fn every_tile_of_two_sample_towns_alone_merges_to_the_whole() {
    let county = sample::county(1, 400);
    let towns = patches(&county.towns, "XZQDM");
    let record = |i: usize| ZoneRecord { id: i.to_string(), name: None, features: vec![i] };
    let layer = ZoneLayer { layer: "towns".into(), zones: (0..2).map(record).collect(), shapes: towns };
    let zones = prepare::zones(&layer).0;
    let source = OneBatch(patches(&county.patches, "DI_LEI"));
    let values = source.0.new_values.len();
    let plan = |met: &[Vec<Value>]| {
        assert_eq!(met[0].len(), values);
        let readings = (0..values).map(coverage::Reading::Class).collect();
        Plan::new(values, vec![(0..values).collect()], Vec::new(), vec![readings], 1000)
    };
    let area = model(&zones);
    let part = |allotment| {
        let task = Task::new(&zones, 2, allotment);
        coverage::part(&[&source], &task, plan, &area, UNLIMITED, &Unwatched).unwrap().0
    };
    let whole = part(Allotment::Everything);
    let alone: Vec<Partial> = zones.tiles().map(|tile| part(tiles([tile]))).collect();
    assert!(alone.len() > 150, "{}", alone.len());
    let merged = merge(alone.into_iter().rev().collect()).unwrap();
    assert!(bytes(&merged) == bytes(&whole));
    assert!(
        bytes(&merge(vec![part(Allotment::Zones([1].into())), part(Allotment::Zones([0].into()))]).unwrap())
            == bytes(&whole)
    );
    let coverage = coverage::finish(merged, &zones, plan(&whole.surveyed.values), &area).unwrap().coverage;
    let covered: u64 = coverage.values[0].iter().map(|value| value.features).sum();
    assert!(covered > 20 && covered < source.0.patches.len() as u64, "{covered}");
}
