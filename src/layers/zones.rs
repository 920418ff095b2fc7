//! Reads the zones (乡镇) of a layer, whole.

use std::ops::ControlFlow;

use crate::finding::{Finding, Severity};
use crate::geometry::tile::TILE_UNITS;
use crate::layers::cover::OpenLayer;
use crate::layers::crs::Crs;
use crate::layers::error::LayerError;
use crate::layers::noticed::Noticed;
use crate::layers::polygons::{Naming, PolygonReader, chord_error};
use crate::layers::rows::Cell;
use crate::survey::{Batch, Gathering, SharedCode, ZoneLayer, ZoneRecord, gather};
use crate::words;
use crate::words::{Explain, Words};

/// Which fields make a feature a zone.
#[derive(Debug, Clone, Copy)]
pub struct ZoneFields<'a> {
    /// The field of the code; without one the feature's number in the file is its code.
    pub id: Option<&'a str>,
    /// The field of the name.
    pub name: Option<&'a str>,
    /// How features become zones.
    pub gathering: Gathering,
}

/// Why the zones could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ZoneError {
    /// The layer is at fault.
    #[error(transparent)]
    Layer(#[from] LayerError),
    /// Several features carry one code and may not be taken together.
    #[error("{layer}: {}", shared_codes(codes))]
    SharedCodes {
        /// The layer.
        layer: String,
        /// The codes.
        codes: Vec<SharedCode>,
    },
}

fn shared_codes(codes: &[SharedCode]) -> String {
    let one = |code: &SharedCode| {
        let features: Vec<String> = code
            .features
            .iter()
            .take(10)
            .map(|(f, name)| name.as_ref().map_or(format!("#{f}"), |n| format!("#{f} {n}")))
            .collect();
        format!("code {} is carried by {} features ({})", code.id, code.features.len(), features.join(", "))
    };
    codes.iter().take(10).map(one).collect::<Vec<_>>().join("; ")
}

/// How far edges of zones that are read into a CRS may lie from their true image there, in its units and in metres; `None`
/// where the layer is in it.
pub fn edge_error(layer: &OpenLayer, working: &Crs) -> Option<(f64, f64)> {
    let units = chord_error(working);
    (!layer.crs.same_as(working)).then(|| (units, units * working.metres()))
}

/// Reads the zones into the working CRS.
pub fn read(
    layer: &OpenLayer,
    fields: ZoneFields<'_>,
    working: &Crs,
) -> Result<(ZoneLayer, Vec<Finding>), ZoneError> {
    let id_field = fields.id.map(|name| layer.field(name)).transpose()?;
    let name_field = fields.name.map(|name| layer.field(name)).transpose()?;
    let naming = Naming { id: id_field, ..Naming::default() };
    let (mut shapes, mut rows, mut noticed) = (Batch::default(), Vec::new(), Noticed::default());
    for stretch in 0..layer.file.stretches() {
        let more = name_field.as_slice();
        let mut reader = PolygonReader::open(layer, stretch, working, naming, more)?;
        let mut nameless = None;
        reader.each(&mut shapes, &mut |row, shapes| {
            if id_field.is_some_and(|field| row.cell(field) == Cell::Null) {
                nameless = Some(row.fid());
                return ControlFlow::Break(());
            }
            naming.append_id(row, &mut shapes.ids);
            shapes.push_patch(0, "");
            let name = name_field.and_then(|field| row.cell(field).value().code());
            rows.push((shapes.id(rows.len()).to_owned(), name));
            ControlFlow::Continue(())
        })?;
        if let (Some(feature), Some(field)) = (nameless, fields.id) {
            let (layer, feature) = (layer.title.clone(), feature.to_string());
            return Err(LayerError::NoCode { layer, feature, field: field.to_owned() }.into());
        }
        noticed = noticed.then(reader.noticed());
    }
    let title = layer.title.clone();
    if rows.is_empty() {
        return Err(LayerError::Empty { layer: title }.into());
    }
    small_enough(&title, &shapes)?;
    let zones = gather(&rows, fields.gathering)
        .map_err(|codes| ZoneError::SharedCodes { layer: title.clone(), codes })?;
    let mut findings = noticed.findings(&title);
    findings.extend(merged(&title, &zones, fields.gathering));
    findings.extend(short_codes(&title, &rows, fields.gathering));
    Ok((ZoneLayer { layer: title, zones, shapes }, findings))
}

