//! Seven parameters from one datum to WGS 84, in the position-vector sense, as PROJ's `+towgs84` has it.

use crate::geometry::ellipsoid::Ellipsoid;

/// Most rounds of the way back to latitude; four are enough on the ground.
const ROUNDS: usize = 12;

/// From longitudes and latitudes on one ellipsoid to those of WGS 84.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shift {
    from: Ellipsoid,
    to: Ellipsoid,
    /// Metres, radians, scale.
    moved_m: [f64; 3],
    turned: [f64; 3],
    scale: f64,
}

impl Shift {
    /// By dx, dy, dz in metres, rx, ry, rz in seconds of arc, and parts per million.
    pub(super) fn new(from: Ellipsoid, to: Ellipsoid, p: [f64; 7]) -> Self {
        let radians = |seconds: f64| (seconds / 3600.0).to_radians();
        Self {
            from,
            to,
            moved_m: [p[0], p[1], p[2]],
            turned: [radians(p[3]), radians(p[4]), radians(p[5])],
            scale: 1.0 + p[6] * 1e-6,
        }
    }

    /// Carries a place in degrees; what is no place becomes infinite.
    pub(super) fn carry(&self, longitude: f64, latitude: f64) -> [f64; 2] {
        if !(latitude.abs() <= 90.0 && longitude.is_finite()) {
            return [f64::INFINITY; 2];
        }
        let [x, y, z] = cartesian(&self.from, longitude.to_radians(), latitude.to_radians());
        let ([rx, ry, rz], [dx, dy, dz]) = (self.turned, self.moved_m);
        let turned = [x - rz * y + ry * z, rz * x + y - rx * z, -ry * x + rx * y + z];
        let moved = [dx + self.scale * turned[0], dy + self.scale * turned[1], dz + self.scale * turned[2]];
        geographic(&self.to, moved).map(f64::to_degrees)
    }
}

/// The place in space of a place on the ellipsoid.
fn cartesian(ellipsoid: &Ellipsoid, longitude: f64, latitude: f64) -> [f64; 3] {
    let (sin, cos) = latitude.sin_cos();
    let normal = ellipsoid.a_m / (1.0 - ellipsoid.e2() * sin * sin).sqrt();
    let (east, along) = longitude.sin_cos();
    [normal * cos * along, normal * cos * east, normal * (1.0 - ellipsoid.e2()) * sin]
}

/// Longitude and latitude of a place in space: by Bowring's formula on the reduced latitude, until it stands.
fn geographic(ellipsoid: &Ellipsoid, [x, y, z]: [f64; 3]) -> [f64; 2] {
    let (e2, from_axis) = (ellipsoid.e2(), x.hypot(y));
    let second_e2 = e2 / (1.0 - e2);
    let ratio = 1.0 - ellipsoid.flattening;
    let mut reduced = z.atan2(ratio * from_axis);
    let mut latitude = reduced;
    for _ in 0..ROUNDS {
        let (sin, cos) = reduced.sin_cos();
        let up = z + second_e2 * ellipsoid.b_m() * sin.powi(3);
        let next = up.atan2(from_axis - e2 * ellipsoid.a_m * cos.powi(3));
        let stands = next == latitude;
        latitude = next;
        reduced = (ratio * latitude.sin()).atan2(latitude.cos());
        if stands {
            break;
        }
    }
    [y.atan2(x), latitude]
}
