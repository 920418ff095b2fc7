//! One cover over the zones, class by class, each class united alone.

use serde::Serialize;

use crate::analysis::pieces::Pieces;
use crate::analysis::{measure, measure_traced, noticed};
use crate::attribute::Value;
use crate::finding::Finding;
use crate::geometry::area::{AreaModel, AreaSum};
use crate::measure::coverage::{Balance, Plan, Reading, ZoneCoverage};
use crate::measure::heap::Room;
use crate::measure::{MeasureError, Watch};
use crate::prepare::{self, Zones};
use crate::survey::{Source, ZoneLayer};
use crate::units::Area;

/// The class of features that are not told apart.
pub const ONE_CLASS: &str = "cover";
/// Ground that no feature covers.
pub const NONE: &str = "(none)";
/// Ground under features without a class value.
pub const NULL: &str = "(null)";
/// Ground that several classes cover: the sum of their areas less their union.
pub const SHARED: &str = "(shared)";

/// Shared ground is given a row when it exceeds this many square metres.
const SHARED_WORTH_A_ROW_M2: f64 = 0.01;

/// What is to be tabulated.
pub struct Request<'a> {
    /// The zones as read.
    pub zones: &'a ZoneLayer,
    /// The cover.
    pub cover: &'a dyn Source,
    /// Whether classes are told apart by the cover's value; else every feature is [`ONE_CLASS`].
    pub by_value: bool,
    /// How many overlapping pairs are listed.
    pub most_pairs: usize,
    /// Whether every piece that the table adds up is wanted.
    pub pieces: bool,
}

/// A table of zones and classes.
#[derive(Debug, Clone, Serialize)]
pub struct Tabulation {
    /// The zones, in file order.
    pub zones: Vec<ZoneTable>,
    /// Whether the books balance, by zone.
    #[serde(skip)]
    pub balances: Vec<Balance>,
    /// What was noticed.
    pub findings: Vec<Finding>,
    /// What the table adds up, where that was wanted.
    #[serde(skip)]
    pub pieces: Option<Pieces>,
}

/// One zone of the table.
#[derive(Debug, Clone, Serialize)]
pub struct ZoneTable {
    /// Its code.
    pub zone: String,
    /// Its name.
    pub name: Option<String>,
    /// Its ground.
    pub area: Area,
    /// Its rows: classes by code, then the bracketed ones.
    pub rows: Vec<Row>,
}

/// One class in one zone.
#[derive(Debug, Clone, Serialize)]
pub struct Row {
    /// The class.
    pub class: String,
    /// Area of the union of its features.
    pub area: Area,
    /// Sum of the areas of its features; none where that has no meaning.
    pub gross: Option<Area>,
    /// Features with a piece of more than 0.01 m² here.
    pub features: Option<u64>,
}

/// Zones made ready, with what was noticed of them.
pub struct Prepared {
    /// The zones.
    pub zones: Zones,
    pub(super) findings: Vec<Finding>,
}

/// Prepares the zones of a request.
pub fn prepare(request: &Request<'_>) -> Prepared {
    prepare_zones(request.zones)
}

/// Prepares zones as read.
pub fn prepare_zones(zones: &ZoneLayer) -> Prepared {
    let layer = &zones.layer;
    let (zones, mut findings) = prepare::zones(zones);
    let overlaps = prepare::overlapping(&zones);
    findings.extend(noticed::of_zone_overlaps(&zones, layer, &overlaps));
    Prepared { zones, findings }
}

/// Tabulates one cover over the zones.
pub fn tabulate(
    request: &Request<'_>,
    prepared: Prepared,
    area: &AreaModel,
    room: Room<'_>,
    watch: &dyn Watch,
) -> Result<Tabulation, MeasureError> {
    let Prepared { zones, mut findings } = prepared;
    let mut classes = Vec::new();
    let plan = |values: &[Vec<Value>]| {
        let plan;
        (classes, plan) = plan_of(&values[0], request);
        plan
    };
    let covers = [request.cover];
    let (mut measured, trail) = if request.pieces {
        let (measured, trail) = measure_traced(&zones, area, &covers, plan, room, watch)?;
        (measured, Some(trail))
    } else {
        (measure(&zones, area, &covers, plan, room, watch)?, None)
    };
    let pieces = trail.map(|trail| Pieces::of_table(trail, &zones, &classes, &mut measured));
    findings.extend(measured.findings);
    let tables = zones.zones().iter().zip(&measured.coverage.zones);
    Ok(Tabulation {
        zones: tables
            .map(|(zone, coverage)| ZoneTable {
                zone: zone.id().to_owned(),
                name: zone.name().map(str::to_owned),
                area: coverage.ground.area(),
                rows: rows(&classes, coverage),
            })
            .collect(),
        balances: measured.coverage.balances(&measured.plan),
        findings,
        pieces,
    })
}

/// Every value is a class; without values all patches are one class. Classes stand by code, null last.
fn plan_of(values: &[Value], request: &Request<'_>) -> (Vec<String>, Plan) {
    let (classes, readings) = if request.by_value {
        let order = by_code(values);
        let mut readings = vec![Reading::Class(0); values.len()];
        order.iter().enumerate().for_each(|(class, &value)| readings[value] = Reading::Class(class));
        let label = |&value: &usize| values[value].code().unwrap_or_else(|| NULL.to_owned());
        (order.iter().map(label).collect(), readings)
    } else {
        (vec![ONE_CLASS.to_owned()], vec![Reading::Class(0); values.len()])
    };
    let strata = vec![(0..classes.len()).collect()];
    let plan = Plan::new(classes.len(), strata, Vec::new(), vec![readings], request.most_pairs);
    (classes, plan)
}

/// Numbers by size where all values are numbers, else codes as text; null last.
pub(super) fn by_code(values: &[Value]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    let present = || values.iter().filter(|v| **v != Value::Null);
    if present().all(|v| v.number().is_some()) {
        order.sort_by(|&a, &b| {
            let key = |v: usize| values[v].number().unwrap_or(f64::INFINITY);
            key(a).total_cmp(&key(b)).then_with(|| values[a].code().cmp(&values[b].code()))
        });
    } else {
        order.sort_by_key(|&v| (values[v] == Value::Null, values[v].code()));
    }
    order
}

fn rows(classes: &[String], coverage: &ZoneCoverage) -> Vec<Row> {
    let mut rows: Vec<Row> = classes
        .iter()
        .zip(&coverage.classes)
        .map(|(class, sums)| Row {
            class: class.clone(),
            area: sums.net.area(),
            gross: Some(sums.gross.area()),
            features: Some(sums.features),
        })
        .collect();
    let bracketed = |class: &str, sum: AreaSum| Row {
        class: class.to_owned(),
        area: sum.area(),
        gross: None,
        features: None,
    };
    for stratum in &coverage.strata {
        if stratum.shared.area().plane.0 > SHARED_WORTH_A_ROW_M2 {
            rows.push(bracketed(SHARED, stratum.shared));
        }
        rows.push(bracketed(NONE, stratum.none));
    }
    rows
}
