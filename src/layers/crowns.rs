//! Points of trees as crowns (树冠): each the disc on the ground that its diameter says.
//!
//! In: the places of a feature in the working CRS, and its diameter. Out: polygons in their stead, so that crowns are a
//! cover like any other, united with canopy of polygons and of cells. A feature without a usable diameter keeps its row
//! and has no ground; a finding counts and names such features.

use crate::attribute::Value;
use crate::finding::{Finding, Severity, listed};
use crate::geometry::disc::disc;
use crate::geometry::grid::{Point, steps};
use crate::geometry::length::LengthModel;
use crate::layers::cover::OpenLayer;
use crate::layers::crs::{Carrier, Crs};
use crate::layers::error::LayerError;
use crate::layers::polygons::Naming;
use crate::layers::rows::Row;
use crate::project::settings::CrownSettings;
use crate::survey::{Batch, RingKind};
use crate::words;
use crate::words::Words;

/// The crowns of a layer of points.
#[derive(Debug, Clone)]
pub(super) struct Crowns {
    field: usize,
    name: String,
    most_m: f64,
}

impl Crowns {
    /// As a layer is asked to have them.
    pub(super) fn new(settings: &CrownSettings, layer: &OpenLayer) -> Result<Self, LayerError> {
        let name = settings.field.clone();
        Ok(Self { field: layer.field(&name)?, name, most_m: settings.most_m })
    }

    /// The field with the diameter.
    pub(super) fn field(&self) -> usize {
        self.field
    }

    /// Starts drawing crowns in a CRS.
    pub(super) fn drawer(&self, working: &Crs) -> Result<Drawer<'_>, LayerError> {
        Ok(Drawer {
            crowns: self,
            to_degrees: Carrier::to_degrees(working)?,
            scale: LengthModel::new(working.ellipsoid, working.unit_m),
            unit_m: working.unit_m,
            crownless: Crownless { field: self.name.clone(), most_m: self.most_m, ..Crownless::default() },
        })
    }

    /// The diameter in metres, or why there is none.
    fn diameter_m(&self, value: &Value) -> Result<f64, Why> {
        match value.number() {
            None if *value == Value::Null => Err(Why::Missing),
            Some(metres) if metres > self.most_m => Err(Why::TooLarge),
            Some(metres) if metres > 0.0 => Ok(metres),
            Some(metres) if metres <= 0.0 => Err(Why::NotPositive),
            _ => Err(Why::NotNumber),
        }
    }
}

/// Draws crowns feature by feature.
pub(super) struct Drawer<'a> {
    crowns: &'a Crowns,
    to_degrees: Carrier,
    scale: LengthModel,
    unit_m: f64,
    crownless: Crownless,
}

impl Drawer<'_> {
    /// Puts crowns in the stead of the places that were added to the batch last.
    pub(super) fn draw(&mut self, row: &mut dyn Row, naming: Naming, batch: &mut Batch) {
        let first = batch.patches.last().map_or(0, |patch| patch.ring_end as usize);
        let from = first.checked_sub(1).and_then(|ring| batch.rings.get(ring)).map_or(0, |ring| ring.end);
        let places = batch.points.get(from as usize..).unwrap_or_default().to_vec();
        batch.drop_rings();
        if places.is_empty() {
            return;
        }
        match self.crowns.diameter_m(&row.cell(self.crowns.field).value()) {
            Ok(metres) => places.iter().for_each(|place| {
                let radius = metres / 2.0 / self.metres_per_unit(*place);
                batch.push_ring(RingKind::Shell, disc(*place, radius));
            }),
            Err(why) => self.crownless.features.push((why, naming.id(row))),
        }
    }

    fn metres_per_unit(&mut self, [x, y]: [f64; 2]) -> f64 {
        let carry = |xs: &mut [f64], ys: &mut [f64]| self.to_degrees.carry(xs, ys);
        let metres = self.scale.metres_per_unit(Point::new(steps(x), steps(y)), &carry);
        // Where the projection has no ground, no zone has any.
        if metres.is_finite() { metres } else { self.unit_m }
    }

    /// What was noticed.
    pub(super) fn noticed(&mut self) -> Crownless {
        std::mem::take(&mut self.crownless)
    }
}

/// Why a point has no crown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Why {
    Missing,
    NotNumber,
    NotPositive,
    TooLarge,
}

/// Points without a crown.
#[derive(Debug, Default)]
pub(super) struct Crownless {
    /// The field that should say its diameter.
    field: String,
    /// The largest diameter that is one.
    most_m: f64,
    features: Vec<(Why, String)>,
}

impl Crownless {
    /// This, followed by those of the next stretch of the layer.
    pub(super) fn join(&mut self, mut next: Self) {
        self.features.append(&mut next.features);
    }

    /// Says it, one finding a reason.
    pub(super) fn findings(&self) -> Vec<Finding> {
        let whys = [Why::Missing, Why::NotNumber, Why::NotPositive, Why::TooLarge];
        whys.into_iter().filter_map(|why| self.finding(why)).collect()
    }

    fn finding(&self, why: Why) -> Option<Finding> {
        let features: Vec<&String> =
            self.features.iter().filter(|(of, _)| *of == why).map(|(_, id)| id).collect();
        let n = features.len();
        let (code, Words { en, zh }) = self.told(why);
        let ids = listed(&features);
        let sentence = words!(
            "{n} trees have {en} and no crown is drawn for them: {ids}",
            "{n} 株树木{zh}，未绘制树冠：{ids}"
        );
        let hint = words!(
            "measure these crowns, or leave the points out with where; none of their ground is counted here",
            "请补测冠幅，或用 where 条件排除这些点；其树冠均未计入本图层"
        );
        let finding = Finding::new(code, Severity::Warning, sentence).counting(n as u64).with_hint(hint);
        (n > 0).then_some(finding)
    }

    fn told(&self, why: Why) -> (&'static str, Words) {
        let Self { field, most_m, .. } = self;
        match why {
            Why::Missing => ("crown-missing", words!("no diameter in {field}", "的字段 {field} 无冠幅值")),
            Why::NotNumber => (
                "crown-not-number",
                words!("a diameter in {field} that is no number", "的字段 {field} 冠幅不是数"),
            ),
            Why::NotPositive => (
                "crown-not-positive",
                words!("a diameter of 0 or less in {field}", "的字段 {field} 冠幅不大于 0"),
            ),
            Why::TooLarge => (
                "crown-too-large",
                words!(
                    "a diameter of more than {most_m} m in {field} (it is read in metres)",
                    "的字段 {field} 冠幅超过 {most_m} 米（按米读取）"
                ),
            ),
        }
    }
}
