//! `[[class]]` and `[[stratum]]`: which classes exist, and where each one stands.
//!
//! Every class ends in exactly one stratum. A `[[stratum]]` that lists classes says so itself. A class that
//! a cover gives and no stratum lists goes to the stratum the cover names, else to the only one declared;
//! where the file declares no stratum, each cover makes one of its own name. A class already placed by an
//! earlier cover stays there, so that two layers coded differently fill one stratum. A class that no cover
//! gives and no stratum lists is left out.

use std::collections::HashMap;

use super::FIGURES;
use super::covers::Cover;
use crate::nearest::nearest;
use crate::project::error::ProjectError;
use crate::project::scheme::shared_classes;
use crate::project::settings::{ClassDef, ClassIndex, Figure, StratumSettings};
use crate::project::source::{Mention, Source};
use crate::project::table::Table;
use crate::words;
use crate::words::Words;

/// A stratum as the file declares it.
pub(super) struct Declared {
    name: Mention,
    classes: Vec<Mention>,
}

/// All classes and strata of a project.
pub(super) struct Placed {
    pub classes: Vec<ClassDef>,
    pub strata: Vec<StratumSettings>,
    positions: HashMap<String, ClassIndex>,
}

impl Placed {
    /// The position of a class; a stand-in for one that an error was noted for.
    pub(super) fn index(&self, class: &str) -> ClassIndex {
        self.positions.get(class).copied().unwrap_or(ClassIndex(0))
    }

    /// The position of a class by its identity or name; `None` where no cover gives it.
    pub(super) fn called(&self, class: &str) -> Option<ClassIndex> {
        let by_name = || self.classes.iter().position(|one| is_called(one, class)).map(ClassIndex);
        self.positions.get(class).copied().or_else(by_name)
    }

    /// A class by its name; `None` for one that an error was noted for.
    pub(super) fn class(&self, class: &str) -> Option<&ClassDef> {
        self.classes.get(self.positions.get(class)?.0)
    }
}

/// The classes of the file itself. One that has the identity of a shared class replaces it, and takes over
/// whatever it does not say anew.
pub(super) fn own_classes(tables: Vec<Table<'_>>) -> Vec<ClassDef> {
    let mut classes: Vec<ClassDef> = Vec::new();
    for mut table in tables {
        let class = own_class(&mut table);
        if classes.iter().any(|earlier| earlier.id == class.id) {
            let id = &class.id;
            table.contradiction(
                "id",
                words!("class `{id}` is defined twice", "类别 `{id}` 定义了两次"),
                words!("keep one of the two", "请只保留一个"),
            );
        }
        table.end();
        classes.push(class);
    }
    classes
}

fn own_class(table: &mut Table<'_>) -> ClassDef {
    let id = table
        .required_text("id", words!("the identity of the class, such as \"lawn\"", "类别标识，如 \"lawn\""));
    let shared = shared(&id);
    if shared.is_none() && !table.has("counts_as") {
        table.missing(
            "counts_as",
            words!(
                "the figures it counts towards, such as [\"green\"], or []",
                "计入哪些指标，如 [\"green\"]；不计入则写 []"
            ),
        );
    }
    let counts_as = figures(table, "counts_as")
        .or_else(|| shared.map(|class| class.counts_as.clone()))
        .unwrap_or_default();
    let mut may_count_as = figures(table, "may_count_as")
        .or_else(|| shared.map(|class| class.may_count_as.clone()))
        .unwrap_or_default();
    may_count_as.retain(|figure| !counts_as.contains(figure));
    ClassDef {
        name: name(table)
            .or_else(|| shared.map(|class| class.name.clone()))
            .unwrap_or_else(|| Words::new(id.clone(), id.clone())),
        counts_as,
        may_count_as,
        colour: colour(table),
        id,
    }
}

fn shared(id: &str) -> Option<&'static ClassDef> {
    shared_classes().iter().map(|shared| &shared.class).find(|class| class.id == id)
}

/// A name in both languages, or one name for both.
fn name(table: &mut Table<'_>) -> Option<Words> {
    if table.is_text("name") {
        return table.text("name").map(|name| Words::new(name.clone(), name));
    }
    let mut names = table.table("name")?;
    let zh = names.required_text("zh", words!("the Chinese name", "中文名称"));
    let en = names.text("en").unwrap_or_else(|| zh.clone());
    names.end();
    Some(Words::new(en, zh))
}

