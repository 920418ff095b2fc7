//! Well-known text to a definition: OGC 1, Esri's `.prj`, ISO 19162 of GeoPackages.
//!
//! `None` for whatever is not wholly understood: another method, a parameter of an unknown name, another prime
//! meridian than Greenwich, angles that are not degrees, axes that point west or south.

use super::definition::{Definition, Method, Plane};
use super::wkt::Node;

/// Radians in a degree, as far as files write it out.
const DEGREE: f64 = 0.017_453_292_5;

/// A definition from a text.
pub(super) fn from_text(text: &str) -> Option<Definition> {
    from_node(&Node::read(text)?)
}

fn from_node(node: &Node) -> Option<Definition> {
    match node.word.as_str() {
        // A height, a bound shift: what lies on the ground is inside.
        "COMPD_CS" | "COMPOUNDCRS" => from_node(node.nodes.first()?),
        "BOUNDCRS" => from_node(node.inside(&["SOURCECRS"])?.nodes.first()?),
        "GEOGCS" | "GEOGCRS" | "GEODCRS" | "GEOGRAPHICCRS" | "GEODETICCRS" => {
            let degrees = degrees(node)?;
            Some(Definition { code: code(node), ..degrees })
        }
        "PROJCS" | "PROJCRS" | "PROJECTEDCRS" => projected(node),
        _ => None,
    }
}

const GEOGRAPHIC: [&str; 5] = ["GEOGCS", "GEOGCRS", "BASEGEOGCRS", "BASEGEODCRS", "GEODCRS"];

fn degrees(node: &Node) -> Option<Definition> {
    let datum = node.inside(&["DATUM", "GEODETICDATUM", "TRF", "ENSEMBLE"])?;
    let spheroid = datum.inside(&["SPHEROID", "ELLIPSOID"])?;
    let prime = node.inside(&["PRIMEM", "PRIMEMERIDIAN"]).map_or(Some(0.0), |prime| prime.number(1))?;
    let unit = unit(node, &["UNIT", "ANGLEUNIT"]).map_or(DEGREE, |(_, size)| size);
    if prime != 0.0 || (unit / DEGREE - 1.0).abs() > 1e-8 || turned(node) {
        return None;
    }
    // Only a length in metres is known.
    if spheroid.inside(&["LENGTHUNIT", "UNIT"]).is_some_and(|unit| unit.number(1) != Some(1.0)) {
        return None;
    }
    let name = node.text(0)?.to_owned();
    let datum = datum.text(0)?;
    Some(Definition {
        degrees: name.clone(),
        name,
        code: None,
        datum: datum.strip_prefix("D_").unwrap_or(datum).to_owned(),
        spheroid: spheroid.text(0)?.to_owned(),
        a_m: spheroid.number(1).filter(|a| *a > 1.0)?,
        inverse_flattening: spheroid.number(2).filter(|rf| *rf == 0.0 || *rf > 1.0)?,
        plane: None,
    })
}

fn projected(node: &Node) -> Option<Definition> {
    let degrees = degrees(node.inside(&GEOGRAPHIC)?)?;
    if turned(node) {
        return None;
    }
    let name = node.text(0)?.to_owned();
    let conversion = node.inside(&["CONVERSION"]);
    let method = conversion.unwrap_or(node).inside(&["PROJECTION", "METHOD"])?.text(0)?;
    let (unit, unit_m) = unit(node, &["UNIT", "LENGTHUNIT"])?;
    let mut plane = Plane { unit: unit.to_owned(), unit_m, ..Plane::by(self::method(node, method)?) };
    for parameter in &conversion.unwrap_or(node).nodes {
        if parameter.word == "PARAMETER" {
            let size = self::unit(parameter, &["LENGTHUNIT", "ANGLEUNIT", "SCALEUNIT", "UNIT"]);
            set(&mut plane, parameter.text(0)?, parameter.number(1)?, size.map(|(_, size)| size))?;
        }
    }
    settle(&mut plane)?;
    Some(Definition { name, code: code(node), plane: Some(plane), ..degrees })
}

/// The name and size of a unit; that of the first axis where the node itself has none.
fn unit<'n>(node: &'n Node, words: &[&str]) -> Option<(&'n str, f64)> {
    let of_axis = || node.inside(&["AXIS"]).and_then(|axis| axis.inside(words));
    let unit = node.inside(words).or_else(of_axis)?;
    Some((unit.text(0)?, unit.number(1).filter(|size| *size > 0.0)?))
}

/// Whether an axis points west or south.
fn turned(node: &Node) -> bool {
    let away = |axis: &Node| {
        axis.values.iter().skip(1).any(|way| ["WEST", "SOUTH"].contains(&way.to_ascii_uppercase().as_str()))
    };
    node.nodes.iter().filter(|n| n.word == "AXIS").any(away)
}

