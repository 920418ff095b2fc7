//! The ground of neighbours together: towns that share their borders (相邻区域合并).
//!
//! In: clean outlines that seldom cover the same ground. Out: their union. Edges that two have in common cancel
//! ([`seam`](super::seam)); where what is left winds once around all it encloses, that is the union. Outlines that were
//! not drawn along the same points, or that lie over one another, are united by overlay.
//! O(edges), and the overlay where it is needed.

use crate::geometry::grid::Shape;
use crate::geometry::overlay::Overlay;
use crate::geometry::seam::{Contours, Seams};
use crate::geometry::simple::Simplicity;

/// What lies in at least one of some neighbours.
pub fn united<'a>(outlines: impl Iterator<Item = &'a Shape> + Clone, overlay: &mut Overlay) -> Shape {
    by_seams(outlines.clone()).unwrap_or_else(|| overlay.union(outlines))
}

/// What their edges leave, where that is clean.
fn by_seams<'a>(outlines: impl Iterator<Item = &'a Shape>) -> Option<Shape> {
    let mut seams = Seams::default();
    outlines.for_each(|outline| seams.add(outline));
    seams.cancel()?;
    let Contours { border, tangled } = seams.contours()?;
    let bounds = border.bounds()?;
    (!tangled && Simplicity::default().is_simple_border(&border, bounds)).then_some(border)
}
