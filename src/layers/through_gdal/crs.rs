//! Coordinate systems that the program does not know itself, through GDAL and PROJ.

use gdal::errors::{GdalError, Result as Gdal};
use gdal::spatial_ref::{AxisMappingStrategy, CoordTransform, SpatialRef};

use super::ready;
use crate::geometry::ellipsoid::Ellipsoid;
use crate::layers::crs::{About, Crs, Kind};
use crate::layers::error::LayerError;

/// From what a person or a file writes.
pub(in crate::layers) fn crs(text: &str) -> Result<Crs, LayerError> {
    let bad = |cause: String| LayerError::BadCrs { text: text.to_owned(), cause };
    ready().map_err(bad)?;
    let code = text.chars().all(|c| c.is_ascii_digit());
    let definition = if code { format!("EPSG:{text}") } else { text.to_owned() };
    let srs =
        SpatialRef::from_definition(&definition).map_err(|_| bad("PROJ knows no such one".to_owned()))?;
    foreign(&srs).map_err(|e| bad(e.to_string()))
}

/// From the `.prj` of a shapefile; the EPSG code of a CRS that is known to be the same is found.
pub(in crate::layers) fn crs_of_prj(text: &str) -> Option<Crs> {
    ready().ok()?;
    let srs = SpatialRef::from_esri(text).ok()?;
    foreign(&best_match(&srs).unwrap_or(srs)).ok().filter(|crs| !crs.wkt().is_empty())
}

/// From a layer's own; the program's where it knows it.
pub(super) fn of_layer(srs: &SpatialRef) -> Option<Crs> {
    let epsg = srs.auth_name().is_some_and(|name| name == "EPSG").then(|| srs.auth_code().ok()).flatten();
    let by_code = epsg.and_then(|code| Crs::epsg(u32::try_from(code).ok()?).ok());
    by_code
        .or_else(|| foreign(srs).ok())
        .filter(|c| !c.wkt().is_empty() && c.name != "Undefined Cartesian SRS")
}

/// That a CRS can be worked with: GDAL takes any.
pub(in crate::layers) fn usable(_: &Crs) -> Result<(), LayerError> {
    Ok(())
}

/// Whether coordinates of the one are coordinates of the other.
pub(in crate::layers) fn same(a: &Crs, b: &Crs) -> bool {
    matches!((srs(a), srs(b)), (Ok(a), Ok(b)) if a == b)
}

/// Lambert azimuthal equal-area on the datum of a CRS.
pub(in crate::layers) fn equal_area(crs: &Crs, latitude: f64, longitude: f64) -> Result<Crs, LayerError> {
    let plane = || {
        let srs = degrees_of(&srs(crs)?)?;
        // SAFETY: the handle is valid as long as `srs`, and the calls copy their arguments.
        unsafe {
            gdal_sys::OSRSetProjCS(srs.to_c_hsrs(), c"Lambert azimuthal equal-area".as_ptr());
            gdal_sys::OSRSetLAEA(srs.to_c_hsrs(), latitude, longitude, 0.0, 0.0);
        }
        foreign(&srs)
    };
    plane().map_err(|e| bad(crs, &e))
}

/// One step of a carrier.
pub(in crate::layers) struct Step(CoordTransform);

impl Step {
    /// To longitudes and latitudes; no step where the CRS has them.
    pub(in crate::layers) fn to_degrees(crs: &Crs) -> Result<Option<Self>, LayerError> {
        let step = || {
            let srs = srs(crs)?;
            if srs.is_geographic() {
                Ok(None)
            } else {
                CoordTransform::new(&srs, &degrees_of(&srs)?).map(Some)
            }
        };
        step().map(|step| step.map(Self)).map_err(|e| bad(crs, &e))
    }

    /// From longitudes and latitudes; no step where the CRS keeps them.
    pub(in crate::layers) fn from_degrees(crs: &Crs) -> Result<Option<Self>, LayerError> {
        let step = || {
            let srs = srs(crs)?;
            if srs.is_geographic() {
                Ok(None)
            } else {
                CoordTransform::new(&degrees_of(&srs)?, &srs).map(Some)
            }
        };
        step().map(|step| step.map(Self)).map_err(|e| bad(crs, &e))
    }

    /// By seven parameters to longitudes and latitudes on WGS 84.
    pub(in crate::layers) fn shifted(crs: &Crs, parameters: [f64; 7]) -> Result<Self, LayerError> {
        let step = || {
            let mut wgs84 = SpatialRef::from_epsg(4326)?;
            wgs84.set_axis_mapping_strategy(AxisMappingStrategy::TraditionalGisOrder);
            CoordTransform::new(&bound(&srs(crs)?, parameters)?, &wgs84)
        };
        step().map(Self).map_err(|e| bad(crs, &e))
    }

