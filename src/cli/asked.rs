//! A project as it was asked for: its file read, its layers opened, what is to be analysed gathered.

use std::path::{Path, PathBuf};

use crate::analysis::analyze::{Inputs, Ready, Scope, ScopeKind};
use crate::analysis::{AreaModel, Ground};
use crate::cli::args::Over;
use crate::cli::failure::Failure;
use crate::cli::survey::{self, Open, Survey, SurveyRequest};
use crate::cli::{Session, evidence, further, inventory, rules};
use crate::finding::{Finding, Severity};
use crate::indicators::{Declared, JudgeBy};
use crate::layers::cover::{CoverRequest, OpenLayer};
use crate::layers::several::{self, Several};
use crate::layers::table::{self, TableRequest};
use crate::layers::zones::{self, ZoneFields};
use crate::layers::{check, mask};
use crate::prepare::mask::{Keep, MaskLayer};
use crate::project::origin::Flags;
use crate::project::scopes::ScopeSettings;
use crate::project::settings::{
    self, CoverClasses, CoverSettings, LayerSettings, MaskGround, MaskSettings, Project, TableSettings,
};
use crate::survey::{Gathering, Source};
use crate::words;
use crate::words::{Lang, Words};

/// A project file, read.
pub struct Asked {
    /// The file.
    pub file: PathBuf,
    /// Its folder, from which its paths count.
    pub folder: PathBuf,
    /// What it says, with the flags over it.
    pub project: Project,
    /// The language of the documents.
    pub lang: Lang,
}

/// What was read so far: the files, and what was noticed in them.
pub struct Read {
    pub files: Vec<PathBuf>,
    pub findings: Vec<Finding>,
}

/// Where layers beside zones and covers are opened, and what is kept of that.
pub struct Desk<'s, 'r> {
    /// Paths count from here.
    pub folder: &'r Path,
    /// The zones and covers.
    pub survey: &'s Survey,
    /// What was read so far.
    pub read: &'r mut Read,
}

/// The code of a layer without features.
const EMPTY: &str = "layer-empty";
/// What a run can do without: a layer or table that is not there, has not the part that is named, or no features.
const LACKING: [&str; 8] = [
    EMPTY,
    "layer-not-found",
    "pattern-empty",
    "layer-unknown",
    "field-unknown",
    "table-unreadable",
    "sheet-missing",
    "column-missing",
];

impl Desk<'_, '_> {
    /// Opens one file of a layer near the zones.
    pub fn open(&mut self, settings: &LayerSettings, open: Open) -> Result<OpenLayer, Failure> {
        let extent = self.survey.extent_deg;
        let (layer, findings) = open(self.folder, settings, Some(extent))?;
        self.read.findings.extend(findings);
        check::near_zones(&layer, about(extent))?;
        self.read.files.extend_from_slice(layer.paths());
        Ok(layer)
    }

    /// What settings name, where they are written; of a layer that is not there, or has no features, nothing, as if it had
    /// not been given: its item then says what it needs.
    pub fn given<'p, S, T>(
        &mut self,
        settings: Option<&'p S>,
        layer: impl Fn(&S) -> &LayerSettings,
        open: impl FnOnce(&mut Self, &'p S) -> Result<T, Failure>,
    ) -> Result<Option<T>, Failure> {
        self.given_file(settings, |settings| layer(settings).file.clone(), open)
    }

