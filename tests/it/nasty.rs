//! Layers that broke other people's programs, as cover and as zones: each ends in a result whose books balance, or
//! in a message that names the file; never in a panic, never in silence.

use std::path::{Path, PathBuf};

use gdal::Dataset;
use gdal::vector::LayerAccess;

use crate::shared;
use crate::workbench::{Answer, Sheet, Workbench, rectangle};

const ENDINGS: [&str; 7] = ["shp", "gpkg", "geojson", "json", "gml", "kml", "fgb"];

/// The polygon that stands on the other side.
const OTHER: &str = "other.geojson";

/// All layer files below a folder, in order.
fn layer_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    entries.sort();
    for entry in entries {
        if entry.is_dir() {
            found.extend(layer_files(&entry));
        } else if entry.extension().is_some_and(|e| ENDINGS.iter().any(|known| e.eq_ignore_ascii_case(known)))
        {
            found.push(entry);
        }
    }
    found
}

/// What GDAL itself can tell of a file: its layers, each with a rectangle around it in its own CRS.
fn layers(file: &Path) -> Vec<(String, Option<String>, Option<[f64; 4]>)> {
    let Ok(dataset) = Dataset::open(file) else { return Vec::new() };
    dataset
        .layers()
        .map(|layer| {
            let extent = layer.get_extent().ok().map(|e| [e.MinX, e.MinY, e.MaxX, e.MaxY]);
            let extent = extent.filter(|e| e.iter().all(|c| c.is_finite() && c.abs() < 1e9));
            (layer.name(), layer.spatial_ref().and_then(|srs| srs.to_wkt().ok()), extent)
        })
        .collect()
}

/// The run gave a result, or said what is wrong with which file. A run never ends otherwise.
fn ended_well(answer: &Answer, file: &Path) {
    let name = file.file_name().unwrap().to_string_lossy();
    match answer.code {
        Some(0 | 1) => {
            let begins = ["area_m2", "length_m", "count"].map(|figure| format!("zone,class,{figure}"));
            let tabulated = begins.iter().any(|header| answer.out.starts_with(header));
            assert!(tabulated, "{}: {answer:#?}", file.display());
            assert!(!answer.err.contains("DO NOT BALANCE"), "{}: {answer:#?}", file.display());
        }
        Some(2) => {
            assert!(answer.err.starts_with("error["), "{}: {answer:#?}", file.display());
            let named = answer.err.contains(&*name) || answer.err.contains(OTHER);
            assert!(named, "{} is not named: {answer:#?}", file.display());
        }
        _ => panic!("{}: {answer:#?}", file.display()),
    }
}

fn each_layer(test: &str, run: impl Fn(&Workbench, &Path, &[&str], Option<&str>) -> Answer) {
    let Some(data) = shared::data(test) else { return };
    let files = layer_files(&data.join("nasty-dev"));
    assert!(files.len() > 50, "the data are there");
    for file in &files {
        let layers = layers(file);
        if layers.is_empty() {
            let bench = Workbench::new();
            bench.write(OTHER, &around("EPSG:4547", None));
            ended_well(&run(&bench, file, &[], None), file);
        }
        for (name, crs, extent) in &layers {
            let degrees = extent.is_some_and(|e| e.iter().all(|c| c.abs() <= 180.0));
            let likely = if degrees { "EPSG:4490" } else { "EPSG:4547" };
            let declared = crs.is_none().then_some(likely);
            let bench = Workbench::new();
            bench.write(OTHER, &around(crs.as_deref().unwrap_or(likely), *extent));
            let layer: &[&str] = if layers.len() > 1 { &[name] } else { &[] };
            ended_well(&run(&bench, file, layer, declared), file);
        }
    }
}

/// One polygon across the western border of a layer's middle, of half its size, and at most some 50 km wide.
fn around(crs: &str, extent: Option<[f64; 4]>) -> Sheet {
    let [w, s, e, n] = extent.unwrap_or([500_000.0, 2_700_000.0, 501_000.0, 2_701_000.0]);
    let most = if [w, s, e, n].iter().all(|c| c.abs() <= 180.0) { 0.25 } else { 25_000.0 };
    let half = |side: f64| (side / 4.0).clamp(1e-6, most);
    let (x, y) = (w + (e - w) / 4.0, (s + n) / 2.0);
    let square = rectangle(x - half(e - w), y - half(n - s), x + half(e - w), y + half(n - s));
    Sheet::new(Some(crs)).text("id").with(["1".into()], &square)
}

#[test]
fn every_nasty_layer_as_cover_ends_in_a_result_or_in_a_message() {
    each_layer("every_nasty_layer_as_cover_ends_in_a_result_or_in_a_message", |bench, file, layer, crs| {
        let mut arguments = vec!["tabulate", "--zones", OTHER, "--zone-id", "id", "--format", "csv"];
        arguments.extend(["--datum-shift", "none", "--cover", file.to_str().unwrap()]);
        layer.iter().for_each(|name| arguments.extend(["--cover-layer", name]));
        crs.iter().for_each(|crs| arguments.extend(["--cover-crs", crs]));
        bench.run(&arguments)
    });
}

#[test]
fn every_nasty_layer_as_zones_ends_in_a_result_or_in_a_message() {
    each_layer("every_nasty_layer_as_zones_ends_in_a_result_or_in_a_message", |bench, file, layer, crs| {
        let field = first_field(file, layer.first().copied());
        let mut arguments = vec!["tabulate", "--zones", file.to_str().unwrap(), "--zone-id", &field];
        arguments.extend(["--merge-zones", "--datum-shift", "none", "--cover", OTHER, "--format", "csv"]);
        layer.iter().for_each(|name| arguments.extend(["--zones-layer", name]));
        crs.iter().for_each(|crs| arguments.extend(["--zones-crs", crs]));
        bench.run(&arguments)
    });
}

fn first_field(file: &Path, layer: Option<&str>) -> String {
    let first = || -> Option<String> {
        let dataset = Dataset::open(file).ok()?;
        let layer = match layer {
            Some(name) => dataset.layer_by_name(name).ok()?,
            None => dataset.layer(0).ok()?,
        };
        layer.defn().fields().next().map(|field| field.name())
    };
    first().unwrap_or_else(|| "id".to_owned())
}
