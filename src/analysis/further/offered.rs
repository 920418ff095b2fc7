//! Ground that may be the urban area (城区), where the project gives none: built-up polygons of the land survey (CZCSXM 201
//! city, 202 designated town; a county seat is 202). It is offered with what every town has of it, and never assumed.

use super::{Found, Offer, Work};
use crate::attribute::Value;
use crate::fact::Place;
use crate::finding::{Finding, Severity, listed};
use crate::measure::MeasureError;
use crate::measure::coverage::{self, Plan};
use crate::units::SquareMetres;
use crate::words;

/// The field of the land survey that tells built-up ground apart (城镇村属性码), and its values for cities and towns. Letters
/// may follow.
pub const FIELD: &str = "CZCSXM";
const BUILT_UP: [&str; 2] = ["201", "202"];

pub(super) fn offered(work: &Work<'_, '_>, found: &mut Found) -> Result<(), MeasureError> {
    if work.has(&Place::Urban) {
        return Ok(());
    }
    for offer in &work.inputs.further.offers {
        found.findings.extend(of_cover(work, offer)?);
    }
    Ok(())
}

fn of_cover(work: &Work<'_, '_>, offer: &Offer<'_>) -> Result<Option<Finding>, MeasureError> {
    let (towns, _) = work.zones_of(|place| matches!(place, Place::Town(_)));
    let built_up = |_: usize, value: &Value| {
        value.code().is_some_and(|code| BUILT_UP.iter().any(|begins| code.starts_with(begins)))
    };
    let plan = |values: &[Vec<Value>]| Plan::of_one(values, built_up);
    let measured = coverage::measure(&[&*offer.source], &towns, plan, work.area, work.room, work.watch)?;
    let named = towns.zones().iter().zip(&measured.coverage.zones);
    let mut by_town: Vec<(f64, &str, &str)> = named
        .map(|(town, sums)| {
            let m2 = sums.classes.first().map_or(0.0, |class| work.m2(class.net));
            (m2, town.id(), town.name().unwrap_or(town.id()))
        })
        .filter(|(m2, ..)| *m2 > 0.0)
        .collect();
    by_town.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    let Some((_, code, _)) = by_town.first() else { return Ok(None) };
    let list =
        listed(by_town.iter().map(|(m2, _, name)| format!("{name} {:.2} ha", SquareMetres(*m2).hectares())));
    let sentence = words!(
        "no urban area is given, and none is assumed; this layer has ground of {FIELD} 201 and 202 that may be it: {list}",
        "未提供城区范围，程序不作推定；本图层中 {FIELD} 为 201、202 的图斑可作为候选：{list}"
    );
    let file = &offer.file;
    let hint = words!(
        "if it is that of the seat town: [scopes.urban] file = \"{file}\", where = \"{FIELD} like '20%' and ZLDWDM like \
         '{code}%'\" with the code of that town, source and date",
        "如确为城关镇范围：[scopes.urban] file = \"{file}\"，where = \"{FIELD} like '20%' and ZLDWDM like '{code}%'\"（填城关镇\
         代码），并注明 source 与 date"
    );
    let finding = Finding::new("urban-offered", Severity::Info, sentence).in_layer(file);
    let all: f64 = by_town.iter().map(|town| town.0).sum();
    Ok(Some(finding.with_area_m2(all).with_hint(hint)))
}
