//! Services within reach: parks (公园绿地服务), large recreation places (生态休闲场所服务); and restored ground, which
//! reaches no further than it lies.

use super::under::Under;
use super::{Found, Line, LineUnit, Origin, Work, declared, fact, homes};
use crate::analysis::noticed;
use crate::attribute::Value;
use crate::fact::{Place, Quantity, Unit};
use crate::geometry::grid::Shape;
use crate::measure::chosen::{self, Counts};
use crate::measure::reach::Reach;
use crate::measure::{MeasureError, reach};
use crate::project::further::ReachSettings;
use crate::project::settings::Figure;
use crate::survey::Source;
use crate::units::M2_PER_HECTARE;
use crate::words;
use crate::words::Words;

/// The items.
pub(super) const PARKS: &str = "park-service";
const RECREATION: &str = "recreation-service";
const RESTORED: &str = "land-restoration";

/// Ground of the urban area near a park: of the layer of parks, or of the covers' classes that count as parks.
pub(super) fn parks(work: &Work<'_, '_>, found: &mut Found) -> Result<(), MeasureError> {
    let settings = &work.inputs.project.further.park_service;
    let under = work.under(&[Figure::Park]);
    if !work.has(&Place::Urban) || (work.inputs.further.parks.is_none() && under.is_empty()) {
        return Ok(());
    }
    let all = |_: usize, _: &Value| true;
    let from_covers = work.inputs.further.parks.is_none();
    let (places, origin) = match &work.inputs.further.parks {
        Some(layer) => {
            let origin = origin(settings, layer.name());
            (work.united(&[&**layer], &all, found, true)?, origin)
        }
        None => {
            let (sources, as_of) = under.named(Figure::Park);
            let counts = |source: usize, value: &Value| under.counts(Figure::Park, source, value);
            let places = work.united(&under.sources(), &counts, found, false)?;
            (places, Origin { how: how(settings), sources, as_of })
        }
    };
    let asked = Asked { item: PARKS, quantity: Quantity::NearPark, settings, places: &places, origin };
    asked.measure(work, |place| *place == Place::Urban, found)?;
    if from_covers && under.can_be(Figure::Park) {
        near_mixed(work, &under, found)?;
    }
    homes::near_parks(work, &places, found)
}

/// Widens the ground near a park by what lies near ground that may be one.
fn near_mixed(work: &Work<'_, '_>, under: &Under<'_>, found: &mut Found) -> Result<(), MeasureError> {
    let settings = &work.inputs.project.further.park_service;
    let counts = |source: usize, value: &Value| {
        under.counts(Figure::Park, source, value) || under.may_count(Figure::Park, source, value)
    };
    let places = work.united(&under.sources(), &counts, found, false)?;
    let (zones, of) = work.zones_of(|place| *place == Place::Urban);
    let metres = |m2: f64| settings.metres(m2);
    let request =
        reach::Request { name: PARKS, places: &places, metres: &metres, zones: &zones, area: work.area };
    let near = work.reach(&request, found)?;
    for (place, sum) in of.iter().zip(&near.zones) {
        let most = work.m2(*sum);
        let facts = found.facts.iter_mut();
        let told = facts.filter(|fact| fact.quantity == Quantity::NearPark && fact.place == *place);
        told.filter(|_| most > 0.0).for_each(|fact| fact.high = most.max(fact.value));
    }
    Ok(())
}

/// Ground of the county near a large recreation place.
pub(super) fn recreation(work: &Work<'_, '_>, found: &mut Found) -> Result<(), MeasureError> {
    let settings = work.inputs.project.further.recreation.as_ref();
    let Some((settings, layer)) = settings.zip(work.inputs.further.recreation.as_ref()) else {
        return Ok(());
    };
    let places = work.united(&[&**layer], &|_, _| true, found, true)?;
    let origin = origin(settings, layer.name());
    let asked =
        Asked { item: RECREATION, quantity: Quantity::NearRecreation, settings, places: &places, origin };
    asked.measure(work, |place| matches!(place, Place::Town(_) | Place::County), found)
}

/// Ground of the damaged land that is restored.
pub(super) fn restored(work: &Work<'_, '_>, found: &mut Found) -> Result<(), MeasureError> {
    let settings = work.inputs.project.further.restored.as_ref();
    let Some((settings, layer)) = settings.zip(work.inputs.further.restored.as_ref()) else {
        return Ok(());
    };
    let places = work.united(&[&**layer], &|_, _| true, found, true)?;
    let (zones, of) = work.zones_of(|place| *place == Place::DamagedLand);
    let metres = |_: f64| Some(0.0);
    let request =
        reach::Request { name: RESTORED, places: &places, metres: &metres, zones: &zones, area: work.area };
    let within = work.reach(&request, found)?;
    let how =
        words!("restored ground within the damaged land, counted once", "受损弃置地内已修复的面积，只计一次");
    let origin = Origin { how, ..origin(settings, layer.name()) };
    for ((place, zone), sum) in of.into_iter().zip(zones.zones()).zip(&within.zones) {
        let most = work.plane_m2(zone.shape());
        found.facts.push(fact(Quantity::Restored, place, work.m2(*sum), most, Unit::SquareMetres, &origin));
    }
    Ok(())
}

fn origin(settings: &ReachSettings, layer: &str) -> Origin {
    Origin {
        how: how(settings),
        sources: vec![declared(settings.source.as_ref(), layer)],
        as_of: settings.date.clone(),
    }
}

