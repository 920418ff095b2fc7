//! A whole project: covers over towns and scopes, facts, verdicts.
//!
//! [`ready`] prepares the places that are measured, [`part`] measures them, or a part of the work, in one pass over the
//! tiles, [`conclude`] adds up and judges; [`analyze`] is both. Towns come first among the zones; after them the county (only where towns overlap, so that no
//! ground counts twice in it) and the scopes.

use std::collections::BTreeMap;

use geo::MultiPolygon;
use serde::Serialize;
use thiserror::Error;

use crate::analysis::cells::{self, CellsRow, CrossRow, CrossSources};
use crate::analysis::inventory::{self, Inventory, Where};
use crate::analysis::pieces::Pieces;
use crate::analysis::places::{self, Around, Places, Towns};
use crate::analysis::rows::Ledger;
use crate::analysis::sets::{self, Sets};
use crate::analysis::{
    facts, further, judging, look_over, noticed, noticed_cells, noticed_residents, reading, rings,
};
use crate::attribute::Value;
use crate::fact::{Fact, Place};
use crate::finding::Finding;
use crate::geometry::area::AreaModel;
use crate::geometry::overlay::Overlay;
use crate::indicators::{Declared, IndicatorError, Standard, Verdict};
use crate::measure::along::Along;
use crate::measure::coverage::{self, Balance, Plan, Reading as GroundReading};
use crate::measure::ground;
use crate::measure::heap::Room;
use crate::measure::partial::Partial;
use crate::measure::task::{Allotment, Task};
use crate::measure::trail::Trail;
use crate::measure::{MeasureError, Watch};
use crate::prepare::mask::MaskLayer;
use crate::project::settings::{Figure, Project};
use crate::survey::raster::CellFrame;
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
    /// By cover: of cells where they lie.
    pub frames: Vec<Option<CellFrame>>,
    /// By cover: what it is masked by.
    pub masks: Vec<Vec<MaskLayer>>,
    /// The scopes.
    pub scopes: Vec<Scope<'a>>,
    /// Residents of each town, in zone order, persons; none where there is no table.
    pub residents: Option<Vec<Option<f64>>>,
    /// Trees, old trees, greenways and parks.
    pub inventory: Inventory<'a>,
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
    /// The ground of the urban streets (街道用地).
    Streets,
    /// The suburbs (郊区).
    Suburbs,
    /// The territories of the administrative villages (村域).
    VillageTerritories,
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
    /// Forest patches around the city, where rings were asked for.
    pub forest_patches: Option<further::ForestPatches>,
    /// Forest along lines around the city, where there are any.
    pub belt: Vec<Along>,
    /// How much of each ring lies beyond the county, in square metres of the plane.
    pub beyond: Vec<(Place, f64)>,
    /// The verdicts, standard by standard.
    pub verdicts: Vec<Verdict>,
    /// The books of towns, by zone and stratum.
    pub balances: Vec<Balance>,
    /// The class values of each cover with what they were read as.
    pub values: Vec<reading::ValueRow>,
    /// Classes that cells and polygons both give: towns, then the county.
    pub cross: Vec<CrossRow>,
    /// What is known of their sources.
    pub cross_sources: Vec<CrossSources>,
    /// The ground of each class in the towns, by index in the project, where it was asked for.
    pub class_areas: Vec<(usize, MultiPolygon<f64>)>,
    /// What the classes of all places add up, where it was asked for.
    pub pieces: Option<Pieces>,
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
    /// The unions that are wanted beside the figures.
    #[serde(skip)]
    pub unions: Vec<UnionRow>,
    /// Covers of cells, kin together, with the ground that they have no data for.
    pub cells: Vec<CellsRow>,
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
    /// The same if all unmapped ground belonged to it, and all of classes that may count towards it.
    pub with_unmapped: Area,
}

