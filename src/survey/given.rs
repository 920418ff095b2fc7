//! Features that were made rather than read: the ground near a park, the shore of waters.

use crate::finding::Finding;
use crate::survey::{Batch, Batches, Source, SourceFault};

/// A source of features that are at hand.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Given {
    name: String,
    batches: Vec<Batch>,
}

impl Given {
    /// Of some batches, each with the values that it needs.
    pub fn new(name: impl Into<String>, batches: Vec<Batch>) -> Self {
        Self { name: name.into(), batches }
    }
}

impl Source for Given {
    fn name(&self) -> &str {
        &self.name
    }

    fn stretches(&self) -> usize {
        self.batches.len()
    }

    fn batches(&self, stretch: usize) -> Result<Box<dyn Batches + '_>, SourceFault> {
        Ok(Box::new(One(self.batches.get(stretch))))
    }

    fn findings(&self) -> Vec<Finding> {
        Vec::new()
    }
}

/// One batch, then none.
struct One<'a>(Option<&'a Batch>);

impl Batches for One<'_> {
    fn next_batch(&mut self, batch: &mut Batch) -> Result<bool, SourceFault> {
        let Some(given) = self.0.take() else { return Ok(false) };
        batch.clone_from(given);
        Ok(true)
    }
}
