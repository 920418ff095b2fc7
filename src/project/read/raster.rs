//! `[[cover]] raster = …`: how cells become patches.

use super::layer;
use crate::project::expression::Expression;
use crate::project::filter::Filter;
use crate::project::settings::{
    CellSettings, CrownSettings, LayerSettings, MaskGround, MaskSettings, RasterKind, RasterSettings,
    Threshold,
};
use crate::project::table::Table;
use crate::words;
use crate::words::Explain;

/// A tree is at least so high, in metres, where the file does not say it.
const TREE_M: f64 = 2.0;

/// No crown is wider, in metres, where the file does not say it.
const CROWN_MOST_M: f64 = 40.0;

/// What a raster is read for.
#[derive(Clone, Copy, PartialEq)]
enum Use {
    Cover,
    Mask,
}

/// The layer of a cover: a file, or a raster.
pub(super) fn cover_layer(table: &mut Table<'_>) -> LayerSettings {
    let layer = layer_for(table, Use::Cover);
    LayerSettings { crowns: crowns(table, layer.raster.is_some()), ..layer }
}

/// How points become crowns.
fn crowns(table: &mut Table<'_>, cells: bool) -> Option<CrownSettings> {
    let field = table.text("crown_field");
    let most_m = table.number("crown_most_m");
    if most_m.is_some_and(|most| !(most > 0.0 && most <= 200.0)) {
        table.wrong("crown_most_m", words!("metres, more than 0 and at most 200", "米数，大于 0，至多 200"));
    }
    if most_m.is_some() && field.is_none() {
        table.contradiction(
            "crown_most_m",
            words!("`crown_most_m` without `crown_field`", "有 `crown_most_m` 而没有 `crown_field`"),
            words!(
                "name the field with the diameters of the crowns: `crown_field = …`",
                "请写明冠幅字段：`crown_field = …`"
            ),
        );
    }
    if field.is_some() && cells {
        table.contradiction(
            "crown_field",
            words!("`crown_field` on a raster", "栅格写了 `crown_field`"),
            words!(
                "crowns are drawn about points; give the raster a [[cover]] of its own, of the same class",
                "冠幅用于树木点图层；请为栅格另写一个同类别的 [[cover]]"
            ),
        );
    }
    Some(CrownSettings { field: field?, most_m: most_m.unwrap_or(CROWN_MOST_M) })
}

fn layer_for(table: &mut Table<'_>, wanted: Use) -> LayerSettings {
    if !table.has("raster") {
        return layer::layer(table);
    }
    let file = table
        .required_path("raster", words!("the raster, or a pattern of its sheets", "栅格文件或分幅通配符"));
    let cells = cells(table, &file, wanted);
    LayerSettings { file, raster: Some(cells), ..layer::without_file(table) }
}

/// The layers that a cover is masked by. Only cells have any: what is no class of a polygon is left out by `where`.
pub(super) fn masks(table: &mut Table<'_>, cells: Option<&CellSettings>) -> Vec<MaskSettings> {
    let masks: Vec<MaskSettings> = table.tables("mask").into_iter().map(mask).collect();
    if cells.is_none() && table.has("mask") {
        table.contradiction(
            "mask",
            words!("`mask` on a layer of polygons", "面图层写了 `mask`"),
            words!("masks are for rasters; cut the layer in a GIS", "掩膜仅用于栅格；请在 GIS 中裁剪该图层"),
        );
    }
    let ndsm = cells.is_some_and(|cells| cells.kind == RasterKind::Ndsm);
    let tells_houses =
        |mask: &MaskSettings| matches!(mask.of, MaskGround::Vegetation | MaskGround::Buildings);
    if ndsm && !masks.iter().any(tells_houses) {
        table.contradiction(
            "kind",
            words!(
                "kind = \"ndsm\" without a mask that tells trees from houses, which are high, too",
                "kind = \"ndsm\" 而没有区分树木与房屋的掩膜（房屋同样高出地面）"
            ),
            words!(
                "add mask = [{{ file = \"…\", of = \"buildings\" }}] with the outlines of all buildings, or of = \
                 \"vegetation\"; a model of vegetation alone is kind = \"chm\"",
                "请加 mask = [{{ file = \"…\", of = \"buildings\" }}]（全部建筑物轮廓）或 of = \"vegetation\"；\
                 仅含植被的模型请写 kind = \"chm\""
            ),
        );
    }
    masks
}

fn mask(mut table: Table<'_>) -> MaskSettings {
    let grounds = [
        ("vegetation", MaskGround::Vegetation),
        ("buildings", MaskGround::Buildings),
        ("cropland", MaskGround::Cropland),
        ("water", MaskGround::Water),
        ("other", MaskGround::Other),
    ];
    let mut layer = layer_for(&mut table, Use::Mask);
    if let (Some(filter), Some(_)) = (table.mention("where"), &layer.raster) {
        // Of cells without data nobody knows whether they are of the mask.
        layer.filter = Filter::parse(&format!("{} is null or ({})", CellSettings::FIELD, filter.name)).ok();
    }
    let meaning = words!("what a mask shows", "掩膜内容");
    if !table.has("of") {
        table.missing(
            "of",
            words!(
                "vegetation (what lies inside is kept), or buildings, cropland, water, other (taken out)",
                "vegetation（保留其内）或 buildings、cropland、water、other（予以扣除）"
            ),
        );
    }
    let of = table.choice("of", meaning, &grounds).unwrap_or(MaskGround::Other);
    table.end();
    MaskSettings { layer, of }
}

