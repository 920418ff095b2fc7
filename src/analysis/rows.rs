//! What was measured as rows of places.

use crate::analysis::analyze::{ClassRow, FigureRow, Inputs, PlaceCoverage, StratumRows, UnionRow};
use crate::analysis::cells::{self, CellsRow, CrossRow, CrossSources, Reached};
use crate::analysis::places::Places;
use crate::analysis::sets::Sets;
use crate::fact::Place;
use crate::geometry::area::{AreaModel, AreaSum};
use crate::measure::coverage::{ClassCoverage, Coverage, Plan, ZoneCoverage};
use crate::measure::patches::Patches;
use crate::project::settings::Figure;
use crate::units::Area;

/// The rows of all places.
pub(super) struct Rows {
    pub towns: Vec<PlaceCoverage>,
    pub county: PlaceCoverage,
    pub scopes: Vec<PlaceCoverage>,
    /// Codes of the towns that the urban area reaches into.
    pub urban_towns: Vec<String>,
}

impl Rows {
    pub(super) fn all(&self) -> impl Iterator<Item = &PlaceCoverage> {
        std::iter::once(&self.county).chain(&self.towns).chain(&self.scopes)
    }
}

/// What the rows are made from.
pub(super) struct Ledger<'a> {
    pub inputs: &'a Inputs<'a>,
    pub places: &'a Places,
    pub plan: &'a Plan,
    pub coverage: &'a Coverage,
    pub patches: &'a Patches,
    pub figures: &'a [Figure],
    pub area: &'a AreaModel,
}

