//! A whole project: covers over towns and scopes, facts, verdicts.
//!
//! [`ready`] prepares the places that are measured, [`part`] measures them, or a part of the work, in one pass over the
//! tiles, [`conclude`] adds up and judges; [`analyze`] is both. Towns come first among the zones; after them the county (only where towns overlap, so that no
//! ground counts twice in it) and the scopes.

use geo::MultiPolygon;
use serde::Serialize;
use thiserror::Error;

use crate::analysis::places::{self, Places, Towns};
use crate::analysis::{facts, further, look_over, noticed, reading};
use crate::attribute::Value;
use crate::fact::{Fact, Place};
use crate::finding::Finding;
use crate::geometry::area::{AreaModel, AreaSum};
use crate::geometry::overlay::Overlay;
use crate::indicators::{self, Circumstances, Declared, IndicatorError, Standard, Verdict};
use crate::measure::coverage::{self, Balance, Coverage, Plan, Reading as GroundReading, ZoneCoverage};
use crate::measure::heap::Room;
use crate::measure::partial::Partial;
use crate::measure::task::{Allotment, Task};
use crate::measure::{MeasureError, Watch};
use crate::project::settings::{Figure, Project};
use crate::survey::{Source, ZoneLayer};
use crate::units::Area;

/// Everything an analysis is made of.
pub struct Inputs<'a> {
    /// What was asked.
    pub project: &'a Project,
    /// The towns.
    pub zones: &'a ZoneLayer,
    /// The covers, in the order of the project.
    pub covers: Vec<&'a dyn Source>,
    /// The scopes.
    pub scopes: Vec<Scope<'a>>,
    /// Residents of each town, in zone order, persons; none where there is no table.
    pub residents: Option<Vec<Option<f64>>>,
    /// The standards to judge by.
    pub standards: Vec<Standard>,
    /// What the user declares.
    pub declared: Vec<Declared>,
    /// The layers of further measures.
    pub further: further::Layers<'a>,
    /// The working plane.
    pub plane: further::WorkingPlane<'a>,
}

/// The kinds of ground other than towns that the standard asks about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ScopeKind {
    /// The urban area (城区).
    Urban,
    /// Town built-up areas (镇区).
    TownBuiltUp,
    /// Villages (村庄).
    Villages,
    /// Drinking-water source areas (水源地).
    WaterSources,
    /// Surface car parks built since the creation of the forest city began (地面停车场).
    CarParks,
    /// Damaged and abandoned land (受损弃置地).
    DamagedLand,
}

/// One scope as read.
pub struct Scope<'a> {
    /// Its kind.
    pub kind: ScopeKind,
    /// Its features, each a zone of its own.
    pub layer: ZoneLayer,
    /// Who drew it.
    pub source: &'a str,
    /// When.
    pub date: &'a str,
}

/// Places made ready, with what was noticed of them.
pub struct Ready {
    /// The places.
    pub places: Places,
    findings: Vec<Finding>,
}

/// What came out.
#[derive(Debug)]
pub struct Analysis {
    /// The towns, in file order.
    pub towns: Vec<PlaceCoverage>,
    /// All towns together.
    pub county: PlaceCoverage,
    /// The scopes.
    pub scopes: Vec<PlaceCoverage>,
    /// The towns' clean outlines in the working CRS.
    pub outlines: Vec<MultiPolygon<f64>>,
    /// The figures that the classes allow, in the order of [`PlaceCoverage::figures`].
    pub figures: Vec<Figure>,
    /// What was measured and declared of each place.
    pub facts: Vec<Fact>,
    /// What further measures left out, and their figures under other readings.
    pub lines: Vec<further::Line>,
    /// How much of each ring lies beyond the county, in square metres of the plane.
    pub beyond: Vec<(Place, f64)>,
    /// The verdicts, standard by standard.
    pub verdicts: Vec<Verdict>,
    /// The books of towns, by zone and stratum.
    pub balances: Vec<Balance>,
    /// The class values of each cover with what they were read as.
    pub values: Vec<reading::ValueRow>,
    /// What was noticed.
    pub findings: Vec<Finding>,
}

