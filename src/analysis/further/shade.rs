//! Shaded roads of the urban area (城区林荫道路).

use super::under::Under;
use super::{Found, Line, LineUnit, Origin, Work, declared, fact, roads};
use crate::analysis::noticed;
use crate::analysis::tally::off_the_map;
use crate::attribute::Value;
use crate::fact::{Place, Quantity, Unit};
use crate::geometry::length::LengthSum;
use crate::measure::MeasureError;
use crate::measure::shade::{self, Request, Shade};
use crate::prepare::Zones;
use crate::project::further::{JudgedBy, ShadeSettings};
use crate::survey::Source;
use crate::words;
use crate::words::Words;

const ITEM: &str = "shaded-roads";

/// Shares that the figure is told for beside the one that judges, in per cent.
const OTHER_SHARES: [f64; 3] = [50.0, 70.0, 90.0];

/// A share is reached when it is missed by rounding only, in per cent.
const ROUNDING: f64 = 1e-9;

/// The length of all units and of those that are shaded, in metres, and how many these are.
struct Told {
    all_m: f64,
    shaded_m: f64,
    shaded: usize,
}

/// Roads of the urban area, and which of them are shaded.
pub(super) fn shaded_roads(work: &Work<'_, '_>, found: &mut Found) -> Result<(), MeasureError> {
    let settings = work.inputs.project.further.shaded_roads.as_ref();
    let Some((settings, axes)) = settings.zip(work.inputs.further.shaded_roads.as_ref()) else {
        return Ok(());
    };
    let under = work.under(&[settings.figure]);
    if !work.has(&Place::Urban) || under.is_empty() {
        return Ok(());
    }
    let of = |judged: JudgedBy| match judged {
        JudgedBy::Road => shade::Unit::Road,
        JudgedBy::Segment => shade::Unit::Segment(settings.segment_m),
        JudgedBy::Block => shade::Unit::Block,
    };
    let (unit, other) = (of(settings.judge_by), of(beside(settings.judge_by)));
    let units = units(work, settings, (&**axes, &under), unit, found, true)?;
    let others = self::units(work, settings, (&**axes, &under), other, found, false)?;
    let told = told(work, &units, settings.share_pct);
    let (names, dates) = under.named(settings.figure);
    let origin = Origin {
        how: how(settings),
        sources: std::iter::once(declared(settings.source.as_ref(), axes.name())).chain(names).collect(),
        as_of: settings.date.clone().or(dates),
    };
    if told.all_m > 0.0 {
        let all = words!("length of the axes of the roads that are judged", "参与评判的道路轴线总长");
        let all = Origin { how: all, ..origin.clone() };
        let fact = |quantity, value, origin: &Origin| {
            fact(quantity, Place::Urban, value, told.all_m, Unit::Metres, origin)
        };
        found.facts.extend([
            fact(Quantity::Roads, told.all_m, &all),
            fact(Quantity::ShadedRoads, told.shaded_m, &origin),
        ]);
    }
    found.lines.extend(for_information(work, settings, &told, &units, &others));
    Ok(())
}

