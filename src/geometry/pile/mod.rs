//! A pile (叠置) of outlines in one tile: what of it lies at the bottom of all, and what is covered again.
//!
//! In: clean outlines within a tile, shells counter-clockwise and holes clockwise. Out, for any of them together: the
//! contours of their union, and contours that wind around every place as often as it is covered beyond the first time;
//! for any two: what they share. The two contours of a pile are all its edges, each once, parted where they cross.
//!
//! # Method
//! Two outlines cross where edges of theirs do (`meet`). Along an outline it is then known how many
//! others lie around each stretch of it: where none does, the stretch bounds the union, else the ground that is covered
//! again (`walk`). Nothing is noded or sorted across the tile, so the cost is that of the crossings.
//!
//! Outlines that touch, or run along each other, are no special case: every outline is taken as moved by an
//! infinitesimal of its own, the later ones farther (Edelsbrunner and Mücke, "Simulation of simplicity", 1990), so
//! that whatever meets crosses. Areas do not notice.
//!
//! The signs that decide are exact. Only the order of crossings on one edge is told by floating point; where that is
//! too coarse, stretches do not join into rings, which is noticed: then `None` comes out and the caller unites by
//! overlay.

mod marks;
mod meet;
mod moved;
mod shared;
mod walk;

pub use meet::Pile;
pub use shared::Shared;
pub use walk::Parted;
