//! What an office counts: trees of the urban area by species, old trees with their tags, parks of towns and greens of
//! villages. All numbers are invented; two things are wrong on purpose, as in any office: a species stands under two
//! names, and one tag stands twice.

use super::chance::Chance;
use super::places::Settled;
use super::towns::TOWNS;

/// Species and about how many trees of it the urban area has.
const SPECIES: [(&str, f64); 12] = [
    ("樟", 5_200.0),
    ("樟树", 600.0),
    ("枫香", 4_100.0),
    ("木荷", 3_900.0),
    ("红锥", 3_000.0),
    ("铁冬青", 2_700.0),
    ("山杜英", 2_600.0),
    ("乐昌含笑", 2_400.0),
    ("米老排", 2_200.0),
    ("华润楠", 1_500.0),
    ("大叶紫薇", 1_900.0),
    ("小叶榄仁", 1_300.0),
];
/// Old trees of a town at most.
const OLD_TREES: usize = 6;
/// Their species.
const OLD_SPECIES: [&str; 4] = ["樟", "枫香", "红锥", "南方红豆杉"];

/// The tables of an office.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inventory {
    /// Species and number of trees of the urban area.
    pub species: Vec<(&'static str, u32)>,
    /// Tag, species, town and whether a tree is protected.
    pub old_trees: Vec<(String, &'static str, &'static str, bool)>,
    /// Town and number of its leisure parks.
    pub town_parks: Vec<(&'static str, u32)>,
    /// Code and name of a village, and number of its public greens.
    pub village_greens: Vec<(String, String, u32)>,
}

/// The tables of a settled county.
pub fn inventory(settled: &Settled, chance: Chance) -> Inventory {
    let species = SPECIES.iter().enumerate().map(|(k, (name, usual))| {
        let chance = chance.of("species").at(k as u64);
        (*name, (usual * chance.between(0.95, 1.05)) as u32)
    });
    let mut old_trees: Vec<(String, &str, &str, bool)> = Vec::new();
    for (k, town) in TOWNS.iter().enumerate() {
        let chance = chance.of("old").at(k as u64);
        for n in 0..1 + chance.below(OLD_TREES) {
            let tag = format!("{}{:03}", town.code, n + 1);
            old_trees.push((tag, chance.at(n as u64).pick(OLD_SPECIES), town.name, true));
        }
    }
    // One tree without protection, and one that was listed twice.
    if let Some(tree) = old_trees.get_mut(7) {
        tree.3 = false;
    }
    old_trees.extend(old_trees.get(3).cloned());
    let parks = |k: usize| 1 + chance.of("parks").at(k as u64).below(3) as u32;
    let greens = settled.villages.iter().enumerate().map(|(k, village)| {
        (village.code.clone(), village.name.clone(), 1 + chance.of("greens").at(k as u64).below(2) as u32)
    });
    Inventory {
        species: species.collect(),
        old_trees,
        town_parks: TOWNS.iter().enumerate().map(|(k, town)| (town.name, parks(k))).collect(),
        village_greens: greens.collect(),
    }
}
