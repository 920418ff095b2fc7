pub mod attribute;
pub mod fact;
pub mod finding;
pub mod units;
pub mod words;

pub mod indicators;
pub mod layers;
pub mod outputs;
pub mod project;
pub mod sample;
