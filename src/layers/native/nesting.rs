//! Which rings of a shapefile record are holes, and of which ring.
//!
//! By what lies inside what, not by the winding that a shapefile should have: a ring is a hole of the smallest ring
//! around it, unless that is a hole itself. So GDAL does it, too, as this program sets it. O(rings² + points × depth).

use std::cmp::Reverse;
use std::ops::Range;

use crate::survey::RingKind;

/// Fewest points, the first repeated at the end, of a ring that can hold another or lie in one.
const LEAST_POINTS: usize = 4;

struct Ring<'p> {
    index: usize,
    points: &'p [[f64; 2]],
    area: f64,
    low: [f64; 2],
    high: [f64; 2],
    /// The shell it is a hole of.
    shell: Option<usize>,
}

/// The rings, each shell followed by its holes, shells and the holes of one in the order of the record.
pub(super) fn nested(points: &[[f64; 2]], rings: &[Range<usize>]) -> Vec<(usize, RingKind)> {
    let points_of = |ring: &Range<usize>| points.get(ring.clone()).unwrap_or_default();
    let mut order: Vec<Ring> = rings.iter().enumerate().map(|(i, r)| Ring::new(i, points_of(r))).collect();
    order.sort_by(|a, b| b.area.total_cmp(&a.area).then(a.index.cmp(&b.index)));
    for i in 1..order.len() {
        let (larger, rest) = order.split_at_mut(i);
        let Some(ring) = rest.first_mut().filter(|ring| ring.is_real()) else { continue };
        let around = larger.iter().rev().find(|other| other.is_real() && other.encloses(ring));
        ring.shell = around.filter(|around| around.shell.is_none()).map(|around| around.index);
    }
    let mut in_turn: Vec<(usize, RingKind, usize)> = order
        .iter()
        .map(|ring| match ring.shell {
            Some(shell) => (shell, RingKind::Hole, ring.index),
            None => (ring.index, RingKind::Shell, ring.index),
        })
        .collect();
    in_turn.sort_by_key(|(shell, kind, ring)| (*shell, Reverse(*kind == RingKind::Shell), *ring));
    in_turn.into_iter().map(|(_, kind, ring)| (ring, kind)).collect()
}

impl<'p> Ring<'p> {
    fn new(index: usize, points: &'p [[f64; 2]]) -> Self {
        let first = points.first().copied().unwrap_or_default();
        let (mut low, mut high, mut doubled, mut last) = (first, first, 0.0, first);
        for p in points {
            low = [low[0].min(p[0]), low[1].min(p[1])];
            high = [high[0].max(p[0]), high[1].max(p[1])];
            doubled += (last[0] - first[0]) * (p[1] - first[1]) - (p[0] - first[0]) * (last[1] - first[1]);
            last = *p;
        }
        Self { index, points, area: (doubled / 2.0).abs(), low, high, shell: None }
    }

    fn is_real(&self) -> bool {
        self.points.len() >= LEAST_POINTS
    }

    /// Whether another ring lies inside: by its first place that does not lie on this ring.
    fn encloses(&self, other: &Self) -> bool {
        let boxed = (0..2).all(|i| self.low[i] <= other.low[i] && other.high[i] <= self.high[i]);
        if !boxed {
            return false;
        }
        let middles = other.points.windows(2).map(|edge| {
            let [[ax, ay], [bx, by]] = [edge[0], edge[1]];
            [(ax + bx) / 2.0, (ay + by) / 2.0]
        });
        let places = other.points.iter().copied().chain(middles);
        places.into_iter().find_map(|place| self.side(place)).unwrap_or(false)
    }

    /// Whether a place lies inside; `None` on the ring itself.
    fn side(&self, [x, y]: [f64; 2]) -> Option<bool> {
        let mut inside = false;
        let mut last = self.points.last().copied().unwrap_or_default();
        for &p in self.points {
            let ([ax, ay], [bx, by]) = ([last[0] - x, last[1] - y], [p[0] - x, p[1] - y]);
            last = p;
            let turn = ax * by - bx * ay;
            let spans = ax.min(bx) <= 0.0 && ax.max(bx) >= 0.0 && ay.min(by) <= 0.0 && ay.max(by) >= 0.0;
            if turn == 0.0 && spans {
                return None;
            }
            if (ay > 0.0) != (by > 0.0) {
                inside ^= (turn > 0.0) == (by > ay);
            }
        }
        Some(inside)
    }
}
