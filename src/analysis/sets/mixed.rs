//! Classes that mix ground of a figure with other ground (混合地类), such as 0810 of the land survey: what of it counts cannot
//! be told, so the figure is a range.

use super::{Ground, Teller, Told};
use crate::analysis::facts;
use crate::words;

impl Teller<'_> {
    /// Facts of the figures that no class counts towards for certain; the others have their range already.
    pub(super) fn mixed(&self, told: &mut Told) {
        let certain = |figure| self.project.classes.iter().any(|class| class.counts_as.contains(&figure));
        for &(figure, set) in self.sets.may.iter().filter(|(figure, _)| !certain(*figure)) {
            let how = words!(
                "ground of classes that mix it with other ground: none of it counts, or all",
                "仅有混合地类的图斑：可能全部计入，也可能全不计入"
            );
            for place in self.rows.all() {
                let Ground { m2, most } = self.union(place, set);
                let quantity = facts::quantity(figure);
                let fact = || self.fact(quantity, &place.place, [0.0, 0.0, most], set, how.clone());
                told.facts.extend((m2 > 0.0).then(fact));
            }
        }
    }
}
