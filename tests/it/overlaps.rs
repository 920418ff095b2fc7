//! What is said of patches that overlap or cross themselves: the same wherever tiles happen to cut them.

use std::collections::BTreeMap;

use geos::{Geom, Geometry};
use sencheng::geometry::area::AreaSum;
use sencheng::measure::coverage::Coverage;
use sencheng::measure::pairs::{Identical, Name, OVERLAP_WORTH_SAYING_M2, Pair};
use sencheng::measure::patches::Repaired;

use crate::engine::{STRATA, measure, measured};
use crate::geometry::{area, ground, parts};
use crate::oracle;
use crate::town::{self, Patch, Town, UNMAPPED};
use crate::wkt::Ring;

fn square(x: f64, y: f64, side: f64) -> Ring {
    vec![[x, y], [x + side, y], [x + side, y + side], [x, y + side]]
}

/// A town of one square zone.
fn town(side: f64, patches: &[Ring]) -> Town {
    let patch = |ring: &Ring| Patch { class: 0, parts: vec![vec![ring.clone()]] };
    let extent = [0.0, 0.0, side, side];
    Town {
        zones: vec![vec![vec![square(0.0, 0.0, side)]]],
        extent,
        patches: patches.iter().map(patch).collect(),
    }
}

fn m2(sum: AreaSum) -> f64 {
    sum.area().plane.0
}

/// Pairs with the area they share.
fn pairs(coverage: &Coverage) -> BTreeMap<(u32, u32), f64> {
    let pair = |p: &Pair| ((number(&p.patches.0), number(&p.patches.1)), m2(p.shared));
    coverage.overlaps.pairs.iter().map(pair).collect()
}

/// Groups of identical patches with their ground.
fn groups(coverage: &Coverage) -> BTreeMap<Vec<u32>, f64> {
    let group = |g: &Identical| (g.patches.iter().map(number).collect(), m2(g.ground));
    coverage.overlaps.identical.iter().map(group).collect()
}

/// In these towns a patch is known by its number.
fn number(name: &Name) -> u32 {
    name.id.parse().expect("a number")
}

/// Repaired patches with what the repair moved.
fn repaired(town: &Town) -> Vec<(u32, f64)> {
    let repaired = |r: &Repaired| (r.id.parse().expect("a number"), r.moved_m2);
    measured(town).patches.repaired.iter().map(repaired).collect()
}

#[test]
fn patches_that_both_cover_whole_tiles_are_not_identical() {
    let (_, coverage) =
        measure(&town(9000.0, &[square(100.0, 100.0, 5000.0), square(2600.0, 100.0, 5000.0)]));
    assert_eq!(pairs(&coverage), BTreeMap::from([((0, 1), 2500.0 * 5000.0)]));
    assert_eq!(groups(&coverage), BTreeMap::new());
}

#[test]
fn identical_patches_are_one_group_over_all_their_tiles() {
    let ring = square(100.0, 100.0, 5000.0);
    let mut turned = ring.clone();
    turned.rotate_left(1);
    turned.reverse();
    let (_, coverage) = measure(&town(9000.0, &[ring.clone(), square(7000.0, 7000.0, 10.0), turned, ring]));
    assert_eq!(groups(&coverage), BTreeMap::from([(vec![0, 2, 3], 5000.0 * 5000.0)]));
    assert_eq!(pairs(&coverage), BTreeMap::new());
}

#[test]
fn patches_with_the_same_corners_are_not_identical() {
    let east = vec![[0.0, 0.0], [10.0, 0.0], [5.0, 5.0], [10.0, 10.0], [0.0, 10.0]];
    let west = vec![[0.0, 0.0], [10.0, 0.0], [10.0, 10.0], [0.0, 10.0], [5.0, 5.0]];
    let (_, coverage) = measure(&town(50.0, &[east, west]));
    assert_eq!(groups(&coverage), BTreeMap::new());
    assert_eq!(pairs(&coverage), BTreeMap::from([((0, 1), 50.0)]));
}

#[test]
fn what_patches_share_outside_every_zone_is_not_said() {
    let (_, coverage) = measure(&town(100.0, &[square(90.0, 0.0, 100.0), square(95.0, 50.0, 100.0)]));
    assert_eq!(pairs(&coverage), BTreeMap::from([((0, 1), 5.0 * 50.0)]));
    let (_, coverage) = measure(&town(100.0, &[square(200.0, 0.0, 10.0), square(205.0, 0.0, 10.0)]));
    assert_eq!(pairs(&coverage), BTreeMap::new());
}

/// The wings of these bow-ties lie in two tiles and meet on the border, or lie in many.
#[test]
fn a_patch_that_crosses_itself_is_noticed_wherever_tiles_cut_it() {
    for (x, y, side) in
        [(1019.0, 500.0, 10.0), (500.0, 500.0, 10.0), (100.0, 100.0, 5000.0), (1024.0, 1024.0, 2048.0)]
    {
        let bow_tie = vec![[x, y], [x + side, y + side], [x + side, y], [x, y + side]];
        let moved: Vec<f64> = repaired(&town(9000.0, &[bow_tie])).iter().map(|(_, m2)| *m2).collect();
        assert!(moved.len() == 1 && (moved[0] - side * side / 2.0).abs() < 1e-5, "{x}: {moved:?}");
    }
}

