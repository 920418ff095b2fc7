//! Finds the layer that is meant: the file, the archive around it, the layer inside it.

use std::fs::File;
use std::path::{Path, PathBuf};

use gdal::errors::GdalError;
use gdal::vector::LayerAccess;
use gdal::{Dataset, DatasetOptions, GdalOpenFlags};

use crate::finding::{Finding, Severity};
use crate::layers::crs::Crs;
use crate::layers::encoding::{self, ChosenBy, DbfEncoding};
use crate::layers::error::LayerError;
use crate::nearest::nearest;
use crate::project::settings::LayerSettings;
use crate::words::Words;

/// A layer that can be opened as often as asked.
#[derive(Debug, Clone)]
pub struct LayerFile {
    /// For people: file name, and layer name where the file has several.
    pub title: String,
    path: PathBuf,
    inner: PathBuf,
    options: Vec<String>,
    index: usize,
}

/// What a layer says of itself.
#[derive(Debug, Clone)]
pub struct Description {
    /// Field names in file order.
    pub fields: Vec<String>,
    /// The CRS it declares.
    pub crs: Option<Crs>,
    /// The smallest rectangle around its coordinates: west, south, east, north; `None` when it is empty.
    pub extent: Option<[f64; 4]>,
    /// How many features it says it has.
    pub features: Option<u64>,
    /// Name of its geometry type.
    pub geometry: String,
}

/// Finds a layer below `folder`. What was noticed of its encoding comes with it.
pub fn find(folder: &Path, settings: &LayerSettings) -> Result<(LayerFile, Vec<Finding>), LayerError> {
    let path = folder.join(&settings.file);
    let file = settings.file.clone();
    if !path.exists() {
        return Err(LayerError::NotFound { file });
    }
    let name = path.file_name().map_or_else(|| file.clone(), |n| n.to_string_lossy().into_owned());
    let inner = if has_ending(&path, "zip") { in_archive(&path, &name, settings)? } else { path.clone() };
    has_index(&path, &name)?;
    let (options, findings) = text_options(&path, &inner, settings)?;
    let mut found = LayerFile { title: name.clone(), path, inner, options, index: 0 };
    let layers = found.layer_names(&name)?;
    found.index = which(&name, &layers, settings.layer.as_deref())?;
    if layers.len() > 1 {
        found.title = format!("{name}:{}", layers[found.index]);
    }
    let findings = findings.into_iter().map(|f| f.in_layer(&found.title)).collect();
    Ok((found, findings))
}

/// A shapefile is not read without its index: GDAL could only write one, and inputs are never written to.
fn has_index(path: &Path, name: &str) -> Result<(), LayerError> {
    let there = !has_ending(path, "shp") || ["shx", "SHX"].iter().any(|e| path.with_extension(e).exists());
    let part = || Path::new(name).with_extension("shx").to_string_lossy().into_owned();
    there.then_some(()).ok_or_else(|| LayerError::PartMissing { file: name.to_owned(), part: part() })
}

fn has_ending(path: &Path, ending: &str) -> bool {
    path.extension().is_some_and(|e| e.eq_ignore_ascii_case(ending))
}

/// A shapefile's text encoding is found out before GDAL opens it; other formats know theirs.
fn text_options(
    path: &Path,
    inner: &Path,
    settings: &LayerSettings,
) -> Result<(Vec<String>, Vec<Finding>), LayerError> {
    if !has_ending(inner, "shp") && !has_ending(inner, "dbf") {
        return Ok((Vec::new(), Vec::new()));
    }
    let layer = inner.file_stem().map(|s| s.to_string_lossy().into_owned());
    let layer = has_ending(path, "zip").then_some(layer).flatten();
    let (found, findings) =
        encoding::dbf_encoding(path, layer.as_deref(), settings.encoding.as_deref()).map_err(|e| {
            LayerError::Encoding { file: settings.file.clone(), cause: Words::new(e.to_string(), e.zh()) }
        })?;
    let mut findings = findings;
    findings.extend(told(&found));
    Ok((vec![format!("ENCODING={}", found.gdal_name)], findings))
}

/// What the encoding was taken to be, and on what ground; nothing where there was nothing to decide.
fn told(found: &DbfEncoding) -> Option<Finding> {
    let DbfEncoding { gdal_name, evidence, .. } = found;
    (found.chosen_by != ChosenBy::NothingToDecide).then(|| {
        let (en, zh) = (&evidence.en, &evidence.zh);
        let sentence = Words::new(
            format!("text is read as {gdal_name}: {en}"),
            format!("文字按 {gdal_name} 读取：{zh}"),
        );
        Finding::new("text-encoding", Severity::Info, sentence)
    })
}

