//! A cover layer as a source of batches in the working CRS.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use crate::attribute::Value;
use crate::finding::Finding;
use crate::geometry::{densify, grid};
use crate::layers::crs::{Carrier, Crs};
use crate::layers::error::LayerError;
use crate::layers::noticed::Noticed;
use crate::layers::ogr::{Feature, Features};
use crate::layers::open::{self, Description, LayerFile};
use crate::layers::rings;
use crate::project::filter::Filter;
use crate::project::settings::{AreaUnit, DatumShift, LayerSettings};
use crate::survey::{Batch, Batches, Source, SourceFault};
use crate::words::Words;
use crate::{units, words};

/// Features in one batch, unless their points fill it earlier.
const BATCH_PATCHES: usize = 4096;
/// The farthest that a coordinate may lie from the origin of the working CRS, in metres: the last zone with a
/// prefix, 45, ends before 46 000 000.
const FARTHEST_M: f64 = 4.7e7;
/// Most features looked at for where a layer typically lies.
const MOST_LOOKED_AT: usize = 10_000;
/// Points in one batch, unless one feature has more.
const BATCH_POINTS: usize = 500_000;

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

/// A polygon layer that was found and described, its CRS known.
#[derive(Debug, Clone)]
pub struct OpenLayer {
    /// For people.
    pub title: String,
    /// The CRS of its coordinates: what the file says, or what the settings say over it.
    pub crs: Crs,
    pub(super) file: LayerFile,
    pub(super) description: Description,
    pub(super) shift: Option<DatumShift>,
    filter: Option<Filter>,
    filter_fields: Vec<(String, usize)>,
}

impl OpenLayer {
    /// Finds and describes a layer.
    /// `zones_deg` tells where the zones lie, once that is known, so that a missing CRS can be proposed.
    pub fn open(
        folder: &Path,
        settings: &LayerSettings,
        zones_deg: Option<super::check::Extent>,
    ) -> Result<(Self, Vec<Finding>), LayerError> {
        let (file, findings) = open::find(folder, settings)?;
        let description = file.describe()?;
        let title = file.title.clone();
        if description.features == Some(0) {
            return Err(LayerError::Empty { layer: title });
        }
        if let Some(kind) = without_polygons(&description.geometry) {
            return Err(LayerError::NotPolygons { layer: title, kind });
        }
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
        Ok((Self { title, crs, file, description, shift, filter, filter_fields }, findings))
    }

    /// The smallest rectangle around its coordinates, in its own CRS: west, south, east, north.
    pub fn extent(&self) -> Option<[f64; 4]> {
        self.description.extent
    }

    /// Centres of the boxes of its features, easting or longitude first; at most [`MOST_LOOKED_AT`] of them.
    pub(super) fn centres(&self) -> (Vec<f64>, Vec<f64>) {
        let Ok(mut features) = Features::open(&self.file) else { return Default::default() };
        let some = std::iter::from_fn(|| features.next()).take(MOST_LOOKED_AT);
        some.filter_map(|feature| feature.ok()?.centre()).unzip()
    }

    /// The file it lies in.
    pub fn path(&self) -> &Path {
        self.file.path()
    }

    /// Index of a field by name.
    pub fn field(&self, name: &str) -> Result<usize, LayerError> {
        self.description.field(&self.title, name)
    }

    /// How many features the layer says it has.
    pub fn announced(&self) -> Option<u64> {
        self.description.features
    }

    fn accepts(&self, feature: &Feature) -> bool {
        let value = |name: &str| {
            let field = self.filter_fields.iter().find(|(n, _)| n == name);
            field.map_or(Value::Null, |(_, index)| feature.value(*index))
        };
        self.filter.as_ref().is_none_or(|f| f.accepts(&value))
    }
}

/// What a layer holds whose geometry type leaves no room for polygons.
fn without_polygons(geometry_type: &str) -> Option<Words> {
    let kinds = [
        ("Point", words!("points", "点")),
        ("Line", words!("lines", "线")),
        ("None", words!("no geometry", "无几何的表")),
    ];
    kinds.into_iter().find(|(name, _)| geometry_type.contains(name)).map(|(_, kind)| kind)
}

