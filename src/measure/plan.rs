//! What is to be measured: classes, strata, figures, and the sets of grounds whose unions they need.

use crate::attribute::Value;

/// What a class value means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reading {
    /// This class.
    Class(usize),
    /// Nothing known, in this stratum.
    Unmapped(usize),
}

/// What is to be measured.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Plan {
    /// How many classes there are; they are numbered from 0.
    pub classes: usize,
    /// The strata, each the classes it holds by priority. Every class is in exactly one.
    pub strata: Vec<Vec<usize>>,
    /// Sets of classes, across strata, whose union is wanted.
    pub figures: Vec<Vec<usize>>,
    /// For each cover the meaning of its values, by value index.
    pub readings: Vec<Vec<Reading>>,
    /// How many overlapping pairs are listed; none are looked for where it is nought.
    pub most_pairs: usize,
    /// Pairs of classes that are held against each other: that patches of them share ground is no fault.
    pub compared: Vec<[usize; 2]>,
    /// Covers whose patches lie over each other and over others by nature, such as crowns: that they do is no fault, and
    /// what bounds them together is not asked for.
    pub overlapping: Vec<usize>,
    /// The first so many zones are those whose ground is added up by value; the others lie over them.
    pub(super) told: usize,
    /// The sets of grounds whose union is wanted: each ground, then for each stratum its classes up to each, then
    /// everything in it, then each figure without and with unmapped ground.
    pub(super) sets: Vec<Set>,
}

/// Grounds whose union is wanted. A ground is a class, or the unmapped ground of a stratum.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Set {
    pub grounds: Vec<usize>,
    /// The one stratum that all of it is in by definition.
    pub stratum: Option<usize>,
}

impl Plan {
    /// The plan for some classes, strata and figures.
    pub fn new(
        classes: usize,
        strata: Vec<Vec<usize>>,
        figures: Vec<Vec<usize>>,
        readings: Vec<Vec<Reading>>,
        most_pairs: usize,
    ) -> Self {
        let mut plan =
            Self { classes, strata, figures, readings, most_pairs, told: usize::MAX, ..Self::default() };
        plan.sets = plan.all_sets();
        plan
    }

    /// The same, of which ground is added up by value in the first so many zones only.
    pub fn telling(self, zones: usize) -> Self {
        Self { told: zones, ..self }
    }

    /// Whether ground in a zone is added up by value.
    pub(super) fn tells(&self, zone: usize) -> bool {
        zone < self.told
    }

    /// Whether it is no fault that patches of two grounds share ground: both are of classes that are compared, or one of
    /// them is, and of the other nobody knows what it is.
    pub(super) fn expects(&self, a: usize, b: usize) -> bool {
        let one_of = |pair: &[usize; 2], ground| pair.contains(&ground);
        let unknown = |pair: &[usize; 2], ground| ground == self.unmapped(self.stratum_of(pair[0]));
        self.compared.iter().any(|pair| match (one_of(pair, a), one_of(pair, b)) {
            (true, true) => a != b,
            (true, false) => unknown(pair, b),
            (false, true) => unknown(pair, a),
            (false, false) => false,
        })
    }

    /// The plan for one class alone: what values count, by cover.
    pub fn of_one(values: &[Vec<Value>], counts: impl Fn(usize, &Value) -> bool) -> Self {
        let reading = |cover: usize, value: &Value| match counts(cover, value) {
            true => Reading::Class(0),
            false => Reading::Unmapped(0),
        };
        let covers = values.iter().enumerate();
        let readings = covers.map(|(cover, values)| values.iter().map(|v| reading(cover, v)).collect());
        Self::new(1, vec![vec![0]], Vec::new(), readings.collect(), 0)
    }

    fn all_sets(&self) -> Vec<Set> {
        let within = |stratum, grounds| Set { grounds, stratum: Some(stratum) };
        let alone = (0..self.grounds()).map(|g| within(self.stratum_of(g), vec![g]));
        let ranked = self.strata.iter().enumerate().flat_map(|(s, classes)| {
            let up_to = (1..=classes.len()).map(move |n| within(s, classes[..n].to_vec()));
            up_to.chain([within(s, classes.iter().copied().chain([self.unmapped(s)]).collect())])
        });
        let figures = self.figures.iter().flat_map(|classes| {
            let most = classes.iter().copied().chain(self.unmapped_of(classes)).collect();
            [classes.clone(), most].map(|grounds| Set { grounds, stratum: None })
        });
        alone.chain(ranked).chain(figures).collect()
    }

    /// The number of the set of a stratum's first classes, none of them included; the last holds unmapped ground.
    pub(super) fn ranked_set(&self, stratum: usize, classes: usize) -> usize {
        let before: usize = self.strata[..stratum].iter().map(|classes| classes.len() + 1).sum();
        self.grounds() + before + classes - 1
    }

    pub(super) fn figure_set(&self, figure: usize) -> usize {
        self.sets.len() - 2 * (self.figures.len() - figure)
    }

    pub(super) fn unmapped(&self, stratum: usize) -> usize {
        self.classes + stratum
    }

    /// The unmapped ground that might belong to a figure: of strata that hold a class of it, and of those where
    /// nothing could be read at all.
    fn unmapped_of<'a>(&'a self, figure: &'a [usize]) -> impl Iterator<Item = usize> + 'a {
        let may = |classes: &[usize]| classes.is_empty() || classes.iter().any(|c| figure.contains(c));
        let strata = self.strata.iter().enumerate().filter(move |(_, classes)| may(classes));
        strata.map(|(stratum, _)| self.unmapped(stratum))
    }

    pub(super) fn grounds(&self) -> usize {
        self.classes + self.strata.len()
    }

    pub(super) fn stratum_of(&self, ground: usize) -> usize {
        match ground.checked_sub(self.classes) {
            Some(stratum) => stratum,
            None => self.strata.iter().position(|classes| classes.contains(&ground)).unwrap_or(0),
        }
    }
}
