//! The covers that can give ground of some figures, as measures beside the coverage take them.

use crate::analysis::cells;
use crate::analysis::further::Work;
use crate::analysis::reading;
use crate::attribute::Value;
use crate::project::settings::{Figure, Project};
use crate::survey::Source;

/// The covers whose classes can count towards any of some figures, as their masks leave them.
pub(super) struct Under<'w> {
    project: &'w Project,
    /// By index in the project.
    covers: Vec<usize>,
    left: Vec<Box<dyn Source + 'w>>,
}

impl Work<'_, '_> {
    /// The covers of some figures. Masks are made ready here, once for all that is measured under them.
    pub(super) fn under(&self, figures: &[Figure]) -> Under<'_> {
        let project = self.inputs.project;
        let can = |cover| figures.iter().any(|figure| reading::can_touch(project, cover, *figure));
        let all = project.covers.iter().enumerate();
        let covers: Vec<usize> = all.filter(|(_, cover)| can(cover)).map(|(at, _)| at).collect();
        let left = covers.iter().filter_map(|&cover| cells::left(self.inputs, cover, self.area)).collect();
        Under { project, covers, left }
    }
}

impl Under<'_> {
    /// Whether no cover can give such ground.
    pub(super) fn is_empty(&self) -> bool {
        self.covers.is_empty()
    }

    /// The covers.
    pub(super) fn sources(&self) -> Vec<&dyn Source> {
        self.left.iter().map(AsRef::as_ref).collect()
    }

    /// Whether a value of one of the sources is of a class that counts towards a figure.
    pub(super) fn counts(&self, figure: Figure, source: usize, value: &Value) -> bool {
        self.class_of(source, value).is_some_and(|class| reading::counts(self.project, class, figure))
    }

    /// Whether a value of one of the sources is of a class that may count towards a figure.
    pub(super) fn may_count(&self, figure: Figure, source: usize, value: &Value) -> bool {
        self.class_of(source, value).is_some_and(|class| reading::may_count(self.project, class, figure))
    }

    fn class_of(&self, source: usize, value: &Value) -> Option<usize> {
        let cover = self.covers.get(source).and_then(|&cover| self.project.covers.get(cover))?;
        reading::class_of(cover, value)
    }

    /// Whether any cover can give ground that may be a figure's.
    pub(super) fn can_be(&self, figure: Figure) -> bool {
        let mut covers = self.covers.iter().filter_map(|&cover| self.project.covers.get(cover));
        covers.any(|cover| reading::can_be(self.project, cover, figure))
    }

    /// Names and dates of those that can count towards a figure.
    pub(super) fn named(&self, figure: Figure) -> (Vec<String>, Option<String>) {
        let covers = self.covers.iter().filter_map(|&cover| self.project.covers.get(cover));
        reading::named(covers.filter(|cover| reading::can_touch(self.project, cover, figure)))
    }
}
