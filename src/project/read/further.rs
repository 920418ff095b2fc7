//! `[park_service]`, `[recreation]`, `[restored]`, `[road_greening]`, `[town_roads]`, `[waterside]`; beside them lie `[shaded_roads]`
//! and `[rings]`.

mod rings;
mod shade;

use super::{FIGURES, layer};
use crate::project::filter::Filter;
use crate::project::further::{
    BesideSettings, Carriageways, Further, GreenedBy, HomesSettings, NaturalSettings, ReachBySize,
    ReachSettings, ShoreSettings, Sides, StreamSettings, Unfit,
};
use crate::project::settings::LayerSettings;
use crate::project::table::Table;
use crate::units::M2_PER_HECTARE;
use crate::words;

/// How far a park reaches, in metres, unless the project says otherwise (GB/T 37342-2019, text not seen).
const PARK_REACH_M: f64 = 500.0;
/// At which distances the figure is told beside it.
const PARK_ALSO_M: [u32; 2] = [300, 1000];
/// How far a large recreation place reaches, in metres, and from which area on it is large.
const RECREATION_REACH_M: f64 = 10_000.0;
const RECREATION_HA: f64 = 20.0;
/// How far apart the axes of one road's carriageways may lie, in metres: a motorway of eight lanes with a wide median.
const CARRIAGEWAYS_M: f64 = 60.0;
/// How wide the strip beside an axis is, in metres; no standard that was read says so.
const STRIP_M: [f64; 2] = [0.0, 20.0];

pub(super) fn further(root: &mut Table<'_>) -> Further {
    Further {
        park_service: match root.table("park_service") {
            Some(table) => reach(table, false, (0.0, PARK_REACH_M), &PARK_ALSO_M),
            None => ReachSettings {
                reach: one_step(0.0, PARK_REACH_M),
                also_radius_m: PARK_ALSO_M.to_vec(),
                ..ReachSettings::default()
            },
        },
        recreation: root
            .table("recreation")
            .map(|table| reach(table, true, (RECREATION_HA * M2_PER_HECTARE, RECREATION_REACH_M), &[])),
        restored: root.table("restored").map(restored),
        road_greening: root.table("road_greening").map(beside),
        town_roads: root.table("town_roads").map(beside),
        waterside: root.table("waterside").map(waterside),
        shaded_roads: root.table("shaded_roads").map(shade::shade),
        rings: root.table("rings").map(rings::rings),
    }
}

fn one_step(at_least_m2: f64, metres: f64) -> Vec<ReachBySize> {
    vec![ReachBySize { at_least_m2, metres }]
}

/// Ground that counts where it lies.
fn restored(mut table: Table<'_>) -> ReachSettings {
    let settings = ReachSettings {
        layer: Some(layer::layer(&mut table)),
        reach: one_step(0.0, 0.0),
        also_radius_m: Vec::new(),
        source: table.text("source"),
        date: table.date("date"),
        homes: Vec::new(),
    };
    table.end();
    settings
}

/// One layer, or a list of them.
fn all_homes(table: &mut Table<'_>) -> Vec<HomesSettings> {
    match table.is_list("homes") {
        true => table.tables("homes").into_iter().map(homes).collect(),
        false => table.table("homes").map(homes).into_iter().collect(),
    }
}

fn homes(mut table: Table<'_>) -> HomesSettings {
    let homes = HomesSettings { layer: layer::layer(&mut table), residents: table.text("residents") };
    table.end();
    homes
}

