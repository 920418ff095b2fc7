//! What trees of the four sides (四旁树) come to as ground, so many a hectare: an addend from attributes, outside the balance
//! of areas. Where crowns count as tree cover already it is refused.

use super::{Sheet, Teller, Told};
use crate::fact::{Fact, Place, Quantity};
use crate::finding::{Finding, Severity, listed};
use crate::project::settings::Figure;
use crate::units::M2_PER_HECTARE;
use crate::words;

const ITEM: &str = "tree-coverage";

impl Teller<'_> {
    pub(super) fn four_sides(&self, told: &mut Told) {
        let settings = self.project.inventory.four_side_trees.as_ref();
        let (Some(settings), Some(crowns)) = (settings, self.sets.crowns) else { return };
        let trees = |place: &Place| {
            let of = |fact: &&Fact| fact.quantity == Quantity::FourSideTrees && fact.place == *place;
            self.facts.iter().find(of).map(|fact| fact.value)
        };
        let told_towns = || self.rows.towns.iter().filter_map(|town| Some((town, trees(&town.place)?)));
        let (refused, taken): (Vec<_>, Vec<_>) =
            told_towns().partition(|(town, _)| self.union(town, crowns).m2 > 0.0);
        if !refused.is_empty() {
            let codes = listed(refused.iter().map(|(town, _)| &town.code));
            let sentence = words!(
                "trees of the four sides are not added in the towns {codes}: crowns count as tree cover there",
                "乡镇 {codes} 的树冠已计入林木覆盖，不再另加四旁树"
            );
            let hint = words!(
                "leave these rows out with where, or take tree_cover out of counts_as of the crowns",
                "请用 where 条件排除这些行，或在树冠类别的 counts_as 中去掉 tree_cover"
            );
            told.findings.push(
                Finding::new("four-side-trees-refused", Severity::Warning, sentence)
                    .counting(refused.len() as u64)
                    .with_hint(hint),
            );
        }
        let per_ha = settings.per_ha;
        let whole: f64 = taken.iter().map(|(_, trees)| trees).sum();
        let county = (!taken.is_empty()).then_some((&self.rows.county, whole));
        for (place, trees) in county.into_iter().chain(taken) {
            let (ground, added) = (self.ground(place), trees / per_ha * M2_PER_HECTARE);
            let mut sheet = Sheet { item: ITEM, place: &place.place, lines: &mut told.lines };
            let what = words!(
                "trees of the four sides as ground, {per_ha} a hectare, outside the balance of areas",
                "四旁树折算面积（每公顷 {per_ha} 株），不参与面积平衡"
            );
            sheet.ground(what, added);
            if let Some(trees) = self.figure(place, Figure::TreeCover) {
                let what =
                    words!("tree coverage with trees of the four sides added", "林木覆盖率，另加四旁树");
                sheet.share(what, trees + added, ground);
            }
            if let Some(forest) = self.figure(place, Figure::Forest) {
                let what =
                    words!("forest coverage with trees of the four sides added", "森林覆盖率，另加四旁树");
                sheet.share(what, forest + added, ground);
            }
        }
    }
}