const KINDS: [(&str, RasterKind); 4] = [
    ("classes", RasterKind::Classes),
    ("chm", RasterKind::Chm),
    ("ndsm", RasterKind::Ndsm),
    ("index", RasterKind::Index),
];

fn cells(table: &mut Table<'_>, file: &str, wanted: Use) -> CellSettings {
    let meaning = words!(
        "what cells hold: classes, heights of vegetation (chm) or of everything (ndsm), or an index",
        "像元内容：类别、植被冠层高度（chm）、含房屋的高度（ndsm）或指数"
    );
    let kind = table.choice("kind", meaning, &KINDS).unwrap_or(RasterKind::Classes);
    let band = table.whole("band");
    let expression = expression(table);
    let bands = bands(table, file);
    let at_least = threshold(table);
    let also_at_least = if wanted == Use::Cover { also_at_least(table, kind) } else { Vec::new() };
    check_cells(table, kind, at_least, wanted);
    let at_least = match kind {
        RasterKind::Classes => None,
        RasterKind::Chm | RasterKind::Ndsm => Some(at_least.unwrap_or(Threshold::Fixed(TREE_M))),
        RasterKind::Index => at_least,
    };
    CellSettings { kind, band, expression, bands, at_least, also_at_least }
}

/// Other thresholds to tell the figures at.
fn also_at_least(table: &mut Table<'_>, kind: RasterKind) -> Vec<f64> {
    let also = table.all_numbers("also_at_least").unwrap_or_default();
    if table.has("also_at_least") && kind == RasterKind::Classes {
        table.contradiction(
            "also_at_least",
            words!("`also_at_least` on a raster of classes", "类别栅格写了 `also_at_least`"),
            words!("write kind = \"chm\" or kind = \"index\"", "请写 kind = \"chm\" 或 kind = \"index\""),
        );
    }
    also
}

/// That the keys go together.
fn check_cells(table: &Table<'_>, kind: RasterKind, at_least: Option<Threshold>, wanted: Use) {
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
        RasterKind::Classes if wanted == Use::Mask && !given("where") => {
            table.missing(
                "where",
                words!("which classes it is made of: \"value = 3\"", "取哪些类别：\"value = 3\""),
            );
        }
        RasterKind::Index if !given("at_least") => {
            table.missing(
                "at_least",
                words!(
                    "the value from which on a cell is green, or \"otsu\"",
                    "像元算作绿地的下限值，或 \"otsu\""
                ),
            );
        }
        RasterKind::Chm | RasterKind::Ndsm if given("expression") => table.contradiction(
            "expression",
            words!("heights come from a band", "高度取自一个波段"),
            words!("write kind = \"index\"", "请写 kind = \"index\""),
        ),
        RasterKind::Chm | RasterKind::Ndsm if at_least == Some(Threshold::Otsu) => table.contradiction(
            "at_least",
            words!("heights have a threshold of their own", "高度的阈值应按树高确定"),
            words!("write metres, such as at_least = 2.0", "请写米数，如 at_least = 2.0"),
        ),
        _ => {}
    }
    if given("bands") && !given("expression") {
        table.contradiction(
            "bands",
            words!("`bands` without `expression`", "有 `bands` 而没有 `expression`"),
            words!("write band = … for a single band", "单个波段请写 band = …"),
        );
    }
    if wanted == Use::Cover && kind != RasterKind::Classes && !given("class") {
        table.missing("class", words!("the class of the cells that reach it", "达到阈值的像元所属的类别"));
    }
}

/// A number, or the word `otsu`.
fn threshold(table: &mut Table<'_>) -> Option<Threshold> {
    if !table.is_text("at_least") {
        return table.number("at_least").map(Threshold::Fixed);
    }
    table.choice(
        "at_least",
        words!("a number or a way to find one", "数值或求阈值的方法"),
        &[("otsu", Threshold::Otsu)],
    )
}

/// `bands = { nir = 4, red = 3 }`, or with a file of its own: `{ nir = { file = "B08.tif", band = 1 } }`.
fn bands(table: &mut Table<'_>, file: &str) -> Vec<(String, RasterSettings)> {
    let Some(named) = table.table("bands") else { return Vec::new() };
    named.each(|name, number, band| match band {
        None => (name, RasterSettings { file: file.to_owned(), band: number }),
        Some(mut band) => {
            let file = band.required_path("file", words!("the raster of the band", "该波段所在的栅格"));
            let settings = RasterSettings { file, band: band.whole("band") };
            band.end();
            (name, settings)
        }
    })
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
