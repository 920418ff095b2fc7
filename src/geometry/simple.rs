//! Whether an outline is simple: its rings neither cross, touch nor repeat themselves or each other, and lie in
//! each other as shells and holes do.
//!
//! In: a cycle of rings, shells counter-clockwise and holes clockwise. Out: `true` only where it winds exactly once
//! around its ground and not at all around the rest, so that every sum over its edges is a sum over its ground.
//! `false` means that this must be found out by overlay: outlines that only touch themselves are among those, and
//! those that would take too long.
//!
//! # Method
//! Every edge has a box. Edges that follow each other closely are compared along the ring, many at once; the others
//! in leaves of eight, and leaves in a tree of boxes that are opened where they meet. Edges whose boxes meet are tested
//! exactly. O(n log n) for outlines as they are surveyed.

use crate::geometry::boxes::{Box, Boxes, EMPTY, FAN, set};
use crate::geometry::grid::{self, Bounds, FAR_MORE_POINTS, Point, Shape, doubled_area};
use crate::geometry::side::{EXACT, Local, local, side, winding};

/// Edges as near as this along a ring are compared along it.
const BAND: usize = 8;
/// So many pairs of boxes for each leaf are looked at before the outline is left to overlay.
const PATIENCE: usize = 400;
/// More rings than this are left to overlay: each is compared with all others.
const MOST_RINGS: usize = 256;
/// So many leaves are compared without a tree above them.
const FLAT: usize = 24;

/// The check with its buffers.
#[derive(Debug, Default)]
pub struct Simplicity {
    /// The south-west corner of the outline.
    low: Point,
    /// The edge that follows each, where there are several rings.
    next: Vec<u32>,
    boxes: Boxes,
    levels: Vec<Vec<Box>>,
    rings: usize,
    steps: usize,
    /// Whether edges may have a corner in common.
    may_touch: bool,
}

impl Simplicity {
    /// Whether the outline is simple; `bounds` are those of its points. A hole must stand in the shell before it.
    pub fn is_simple(&mut self, outline: &Shape, bounds: Bounds) -> bool {
        self.may_touch = false;
        self.rings_apart(outline, bounds) && winds_once(outline)
    }

    /// Whether the border of many outlines winds once around all it encloses. Its contours may touch at corners, where
    /// it is known not to be tangled ([`Contours`](crate::geometry::seam::Contours)).
    pub fn is_simple_border(&mut self, border: &Shape, bounds: Bounds) -> bool {
        self.may_touch = true;
        self.rings_apart(border, bounds) && border_winds_once(border, bounds.low)
    }

    /// Whether rings neither cross, touch nor repeat themselves or each other.
    fn rings_apart(&mut self, outline: &Shape, bounds: Bounds) -> bool {
        let extent = (bounds.high.x - bounds.low.x).max(bounds.high.y - bounds.low.y);
        if extent >= EXACT || outline.len() >= (u32::MAX / 2) as usize {
            return false;
        }
        self.low = bounds.low;
        self.take(outline, bounds.low, extent);
        self.rings = outline.ends().len();
        let mut start = 0;
        let apart_along = outline.ends().iter().all(|&end| {
            let along = start..end as usize;
            start = end as usize;
            self.apart_along(outline, along.start, along.end)
        });
        let apart = apart_along && self.leaves_apart_all(outline);
        self.give_back();
        apart
    }

    /// Gives back room for far more edges than most outlines have.
    fn give_back(&mut self) {
        if self.boxes.len() > FAR_MORE_POINTS {
            self.boxes.clear();
            self.levels.clear();
            self.next = Vec::new();
        }
    }

    /// Lays the edges out in boxes.
    fn take(&mut self, outline: &Shape, low: Point, extent: i64) {
        self.next.clear();
        self.boxes.begin(low, extent);
        for ring in outline.rings() {
            self.boxes.push_ring(ring);
            if outline.ends().len() == 1 {
                continue;
            }
            let first = self.next.len() as u32;
            self.next.extend(first + 1..first + ring.len() as u32);
            self.next.push(first);
        }
        self.boxes.pad((self.boxes.len() + BAND + FAN).next_multiple_of(FAN));
    }

