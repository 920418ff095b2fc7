//! Between a plane and the longitudes and latitudes it is projected from, through `proj4rs`.

use proj4rs::errors::Result as Projected;
use proj4rs::proj::Proj;
use proj4rs::transform::{Transform, TransformClosure, transform};

use super::definition::{Definition, Method, Plane};

/// A projection and its ellipsoid, ready to be used both ways.
pub(super) struct Projection {
    plane: Proj,
    degrees: Proj,
    /// Whether the way back to latitude is an iteration that ends some micrometres early.
    ends_early: bool,
}

impl Projection {
    /// That of a definition; `None` where it has none.
    pub(super) fn of(definition: &Definition) -> Option<Result<Self, String>> {
        let plane = definition.plane.as_ref()?;
        let ellipsoid = match definition.inverse_flattening {
            0.0 => format!("+a={0} +b={0}", definition.a_m),
            rf => format!("+a={} +rf={rf}", definition.a_m),
        };
        let proj = |text: String| Proj::from_proj_string(&text).map_err(|e| e.to_string());
        let both = || {
            let projected = proj(format!("{} {ellipsoid} +no_defs", told(plane)))?;
            let degrees = proj(format!("+proj=longlat {ellipsoid} +no_defs"))?;
            Ok(Self { plane: projected, degrees, ends_early: plane.method.ends_early() })
        };
        Some(both())
    }

    /// From the plane to degrees, in place. A place without an image becomes infinite.
    pub(super) fn unproject(&self, xs: &mut [f64], ys: &mut [f64]) {
        let aims = self.ends_early.then(|| (xs.to_vec(), ys.to_vec()));
        run(&self.plane, &self.degrees, xs, ys);
        if let Some((aim_xs, aim_ys)) = aims {
            self.sharpen(&aim_xs, &aim_ys, xs, ys);
        }
        xs.iter_mut().chain(ys).for_each(|c| *c = c.to_degrees());
    }

    /// From degrees to the plane, in place. A place without an image becomes infinite.
    pub(super) fn project(&self, xs: &mut [f64], ys: &mut [f64]) {
        xs.iter_mut().chain(&mut *ys).for_each(|c| *c = c.to_radians());
        run(&self.degrees, &self.plane, xs, ys);
    }
}

impl Projection {
    /// One more step of Newton's to the latitudes (in radians) of places that are known in the plane.
    fn sharpen(&self, aim_xs: &[f64], aim_ys: &[f64], longitudes: &[f64], latitudes: &mut [f64]) {
        /// Radians: small against the earth, large against what a number holds.
        const AHEAD: f64 = 1e-6;
        let at = |ahead: f64| {
            let (mut xs, mut ys) = (longitudes.to_vec(), latitudes.to_vec());
            ys.iter_mut().for_each(|latitude| *latitude += ahead);
            run(&self.degrees, &self.plane, &mut xs, &mut ys);
            (xs, ys)
        };
        let ((xs, ys), (north_xs, north_ys)) = (at(0.0), at(AHEAD));
        for (i, latitude) in latitudes.iter_mut().enumerate() {
            let way = [north_xs[i] - xs[i], north_ys[i] - ys[i]];
            let left = [aim_xs[i] - xs[i], aim_ys[i] - ys[i]];
            let step = AHEAD * (left[0] * way[0] + left[1] * way[1]) / (way[0] * way[0] + way[1] * way[1]);
            if step.abs() < AHEAD {
                *latitude += step;
            }
        }
    }
}

fn run(from: &Proj, to: &Proj, xs: &mut [f64], ys: &mut [f64]) {
    // No point is refused as a whole: each that has no image is marked.
    let _ = transform(from, to, &mut Places { xs, ys });
}

/// Coordinates of many places.
struct Places<'c> {
    xs: &'c mut [f64],
    ys: &'c mut [f64],
}

impl Transform for Places<'_> {
    fn transform_coordinates<F: TransformClosure>(&mut self, step: &mut F) -> Projected<()> {
        for (x, y) in self.xs.iter_mut().zip(self.ys.iter_mut()) {
            let image = if x.is_finite() && y.is_finite() { step(*x, *y, 0.0).ok() } else { None };
            let good = image.filter(|(x, y, _)| x.is_finite() && y.is_finite());
            (*x, *y) = good.map_or((f64::INFINITY, f64::INFINITY), |(x, y, _)| (x, y));
        }
        Ok(())
    }
}

/// The words that `proj4rs` takes for a projection, the ellipsoid aside. `{}` of a number is its shortest decimal.
fn told(plane: &Plane) -> String {
    let Plane { longitude, latitude, parallels: [first, second], scale, shift, unit_m, .. } = plane;
    let method = match plane.method {
        Method::TransverseMercator => format!("+proj=etmerc +lat_0={latitude} +k_0={scale}"),
        Method::LambertConic1 => {
            format!("+proj=lcc +lat_1={latitude} +lat_0={latitude} +k_0={scale}")
        }
        Method::LambertConic2 => format!("+proj=lcc +lat_1={first} +lat_2={second} +lat_0={latitude}"),
        Method::Albers => format!("+proj=aea +lat_1={first} +lat_2={second} +lat_0={latitude}"),
        Method::LambertAzimuthal => format!("+proj=laea +lat_0={latitude}"),
        Method::Mercator1 => format!("+proj=merc +k_0={scale}"),
        Method::Mercator2 => format!("+proj=merc +lat_ts={first}"),
        Method::WebMercator => "+proj=webmerc".to_owned(),
    };
    let [east_m, north_m] = shift.map(|shift| shift * unit_m);
    format!("{method} +lon_0={longitude} +x_0={east_m} +y_0={north_m} +to_meter={unit_m}")
}
