//! What must hold of any engine on any town. Each law takes the engine as a value, so that it can be tried on mutants.

use geos::{Geom, Geometry};
use sencheng::geometry::area::QUANTUM_M2;
use sencheng::geometry::overlay::{Overlay, Part};
use sencheng::geometry::tile::TILE_UNITS;
use sencheng::measure::coverage::{BALANCE_M2, BALANCE_SHARE, FEATURE_COUNTS_M2};

use crate::engine::{Engine, Quanta, STRATA, Sums};
use crate::geometry::{area, parts, rewritten};
use crate::oracle;
use crate::town::{CLASSES, Patch, Town, UNMAPPED};

/// How a law is broken, in words.
pub type Verdict = Result<(), String>;

/// A law with its name.
pub type Law = (&'static str, fn(&dyn Engine, &Town) -> Verdict);

/// All of them.
pub const LAWS: [Law; 17] = [
    ("parts of a partition add up to the whole", partition_adds_up),
    ("the books of every zone balance", books_balance),
    ("adding a patch never lowers its class nor raises what is left", adding_never_lowers),
    ("the order of patches changes nothing", order_changes_nothing),
    ("the winding of rings changes nothing", winding_changes_nothing),
    ("the first vertex of rings changes nothing", first_vertex_changes_nothing),
    ("the number of threads changes nothing", threads_change_nothing),
    ("a shift by whole blocks of tiles changes nothing", shift_by_blocks_changes_nothing),
    ("any shift changes nothing beyond the tolerance", shift_changes_nothing),
    ("repair of the repaired is itself", repair_is_final),
    ("net is at most gross", net_is_at_most_gross),
    ("a patch recorded twice counts once", twice_counts_once),
    ("ranked classes add up to their union", ranks_add_up),
    ("a class of higher priority takes all of its ground", first_takes_all),
    ("a figure over strata is the area of their union", figures_unite),
    ("net and features are those of the oracle", oracle_agrees),
    ("ground of a patch is that of the oracle", oracle_ground_agrees),
];

fn m2(quanta: Quanta) -> f64 {
    quanta as f64 * QUANTUM_M2
}

/// 1e-9 of the area compared, and a square millimetre.
fn tolerance(area_m2: f64) -> f64 {
    1e-9 * area_m2.abs() + 1e-6
}

fn close(what: &str, zone: usize, a: Quanta, b: Quanta, of: f64) -> Verdict {
    let (a, b) = (m2(a), m2(b));
    let holds = (a - b).abs() <= tolerance(of);
    holds.then_some(()).ok_or_else(|| format!("{what} in zone {zone}: {a} against {b} m2"))
}

fn same(changed: &str, before: &[Sums], after: &[Sums]) -> Verdict {
    let differing = before.iter().zip(after).find(|(a, b)| a != b);
    let equal = before.len() == after.len() && differing.is_none();
    equal.then_some(()).ok_or_else(|| format!("{changed}: {differing:#?}"))
}

/// Every figure of a zone but the counts.
fn figures(sums: &Sums) -> Vec<Quanta> {
    let lists = [&sums.net, &sums.gross, &sums.ranked, &sums.mapped, &sums.none];
    let single = [sums.zone, sums.only_unmapped, sums.figure, sums.figure_with_unmapped];
    lists.into_iter().flatten().copied().chain(single).collect()
}

fn all_close(changed: &str, before: &[Sums], after: &[Sums]) -> Verdict {
    for (zone, (a, b)) in before.iter().zip(after).enumerate() {
        for (a, b) in figures(a).into_iter().zip(figures(b)) {
            close(changed, zone, a, b, m2(b))?;
        }
    }
    Ok(())
}

fn partition_adds_up(engine: &dyn Engine, town: &Town) -> Verdict {
    let (zones, whole) = (engine.measure(town, 1), engine.measure(&town.as_one_zone(), 1));
    let mut sum = vec![0; figures(&whole[0]).len()];
    for zone in &zones {
        sum.iter_mut().zip(figures(zone)).for_each(|(sum, figure)| *sum += figure);
    }
    for (sum, whole) in sum.into_iter().zip(figures(&whole[0])) {
        close("sum over the zones", 0, sum, whole, town.extent_area())?;
    }
    let extent = (town.extent_area() / QUANTUM_M2) as Quanta;
    close("area of the extent", 0, whole[0].zone, extent, town.extent_area())
}

fn books_balance(engine: &dyn Engine, town: &Town) -> Verdict {
    for (zone, sums) in engine.measure(town, 1).iter().enumerate() {
        for (stratum, classes) in STRATA.iter().enumerate() {
            let nets: Quanta = classes.iter().map(|&class| sums.net[class]).sum();
            let shared = nets - sums.mapped[stratum];
            let unmapped = if stratum == 0 { sums.only_unmapped } else { 0 };
            let books = nets - shared + unmapped + sums.none[stratum];
            let residual = m2(books - sums.zone);
            if residual.abs() > BALANCE_SHARE * m2(sums.zone) + BALANCE_M2 {
                return Err(format!("zone {zone}, stratum {stratum}: residual {residual} m2"));
            }
        }
    }
    Ok(())
}

fn adding_never_lowers(engine: &dyn Engine, town: &Town) -> Verdict {
    let Some(added) = town.patches.last() else { return Ok(()) };
    let mut fewer = town.clone();
    fewer.patches.pop();
    let (before, after) = (engine.measure(&fewer, 1), engine.measure(town, 1));
    for (zone, (before, after)) in before.iter().zip(&after).enumerate() {
        let grown = [
            ("net", before.net[added.class], after.net[added.class]),
            ("gross", before.gross[added.class], after.gross[added.class]),
            ("figure", before.figure, after.figure),
            ("with unmapped", before.figure_with_unmapped, after.figure_with_unmapped),
            ("what is left", after.none[0], before.none[0]),
            ("what is left", after.none[1], before.none[1]),
        ];
        for (what, less, more) in grown {
            if m2(less - more) > tolerance(m2(less)) {
                return Err(format!("{what} in zone {zone}: {} and {}", m2(less), m2(more)));
            }
        }
    }
    Ok(())
}

fn order_changes_nothing(engine: &dyn Engine, town: &Town) -> Verdict {
    let mut turned = town.clone();
    turned.patches.reverse();
    same("reversed", &engine.measure(town, 1), &engine.measure(&turned, 1))?;
    turned.patches.rotate_left(town.patches.len() / 2);
    same("rotated", &engine.measure(town, 1), &engine.measure(&turned, 1))
}

fn winding_changes_nothing(engine: &dyn Engine, town: &Town) -> Verdict {
    let measured = engine.measure(town, 1);
    let turned = town.with_rings(|ring| rewritten(ring, 0, true));
    same("reversed", &measured, &engine.measure(&turned, 1))?;
    // Which rings are wound otherwise follows from where they begin: some holes of a patch are, and others not.
    let turned = town.with_rings(|ring| rewritten(ring, 0, (ring[0][0] * 1024.0) as i64 % 2 == 0));
    same("some reversed", &measured, &engine.measure(&turned, 1))
}

fn first_vertex_changes_nothing(engine: &dyn Engine, town: &Town) -> Verdict {
    let turned = town.with_rings(|ring| rewritten(ring, 2, false));
    same("begun elsewhere", &engine.measure(town, 1), &engine.measure(&turned, 1))
}

fn threads_change_nothing(engine: &dyn Engine, town: &Town) -> Verdict {
    let on_one = engine.measure(town, 1);
    same("two threads", &on_one, &engine.measure(town, 2))?;
    same("five threads", &on_one, &engine.measure(town, 5))
}

fn shift_by_blocks_changes_nothing(engine: &dyn Engine, town: &Town) -> Verdict {
    let block = 8.0 * TILE_UNITS as f64;
    let moved = town.moved([-155.0 * block, 251.0 * block]);
    same("moved by whole blocks", &engine.measure(town, 1), &engine.measure(&moved, 1))
}

fn shift_changes_nothing(engine: &dyn Engine, town: &Town) -> Verdict {
    let moved = town.moved([12_345.625, -987.0 - 1.0 / 1024.0]);
    all_close("moved", &engine.measure(town, 1), &engine.measure(&moved, 1))
}

fn repair_is_final(engine: &dyn Engine, town: &Town) -> Verdict {
    for patch in &town.patches {
        let once = engine.ground(&parts(&patch.parts));
        let twice = engine.ground(&[Part { shell: once.clone(), ..Part::default() }]);
        let mut overlay = Overlay::default();
        let moved = area(&overlay.difference(&once, &twice)) + area(&overlay.difference(&twice, &once));
        if moved > tolerance(area(&once)) {
            return Err(format!("repair of the repaired moves {moved} m2"));
        }
    }
    Ok(())
}

fn net_is_at_most_gross(engine: &dyn Engine, town: &Town) -> Verdict {
    for (zone, sums) in engine.measure(town, 1).iter().enumerate() {
        let unions = [(sums.mapped[0], STRATA[0]), (sums.mapped[1], STRATA[1]), (sums.figure, &[0, 1, 2, 3])];
        let unions = unions.into_iter().map(|(union, of)| (union, of.iter().map(|&c| sums.net[c]).sum()));
        for (net, gross) in sums.net.iter().copied().zip(sums.gross.iter().copied()).chain(unions) {
            if m2(net - gross) > tolerance(m2(gross)) {
                return Err(format!("zone {zone}: {} of {}", m2(net), m2(gross)));
            }
        }
    }
    Ok(())
}

fn twice_counts_once(engine: &dyn Engine, town: &Town) -> Verdict {
    let mut doubled = town.clone();
    doubled.patches.extend(town.patches.clone());
    let (once, twice) = (engine.measure(town, 1), engine.measure(&doubled, 1));
    for (zone, (once, twice)) in once.iter().zip(&twice).enumerate() {
        for (a, b) in once.net.iter().zip(&twice.net) {
            close("net", zone, *a, *b, m2(*b))?;
        }
        for (a, b) in once.gross.iter().zip(&twice.gross) {
            close("half of gross", zone, 2 * a, *b, m2(*b))?;
        }
    }
    Ok(())
}

fn ranks_add_up(engine: &dyn Engine, town: &Town) -> Verdict {
    for (zone, sums) in engine.measure(town, 1).iter().enumerate() {
        for (classes, union) in STRATA.iter().zip(&sums.mapped) {
            let ranked: Quanta = classes.iter().map(|&class| sums.ranked[class]).sum();
            close("ranked classes", zone, ranked, *union, m2(*union))?;
        }
    }
    Ok(())
}

fn first_takes_all(engine: &dyn Engine, town: &Town) -> Verdict {
    for (zone, sums) in engine.measure(town, 1).iter().enumerate() {
        for classes in STRATA {
            let first = classes[0];
            close("the first class", zone, sums.ranked[first], sums.net[first], m2(sums.net[first]))?;
        }
        let ranked = sums.ranked.iter().zip(&sums.net);
        if let Some((ranked, net)) =
            ranked.clone().find(|(r, n)| m2(**r - **n) > tolerance(m2(**n)) || m2(**r) < -1e-6)
        {
            return Err(format!("zone {zone}: takes {} of {}", m2(*ranked), m2(*net)));
        }
    }
    Ok(())
}

/// With all patches in one class that class is the figure.
fn figures_unite(engine: &dyn Engine, town: &Town) -> Verdict {
    let classed = |class: fn(usize) -> usize| {
        let mut town = town.clone();
        town.patches.iter_mut().for_each(|patch| patch.class = class(patch.class));
        engine.measure(&town, 1)
    };
    let mapped = classed(|class| if class == UNMAPPED { UNMAPPED } else { 3 });
    let all = classed(|_| 3);
    for (zone, sums) in engine.measure(town, 1).iter().enumerate() {
        close("figure", zone, sums.figure, mapped[zone].net[3], m2(sums.figure))?;
        close(
            "with unmapped",
            zone,
            sums.figure_with_unmapped,
            all[zone].net[3],
            m2(sums.figure_with_unmapped),
        )?;
    }
    Ok(())
}

fn oracle_agrees(engine: &dyn Engine, town: &Town) -> Verdict {
    let origin = [town.extent[0], town.extent[1]];
    let of = |patch: &Patch| (patch.class, oracle::ground(&patch.parts, origin));
    let patches: Vec<(usize, Geometry)> = town.patches.iter().map(of).collect();
    for (zone, sums) in engine.measure(town, 1).iter().enumerate() {
        let outline = oracle::ground(&town.zones[zone], origin);
        for class in 0..=CLASSES {
            let members = patches.iter().filter(|(c, _)| *c == class);
            let pieces: Vec<Geometry> =
                members.map(|(_, shape)| shape.intersection(&outline).expect("intersection")).collect();
            let areas: Vec<f64> = pieces.iter().map(|piece| piece.area().expect("area")).collect();
            let net = oracle::unite(pieces).area().expect("area");
            let agree = |what, ours: f64, theirs: f64| {
                let holds = (ours - theirs).abs() <= tolerance(m2(sums.zone));
                holds
                    .then_some(())
                    .ok_or_else(|| format!("{what}, zone {zone}, class {class}: {ours}, oracle {theirs}"))
            };
            agree("net", m2(sums.net[class]), net)?;
            agree("gross", m2(sums.gross[class]), areas.iter().sum())?;
            let counted = |least: f64| areas.iter().filter(|&&m2| m2 > least).count() as u64;
            let between = counted(FEATURE_COUNTS_M2 + 1e-5)..=counted(FEATURE_COUNTS_M2 - 1e-5);
            if !between.contains(&sums.features[class]) {
                return Err(format!(
                    "zone {zone}, class {class}: {} features, {between:?}",
                    sums.features[class]
                ));
            }
        }
    }
    Ok(())
}

fn oracle_ground_agrees(engine: &dyn Engine, town: &Town) -> Verdict {
    let origin = [town.extent[0], town.extent[1]];
    for (i, patch) in town.patches.iter().enumerate() {
        let ours = area(&engine.ground(&parts(&patch.parts)));
        let theirs = oracle::ground(&patch.parts, origin).area().expect("area");
        if (ours - theirs).abs() > tolerance(theirs) {
            return Err(format!("patch {i}: {ours}, oracle {theirs} m2"));
        }
    }
    Ok(())
}
