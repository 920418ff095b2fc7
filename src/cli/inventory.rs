//! Reads what is counted: tables of trees, old trees, greenways and parks, or layers of points.

use crate::analysis::inventory::{
    FourSideRecords, FourSideRow, FourSides, Inventory, Numbers, NumbersRow, OldTree, OldTrees, Origin,
    Records, Tree, Trees,
};
use crate::attribute::Value;
use crate::cli::asked::Desk;
use crate::cli::failure::Failure;
use crate::layers::cover::{Cover, CoverRequest, OpenLayer};
use crate::layers::several::{self, Several};
use crate::layers::table::columns::{Columns, ColumnsRow, read_columns};
use crate::project::filter::Filter;
use crate::project::inventory::{
    FourSidesSettings, GreenwaysSettings, NumbersSettings, OldTreesSettings, RecordSettings, TreesSettings,
};
use crate::project::native::{NativeList, NativeSpecies, STARTER};
use crate::project::settings::{CoverClasses, LayerSettings, Project};
use crate::survey::{Figure, Source};
use crate::words::Words;

const METRES_PER_KM: f64 = 1000.0;

/// Everything that the project counts.
pub fn read<'a>(project: &Project, desk: &mut Desk<'a, '_>) -> Result<Inventory<'a>, Failure> {
    let settings = &project.inventory;
    let parks = settings.leisure_parks.as_ref();
    let greenways = settings.greenways.as_ref();
    Ok(Inventory {
        trees: desk.given(settings.trees.as_ref(), |t| &t.records.layer, |desk, t| desk.trees(t))?,
        old_trees: desk.given(
            settings.old_trees.as_ref(),
            |t| &t.records.layer,
            |desk, t| desk.old_trees(t),
        )?,
        four_sides: desk.given_file(
            settings.four_side_trees.as_ref(),
            |t| t.records.as_ref().map_or_else(String::new, |records| records.layer.file.clone()),
            |desk, t| desk.four_sides(t, project),
        )?,
        greenways_m: greenways.and_then(given_length),
        greenways: match greenways.and_then(|g| Some((g, g.table.as_ref()?))) {
            Some((greenways, table)) => {
                desk.given_file(Some(table), file_of, |desk, table| desk.lengths(greenways, table))?
            }
            None => None,
        },
        greenway_lines: match greenways.and_then(|g| Some((g, g.layer.as_ref()?))) {
            Some((greenways, layer)) => {
                desk.given(Some(layer), |layer| layer, |desk, layer| desk.lines(greenways, layer))?
            }
            None => None,
        },
        town_parks: desk.given_file(parks.and_then(|p| p.towns.as_ref()), file_of, Desk::counts)?,
        village_parks: desk.given_file(parks.and_then(|p| p.villages.as_ref()), file_of, Desk::counts)?,
    })
}

fn file_of(table: &NumbersSettings) -> String {
    table.file.clone()
}

fn given_length(greenways: &GreenwaysSettings) -> Option<(f64, Origin)> {
    let origin = Origin {
        layer: "[greenways]".to_owned(),
        source: greenways.source.clone(),
        as_of: Some(greenways.date.clone()),
    };
    Some((greenways.length_km? * METRES_PER_KM, origin))
}

