//! Random cases that are the same in every run, so that what fails once fails again.

use proptest::test_runner::{Config, RngSeed};

/// So many cases from one seed; `PROPTEST_CASES` and `PROPTEST_RNG_SEED` ask for others.
pub fn cases(usual: u32) -> Config {
    let asked = Config::default();
    let cases = if std::env::var_os("PROPTEST_CASES").is_some() { asked.cases } else { usual };
    let rng_seed = match asked.rng_seed {
        RngSeed::Random => RngSeed::Fixed(37_342),
        fixed @ RngSeed::Fixed(_) => fixed,
    };
    Config { cases, rng_seed, failure_persistence: None, ..asked }
}
