//! `sencheng zonal`: rasters over zones, without a project file.

use std::path::Path;

use crate::analysis::zonal::{self, Ask, Laid, LayError, Plane, Steps, Zonal};
use crate::attribute::Value;
use crate::cli::args::Zonal as Arguments;
use crate::cli::failure::Failure;
use crate::cli::zonal_args::ZonalFormat;
use crate::cli::zonal_refused::ZonalError;
use crate::cli::{Done, Session, report, write};
use crate::finding::Finding;
use crate::layers::cover::OpenLayer;
use crate::layers::crs::{Carrier, Crs, Kind};
use crate::layers::raster::{self, RasterFile};
use crate::layers::zones::{self, ZoneFields};
use crate::outputs::zonal as outputs;
use crate::project::filter::Filter;
use crate::project::settings::{AreaKind, DatumShift, LayerSettings, RasterSettings};
use crate::survey::Gathering;
use crate::survey::raster::Raster;
use crate::threads;
use crate::words;

/// Runs the command.
pub fn run(arguments: &Arguments, session: &Session) -> Done {
    let steps = arguments.condition.as_deref().map(condition).transpose()?;
    let quantiles = arguments.stats.iter().any(|statistic| statistic.by_values());
    let ask = match &steps {
        Some(steps) => Ask::Where(steps),
        None if arguments.stats.is_empty() => Ask::Classes,
        None => Ask::Statistics { quantiles },
    };
    let (zone_layer, mut findings) = OpenLayer::open(Path::new(""), &zone_settings(arguments), None)?;
    let weights = arguments.weights.as_deref().map(|path| open(path, None)).transpose()?;
    let mut tables: Vec<Zonal> = Vec::new();
    let mut laid: Option<(Laid, Crs)> = None;
    for path in &arguments.raster {
        let raster = open(path, arguments.band)?;
        let crs = crs_of(&raster, arguments)?;
        if let Some(weights) = &weights {
            same_cells(weights, &raster)?;
        }
        let kept =
            laid.take().filter(|(laid, of)| of.same_as(&crs) && zonal::same_grid(laid, raster.frame()));
        let (on_grid, _) = match kept {
            Some(kept) => laid.insert(kept),
            None => {
                let fresh = lay(arguments, &zone_layer, &raster, &crs, &mut findings)?;
                laid.insert((fresh, crs))
            }
        };
        let weights = weights.as_ref().map(|weights| weights as &dyn Raster);
        let threads = arguments.effort.threads();
        let work = || zonal::measure(on_grid, &raster, weights, ask, &session.watch);
        tables.push(threads::on_threads(threads, work)?);
    }
    session.watch.finish();
    findings.extend(tables.iter().flat_map(|table| table.findings.iter().cloned()));
    output(arguments, session, &tables, &findings)
}

/// Reads the zones into a raster's CRS and lays them on its grid.
fn lay(
    arguments: &Arguments,
    layer: &OpenLayer,
    raster: &RasterFile,
    crs: &Crs,
    findings: &mut Vec<Finding>,
) -> Result<Laid, Failure> {
    let geographic = crs.kind == Kind::Geographic;
    let name = || raster.name().to_owned();
    if geographic && AreaKind::from(arguments.area) == AreaKind::Plane {
        return Err(ZonalError::NoPlane { raster: name() }.into());
    }
    let fields = ZoneFields {
        id: Some(&arguments.zone_id),
        name: None,
        gathering: Gathering { merge: arguments.merge_zones, ..Gathering::default() },
    };
    let (zones, noticed) = zones::read(layer, fields, crs)?;
    findings.extend(noticed);
    let to_degrees = Carrier::to_degrees(crs)?;
    let plane = Plane {
        geographic,
        ellipsoid: crs.ellipsoid,
        unit_m: crs.unit_m,
        to_degrees: &|xs, ys| to_degrees.carry(xs, ys),
    };
    // The transformation stays on this thread.
    let areas = zonal::areas(&zones, raster.frame(), &plane);
    let rule = arguments.pixel.into();
    let lay = || zonal::lay(&zones, raster.frame(), areas, rule);
    let refused = |error: LayError| ZonalError::Lay { raster: name(), error };
    let laid = threads::on_threads(arguments.effort.threads(), lay).map_err(refused)?;
    findings.extend(laid.findings.iter().cloned());
    Ok(laid)
}

