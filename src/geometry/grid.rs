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

/// So many points are far more than a shape, or a batch of them, has in a usual survey (4 MB). Room for more is given back
/// when what filled it is done with, so that one huge feature does not weigh on all that follow.
pub const FAR_MORE_POINTS: usize = 1 << 18;

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

    /// Takes all contours away and keeps the room, unless it is for [`FAR_MORE_POINTS`].
    pub fn clear(&mut self) {
        if self.points.capacity() > FAR_MORE_POINTS {
            self.points = Vec::new();
        }
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

    /// Adds a recorded ring as a contour that is begun at its least point and wound counter-clockwise or clockwise,
    /// without points that repeat the one before; gives the box around it. Fewer than three points enclose nothing and
    /// are left out, and so are coordinates without a place on the grid.
    pub fn push_recorded(&mut self, ring: &[[f64; 2]], counter_clockwise: bool) -> Option<Bounds> {
        if !ring.as_flattened().iter().fold(true, |good, c| good & (c.abs() <= FARTHEST_UNITS)) {
            let on_earth = |p: &&[f64; 2]| point(p[0], p[1]).is_some();
            return self.push_recorded(
                &ring.iter().filter(on_earth).copied().collect::<Vec<_>>(),
                counter_clockwise,
            );
        }
        let (&first, rest) = ring.split_first()?;
        let (low, high) = rest.iter().fold((first, first), |(low, high), p| {
            let least = |k: usize| if p[k] < low[k] { p[k] } else { low[k] };
            let most = |k: usize| if p[k] > high[k] { p[k] } else { high[k] };
            ([least(0), least(1)], [most(0), most(1)])
        });
        let west = ring.iter().enumerate().filter(|(_, p)| p[0] == low[0]);
        let least = west.min_by(|(_, a), (_, b)| a[1].total_cmp(&b[1])).map_or(0, |(i, _)| i);
        let place = |&[x, y]: &[f64; 2]| Point::new(steps(x), steps(y));
        let start = self.points.len();
        self.points.reserve(ring.len());
        let turned = drawn_counter_clockwise(ring) != counter_clockwise;
        let (before, after) = ring.split_at(least);
        if turned {
            self.points.push(place(&after[0]));
            self.points.extend(before.iter().rev().map(place));
            self.points.extend(after[1..].iter().rev().map(place));
        } else {
            self.points.extend(after.iter().map(place));
            self.points.extend(before.iter().map(place));
        }
        let added = &self.points[start..];
        if added.windows(2).fold(false, |repeats, p| repeats | (p[0] == p[1]))
            || added.last() == added.first()
        {
            self.drop_repeats(start);
        }
        if self.points.len() < start + 3 {
            self.points.truncate(start);
            return None;
        }
        self.ends.push(self.points.len() as u32);
        Some(Bounds { low: place(&low), high: place(&high) })
    }

    fn drop_repeats(&mut self, start: usize) {
        let mut ring = self.points.split_off(start);
        ring.dedup();
        while ring.len() > 1 && ring.last() == ring.first() {
            ring.pop();
        }
        self.points.append(&mut ring);
    }

    /// Begins a contour that is drawn point by point.
    pub fn pen(&mut self) -> Pen<'_> {
        Pen { start: self.points.len(), shape: self }
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

    /// Makes room for so many more points.
    pub fn reserve(&mut self, points: usize) {
        self.points.reserve(points);
    }

    /// Adds a contour without points that repeat the one before, begun at its least point: its area is then the same
    /// to the last bit wherever it was recorded to begin.
    pub fn push_distinct(&mut self, ring: impl IntoIterator<Item = Point>) {
        let start = self.points.len();
        let ring = ring.into_iter();
        self.points.reserve(ring.size_hint().0);
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
            return;
        }
        let ring = &mut self.points[start..];
        let least = ring.iter().enumerate().min_by_key(|(_, p)| (p.x, p.y)).map_or(0, |(i, _)| i);
        ring.rotate_left(least);
        self.ends.push(self.points.len() as u32);
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

/// Draws a contour.
pub struct Pen<'s> {
    shape: &'s mut Shape,
    start: usize,
}

impl Pen<'_> {
    /// Adds a point.
    #[inline]
    pub fn draw(&mut self, p: Point) {
        self.shape.points.push(p);
    }

    /// Ends the contour. It is left out unless it is to be kept and has three points.
    pub fn end(self, keep: bool) {
        let Self { shape, start } = self;
        if keep && shape.points.len() >= start + 3 {
            shape.ends.push(shape.points.len() as u32);
        } else {
            shape.points.truncate(start);
        }
    }
}

/// Whether a contour has a positive area. O(points); exact where floating point cannot tell.
pub fn is_counter_clockwise(ring: &[Point]) -> bool {
    let Some(first) = ring.first() else { return false };
    let offset = |p: &Point| [(p.x - first.x) as f64, (p.y - first.y) as f64];
    winds_left(ring.iter().map(offset)).unwrap_or_else(|| doubled_area(ring) > 0)
}

/// Whether a recorded ring has a positive area once it is on the grid. O(points); exact where floating point cannot tell.
fn drawn_counter_clockwise(ring: &[[f64; 2]]) -> bool {
    let Some(first) = ring.first() else { return false };
    let offsets = ring.iter().map(|p| [p[0] - first[0], p[1] - first[1]]);
    winds_left(offsets).unwrap_or_else(|| {
        let on_grid: Vec<Point> = ring.iter().map(|&[x, y]| Point::new(steps(x), steps(y))).collect();
        doubled_area(&on_grid) > 0
    })
}

/// Whether offsets from the first point of a ring enclose a positive area, where floating point can tell.
fn winds_left(offsets: impl Iterator<Item = [f64; 2]>) -> Option<bool> {
    let (mut sum, mut size, mut from) = (0.0, 0.0, [0.0, 0.0]);
    for to in offsets {
        let (left, right) = (from[0] * to[1], to[0] * from[1]);
        sum += left - right;
        size += left.abs() + right.abs();
        from = to;
    }
    (f64::abs(sum) > size * 1e-7).then_some(sum > 0.0)
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
