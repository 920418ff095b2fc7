//! One cover of one file or of several, as a pattern names them: `xiaoban/*.shp`.
//!
//! The files follow each other by name, each read in its own CRS and encoding. A feature is then called by its file,
//! too, since features of different files may carry one identifier.

use std::path::Path;

use crate::finding::Finding;
use crate::layers::LayerError;
use crate::layers::cover::Cover;
use crate::layers::pattern;
use crate::layers::raster::patches;
use crate::project::settings::LayerSettings;
use crate::survey::raster::CellFrame;
use crate::survey::{Batch, Batches, Figure, Source, SourceFault};

/// The layers that settings name, one a file.
pub fn layers(folder: &Path, settings: &LayerSettings) -> Result<Vec<LayerSettings>, LayerError> {
    // The sheets of a raster are one raster.
    if patches::is_raster(settings) {
        return Ok(vec![settings.clone()]);
    }
    let files = pattern::files(folder, &settings.file);
    if files.is_empty() {
        return Err(LayerError::NoMatch { pattern: settings.file.clone() });
    }
    if let [only] = files.as_slice()
        && *only == folder.join(&settings.file)
    {
        return Ok(vec![settings.clone()]);
    }
    let named = |path: &std::path::PathBuf| {
        let file = path.strip_prefix(folder).unwrap_or(path).to_string_lossy().replace('\\', "/");
        LayerSettings { file, ..settings.clone() }
    };
    Ok(files.iter().map(named).collect())
}

/// One file of a cover.
#[derive(Debug)]
struct File {
    /// Its name from the folder that paths count from.
    name: String,
    cover: Cover,
    /// How many stretches there are in it and before it.
    end: usize,
}

/// A cover of several files.
#[derive(Debug)]
pub struct Several {
    name: String,
    files: Vec<File>,
}

impl Several {
    /// A cover of some files, each under its name; called like the first of them.
    pub fn new(files: Vec<(String, Cover)>) -> Self {
        let name = files.first().map_or_else(String::new, |(_, cover)| cover.name().to_owned());
        let mut end = 0;
        let files = files.into_iter().map(|(name, cover)| {
            end += cover.stretches();
            File { name, cover, end }
        });
        Self { files: files.collect(), name }
    }

    /// The same with the values of some fields of points, which are to be added up.
    pub fn adding_up(mut self, fields: &[impl AsRef<str>]) -> Result<Self, LayerError> {
        let adding = |file: File| Ok(File { cover: file.cover.adding_up(fields)?, ..file });
        self.files = self.files.into_iter().map(adding).collect::<Result<_, LayerError>>()?;
        Ok(self)
    }

    /// Of cells: where they lie. The sheets of a raster are one file here.
    pub fn frame(&self) -> Result<Option<CellFrame>, LayerError> {
        self.files.first().map_or(Ok(None), |file| file.cover.frame())
    }

    /// What its features are, which is the same in all its files.
    pub fn figure(&self) -> Result<Figure, LayerError> {
        let figures = || self.files.iter().map(|file| file.cover.figure());
        let first = figures().next().unwrap_or(Figure::Polygon);
        if figures().all(|figure| figure == first) {
            return Ok(first);
        }
        Err(LayerError::Mixed { layer: self.name.clone() })
    }
}

impl Source for Several {
    fn name(&self) -> &str {
        &self.name
    }

    fn stretches(&self) -> usize {
        self.files.last().map_or(0, |file| file.end)
    }

    fn batches(&self, stretch: usize) -> Result<Box<dyn Batches + '_>, SourceFault> {
        let found = self.files.iter().find(|file| stretch < file.end);
        let file = found.ok_or_else(|| format!("{} has no stretch {stretch}", self.name))?;
        let batches = file.cover.batches(stretch + file.cover.stretches() - file.end)?;
        match self.files.as_slice() {
            [_] => Ok(batches),
            _ => Ok(Box::new(Called { file: &file.name, batches, ids: String::new() })),
        }
    }

    fn findings(&self) -> Vec<Finding> {
        match self.files.as_slice() {
            [only] => only.cover.findings(),
            files => {
                let named =
                    |file: &File| file.cover.findings().into_iter().map(|f| f.in_layer(&file.name)).collect();
                files.iter().flat_map(|file| -> Vec<Finding> { named(file) }).collect()
            }
        }
    }
}

/// Batches whose features are called by their file, too.
struct Called<'a> {
    file: &'a str,
    batches: Box<dyn Batches + 'a>,
    ids: String,
}

impl Batches for Called<'_> {
    fn next_batch(&mut self, batch: &mut Batch) -> Result<bool, SourceFault> {
        let more = self.batches.next_batch(batch)?;
        self.ids.clear();
        let mut from = 0;
        for patch in &mut batch.patches {
            let id = &batch.ids[from..patch.id_end as usize];
            from = patch.id_end as usize;
            self.ids.push_str(self.file);
            self.ids.push(':');
            self.ids.push_str(id);
            patch.id_end = self.ids.len() as u32;
        }
        std::mem::swap(&mut batch.ids, &mut self.ids);
        Ok(more)
    }
}