#[test]
fn a_hole_outside_its_shell_is_noticed_wherever_tiles_cut_it() {
    for x in [20.0, 1030.0, 4000.0] {
        let mut town = town(9000.0, &[]);
        town.patches.push(Patch { class: 0, parts: vec![vec![square(0.0, 0.0, 10.0), square(x, 0.0, 2.0)]] });
        assert_eq!(repaired(&town), [(0, 4.0)], "{x}");
    }
}

/// A repair is told by how far the ground is from what the rings claim, as long as the patch lies in the zones.
#[test]
fn repairs_of_random_towns_are_those_of_whole_patches() {
    let mut told = 0;
    for town in town::seeded(200) {
        let inside = |patch: &&Patch| {
            let [w, s, e, n] = town.extent;
            patch.parts.iter().flatten().flatten().all(|&[x, y]| x >= w && x <= e && y >= s && y <= n)
        };
        let town = Town { patches: town.patches.iter().filter(inside).cloned().collect(), ..town.clone() };
        let told_here: BTreeMap<u32, f64> = repaired(&town).into_iter().collect();
        for (i, patch) in town.patches.iter().enumerate() {
            let claimed: f64 = patch.parts.iter().map(|part| claimed(part)).sum();
            let moved = area(&ground(&patch.parts)) - claimed;
            let said = told_here.get(&(i as u32)).copied().unwrap_or(0.0);
            assert!((moved - said).abs() <= 0.0101, "patch {i}: {moved}, said {said}");
            told += usize::from(said != 0.0);
        }
    }
    assert!(told > 100, "{told}");
}

/// Area by the shoelace formula, of shells less holes, whichever way they are wound.
fn claimed(part: &[Ring]) -> f64 {
    let shoelace = |ring: &Ring| {
        let [x0, y0] = ring[0];
        let edges = ring.iter().zip(ring.iter().cycle().skip(1));
        let doubled = edges.map(|(a, b)| (a[0] - x0) * (b[1] - y0) - (b[0] - x0) * (a[1] - y0)).sum::<f64>();
        (doubled / 2.0).abs()
    };
    2.0 * shoelace(&part[0]) - part.iter().map(shoelace).sum::<f64>()
}

/// Every pair of different patches of one stratum shares what the oracle says, and every group is of equals.
#[test]
fn overlaps_of_random_towns_are_those_of_the_oracle() {
    let mut compared = 0;
    for town in town::seeded(200) {
        let (_, coverage) = measure(&town);
        let (pairs, groups) = (pairs(&coverage), groups(&coverage));
        for group in groups.keys() {
            let first = &town.patches[group[0] as usize].parts;
            assert!(group.iter().all(|&p| town.patches[p as usize].parts == *first));
        }
        for ((a, b), theirs) in oracle_pairs(&town) {
            let grouped = |p: u32| groups.keys().any(|g| g[1..].contains(&p));
            let said = pairs.get(&(a, b)).copied();
            if parts(&town.patches[a as usize].parts) == parts(&town.patches[b as usize].parts) {
                assert!(said.is_none());
            } else if !grouped(a) && !grouped(b) {
                let ours = said.unwrap_or(0.0);
                let listed = ours > OVERLAP_WORTH_SAYING_M2 * 0.9 || theirs < OVERLAP_WORTH_SAYING_M2 * 1.1;
                assert!(
                    listed && (said.is_none() || (ours - theirs).abs() <= 1e-9 * theirs + 1e-5),
                    "{ours} {theirs}"
                );
                compared += usize::from(said.is_some());
            }
        }
    }
    assert!(compared > 300, "{compared}");
}

fn oracle_pairs(town: &Town) -> Vec<((u32, u32), f64)> {
    let origin = [town.extent[0], town.extent[1]];
    let within = oracle::ground(&town.as_one_zone().zones[0], origin);
    let ground =
        |patch: &Patch| oracle::ground(&patch.parts, origin).intersection(&within).expect("intersection");
    let grounds: Vec<Geometry> = town.patches.iter().map(ground).collect();
    let stratum = |patch: &Patch| patch.class == UNMAPPED || STRATA[0].contains(&patch.class);
    let mut pairs = Vec::new();
    for (i, a) in town.patches.iter().enumerate() {
        for (j, _) in town.patches.iter().enumerate().skip(i + 1).filter(|(_, b)| stratum(a) == stratum(b)) {
            let common = grounds[i].intersection(&grounds[j]).expect("intersection");
            pairs.push(((i as u32, j as u32), common.area().expect("area")));
        }
    }
    pairs
}

#[test]
fn a_shift_by_whole_tiles_changes_nothing_that_is_said() {
    for town in town::seeded(60) {
        let (_, here) = measure(&town);
        let moved = town.moved([512.0 * 1024.0, -77.0 * 1024.0]);
        let (_, there) = measure(&moved);
        assert_eq!(pairs(&here), pairs(&there));
        assert_eq!(groups(&here), groups(&there));
        assert_eq!(repaired(&town), repaired(&moved));
    }
}
