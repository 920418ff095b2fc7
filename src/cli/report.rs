//! What becomes of an analysis: documents in a folder, tables on the terminal, an exit code.

use std::path::{Path, PathBuf};
use std::time::Instant;

use crate::analysis::ToDegrees;
use crate::analysis::analyze::{self, Analysis, Inputs};
use crate::cli::asked::{Asked, Read};
use crate::cli::failure::Failure;
use crate::cli::survey::Survey;
use crate::cli::{Session, digest, write};
use crate::finding::Severity;
use crate::layers::crs::Chosen;
use crate::outputs::map::{Map, choropleth};
use crate::outputs::run_json::{InputFile, Run};
use crate::outputs::{self, CrsNote, Document, Report, summary};
use crate::project::origin::Setting;
use crate::words;
use crate::words::Words;

/// The program and its version, as documents name it.
pub const PROGRAM: &str = concat!("sencheng ", env!("CARGO_PKG_VERSION"));

/// Where the documents go, and what else is said.
pub struct Delivery<'a> {
    /// The folder.
    pub out: &'a Path,
    /// When the work began.
    pub began: Instant,
    /// How many threads there may be.
    pub threads: usize,
    /// Whether the tables are printed.
    pub tables: bool,
    /// By how many metres the ground of each class is simplified, where it is wanted.
    pub class_areas_m: Option<f64>,
    /// Where the audit trail goes, if it is wanted.
    pub pieces: Option<&'a Path>,
}

/// Writes the documents of an analysis, tells the person, and gives the exit code.
pub fn deliver(
    asked: &Asked,
    survey: &Survey,
    inputs: &Inputs<'_>,
    mut read: Read,
    mut analysis: Analysis,
    delivery: &Delivery<'_>,
    session: &Session,
) -> Result<u8, Failure> {
    read.files.push(asked.file.clone());
    analysis.findings.splice(0..0, read.findings);
    session.watch.finish();
    let to_degrees = |xs: &mut [f64], ys: &mut [f64]| survey.to_degrees.carry(xs, ys);
    let before = report(asked, survey, &analysis, &to_degrees);
    let (early, files) = early(&before, &read.files, &asked.folder, delivery.threads)?;
    analysis.findings.extend(outputs::towns_map::findings(&early.map));
    let report = report(asked, survey, &analysis, &to_degrees);
    let mut documents = documents(&report, early);
    let cross_check = outputs::cross_check_csv::cross_check_csv(&report);
    if let Some(tolerance_m) = delivery.class_areas_m {
        documents.push(outputs::class_areas::class_areas(&report, tolerance_m)?);
        let map = outputs::class_map::class_map(&report, tolerance_m)?;
        documents.extend([("class_map.svg".to_owned(), map.svg), ("class_map.png".to_owned(), map.png)]);
    }
    documents.extend(cross_check.map(|bytes| ("cross_check.csv".to_owned(), bytes)));
    documents.push(run_document(&report, inputs, files, delivery.began));
    if let (Some(path), Some(pieces)) = (delivery.pieces, &analysis.pieces) {
        write::stream(path, |to| outputs::pieces_csv::write(pieces, asked.project.area, to))?;
    }
    write::folder(delivery.out, &documents)?;
    tell(&report, delivery, session, documents.len())?;
    Ok(session.told(&analysis.findings))
}

fn report<'a>(
    asked: &'a Asked,
    survey: &Survey,
    analysis: &'a Analysis,
    to_degrees: &'a ToDegrees<'a>,
) -> Report<'a> {
    let program = PROGRAM.to_owned();
    Report { project: &asked.project, analysis, crs: crs_note(survey), program, lang: asked.lang, to_degrees }
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

/// What takes a while to make and tells no findings; only the map has some of its own.
struct Early {
    map: Map,
    gpkg: Document,
    in_degrees: Vec<u8>,
}