/// The EPSG code that a text gives itself.
fn code(node: &Node) -> Option<u32> {
    let id = node.inside(&["AUTHORITY", "ID"])?;
    id.text(0).filter(|authority| authority.eq_ignore_ascii_case("EPSG"))?;
    id.text(1)?.parse().ok()
}

/// Letters and digits of a name, small.
fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn method(node: &Node, name: &str) -> Option<Method> {
    let web = node.inside(&["EXTENSION"]).and_then(|e| e.text(1)).is_some_and(|text| text.contains("@null"));
    Some(match plain(name).as_str() {
        "transversemercator" | "gausskruger" => Method::TransverseMercator,
        "lambertconformalconic1sp" | "lambertconicconformal1sp" => Method::LambertConic1,
        "lambertconformalconic2sp" | "lambertconicconformal2sp" | "lambertconformalconic" => {
            Method::LambertConic2
        }
        "albersconicequalarea" | "albersequalarea" | "albers" => Method::Albers,
        "lambertazimuthalequalarea" => Method::LambertAzimuthal,
        "mercator1sp" if web => Method::WebMercator,
        "mercator1sp" | "mercatorvarianta" => Method::Mercator1,
        "mercator2sp" | "mercatorvariantb" | "mercator" => Method::Mercator2,
        "mercatorauxiliarysphere" | "popularvisualisationpseudomercator" => Method::WebMercator,
        _ => return None,
    })
}

/// Sets a parameter; `None` where its name is not known.
fn set(plane: &mut Plane, name: &str, value: f64, size: Option<f64>) -> Option<()> {
    let length = value * size.map_or(1.0, |size| size / plane.unit_m);
    let degrees = size.is_none_or(|size| (size / DEGREE - 1.0).abs() < 1e-8);
    let angle = || degrees.then_some(value);
    match plain(name).as_str() {
        "falseeasting" | "eastingatfalseorigin" => plane.shift[0] = length,
        "falsenorthing" | "northingatfalseorigin" => plane.shift[1] = length,
        "centralmeridian"
        | "longitudeofcenter"
        | "longitudeofcentre"
        | "longitudeoforigin"
        | "longitudeofnaturalorigin"
        | "longitudeoffalseorigin" => plane.longitude = angle()?,
        "latitudeoforigin"
        | "latitudeofcenter"
        | "latitudeofcentre"
        | "latitudeofnaturalorigin"
        | "latitudeoffalseorigin" => plane.latitude = angle()?,
        "standardparallel1" | "latitudeof1ststandardparallel" => plane.parallels[0] = angle()?,
        "standardparallel2" | "latitudeof2ndstandardparallel" => plane.parallels[1] = angle()?,
        "scalefactor" | "scalefactoratnaturalorigin" => plane.scale = value,
        // Esri's web Mercator: the kind of sphere, which is the usual one.
        "auxiliaryspheretype" if value == 0.0 => {}
        _ => return None,
    }
    Some(())
}

/// Makes of what was said the one way to say it; `None` where it is no projection.
fn settle(plane: &mut Plane) -> Option<()> {
    let latitudes = [plane.latitude, plane.parallels[0], plane.parallels[1]];
    if plane.scale <= 0.0 || latitudes.iter().any(|l| l.abs() > 90.0) || plane.longitude.abs() > 360.0 {
        return None;
    }
    match plane.method {
        // Esri writes both kinds of the conic under one name, that of one parallel with the parallel at the origin.
        Method::LambertConic2 if plane.parallels[1] == 0.0 && plane.parallels[0] == plane.latitude => {
            (plane.method, plane.parallels) = (Method::LambertConic1, [0.0; 2]);
        }
        Method::LambertConic2 if plane.scale != 1.0 => return None,
        Method::Mercator1 | Method::Mercator2 if plane.latitude != 0.0 => return None,
        Method::Mercator2 if plane.parallels[0] == 0.0 => {
            (plane.method, plane.parallels) = (Method::Mercator1, [0.0; 2]);
        }
        // On the sphere of web maps nothing else is said anywhere.
        Method::WebMercator if plane.latitude != 0.0 || plane.longitude != 0.0 || plane.scale != 1.0 => {
            return None;
        }
        Method::WebMercator => plane.parallels = [0.0; 2],
        _ => {}
    }
    let conic = matches!(plane.method, Method::LambertConic2 | Method::Albers);
    let flat = conic && (plane.parallels[0] + plane.parallels[1]).abs() < 1e-9;
    let about_equator = plane.method == Method::LambertConic1 && plane.latitude.abs() < 1e-9;
    (!flat && !about_equator).then_some(())
}
