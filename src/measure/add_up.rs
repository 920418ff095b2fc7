//! From what patches and tiles gave to what each zone has: nothing but exact sums.

use std::collections::BTreeMap;

use crate::geometry::area::AreaSum;
use crate::geometry::tile::Tile;
use crate::measure::coverage::{
    ClassCoverage, Coverage, FigureCoverage, StratumCoverage, ValueCoverage, ZoneCoverage,
};
use crate::measure::pairs;
use crate::measure::patches::ANYWHERE;
use crate::measure::plan::{Plan, Reading};
use crate::measure::tile_sums::{Bench, TileSums, ZoneTile};

pub(super) fn add_up(bench: &Bench<'_>, tiles: BTreeMap<Tile, TileSums>) -> Coverage {
    let Bench { zones, plan, patches, .. } = *bench;
    let values = patches.values.iter().map(|v| vec![ValueCoverage::default(); v.len()]);
    let mut coverage = Coverage { values: values.collect(), ..Coverage::default() };
    let mut grounds = vec![vec![ValueCoverage::default(); plan.grounds()]; zones.zones().len()];
    for (key, sums) in &patches.sums {
        let (cover, value) = (key.cover as usize, key.value as usize);
        if key.zone == ANYWHERE {
            coverage.values[cover][value].add(sums);
            continue;
        }
        let ground = match plan.readings[cover][value] {
            Reading::Class(class) => class,
            Reading::Unmapped(stratum) => plan.unmapped(stratum),
        };
        grounds[key.zone as usize][ground].add(sums);
    }
    let mut totals: Vec<ZoneTile> = zones.zones().iter().map(|_| ZoneTile::new(plan)).collect();
    let mut tile_pairs = Vec::new();
    for tile in tiles.into_values() {
        tile.zones.iter().for_each(|(zone, sums)| totals[*zone as usize].add(sums));
        tile_pairs.push(tile.pairs);
    }
    coverage.overlaps = pairs::add_up(tile_pairs, plan.most_pairs);
    let each = zones.zones().iter().zip(&grounds).zip(&totals);
    coverage.zones =
        each.map(|((zone, grounds), total)| zone_coverage(bench, zone.shape(), grounds, total)).collect();
    coverage
}

impl ZoneTile {
    fn new(plan: &Plan) -> Self {
        Self { none: vec![AreaSum::ZERO; plan.strata.len()], ..Self::default() }
    }

    fn add(&mut self, other: &Self) {
        self.ground += other.ground;
        self.none.iter_mut().zip(&other.none).for_each(|(to, from)| *to += *from);
        for (set, area) in &other.excess {
            *self.excess.entry(*set).or_default() += *area;
        }
    }
}

fn zone_coverage(
    bench: &Bench<'_>,
    outline: &crate::geometry::grid::Shape,
    grounds: &[ValueCoverage],
    total: &ZoneTile,
) -> ZoneCoverage {
    let plan = bench.plan;
    let area = |set: usize| {
        let mut sum = AreaSum::ZERO;
        plan.sets[set].grounds.iter().for_each(|&ground| sum += grounds[ground].gross);
        sum - total.excess.get(&(set as u32)).copied().unwrap_or_default()
    };
    let class = |ground: usize, ranked| ClassCoverage {
        net: area(ground),
        gross: grounds[ground].gross,
        ranked,
        features: grounds[ground].features,
    };
    let mut classes = vec![ClassCoverage::default(); plan.classes];
    let mut strata = Vec::new();
    for (s, members) in plan.strata.iter().enumerate() {
        let (mut nets, mut before) = (AreaSum::ZERO, AreaSum::ZERO);
        for (i, &member) in members.iter().enumerate() {
            let up_to = area(plan.ranked_set(s, i + 1));
            classes[member] = class(member, up_to - before);
            nets += classes[member].net;
            before = up_to;
        }
        let all = area(plan.ranked_set(s, members.len() + 1));
        strata.push(StratumCoverage {
            mapped: before,
            shared: nets - before,
            unmapped: class(plan.unmapped(s), all - before),
            none: total.none[s],
        });
    }
    let figure = |f| {
        let set = plan.figure_set(f);
        FigureCoverage { area: area(set), with_unmapped: area(set + 1) }
    };
    ZoneCoverage {
        ground: total.ground,
        outline_plane_m2: bench.area.plane_m2(outline),
        classes,
        strata,
        figures: (0..plan.figures.len()).map(figure).collect(),
    }
}