/// A cover in the working CRS.
#[derive(Debug)]
pub struct Cover {
    name: String,
    layer: OpenLayer,
    working: Crs,
    field: Option<usize>,
    id_field: Option<usize>,
    area_field: Option<(usize, AreaUnit)>,
    /// By stretch, from those that were read to their end.
    noticed: Mutex<BTreeMap<usize, Noticed>>,
}

impl Cover {
    /// Makes a cover of an open layer, under the rule for datums.
    pub fn new(request: &CoverRequest<'_>, layer: OpenLayer, working: &Crs) -> Result<Self, LayerError> {
        Carrier::new(&layer.title, &layer.crs, working, layer.shift.as_ref())?;
        let field = |name: Option<&str>| name.map(|n| layer.field(n)).transpose();
        let area_field = request.area_field.map(|(name, unit)| Ok((layer.field(name)?, unit))).transpose()?;
        Ok(Self {
            name: request.name.unwrap_or(&layer.title).to_owned(),
            field: field(request.field)?,
            id_field: field(request.id_field)?,
            area_field,
            working: working.clone(),
            layer,
            noticed: Mutex::default(),
        })
    }

    /// The layer it is read from.
    pub fn layer(&self) -> &OpenLayer {
        &self.layer
    }
}

impl Source for Cover {
    fn name(&self) -> &str {
        &self.name
    }

    fn stretches(&self) -> usize {
        1
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

/// Reads the features of a polygon layer into the working CRS.
pub(super) struct PolygonReader<'a> {
    layer: &'a OpenLayer,
    features: Features,
    carrier: Carrier,
    /// The farthest coordinate of the working CRS that is no absurdity, in its units.
    farthest: f64,
    noticed: Noticed,
}

/// What one feature came to.
pub(super) enum Taken {
    /// Its rings are in the batch (none, where its geometry is empty).
    Kept(Feature),
    /// It was refused; a finding says why.
    Dropped,
}

impl<'a> PolygonReader<'a> {
    pub(super) fn open(layer: &'a OpenLayer, working: &Crs) -> Result<Self, LayerError> {
        let carrier = Carrier::new(&layer.title, &layer.crs, working, layer.shift.as_ref())?;
        Ok(Self {
            layer,
            features: Features::open(&layer.file)?,
            carrier,
            farthest: FARTHEST_M / working.unit_m,
            noticed: Noticed::default(),
        })
    }

    /// Reads the next feature that the filter accepts and adds its rings to the batch.
    pub(super) fn next(
        &mut self,
        batch: &mut Batch,
        id: impl Fn(&Feature) -> String,
        area: impl Fn(&Feature) -> Option<f64>,
    ) -> Option<Result<Taken, LayerError>> {
        loop {
            let feature = match self.features.next()? {
                Ok(feature) => feature,
                Err(error) => return Some(Err(error)),
            };
            let accepted = self.layer.accepts(&feature);
            self.noticed.filtered.0 += u64::from(self.layer.filter.is_some());
            self.noticed.filtered.1 += u64::from(accepted);
            if !accepted {
                continue;
            }
            return Some(Ok(self.take(feature, batch, id, area)));
        }
    }

