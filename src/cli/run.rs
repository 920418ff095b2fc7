//! `sencheng run`: a project file in, documents out.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use crate::analysis::analyze::{self, Analysis, Inputs, Scope, ScopeKind};
use crate::analysis::{Ground, ToDegrees};
use crate::cli::args::Run as Arguments;
use crate::cli::failure::Failure;
use crate::cli::room::TemporaryFile;
use crate::cli::survey::{self, Survey, SurveyRequest};
use crate::cli::{Done, Session, digest, rules, write};
use crate::finding::{Finding, Severity};
use crate::indicators::{Declared, JudgeBy};
use crate::layers::cover::{CoverRequest, OpenLayer};
use crate::layers::crs::Chosen;
use crate::layers::table::{self, TableRequest};
use crate::layers::zones::{self, ZoneFields};
use crate::measure;
use crate::outputs::map::Map;
use crate::outputs::run_json::Run;
use crate::outputs::{self, CrsNote, Document, Report, summary};
use crate::project::origin::{Flags, Setting};
use crate::project::settings::{self, CoverClasses, Project, ScopeSettings};
use crate::survey::{Gathering, Source};
use crate::words;
use crate::words::{Lang, Words};

/// The program and its version, as documents name it.
pub const PROGRAM: &str = concat!("sencheng ", env!("CARGO_PKG_VERSION"));

/// Runs the command.
pub fn run(arguments: &Arguments, session: &Session) -> Done {
    let began = Instant::now();
    let project = read_project(arguments, session)?;
    let folder = arguments.project.parent().unwrap_or(Path::new("")).to_owned();
    let lang = session.lang_given.or(project.lang).unwrap_or(session.lang);
    let covers = cover_requests(&project);
    let survey = survey::open(&request(&project, &folder, &covers))?;
    let mut read = Read { files: survey.files.clone(), findings: survey.findings.clone() };
    read.files.push(arguments.project.clone());
    let inputs = inputs(&project, &folder, &survey, &mut read)?;
    let mut analysis = measured(arguments, session, &inputs, &survey)?;
    analysis.findings.splice(0..0, read.findings);
    session.watch.finish();
    let note = crs_note(&survey);
    let to_degrees = |xs: &mut [f64], ys: &mut [f64]| survey.to_degrees.carry(xs, ys);
    let map = drawn(&project, &mut analysis, &note, &to_degrees, lang)?;
    let report = Report {
        project: &project,
        analysis: &analysis,
        crs: note,
        program: PROGRAM.to_owned(),
        lang,
        to_degrees: &to_degrees,
    };
    let mut documents = documents(&report, map)?;
    documents.push(run_document(&report, &inputs, &folder, &read.files, began)?);
    write::folder(&arguments.out, &documents)?;
    tell(&report, arguments, session, &documents)?;
    Ok::<ExitCode, _>(session.conclude(&analysis.findings))
}

fn read_project(arguments: &Arguments, session: &Session) -> Result<Project, Failure> {
    let name = arguments.project.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    let bytes = std::fs::read(&arguments.project)
        .map_err(|e| Failure::Read { path: arguments.project.display().to_string(), cause: e.to_string() })?;
    let flags = Flags {
        lang: session.lang_given,
        crs: arguments.crs.clone(),
        area: arguments.area.map(settings::AreaKind::from),
        overlap_pairs: arguments.overlap_pairs,
    };
    Ok(Project::parse(&bytes, &name)?.with_flags(flags))
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

/// What was read so far: the files, and what was noticed in them.
struct Read {
    files: Vec<PathBuf>,
    findings: Vec<Finding>,
}

/// Scopes, residents, standards and declarations.
fn inputs<'a>(
    project: &'a Project,
    folder: &Path,
    survey: &'a Survey,
    read: &mut Read,
) -> Result<Inputs<'a>, Failure> {
    let scopes = scopes(project, folder, survey, read)?;
    let residents = residents(project, folder, survey, read)?;
    let standards = rules::standards(&project.standard, folder, &mut read.files, &mut read.findings)?;
    Ok(Inputs {
        project,
        zones: &survey.zones,
        covers: survey.covers.iter().map(|c| c as &dyn Source).collect(),
        scopes,
        residents,
        standards,
        declared: project.declared.iter().map(declared).collect(),
    })
}

