//! Whether a layer's coordinates can be in the CRS it declares, and which CRS would fit instead.

use crate::layers::cover::OpenLayer;
use crate::layers::crs::{Carrier, Crs, Kind};
use crate::layers::error::LayerError;
use crate::words;
use crate::words::Words;

/// West, south, east, north.
pub type Extent = [f64; 4];

/// China with its margins, in degrees; where a guess has to look first.
const CHINA: Extent = [73.0, 17.0, 136.0, 54.0];

/// A layer this many degrees off the central meridian of its Gauss-Krüger zone is not in that zone.
const FARTHEST_FROM_MERIDIAN_DEG: f64 = 12.0;

/// The extent of a layer in degrees on its own datum.
///
/// # Errors
/// [`LayerError::Contradicts`] where the coordinates cannot be in the declared CRS.
pub fn extent_in_degrees(layer: &OpenLayer) -> Result<Option<Extent>, LayerError> {
    let Some(extent) = layer.extent() else { return Ok(None) };
    judged(layer, extent).or_else(|error| {
        // One absurd vertex does not speak for the layer; its feature is left out when it is read.
        possible_extent(layer).and_then(|extent| judged(layer, extent).ok()).ok_or(error)
    })
}

/// The rectangle around those features that have a longitude and a latitude.
fn possible_extent(layer: &OpenLayer) -> Option<Extent> {
    let (xs, ys) = layer.centres();
    let (mut longitudes, mut latitudes) = (xs.clone(), ys.clone());
    Carrier::to_degrees(&layer.crs).ok()?.carry(&mut longitudes, &mut latitudes);
    let possible = (0..xs.len()).filter(|&i| longitudes[i].abs() <= 360.0 && latitudes[i].abs() <= 90.0);
    possible
        .map(|i| [xs[i], ys[i], xs[i], ys[i]])
        .reduce(|a, b| [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])])
}

fn judged(layer: &OpenLayer, extent: Extent) -> Result<Option<Extent>, LayerError> {
    if let Some(why) = impossible(&layer.crs, extent) {
        return Err(contradiction(layer, extent, why, None));
    }
    let none = || {
        let why = words!("they have no longitude and latitude in it", "在该坐标系下没有对应的经纬度");
        contradiction(layer, extent, why, None)
    };
    degrees_of(&layer.crs, extent)?.ok_or_else(none).map(Some)
}

/// That a cover lies near the zones.
///
/// # Errors
/// [`LayerError::Contradicts`] with the CRS in which it would, where there is one.
pub fn near_zones(layer: &OpenLayer, zones_deg: Extent) -> Result<(), LayerError> {
    let Some(degrees) = extent_in_degrees(layer).map_err(|e| with_proposal(e, layer, zones_deg))? else {
        return Ok(());
    };
    if overlap(degrees, zones_deg) {
        return Ok(());
    }
    let extent = layer.extent().unwrap_or(degrees);
    let [w, s, e, n] = zones_deg;
    let why = words!(
        "it lies nowhere near the zones ({w:.3} to {e:.3} E, {s:.3} to {n:.3} N)",
        "与分区范围（东经 {w:.3}–{e:.3}，北纬 {s:.3}–{n:.3}）毫不相接"
    );
    Err(contradiction(layer, extent, why, likely_crs(extent, Some(zones_deg))))
}

fn with_proposal(error: LayerError, layer: &OpenLayer, zones_deg: Extent) -> LayerError {
    match (error, layer.extent()) {
        (LayerError::Contradicts { layer, crs, x, y, why, .. }, Some(extent)) => {
            let proposal = likely_crs(extent, Some(zones_deg));
            LayerError::Contradicts { layer, crs, x, y, why, proposal }
        }
        (error, _) => error,
    }
}

fn contradiction(
    layer: &OpenLayer,
    [w, s, e, n]: Extent,
    why: Words,
    proposal: Option<String>,
) -> LayerError {
    LayerError::Contradicts {
        layer: layer.title.clone(),
        crs: layer.crs.label.clone(),
        x: (w, e),
        y: (s, n),
        why,
        proposal: other_than(layer, proposal.or_else(|| likely_crs([w, s, e, n], None))),
    }
}

/// A proposal that is not what the layer declares already: where that fits, the layer is of another county.
fn other_than(layer: &OpenLayer, proposal: Option<String>) -> Option<String> {
    proposal.filter(|crs| Crs::parse(crs).is_ok_and(|crs| crs.name != layer.crs.name))
}

