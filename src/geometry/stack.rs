//! Finds shapes that lie on one another, such as copies of a layer that came by different ways.
//!
//! In: shapes. Out: the stacks among them, by position. Outlines in a stack may run within a hair of each other all
//! along; united at once, every crossing of every two would be met, so [`Overlay`](super::overlay::Overlay) unites
//! them two by two. Neighbours of a clean survey make no stack.

use crate::geometry::grid::{Bounds, Shape};
use crate::geometry::groups::Groups;

/// The positions of the shapes in groups: members of a group follow from twin to twin. Groups and members in the
/// order of the shapes. O(n log n + pairs whose bounds share an interval of x).
pub fn stacks(shapes: &[&Shape]) -> Vec<Vec<usize>> {
    groups(shapes, twins)
}

/// The same, members following from one whose bounds meet to the next: groups have no ground and no border in common.
pub fn clusters(shapes: &[&Shape]) -> Vec<Vec<usize>> {
    groups(shapes, Bounds::meets)
}

fn groups(shapes: &[&Shape], belong: impl Fn(&Bounds, &Bounds) -> bool) -> Vec<Vec<usize>> {
    let mut together = Groups::of(shapes.len());
    let bounded = shapes.iter().enumerate().filter_map(|(i, shape)| Some((shape.bounds()?, i)));
    let mut by_west: Vec<(Bounds, usize)> = bounded.collect();
    by_west.sort_unstable_by_key(|(bounds, i)| (bounds.low.x, *i));
    let mut open: Vec<(Bounds, usize)> = Vec::new();
    for (bounds, i) in by_west {
        open.retain(|(other, _)| other.high.x >= bounds.low.x);
        for (_, j) in open.iter().filter(|(other, _)| belong(&bounds, other)) {
            together.unite(i, *j);
        }
        open.push((bounds, i));
    }
    let mut groups = vec![Vec::new(); shapes.len()];
    (0..shapes.len()).for_each(|i| groups[together.first(i)].push(i));
    groups.retain(|group| !group.is_empty());
    groups
}

/// Whether what two rectangles share is more than half of either.
fn twins(a: &Bounds, b: &Bounds) -> bool {
    let common = |low: i64, high: i64| (high - low).max(0) as f64;
    let width = common(a.low.x.max(b.low.x), a.high.x.min(b.high.x));
    let height = common(a.low.y.max(b.low.y), a.high.y.min(b.high.y));
    let area = |r: &Bounds| (r.high.x - r.low.x) as f64 * (r.high.y - r.low.y) as f64;
    2.0 * width * height > area(a).max(area(b))
}
