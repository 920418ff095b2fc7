//! Trees on land that is no forest land (非林地上的林木): their ground, by the land under them, and the tree coverage with
//! and without them.
//!
//! With W the tree cover without them, A with all of them and L some land, what of them stands on it is |(A \ W) ∩ L| =
//! (|A| − |A ∪ L|) − (|W| − |W ∪ L|), as W lies in A.

use super::{Sheet, Teller, Told};
use crate::analysis::analyze::PlaceCoverage;
use crate::words;

const ITEM: &str = "tree-coverage";

impl Teller<'_> {
    pub(super) fn trees(&self, told: &mut Told) {
        let Some(trees) = self.sets.trees else { return };
        for place in self.county_and_towns() {
            let m2 = |set: usize| self.union(place, set).m2;
            let [without, with] = trees.map(m2);
            let on_forest_land = self.sets.forest_land.map_or(0.0, |land| self.on(place, trees, land));
            let (elsewhere, ground) = (with - without - on_forest_land, self.ground(place));
            let mut sheet = Sheet { item: ITEM, place: &place.place, lines: &mut told.lines };
            sheet.ground(words!("trees on land that is no forest land", "非林地上的林木面积"), elsewhere);
            let what =
                words!("tree coverage with all trees on other land", "林木覆盖率，计入全部非林地上的林木");
            sheet.share(what, without + elsewhere, ground);
            let what = words!("tree coverage without trees on other land", "林木覆盖率，不计非林地上的林木");
            sheet.share(what, without, ground);
        }
        let county = &self.rows.county;
        for (land, sets) in &self.sets.land {
            let Some(class) = self.project.classes.get(*land) else { continue };
            let (en, zh) = (&class.name.en, &class.name.zh);
            let mut sheet = Sheet { item: ITEM, place: &county.place, lines: &mut told.lines };
            sheet.ground(words!("of these trees: on {en}", "其中：位于{zh}"), self.on(county, trees, *sets));
        }
    }

    /// What of these trees stands on some land; `land` is that land with the tree cover without them, and with all of them.
    fn on(&self, place: &PlaceCoverage, trees: [usize; 2], land: [usize; 2]) -> f64 {
        let m2 = |set: usize| self.union(place, set).m2;
        let ([without, with], [without_and_land, with_and_land]) = (trees.map(m2), land.map(m2));
        let on_it = (with - with_and_land) - (without - without_and_land);
        // A sum of areas may miss nought by a quantum.
        if on_it > 1e-3 { on_it } else { 0.0 }
    }
}