/// What can be said without transforming anything.
fn impossible(crs: &Crs, [w, s, e, n]: Extent) -> Option<Words> {
    let degrees_at_most = |limit: f64| w.abs().max(e.abs()) <= limit && s.abs().max(n.abs()) <= 90.0;
    match crs.kind {
        Kind::Geographic if (s.abs().max(n.abs()) > 90.0) && w.abs().max(e.abs()) <= 90.0 && n <= 360.0 => {
            Some(words!(
                "latitude stands before longitude; swap the axes in a GIS and save the layer again",
                "经纬度顺序颠倒；请在 GIS 中对调坐标后另存"
            ))
        }
        Kind::Geographic if !degrees_at_most(360.0) => {
            Some(words!("they are not degrees", "不是以度为单位的坐标"))
        }
        Kind::Projected | Kind::WebMercator if degrees_at_most(180.0) && (e - w) + (n - s) > 1e-6 => {
            Some(words!("they look like degrees", "看起来是以度为单位的经纬度"))
        }
        Kind::Projected if is_gauss_kruger(crs) && w > 1.2e6 && e < 6.5e6 && s.abs() < 1.0e6 => Some(words!(
            "northing stands before easting; swap the axes in a GIS and save the layer again",
            "纵横坐标顺序颠倒；请在 GIS 中对调坐标后另存"
        )),
        Kind::Projected if is_gauss_kruger(crs) => prefix_clash(crs, w, e),
        _ => None,
    }
}

fn is_gauss_kruger(crs: &Crs) -> bool {
    let name = crs.name.to_lowercase();
    name.contains("gauss") || name.contains("_gk_") || name.contains("3_degree") || name.contains("3-degree")
}

/// A zone prefix stands in the coordinates and not in the CRS, or the other way round.
fn prefix_clash(crs: &Crs, west: f64, east: f64) -> Option<Words> {
    let [false_easting, _] = crs.grid?;
    match (false_easting > 1.0e6, east > 1.0e6, west < 1.0e6) {
        (false, true, false) => Some(words!(
            "eastings carry a zone prefix ({:.0}) and the CRS has none",
            "横坐标带有带号（{:.0}），而坐标系不带带号",
            (west / 1.0e6).floor()
        )),
        (true, false, true) => Some(words!(
            "eastings carry no zone prefix and the CRS has one",
            "横坐标不带带号，而坐标系带有带号"
        )),
        _ => None,
    }
}

/// The extent in degrees, from its corners and the middles of its sides; `None` where they have none.
fn degrees_of(crs: &Crs, [w, s, e, n]: Extent) -> Result<Option<Extent>, LayerError> {
    let (cx, cy) = ((w + e) / 2.0, (s + n) / 2.0);
    let mut xs = [w, cx, e, w, e, w, cx, e, cx];
    let mut ys = [s, s, s, cy, cy, n, n, n, cy];
    Carrier::to_degrees(crs)?.carry(&mut xs, &mut ys);
    let good = xs.iter().all(|x| x.abs() <= 360.0) && ys.iter().all(|y| y.abs() <= 90.0);
    let least = |values: &[f64]| values.iter().copied().fold(f64::INFINITY, f64::min);
    let most = |values: &[f64]| values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    Ok(good.then(|| [least(&xs), least(&ys), most(&xs), most(&ys)]))
}

fn overlap(a: Extent, b: Extent) -> bool {
    a[0] <= b[2] && b[0] <= a[2] && a[1] <= b[3] && b[1] <= a[3]
}

/// The first CRS of those a Chinese county uses in which an extent lies where it should: on the zones where
/// they are known, else in China and near the central meridian.
pub fn likely_crs(extent: Extent, zones_deg: Option<Extent>) -> Option<String> {
    // Eastings without a zone prefix fit every zone alike: only the zones can tell which.
    let unprefixed = extent[2] > 360.0 && extent[2] < 1.0e6;
    if zones_deg.is_none() && unprefixed {
        return None;
    }
    let candidates = std::iter::once(4490).chain(4534..=4554).chain(4513..=4533).chain(4491..=4512);
    candidates.into_iter().find_map(|code| {
        let crs = Crs::epsg(code).ok()?;
        if impossible(&crs, extent).is_some() {
            return None;
        }
        let degrees = degrees_of(&crs, extent).ok()??;
        let fits = match zones_deg {
            Some(zones) => overlap(degrees, zones),
            None => overlap(degrees, CHINA) && near_meridian(&crs, degrees),
        };
        fits.then(|| format!("EPSG:{code}"))
    })
}

fn near_meridian(crs: &Crs, degrees: Extent) -> bool {
    let meridian = crs.grid.map(|[_, meridian]| meridian);
    let middle = (degrees[0] + degrees[2]) / 2.0;
    meridian.is_none_or(|m| (middle - m).abs() < FARTHEST_FROM_MERIDIAN_DEG / 6.0)
}