    fn take(
        &mut self,
        feature: Feature,
        batch: &mut Batch,
        id: impl Fn(&Feature) -> String,
        area: impl Fn(&Feature) -> Option<f64>,
    ) -> Taken {
        let mut good = true;
        let (carrier, farthest) = (&self.carrier, self.farthest);
        // SAFETY: the geometry belongs to the feature, which outlives the walk.
        let seen = unsafe {
            rings::walk(feature.geometry(), self.layer.crs.metres(), &mut |kind, ring| {
                let ring = if good { carried(carrier, farthest, ring) } else { None };
                good = ring.is_some();
                batch.push_ring(kind, ring.unwrap_or_default());
            })
        };
        if !good {
            batch.drop_rings();
            self.noticed.dropped.push((id(&feature), area(&feature)));
            return Taken::Dropped;
        }
        if let Some(fault) = feature.fault().filter(|_| seen.polygons == 0) {
            self.noticed.fault.get_or_insert_with(|| fault.to_owned());
            self.noticed.unreadable.push(id(&feature));
            self.noticed.lost_m2.0 += area(&feature).unwrap_or_default();
            return Taken::Dropped;
        }
        if seen.polygons == 0 {
            let list = if seen.others > 0 { &mut self.noticed.not_polygons } else { &mut self.noticed.empty };
            list.push(id(&feature));
            self.noticed.lost_m2.1 += area(&feature).unwrap_or_default();
        }
        self.noticed.curved += u64::from(seen.curved);
        Taken::Kept(feature)
    }

    pub(super) fn findings(&mut self) -> Vec<Finding> {
        self.noticed().findings(&self.layer.title)
    }

    fn noticed(&mut self) -> Noticed {
        std::mem::take(&mut self.noticed)
    }
}

/// A ring in the working CRS; `None` when a vertex has no place there.
fn carried(carrier: &Carrier, farthest: f64, ring: Vec<[f64; 2]>) -> Option<Vec<[f64; 2]>> {
    if !ring.iter().flatten().all(|c| c.is_finite()) {
        return None;
    }
    let ring = if carrier.is_identity() {
        ring
    } else {
        densify::transform_ring(&ring, &|xs, ys| carrier.carry(xs, ys))
    };
    let near = |c: &f64| c.abs() <= farthest;
    let good = ring.iter().all(|[x, y]| near(x) && near(y) && grid::point(*x, *y).is_some());
    good.then_some(ring)
}

struct Reader<'a> {
    cover: &'a Cover,
    stretch: usize,
    polygons: PolygonReader<'a>,
    values: HashMap<Option<String>, u32>,
    done: bool,
}

impl<'a> Reader<'a> {
    fn new(cover: &'a Cover, stretch: usize) -> Result<Self, LayerError> {
        let polygons = PolygonReader::open(&cover.layer, &cover.working)?;
        Ok(Self { cover, stretch, polygons, values: HashMap::new(), done: false })
    }

    fn end(&mut self) {
        self.done = true;
        let mut noticed = self.cover.noticed.lock().unwrap_or_else(PoisonError::into_inner);
        noticed.insert(self.stretch, self.polygons.noticed());
    }

    /// The code of a class value; a value met for the first time joins the list.
    fn code(&mut self, feature: &Feature, batch: &mut Batch) -> u32 {
        let value = self.cover.field.map_or(Value::Null, |field| feature.value(field));
        let next = self.values.len() as u32;
        *self.values.entry(value.code()).or_insert_with(|| {
            batch.new_values.push(value);
            next
        })
    }
}

impl Batches for Reader<'_> {
    fn next_batch(&mut self, batch: &mut Batch) -> Result<bool, SourceFault> {
        batch.clear();
        let cover = self.cover;
        let id = |feature: &Feature| {
            let named = cover.id_field.and_then(|field| feature.value(field).code());
            named.unwrap_or_else(|| feature.fid().to_string())
        };
        let area = |feature: &Feature| {
            cover
                .area_field
                .and_then(|(field, unit)| Some(feature.value(field).number()? * square_metres(unit)))
        };
        while !self.done && batch.patches.len() < BATCH_PATCHES && batch.points.len() < BATCH_POINTS {
            match self.polygons.next(batch, id, area) {
                Some(Ok(Taken::Kept(feature))) => {
                    let code = self.code(&feature, batch);
                    batch.push_patch(code, &id(&feature));
                }
                Some(Ok(Taken::Dropped)) => {}
                Some(Err(error)) => return Err(error.into()),
                None => self.end(),
            }
        }
        Ok(!batch.patches.is_empty())
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
