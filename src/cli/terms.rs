//! What the figures of a project rest on, as terms that partials are compared by.

use sha2::{Digest, Sha256};

use crate::analysis::analyze::{Inputs, Ready};
use crate::cli::asked::{Asked, Read};
use crate::cli::digest::{self, hexadecimal};
use crate::cli::failure::Failure;
use crate::cli::report::{PROGRAM, without_folder};
use crate::cli::survey::Survey;
use crate::outputs::partial_file::{Term, TermKind, Terms};
use crate::prepare::Zone;

/// The language of the documents changes no figure.
const NOT_COMPARED: [&str; 1] = ["lang"];

/// The terms of a project: program, settings, rule data, files, CRS, and the zones as prepared. O(bytes of the files).
pub fn terms(
    asked: &Asked,
    survey: &Survey,
    inputs: &Inputs<'_>,
    read: &Read,
    ready: &Ready,
) -> Result<Terms, Failure> {
    let term = |kind, key: &str, value: String| Term { kind, key: key.to_owned(), value };
    let settings = asked.project.effective_settings().into_iter().map(without_folder);
    let settings = settings.filter(|setting| !NOT_COMPARED.contains(&setting.key.as_str()));
    let settings = settings.map(|s| term(TermKind::Setting, &s.key, s.value.to_string()));
    let rules = inputs.standards.iter().map(|standard| {
        let data = serde_json::to_vec(standard).unwrap_or_default();
        term(TermKind::Rules, &standard.name, hexadecimal(&Sha256::digest(&data)))
    });
    let files = digest::of_files(&asked.folder, &read.files)?;
    let files = files.into_iter().map(|f| term(TermKind::Input, &f.file, f.sha256));
    let rest = [
        term(TermKind::Program, "sencheng", PROGRAM.to_owned()),
        term(TermKind::Crs, &survey.working.label, survey.working.wkt().to_owned()),
        term(TermKind::Ground, "sha256", ground(ready.places.zones.zones())),
    ];
    Ok(Terms::new(settings.chain(rules).chain(files).chain(rest)))
}

/// A digest of the outlines of all zones, on the grid.
pub fn ground(zones: &[Zone]) -> String {
    let mut hash = Sha256::new();
    for zone in zones {
        hash.update(zone.id().as_bytes());
        for ring in zone.shape().rings() {
            hash.update((ring.len() as u64).to_le_bytes());
            ring.iter().for_each(|p| hash.update([p.x.to_le_bytes(), p.y.to_le_bytes()].concat()));
        }
    }
    hexadecimal(&hash.finalize())
}