    /// The same of settings that name a file, whether a layer or a table.
    pub fn given_file<'p, S, T>(
        &mut self,
        settings: Option<&'p S>,
        file: impl Fn(&S) -> String,
        open: impl FnOnce(&mut Self, &'p S) -> Result<T, Failure>,
    ) -> Result<Option<T>, Failure> {
        let Some(settings) = settings else { return Ok(None) };
        match open(self, settings) {
            Err(Failure::Told(error)) if LACKING.contains(&error.code()) => {
                let file = file(settings);
                let (layer, Words { en, zh }) = apart(error.sentence(), &file);
                let sentence = words!("{en}; taken as not given", "{zh}；按未提供处理");
                let hint = error
                    .cure()
                    .unwrap_or_else(|| words!("check that it is the right file", "请检查是否选对了文件"));
                let severity = if error.code() == EMPTY { Severity::Warning } else { Severity::Error };
                let finding = Finding::new(error.code(), severity, sentence);
                self.read.findings.push(finding.in_layer(layer).with_hint(hint));
                Ok(None)
            }
            opened => opened.map(Some),
        }
    }
}

/// The layer that a sentence begins with, and the rest of it; findings name their layer by themselves.
fn apart(sentence: Words, file: &str) -> (String, Words) {
    let Words { en, zh } = &sentence;
    match en.split_once(": ").zip(zh.split_once('：')) {
        Some(((layer, en), (_, zh))) if layer.starts_with(file) => {
            (layer.to_owned(), Words::new(en.to_owned(), zh.to_owned()))
        }
        _ => (file.to_owned(), sentence),
    }
}

/// Layers beside zones and covers may lie so far from the zones, in degrees: places that serve them from beyond.
const BEYOND_DEG: f64 = 0.15;

/// The zones and what lies about them, in degrees.
fn about([west, south, east, north]: [f64; 4]) -> [f64; 4] {
    [west - BEYOND_DEG, south - BEYOND_DEG, east + BEYOND_DEG, north + BEYOND_DEG]
}

impl Asked {
    /// Reads a project file.
    pub fn read(file: &Path, over: &Over, session: &Session) -> Result<Self, Failure> {
        let name = file.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
        let bytes = std::fs::read(file)
            .map_err(|e| Failure::Read { path: file.display().to_string(), cause: e.to_string() })?;
        let flags = Flags {
            lang: session.lang_given,
            crs: over.crs.clone(),
            area: over.area.map(settings::AreaKind::from),
            overlap_pairs: over.overlap_pairs,
        };
        let project = Project::parse(&bytes, &name)?.with_flags(flags);
        Ok(Self {
            file: file.to_owned(),
            folder: file.parent().unwrap_or(Path::new("")).to_owned(),
            lang: session.lang_given.or(project.lang).unwrap_or(session.lang),
            project,
        })
    }

    /// Opens its zones and covers.
    pub fn open(&self) -> Result<(Survey, Read), Failure> {
        let covers = cover_requests(&self.project);
        let survey = survey::open(&request(&self.project, &self.folder, &covers))?;
        let read = Read { files: survey.files.clone(), findings: survey.findings.clone() };
        Ok((survey, read))
    }

    /// Scopes, residents, standards and declarations.
    pub fn inputs<'a>(&'a self, survey: &'a Survey, read: &mut Read) -> Result<Inputs<'a>, Failure> {
        inputs(&self.project, &self.folder, survey, read)
    }
}

/// The area model of prepared places. It is made on the thread where GDAL's transformation lives; tiles go to others.
pub fn area_model(survey: &Survey, ready: &Ready) -> AreaModel {
    let ground = Ground {
        ellipsoid: survey.working.ellipsoid,
        unit_m: survey.working.unit_m,
        to_degrees: &|xs, ys| survey.to_degrees.carry(xs, ys),
    };
    ground.model(&ready.places.zones)
}

fn cover_requests(project: &Project) -> Vec<CoverRequest<'_>> {
    project
        .covers
        .iter()
        .map(|cover| CoverRequest {
            name: Some(&cover.name),
            layer: &cover.layer,
            field: match &cover.classes {
                CoverClasses::ByField { field, .. } => Some(field),
                CoverClasses::Whole { .. } => None,
            },
            id_field: cover.id_field.as_deref(),
            area_field: cover.area_field.as_deref().map(|field| (field, cover.area_unit)),
        })
        .collect()
}

