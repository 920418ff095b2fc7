//! The lines or points of one layer over the zones, class by class.

use crate::analysis::tabulate::{NULL, ONE_CLASS, Prepared, by_code};
use crate::attribute::Value;
use crate::finding::{Finding, Severity, listed, our_fault};
use crate::geometry::length::LengthSum;
use crate::measure::lines::{self, Lines, Plane, Run};
use crate::measure::points::{self, Points};
use crate::measure::{MeasureError, Table, Watch};
use crate::prepare::Zones;
use crate::survey::Source;
use crate::words;

pub use crate::measure::points::{Sum, Tally};

/// What lies in no zone.
pub const OUTSIDE: &str = "(outside)";
/// What lies in several zones, as often as it is counted more than once.
pub const SHARED: &str = "(shared)";

/// Sums by place and class.
#[derive(Debug, Clone)]
pub struct Tallied<T> {
    /// The zones in file order, then [`OUTSIDE`], then [`SHARED`] where zones that hold anything overlap.
    pub places: Vec<PlaceRows<T>>,
    /// All, by class.
    pub whole: Vec<(String, T)>,
    /// What was noticed.
    pub findings: Vec<Finding>,
}

/// One place of the table.
#[derive(Debug, Clone)]
pub struct PlaceRows<T> {
    /// Its code, or a name in brackets.
    pub zone: String,
    /// Its name.
    pub name: Option<String>,
    /// Its classes by code, null last.
    pub rows: Vec<(String, T)>,
}

/// A layer to be tallied.
pub struct Request<'a> {
    /// The layer.
    pub source: &'a dyn Source,
    /// Whether classes are told apart by the features' value; else all are [`ONE_CLASS`].
    pub by_value: bool,
}

/// Lengths of the lines of a layer.
pub fn lines(
    request: &Request<'_>,
    prepared: Prepared,
    plane: &Plane<'_>,
    watch: &dyn Watch,
) -> Result<Tallied<Run>, MeasureError> {
    let Prepared { zones, mut findings } = prepared;
    let (lines, noticed) = lines::measure(request.source, &zones, plane, watch)?;
    findings.extend(noticed);
    findings.extend(of_lines(&lines, request.source.name()));
    let shared = |run: &Run| run.length != LengthSum::ZERO;
    let tallied = tallied(&lines.table, &zones, request.by_value, shared, findings);
    let residual_m = line_residual_m(&tallied);
    Ok(with_books(tallied, residual_m > PARTS_M, residual_m, request.source.name()))
}

/// The largest difference in metres, among the classes, between the layer and zones − shared + outside.
pub fn line_residual_m(tallied: &Tallied<Run>) -> f64 {
    let off = |((_, whole), parts): (&(String, Run), LengthSum)| {
        let off = (whole.length - parts).length();
        off.plane.0.abs().max(off.ellipsoid.0.abs())
    };
    tallied.whole.iter().zip(line_parts(tallied)).map(off).fold(0.0, f64::max)
}

/// Counts of the points of a layer, which gives so many attributes to be added up.
pub fn points(
    request: &Request<'_>,
    prepared: Prepared,
    attributes: usize,
    watch: &dyn Watch,
) -> Result<Tallied<Tally>, MeasureError> {
    let Prepared { zones, mut findings } = prepared;
    let (points, noticed) = points::count(request.source, &zones, attributes, watch)?;
    findings.extend(noticed);
    findings.extend(of_points(&points, request.source.name()));
    let tallied = tallied(&points.table, &zones, request.by_value, |tally| tally.count > 0, findings);
    let fails = tallied.whole.iter().zip(point_parts(&tallied)).any(|((_, whole), parts)| *whole != parts);
    Ok(with_books(tallied, fails, 0.0, request.source.name()))
}

/// A line and the sum of its parts may differ by rounding only: by less than this many metres.
const PARTS_M: f64 = 1e-6;

fn of_lines(lines: &Lines, layer: &str) -> Vec<Finding> {
    let residual_m = lines.parts_residual_m;
    let unbalanced = residual_m > PARTS_M;
    let unbalanced = unbalanced.then(|| {
        Finding::new(
            "parts-unbalanced",
            Severity::Error,
            words!(
                "the parts of a line differ from it by {residual_m:.7} m; do not use the figures",
                "有线要素的各段之和与其长度相差 {residual_m:.7} 米；各项数字不可用"
            ),
        )
        .with_hint(our_fault())
    });
    let unbalanced = unbalanced.map(|finding| finding.in_layer(layer));
    unbalanced.into_iter().chain(off_the_map(&lines.off_the_map, layer)).collect()
}