impl Ledger<'_> {
    pub(super) fn rows(&self) -> Rows {
        let Self { inputs, places, coverage, .. } = *self;
        let reached = cells::reached(inputs, &places.zones);
        let cells = |zone: usize| self.cells(&reached, zone);
        let unsurveyed = |zone: usize| match self.is_surveyed(&reached, zone) {
            true => AreaSum::ZERO,
            false => coverage.zones[zone].ground,
        };
        let row = |zone: usize| {
            let prepared = &places.zones.zones()[zone];
            PlaceCoverage {
                place: places.of[zone].clone(),
                code: prepared.id().to_owned(),
                name: prepared.name().map(str::to_owned),
                residents: inputs.residents.as_ref().and_then(|r| r.get(zone).copied().flatten()),
                unsurveyed: unsurveyed(zone).area(),
                cells: cells_rows(&cells(zone)),
                ..self.place_rows(&coverage.zones[zone])
            }
        };
        let towns: Vec<PlaceCoverage> = (0..places.towns).map(row).collect();
        let residents: Option<f64> = towns.iter().map(|t| t.residents).sum();
        let (whole, missing) = match places.county {
            Some(zone) => (self.place_rows(&coverage.zones[zone]), cells(zone)),
            None => {
                let missing = (0..places.towns).map(cells).reduce(|mut sum, next| {
                    sum.iter_mut().zip(next).for_each(|((_, to), (_, from))| *to += from);
                    sum
                });
                let whole = self.place_rows(&added(&coverage.zones[..places.towns]));
                (whole, missing.unwrap_or_default())
            }
        };
        let mut nowhere = AreaSum::ZERO;
        (0..places.towns).for_each(|zone| nowhere += unsurveyed(zone));
        let unsurveyed = nowhere.area();
        let name = inputs.project.county.name.clone();
        let county = PlaceCoverage { name, residents, unsurveyed, cells: cells_rows(&missing), ..whole };
        let scopes = (places.first_scope..places.of.len()).map(row).collect();
        Rows { towns, county, scopes, urban_towns: places.urban_towns.clone() }
    }

    /// Whether any cover tells anything of a zone: by patches, or by cells that are none, such as low ones.
    fn is_surveyed(&self, reached: &[Reached], zone: usize) -> bool {
        let measured = &self.coverage.zones[zone];
        let cells = self.cells(reached, zone);
        measured.has_patches() || cells.iter().any(|(_, missing)| *missing != measured.ground)
    }

    fn cells(&self, reached: &[Reached], zone: usize) -> Vec<(usize, AreaSum)> {
        cells::cells_rows(reached, &self.patches.values, self.coverage, zone)
    }

    /// The rows of one zone, its name still open. A class and its twin are one row.
    fn place_rows(&self, zone: &ZoneCoverage) -> PlaceCoverage {
        let Self { inputs, plan, figures, .. } = *self;
        let known = inputs.project.classes.len();
        let twins = cells::twins(inputs.project);
        let class = |class: Option<usize>, sums: &ClassCoverage| ClassRow {
            class,
            area: sums.ranked.area(),
            net: sums.net.area(),
            gross: sums.gross.area(),
            features: sums.features,
        };
        let both = |c: usize| {
            let mut sums = zone.classes[c];
            if let Some(at) = twins.iter().position(|twin| *twin == c) {
                sums.add(&zone.classes[known + at]);
                sums.net = zone.figures[figures.len() + at].area;
            }
            class(Some(c), &sums)
        };
        let strata = plan.strata.iter().zip(&zone.strata).map(|(members, stratum)| StratumRows {
            classes: members.iter().filter(|c| **c < known).map(|&c| both(c)).collect(),
            unmapped: class(None, &stratum.unmapped),
            none: stratum.none.area(),
        });
        let asked = zone.figures.iter().skip(figures.len() + twins.len());
        let unions: Vec<UnionRow> = asked
            .map(|sums| UnionRow { area: sums.area.area(), with_unmapped: sums.with_unmapped.area() })
            .collect();
        let sets = Sets::of(inputs.project);
        let figures = figures.iter().zip(&zone.figures).map(|(&figure, sums)| {
            let most = sets.most(figure).and_then(|set| unions.get(set));
            FigureRow {
                figure,
                area: sums.area.area(),
                with_unmapped: most.map_or(sums.with_unmapped.area(), |most| most.with_unmapped),
            }
        });
        let figures = figures.collect();
        PlaceCoverage {
            place: Place::County,
            code: String::new(),
            name: None,
            ground: zone.ground.area(),
            unsurveyed: Area::default(),
            residents: None,
            strata: strata.collect(),
            figures,
            unions,
            cells: Vec::new(),
        }
    }

    /// The classes that cells and polygons both give: in each town and in the county; and what is known of their sources.
    pub(super) fn crossed(&self, rows: &Rows) -> (Vec<CrossRow>, Vec<CrossSources>) {
        let Self { inputs, places, coverage, .. } = *self;
        let known = inputs.project.classes.len();
        let sources = cells::cross_sources(inputs, &self.patches.drawn, self.area);
        let whole = match places.county {
            Some(zone) => coverage.zones[zone].clone(),
            None => added(&coverage.zones[..places.towns]),
        };
        let zones = coverage.zones[..places.towns].iter().chain([&whole]);
        let named = rows.towns.iter().chain([&rows.county]).zip(zones);
        let crossed = named.flat_map(|(place, zone)| {
            sources.iter().enumerate().map(move |(at, (source, drawn))| {
                let figure = self.figures.len() + at;
                let sums = cells::crossed(zone, source.class, known + at, figure);
                let [polygons, cells, united] = sums.map(|sum| sum.area());
                CrossRow {
                    place: place.place.clone(),
                    code: place.code.clone(),
                    name: place.name.clone(),
                    class: source.class,
                    polygons,
                    cells,
                    united,
                    edge_m2: cells::edge_m2(polygons, source, drawn, self.area),
                }
            })
        });
        let crossed: Vec<CrossRow> = crossed.collect();
        (crossed, sources.iter().map(|(source, _)| source.clone()).collect())
    }
}

fn cells_rows(missing: &[(usize, AreaSum)]) -> Vec<CellsRow> {
    missing.iter().map(|(cover, sum)| CellsRow { cover: *cover, missing: sum.area() }).collect()
}

/// Zones that do not overlap, added up: exact, so that the parts are the whole.
fn added(zones: &[ZoneCoverage]) -> ZoneCoverage {
    let Some((first, rest)) = zones.split_first() else { return ZoneCoverage::default() };
    let add = |to: &mut AreaSum, from: &AreaSum| *to += *from;
    let mut sum = first.clone();
    for zone in rest {
        add(&mut sum.ground, &zone.ground);
        sum.outline_plane_m2 += zone.outline_plane_m2;
        sum.classes.iter_mut().zip(&zone.classes).for_each(|(to, from)| to.add(from));
        for (to, from) in sum.strata.iter_mut().zip(&zone.strata) {
            add(&mut to.mapped, &from.mapped);
            add(&mut to.shared, &from.shared);
            add(&mut to.none, &from.none);
            to.unmapped.add(&from.unmapped);
        }
        for (to, from) in sum.figures.iter_mut().zip(&zone.figures) {
            add(&mut to.area, &from.area);
            add(&mut to.with_unmapped, &from.with_unmapped);
        }
    }
    sum
}