fn reach(
    mut table: Table<'_>,
    needs_layer: bool,
    (least_m2, usual_m): (f64, f64),
    also: &[u32],
) -> ReachSettings {
    let layer = (needs_layer || table.has("file")).then(|| layer::layer(&mut table));
    let steps: Vec<ReachBySize> = table.tables("reach").into_iter().map(step).collect();
    let at_least = area(&mut table).unwrap_or(least_m2);
    let metres = distance(&mut table, "radius_m").unwrap_or(usual_m);
    if !steps.is_empty() && (table.has("radius_m") || table.has("at_least_ha")) {
        table.contradiction(
            "reach",
            words!(
                "both `reach` and `radius_m` or `at_least_ha`",
                "同时写了 `reach` 与 `radius_m` 或 `at_least_ha`"
            ),
            words!(
                "`reach` says both for every size: keep one way",
                "`reach` 已按规模给出两者，请只保留一种写法"
            ),
        );
    }
    if steps.windows(2).any(|pair| pair[0].at_least_m2 >= pair[1].at_least_m2) {
        table.wrong("reach", words!("steps of growing `at_least_ha`", "按 `at_least_ha` 由小到大排列的各档"));
    }
    let settings = ReachSettings {
        layer,
        reach: if steps.is_empty() { one_step(at_least, metres) } else { steps },
        also_radius_m: also_radius_m(&mut table).unwrap_or_else(|| also.to_vec()),
        source: table.text("source"),
        date: table.date("date"),
        homes: if needs_layer { Vec::new() } else { all_homes(&mut table) },
    };
    table.end();
    settings
}

/// Other distances to tell the figure at.
fn also_radius_m(table: &mut Table<'_>) -> Option<Vec<u32>> {
    let also = table.wholes("also_radius_m")?;
    if also.iter().any(|metres| *metres == 0 || f64::from(*metres) > MOST_M) {
        table.wrong(
            "also_radius_m",
            words!("metres, more than 0 and at most {MOST_M}", "米数，大于 0，至多 {MOST_M}"),
        );
    }
    Some(also)
}

fn step(mut table: Table<'_>) -> ReachBySize {
    let step = ReachBySize {
        at_least_m2: area(&mut table).unwrap_or_default(),
        metres: distance(&mut table, "radius_m").unwrap_or_default(),
    };
    if !table.has("radius_m") {
        table.missing(
            "radius_m",
            words!("how far such a place reaches, in metres", "该规模场所的服务半径（米）"),
        );
    }
    table.end();
    step
}

fn area(table: &mut Table<'_>) -> Option<f64> {
    let hectares = table.number("at_least_ha")?;
    if !(0.0..1e9).contains(&hectares) {
        table.wrong("at_least_ha", words!("hectares, not negative", "公顷数，非负"));
    }
    Some(hectares * M2_PER_HECTARE)
}

fn distance(table: &mut Table<'_>, key: &'static str) -> Option<f64> {
    let metres = table.number(key)?;
    if !(metres > 0.0 && metres <= MOST_M) {
        table.wrong(key, words!("metres, more than 0 and at most {MOST_M}", "米数，大于 0，至多 {MOST_M}"));
    }
    Some(metres)
}

/// No distance is larger than this.
const MOST_M: f64 = 100_000.0;

/// Carriageways of one road lie no farther apart than this.
const MOST_APART_M: f64 = 500.0;

fn strip(table: &mut Table<'_>) -> [f64; 2] {
    let strip = table.numbers::<2>("strip_m").unwrap_or(STRIP_M);
    check_strip(table, strip)
}

/// Other ends of the strip; it begins where it begins.
fn also_strip_m(table: &mut Table<'_>, [near, _]: [f64; 2]) -> Vec<u32> {
    let also = table.wholes("also_strip_m").unwrap_or_default();
    if also.iter().any(|far| f64::from(*far) <= near || *far > 1000) {
        table.wrong(
            "also_strip_m",
            words!(
                "other ends of the strip in metres, beyond where it begins, at most 1000",
                "绿化带的其他止点（米），大于起点，至多 1000"
            ),
        );
    }
    also
}

fn check_strip(table: &Table<'_>, strip: [f64; 2]) -> [f64; 2] {
    if !(strip[0] >= 0.0 && strip[0] < strip[1] && strip[1] <= 1000.0) {
        table.wrong(
            "strip_m",
            words!("[begins, ends] in metres from the axis, at most 1000", "[起, 止]，距轴线米数，至多 1000"),
        );
    }
    strip
}

fn greened_by(table: &mut Table<'_>) -> GreenedBy {
    table
        .choice("figure", words!("a figure", "指标图层"), &FIGURES)
        .map_or_else(GreenedBy::default, GreenedBy)
}

