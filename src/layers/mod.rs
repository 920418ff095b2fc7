//! (being built)

pub mod encoding;
pub mod table;

mod nearest;