/// What one place has.
#[derive(Debug, Clone, Serialize)]
pub struct PlaceCoverage {
    /// Where.
    pub place: Place,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: Option<String>,
    /// Its ground.
    pub ground: Area,
    /// Ground where no cover has any patch at all: there a share of nought would be missing data.
    pub unsurveyed: Area,
    /// Residents, where known.
    pub residents: Option<f64>,
    /// Stratum by stratum.
    pub strata: Vec<StratumRows>,
    /// Figure by figure.
    pub figures: Vec<FigureRow>,
}

/// One stratum of a place.
#[derive(Debug, Clone, Serialize)]
pub struct StratumRows {
    /// The classes by priority.
    pub classes: Vec<ClassRow>,
    /// Ground only under values that nothing maps.
    pub unmapped: ClassRow,
    /// Ground under nothing of the stratum.
    pub none: Area,
}

/// One class of a place.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct ClassRow {
    /// The class, by index in the project; none for unmapped ground.
    pub class: Option<usize>,
    /// What it takes after the classes before it in its stratum.
    pub area: Area,
    /// Area of the union of its patches.
    pub net: Area,
    /// Sum of the areas of its patches.
    pub gross: Area,
    /// Patches with a piece of more than 0.01 m² here.
    pub features: u64,
}

/// One figure of a place.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct FigureRow {
    /// Which.
    pub figure: Figure,
    /// Area of the union of its classes.
    pub area: Area,
    /// The same if all unmapped ground belonged to it.
    pub with_unmapped: Area,
}

