//! `[green_rate]`, `[off_forest_trees]` and `[natural_wetland]`.

use super::classes::{Placed, is_called};
use crate::project::scheme::shared_classes;
use crate::project::sets::{Deduction, GreenRateSettings, OffForestSettings, SetsSettings, WetlandSettings};
use crate::project::settings::ClassIndex;
use crate::project::table::Table;
use crate::words;

/// Green space within construction land, unless the project says otherwise (CJJ/T 85-2017: G1, G2, XG; of squares only
/// the green part counts, which no class tells).
const GREEN: [&str; 5] = ["park", "park_and_green", "protective_green", "attached_green", "production_green"];
/// Other green.
const OTHER: [&str; 1] = ["regional_green"];
/// The cap on other green, in per cent of the green space within construction land (yangling.gov.cn 1427957618982354946).
const OTHER_MOST_PCT: f64 = 20.0;
/// Trees on other land: 961, 962 and 963 of the sub-compartment survey, and tree crowns.
const OFF_FOREST: [&str; 4] = ["arbor_elsewhere", "shrub_crop_elsewhere", "bamboo_elsewhere", "canopy"];
/// The land under them that is told by itself.
const LAND: [&str; 4] = ["orchard", "farmland", "built", "non_forest"];
/// Forest land (林地) without tree cover.
const FOREST_LAND: [&str; 7] =
    ["sparse", "young", "nursery", "cleared", "suitable", "auxiliary", "other_forest_land"];
/// Natural wetland.
const WETLAND: [&str; 1] = ["wetland"];
/// From this share of the territory on wetland leaves it, in per cent (w.sf024.com/info/1240674655381001939).
const WETLAND_PCT: f64 = 5.0;

/// What the file says of them.
pub(super) fn sets(root: &mut Table<'_>, placed: &Placed) -> SetsSettings {
    SetsSettings {
        green_rate: green_rate(root.table("green_rate"), placed),
        off_forest_trees: off_forest_trees(root.table("off_forest_trees"), placed),
        natural_wetland: natural_wetland(root.table("natural_wetland"), placed),
    }
}

fn green_rate(mut table: Option<Table<'_>>, placed: &Placed) -> Option<GreenRateSettings> {
    let classes = classes(&mut table, &GREEN, placed);
    let other = listed(&mut table, "other", &OTHER, placed);
    let other_most_pct = percent(&mut table, "other_most_pct");
    if let Some(table) = &table
        && other.iter().any(|class| classes.contains(class))
    {
        table.contradiction(
            "other",
            words!("a class is both in `classes` and in `other`", "同一类别既在 `classes` 又在 `other`"),
            words!("keep it in one of them", "请只保留一处"),
        );
    }
    let written = end(table);
    let settings =
        GreenRateSettings { classes, other, other_most_pct: other_most_pct.unwrap_or(OTHER_MOST_PCT) };
    (written || !settings.classes.is_empty()).then_some(settings)
}

fn off_forest_trees(mut table: Option<Table<'_>>, placed: &Placed) -> Option<OffForestSettings> {
    let settings = OffForestSettings {
        classes: classes(&mut table, &OFF_FOREST, placed),
        land: listed(&mut table, "land", &LAND, placed),
        forest_land: listed(&mut table, "forest_land", &FOREST_LAND, placed),
    };
    (end(table) || !settings.classes.is_empty()).then_some(settings)
}

fn natural_wetland(mut table: Option<Table<'_>>, placed: &Placed) -> Option<WetlandSettings> {
    let classes = classes(&mut table, &WETLAND, placed);
    let kinds = [("none", Deduction::None), ("above", Deduction::Above), ("all", Deduction::All)];
    let deduct = table.as_mut().and_then(|table| {
        table.choice("deduct", words!("what of the wetland is deducted", "扣除方式"), &kinds)
    });
    let above_pct = percent(&mut table, "above_pct").unwrap_or(WETLAND_PCT);
    let written = end(table);
    let settings = WetlandSettings { classes, deduct: deduct.unwrap_or_default(), above_pct };
    (written || !settings.classes.is_empty()).then_some(settings)
}

/// The classes of a set, of which there must be some where the table is written.
fn classes(table: &mut Option<Table<'_>>, usual: &[&str], placed: &Placed) -> Vec<ClassIndex> {
    let classes = listed(table, "classes", usual, placed);
    if let Some(table) = table.as_ref().filter(|table| classes.is_empty() && !table.has("classes")) {
        table.missing(
            "classes",
            words!("which classes of the covers it is made of", "由覆盖图层的哪些类别组成"),
        );
    }
    classes
}

/// The classes that a list names; where it is not written the usual ones, as far as covers can give them.
fn listed(
    table: &mut Option<Table<'_>>,
    key: &'static str,
    usual: &[&str],
    placed: &Placed,
) -> Vec<ClassIndex> {
    let Some(mentions) = table.as_mut().and_then(|table| table.mentions(key)) else {
        return usual.iter().filter_map(|class| placed.called(class)).collect();
    };
    // A class that the program knows and no cover gives has no ground here.
    let shared = |name: &str| shared_classes().iter().any(|shared| is_called(&shared.class, name));
    let unknown = mentions.iter().filter(|m| placed.called(&m.name).is_none() && !shared(&m.name));
    for mention in unknown {
        let known = placed.classes.iter().map(|class| class.id.as_str());
        if let Some(table) = table {
            table.source.note(mention.unknown(words!("a class", "已定义的类别"), known));
        }
    }
    mentions.iter().filter_map(|mention| placed.called(&mention.name)).collect()
}

fn percent(table: &mut Option<Table<'_>>, key: &'static str) -> Option<f64> {
    let table = table.as_mut()?;
    let share = table.number(key)?;
    if !(0.0..=100.0).contains(&share) {
        table.wrong(key, words!("per cent, 0 to 100", "百分数，0 至 100"));
    }
    Some(share)
}

/// Ends a table, and says whether it was written.
fn end(table: Option<Table<'_>>) -> bool {
    table.map(Table::end).is_some()
}
