pub mod analysis;
pub mod attribute;
pub mod cli;
pub mod fact;
pub mod finding;
pub mod units;
pub mod words;

pub mod geometry;
pub mod measure;
pub mod prepare;
pub mod survey;

pub mod indicators;
pub mod layers;
pub mod outputs;
pub mod project;
pub mod sample;