    /// Carries coordinates, in place. A place without an image becomes infinite.
    pub(in crate::layers) fn carry(&self, xs: &mut [f64], ys: &mut [f64]) {
        // GDAL reports failure when any one point fails and marks those points; they are refused later.
        let _ = self.0.transform_coords(xs, ys, &mut []);
    }
}

fn bad(crs: &Crs, error: &GdalError) -> LayerError {
    LayerError::BadCrs { text: crs.label.clone(), cause: error.to_string() }
}

fn srs(crs: &Crs) -> Gdal<SpatialRef> {
    ready().map_err(GdalError::BadArgument)?;
    let mut srs = SpatialRef::from_wkt(crs.wkt())?;
    srs.set_axis_mapping_strategy(AxisMappingStrategy::TraditionalGisOrder);
    Ok(srs)
}

fn foreign(srs: &SpatialRef) -> Gdal<Crs> {
    let name = srs.name().unwrap_or_else(|| "unnamed".to_owned());
    let authority = srs.authority().ok().filter(|a| !a.is_empty() && !a.starts_with(':'));
    let parameter = |name: &str| srs.get_proj_param(name).ok().flatten();
    Ok(Crs::foreign(About {
        label: authority.unwrap_or_else(|| name.clone()),
        kind: kind(srs),
        datum: srs.get_attr_value("DATUM", 0).ok().flatten().unwrap_or_default(),
        unit_m: if srs.is_projected() { srs.linear_units() } else { 1.0 },
        ellipsoid: Ellipsoid::from_axes(srs.semi_major()?, srs.semi_minor()?),
        grid: parameter("false_easting").zip(parameter("central_meridian")).map(|(east, l)| [east, l]),
        wkt: srs.to_wkt()?,
        name,
    }))
}

fn kind(srs: &SpatialRef) -> Kind {
    let mercator = || {
        let method = srs.get_attr_value("PROJECTION", 0).ok().flatten().unwrap_or_default();
        let name = srs.name().unwrap_or_default().to_lowercase();
        srs.auth_code().is_ok_and(|code| code == 3857 || code == 900_913)
            || name.contains("pseudo-mercator")
            || name.contains("web_mercator")
            || method.to_lowercase().contains("mercator_auxiliary_sphere")
    };
    match () {
        () if srs.is_geographic() => Kind::Geographic,
        () if srs.is_projected() && mercator() => Kind::WebMercator,
        () if srs.is_projected() => Kind::Projected,
        () => Kind::Other,
    }
}

/// The one CRS of the EPSG register that is surely the same.
fn best_match(srs: &SpatialRef) -> Option<SpatialRef> {
    /// How sure GDAL's own reader of shapefiles has to be, in percent.
    const SURE: i32 = 90;
    let (mut count, mut confidence) = (0, std::ptr::null_mut());
    // SAFETY: the list and the confidences are GDAL's, of `count` entries, and given back here.
    unsafe {
        let matches =
            gdal_sys::OSRFindMatches(srs.to_c_hsrs(), std::ptr::null_mut(), &mut count, &mut confidence);
        let sure = (0..count as usize).filter(|i| *confidence.add(*i) >= SURE);
        let epsg = |i: &usize| {
            let authority = gdal_sys::OSRGetAuthorityName(*matches.add(*i), std::ptr::null());
            count == 1 || !authority.is_null() && std::ffi::CStr::from_ptr(authority) == c"EPSG"
        };
        let sure: Vec<usize> = sure.filter(epsg).collect();
        let found = match sure.as_slice() {
            [one] => SpatialRef::from_c_obj(*matches.add(*one)).ok(),
            _ => None,
        };
        gdal_sys::OSRFreeSRSArray(matches);
        gdal_sys::VSIFree(confidence.cast());
        found
    }
}

/// The CRS with its own seven parameters to WGS 84, in the position-vector sense. It must not keep its EPSG code:
/// PROJ would look that up and forget the parameters.
fn bound(srs: &SpatialRef, parameters: [f64; 7]) -> gdal::errors::Result<SpatialRef> {
    let plain = srs.to_proj4()?;
    let kept = plain.split_whitespace().filter(|word| !word.starts_with("+towgs84") && *word != "+no_defs");
    let numbers = parameters.map(|p| p.to_string()).join(",");
    let text = format!("{} +towgs84={numbers} +no_defs", kept.collect::<Vec<_>>().join(" "));
    let mut bound = SpatialRef::from_proj4(&text)?;
    bound.set_axis_mapping_strategy(AxisMappingStrategy::TraditionalGisOrder);
    Ok(bound)
}

fn degrees_of(srs: &SpatialRef) -> gdal::errors::Result<SpatialRef> {
    let mut degrees = srs.geog_cs()?;
    degrees.set_axis_mapping_strategy(AxisMappingStrategy::TraditionalGisOrder);
    Ok(degrees)
}
