//! Trees along the shores of waters (水岸绿化), and natural shore (自然岸线).

use std::borrow::Cow;

use super::under::Under;
use super::{Found, Line, LineUnit, Origin, Work, declared, fact, length_of, roads};
use crate::attribute::Value;
use crate::fact::{Fact, Place, Quantity, Unit};
use crate::finding::{Finding, Severity};
use crate::geometry::beside::{Side, Strip};
use crate::geometry::grid::{Bounds, Point, Shape, units};
use crate::geometry::length::{Edge, LengthSum};
use crate::geometry::nearby::Nearby;
use crate::geometry::overlay::Overlay;
use crate::measure::beside::{Answer, Banks, Beside, Request, Sums};
use crate::measure::reach::steps_per_metre;
use crate::measure::{MeasureError, chosen, lines};
use crate::prepare::Zones;
use crate::project::further::ShoreSettings;
use crate::project::settings::Figure;
use crate::survey::{Batch, Given, RingKind, Source};
use crate::words;
use crate::words::Words;

const GREENING: &str = "shore-greening";
const NATURAL: &str = "natural-shore";

/// Shores, town by town.
pub(super) fn shore<'a>(work: &'a Work<'a, 'a>) -> Result<Option<Asked<'a>>, MeasureError> {
    let settings = work.inputs.project.further.waterside.as_ref();
    let Some((settings, layer)) = settings.zip(work.inputs.further.waters.as_ref()) else { return Ok(None) };
    let (waters, findings) = chosen::united(&[&**layer], &|_, _| true, work.plane.to_degrees, work.watch)?;
    let (shores, too_small) = shores(layer.name(), &waters, settings, work);
    let (towns, of) = work.zones_of(|place| matches!(place, Place::Town(_)));
    let border = zone(border(work, &waters));
    let waters = work.inputs.further.streams.as_ref().map(|_| zone(together(&waters)));
    Ok(Some(Asked { work, settings, shores, too_small, waters, border, towns, of, findings }))
}

/// The outlines of the waters that are large enough, one water a feature: what waters share is no shore, as a border of
/// a village or a sheet is not. Water lies on the left. With how many waters are too small.
fn shores(name: &str, waters: &[Shape], settings: &ShoreSettings, work: &Work<'_, '_>) -> (Given, usize) {
    let large = waters.iter().filter(|part| work.plane_m2(part) >= settings.at_least_m2);
    let batch = |(at, water): (usize, &Shape)| {
        let mut batch = Batch { new_values: vec![Value::Null], ..Batch::default() };
        for ring in water.rings() {
            let closed = ring.iter().chain(ring.first());
            batch.push_ring(RingKind::Line, closed.map(|p| [units(p.x), units(p.y)]));
        }
        batch.push_patch(0, &format!("{}", at + 1));
        batch
    };
    let batches: Vec<Batch> = large.enumerate().map(batch).collect();
    let too_small = waters.len() - batches.len();
    (Given::new(name, batches), too_small)
}

/// Shore this near to the outer border of the towns, in metres, is where the water was cut, not where it ends.
const BORDER_M: f64 = 0.1;

/// The ground along the outer border of the towns, as far as it comes near a shore.
fn border(work: &Work<'_, '_>, waters: &[Shape]) -> Shape {
    let territory = &work.places.territory;
    let edges = waters.iter().flat_map(Shape::rings).flat_map(edges_of);
    let around = |(a, b)| Bounds::around(&[a, b]).map(|around| (around, ()));
    let shores = Nearby::of(edges.filter_map(around).collect());
    let strip_m = [0.0, BORDER_M * steps_per_metre(territory, &work.plane)];
    let mut strips = Vec::new();
    for (a, b) in territory.rings().flat_map(edges_of).filter(|(a, b)| a != b) {
        for side in [Side::Left, Side::Right] {
            let strip = Strip::new(Edge::between(a, b), [0.0, 1.0], side, strip_m);
            let near = shores.meeting(&strip.bounds()).next();
            strips.extend(near.map(|_| strip.ground()));
        }
    }
    Overlay::default().union(&strips)
}

fn edges_of(ring: &[Point]) -> impl Iterator<Item = (Point, Point)> {
    ring.iter().copied().zip(ring.iter().copied().cycle().skip(1))
}

/// What is asked of the towns.
pub(super) struct Asked<'a> {
    work: &'a Work<'a, 'a>,
    settings: &'a ShoreSettings,
    shores: Given,
    too_small: usize,
    /// Ground where streams are no streams; nothing where there are none.
    waters: Option<Zones>,
    /// Ground where shores are no shores.
    border: Zones,
    towns: Cow<'a, Zones>,
    of: Vec<Place>,
    /// What was noticed of the waters.
    findings: Vec<Finding>,
}

