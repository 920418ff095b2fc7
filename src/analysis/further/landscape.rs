//! Forest landscape patches (森林景观斑块) of each town: forest of 500 mu and more that hangs together within it.

use super::{Found, LARGE_HA, Origin, Work};
use crate::attribute::Value;
use crate::fact::{Fact, Place, Quantity, Unit};
use crate::geometry::grid::Shape;
use crate::geometry::overlay::Overlay;
use crate::indicators::Measure;
use crate::measure::{MeasureError, ground};
use crate::project::settings::{AreaKind, Figure};
use crate::units::M2_PER_HECTARE;
use crate::words;

/// Counts them where a rule asks; `facts` has the forest of the towns, and what the data allow of it.
pub(super) fn landscape(work: &Work<'_, '_>, facts: &[Fact], found: &mut Found) -> Result<(), MeasureError> {
    let mut rules = work.inputs.standards.iter().flat_map(|standard| &standard.rules);
    let under = work.under(&[Figure::Forest]);
    if under.is_empty() || !rules.any(|rule| rule.measure == Some(Measure::LandscapePatches)) {
        return Ok(());
    }
    let (zones, of) = work.zones_of(|place| matches!(place, Place::Town(_)));
    let class_of = |source: usize, value: &Value| under.counts(Figure::Forest, source, value).then_some(0);
    let mut grounds = ground::by_class(&under.sources(), &zones, &class_of, work.watch)?;
    let forest = grounds.remove(&0).unwrap_or_default();
    let mut overlay = Overlay::default();
    let parts = overlay.parts(&forest);
    let large: Vec<&Shape> = parts.iter().filter(|part| work.is_landscape(part)).collect();
    let (sources, as_of) = under.named(Figure::Forest);
    let how = words!(
        "forest that hangs together within the town, 500 mu (33.3 ha) and more of it, counted",
        "乡镇范围内连成一片、面积 500 亩（33.3 公顷）以上的森林，按片计数"
    );
    let origin = Origin { how, sources, as_of };
    for (place, zone) in of.into_iter().zip(zones.zones()) {
        let (count, large_m2) = large_within(work, &large, zone.shape(), &mut overlay);
        let most = count + more(facts, &place, large_m2);
        let Origin { how, sources, as_of } = origin.clone();
        let (quantity, unit) = (Quantity::LandscapePatches, Unit::Places);
        found.facts.push(Fact {
            quantity,
            place,
            value: count,
            low: count,
            high: most,
            unit,
            how,
            sources,
            as_of,
        });
    }
    Ok(())
}

/// How many large pieces the patches have within a town, and their ground in square metres.
fn large_within(work: &Work<'_, '_>, patches: &[&Shape], town: &Shape, overlay: &mut Overlay) -> (f64, f64) {
    let Some(bounds) = town.bounds() else { return (0.0, 0.0) };
    let near = patches.iter().filter(|patch| patch.bounds().is_some_and(|around| around.meets(&bounds)));
    let mut all = (0.0, 0.0);
    for patch in near {
        let within = overlay.intersection(patch, town);
        let parts = overlay.parts(&within);
        for m2 in parts.iter().filter(|part| work.is_landscape(part)).map(|part| work.patch_m2(part)) {
            all = (all.0 + 1.0, all.1 + m2);
        }
    }
    all
}

/// How many more there could be: where ground is of no known class it might be forest, and join smaller patches to a large
/// one.
fn more(facts: &[Fact], town: &Place, large_m2: f64) -> f64 {
    let forest = facts.iter().find(|fact| fact.quantity == Quantity::Forest && fact.place == *town);
    let forest = forest.filter(|fact| fact.high > fact.value);
    forest.map_or(0.0, |fact| ((fact.high - large_m2) / least_m2()).floor().max(0.0))
}

fn least_m2() -> f64 {
    LARGE_HA[0] * M2_PER_HECTARE
}

impl Work<'_, '_> {
    fn patch_m2(&self, patch: &Shape) -> f64 {
        match self.inputs.project.area {
            AreaKind::Ellipsoid => self.ellipsoid_m2(patch),
            AreaKind::Plane => self.plane_m2(patch),
        }
    }

    fn is_landscape(&self, patch: &Shape) -> bool {
        self.patch_m2(patch) >= least_m2()
    }
}
