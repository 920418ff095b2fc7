//! Lays the outlines of a pile down and finds where they cross.

use rstar::RTree;
use rstar::primitives::{GeomWithData, Rectangle};

use crate::geometry::boxes::{Box, Boxes, EMPTY, FAN, set};
use crate::geometry::common::FirstMoments;
use crate::geometry::grid::{Point, STEPS_PER_UNIT, Shape};
use crate::geometry::pile::marks::Mark;
use crate::geometry::pile::moved::{moved_side, side_of_moved};
use crate::geometry::side::{Local, cross, local};
use crate::geometry::tile::TILE_STEPS;

/// So many pairs of leaves for each leaf are looked at before a pile is left to overlay.
const PATIENCE: usize = 400;

/// Outlines with their crossings.
#[derive(Debug, Default)]
pub struct Pile {
    pub(super) corner: Point,
    /// By edge: where it begins. Edges of an outline follow each other, filled up to whole leaves.
    pub(super) places: Vec<Local>,
    /// By edge: where the one begins that follows it.
    pub(super) next: Vec<u32>,
    boxes: Boxes,
    leaves: Vec<Box>,
    pub(super) outlines: Vec<Outline>,
    pub(super) rings: Vec<Ring>,
    pub(super) crossings: Vec<Crossing>,
    /// By ring and place along it.
    pub(super) marks: Vec<Mark>,
    /// Rings that begin inside another outline: ring, outline. Sorted.
    pub(super) inside: Vec<(u32, u32)>,
    /// Outlines whose boxes meet: the earlier first; and the later first.
    pub(super) near: Vec<(u32, u32)>,
    near_back: Vec<(u32, u32)>,
    /// By edge: sums over its ring up to where the edge begins.
    pub(super) sums: Vec<FirstMoments>,
    steps: usize,
}

/// One outline.
#[derive(Debug, Clone, Copy)]
pub(super) struct Outline {
    pub first_leaf: u32,
    pub end_leaf: u32,
    pub first_ring: u32,
    pub end_ring: u32,
    pub around: Box,
}

/// One ring, by its edges.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ring {
    pub outline: u32,
    pub start: u32,
    pub end: u32,
    /// Its marks.
    pub marks: (u32, u32),
    pub around: Box,
    pub total: FirstMoments,
}

/// Where two outlines cross.
#[derive(Debug, Clone, Copy)]
pub(super) struct Crossing {
    pub at: Point,
}

