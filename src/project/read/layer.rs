//! The keys that every layer has.

use crate::project::error::ProjectError;
use crate::project::filter::Filter;
use crate::project::settings::{DatumShift, LayerSettings};
use crate::project::table::Table;
use crate::words;

/// Where a layer lies and how it is to be read.
pub(super) fn layer(table: &mut Table<'_>) -> LayerSettings {
    LayerSettings {
        file: table.required_path("file", words!("the layer's file", "图层文件")),
        layer: table.text("layer"),
        crs: table.text("crs"),
        encoding: table.text("encoding"),
        datum_shift: datum_shift(table),
        filter: condition(table, "where"),
        ..LayerSettings::default()
    }
}

/// What is said of a raster besides its file.
pub(super) fn without_file(table: &mut Table<'_>) -> LayerSettings {
    LayerSettings {
        crs: table.text("crs"),
        datum_shift: datum_shift(table),
        filter: condition(table, "where"),
        ..LayerSettings::default()
    }
}

fn datum_shift(table: &mut Table<'_>) -> Option<DatumShift> {
    if table.is_text("datum_shift") {
        let wanted = words!("a datum shift", "基准转换方式");
        return table.choice("datum_shift", wanted, &[("none", DatumShift::Unshifted)]);
    }
    let mut shift = table.table("datum_shift")?;
    let meaning = words!(
        "seven numbers: dx, dy, dz in metres, rx, ry, rz in arc seconds, scale in ppm",
        "七参数：dx、dy、dz（米），rx、ry、rz（角秒），尺度（ppm）"
    );
    let parameters = shift.required("towgs84", meaning, Table::numbers::<7>);
    shift.end();
    Some(DatumShift::Towgs84(parameters))
}

/// A condition on the fields of a feature.
pub(super) fn condition(table: &mut Table<'_>, key: &'static str) -> Option<Filter> {
    let mention = table.mention(key)?;
    Filter::parse(&mention.name)
        .map_err(|filter| {
            let (place, table_name) = (mention.place, mention.table);
            table.source.note(ProjectError::Filter { place, table: table_name, filter });
        })
        .ok()
}
