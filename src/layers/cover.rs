//! A cover layer, or one of lines or points, as a source of batches in the working CRS.

use std::collections::{BTreeMap, HashMap};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::attribute::{Amount, Value};
use crate::finding::Finding;
use crate::geometry::densify;
use crate::layers::crowns::{self, Crowns};
use crate::layers::crs::{Carrier, Crs};
use crate::layers::error::LayerError;
use crate::layers::figures;
use crate::layers::noticed::{Noticed, OddValues};
use crate::layers::open::{self, Description, LayerFile};
use crate::layers::polygons::{Naming, PolygonReader, chord_error};
use crate::layers::rows::{Cell, Row};
use crate::project::filter::Filter;
use crate::project::settings::{AreaUnit, DatumShift, LayerSettings};
use crate::survey::raster::CellFrame;
use crate::survey::{Batch, Batches, Figure, Source, SourceFault};
use crate::units;

/// Features in one batch, unless their points fill it earlier.
const BATCH_PATCHES: usize = 4096;
/// Most features looked at for where a layer typically lies.
const MOST_LOOKED_AT: usize = 10_000;
/// Points in one batch, unless one feature has more: a megabyte, which stays in the cache of a core until it is used.
const BATCH_POINTS: usize = 65_536;

/// Which layer, and which of its fields are wanted.
#[derive(Debug, Clone)]
pub struct CoverRequest<'a> {
    /// Its name for people; the file's where there is none.
    pub name: Option<&'a str>,
    /// The layer.
    pub layer: &'a LayerSettings,
    /// The field of the class value; without one every feature has the same.
    pub field: Option<&'a str>,
    /// The field that names a feature.
    pub id_field: Option<&'a str>,
    /// The field with the recorded area, and its unit.
    pub area_field: Option<(&'a str, AreaUnit)>,
}

impl<'a> CoverRequest<'a> {
    /// The features of a layer alike, without names of their own.
    pub fn of(layer: &'a LayerSettings) -> Self {
        Self { name: None, layer, field: None, id_field: None, area_field: None }
    }
}

/// A layer that was found and described, its CRS known.
#[derive(Debug, Clone)]
pub struct OpenLayer {
    /// For people.
    pub title: String,
    /// The CRS of its coordinates: what the file says, or what the settings say over it.
    pub crs: Crs,
    /// What its features are.
    pub figure: Figure,
    pub(super) file: LayerFile,
    pub(super) description: Description,
    pub(super) shift: Option<DatumShift>,
    pub(super) filter: Option<Filter>,
    /// The fields that the filter names, and where they stand.
    pub(super) filter_fields: Vec<(String, usize)>,
}

impl OpenLayer {
    /// Finds and describes a layer of polygons.
    /// `zones_deg` tells where the zones lie, once that is known, so that a missing CRS can be proposed.
    pub fn open(
        folder: &Path,
        settings: &LayerSettings,
        zones_deg: Option<super::check::Extent>,
    ) -> Result<(Self, Vec<Finding>), LayerError> {
        Self::open_as(folder, settings, zones_deg, figures::polygons)
    }

    /// Finds and describes a layer of polygons, lines or points. Its geometry type says which; where it leaves that
    /// open, its features do.
    pub fn open_any(
        folder: &Path,
        settings: &LayerSettings,
        zones_deg: Option<super::check::Extent>,
    ) -> Result<(Self, Vec<Finding>), LayerError> {
        Self::open_as(folder, settings, zones_deg, figures::any)
    }

