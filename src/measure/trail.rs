//! The audit trail (明细): what each patch has in each zone, and what of it its class counts.
//!
//! In: what patches have when they are read, and what they lose in tiles where they share ground. Out: [`Trail`], in
//! file order, then zone order. A piece counts what earlier patches of its class, by file order, do not cover of it.
//! All are exact sums: those of a class in a zone add up to its row of the table, to the last quantum.
//!
//! Each patch in each zone costs about a hundred bytes and its identifier, twice that while the trail is put in order;
//! nothing is kept where no trail is wanted.

use std::collections::BTreeSet;

use crate::geometry::area::AreaSum;
use crate::measure::coverage::{Coverage, Plan, Reading};
use crate::measure::heap::PatchKey;

/// What one patch has in one zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrailPiece {
    /// The patch; its cover is in it.
    pub patch: PatchKey,
    /// The zone, by index.
    pub zone: u32,
    /// What its value means.
    pub reading: Reading,
    /// The identifier that people find the patch by.
    pub id: Box<str>,
    /// Its ground in the zone.
    pub gross: AreaSum,
    /// What of it no earlier patch of its class covers.
    pub area: AreaSum,
}

/// All pieces of a run, in file order, then zone order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trail {
    /// The pieces.
    pub pieces: Vec<TrailPiece>,
}

/// What was found of a patch in a zone: when it was read, or in one tile.
#[derive(Debug)]
pub(super) struct Entry {
    pub patch: PatchKey,
    pub zone: u32,
    /// Its class value, in the order in which values were met.
    pub value: u32,
    pub id: Box<str>,
    /// Ground, where it was read; what that loses to earlier patches, where it was looked at in a tile.
    pub gross: AreaSum,
    pub lost: AreaSum,
}

impl Trail {
    /// Puts entries in order and takes those of one patch in one zone together. O(n log n) for n entries.
    pub(super) fn of(mut entries: Vec<Entry>, renumbered: &[Vec<u32>], plan: &Plan) -> Self {
        entries.sort_unstable_by_key(|entry| (entry.patch, entry.zone));
        let mut pieces: Vec<TrailPiece> = Vec::new();
        for Entry { patch, zone, value, id, gross, lost } in entries {
            match pieces.last_mut().filter(|last| (last.patch, last.zone) == (patch, zone)) {
                Some(last) => {
                    last.gross += gross;
                    last.area += gross - lost;
                }
                None => {
                    let cover = patch.cover();
                    let reading = plan.readings[cover][renumbered[cover][value as usize] as usize];
                    pieces.push(TrailPiece { patch, zone, reading, id, gross, area: gross - lost });
                }
            }
        }
        Self { pieces }
    }

    /// The zones and grounds whose pieces do not add up to what was measured of them.
    pub fn unbalanced(&self, plan: &Plan, coverage: &Coverage) -> BTreeSet<(usize, Reading)> {
        let grounds = plan.classes + plan.strata.len();
        let mut sums = vec![(AreaSum::ZERO, AreaSum::ZERO); coverage.zones.len() * grounds];
        for piece in &self.pieces {
            let ground = match piece.reading {
                Reading::Class(class) => class,
                Reading::Unmapped(stratum) => plan.unmapped(stratum),
            };
            let (gross, area) = &mut sums[piece.zone as usize * grounds + ground];
            *gross += piece.gross;
            *area += piece.area;
        }
        let measured = coverage.zones.iter().enumerate().flat_map(|(z, zone)| {
            let classes = zone.classes.iter().enumerate().map(|(c, class)| (Reading::Class(c), class));
            let rest = zone.strata.iter().enumerate().map(|(s, rows)| (Reading::Unmapped(s), &rows.unmapped));
            classes.chain(rest).map(move |(reading, sums)| ((z, reading), (sums.gross, sums.net)))
        });
        measured.zip(sums).filter(|((_, table), pieces)| table != pieces).map(|((at, _), _)| at).collect()
    }
}
