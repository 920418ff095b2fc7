//! Reads `[scopes]`.

use super::{FIGURES, date_of, layer};
use crate::project::scopes::{ScopeSettings, Scopes, VillageSettings};
use crate::project::settings::Figure;
use crate::project::table::Table;
use crate::words;

/// The grounds other than towns that a file names.
pub(super) fn scopes(table: Option<Table<'_>>) -> Scopes {
    let Some(mut table) = table else { return Scopes::default() };
    let scopes = Scopes {
        urban: table.table("urban").map(scope),
        town_built_up: table.table("town_built_up").map(scope),
        villages: table.table("villages").map(villages),
        water_sources: table.table("water_sources").map(scope),
        car_parks: table.table("car_parks").map(scope),
        damaged_land: table.table("damaged_land").map(scope),
        streets: table.table("streets").map(scope),
        suburbs: table.table("suburbs").map(scope),
        village_territories: table.table("village_territories").map(scope),
    };
    table.end();
    scopes
}

fn scope(mut table: Table<'_>) -> ScopeSettings {
    let scope = shared_of_scopes(&mut table);
    table.end();
    scope
}

/// Most ground around a settlement, in metres.
const MOST_AROUND_M: usize = 10_000;

fn villages(mut table: Table<'_>) -> VillageSettings {
    let villages = VillageSettings {
        scope: shared_of_scopes(&mut table),
        figure: table.choice("figure", words!("a figure", "指标图层"), &FIGURES).unwrap_or(Figure::Green),
        around_m: table.whole("around_m").map_or(0, |metres| metres.min(MOST_AROUND_M + 1) as u32),
    };
    if villages.around_m as usize > MOST_AROUND_M {
        table.wrong("around_m", words!("metres, at most {MOST_AROUND_M}", "米数，至多 {MOST_AROUND_M}"));
    }
    table.end();
    villages
}

fn shared_of_scopes(table: &mut Table<'_>) -> ScopeSettings {
    ScopeSettings {
        layer: layer::layer(table),
        id_field: table.text("id_field"),
        name_field: table.text("name_field"),
        source: table.required_text("source", words!("who drew the boundary", "边界由谁划定")),
        date: table.required("date", date_of(words!("the boundary", "边界")), Table::date),
    }
}
