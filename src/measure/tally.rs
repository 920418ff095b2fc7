//! Sums by zone and class, as readers on several threads gather them.

use std::collections::HashMap;
use std::ops::AddAssign;
use std::sync::{Mutex, PoisonError};

use crate::attribute::Value;

/// Where something lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Place {
    /// In a zone, by index.
    Zone(u32),
    /// In no zone.
    Outside,
    /// In several zones, which overlap: what is counted more than once above.
    Shared,
    /// Anywhere.
    Anywhere,
}

/// Sums of one reader by place and class.
pub(super) type Gathered<T> = HashMap<(Place, u32), T>;

/// Sums by place and class. Σ zones − shared + outside = whole, for every class.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table<T> {
    /// The class values, by code; the null value, if it was met, is among them.
    pub values: Vec<Value>,
    /// By zone and class.
    pub zones: Vec<Vec<T>>,
    /// What lies in no zone, by class.
    pub outside: Vec<T>,
    /// What lies in several zones, counted as often as it is counted more than once, by class.
    pub shared: Vec<T>,
    /// All, by class.
    pub whole: Vec<T>,
}

impl<T: Default + Clone + AddAssign> Table<T> {
    /// Adds what readers gathered. The order of readers does not matter.
    pub(super) fn of(
        zones: usize,
        classes: Classes,
        readers: impl IntoIterator<Item = Gathered<T>>,
        nothing: &T,
    ) -> Self {
        let (values, renumbered) = classes.in_order();
        let row = vec![nothing.clone(); values.len()];
        let (outside, shared, whole) = (row.clone(), row.clone(), row.clone());
        let mut table = Self { zones: vec![row; zones], values, outside, shared, whole };
        for ((place, class), sum) in readers.into_iter().flatten() {
            let row = match place {
                Place::Zone(zone) => &mut table.zones[zone as usize],
                Place::Outside => &mut table.outside,
                Place::Shared => &mut table.shared,
                Place::Anywhere => &mut table.whole,
            };
            row[renumbered[class as usize]] += sum;
        }
        table
    }
}

/// The class values of a layer, numbered as several readers meet them.
#[derive(Debug, Default)]
pub(super) struct Classes(Mutex<Vec<(Option<String>, Value)>>);

impl Classes {
    /// Takes the new values of a batch to the numbers by which all readers know them.
    pub(super) fn learn(&self, new: &mut Vec<Value>, known: &mut Vec<u32>) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for value in new.drain(..) {
            let code = value.code();
            let at = all.iter().position(|(met, _)| *met == code).unwrap_or(all.len());
            if at == all.len() {
                all.push((code, value));
            }
            known.push(at as u32);
        }
    }

    /// The value that has a number.
    pub(super) fn value(&self, number: u32) -> Option<Value> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.get(number as usize).map(|(_, value)| value.clone())
    }

    /// The values by code, null last, and the new number of each.
    fn in_order(self) -> (Vec<Value>, Vec<usize>) {
        let met = self.0.into_inner().unwrap_or_else(PoisonError::into_inner);
        let mut order: Vec<usize> = (0..met.len()).collect();
        order.sort_by_key(|&i| (met[i].0.is_none(), met[i].0.clone()));
        let mut renumbered = vec![0; met.len()];
        order.iter().enumerate().for_each(|(new, &old)| renumbered[old] = new);
        (order.iter().map(|&i| met[i].1.clone()).collect(), renumbered)
    }
}
