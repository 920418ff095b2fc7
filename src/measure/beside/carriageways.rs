//! Which lines are one carriageway (同一幅).
//!
//! Lines of a route that follow on each other are one: their ends are the only two of the route at a point, and the way
//! goes on there rather than back, by less than a right angle. So a road that winds up a hill (回头弯) runs beside
//! itself and is still one carriageway, while two carriageways that come together at a point stay two.

use std::collections::HashMap;

use crate::geometry::grid::Point;
use crate::geometry::groups::Groups;
use crate::geometry::length::Edge;

/// An end of a line, after the point before it.
type End = [Point; 2];

/// The ends at a point of a route, each with the number of its line.
type Meeting = HashMap<(u32, i64, i64), Vec<(usize, End)>>;

/// A line of a feature that has a route.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Way {
    pub route: u32,
    /// How far its edge is from its axis, in metres.
    pub edge_m: f64,
    pub edges: Vec<Edge>,
    ends: [End; 2],
}

/// The lines of all features that have a route.
#[derive(Debug, Default)]
pub(super) struct Ways(pub Vec<Way>);

impl Ways {
    /// Adds a line by its edges, each with whether it is turned; gives its number.
    pub(super) fn add(&mut self, route: u32, edge_m: f64, edges: impl Iterator<Item = (Edge, bool)>) -> u32 {
        let edges: Vec<(Edge, bool)> = edges.collect();
        let forwards = |&(edge, turned): &(Edge, bool)| {
            if turned { [edge.to, edge.from] } else { [edge.from, edge.to] }
        };
        let number = self.0.len() as u32;
        if let Some((first, last)) = edges.first().zip(edges.last()) {
            let [end, before] = forwards(first);
            let ends = [[before, end], forwards(last)];
            self.0.push(Way {
                route,
                edge_m,
                edges: edges.into_iter().map(|(edge, _)| edge).collect(),
                ends,
            });
        }
        number
    }

    /// Takes in those of another reader; gives by how much their numbers grow.
    pub(super) fn extend(&mut self, other: Self) -> u32 {
        let before = self.0.len() as u32;
        self.0.extend(other.0);
        before
    }

    /// The carriageway of each, by a number that they share.
    pub(super) fn carriageways(&self) -> Vec<usize> {
        let mut met = Meeting::new();
        for (number, way) in self.0.iter().enumerate() {
            for end in way.ends {
                met.entry((way.route, end[1].x, end[1].y)).or_default().push((number, end));
            }
        }
        let mut groups = Groups::of(self.0.len());
        for ends in met.into_values() {
            if let [(a, [before, here]), (b, [after, _])] = ends[..]
                && goes_on(before, here, after)
            {
                groups.unite(a, b);
            }
        }
        (0..self.0.len()).map(|number| groups.first(number)).collect()
    }
}

/// Whether a way turns by less than a right angle at a point.
fn goes_on(before: Point, here: Point, after: Point) -> bool {
    let step = |from: i64, to: i64| i128::from(to - from);
    step(before.x, here.x) * step(here.x, after.x) + step(before.y, here.y) * step(here.y, after.y) > 0
}
