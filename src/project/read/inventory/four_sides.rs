//! `[four_side_trees]`.

use super::records;
use crate::project::inventory::FourSidesSettings;
use crate::project::table::Table;
use crate::words;

/// How many trees are a hectare, unless the project says otherwise (a province's sub-compartment statistics program).
const PER_HA: f64 = 1650.0;
/// Values of `SSLX` that mean trees of the four sides, unless the project names others.
const FOUR_SIDES: [&str; 3] = ["2", "四旁树", "四旁"];
/// Those of scattered trees (散生木), which are never converted.
const SCATTERED: [&str; 4] = ["1", "散生木", "散生", "散生树"];

pub(super) fn four_sides(mut table: Table<'_>, covers: &[String]) -> FourSidesSettings {
    let cover = table.mention("cover");
    if let Some(cover) = cover.as_ref().filter(|cover| !covers.contains(&cover.name)) {
        let known = covers.iter().map(String::as_str);
        table.source.note(cover.unknown(words!("a cover by its name", "已有 [[cover]] 的名称"), known));
    }
    if cover.is_some() && table.has("file") {
        table.contradiction(
            "cover",
            words!("both `cover` and `file`", "同时写了 `cover` 和 `file`"),
            words!("keep one of them", "请只保留一种"),
        );
    }
    let settings = FourSidesSettings {
        records: cover.is_none().then(|| records(&mut table)),
        town: table.required_text("town", words!("the column or field of the town", "乡镇列或字段")),
        count: table
            .required_text("count", words!("the column or field of the number of trees", "株数列或字段")),
        kind: table.text("kind"),
        kind_values: table.texts("kind_values").unwrap_or_else(|| FOUR_SIDES.map(str::to_owned).to_vec()),
        per_ha: table.number("per_ha").unwrap_or(PER_HA),
        cover: cover.map(|cover| cover.name),
    };
    check(&table, &settings);
    table.end();
    settings
}

fn check(table: &Table<'_>, settings: &FourSidesSettings) {
    if !(settings.per_ha > 0.0 && settings.per_ha <= 100_000.0) {
        table.wrong("per_ha", words!("trees a hectare, more than 0", "每公顷株数，大于 0"));
    }
    if settings.records.as_ref().is_some_and(|records| !records.is_table() && table.has("file")) {
        table.wrong(
            "file",
            words!(
                "a table (xlsx, xls, csv); of features name the [[cover]]: cover = \"…\"",
                "表格（xlsx、xls、csv）；取自图层时请写 cover = \"…\"（[[cover]] 的名称）"
            ),
        );
    }
    if settings.cover.is_some() && settings.kind.is_none() {
        table.missing(
            "kind",
            words!("the field that tells them from scattered trees (SSLX)", "四旁树、散生木类型字段（SSLX）"),
        );
    }
    if settings.kind_values.iter().any(|value| SCATTERED.contains(&value.trim())) {
        table.contradiction(
            "kind_values",
            words!(
                "scattered trees (SSLX 1) are never converted to ground",
                "散生木（SSLX 1）一律不折算面积"
            ),
            words!("keep the values of trees of the four sides (SSLX 2)", "请只保留四旁树（SSLX 2）的取值"),
        );
    }
}
