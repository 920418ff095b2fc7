//! From measured rows and tables to facts.

use crate::analysis::analyze::{Inputs, PlaceCoverage, ScopeKind};
use crate::analysis::reading::{self, ValueRow};
use crate::analysis::rows::Rows;
use crate::fact::{Fact, Place, Quantity, Unit};
use crate::project::settings::{AreaKind, ClassDef, Figure, Project};
use crate::units::Area;
use crate::words;
use crate::words::Words;

/// All facts, place by place; `lost_m2` is by cover the recorded area of features that could not be taken.
pub(super) fn facts(inputs: &Inputs<'_>, rows: &Rows, values: &[ValueRow], lost_m2: &[f64]) -> Vec<Fact> {
    let mut facts: Vec<Fact> =
        rows.all().flat_map(|place| place_facts(inputs, place, values, lost_m2)).collect();
    facts.extend(rows.all().filter_map(|place| residents(inputs, place)));
    facts.extend(urban_residents(inputs));
    facts
}

fn place_facts(inputs: &Inputs<'_>, row: &PlaceCoverage, values: &[ValueRow], lost_m2: &[f64]) -> Vec<Fact> {
    let project = inputs.project;
    let m2 = |area: Area| match project.area {
        AreaKind::Ellipsoid => area.ellipsoid.0,
        AreaKind::Plane => area.plane.0,
    };
    let (source, as_of) = boundary(inputs, &row.place);
    let ground = Fact {
        quantity: Quantity::Ground,
        place: row.place.clone(),
        value: m2(row.ground),
        low: m2(row.ground),
        high: m2(row.ground),
        unit: Unit::SquareMetres,
        how: area_kind(project.area),
        sources: vec![source],
        as_of,
    };
    let figures = row.figures.iter().map(|figure| {
        let (sources, as_of) = covers_of(project, figure.figure, values);
        Fact {
            quantity: quantity(figure.figure),
            place: row.place.clone(),
            value: m2(figure.area),
            low: m2(figure.area),
            high: match m2(figure.area) {
                // Where not a square metre was found, nobody can say whether there is none or whether the layer
                // does not reach: missing data is not nought.
                area if area <= 0.0 => m2(row.ground),
                // What was lost in reading might lie anywhere.
                _ => {
                    (m2(figure.with_unmapped) + m2(row.unsurveyed) + lost_of(project, figure.figure, lost_m2))
                        .min(m2(row.ground))
                }
            },
            unit: Unit::SquareMetres,
            how: how(project, figure.figure),
            sources,
            as_of,
        }
    });
    let mut facts: Vec<Fact> = std::iter::once(ground).chain(figures).collect();
    let judged = facts.iter().find(|fact| Some(fact.quantity) == village_figure(project, &row.place));
    let judged = judged.map(|fact| Fact { quantity: Quantity::VillageGreenery, ..fact.clone() });
    facts.extend(judged);
    facts
}

/// What counts as the greening of villages, of such a place.
fn village_figure(project: &Project, place: &Place) -> Option<Quantity> {
    let villages = project.scopes.villages.as_ref().filter(|_| matches!(place, Place::Villages(_)));
    villages.map(|villages| quantity(villages.figure))
}

/// What was lost of the covers that can give a figure's classes.
fn lost_of(project: &Project, figure: Figure, lost_m2: &[f64]) -> f64 {
    let covers = project.covers.iter().zip(lost_m2);
    covers.filter(|(cover, _)| reading::can_count(project, cover, figure)).map(|(_, lost)| lost).sum()
}

pub(super) fn quantity(figure: Figure) -> Quantity {
    match figure {
        Figure::Forest => Quantity::Forest,
        Figure::TreeCover => Quantity::TreeCover,
        Figure::Green => Quantity::Green,
        Figure::Canopy => Quantity::Canopy,
        Figure::Park => Quantity::Park,
    }
}

