//! A stretch of an axis as what lies beside it is seen from it, and cut where that changes.

use crate::geometry::grid::{Bounds, Point};
use crate::geometry::length::{Edge, LengthSum};
use crate::measure::beside::axes::Stretch;

/// A piece is so short that the distance of what lies beside it changes by no more than this along it, in metres.
pub(super) const STEP_M: f64 = 0.1;

/// The box around an edge, wider by a margin in grid steps.
pub(super) fn around([a, b]: [Point; 2], margin: i64) -> Bounds {
    let low = Point::new(a.x.min(b.x) - margin, a.y.min(b.y) - margin);
    Bounds { low, high: Point::new(a.x.max(b.x) + margin, a.y.max(b.y) + margin) }
}

/// An edge as seen from an axis: along it `from..to`, and how far away to its left it is there; in grid steps.
pub(super) struct Seen {
    pub from: f64,
    pub to: f64,
    pub away: [f64; 2],
}

impl Seen {
    /// Whether a place of the axis has it beside it.
    pub(super) fn is_beside(&self, s: f64) -> bool {
        self.from < s && s < self.to
    }

    pub(super) fn away_at(&self, s: f64) -> f64 {
        self.away[0] + (self.away[1] - self.away[0]) * ((s - self.from) / (self.to - self.from))
    }

    /// Where it crosses what lies so far away.
    pub(super) fn crosses(&self, away: f64) -> Option<f64> {
        let [before, after] = self.away.map(|own| own - away);
        (before.min(after) < 0.0 && before.max(after) > 0.0)
            .then(|| self.from + (self.to - self.from) * (before / (before - after)))
    }

    /// By how much it comes nearer or goes away between two places.
    pub(super) fn change(&self, from: f64, to: f64) -> f64 {
        (self.away_at(to) - self.away_at(from)).abs()
    }
}

/// An axis to see others from.
pub(super) struct Frame {
    origin: Point,
    along: [f64; 2],
    length: f64,
    /// The stretch in grid steps along the edge.
    pub from: f64,
    pub to: f64,
}

impl Frame {
    pub(super) fn of(stretch: &Stretch) -> Self {
        let Edge { from, to } = stretch.edge;
        let [dx, dy] = [(to.x - from.x) as f64, (to.y - from.y) as f64];
        let length = dx.hypot(dy);
        let (begins, ends) = (stretch.from * length, stretch.to * length);
        Self { origin: from, along: [dx / length, dy / length], length, from: begins, to: ends }
    }

    /// A point by way along the axis and distance to its left.
    pub(super) fn place(&self, p: Point) -> [f64; 2] {
        let (dx, dy) = ((p.x - self.origin.x) as f64, (p.y - self.origin.y) as f64);
        let [ax, ay] = self.along;
        [dx * ax + dy * ay, dy * ax - dx * ay]
    }

    /// Where the stretch is cut, in grid steps along its edge, its end the last: at some places, and between two of them so
    /// often that what changes there, by a distance that `change` tells, changes by no more than a step.
    pub(super) fn places(&self, mut ends: Vec<f64>, step: f64, change: impl Fn(f64, f64) -> f64) -> Vec<f64> {
        ends.retain(|s| *s > self.from && *s < self.to);
        ends.push(self.to);
        ends.sort_unstable_by(f64::total_cmp);
        ends.dedup();
        let (mut places, mut at) = (Vec::new(), self.from);
        for end in ends {
            let before = at;
            let count = (change(before, end) / step).ceil().max(1.0);
            let cut = |part: f64| before + (end - before) * (part / count);
            places.extend((1..count as u32).map(|part| cut(f64::from(part))));
            places.push(end);
            at = end;
        }
        places
    }

    /// The stretch in pieces that end at some places, each told what lies beside its middle, with what that says.
    pub(super) fn pieces<T>(
        &self,
        stretch: &Stretch,
        places: Vec<f64>,
        tell: impl Fn(&mut Stretch, f64) -> T,
    ) -> Vec<(Stretch, T)> {
        let mut pieces = Vec::with_capacity(places.len());
        let (mut at, mut passed) = (stretch.from, LengthSum::ZERO);
        for s in places {
            let to = if s < self.to { s / self.length } else { stretch.to };
            let so_far = stretch.share(to - stretch.from);
            let middle = (at + to) / 2.0 * self.length;
            let length = so_far - passed;
            if length.ellipsoid <= 0 || length.plane <= 0 {
                continue;
            }
            let mut piece = Stretch { from: at, to, length, ..stretch.clone() };
            let said = tell(&mut piece, middle);
            pieces.push((piece, said));
            (at, passed) = (to, so_far);
        }
        pieces
    }
}
