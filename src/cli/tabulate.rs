//! `sencheng tabulate`: one cover over the zones, without a project file. What lines and points come to: [`tally`].

use std::path::Path;
use std::process::ExitCode;

use crate::analysis::Ground;
use crate::analysis::tabulate::{self as analysis, Tabulation};
use crate::cli::args::{Format, Tabulate};
use crate::cli::room::TemporaryFile;
use crate::cli::survey::{self, Survey, SurveyRequest};
use crate::cli::{Done, Session, tally, write};
use crate::layers::LayerError;
use crate::layers::cover::CoverRequest;
use crate::layers::zones::ZoneFields;
use crate::measure::coverage::Balance;
use crate::outputs::pieces_csv;
use crate::outputs::tabulation::{self, Preamble};
use crate::project::filter::Filter;
use crate::project::settings::{AreaKind, DatumShift, LayerSettings};
use crate::survey::{Figure, Gathering};
use crate::threads::on_threads;
use crate::words;

/// Runs the command.
pub fn run(arguments: &Tabulate, session: &Session) -> Done {
    let (zones, cover) = layers(arguments)?;
    let requests = [CoverRequest {
        name: None,
        layer: &cover,
        field: arguments.by.as_deref(),
        id_field: arguments.cover_id.as_deref(),
        area_field: None,
    }];
    let mut survey = survey::open_any(&SurveyRequest {
        folder: Path::new(""),
        crs: arguments.crs.as_deref(),
        zones: &zones,
        zone_fields: ZoneFields {
            id: Some(&arguments.zone_id),
            name: arguments.zone_name.as_deref(),
            gathering: Gathering { merge: arguments.merge_zones, ..Gathering::default() },
        },
        covers: &requests,
    })?;
    let covers = survey.covers.into_iter().map(|cover| cover.adding_up(&arguments.sum));
    survey.covers = covers.collect::<Result<_, _>>()?;
    let figure = survey.covers[0].figure()?;
    if arguments.pieces.is_some() && figure != Figure::Polygon {
        return Err(LayerError::NoPieces { layer: cover.file }.into());
    }
    match figure {
        Figure::Polygon => areas(arguments, &survey, session),
        Figure::Line => tally::lines(arguments, &survey, session),
        Figure::Point => tally::points(arguments, &survey, session),
    }
}

fn areas(arguments: &Tabulate, survey: &Survey, session: &Session) -> Done {
    let mut tabulation = tabulate(arguments, survey, session)?;
    session.watch.finish();
    tabulation.findings.splice(0..0, survey.findings.iter().cloned());
    output(arguments, session, survey, &tabulation)
}

fn layers(arguments: &Tabulate) -> Result<(LayerSettings, LayerSettings), crate::cli::failure::Failure> {
    let shift = || arguments.datum_shift.as_ref().map(|_| DatumShift::Unshifted);
    let zones = LayerSettings {
        file: arguments.zones.to_string_lossy().into_owned(),
        layer: arguments.zones_layer.clone(),
        crs: arguments.zones_crs.clone(),
        encoding: arguments.zones_encoding.clone(),
        datum_shift: shift(),
        ..LayerSettings::default()
    };
    let cover = LayerSettings {
        file: arguments.cover.to_string_lossy().into_owned(),
        layer: arguments.cover_layer.clone(),
        crs: arguments.cover_crs.clone(),
        encoding: arguments.cover_encoding.clone(),
        datum_shift: shift(),
        filter: arguments.filter.as_deref().map(Filter::parse).transpose()?,
        ..LayerSettings::default()
    };
    Ok((zones, cover))
}

