//! Coordinate reference systems (坐标系): what a layer says it is in, and carrying coordinates between two.
//!
//! [`Crs`] is a plain value that any room may hold. A [`Carrier`] does the work through GDAL and PROJ, and
//! stays on its thread.
//!
//! # Datums (基准)
//! PROJ applies no datum shift where it knows none, in silence. So a layer on another datum than the working
//! CRS's is refused until somebody says how the two relate. CGCS2000, WGS 84 and ETRS89 agree to better than a
//! metre and are taken as equal: longitudes and latitudes are carried across unchanged.

use gdal::spatial_ref::{AxisMappingStrategy, CoordTransform, SpatialRef};
use serde::Serialize;

use crate::geometry::ellipsoid::{CGCS2000, Ellipsoid};
use crate::layers::error::LayerError;
use crate::project::settings::DatumShift;

/// What kind of coordinates a CRS has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Longitude and latitude.
    Geographic,
    /// A plane whose projection is Web Mercator (EPSG:3857), fit for looking at only.
    WebMercator,
    /// Any other plane.
    Projected,
    /// Anything else.
    Other,
}

/// A coordinate reference system as a plain value.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Crs {
    /// `EPSG:4547` where it has such a code, else its name.
    pub label: String,
    /// Its name.
    pub name: String,
    /// What kind of coordinates.
    pub kind: Kind,
    /// The datum's name, blanks and prefixes removed.
    pub datum: String,
    /// Metres in one unit of its plane (1 for geographic).
    pub unit_m: f64,
    /// Its ellipsoid.
    #[serde(skip)]
    pub ellipsoid: Ellipsoid,
    #[serde(skip)]
    wkt: String,
}

/// Names of the datums that are taken as equal, folded.
const MODERN: [&str; 9] = [
    "china2000",
    "cgcs2000",
    "chinageodeticcoordinatesystem2000",
    "wgs1984",
    "wgs84",
    "worldgeodeticsystem1984",
    "etrs1989",
    "etrs89",
    "europeanterrestrialreferencesystem1989",
];

impl Crs {
    /// From what a person writes: `EPSG:4547`, a WKT, a PROJ string.
    pub fn parse(text: &str) -> Result<Self, LayerError> {
        let bad = |cause: String| LayerError::BadCrs { text: text.to_owned(), cause };
        let text = text.trim();
        let code = text.chars().all(|c| c.is_ascii_digit());
        let definition = if code { format!("EPSG:{text}") } else { text.to_owned() };
        let srs =
            SpatialRef::from_definition(&definition).map_err(|_| bad("PROJ knows no such one".to_owned()))?;
        Self::of(&srs).map_err(|e| bad(e.to_string()))
    }

    /// By EPSG code.
    pub fn epsg(code: u32) -> Result<Self, LayerError> {
        Self::parse(&format!("EPSG:{code}"))
    }

    /// From the `.prj` of a shapefile; the EPSG code of a CRS that is known to be the same is found.
    pub(super) fn of_prj(text: &str) -> Option<Self> {
        let srs = SpatialRef::from_esri(text).ok()?;
        Self::of(&best_match(&srs).unwrap_or(srs)).ok().filter(|crs| !crs.wkt.is_empty())
    }

    /// From a layer's own.
    pub(super) fn of(srs: &SpatialRef) -> gdal::errors::Result<Self> {
        let name = srs.name().unwrap_or_else(|| "unnamed".to_owned());
        let authority = srs.authority().ok().filter(|a| !a.is_empty() && !a.starts_with(':'));
        Ok(Self {
            label: authority.unwrap_or_else(|| name.clone()),
            kind: kind(srs),
            datum: datum(srs),
            unit_m: if srs.is_projected() { srs.linear_units() } else { 1.0 },
            ellipsoid: Ellipsoid::from_axes(srs.semi_major()?, srs.semi_minor()?),
            wkt: srs.to_wkt()?,
            name,
        })
    }

    /// Metres in one unit of its coordinates; of a degree, at the equator, where it is longest.
    pub fn metres(&self) -> f64 {
        if self.kind == Kind::Geographic { self.ellipsoid.a_m.to_radians() } else { self.unit_m }
    }

    /// Well-known text.
    pub fn wkt(&self) -> &str {
        &self.wkt
    }

