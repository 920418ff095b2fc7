//! PROJ strings to a definition: `+proj=tmerc +lon_0=114 +x_0=500000 +ellps=GRS80`.
//!
//! `None` for a projection, an ellipsoid or a word that is not known.

use super::definition::{Definition, Method, Plane};

/// Ellipsoids by their word: name, semi-major axis, inverse flattening.
const ELLIPSOIDS: [(&str, &str, f64, f64); 5] = [
    ("GRS80", "GRS 1980", 6_378_137.0, 298.257_222_101),
    ("WGS84", "WGS 84", 6_378_137.0, 298.257_223_563),
    ("krass", "Krassowsky 1940", 6_378_245.0, 298.3),
    ("intl", "International 1924", 6_378_388.0, 297.0),
    ("bessel", "Bessel 1841", 6_377_397.155, 299.152_812_8),
];

/// A definition from a PROJ string.
pub(super) fn from_text(text: &str) -> Option<Definition> {
    let mut said = Said::default();
    for word in text.split_whitespace() {
        let word = word.strip_prefix('+')?;
        let (key, value) = word.split_once('=').unwrap_or((word, ""));
        said.take(key, value)?;
    }
    said.definition()
}

/// What a string has said so far.
#[derive(Default)]
struct Said<'t> {
    projection: &'t str,
    plane: Option<Plane>,
    datum: Option<&'static str>,
    ellipsoid: Option<(String, f64, f64)>,
    a_m: Option<f64>,
    inverse_flattening: Option<f64>,
    zone: Option<f64>,
    south: bool,
}

impl<'t> Said<'t> {
    fn take(&mut self, key: &str, value: &'t str) -> Option<()> {
        let number = || value.parse::<f64>().ok().filter(|number| number.is_finite());
        let plane = self.plane.get_or_insert_with(|| Plane::by(Method::TransverseMercator));
        match key {
            "proj" => self.projection = value,
            "lat_0" => plane.latitude = number()?,
            "lon_0" => plane.longitude = number()?,
            "lat_1" | "lat_ts" => plane.parallels[0] = number()?,
            "lat_2" => plane.parallels[1] = number()?,
            "k" | "k_0" => plane.scale = number()?,
            "x_0" => plane.shift[0] = number()?,
            "y_0" => plane.shift[1] = number()?,
            "zone" => self.zone = number(),
            "south" => self.south = true,
            "units" if value == "m" => {}
            "datum" if value == "WGS84" => {
                (self.datum, self.ellipsoid) = (Some("WGS_1984"), ellipsoid("WGS84"));
            }
            "ellps" => self.ellipsoid = Some(ellipsoid(value)?),
            "a" => self.a_m = Some(number()?),
            "rf" => self.inverse_flattening = Some(number()?),
            "no_defs" | "type" | "wktext" => {}
            _ => return None,
        }
        Some(())
    }

    fn definition(mut self) -> Option<Definition> {
        let own = self.a_m.zip(self.inverse_flattening).map(|(a, rf)| ("unknown".to_owned(), a, rf));
        let (spheroid, a_m, inverse_flattening) = own.or(self.ellipsoid.take())?;
        let datum =
            self.datum.map_or_else(|| format!("Unknown based on {spheroid} ellipsoid"), str::to_owned);
        Some(Definition {
            name: "unknown".to_owned(),
            code: None,
            degrees: "unknown".to_owned(),
            datum,
            spheroid,
            a_m,
            inverse_flattening,
            plane: self.projected()?,
        })
    }

    /// The projection; none in the inner place for longitude and latitude.
    fn projected(self) -> Option<Option<Plane>> {
        let plane = self.plane?;
        let by = |method| Some(Some(Plane { method, ..plane.clone() }));
        match self.projection {
            "longlat" | "latlong" => Some(None),
            "tmerc" | "etmerc" => by(Method::TransverseMercator),
            "utm" => {
                let zone = self.zone.filter(|zone| (1.0..=60.0).contains(zone) && zone.fract() == 0.0)?;
                let north = if self.south { 10_000_000.0 } else { 0.0 };
                let origin = Plane::by(Method::TransverseMercator);
                let longitude = zone * 6.0 - 183.0;
                Some(Some(Plane { longitude, scale: 0.9996, shift: [500_000.0, north], ..origin }))
            }
            "lcc" if plane.parallels[1] != 0.0 && plane.scale == 1.0 => by(Method::LambertConic2),
            "aea" => by(Method::Albers),
            "laea" => by(Method::LambertAzimuthal),
            _ => None,
        }
    }
}

fn ellipsoid(word: &str) -> Option<(String, f64, f64)> {
    let known = ELLIPSOIDS.iter().find(|(known, ..)| *known == word);
    known.map(|(_, name, a_m, rf)| ((*name).to_owned(), *a_m, *rf))
}
