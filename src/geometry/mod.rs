//! Pure kernels on plane shapes: the grid they live on, repair, overlay, tiles, area, length, densification.
//!
//! In: coordinates of one projected CRS. Out: shapes, areas, lengths. No towns, classes, files or threads here.
//!
//! # Precision (精度)
//! Every shape lives on one integer grid of 2⁻³⁰ of a CRS unit, about a nanometre ([`grid::STEPS_PER_UNIT`]).
//! A double of eight million metres or more is a multiple of that step, so coordinates with a zone prefix are
//! taken over without loss. There is no other epsilon in the kernels.

pub mod area;
pub mod beside;
pub mod boxes;
pub mod buffer;
pub mod cell_area;
pub mod common;
pub mod densify;
pub mod disc;
pub mod ellipsoid;
pub mod fractions;
pub mod grid;
pub mod groups;
pub mod length;
pub mod nearby;
pub mod neighbours;
pub mod otsu;
pub mod overlay;
pub mod pile;
pub mod seam;
pub mod sector;
pub mod side;
pub mod simple;
pub mod stack;
pub mod stacks;
pub mod tile;