fn area_kind(kind: AreaKind) -> Words {
    match kind {
        AreaKind::Ellipsoid => words!("area on the ellipsoid", "椭球面积"),
        AreaKind::Plane => words!("area in the plane", "平面积"),
    }
}

fn how(project: &Project, figure: Figure) -> Words {
    let members: Vec<&ClassDef> = project.classes.iter().filter(|c| c.counts_as.contains(&figure)).collect();
    let en: Vec<&str> = members.iter().map(|c| c.name.en.as_str()).collect();
    let zh: Vec<&str> = members.iter().map(|c| c.name.zh.as_str()).collect();
    let mixed = project.classes.iter().filter(|class| class.may_count_as.contains(&figure));
    let (mixed_en, mixed_zh): (String, String) = mixed
        .map(|class| {
            (
                format!("; what of {} counts is unknown", class.name.en),
                format!("；{}可否计入未知", class.name.zh),
            )
        })
        .unzip();
    let kind = area_kind(project.area);
    Words::new(
        format!("union of {} within the place, counted once; {}{mixed_en}", en.join(", "), kind.en),
        format!("{}在该范围内的并集，只计一次；{}{mixed_zh}", zh.join("、"), kind.zh),
    )
}

/// The covers that give a figure's classes, and their dates.
fn covers_of(project: &Project, figure: Figure, values: &[ValueRow]) -> (Vec<String>, Option<String>) {
    let gives = |cover: usize| {
        let counts = |class: usize| reading::counts(project, class, figure);
        values.iter().any(|row| row.cover == cover && row.class.is_some_and(counts))
    };
    reading::named(project.covers.iter().enumerate().filter(|(i, _)| gives(*i)).map(|(_, cover)| cover))
}

/// Who drew the boundary of a place, and when.
fn boundary(inputs: &Inputs<'_>, place: &Place) -> (String, Option<String>) {
    let kind = match place {
        Place::County | Place::Town(_) => return (inputs.zones.layer.clone(), None),
        Place::Village(_) => ScopeKind::VillageTerritories,
        Place::Streets => ScopeKind::Streets,
        Place::Suburbs => ScopeKind::Suburbs,
        Place::Urban | Place::Ring { .. } | Place::Sector { .. } => ScopeKind::Urban,
        Place::TownBuiltUp(_) => ScopeKind::TownBuiltUp,
        Place::Villages(_) => ScopeKind::Villages,
        Place::WaterSource(_) => ScopeKind::WaterSources,
        Place::CarParks => ScopeKind::CarParks,
        Place::DamagedLand => ScopeKind::DamagedLand,
    };
    let scope = inputs.scopes.iter().find(|s| s.kind == kind);
    scope.map_or((String::new(), None), |s| (s.source.to_owned(), Some(s.date.to_owned())))
}

fn persons(place: Place, value: f64, how: Words, source: Option<String>, as_of: Option<String>) -> Fact {
    Fact {
        quantity: Quantity::Residents,
        place,
        value,
        low: value,
        high: value,
        unit: Unit::Persons,
        how,
        sources: source.into_iter().collect(),
        as_of,
    }
}

/// Residents of a town from the table; of the county only where every town has some.
fn residents(inputs: &Inputs<'_>, row: &PlaceCoverage) -> Option<Fact> {
    let table = inputs.project.residents.table.as_ref()?;
    let source = table.source.clone().unwrap_or_else(|| table.file.clone());
    let how = match row.place {
        Place::County => words!("sum over the towns", "各乡镇合计"),
        _ => words!("from the residents table", "取自人口表"),
    };
    Some(persons(row.place.clone(), row.residents?, how, Some(source), table.date.clone()))
}

fn urban_residents(inputs: &Inputs<'_>) -> Option<Fact> {
    let given = inputs.project.residents.urban_residents.as_ref()?;
    let how = words!("as declared in the project file", "项目文件中填报");
    Some(persons(Place::Urban, given.persons(), how, Some(given.source.clone()), Some(given.date.clone())))
}