    /// Whether areas can be overlaid in it.
    pub fn workable(&self) -> bool {
        self.kind == Kind::Projected
    }

    /// Whether both have one datum, or datums that are taken as equal.
    pub fn shares_datum(&self, other: &Self) -> bool {
        self.datum == other.datum || (self.modern() && other.modern())
    }

    /// Whether its datum is one of those that agree to better than a metre; also where the file names none
    /// but stands on the ellipsoid of one of them (Xian 1980 and Beijing 1954 have others).
    pub fn modern(&self) -> bool {
        MODERN.contains(&self.datum.as_str()) || self.unnamed_modern()
    }

    /// Whether no datum is named, on an ellipsoid (GRS 1980, WGS 84, CGCS2000) that only modern ones use.
    pub fn unnamed_modern(&self) -> bool {
        let same = (self.ellipsoid.a_m - CGCS2000.a_m).abs() < 0.001
            && (1.0 / self.ellipsoid.flattening - 1.0 / CGCS2000.flattening).abs() < 0.01;
        same && (self.datum.is_empty()
            || ["unknown", "unnamed", "notspecified"].iter().any(|n| self.datum.starts_with(n)))
    }

    /// Whether coordinates of the one are coordinates of the other.
    pub fn same_as(&self, other: &Self) -> bool {
        let equal = |a: &SpatialRef, b: &SpatialRef| a == b;
        self.wkt == other.wkt || matches!((self.srs(), other.srs()), (Ok(a), Ok(b)) if equal(&a, &b))
    }

