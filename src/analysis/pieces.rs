//! The audit trail (明细) with names: which feature of which layer gives which class how much ground, place by place.
//!
//! Pieces of a class in a zone add up to the net area of the class there. Where cells and polygons both give a class,
//! those of either add up to what either covers, for the class has a ground of its own for each.

use crate::analysis::places::Places;
use crate::analysis::{cells, noticed};
use crate::fact::Place;
use crate::measure::coverage::{Measured, Reading};
use crate::measure::trail::{Trail, TrailPiece};
use crate::prepare::Zones;
use crate::project::settings::Project;

/// Ground under values that nothing maps.
pub const UNMAPPED: &str = "(unmapped)";
/// The stratum of values of which nothing could be read.
pub const UNREAD: &str = "(unread)";

/// The audit trail of a table or a project.
#[derive(Debug, Clone)]
pub struct Pieces {
    /// What each feature has in each zone.
    pub trail: Trail,
    /// The code of each zone.
    zones: Vec<String>,
    /// What each zone is; of a table nothing is known of it.
    places: Vec<Place>,
    /// The stratum and class of each ground: of the classes of the plan, then of what is unmapped in each stratum.
    grounds: Vec<[String; 2]>,
    classes: usize,
    layers: Vec<String>,
}

/// What the parts of a piece are called.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Named<'a> {
    /// The place, of a project.
    pub place: Option<&'a Place>,
    /// The code of the zone.
    pub zone: &'a str,
    /// The stratum, of a project.
    pub stratum: &'a str,
    /// The class.
    pub class: &'a str,
    /// The layer.
    pub layer: &'a str,
}

impl Pieces {
    /// Of a table: each zone is a zone, and there is one stratum. What does not add up is noticed.
    pub(super) fn of_table(trail: Trail, zones: &Zones, classes: &[String], measured: &mut Measured) -> Self {
        let names = classes.iter().map(String::as_str).chain([UNMAPPED]);
        let grounds = names.map(|class| [String::new(), class.to_owned()]).collect();
        Self::checked(trail, zones, Vec::new(), grounds, measured)
    }

    /// Of a project. What does not add up is noticed.
    pub(super) fn of_project(
        trail: Trail,
        project: &Project,
        places: &Places,
        measured: &mut Measured,
    ) -> Self {
        let (twins, plan) = (cells::twins(project), &measured.plan);
        let stratum = |at: Option<usize>| {
            at.and_then(|at| project.strata.get(at)).map_or(UNREAD, |stratum| stratum.name.as_str())
        };
        let class = |ground: usize| {
            let class = ground.checked_sub(project.classes.len()).and_then(|at| twins.get(at)).copied();
            project.classes.get(class.unwrap_or(ground)).map_or("", |class| class.id.as_str())
        };
        let of_class = (0..plan.classes).map(|ground| {
            [stratum(plan.strata.iter().position(|classes| classes.contains(&ground))), class(ground)]
        });
        let unmapped = (0..plan.strata.len()).map(|at| [stratum(Some(at)), UNMAPPED]);
        let grounds = of_class.chain(unmapped).map(|names| names.map(str::to_owned)).collect();
        Self::checked(trail, &places.zones, places.of.clone(), grounds, measured)
    }

    fn checked(
        trail: Trail,
        zones: &Zones,
        places: Vec<Place>,
        grounds: Vec<[String; 2]>,
        measured: &mut Measured,
    ) -> Self {
        let unbalanced = trail.unbalanced(&measured.plan, &measured.coverage);
        let pieces = Self {
            trail,
            zones: zones.zones().iter().map(|zone| zone.id().to_owned()).collect(),
            places,
            grounds,
            classes: measured.plan.classes,
            layers: measured.patches.covers.clone(),
        };
        measured.findings.extend(noticed::of_pieces(zones, &pieces, &unbalanced));
        pieces
    }

    /// Whether zones are places of a project, and classes stand in strata.
    pub fn are_of_project(&self) -> bool {
        !self.places.is_empty()
    }

    /// The names of a piece.
    pub fn named(&self, piece: &TrailPiece) -> Named<'_> {
        let [stratum, class] = self.ground(piece.reading);
        Named {
            place: self.places.get(piece.zone as usize),
            zone: self.zones.get(piece.zone as usize).map_or("", String::as_str),
            stratum,
            class,
            layer: self.layers.get(piece.patch.cover()).map_or("", String::as_str),
        }
    }

    /// The stratum and class of what a value means.
    pub(super) fn ground(&self, reading: Reading) -> [&str; 2] {
        let at = match reading {
            Reading::Class(class) => class,
            Reading::Unmapped(stratum) => self.classes + stratum,
        };
        self.grounds.get(at).map_or([""; 2], |[stratum, class]| [stratum, class])
    }
}
