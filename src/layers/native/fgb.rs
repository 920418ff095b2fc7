//! FlatGeobuf: a header, perhaps a packed tree of rectangles, then features, each behind its length.
//!
//! The leaves of the tree stand in the order of the features and know where each begins: they tell where a stretch
//! begins, and nothing else of the tree is used. A stretch must end where the next one begins, so a tree that lies is
//! found out. Where already the beginnings cannot be right, or there is no tree, the lengths are walked. Layers of
//! curves are declined.

mod feature;

use std::path::Path;
use std::sync::Arc;

use super::flat::Table;
use super::window::{Stored, Window, le_u32};
use super::{NativeFile, Opened, STRETCH_FEATURES, extent_of};
use crate::finding::{Finding, Severity};
use crate::layers::crs::Crs;
use crate::layers::error::LayerError;
use crate::layers::open::Description;
use crate::layers::rows::{Rows, StoredLayer};
use crate::words;
use feature::{Column, Features};

/// What a file begins with; the fourth byte is the version.
const MAGIC: [&[u8]; 2] = [b"fgb\x03", b"fgb"];
/// Bytes before the header: magic, and its length.
const BEFORE_HEADER: u64 = 12;
/// Bytes of a node of the tree: a rectangle, and where its feature or its first child begins.
const NODE: u64 = 40;
/// Children of a node, where the header does not say.
const CHILDREN: u16 = 16;

/// An open FlatGeobuf.
#[derive(Debug)]
pub(super) struct FlatGeobuf {
    title: String,
    name: String,
    file: Stored,
    columns: Vec<Column>,
    geometry: u8,
    crs: Option<(Option<i32>, Option<String>)>,
    extent: Option<[f64; 4]>,
    features: u64,
    /// Where each stretch begins, and where the last ends.
    bounds: Vec<u64>,
    /// Whether the tree was ignored because it is wrong.
    distrusted: bool,
}

/// Opens a FlatGeobuf, or says why it should be GDAL's.
pub(super) fn open(path: &Path) -> Opened {
    match FlatGeobuf::open(path) {
        Ok(file) => Opened::Native(Box::new(file)),
        Err(reason) => Opened::Declined(reason),
    }
}

impl FlatGeobuf {
    fn open(path: &Path) -> Result<Self, String> {
        let unreadable = |e: std::io::Error| e.to_string();
        let file = Stored::open(path).map_err(unreadable)?;
        let begin = file.bytes(0, BEFORE_HEADER).map_err(unreadable)?;
        if !begin.starts_with(MAGIC[0]) || begin.get(4..7) != Some(MAGIC[1]) {
            return Err("it does not begin as a FlatGeobuf does".to_owned());
        }
        let size = u64::from(le_u32(&begin, 8).unwrap_or_default());
        let bytes = file.bytes(BEFORE_HEADER, size).map_err(unreadable)?;
        let header = Table::root(&bytes).ok_or("its header is damaged")?;
        let geometry = header.byte(2).unwrap_or(0);
        if (8..=14).contains(&geometry) {
            return Err("it holds curves".to_owned());
        }
        let said = header.long(8).unwrap_or(0);
        let tree = Tree {
            begin: BEFORE_HEADER + size,
            count: said,
            children: u64::from(header.short(9).unwrap_or(CHILDREN)),
        };
        let (bounds, features, distrusted) = bounds(&file, &tree)?;
        let sides = header.vector(1, 8).map(|v| v.as_chunks().0.iter().map(|c| f64::from_le_bytes(*c)));
        let sides: Vec<f64> = sides.into_iter().flatten().collect();
        let crs = header.table(10).map(|crs| (crs.int(1).filter(|c| *c > 0), crs.text(4).map(str::to_owned)));
        let stem = || path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let name = header.text(0).filter(|name| !name.is_empty()).map_or_else(stem, str::to_owned);
        Ok(Self {
            title: name.clone(),
            name,
            columns: header.tables(7).map(|column| Column::of(&column)).collect(),
            geometry,
            crs,
            extent: match sides[..] {
                [w, s, e, n, ..] => Some([w, s, e, n]).filter(|e| e.iter().all(|c| c.is_finite())),
                _ => None,
            },
            features,
            bounds,
            distrusted,
            file,
        })
    }
}

/// The packed tree of a file.
struct Tree {
    begin: u64,
    count: u64,
    /// Children of a node; nought where there is no tree.
    children: u64,
}

impl Tree {
    /// Bytes of the whole tree, and where its leaves begin; `None` where it cannot be as said.
    fn layout(&self) -> Option<(u64, u64)> {
        if self.children == 0 || self.count == 0 {
            return Some((0, 0));
        }
        let (mut nodes, mut level) = (self.count, self.count);
        loop {
            level = level.div_ceil(self.children.max(2));
            nodes = nodes.checked_add(level)?;
            if level == 1 {
                break;
            }
        }
        Some((nodes.checked_mul(NODE)?, (nodes - self.count).checked_mul(NODE)?))
    }
}

