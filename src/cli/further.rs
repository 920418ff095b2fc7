//! Opens the layers of further measures.

use crate::analysis::further::offered::FIELD;
use crate::analysis::further::{Axes, Booked, Homes, Layers, Offer, OtherThreshold, WorkingPlane};
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
use crate::project::settings::{CellSettings, CoverClasses, CoverSettings, LayerSettings, Project};
use crate::survey::{Figure, Source};

/// The layers that a project names.
pub fn open<'a>(project: &'a Project, desk: &mut Desk<'_, '_>) -> Result<Layers<'a>, Failure> {
    let mut opener = Opener(desk);
    let further = &project.further;
    let restored = further.restored.as_ref().and_then(|reach| reach.layer.as_ref());
    let recreation = further.recreation.as_ref().and_then(|reach| reach.layer.as_ref());
    let waterside = further.waterside.as_ref();
    let belt = further.rings.as_ref().and_then(|rings| rings.belt.as_ref());
    let line = |o: &mut Opener<'_, '_, '_>, l: &LayerSettings| o.layer(l, Figure::Line, Fields::default());
    let park_homes = &further.park_service.homes;
    let homes: Vec<Option<Homes<'a>>> = park_homes
        .iter()
        .map(|homes| opener.given(Some(homes), |h| &h.layer, |o, h| o.homes(h)))
        .collect::<Result<_, _>>()?;
    Ok(Layers {
        parks: opener.given(further.park_service.layer.as_ref(), |l| l, |o, l| o.polygons(l))?,
        booked: opener.booked(project)?,
        thresholds: opener.thresholds(project)?,
        offers: opener.offers(project)?,
        homes: homes.into_iter().flatten().collect(),
        belt: opener.given(belt, |l| l, line)?,
        recreation: opener.given(recreation, |l| l, |o, l| o.polygons(l))?,
        restored: opener.given(restored, |l| l, |o, l| o.polygons(l))?,
        roads: opener.given(further.road_greening.as_ref(), |r| &r.layer, |o, r| o.axes(r))?,
        town_roads: opener.given(further.town_roads.as_ref(), |r| &r.layer, |o, r| o.axes(r))?,
        waters: opener.given(waterside, |w| &w.layer, |o, w| o.polygons(&w.layer))?,
        shaded_roads: opener.given(further.shaded_roads.as_ref(), |r| &r.layer, |o, r| o.shaded(r))?,
        streams: opener.given(
            waterside.and_then(|w| w.streams.as_ref()),
            |s| &s.layer,
            |o, s| o.streams(s),
        )?,
        shore: opener.given(waterside.and_then(|w| w.shore.as_ref()), |s| &s.layer, |o, s| o.shore(s))?,
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

impl<'s, 'r> Opener<'_, 's, 'r> {
    /// What settings name, where they are written and their layer has features.
    fn given<S, T>(
        &mut self,
        settings: Option<&S>,
        layer: impl Fn(&S) -> &LayerSettings,
        open: impl FnOnce(&mut Opener<'_, 's, 'r>, &S) -> Result<T, Failure>,
    ) -> Result<Option<T>, Failure> {
        self.0.given(settings, layer, |desk, settings| open(&mut Opener(desk), settings))
    }

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

    /// Covers of cells once more, with every other threshold that is asked for.
    fn thresholds<'a>(&mut self, project: &Project) -> Result<Vec<OtherThreshold<'a>>, Failure> {
        let mut all = Vec::new();
        for (at, cover) in project.covers.iter().enumerate() {
            let Some(cells) = &cover.layer.raster else { continue };
            for at_least in cells.also_at_least.iter().copied() {
                let layer = LayerSettings { raster: Some(cells.from(at_least)), ..cover.layer.clone() };
                let open = self.0.open(&layer, OpenLayer::open)?;
                let request = CoverRequest { field: Some(CellSettings::FIELD), ..CoverRequest::of(&layer) };
                let source = Box::new(Cover::new(&request, open, &self.0.survey.working)?);
                all.push(OtherThreshold { cover: at, at_least, source });
            }
        }
        Ok(all)
    }

    /// Covers with the land survey's field of built-up ground, where no urban area is given.
    fn offers<'a>(&mut self, project: &Project) -> Result<Vec<Offer<'a>>, Failure> {
        let mut all = Vec::new();
        let of_polygons =
            |cover: &&CoverSettings| cover.layer.raster.is_none() && cover.layer.crowns.is_none();
        for cover in project.covers.iter().filter(of_polygons).filter(|_| project.scopes.urban.is_none()) {
            let mut files = Vec::new();
            for settings in several::layers(self.0.folder, &cover.layer)? {
                let open = self.0.open(&settings, OpenLayer::open)?;
                if open.field(FIELD).is_ok() {
                    let request = CoverRequest { field: Some(FIELD), ..CoverRequest::of(&settings) };
                    let source = Cover::new(&request, open, &self.0.survey.working)?;
                    files.push((settings.file, source));
                }
            }
            if !files.is_empty() {
                let source = Box::new(Several::new(files));
                all.push(Offer { file: cover.layer.file.clone(), source });
            }
        }
        Ok(all)
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
        let fields = Fields { value: None, width: settings.width_field.as_deref() };
        self.parted(&settings.layer, &narrow, fields)
    }

    fn axes<'a>(&mut self, settings: &BesideSettings) -> Result<Axes<'a>, Failure> {
        let reasons: Vec<&Filter> = settings.unfit.iter().map(|unfit| &unfit.filter).collect();
        let route = settings.carriageways.as_ref().map(|merge| merge.route_field.as_str());
        let fields = Fields { value: route, width: settings.width_field.as_deref() };
        let axes = self.parted(&settings.layer, &reasons, fields)?;
        let ground =
            self.given(settings.road_ground.as_ref(), |layer| layer, |o, layer| o.polygons(layer))?;
        Ok(Axes { ground, ..axes })
    }

    fn shore<'a>(&mut self, settings: &NaturalSettings) -> Result<[Box<dyn Source + 'a>; 3], Failure> {
        let with = |filter| LayerSettings { filter: Some(filter), ..settings.layer.clone() };
        let mut lines = |filter| self.layer(&with(filter), Figure::Line, Fields::default());
        let [natural, built, unknown] = settings.natural.told_apart(settings.layer.filter.as_ref());
        Ok([lines(natural)?, lines(built)?, lines(unknown)?])
    }

    /// The lines of a layer that none of some conditions holds of, and those that each does. One that several hold of is
    /// among those of the first.
    fn parted<'a>(
        &mut self,
        layer: &LayerSettings,
        conditions: &[&Filter],
        fields: Fields<'_>,
    ) -> Result<Axes<'a>, Failure> {
        let all = layer.filter.as_ref();
        let with = |filter: Option<Filter>| LayerSettings { filter, ..layer.clone() };
        let none = with(Filter::all_but(all, conditions.iter().copied()));
        let fit = self.layer(&none, Figure::Line, fields)?;
        let unfit = conditions.iter().enumerate().map(|(at, condition)| {
            let filter =
                Filter::all_but(all.into_iter().chain([*condition]), conditions[..at].iter().copied());
            self.layer(&with(filter), Figure::Line, Fields::default())
        });
        let unfit = unfit.collect::<Result<_, Failure>>()?;
        Ok(Axes { fit, unfit, ground: None })
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
