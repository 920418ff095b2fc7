//! Coordinate reference systems (坐标系): what a layer says it is in, and carrying coordinates between two.
//!
//! [`Crs`] is a plain value that any room may hold. A [`Carrier`] does the work and stays on its thread. What the
//! program knows itself (CGCS2000 and its neighbours, the zones of Gauss and Krüger, UTM, conics) is
//! projected by its own means, the same in every build; GDAL and PROJ take the rest, where they are built in.
//!
//! # Datums (基准)
//! PROJ applies no datum shift where it knows none, in silence. So a layer on another datum than the working
//! CRS's is refused until somebody says how the two relate. CGCS2000, WGS 84 and ETRS89 agree to better than a
//! metre and are taken as equal: longitudes and latitudes are carried across unchanged.

mod carrier;
mod definition;
mod proj_string;
mod projection;
mod projjson;
mod reading;
mod register;
mod shift;
mod wkt;
mod written;

use std::sync::Arc;

use serde::Serialize;

use crate::geometry::ellipsoid::{CGCS2000, Ellipsoid};
use crate::layers::beyond;
use crate::layers::error::LayerError;

pub use carrier::Carrier;
pub(super) use definition::folded;
use definition::{Definition, Method, Plane};

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
    /// False easting and central meridian of its plane, where it has such.
    #[serde(skip)]
    pub(super) grid: Option<[f64; 2]>,
    #[serde(skip)]
    wkt: String,
    /// All of it, where the program knows it itself.
    #[serde(skip)]
    own: Option<Arc<Definition>>,
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
    /// From what a person or a file writes: `EPSG:4547`, well-known text, a PROJ string, PROJJSON.
    pub fn parse(text: &str) -> Result<Self, LayerError> {
        let text = text.trim();
        match own(text) {
            Some(definition) => Ok(Self::of(registered(definition))),
            None => beyond::crs(text),
        }
    }

    /// By EPSG code.
    pub fn epsg(code: u32) -> Result<Self, LayerError> {
        Self::parse(&format!("EPSG:{code}"))
    }

    /// From the `.prj` of a shapefile; the EPSG code of a CRS that is known to be the same is found.
    pub(super) fn of_prj(text: &str) -> Option<Self> {
        let Some(definition) = reading::from_text(text) else { return beyond::crs_of_prj(text) };
        let code = definition.code.or_else(|| register::code_of(&definition));
        Some(Self::of(registered(Definition { code, ..definition })))
    }

    fn of(definition: Definition) -> Self {
        let plane = definition.plane.as_ref();
        let name = definition.name.clone();
        Self {
            label: definition.code.map_or_else(|| name.clone(), |code| format!("EPSG:{code}")),
            kind: match plane.map(|plane| plane.method) {
                None => Kind::Geographic,
                Some(Method::WebMercator) => Kind::WebMercator,
                Some(_) => Kind::Projected,
            },
            datum: definition.folded_datum(),
            unit_m: plane.map_or(1.0, |plane| plane.unit_m),
            ellipsoid: definition.ellipsoid(),
            grid: plane.map(|plane| [plane.shift[0], plane.longitude]),
            wkt: definition.wkt(),
            name,
            own: Some(Arc::new(definition)),
        }
    }

    /// One that the program does not know itself, by what is known of it.
    pub(super) fn foreign(about: About) -> Self {
        let About { label, name, kind, datum, unit_m, ellipsoid, grid, wkt } = about;
        Self { label, name, kind, datum: folded(&datum), unit_m, ellipsoid, grid, wkt, own: None }
    }

    /// Metres in one unit of its coordinates; of a degree, at the equator, where it is longest.
    pub fn metres(&self) -> f64 {
        if self.kind == Kind::Geographic { self.ellipsoid.a_m.to_radians() } else { self.unit_m }
    }

    /// Well-known text.
    pub fn wkt(&self) -> &str {
        &self.wkt
    }

    /// Whether the program knows it itself, and is the same in every build.
    pub fn is_own(&self) -> bool {
        self.own.is_some()
    }

    /// That it can be worked with in this build.
    pub(super) fn usable(&self) -> Result<(), LayerError> {
        if self.own.is_some() { Ok(()) } else { beyond::usable(self) }
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
        match (&self.own, &other.own) {
            (Some(a), Some(b)) => a.same_ground(b),
            _ => self.wkt == other.wkt || beyond::same(self, other),
        }
    }
}

/// What is known of a CRS that GDAL takes.
pub(super) struct About {
    pub label: String,
    pub name: String,
    pub kind: Kind,
    pub datum: String,
    pub unit_m: f64,
    pub ellipsoid: Ellipsoid,
    pub grid: Option<[f64; 2]>,
    pub wkt: String,
}

/// The definition that a text gives, where the program understands it itself.
fn own(text: &str) -> Option<Definition> {
    match epsg_code(text) {
        Some(code) => register::by_code(code),
        None if text.starts_with('+') => proj_string::from_text(text),
        None if text.starts_with('{') => projjson::from_text(text),
        None if LONGITUDE_FIRST.contains(&text.to_ascii_uppercase().as_str()) => register::by_code(4326),
        None => reading::from_text(text),
    }
}

/// Names of WGS 84 with longitude before latitude, as everything here has it.
const LONGITUDE_FIRST: [&str; 4] =
    ["OGC:CRS84", "CRS84", "URN:OGC:DEF:CRS:OGC:1.3:CRS84", "HTTP://WWW.OPENGIS.NET/DEF/CRS/OGC/1.3/CRS84"];

/// The number in `4547`, `EPSG:4547`, `urn:ogc:def:crs:EPSG::4547`, `http://www.opengis.net/def/crs/EPSG/0/4547`.
fn epsg_code(text: &str) -> Option<u32> {
    let upper = text.to_ascii_uppercase();
    let number = match upper.rsplit_once([':', '/']) {
        None => upper.as_str(),
        Some(("EPSG", number)) => number,
        Some((before, number)) => {
            let urn = before.strip_prefix("URN:OGC:DEF:CRS:EPSG:");
            let path = before.split_once("/DEF/CRS/EPSG/").map(|(_, version)| version);
            urn.or(path).map(|_| number)?
        }
    };
    number.parse().ok().filter(|_| number.chars().all(|c| c.is_ascii_digit()))
}

/// What the register says under the definition's code, where it is the same; without the code where it is not.
fn registered(definition: Definition) -> Definition {
    match definition.code.and_then(register::by_code) {
        Some(known) if known.same_ground(&definition) => known,
        Some(_) => Definition { code: None, ..definition },
        None => definition,
    }
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
        crs.usable()?;
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
    equal_area(zones, latitude.round(), longitude.round()).map(|crs| (crs, Chosen::EqualArea))
}

/// Lambert azimuthal equal-area about a whole degree, on the zones' own datum.
fn equal_area(zones: &Crs, latitude: f64, longitude: f64) -> Result<Crs, LayerError> {
    let crs = match &zones.own {
        Some(own) => {
            let plane = Plane { latitude, longitude, ..Plane::by(Method::LambertAzimuthal) };
            Crs::of(Definition { plane: Some(plane), code: None, ..own.unprojected() })
        }
        None => beyond::equal_area(zones, latitude, longitude)?,
    };
    let label = format!("LAEA {latitude} {longitude} ({})", zones.datum);
    Ok(Crs { name: label.clone(), label, ..crs })
}
