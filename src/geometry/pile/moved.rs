//! Sides and orders where outlines touch or run along each other: every outline is taken as moved by an infinitesimal,
//! to the east and, by an infinitesimal of that, to the north; a later one farther than all before it.

use std::cmp::Ordering;

use crate::geometry::side::{Local, side};

/// On which side of an edge that was moved a point lies.
pub(super) fn side_of_moved(c: Local, d: Local, p: Local) -> i32 {
    match side(c, d, p) {
        0 => sign(d[1] - c[1], c[0] - d[0]),
        side => side,
    }
}

/// On which side of an edge a point lies that was moved.
pub(super) fn moved_side(a: Local, b: Local, p: Local) -> i32 {
    match side(a, b, p) {
        0 => sign(a[1] - b[1], b[0] - a[0]),
        side => side,
    }
}

/// The sign of a number, or of the next where it is nought.
fn sign(first: f64, then: f64) -> i32 {
    let number = if first == 0.0 { then } else { first };
    if number > 0.0 { 1 } else { -1 }
}

/// How a crossing moves along an edge when the edge across it is moved.
pub(super) struct Shift {
    along: Local,
    across: Local,
    /// The sign of the cross product of `across` and `along`; not nought for edges that cross.
    turn: i32,
}

impl Shift {
    /// How the crossing of an edge by another moves; each is told by the way from its beginning to its end.
    pub(super) fn new(along: Local, across: Local) -> Self {
        Self { along, across, turn: side([0.0, 0.0], across, along) }
    }

    /// Whether it goes on.
    pub(super) fn goes_on(&self) -> bool {
        sign(-self.across[1], self.across[0]) * self.turn > 0
    }

    /// Which of two goes on less; edges that run the same way let it go on alike.
    pub(super) fn order(&self, other: &Self) -> Ordering {
        let between = side([0.0, 0.0], self.across, other.across);
        (sign(self.along[1], -self.along[0]) * between * self.turn * other.turn).cmp(&0)
    }
}
