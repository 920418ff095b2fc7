//! Trees beside roads (道路绿化).

use std::borrow::Cow;

use super::under::Under;
use super::{Axes, Found, Line, LineUnit, Origin, Work, declared, fact, length_of};
use crate::analysis::tally::off_the_map;
use crate::fact::{Place, Quantity, Unit};
use crate::finding::{Finding, Severity};
use crate::geometry::grid::Shape;
use crate::measure::beside::{Answer, Banks, Beside, Request, Sums};
use crate::measure::{MeasureError, chosen, lines};
use crate::prepare::Zones;
use crate::project::further::{BesideSettings, Carriageways, Sides};
use crate::project::settings::Figure;
use crate::words;
use crate::words::Words;

/// Roads of the county, town by town.
pub(super) fn roads<'a>(work: &Work<'a, 'a>) -> Result<Option<Asked<'a>>, MeasureError> {
    let settings = work.inputs.project.further.road_greening.as_ref();
    let Some((settings, axes)) = settings.zip(work.inputs.further.roads.as_ref()) else { return Ok(None) };
    let built_up = |place: &Place| matches!(place, Place::Urban | Place::TownBuiltUp(_));
    let without = settings.outside_built_up.then(|| work.zones_of(built_up).0);
    let (zones, of) = work.zones_of(|place| matches!(place, Place::Town(_)));
    let (item, together) = ("road-greening", Some(Place::County));
    let ground = ground(work, axes)?;
    Ok(Some(Asked { item, settings, axes, zones, of, without, together, ground }))
}

/// Roads of the towns' built-up areas.
pub(super) fn town_roads<'a>(work: &Work<'a, 'a>) -> Result<Option<Asked<'a>>, MeasureError> {
    let settings = work.inputs.project.further.town_roads.as_ref();
    let Some((settings, axes)) = settings.zip(work.inputs.further.town_roads.as_ref()) else {
        return Ok(None);
    };
    let (zones, of) = work.zones_of(|place| matches!(place, Place::TownBuiltUp(_)));
    let ground = ground(work, axes)?;
    let item = "town-road-greening";
    Ok(Some(Asked { item, settings, axes, zones, of, without: None, together: None, ground }))
}

/// The ground of roads, and what was noticed of it.
type Ground = (Vec<Shape>, Vec<Finding>);

/// The ground of roads, where it is drawn.
fn ground(work: &Work<'_, '_>, axes: &Axes<'_>) -> Result<Option<Ground>, MeasureError> {
    let Some(layer) = &axes.ground else { return Ok(None) };
    chosen::united(&[&**layer], &|_, _| true, work.plane.to_degrees, work.watch).map(Some)
}

/// One item.
pub(super) struct Asked<'a> {
    item: &'static str,
    settings: &'a BesideSettings,
    axes: &'a Axes<'a>,
    zones: Cow<'a, Zones>,
    of: Vec<Place>,
    without: Option<Cow<'a, Zones>>,
    /// What all zones are together.
    together: Option<Place>,
    ground: Option<Ground>,
}