fn request<'a>(project: &'a Project, folder: &'a Path, covers: &'a [CoverRequest<'a>]) -> SurveyRequest<'a> {
    let zones = &project.zones;
    SurveyRequest {
        folder,
        crs: project.crs.as_deref(),
        zones: &zones.layer,
        zone_fields: ZoneFields {
            id: Some(&zones.id),
            name: zones.name.as_deref(),
            gathering: Gathering { prefix: zones.prefix, merge: zones.merge, merge_same_name: true },
        },
        covers,
    }
}

fn inputs<'a>(
    project: &'a Project,
    folder: &Path,
    survey: &'a Survey,
    read: &mut Read,
) -> Result<Inputs<'a>, Failure> {
    let mut desk = Desk { folder, survey, read };
    let masks = masks(project, &mut desk)?;
    let scopes = scopes(project, &mut desk)?;
    let residents = residents(project, &mut desk)?;
    let inventory = inventory::read(project, &mut desk)?;
    let standards =
        rules::standards(&project.standard, folder, &mut desk.read.files, &mut desk.read.findings)?;
    let mut declared: Vec<Declared> = project.declared.iter().map(declared_in_project).collect();
    if let Some(settings) = &project.evidence {
        let filled = evidence::declared(settings, folder, &standards, &declared, desk.read)?;
        declared.extend(filled);
    }
    let further = further::open(project, &mut desk)?;
    Ok(Inputs {
        project,
        zones: &survey.zones,
        covers: survey.covers.iter().map(|c| c as &dyn Source).collect(),
        frames: survey.covers.iter().map(Several::frame).collect::<Result<_, _>>()?,
        masks,
        scopes,
        residents,
        inventory,
        standards,
        declared,
        further,
        plane: further::plane(survey),
    })
}

/// What each cover is masked by.
fn masks(project: &Project, desk: &mut Desk<'_, '_>) -> Result<Vec<Vec<MaskLayer>>, Failure> {
    let of_cover = |cover: &CoverSettings| {
        cover.masks.iter().map(|mask| read_mask(mask, desk)).collect::<Result<_, _>>()
    };
    project.covers.iter().map(of_cover).collect()
}

fn read_mask(mask: &MaskSettings, desk: &mut Desk<'_, '_>) -> Result<MaskLayer, Failure> {
    let mut polygons = Vec::new();
    for settings in several::layers(desk.folder, &mask.layer)? {
        let layer = desk.open(&settings, OpenLayer::open)?;
        let ends = settings.raster.is_some() && mask.of == MaskGround::Vegetation;
        desk.read.findings.extend(ends.then(|| mask_ends(&layer, desk.survey.extent_deg)).flatten());
        let (batch, findings) = mask::read(&layer, settings.raster.is_some(), &desk.survey.working)?;
        desk.read.findings.extend(findings);
        polygons.push(batch);
    }
    let keep = if mask.of == MaskGround::Vegetation { Keep::Inside } else { Keep::Outside };
    Ok(MaskLayer { keep, polygons })
}

/// That a raster of vegetation ends within the zones: beyond it nothing is kept, and nothing is known.
fn mask_ends(layer: &OpenLayer, zones: [f64; 4]) -> Option<Finding> {
    const MARGIN_DEG: f64 = 1e-6;
    let [west, south, east, north] = check::extent_in_degrees(layer).ok()??;
    let holds = west <= zones[0] + MARGIN_DEG
        && south <= zones[1] + MARGIN_DEG
        && east >= zones[2] - MARGIN_DEG
        && north >= zones[3] - MARGIN_DEG;
    let sentence = words!(
        "this mask of vegetation ends within the zones; beyond it the cover keeps nothing",
        "该植被掩膜未覆盖全部分区；其范围以外，覆盖图层一概不计"
    );
    let hint = words!("give a mask that reaches over all zones", "请提供覆盖全部分区的掩膜");
    let finding = Finding::new("mask-ends", Severity::Warning, sentence).in_layer(&layer.title);
    (!holds).then(|| finding.with_hint(hint))
}