impl Pile {
    /// Piles up outlines within a tile whose south-west corner is `corner`; `false` where they meet too often to be
    /// looked at one by one. O(edges + pairs of leaves that meet).
    pub fn pile<'s>(&mut self, corner: Point, outlines: impl IntoIterator<Item = &'s Shape>) -> bool {
        self.clear(corner);
        outlines.into_iter().for_each(|outline| self.lay(outline));
        self.leaves.clear();
        self.leaves.extend((0..self.boxes.len() / FAN).map(|leaf| self.boxes.of_leaf(leaf)));
        self.steps = 1000 + PATIENCE * self.leaves.len();
        self.find_near() && self.find_crossings() && {
            self.sort_marks();
            let told = self.find_inside();
            (0..).zip(&mut self.marks).for_each(|(rank, mark)| mark.rank = rank);
            told
        }
    }

    fn clear(&mut self, corner: Point) {
        self.corner = corner;
        self.places.clear();
        self.next.clear();
        self.boxes.begin(corner, TILE_STEPS);
        self.outlines.clear();
        self.rings.clear();
        self.crossings.clear();
        self.marks.clear();
        self.inside.clear();
        self.near.clear();
        self.sums.clear();
    }

    fn lay(&mut self, outline: &Shape) {
        let (first_leaf, first_ring) = (self.places.len() / FAN, self.rings.len() as u32);
        let index = self.outlines.len() as u32;
        for ring in outline.rings() {
            self.lay_ring(index, ring);
        }
        let length = self.places.len().next_multiple_of(FAN);
        self.boxes.pad(length);
        self.places.resize(length, [0.0, 0.0]);
        self.next.resize(length, 0);
        self.sums.resize(length, FirstMoments::default());
        let rings = &self.rings[first_ring as usize..];
        let around = rings.iter().fold(EMPTY, |around, ring| around.with(ring.around));
        self.outlines.push(Outline {
            first_leaf: first_leaf as u32,
            end_leaf: (length / FAN) as u32,
            first_ring,
            end_ring: self.rings.len() as u32,
            around,
        });
    }

    fn lay_ring(&mut self, outline: u32, ring: &[Point]) {
        let start = self.places.len();
        self.places.extend(ring.iter().map(|p| local(*p, self.corner)));
        self.boxes.push_ring(ring);
        let end = self.places.len();
        self.next.extend(start as u32 + 1..end as u32);
        self.next.push(start as u32);
        let mut sum = FirstMoments::default();
        let mut from = in_units(self.places[start]);
        for next in (start + 1..end).chain([start]) {
            let to = in_units(self.places[next]);
            self.sums.push(sum);
            sum.add_triangle(from, to);
            from = to;
        }
        let around = (start..end).fold(EMPTY, |around, edge| around.with(self.boxes.of(edge)));
        self.rings.push(Ring {
            outline,
            start: start as u32,
            end: end as u32,
            marks: (0, 0),
            around,
            total: sum,
        });
    }

    /// Finds the outlines whose boxes meet; `false` where there are too many.
    fn find_near(&mut self) -> bool {
        let boxed = |(i, outline): (u32, &Outline)| {
            let [low, high] = outline.around.corners();
            GeomWithData::new(Rectangle::from_corners(low, high), i)
        };
        let tree = RTree::bulk_load((0..).zip(&self.outlines).map(boxed).collect());
        for (a, b) in tree.intersection_candidates_with_other_tree(&tree) {
            if a.data < b.data {
                self.near.push((a.data, b.data));
                if self.near.len() > self.steps {
                    return false;
                }
            }
        }
        self.near.sort_unstable();
        self.near_back.clear();
        self.near_back.extend(self.near.iter().map(|&(i, j)| (j, i)));
        self.near_back.sort_unstable();
        true
    }

    /// The outlines whose boxes meet that of one.
    pub(super) fn neighbours(&self, outline: u32) -> impl Iterator<Item = u32> + '_ {
        let of = |pairs| of_first(pairs, outline).iter().map(|&(_, other)| other);
        of(&self.near).chain(of(&self.near_back))
    }

    fn find_crossings(&mut self) -> bool {
        let near = std::mem::take(&mut self.near);
        let mut leaves = Vec::new();
        let found = near.iter().all(|&(i, j)| self.cross_outlines(i, j, &mut leaves));
        self.near = near;
        found
    }

    fn cross_outlines(&mut self, i: u32, j: u32, leaves: &mut Vec<u32>) -> bool {
        let (one, other) = (self.outlines[i as usize], self.outlines[j as usize]);
        let meets = |leaf: &u32, around: &Box| self.leaves[*leaf as usize].meets(around);
        leaves.clear();
        leaves.extend((other.first_leaf..other.end_leaf).filter(|leaf| meets(leaf, &one.around)));
        for a in one.first_leaf..one.end_leaf {
            if !self.leaves[a as usize].meets(&other.around) {
                continue;
            }
            for &b in leaves.iter() {
                if self.leaves[a as usize].meets(&self.leaves[b as usize]) {
                    match self.steps.checked_sub(1) {
                        Some(left) => self.steps = left,
                        None => return false,
                    }
                    self.cross_leaves((i, j), a as usize, b as usize);
                }
            }
        }
        true
    }

    fn cross_leaves(&mut self, outlines: (u32, u32), a: usize, b: usize) {
        let near_b = self.boxes.meeting(a, &self.leaves[b]);
        let near_a = self.boxes.meeting(b, &self.leaves[a]);
        for i in set(near_b) {
            let i = a * FAN + i;
            for j in set(near_a) {
                let j = b * FAN + j;
                if self.boxes.of(i).meets(&self.boxes.of(j)) {
                    self.cross_edges(outlines, i, j);
                }
            }
        }
    }

    /// Notes where an edge of an outline crosses one of a later one, which is moved by an infinitesimal to the east,
    /// and by an infinitesimal of that to the north.
    fn cross_edges(&mut self, (one, other): (u32, u32), i: usize, j: usize) {
        let (a, b) = (self.places[i], self.places[self.next[i] as usize]);
        let (c, d) = (self.places[j], self.places[self.next[j] as usize]);
        let begins = side_of_moved(c, d, a);
        let ends = side_of_moved(c, d, b);
        if begins == ends || moved_side(a, b, c) == moved_side(a, b, d) {
            return;
        }
        let crossing = self.crossings.len() as u32;
        let (along, place) = where_crossed(a, b, c, d);
        let at = Point::new(self.corner.x + place[0] as i64, self.corner.y + place[1] as i64);
        self.crossings.push(Crossing { at });
        let enters = ends > 0;
        let (i, j) = (i as u32, j as u32);
        self.marks.push(Mark { edge: i, along, by: j, crossing, rank: 0, other, enters });
        let (along, _) = where_crossed(c, d, a, b);
        self.marks.push(Mark { edge: j, along, by: i, crossing, rank: 0, other: one, enters: !enters });
    }

    /// The outlines inside which a ring begins.
    pub(super) fn inside_of(&self, ring: u32) -> &[(u32, u32)] {
        of_first(&self.inside, ring)
    }
}

/// Of sorted pairs those that begin with a number.
fn of_first(pairs: &[(u32, u32)], first: u32) -> &[(u32, u32)] {
    let rest = &pairs[pairs.partition_point(|(a, _)| *a < first)..];
    &rest[..rest.partition_point(|(a, _)| *a == first)]
}

pub(super) fn in_units(p: Local) -> (f64, f64) {
    (p[0] / STEPS_PER_UNIT, p[1] / STEPS_PER_UNIT)
}

/// How far along the edge from `a` to `b` it is crossed by that from `c` to `d`, and where. Depends on where edges lie,
/// not on which way they run, and where a corner lies on the edge on that corner alone.
fn where_crossed(a: Local, b: Local, c: Local, d: Local) -> (f64, Local) {
    let (of_c, of_d) = (cross(a, b, c), cross(a, b, d));
    if of_c == 0.0 || of_d == 0.0 {
        let corner = if of_c == 0.0 { c } else { d };
        let run = [b[0] - a[0], b[1] - a[1]];
        let along = (corner[0] - a[0]) * run[0] + (corner[1] - a[1]) * run[1];
        return (part(along, run[0] * run[0] + run[1] * run[1]), corner);
    }
    let (c, d) = if c < d { (c, d) } else { (d, c) };
    let (of_a, of_b) = (cross(c, d, a), cross(c, d, b));
    let along = part(of_a, of_a - of_b);
    let on = |from: f64, to: f64| (from + along * (to - from)).round();
    (along, [on(a[0], b[0]), on(a[1], b[1])])
}

fn part(some: f64, all: f64) -> f64 {
    let part = some / all;
    // Minus nought would stand before nought.
    if part.is_finite() { part.clamp(0.0, 1.0) + 0.0 } else { 0.0 }
}
