//! Carries coordinates from one CRS to another under the rule for datums: to longitudes and latitudes, perhaps by
//! seven parameters to another datum, and into the plane.

use super::projection::Projection;
use super::shift::Shift;
use super::{Crs, Kind, register};
use crate::layers::beyond;
use crate::layers::error::LayerError;
use crate::project::settings::DatumShift;

/// Carries coordinates from one CRS to another; both ends east (or longitude) first.
pub struct Carrier {
    steps: Vec<Step>,
}

/// One step on the way.
enum Step {
    ToDegrees(Projection),
    FromDegrees(Projection),
    Shifted(Shift),
    Beyond(beyond::Step),
}

impl Carrier {
    /// Between two CRS under the rule for datums. `layer` is named in the error.
    pub fn new(layer: &str, from: &Crs, to: &Crs, shift: Option<&DatumShift>) -> Result<Self, LayerError> {
        if from.same_as(to) {
            return Ok(Self { steps: Vec::new() });
        }
        from.usable()?;
        to.usable()?;
        let parameters = match shift {
            _ if from.shares_datum(to) => None,
            Some(DatumShift::Unshifted) => None,
            Some(DatumShift::Towgs84(parameters)) => Some(*parameters),
            None => {
                return Err(LayerError::OtherDatum {
                    layer: layer.to_owned(),
                    datum: from.datum.clone(),
                    working: format!("{} ({})", to.datum, to.label),
                });
            }
        };
        let mut steps = match parameters {
            Some(parameters) => shifted(from, parameters)?,
            None => to_degrees(from)?.into_iter().collect(),
        };
        steps.extend(from_degrees(to)?);
        Ok(Self { steps })
    }

    /// To longitude and latitude in degrees on the CRS's own datum.
    pub fn to_degrees(from: &Crs) -> Result<Self, LayerError> {
        Ok(Self { steps: to_degrees(from)?.into_iter().collect() })
    }

    /// Whether nothing changes.
    pub fn is_identity(&self) -> bool {
        self.steps.is_empty()
    }

    /// Carries coordinates, in place. A place without an image becomes infinite.
    pub fn carry(&self, xs: &mut [f64], ys: &mut [f64]) {
        for step in &self.steps {
            match step {
                Step::ToDegrees(projection) => projection.unproject(xs, ys),
                Step::FromDegrees(projection) => projection.project(xs, ys),
                Step::Shifted(shift) => {
                    for (x, y) in xs.iter_mut().zip(ys.iter_mut()) {
                        [*x, *y] = shift.carry(*x, *y);
                    }
                }
                Step::Beyond(step) => step.carry(xs, ys),
            }
        }
    }
}

/// To longitudes and latitudes on the CRS's own datum; no step where it has them.
fn to_degrees(crs: &Crs) -> Result<Option<Step>, LayerError> {
    match own_projection(crs) {
        Some(own) => Ok(own?.map(Step::ToDegrees)),
        None => Ok(beyond::Step::to_degrees(crs)?.map(Step::Beyond)),
    }
}

/// From longitudes and latitudes on the CRS's own datum; no step where it keeps them.
fn from_degrees(crs: &Crs) -> Result<Option<Step>, LayerError> {
    match own_projection(crs) {
        Some(own) => Ok(own?.map(Step::FromDegrees)),
        None => Ok(beyond::Step::from_degrees(crs)?.map(Step::Beyond)),
    }
}

/// By seven parameters to longitudes and latitudes on WGS 84.
fn shifted(crs: &Crs, parameters: [f64; 7]) -> Result<Vec<Step>, LayerError> {
    if crs.own.is_none() {
        return Ok(vec![Step::Beyond(beyond::Step::shifted(crs, parameters)?)]);
    }
    const WGS84: u32 = 4326;
    let wgs84 = register::by_code(WGS84).map_or(crs.ellipsoid, |wgs84| wgs84.ellipsoid());
    let shift = Shift::new(crs.ellipsoid, wgs84, parameters);
    Ok(to_degrees(crs)?.into_iter().chain([Step::Shifted(shift)]).collect())
}

/// The projection of a CRS that the program knows itself: none in the inner place for longitude and latitude.
fn own_projection(crs: &Crs) -> Option<Result<Option<Projection>, LayerError>> {
    let own = crs.own.as_ref()?;
    let bad = |cause: String| LayerError::BadCrs { text: crs.label.clone(), cause };
    let flat = crs.kind == Kind::Geographic;
    let projection = if flat { None } else { Projection::of(own) };
    Some(projection.transpose().map_err(bad))
}