fn figures(table: &mut Table<'_>, key: &'static str) -> Option<Vec<Figure>> {
    let mut figures = Vec::new();
    for mention in table.mentions(key)? {
        match FIGURES.iter().find(|(word, _)| *word == mention.name) {
            Some((_, figure)) => figures.push(*figure),
            None => {
                let known = FIGURES.iter().map(|(word, _)| *word);
                table.source.note(mention.unknown(words!("a figure", "可计入的指标"), known));
            }
        }
    }
    Some(figures)
}

fn colour(table: &mut Table<'_>) -> Option<String> {
    let colour = table.text("colour")?;
    let digits = colour.strip_prefix('#').unwrap_or("");
    if digits.len() != 6 || !digits.chars().all(|c| c.is_ascii_hexdigit()) {
        table.wrong("colour", words!("a colour such as \"#2e7d32\"", "颜色，如 \"#2e7d32\""));
    }
    Some(colour)
}

/// The strata that the file declares.
pub(super) fn declared_strata(tables: Vec<Table<'_>>) -> Vec<Declared> {
    tables
        .into_iter()
        .map(|mut table| {
            table.required_text("name", words!("the name of the stratum", "层名"));
            let name = table.mention_of("name");
            let classes = table.mentions("classes").unwrap_or_default();
            table.end();
            Declared { name, classes }
        })
        .collect()
}

/// Whether a class has that identity or name.
pub(super) fn is_called(class: &ClassDef, name: &str) -> bool {
    let name = name.trim();
    class.id == name || class.name.zh == name || class.name.en.eq_ignore_ascii_case(name)
}

/// Gives every class that the file writes by its name, such as `公园绿地`, its identity, such as `park`.
pub(super) fn identify(
    source: &Source<'_>,
    own: &[ClassDef],
    declared: &mut [Declared],
    covers: &mut [Cover],
) {
    let listed = declared.iter_mut().flat_map(|stratum| &mut stratum.classes);
    for class in listed.chain(covers.iter_mut().flat_map(Cover::written_classes)) {
        if known(own).any(|one| one.id == class.name) {
            continue;
        }
        let called = |one: &&ClassDef| {
            one.name.zh == class.name.trim() || one.name.en.eq_ignore_ascii_case(class.name.trim())
        };
        let ids: Vec<String> = known(own).filter(called).map(|one| one.id.clone()).collect();
        if ids.len() > 1 {
            note_two_meanings(source, class, &ids);
        }
        if let Some(id) = ids.into_iter().next() {
            class.name = id;
        }
    }
}

fn note_two_meanings(source: &Source<'_>, class: &Mention, ids: &[String]) {
    let (name, ids) = (&class.name, ids.join("`, `"));
    source.note(class.contradiction(
        words!("`{name}` is the name of several classes", "有多个类别都叫 `{name}`"),
        words!("write which one: `{ids}`", "请写明是哪一个：`{ids}`"),
    ));
}

/// The classes that a file may name: its own, and the shared ones that it does not replace.
fn known(own: &[ClassDef]) -> impl Iterator<Item = &ClassDef> {
    let shared = shared_classes().iter().map(|shared| &shared.class);
    own.iter().chain(shared.filter(|shared| !own.iter().any(|class| class.id == shared.id)))
}

/// Puts every class into its stratum.
pub(super) fn place(
    source: &Source<'_>,
    own: Vec<ClassDef>,
    declared: Vec<Declared>,
    covers: &[Cover],
) -> Placed {
    let declares = !declared.is_empty();
    let mut placing = Placing { source, own, declares, strata: Vec::new(), homes: HashMap::new() };
    for stratum in declared {
        placing.declare(stratum);
    }
    for cover in covers {
        placing.take(cover);
    }
    placing.finish()
}

struct Placing<'s> {
    source: &'s Source<'s>,
    own: Vec<ClassDef>,
    /// Whether the file declares strata.
    declares: bool,
    /// Names of strata and identities of their classes.
    strata: Vec<(String, Vec<String>)>,
    /// The stratum of each class, and whether a `[[stratum]]` lists it.
    homes: HashMap<String, (usize, bool)>,
}