fn scopes<'a>(
    project: &'a Project,
    folder: &Path,
    survey: &Survey,
    read: &mut Read,
) -> Result<Vec<Scope<'a>>, Failure> {
    let all = [
        (ScopeKind::Urban, &project.scopes.urban),
        (ScopeKind::TownBuiltUp, &project.scopes.town_built_up),
        (ScopeKind::Villages, &project.scopes.villages),
        (ScopeKind::WaterSources, &project.scopes.water_sources),
    ];
    let given = all.into_iter().filter_map(|(kind, scope)| Some((kind, scope.as_ref()?)));
    given.map(|(kind, scope)| read_scope(kind, scope, folder, survey, read)).collect()
}

fn read_scope<'a>(
    kind: ScopeKind,
    scope: &'a ScopeSettings,
    folder: &Path,
    survey: &Survey,
    read: &mut Read,
) -> Result<Scope<'a>, Failure> {
    let (layer, findings) = OpenLayer::open(folder, &scope.layer, Some(survey.extent_deg))?;
    read.findings.extend(findings);
    crate::layers::check::near_zones(&layer, survey.extent_deg)?;
    read.files.push(layer.path().to_owned());
    // Only a water source is a place by itself; of the others the union counts, whatever their codes.
    let fields = ZoneFields {
        id: scope.id_field.as_deref().filter(|_| kind == ScopeKind::WaterSources),
        name: scope.name_field.as_deref(),
        gathering: Gathering { merge: true, ..Gathering::default() },
    };
    let (layer, findings) = zones::read(&layer, fields, &survey.working)?;
    read.findings.extend(findings);
    Ok(Scope { kind, layer, source: &scope.source, date: &scope.date })
}

fn residents(
    project: &Project,
    folder: &Path,
    survey: &Survey,
    read: &mut Read,
) -> Result<Option<Vec<Option<f64>>>, Failure> {
    let Some(settings) = &project.residents.table else { return Ok(None) };
    let request = TableRequest {
        file: folder.join(&settings.file),
        sheet: settings.sheet.clone(),
        key: settings.key.clone(),
        value: settings.value.clone(),
        unit: settings.unit,
    };
    let table = table::read_table(&request)?;
    read.files.push(request.file);
    let zones: Vec<(&str, &str)> =
        survey.zones.zones.iter().map(|z| (z.id.as_str(), z.name.as_deref().unwrap_or(""))).collect();
    let (values, findings) = table::join(&table, &zones);
    read.findings.extend(table.findings);
    read.findings.extend(findings);
    Ok(Some(values))
}

fn declared(settings: &settings::DeclaredSettings) -> Declared {
    Declared {
        item: settings.item.clone(),
        value: settings.value,
        passed: settings.passed,
        official: settings.official,
        evidence: settings.evidence.clone(),
        date: settings.date.clone(),
        judge_by: match settings.judge_by {
            settings::JudgeBy::Computed => JudgeBy::Computed,
            settings::JudgeBy::Declared => JudgeBy::Declared,
        },
    }
}

fn measured(
    arguments: &Arguments,
    session: &Session,
    inputs: &Inputs<'_>,
    survey: &Survey,
) -> Result<Analysis, Failure> {
    // The area model is made on this thread, where GDAL's transformation lives; tiles go to the workers.
    let ready = analyze::ready(inputs);
    let ground = Ground {
        ellipsoid: survey.working.ellipsoid,
        unit_m: survey.working.unit_m,
        to_degrees: &|xs, ys| survey.to_degrees.carry(xs, ys),
    };
    let area = ground.model(&ready.places.zones);
    let threads = arguments.threads.map(usize::from);
    let aside = TemporaryFile::default();
    let room = aside.room(arguments.memory);
    Ok(measure::on_threads(threads, || analyze::analyze(inputs, ready, &area, room, &session.watch))?)
}

fn crs_note(survey: &Survey) -> CrsNote {
    let crs = &survey.working;
    CrsNote {
        crs: crs.label.clone(),
        name: crs.name.clone(),
        chosen: reason(survey.chosen),
        unit_m: crs.unit_m,
        ellipsoid_a_m: crs.ellipsoid.a_m,
        ellipsoid_inverse_flattening: 1.0 / crs.ellipsoid.flattening,
        wkt: crs.wkt().to_owned(),
    }
}

