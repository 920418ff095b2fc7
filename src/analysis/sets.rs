//! Sets of classes beside the figures: the green-space rate (绿地率), trees on other land (非林地上的林木), natural
//! wetland (自然湿地); and what trees of the four sides (四旁树) come to.
//!
//! In: unions that the coverage measured with the figures, as ground counted once. What two grounds share is told by
//! unions as well: |A ∩ B| = |A| + |B| − |A ∪ B|. Out: facts, and lines that show a figure under the other readings.

mod four_sides;
mod green;
mod mixed;
mod trees;
mod villages;
mod wetland;

use crate::analysis::analyze::{FigureRow, Inputs, PlaceCoverage, UnionRow};
use crate::analysis::further::{Line, LineUnit};
use crate::analysis::reading;
use crate::analysis::rows::Rows;
use crate::fact::{Fact, Place, Quantity, Unit};
use crate::finding::Finding;
use crate::project::settings::{AreaKind, ClassIndex, CoverSettings, Figure, Project};
use crate::units::Area;
use crate::words::Words;

/// Ground that is not green by itself, of which some readings say that it is.
const NOT_GREEN: [&str; 2] = ["farmland", WATER];

/// Ground that is no land.
const WATER: &str = "water";

/// The unions that are wanted beside the figures, by position in `all`.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Sets {
    /// The classes of each.
    pub all: Vec<Vec<usize>>,
    /// Green space within construction land; the same with other green.
    green: Option<[usize; 2]>,
    /// Green cover with a class of ground that is none by itself, by class.
    more: Vec<(usize, usize)>,
    /// Tree cover without trees on other land; with all of them.
    trees: Option<[usize; 2]>,
    /// Land under trees by class, with both of these.
    land: Vec<(usize, [usize; 2])>,
    /// Forest land without tree cover, with both.
    forest_land: Option<[usize; 2]>,
    /// Natural wetland.
    wetland: Option<usize>,
    /// Crowns that count as tree cover.
    crowns: Option<usize>,
    /// Figures with the classes that may count towards them.
    may: Vec<(Figure, usize)>,
    /// Forest and water, where rings are asked for and a cover can give water.
    forest_or_water: Option<usize>,
}

impl Sets {
    /// What a project asks for.
    pub(super) fn of(project: &Project) -> Self {
        let mut sets = Self::default();
        let settings = &project.sets;
        if let Some(green) = settings.green_rate.as_ref().filter(|_| project.scopes.urban.is_some()) {
            let within = indices(&green.classes);
            let all = joined(&within, &indices(&green.other));
            sets.green = Some([sets.add(within), sets.add(all)]);
        }
        sets.more_green(project);
        if let Some(trees) = &settings.off_forest_trees {
            let elsewhere = indices(&trees.classes);
            let cover = counting(project, &[Figure::TreeCover]);
            let without: Vec<usize> =
                cover.iter().copied().filter(|class| !elsewhere.contains(class)).collect();
            let with = joined(&cover, &elsewhere);
            let bare: Vec<usize> =
                indices(&trees.forest_land).into_iter().filter(|land| !with.contains(land)).collect();
            if !bare.is_empty() {
                sets.forest_land = Some([&without, &with].map(|trees| sets.add(joined(trees, &bare))));
            }
            for land in indices(&trees.land).into_iter().filter(|land| !with.contains(land)) {
                let both = [&without, &with].map(|trees| sets.add(joined(trees, &[land])));
                sets.land.push((land, both));
            }
            sets.trees = Some([sets.add(without), sets.add(with)]);
        }
        sets.wetland = settings.natural_wetland.as_ref().map(|wetland| sets.add(indices(&wetland.classes)));
        if project.inventory.four_side_trees.is_some() {
            sets.crowns = Some(sets.add(counting(project, &[Figure::TreeCover, Figure::Canopy])));
        }
        for figure in Figure::ALL {
            let may = |class: &usize| reading::may_count(project, *class, figure);
            let may: Vec<usize> = (0..project.classes.len()).filter(may).collect();
            if !may.is_empty() {
                let all = joined(&counting(project, &[figure]), &may);
                let set = sets.add(all);
                sets.may.push((figure, set));
            }
        }
        sets.forest_or_water(project);
        sets
    }

    /// The union of a figure with the classes that may count towards it, where there are such.
    pub(super) fn most(&self, figure: Figure) -> Option<usize> {
        self.may.iter().find(|(of, _)| *of == figure).map(|(_, set)| *set)
    }

    /// Water, together with forest: what forest covers is land.
    fn forest_or_water(&mut self, project: &Project) {
        let water = |class: &usize| project.classes.get(*class).is_some_and(|class| class.id == WATER);
        let given = project.covers.iter().flat_map(reading::classes).find(water);
        let Some(water) = given.filter(|_| project.further.rings.is_some()) else { return };
        let set = self.add(joined(&counting(project, &[Figure::Forest]), &[water]));
        self.forest_or_water = Some(set);
    }

    /// Green cover of the urban area with ground of other readings.
    fn more_green(&mut self, project: &Project) {
        let green = counting(project, &[Figure::Green]);
        let more = project.classes.iter().enumerate().filter(|(at, class)| {
            NOT_GREEN.contains(&class.id.as_str()) && !green.contains(at) && !green.is_empty()
        });
        for (class, _) in more.filter(|_| project.scopes.urban.is_some()) {
            let set = self.add(joined(&green, &[class]));
            self.more.push((class, set));
        }
    }

    fn add(&mut self, classes: Vec<usize>) -> usize {
        self.all.push(classes);
        self.all.len() - 1
    }
}

