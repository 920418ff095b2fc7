//! Where each effective setting came from.

use std::collections::BTreeSet;

/// Which settings were written, by dotted key.
#[derive(Debug, Clone, Default)]
pub struct Origins {
    pub(crate) written: BTreeSet<String>,
}
