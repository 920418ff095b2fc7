//! The green-space rate of the urban area (城区绿地率): green spaces by their parcels, other green up to a cap.

use super::{Sheet, Teller, Told};
use crate::fact::{Place, Quantity};
use crate::words;

const ITEM: &str = "green-coverage";

impl Teller<'_> {
    /// Green coverage where farmland or water counts, too.
    pub(super) fn more_green(&self, told: &mut Told) {
        let Some(urban) = self.rows.scopes.iter().find(|scope| scope.place == Place::Urban) else { return };
        let mut sheet = Sheet { item: ITEM, place: &urban.place, lines: &mut told.lines };
        for (class, set) in &self.sets.more {
            let Some(class) = self.project.classes.get(*class) else { continue };
            let (en, zh) = (&class.name.en, &class.name.zh);
            let what = words!("green coverage with {en}", "绿化覆盖率，计入{zh}");
            sheet.share(what, self.union(urban, *set).m2, self.ground(urban));
        }
    }

    pub(super) fn green(&self, told: &mut Told) {
        let urban = self.rows.scopes.iter().find(|scope| scope.place == Place::Urban);
        let settings = self.project.sets.green_rate.as_ref();
        let (Some(urban), Some(settings), Some([within, all])) = (urban, settings, self.sets.green) else {
            return;
        };
        let pct = settings.other_most_pct;
        let capped = |within: f64, all: f64| within + (all - within).min(within * pct / 100.0);
        let ([within_set, all_set], ground) = ([within, all], self.ground(urban));
        let (within, all) = (self.union(urban, within_set), self.union(urban, all_set));
        let counted = capped(within.m2, all.m2);
        // Where there is none at all, nobody can say whether the layer reaches.
        let most = if all.m2 > 0.0 { capped(within.most, all.most).min(ground) } else { ground };
        let how = words!(
            "parcels of green space counted once, other green up to {pct} % of the rest",
            "各类绿地面积取并集，其他绿地至多计其余绿地的 {pct} %"
        );
        told.facts.push(self.fact(
            Quantity::GreenSpace,
            &urban.place,
            [counted, counted, most.max(counted)],
            all_set,
            how,
        ));
        let mut sheet = Sheet { item: ITEM, place: &urban.place, lines: &mut told.lines };
        sheet.share(
            words!(
                "green-space rate, other green up to {pct} % of the rest",
                "绿地率，其他绿地至多计其余绿地的 {pct} %"
            ),
            counted,
            ground,
        );
        sheet.share(
            words!("green-space rate, other green without a cap", "绿地率，其他绿地不设上限"),
            all.m2,
            ground,
        );
        sheet.share(
            words!("green-space rate without other green", "绿地率，不计其他绿地"),
            within.m2,
            ground,
        );
        sheet.ground(words!("other green", "其他绿地面积"), all.m2 - within.m2);
        sheet.ground(words!("other green that counts", "计入的其他绿地面积"), counted - within.m2);
    }
}
