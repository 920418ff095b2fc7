//! Trees on land that is no forest land (非林地上的林木): their ground, by the land under them, and the tree coverage with
//! and without them.

use super::{Sheet, Teller, Told};
use crate::analysis::analyze::PlaceCoverage;
use crate::words;

const ITEM: &str = "tree-coverage";

impl Teller<'_> {
    pub(super) fn trees(&self, told: &mut Told) {
        let Some([without, with]) = self.sets.trees else { return };
        for place in self.county_and_towns() {
            let (ground, m2) = (self.ground(place), |set: usize| self.union(place, set).m2);
            let mut sheet = Sheet { item: ITEM, place: &place.place, lines: &mut told.lines };
            let what = words!("trees on land that is no forest land", "非林地上的林木面积");
            sheet.ground(what, m2(with) - m2(without));
            let what =
                words!("tree coverage with all trees on other land", "林木覆盖率，计入全部非林地上的林木");
            sheet.share(what, m2(with), ground);
            let what = words!("tree coverage without trees on other land", "林木覆盖率，不计非林地上的林木");
            sheet.share(what, m2(without), ground);
        }
        self.by_land(&self.rows.county, [without, with], told);
    }

    /// What of these trees stands on each class of land: with W the tree cover without them, A with them and L the land,
    /// |(A \ W) ∩ L| = (|A| − |A ∪ L|) − (|W| − |W ∪ L|), as W lies in A.
    fn by_land(&self, place: &PlaceCoverage, [without, with]: [usize; 2], told: &mut Told) {
        let m2 = |set: usize| self.union(place, set).m2;
        for (land, [without_and_land, with_and_land]) in &self.sets.land {
            let Some(class) = self.project.classes.get(*land) else { continue };
            let (en, zh) = (&class.name.en, &class.name.zh);
            let on_it = (m2(with) - m2(*with_and_land)) - (m2(without) - m2(*without_and_land));
            let what = words!("of these trees: on {en}", "其中：位于{zh}");
            // A sum of areas may miss nought by a quantum.
            let on_it = if on_it > 1e-3 { on_it } else { 0.0 };
            Sheet { item: ITEM, place: &place.place, lines: &mut told.lines }.ground(what, on_it);
        }
    }
}
