//! A project file, table by table, with every default resolved.
//!
//! In: text. Out: a [`Project`], or everything that is wrong with the text. All defaults of the program's
//! project file are in this file and its two neighbours below, and nowhere else.

mod classes;
mod covers;
mod declared;
mod further;
mod inventory;
mod layer;
mod raster;
mod scopes;
mod sets;

use std::collections::BTreeMap;

use toml::de::DeTable;

use crate::project::decode::{decode, full_width_in_toml};
use crate::project::error::ProjectError;
use crate::project::origin::Origins;
use crate::project::settings::{
    AreaKind, CountyKind, CountySettings, Figure, LayerSettings, MapSettings, PeopleUnit, Project,
    ResidentsCount, ResidentsSettings, StandardSettings, TableSettings, ZoneSettings,
};
use crate::project::source::Source;
use crate::project::table::Table;
use crate::terrain::Terrain;
use crate::words;
use crate::words::{Lang, Words};

/// How many of the largest overlaps are listed, unless the project says otherwise.
const OVERLAP_PAIRS: usize = 1000;

impl Project {
    /// Reads a project file; its name is for messages. All mistakes that can be seen at once are reported
    /// at once.
    pub fn parse(bytes: &[u8], file_name: &str) -> Result<Project, Box<ProjectError>> {
        let decoded = decode(bytes).ok_or_else(|| ProjectError::NotText { file: file_name.to_owned() })?;
        let source = Source::new(file_name, &decoded.text);
        for mark in full_width_in_toml(&decoded.text) {
            let place = source.place(mark.at);
            source.note(ProjectError::FullWidth { place, found: mark.found, instead: mark.instead });
        }
        if let Some(error) = source.take_errors() {
            return Err(Box::new(error));
        }
        let document = DeTable::parse(&decoded.text).map_err(|error| source.syntax(&error))?;
        let mut project = project(Table::root(&source, document.get_ref()));
        if let Some(error) = source.take_errors() {
            return Err(Box::new(error));
        }
        project.encoding = decoded.encoding;
        project.origins = Origins::of_file(document.get_ref());
        Ok(project)
    }
}

fn project(mut root: Table<'_>) -> Project {
    let schema = root.required("schema", words!("the version of the format, 1", "格式版本，1"), Table::whole);
    if schema != 1 && root.has("schema") {
        root.wrong("schema", words!("1, the only version so far", " 1（目前唯一的版本）"));
    }
    let county = county(root.table("county"));
    let title = root.text("title").or_else(|| county.name.clone()).unwrap_or_default();
    let mut covers = covers::covers(root.tables("cover"));
    if !root.has("cover") {
        root.missing("[[cover]]", words!("the layers to measure", "要统计的图层"));
    }
    let own_classes = classes::own_classes(root.tables("class"));
    let mut strata = classes::declared_strata(root.tables("stratum"));
    classes::identify(root.source, &own_classes, &mut strata, &mut covers);
    let cover_names: Vec<String> = covers.iter().map(|cover| cover.name.clone()).collect();
    let placed = classes::place(root.source, own_classes, strata, &covers);
    covers.iter().filter_map(|cover| cover.misread_index(&placed)).for_each(|error| root.source.note(error));
    let project = Project {
        encoding: "",
        lang: root.choice("lang", words!("a language", "语言"), &[("zh", Lang::Zh), ("en", Lang::En)]),
        crs: root.text("crs"),
        area: root.choice("area", words!("a kind of area", "面积种类"), &AREAS).unwrap_or_default(),
        overlap_pairs: root.whole("overlap_pairs").unwrap_or(OVERLAP_PAIRS),
        zones: zones(&mut root),
        covers: covers.into_iter().map(|cover| cover.settings(&placed)).collect(),
        sets: sets::sets(&mut root, &placed),
        classes: placed.classes,
        strata: placed.strata,
        scopes: scopes::scopes(root.table("scopes")),
        further: further::further(&mut root),
        residents: residents(root.table("residents")),
        inventory: inventory::inventory(&mut root, &cover_names),
        standard: standard(root.table("standard"), county.kind),
        declared: declared::declared(root.tables("declared")),
        evidence: root.table("evidence").map(declared::evidence),
        map: map(root.table("map"), &title),
        county,
        title,
        origins: Origins::default(),
    };
    root.end();
    project
}

const AREAS: [(&str, AreaKind); 2] = [("ellipsoid", AreaKind::Ellipsoid), ("plane", AreaKind::Plane)];

pub(super) const FIGURES: [(&str, Figure); 5] = [
    ("forest", Figure::Forest),
    ("tree_cover", Figure::TreeCover),
    ("green", Figure::Green),
    ("canopy", Figure::Canopy),
    ("park", Figure::Park),
];

fn county(table: Option<Table<'_>>) -> CountySettings {
    let Some(mut table) = table else {
        return CountySettings::default();
    };
    let kinds = [("county", CountyKind::County), ("prefecture", CountyKind::Prefecture)];
    let county = CountySettings {
        name: table.text("name"),
        annual_precipitation_mm: table.number("annual_precipitation_mm"),
        terrain: table.choice("terrain", words!("a kind of terrain", "地形"), &Terrain::ALL),
        town_terrain: town_terrain(&mut table),
        kind: table.choice("kind", words!("a kind of city", "城市类型"), &kinds).unwrap_or_default(),
    };
    if county.annual_precipitation_mm.is_some_and(|mm| mm < 0.0) {
        table.wrong("annual_precipitation_mm", words!("millimetres, not negative", "毫米数，非负"));
    }
    table.end();
    county
}

