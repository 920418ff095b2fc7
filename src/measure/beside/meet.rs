//! Which patches stand on which strips.

use rayon::prelude::*;

use crate::geometry::area::ToDegrees;
use crate::geometry::beside::{Interval, Meeting, Strip};
use crate::geometry::grid::{Bounds, point};
use crate::geometry::nearby::Nearby;
use crate::measure::beside::{Axes, Request};
use crate::measure::chosen::{Choice, Outliner};
use crate::measure::lines::Plane;
use crate::measure::reading::{self, Reader};
use crate::measure::tally::Classes;
use crate::measure::{MeasureError, Watch};
use crate::survey::{Batch, Source};

/// Intervals by strip.
pub(super) type Hits = Vec<(u32, Interval)>;

/// The strips of a request.
struct Wayside {
    /// Those of a stretch one after another, by asked strip and bank.
    strips: Vec<Strip>,
    /// How many a stretch has.
    each: usize,
    /// The numbers of stretches, by what is around their strips.
    nearby: Nearby<usize>,
}

impl Wayside {
    fn new(request: &Request<'_>, axes: &Axes, plane: &Plane<'_>) -> Self {
        let banks = request.banks.sides();
        let each = request.strips_m.len() * banks.len();
        let stretches = axes.stretches.par_iter();
        let strips = stretches.flat_map_iter(|stretch| {
            let asked = request.strips_m.iter();
            asked.flat_map(move |&m| banks.iter().map(move |&bank| stretch.strip(bank, m, plane.unit_m)))
        });
        let strips: Vec<Strip> = strips.collect();
        let of_stretches = strips.par_chunks(each.max(1)).enumerate();
        let around = of_stretches.filter_map(|(stretch, strips)| {
            strips.iter().map(Strip::bounds).reduce(Bounds::with).map(|around| (around, stretch))
        });
        let nearby = Nearby::of(around.collect());
        Self { strips, each, nearby }
    }
}

/// Reads the covers once and gives, by request and strip by strip in no order, where their patches stand on it. The strips
/// of a stretch are numbered one after another, by asked strip and bank.
pub(super) fn meet(
    requests: &[Request<'_>],
    axes: &[&Axes],
    covers: &[&dyn Source],
    plane: &Plane<'_>,
    watch: &dyn Watch,
) -> Result<Vec<Hits>, MeasureError> {
    let waysides = requests.iter().zip(axes).map(|(request, axes)| Wayside::new(request, axes, plane));
    let waysides: Vec<Wayside> = waysides.collect();
    let mut hits = vec![Hits::new(); requests.len()];
    for (cover, source) in covers.iter().enumerate() {
        let classes = Classes::default();
        let asked = |(request, wayside)| Asked::new(request, cover, &classes, wayside);
        let new = || Patcher {
            asked: requests.iter().zip(&waysides).map(asked).collect(),
            outliner: Outliner::default(),
            near: Vec::new(),
            meeting: Meeting::default(),
        };
        for reader in reading::read(*source, &classes, new, plane.to_degrees, watch)? {
            hits.iter_mut().zip(reader.asked).for_each(|(all, asked)| all.extend(asked.hits));
        }
        // What there is to notice of a cover was noticed when it was measured.
        drop(source.findings());
    }
    Ok(hits)
}

/// One thread's part of a request.
struct Asked<'a> {
    choice: Choice<'a>,
    wayside: &'a Wayside,
    hits: Hits,
}

impl<'a> Asked<'a> {
    fn new(request: &'a Request<'_>, cover: usize, classes: &'a Classes, wayside: &'a Wayside) -> Self {
        Self { choice: Choice::new(&*request.counts, cover, classes), wayside, hits: Hits::new() }
    }
}

/// One thread's reading.
struct Patcher<'a> {
    asked: Vec<Asked<'a>>,
    outliner: Outliner,
    near: Vec<usize>,
    meeting: Meeting,
}

impl Reader for Patcher<'_> {
    fn look(&mut self, _: &Batch, _: &ToDegrees<'_>) {}

    fn take(&mut self, batch: &Batch, known: &[u32]) {
        let Self { asked, outliner, near, meeting } = self;
        for Asked { choice, wayside, hits } in asked {
            for index in choice.of(batch, known) {
                let Some(around) = bounds_of(batch, index) else { continue };
                near.clear();
                near.extend(wayside.nearby.meeting(&around));
                if near.is_empty() {
                    continue;
                }
                let Some((outline, _)) = outliner.outline(batch, index) else { continue };
                for first in near.iter().map(|stretch| stretch * wayside.each) {
                    let strips = &wayside.strips[first..first + wayside.each];
                    meeting.of(strips, outline, |at, met| hits.push(((first + at) as u32, met)));
                }
            }
        }
    }
}

/// The box around a patch as recorded.
fn bounds_of(batch: &Batch, index: usize) -> Option<Bounds> {
    let mut points = batch.rings_of(index).flat_map(|(_, points)| points);
    let &first = points.next()?;
    let (low, high) = points.fold((first, first), |(low, high), p| {
        ([low[0].min(p[0]), low[1].min(p[1])], [high[0].max(p[0]), high[1].max(p[1])])
    });
    Some(Bounds { low: point(low[0], low[1])?, high: point(high[0], high[1])? })
}