impl Asked<'_> {
    /// Towards which figure what stands on the banks counts.
    pub(super) fn figure(&self) -> Figure {
        self.settings.figure.0
    }

    fn strips_m(&self) -> Vec<[f64; 2]> {
        roads::strips_m(self.settings.strip_m, &self.settings.also_strip_m)
    }

    /// Of the shores, and of the streams where there are any.
    pub(super) fn requests<'r>(&'r self, under: &'r Under<'r>) -> Vec<Request<'r>> {
        let figure = self.figure();
        let request = |axes, banks, without| Request {
            axes,
            banks,
            strips_m: self.strips_m(),
            merge_within_m: None,
            ground: None,
            zones: &self.towns,
            without: Some(without),
            counts: Box::new(move |source, value: &Value| under.counts(figure, source, value)),
        };
        let streams = self.work.inputs.further.streams.as_ref().zip(self.waters.as_ref());
        let streams = streams.map(|(streams, waters)| request(&*streams.fit, Banks::Both, waters));
        std::iter::once(request(&self.shores, Banks::Right, &self.border)).chain(streams).collect()
    }

    /// Facts and lines of what was found, and what was noticed.
    pub(super) fn tell(
        &self,
        under: &Under<'_>,
        shore: Answer,
        streams: Option<Answer>,
        found: &mut Found,
    ) -> Result<(), MeasureError> {
        found.findings.extend(self.findings.iter().cloned());
        let axes = self.work.inputs.further.streams.as_ref().map(|streams| streams.fit.name());
        for (answer, name) in [(Some(&shore), Some(self.shores.name())), (streams.as_ref(), axes)] {
            let Some((answer, name)) = answer.zip(name) else { continue };
            found.findings.extend(answer.findings.iter().cloned());
            found
                .findings
                .extend(answer.strips.first().into_iter().flat_map(|judged| roads::of_axes(judged, name)));
        }
        let streams = |at: usize| streams.as_ref().and_then(|streams| streams.strips.get(at));
        let mut strips = self.strips_m().into_iter().zip(&shore.strips).enumerate();
        if let Some((at, (_, shore))) = strips.next() {
            self.greening(under, shore, streams(at), found)?;
        }
        for (at, (strip_m, shore)) in strips {
            self.at_another_strip(strip_m, shore, streams(at), found);
        }
        self.natural(found)
    }

    /// The figure of every town and of the county where the strip ends elsewhere.
    fn at_another_strip(
        &self,
        strip_m: [f64; 2],
        shore: &Beside,
        streams: Option<&Beside>,
        found: &mut Found,
    ) {
        for (place, length, greened) in self.by_place(shore, streams) {
            found.lines.extend(roads::other_strip(GREENING, place, strip_m, greened, length));
        }
    }

    /// Of shores and both banks of streams: how long they are, and how much of it is greened.
    fn lengths(&self, shore: &Sums, stream: &Sums) -> (f64, f64) {
        let m = |length| self.work.m(length);
        (m(shore.axes) + 2.0 * m(stream.axes), m(shore.banks) + m(stream.banks))
    }

    /// The same of every town, and of the county.
    fn by_place(&self, beside: &Beside, streams: Option<&Beside>) -> Vec<(Place, f64, f64)> {
        let places = self.of.iter().cloned().map(Some).chain([None]).enumerate();
        let each = |(at, place): (usize, Option<Place>)| {
            let sums = |beside: &Beside| if place.is_some() { beside.zones[at] } else { beside.together };
            let (shore, stream) = (sums(beside), streams.map(sums).unwrap_or_default());
            let (length, greened) = self.lengths(&shore, &stream);
            (place.unwrap_or(Place::County), length, greened)
        };
        places.map(each).collect()
    }

    fn greening(
        &self,
        under: &Under<'_>,
        shore: &Beside,
        streams: Option<&Beside>,
        found: &mut Found,
    ) -> Result<(), MeasureError> {
        let Self { settings, .. } = self;
        let (covers, cover_dates) = under.named(self.figure());
        let [near, far] = settings.strip_m;
        let origin = Origin {
            how: words!(
                "length of the shore with trees on the land {near} to {far} m from it",
                "岸上 {near} 至 {far} 米内有林木的水岸长度"
            ),
            sources: std::iter::once(declared(settings.source.as_ref(), self.shores.name()))
                .chain(covers)
                .collect(),
            as_of: settings.date.clone().or(cover_dates),
        };
        let all = words!(
            "length of the outline of the waters, dissolved, and of both banks of streams",
            "水面融合后的轮廓及单线河流两岸的总长"
        );
        let all = Origin { how: all, ..origin.clone() };
        for (place, length, greened) in self.by_place(shore, streams) {
            if length > 0.0 {
                let of = |quantity, value, origin: &Origin| {
                    fact(quantity, place.clone(), value, length, Unit::Metres, origin)
                };
                found.facts.extend([
                    of(Quantity::FitShore, length, &all),
                    of(Quantity::GreenedShore, greened, &origin),
                ]);
            }
        }
        self.told(shore, streams, found)
    }

    /// What was counted and what was left out, told beside the figures.
    fn told(&self, beside: &Beside, streams: Option<&Beside>, found: &mut Found) -> Result<(), MeasureError> {
        let Self { work, towns, .. } = self;
        let mut line = |what: Words, value: f64, unit: LineUnit| {
            found.lines.push(Line { item: GREENING, place: Place::County, what, value, unit });
        };
        line(words!("waters that count", "计入的水体"), beside.features as f64, LineUnit::Count);
        line(words!("waters too small", "面积不足的水体"), self.too_small as f64, LineUnit::Count);
        line(
            words!("shore beyond the towns", "位于各乡镇之外的水岸"),
            work.m(beside.outside),
            LineUnit::Metres,
        );
        line(
            words!("left out: waters cut at the outer border", "剔除：水面在外边界处被截断的边线"),
            work.m(beside.left_out),
            LineUnit::Metres,
        );
        let (Some(streams), Some(axes)) = (streams, &work.inputs.further.streams) else { return Ok(()) };
        let mut line = |what: Words, length: LengthSum| line(what, work.m(length), LineUnit::Metres);
        line(words!("streams, each with two banks", "单线河流（按两岸计）"), streams.together.axes);
        line(words!("left out: streams within waters", "剔除：位于水面内的河流线"), streams.left_out);
        for narrow in &axes.unfit {
            let (lines, _) = lines::measure(&**narrow, towns, &work.plane, work.watch)?;
            let length = length_of(&lines.table.whole);
            line(words!("left out: streams that are too narrow", "剔除：宽度不足的河流"), length);
        }
        Ok(())
    }

    /// Natural shore, from lines that say so. Without them nobody can tell: the fact then allows for all and none of it.
    fn natural(&self, found: &mut Found) -> Result<(), MeasureError> {
        let Self { work, settings, towns, of, .. } = self;
        let given = settings.shore.as_ref().zip(work.inputs.further.shore.as_ref());
        let Some((natural_settings, layers)) = given else { return Ok(()) };
        let mut measured = Vec::new();
        for layer in layers {
            let (lines, findings) = lines::measure(&**layer, towns, &work.plane, work.watch)?;
            found.findings.extend(findings);
            measured.push(lines.table);
        }
        let condition = natural_settings.natural.to_string();
        let origin = Origin {
            how: words!(
                "length of shore lines; natural where {condition}",
                "岸线长度；自然岸线条件：{condition}"
            ),
            sources: vec![natural_settings.layer.file.clone()],
            as_of: settings.date.clone(),
        };
        let mut county = [LengthSum::ZERO; 3];
        for (at, place) in of.iter().cloned().enumerate() {
            let of_town = [0, 1, 2].map(|kind| length_of(&measured[kind].zones[at]));
            county.iter_mut().zip(of_town).for_each(|(sum, length)| *sum += length);
            found.facts.extend(self.shores_of(place, of_town, &origin));
        }
        for (together, table) in county.iter_mut().zip(&measured) {
            *together = *together - length_of(&table.shared);
        }
        found.facts.extend(self.shores_of(Place::County, county, &origin));
        let [.., unknown] = county.map(|length| work.m(length));
        found.findings.extend(unknown_shore(unknown, &natural_settings.layer.file, &condition));
        found.lines.push(Line {
            item: NATURAL,
            place: Place::County,
            what: words!("shore lines beyond the towns", "位于各乡镇之外的岸线"),
            value: measured.iter().map(|table| work.m(length_of(&table.outside))).sum(),
            unit: LineUnit::Metres,
        });
        Ok(())
    }

    /// The shore of a place, and what of it is natural: of lines that do not say, all of it or none.
    fn shores_of(&self, place: Place, lengths: [LengthSum; 3], origin: &Origin) -> Vec<Fact> {
        let [natural, built, unknown] = lengths.map(|length| self.work.m(length));
        let all = natural + built + unknown;
        if all <= 0.0 {
            return Vec::new();
        }
        let shore = fact(Quantity::Shore, place.clone(), all, all, Unit::Metres, origin);
        let told = fact(Quantity::NaturalShore, place, natural, natural, Unit::Metres, origin);
        vec![shore, Fact { high: natural + unknown, ..told }]
    }
}

/// On shore lines that do not say whether they are natural.
fn unknown_shore(unknown_m: f64, layer: &str, condition: &str) -> Option<Finding> {
    let sentence = || {
        words!(
            "{unknown_m:.2} m of the shore lines do not say whether {condition}: all of it or none may be natural",
            "有 {unknown_m:.2} 米岸线无法判断是否符合 {condition}：可能全部为自然岸线，也可能全不是"
        )
    };
    let hint = words!("fill in the field in the layer", "请在图层中补填该字段");
    (unknown_m > 0.0)
        .then(|| Finding::new("shore-unknown", Severity::Warning, sentence()).in_layer(layer).with_hint(hint))
}

/// Parts as one shape.
fn together(parts: &[Shape]) -> Shape {
    let mut all = Shape::default();
    parts.iter().flat_map(Shape::rings).for_each(|ring| all.push(ring.iter().copied()));
    all
}

fn zone(ground: Shape) -> Zones {
    let mut zones = Zones::default();
    if !ground.is_empty() {
        zones.add("", None, ground);
    }
    zones
}
