//! Greenways as lines: their length in the county and in each town.

use super::{Origin, Where, fact};
use crate::fact::{Fact, Place, Quantity, Unit};
use crate::finding::Finding;
use crate::geometry::length::LengthSum;
use crate::measure::lines::{self, Plane, Run};
use crate::measure::{MeasureError, Watch};
use crate::prepare::Zones;
use crate::project::settings::AreaKind;
use crate::survey::Source;
use crate::words;
use crate::words::Words;

/// The lengths. What runs along a border of two towns is divided between them; what lies outside counts for none.
pub(super) fn facts(
    source: &dyn Source,
    origin: &Origin,
    at: &Where<'_>,
    (plane, kind): (&Plane<'_>, AreaKind),
    watch: &dyn Watch,
) -> Result<(Vec<Fact>, Vec<Finding>), MeasureError> {
    let mut towns = Zones::default();
    for zone in at.zones.zones().iter().take(at.towns) {
        towns.add(zone.id(), zone.name().map(str::to_owned), zone.shape().clone());
    }
    let (lines, findings) = lines::measure(source, &towns, plane, watch)?;
    let metres = |length: LengthSum| match kind {
        AreaKind::Ellipsoid => length.length().ellipsoid.0,
        AreaKind::Plane => length.length().plane.0,
    };
    let sum = |runs: &[Run]| {
        let mut sum = LengthSum::ZERO;
        runs.iter().for_each(|run| sum += run.length);
        sum
    };
    let how: Words = match kind {
        AreaKind::Ellipsoid => words!("length on the ellipsoid", "椭球面长度"),
        AreaKind::Plane => words!("length in the plane", "平面长度"),
    };
    let of = |place: Place, length: LengthSum| {
        fact(Quantity::Greenways, place, [metres(length); 3], Unit::Metres, how.clone(), origin)
    };
    let table = &lines.table;
    // What towns that overlap share counts once in the county.
    let mut county = LengthSum::ZERO;
    table.zones.iter().for_each(|runs| county += sum(runs));
    let county = county - sum(&table.shared);
    let facts = std::iter::once(of(Place::County, county));
    let towns = at.places.iter().zip(&table.zones).map(|(place, runs)| of(place.clone(), sum(runs)));
    Ok((facts.chain(towns).collect(), findings))
}
