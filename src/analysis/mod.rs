//! The spine: calls the stages in order and keeps what each gave.
//!
//! [`analyze`](analyze::analyze) is the whole of a project: places, measures, facts, verdicts.
//! [`tabulate`](tabulate::tabulate) measures one cover over the zones. Formats and options are unknown here.

pub mod analyze;
mod facts;
pub mod noticed;
pub mod places;
pub mod reading;
pub mod tabulate;

use crate::finding::Finding;
use crate::geometry::area::AreaModel;
pub use crate::geometry::area::ToDegrees;
use crate::geometry::ellipsoid::Ellipsoid;
use crate::measure::coverage::{self, Coverage, Plan};
use crate::measure::patches::{self, Patches};
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

/// What was read and measured.
pub(crate) struct Measured {
    pub patches: Patches,
    pub plan: Plan,
    pub coverage: Coverage,
    pub findings: Vec<Finding>,
}

/// Reads the covers, plans by the values that were met, measures, and says what was noticed.
pub(crate) fn measure(
    zones: &Zones,
    area: &AreaModel,
    covers: &[&dyn Source],
    plan: impl FnOnce(&Patches) -> Plan,
    watch: &dyn Watch,
) -> Result<Measured, MeasureError> {
    let (patches, mut findings) = patches::gather(covers, zones, watch)?;
    let plan = plan(&patches);
    let coverage = coverage::measure(&patches, zones, &plan, area, watch)?;
    findings.extend(noticed::of_patches(&patches, &coverage));
    findings.extend(noticed::of_balance(zones, &plan, &coverage));
    Ok(Measured { patches, plan, coverage, findings })
}