/// What of a ring or a direction is under water and no forest, on the ellipsoid; `None` where no cover can give water.
pub(super) fn water(project: &Project, place: &PlaceCoverage) -> Option<f64> {
    let union = place.unions.get(Sets::of(project).forest_or_water?)?;
    let forest = place.figures.iter().find(|row| row.figure == Figure::Forest);
    Some((union.area.ellipsoid.0 - forest.map_or(0.0, |forest| forest.area.ellipsoid.0)).max(0.0))
}

fn indices(classes: &[ClassIndex]) -> Vec<usize> {
    classes.iter().map(|class| class.0).collect()
}

fn joined(some: &[usize], more: &[usize]) -> Vec<usize> {
    let new = more.iter().filter(|class| !some.contains(class));
    some.iter().chain(new).copied().collect()
}

/// The classes that count towards all of some figures.
fn counting(project: &Project, figures: &[Figure]) -> Vec<usize> {
    let counts = |class: &usize| figures.iter().all(|figure| reading::counts(project, *class, *figure));
    (0..project.classes.len()).filter(counts).collect()
}

/// What is told of sets.
#[derive(Debug, Default)]
struct Told {
    facts: Vec<Fact>,
    lines: Vec<Line>,
    findings: Vec<Finding>,
}

/// Tells what the unions say, in lines, and adds to the facts and findings; `lost_m2` is by cover what could not be taken.
pub(super) fn told(
    inputs: &Inputs<'_>,
    rows: &Rows,
    facts: &mut Vec<Fact>,
    findings: &mut Vec<Finding>,
    lost_m2: &[f64],
) -> Vec<Line> {
    let sets = Sets::of(inputs.project);
    let teller = Teller { project: inputs.project, sets: &sets, rows, facts, lost_m2 };
    let mut told = Told::default();
    teller.mixed(&mut told);
    teller.more_green(&mut told);
    teller.green(&mut told);
    teller.trees(&mut told);
    teller.wetland(&mut told);
    teller.villages(&mut told);
    teller.four_sides(&mut told);
    facts.extend(told.facts);
    findings.extend(told.findings);
    told.lines
}

/// What all of them tell from.
struct Teller<'a> {
    project: &'a Project,
    sets: &'a Sets,
    rows: &'a Rows,
    facts: &'a [Fact],
    lost_m2: &'a [f64],
}

/// Ground of a place, in square metres: as mapped, and the most the data allow.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
struct Ground {
    m2: f64,
    most: f64,
}

impl Teller<'_> {
    fn m2(&self, area: Area) -> f64 {
        match self.project.area {
            AreaKind::Ellipsoid => area.ellipsoid.0,
            AreaKind::Plane => area.plane.0,
        }
    }

    fn ground(&self, place: &PlaceCoverage) -> f64 {
        self.m2(place.ground)
    }

    /// The union of a set in a place.
    fn union(&self, place: &PlaceCoverage, set: usize) -> Ground {
        let union = place.unions.get(set).copied().unwrap_or_default();
        let UnionRow { area, with_unmapped } = union;
        let lost: f64 = self.givers(set).map(|(_, lost)| lost).sum();
        let most = self.m2(with_unmapped) + self.m2(place.unsurveyed) + lost;
        Ground { m2: self.m2(area), most: most.min(self.ground(place)) }
    }

    /// The covers that can give a class of a set, with what was lost of each.
    fn givers(&self, set: usize) -> impl Iterator<Item = (&CoverSettings, f64)> {
        let classes = self.sets.all.get(set).map(Vec::as_slice).unwrap_or_default();
        let covers = self.project.covers.iter().zip(self.lost_m2.iter().copied());
        covers.filter(|(cover, _)| reading::classes(cover).iter().any(|class| classes.contains(class)))
    }

    /// What a figure has in a place, where any class counts towards it.
    fn figure(&self, place: &PlaceCoverage, figure: Figure) -> Option<f64> {
        let row: Option<&FigureRow> = place.figures.iter().find(|row| row.figure == figure);
        row.map(|row| self.m2(row.area))
    }

    /// The county and its towns.
    fn county_and_towns(&self) -> impl Iterator<Item = &PlaceCoverage> {
        std::iter::once(&self.rows.county).chain(&self.rows.towns)
    }

    /// Ground as a fact, from the covers of a set.
    fn fact(
        &self,
        quantity: Quantity,
        place: &Place,
        [low, value, high]: [f64; 3],
        set: usize,
        how: Words,
    ) -> Fact {
        let (sources, as_of) = reading::named(self.givers(set).map(|(cover, _)| cover));
        Fact {
            quantity,
            place: place.clone(),
            value,
            low,
            high,
            unit: Unit::SquareMetres,
            how,
            sources,
            as_of,
        }
    }
}

/// Lines of one item and place.
struct Sheet<'t> {
    item: &'static str,
    place: &'t Place,
    lines: &'t mut Vec<Line>,
}

impl Sheet<'_> {
    fn line(&mut self, what: Words, value: f64, unit: LineUnit) {
        self.lines.push(Line { item: self.item, place: self.place.clone(), what, value, unit });
    }

    fn ground(&mut self, what: Words, m2: f64) {
        self.line(what, m2, LineUnit::SquareMetres);
    }

    /// A share of ground; nothing where there is none.
    fn share(&mut self, what: Words, part: f64, whole: f64) {
        if whole > 0.0 {
            self.line(what, part / whole * 100.0, LineUnit::Percent);
        }
    }
}