/// Measures the units of one kind.
fn units(
    work: &Work<'_, '_>,
    settings: &ShadeSettings,
    (axes, under): (&dyn Source, &Under<'_>),
    unit: shade::Unit,
    found: &mut Found,
    says: bool,
) -> Result<Vec<Shade>, MeasureError> {
    let (ground, _) = work.zones_of(|place| *place == Place::Urban);
    let (strip_m, area) = (settings.strip_m, work.area);
    let (covers, counts) =
        (under.sources(), |source: usize, value: &Value| under.counts(settings.figure, source, value));
    let request = Request { axes, unit, strip_m, ground: &ground, covers: &covers, counts: &counts, area };
    let (shades, findings) = shade::measure(&request, &work.plane, work.room, work.watch)?;
    found.findings.extend(noticed::of_balance(&shades.unbalanced, &Zones::default()));
    if says {
        found.findings.extend(findings);
        found.findings.extend(off_the_map(&shades.off_the_map, axes.name()));
        found.findings.extend(roads::none_there(shades.units.is_empty(), axes.name()));
    }
    Ok(shades.units)
}

/// What is shaded from a share on.
fn told(work: &Work<'_, '_>, units: &[Shade], share_pct: f64) -> Told {
    let mut told = Told { all_m: 0.0, shaded_m: 0.0, shaded: 0 };
    let (mut all, mut shaded) = (LengthSum::ZERO, LengthSum::ZERO);
    for unit in units {
        all += unit.length;
        let strip = work.m2(unit.strip);
        if strip > 0.0 && work.m2(unit.shaded) / strip * 100.0 >= share_pct - ROUNDING {
            shaded += unit.length;
            told.shaded += 1;
        }
    }
    (told.all_m, told.shaded_m) = (work.m(all), work.m(shaded));
    told
}

fn for_information(
    work: &Work<'_, '_>,
    settings: &ShadeSettings,
    judged: &Told,
    units: &[Shade],
    others: &[Shade],
) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut line = |what: Words, value: f64, unit: LineUnit| {
        lines.push(Line { item: ITEM, place: Place::Urban, what, value, unit });
    };
    let (by, by_other) = (settings.judge_by, beside(settings.judge_by));
    line(words!("units judged", "评判单元数"), units.len() as f64, LineUnit::Count);
    line(words!("units that are shaded", "达到林荫的单元数"), judged.shaded as f64, LineUnit::Count);
    let pct = |told: &Told| told.shaded_m / told.all_m * 100.0;
    for share in OTHER_SHARES.into_iter().filter(|share| *share != settings.share_pct) {
        let told = told(work, units, share);
        if told.all_m > 0.0 {
            let what = named(by, settings, share);
            line(what, pct(&told), LineUnit::Percent);
        }
    }
    let other = told(work, others, settings.share_pct);
    if other.all_m > 0.0 {
        line(named(by_other, settings, settings.share_pct), pct(&other), LineUnit::Percent);
    }
    let (mut strip, mut shaded) = (0.0, 0.0);
    for unit in units {
        strip += work.m2(unit.strip);
        shaded += work.m2(unit.shaded);
    }
    if strip > 0.0 {
        let what = words!("crowns over all strips, each by itself", "各绿带树冠覆盖之和占比");
        line(what, shaded / strip * 100.0, LineUnit::Percent);
    }
    lines
}

/// The unit that the figure is told for beside the one that judges.
fn beside(judged: JudgedBy) -> JudgedBy {
    match judged {
        JudgedBy::Road => JudgedBy::Segment,
        JudgedBy::Segment | JudgedBy::Block => JudgedBy::Road,
    }
}

/// A reading, for people.
fn named(judged: JudgedBy, settings: &ShadeSettings, share: f64) -> Words {
    let metres = settings.segment_m;
    match judged {
        JudgedBy::Road => words!("shaded by road, from {share} % on", "按道路评判，遮荫达 {share}%"),
        JudgedBy::Block => words!(
            "shaded by block between crossings, from {share} % on",
            "按路口之间的街段评判，遮荫达 {share}%"
        ),
        JudgedBy::Segment => words!(
            "shaded by segment of {metres} m, from {share} % on",
            "按 {metres} 米路段评判，遮荫达 {share}%"
        ),
    }
}

fn how(settings: &ShadeSettings) -> Words {
    let [near, far] = settings.strip_m;
    let from = match settings.width_field {
        Some(_) => words!("the edge", "路缘"),
        None => words!("the axis", "轴线"),
    };
    let unit = named(settings.judge_by, settings, settings.share_pct);
    Words::new(
        format!(
            "{}: crowns over the strips {near} to {far} m from {}, both sides together",
            unit.en, from.en
        ),
        format!("{}；绿带为距{} {near} 至 {far} 米，两侧合计", unit.zh, from.zh),
    )
}
