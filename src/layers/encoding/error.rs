//! What stops the choice of a text encoding.

use std::fmt;
use std::path::Path;

use thiserror::Error;

use super::charset::USUAL_NAMES;
use crate::nearest::suggestion;
use crate::words;
use crate::words::{Words, foreign};

/// Why no encoding could be chosen. What is merely doubtful is a finding instead.
#[derive(Debug, Error)]
pub enum EncodingError {
    /// A file cannot be opened or read, or a zip is broken.
    Unreadable {
        /// The file.
        file: String,
        /// What the system says.
        cause: String,
    },
    /// Neither a `.shp` nor a folder or zip that holds one.
    NotAShapefile {
        /// The file.
        file: String,
    },
    /// Several layers and none named.
    SeveralLayers {
        /// The folder or zip.
        file: String,
        /// Its layers.
        layers: Vec<String>,
    },
    /// The named layer is not there.
    LayerMissing {
        /// The folder or zip.
        file: String,
        /// The layer asked for.
        layer: String,
        /// Its layers.
        layers: Vec<String>,
        /// The layer probably meant.
        meant: Option<String>,
    },
    /// The project declares an encoding that nobody knows.
    UnknownName {
        /// The name as declared.
        name: String,
    },
}

impl EncodingError {
    pub(super) fn unreadable(path: &Path, cause: std::io::Error) -> Self {
        Self::Unreadable { file: path.display().to_string(), cause: cause.to_string() }
    }

    /// Stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } => "layer-unreadable",
            Self::NotAShapefile { .. } => "not-a-shapefile",
            Self::SeveralLayers { .. } => "layer-not-named",
            Self::LayerMissing { .. } => "layer-missing",
            Self::UnknownName { .. } => "encoding-unknown",
        }
    }

    /// The sentence in both languages.
    pub fn words(&self) -> Words {
        match self {
            Self::Unreadable { file, cause } => Words::new(
                format!("{file} cannot be read: {cause}"),
                format!("无法读取 {file}：{}", foreign(cause)),
            ),
            Self::NotAShapefile { file } => words!("{file} holds no shapefile", "{file} 中没有 shapefile"),
            Self::SeveralLayers { file, layers } => {
                let n = layers.len();
                words!("{file} holds {n} layers and none is named", "{file} 中有 {n} 个图层，但未指定图层名")
            }
            Self::LayerMissing { file, layer, .. } => {
                words!("{file} has no layer {layer}", "{file} 中没有图层 {layer}")
            }
            Self::UnknownName { name } => {
                words!("no text encoding is called {name}", "没有名为 {name} 的文字编码")
            }
        }
    }

    /// The sentence in Chinese; `Display` is the English one.
    pub fn zh(&self) -> String {
        self.words().zh
    }

    /// What would cure it.
    pub fn cure(&self) -> Option<Words> {
        match self {
            Self::Unreadable { .. } | Self::NotAShapefile { .. } => None,
            Self::SeveralLayers { layers, .. } => suggestion(None, layers),
            Self::LayerMissing { layers, meant, .. } => suggestion(meant.as_deref(), layers),
            Self::UnknownName { .. } => suggestion(None, &USUAL_NAMES.map(str::to_owned)),
        }
    }
}

impl fmt::Display for EncodingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words().en)
    }
}
