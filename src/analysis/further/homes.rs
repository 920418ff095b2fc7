//! Where people live within reach of a park (公园服务居住用地、居民), for information: the share of the urban area judges.
//!
//! Residential land (居住用地) is polygons, whose residents live all over them; homes (住所) are points, which lie within
//! reach or do not.

use std::cell::LazyCell;

use super::reach::PARKS;
use super::{Found, Homes, Line, LineUnit, Work};
use crate::fact::Place;
use crate::finding::{Finding, Severity};
use crate::geometry::grid::Shape;
use crate::geometry::overlay::Overlay;
use crate::measure::points::Tally;
use crate::measure::{MeasureError, chosen, ground, points, reach};
use crate::prepare::Zones;
use crate::survey::Figure;
use crate::words;
use crate::words::Words;

/// Every layer of homes.
pub(super) fn near_parks(
    work: &Work<'_, '_>,
    parks: &[Shape],
    found: &mut Found,
) -> Result<(), MeasureError> {
    let settings = &work.inputs.project.further.park_service;
    let layers = &work.inputs.further.homes;
    let (urban, _) = work.zones_of(|place| *place == Place::Urban);
    let metres = |m2: f64| settings.metres(m2);
    let request =
        reach::Request { name: PARKS, places: parks, metres: &metres, zones: &urban, area: work.area };
    let near_and_far = LazyCell::new(|| near_and_far(work, &request));
    for homes in layers {
        let mut near = NearParks { work, homes, several: layers.len() > 1, found: &mut *found };
        match homes.figure {
            Figure::Point => near.of_points(&near_and_far)?,
            Figure::Polygon | Figure::Line => near.of_polygons(&request)?,
        }
    }
    Ok(())
}

/// The urban area within reach and beyond it. The first holds what lies on the border of both: a distance holds its end.
fn near_and_far(work: &Work<'_, '_>, urban: &reach::Request<'_>) -> Zones {
    let mut overlay = Overlay::default();
    let all = overlay.union(urban.zones.zones().iter().map(|zone| zone.shape()));
    let near = ground::within(&reach::ground(urban, &work.plane), urban.zones, &mut overlay);
    let (mut zones, far) = (Zones::default(), overlay.difference(&all, &near));
    zones.add("", None, near);
    zones.add("", None, far);
    zones
}

/// One layer.
struct NearParks<'a, 'w, 'i> {
    work: &'a Work<'w, 'i>,
    homes: &'a Homes<'i>,
    /// Whether lines must tell of which layer they are.
    several: bool,
    found: &'a mut Found,
}