/// Why there is no analysis.
#[derive(Debug, Error)]
pub enum AnalysisError {
    /// Measuring stopped.
    #[error(transparent)]
    Measure(#[from] MeasureError),
    /// The rules or the declarations are at fault.
    #[error(transparent)]
    Indicator(#[from] IndicatorError),
}

/// Prepares towns, county and scopes.
pub fn ready(inputs: &Inputs<'_>) -> Ready {
    ready_about(inputs, &Towns::prepare(inputs.zones))
}

/// Prepares county and scopes about the towns of the same layer, which are ready.
pub fn ready_about(inputs: &Inputs<'_>, towns: &Towns) -> Ready {
    let plane = inputs.plane.plane();
    let around = inputs.project.further.rings.as_ref().map(|rings| (rings, &plane));
    let (places, findings) = places::prepare(towns, &inputs.scopes, around);
    Ready { places, findings }
}

/// Measures and judges.
pub fn analyze(
    inputs: &Inputs<'_>,
    ready: Ready,
    area: &AreaModel,
    room: Room<'_>,
    watch: &dyn Watch,
) -> Result<Analysis, AnalysisError> {
    let partial = part(inputs, &ready, Allotment::Everything, area, room, watch)?;
    conclude(inputs, ready, area, partial, room, watch)
}

/// Measures a part of the work: some tiles, or some towns by index.
pub fn part(
    inputs: &Inputs<'_>,
    ready: &Ready,
    allotment: Allotment,
    area: &AreaModel,
    room: Room<'_>,
    watch: &dyn Watch,
) -> Result<Partial, AnalysisError> {
    let task = Task::new(&ready.places.zones, ready.places.towns, allotment);
    let plan = |values: &[Vec<Value>]| {
        plan_of(inputs.project, &figures_of(inputs.project), &reading::readings(inputs.project, values))
    };
    Ok(coverage::part(&inputs.covers, &task, plan, area, room, watch)?.0)
}

/// Adds up a partial of which nothing is missing, takes the further measures, and judges.
pub fn conclude(
    inputs: &Inputs<'_>,
    ready: Ready,
    area: &AreaModel,
    partial: Partial,
    room: Room<'_>,
    watch: &dyn Watch,
) -> Result<Analysis, AnalysisError> {
    let Ready { places, mut findings } = ready;
    let figures = figures_of(inputs.project);
    let readings = reading::readings(inputs.project, &partial.surveyed.values);
    let plan = plan_of(inputs.project, &figures, &readings);
    let mut measured = coverage::finish(partial, &places.zones, plan, area)?;
    look_over(&places.zones, &mut measured);
    findings.extend(measured.findings);
    let values = reading::value_rows(inputs.project, &measured.patches, &readings, &measured.coverage);
    findings.extend(noticed::of_class_maps(inputs.project, &measured.patches.values));
    findings.extend(noticed::of_values(inputs.project, &values));
    let rows = rows(inputs, &places, &measured.plan, &measured.coverage, &figures);
    findings.extend(noticed::of_unsurveyed(&rows.towns));
    findings.extend(noticed::of_residents(inputs.project, &rows.towns, &rows.scopes));
    let mut facts = facts::facts(inputs, &rows, &values, &measured.patches.lost_m2);
    let further = further::measure(inputs, &places, area, room, watch)?;
    facts.extend(further.facts);
    findings.extend(further.findings);
    let verdicts = judge(inputs, &rows, &facts)?;
    let balances = measured.coverage.balances(&measured.plan);
    let towns = places.towns;
    let mut overlay = Overlay::default();
    let outlines = places.zones.zones()[..towns].iter().map(|z| overlay.polygons(z.shape())).collect();
    Ok(Analysis {
        county: rows.county,
        towns: rows.towns,
        outlines,
        scopes: rows.scopes,
        figures,
        facts,
        lines: further.lines,
        beyond: places.beyond,
        verdicts,
        balances: balances.into_iter().filter(|b| b.zone < towns).collect(),
        values,
        findings,
    })
}

/// The figures that at least one class counts towards.
fn figures_of(project: &Project) -> Vec<Figure> {
    [Figure::Forest, Figure::TreeCover, Figure::Green, Figure::Canopy, Figure::Park]
        .into_iter()
        .filter(|figure| project.classes.iter().any(|class| class.counts_as.contains(figure)))
        .collect()
}

fn plan_of(project: &Project, figures: &[Figure], readings: &[Vec<reading::Read>]) -> Plan {
    let members = |figure: &Figure| {
        let counts =
            |(_, class): &(usize, &crate::project::settings::ClassDef)| class.counts_as.contains(figure);
        project.classes.iter().enumerate().filter(counts).map(|(index, _)| index).collect()
    };
    let mut strata: Vec<Vec<usize>> =
        project.strata.iter().map(|s| s.classes.iter().map(|c| c.0).collect()).collect();
    let reads = |r: &reading::Read| r.ground == GroundReading::Unmapped(project.strata.len());
    if strata.is_empty() || readings.iter().flatten().any(reads) {
        strata.push(Vec::new());
    }
    let figures = figures.iter().map(members).collect();
    let readings = readings.iter().map(|cover| cover.iter().map(|read| read.ground).collect()).collect();
    Plan::new(project.classes.len(), strata, figures, readings, project.overlap_pairs)
}

/// The rows of all places.
pub(super) struct Rows {
    pub towns: Vec<PlaceCoverage>,
    pub county: PlaceCoverage,
    pub scopes: Vec<PlaceCoverage>,
    /// Codes of the towns that the urban area reaches into.
    pub urban_towns: Vec<String>,
}

impl PlaceCoverage {
    /// Whether no cover has any patch here.
    pub fn is_unsurveyed(&self) -> bool {
        self.unsurveyed.plane.0 > 0.0 && self.unsurveyed == self.ground
    }
}

impl Rows {
    pub(super) fn all(&self) -> impl Iterator<Item = &PlaceCoverage> {
        std::iter::once(&self.county).chain(&self.towns).chain(&self.scopes)
    }
}

fn rows(inputs: &Inputs<'_>, places: &Places, plan: &Plan, coverage: &Coverage, figures: &[Figure]) -> Rows {
    let row = |zone: usize| {
        let prepared = &places.zones.zones()[zone];
        PlaceCoverage {
            place: places.of[zone].clone(),
            code: prepared.id().to_owned(),
            name: prepared.name().map(str::to_owned),
            residents: inputs.residents.as_ref().and_then(|r| r.get(zone).copied().flatten()),
            ..place_rows(plan, &coverage.zones[zone], figures)
        }
    };
    let towns: Vec<PlaceCoverage> = (0..places.towns).map(row).collect();
    let residents: Option<f64> = towns.iter().map(|t| t.residents).sum();
    let whole = match places.county {
        Some(zone) => place_rows(plan, &coverage.zones[zone], figures),
        None => place_rows(plan, &added(&coverage.zones[..places.towns]), figures),
    };
    let unsurveyed = unsurveyed(coverage, places.towns);
    let county = PlaceCoverage { name: inputs.project.county.name.clone(), residents, unsurveyed, ..whole };
    let scopes = (places.first_scope..places.of.len()).map(row).collect();
    Rows { towns, county, scopes, urban_towns: places.urban_towns.clone() }
}

/// The ground of the towns that no patch reaches.
fn unsurveyed(coverage: &Coverage, towns: usize) -> Area {
    let mut sum = AreaSum::ZERO;
    coverage.zones[..towns].iter().filter(|z| !z.has_patches()).for_each(|z| sum += z.ground);
    sum.area()
}

/// The rows of one zone, its name still open.
fn place_rows(plan: &Plan, zone: &ZoneCoverage, figures: &[Figure]) -> PlaceCoverage {
    let class = |class: Option<usize>, sums: &crate::measure::coverage::ClassCoverage| ClassRow {
        class,
        area: sums.ranked.area(),
        net: sums.net.area(),
        gross: sums.gross.area(),
        features: sums.features,
    };
    let strata = plan.strata.iter().zip(&zone.strata).map(|(members, stratum)| StratumRows {
        classes: members.iter().map(|&c| class(Some(c), &zone.classes[c])).collect(),
        unmapped: class(None, &stratum.unmapped),
        none: stratum.none.area(),
    });
    let figures = figures.iter().zip(&zone.figures).map(|(&figure, sums)| FigureRow {
        figure,
        area: sums.area.area(),
        with_unmapped: sums.with_unmapped.area(),
    });
    PlaceCoverage {
        place: Place::County,
        code: String::new(),
        name: None,
        ground: zone.ground.area(),
        unsurveyed: if zone.has_patches() { Area::default() } else { zone.ground.area() },
        residents: None,
        strata: strata.collect(),
        figures: figures.collect(),
    }
}

/// Zones that do not overlap, added up: exact, so that the parts are the whole.
fn added(zones: &[ZoneCoverage]) -> ZoneCoverage {
    let Some((first, rest)) = zones.split_first() else { return ZoneCoverage::default() };
    let add = |to: &mut AreaSum, from: &AreaSum| *to += *from;
    let mut sum = first.clone();
    for zone in rest {
        add(&mut sum.ground, &zone.ground);
        sum.outline_plane_m2 += zone.outline_plane_m2;
        sum.classes.iter_mut().zip(&zone.classes).for_each(|(to, from)| to.add(from));
        for (to, from) in sum.strata.iter_mut().zip(&zone.strata) {
            add(&mut to.mapped, &from.mapped);
            add(&mut to.shared, &from.shared);
            add(&mut to.none, &from.none);
            to.unmapped.add(&from.unmapped);
        }
        for (to, from) in sum.figures.iter_mut().zip(&zone.figures) {
            add(&mut to.area, &from.area);
            add(&mut to.with_unmapped, &from.with_unmapped);
        }
    }
    sum
}

/// Judges by every standard. A declaration by number speaks of the first standard's item; one by code of the
/// item in every standard that has it.
fn judge(inputs: &Inputs<'_>, rows: &Rows, facts: &[Fact]) -> Result<Vec<Verdict>, IndicatorError> {
    let given = circumstances(inputs, rows);
    let mut verdicts = Vec::new();
    for (index, standard) in inputs.standards.iter().enumerate() {
        let speaks = |d: &&Declared| {
            let by_number = d.item.chars().all(|c| c.is_ascii_digit());
            standard.rule(&d.item).is_ok() && (index == 0 || !by_number)
        };
        let declared: Vec<Declared> = inputs.declared.iter().filter(speaks).cloned().collect();
        verdicts.extend(indicators::judge(standard, facts, &given, &declared)?);
    }
    let unknown = inputs.declared.iter().find(|d| inputs.standards.iter().all(|s| s.rule(&d.item).is_err()));
    if let (Some(declared), Some(standard)) = (unknown, inputs.standards.first()) {
        standard.rule(&declared.item)?;
    }
    Ok(verdicts)
}

fn circumstances(inputs: &Inputs<'_>, rows: &Rows) -> Circumstances {
    let has_built_up =
        |code: &str| rows.scopes.iter().any(|s| s.place == Place::TownBuiltUp(code.to_owned()));
    let seats = rows.urban_towns.iter().filter(|code| !has_built_up(code)).cloned();
    let names = rows.towns.iter().filter_map(|t| Some((t.code.clone(), t.name.clone()?)));
    Circumstances {
        annual_precipitation_mm: inputs.project.county.annual_precipitation_mm,
        urban_towns: seats.collect(),
        town_names: names.collect(),
    }
}
