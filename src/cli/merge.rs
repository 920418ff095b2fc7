//! `sencheng merge`: partials into one, or into the documents of the whole.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use crate::analysis::analyze;
use crate::analysis::places::Places;
use crate::cli::args::Merge as Arguments;
use crate::cli::asked::{Asked, area_model};
use crate::cli::failure::Failure;
use crate::cli::report::{Delivery, deliver};
use crate::cli::terms::terms;
use crate::cli::{Done, Session, batch, tile_list, write, zonal_parts};
use crate::measure::heap::UNLIMITED;
use crate::measure::partial::{self, Clash, Missing, Partial};
use crate::outputs::partial_file::refused::Refused;
use crate::outputs::partial_file::{self, Body, Kind, Terms};

/// Runs the command.
pub fn run(arguments: &Arguments, session: &Session) -> Done {
    let began = Instant::now();
    let files = batch::files(&arguments.partials)?;
    let kind = |file: &PathBuf| {
        partial_file::kind(&file.display().to_string(), &bytes(file)?).map_err(Failure::from)
    };
    if files.first().map(kind).transpose()? == Some(Kind::Zonal) {
        return zonal_parts::merged(&files, arguments, session);
    }
    if arguments.table.is_some() {
        return Err(Refused::OtherKind { file: files[0].display().to_string(), kind: Kind::Project }.into());
    }
    let (terms, parts) = read(&files)?;
    let name = |at: usize| files[at].display().to_string();
    let partial = partial::merge(parts).map_err(|clash| refused(clash, name))?;
    if let Some(output) = &arguments.output {
        write::partial(output, &terms, &partial, session)?;
    }
    match arguments.project.as_deref().zip(arguments.out.as_deref()) {
        Some((project, out)) => {
            let delivery =
                Delivery { out, began, threads: 1, tables: true, class_areas_m: None, pieces: None };
            let first = files[0].display().to_string();
            finish(project, arguments, (terms, partial, first), &delivery, session)
        }
        None => Ok(ExitCode::SUCCESS),
    }
}

fn bytes(file: &Path) -> Result<Vec<u8>, Failure> {
    let failed = |e: std::io::Error| Failure::Read { path: file.display().to_string(), cause: e.to_string() };
    std::fs::read(file).map_err(failed)
}

/// Reads partials that rest on the same terms.
pub fn read<B: Body>(files: &[PathBuf]) -> Result<(Terms, Vec<B>), Failure> {
    let name = |at: usize| files[at].display().to_string();
    let mut common: Option<Terms> = None;
    let mut parts = Vec::new();
    for (at, file) in files.iter().enumerate() {
        let (terms, part) = partial_file::read(&name(at), &bytes(file)?)?;
        match &common {
            Some(common) => same_terms((common, name(0)), (&terms, name(at)))?,
            None => common = Some(terms),
        }
        parts.push(part);
    }
    Ok((common.unwrap_or_default(), parts))
}

fn same_terms((one, file): (&Terms, String), (two, other): (&Terms, String)) -> Result<(), Refused> {
    match one.difference(two) {
        None => Ok(()),
        Some((kind, key, values)) => Err(Refused::Terms { file, other, kind, key, values }),
    }
}

fn refused(clash: Clash, name: impl Fn(usize) -> String) -> Refused {
    match clash {
        Clash::Nothing => Refused::Missing { missing: Vec::new(), all: 0 },
        Clash::Foreign(a, b) => Refused::Foreign { file: name(a), other: name(b) },
        Clash::Mixed(a, b) => Refused::Mixed { file: name(a), other: name(b) },
        Clash::Differ(a, b, tile) => {
            Refused::Overlap { file: name(a), other: name(b), tile: (tile.column, tile.row) }
        }
    }
}

/// The documents of the whole, as if one machine had done it.
fn finish(
    project: &Path,
    arguments: &Arguments,
    (theirs, partial, file): (Terms, Partial, String),
    delivery: &Delivery<'_>,
    session: &Session,
) -> Done {
    let asked = Asked::read(project, &arguments.over, session)?;
    let (survey, mut read) = asked.open()?;
    let inputs = asked.inputs(&survey, &mut read)?;
    let ready = analyze::ready(&inputs);
    let ours = terms(&asked, &survey, &inputs, &read, &ready)?;
    same_terms((&theirs, file), (&ours, project.display().to_string()))?;
    is_whole(&partial, &ready.places)?;
    let area = area_model(&survey, &ready);
    let analysis = analyze::conclude(&inputs, ready, &area, partial, UNLIMITED, &session.watch)?;
    let code = deliver(&asked, &survey, &inputs, read, analysis, delivery, session)?;
    Ok(ExitCode::from(code))
}

fn is_whole(partial: &Partial, places: &Places) -> Result<(), Refused> {
    let (missing, all) = match partial.missing(&places.zones) {
        None => return Ok(()),
        Some(Missing::Tiles(tiles)) => {
            let lines = tiles.iter().map(|tile| format!("tile {} {}", tile.column, tile.row));
            (lines.collect(), tile_list::tiles(places).len())
        }
        Some(Missing::Zones(zones)) => {
            let all = tile_list::towns(places);
            (zones.iter().filter_map(|&zone| all.get(zone).cloned()).collect(), all.len())
        }
    };
    Err(Refused::Missing { missing, all })
}
