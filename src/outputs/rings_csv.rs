//! `rings.csv`: forest around the city, ring by ring, direction by direction, gap by gap. For information; no standard
//! asks for it, and the file says so in every row.
//!
//! In: a report. Out: CSV bytes, UTF-8 with a byte-order mark.

use crate::analysis::analyze::PlaceCoverage;
use crate::analysis::further::{ForestPatches, LARGE_HA};
use crate::analysis::rings::{Ground, closure, reference};
use crate::fact::Place;
use crate::measure::along::{Along, Stretch};
use crate::outputs::{Report, csv_document, or_blank};
use crate::units::SquareMetres;
use crate::words;
use crate::words::Words;

const HEADER: [(&str, &str); 13] = [
    ("row", "行别"),
    ("from_m", "起（米）"),
    ("to_m", "止（米）"),
    ("from_deg", "方位角起（度）"),
    ("to_deg", "方位角止（度）"),
    ("ground_ha", "县域内面积（公顷）"),
    ("beyond_ha", "县域外面积（公顷，平面）"),
    ("forest_ha", "森林面积（公顷）"),
    ("forest_pct", "森林占比（%，扣除水域）"),
    ("water_ha", "扣除的水域面积（公顷）"),
    ("forest_of_ground_pct", "森林占比（%，不扣水域）"),
    ("closed", "是否闭合"),
    ("note", "说明"),
];

/// Where the note stands: the last column.
const NOTE: usize = HEADER.len() - 1;

/// The table; `None` where no rings were asked for, or there is no urban area.
pub fn rings_csv(report: &Report<'_>) -> Option<Vec<u8>> {
    let settings = report.project.further.rings.as_ref()?;
    let say = |words: &Words| words.say(report.lang).to_owned();
    let places = &report.analysis.scopes;
    let mut rows: Vec<Vec<String>> =
        places.iter().filter_map(|row| row_of(row, report, settings.closed_pct)).collect();
    rows.extend(report.analysis.belt.iter().flat_map(|line| along(line, report)));
    if rows.is_empty() {
        return None;
    }
    let own = words!("for information; asked by no standard", "仅供参考，非标准要求");
    if let Some(closure) = closure(report.project, places, settings.closed_pct) {
        for gap in &closure.gaps {
            let to = (gap.from_deg + gap.width_deg) % 360.0;
            let mut row = vec![String::new(); HEADER.len()];
            row[0] = say(&words!("gap", "缺口"));
            (row[3], row[4]) = (gap.from_deg.to_string(), to.to_string());
            let (width, pct) = (gap.width_deg, settings.closed_pct);
            row[NOTE] =
                say(&words!("{width}° wide, forest below {pct} %", "宽 {width}°，森林占比低于 {pct} %"));
            rows.push(row);
        }
        let mut row = vec![String::new(); HEADER.len()];
        let (closed, directions) = (closure.closed, closure.directions);
        row[0] = say(&words!("closure", "闭合度"));
        row[8] = (closed as f64 / directions as f64 * 100.0).to_string();
        row[NOTE] = say(&words!(
            "{closed} of {directions} directions closed",
            "{directions} 个方位中 {closed} 个闭合"
        ));
        rows.push(row);
    }
    rows.extend(report.analysis.forest_patches.iter().flat_map(|patches| of_patches(patches, report)));
    rows.extend(reference(report.project.county.terrain).into_iter().map(|(terrain, pct)| {
        let mut row = vec![String::new(); HEADER.len()];
        row[0] = say(&words!("line of reference", "参考线"));
        row[8] = pct.to_string();
        let Words { en, zh } = terrain.words();
        row[NOTE] = say(&words!(
            "{en}: peri-urban forest in the rule of 2007 (superseded)",
            "{zh}：2007 年国家森林城市评价指标（已废止）的郊区森林覆盖率"
        ));
        row
    }));
    for row in &mut rows {
        row[NOTE] = if row[NOTE].is_empty() { say(&own) } else { format!("{}; {}", row[NOTE], say(&own)) };
    }
    let header = HEADER.map(|(en, zh)| say(&Words::new(en, zh)));
    Some(csv_document(&header, rows))
}

