//! The integer grid that shapes live on, and the shapes themselves.
//!
//! In: coordinates in CRS units. Out: points on the grid. A coordinate that is not finite or absurdly far
//! away has no place on the grid; `layers` refuses it at the door.

use i_overlay::i_float::int::point::IntPoint;

/// Grid steps in one CRS unit: 2³⁰, so a step is 0.93 nm where the unit is the metre.
pub const STEPS_PER_UNIT: f64 = (1u64 << 30) as f64;

/// A coordinate farther from the origin than this many CRS units is absurd: 2²⁷, more than three times the
/// circumference of the earth in metres. The overlay engine's arithmetic is exact up to 2⁶⁰ steps.
pub const FARTHEST_UNITS: f64 = (1u64 << 27) as f64;

/// A point on the grid, in steps.
pub type Point = IntPoint<i64>;

/// The point nearest to a coordinate; `None` when it is not finite or farther out than [`FARTHEST_UNITS`].
pub fn point(x: f64, y: f64) -> Option<Point> {
    let on_earth = |c: f64| c.is_finite() && c.abs() <= FARTHEST_UNITS;
    (on_earth(x) && on_earth(y)).then(|| Point::new(steps(x), steps(y)))
}

/// Steps from the origin to a coordinate within [`FARTHEST_UNITS`].
pub fn steps(coordinate: f64) -> i64 {
    let exact = coordinate * STEPS_PER_UNIT;
    // `round` is a call into the mathematics library on older processors; this is not.
    let whole = exact as i64;
    let rest = exact - whole as f64;
    whole + i64::from(rest >= 0.5) - i64::from(rest <= -0.5)
}

/// The coordinate of a number of steps.
pub fn units(steps: i64) -> f64 {
    steps as f64 / STEPS_PER_UNIT
}

/// Closed contours on the grid, their points one after another; the last point of a contour is not its first
/// again. What they enclose is what winds around a place a non-zero number of times.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Shape {
    points: Vec<Point>,
    ends: Vec<u32>,
}

impl Shape {
    /// The shape of some contours whose points stand one after another; `ends` as [`Shape::ends`] gives them.
    pub fn of_contours(points: Vec<Point>, ends: Vec<u32>) -> Self {
        Self { points, ends }
    }

    /// The shape of one contour.
    pub fn of_ring(ring: impl IntoIterator<Item = Point>) -> Self {
        let mut shape = Self::default();
        shape.push(ring);
        shape
    }

    /// The rectangle from `low` to `high`.
    pub fn rectangle(low: Point, high: Point) -> Self {
        Self::of_ring([low, Point::new(high.x, low.y), high, Point::new(low.x, high.y)])
    }

    /// Takes all contours away and keeps the room.
    pub fn clear(&mut self) {
        self.points.clear();
        self.ends.clear();
    }

    /// All points, contour after contour.
    pub fn points(&self) -> &[Point] {
        &self.points
    }

    /// Where the contours end among the points.
    pub fn ends(&self) -> &[u32] {
        &self.ends
    }

    /// Adds a contour of three points or more, begun at one of them, and turned round where `turned`.
    pub fn push_begun_at(&mut self, ring: &[Point], first: usize, turned: bool) {
        let (before, after) = ring.split_at(first);
        if turned {
            self.points.extend(after.first());
            self.points.extend(before.iter().rev());
            self.points.extend(after[1..].iter().rev());
        } else {
            self.points.extend_from_slice(after);
            self.points.extend_from_slice(before);
        }
        self.ends.push(self.points.len() as u32);
    }

    /// Lets the contour that was added last begin at its least point, so that sums over its edges are the same to the
    /// last bit wherever it was begun when it was drawn.
    pub fn begin_last_at_least(&mut self) {
        let start = self.ends.len().checked_sub(2).map_or(0, |before| self.ends[before] as usize);
        let ring = &mut self.points[start..];
        let least = (0..ring.len()).min_by_key(|&i| (ring[i].x, ring[i].y));
        ring.rotate_left(least.unwrap_or(0));
    }

    /// The same contours, each begun at its least point, in the order of their points.
    pub fn in_order(&self) -> Self {
        let mut begun = Self::default();
        for ring in self.rings() {
            begun.push(ring.iter().copied());
            begun.begin_last_at_least();
        }
        let mut rings: Vec<&[Point]> = begun.rings().collect();
        let place = |p: &Point| (p.x, p.y);
        rings.sort_unstable_by(|a, b| a.iter().map(place).cmp(b.iter().map(place)));
        let mut sorted = Self::default();
        rings.into_iter().for_each(|ring| sorted.push(ring.iter().copied()));
        sorted
    }

    /// The shape wound the other way.
    pub fn reversed(&self) -> Self {
        let mut turned = Self::default();
        self.rings().for_each(|ring| turned.push(ring.iter().rev().copied()));
        turned
    }

    /// Adds a contour; fewer than three points enclose nothing and are left out.
    pub fn push(&mut self, ring: impl IntoIterator<Item = Point>) {
        let start = self.points.len();
        self.points.extend(ring);
        if self.points.len() < start + 3 {
            self.points.truncate(start);
        } else {
            self.ends.push(self.points.len() as u32);
        }
    }

