//! Natural wetland (自然湿地): the territory without it, as the project deducts it, and forest coverage by the other readings.

use super::{Sheet, Teller, Told};
use crate::fact::Quantity;
use crate::project::sets::Deduction;
use crate::project::settings::Figure;
use crate::words;

const ITEM: &str = "forest-coverage";

impl Teller<'_> {
    pub(super) fn wetland(&self, told: &mut Told) {
        let settings = self.project.sets.natural_wetland.as_ref();
        let (Some(settings), Some(set)) = (settings, self.sets.wetland) else { return };
        let pct = settings.above_pct;
        let readings = [
            (Deduction::None, words!("no wetland deducted", "不扣除湿地")),
            (
                Deduction::Above,
                words!(
                    "natural wetland above {pct} % of the territory deducted",
                    "扣除自然湿地超出全域 {pct} % 的部分"
                ),
            ),
            (Deduction::All, words!("all natural wetland deducted", "扣除全部自然湿地")),
        ];
        let reading =
            readings.iter().find(|(deduct, _)| *deduct == settings.deduct).map(|(_, words)| words.clone());
        let deducts = reading.filter(|_| settings.deduct != Deduction::None);
        for place in self.county_and_towns() {
            let (ground, wetland) = (self.ground(place), self.union(place, set));
            let left = |wetland: f64| ground - settings.deducted(settings.deduct, wetland, ground);
            told.facts.extend(deducts.clone().map(|how| {
                let range = [left(wetland.most), left(wetland.m2), left(wetland.m2)];
                self.fact(Quantity::GroundLessWetland, &place.place, range, set, how)
            }));
        }
        let place = &self.rows.county;
        let (ground, wetland) = (self.ground(place), self.union(place, set).m2);
        let mut sheet = Sheet { item: ITEM, place: &place.place, lines: &mut told.lines };
        sheet.ground(words!("natural wetland", "自然湿地面积"), wetland);
        let Some(forest) = self.figure(place, Figure::Forest) else { return };
        for (deduct, reading) in readings {
            let (en, zh) = (reading.en, reading.zh);
            let what = words!("forest coverage, {en}", "森林覆盖率，{zh}");
            sheet.share(what, forest, ground - settings.deducted(deduct, wetland, ground));
        }
    }
}