impl Placing<'_> {
    fn declare(&mut self, stratum: Declared) {
        let name = &stratum.name.name;
        if self.strata.iter().any(|(earlier, _)| earlier == name) {
            self.source.note(stratum.name.contradiction(
                words!("stratum `{name}` is declared twice", "层 `{name}` 声明了两次"),
                words!("keep one of the two", "请只保留一个"),
            ));
        }
        let at = self.stratum_named(name);
        for class in stratum.classes {
            match self.homes.get(&class.name) {
                Some((earlier, _)) => self.note_two_homes(&class, *earlier),
                None => self.settle(&class, at, true),
            }
        }
    }

    fn take(&mut self, cover: &Cover) {
        let named = match &cover.stratum {
            Some(mention) => match self.named(mention) {
                Some(at) => Some(at),
                None => return,
            },
            None => None,
        };
        for class in cover.class_mentions() {
            match (self.homes.get(&class.name), named) {
                (Some((home, false)), Some(at)) if *home != at => self.note_two_homes(&class, *home),
                (Some(_), _) => {}
                (None, _) => match named.or_else(|| self.usual(cover, &class)) {
                    Some(at) => self.settle(&class, at, false),
                    None => return,
                },
            }
        }
    }

    /// The stratum that a cover names. Where the file declares strata, it must be one of them.
    fn named(&mut self, mention: &Mention) -> Option<usize> {
        if self.declares && !self.strata.iter().any(|(name, _)| *name == mention.name) {
            let known = self.strata.iter().map(|(name, _)| name.as_str());
            self.source.note(mention.unknown(words!("a stratum", "已声明的层"), known));
            return None;
        }
        Some(self.stratum_named(&mention.name))
    }

    /// The stratum of a cover that names none.
    fn usual(&mut self, cover: &Cover, class: &Mention) -> Option<usize> {
        if !self.declares {
            return Some(self.stratum_named(&cover.name));
        }
        if self.strata.len() == 1 {
            return Some(0);
        }
        let class = &class.name;
        self.source.note(ProjectError::MissingKey {
            place: cover.whole.place.clone(),
            key: "stratum".to_owned(),
            table: cover.whole.table.clone(),
            cure: words!(
                "add `stratum = …`, since class `{class}` is in no stratum yet",
                "请补上 `stratum = …`：类别 `{class}` 还不属于任何层"
            ),
        });
        None
    }

    fn stratum_named(&mut self, name: &str) -> usize {
        if let Some(at) = self.strata.iter().position(|(earlier, _)| earlier == name) {
            return at;
        }
        self.strata.push((name.to_owned(), Vec::new()));
        self.strata.len() - 1
    }

    fn settle(&mut self, class: &Mention, at: usize, listed: bool) {
        if self.definition(&class.name).is_none() {
            self.source.note(self.unknown_class(class));
        } else if let Some((_, classes)) = self.strata.get_mut(at) {
            classes.push(class.name.clone());
            self.homes.insert(class.name.clone(), (at, listed));
        }
    }

    /// The error that nothing is so called, with the identities and the Chinese names there are.
    fn unknown_class(&self, class: &Mention) -> ProjectError {
        let ids = known(&self.own).map(|one| one.id.as_str());
        let mut error = class.unknown(words!("a class", "已定义的类别"), ids);
        if let ProjectError::UnknownName { near, known: all, .. } = &mut error {
            let names = known(&self.own).map(|one| one.name.zh.as_str());
            *near = near.take().or_else(|| nearest(&class.name, names).map(str::to_owned));
            *all = known(&self.own).map(|one| format!("{} {}", one.id, one.name.zh)).collect();
        }
        error
    }

    fn note_two_homes(&self, class: &Mention, earlier: usize) {
        let earlier = self.strata.get(earlier).map_or("", |(name, _)| name);
        let class_name = &class.name;
        self.source.note(class.contradiction(
            words!(
                "class `{class_name}` is already in stratum `{earlier}`",
                "类别 `{class_name}` 已属于层 `{earlier}`"
            ),
            words!(
                "a class is in one stratum: list it once, and give covers that share it one stratum",
                "一个类别只属于一层：请只列一次，共用该类别的图层写同一个 `stratum`"
            ),
        ));
    }

    fn definition(&self, id: &str) -> Option<&ClassDef> {
        self.own.iter().find(|class| class.id == id).or_else(|| shared(id))
    }

    fn finish(self) -> Placed {
        let mut placed = Placed { classes: Vec::new(), strata: Vec::new(), positions: HashMap::new() };
        for (name, ids) in &self.strata {
            let mut stratum = StratumSettings { name: name.clone(), classes: Vec::new() };
            for class in ids.iter().filter_map(|id| self.definition(id)) {
                let index = ClassIndex(placed.classes.len());
                placed.classes.push(class.clone());
                placed.positions.insert(class.id.clone(), index);
                stratum.classes.push(index);
            }
            placed.strata.push(stratum);
        }
        placed
    }
}
