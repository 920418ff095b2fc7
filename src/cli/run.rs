//! `sencheng run`: project files in, documents out.

use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use crate::analysis::analyze;
use crate::cli::args::Run as Arguments;
use crate::cli::asked::{Asked, area_model};
use crate::cli::failure::Failure;
use crate::cli::report::{Delivery, deliver};
use crate::cli::room::TemporaryFile;
use crate::cli::{Done, Session};
use crate::measure;

/// Runs the command.
pub fn run(arguments: &Arguments, session: &Session) -> Done {
    Ok(ExitCode::from(one(&arguments.project, &arguments.out, arguments, session)?))
}

/// Runs one project; gives the exit code.
fn one(file: &Path, out: &Path, arguments: &Arguments, session: &Session) -> Result<u8, Failure> {
    let began = Instant::now();
    let asked = Asked::read(file, &arguments.over, session)?;
    let (survey, mut read) = asked.open()?;
    let inputs = asked.inputs(&survey, &mut read)?;
    let ready = analyze::ready(&inputs);
    let area = area_model(&survey, &ready);
    let aside = TemporaryFile::default();
    let room = aside.room(arguments.effort.memory);
    let threads = arguments.effort.threads.map(usize::from);
    let analysis =
        measure::on_threads(threads, || analyze::analyze(&inputs, ready, &area, room, &session.watch))?;
    let delivery = Delivery { out, began, tables: true };
    deliver(&asked, &survey, &inputs, read, analysis, &delivery, session)
}