    fn open_as(
        folder: &Path,
        settings: &LayerSettings,
        zones_deg: Option<super::check::Extent>,
        figure: fn(&LayerFile, &Description) -> Result<Figure, LayerError>,
    ) -> Result<(Self, Vec<Finding>), LayerError> {
        let (file, findings) = open::find(folder, settings)?;
        let description = file.describe()?;
        let title = file.title.clone();
        if description.features == Some(0) {
            return Err(LayerError::Empty { layer: title });
        }
        let figure = if settings.crowns.is_some() { figures::points } else { figure };
        let figure = figure(&file, &description)?;
        let declared = settings.crs.as_deref().map(Crs::parse).transpose()?;
        let crs = declared.or_else(|| description.crs.clone()).ok_or_else(|| LayerError::NoCrs {
            layer: title.clone(),
            proposal: description.extent.and_then(|e| super::check::likely_crs(e, zones_deg)),
        })?;
        let fields = settings.filter.iter().flat_map(Filter::fields);
        let filter_fields = fields
            .map(|name| Ok((name.to_owned(), description.field(&title, name)?)))
            .collect::<Result<_, LayerError>>()?;
        let (filter, shift) = (settings.filter.clone(), settings.datum_shift.clone());
        Ok((Self { title, crs, figure, file, description, shift, filter, filter_fields }, findings))
    }

    /// The smallest rectangle around its coordinates, in its own CRS: west, south, east, north.
    pub fn extent(&self) -> Option<[f64; 4]> {
        self.description.extent
    }

    /// Centres of the boxes of its features, easting or longitude first; at most [`MOST_LOOKED_AT`] of them.
    pub(super) fn centres(&self) -> (Vec<f64>, Vec<f64>) {
        let (mut centres, mut batch) = ((Vec::new(), Vec::new()), Batch::default());
        let mut note = |row: &mut dyn Row| {
            batch.clear();
            row.figures(self.figure, self.crs.metres(), &mut batch);
            if let Some([x, y]) = centre(&batch.points) {
                centres.0.push(x);
                centres.1.push(y);
            }
            if centres.0.len() < MOST_LOOKED_AT { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        };
        for stretch in 0..self.file.stretches() {
            let read = self.file.rows(stretch, &[]).and_then(|mut rows| rows.each(&mut note));
            // What cannot be read is an error when the layer is read; here it tells nothing.
            if read.unwrap_or(true) {
                break;
            }
        }
        centres
    }

    /// The files it lies in.
    pub fn paths(&self) -> &[PathBuf] {
        self.file.paths()
    }

    /// Index of a field by name.
    pub fn field(&self, name: &str) -> Result<usize, LayerError> {
        self.description.field(&self.title, name)
    }

    /// That it holds lines where lines are wanted; the other figures are seen to when it is opened.
    pub fn must_be(&self, wanted: Figure) -> Result<(), LayerError> {
        match (wanted, self.figure) {
            (Figure::Line, Figure::Polygon | Figure::Point) => {
                Err(LayerError::NotLines { layer: self.title.clone() })
            }
            _ => Ok(()),
        }
    }

    /// That it holds what people may live on: polygons or points.
    pub fn must_hold_homes(&self) -> Result<(), LayerError> {
        match self.figure {
            Figure::Line => Err(LayerError::NotHomes { layer: self.title.clone() }),
            Figure::Polygon | Figure::Point => Ok(()),
        }
    }

    /// How many features the layer says it has.
    pub fn announced(&self) -> Option<u64> {
        self.description.features
    }
}

/// The centre of the smallest rectangle around some points; `None` where there are none.
fn centre(points: &[[f64; 2]]) -> Option<[f64; 2]> {
    let (first, rest) = points.split_first()?;
    let (mut low, mut high) = (*first, *first);
    for [x, y] in rest {
        low = [low[0].min(*x), low[1].min(*y)];
        high = [high[0].max(*x), high[1].max(*y)];
    }
    Some([(low[0] + high[0]) / 2.0, (low[1] + high[1]) / 2.0])
}

/// A cover in the working CRS.
#[derive(Debug)]
pub struct Cover {
    name: String,
    layer: OpenLayer,
    working: Crs,
    field: Option<usize>,
    naming: Naming,
    /// How its points become crowns.
    crowns: Option<Crowns>,
    /// The fields that are added up, with their names.
    sums: Vec<(usize, String)>,
    /// Whether negative numbers in them count as unknown.
    counts: bool,
    /// By stretch, from those that were read to their end.
    noticed: Mutex<BTreeMap<usize, Noticed>>,
}

impl Cover {
    /// Makes a cover of an open layer, under the rule for datums.
    pub fn new(request: &CoverRequest<'_>, layer: OpenLayer, working: &Crs) -> Result<Self, LayerError> {
        Carrier::new(&layer.title, &layer.crs, working, layer.shift.as_ref())?;
        let field = |name: Option<&str>| name.map(|n| layer.field(n)).transpose();
        let area = |(name, unit)| Ok((layer.field(name)?, square_metres(unit)));
        let area = request.area_field.map(area).transpose()?;
        Ok(Self {
            name: request.name.unwrap_or(&layer.title).to_owned(),
            field: field(request.field)?,
            naming: Naming { id: field(request.id_field)?, area, by_field_only: false },
            crowns: request.layer.crowns.as_ref().map(|crowns| Crowns::new(crowns, &layer)).transpose()?,
            working: working.clone(),
            layer,
            sums: Vec::new(),
            counts: false,
            noticed: Mutex::default(),
        })
    }

