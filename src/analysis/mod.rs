//! The spine: calls the stages in order and keeps what each gave.
//!
//! [`analyze`](analyze::analyze) is the whole of a project: places, measures, facts, verdicts.
//! [`tabulate`](tabulate::tabulate) measures one cover over the zones, [`tally`] the lines or points of a layer,
//! [`zonal`] the cells of a raster. Formats and options are unknown here.

pub mod analyze;
pub mod cells;
mod facts;
pub mod further;
pub mod inventory;
mod judging;
mod missing;
pub mod noticed;
pub mod noticed_cells;
pub mod noticed_residents;
pub mod pieces;
pub mod places;
pub mod reading;
pub mod rings;
mod rows;
mod sets;
pub mod tabulate;
pub mod tally;
mod towns;
mod within;
pub mod zonal;

use crate::attribute::Value;
pub use crate::geometry::area::{AreaModel, ToDegrees};
use crate::geometry::ellipsoid::Ellipsoid;
pub use crate::geometry::fractions::Rule as CellRule;
use crate::measure::coverage::{self, Measured, Plan};
use crate::measure::heap::Room;
use crate::measure::trail::Trail;
use crate::measure::{MeasureError, Watch};
use crate::prepare::Zones;
use crate::survey::Source;

/// The plane that a run works in, as far as areas need to know it.
pub struct Ground<'a> {
    /// The ellipsoid of the working CRS.
    pub ellipsoid: Ellipsoid,
    /// Metres in one unit of the working CRS.
    pub unit_m: f64,
    /// From working coordinates to degrees.
    pub to_degrees: &'a ToDegrees<'a>,
}

impl Ground<'_> {
    /// The area model over the tiles of some zones.
    pub fn model(&self, zones: &Zones) -> AreaModel {
        AreaModel::new(zones.tiles(), self.ellipsoid, self.unit_m, self.to_degrees)
    }
}

/// Reads the covers, plans by the values that were met, measures, and says what was noticed.
pub(crate) fn measure(
    zones: &Zones,
    area: &AreaModel,
    covers: &[&dyn Source],
    plan: impl FnOnce(&[Vec<Value>]) -> Plan + Send,
    room: Room<'_>,
    watch: &dyn Watch,
) -> Result<Measured, MeasureError> {
    let mut measured = coverage::measure(covers, zones, plan, area, room, watch)?;
    look_over(zones, &mut measured);
    Ok(measured)
}

/// The same, and the pieces that it adds up.
pub(crate) fn measure_traced(
    zones: &Zones,
    area: &AreaModel,
    covers: &[&dyn Source],
    plan: impl FnOnce(&[Vec<Value>]) -> Plan + Send,
    room: Room<'_>,
    watch: &dyn Watch,
) -> Result<(Measured, Trail), MeasureError> {
    let (mut measured, trail) = coverage::measure_traced(covers, zones, plan, area, room, watch)?;
    look_over(zones, &mut measured);
    Ok((measured, trail))
}

/// Says what was noticed of what was measured.
fn look_over(zones: &Zones, measured: &mut Measured) {
    let noticed = noticed::of_patches(&measured.patches, &measured.coverage);
    measured.findings.extend(noticed);
    measured.findings.extend(noticed::of_parts(&measured.patches));
    measured.findings.extend(noticed::of_books(measured, zones));
}
