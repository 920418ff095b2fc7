//! (being built)

pub mod indicators_csv;