/// The one layer file inside a zip archive, as a path that GDAL reads without unpacking.
fn in_archive(path: &Path, name: &str, settings: &LayerSettings) -> Result<PathBuf, LayerError> {
    const ENDINGS: [&str; 7] = ["shp", "gpkg", "geojson", "json", "fgb", "gml", "kml"];
    let cannot = |cause: String| LayerError::CannotOpen { file: name.to_owned(), cause };
    let file = File::open(path).map_err(|e| cannot(e.to_string()))?;
    let archive = zip::ZipArchive::new(file).map_err(|e| cannot(e.to_string()))?;
    let names = archive.file_names().filter_map(|n| n.ok().map(|n| n.into_owned()));
    let mut inside: Vec<String> =
        names.filter(|n| ENDINGS.iter().any(|e| has_ending(Path::new(n), e))).collect();
    inside.sort_unstable();
    let stem = |n: &String| Path::new(n).file_stem().map(|s| s.to_string_lossy().into_owned());
    let names: Vec<String> = inside.iter().filter_map(stem).collect();
    let layer = settings.layer.as_deref().filter(|_| inside.len() > 1);
    let index = which(name, &names, layer)?;
    Ok(PathBuf::from(format!("/vsizip/{}/{}", path.display(), inside[index])))
}

/// The index of the wanted layer; of the only one where none is named.
fn which(file: &str, layers: &[String], wanted: Option<&str>) -> Result<usize, LayerError> {
    let (file, layers) = (file.to_owned(), layers.to_vec());
    match wanted {
        _ if layers.is_empty() => Err(LayerError::NoLayer { file }),
        Some(layer) => layers.iter().position(|l| l == layer).ok_or_else(|| LayerError::NoSuchLayer {
            file,
            layer: layer.to_owned(),
            layers,
        }),
        None if layers.len() > 1 => Err(LayerError::SeveralLayers { file, layers }),
        None => Ok(0),
    }
}

impl LayerFile {
    /// The file itself.
    pub fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn dataset(&self) -> Result<Dataset, LayerError> {
        let options: Vec<&str> = self.options.iter().map(String::as_str).collect();
        Dataset::open_ex(
            &self.inner,
            DatasetOptions {
                open_flags: GdalOpenFlags::GDAL_OF_VECTOR | GdalOpenFlags::GDAL_OF_READONLY,
                open_options: (!options.is_empty()).then_some(&options[..]),
                ..DatasetOptions::default()
            },
        )
        .map_err(|e| self.broken(e))
    }

    pub(super) fn index(&self) -> usize {
        self.index
    }

    /// Layers with geometry; a file that has only tables lists those, so that the person sees them.
    fn layer_names(&self, file: &str) -> Result<Vec<String>, LayerError> {
        let dataset = self.dataset()?;
        let names: Vec<String> = dataset.layers().map(|l| l.name()).collect();
        if names.is_empty() { Err(LayerError::NoLayer { file: file.to_owned() }) } else { Ok(names) }
    }

    /// What the layer says of itself. O(features) for formats without an index.
    pub fn describe(&self) -> Result<Description, LayerError> {
        let dataset = self.dataset()?;
        let layer = dataset.layer(self.index).map_err(|e| self.broken(e))?;
        tracing::info!(layer = self.title, features = ?layer.try_feature_count(), "opened");
        let crs = layer.spatial_ref().map(|srs| Crs::of(&srs)).transpose().ok().flatten();
        let extent = layer.try_get_extent().map_err(|e| self.broken(e))?.or_else(|| layer.get_extent().ok());
        let extent = extent.map(|e| [e.MinX, e.MinY, e.MaxX, e.MaxY]);
        Ok(Description {
            fields: layer.defn().fields().map(|f| f.name()).collect(),
            crs: crs.filter(|c| !c.wkt().is_empty() && c.name != "Undefined Cartesian SRS"),
            extent: extent.filter(|e| e.iter().all(|c| c.is_finite())),
            features: layer.try_feature_count(),
            geometry: gdal::vector::geometry_type_to_name(layer.defn().geometry_type()),
        })
    }

    pub(super) fn broken(&self, error: GdalError) -> LayerError {
        LayerError::CannotOpen { file: self.title.clone(), cause: cause(error) }
    }
}

/// What GDAL itself said, without the name of the call that it said it to.
fn cause(error: GdalError) -> String {
    match error {
        GdalError::NullPointer { msg, .. } if msg.is_empty() => "its format is not known".to_owned(),
        GdalError::NullPointer { msg, .. } | GdalError::CplError { msg, .. } => msg,
        other => other.to_string(),
    }
}

impl Description {
    /// Index of a field, by name; letter case may differ.
    pub fn field(&self, title: &str, name: &str) -> Result<usize, LayerError> {
        let exact = self.fields.iter().position(|f| f == name);
        exact.or_else(|| self.fields.iter().position(|f| f.eq_ignore_ascii_case(name))).ok_or_else(|| {
            LayerError::NoSuchField {
                layer: title.to_owned(),
                field: name.to_owned(),
                close: nearest(name, self.fields.iter().map(String::as_str)).map(str::to_owned),
                fields: self.fields.clone(),
            }
        })
    }
}
