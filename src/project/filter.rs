//! Which features count.

use serde::Serialize;

/// A condition on the fields of a feature.
#[derive(Debug, Clone, Serialize)]
pub struct Filter {
    text: String,
}

impl Filter {
    /// The fields it asks about, each once, in order of appearance.
    pub fn fields(&self) -> Vec<&str> {
        Vec::new()
    }

    /// Whether a feature with these values counts; unknown (null) does not.
    pub fn accepts(&self, _value_of: &dyn Fn(&str) -> crate::attribute::Value) -> bool {
        !self.text.is_empty()
    }
}