impl<'a> Desk<'a, '_> {
    fn trees(&mut self, settings: &TreesSettings) -> Result<Trees<'a>, Failure> {
        let count = settings.count.as_deref();
        let native = settings.native.as_deref().map(|native| self.native(native, settings)).transpose()?;
        let (records, layer) = if settings.records.is_table() {
            let columns: Vec<&str> = std::iter::once(settings.species.as_str()).chain(count).collect();
            let table = self.table(&settings.records, &columns)?;
            let rows = table.rows.iter().map(|row| tree(row, count.is_some())).collect();
            (Records::Rows(rows), table.source)
        } else {
            let request =
                CoverRequest { field: Some(&settings.species), ..CoverRequest::of(&settings.records.layer) };
            let (cover, layer) = self.points(&request, count)?;
            (Records::Points(Box::new(cover)), layer)
        };
        Ok(Trees {
            records,
            counted: count.is_some(),
            origin: origin(&settings.records, layer),
            native,
            same: settings.same.clone(),
            different: settings.different.clone(),
        })
    }

    fn old_trees(&mut self, settings: &OldTreesSettings) -> Result<OldTrees<'a>, Failure> {
        let (records, layer) = if settings.records.is_table() {
            let columns = [settings.tag.as_str(), &settings.protected];
            let columns: Vec<&str> = columns.into_iter().chain(settings.town.as_deref()).collect();
            let table = self.table(&settings.records, &columns)?;
            (Records::Rows(table.rows.iter().map(old_tree).collect()), table.source)
        } else {
            let request = CoverRequest {
                field: Some(&settings.protected),
                id_field: Some(&settings.tag),
                ..CoverRequest::of(&settings.records.layer)
            };
            let (cover, layer) = self.points(&request, None)?;
            (Records::Points(Box::new(cover)), layer)
        };
        Ok(OldTrees {
            records,
            by_town: settings.town.is_some(),
            protected_values: settings.protected_values.clone(),
            origin: origin(&settings.records, layer),
        })
    }

    fn four_sides(
        &mut self,
        settings: &FourSidesSettings,
        project: &Project,
    ) -> Result<FourSides<'a>, Failure> {
        let kind = settings.kind.as_deref();
        let named = settings.cover.as_deref();
        let cover = project.covers.iter().position(|cover| Some(cover.name.as_str()) == named);
        if let Some((index, cover)) = cover.and_then(|at| Some((at, project.covers.get(at)?))) {
            let field = match &cover.classes {
                CoverClasses::ByField { field, .. } => Some(field.as_str()),
                CoverClasses::Whole { .. } => None,
            };
            let request =
                CoverRequest { field, id_field: Some(&settings.town), ..CoverRequest::of(&cover.layer) };
            let fields = [settings.count.as_str(), kind.unwrap_or(&settings.count)];
            let mut files = Vec::new();
            for layer in several::layers(self.folder, &cover.layer)? {
                let open = self.open(&layer, OpenLayer::open)?;
                files.push((layer.file, Cover::new(&request, open, &self.survey.working)?.giving(&fields)?));
            }
            let source = cover.source.clone().unwrap_or_else(|| cover.name.clone());
            let origin = Origin { layer: cover.name.clone(), source, as_of: cover.date.clone() };
            let records = FourSideRecords::Patches(Box::new(Several::new(files)), index);
            return Ok(FourSides { records, origin });
        }
        let records = settings.records.clone().unwrap_or_default();
        let columns = [settings.town.as_str(), &settings.count];
        let columns: Vec<&str> = columns.into_iter().chain(kind).collect();
        let table = self.table(&records, &columns)?;
        let rows = table.rows.iter().map(|row| FourSideRow {
            town: text(row, 0),
            count: row.values.get(1).and_then(number),
            kind: text(row, 2),
            under_trees: false,
            called: row.number.to_string(),
        });
        let rows = FourSideRecords::Rows(rows.collect());
        Ok(FourSides { records: rows, origin: origin(&records, table.source) })
    }

    fn lengths(
        &mut self,
        greenways: &GreenwaysSettings,
        table: &NumbersSettings,
    ) -> Result<Numbers, Failure> {
        let mut lengths = self.numbers(table, |km| (km >= 0.0).then_some(km * METRES_PER_KM))?;
        lengths.origin.source.clone_from(&greenways.source);
        lengths.origin.as_of = Some(greenways.date.clone());
        Ok(lengths)
    }

    /// Greenways as lines.
    fn lines(
        &mut self,
        greenways: &GreenwaysSettings,
        settings: &LayerSettings,
    ) -> Result<(Box<dyn Source + 'a>, Origin), Failure> {
        let request = CoverRequest::of(settings);
        let layer = self.open(settings, OpenLayer::open_any)?;
        layer.must_be(Figure::Line)?;
        let origin = Origin {
            layer: layer.title.clone(),
            source: greenways.source.clone(),
            as_of: Some(greenways.date.clone()),
        };
        Ok((Box::new(Cover::new(&request, layer, &self.survey.working)?), origin))
    }

    fn counts(&mut self, table: &NumbersSettings) -> Result<Numbers, Failure> {
        self.numbers(table, |n| (n >= 0.0 && n.fract() == 0.0).then_some(n))
    }

    fn numbers(
        &mut self,
        settings: &NumbersSettings,
        of: impl Fn(f64) -> Option<f64>,
    ) -> Result<Numbers, Failure> {
        let file = self.folder.join(&settings.file);
        let table = read_columns(&file, settings.sheet.as_deref(), &[&settings.key, &settings.value])?;
        self.read.files.push(file);
        self.read.findings.extend(table.findings);
        let row = |row: &ColumnsRow| {
            let value = row.values.get(1).and_then(number).and_then(&of);
            Some(NumbersRow { key: text(row, 0)?, value, number: row.number })
        };
        let origin =
            Origin { layer: table.source, source: settings.named().to_owned(), as_of: settings.date.clone() };
        Ok(Numbers { rows: table.rows.iter().filter_map(row).collect(), origin })
    }

    /// The rows of a table that count.
    fn table(&mut self, settings: &RecordSettings, columns: &[&str]) -> Result<Columns, Failure> {
        let file = self.folder.join(&settings.layer.file);
        let filter = settings.layer.filter.as_ref();
        let asked = filter.map(Filter::fields).unwrap_or_default();
        let all: Vec<&str> = columns.iter().copied().chain(asked.iter().copied()).collect();
        let mut table = read_columns(&file, settings.sheet.as_deref(), &all)?;
        self.read.files.push(file);
        self.read.findings.append(&mut table.findings);
        if let Some(filter) = filter {
            let value_of = |row: &ColumnsRow, field: &str| {
                let at = asked.iter().position(|name| *name == field).map(|at| at + columns.len());
                at.and_then(|at| row.values.get(at).cloned()).unwrap_or(Value::Null)
            };
            table.rows.retain(|row| filter.accepts(&|field| value_of(row, field)));
        }
        Ok(table)
    }

    /// A layer of points.
    fn points(
        &mut self,
        request: &CoverRequest<'_>,
        count: Option<&str>,
    ) -> Result<(Cover, String), Failure> {
        let layer = self.open(request.layer, OpenLayer::open_any)?;
        let title = layer.title.clone();
        let fields: Vec<&str> = count.into_iter().collect();
        Ok((Cover::new(request, layer, &self.survey.working)?.of_points()?.adding_up(&fields)?, title))
    }

    /// A list of native species: the starter list, or a table of one's own.
    fn native(&mut self, native: &str, settings: &TreesSettings) -> Result<NativeList, Failure> {
        if native == STARTER {
            return NativeList::guangdong()
                .map_err(|e| Failure::Read { path: native.to_owned(), cause: e.to_string() });
        }
        let file = self.folder.join(native);
        let table = read_columns(&file, None, &[&settings.native_species])?;
        self.read.files.push(file);
        self.read.findings.extend(table.findings);
        let species = table.rows.iter().filter_map(|row| {
            Some(NativeSpecies {
                name: text(row, 0)?,
                also: Vec::new(),
                latin: String::new(),
                confidence: String::new(),
                source: table.source.clone(),
            })
        });
        let name = Words::new(table.source.clone(), table.source.clone());
        Ok(NativeList { name, complete: true, species: species.collect() })
    }
}

fn origin(settings: &RecordSettings, layer: String) -> Origin {
    Origin { layer, source: settings.named().to_owned(), as_of: settings.date.clone() }
}

fn text(row: &ColumnsRow, column: usize) -> Option<String> {
    row.values.get(column).and_then(Value::code)
}

/// A number of a cell; text that only begins with one is none.
fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Text(_) | Value::Null => None,
        value => value.number(),
    }
}

fn tree(row: &ColumnsRow, counted: bool) -> Tree {
    let whole = |n: &f64| *n >= 0.0 && n.fract() == 0.0;
    let count = if counted { row.values.get(1).and_then(number).filter(whole) } else { Some(1.0) };
    Tree { species: text(row, 0), count, number: row.number }
}

fn old_tree(row: &ColumnsRow) -> OldTree {
    OldTree { tag: text(row, 0), protected: text(row, 1), town: text(row, 2), number: row.number }
}
