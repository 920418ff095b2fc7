//! Ten thousand random surveys, measured by the program and by GEOS, which share no code: plane areas agree in every
//! town and class. `SENCHENG_SURVEYS=2000000` runs more of them, `SENCHENG_SURVEY=N` one alone.

mod lattice;
pub mod surveys;

use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};

use geos::{Geom, Geometry};
use sencheng::geometry::area::QUANTUM_M2;

use crate::engine::{Engine, Program, Quanta, STRATA, Sums};
use crate::mutants::{MUTANTS, RIGHT};
use crate::oracle;
use crate::town::{Patch, Town, UNMAPPED};
use crate::wkt::Rings;
use surveys::{Kind, survey};

/// How many surveys every run of the tests measures.
const SURVEYS: u64 = 10_000;

#[test]
fn ten_thousand_surveys_measure_as_geos_measures_them() {
    let asked = |name: &str| std::env::var(name).ok().map(|n| n.parse::<u64>().expect("a number"));
    let numbers = match asked("SENCHENG_SURVEY") {
        Some(alone) => alone..alone + 1,
        None => 0..asked("SENCHENG_SURVEYS").unwrap_or(SURVEYS),
    };
    let apart = on_two_threads(numbers);
    let Some((number, _)) = apart.first() else { return };
    let said: String = apart.iter().take(10).map(|(_, said)| format!("{said}\n")).collect();
    panic!(
        "{} surveys differ, the first:\n{said}alone: SENCHENG_SURVEY={number} cargo test --test it ten_thousand\n{}",
        apart.len(),
        reduced(*number)
    );
}

/// The survey without what it differs without.
fn reduced(number: u64) -> String {
    let (kind, mut town) = survey(number);
    for i in (0..town.patches.len()).rev() {
        let mut fewer = town.clone();
        fewer.patches.remove(i);
        if guarded(|| differs(&Program, kind, &fewer)).is_err() {
            town = fewer;
        }
    }
    let zones = town.zones.iter().map(|zone| format!("zone {zone:?}\n"));
    let patches = town.patches.iter().map(|patch| format!("class {}: {:?}\n", patch.class, patch.parts));
    zones.chain(patches).collect()
}

/// Every engine that errs is found out by a few hundred surveys, and the one without tiles that is right is not.
#[test]
fn the_surveys_find_every_mutant_out() {
    let differ = |engine: &dyn Engine, n| survey_differs(engine, n).is_err();
    assert_eq!((0..100).find(|&n| differ(&RIGHT, n)), None);
    for mutant in &MUTANTS {
        let found = (0..400).any(|n| differ(mutant, n));
        assert!(found, "{} agrees with the oracle everywhere", mutant.name());
    }
}

/// The surveys that differ, by number, and how.
fn on_two_threads(numbers: Range<u64>) -> Vec<(u64, String)> {
    let part = |odd: u64| {
        let numbers = numbers.clone().filter(move |n| n % 2 == odd);
        move || -> Vec<(u64, String)> {
            numbers
                .filter_map(|n| {
                    guarded(|| survey_differs(&Program, n)).err().map(|how| (n, format!("survey {n}: {how}")))
                })
                .collect()
        }
    };
    let mut apart = std::thread::scope(|scope| {
        let odd = scope.spawn(part(1));
        let mut apart = part(0)();
        apart.extend(odd.join().expect("the other thread"));
        apart
    });
    apart.sort();
    apart
}

/// A panic is a difference, too.
fn guarded(compare: impl FnOnce() -> Result<(), String>) -> Result<(), String> {
    catch_unwind(AssertUnwindSafe(compare)).unwrap_or_else(|_| Err("panics".to_owned()))
}

fn survey_differs(engine: &dyn Engine, number: u64) -> Result<(), String> {
    let (kind, town) = survey(number);
    differs(engine, kind, &town)
}

fn differs(engine: &dyn Engine, kind: Kind, town: &Town) -> Result<(), String> {
    let measured = engine.measure(town, 1);
    for (zone, (ours, theirs)) in measured.iter().zip(oracle_sums(town)).enumerate() {
        for (what, ours, theirs) in theirs.beside(ours) {
            let ours = ours as f64 * QUANTUM_M2;
            if (ours - theirs).abs() > tolerance(kind, theirs) {
                return Err(format!("{kind:?}, {what} in zone {zone}: {ours} m2, oracle {theirs} m2"));
            }
        }
    }
    (measured.len() == town.zones.len()).then_some(()).ok_or_else(|| "a zone is missing".to_owned())
}

