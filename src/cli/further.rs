//! Opens the layers of further measures.

use crate::analysis::further::{Axes, Booked, Homes, Layers, WorkingPlane};
use crate::cli::asked::Desk;
use crate::cli::failure::Failure;
use crate::cli::survey::Survey;
use crate::layers::cover::{Cover, CoverRequest, OpenLayer};
use crate::layers::crs::Carrier;
use crate::layers::several::{self, Several};
use crate::project::Filter;
use crate::project::further::{
    BesideSettings, HomesSettings, NaturalSettings, ShadeSettings, StreamSettings,
};
use crate::project::settings::{CoverClasses, LayerSettings, Project};
use crate::survey::{Figure, Source};

/// The layers that a project names.
pub fn open<'a>(project: &'a Project, desk: &mut Desk<'_, '_>) -> Result<Layers<'a>, Failure> {
    let mut opener = Opener(desk);
    let further = &project.further;
    let restored = further.restored.as_ref().and_then(|reach| reach.layer.as_ref());
    let recreation = further.recreation.as_ref().and_then(|reach| reach.layer.as_ref());
    Ok(Layers {
        parks: further.park_service.layer.as_ref().map(|layer| opener.polygons(layer)).transpose()?,
        booked: opener.booked(project)?,
        homes: further
            .park_service
            .homes
            .iter()
            .map(|homes| opener.homes(homes))
            .collect::<Result<_, _>>()?,
        belt: further
            .rings
            .as_ref()
            .and_then(|rings| rings.belt.as_ref())
            .map(|belt| opener.layer(belt, Figure::Line, Fields::default()))
            .transpose()?,
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

struct Opener<'d, 's, 'r>(&'d mut Desk<'s, 'r>);

impl Opener<'_, '_, '_> {
    /// The covers whose features name their town, by index; the identifier of a feature is that name.
    fn booked<'a>(&mut self, project: &Project) -> Result<Booked<'a>, Failure> {
        let mut booked: Booked<'a> = Vec::new();
        for (at, cover) in project.covers.iter().enumerate() {
            let Some(town) = cover.town_field.as_deref() else { continue };
            let field = match &cover.classes {
                CoverClasses::ByField { field, .. } => Some(field.as_str()),
                CoverClasses::Whole { .. } => None,
            };
            let mut files = Vec::new();
            for settings in several::layers(self.0.folder, &cover.layer)? {
                let layer = self.0.open(&settings, OpenLayer::open)?;
                let request = CoverRequest { field, id_field: Some(town), ..CoverRequest::of(&settings) };
                let source = Cover::new(&request, layer, &self.0.survey.working)?.named_by_field_only();
                files.push((settings.file, source));
            }
            booked.push((at, Box::new(Several::new(files))));
        }
        Ok(booked)
    }

    /// Where people live: polygons or points.
    fn homes<'a>(&mut self, settings: &HomesSettings) -> Result<Homes<'a>, Failure> {
        let mut files = Vec::new();
        for layer in several::layers(self.0.folder, &settings.layer)? {
            let open = self.0.open(&layer, OpenLayer::open_any)?;
            open.must_hold_homes()?;
            let cover = Cover::new(&CoverRequest::of(&layer), open, &self.0.survey.working)?;
            files.push((layer.file, cover.giving_counts(settings.residents.as_slice())?));
        }
        let source = Several::new(files);
        let figure = source.figure()?;
        Ok(Homes { source: Box::new(source), figure, counted: settings.residents.is_some() })
    }

    fn polygons<'a>(&mut self, settings: &LayerSettings) -> Result<Box<dyn Source + 'a>, Failure> {
        self.layer(settings, Figure::Polygon, Fields::default())
    }

    /// Roads as they are judged: their value is their road, their amount their width.
    fn shaded<'a>(&mut self, settings: &ShadeSettings) -> Result<Box<dyn Source + 'a>, Failure> {
        let fields = Fields { value: settings.road.as_deref(), width: settings.width_field.as_deref() };
        self.layer(&settings.layer, Figure::Line, fields)
    }

    /// Streams, and those that are too narrow.
    fn streams<'a>(&mut self, settings: &StreamSettings) -> Result<Axes<'a>, Failure> {
        let narrow: Vec<&Filter> = settings.narrow.iter().collect();
        self.parted(&settings.layer, &narrow, settings.width_field.as_deref())
    }

    fn axes<'a>(&mut self, settings: &BesideSettings) -> Result<Axes<'a>, Failure> {
        let reasons: Vec<&Filter> = settings.unfit.iter().map(|unfit| &unfit.filter).collect();
        self.parted(&settings.layer, &reasons, settings.width_field.as_deref())
    }

    fn shore<'a>(&mut self, settings: &NaturalSettings) -> Result<[Box<dyn Source + 'a>; 2], Failure> {
        let all = settings.layer.filter.as_ref();
        let with = |filter: Option<Filter>| LayerSettings { filter, ..settings.layer.clone() };
        let natural = with(Filter::all_but(all.into_iter().chain([&settings.natural]), []));
        let rest = with(Filter::all_but(all, [&settings.natural]));
        let mut line = |layer: &LayerSettings| self.layer(layer, Figure::Line, Fields::default());
        Ok([line(&natural)?, line(&rest)?])
    }

    /// The lines of a layer that none of some conditions holds of, and those that each does. One that several hold of is
    /// among those of the first.
    fn parted<'a>(
        &mut self,
        layer: &LayerSettings,
        conditions: &[&Filter],
        width: Option<&str>,
    ) -> Result<Axes<'a>, Failure> {
        let all = layer.filter.as_ref();
        let with = |filter: Option<Filter>| LayerSettings { filter, ..layer.clone() };
        let none = with(Filter::all_but(all, conditions.iter().copied()));
        let fit = self.layer(&none, Figure::Line, Fields { value: None, width })?;
        let unfit = conditions.iter().enumerate().map(|(at, condition)| {
            let filter =
                Filter::all_but(all.into_iter().chain([*condition]), conditions[..at].iter().copied());
            self.layer(&with(filter), Figure::Line, Fields::default())
        });
        let unfit = unfit.collect::<Result<_, Failure>>()?;
        Ok(Axes { fit, unfit })
    }

    fn layer<'a>(
        &mut self,
        settings: &LayerSettings,
        figure: Figure,
        fields: Fields<'_>,
    ) -> Result<Box<dyn Source + 'a>, Failure> {
        let mut files = Vec::new();
        let open = if figure == Figure::Polygon { OpenLayer::open } else { OpenLayer::open_any };
        for settings in several::layers(self.0.folder, settings)? {
            let layer = self.0.open(&settings, open)?;
            layer.must_be(figure)?;
            let request = CoverRequest { field: fields.value, ..CoverRequest::of(&settings) };
            let cover = Cover::new(&request, layer, &self.0.survey.working)?;
            let cover = cover.giving(fields.width.as_slice())?;
            files.push((settings.file, cover));
        }
        Ok(Box::new(Several::new(files)))
    }
}
