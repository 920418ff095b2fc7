//! Blocks (街段): what of a road lies between two crossings.
//!
//! A crossing is a point of the layer from which edges go in three directions or more, or a blind end; two features that
//! merely follow on each other make none, and two that cross without a common point pass over each other.

use std::collections::HashMap;

use super::Piece;
use crate::geometry::grid::Point;
use crate::geometry::groups::Groups;
use crate::geometry::length::Edge;

/// Column and row of a point.
type Key = (i64, i64);

fn key(point: Point) -> Key {
    (point.x, point.y)
}

/// The points of all roads, with the points that edges lead to from there, each once.
#[derive(Debug, Default)]
pub(super) struct Joints(HashMap<Key, Vec<Key>>);

impl Joints {
    pub(super) fn add(&mut self, edge: Edge) {
        let (from, to) = (key(edge.from), key(edge.to));
        self.join(from, to);
        self.join(to, from);
    }

    fn join(&mut self, from: Key, to: Key) {
        let ends = self.0.entry(from).or_default();
        if !ends.contains(&to) {
            ends.push(to);
        }
    }

    /// Takes in those of another reader.
    pub(super) fn extend(&mut self, other: Self) {
        for (from, ends) in other.0 {
            ends.into_iter().for_each(|to| self.join(from, to));
        }
    }

    fn is_crossing(&self, point: Key) -> bool {
        self.0.get(&point).is_none_or(|ends| ends.len() != 2)
    }
}

/// The pieces of one road, block by block. O(n log n).
pub(super) fn blocks(pieces: Vec<Piece>, joints: &Joints) -> Vec<Vec<Piece>> {
    let mut groups = Groups::of(pieces.len());
    let mut met: HashMap<Key, usize> = HashMap::new();
    let mut edges: HashMap<(Key, Key), usize> = HashMap::new();
    for (index, piece) in pieces.iter().enumerate() {
        let ends = [key(piece.edge.from), key(piece.edge.to)];
        groups.unite(*edges.entry((ends[0], ends[1])).or_insert(index), index);
        for end in ends.into_iter().filter(|end| !joints.is_crossing(*end)) {
            groups.unite(*met.entry(end).or_insert(index), index);
        }
    }
    let mut blocks: HashMap<usize, Vec<Piece>> = HashMap::new();
    for (index, piece) in pieces.into_iter().enumerate() {
        blocks.entry(groups.first(index)).or_default().push(piece);
    }
    blocks.into_values().collect()
}