    /// The same with the values of these fields to be added up, of a layer of points.
    pub fn adding_up(self, fields: &[impl AsRef<str>]) -> Result<Self, LayerError> {
        if !fields.is_empty() && self.figure() != Figure::Point {
            return Err(LayerError::NotPoints { layer: self.layer.title });
        }
        self.giving(fields)
    }

    /// The same with the numbers in these fields, feature by feature.
    pub fn giving(self, fields: &[impl AsRef<str>]) -> Result<Self, LayerError> {
        let named = |name: &str| Ok((self.layer.field(name)?, name.to_owned()));
        let sums = fields.iter().map(|name| named(name.as_ref())).collect::<Result<_, LayerError>>()?;
        Ok(Self { sums, ..self })
    }

    /// The same with numbers of people or things in these fields; a negative one is unknown.
    pub fn giving_counts(self, fields: &[impl AsRef<str>]) -> Result<Self, LayerError> {
        Ok(Self { counts: true, ..self.giving(fields)? })
    }

    /// The same, where a feature without an identifier in its field has none, and not that of the format.
    pub fn named_by_field_only(mut self) -> Self {
        self.naming.by_field_only = true;
        self
    }

    /// The same, if it is a layer of points.
    pub fn of_points(self) -> Result<Self, LayerError> {
        match self.figure() {
            Figure::Point => Ok(self),
            _ => Err(LayerError::PointsWanted { layer: self.layer.title }),
        }
    }

    /// What its features are.
    pub fn figure(&self) -> Figure {
        self.layer.figure
    }

    /// The layer it is read from.
    pub fn layer(&self) -> &OpenLayer {
        &self.layer
    }
}

impl Cover {
    /// Of cells: where they lie, and how many there are.
    pub fn frame(&self) -> Result<Option<CellFrame>, LayerError> {
        let Some((corners, cells)) = self.layer.file.frame() else { return Ok(None) };
        let carrier =
            Carrier::new(&self.layer.title, &self.layer.crs, &self.working, self.layer.shift.as_ref())?;
        let carry = |xs: &mut [f64], ys: &mut [f64]| carrier.carry(xs, ys);
        let ring = match carrier.is_identity() {
            true => corners.to_vec(),
            false => densify::transform_ring_within(&corners, chord_error(&self.working), &carry),
        };
        Ok(Some(CellFrame { ring, cells }))
    }

    fn add_amounts(&self, row: &mut dyn Row, batch: &mut Batch, odd: &mut OddValues) {
        for (field, name) in &self.sums {
            let value = row.cell(*field).value();
            let mut amount = value.amount();
            if amount.is_none() && value != Value::Null {
                OddValues::note(&mut odd.not_numbers, name, &value);
            }
            if self.counts && amount.is_some_and(|amount| amount < Amount::default()) {
                OddValues::note(&mut odd.negative, name, &value);
                amount = None;
            }
            batch.amounts.push(amount);
        }
    }
}

impl Source for Cover {
    fn name(&self) -> &str {
        &self.name
    }

    fn stretches(&self) -> usize {
        self.layer.file.stretches()
    }