fn open(path: &Path, band: Option<usize>) -> Result<RasterFile, Failure> {
    let settings = RasterSettings { file: path.to_string_lossy().into_owned(), band };
    Ok(raster::open(Path::new(""), &settings)?)
}

fn crs_of(raster: &RasterFile, arguments: &Arguments) -> Result<Crs, Failure> {
    match (&arguments.raster_crs, raster.crs()) {
        (Some(text), _) => Ok(Crs::parse(text)?),
        (None, Some(crs)) => Ok(crs.clone()),
        (None, None) => Err(ZonalError::NoCrs { raster: raster.name().to_owned() }.into()),
    }
}

fn same_cells(weights: &RasterFile, raster: &RasterFile) -> Result<(), ZonalError> {
    let same = weights.frame().same_cells(raster.frame());
    let name = |file: &RasterFile| file.name().to_owned();
    same.then_some(()).ok_or_else(|| ZonalError::OtherGrid { weights: name(weights), raster: name(raster) })
}

fn zone_settings(arguments: &Arguments) -> LayerSettings {
    LayerSettings {
        file: arguments.zones.to_string_lossy().into_owned(),
        layer: arguments.zones_layer.clone(),
        crs: arguments.zones_crs.clone(),
        datum_shift: arguments.datum_shift.as_ref().map(|_| DatumShift::Unshifted),
        ..LayerSettings::default()
    }
}

/// A condition on the one number that a cell holds.
fn condition(text: &str) -> Result<Steps, Failure> {
    let filter = Filter::parse(text)?;
    let numbers = filter.literals().into_iter().map(|literal| match literal {
        Value::Integer(_) | Value::Real(_) => literal.number(),
        Value::Text(_) | Value::Null => None,
    });
    let refused = || ZonalError::Condition { text: text.to_owned() };
    let numbers: Vec<f64> = numbers.collect::<Option<_>>().ok_or_else(refused)?;
    if filter.fields() != ["value"] {
        return Err(refused().into());
    }
    Ok(Steps::new(numbers, |value| filter.accepts(&|_| Value::Real(value))))
}

fn output(arguments: &Arguments, session: &Session, tables: &[Zonal], findings: &[Finding]) -> Done {
    let plane = AreaKind::from(arguments.area) == AreaKind::Plane;
    let preamble = outputs::Preamble {
        schema: 1,
        program: report::PROGRAM.to_owned(),
        area: AreaKind::from(arguments.area),
    };
    let ending = arguments.output.as_ref().and_then(|path| path.extension());
    let json = ending.is_some_and(|ending| ending.eq_ignore_ascii_case("json"));
    let format = arguments.format.unwrap_or(if json { ZonalFormat::Json } else { ZonalFormat::Csv });
    let bytes = match format {
        ZonalFormat::Csv if arguments.stats.is_empty() => outputs::classes_csv(tables, plane),
        ZonalFormat::Csv => outputs::statistics_csv(tables, &arguments.stats, plane),
        ZonalFormat::Json => outputs::json(tables, &arguments.stats, &preamble, findings),
    };
    match &arguments.output {
        Some(path) => write::file(path, &bytes)?,
        None => write::stdout(&bytes)?,
    }
    if !session.quiet {
        eprintln!("{}", identity(tables, session));
    }
    Ok(session.conclude(findings))
}

/// The identity, printed on every run.
fn identity(tables: &[Zonal], session: &Session) -> String {
    let zones = || tables.iter().flat_map(|table| &table.zones);
    let worst = zones().max_by(|a, b| {
        let strain = |zone: &zonal::ZoneTable| zone.residual_cells.abs() / zone.tolerance_cells;
        strain(a).total_cmp(&strain(b))
    });
    let (residual, tolerance) = worst.map_or((0.0, 0.0), |z| (z.residual_cells, z.tolerance_cells));
    let (n, failing) = (zones().count(), zones().filter(|zone| !zone.balances()).count());
    let words = if failing == 0 {
        words!(
            "classes + (nodata) + (outside) = zone in all {n} zones, largest residual {residual:.1e} cells of {tolerance:.1e} tolerated",
            "{n} 个分区均满足 各类 + 无数据 + 栅格外 = 分区，最大残差 {residual:.1e} 个像元（容差 {tolerance:.1e}）"
        )
    } else {
        words!(
            "the books of {failing} of {n} zones DO NOT BALANCE, largest residual {residual:.1e} cells",
            "{n} 个分区中有 {failing} 个不平衡，最大残差 {residual:.1e} 个像元"
        )
    };
    words.say(session.lang).to_owned()
}
