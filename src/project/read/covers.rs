//! `[[cover]]`: the layers to measure. Classes stay names here, until all classes of the file are known.

use std::collections::{HashMap, HashSet};

use super::classes::Placed;
use super::raster;
use crate::project::class_map::{ClassMap, ClassRule, LeadingZeros, SchemeChoice, ValueSet};
use crate::project::error::ProjectError;
use crate::project::scheme::{scheme, schemes};
use crate::project::settings::{
    AreaUnit, CellSettings, ClassIndex, CoverClasses, CoverSettings, Figure, LayerSettings, MaskSettings,
    RasterKind, ZoneFrom,
};
use crate::project::source::Mention;
use crate::project::table::Table;
use crate::words;

/// A cover whose classes are names.
pub(super) struct Cover {
    pub name: String,
    /// The stratum of its classes, where it names one.
    pub stratum: Option<Mention>,
    pub naming: Naming,
    /// Where its scheme stands, for errors about classes that the scheme gives.
    pub whole: Mention,
    layer: LayerSettings,
    masks: Vec<MaskSettings>,
    id_field: Option<String>,
    area_field: Option<String>,
    area_unit: AreaUnit,
    town_field: Option<String>,
    zone_from: ZoneFrom,
    date: Option<String>,
    source: Option<String>,
}

/// Where the class of a feature comes from, by names.
pub(super) enum Naming {
    Whole(Mention),
    ByField { field: String, rules: Vec<(Mention, ValueSet)>, scheme: SchemeChoice, zeros: LeadingZeros },
}

pub(super) fn covers(tables: Vec<Table<'_>>) -> Vec<Cover> {
    let mut names = HashSet::new();
    tables
        .into_iter()
        .map(|mut table| {
            let cover = cover(&mut table);
            if !names.insert(cover.name.clone()) {
                let name = &cover.name;
                table.contradiction(
                    "name",
                    words!("two covers are called `{name}`", "两个 [[cover]] 同名：`{name}`"),
                    words!("give each its own `name`", "请各写一个不同的 `name`"),
                );
            }
            table.end();
            cover
        })
        .collect()
}

fn cover(table: &mut Table<'_>) -> Cover {
    let layer = raster::cover_layer(table);
    let masks = raster::masks(table, layer.raster.as_ref());
    let area_field = table.text("area_field");
    let units = [("ha", AreaUnit::Hectares), ("m2", AreaUnit::SquareMetres), ("mu", AreaUnit::Mu)];
    let area_unit = table.choice("area_unit", words!("a unit of area", "面积单位"), &units);
    if area_unit.is_some() && area_field.is_none() {
        table.contradiction(
            "area_unit",
            words!("`area_unit` without `area_field`", "有 `area_unit` 而没有 `area_field`"),
            words!("name the field: `area_field = …`", "请写明字段：`area_field = …`"),
        );
    }
    let (town_field, zone_from) = town(table, layer.raster.is_some());
    Cover {
        town_field,
        zone_from,
        name: table.text("name").unwrap_or_else(|| layer.file.clone()),
        stratum: table.mention("stratum"),
        naming: naming(table, layer.raster.as_ref()),
        whole: table.mention_of("scheme"),
        layer,
        masks,
        id_field: table.text("id_field"),
        area_field,
        area_unit: area_unit.unwrap_or_default(),
        date: table.date("date"),
        source: table.text("source"),
    }
}

/// The town that features are booked under.
fn town(table: &mut Table<'_>, is_raster: bool) -> (Option<String>, ZoneFrom) {
    let field = table.text("town_field");
    let ways = [("geometry", ZoneFrom::Geometry), ("attribute", ZoneFrom::Attribute)];
    let wanted = words!("where the town of a patch comes from", "图斑所属乡镇的依据");
    let zone_from = table.choice("zone_from", wanted, &ways).unwrap_or_default();
    if zone_from == ZoneFrom::Attribute && field.is_none() {
        table.missing("town_field", words!("the field with the town of a patch", "图斑所属乡镇代码字段"));
    }
    if field.is_some() && is_raster {
        table.contradiction(
            "town_field",
            words!("`town_field` of a raster", "栅格图层写了 `town_field`"),
            words!("cells have no town of their own: leave it out", "像元没有乡镇代码，请删去"),
        );
    }
    (field, zone_from)
}