    pub(super) fn srs(&self) -> gdal::errors::Result<SpatialRef> {
        let mut srs = SpatialRef::from_wkt(&self.wkt)?;
        srs.set_axis_mapping_strategy(AxisMappingStrategy::TraditionalGisOrder);
        Ok(srs)
    }
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

/// The datum's name folded: `D_China_2000`, `China 2000` and `china_2000` are one.
fn datum(srs: &SpatialRef) -> String {
    let name = srs.get_attr_value("DATUM", 0).ok().flatten().unwrap_or_default();
    let name = name.strip_prefix("D_").unwrap_or(&name).to_lowercase();
    let name = name.strip_suffix("ensemble").unwrap_or(&name);
    name.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Carries coordinates from one CRS to another; both ends east (or longitude) first.
pub struct Carrier {
    steps: Vec<CoordTransform>,
}

impl Carrier {
    /// Between two CRS under the rule for datums. `layer` is named in the error.
    pub fn new(layer: &str, from: &Crs, to: &Crs, shift: Option<&DatumShift>) -> Result<Self, LayerError> {
        let bad = |e: gdal::errors::GdalError| LayerError::BadCrs {
            text: from.label.clone(),
            cause: e.to_string(),
        };
        if from.same_as(to) {
            return Ok(Self { steps: Vec::new() });
        }
        match shift {
            _ if from.shares_datum(to) => Self::across(from, to).map_err(bad),
            Some(DatumShift::Unshifted) => Self::across(from, to).map_err(bad),
            Some(DatumShift::Towgs84(parameters)) => Self::shifted(from, to, *parameters).map_err(bad),
            None => Err(LayerError::OtherDatum {
                layer: layer.to_owned(),
                datum: from.datum.clone(),
                working: format!("{} ({})", to.datum, to.label),
            }),
        }
    }

    /// To longitude and latitude in degrees on the CRS's own datum.
    pub fn to_degrees(from: &Crs) -> Result<Self, LayerError> {
        let bad = |e: gdal::errors::GdalError| LayerError::BadCrs {
            text: from.label.clone(),
            cause: e.to_string(),
        };
        let srs = from.srs().map_err(bad)?;
        let step = to_own_degrees(&srs).map_err(bad)?;
        Ok(Self { steps: step.into_iter().collect() })
    }

    /// Longitudes and latitudes unchanged.
    fn across(from: &Crs, to: &Crs) -> gdal::errors::Result<Self> {
        let (from, to) = (from.srs()?, to.srs()?);
        let back = if to.is_geographic() { None } else { Some(CoordTransform::new(&degrees_of(&to)?, &to)?) };
        Ok(Self { steps: to_own_degrees(&from)?.into_iter().chain(back).collect() })
    }

    /// By seven parameters to WGS 84, then longitudes and latitudes unchanged.
    fn shifted(from: &Crs, to: &Crs, p: [f64; 7]) -> gdal::errors::Result<Self> {
        let (from, to) = (bound(&from.srs()?, p)?, to.srs()?);
        let mut wgs84 = SpatialRef::from_epsg(4326)?;
        wgs84.set_axis_mapping_strategy(AxisMappingStrategy::TraditionalGisOrder);
        let there = CoordTransform::new(&from, &wgs84)?;
        let back = if to.is_geographic() { None } else { Some(CoordTransform::new(&degrees_of(&to)?, &to)?) };
        Ok(Self { steps: std::iter::once(there).chain(back).collect() })
    }

    /// Whether nothing changes.
    pub fn is_identity(&self) -> bool {
        self.steps.is_empty()
    }

    /// Carries coordinates, in place. A place without an image becomes infinite.
    pub fn carry(&self, xs: &mut [f64], ys: &mut [f64]) {
        for step in &self.steps {
            // GDAL reports failure when any one point fails and marks those points; they are refused later.
            let _ = step.transform_coords(xs, ys, &mut []);
        }
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

fn to_own_degrees(srs: &SpatialRef) -> gdal::errors::Result<Option<CoordTransform>> {
    if srs.is_geographic() { Ok(None) } else { CoordTransform::new(srs, &degrees_of(srs)?).map(Some) }
}

/// Why a working CRS was chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Chosen {
    /// The project or the command line names it.
    Declared,
    /// All covers are in it.
    Covers,
    /// The zones are in it.
    Zones,
    /// CGCS2000, the 3-degree zone of the zones' centre.
    ChinaZone,
    /// Lambert azimuthal equal-area about the zones' centre.
    EqualArea,
}

/// Chooses the working CRS: the declared one; else the one projected CRS that the covers share, unless it is on
/// another datum than the zones; else the zones'; else by where the zones are (`centre_deg`: longitude and latitude).
pub fn working(
    declared: Option<&Crs>,
    covers: &[Crs],
    zones: &Crs,
    centre_deg: [f64; 2],
) -> Result<(Crs, Chosen), LayerError> {
    if let Some(crs) = declared {
        let kind = match crs.kind {
            Kind::Projected => return Ok((crs.clone(), Chosen::Declared)),
            Kind::Geographic => "in degrees",
            Kind::WebMercator => "Web Mercator, whose areas are wrong",
            Kind::Other => "neither geographic nor projected",
        };
        return Err(LayerError::NotWorkable { crs: crs.label.clone(), kind });
    }
    let shared = covers.split_first().filter(|(first, rest)| rest.iter().all(|c| c.same_as(first)));
    if let Some((crs, _)) = shared.filter(|(crs, _)| crs.workable() && crs.shares_datum(zones)) {
        return Ok((crs.clone(), Chosen::Covers));
    }
    if zones.workable() {
        return Ok((zones.clone(), Chosen::Zones));
    }
    by_place(zones, centre_deg)
}

fn by_place(zones: &Crs, [longitude, latitude]: [f64; 2]) -> Result<(Crs, Chosen), LayerError> {
    if (73.5..=136.5).contains(&longitude) && (3.0..=54.0).contains(&latitude) {
        let zone = (longitude / 3.0).round() as u32;
        return Ok((Crs::epsg(4534 + zone - 25)?, Chosen::ChinaZone));
    }
    equal_area(zones, latitude.round(), longitude.round())
        .map(|crs| (crs, Chosen::EqualArea))
        .map_err(|e| LayerError::BadCrs { text: zones.label.clone(), cause: e.to_string() })
}

/// Lambert azimuthal equal-area about a whole degree, on the zones' own datum.
fn equal_area(zones: &Crs, latitude: f64, longitude: f64) -> gdal::errors::Result<Crs> {
    let srs = degrees_of(&zones.srs()?)?;
    // SAFETY: the handle is valid as long as `srs`, and the calls copy their arguments.
    unsafe {
        gdal_sys::OSRSetProjCS(srs.to_c_hsrs(), c"Lambert azimuthal equal-area".as_ptr());
        gdal_sys::OSRSetLAEA(srs.to_c_hsrs(), latitude, longitude, 0.0, 0.0);
    }
    let crs = Crs::of(&srs)?;
    let label = format!("LAEA {latitude} {longitude} ({})", zones.datum);
    Ok(Crs { name: label.clone(), label, ..crs })
}