impl NearParks<'_, '_, '_> {
    fn line(&mut self, what: Words, value: f64, unit: LineUnit) {
        let name = self.homes.source.name();
        let what = if self.several {
            Words::new(format!("{} ({name})", what.en), format!("{}（{name}）", what.zh))
        } else {
            what
        };
        self.found.lines.push(Line { item: PARKS, place: Place::Urban, what, value, unit });
    }

    /// A share, where there is anything to share.
    fn share(&mut self, what: Words, part: f64, whole: f64) {
        if whole > 0.0 {
            self.line(what, part / whole * 100.0, LineUnit::Percent);
        }
    }

    /// Persons, as far as they are recorded.
    fn out_of_reach(&mut self, residents: f64) {
        let what = words!("residents out of reach of a park", "公园服务范围外的居民数");
        self.line(what, residents.max(0.0), LineUnit::Count);
    }

    fn note(&mut self, finding: Finding, n: u64) {
        let finding = finding.in_layer(self.homes.source.name()).counting(n);
        self.found.findings.extend((n > 0).then_some(finding));
    }

    /// That so many of the homes within the urban area do not say who lives there.
    fn note_unknown(&mut self, unknown: u64, here: u64) {
        let sentence = words!(
            "{unknown} of {here} homes within the urban area have no number of residents; the share is of the others",
            "城区内 {here} 处住所中有 {unknown} 处未填人数，居民占比只计其余各处"
        );
        let hint =
            words!("fill in the field; 0 says that nobody lives there", "请补填人数字段；无人居住填 0");
        let finding = Finding::new("homes-without-residents", Severity::Warning, sentence).with_hint(hint);
        self.note(finding, unknown);
    }

    /// Residential land of the urban area, and who lives there.
    fn of_polygons(&mut self, urban: &reach::Request<'_>) -> Result<(), MeasureError> {
        let work = self.work;
        let (homes, findings) = chosen::each(&*self.homes.source, work.plane.to_degrees, work.watch)?;
        self.found.findings.extend(findings);
        let (mut overlay, mut zones) = (Overlay::default(), Zones::default());
        let all = overlay.union(homes.iter().map(|(home, _)| home));
        zones.add("", None, ground::within(&all, urban.zones, &mut overlay));
        for (home, _) in &homes {
            zones.add("", None, ground::within(home, urban.zones, &mut overlay));
        }
        let request = reach::Request { zones: &zones, ..*urban };
        let reached = work.reach(&request, self.found)?;
        let near_and_all = |at: usize| (work.m2(reached.zones[at]), work.m2(reached.grounds[at]));
        let (near, land) = near_and_all(0);
        self.share(words!("residential land near a park", "公园服务范围内的居住用地占比"), near, land);
        self.line(words!("residential land", "居住用地面积"), land, LineUnit::SquareMetres);
        if !self.homes.counted {
            return Ok(());
        }
        let (mut residents, mut served, mut unknown) = (0.0, 0.0, 0);
        for (at, (home, persons)) in homes.iter().enumerate() {
            let (near, land) = near_and_all(at + 1);
            match persons {
                None => unknown += u64::from(land > 0.0),
                Some(persons) if land > 0.0 => {
                    // They live all over their polygon, of which the urban area may have a part.
                    let within = work.plane_m2(zones.zones()[at + 1].shape()) / work.plane_m2(home);
                    residents += persons * within;
                    served += persons * within * (near / land);
                }
                Some(_) => {}
            }
        }
        self.share(words!("residents near a park", "公园服务范围内的居民占比"), served, residents);
        self.out_of_reach(residents - served);
        let what = words!("residents of the residential land", "居住用地内的居民数");
        self.line(what, residents, LineUnit::Count);
        let what = words!("residential land without a number of residents", "未填人数的居住用地");
        self.line(what, unknown as f64, LineUnit::Count);
        self.note_unknown(unknown, (1..=homes.len()).filter(|at| near_and_all(*at).1 > 0.0).count() as u64);
        Ok(())
    }

    /// Homes of the urban area, and who lives there.
    fn of_points(&mut self, near_and_far: &Zones) -> Result<(), MeasureError> {
        let counted = usize::from(self.homes.counted);
        let (homes, findings) = points::count(&*self.homes.source, near_and_far, counted, self.work.watch)?;
        self.found.findings.extend(findings);
        let sum = |row: &[Tally]| {
            let mut sum = Tally { count: 0, sums: vec![points::Sum::default(); counted] };
            row.iter().for_each(|tally| sum += tally.clone());
            sum
        };
        let [near, mut here] =
            [0, 1].map(|at| homes.table.zones.get(at).map_or_else(|| sum(&[]), |row| sum(row)));
        here += near.clone();
        self.of_homes(&near, &here);
        let outside = sum(&homes.table.outside).count;
        self.line(
            words!("homes outside the urban area", "城区范围外的住所"),
            outside as f64,
            LineUnit::Count,
        );
        let read = homes.read;
        let sentence = words!(
            "{outside} of {read} homes lie outside the urban area and are not counted",
            "{read} 处住所中有 {outside} 处位于城区范围之外，未计入"
        );
        let severity = if here.count == 0 { Severity::Warning } else { Severity::Info };
        self.note(Finding::new("homes-outside", severity, sentence), outside);
        Ok(())
    }

    fn of_homes(&mut self, near: &Tally, here: &Tally) {
        let (n, within) = (here.count as f64, near.count as f64);
        self.share(words!("homes near a park", "公园服务范围内的住所占比"), within, n);
        self.line(words!("homes of the urban area", "城区内的住所"), n, LineUnit::Count);
        let Some((served, all)) = near.sums.first().zip(here.sums.first()) else { return };
        let (served, residents) = (served.amount.number(), all.amount.number());
        self.share(
            words!("residents of homes near a park", "公园服务范围内住所的居民占比"),
            served,
            residents,
        );
        self.out_of_reach(residents - served);
        self.line(words!("residents of the homes", "住所内的居民数"), residents, LineUnit::Count);
        let what = words!("homes without a number of residents", "未填人数的住所");
        self.line(what, all.nulls as f64, LineUnit::Count);
        self.note_unknown(all.nulls, here.count);
    }
}