fn naming(table: &mut Table<'_>, cells: Option<&CellSettings>) -> Naming {
    let class = table.mention("class");
    let field = table.text("field").or_else(|| cells.map(|_| CellSettings::FIELD.to_owned()));
    let scheme = scheme_choice(table);
    let rules: Vec<_> = table.tables("map").into_iter().filter_map(rule).collect();
    let zeros = [("kept", LeadingZeros::Kept), ("lost", LeadingZeros::Lost)];
    let zeros = table.choice("leading_zeros", words!("a state of leading zeros", "前导零状态"), &zeros);
    check_naming(table, cells.is_some());
    // Cells without data have no value, and are of no class.
    let any = ValueSet::Range([f64::MIN, f64::MAX]);
    match class {
        Some(class) if cells.is_some() => Naming::ByField {
            field: CellSettings::FIELD.to_owned(),
            rules: vec![(class, any)],
            scheme,
            zeros: LeadingZeros::Kept,
        },
        Some(class) => Naming::Whole(class),
        None => Naming::ByField {
            field: field.unwrap_or_default(),
            rules,
            scheme,
            zeros: zeros.unwrap_or_default(),
        },
    }
}

fn scheme_choice(table: &mut Table<'_>) -> SchemeChoice {
    let Some(mention) = table.mention("scheme") else { return SchemeChoice::None };
    if mention.name == "unknown" {
        return SchemeChoice::Unknown;
    }
    if let Some(scheme) = scheme(&mention.name) {
        return SchemeChoice::Known(scheme);
    }
    let known = schemes().iter().map(|scheme| scheme.name.as_str()).chain(["unknown"]);
    table.source.note(mention.unknown(words!("a code scheme", "编码方案"), known));
    SchemeChoice::None
}

fn rule(mut table: Table<'_>) -> Option<(Mention, ValueSet)> {
    let class = table.mention("class");
    if !table.has("class") {
        table.missing("class", words!("the class of these values", "这些值所属的类别"));
    }
    let values = table.texts("values").map(ValueSet::Values);
    let range = table.numbers::<2>("range");
    if range.is_some_and(|[low, high]| low > high) {
        table.wrong("range", words!("[least, most]", "[最小值, 最大值]"));
    }
    let prefix = table.code("prefix").map(ValueSet::Prefix);
    let written = ["values", "range", "prefix"].iter().filter(|key| table.has(key)).count();
    if written != 1 {
        table.contradiction(
            "class",
            words!(
                "needs exactly one of `values`, `range`, `prefix`",
                "`values`、`range`、`prefix` 须恰好写一个"
            ),
            words!(
                "such as {{ class = \"arbor\", values = [\"111\"] }}",
                "如 {{ class = \"arbor\", values = [\"111\"] }}"
            ),
        );
    }
    table.end();
    Some((class?, values.or(range.map(ValueSet::Range)).or(prefix)?))
}

/// The whole layer is one class, or a field gives it: by a scheme, by rules, or by rules before a scheme.
fn check_naming(table: &Table<'_>, is_raster: bool) {
    let names = schemes().iter().map(|scheme| scheme.name.as_str()).collect::<Vec<_>>().join(", ");
    let written = |key: &&&str| table.has(key);
    let by_field = ["field", "scheme", "map", "leading_zeros"].iter().find(written);
    if let Some(key) = by_field.filter(|_| table.has("class")) {
        table.contradiction(
            key,
            words!("both `class` and `{key}`", "同时写了 `class` 和 `{key}`"),
            words!(
                "`class` makes the whole layer one class; else give `field` with `scheme` or `map`",
                "`class` 表示整个图层为一类；否则写 `field` 加 `scheme` 或 `map`"
            ),
        );
    } else if !table.has("class") && !table.has("scheme") && !table.has("map") {
        table.missing(
            "scheme",
            words!(
                "how `field` is coded: {names}; \"unknown\" lists what each value could mean. \
                 Or `map = […]`, or `class = …` for the whole layer",
                "`field` 的编码方案：{names}；\"unknown\" 会列出每个值可能的含义。\
                 也可写 `map = […]`，或用 `class = …` 表示整个图层为一类"
            ),
        );
    } else if !table.has("class") && !table.has("field") && !is_raster {
        table.missing("field", words!("the field with the codes", "编码所在的字段"));
    }
    if table.has("leading_zeros") && !table.has("scheme") && !table.has("class") {
        table.contradiction(
            "leading_zeros",
            words!("`leading_zeros` without `scheme`", "有 `leading_zeros` 而没有 `scheme`"),
            words!("write the values in `map` as they stand in the field", "请在 `map` 中按字段里的原样写值"),
        );
    }
}