/// Draws the map, and beside it makes the layers of the towns and the digests of what was read.
fn early(
    report: &Report<'_>,
    used: &[PathBuf],
    folder: &Path,
    threads: usize,
) -> Result<(Early, Vec<InputFile>), Failure> {
    let asked = outputs::towns_map::towns_map(report);
    let layers = || {
        let gpkg = outputs::towns_gpkg::towns_gpkg(report)?;
        Ok::<_, Failure>((
            gpkg,
            outputs::towns_geojson::towns_geojson(report),
            digest::of_files(folder, used)?,
        ))
    };
    let (map, layers) = side_by_side(threads, || choropleth(&asked), layers);
    let (map, (gpkg, in_degrees, digests)) = (map?, layers?);
    Ok((Early { map, gpkg, in_degrees }, digests))
}

/// Does one piece of work beside another: on a thread of its own where there may be more than one.
fn side_by_side<A: Send, B>(
    threads: usize,
    aside: impl Fn() -> A + Sync,
    here: impl FnOnce() -> B,
) -> (A, B) {
    std::thread::scope(|scope| {
        let begun = (threads > 1).then(|| std::thread::Builder::new().spawn_scoped(scope, &aside));
        let here = here();
        match begun {
            Some(Ok(begun)) => (begun.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)), here),
            // Where no thread can be started, this one does it.
            _ => (aside(), here),
        }
    })
}

fn documents(report: &Report<'_>, early: Early) -> Vec<Document> {
    let Early { map, gpkg, in_degrees } = early;
    let analysis = report.analysis;
    let measures = outputs::measures_csv::measures_csv(analysis, report.lang);
    let measures = measures.map(|bytes| ("measures.csv".to_owned(), bytes));
    let documents = vec![
        gpkg,
        ("coverage.csv".to_owned(), outputs::coverage_csv::coverage_csv(report)),
        (
            "indicators.csv".to_owned(),
            outputs::indicators_csv::indicators_csv(&analysis.verdicts, report.lang),
        ),
        ("gaps.csv".to_owned(), gaps(report)),
        ("analysis.json".to_owned(), outputs::analysis_json::analysis_json(report)),
        ("towns.geojson".to_owned(), in_degrees),
        ("map.svg".to_owned(), map.svg),
        ("map.png".to_owned(), map.png),
        ("findings.csv".to_owned(), outputs::findings_csv::findings_csv(&analysis.findings, report.lang)),
    ];
    let rings = outputs::rings_csv::rings_csv(report).map(|bytes| ("rings.csv".to_owned(), bytes));
    documents.into_iter().chain(measures).chain(rings).collect()
}

fn gaps(report: &Report<'_>) -> Vec<u8> {
    let analysis = report.analysis;
    let names = analyze::town_names(&analysis.towns);
    outputs::gaps_csv::gaps_csv(&analysis.verdicts, &analysis.facts, &names, report.lang)
}

fn run_document(report: &Report<'_>, inputs: &Inputs<'_>, files: Vec<InputFile>, began: Instant) -> Document {
    let count = |s: Severity| report.analysis.findings.iter().filter(|f| f.severity == s).count();
    let bytes = outputs::run_json::run_json(&Run {
        schema: 1,
        program: &report.program,
        settings: report.project.effective_settings().into_iter().map(without_folder).collect(),
        working_crs: &report.crs,
        standards: inputs.standards.iter().map(|s| s.name.clone()).collect(),
        inputs: files,
        findings: [Severity::Info, Severity::Warning, Severity::Error].map(count),
        duration_s: began.elapsed().as_secs_f64(),
    });
    ("run.json".to_owned(), bytes)
}

/// A path that the project writes in full names its file only: where the files lay is nobody's business.
pub fn without_folder(mut setting: Setting) -> Setting {
    let name = setting.value.as_str().map(Path::new).filter(|p| p.is_absolute()).and_then(Path::file_name);
    if let Some(name) = name {
        setting.value = name.to_string_lossy().into_owned().into();
    }
    setting
}

fn tell(
    report: &Report<'_>,
    delivery: &Delivery<'_>,
    session: &Session,
    documents: usize,
) -> Result<(), Failure> {
    let lang = report.lang;
    if delivery.tables {
        let mut text = summary::towns(report);
        text += &summary::verdicts(&report.analysis.verdicts, lang);
        write::stdout(text.as_bytes())?;
    }
    if session.quiet {
        return Ok(());
    }
    let (n, out) = (documents, delivery.out.display());
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