fn scopes<'a>(project: &'a Project, desk: &mut Desk<'_, '_>) -> Result<Vec<Scope<'a>>, Failure> {
    let villages = project.scopes.villages.as_ref();
    let all = [
        (ScopeKind::Urban, project.scopes.urban.as_ref()),
        (ScopeKind::TownBuiltUp, project.scopes.town_built_up.as_ref()),
        (ScopeKind::Villages, villages.map(|villages| &villages.scope)),
        (ScopeKind::WaterSources, project.scopes.water_sources.as_ref()),
        (ScopeKind::CarParks, project.scopes.car_parks.as_ref()),
        (ScopeKind::DamagedLand, project.scopes.damaged_land.as_ref()),
        (ScopeKind::Streets, project.scopes.streets.as_ref()),
        (ScopeKind::Suburbs, project.scopes.suburbs.as_ref()),
        (ScopeKind::VillageTerritories, project.scopes.village_territories.as_ref()),
    ];
    let read = all.into_iter().filter_map(|(kind, scope)| {
        let read = |desk: &mut Desk<'_, '_>, scope| read_scope(kind, scope, desk);
        desk.given(scope, |scope| &scope.layer, read).transpose()
    });
    read.collect()
}

fn read_scope<'a>(
    kind: ScopeKind,
    scope: &'a ScopeSettings,
    desk: &mut Desk<'_, '_>,
) -> Result<Scope<'a>, Failure> {
    let layer = desk.open(&scope.layer, OpenLayer::open)?;
    // Only water sources and villages are places by themselves; of the others the union counts, whatever their codes.
    let by_itself = matches!(kind, ScopeKind::WaterSources | ScopeKind::VillageTerritories);
    let fields = ZoneFields {
        id: scope.id_field.as_deref().filter(|_| by_itself),
        name: scope.name_field.as_deref(),
        gathering: Gathering { merge: true, ..Gathering::default() },
    };
    let (layer, findings) = zones::read(&layer, fields, &desk.survey.working)?;
    desk.read.findings.extend(findings);
    Ok(Scope { kind, layer, source: &scope.source, date: &scope.date })
}

fn residents(project: &Project, desk: &mut Desk<'_, '_>) -> Result<Option<Vec<Option<f64>>>, Failure> {
    let settings = project.residents.table.as_ref();
    desk.given_file(settings, |table| table.file.clone(), read_residents)
}

fn read_residents(desk: &mut Desk<'_, '_>, settings: &TableSettings) -> Result<Vec<Option<f64>>, Failure> {
    let request = TableRequest {
        file: desk.folder.join(&settings.file),
        sheet: settings.sheet.clone(),
        key: settings.key.clone(),
        value: settings.value.clone(),
        unit: settings.unit,
    };
    let table = table::read_table(&request)?;
    desk.read.files.push(request.file);
    let zones: Vec<(&str, &str)> =
        desk.survey.zones.zones.iter().map(|z| (z.id.as_str(), z.name.as_deref().unwrap_or(""))).collect();
    let (values, findings) = table::join(&table, &zones);
    desk.read.findings.extend(table.findings);
    desk.read.findings.extend(findings);
    Ok(values)
}

fn declared_in_project(settings: &settings::DeclaredSettings) -> Declared {
    Declared {
        item: settings.item.clone(),
        value: settings.value,
        passed: settings.passed,
        official: settings.official,
        evidence: settings.evidence.clone(),
        number: settings.number.clone(),
        date: settings.date.clone(),
        note: settings.note.clone(),
        judge_by: match settings.judge_by {
            settings::JudgeBy::Computed => JudgeBy::Computed,
            settings::JudgeBy::Declared => JudgeBy::Declared,
        },
    }
}
