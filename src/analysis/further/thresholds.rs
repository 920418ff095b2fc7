//! Figures where the cells of a cover count from another value on (阈值敏感性): trees from 3 m instead of 2 m.
//!
//! All covers of the figures are measured once more for every other value, the cells of the one cover as that value has
//! them and its masks leave them. The figure that is judged stays that of the cover's own threshold.

use super::{Found, Line, LineUnit, OtherThreshold, Work};
use crate::analysis::{cells, noticed, reading};
use crate::attribute::Value;
use crate::fact::Place;
use crate::geometry::area::AreaSum;
use crate::measure::MeasureError;
use crate::measure::coverage::{self, Plan, Reading};
use crate::project::settings::{CoverSettings, Figure, Project, RasterKind, Threshold};
use crate::survey::Source;
use crate::words;
use crate::words::Words;

/// What is told: the figure, its item, and whether it is the urban area's or that of towns and county.
const FIGURES: [(Figure, &str, bool); 4] = [
    (Figure::Canopy, "canopy-cover", true),
    (Figure::Green, "green-coverage", true),
    (Figure::TreeCover, "tree-coverage", false),
    (Figure::Forest, "forest-coverage", false),
];

/// Every other threshold of every cover; that of the figure itself is none.
pub(super) fn thresholds(work: &Work<'_, '_>, found: &mut Found) -> Result<(), MeasureError> {
    for other in &work.inputs.further.thresholds {
        let cover = work.inputs.project.covers.get(other.cover);
        let own = |cover: &&CoverSettings| {
            let at_least = cover.layer.raster.as_ref().and_then(|cells| cells.at_least);
            at_least == Some(Threshold::Fixed(other.at_least))
        };
        if let Some(cover) = cover.filter(|cover| !own(cover)) {
            at_another(work, other, cover, found)?;
        }
    }
    Ok(())
}

fn at_another(
    work: &Work<'_, '_>,
    other: &OtherThreshold<'_>,
    cover: &CoverSettings,
    found: &mut Found,
) -> Result<(), MeasureError> {
    let (inputs, project) = (work.inputs, work.inputs.project);
    let urban = work.has(&Place::Urban);
    let figures: Vec<_> = FIGURES
        .into_iter()
        .filter(|(figure, _, of_urban)| reading::can_count(project, cover, *figure) && (urban || !of_urban))
        .collect();
    let wanted: Vec<Figure> = figures.iter().map(|(figure, ..)| *figure).collect();
    let counted = Counted::of(project, &wanted);
    let gives =
        |cover: &CoverSettings| wanted.iter().any(|figure| reading::can_count(project, cover, *figure));
    let all = project.covers.iter().enumerate();
    let covers: Vec<usize> = all.filter(|(_, cover)| gives(cover)).map(|(at, _)| at).collect();
    let sources: Vec<Box<dyn Source + '_>> = covers
        .iter()
        .filter_map(|&at| match at == other.cover {
            true => Some(cells::left_of(&*other.source, inputs, at, work.area)),
            false => cells::left(inputs, at, work.area),
        })
        .collect();
    let sources: Vec<&dyn Source> = sources.iter().map(AsRef::as_ref).collect();
    let (zones, of) = work.zones_of(|p| matches!(p, Place::Town(_) | Place::County | Place::Urban));
    let plan = |values: &[Vec<Value>]| counted.plan(project, &covers, values);
    // What is noticed of the covers was said when the figures were measured.
    let measured = coverage::measure(&sources, &zones, plan, work.area, work.room, work.watch)?;
    found.findings.extend(noticed::of_books(&measured, &zones));
    let zones = &measured.coverage.zones;
    for (at, (figure, item, of_urban)) in figures.iter().enumerate() {
        let what = what(*figure, cover, other.at_least);
        let mut line = |place: &Place, area: AreaSum, ground: AreaSum| {
            let (m2, ground) = (work.m2(area), work.m2(ground));
            let (item, place, what) = (*item, place.clone(), what.clone());
            let value = (m2 / ground * 100.0).min(100.0);
            let line = Line { item, place, what, value, unit: LineUnit::Percent };
            found.lines.extend((ground > 0.0).then_some(line));
        };
        let mut county = (AreaSum::ZERO, AreaSum::ZERO);
        for (place, zone) in of.iter().zip(zones) {
            let (area, ground) = (zone.figures[at].area, zone.ground);
            if matches!(place, Place::Town(_)) {
                county.0 += area;
                county.1 += ground;
            }
            if (*place == Place::Urban) == *of_urban {
                line(place, area, ground);
            }
        }
        // Where no towns overlap the county is all of them.
        if !of_urban && !of.contains(&Place::County) {
            line(&Place::County, county.0, county.1);
        }
    }
    Ok(())
}

/// The figures that are measured together. A class is a set of figures that a value counts towards, a bit each.
struct Counted<'f> {
    figures: &'f [Figure],
    kinds: Vec<usize>,
}

impl<'f> Counted<'f> {
    fn of(project: &Project, figures: &'f [Figure]) -> Self {
        let mut counted = Self { figures, kinds: Vec::new() };
        let mut kinds: Vec<usize> =
            (0..project.classes.len()).map(|class| counted.bits(project, class)).collect();
        kinds.retain(|bits| *bits != 0);
        kinds.sort_unstable();
        kinds.dedup();
        counted.kinds = kinds;
        counted
    }

    fn bits(&self, project: &Project, class: usize) -> usize {
        let figures = self.figures.iter().enumerate();
        figures.map(|(bit, figure)| usize::from(reading::counts(project, class, *figure)) << bit).sum()
    }

    fn plan(&self, project: &Project, covers: &[usize], values: &[Vec<Value>]) -> Plan {
        let reading = |cover: &usize, value: &Value| {
            let cover = project.covers.get(*cover);
            let class = cover.and_then(|cover| reading::class_of(cover, value));
            let bits = class.map_or(0, |class| self.bits(project, class));
            self.kinds.binary_search(&bits).map_or(Reading::Unmapped(0), Reading::Class)
        };
        let covers = covers.iter().zip(values);
        let readings =
            covers.map(|(cover, values)| values.iter().map(|v| reading(cover, v)).collect()).collect();
        let all: Vec<usize> = (0..self.kinds.len()).collect();
        let of = |bit: usize| all.iter().copied().filter(|kind| self.kinds[*kind] >> bit & 1 == 1).collect();
        Plan::new(all.len(), vec![all.clone()], (0..self.figures.len()).map(of).collect(), readings, 0)
    }
}

/// What a line says.
fn what(figure: Figure, cover: &CoverSettings, at_least: f64) -> Words {
    let figure = match figure {
        Figure::Canopy => words!("tree-canopy cover", "树冠覆盖率"),
        Figure::Green => words!("green coverage", "绿化覆盖率"),
        Figure::Forest => words!("forest coverage", "森林覆盖率"),
        Figure::TreeCover | Figure::Park => words!("tree coverage", "林木覆盖率"),
    };
    let metres = cover.layer.raster.as_ref().is_some_and(|cells| cells.kind != RasterKind::Index);
    let (en, zh) = if metres { (" m", " 米") } else { ("", "") };
    let (figure_en, figure_zh, name) = (figure.en, figure.zh, &cover.name);
    words!("{figure_en} with {name} from {at_least}{en} on", "{figure_zh}，{name} 自 {at_least}{zh} 起计")
}