fn tabulate(
    arguments: &Tabulate,
    survey: &Survey,
    session: &Session,
) -> Result<Tabulation, crate::cli::failure::Failure> {
    // The area model is made on this thread, where GDAL's transformation lives; tiles go to the workers.
    let request = analysis::Request {
        zones: &survey.zones,
        cover: &survey.covers[0],
        by_value: arguments.by.is_some(),
        most_pairs: arguments.overlap_pairs,
        pieces: arguments.pieces.is_some(),
    };
    let threads = arguments.effort.threads();
    let prepared = on_threads(threads, || analysis::prepare(&request));
    let ground = Ground {
        ellipsoid: survey.working.ellipsoid,
        unit_m: survey.working.unit_m,
        to_degrees: &|xs, ys| survey.to_degrees.carry(xs, ys),
    };
    let area = ground.model(&prepared.zones);
    let aside = TemporaryFile::new(arguments.effort.memory);
    let room = aside.room();
    Ok(on_threads(threads, || analysis::tabulate(&request, prepared, &area, room, &session.watch))?)
}

fn output(arguments: &Tabulate, session: &Session, survey: &Survey, tabulation: &Tabulation) -> Done {
    let kind = AreaKind::from(arguments.area);
    let preamble = preamble(arguments, survey);
    let bytes = match format_of(arguments) {
        Format::Table => tabulation::table(tabulation, kind, session.lang).into_bytes(),
        Format::Csv => tabulation::csv(tabulation, kind),
        Format::Json => tabulation::json(tabulation, &preamble),
    };
    if let (Some(path), Some(pieces)) = (&arguments.pieces, &tabulation.pieces) {
        write::stream(path, |to| pieces_csv::write(pieces, kind, to))?;
    }
    give(arguments, &bytes)?;
    if !session.quiet {
        eprintln!("{}", identity(tabulation, &preamble, session));
    }
    Ok::<ExitCode, _>(session.conclude(&tabulation.findings))
}

/// Where the figures come from.
pub(super) fn preamble(arguments: &Tabulate, survey: &Survey) -> Preamble {
    Preamble {
        schema: 1,
        program: super::report::PROGRAM.to_owned(),
        working_crs: survey.working.label.clone(),
        working_crs_from: super::report::reason(survey.chosen),
        area: AreaKind::from(arguments.area),
    }
}

/// Writes the result where it was asked for.
pub(super) fn give(arguments: &Tabulate, bytes: &[u8]) -> Result<(), crate::cli::failure::Failure> {
    match &arguments.output {
        Some(path) => write::file(path, bytes),
        None => write::stdout(bytes),
    }
}

/// The form of the result.
pub(super) fn format_of(arguments: &Tabulate) -> Format {
    let ending = arguments.output.as_ref().and_then(|p| p.extension()).map(|e| e.to_ascii_lowercase());
    arguments.format.unwrap_or(match ending.as_deref().and_then(|e| e.to_str()) {
        Some("csv") => Format::Csv,
        Some("json") => Format::Json,
        _ => Format::Table,
    })
}

/// The identity, printed on every run.
fn identity(tabulation: &Tabulation, preamble: &Preamble, session: &Session) -> String {
    let worst = tabulation.balances.iter().max_by(|a, b| {
        let strain = |b: &Balance| b.residual_plane_m2.abs() / b.tolerance_m2;
        strain(a).total_cmp(&strain(b))
    });
    let (residual, tolerance) = worst.map_or((0.0, 0.0), |b| (b.residual_plane_m2, b.tolerance_m2));
    let (n, crs) = (tabulation.zones.len(), &preamble.working_crs);
    let (en, zh) = (&preamble.working_crs_from.en, &preamble.working_crs_from.zh);
    let failing = tabulation.balances.iter().filter(|b| !b.holds()).count();
    let words = if failing == 0 {
        words!(
            "working CRS {crs} ({en}); classes - shared + none = zone in all {n} zones, largest residual {residual:.1e} m2 of {tolerance:.1e} tolerated",
            "工作坐标系 {crs}（{zh}）；{n} 个分区均满足 各类 − 共有 + 无覆盖 = 分区面积，最大残差 {residual:.1e} 平方米（容差 {tolerance:.1e}）"
        )
    } else {
        words!(
            "working CRS {crs} ({en}); the books of {failing} of {n} zones DO NOT BALANCE, largest residual {residual:.1e} m2",
            "工作坐标系 {crs}（{zh}）；{n} 个分区中有 {failing} 个不平衡，最大残差 {residual:.1e} 平方米"
        )
    };
    words.say(session.lang).to_owned()
}
