//! Which town a record speaks of (记录所属乡镇): by code, else by name, and never by a guess.
//!
//! Ledgers write the code of a town in three ways: nine digits (县级码 + 乡镇码), the three of the town within its county
//! (乡镇码, as `XIANG` of a sub-compartment has them), or the twelve and more of a village within it. All of them are
//! understood; the three digits only where every town is of one county, since they say nothing of which.

use std::collections::BTreeMap;

use crate::nearest::plain;
use crate::prepare::Zone;

/// Digits of a county's code.
const COUNTY: usize = 6;
/// Digits of a town's code.
const TOWN: usize = 9;
/// Digits of a village's code; longer ones begin with it.
const VILLAGE: usize = 12;

/// The towns by what records may call them; `None` where several share a name.
pub(super) struct Towns {
    known: BTreeMap<String, Option<usize>>,
    /// How many first characters of a longer code are the town's.
    prefix: usize,
    /// The code of the county that all towns are of.
    county: Option<String>,
}

impl Towns {
    /// Towns by their codes and names. `prefix`: how many characters of a village's code made the towns, if they were
    /// made so.
    pub(super) fn of(zones: &[Zone], prefix: Option<usize>) -> Self {
        let mut known: BTreeMap<String, Option<usize>> = BTreeMap::new();
        for (index, zone) in zones.iter().enumerate() {
            known.insert(plain(zone.id()), Some(index));
        }
        let county = county_of(zones);
        for (index, zone) in zones.iter().enumerate() {
            let Some(name) = zone.name().map(plain).filter(|name| !name.is_empty()) else { continue };
            let several = known.get(&name).is_some_and(|other| *other != Some(index));
            known.insert(name, (!several).then_some(index));
        }
        Self { known, prefix: prefix.unwrap_or(TOWN), county }
    }

    /// The town of a code or name, by index. O(log towns).
    pub(super) fn find(&self, text: &str) -> Option<usize> {
        let text = plain(text);
        let at = |text: &str| self.known.get(text).copied();
        at(&text).or_else(|| at(&self.code(&text)?)).flatten()
    }

    /// The code of a town that other digits stand for.
    fn code(&self, text: &str) -> Option<String> {
        let longer = text.len() >= VILLAGE || self.prefix != TOWN;
        match (&self.county, text.len()) {
            _ if !digits(text) => None,
            // A sheet drops leading zeros: 1 is 001.
            (Some(county), 1..=3) => Some(format!("{county}{text:0>3}")),
            _ if longer => text.get(..self.prefix).map(str::to_owned),
            _ => None,
        }
    }
}

/// The county of all towns, where their codes say that it is one.
fn county_of(zones: &[Zone]) -> Option<String> {
    let mut county = None;
    for zone in zones {
        let code = plain(zone.id());
        let of = code.get(..COUNTY).filter(|_| code.len() == TOWN && digits(&code))?.to_owned();
        if county.get_or_insert_with(|| of.clone()) != &of {
            return None;
        }
    }
    county
}

fn digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}
