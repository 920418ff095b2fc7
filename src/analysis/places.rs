//! The places that are measured: towns, the county, and the scopes within them.

use std::sync::Arc;

use geo::MultiPolygon;

use crate::analysis::analyze::{Scope, ScopeKind};
use crate::analysis::{noticed, rings};
use crate::fact::Place;
use crate::finding::{Finding, Severity};
use crate::geometry::grid::{STEPS_PER_UNIT, Shape};
use crate::geometry::neighbours;
use crate::geometry::overlay::Overlay;
use crate::measure::lines::Plane;
use crate::prepare::{self, REPAIR_WORTH_SAYING_M2, Zones};
use crate::project::further::RingSettings;
use crate::survey::ZoneLayer;
use crate::words;

/// All places, each a zone.
pub struct Places {
    /// The zones: towns, then the county where it is needed, then the scopes. Where there are towns only, they are the
    /// same for all projects that share them.
    pub zones: Arc<Zones>,
    /// The towns together.
    pub territory: Shape,
    /// What each zone is.
    pub of: Vec<Place>,
    /// How many towns there are.
    pub towns: usize,
    /// The zone of the county, where towns overlap.
    pub county: Option<usize>,
    /// The first zone that is a scope.
    pub first_scope: usize,
    /// Codes of the towns that the urban area reaches into.
    pub urban_towns: Vec<String>,
    /// How much of each ring lies beyond the county, in square metres of the plane.
    pub beyond: Vec<(Place, f64)>,
}

/// Towns made ready, with all that follows from them alone.
pub struct Towns {
    zones: Arc<Zones>,
    /// Whether any share ground.
    overlap: bool,
    /// All of them together.
    territory: Shape,
    findings: Vec<Finding>,
}

impl Towns {
    /// Prepares the towns of a layer.
    pub fn prepare(layer: &ZoneLayer) -> Self {
        let (zones, mut findings) = prepare::zones(layer);
        let overlaps = prepare::overlapping(&zones);
        findings.extend(noticed::of_zone_overlaps(&zones, &layer.layer, &overlaps));
        let territory = neighbours::united(zones.zones().iter().map(|z| z.shape()), &mut Overlay::default());
        Self { zones: Arc::new(zones), overlap: !overlaps.is_empty(), territory, findings }
    }
}

/// Towns that were prepared for some project and will do for others: those of layers that read the same, in the same
/// CRS. Only a few are kept, the last ones.
#[derive(Default)]
pub struct Shelf(Vec<(ZoneLayer, Arc<Towns>)>);

/// So many layers of towns are kept.
const KEPT: usize = 4;

impl Shelf {
    /// The towns of a layer, prepared now or before.
    pub fn towns(&mut self, layer: &ZoneLayer) -> Arc<Towns> {
        let known = self.0.iter().position(|(known, _)| known == layer);
        let kept = match known {
            Some(at) => self.0.remove(at),
            None => (layer.clone(), Arc::new(Towns::prepare(layer))),
        };
        self.0.truncate(KEPT - 1);
        let towns = Arc::clone(&kept.1);
        self.0.insert(0, kept);
        towns
    }
}

impl Places {
    /// The clean outlines of the towns.
    pub(super) fn outlines(&self) -> Vec<MultiPolygon<f64>> {
        let (towns, mut overlay) = (self.zones.zones().iter().take(self.towns), Overlay::default());
        towns.map(|zone| overlay.polygons(zone.shape())).collect()
    }
}

/// What reaches beyond what is drawn.
pub(super) struct Around<'a> {
    /// Rings about the urban area.
    pub rings: Option<&'a RingSettings>,
    /// How far the ground of villages reaches beyond settlements.
    pub villages_m: u32,
    /// The working plane.
    pub plane: &'a Plane<'a>,
}

/// Prepares all places about towns.
pub(super) fn prepare(ready: &Towns, scopes: &[Scope<'_>], around: &Around<'_>) -> (Places, Vec<Finding>) {
    let (mut zones, mut findings) = (Arc::clone(&ready.zones), ready.findings.clone());
    let towns = zones.zones().len();
    let mut of: Vec<Place> = zones.zones().iter().map(|z| Place::Town(z.id().to_owned())).collect();
    let (mut overlay, territory) = (Overlay::default(), &ready.territory);
    let county = ready.overlap.then(|| {
        of.push(Place::County);
        Arc::make_mut(&mut zones).add("", None, territory.clone())
    });
    let first_scope = of.len();
    for scope in scopes {
        let (prepared, noticed) = prepare::zones(&scope.layer);
        findings.extend(noticed);
        findings.extend(outside(scope, &prepared, territory, &mut overlay));
        for (place, name, shape) in of_scope(scope.kind, &prepared, &zones, towns, &mut overlay) {
            let shape = around.widened(&place, shape, &zones, &mut overlay);
            let code = place.code();
            of.push(place);
            Arc::make_mut(&mut zones).add(code, name, shape);
        }
    }
    let urban_towns = urban_towns(&zones, &of, towns, &mut overlay);
    let urban = of.iter().position(|place| *place == Place::Urban);
    let mut beyond = Vec::new();
    if let Some((urban, settings)) = urban.zip(around.rings) {
        let urban = zones.zones()[urban].shape().clone();
        for ring in rings::around(&urban, territory, settings, around.plane, &mut overlay) {
            beyond.extend(ring.beyond_m2.map(|m2| (ring.place.clone(), m2)));
            Arc::make_mut(&mut zones).add(ring.place.code(), None, ring.shape);
            of.push(ring.place);
        }
    }
    let territory = territory.clone();
    (Places { zones, territory, of, towns, county, first_scope, urban_towns, beyond }, findings)
}

impl Around<'_> {
    /// The ground of a place: of villages with what lies around them in their town.
    fn widened(&self, place: &Place, shape: Shape, zones: &Zones, overlay: &mut Overlay) -> Shape {
        let Place::Villages(town) = place else { return shape };
        let town = zones.zones().iter().find(|zone| zone.id() == town).filter(|_| self.villages_m > 0);
        let Some(town) = town else { return shape };
        let near = rings::near(&shape, self.villages_m, self.plane, overlay);
        overlay.intersection(&near, town.shape())
    }
}