/// The union of some classes of a place.
#[derive(Debug, Clone, Copy, Default)]
pub struct UnionRow {
    /// Its area.
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
    let around = Around {
        rings: inputs.project.further.rings.as_ref(),
        villages_m: inputs.project.scopes.villages.as_ref().map_or(0, |villages| villages.around_m),
        plane: &plane,
    };
    let (places, mut findings) = places::prepare(towns, &inputs.scopes, &around);
    findings.extend(rings::noticed(&places.beyond));
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

/// The same, and the pieces that the classes of all places add up.
pub fn analyze_traced(
    inputs: &Inputs<'_>,
    ready: Ready,
    area: &AreaModel,
    room: Room<'_>,
    watch: &dyn Watch,
) -> Result<Analysis, AnalysisError> {
    let sources = cells::sources(inputs, &ready.places.zones, area);
    let covers: Vec<&dyn Source> = sources.iter().map(AsRef::as_ref).collect();
    let (task, plan) = (Task::everything(&ready.places.zones), plan_by(inputs.project));
    let (partial, _, trail) = coverage::part_traced(&covers, &task, plan, area, room, watch)?;
    concluded(inputs, ready, area, (partial, Some(trail)), room, watch)
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
    let sources = cells::sources(inputs, &ready.places.zones, area);
    let covers: Vec<&dyn Source> = sources.iter().map(AsRef::as_ref).collect();
    Ok(coverage::part(&covers, &task, plan_by(inputs.project), area, room, watch)?.0)
}

/// The ground of each class in the towns, by index in the project, as polygons. Reads the covers once more.
pub fn class_areas(
    inputs: &Inputs<'_>,
    ready: &Ready,
    area: &AreaModel,
    watch: &dyn Watch,
) -> Result<Vec<(usize, MultiPolygon<f64>)>, AnalysisError> {
    let sources = cells::sources(inputs, &ready.places.zones, area);
    let covers: Vec<&dyn Source> = sources.iter().map(AsRef::as_ref).collect();
    let class_of = |cover: usize, value: &Value| {
        let settings = inputs.project.covers.get(cover)?;
        reading::class_of(settings, value)
    };
    let grounds = ground::by_class(&covers, &ready.places.zones, &class_of, watch)?;
    let mut overlay = Overlay::default();
    Ok(grounds.into_iter().map(|(class, shape)| (class, overlay.polygons(&shape))).collect())
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
    concluded(inputs, ready, area, (partial, None), room, watch)
}

/// The same, with the trail where there is one.
fn concluded(
    inputs: &Inputs<'_>,
    ready: Ready,
    area: &AreaModel,
    (partial, trail): (Partial, Option<Trail>),
    room: Room<'_>,
    watch: &dyn Watch,
) -> Result<Analysis, AnalysisError> {
    let Ready { places, mut findings } = ready;
    let figures = figures_of(inputs.project);
    let readings = reading::readings(inputs.project, &partial.surveyed.values);
    let plan = plan_of(inputs.project, &figures, &readings).telling(places.towns);
    let mut measured = coverage::finish(partial, &places.zones, plan, area)?;
    look_over(&places.zones, &mut measured);
    let pieces = trail.map(|trail| Pieces::of_project(trail, inputs.project, &places, &mut measured));
    findings.extend(measured.findings);
    let values = reading::value_rows(inputs.project, &measured.patches, &readings, &measured.coverage);
    findings.extend(noticed::of_values(inputs.project, &measured.patches.values, &values));
    let ledger = Ledger {
        inputs,
        places: &places,
        plan: &measured.plan,
        coverage: &measured.coverage,
        patches: &measured.patches,
        figures: &figures,
        area,
    };
    let rows = ledger.rows();
    findings.extend(noticed_cells::of_missing_cells(inputs.project, &rows.towns));
    findings.extend(noticed::of_unsurveyed(&rows.towns));
    findings.extend(noticed_residents::noticed(inputs.project, &rows.towns, &rows.scopes));
    let mut facts = facts::facts(inputs, &rows, &values, &measured.patches.lost_m2);
    let further = besides(inputs, &places, area, (room, watch), &mut facts, &mut findings)?;
    let sets = sets::told(inputs, &rows, &mut facts, &mut findings, &measured.patches.lost_m2);
    let verdicts = judging::judged(inputs, &rows, &mut facts, &mut findings)?;
    let (cross, cross_sources) = ledger.crossed(&rows);
    findings.extend(noticed_cells::of_cross_check(inputs.project, &cross, &cross_sources));
    let balances = measured.coverage.balances(&measured.plan);
    let (towns, outlines) = (places.towns, places.outlines());
    Ok(Analysis {
        county: rows.county,
        towns: rows.towns,
        outlines,
        scopes: rows.scopes,
        figures,
        facts,
        lines: [further.lines, sets, further::evenness(&verdicts)].concat(),
        forest_patches: further.patches,
        belt: further.belt,
        beyond: places.beyond,
        verdicts,
        balances: balances.into_iter().filter(|b| b.zone < towns).collect(),
        values,
        cross,
        cross_sources,
        class_areas: Vec::new(),
        pieces,
        findings,
    })
}

/// What is counted and what is measured beside ground under classes: its facts and findings, and the rest of it.
fn besides(
    inputs: &Inputs<'_>,
    places: &Places,
    area: &AreaModel,
    (room, watch): (Room<'_>, &dyn Watch),
    facts: &mut Vec<Fact>,
    findings: &mut Vec<Finding>,
) -> Result<further::Found, MeasureError> {
    let prefix = inputs.project.zones.prefix;
    let at = Where { zones: &places.zones, places: &places.of, towns: places.towns, prefix };
    let (counted, noticed) =
        inventory::facts(&inputs.inventory, &at, &inputs.plane.plane(), inputs.project.area, watch)?;
    facts.extend(counted);
    findings.extend(noticed);
    let four_sides =
        inputs.inventory.four_sides.as_ref().zip(inputs.project.inventory.four_side_trees.as_ref());
    if let Some((trees, settings)) = four_sides {
        let (counted, noticed) = inventory::four_sides::facts(trees, settings, inputs.project, &at)?;
        facts.extend(counted);
        findings.extend(noticed);
    }
    let mut further = further::measure(inputs, places, area, (room, watch), facts)?;
    facts.append(&mut further.facts);
    findings.append(&mut further.findings);
    Ok(further)
}

/// The figures that at least one class counts towards.
fn figures_of(project: &Project) -> Vec<Figure> {
    Figure::ALL
        .into_iter()
        .filter(|figure| project.classes.iter().any(|class| class.counts_as.contains(figure)))
        .collect()
}

/// The plan by the values that covers have.
fn plan_by(project: &Project) -> impl FnOnce(&[Vec<Value>]) -> Plan + Send {
    move |values| plan_of(project, &figures_of(project), &reading::readings(project, values))
}

fn plan_of(project: &Project, figures: &[Figure], readings: &[Vec<reading::Read>]) -> Plan {
    let twins = cells::twins(project);
    let twin = |class: usize| twins.iter().position(|t| *t == class).map(|at| project.classes.len() + at);
    let with_twin = |class: usize| std::iter::once(class).chain(twin(class));
    let members = |figure: &Figure| {
        let counts =
            |(_, class): &(usize, &crate::project::settings::ClassDef)| class.counts_as.contains(figure);
        project.classes.iter().enumerate().filter(counts).flat_map(|(index, _)| with_twin(index)).collect()
    };
    let mut strata: Vec<Vec<usize>> =
        project.strata.iter().map(|s| s.classes.iter().flat_map(|c| with_twin(c.0)).collect()).collect();
    let reads = |r: &reading::Read| r.ground == GroundReading::Unmapped(project.strata.len());
    if strata.is_empty() || readings.iter().flatten().any(reads) {
        strata.push(Vec::new());
    }
    let united = twins.iter().map(|class| with_twin(*class).collect());
    let asked = Sets::of(project).all;
    let asked = asked.into_iter().map(|set| set.into_iter().flat_map(with_twin).collect());
    let figures = figures.iter().map(members).chain(united).chain(asked).collect();
    let ground = |cover: usize, read: &reading::Read| match read.ground {
        GroundReading::Class(class) if cells::gives_cells(project, cover) => {
            GroundReading::Class(twin(class).unwrap_or(class))
        }
        ground => ground,
    };
    let readings = readings.iter().enumerate();
    let readings = readings.map(|(at, cover)| cover.iter().map(|read| ground(at, read)).collect()).collect();
    let classes = project.classes.len() + twins.len();
    let mut plan = Plan::new(classes, strata, figures, readings, project.overlap_pairs);
    let covers = project.covers.iter().enumerate();
    plan.overlapping = covers.filter(|(_, cover)| cover.layer.crowns.is_some()).map(|(at, _)| at).collect();
    plan.compared =
        twins.iter().enumerate().map(|(at, &class)| [class, project.classes.len() + at]).collect();
    plan
}

impl PlaceCoverage {
    /// Whether no cover has any patch here.
    pub fn is_unsurveyed(&self) -> bool {
        self.unsurveyed.plane.0 > 0.0 && self.unsurveyed == self.ground
    }
}

/// Names of towns by code, of those that have one.
pub fn town_names(towns: &[PlaceCoverage]) -> BTreeMap<String, String> {
    towns.iter().filter_map(|town| Some((town.code.clone(), town.name.clone()?))).collect()
}