/// Zones may stretch over so many work tiles: a box of some 1 500 km by 1 500 km. Memory and time grow with it.
const MOST_TILES: f64 = 2.0e6;

/// That the zones are no larger than what a run can hold: a whole continent is a slip, not a county.
fn small_enough(layer: &str, shapes: &Batch) -> Result<(), LayerError> {
    let span = |axis: usize| {
        let values = || shapes.points.iter().map(|p| p[axis]);
        (values().fold(f64::NEG_INFINITY, f64::max) - values().fold(f64::INFINITY, f64::min)).max(0.0)
    };
    let (width, height) = (span(0), span(1));
    let tiles = |span: f64| span / TILE_UNITS as f64 + 1.0;
    let fits = tiles(width) * tiles(height) <= MOST_TILES;
    fits.then_some(()).ok_or_else(|| LayerError::TooVast { layer: layer.to_owned(), width, height })
}

/// Zones of several features, such as a town with an exclave (飞地).
fn merged(layer: &str, zones: &[ZoneRecord], how: Gathering) -> Option<Finding> {
    let several: Vec<&str> = zones.iter().filter(|z| z.features.len() > 1).map(|z| z.id.as_str()).collect();
    let (n, codes) = (several.len(), several.iter().take(10).copied().collect::<Vec<_>>().join(", "));
    (n > 0 && how.prefix.is_none()).then(|| {
        Finding::new(
            "zone-merged",
            Severity::Info,
            words!(
                "{n} zones are made of several features (exclaves): {codes}",
                "{n} 个分区由多个要素合并而成（飞地）：{codes}"
            ),
        )
        .in_layer(layer)
        .counting(n as u64)
    })
}

/// Codes too short for the prefix that is to make towns of them.
fn short_codes(layer: &str, rows: &[(String, Option<String>)], how: Gathering) -> Option<Finding> {
    let prefix = how.prefix?;
    let odd = |code: &&str| code.chars().count() < prefix || !code.chars().all(|c| c.is_ascii_digit());
    let odd: Vec<&str> = rows.iter().map(|(code, _)| code.as_str()).filter(odd).collect();
    let (n, codes) = (odd.len(), odd.iter().take(10).copied().collect::<Vec<_>>().join(", "));
    (n > 0).then(|| {
        Finding::new("zone-code-odd", Severity::Warning, words!(
            "{n} codes are shorter than prefix = {prefix} or not plain digits; each makes a zone of its own: {codes}",
            "{n} 个代码不足 prefix = {prefix} 位或不是纯数字，各自成为一个分区：{codes}"
        ))
        .with_hint(words!(
            "correct the codes in the layer, or set a prefix that fits all of them",
            "请在图层中更正这些代码，或改用适合全部代码的 prefix"
        ))
        .in_layer(layer)
        .counting(n as u64)
    })
}

impl Explain for ZoneError {
    fn code(&self) -> &'static str {
        match self {
            Self::Layer(error) => error.code(),
            Self::SharedCodes { .. } => "zone-code-shared",
        }
    }

    fn sentence(&self) -> Words {
        match self {
            Self::Layer(error) => error.sentence(),
            Self::SharedCodes { layer, codes } => {
                let list: Vec<String> = codes.iter().take(10).map(|c| c.id.clone()).collect();
                let zh = format!("{layer}：下列代码各有多个要素：{}", list.join("、"));
                Words::new(self.to_string(), zh)
            }
        }
    }

    fn cure(&self) -> Option<Words> {
        match self {
            Self::Layer(error) => error.cure(),
            Self::SharedCodes { .. } => Some(words!(
                "if they are parts of one town (an exclave), take them together: --merge-zones, or merge = true in the project file; else use a field whose codes differ (the same name in two counties?)",
                "若同属一个乡镇（飞地），请加 --merge-zones（项目文件中 merge = true）合并；否则请改用不重复的代码字段（是否两县有同名乡镇？）"
            )),
        }
    }
}
