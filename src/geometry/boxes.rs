//! Boxes around edges, side by side, so that eight are compared at once (外包矩形).
//!
//! In: rings of points as seen from a corner. Out: masks with one bit for each edge. Boxes are in coarse steps of 15 bits:
//! rounding down is monotone, so boxes that meet still do, and what they tell apart is apart.

use wide::i16x8;

use crate::geometry::grid::{FAR_MORE_POINTS, Point};

/// Edges in a leaf, which are compared at once.
pub const FAN: usize = 8;

/// Edges of a ring that are laid out in boxes at a time.
const STRETCH: usize = 1 << 12;

/// A box around edges.
#[derive(Debug, Clone, Copy)]
pub struct Box {
    west: i16,
    east: i16,
    south: i16,
    north: i16,
}

/// The box around nothing, which meets nothing.
pub const EMPTY: Box = Box { west: i16::MAX, east: i16::MIN, south: i16::MAX, north: i16::MIN };

impl Box {
    /// The smallest box around both.
    #[inline]
    pub fn with(self, other: Self) -> Self {
        Self {
            west: self.west.min(other.west),
            east: self.east.max(other.east),
            south: self.south.min(other.south),
            north: self.north.max(other.north),
        }
    }

    /// Whether the two share at least a point.
    #[inline]
    pub fn meets(&self, other: &Self) -> bool {
        (self.west <= other.east)
            & (other.west <= self.east)
            & (self.south <= other.north)
            & (other.south <= self.north)
    }

    /// Whether the other lies in it.
    pub fn holds(&self, other: &Self) -> bool {
        (self.west <= other.west)
            & (other.east <= self.east)
            & (self.south <= other.south)
            & (other.north <= self.north)
    }

    /// Its south-western and north-eastern corners.
    pub fn corners(&self) -> [[i32; 2]; 2] {
        [[self.west, self.south], [self.east, self.north]].map(|corner| corner.map(i32::from))
    }
}

/// The boxes of edges.
#[derive(Debug, Default)]
pub struct Boxes {
    west: Vec<i16>,
    east: Vec<i16>,
    south: Vec<i16>,
    north: Vec<i16>,
    corner: Point,
    shift: u32,
    /// The stretch of a ring at hand, the point after it repeated.
    x: Vec<i16>,
    y: Vec<i16>,
}

impl Boxes {
    /// Forgets all, and gives back room for far more edges than most shapes have.
    pub fn clear(&mut self) {
        for side in [&mut self.west, &mut self.east, &mut self.south, &mut self.north] {
            if side.capacity() > FAR_MORE_POINTS {
                *side = Vec::new();
            }
            side.clear();
        }
    }

    /// Forgets all, and takes steps coarse enough for what reaches so far from a corner.
    pub fn begin(&mut self, corner: Point, extent: i64) {
        self.clear();
        self.corner = corner;
        self.shift = (i64::BITS - extent.max(0).leading_zeros()).saturating_sub(15);
    }

    /// Adds the boxes of the edges of a ring.
    pub fn push_ring(&mut self, ring: &[Point]) {
        let mut from = 0;
        while from < ring.len() {
            let to = (from + STRETCH).min(ring.len());
            self.push_edges(&ring[from..to], ring[to % ring.len()]);
            from = to;
        }
    }

    /// Adds the boxes of edges that begin at some points, the last of which ends at `next`.
    fn push_edges(&mut self, points: &[Point], next: Point) {
        let (corner, shift) = (self.corner, self.shift);
        let coarse = |c: i64, corner: i64| ((c - corner) >> shift) as i16;
        self.x.clear();
        self.x.extend(points.iter().map(|p| coarse(p.x, corner.x)));
        self.x.push(coarse(next.x, corner.x));
        self.y.clear();
        self.y.extend(points.iter().map(|p| coarse(p.y, corner.y)));
        self.y.push(coarse(next.y, corner.y));
        for (from, least, most) in
            [(&self.x, &mut self.west, &mut self.east), (&self.y, &mut self.south, &mut self.north)]
        {
            let ends = || from.iter().zip(from.get(1..).unwrap_or_default());
            least.extend(ends().map(|(a, b)| *a.min(b)));
            most.extend(ends().map(|(a, b)| *a.max(b)));
        }
    }

    /// Adds boxes that meet nothing up to so many in all.
    pub fn pad(&mut self, length: usize) {
        for (side, nowhere) in [
            (&mut self.west, EMPTY.west),
            (&mut self.east, EMPTY.east),
            (&mut self.south, EMPTY.south),
            (&mut self.north, EMPTY.north),
        ] {
            side.resize(length, nowhere);
        }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.west.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.west.is_empty()
    }

    /// The box of one edge.
    #[inline]
    pub fn of(&self, edge: usize) -> Box {
        Box { west: self.west[edge], east: self.east[edge], south: self.south[edge], north: self.north[edge] }
    }

    /// The box around a leaf.
    pub fn of_leaf(&self, leaf: usize) -> Box {
        let eight = |side: &[i16]| eight(side, leaf * FAN);
        Box {
            west: eight(&self.west).reduce_min(),
            east: eight(&self.east).reduce_max(),
            south: eight(&self.south).reduce_min(),
            north: eight(&self.north).reduce_max(),
        }
    }

    /// Which of the eight edges from `i` on meet those from `j` on, each its counterpart.
    #[inline]
    pub fn counterparts(&self, i: usize, j: usize) -> u32 {
        let apart = eight(&self.west, i).simd_gt(eight(&self.east, j))
            | eight(&self.west, j).simd_gt(eight(&self.east, i))
            | eight(&self.south, i).simd_gt(eight(&self.north, j))
            | eight(&self.south, j).simd_gt(eight(&self.north, i));
        !apart.to_bitmask() & ALL
    }

    /// Which of the edges of a leaf meet a box.
    #[inline]
    pub fn meeting(&self, leaf: usize, other: &Box) -> u32 {
        let at = leaf * FAN;
        let apart = eight(&self.west, at).simd_gt(i16x8::splat(other.east))
            | i16x8::splat(other.west).simd_gt(eight(&self.east, at))
            | eight(&self.south, at).simd_gt(i16x8::splat(other.north))
            | i16x8::splat(other.south).simd_gt(eight(&self.north, at));
        !apart.to_bitmask() & ALL
    }
}

/// The mask of a whole leaf.
const ALL: u32 = (1 << FAN) - 1;

#[inline]
fn eight(side: &[i16], from: usize) -> i16x8 {
    let mut eight = [0; FAN];
    eight.copy_from_slice(&side[from..from + FAN]);
    i16x8::from(eight)
}

/// The places of the set bits of a mask.
#[inline]
pub fn set(mut mask: u32) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let at = mask.trailing_zeros() as usize;
        let some = mask != 0;
        mask &= mask.wrapping_sub(1);
        some.then_some(at)
    })
}