fn row_of(row: &PlaceCoverage, report: &Report<'_>, closed_pct: f64) -> Option<Vec<String>> {
    let say = |words: Words| words.say(report.lang).to_owned();
    let (kind, [from_m, to_m], azimuths) = match row.place {
        Place::Ring { from_m, to_m } => (words!("ring", "圈层"), [from_m, to_m], None),
        Place::Sector { from_m, to_m, number, of } => {
            let degrees = |number: u32| f64::from(number) * 360.0 / f64::from(of);
            (words!("direction", "方位"), [from_m, to_m], Some([degrees(number), degrees(number + 1)]))
        }
        _ => return None,
    };
    let hectares = |m2: f64| SquareMetres(m2).hectares();
    let ground = Ground::of(report.project, row);
    let beyond = report.analysis.beyond.iter().find(|(place, _)| *place == row.place);
    let pct = ground.forest_pct();
    let closed = azimuths
        .and(pct)
        .map(|pct| say(if pct >= closed_pct { words!("yes", "是") } else { words!("no", "否") }));
    Some(vec![
        say(kind),
        from_m.to_string(),
        to_m.to_string(),
        or_blank(azimuths.map(|a| a[0])),
        or_blank(azimuths.map(|a| a[1])),
        hectares(ground.all_m2).to_string(),
        or_blank(beyond.map(|(_, m2)| hectares(*m2))),
        or_blank(ground.forest_m2.map(hectares)),
        or_blank(pct),
        or_blank(ground.water_m2.map(hectares)),
        or_blank(ground.forest_of_all_pct()),
        closed.unwrap_or_default(),
        say(of_which_ground(&ground)),
    ])
}

/// What the share of a ring is a share of.
fn of_which_ground(ground: &Ground) -> Words {
    match ground.water_m2 {
        Some(_) => words!("% of the land, water deducted", "占陆地面积的百分比，水域已扣除"),
        None => {
            words!("% of all ground: no cover has a class of water", "占全部面积的百分比：各图层均无水域地类")
        }
    }
}

/// A line around the city: what of it lies in forest, its longest run of forest, its gaps.
fn along(line: &Along, report: &Report<'_>) -> Vec<Vec<String>> {
    let say = |words: Words| words.say(report.lang).to_owned();
    let row = |kind: Words, [from_m, to_m]: [f64; 2], note: Words| {
        let mut row = vec![String::new(); HEADER.len()];
        (row[0], row[1], row[2]) = (say(kind), from_m.to_string(), to_m.to_string());
        row[NOTE] = say(note);
        row
    };
    let (id, runs, gaps) = (&line.id, line.runs.len(), line.gaps.len());
    let note = words!(
        "line {id}: {runs} runs of forest, {gaps} gaps; metres from its start",
        "线 {id}：森林 {runs} 段，缺口 {gaps} 处；米数自起点起算"
    );
    let mut whole = row(words!("line around the city", "环城线"), [0.0, line.length_m], note);
    let forest_m: f64 = line.runs.iter().fold(0.0, |sum, run| sum + run.length_m);
    whole[8] = or_blank((line.length_m > 0.0).then(|| forest_m / line.length_m * 100.0));
    let stretch = |kind: Words, stretch: &Stretch| {
        let metres = stretch.length_m;
        row(kind, [stretch.from_m, stretch.to_m], words!("line {id}: {metres} m", "线 {id}：{metres} 米"))
    };
    let longest = line.runs.first().map(|run| stretch(words!("longest run of forest", "最长连续森林"), run));
    let gaps = line.gaps.iter().map(|gap| stretch(words!("gap along the line", "沿线缺口"), gap));
    std::iter::once(whole).chain(longest).chain(gaps).collect()
}

/// Forest patches: how many of at least each size, their ground, and what share of the forest the largest has.
fn of_patches(patches: &ForestPatches, report: &Report<'_>) -> Vec<Vec<String>> {
    let say = |words: Words| words.say(report.lang).to_owned();
    let hectares = |m2: f64| SquareMetres(m2).hectares();
    let line = |what: Words, area_m2: f64, note: Words| {
        let mut row = vec![String::new(); HEADER.len()];
        (row[0], row[1], row[2]) = (say(what), "0".to_owned(), patches.within_m.to_string());
        row[7] = hectares(area_m2).to_string();
        row[8] = or_blank((patches.total_m2 > 0.0).then(|| area_m2 / patches.total_m2 * 100.0));
        row[NOTE] = say(note);
        row
    };
    let sizes = LARGE_HA.iter().zip(&patches.large).map(|(least_ha, (count, m2))| {
        let mu = (least_ha * 15.0).round();
        let note = words!(
            "{count} of {} patches, % of the forest within the rings",
            "共 {} 块中的 {count} 块，占圈层内森林的百分比",
            patches.count
        );
        line(words!("forest patches of {mu} mu and more", "{mu} 亩及以上森林斑块"), *m2, note)
    });
    let note = words!("% of the forest within the rings", "占圈层内森林的百分比");
    let largest = line(words!("largest forest patch", "最大森林斑块"), patches.largest_m2, note);
    sizes.chain([largest]).collect()
}
