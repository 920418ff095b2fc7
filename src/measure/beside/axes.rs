//! Axes, split along the borders of zones and of ground that is left out.

use crate::finding::Finding;
use crate::geometry::area::ToDegrees;
use crate::geometry::beside::{Interval, Side, Strip};
use crate::geometry::grid::{self, STEPS_PER_UNIT};
use crate::geometry::length::{Edge, LengthModel, LengthSum};
use crate::measure::beside::Request;
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
    edge: Edge,
    /// Whether the axis runs from the edge's end to its beginning.
    turned: bool,
    /// From where to where along the edge, as shares of the way.
    pub from: f64,
    pub to: f64,
    pub length: LengthSum,
    /// How far from the axis the strip's metres begin to count.
    pub edge_m: f64,
    pub holders: Held,
}

impl Stretch {
    /// The strip along one bank, `strip_m` metres from the edge; `unit_m` metres are one unit of the plane.
    pub(super) fn strip(&self, bank: Side, strip_m: [f64; 2], unit_m: f64) -> Strip {
        let side = if self.turned { bank.turned() } else { bank };
        let from_axis_m = strip_m.map(|m| m + self.edge_m);
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
    let length = length.length();
    let steps = length.plane.0 / length.ellipsoid.0 / unit_m * STEPS_PER_UNIT;
    Strip::new(edge, part, side, strip_m.map(|m| m * steps))
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
}

/// Reads the axes of a request.
pub(super) fn read(
    request: &Request<'_>,
    plane: &Plane<'_>,
    watch: &dyn Watch,
) -> Result<(Axes, Vec<Finding>), MeasureError> {
    let borders = Borders::new(request.zones);
    let without = request.without.map(Borders::new);
    let new = || AxisReader {
        borders: &borders,
        without: without.as_ref(),
        model: LengthModel::new(plane.ellipsoid, plane.unit_m),
        cuts: <[Cuts; 2]>::default(),
        left_out: Vec::new(),
        axes: Axes::default(),
    };
    let readers = reading::read(request.axes, &Classes::default(), new, plane.to_degrees, watch)?;
    let mut all = Axes::default();
    for reader in readers {
        let Axes { stretches, left_out, outside, whole, features, off_the_map } = reader.axes;
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
    model: LengthModel,
    cuts: [Cuts; 2],
    /// Of the edge at hand, where it lies on ground that is left out.
    left_out: Vec<Interval>,
    axes: Axes,
}

impl AxisReader<'_> {
    fn take_edge(&mut self, edge: Edge, turned: bool, edge_m: f64) {
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
            let mut at = from;
            for &[begins, ends] in left_out.iter().filter(|[begins, ends]| *begins < to && *ends > from) {
                let [begins, ends] = [begins.max(from), ends.min(to)];
                axes.push(Stretch {
                    edge,
                    turned,
                    from: at,
                    to: begins,
                    length: of(at, begins),
                    edge_m,
                    holders: Held::by(holders),
                });
                axes.left_out += of(begins, ends);
                at = ends;
            }
            let (length, holders) = (of(at, to), Held::by(holders));
            axes.push(Stretch { edge, turned, from: at, to, length, edge_m, holders });
        });
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
    batch.rings_of(index).flat_map(|(_, points)| {
        let places = points.iter().filter_map(|&[x, y]| grid::point(x, y));
        let next = places.clone().skip(1);
        places.zip(next).filter(|(from, to)| from != to).map(|(from, to)| {
            let edge = Edge::between(from, to);
            (edge, edge.from != from)
        })
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

    fn take(&mut self, batch: &Batch, _: &[u32]) {
        for index in 0..batch.patches.len() {
            self.axes.features += 1;
            let on_the_map = edges_of(batch, index)
                .all(|(edge, _)| self.model.length(edge, 0.0, 1.0).ellipsoid.0.is_finite());
            if on_the_map {
                let edge_m = half_width_m(batch, index);
                edges_of(batch, index).for_each(|(edge, turned)| self.take_edge(edge, turned, edge_m));
            } else {
                self.axes.off_the_map.push(batch.id(index).to_owned());
            }
        }
    }
}
