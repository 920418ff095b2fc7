//! One species under several spellings: what is surely one is counted as one, what only looks alike is proposed.
//!
//! Blanks and full-width forms tell no species apart, nor do names that the project says are the same. Names that differ by
//! one character or by 树 at the end (樟, 樟树, 香樟), or that the list of native species has for one species, may mean the
//! same: they stay apart, a finding proposes to merge them, and the range of the commonest species holds both answers.

use std::collections::{BTreeMap, BTreeSet};

use super::Trees;
use crate::finding::{Finding, Severity, listed};
use crate::nearest::plain;
use crate::words;

/// A species as counted.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Species {
    /// Its name: the spelling of most of its trees, or the one the project keeps.
    pub name: String,
    /// Every spelling.
    pub spellings: Vec<String>,
    /// Its trees.
    pub count: f64,
    /// Trees under names that may mean it, too.
    pub alike: f64,
}

/// Species of trees counted by name as written.
pub(super) fn grouped(by_name: &BTreeMap<String, f64>, trees: &Trees<'_>) -> (Vec<Species>, Vec<Finding>) {
    let kept: BTreeMap<String, &str> = trees
        .same
        .iter()
        .filter_map(|names| Some((names.first()?, names)))
        .flat_map(|(first, names)| names.iter().map(move |name| (plain(name), first.as_str())))
        .collect();
    let mut groups: BTreeMap<String, Vec<(&str, f64)>> = BTreeMap::new();
    for (name, count) in by_name {
        let key = plain(name);
        let key = kept.get(&key).map_or(key, |first| plain(first));
        groups.entry(key).or_default().push((name, *count));
    }
    let mut species: Vec<Species> = groups.values().map(|spellings| of_spellings(spellings, &kept)).collect();
    let mut findings: Vec<Finding> = species.iter().filter_map(|s| spelled(s, &kept)).collect();
    findings.extend(propose(&mut species, trees));
    (species, findings)
}

fn of_spellings(spellings: &[(&str, f64)], kept: &BTreeMap<String, &str>) -> Species {
    let most = spellings.iter().reduce(|a, b| if b.1 > a.1 { b } else { a });
    let usual = most.map_or("", |(name, _)| name);
    Species {
        name: (*kept.get(&plain(usual)).unwrap_or(&usual)).to_owned(),
        spellings: spellings.iter().map(|(name, _)| (*name).to_owned()).collect(),
        count: spellings.iter().map(|(_, count)| count).sum(),
        alike: 0.0,
    }
}

/// Spellings that were taken as one without being told to.
fn spelled(species: &Species, kept: &BTreeMap<String, &str>) -> Option<Finding> {
    let untold = species.spellings.iter().filter(|name| !kept.contains_key(&plain(name))).count();
    if untold < 2 {
        return None;
    }
    let names = quoted(&species.spellings);
    let sentence = words!(
        "one species in several spellings, counted as one: {names}",
        "同一树种有多种写法，已按一种统计：{names}"
    );
    let name = &species.name;
    let hint = words!("write {name} everywhere", "请统一写作 {name}");
    Some(Finding::new("species-spellings", Severity::Info, sentence).with_hint(hint).counting(untold as u64))
}

fn quoted(names: &[String]) -> String {
    listed(names.iter().map(|name| format!("\"{name}\"")))
}

/// Proposes to merge what may be one species. O(species²).
fn propose(species: &mut [Species], trees: &Trees<'_>) -> Vec<Finding> {
    let one_species: Vec<BTreeSet<String>> =
        trees.native.iter().flat_map(|list| &list.species).map(aliases).collect();
    let told_apart: Vec<BTreeSet<String>> =
        trees.different.iter().map(|names| names.iter().map(|name| plain(name)).collect()).collect();
    let keys: Vec<String> = species.iter().map(|s| plain(&s.name)).collect();
    let together = |sets: &[BTreeSet<String>], a: &str, b: &str| {
        sets.iter().any(|set| set.contains(a) && set.contains(b))
    };
    let counts: Vec<f64> = species.iter().map(|s| s.count).collect();
    let names: Vec<String> = species.iter().map(|s| s.name.clone()).collect();
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for (at, one) in species.iter_mut().enumerate() {
        let alike: Vec<usize> = (0..keys.len())
            .filter(|&other| other != at && !together(&told_apart, &keys[at], &keys[other]))
            .filter(|&other| {
                nearly(&keys[at], &keys[other]) || together(&one_species, &keys[at], &keys[other])
            })
            .collect();
        one.alike = alike.iter().map(|&other| counts[other]).sum();
        let mut group: Vec<usize> = alike.into_iter().chain([at]).collect();
        group.sort_unstable();
        groups.push(group);
    }
    let told =
        |group: &Vec<usize>| proposal(&group.iter().map(|&i| (&*names[i], counts[i])).collect::<Vec<_>>());
    largest(groups).iter().map(told).collect()
}

/// The groups of several that are part of no other, each once.
fn largest(mut groups: Vec<Vec<usize>>) -> Vec<Vec<usize>> {
    groups.retain(|group| group.len() > 1);
    // Stable: of equal groups the first stays.
    groups.sort_by_key(|group| std::cmp::Reverse(group.len()));
    let mut kept: Vec<Vec<usize>> = Vec::new();
    for group in groups {
        if !kept.iter().any(|other| group.iter().all(|member| other.contains(member))) {
            kept.push(group);
        }
    }
    kept.sort();
    kept
}

fn aliases(species: &crate::project::native::NativeSpecies) -> BTreeSet<String> {
    std::iter::once(&species.name).chain(&species.also).map(|name| plain(name)).collect()
}

fn proposal(group: &[(&str, f64)]) -> Finding {
    let names = listed(group.iter().map(|(name, count)| format!("{name} ({count})")));
    let sentence = words!("these may be one species: {names}", "以下可能是同一树种：{names}");
    let list = group.iter().map(|(name, _)| format!("\"{name}\"")).collect::<Vec<_>>().join(", ");
    let hint = words!(
        "in [trees] write same = [[{list}]] if they are, different = [[{list}]] if not",
        "如是同一树种，请在 [trees] 中写 same = [[{list}]]；如不是，写 different = [[{list}]]"
    );
    Finding::new("species-alike", Severity::Warning, sentence).with_hint(hint).counting(group.len() as u64)
}

/// Equal but for 树 at the end, or one the other with one character more.
fn nearly(one: &str, other: &str) -> bool {
    let bare = |name: &str| -> Vec<char> {
        let whole: Vec<char> = name.chars().collect();
        match whole.split_last() {
            Some(('树', rest)) if !rest.is_empty() => rest.to_vec(),
            _ => whole,
        }
    };
    let (one, other) = (bare(one), bare(other));
    let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    if short.len() == long.len() {
        return short == long;
    }
    let without =
        |at: usize| long.iter().enumerate().filter(|(i, _)| *i != at).map(|(_, c)| *c).collect::<Vec<_>>();
    long.len() == short.len() + 1 && (0..long.len()).any(|at| without(at) == short)
}
