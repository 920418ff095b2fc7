//! From what patches and tiles gave to what each zone has: nothing but exact sums.

use crate::geometry::area::{AreaModel, AreaSum};
use crate::measure::coverage::{
    ClassCoverage, Coverage, FigureCoverage, StratumCoverage, ValueCoverage, ZoneCoverage,
};
use crate::measure::pairs;
use crate::measure::partial::Partial;
use crate::measure::patches::ANYWHERE;
use crate::measure::plan::{Plan, Reading};
use crate::measure::tile_sums::ZoneTile;
use crate::prepare::Zones;

/// Adds up a partial of which nothing is missing. What it says of overlaps is taken out of it.
pub(super) fn add_up(partial: &mut Partial, zones: &Zones, plan: &Plan, area: &AreaModel) -> Coverage {
    let values = partial.surveyed.values.iter().map(|v| vec![ValueCoverage::default(); v.len()]);
    let mut coverage = Coverage { values: values.collect(), ..Coverage::default() };
    let mut grounds = vec![vec![ValueCoverage::default(); plan.grounds()]; zones.zones().len()];
    let mut totals: Vec<ZoneTile> = zones.zones().iter().map(|_| ZoneTile::new(plan)).collect();
    for (_, portion) in partial.portions() {
        for (&(zone, cover, value), sums) in &portion.sums {
            let (cover, value) = (cover as usize, value as usize);
            if zone == ANYWHERE {
                coverage.values[cover][value].add(sums);
                continue;
            }
            if plan.tells(zone as usize) {
                coverage.values[cover][value].gross += sums.gross;
            }
            let ground = match plan.readings[cover][value] {
                Reading::Class(class) => class,
                Reading::Unmapped(stratum) => {
                    *coverage.unread.entry([cover, zone as usize, value]).or_default() += sums.gross;
                    plan.unmapped(stratum)
                }
            };
            grounds[zone as usize][ground].add(sums);
        }
        portion.grounds.iter().for_each(|(zone, sums)| totals[*zone as usize].add(sums));
    }
    coverage.overlaps = pairs::add_up(partial.take_pairs(), plan.most_pairs);
    let each = zones.zones().iter().zip(&grounds).zip(&totals);
    coverage.zones = each
        .map(|((zone, grounds), total)| {
            let outline_plane_m2 = area.plane_m2(zone.shape());
            zone_coverage(plan, outline_plane_m2, grounds, total)
        })
        .collect();
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
    plan: &Plan,
    outline_plane_m2: f64,
    grounds: &[ValueCoverage],
    total: &ZoneTile,
) -> ZoneCoverage {
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
        outline_plane_m2,
        classes,
        strata,
        figures: (0..plan.figures.len()).map(figure).collect(),
    }
}
