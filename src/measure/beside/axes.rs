//! Axes, split along the borders of zones and of ground that is left out.

use crate::finding::Finding;
use crate::geometry::area::ToDegrees;
use crate::geometry::beside::{Interval, Side, Strip};
use crate::geometry::grid::{self, STEPS_PER_UNIT};
use crate::geometry::length::{Edge, LengthModel, LengthSum};
use crate::measure::beside::Request;
use crate::measure::beside::carriageways::Ways;
use crate::measure::lines::Plane;
use crate::measure::reading::{self, Reader};
use crate::measure::tally::Classes;
use crate::measure::{MeasureError, Watch};
use crate::prepare::borders::{Borders, Cuts, Holders};
use crate::survey::Batch;

/// Most blocks of the length model that a thread remembers.
const MOST_BLOCKS: usize = 1 << 16;

/// The zones that hold a stretch.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Held {
    /// One.
    One(u32),
    /// Several: each it lies inside of has it whole, those it borders share it.
    Several(Box<Holders>),
}

impl Held {
    fn by(holders: &Holders) -> Self {
        match (holders.inside.as_slice(), holders.border.as_slice()) {
            ([one], []) | ([], [one]) => Self::One(*one),
            _ => Self::Several(Box::new(holders.clone())),
        }
    }

    /// Gives each zone with the number of its part and how many parts there are.
    pub(super) fn each(&self, mut give: impl FnMut(usize, usize, usize)) {
        match self {
            Self::One(zone) => give(*zone as usize, 0, 1),
            Self::Several(holders) => {
                holders.inside.iter().for_each(|&zone| give(zone as usize, 0, 1));
                let parts = holders.border.len();
                holders.border.iter().enumerate().for_each(|(part, &zone)| give(zone as usize, part, parts));
            }
        }
    }
}

/// A straight piece of an axis that counts, and lies in the same zones throughout.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Stretch {
    pub edge: Edge,
    /// Whether the axis runs from the edge's end to its beginning.
    pub turned: bool,
    /// From where to where along the edge, as shares of the way.
    pub from: f64,
    pub to: f64,
    pub length: LengthSum,
    /// How far from the axis the strip's metres begin to count, on the left and on the right of the edge.
    pub edges_m: [f64; 2],
    /// The line it is of, where carriageways are merged.
    pub way: Option<u32>,
    /// How many carriageways the road has here, this one included.
    pub carriageways: usize,
    pub holders: Held,
}

impl Stretch {
    /// The strip along one bank, `strip_m` metres from the edge; `unit_m` metres are one unit of the plane.
    pub(super) fn strip(&self, bank: Side, strip_m: [f64; 2], unit_m: f64) -> Strip {
        let side = if self.turned { bank.turned() } else { bank };
        let [left, right] = self.edges_m;
        let edge_m = if side == Side::Left { left } else { right };
        let from_axis_m = strip_m.map(|m| m + edge_m);
        strip(self.edge, [self.from, self.to], self.length, side, from_axis_m, unit_m)
    }
}

/// The strip along one side of a part of an edge that is so long, in metres from the edge by the scale of the plane
/// there.
pub(in crate::measure) fn strip(
    edge: Edge,
    part: Interval,
    length: LengthSum,
    side: Side,
    strip_m: [f64; 2],
    unit_m: f64,
) -> Strip {
    let steps = steps_per_metre(length, unit_m);
    Strip::new(edge, part, side, strip_m.map(|m| m * steps))
}

/// Grid steps in a metre of ellipsoid, by the scale of the plane along something so long.
pub(super) fn steps_per_metre(length: LengthSum, unit_m: f64) -> f64 {
    let length = length.length();
    length.plane.0 / length.ellipsoid.0 / unit_m * STEPS_PER_UNIT
}

/// Half the width of a feature in metres: the one amount of a source that gives any; nothing where it is unknown.
pub(in crate::measure) fn half_width_m(batch: &Batch, index: usize) -> f64 {
    let width = batch.amounts.get(index).copied().flatten();
    width.map_or(0.0, |width| width.number().max(0.0) / 2.0)
}

/// The axes of a source.
#[derive(Debug, Default)]
pub struct Axes {
    pub(super) stretches: Vec<Stretch>,
    pub(super) left_out: LengthSum,
    pub(super) outside: LengthSum,
    pub(super) whole: LengthSum,
    pub(super) features: u64,
    pub(super) off_the_map: Vec<String>,
    /// Their lines, where carriageways are merged.
    pub(super) ways: Ways,
}