/// Why a working CRS was chosen, for people.
pub fn reason(chosen: Chosen) -> Words {
    match chosen {
        Chosen::Declared => words!("declared", "由用户指定"),
        Chosen::Covers => words!("the covers are in it", "覆盖图层所用"),
        Chosen::Zones => words!("the zones are in it", "分区图层所用"),
        Chosen::ChinaZone => {
            words!("the CGCS2000 3-degree zone of the zones' centre", "分区中心所在的 CGCS2000 三度带")
        }
        Chosen::EqualArea => words!("equal-area about the zones' centre", "以分区中心为原点的等积投影"),
    }
}

/// Draws the map; what it could not show becomes findings.
fn drawn(
    project: &Project,
    analysis: &mut Analysis,
    crs: &CrsNote,
    to_degrees: &ToDegrees<'_>,
    lang: Lang,
) -> Result<Map, Failure> {
    let report =
        Report { project, analysis, crs: crs.clone(), program: PROGRAM.to_owned(), lang, to_degrees };
    let map = outputs::towns_map::towns_map(&report)?;
    let findings = outputs::towns_map::findings(&map);
    analysis.findings.extend(findings);
    Ok(map)
}

fn documents(report: &Report<'_>, map: Map) -> Result<Vec<Document>, Failure> {
    let analysis = report.analysis;
    Ok(vec![
        outputs::towns_gpkg::towns_gpkg(report)?,
        ("coverage.csv".to_owned(), outputs::coverage_csv::coverage_csv(report)),
        (
            "indicators.csv".to_owned(),
            outputs::indicators_csv::indicators_csv(&analysis.verdicts, report.lang),
        ),
        ("analysis.json".to_owned(), outputs::analysis_json::analysis_json(report)),
        ("towns.geojson".to_owned(), outputs::towns_geojson::towns_geojson(report)),
        ("map.svg".to_owned(), map.svg),
        ("map.png".to_owned(), map.png),
        ("findings.csv".to_owned(), outputs::findings_csv::findings_csv(&analysis.findings, report.lang)),
    ])
}

fn run_document(
    report: &Report<'_>,
    inputs: &Inputs<'_>,
    folder: &Path,
    used: &[PathBuf],
    began: Instant,
) -> Result<Document, Failure> {
    let count = |s: Severity| report.analysis.findings.iter().filter(|f| f.severity == s).count();
    let bytes = outputs::run_json::run_json(&Run {
        schema: 1,
        program: &report.program,
        settings: report.project.effective_settings().into_iter().map(without_folder).collect(),
        working_crs: &report.crs,
        standards: inputs.standards.iter().map(|s| s.name.clone()).collect(),
        inputs: digest::of_files(folder, used)?,
        findings: [Severity::Info, Severity::Warning, Severity::Error].map(count),
        duration_s: began.elapsed().as_secs_f64(),
    });
    Ok(("run.json".to_owned(), bytes))
}

/// A path that the project writes in full names its file only: where the files lay is nobody's business.
fn without_folder(mut setting: Setting) -> Setting {
    let name = setting.value.as_str().map(Path::new).filter(|p| p.is_absolute()).and_then(Path::file_name);
    if let Some(name) = name {
        setting.value = name.to_string_lossy().into_owned().into();
    }
    setting
}

fn tell(
    report: &Report<'_>,
    arguments: &Arguments,
    session: &Session,
    documents: &[Document],
) -> Result<(), Failure> {
    let lang = report.lang;
    let mut text = summary::towns(report);
    text += &summary::verdicts(&report.analysis.verdicts, lang);
    write::stdout(text.as_bytes())?;
    if session.quiet {
        return Ok(());
    }
    let (n, out) = (documents.len(), arguments.out.display());
    let crs = &report.crs;
    let (en, zh) = (&crs.chosen.en, &crs.chosen.zh);
    let worst = report.analysis.balances.iter().map(|b| b.residual_plane_m2.abs()).fold(0.0, f64::max);
    let told = words!(
        "working CRS {} ({en}); books balance to {worst:.1e} m2 at most; {n} files in {out}",
        "工作坐标系 {}（{zh}）；面积平衡，最大残差 {worst:.1e} 平方米；{n} 个文件写入 {out}",
        crs.crs
    );
    eprintln!("{}", told.say(lang));
    Ok(())
}