/// The reading, for people.
fn how(settings: &ReachSettings) -> Words {
    let steps: Vec<(f64, f64)> =
        settings.reach.iter().map(|step| (step.metres, step.at_least_m2 / M2_PER_HECTARE)).collect();
    let en: Vec<String> = steps
        .iter()
        .map(
            |(m, ha)| {
                if *ha > 0.0 { format!("{m} m of places of {ha} ha and more") } else { format!("{m} m") }
            },
        )
        .collect();
    let zh: Vec<String> = steps
        .iter()
        .map(|(m, ha)| if *ha > 0.0 { format!("{ha} 公顷及以上场所 {m} 米") } else { format!("{m} 米") })
        .collect();
    Words::new(
        format!("ground within {} from the boundary, places included, counted once", en.join(", ")),
        format!("距边界 {} 以内的范围（含场所本身），只计一次", zh.join("、")),
    )
}

impl Work<'_, '_> {
    /// What lies within reach; that the books balance is looked at.
    pub(super) fn reach(&self, asked: &reach::Request<'_>, found: &mut Found) -> Result<Reach, MeasureError> {
        let reached = reach::measure(asked, &self.plane, self.room, self.watch)?;
        found.findings.extend(noticed::of_balance(&reached.unbalanced, asked.zones));
        Ok(reached)
    }

    /// The places, each a ground that hangs together. What covers notice was said when they were measured.
    fn united(
        &self,
        layers: &[&dyn Source],
        counts: &Counts<'_>,
        found: &mut Found,
        says: bool,
    ) -> Result<Vec<Shape>, MeasureError> {
        let (places, findings) = chosen::united(layers, counts, self.plane.to_degrees, self.watch)?;
        found.findings.extend(findings.into_iter().filter(|_| says));
        Ok(places)
    }
}

/// One service.
struct Asked<'a> {
    item: &'static str,
    quantity: Quantity,
    settings: &'a ReachSettings,
    places: &'a [Shape],
    origin: Origin,
}

impl Asked<'_> {
    /// The share of a place within reach where every place that reaches does so as far as the setting says.
    fn at_other_distances(
        &self,
        work: &Work<'_, '_>,
        place: &Place,
        found: &mut Found,
    ) -> Result<(), MeasureError> {
        let judged: Vec<f64> = self.settings.reach.iter().map(|step| step.metres).collect();
        let others = self.settings.also_radius_m.iter().filter(|metres| judged != [f64::from(**metres)]);
        let others: Vec<&u32> = others.collect();
        if others.is_empty() {
            return Ok(());
        }
        // Where no towns overlap the county is all of them.
        let of_towns = *place == Place::County && !work.has(place);
        let (zones, _) = work.zones_of(|of| of == place || of_towns && matches!(of, Place::Town(_)));
        for metres in others {
            let as_far = |m2: f64| self.settings.metres(m2).map(|_| f64::from(*metres));
            let request = reach::Request {
                name: self.item,
                places: self.places,
                metres: &as_far,
                zones: &zones,
                area: work.area,
            };
            let near = work.reach(&request, found)?;
            let ground: f64 = zones.zones().iter().map(|zone| work.plane_m2(zone.shape())).sum();
            let what = words!("share of the ground within {metres} m", "{metres} 米服务半径覆盖率");
            let value = near.zones.iter().map(|sum| sum.area().plane.0).sum::<f64>() / ground * 100.0;
            // Both areas are rounded: a whole may come out a little more than it is.
            let value = value.min(100.0);
            let (item, place, unit) = (self.item, place.clone(), LineUnit::Percent);
            found.lines.extend((ground > 0.0).then_some(Line { item, place, what, value, unit }));
        }
        Ok(())
    }

    fn measure(
        self,
        work: &Work<'_, '_>,
        wanted: impl Fn(&Place) -> bool,
        found: &mut Found,
    ) -> Result<(), MeasureError> {
        let (zones, of) = work.zones_of(wanted);
        let metres = |m2: f64| self.settings.metres(m2);
        let request = reach::Request {
            name: self.item,
            places: self.places,
            metres: &metres,
            zones: &zones,
            area: work.area,
        };
        let reached = work.reach(&request, found)?;
        let ground = |at: usize| zones.zones()[at].shape();
        let mut county = (0.0, 0.0);
        for (at, place) in of.iter().enumerate() {
            let (near, most) = (work.m2(reached.zones[at]), work.plane_m2(ground(at)));
            if matches!(place, Place::Town(_)) {
                county = (county.0 + near, county.1 + most);
            }
            found.facts.push(fact(
                self.quantity,
                place.clone(),
                near,
                most,
                Unit::SquareMetres,
                &self.origin,
            ));
        }
        if !of.contains(&Place::County) && of.iter().any(|place| matches!(place, Place::Town(_))) {
            let (near, most) = county;
            found.facts.push(fact(
                self.quantity,
                Place::County,
                near,
                most,
                Unit::SquareMetres,
                &self.origin,
            ));
        }
        let place = if of.contains(&Place::Urban) { Place::Urban } else { Place::County };
        let mut line = |what: Words, value: f64, unit: LineUnit| {
            found.lines.push(Line { item: self.item, place: place.clone(), what, value, unit });
        };
        line(words!("places that reach", "计入的场所"), reached.places as f64, LineUnit::Count);
        line(words!("places too small", "规模不足的场所"), reached.too_small as f64, LineUnit::Count);
        line(
            words!("ground of those that reach", "计入场所的面积"),
            reached.places_m2,
            LineUnit::SquareMetres,
        );
        self.at_other_distances(work, &place, found)
    }
}