/// A town is of the urban area (城关) when at least this share of the urban area lies in it; less is a boundary
/// that was not drawn quite the same.
const URBAN_SHARE: f64 = 0.05;

fn urban_towns(zones: &Zones, of: &[Place], towns: usize, overlay: &mut Overlay) -> Vec<String> {
    let urban = of.iter().position(|place| *place == Place::Urban).map(|zone| zones.zones()[zone].shape());
    let mut share = |town: &prepare::Zone| {
        let urban = urban?;
        let inside = overlay.intersection(urban, town.shape()).doubled_area();
        Some(inside as f64 / urban.doubled_area() as f64)
    };
    let towns = zones.zones()[..towns].iter();
    towns.filter(|t| share(t).is_some_and(|s| s >= URBAN_SHARE)).map(|town| town.id().to_owned()).collect()
}

type Named = (Place, Option<String>, Shape);

/// The urban area, its streets, its suburbs, car parks and damaged land are one place each; built-up areas and villages are
/// what of them lies in each town; a water source, or the territory of a village, is a place of its own.
fn of_scope(
    kind: ScopeKind,
    scope: &Zones,
    zones: &Zones,
    towns: usize,
    overlay: &mut Overlay,
) -> Vec<Named> {
    match kind {
        ScopeKind::Urban => together(Place::Urban, scope, overlay),
        ScopeKind::CarParks => together(Place::CarParks, scope, overlay),
        ScopeKind::DamagedLand => together(Place::DamagedLand, scope, overlay),
        ScopeKind::Streets => together(Place::Streets, scope, overlay),
        ScopeKind::Suburbs => together(Place::Suburbs, scope, overlay),
        ScopeKind::TownBuiltUp => within_towns(scope, zones, towns, overlay, Place::TownBuiltUp),
        ScopeKind::Villages => within_towns(scope, zones, towns, overlay, Place::Villages),
        ScopeKind::WaterSources => each(scope, Place::WaterSource),
        ScopeKind::VillageTerritories => each(scope, Place::Village),
    }
}

/// Each feature of a scope as a place by itself.
fn each(scope: &Zones, place: fn(String) -> Place) -> Vec<Named> {
    let named =
        |z: &prepare::Zone| (place(z.id().to_owned()), z.name().map(str::to_owned), z.shape().clone());
    scope.zones().iter().map(named).collect()
}

/// All features of a scope as one place.
fn together(place: Place, scope: &Zones, overlay: &mut Overlay) -> Vec<Named> {
    vec![(place, None, overlay.union(scope.zones().iter().map(|z| z.shape())))]
}

/// Of a settlement that is drawn over a town's border, less than this share is no settlement of that town.
const SETTLEMENT_SHARE: f64 = 0.01;

/// What of the scope's features lies in each town; slivers across a border are left out.
fn within_towns(
    scope: &Zones,
    zones: &Zones,
    towns: usize,
    overlay: &mut Overlay,
    place: fn(String) -> Place,
) -> Vec<Named> {
    let towns = &zones.zones()[..towns];
    let mut pieces: Vec<Vec<Shape>> = vec![Vec::new(); towns.len()];
    for feature in scope.zones() {
        let whole = feature.shape().doubled_area() as f64;
        for (town, pieces) in towns.iter().zip(&mut pieces) {
            let near = feature.shape().bounds().zip(town.shape().bounds()).is_some_and(|(a, b)| a.meets(&b));
            if near {
                let piece = overlay.intersection(feature.shape(), town.shape());
                pieces.extend(Some(piece).filter(|p| p.doubled_area() as f64 >= SETTLEMENT_SHARE * whole));
            }
        }
    }
    let inside = towns.iter().zip(&pieces).filter(|(_, pieces)| !pieces.is_empty());
    inside
        .map(|(town, pieces)| {
            (place(town.id().to_owned()), town.name().map(str::to_owned), overlay.union(pieces))
        })
        .collect()
}

fn outside(scope: &Scope<'_>, prepared: &Zones, territory: &Shape, overlay: &mut Overlay) -> Option<Finding> {
    let whole = overlay.union(prepared.zones().iter().map(|z| z.shape()));
    let left = overlay.difference(&whole, territory);
    let area_m2 = left.doubled_area() as f64 / 2.0 / STEPS_PER_UNIT / STEPS_PER_UNIT;
    let all = left.doubled_area() == whole.doubled_area();
    let severity = if all { Severity::Error } else { Severity::Warning };
    (area_m2 > REPAIR_WORTH_SAYING_M2).then(|| {
        Finding::new(
            "scope-outside",
            severity,
            words!(
                "{area_m2:.2} m2 of this scope lie outside every town",
                "该范围有 {area_m2:.2} 平方米位于所有乡镇之外"
            ),
        )
        .in_layer(&scope.layer.layer)
        .with_area_m2(area_m2)
        .with_hint(words!("check its boundary against the towns'", "请与乡镇界核对其边界"))
    })
}
