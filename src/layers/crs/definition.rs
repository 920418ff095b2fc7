//! A coordinate reference system that the program knows itself: datum, ellipsoid, and perhaps a projection.
//!
//! Always Greenwich and degrees; eastings and northings in one unit, east first. Whatever cannot be said so is no
//! [`Definition`] and is left to GDAL.

use crate::geometry::ellipsoid::Ellipsoid;

/// What is known of a coordinate reference system.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::layers) struct Definition {
    /// Its name.
    pub name: String,
    /// Its number in the EPSG register.
    pub code: Option<u32>,
    /// The name of its longitudes and latitudes.
    pub degrees: String,
    /// The datum's name, without the prefix `D_`.
    pub datum: String,
    /// The ellipsoid's name.
    pub spheroid: String,
    /// Its semi-major axis.
    pub a_m: f64,
    /// Its inverse flattening; nought for a sphere.
    pub inverse_flattening: f64,
    /// The projection; `None` for longitude and latitude.
    pub plane: Option<Plane>,
}

/// A projection with all it is told.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::layers) struct Plane {
    /// The method.
    pub method: Method,
    /// Longitude of the origin, in degrees: the central meridian.
    pub longitude: f64,
    /// Latitude of the origin, in degrees.
    pub latitude: f64,
    /// Standard parallels, in degrees; nought where the method has none.
    pub parallels: [f64; 2],
    /// Scale on the central meridian or at the origin.
    pub scale: f64,
    /// False easting and northing, in its unit.
    pub shift: [f64; 2],
    /// Metres in its unit.
    pub unit_m: f64,
    /// Name of its unit.
    pub unit: String,
}

/// How the ellipsoid is brought into the plane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::layers) enum Method {
    /// Transverse Mercator: Gauss-Krüger, UTM.
    TransverseMercator,
    /// Lambert's conformal conic with one standard parallel.
    LambertConic1,
    /// Lambert's conformal conic with two.
    LambertConic2,
    /// Albers' equal-area conic.
    Albers,
    /// Lambert's azimuthal equal-area.
    LambertAzimuthal,
    /// Mercator with a scale at the equator.
    Mercator1,
    /// Mercator true on a parallel.
    Mercator2,
    /// The sphere of web maps under longitudes and latitudes of an ellipsoid.
    WebMercator,
}

impl Method {
    /// Whether the way back from the plane to latitude is an iteration in `proj4rs` that ends some micrometres early.
    pub(super) fn ends_early(self) -> bool {
        matches!(self, Self::LambertConic1 | Self::LambertConic2 | Self::Mercator1 | Self::Mercator2)
    }
}

impl Plane {
    /// A projection by this method with nothing said: true in scale, metres, all else nought.
    pub(super) fn by(method: Method) -> Self {
        Self {
            method,
            longitude: 0.0,
            latitude: 0.0,
            parallels: [0.0; 2],
            scale: 1.0,
            shift: [0.0; 2],
            unit_m: 1.0,
            unit: "metre".to_owned(),
        }
    }

    /// What it is told, in the order of equal methods.
    fn numbers(&self) -> [f64; 8] {
        let Self { longitude, latitude, parallels, scale, shift, unit_m, .. } = self;
        [*longitude, *latitude, parallels[0], parallels[1], *scale, shift[0], shift[1], *unit_m]
    }
}

impl Definition {
    /// The ellipsoid.
    pub(super) fn ellipsoid(&self) -> Ellipsoid {
        let flattening = if self.inverse_flattening == 0.0 { 0.0 } else { 1.0 / self.inverse_flattening };
        Ellipsoid::from_axes(self.a_m, self.a_m * (1.0 - flattening))
    }

    /// The datum's name folded: `D_China_2000`, `China 2000` and `china_2000` are one.
    pub(super) fn folded_datum(&self) -> String {
        folded(&self.datum)
    }

    /// Whether coordinates of the one are coordinates of the other, names aside but that of the datum.
    pub(super) fn same_ground(&self, other: &Self) -> bool {
        let planes = match (&self.plane, &other.plane) {
            (None, None) => true,
            (Some(a), Some(b)) => {
                a.method == b.method && a.numbers().iter().zip(b.numbers()).all(|(a, b)| near(*a, b))
            }
            _ => false,
        };
        planes && self.same_ellipsoid(other) && self.folded_datum() == other.folded_datum()
    }

    fn same_ellipsoid(&self, other: &Self) -> bool {
        near(self.a_m, other.a_m) && near(self.inverse_flattening, other.inverse_flattening)
    }

    /// The longitudes and latitudes that it is projected from.
    pub(super) fn unprojected(&self) -> Self {
        let code = self.code.filter(|_| self.plane.is_none());
        Self { name: self.degrees.clone(), code, plane: None, ..self.clone() }
    }
}

/// Whether numbers are one that was written with fewer digits.
fn near(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-10 * a.abs().max(b.abs())
}

/// A datum's name without what differs between the dialects.
pub(in crate::layers) fn folded(name: &str) -> String {
    let name = name.strip_prefix("D_").unwrap_or(name).to_lowercase();
    let name: String = name.chars().filter(|c| c.is_alphanumeric()).collect();
    let name = name.strip_suffix("ensemble").map(str::to_owned).unwrap_or(name);
    ALIASES.iter().find(|(esri, _)| *esri == name).map_or(name, |(_, epsg)| (*epsg).to_owned())
}

/// Esri's names of datums, folded, and what the EPSG register calls them.
const ALIASES: [(&str, &str); 12] = [
    ("etrs1989", "europeanterrestrialreferencesystem1989"),
    ("worldgeodeticsystem1984", "wgs1984"),
    ("wgs84", "wgs1984"),
    ("chinageodeticcoordinatesystem2000", "china2000"),
    ("cgcs2000", "china2000"),
    ("northamerican1983", "northamericandatum1983"),
    ("northamerican1927", "northamericandatum1927"),
    ("rgf1993", "reseaugeodesiquefrancais1993"),
    ("reseaugeodesiquefrancais1993v1", "reseaugeodesiquefrancais1993"),
    ("belge1972", "reseaunationalbelge1972"),
    ("gda1994", "geocentricdatumofaustralia1994"),
    ("jgd2000", "japanesegeodeticdatum2000"),
];
