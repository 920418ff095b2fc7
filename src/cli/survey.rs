//! Opens zones and covers together: checks that they fit each other and chooses the working CRS.

use std::path::{Path, PathBuf};

use crate::cli::failure::Failure;
use crate::finding::{Finding, Severity};
use crate::layers::cover::{Cover, CoverRequest, OpenLayer};
use crate::layers::crs::{self, Carrier, Chosen, Crs};
use crate::layers::several::{self, Several};
use crate::layers::zones::{self, ZoneFields};
use crate::layers::{LayerError, check};
use crate::project::settings::LayerSettings;
use crate::survey::ZoneLayer;
use crate::words;

/// What is to be opened.
pub struct SurveyRequest<'a> {
    /// Paths count from here.
    pub folder: &'a Path,
    /// The working CRS where it is declared.
    pub crs: Option<&'a str>,
    /// The zones.
    pub zones: &'a LayerSettings,
    /// Which fields make a zone.
    pub zone_fields: ZoneFields<'a>,
    /// The covers.
    pub covers: &'a [CoverRequest<'a>],
}

/// Zones and covers, open, in one working CRS.
pub struct Survey {
    /// The working CRS.
    pub working: Crs,
    /// Why it was chosen.
    pub chosen: Chosen,
    /// From it to degrees.
    pub to_degrees: Carrier,
    /// The zones.
    pub zones: ZoneLayer,
    /// The covers.
    pub covers: Vec<Several>,
    /// Where the zones lie, in degrees: west, south, east, north.
    pub extent_deg: check::Extent,
    /// The files they were read from.
    pub files: Vec<PathBuf>,
    /// What was noticed.
    pub findings: Vec<Finding>,
}

/// Opens zones, and covers of polygons.
pub fn open(request: &SurveyRequest<'_>) -> Result<Survey, Failure> {
    open_by(request, OpenLayer::open)
}

/// Opens zones, and covers of polygons, lines or points.
pub fn open_any(request: &SurveyRequest<'_>) -> Result<Survey, Failure> {
    open_by(request, OpenLayer::open_any)
}

/// How a layer is opened.
pub type Open =
    fn(&Path, &LayerSettings, Option<check::Extent>) -> Result<(OpenLayer, Vec<Finding>), LayerError>;

fn open_by(request: &SurveyRequest<'_>, open_cover: Open) -> Result<Survey, Failure> {
    let (zone_layer, mut findings) = OpenLayer::open(request.folder, request.zones, None)?;
    let empty = || LayerError::Empty { layer: zone_layer.title.clone() };
    let extent_deg = check::extent_in_degrees(&zone_layer)?.ok_or_else(empty)?;
    let mut covers = Vec::new();
    for cover in request.covers {
        let mut layers = Vec::new();
        for settings in several::layers(request.folder, cover.layer)? {
            let (layer, noticed) = open_cover(request.folder, &settings, Some(extent_deg))?;
            findings.extend(noticed);
            check::near_zones(&layer, extent_deg)?;
            layers.push((settings.file, layer));
        }
        covers.push((cover, layers));
    }
    let layers = || covers.iter().flat_map(|(_, layers)| layers.iter().map(|(_, layer)| layer));
    let files = std::iter::once(&zone_layer).chain(layers()).flat_map(OpenLayer::paths).cloned().collect();
    let declared = request.crs.map(Crs::parse).transpose()?;
    let cover_crs: Vec<Crs> = layers().map(|l| l.crs.clone()).collect();
    let centre = [(extent_deg[0] + extent_deg[2]) / 2.0, (extent_deg[1] + extent_deg[3]) / 2.0];
    let (working, chosen) = crs::working(declared.as_ref(), &cover_crs, &zone_layer.crs, centre)?;
    tracing::info!(crs = working.label, ?chosen, "working CRS");
    findings.extend(datums_taken_as_equal(&working, cover_crs.iter().chain([&zone_layer.crs])));
    let (zones, noticed) = zones::read(&zone_layer, request.zone_fields, &working)?;
    findings.extend(noticed);
    let covers = covers.into_iter().map(|(cover, layers)| of_files(cover, layers, &working));
    Ok(Survey {
        covers: covers.collect::<Result<_, _>>()?,
        to_degrees: Carrier::to_degrees(&working)?,
        working,
        chosen,
        zones,
        extent_deg,
        files,
        findings,
    })
}

/// A cover of the files that were opened for it.
fn of_files(
    request: &CoverRequest<'_>,
    layers: Vec<(String, OpenLayer)>,
    working: &Crs,
) -> Result<Several, LayerError> {
    let file = |(name, layer)| Ok((name, Cover::new(request, layer, working)?));
    Ok(Several::new(layers.into_iter().map(file).collect::<Result<_, LayerError>>()?))
}

/// Said once: CGCS2000, WGS 84 and ETRS89 are taken as equal, and so is a datum that a file does not name.
fn datums_taken_as_equal<'a>(working: &Crs, layers: impl Iterator<Item = &'a Crs>) -> Vec<Finding> {
    let layers: Vec<&Crs> = layers.collect();
    let unnamed = layers.iter().find(|crs| crs.unnamed_modern()).map(|crs| {
        let name = &crs.name;
        Finding::new("datum-unnamed", Severity::Warning, words!(
            "the CRS {name} names no datum; by its ellipsoid it is taken as one of WGS 84, CGCS2000, ETRS89",
            "坐标系 {name} 未写明基准；按其椭球视为 WGS 84、CGCS2000、ETRS89 之一"
        ))
        .with_hint(words!(
            "if that is wrong, give the CRS of the layer: crs = \"EPSG:4547\"",
            "若不符，请为该图层指定坐标系：crs = \"EPSG:4547\""
        ))
    });
    let other = layers.iter().find(|crs| crs.datum != working.datum && crs.modern() && working.modern());
    let equal = other.map(|other| {
        let (a, b) = (&other.datum, &working.datum);
        Finding::new(
            "datums-equal",
            Severity::Info,
            words!(
                "the datums {a} and {b} are taken as equal (they agree to better than a metre)",
                "基准 {a} 与 {b} 视为一致（差异小于 1 米）"
            ),
        )
    });
    unnamed.into_iter().chain(equal).collect()
}
