//! Finds the layer that is meant: the file, the archive around it, the layer inside it.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::finding::{Finding, Severity};
use crate::layers::beyond;
use crate::layers::crs::Crs;
use crate::layers::encoding::{self, ChosenBy, DbfEncoding};
use crate::layers::error::LayerError;
use crate::layers::native::{self, Opened};
use crate::layers::raster::patches;
use crate::layers::rows::{Rows, StoredLayer};
use crate::nearest::nearest;
use crate::project::settings::LayerSettings;
use crate::words::Words;

/// A layer that can be opened as often as asked.
#[derive(Debug, Clone)]
pub struct LayerFile {
    /// For people: file name, and layer name where the file has several.
    pub title: String,
    paths: Vec<PathBuf>,
    layer: Arc<dyn StoredLayer>,
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
    if patches::is_raster(settings) {
        let patches::Opened { name: title, paths, layer, findings } = patches::open(folder, settings)?;
        let findings = findings.into_iter().map(|f| f.in_layer(&title)).collect();
        return Ok((LayerFile { title, paths, layer }, findings));
    }
    let path = folder.join(&settings.file);
    let file = settings.file.clone();
    if !path.exists() {
        return Err(LayerError::NotFound { file });
    }
    let name = path.file_name().map_or_else(|| file.clone(), |n| n.to_string_lossy().into_owned());
    let inner = if has_ending(&path, "zip") { in_archive(&path, &name, settings)? } else { path.clone() };
    has_index(&path, &name)?;
    let (encoding, mut findings) = text_encoding(&path, &inner, settings)?;
    let choose = |layers: &[String]| which(&name, layers, settings.layer.as_deref());
    let titled = |layers: &[String], index: usize| match layers {
        [_] => name.clone(),
        _ => format!("{name}:{}", layers[index]),
    };
    let file = match native::open(&name, &inner, encoding.as_deref())? {
        Opened::Native(file) => file,
        Opened::Declined(reason) => beyond::open(&name, &inner, encoding, &reason)?,
    };
    let layers = file.layer_names();
    let index = choose(&layers)?;
    let title = titled(&layers, index);
    let layer = file.layer(index, &title)?;
    findings.extend(layer.findings());
    let findings = findings.into_iter().map(|f| f.in_layer(&title)).collect();
    Ok((LayerFile { title, paths: vec![path], layer }, findings))
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

/// A shapefile's text encoding is found out before it is opened; other formats know theirs.
fn text_encoding(
    path: &Path,
    inner: &Path,
    settings: &LayerSettings,
) -> Result<(Option<String>, Vec<Finding>), LayerError> {
    if !has_ending(inner, "shp") && !has_ending(inner, "dbf") {
        return Ok((None, Vec::new()));
    }
    let layer = inner.file_stem().map(|s| s.to_string_lossy().into_owned());
    let layer = has_ending(path, "zip").then_some(layer).flatten();
    let (found, findings) =
        encoding::dbf_encoding(path, layer.as_deref(), settings.encoding.as_deref()).map_err(|e| {
            LayerError::Encoding { file: settings.file.clone(), cause: Words::new(e.to_string(), e.zh()) }
        })?;
    let mut findings = findings;
    findings.extend(told(&found));
    Ok((Some(found.gdal_name), findings))
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
    /// The files that it is read from: one, but of a raster of several sheets or bands.
    pub fn paths(&self) -> &[PathBuf] {
        &self.paths
    }

    /// What the layer says of itself.
    pub fn describe(&self) -> Result<Description, LayerError> {
        let description = self.layer.describe()?;
        tracing::info!(layer = self.title, features = ?description.features, "opened");
        Ok(description)
    }

    /// Of cells: the corners of all of them together, and how many there are.
    pub(super) fn frame(&self) -> Option<([[f64; 2]; 4], u64)> {
        self.layer.frame()
    }

    /// In how many stretches it is read.
    pub(super) fn stretches(&self) -> usize {
        self.layer.stretches()
    }

    /// Starts reading a stretch; only the wanted fields are decoded.
    pub(super) fn rows(&self, stretch: usize, wanted: &[usize]) -> Result<Box<dyn Rows + '_>, LayerError> {
        self.layer.rows(stretch, wanted)
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
