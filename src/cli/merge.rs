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
use crate::cli::{Done, Session, batch, tile_list, write};
use crate::measure::heap::UNLIMITED;
use crate::measure::partial::{self, Clash, Missing, Partial};
use crate::outputs::partial_file::refused::Refused;
use crate::outputs::partial_file::{self, Terms};
use crate::words;

/// Runs the command.
pub fn run(arguments: &Arguments, session: &Session) -> Done {
    let began = Instant::now();
    let files = batch::files(&arguments.partials)?;
    let (terms, partial) = merged(&files)?;
    if let Some(output) = &arguments.output {
        let bytes = partial_file::bytes(&terms, &partial)?;
        write::file(output, &bytes)?;
        if !session.quiet {
            let (n, path) = (bytes.len(), output.display());
            eprintln!("{}", words!("{n} bytes in {path}", "{n} 字节写入 {path}").say(session.lang));
        }
    }
    match arguments.project.as_deref().zip(arguments.out.as_deref()) {
        Some((project, out)) => {
            let delivery = Delivery { out, began, tables: true, class_areas_m: None };
            let first = files[0].display().to_string();
            finish(project, arguments, (terms, partial, first), &delivery, session)
        }
        None => Ok(ExitCode::SUCCESS),
    }
}

/// Reads and merges.
fn merged(files: &[PathBuf]) -> Result<(Terms, Partial), Failure> {
    let name = |at: usize| files[at].display().to_string();
    let mut common: Option<Terms> = None;
    let mut parts = Vec::new();
    for (at, file) in files.iter().enumerate() {
        let bytes =
            std::fs::read(file).map_err(|e| Failure::Read { path: name(at), cause: e.to_string() })?;
        let (terms, part) = partial_file::read(&name(at), &bytes)?;
        match &common {
            Some(common) => same_terms((common, name(0)), (&terms, name(at)))?,
            None => common = Some(terms),
        }
        parts.push(part);
    }
    let merged = partial::merge(parts).map_err(|clash| refused(clash, name))?;
    Ok((common.unwrap_or_default(), merged))
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