/// That lines were left out, by identifier, as the projection has no ground for them.
pub(super) fn off_the_map(lines: &[String], layer: &str) -> Option<Finding> {
    let n = lines.len();
    (n > 0).then(|| {
        let ids = listed(lines);
        let sentence = words!(
            "{n} lines reach where the working CRS has no ground and were left out: {ids}",
            "{n} 条线伸到工作坐标系无法表示之处，已剔除：{ids}"
        );
        let hint = words!("check the CRS and the vertices of these lines", "请核对这些线的坐标系与顶点");
        let finding = Finding::new("line-off-the-map", Severity::Error, sentence);
        finding.in_layer(layer).counting(n as u64).with_hint(hint)
    })
}

fn of_points(points: &Points, layer: &str) -> Option<Finding> {
    let n = points.several;
    let sentence = || {
        words!(
            "{n} features have several points; each counts once, where its first point lies",
            "{n} 个要素含多个点；每个要素按其首个点所在位置只计一次"
        )
    };
    let hint =
        words!("make single points of them where every point is to count", "如需逐点计数，请先拆分为单点");
    let finding = || Finding::new("point-several", Severity::Warning, sentence()).counting(n).with_hint(hint);
    (n > 0).then(|| finding().in_layer(layer))
}

fn with_books<T>(mut tallied: Tallied<T>, fails: bool, residual: f64, layer: &str) -> Tallied<T> {
    let sentence = || {
        words!(
            "zones - shared + outside differ from the layer by {residual:.7}; do not use the figures",
            "各分区 − 重复 + 区外 与图层总量相差 {residual:.7}；各项数字不可用"
        )
    };
    let finding = || {
        Finding::new("books-unbalanced", Severity::Error, sentence()).in_layer(layer).with_hint(our_fault())
    };
    tallied.findings.extend(fails.then(finding));
    tallied
}

/// Zones − shared + outside, by class, from the rows themselves.
fn line_parts(tallied: &Tallied<Run>) -> Vec<LengthSum> {
    let mut sums = vec![LengthSum::ZERO; tallied.whole.len()];
    for place in &tallied.places {
        for (sum, (_, run)) in sums.iter_mut().zip(&place.rows) {
            let zero = LengthSum::ZERO;
            *sum += if place.zone == SHARED { zero - run.length } else { run.length };
        }
    }
    sums
}

/// The same of points.
fn point_parts(tallied: &Tallied<Tally>) -> Vec<Tally> {
    let mut sums: Vec<Tally> = vec![Tally::default(); tallied.whole.len()];
    let (shared, once): (Vec<_>, Vec<_>) = tallied.places.iter().partition(|place| place.zone == SHARED);
    for place in once {
        sums.iter_mut().zip(&place.rows).for_each(|(sum, (_, tally))| *sum += tally.clone());
    }
    for place in shared {
        for (sum, (_, twice)) in sums.iter_mut().zip(&place.rows) {
            sum.count -= twice.count;
            for (sum, twice) in sum.sums.iter_mut().zip(&twice.sums) {
                sum.amount.0 -= twice.amount.0;
                sum.nulls -= twice.nulls;
            }
        }
    }
    sums
}

fn tallied<T: Clone>(
    table: &Table<T>,
    zones: &Zones,
    by_value: bool,
    anything: impl Fn(&T) -> bool,
    findings: Vec<Finding>,
) -> Tallied<T> {
    let order = by_code(&table.values);
    let label = |value: &Value| match by_value {
        true => value.code().unwrap_or_else(|| NULL.to_owned()),
        false => ONE_CLASS.to_owned(),
    };
    let rows = |sums: &[T]| -> Vec<(String, T)> {
        order.iter().map(|&class| (label(&table.values[class]), sums[class].clone())).collect()
    };
    let place = |zone: &str, name: Option<&str>, sums: &[T]| PlaceRows {
        zone: zone.to_owned(),
        name: name.map(str::to_owned),
        rows: rows(sums),
    };
    let of_zones = zones.zones().iter().zip(&table.zones);
    let mut places: Vec<PlaceRows<T>> =
        of_zones.map(|(zone, sums)| place(zone.id(), zone.name(), sums)).collect();
    places.push(place(OUTSIDE, None, &table.outside));
    if table.shared.iter().any(anything) {
        places.push(place(SHARED, None, &table.shared));
    }
    Tallied { places, whole: rows(&table.whole), findings }
}