impl Cover {
    /// The names of the classes it gives, in declared order: rules first, then the scheme's.
    pub(super) fn class_mentions(&self) -> Vec<Mention> {
        match &self.naming {
            Naming::Whole(class) => vec![class.clone()],
            Naming::ByField { rules, scheme, .. } => {
                let mut mentions: Vec<Mention> = rules.iter().map(|(class, _)| class.clone()).collect();
                if let SchemeChoice::Known(scheme) = scheme {
                    let of_scheme = |class: &str| Mention { name: class.to_owned(), ..self.whole.clone() };
                    mentions.extend(scheme.classes().into_iter().map(of_scheme));
                }
                mentions
            }
        }
    }

    /// The classes as the file writes them, to be given their identities.
    pub(super) fn written_classes(&mut self) -> Vec<&mut Mention> {
        match &mut self.naming {
            Naming::Whole(class) => vec![class],
            Naming::ByField { rules, .. } => rules.iter_mut().map(|(class, _)| class).collect(),
        }
    }

    /// That an index is to tell trees, which it cannot.
    pub(super) fn misread_index(&self, placed: &Placed) -> Option<ProjectError> {
        self.layer.raster.as_ref().filter(|cells| cells.kind == RasterKind::Index)?;
        let trees = [Figure::Forest, Figure::TreeCover, Figure::Canopy];
        let counts = |mention: &Mention| placed.class(&mention.name).map(|class| &class.counts_as);
        let wrong = self.class_mentions().into_iter().find(|mention| {
            counts(mention).is_some_and(|figures| figures.iter().any(|figure| trees.contains(figure)))
        })?;
        let class = &wrong.name;
        Some(wrong.contradiction(
            words!(
                "`{class}` counts as trees, and an index tells no tree from grass",
                "类别 `{class}` 计入树木，而植被指数不能区分树木与草地"
            ),
            words!(
                "take a class that counts as green only, such as `lawn`, or a raster of heights: kind = \"chm\"",
                "请改用只计入绿化的类别（如 `lawn`），或用高度栅格：kind = \"chm\""
            ),
        ))
    }

    /// The settings, once every class has its position.
    pub(super) fn settings(self, placed: &Placed) -> CoverSettings {
        CoverSettings {
            name: self.name,
            layer: self.layer,
            masks: self.masks,
            classes: self.naming.resolve(placed),
            id_field: self.id_field,
            area_field: self.area_field,
            area_unit: self.area_unit,
            town_field: self.town_field,
            zone_from: self.zone_from,
            date: self.date,
            source: self.source,
        }
    }
}

impl Naming {
    fn resolve(self, placed: &Placed) -> CoverClasses {
        match self {
            Naming::Whole(class) => CoverClasses::Whole { class: placed.index(&class.name) },
            Naming::ByField { field, rules, scheme, zeros } => {
                let rule =
                    |(class, values): (Mention, _)| ClassRule { class: placed.index(&class.name), values };
                let rules = rules.into_iter().map(rule).collect();
                let classes = match scheme {
                    SchemeChoice::Known(scheme) => scheme.classes(),
                    SchemeChoice::None | SchemeChoice::Unknown => Vec::new(),
                };
                let classes: HashMap<String, ClassIndex> =
                    classes.into_iter().map(|class| (class.to_owned(), placed.index(class))).collect();
                CoverClasses::ByField { field, map: ClassMap::new(scheme, rules, zeros, classes) }
            }
        }
    }
}