    /// Whether no edges of a ring that follow each other within [`BAND`] meet.
    fn apart_along(&self, outline: &Shape, start: usize, end: usize) -> bool {
        let n = end - start;
        (2..=BAND.min(n / 2)).all(|gap| {
            let mut straight = (start..end - gap).step_by(FAN);
            let straight = straight.all(|i| {
                let mut mask = self.boxes.counterparts(i, i + gap);
                let left = end - gap - i;
                if left < FAN {
                    mask &= (1 << left) - 1;
                }
                mask == 0 || set(mask).all(|k| !self.meet(outline, i + k, i + k + gap))
            });
            let mut round = end - gap..end;
            let meets = |i: usize, j: usize| self.boxes.of(i).meets(&self.boxes.of(j));
            straight && round.all(|i| !meets(i, i + gap - n) || !self.meet(outline, i, i + gap - n))
        })
    }

    fn leaves_apart_all(&mut self, outline: &Shape) -> bool {
        let leaves = outline.len().div_ceil(FAN);
        self.stack_boxes(leaves);
        self.steps = 1000 + PATIENCE * leaves;
        let top = self.levels.len() - 1;
        let nodes = self.levels[top].len();
        for a in 0..nodes {
            for b in a..nodes {
                if self.levels[top][a].meets(&self.levels[top][b]) && !self.apart(outline, top, a, b) {
                    return false;
                }
            }
        }
        true
    }

    fn stack_boxes(&mut self, leaves: usize) {
        let mut spare = std::mem::take(&mut self.levels).into_iter();
        let mut bottom = spare.next().unwrap_or_default();
        bottom.clear();
        bottom.extend((0..leaves).map(|leaf| self.boxes.of_leaf(leaf)));
        self.levels.push(bottom);
        while self.levels[self.levels.len() - 1].len() > FLAT {
            let below = &self.levels[self.levels.len() - 1];
            let mut level = spare.next().unwrap_or_default();
            level.clear();
            let around = |boxes: &[Box]| boxes.iter().fold(EMPTY, |around, b| around.with(*b));
            level.extend(below.chunks(FAN).map(around));
            self.levels.push(level);
        }
    }

    /// Whether no edges in two boxes of a level meet, but for those near each other along a ring.
    fn apart(&mut self, outline: &Shape, level: usize, a: usize, b: usize) -> bool {
        match self.steps.checked_sub(1) {
            Some(left) => self.steps = left,
            None => return false,
        }
        let Some(below) = level.checked_sub(1) else {
            return a == b && self.rings == 1 || self.leaves_apart(outline, a, b);
        };
        let children = |node: usize, len: usize| node * FAN..((node + 1) * FAN).min(len);
        let len = self.levels[below].len();
        for i in children(a, len) {
            let from = if a == b { i } else { b * FAN };
            for j in from..children(b, len).end {
                if self.levels[below][i].meets(&self.levels[below][j]) && !self.apart(outline, below, i, j) {
                    return false;
                }
            }
        }
        true
    }

    /// Whether no edges of two leaves meet. In a single ring, those within [`BAND`] were compared before.
    fn leaves_apart(&self, outline: &Shape, a: usize, b: usize) -> bool {
        let (box_a, box_b) = (self.levels[0][a], self.levels[0][b]);
        let near_b = self.boxes.meeting(a, &box_b);
        let near_a = self.boxes.meeting(b, &box_a);
        set(near_b).all(|i| {
            let i = a * FAN + i;
            set(near_a).all(|j| {
                let j = b * FAN + j;
                let known = j <= i || self.rings == 1 && j - i <= BAND;
                known || !self.boxes.of(i).meets(&self.boxes.of(j)) || !self.meet(outline, i, j)
            })
        })
    }

