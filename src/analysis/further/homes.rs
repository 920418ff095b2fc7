//! Where people live within reach of a park (公园服务居住用地、居民), for information: the share of the urban area judges.

use super::reach::PARKS;
use super::{Found, Line, LineUnit, Work};
use crate::fact::Place;
use crate::geometry::grid::Shape;
use crate::geometry::overlay::Overlay;
use crate::measure::{MeasureError, chosen, ground, reach};
use crate::prepare::Zones;
use crate::words;
use crate::words::Words;

/// Residential land of the urban area, and who lives there, within reach of the ground of parks.
pub(super) fn near_parks(
    work: &Work<'_, '_>,
    parks: &[Shape],
    found: &mut Found,
) -> Result<(), MeasureError> {
    let settings = &work.inputs.project.further.park_service;
    let Some(layer) = &work.inputs.further.homes else { return Ok(()) };
    let (homes, findings) = chosen::each(&**layer, work.plane.to_degrees, work.watch)?;
    found.findings.extend(findings);
    let (urban, _) = work.zones_of(|place| *place == Place::Urban);
    let (mut overlay, mut zones) = (Overlay::default(), Zones::default());
    let all = overlay.union(homes.iter().map(|(home, _)| home));
    zones.add("", None, ground::within(&all, &urban, &mut overlay));
    for (home, _) in &homes {
        zones.add("", None, ground::within(home, &urban, &mut overlay));
    }
    let metres = |m2: f64| settings.metres(m2);
    let request =
        reach::Request { name: PARKS, places: parks, metres: &metres, zones: &zones, area: work.area };
    let reached = reach::measure(&request, &work.plane, work.room, work.watch)?;
    let near_and_all = |at: usize| (work.m2(reached.zones[at]), work.m2(reached.grounds[at]));
    let mut line = |what: Words, value: f64, unit: LineUnit| {
        found.lines.push(Line { item: PARKS, place: Place::Urban, what, value, unit });
    };
    let (near, ground) = near_and_all(0);
    if ground > 0.0 {
        line(
            words!("residential land near a park", "公园服务范围内的居住用地占比"),
            near / ground * 100.0,
            LineUnit::Percent,
        );
    }
    line(words!("residential land", "居住用地面积"), ground, LineUnit::SquareMetres);
    if settings.homes.as_ref().is_some_and(|homes| homes.residents.is_some()) {
        let (mut residents, mut served, mut unknown) = (0.0, 0.0, 0.0);
        for (at, (home, persons)) in homes.iter().enumerate() {
            let (near, ground) = near_and_all(at + 1);
            let Some(persons) = persons.filter(|persons| *persons >= 0.0) else {
                unknown += f64::from(u8::from(ground > 0.0));
                continue;
            };
            if ground > 0.0 {
                // They live all over their polygon, of which the urban area may have a part.
                let persons = persons * (work.plane_m2(zones.zones()[at + 1].shape()) / work.plane_m2(home));
                residents += persons;
                served += persons * (near / ground);
            }
        }
        if residents > 0.0 {
            line(
                words!("residents near a park", "公园服务范围内的居民占比"),
                served / residents * 100.0,
                LineUnit::Percent,
            );
        }
        line(words!("residents of the residential land", "居住用地内的居民数"), residents, LineUnit::Count);
        line(
            words!("residential land without a number of residents", "未填人数的居住用地"),
            unknown,
            LineUnit::Count,
        );
    }
    Ok(())
}
