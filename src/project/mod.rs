//! (being built)

pub mod class_map;
pub mod filter;
pub mod origin;
pub mod settings;

pub use settings::Project;