    /// Whether two edges that do not follow each other have a point in common.
    fn meet(&self, outline: &Shape, i: usize, j: usize) -> bool {
        let next = |edge: usize| match self.next.get(edge) {
            Some(next) => *next as usize,
            None if edge + 1 < outline.len() => edge + 1,
            None => 0,
        };
        let (i_next, j_next) = (next(i), next(j));
        if i_next == j || j_next == i {
            return false;
        }
        let place = |edge: usize| local(outline.points()[edge], self.low);
        let (a, b, c, d) = (place(i), place(i_next), place(j), place(j_next));
        if self.may_touch && (a == c || a == d || b == c || b == d) {
            return overlap_beyond_corner(a, b, c, d);
        }
        if side(c, d, a) * side(c, d, b) > 0 || side(a, b, c) * side(a, b, d) > 0 {
            return false;
        }
        // On one line, boxes that share nothing tell segments apart that share nothing.
        let within = |k: usize| a[k].min(b[k]) <= c[k].max(d[k]) && c[k].min(d[k]) <= a[k].max(b[k]);
        within(0) && within(1)
    }
}

/// Whether edges with a corner in common share more than that.
fn overlap_beyond_corner(a: Local, b: Local, c: Local, d: Local) -> bool {
    let (corner, one, other) = match (a == c, a == d, b == c) {
        (true, _, _) => (a, b, d),
        (_, true, _) => (a, b, c),
        (_, _, true) => (b, a, d),
        _ => (b, a, c),
    };
    let along = (one[0] - corner[0]) * (other[0] - corner[0]) + (one[1] - corner[1]) * (other[1] - corner[1]);
    along > 0.0 && side(corner, one, other) == 0
}

/// Whether rings that do not meet lie in each other as shells and holes do: a shell outside all others or in a hole, a
/// hole in just one shell, the one that stands before it.
fn winds_once(outline: &Shape) -> bool {
    match outline.ends().len() {
        // A hole whose shell had no extent stands alone.
        1 => return outline.rings().all(grid::is_counter_clockwise),
        rings if rings > MOST_RINGS => return false,
        _ => {}
    }
    let rings: Vec<&[Point]> = outline.rings().collect();
    let mut own = None;
    rings.iter().enumerate().all(|(i, ring)| {
        let others = rings.iter().enumerate().filter(|(j, _)| *j != i);
        let around: i32 = others.map(|(_, other)| winding(other, ring[0])).sum();
        if doubled_area(ring) > 0 {
            own = Some(*ring);
            return around == 0;
        }
        around == 1 && own.is_some_and(|shell| winding(shell, ring[0]) == 1)
    })
}

/// Whether ground to the left of every ring is covered once, and so to the right not at all: told at an edge of each,
/// as edges do not cross.
fn border_winds_once(border: &Shape, low: Point) -> bool {
    let bounded = |ring| Some((Bounds::around(ring)?, ring));
    let rings: Vec<(Bounds, &[Point])> = border.rings().filter_map(bounded).collect();
    // Twice as large, so that the middle of an edge is a whole number, too.
    let twice = |p: Point| local(p, low).map(|c| 2.0 * c);
    rings.len() <= MOST_RINGS
        && rings.iter().enumerate().all(|(r, (_, ring))| {
            let steep = (0..ring.len()).find(|&i| ring[i].y != ring[(i + 1) % ring.len()].y);
            let Some(edge) = steep else { return false };
            let (a, b) = (local(ring[edge], low), local(ring[(edge + 1) % ring.len()], low));
            let middle = [a[0] + b[0], a[1] + b[1]];
            let mut east_of_it = 0;
            for (q, (bounds, other)) in rings.iter().enumerate() {
                let (south, north) = (2.0 * local(bounds.low, low)[1], 2.0 * local(bounds.high, low)[1]);
                if middle[1] < south || middle[1] > north || 2.0 * local(bounds.high, low)[0] < middle[0] {
                    continue;
                }
                for i in 0..other.len() {
                    let (c, d) = (twice(other[i]), twice(other[(i + 1) % other.len()]));
                    let crosses = (c[1] <= middle[1]) != (d[1] <= middle[1]);
                    if crosses && (q, i) != (r, edge) {
                        let side = side(c, d, middle);
                        east_of_it += i32::from(c[1] <= middle[1] && side > 0);
                        east_of_it -= i32::from(d[1] <= middle[1] && side < 0);
                    }
                }
            }
            // An edge that runs north has the ground it bounds to the west.
            east_of_it == i32::from(a[1] > b[1])
        })
}
