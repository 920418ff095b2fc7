//! (being built)

pub mod sample_files;
pub mod vector_file;
