//! A definition as well-known text, OGC 1: what a GeoPackage and GDAL take.

use std::fmt::Write;

use super::definition::{Definition, Method, Plane};

impl Definition {
    /// Well-known text.
    pub(super) fn wkt(&self) -> String {
        let mut text = String::new();
        match &self.plane {
            None => self.write_degrees(&self.name, &mut text),
            Some(plane) => {
                let _ = write!(text, "PROJCS[{},", quoted(&self.name));
                self.write_degrees(&self.degrees, &mut text);
                text.push(']');
                write_plane(plane, &mut text);
            }
        }
        if let Some(code) = self.code {
            let _ = write!(text, ",AUTHORITY[\"EPSG\",\"{code}\"]");
        }
        text.push(']');
        text
    }

    /// Its longitudes and latitudes, the last bracket left open.
    fn write_degrees(&self, name: &str, text: &mut String) {
        let (name, datum, spheroid) = (quoted(name), quoted(&self.datum), quoted(&self.spheroid));
        let (a, rf) = (self.a_m, self.inverse_flattening);
        // Writing to a string cannot fail.
        let _ = write!(
            text,
            "GEOGCS[{name},DATUM[{datum},SPHEROID[{spheroid},{a},{rf}]],PRIMEM[\"Greenwich\",0],\
             UNIT[\"degree\",0.0174532925199433]"
        );
    }
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn write_plane(plane: &Plane, text: &mut String) {
    let (method, parameters) = told(plane);
    let _ = write!(text, ",PROJECTION[\"{method}\"]");
    for (name, value) in parameters {
        let _ = write!(text, ",PARAMETER[\"{name}\",{value}]");
    }
    let [east, north] = plane.shift;
    let (unit, unit_m) = (quoted(&plane.unit), plane.unit_m);
    let _ = write!(text, ",PARAMETER[\"false_easting\",{east}],PARAMETER[\"false_northing\",{north}]");
    let _ = write!(text, ",UNIT[{unit},{unit_m}],AXIS[\"Easting\",EAST],AXIS[\"Northing\",NORTH]");
    if plane.method == Method::WebMercator {
        text.push_str(
            ",EXTENSION[\"PROJ4\",\"+proj=merc +a=6378137 +b=6378137 +lat_ts=0 +lon_0=0 +x_0=0 +y_0=0 +k=1 \
             +units=m +nadgrids=@null +wktext +no_defs\"]",
        );
    }
}

/// The method's name, and its parameters but the shift.
fn told(plane: &Plane) -> (&'static str, Vec<(&'static str, f64)>) {
    let Plane { longitude, latitude, parallels: [first, second], scale, .. } = *plane;
    let origin = [("latitude_of_origin", latitude), ("central_meridian", longitude)];
    let centre = [("latitude_of_center", latitude), ("longitude_of_center", longitude)];
    let parallels = [("standard_parallel_1", first), ("standard_parallel_2", second)];
    let with_scale = |origin: &[(&'static str, f64)]| [origin, &[("scale_factor", scale)]].concat();
    match plane.method {
        Method::TransverseMercator => ("Transverse_Mercator", with_scale(&origin)),
        Method::LambertConic1 => ("Lambert_Conformal_Conic_1SP", with_scale(&origin)),
        Method::LambertConic2 => ("Lambert_Conformal_Conic_2SP", [parallels, origin].concat()),
        Method::Albers => ("Albers_Conic_Equal_Area", [parallels, centre].concat()),
        Method::LambertAzimuthal => ("Lambert_Azimuthal_Equal_Area", centre.to_vec()),
        Method::Mercator1 | Method::WebMercator => ("Mercator_1SP", with_scale(&origin[1..])),
        Method::Mercator2 => ("Mercator_2SP", [parallels[0], origin[1]].to_vec()),
    }
}
