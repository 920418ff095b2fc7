//! Parts of rasters over zones: the terms that they rest on, and how they are merged.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::analysis::zonal::{Clash, Laid};
use crate::cli::args::{Merge, Zonal};
use crate::cli::failure::Failure;
use crate::cli::report::PROGRAM;
use crate::cli::zonal_print::Print;
use crate::cli::{Done, Session, digest, merge, terms, write};
use crate::layers::crs::Crs;
use crate::layers::raster::RasterFile;
use crate::outputs::partial_file::refused::Refused;
use crate::outputs::partial_file::{Kind, Term, TermKind};
use crate::outputs::zonal::ZonalParts;
use crate::survey::raster::Raster;

fn term(kind: TermKind, key: &str, value: impl ToString) -> Term {
    Term { kind, key: key.to_owned(), value: value.to_string() }
}

/// The program, and what was asked.
pub fn settings(arguments: &Zonal) -> Vec<Term> {
    let file = |path: &Path| path.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    let statistics: Vec<&str> = arguments.stats.iter().map(|statistic| statistic.name()).collect();
    let given = [
        ("zone-id", Some(arguments.zone_id.clone())),
        ("zones-layer", arguments.zones_layer.clone()),
        ("zones-crs", arguments.zones_crs.clone()),
        ("datum-shift", arguments.datum_shift.clone()),
        ("merge-zones", arguments.merge_zones.then(|| "true".to_owned())),
        ("band", arguments.band.map(|band| band.to_string())),
        ("raster-crs", arguments.raster_crs.clone()),
        ("where", arguments.condition.clone()),
        ("stats", (!statistics.is_empty()).then(|| statistics.join(","))),
        ("weights", arguments.weights.as_deref().map(file)),
        ("pixel", Some(format!("{:?}", arguments.pixel))),
        ("area", Some(format!("{:?}", arguments.area))),
    ];
    let given = given.into_iter().filter_map(|(key, value)| Some(term(TermKind::Setting, key, value?)));
    given.chain([term(TermKind::Program, "sencheng", PROGRAM)]).collect()
}

/// A raster's CRS and cells, and the zones as they lie on them.
pub fn of_raster(raster: &RasterFile, crs: &Crs, laid: &Laid) -> Vec<Term> {
    let (name, frame) = (raster.name(), raster.frame());
    let cells = format!("{:?}", (frame.columns, frame.rows, frame.block, frame.transform));
    vec![
        term(TermKind::Crs, name, crs.wkt()),
        term(TermKind::Setting, &format!("cells of {name}"), cells),
        term(TermKind::Ground, name, terms::ground(laid.zones())),
    ]
}

/// The files, by their bytes. O(bytes).
pub fn inputs(files: &[PathBuf]) -> Result<Vec<Term>, Failure> {
    let files = digest::of_files(Path::new(""), files)?;
    let named = files.into_iter().map(|f| {
        let name = f.file.rsplit('/').next().unwrap_or_default().to_owned();
        Term { kind: TermKind::Input, key: name, value: f.sha256 }
    });
    Ok(named.collect())
}

/// Merges partials into one, or into the table of the whole.
pub fn merged(files: &[PathBuf], arguments: &Merge, session: &Session) -> Done {
    let name = |at: usize| files[at].display().to_string();
    if arguments.out.is_some() {
        return Err(Refused::OtherKind { file: name(0), kind: Kind::Zonal }.into());
    }
    let (terms, parts) = merge::read::<ZonalParts>(files)?;
    let mut parts = parts.into_iter().enumerate();
    let Some((_, mut all)) = parts.next() else {
        return Err(Refused::Missing { missing: Vec::new(), all: 0 }.into());
    };
    for (at, part) in parts {
        let foreign = || Refused::Foreign { file: name(0), other: name(at) };
        if part.rasters.len() != all.rasters.len() || part.findings != all.findings {
            return Err(foreign().into());
        }
        for (raster, more) in all.rasters.iter_mut().zip(part.rasters) {
            raster.join(more).map_err(|clash| match clash {
                Clash::Foreign => foreign(),
                Clash::Rows(rows) => Refused::OverlapRows { file: name(0), other: name(at), rows },
            })?;
        }
    }
    match &arguments.table {
        Some(table) => whole(all, table, session),
        None => {
            if let Some(output) = &arguments.output {
                write::partial(output, &terms, &all, session)?;
            }
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// The table of the whole, as if one machine had done it.
fn whole(parts: ZonalParts, table: &Path, session: &Session) -> Done {
    for raster in &parts.rasters {
        let rows: Vec<String> = raster.missing().iter().map(|[from, to]| format!("{from}–{to}")).collect();
        if !rows.is_empty() {
            return Err(Refused::MissingRows { raster: raster.raster().to_owned(), rows }.into());
        }
    }
    let ZonalParts { statistics, plane, findings, rasters } = parts;
    let tables = rasters.into_iter().map(|raster| raster.table()).collect::<Result<_, _>>()?;
    Print { statistics, plane, findings, tables }.deliver(None, Some(table), session)
}
