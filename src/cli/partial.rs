//! `sencheng partial`: a part of a project measured, to be merged with the others.

use std::process::ExitCode;

use crate::analysis::analyze;
use crate::cli::args::Partial as Arguments;
use crate::cli::asked::{Asked, area_model};
use crate::cli::room::TemporaryFile;
use crate::cli::terms::terms;
use crate::cli::{Done, Session, rules, tile_list, write};
use crate::measure::task::Allotment;
use crate::threads::on_threads;

/// Runs the command.
pub fn run(arguments: &Arguments, session: &Session) -> Done {
    let asked = Asked::read(&arguments.project, &arguments.over, session)?;
    let (survey, mut read) = asked.open()?;
    let inputs = asked.inputs(&survey, &mut read)?;
    let threads = arguments.effort.threads();
    let ready = on_threads(threads, || analyze::ready(&inputs));
    let Some(output) = &arguments.output else {
        let places = &ready.places;
        let lines = if arguments.list_tiles { tile_list::tiles(places) } else { tile_list::towns(places) };
        write::stdout(tile_list::text(&lines).as_bytes())?;
        return Ok(ExitCode::SUCCESS);
    };
    let allotment = match &arguments.tiles {
        Some(list) => tile_list::read(&list.display().to_string(), &rules::text(list)?, &ready.places)?,
        None => Allotment::Everything,
    };
    let area = area_model(&survey, &ready);
    let aside = TemporaryFile::new(arguments.effort.memory);
    let room = aside.room();
    let partial =
        on_threads(threads, || analyze::part(&inputs, &ready, allotment, &area, room, &session.watch))?;
    session.watch.finish();
    let terms = terms(&asked, &survey, &inputs, &read, &ready)?;
    write::partial(output, &terms, &partial, session)?;
    Ok(ExitCode::SUCCESS)
}
