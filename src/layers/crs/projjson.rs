//! PROJJSON of a GeoParquet to a definition: put into the words of well-known text, and read as such.

use serde_json::Value as Json;

use super::definition::Definition;
use super::reading;

/// A definition from a JSON text.
pub(super) fn from_text(text: &str) -> Option<Definition> {
    let json: Json = serde_json::from_str(text).ok()?;
    let horizontal = json.get("components").and_then(|parts| parts.get(0)).unwrap_or(&json);
    let horizontal = horizontal.get("source_crs").unwrap_or(horizontal);
    reading::from_text(&crs(horizontal)?)
}

fn crs(json: &Json) -> Option<String> {
    match text(json, "type")? {
        "GeographicCRS" | "GeodeticCRS" => Some(degrees(json, "GEOGCRS")? + &axes(json)? + &id(json) + "]"),
        "ProjectedCRS" => {
            let base = degrees(json.get("base_crs")?, "BASEGEOGCRS")? + "]";
            let conversion = conversion(json.get("conversion")?)?;
            let name = quoted(text(json, "name")?);
            Some(format!("PROJCRS[{name},{base},{conversion}{}{}]", axes(json)?, id(json)))
        }
        _ => None,
    }
}

/// Longitudes and latitudes, the last bracket left open.
fn degrees(json: &Json, word: &str) -> Option<String> {
    let datum = json.get("datum").or_else(|| json.get("datum_ensemble"))?;
    let ellipsoid = datum.get("ellipsoid")?;
    let rf = match (number(ellipsoid, "inverse_flattening"), number(ellipsoid, "semi_minor_axis")) {
        (Some(rf), _) => rf,
        (None, Some(b)) => {
            let a = number(ellipsoid, "semi_major_axis")?;
            if a == b { 0.0 } else { a / (a - b) }
        }
        (None, None) => 0.0,
    };
    let a = number(ellipsoid, "semi_major_axis").or_else(|| number(ellipsoid, "radius"))?;
    let prime = datum.get("prime_meridian").map_or(Some(0.0), |prime| number(prime, "longitude"))?;
    Some(format!(
        "{word}[{},DATUM[{},ELLIPSOID[{},{a},{rf}]],PRIMEM[\"\",{prime}]",
        quoted(text(json, "name")?),
        quoted(text(datum, "name")?),
        quoted(text(ellipsoid, "name")?),
    ))
}

fn conversion(json: &Json) -> Option<String> {
    let method = quoted(text(json.get("method")?, "name")?);
    let mut conversion = format!("CONVERSION[\"\",METHOD[{method}]");
    for parameter in json.get("parameters")?.as_array()? {
        let (name, value) = (quoted(text(parameter, "name")?), number(parameter, "value")?);
        let unit = unit(parameter.get("unit")?)?;
        conversion += &format!(",PARAMETER[{name},{value},{unit}]");
    }
    Some(conversion + "]")
}

/// The axes of the coordinates, each with its unit.
fn axes(json: &Json) -> Option<String> {
    let axes = json.get("coordinate_system")?.get("axis")?.as_array()?;
    let axis = |axis: &Json| {
        let way = text(axis, "direction").filter(|way| way.chars().all(char::is_alphabetic))?;
        Some(format!(",AXIS[\"\",{way},{}]", unit(axis.get("unit")?)?))
    };
    axes.iter().map(axis).collect()
}

fn unit(json: &Json) -> Option<String> {
    match json.as_str() {
        Some("metre") => Some("LENGTHUNIT[\"metre\",1]".to_owned()),
        Some("degree") => Some("ANGLEUNIT[\"degree\",0.0174532925199433]".to_owned()),
        Some("unity") => Some("SCALEUNIT[\"unity\",1]".to_owned()),
        Some(_) => None,
        None => {
            let (kind, name) = (text(json, "type")?, quoted(text(json, "name")?));
            let word = match kind {
                "LinearUnit" => "LENGTHUNIT",
                "AngularUnit" => "ANGLEUNIT",
                _ => return None,
            };
            Some(format!("{word}[{name},{}]", number(json, "conversion_factor")?))
        }
    }
}

fn id(json: &Json) -> String {
    let code = || {
        let id = json.get("id")?;
        text(id, "authority").filter(|authority| *authority == "EPSG")?;
        id.get("code")?.as_u64()
    };
    code().map_or_else(String::new, |code| format!(",ID[\"EPSG\",{code}]"))
}

fn text<'j>(json: &'j Json, key: &str) -> Option<&'j str> {
    json.get(key)?.as_str()
}

fn number(json: &Json, key: &str) -> Option<f64> {
    json.get(key)?.as_f64()
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