    /// Adds a contour without points that repeat the one before.
    pub fn push_distinct(&mut self, ring: impl IntoIterator<Item = Point>) {
        let start = self.points.len();
        for p in ring {
            if self.points.len() == start || self.points[self.points.len() - 1] != p {
                self.points.push(p);
            }
        }
        while self.points.len() > start + 1 && self.points[self.points.len() - 1] == self.points[start] {
            self.points.pop();
        }
        if self.points.len() < start + 3 {
            self.points.truncate(start);
        } else {
            self.ends.push(self.points.len() as u32);
        }
    }

    /// Whether the contour that was added last has a positive area.
    pub fn last_is_counter_clockwise(&self) -> bool {
        let start = self.ends.len().checked_sub(2).map_or(0, |before| self.ends[before] as usize);
        is_counter_clockwise(&self.points[start..])
    }

    /// Adds a contour, turned round where its area is negative.
    pub fn push_counter_clockwise(&mut self, ring: impl IntoIterator<Item = Point>) {
        let before = self.points.len();
        self.push(ring);
        if doubled_area(&self.points[before..]) < 0 {
            self.points[before..].reverse();
        }
    }

    /// The contours.
    pub fn rings(&self) -> impl Iterator<Item = &[Point]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, &end)| &self.points[start as usize..end as usize])
    }

    /// Whether there is no contour.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// How many points there are.
    pub fn len(&self) -> usize {
        self.points.len()
    }

    /// The smallest rectangle around the shape; `None` when it is empty.
    pub fn bounds(&self) -> Option<Bounds> {
        Bounds::around(&self.points)
    }

    /// Twice the signed area in square steps, exact: counter-clockwise counts positive.
    pub fn doubled_area(&self) -> i128 {
        self.rings().map(doubled_area).sum()
    }
}

/// The points of a recorded ring on the grid, without those that repeat the one before; coordinates without a place
/// there are left out.
pub fn distinct(points: &[[f64; 2]], ring: &mut Vec<Point>) {
    ring.clear();
    ring.reserve(points.len());
    let mut last = None;
    for p in points.iter().filter_map(|&[x, y]| point(x, y)) {
        if last != Some(p) {
            ring.push(p);
        }
        last = Some(p);
    }
    while ring.len() > 1 && ring.last() == ring.first() {
        ring.pop();
    }
}

/// The place of the westernmost point, the southernmost of those, and the box around all; `None` where there are none.
pub fn least_and_bounds(ring: &[Point]) -> Option<(usize, Bounds)> {
    let bounds = Bounds::around(ring)?;
    let west = ring.iter().enumerate().filter(|(_, p)| p.x == bounds.low.x);
    let least = west.min_by_key(|(_, p)| p.y).map_or(0, |(i, _)| i);
    Some((least, bounds))
}

/// Whether a ring has a positive area. O(points); exact where floating point cannot tell.
pub fn is_counter_clockwise(ring: &[Point]) -> bool {
    let Some(&first) = ring.first() else { return false };
    let offset = |p: &Point| ((p.x - first.x) as f64, (p.y - first.y) as f64);
    let (mut sum, mut size, mut from) = (0.0, 0.0, (0.0, 0.0));
    for p in ring {
        let to = offset(p);
        let (left, right) = (from.0 * to.1, to.0 * from.1);
        sum += left - right;
        size += left.abs() + right.abs();
        from = to;
    }
    if sum.abs() > size * 1e-7 { sum > 0.0 } else { doubled_area(ring) > 0 }
}

/// Twice the signed area of one contour in square steps, exact. O(points).
pub fn doubled_area(ring: &[Point]) -> i128 {
    let Some(&first) = ring.first() else { return 0 };
    let offset = |p: Point| (i128::from(p.x - first.x), i128::from(p.y - first.y));
    ring.windows(2)
        .map(|edge| {
            let ((ax, ay), (bx, by)) = (offset(edge[0]), offset(edge[1]));
            ax * by - bx * ay
        })
        .sum()
}

/// An upright rectangle on the grid, its borders included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// The south-west corner.
    pub low: Point,
    /// The north-east corner.
    pub high: Point,
}

impl Bounds {
    /// The smallest rectangle around some points; `None` when there are none.
    pub fn around(points: &[Point]) -> Option<Self> {
        let (&first, rest) = points.split_first()?;
        let mut bounds = Self { low: first, high: first };
        for p in rest {
            bounds.low = Point::new(bounds.low.x.min(p.x), bounds.low.y.min(p.y));
            bounds.high = Point::new(bounds.high.x.max(p.x), bounds.high.y.max(p.y));
        }
        Some(bounds)
    }

    /// The smallest rectangle around both.
    pub fn with(self, other: Self) -> Self {
        Self {
            low: Point::new(self.low.x.min(other.low.x), self.low.y.min(other.low.y)),
            high: Point::new(self.high.x.max(other.high.x), self.high.y.max(other.high.y)),
        }
    }

    /// Whether a point lies in it.
    pub fn holds(&self, p: Point) -> bool {
        self.low.x <= p.x && p.x <= self.high.x && self.low.y <= p.y && p.y <= self.high.y
    }

    /// Whether the two share at least a point.
    pub fn meets(&self, other: &Self) -> bool {
        self.low.x <= other.high.x
            && other.low.x <= self.high.x
            && self.low.y <= other.high.y
            && other.low.y <= self.high.y
    }
}
