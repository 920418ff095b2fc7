//! (being built)

pub mod class_map;
pub mod decode;
pub mod error;
pub mod filter;
pub mod nearest;
pub mod origin;
pub mod settings;

pub use settings::Project;
