//! `[[cover]] raster = …`: how cells become patches.

use super::layer;
use crate::project::expression::Expression;
use crate::project::settings::{CellSettings, LayerSettings, RasterKind};
use crate::project::table::Table;
use crate::words;
use crate::words::Explain;

/// A tree is at least so high, in metres, where the file does not say it.
const TREE_M: f64 = 2.0;

/// The layer of a cover: a file, or a raster.
pub(super) fn cover_layer(table: &mut Table<'_>) -> LayerSettings {
    if !table.has("raster") {
        return layer::layer(table);
    }
    let file = table
        .required_path("raster", words!("the raster, or a pattern of its sheets", "栅格文件或分幅通配符"));
    let cells = cells(table);
    LayerSettings { file, raster: Some(cells), ..layer::without_file(table) }
}

fn cells(table: &mut Table<'_>) -> CellSettings {
    let kinds = [("classes", RasterKind::Classes), ("chm", RasterKind::Chm), ("index", RasterKind::Index)];
    let meaning = words!(
        "what cells hold: classes, heights of vegetation (a model that shows houses too is none), or an index",
        "像元内容：类别、植被冠层高度（含房屋的 nDSM 不可用）或指数"
    );
    let kind = table.choice("kind", meaning, &kinds).unwrap_or(RasterKind::Classes);
    let band = table.whole("band");
    let expression = expression(table);
    let at_least = table.number("at_least");
    let given = |key: &str| table.has(key);
    match kind {
        RasterKind::Classes if given("at_least") || given("expression") => {
            let key = if given("at_least") { "at_least" } else { "expression" };
            table.contradiction(
                key,
                words!("`{key}` on a raster of classes", "类别栅格写了 `{key}`"),
                words!("write kind = \"chm\" or kind = \"index\"", "请写 kind = \"chm\" 或 kind = \"index\""),
            );
        }
        RasterKind::Index if !given("at_least") => {
            table.missing(
                "at_least",
                words!("the value from which on a cell is green", "像元算作绿地的下限值"),
            );
        }
        RasterKind::Chm if given("expression") => table.contradiction(
            "expression",
            words!("heights come from a band", "高度取自一个波段"),
            words!("write kind = \"index\"", "请写 kind = \"index\""),
        ),
        _ => {}
    }
    if kind != RasterKind::Classes && !given("class") {
        table.missing("class", words!("the class of the cells that reach it", "达到阈值的像元所属的类别"));
    }
    let at_least = match kind {
        RasterKind::Classes => None,
        RasterKind::Chm => Some(at_least.unwrap_or(TREE_M)),
        RasterKind::Index => at_least,
    };
    CellSettings { kind, band, expression, at_least }
}

fn expression(table: &mut Table<'_>) -> Option<Expression> {
    let mention = table.mention("expression")?;
    let wrong = match Expression::parse(&mention.name) {
        Ok(expression) => return Some(expression),
        Err(wrong) => wrong,
    };
    let cure = wrong
        .cure()
        .unwrap_or_else(|| words!("such as \"(b4 - b3) / (b4 + b3)\"", "如 \"(b4 - b3) / (b4 + b3)\""));
    table.contradiction("expression", wrong.sentence(), cure);
    None
}