fn beside(mut table: Table<'_>) -> BesideSettings {
    let sides = [("both", Sides::Both), ("either", Sides::Either), ("mean", Sides::Mean)];
    let (layer, strip_m) = (layer::layer(&mut table), strip(&mut table));
    let settings = BesideSettings {
        layer,
        strip_m,
        also_strip_m: also_strip_m(&mut table, strip_m),
        width_field: table.text("width_field"),
        road_ground: road_ground(&mut table),
        carriageways: carriageways(&mut table),
        sides: table.choice("sides", words!("which sides", "哪一侧"), &sides).unwrap_or_default(),
        figure: greened_by(&mut table),
        outside_built_up: table.flag("outside_built_up").unwrap_or(true),
        unfit: table.tables("unfit").into_iter().filter_map(unfit).collect(),
        source: table.text("source"),
        date: table.date("date"),
    };
    table.end();
    settings
}

/// The ground of roads, which tells their width by itself.
fn road_ground(table: &mut Table<'_>) -> Option<LayerSettings> {
    if table.has("road_ground") && table.has("width_field") {
        table.contradiction(
            "road_ground",
            words!("both `road_ground` and `width_field`", "同时写了 `road_ground` 与 `width_field`"),
            words!("the ground tells where a road ends: keep one", "道路面已给出路缘，请只保留一种写法"),
        );
    }
    let mut ground = table.table("road_ground")?;
    let layer = layer::layer(&mut ground);
    ground.end();
    Some(layer)
}

fn carriageways(table: &mut Table<'_>) -> Option<Carriageways> {
    let (route_field, within_m) = (table.text("route_field"), table.number("merge_within_m"));
    if within_m.is_some_and(|metres| !(metres > 0.0 && metres <= MOST_APART_M)) {
        let wanted =
            words!("metres, more than 0 and at most {MOST_APART_M}", "米数，大于 0，至多 {MOST_APART_M}");
        table.wrong("merge_within_m", wanted);
    }
    if within_m.is_some() && route_field.is_none() {
        table.missing("route_field", words!("which field has the route of a road", "路线编号所在字段"));
    }
    route_field.map(|route_field| Carriageways { route_field, within_m: within_m.unwrap_or(CARRIAGEWAYS_M) })
}

fn unfit(mut table: Table<'_>) -> Option<Unfit> {
    let reason =
        table.required_text("reason", words!("why they are not fit for greening", "不适宜绿化的原因"));
    let filter = condition(&mut table, "where");
    table.end();
    Some(Unfit { reason, filter: filter? })
}

/// A condition that must be there.
fn condition(table: &mut Table<'_>, key: &'static str) -> Option<Filter> {
    if !table.has(key) {
        table.missing(key, words!("which features", "哪些要素"));
    }
    layer::condition(table, key)
}

fn waterside(mut table: Table<'_>) -> ShoreSettings {
    let (layer, at_least_m2) = (layer::layer(&mut table), area(&mut table).unwrap_or_default());
    let strip_m = strip(&mut table);
    let settings = ShoreSettings {
        layer,
        at_least_m2,
        strip_m,
        also_strip_m: also_strip_m(&mut table, strip_m),
        figure: greened_by(&mut table),
        streams: table.table("streams").map(streams),
        shore: table.table("shore").and_then(natural),
        source: table.text("source"),
        date: table.date("date"),
    };
    table.end();
    settings
}

fn streams(mut table: Table<'_>) -> StreamSettings {
    let layer = layer::layer(&mut table);
    let width_field = table.text("width_field");
    let least_width_m = distance(&mut table, "least_width_m");
    if least_width_m.is_some() && width_field.is_none() {
        table.missing("width_field", words!("which field has the width", "宽度所在字段"));
    }
    let narrow = width_field.as_ref().zip(least_width_m).and_then(|(field, least)| {
        let field = field.replace('"', "\"\"");
        Filter::parse(&format!("\"{field}\" < {least}")).ok()
    });
    table.end();
    StreamSettings { layer, width_field, least_width_m, narrow }
}

fn natural(mut table: Table<'_>) -> Option<NaturalSettings> {
    let layer = layer::layer(&mut table);
    let natural = condition(&mut table, "natural");
    table.end();
    Some(NaturalSettings { layer, natural: natural? })
}
