//! `[rings]`.

use super::MOST_M;
use crate::project::further::RingSettings;
use crate::project::read::layer;
use crate::project::settings::LayerSettings;
use crate::project::table::Table;
use crate::words;

/// Rings as the plan of a county usually has them, in metres; no standard asks for any.
const RINGS_M: [u32; 4] = [1000, 3000, 5000, 10_000];
const SECTORS: u32 = 16;
/// A direction is closed from this share of forest on, in per cent: our own choice.
const CLOSED_PCT: f64 = 20.0;

pub(super) fn rings(mut table: Table<'_>) -> RingSettings {
    let wanted = words!("growing distances in metres, such as [1000, 3000]", "递增的米数，如 [1000, 3000]");
    let distances = table.wholes("distances_m");
    let settings = RingSettings {
        distances_m: distances.unwrap_or_else(|| RINGS_M.to_vec()),
        closure_ring: table.whole("closure_ring").unwrap_or(1),
        sectors: table.whole("sectors").map_or(SECTORS, |n| n as u32),
        closed_pct: table.number("closed_pct").unwrap_or(CLOSED_PCT),
        belt: table.table("belt").map(belt),
    };
    let grows = settings.distances_m.windows(2).all(|pair| pair[0] < pair[1]);
    let sane = settings.distances_m.iter().all(|m| *m > 0 && f64::from(*m) <= MOST_M);
    if settings.distances_m.is_empty() || !grows || !sane {
        table.wrong("distances_m", wanted);
    }
    if settings.closure_ring == 0 || settings.closure_ring > settings.distances_m.len() {
        table.wrong(
            "closure_ring",
            words!("the number of a ring, the innermost being 1", "圈层序号，最内圈为 1"),
        );
    }
    if settings.sectors == 1 || settings.sectors == 2 || settings.sectors > 360 {
        table.wrong("sectors", words!("3 to 360 directions, or 0 for none", "3 至 360 个方位，0 为不分方位"));
    }
    if !(settings.closed_pct > 0.0 && settings.closed_pct <= 100.0) {
        table.wrong("closed_pct", words!("per cent, more than 0", "百分数，大于 0"));
    }
    table.end();
    settings
}

fn belt(mut table: Table<'_>) -> LayerSettings {
    let belt = layer::layer(&mut table);
    table.end();
    belt
}
