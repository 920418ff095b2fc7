//! Which town a row speaks of: by code, else by name, and never by a guess.

use std::collections::BTreeMap;

use super::Where;
use crate::nearest::plain;

/// The towns by what rows may call them; `None` where several share a name.
pub(super) struct Towns(BTreeMap<String, Option<usize>>);

impl Towns {
    pub(super) fn of(at: &Where<'_>) -> Self {
        let mut known: BTreeMap<String, Option<usize>> = BTreeMap::new();
        let zones = at.zones.zones().iter().take(at.towns).enumerate();
        for (index, zone) in zones.clone() {
            known.insert(plain(zone.id()), Some(index));
        }
        for (index, zone) in zones {
            let Some(name) = zone.name().map(plain).filter(|name| !name.is_empty()) else { continue };
            let several = known.get(&name).is_some_and(|other| *other != Some(index));
            known.insert(name, (!several).then_some(index));
        }
        Self(known)
    }

    /// The town of that code or name, by index.
    pub(super) fn find(&self, text: &str) -> Option<usize> {
        self.0.get(&plain(text)).copied().flatten()
    }
}
