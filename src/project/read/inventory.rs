//! `[trees]`, `[old_trees]`, `[four_side_trees]`, `[greenways]` and `[leisure_parks]`.

mod four_sides;

use crate::project::inventory::{
    GreenwaysSettings, InventorySettings, LeisureParksSettings, NumbersSettings, OldTreesSettings,
    RecordSettings, TreesSettings, is_table,
};
use crate::project::read::layer::layer;
use crate::project::table::Table;
use crate::words;

/// Values that say of an old tree that it is protected, unless the project names others.
const PROTECTED: [&str; 10] =
    ["是", "已保护", "已挂牌", "已挂牌保护", "挂牌", "保护", "1", "true", "yes", "y"];
/// The column of species in a list of native ones, unless the project names another.
const NATIVE_SPECIES: &str = "树种";

/// What the file says of them.
pub(super) fn inventory(root: &mut Table<'_>, covers: &[String]) -> InventorySettings {
    InventorySettings {
        trees: root.table("trees").map(trees),
        old_trees: root.table("old_trees").map(old_trees),
        four_side_trees: root.table("four_side_trees").map(|table| four_sides::four_sides(table, covers)),
        greenways: root.table("greenways").map(greenways),
        leisure_parks: root.table("leisure_parks").map(leisure_parks),
    }
}

fn records(table: &mut Table<'_>) -> RecordSettings {
    RecordSettings {
        layer: layer(table),
        sheet: table.text("sheet"),
        source: table.text("source"),
        date: table.date("date"),
    }
}

fn trees(mut table: Table<'_>) -> TreesSettings {
    let trees = TreesSettings {
        records: records(&mut table),
        species: table.required_text("species", words!("the column or field of the species", "树种列或字段")),
        count: table.text("count"),
        native: table.path("native"),
        native_species: table.text("native_species").unwrap_or_else(|| NATIVE_SPECIES.to_owned()),
        same: names(&mut table, "same"),
        different: names(&mut table, "different"),
    };
    table.end();
    trees
}

/// Lists of names in a list.
fn names(table: &mut Table<'_>, key: &'static str) -> Vec<Vec<String>> {
    table.lists_of_texts(key).unwrap_or_default()
}

fn old_trees(mut table: Table<'_>) -> OldTreesSettings {
    let usual = || PROTECTED.map(str::to_owned).to_vec();
    let old_trees = OldTreesSettings {
        records: records(&mut table),
        tag: table.required_text("tag", words!("the column or field of the tag number", "挂牌编号列或字段")),
        protected: table
            .required_text("protected", words!("the column or field of the protection", "保护状况列或字段")),
        protected_values: table.texts("protected_values").unwrap_or_else(usual),
        town: table.text("town"),
    };
    table.end();
    old_trees
}

fn greenways(mut table: Table<'_>) -> GreenwaysSettings {
    let has_file = table.has("file");
    let is_table = has_file && is_table(&table.text("file").unwrap_or_default());
    let length = words!("the column with the length in km", "长度（千米）列");
    let greenways = GreenwaysSettings {
        length_km: table.number("length_km"),
        table: is_table.then(|| numbers(&mut table, length)),
        layer: (has_file && !is_table).then(|| layer(&mut table)),
        source: table.required_text("source", words!("who measured them", "数据来源")),
        date: table.required("date", super::date_of(words!("the greenways", "绿道数据")), Table::date),
    };
    if greenways.length_km.is_none() && !has_file {
        table.missing(
            "length_km",
            words!(
                "their length in km; or `file`, a table or a line layer",
                "绿道总长（千米）；或 `file`：表格或线图层"
            ),
        );
    }
    if greenways.length_km.is_some() && has_file {
        table.contradiction(
            "length_km",
            words!("both `length_km` and `file`", "同时写了 `length_km` 和 `file`"),
            words!("keep one of them", "请只保留一种"),
        );
    }
    if greenways.length_km.is_some_and(|km| km < 0.0) {
        table.wrong("length_km", words!("kilometres, not negative", "千米数，非负"));
    }
    table.end();
    greenways
}

fn leisure_parks(mut table: Table<'_>) -> LeisureParksSettings {
    let number = || words!("the column with the number of parks", "公园（绿地）数列");
    let read = |mut table: Table<'_>| {
        let numbers = NumbersSettings {
            source: table.text("source"),
            date: table.date("date"),
            ..numbers(&mut table, number())
        };
        table.end();
        numbers
    };
    let parks = LeisureParksSettings {
        towns: table.table("towns").map(read),
        villages: table.table("villages").map(read),
    };
    if parks.towns.is_none() && parks.villages.is_none() {
        table.missing("towns", words!("a table of the towns, or `villages`", "乡镇表；或村庄表 `villages`"));
    }
    table.end();
    parks
}

fn numbers(table: &mut Table<'_>, value: crate::words::Words) -> NumbersSettings {
    NumbersSettings {
        file: table
            .required_path("file", words!("the table: xlsx, xls or csv", "表格文件：xlsx、xls 或 csv")),
        sheet: table.text("sheet"),
        key: table.required_text("key", words!("the column with codes or names", "代码或名称列")),
        value: table.required_text("value", value),
        source: None,
        date: None,
    }
}
