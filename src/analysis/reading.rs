//! What the class values of the covers were read as, and how much ground hangs on each.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::attribute::Value;
use crate::measure::coverage::{Coverage, Reading as GroundReading};
use crate::measure::patches::Patches;
use crate::project::class_map::Reading;
use crate::project::scheme::Candidate;
use crate::project::settings::{ClassIndex, CoverClasses, CoverSettings, Figure, Project};
use crate::units::SquareMetres;

/// What one value was read as.
#[derive(Debug, Clone)]
pub(super) struct Read {
    pub ground: GroundReading,
    pub reading: Reading,
}

/// One class value of one cover.
#[derive(Debug, Clone, Serialize)]
pub struct ValueRow {
    /// The cover, by index in the project.
    pub cover: usize,
    /// The value as recorded.
    pub value: Value,
    /// The class, by index in the project; none where nothing maps the value.
    pub class: Option<usize>,
    /// What an ambiguous value could mean.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub candidates: Vec<Candidate>,
    /// Patches with ground in any zone.
    pub features: u64,
    /// Sum of their areas in the towns, on the ellipsoid; in what lies over towns, such as scopes and rings, not again.
    pub gross_m2: SquareMetres,
}

/// Reads every value of every cover.
pub(super) fn readings(project: &Project, values: &[Vec<Value>]) -> Vec<Vec<Read>> {
    let covers = project.covers.iter().zip(values);
    covers.map(|(cover, values)| values.iter().map(|value| read(project, cover, value)).collect()).collect()
}

/// The class of a value of a cover, by index in the project.
pub(super) fn class_of(cover: &CoverSettings, value: &Value) -> Option<usize> {
    match said(cover, value) {
        Reading::Class(class) => Some(class.0),
        _ => None,
    }
}

/// The classes that a cover can give, by index in the project.
pub(super) fn classes(cover: &CoverSettings) -> BTreeSet<usize> {
    match &cover.classes {
        CoverClasses::Whole { class } => BTreeSet::from([class.0]),
        CoverClasses::ByField { map, .. } => map.classes().map(|class| class.0).collect(),
    }
}

/// Whether a class counts towards a figure.
pub(super) fn counts(project: &Project, class: usize, figure: Figure) -> bool {
    project.classes.get(class).is_some_and(|class| class.counts_as.contains(&figure))
}

/// Whether some ground of a class counts towards a figure, and nobody can say which.
pub(super) fn may_count(project: &Project, class: usize, figure: Figure) -> bool {
    project.classes.get(class).is_some_and(|class| class.may_count_as.contains(&figure))
}

/// Whether a cover can give ground that may be a figure's.
pub(super) fn can_be(project: &Project, cover: &CoverSettings, figure: Figure) -> bool {
    classes(cover).into_iter().any(|class| may_count(project, class, figure))
}

/// Whether a cover can give ground of a figure, for certain or maybe.
pub(super) fn can_touch(project: &Project, cover: &CoverSettings, figure: Figure) -> bool {
    can_count(project, cover, figure) || can_be(project, cover, figure)
}

/// Whether a cover can give ground of a figure.
pub(super) fn can_count(project: &Project, cover: &CoverSettings, figure: Figure) -> bool {
    classes(cover).into_iter().any(|class| counts(project, class, figure))
}

/// Names and dates of some covers.
pub(super) fn named<'a>(covers: impl Iterator<Item = &'a CoverSettings>) -> (Vec<String>, Option<String>) {
    let (names, dates): (Vec<String>, Vec<Option<&str>>) =
        covers.map(|cover| (cover.name.clone(), cover.date.as_deref())).unzip();
    let mut dates: Vec<&str> = dates.into_iter().flatten().collect();
    dates.dedup();
    (names, (!dates.is_empty()).then(|| dates.join(", ")))
}

fn said(cover: &CoverSettings, value: &Value) -> Reading {
    match &cover.classes {
        CoverClasses::Whole { class } => Reading::Class(*class),
        CoverClasses::ByField { map, .. } => map.read(value),
    }
}

fn read(project: &Project, cover: &CoverSettings, value: &Value) -> Read {
    let reading = said(cover, value);
    let ground = match &reading {
        Reading::Class(class) => GroundReading::Class(class.0),
        _ => GroundReading::Unmapped(stratum_of(project, cover)),
    };
    Read { ground, reading }
}

/// The stratum of a cover: the one that holds the first class it can give. Where it can give none, its ground lies in
/// a stratum of its own behind the project's.
fn stratum_of(project: &Project, cover: &CoverSettings) -> usize {
    let first = classes(cover).first().copied();
    project
        .strata
        .iter()
        .position(|s| first.is_some_and(|c| s.classes.contains(&ClassIndex(c))))
        .unwrap_or(project.strata.len())
}

/// The values of all covers with what was measured of them.
pub(super) fn value_rows(
    project: &Project,
    patches: &Patches,
    readings: &[Vec<Read>],
    coverage: &Coverage,
) -> Vec<ValueRow> {
    let covers = (0..project.covers.len()).flat_map(|cover| {
        let values = patches.values[cover].iter().zip(&readings[cover]).zip(&coverage.values[cover]);
        values.map(move |((value, read), sums)| ValueRow {
            cover,
            value: value.clone(),
            class: match read.reading {
                Reading::Class(class) => Some(class.0),
                _ => None,
            },
            candidates: match &read.reading {
                Reading::Ambiguous(candidates) => candidates.clone(),
                _ => Vec::new(),
            },
            features: sums.features,
            gross_m2: sums.gross.area().ellipsoid,
        })
    });
    covers.collect()
}
