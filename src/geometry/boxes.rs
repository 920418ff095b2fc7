//! Boxes around edges, side by side, so that eight are compared at once (外包矩形).
//!
//! In: rings of points as seen from a corner. Out: masks with one bit for each edge. Boxes are in single precision:
//! rounding is monotone, so boxes that meet still do, and what they tell apart is apart.

use wide::f32x8;

use crate::geometry::grid::Point;

/// Edges in a leaf, which are compared at once.
pub const FAN: usize = 8;

/// A box around edges.
#[derive(Debug, Clone, Copy)]
pub struct Box {
    west: f32,
    east: f32,
    south: f32,
    north: f32,
}

/// The box around nothing, which meets nothing.
pub const EMPTY: Box =
    Box { west: f32::INFINITY, east: f32::NEG_INFINITY, south: f32::INFINITY, north: f32::NEG_INFINITY };

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

    /// Its western and eastern ends.
    pub fn span(&self) -> (f32, f32) {
        (self.west, self.east)
    }
}

/// The boxes of edges.
#[derive(Debug, Default)]
pub struct Boxes {
    west: Vec<f32>,
    east: Vec<f32>,
    south: Vec<f32>,
    north: Vec<f32>,
    /// The ring at hand, its first point repeated.
    x: Vec<f32>,
    y: Vec<f32>,
}

impl Boxes {
    /// Forgets all.
    pub fn clear(&mut self) {
        for side in [&mut self.west, &mut self.east, &mut self.south, &mut self.north] {
            side.clear();
        }
    }

    /// Adds the boxes of the edges of a ring.
    pub fn push_ring(&mut self, ring: &[Point], corner: Point) {
        let Some(first) = ring.first() else { return };
        let closed = || ring.iter().chain([first]);
        self.x.clear();
        self.x.extend(closed().map(|p| (p.x - corner.x) as f32));
        self.y.clear();
        self.y.extend(closed().map(|p| (p.y - corner.y) as f32));
        for (from, least, most) in
            [(&self.x, &mut self.west, &mut self.east), (&self.y, &mut self.south, &mut self.north)]
        {
            let ends = || from.iter().zip(&from[1..]);
            least.extend(ends().map(|(a, b)| if a < b { *a } else { *b }));
            most.extend(ends().map(|(a, b)| if a > b { *a } else { *b }));
        }
    }

    /// Adds boxes that meet nothing up to so many in all.
    pub fn pad(&mut self, length: usize) {
        for (side, nowhere) in [
            (&mut self.west, f32::INFINITY),
            (&mut self.east, f32::NEG_INFINITY),
            (&mut self.south, f32::INFINITY),
            (&mut self.north, f32::NEG_INFINITY),
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
        let at = leaf * FAN;
        let least = |side: &[f32]| side[at..at + FAN].iter().copied().fold(f32::INFINITY, f32::min);
        let most = |side: &[f32]| side[at..at + FAN].iter().copied().fold(f32::NEG_INFINITY, f32::max);
        Box {
            west: least(&self.west),
            east: most(&self.east),
            south: least(&self.south),
            north: most(&self.north),
        }
    }

    /// Which of the eight edges from `i` on meet those from `j` on, each its counterpart.
    #[inline]
    pub fn counterparts(&self, i: usize, j: usize) -> u32 {
        let meet = eight(&self.west, i).simd_le(eight(&self.east, j))
            & eight(&self.west, j).simd_le(eight(&self.east, i))
            & eight(&self.south, i).simd_le(eight(&self.north, j))
            & eight(&self.south, j).simd_le(eight(&self.north, i));
        meet.to_bitmask()
    }

    /// Which of the edges of a leaf meet a box.
    #[inline]
    pub fn meeting(&self, leaf: usize, other: &Box) -> u32 {
        let at = leaf * FAN;
        let meet = eight(&self.west, at).simd_le(f32x8::splat(other.east))
            & f32x8::splat(other.west).simd_le(eight(&self.east, at))
            & eight(&self.south, at).simd_le(f32x8::splat(other.north))
            & f32x8::splat(other.south).simd_le(eight(&self.north, at));
        meet.to_bitmask()
    }
}

#[inline]
fn eight(side: &[f32], from: usize) -> f32x8 {
    let mut eight = [0.0; FAN];
    eight.copy_from_slice(&side[from..from + FAN]);
    f32x8::from(eight)
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
