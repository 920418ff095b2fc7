//! Opens the layers of further measures.

use std::path::Path;

use crate::analysis::further::{Axes, Layers, WorkingPlane};
use crate::cli::asked::Read;
use crate::cli::failure::Failure;
use crate::cli::survey::Survey;
use crate::layers::check;
use crate::layers::cover::{Cover, CoverRequest, OpenLayer};
use crate::layers::crs::Carrier;
use crate::layers::several::{self, Several};
use crate::project::Filter;
use crate::project::further::{BesideSettings, NaturalSettings, ShadeSettings, StreamSettings};
use crate::project::settings::{LayerSettings, Project};
use crate::survey::{Figure, Source};

/// The layers that a project names.
pub fn open<'a>(
    project: &'a Project,
    folder: &Path,
    survey: &Survey,
    read: &mut Read,
) -> Result<Layers<'a>, Failure> {
    let mut opener = Opener { folder, survey, read };
    let further = &project.further;
    let restored = further.restored.as_ref().and_then(|reach| reach.layer.as_ref());
    let recreation = further.recreation.as_ref().and_then(|reach| reach.layer.as_ref());
    Ok(Layers {
        parks: further.park_service.layer.as_ref().map(|layer| opener.polygons(layer)).transpose()?,
        recreation: recreation.map(|layer| opener.polygons(layer)).transpose()?,
        restored: restored.map(|layer| opener.polygons(layer)).transpose()?,
        roads: further.road_greening.as_ref().map(|roads| opener.axes(roads)).transpose()?,
        town_roads: further.town_roads.as_ref().map(|roads| opener.axes(roads)).transpose()?,
        waters: further.waterside.as_ref().map(|waters| opener.polygons(&waters.layer)).transpose()?,
        shaded_roads: further.shaded_roads.as_ref().map(|roads| opener.shaded(roads)).transpose()?,
        streams: further
            .waterside
            .as_ref()
            .and_then(|waters| waters.streams.as_ref())
            .map(|streams| opener.streams(streams))
            .transpose()?,
        shore: further
            .waterside
            .as_ref()
            .and_then(|waters| waters.shore.as_ref())
            .map(|shore| opener.shore(shore))
            .transpose()?,
    })
}

/// The working plane of a survey.
pub fn plane(survey: &Survey) -> WorkingPlane<'_> {
    let working = &survey.working;
    WorkingPlane {
        ellipsoid: working.ellipsoid,
        unit_m: working.unit_m,
        // A transformation belongs to the thread that made it.
        to_degrees: Box::new(|| {
            let carrier = Carrier::to_degrees(working).ok();
            Box::new(move |xs, ys| match &carrier {
                Some(carrier) => carrier.carry(xs, ys),
                None => xs.iter_mut().chain(ys).for_each(|c| *c = f64::NAN),
            })
        }),
    }
}

/// The fields of a layer that are wanted: one that tells features apart, and one with their width.
#[derive(Clone, Copy, Default)]
struct Fields<'a> {
    value: Option<&'a str>,
    width: Option<&'a str>,
}

struct Opener<'s, 'r> {
    folder: &'s Path,
    survey: &'s Survey,
    read: &'r mut Read,
}

impl Opener<'_, '_> {
    fn polygons<'a>(&mut self, settings: &LayerSettings) -> Result<Box<dyn Source + 'a>, Failure> {
        self.layer(settings, Figure::Polygon)
    }

    /// Roads as they are judged: their value is their road, their amount their width.
    fn shaded<'a>(&mut self, settings: &ShadeSettings) -> Result<Box<dyn Source + 'a>, Failure> {
        let fields = Fields { value: settings.road.as_deref(), width: settings.width_field.as_deref() };
        self.layer_with(&settings.layer, Figure::Line, fields)
    }

    /// Streams, and those that are too narrow.
    fn streams<'a>(&mut self, settings: &StreamSettings) -> Result<Axes<'a>, Failure> {
        let all = settings.layer.filter.as_ref();
        let with = |filter: Option<Filter>| LayerSettings { filter, ..settings.layer.clone() };
        let fields = Fields { value: None, width: settings.width_field.as_deref() };
        let fit = with(Filter::all_but(all, settings.narrow.as_ref()));
        let fit = self.layer_with(&fit, Figure::Line, fields)?;
        let narrow = settings.narrow.as_ref();
        let unfit = narrow.map(|narrow| with(Filter::all_but(all.into_iter().chain([narrow]), [])));
        let unfit = unfit.iter().map(|narrow| self.layer(narrow, Figure::Line));
        Ok(Axes { fit, unfit: unfit.collect::<Result<_, Failure>>()? })
    }

    fn axes<'a>(&mut self, settings: &BesideSettings) -> Result<Axes<'a>, Failure> {
        let all = settings.layer.filter.as_ref();
        let reasons: Vec<&Filter> = settings.unfit.iter().map(|unfit| &unfit.filter).collect();
        let with = |filter: Option<Filter>| LayerSettings { filter, ..settings.layer.clone() };
        let fit = with(Filter::all_but(all, reasons.iter().copied()));
        let fields = Fields { value: None, width: settings.width_field.as_deref() };
        let fit = self.layer_with(&fit, Figure::Line, fields)?;
        let unfit = (0..reasons.len()).map(|at| {
            // A feature that two reasons hold for is listed under the first.
            let (before, reason) = (&reasons[..at], reasons[at]);
            let filter = Filter::all_but(all.into_iter().chain([reason]), before.iter().copied());
            self.layer(&with(filter), Figure::Line)
        });
        let unfit = unfit.collect::<Result<_, Failure>>()?;
        Ok(Axes { fit, unfit })
    }

    fn shore<'a>(&mut self, settings: &NaturalSettings) -> Result<[Box<dyn Source + 'a>; 2], Failure> {
        let all = settings.layer.filter.as_ref();
        let with = |filter: Option<Filter>| LayerSettings { filter, ..settings.layer.clone() };
        let natural = Filter::all_but(all.into_iter().chain([&settings.natural]), []);
        let rest = Filter::all_but(all, [&settings.natural]);
        Ok([self.layer(&with(natural), Figure::Line)?, self.layer(&with(rest), Figure::Line)?])
    }

    fn layer<'a>(
        &mut self,
        settings: &LayerSettings,
        figure: Figure,
    ) -> Result<Box<dyn Source + 'a>, Failure> {
        self.layer_with(settings, figure, Fields::default())
    }

    fn layer_with<'a>(
        &mut self,
        settings: &LayerSettings,
        figure: Figure,
        fields: Fields<'_>,
    ) -> Result<Box<dyn Source + 'a>, Failure> {
        let mut files = Vec::new();
        for settings in several::layers(self.folder, settings)? {
            let extent = Some(self.survey.extent_deg);
            let (layer, noticed) = match figure {
                Figure::Polygon => OpenLayer::open(self.folder, &settings, extent)?,
                Figure::Line | Figure::Point => OpenLayer::open_any(self.folder, &settings, extent)?,
            };
            layer.must_be(figure)?;
            check::near_zones(&layer, self.survey.extent_deg)?;
            self.read.findings.extend(noticed);
            for path in layer.paths() {
                if !self.read.files.contains(path) {
                    self.read.files.push(path.clone());
                }
            }
            let request = CoverRequest {
                name: None,
                layer: &settings,
                field: fields.value,
                id_field: None,
                area_field: None,
            };
            let cover = Cover::new(&request, layer, &self.survey.working)?;
            let cover = cover.giving(fields.width.as_slice())?;
            files.push((settings.file, cover));
        }
        Ok(Box::new(Several::new(files)))
    }
}
