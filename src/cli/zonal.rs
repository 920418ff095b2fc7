//! `sencheng zonal`: rasters over zones, without a project file.

use std::path::Path;
use std::process::ExitCode;

use crate::analysis::zonal::{self, Ask, Laid, LayError, MOST_VALUES, Partial, Plane, Request, Share, Steps};
use crate::attribute::Value;
use crate::cli::args::Zonal as Arguments;
use crate::cli::failure::Failure;
use crate::cli::zonal_print::Print;
use crate::cli::zonal_refused::ZonalError;
use crate::cli::{Done, Session, write, zonal_parts};
use crate::finding::Finding;
use crate::layers::cover::OpenLayer;
use crate::layers::crs::{Carrier, Crs, Kind};
use crate::layers::raster::{self, RasterFile};
use crate::layers::zones::{self, ZoneFields};
use crate::measure::MeasureError;
use crate::outputs::partial_file::Terms;
use crate::outputs::zonal::ZonalParts;
use crate::project::filter::Filter;
use crate::project::settings::{AreaKind, DatumShift, LayerSettings, RasterSettings};
use crate::survey::Gathering;
use crate::survey::raster::Raster;
use crate::threads;

/// So many bytes of `--memory` let one value or class be kept, on each of some threads and once more when they are put
/// together.
const BYTES_OF_A_VALUE: u64 = 512;

/// Runs the command.
pub fn run(arguments: &Arguments, session: &Session) -> Done {
    let (zone_layer, findings) = OpenLayer::open(Path::new(""), &zone_settings(arguments), None)?;
    let weights = arguments.weights.as_deref().map(|path| open(path, None)).transpose()?;
    let steps = arguments.condition.as_deref().map(condition).transpose()?;
    let mut work = Work { arguments, session, zone_layer, weights, steps, laid: None, findings };
    match arguments.part.zip(arguments.output.as_deref()) {
        None => work.whole(),
        Some((share, output)) => work.part(share, output),
    }
}

/// The command at work.
struct Work<'w> {
    arguments: &'w Arguments,
    session: &'w Session,
    zone_layer: OpenLayer,
    weights: Option<RasterFile>,
    steps: Option<Steps>,
    /// The zones as the last raster had them, for the next one with the same cells.
    laid: Option<(Laid, Crs)>,
    findings: Vec<Finding>,
}

impl Work<'_> {
    /// The table of the rasters.
    fn whole(&mut self) -> Done {
        let mut tables = Vec::new();
        for path in &self.arguments.raster {
            let raster = self.next(path)?;
            let watch = &self.session.watch;
            tables.push(self.measured(&raster, |request| zonal::measure(request, watch))?);
        }
        self.session.watch.finish();
        let statistics = self.arguments.stats.clone();
        let plane = AreaKind::from(self.arguments.area) == AreaKind::Plane;
        let print = Print { statistics, plane, findings: std::mem::take(&mut self.findings), tables };
        print.deliver(self.arguments.format, self.arguments.output.as_deref(), self.session)
    }

    /// A part of it, as a partial.
    fn part(&mut self, share: Share, output: &Path) -> Done {
        let (mut rasters, mut terms) = (Vec::new(), zonal_parts::settings(self.arguments));
        let mut files = self.zone_layer.paths().to_vec();
        files.extend(self.weights.iter().flat_map(|weights| weights.paths().iter().cloned()));
        for path in &self.arguments.raster {
            let raster = self.next(path)?;
            let watch = &self.session.watch;
            rasters.push(self.measured(&raster, |request| Partial::measure(request, share, watch))?);
            files.extend_from_slice(raster.paths());
            terms.extend(self.laid.iter().flat_map(|(laid, crs)| zonal_parts::of_raster(&raster, crs, laid)));
        }
        self.session.watch.finish();
        terms.extend(zonal_parts::inputs(&files)?);
        let statistics = self.arguments.stats.clone();
        let plane = AreaKind::from(self.arguments.area) == AreaKind::Plane;
        let parts = ZonalParts { statistics, plane, findings: std::mem::take(&mut self.findings), rasters };
        write::partial(output, &Terms::new(terms), &parts, self.session)?;
        Ok(ExitCode::SUCCESS)
    }

    /// Opens a raster, and lays the zones on its cells where the last one had others.
    fn next(&mut self, path: &Path) -> Result<RasterFile, Failure> {
        let raster = open(path, self.arguments.band)?;
        let crs = crs_of(&raster, self.arguments)?;
        if let Some(weights) = &self.weights {
            same_cells(weights, &raster)?;
        }
        let fits = |(laid, of): &(Laid, Crs)| of.same_as(&crs) && zonal::same_grid(laid, raster.frame());
        if !self.laid.as_ref().is_some_and(fits) {
            let fresh = lay(self.arguments, &self.zone_layer, &raster, &crs, &mut self.findings)?;
            self.laid = Some((fresh, crs));
        }
        Ok(raster)
    }

    /// Measures a raster on the run's threads.
    fn measured<T: Send>(
        &self,
        raster: &RasterFile,
        measure: impl Fn(&Request<'_>) -> Result<T, MeasureError> + Sync,
    ) -> Result<T, Failure> {
        let quantiles = self.arguments.stats.iter().any(|statistic| statistic.by_values());
        let ask = match &self.steps {
            Some(steps) => Ask::Where(steps),
            None if self.arguments.stats.is_empty() => Ask::Classes,
            None => Ask::Statistics { quantiles },
        };
        let Some((laid, _)) = &self.laid else { return Err(MeasureError::Misfit.into()) };
        let weights = self.weights.as_ref().map(|weights| weights as &dyn Raster);
        let memory = self.arguments.effort.memory;
        let most = memory.map_or(MOST_VALUES, |bytes| (bytes / BYTES_OF_A_VALUE) as usize);
        let request = Request { laid, raster, weights, ask, most };
        Ok(threads::on_threads(self.arguments.effort.threads(), || measure(&request))?)
    }
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
    let mut laid = threads::on_threads(arguments.effort.threads(), lay).map_err(refused)?;
    if let Some((units, metres)) = zones::edge_error(layer, crs) {
        laid.carried([&layer.crs.label, &crs.label], units, metres);
    }
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