impl Asked<'_> {
    /// Towards which figure what stands beside the roads counts.
    pub(super) fn figure(&self) -> Figure {
        self.settings.figure.0
    }

    /// The strip that is judged, and the others.
    fn strips_m(&self) -> Vec<[f64; 2]> {
        strips_m(self.settings.strip_m, &self.settings.also_strip_m)
    }

    pub(super) fn request<'r>(&'r self, under: &'r Under<'r>) -> Request<'r> {
        let figure = self.figure();
        Request {
            axes: &*self.axes.fit,
            banks: Banks::Both,
            strips_m: self.strips_m(),
            merge_within_m: self.settings.carriageways.as_ref().map(|merge| merge.within_m),
            ground: self.ground.as_ref().map(|(ground, _)| ground.as_slice()),
            zones: &self.zones,
            without: self.without.as_deref(),
            counts: Box::new(move |source, value| under.counts(figure, source, value)),
        }
    }

    /// Facts and lines of what was found, and what was noticed.
    pub(super) fn tell(
        &self,
        work: &Work<'_, '_>,
        under: &Under<'_>,
        answer: Answer,
        found: &mut Found,
    ) -> Result<(), MeasureError> {
        found.findings.extend(self.ground.iter().flat_map(|(_, findings)| findings.clone()));
        found.findings.extend(answer.findings);
        let Some((beside, others)) = answer.strips.split_first() else { return Ok(()) };
        found.findings.extend(of_axes(beside, self.axes.fit.name()));
        let (covers, cover_dates) = under.named(self.figure());
        let layer = declared(self.settings.source.as_ref(), self.axes.fit.name());
        let origin = Origin {
            how: self.how(),
            sources: std::iter::once(layer).chain(covers).collect(),
            as_of: self.settings.date.clone().or(cover_dates),
        };
        let together = self.together.clone().map(|place| (place, &beside.together));
        for (place, sums) in self.of.iter().cloned().zip(&beside.zones).chain(together) {
            self.add(work, place, sums, &origin, found);
        }
        self.left_out(work, beside, found)?;
        self.at_other_strips(work, others, found);
        Ok(())
    }

    /// The figure of every place, and of all of them together, where the strip ends elsewhere.
    fn at_other_strips(&self, work: &Work<'_, '_>, others: &[Beside], found: &mut Found) {
        for (strip_m, beside) in self.strips_m().into_iter().skip(1).zip(others) {
            let places = self.of.iter().cloned().zip(&beside.zones);
            for (place, sums) in places.chain([(Place::County, &beside.together)]) {
                let greened = match self.settings.sides {
                    Sides::Both => work.m(sums.both),
                    Sides::Either => work.m(sums.either),
                    Sides::Mean => work.m(sums.banks) / 2.0,
                };
                found.lines.extend(other_strip(self.item, place, strip_m, greened, work.m(sums.axes)));
            }
        }
    }

    /// Facts of a place, and the figure under the other readings.
    fn add(&self, work: &Work<'_, '_>, place: Place, sums: &Sums, origin: &Origin, found: &mut Found) {
        let length = work.m(sums.axes);
        if length <= 0.0 {
            return;
        }
        let readings = [
            (Sides::Both, work.m(sums.both), words!("trees on both sides", "两侧均有林木")),
            (Sides::Either, work.m(sums.either), words!("trees on at least one side", "至少一侧有林木")),
            (Sides::Mean, work.m(sums.banks) / 2.0, words!("mean of both sides", "两侧平均")),
        ];
        for (sides, greened, what) in readings {
            if sides == self.settings.sides {
                let all = Origin { how: self.how_all(), ..origin.clone() };
                let fact = |quantity, value, origin: &Origin| {
                    fact(quantity, place.clone(), value, length, Unit::Metres, origin)
                };
                found.facts.extend([
                    fact(Quantity::Roads, length, &all),
                    fact(Quantity::GreenedRoads, greened, origin),
                ]);
            }
            let value = greened / length * 100.0;
            found.lines.push(Line {
                item: self.item,
                place: place.clone(),
                what,
                value,
                unit: LineUnit::Percent,
            });
        }
    }

    /// What is left out, in metres by reason.
    fn left_out(&self, work: &Work<'_, '_>, beside: &Beside, found: &mut Found) -> Result<(), MeasureError> {
        let mut line = |what: Words, value: f64| {
            let (item, place, unit) = (self.item, Place::County, LineUnit::Metres);
            found.lines.push(Line { item, place, what, value, unit });
        };
        line(words!("all axes of the layer that are fit", "图层中适宜绿化的轴线总长"), work.m(beside.whole));
        line(words!("left out: within built-up areas", "剔除：位于建成区内"), work.m(beside.left_out));
        line(words!("left out: beyond the zones", "剔除：位于各分区之外"), work.m(beside.outside));
        if self.settings.carriageways.is_some() {
            let what = words!("merged: other carriageways of the same road", "合并：同一道路的其他分幅");
            line(what, work.m(beside.merged));
        }
        if self.axes.ground.is_some() {
            let what = words!(
                "roads fit for greening that have no kerb on a side: from the axis there",
                "一侧或两侧未找到路缘的道路：该处自轴线起算"
            );
            line(what, work.m(beside.off_ground));
        }
        for (unfit, layer) in self.settings.unfit.iter().zip(&self.axes.unfit) {
            let (lines, _) = lines::measure(&**layer, &self.zones, &work.plane, work.watch)?;
            let (reason, length) = (&unfit.reason, work.m(length_of(&lines.table.whole)));
            line(words!("not fit for greening: {reason}", "不适宜绿化：{reason}"), length);
        }
        Ok(())
    }

    /// The reading, for people.
    fn how(&self) -> Words {
        let [near, far] = self.settings.strip_m;
        let sides = match self.settings.sides {
            Sides::Both => words!("on both sides", "两侧均有"),
            Sides::Either => words!("on at least one side", "至少一侧有"),
            Sides::Mean => words!("each side counting half", "两侧平均"),
        };
        let has_edge = self.settings.width_field.is_some() || self.axes.ground.is_some();
        let from = if has_edge { words!("the edge", "路缘") } else { words!("the axis", "轴线") };
        let Words { en: merged_en, zh: merged_zh } = self.merged();
        let (en, zh, from_en, from_zh) = (sides.en, sides.zh, from.en, from.zh);
        words!(
            "length of the axis beside which, {near} to {far} m from {from_en}, there is such ground {en}{merged_en}",
            "距{from_zh} {near} 至 {far} 米内{zh}林木的轴线长度{merged_zh}"
        )
    }

    /// What the roads are of which some are greened, for people.
    fn how_all(&self) -> Words {
        let Words { en, zh } = self.merged();
        words!("length of the axes that are fit for greening{en}", "适宜绿化的道路轴线总长{zh}")
    }

    /// That carriageways are one road, where they are.
    fn merged(&self) -> Words {
        match &self.settings.carriageways {
            Some(Carriageways { route_field, within_m }) => words!(
                "; carriageways of one {route_field} within {within_m} m are one road",
                "；{route_field} 相同、相距 {within_m} 米以内的分幅合为一条道路"
            ),
            None => Words::new("", ""),
        }
    }
}