/// Where stretches begin and the last ends, how many features there are, and whether the tree was wrong.
fn bounds(file: &Stored, tree: &Tree) -> Result<(Vec<u64>, u64, bool), String> {
    let damaged = || "its tree does not fit into the file".to_owned();
    let (size, leaves) = tree.layout().ok_or_else(damaged)?;
    let first = tree.begin.checked_add(size).filter(|&first| first <= file.length).ok_or_else(damaged)?;
    let by_tree = if size > 0 { from_leaves(file, tree, tree.begin + leaves, first) } else { None };
    let distrusted = size > 0 && by_tree.is_none();
    match by_tree {
        Some(bounds) => Ok((bounds, tree.count, false)),
        None => walked(file, first, tree.count).map(|(bounds, count)| (bounds, count, distrusted)),
    }
}

/// The beginnings by the leaves of the tree; `None` where they cannot be right.
fn from_leaves(file: &Stored, tree: &Tree, leaves: u64, first: u64) -> Option<Vec<u64>> {
    let mut bounds: Vec<u64> = Vec::new();
    for feature in (0..tree.count).step_by(STRETCH_FEATURES as usize) {
        let bytes = file.bytes(leaves + feature * NODE + 32, 8).ok()?;
        let begin = first.checked_add(u64::from_le_bytes(bytes.try_into().ok()?))?;
        let after = bounds.last().map_or(begin == first, |&last| begin > last);
        if !after || !file.holds(begin, 4) {
            return None;
        }
        bounds.push(begin);
    }
    bounds.push(file.length);
    Some(bounds)
}

/// The beginnings by walking from length to length; the features that are there whole, or begun, are counted.
fn walked(file: &Stored, first: u64, said: u64) -> Result<(Vec<u64>, u64), String> {
    let (mut bounds, mut count, mut at) = (Vec::new(), 0, first);
    let mut window = Window::new(file, file.length);
    // A file that ends where its features should begin has one stretch, which will say so.
    bounds.extend((first == file.length && said > 0).then_some(first));
    while at < file.length && (said == 0 || count < said) {
        if count % STRETCH_FEATURES == 0 {
            bounds.push(at);
        }
        let size = window.get(at, 4).ok().and_then(|bytes| le_u32(bytes, 0));
        at = at.saturating_add(4).saturating_add(size.map_or(u64::MAX, u64::from)).min(file.length);
        count += 1;
    }
    bounds.push(file.length);
    Ok((bounds, count.max(said)))
}

impl NativeFile for FlatGeobuf {
    fn layer_names(&self) -> Vec<String> {
        vec![self.name.clone()]
    }

    fn layer(self: Box<Self>, _: usize, title: &str) -> Result<Arc<dyn StoredLayer>, LayerError> {
        Ok(Arc::new(Self { title: title.to_owned(), ..*self }))
    }
}

impl StoredLayer for FlatGeobuf {
    fn describe(&self) -> Result<Description, LayerError> {
        let by_code = |code: Option<i32>| Crs::epsg(u32::try_from(code?).ok()?).ok();
        let crs = self.crs.as_ref();
        let crs = crs.and_then(|(code, wkt)| by_code(*code).or_else(|| Crs::parse(wkt.as_deref()?).ok()));
        Ok(Description {
            fields: self.columns.iter().map(|column| column.name.clone()).collect(),
            crs,
            extent: self.extent.or_else(|| extent_of(self)),
            features: Some(self.features),
            geometry: match self.geometry {
                1 | 4 => "Point".to_owned(),
                2 | 5 => "Line String".to_owned(),
                0 | 7 => "Unknown".to_owned(),
                _ => "Polygon".to_owned(),
            },
        })
    }

    fn stretches(&self) -> usize {
        self.bounds.len().saturating_sub(1)
    }

    fn rows(&self, stretch: usize, _: &[usize]) -> Result<Box<dyn Rows + '_>, LayerError> {
        Ok(Box::new(Features::new(self, stretch)))
    }

    fn findings(&self) -> Vec<Finding> {
        let sentence = words!(
            "the index in the file is wrong and was ignored; the features were found by their lengths",
            "文件内的索引有误，已忽略；改为按长度逐个查找要素"
        );
        let hint = words!("save the layer anew from a GIS", "请在 GIS 中将该图层重新另存");
        let finding = || Finding::new("index-distrusted", Severity::Warning, sentence).with_hint(hint);
        self.distrusted.then(finding).into_iter().collect()
    }
}
