//! The laws on random towns, and the mutants that they must reject.

use proptest::prelude::*;

use crate::chance;
use crate::engine::{Engine, Program};
use crate::laws::LAWS;
use crate::mutants::{MUTANTS, RIGHT};
use crate::town;

proptest! {
    #![proptest_config(chance::cases(48))]

    #[test]
    fn every_law_holds_on_random_towns(town in town::town()) {
        for (name, law) in LAWS {
            let verdict = law(&Program, &town);
            prop_assert!(verdict.is_ok(), "{name}: {}", verdict.unwrap_err());
        }
    }
}

#[test]
fn every_law_holds_on_the_seeded_towns() {
    for (i, town) in town::seeded(200).iter().enumerate() {
        for (name, law) in LAWS {
            if let Err(broken) = law(&Program, town) {
                panic!("{name}: town {i}: {broken}");
            }
        }
    }
}

/// The mutants err in one thing each because the engine they are made of is right.
#[test]
fn the_plain_engine_is_right() {
    for (i, town) in town::seeded(40).iter().enumerate() {
        for (name, law) in LAWS {
            if let Err(broken) = law(&RIGHT, town) {
                panic!("{name}: town {i}: {broken}");
            }
        }
    }
}

/// Each law rejects a mutant, so none is empty; each mutant is rejected, so none of these errors could slip in.
#[test]
fn every_law_rejects_a_mutant_and_every_mutant_is_rejected() {
    let towns = town::seeded(40);
    let rejects = |law: &crate::laws::Law, mutant| towns.iter().any(|town| (law.1)(mutant, town).is_err());
    let table: Vec<Vec<bool>> =
        LAWS.iter().map(|law| MUTANTS.iter().map(|mutant| rejects(law, mutant)).collect()).collect();
    for (law, row) in LAWS.iter().zip(&table) {
        let rejected =
            MUTANTS.iter().zip(row).filter(|(_, rejects)| **rejects).map(|(mutant, _)| mutant.name());
        println!("{}: {:?}", law.0, rejected.collect::<Vec<_>>());
    }
    let toothless: Vec<_> =
        LAWS.iter().zip(&table).filter(|(_, row)| !row.contains(&true)).map(|(l, _)| l.0).collect();
    assert!(toothless.is_empty(), "laws that reject nothing: {toothless:?}");
    let alive = |mutant: &usize| !table.iter().any(|row| row[*mutant]);
    let alive: Vec<_> = (0..MUTANTS.len()).filter(alive).map(|m| MUTANTS[m].name()).collect();
    assert!(alive.is_empty(), "mutants that no law rejects: {alive:?}");
}