    fn batches(&self, stretch: usize) -> Result<Box<dyn Batches + '_>, SourceFault> {
        Ok(Box::new(Reader::new(self, stretch)?))
    }

    fn findings(&self) -> Vec<Finding> {
        let stretches = std::mem::take(&mut *self.noticed.lock().unwrap_or_else(PoisonError::into_inner));
        let together = stretches.into_values().reduce(Noticed::then);
        together.map_or_else(Vec::new, |noticed| noticed.findings(&self.layer.title))
    }
}

/// Reads one stretch of a cover.
struct Reader<'a> {
    cover: &'a Cover,
    stretch: usize,
    polygons: PolygonReader<'a>,
    crowns: Option<crowns::Drawer<'a>>,
    values: Values,
    odd: OddValues,
    done: bool,
}

impl<'a> Reader<'a> {
    fn new(cover: &'a Cover, stretch: usize) -> Result<Self, LayerError> {
        let more = cover.field.into_iter().chain(cover.sums.iter().map(|(field, _)| *field));
        let more: Vec<usize> = more.chain(cover.crowns.as_ref().map(Crowns::field)).collect();
        let polygons = PolygonReader::open(&cover.layer, stretch, &cover.working, cover.naming, &more)?;
        let crowns = cover.crowns.as_ref().map(|crowns| crowns.drawer(&cover.working)).transpose()?;
        let (values, odd) = (Values::default(), OddValues::default());
        Ok(Self { cover, stretch, polygons, crowns, values, odd, done: false })
    }

    fn end(&mut self) {
        self.done = true;
        let odd = std::mem::take(&mut self.odd);
        let mut noticed = self.cover.noticed.lock().unwrap_or_else(PoisonError::into_inner);
        let crownless = self.crowns.as_mut().map(crowns::Drawer::noticed).unwrap_or_default();
        noticed.insert(self.stretch, Noticed { odd, crownless, ..self.polygons.noticed() });
    }
}

impl Batches for Reader<'_> {
    fn next_batch(&mut self, batch: &mut Batch) -> Result<bool, SourceFault> {
        batch.clear();
        let (cover, values, odd) = (self.cover, &mut self.values, &mut self.odd);
        let crowns = &mut self.crowns;
        let more = !self.done
            && self.polygons.each(batch, &mut |row, batch| {
                if let Some(crowns) = crowns {
                    crowns.draw(row, cover.naming, batch);
                }
                let cell = cover.field.map_or(Cell::Null, |field| row.cell(field));
                let value = values.number(cell, &mut batch.new_values);
                cover.add_amounts(row, batch, odd);
                cover.naming.append_id(row, &mut batch.ids);
                batch.push_patch(value, "");
                let full = batch.patches.len() >= BATCH_PATCHES || batch.points.len() >= BATCH_POINTS;
                if full { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            })?;
        if !more && !self.done {
            self.end();
        }
        Ok(!batch.patches.is_empty())
    }
}

/// The class values met so far in a stretch, numbered by their codes in the order in which they were met.
#[derive(Debug, Default)]
struct Values {
    numbers: HashMap<String, u32>,
    null: Option<u32>,
    code: String,
}

impl Values {
    /// The number of a value; one met for the first time joins the list. Allocates for that one only.
    fn number(&mut self, cell: Cell<'_>, met: &mut Vec<Value>) -> u32 {
        let next = self.numbers.len() as u32 + u32::from(self.null.is_some());
        let mut joins = || {
            met.push(cell.value());
            next
        };
        self.code.clear();
        if !cell.append_code(&mut self.code) {
            return *self.null.get_or_insert_with(joins);
        }
        match self.numbers.get(&self.code) {
            Some(number) => *number,
            None => *self.numbers.entry(self.code.clone()).or_insert(joins()),
        }
    }
}

/// How many square metres one unit of a recorded area is.
fn square_metres(unit: AreaUnit) -> f64 {
    match unit {
        AreaUnit::Hectares => units::M2_PER_HECTARE,
        AreaUnit::SquareMetres => 1.0,
        AreaUnit::Mu => units::M2_PER_HECTARE / units::MU_PER_HECTARE,
    }
}
