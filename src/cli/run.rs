//! `sencheng run`: a project file in, documents out; or several, one after another.

use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use crate::analysis::analyze::{self, Analysis, AnalysisError};
use crate::analysis::places::Shelf;
use crate::cli::args::Run as Arguments;
use crate::cli::asked::{Asked, area_model};
use crate::cli::failure::Failure;
use crate::cli::report::{Delivery, deliver};
use crate::cli::room::TemporaryFile;
use crate::cli::{Done, Session, batch};
use crate::layers::pattern::is_pattern;
use crate::threads::on_threads;

/// Runs the command. One file is one run; several, or a pattern whatever it matches, are a batch.
pub fn run(arguments: &Arguments, session: &Session) -> Done {
    match arguments.projects.as_slice() {
        [only] if only.exists() || !is_pattern(&only.to_string_lossy()) => {
            let began = Instant::now();
            let delivery = Delivery {
                out: &arguments.out,
                began,
                threads: arguments.effort.threads(),
                tables: true,
                class_areas_m: arguments.class_areas,
                pieces: arguments.pieces.as_deref(),
            };
            Ok(ExitCode::from(one(only, &delivery, arguments, &mut Shelf::default(), session)?))
        }
        _ => batch::run(arguments, session),
    }
}

/// Runs one project; gives the exit code.
pub fn one(
    file: &Path,
    delivery: &Delivery<'_>,
    arguments: &Arguments,
    shelf: &mut Shelf,
    session: &Session,
) -> Result<u8, Failure> {
    let asked = Asked::read(file, &arguments.over, session)?;
    let (survey, mut read) = asked.open()?;
    let inputs = asked.inputs(&survey, &mut read)?;
    let threads = arguments.effort.threads();
    let ready = on_threads(threads, || analyze::ready_about(&inputs, &shelf.towns(inputs.zones)));
    let area = area_model(&survey, &ready);
    let aside = TemporaryFile::new(arguments.effort.memory);
    let room = aside.room();
    let analysis = on_threads(threads, || {
        let drawn = match arguments.class_areas {
            Some(_) => analyze::class_areas(&inputs, &ready, &area, &session.watch)?,
            None => Vec::new(),
        };
        let analysis = match delivery.pieces {
            Some(_) => analyze::analyze_traced(&inputs, ready, &area, room, &session.watch)?,
            None => analyze::analyze(&inputs, ready, &area, room, &session.watch)?,
        };
        Ok::<_, AnalysisError>(Analysis { class_areas: drawn, ..analysis })
    })?;
    deliver(&asked, &survey, &inputs, read, analysis, delivery, session)
}
