//! `[shaded_roads]`.

use super::{check_strip, distance};
use crate::project::further::{JudgedBy, ShadeSettings};
use crate::project::read::{FIGURES, layer};
use crate::project::settings::Figure;
use crate::project::table::Table;
use crate::words;

/// From which share of the sidewalk under crowns on a road is shaded, in per cent (林荫道路).
const SHADED_PCT: f64 = 90.0;
/// How long a segment is, in metres: our own choice.
const SEGMENT_M: f64 = 100.0;

pub(super) fn shade(mut table: Table<'_>) -> ShadeSettings {
    let units = [("road", JudgedBy::Road), ("block", JudgedBy::Block), ("segment", JudgedBy::Segment)];
    let wanted =
        words!("where the sidewalk begins and ends, in metres from the axis", "人行道距道路轴线的起止米数");
    let layer = layer::layer(&mut table);
    let strip = table.required("strip_m", wanted, Table::numbers::<2>);
    let settings = ShadeSettings {
        layer,
        road: table.text("road"),
        judge_by: table
            .choice("judge_by", words!("what is judged as one", "评判单元"), &units)
            .unwrap_or_default(),
        segment_m: distance(&mut table, "segment_m").unwrap_or(SEGMENT_M),
        strip_m: if table.has("strip_m") { check_strip(&table, strip) } else { strip },
        width_field: table.text("width_field"),
        share_pct: table.number("share_pct").unwrap_or(SHADED_PCT),
        figure: table.choice("figure", words!("a figure", "指标图层"), &FIGURES).unwrap_or(Figure::Canopy),
        source: table.text("source"),
        date: table.date("date"),
    };
    if !(settings.share_pct > 0.0 && settings.share_pct <= 100.0) {
        table.wrong("share_pct", words!("per cent, more than 0 and at most 100", "百分数，大于 0，至多 100"));
    }
    table.end();
    settings
}
