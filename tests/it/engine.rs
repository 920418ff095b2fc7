//! An engine as a value: what makes a survey into sums. The program is one; `mutants` holds others that err.

use sencheng::attribute::Value;
use sencheng::finding::Finding;
use sencheng::geometry::area::{AreaModel, AreaSum};
use sencheng::geometry::ellipsoid::CGCS2000;
use sencheng::geometry::grid::Shape;
use sencheng::geometry::overlay::{Overlay, Part};
use sencheng::measure::Unwatched;
use sencheng::measure::coverage::{self, ClassCoverage, Coverage, Measured, Plan, Reading, ZoneCoverage};
use sencheng::measure::heap::UNLIMITED;
use sencheng::prepare::{self, Zones};
use sencheng::survey::{Batch, Batches, RingKind, Source, SourceFault, ZoneLayer, ZoneRecord};
use sencheng::threads::on_threads;

use crate::town::{CLASSES, Town, UNMAPPED};
use crate::wkt::Rings;

/// An area as a whole number of quanta, plane.
pub type Quanta = i128;

/// What one zone has. Grounds are the classes and, last, what is unmapped in the first stratum.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sums {
    pub zone: Quanta,
    pub net: Vec<Quanta>,
    pub gross: Vec<Quanta>,
    pub features: Vec<u64>,
    /// By class, after the classes before it in its stratum.
    pub ranked: Vec<Quanta>,
    /// By stratum: the union of its classes.
    pub mapped: Vec<Quanta>,
    /// By stratum: ground under nothing of it.
    pub none: Vec<Quanta>,
    /// Ground of the first stratum only under unmapped values.
    pub only_unmapped: Quanta,
    /// Union of all classes of both strata, and with the unmapped ground.
    pub figure: Quanta,
    pub figure_with_unmapped: Quanta,
}

/// The strata of every town: see [`CLASSES`].
pub const STRATA: [&[usize]; 2] = [&[0, 1, 2], &[3]];

/// Makes towns into sums.
pub trait Engine {
    fn name(&self) -> &str;
    /// The ground of a recorded feature.
    fn ground(&self, parts: &[Part]) -> Shape;
    /// By zone.
    fn measure(&self, town: &Town, threads: usize) -> Vec<Sums>;
}

/// The program.
pub struct Program;

impl Engine for Program {
    fn name(&self) -> &str {
        "the program"
    }

    fn ground(&self, parts: &[Part]) -> Shape {
        Overlay::default().ground(parts)
    }

    fn measure(&self, town: &Town, threads: usize) -> Vec<Sums> {
        let (_, coverage) = on_threads(threads, || measure(town));
        coverage.zones.iter().map(sums).collect()
    }
}

/// The meaning of the values of a town's patches.
pub fn plan() -> Plan {
    let value = |value| if value == UNMAPPED { Reading::Unmapped(0) } else { Reading::Class(value) };
    let strata = STRATA.iter().map(|classes| classes.to_vec()).collect();
    Plan::new(CLASSES, strata, vec![(0..CLASSES).collect()], vec![(0..=UNMAPPED).map(value).collect()], 1000)
}

/// The whole of the program's way from recorded rings to sums.
pub fn measure(town: &Town) -> (Zones, Coverage) {
    let (zones, _) = prepare::zones(&layer(town));
    let coverage = measured(town).coverage;
    (zones, coverage)
}

/// All that the program finds of a town.
pub fn measured(town: &Town) -> Measured {
    let (zones, _) = prepare::zones(&layer(town));
    let source = Memory(town);
    let covers: [&dyn Source; 1] = [&source];
    let measured = coverage::measure(&covers, &zones, |_| plan(), &model(&zones), UNLIMITED, &Unwatched);
    measured.expect("nothing can fail in memory")
}

/// A plane in which a degree is about a hundred kilometres everywhere.
pub fn model(zones: &Zones) -> AreaModel {
    let to_degrees = |xs: &mut [f64], ys: &mut [f64]| {
        xs.iter_mut().for_each(|x| *x /= 102_000.0);
        ys.iter_mut().for_each(|y| *y /= 110_000.0);
    };
    AreaModel::new(zones.tiles(), CGCS2000, 1.0, &to_degrees)
}

/// The zones of a town as read.
pub fn layer(town: &Town) -> ZoneLayer {
    let mut layer = ZoneLayer { layer: "zones".to_owned(), ..ZoneLayer::default() };
    for (i, parts) in town.zones.iter().enumerate() {
        push(&mut layer.shapes, parts);
        layer.shapes.push_patch(0, &i.to_string());
        layer.zones.push(ZoneRecord { id: i.to_string(), name: None, features: vec![i] });
    }
    layer
}

fn push(batch: &mut Batch, parts: &[Rings]) {
    for part in parts {
        for (i, ring) in part.iter().enumerate() {
            batch.push_ring(if i == 0 { RingKind::Shell } else { RingKind::Hole }, ring.iter().copied());
        }
    }
}

/// The patches of a town as a source of stretches of up to fourteen patches, in batches of seven.
pub struct Memory<'a>(pub &'a Town);

impl Source for Memory<'_> {
    fn name(&self) -> &str {
        "patches"
    }

    fn stretches(&self) -> usize {
        self.0.patches.len().div_ceil(14).max(1)
    }

    fn batches(&self, stretch: usize) -> Result<Box<dyn Batches + '_>, SourceFault> {
        let all = &self.0.patches;
        let next = 14 * stretch.min(all.len() / 14);
        let rest = &all[next..];
        Ok(Box::new(Sevens { rest: &rest[..rest.len().min(14)], first: true, next }))
    }

    fn findings(&self) -> Vec<Finding> {
        Vec::new()
    }
}

struct Sevens<'a> {
    rest: &'a [crate::town::Patch],
    first: bool,
    next: usize,
}

impl Batches for Sevens<'_> {
    fn next_batch(&mut self, batch: &mut Batch) -> Result<bool, SourceFault> {
        batch.clear();
        if std::mem::take(&mut self.first) {
            batch.new_values = (0..=UNMAPPED).map(|value| Value::Integer(value as i64)).collect();
        }
        let (now, rest) = self.rest.split_at(self.rest.len().min(7));
        for patch in now {
            push(batch, &patch.parts);
            batch.push_patch(patch.class as u32, &self.next.to_string());
            self.next += 1;
        }
        self.rest = rest;
        Ok(!now.is_empty())
    }
}

fn sums(zone: &ZoneCoverage) -> Sums {
    let plane = |sum: AreaSum| sum.plane;
    let unmapped = &zone.strata[0].unmapped;
    let grounds = || zone.classes.iter().chain([unmapped]);
    let each = |of: fn(&ClassCoverage) -> AreaSum| grounds().map(|c| plane(of(c))).collect();
    Sums {
        zone: plane(zone.ground),
        net: each(|c| c.net),
        gross: each(|c| c.gross),
        features: grounds().map(|c| c.features).collect(),
        ranked: zone.classes.iter().map(|c| plane(c.ranked)).collect(),
        mapped: zone.strata.iter().map(|s| plane(s.mapped)).collect(),
        none: zone.strata.iter().map(|s| plane(s.none)).collect(),
        only_unmapped: plane(unmapped.ranked),
        figure: plane(zone.figures[0].area),
        figure_with_unmapped: plane(zone.figures[0].with_unmapped),
    }
}