/// Reads the axes of a request.
pub(super) fn read(
    request: &Request<'_>,
    plane: &Plane<'_>,
    watch: &dyn Watch,
) -> Result<(Axes, Vec<Finding>), MeasureError> {
    let borders = Borders::new(request.zones);
    let without = request.without.map(Borders::new);
    let classes = Classes::default();
    let new = || AxisReader {
        borders: &borders,
        without: without.as_ref(),
        routes: request.merge_within_m.map(|_| &classes),
        model: LengthModel::new(plane.ellipsoid, plane.unit_m),
        cuts: <[Cuts; 2]>::default(),
        left_out: Vec::new(),
        axes: Axes::default(),
    };
    let readers = reading::read(request.axes, &classes, new, plane.to_degrees, watch)?;
    let mut all = Axes::default();
    for reader in readers {
        let Axes { mut stretches, left_out, outside, whole, features, off_the_map, ways } = reader.axes;
        let before = all.ways.extend(ways);
        stretches.iter_mut().filter_map(|stretch| stretch.way.as_mut()).for_each(|way| *way += before);
        all.stretches.extend(stretches);
        all.left_out += left_out;
        all.outside += outside;
        all.whole += whole;
        all.features += features;
        all.off_the_map.extend(off_the_map);
    }
    all.off_the_map.sort_unstable();
    Ok((all, request.axes.findings()))
}

/// One thread's reading.
struct AxisReader<'b> {
    borders: &'b Borders<'b>,
    without: Option<&'b Borders<'b>>,
    /// The values of the features, which are their routes, where carriageways are merged.
    routes: Option<&'b Classes>,
    model: LengthModel,
    cuts: [Cuts; 2],
    /// Of the edge at hand, where it lies on ground that is left out.
    left_out: Vec<Interval>,
    axes: Axes,
}

impl AxisReader<'_> {
    fn take_edge(&mut self, edge: Edge, turned: bool, edge_m: f64, way: Option<u32>) {
        self.left_out.clear();
        if let Some(without) = self.without {
            let left_out = &mut self.left_out;
            without.split(edge, &mut self.cuts[1], |from, to, holders| {
                left_out.extend((!holders.inside.is_empty()).then_some([from, to]));
            });
        }
        let Self { borders, model, cuts, left_out, axes, .. } = self;
        let mut of = |from: f64, to: f64| LengthSum::of(model.length(edge, from, to));
        axes.whole += of(0.0, 1.0);
        borders.split(edge, &mut cuts[0], |from, to, holders| {
            if holders.count() == 0 {
                axes.outside += of(from, to);
                return;
            }
            let stretch = |from: f64, to: f64, length: LengthSum| {
                let (edges_m, holders) = ([edge_m; 2], Held::by(holders));
                Stretch { edge, turned, from, to, length, edges_m, way, carriageways: 1, holders }
            };
            let mut at = from;
            for &[begins, ends] in left_out.iter().filter(|[begins, ends]| *begins < to && *ends > from) {
                let [begins, ends] = [begins.max(from), ends.min(to)];
                axes.push(stretch(at, begins, of(at, begins)));
                axes.left_out += of(begins, ends);
                at = ends;
            }
            axes.push(stretch(at, to, of(at, to)));
        });
    }

    /// The number of a feature's route; none where it has none.
    fn route(&self, value: u32, known: &[u32]) -> Option<u32> {
        let route = *known.get(value as usize)?;
        let name = self.routes?.value(route)?.code()?;
        (!name.is_empty()).then_some(route)
    }
}

impl Axes {
    fn push(&mut self, stretch: Stretch) {
        if stretch.from < stretch.to && stretch.length.ellipsoid > 0 && stretch.length.plane > 0 {
            self.stretches.push(stretch);
        }
    }
}

/// The edges of a feature in its own direction, each with whether it is turned.
pub(in crate::measure) fn edges_of(batch: &Batch, index: usize) -> impl Iterator<Item = (Edge, bool)> {
    batch.rings_of(index).flat_map(|(_, points)| edges_along(points))
}

/// The edges of one line in its own direction, each with whether it is turned.
fn edges_along(points: &[[f64; 2]]) -> impl Iterator<Item = (Edge, bool)> {
    let places = points.iter().filter_map(|&[x, y]| grid::point(x, y));
    let next = places.clone().skip(1);
    places.zip(next).filter(|(from, to)| from != to).map(|(from, to)| {
        let edge = Edge::between(from, to);
        (edge, edge.from != from)
    })
}

impl Reader for AxisReader<'_> {
    fn look(&mut self, batch: &Batch, to_degrees: &ToDegrees<'_>) {
        if self.model.known() > MOST_BLOCKS {
            self.model.forget();
        }
        let edges = (0..batch.patches.len()).flat_map(|index| edges_of(batch, index));
        edges.for_each(|(edge, _)| self.model.learn(edge, to_degrees));
    }

    fn take(&mut self, batch: &Batch, known: &[u32]) {
        for (index, patch) in batch.patches.iter().enumerate() {
            self.axes.features += 1;
            let on_the_map = edges_of(batch, index)
                .all(|(edge, _)| self.model.length(edge, 0.0, 1.0).ellipsoid.0.is_finite());
            if on_the_map {
                let (edge_m, route) = (half_width_m(batch, index), self.route(patch.value, known));
                for (_, points) in batch.rings_of(index) {
                    let way = route.map(|route| self.axes.ways.add(route, edge_m, edges_along(points)));
                    edges_along(points).for_each(|(edge, turned)| self.take_edge(edge, turned, edge_m, way));
                }
            } else {
                self.axes.off_the_map.push(batch.id(index).to_owned());
            }
        }
    }
}