/// The strip that is judged, and those that end elsewhere.
pub(super) fn strips_m(judged: [f64; 2], also_to_m: &[u32]) -> Vec<[f64; 2]> {
    std::iter::once(judged).chain(also_to_m.iter().map(|far| [judged[0], f64::from(*far)])).collect()
}

/// The figure of a place by another strip; nothing where there is no length.
pub(super) fn other_strip(
    item: &'static str,
    place: Place,
    [near, far]: [f64; 2],
    greened_m: f64,
    length_m: f64,
) -> Option<Line> {
    let what = words!("greened with a strip from {near} to {far} m", "绿化带为 {near} 至 {far} 米时的绿化率");
    let unit = LineUnit::Percent;
    (length_m > 0.0).then(|| Line { item, place, what, value: greened_m / length_m * 100.0, unit })
}

/// What was noticed of axes.
pub(super) fn of_axes(beside: &Beside, layer: &str) -> Vec<Finding> {
    let off = off_the_map(&beside.off_the_map, layer);
    let none = none_there(beside.together.axes == Default::default(), layer);
    off.into_iter().chain(unbalanced(beside, layer)).chain(none).collect()
}

fn unbalanced(beside: &Beside, layer: &str) -> Option<Finding> {
    let residual_m = beside.residual_m();
    (residual_m > 1e-3).then(|| {
        Finding::new(
            "parts-unbalanced",
            Severity::Error,
            words!(
                "the parts of the axes differ from the layer by {residual_m:.4} m; do not use the figures",
                "轴线各段之和与图层总长相差 {residual_m:.4} 米；各项数字不可用"
            ),
        )
        .in_layer(layer)
    })
}

/// That no axis lies where it was asked for.
pub(super) fn none_there(none: bool, layer: &str) -> Option<Finding> {
    none.then(|| {
        Finding::new(
            "no-axes",
            Severity::Warning,
            words!("no line of this layer lies in the places asked about", "该图层没有线位于所问范围内"),
        )
        .in_layer(layer)
        .with_hint(words!(
            "check the condition `where`, and whether the layer has lines",
            "请核对 where 条件，以及图层是否为线"
        ))
    })
}
