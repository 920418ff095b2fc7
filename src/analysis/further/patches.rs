//! Forest patches around the city (城郊森林斑块): how many large ones there are, how large, and how much the largest has.

use serde::Serialize;

use super::{Found, Work};
use crate::attribute::Value;
use crate::fact::Place;
use crate::geometry::grid::{Shape, units};
use crate::geometry::overlay::Overlay;
use crate::measure::{MeasureError, ground};
use crate::prepare::Zones;
use crate::project::settings::Figure;
use crate::units::M2_PER_HECTARE;

/// A patch is large from so many hectares on: 500 mu, as a forest landscape patch of a forest town in Guangdong, and 20 ha,
/// as a recreation place.
pub const LARGE_HA: [f64; 2] = [500.0 / 15.0, 20.0];

/// The forest of all rings together, patch by patch; a patch is what hangs together within them.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct ForestPatches {
    /// How far out they were looked for, in metres.
    pub within_m: u32,
    /// How many patches there are.
    pub count: usize,
    /// All of them, in square metres of the ellipsoid.
    pub total_m2: f64,
    /// The largest.
    pub largest_m2: f64,
    /// How many reach each of [`LARGE_HA`], and their ground in square metres.
    pub large: [(usize, f64); 2],
}

/// Looks for them where rings were asked for.
pub(super) fn patches(work: &Work<'_, '_>, found: &mut Found) -> Result<(), MeasureError> {
    let (rings, of) = work.zones_of(|place| matches!(place, Place::Ring { .. }));
    let reach = of.iter().filter_map(|place| match place {
        Place::Ring { to_m, .. } => Some(*to_m),
        _ => None,
    });
    let Some(within_m) = reach.max() else { return Ok(()) };
    let mut overlay = Overlay::default();
    let belt = overlay.union(rings.zones().iter().map(|ring| ring.shape()));
    let mut zones = Zones::default();
    zones.add("", None, belt);
    let under = work.under(&[Figure::Forest]);
    let class_of = |source: usize, value: &Value| under.counts(Figure::Forest, source, value).then_some(0);
    let mut grounds = ground::by_class(&under.sources(), &zones, &class_of, work.watch)?;
    let forest = grounds.remove(&0).unwrap_or_default();
    let areas: Vec<f64> = overlay.parts(&forest).iter().map(|patch| work.ellipsoid_m2(patch)).collect();
    let at_least = |hectares: f64| {
        let large = areas.iter().filter(|m2| **m2 >= hectares * M2_PER_HECTARE);
        (large.clone().count(), sum_of(large))
    };
    found.patches = Some(ForestPatches {
        within_m,
        count: areas.len(),
        total_m2: sum_of(areas.iter()),
        largest_m2: areas.iter().copied().fold(0.0, f64::max),
        large: LARGE_HA.map(at_least),
    });
    Ok(())
}

/// The sum of some areas: 0 where there are none, which `sum` would call -0.
fn sum_of<'a>(areas: impl Iterator<Item = &'a f64>) -> f64 {
    areas.fold(0.0, |sum, m2| sum + m2)
}

impl Work<'_, '_> {
    /// The area of a clean shape on the ellipsoid, by the scale at its middle: within 10⁻⁵ for a shape of some kilometres.
    pub(super) fn ellipsoid_m2(&self, shape: &Shape) -> f64 {
        let plane_m2 = self.plane_m2(shape);
        let Some(around) = shape.bounds() else { return 0.0 };
        let middle = |low: i64, high: i64| units(low / 2 + high / 2);
        let (x, y) = (middle(around.low.x, around.high.x), middle(around.low.y, around.high.y));
        plane_m2 / self.area.square_unit_m2() * self.area.scale(x, y)
    }
}