/// Of an area in square metres.
fn tolerance(kind: Kind, area_m2: f64) -> f64 {
    match kind {
        Kind::Clean => 1e-9 * area_m2 + 1e-6,
        _ => 1e-8 * area_m2 + 1e-4,
    }
}

/// What the oracle finds in a zone, in square metres.
struct Oracle {
    zone: f64,
    /// By class, and last what is unmapped.
    net: Vec<f64>,
    gross: Vec<f64>,
    /// By class, after the classes before it in its stratum.
    ranked: Vec<f64>,
    /// By stratum.
    mapped: Vec<f64>,
    figure: f64,
    figure_with_unmapped: f64,
}

impl Oracle {
    /// Each figure with its name and the engine's.
    fn beside(&self, ours: &Sums) -> Vec<(&'static str, Quanta, f64)> {
        let lists = [
            ("net", &ours.net, &self.net),
            ("gross", &ours.gross, &self.gross),
            ("ranked", &ours.ranked, &self.ranked),
            ("mapped", &ours.mapped, &self.mapped),
        ];
        let lists = lists.into_iter().flat_map(|(what, ours, theirs)| {
            assert_eq!(ours.len(), theirs.len(), "{what}");
            ours.iter().zip(theirs).map(move |(a, b)| (what, *a, *b))
        });
        let single = [
            ("ground", ours.zone, self.zone),
            ("figure", ours.figure, self.figure),
            ("figure with unmapped", ours.figure_with_unmapped, self.figure_with_unmapped),
        ];
        lists.chain(single).collect()
    }
}

/// By zone. Coordinates are moved to the corner of the extent first, so that the oracle keeps its digits.
fn oracle_sums(town: &Town) -> Vec<Oracle> {
    let origin = [town.extent[0], town.extent[1]];
    let ground = |patch: &Patch| (patch.class, bounds(&patch.parts), oracle::ground(&patch.parts, origin));
    let patches: Vec<_> = town.patches.iter().map(ground).collect();
    let zone = |parts: &Vec<Rings>| {
        let (outline, within) = (oracle::ground(parts, origin), bounds(parts));
        let mut pieces: Vec<Vec<Geometry>> = (0..=UNMAPPED).map(|_| Vec::new()).collect();
        for (class, _, shape) in patches.iter().filter(|(_, b, _)| meet(b, &within)) {
            pieces[*class].push(shape.intersection(&outline).expect("intersection"));
        }
        zone_sums(&outline, pieces)
    };
    town.zones.iter().map(zone).collect()
}

fn zone_sums(outline: &Geometry, pieces: Vec<Vec<Geometry>>) -> Oracle {
    let gross = pieces.iter().map(|pieces| pieces.iter().map(area).sum()).collect();
    let grounds: Vec<Geometry> = pieces.into_iter().map(oracle::unite).collect();
    let mut ranked = vec![0.0; UNMAPPED];
    let mut unions = Vec::new();
    for classes in STRATA {
        let mut union = Geometry::create_empty_polygon().expect("empty");
        for &class in classes {
            let wider = union.union(&grounds[class]).expect("union");
            ranked[class] = area(&wider) - area(&union);
            union = wider;
        }
        unions.push(union);
    }
    let mapped = unions.iter().map(area).collect();
    let figure = unions[0].union(&unions[1]).expect("union");
    let with_unmapped = figure.union(&grounds[UNMAPPED]).expect("union");
    Oracle {
        zone: area(outline),
        net: grounds.iter().map(area).collect(),
        gross,
        ranked,
        mapped,
        figure: area(&figure),
        figure_with_unmapped: area(&with_unmapped),
    }
}

fn area(shape: &Geometry) -> f64 {
    shape.area().expect("area")
}

fn bounds(parts: &[Rings]) -> [f64; 4] {
    let none = [f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY];
    parts
        .iter()
        .flatten()
        .flatten()
        .fold(none, |[w, s, e, n], &[x, y]| [w.min(x), s.min(y), e.max(x), n.max(y)])
}

fn meet(a: &[f64; 4], b: &[f64; 4]) -> bool {
    a[0] <= b[2] && b[0] <= a[2] && a[1] <= b[3] && b[1] <= a[3]
}