/// `town_terrain = { plain = ["441624100"] }`: codes of towns by terrain.
fn town_terrain(county: &mut Table<'_>) -> BTreeMap<String, Terrain> {
    let Some(mut table) = county.table("town_terrain") else { return BTreeMap::new() };
    let mut terrain = BTreeMap::new();
    for (word, kind) in Terrain::ALL {
        terrain.extend(table.texts(word).into_iter().flatten().map(|code| (code, kind)));
    }
    table.end();
    terrain
}

fn zones(root: &mut Table<'_>) -> ZoneSettings {
    let Some(mut table) = root.table("zones") else {
        if !root.has("zones") {
            root.missing("[zones]", words!("the layer of the towns", "乡镇图层"));
        }
        return ZoneSettings {
            layer: LayerSettings::default(),
            id: String::new(),
            name: None,
            prefix: None,
            merge: false,
        };
    };
    let zones = ZoneSettings {
        layer: layer::layer(&mut table),
        id: table.required_text("id", words!("the field with the code of a town", "乡镇代码字段")),
        name: table.text("name"),
        prefix: table.whole("prefix"),
        merge: table.flag("merge").unwrap_or_default(),
    };
    if zones.prefix == Some(0) {
        table.wrong("prefix", words!("a number of first characters, 1 or more", "前几位字符的位数，至少 1"));
    }
    table.end();
    zones
}

fn date_of(what: Words) -> Words {
    Words::new(
        format!("the date of {}, such as \"2024-12\"", what.en),
        format!("{}的日期，如 \"2024-12\"", what.zh),
    )
}

const PEOPLE: [(&str, PeopleUnit); 2] = [("人", PeopleUnit::Persons), ("万人", PeopleUnit::TenThousand)];

fn residents(table: Option<Table<'_>>) -> ResidentsSettings {
    let Some(mut table) = table else { return ResidentsSettings::default() };
    let urban_residents = table.table("urban_residents").map(residents_count);
    let keys = ["file", "sheet", "key", "value", "unit", "source", "date"];
    let has_table = keys.iter().any(|key| table.has(key)) || urban_residents.is_none();
    let table_settings = has_table.then(|| residents_table(&mut table));
    table.end();
    ResidentsSettings { table: table_settings, urban_residents }
}

fn residents_table(table: &mut Table<'_>) -> TableSettings {
    TableSettings {
        file: table
            .required_path("file", words!("the table: xlsx, xls or csv", "表格文件：xlsx、xls 或 csv")),
        sheet: table.text("sheet"),
        key: table
            .required_text("key", words!("the column with codes or names of towns", "乡镇代码或名称列")),
        value: table.required_text("value", words!("the column with the residents", "人口列")),
        unit: people_unit(table),
        source: table.text("source"),
        date: table.date("date"),
    }
}

fn residents_count(mut table: Table<'_>) -> ResidentsCount {
    let count = ResidentsCount {
        value: table.required("value", words!("the number of residents", "人口数"), Table::number),
        unit: people_unit(&mut table),
        source: table.required_text("source", words!("who counted", "数据来源")),
        date: table.required("date", date_of(words!("the count", "统计")), Table::date),
        within: table.text("within"),
    };
    if count.value < 0.0 {
        table.wrong("value", words!("a number, not negative", "非负数"));
    }
    table.end();
    count
}

fn people_unit(table: &mut Table<'_>) -> PeopleUnit {
    if !table.has("unit") {
        table.missing("unit", words!("\"人\" or \"万人\"", "\"人\" 或 \"万人\""));
    }
    table.choice("unit", words!("a unit of residents", "人口单位"), &PEOPLE).unwrap_or(PeopleUnit::Persons)
}

fn standard(table: Option<Table<'_>>, kind: CountyKind) -> StandardSettings {
    let usual = match kind {
        CountyKind::County => "GB/T 37342-2024 county",
        CountyKind::Prefecture => "GB/T 37342-2024 prefecture",
    };
    let Some(mut table) = table else {
        return StandardSettings { rules: vec![usual.to_owned()], confirmations: None };
    };
    let standard = StandardSettings {
        rules: table.texts("rules").unwrap_or_else(|| vec![usual.to_owned()]),
        confirmations: table.path("confirmations"),
    };
    if standard.rules.is_empty() {
        table.wrong(
            "rules",
            words!("at least one rule set, such as \"{usual}\"", "至少一套规则，如 \"{usual}\""),
        );
    }
    table.end();
    standard
}

fn map(table: Option<Table<'_>>, title: &str) -> MapSettings {
    let Some(mut table) = table else {
        return MapSettings { figure: Figure::TreeCover, title: title.to_owned() };
    };
    let map = MapSettings {
        figure: table.choice("figure", words!("a figure", "指标图层"), &FIGURES).unwrap_or(Figure::TreeCover),
        title: table.text("title").unwrap_or_else(|| title.to_owned()),
    };
    table.end();
    map
}
