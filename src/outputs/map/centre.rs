//! Where a label has the most room inside a polygon, and how much.
//!
//! The search quarters squares and drops those that cannot hold a better point (V. Agafonkin, "A new algorithm for
//! finding a visual center of a polygon", 2016), with two changes. Distance is the larger of the two along the axes,
//! in a plane squeezed by the label's proportion, so what is found is a box of just that proportion, not a disc. And
//! room beyond what the label needs counts for nothing: then the spot nearest to the centroid is taken.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use geo::{BoundingRect, Centroid, Coord, InteriorPoint, LinesIter, MapCoords, Polygon};

/// A spot one unit farther from the centroid must offer this much more room.
const PULL: f64 = 0.1;
/// The first squares are at least this part of the polygon's longer side.
const FINEST_FIRST: f64 = 1.0 / 32.0;

/// A place for a label.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spot {
    /// The centre of the label.
    pub at: Coord<f64>,
    /// Half the height of the largest box of the label's proportion, centred there, that lies inside the polygon;
    /// 0 in a polygon without extent.
    pub room: f64,
}

/// The best spot for a label `aspect` times as wide as high that needs `enough` room, to within `precision`.
///
/// `None` for an empty polygon. Cost O(squares x vertices); there are some hundred squares.
pub fn widest_spot(polygon: &Polygon<f64>, aspect: f64, enough: f64, precision: f64) -> Option<Spot> {
    let squeezed = polygon.map_coords(|c| Coord { x: c.x / aspect, y: c.y });
    let best = Search::new(&squeezed, enough)
        .and_then(|search| search.best(precision))
        .filter(|square| square.room > 0.0);
    match best {
        Some(square) => {
            Some(Spot { at: Coord { x: square.at.x * aspect, y: square.at.y }, room: square.room })
        }
        None => polygon.interior_point().map(|p| Spot { at: p.0, room: 0.0 }),
    }
}

struct Search<'a> {
    polygon: &'a Polygon<f64>,
    centroid: Coord<f64>,
    enough: f64,
}

/// A square that may hold the best spot.
#[derive(Debug, Clone, Copy)]
struct Square {
    at: Coord<f64>,
    half: f64,
    /// Distance of `at` from the outline, negative outside.
    room: f64,
    /// How good `at` is.
    worth: f64,
    /// How good any point of the square can be at most.
    hope: f64,
}

impl<'a> Search<'a> {
    fn new(polygon: &'a Polygon<f64>, enough: f64) -> Option<Self> {
        Some(Self { polygon, centroid: polygon.centroid()?.0, enough })
    }

    fn square(&self, at: Coord<f64>, half: f64) -> Square {
        let room = signed_distance(at, self.polygon);
        let away = larger(at - self.centroid);
        let worth = room.min(self.enough) - PULL * away;
        let hope = (room + half).min(self.enough) - PULL * (away - half).max(0.0);
        Square { at, half, room, worth, hope }
    }

    fn best(&self, precision: f64) -> Option<Square> {
        let mut squares = self.first_squares()?;
        let mut best = self.square(self.centroid, 0.0);
        while let Some(square) = squares.pop() {
            if square.worth > best.worth {
                best = square;
            }
            if square.hope - best.worth <= precision {
                break;
            }
            let half = square.half / 2.0;
            for (dx, dy) in [(-half, -half), (half, -half), (-half, half), (half, half)] {
                squares.push(self.square(square.at + Coord { x: dx, y: dy }, half));
            }
        }
        Some(best)
    }

    /// Squares that cover the polygon; `None` where it has no extent.
    fn first_squares(&self) -> Option<BinaryHeap<Square>> {
        let bounds = self.polygon.bounding_rect()?;
        let (width, height) = (bounds.width(), bounds.height());
        let side = width.min(height).max(width.max(height) * FINEST_FIRST);
        if side <= 0.0 {
            return None;
        }
        let (across, down) = ((width / side).ceil() as u32, (height / side).ceil() as u32);
        let centre = |i: u32, j: u32| Coord { x: f64::from(i) + 0.5, y: f64::from(j) + 0.5 } * side;
        let all = (0..across).flat_map(|i| (0..down).map(move |j| (i, j)));
        Some(all.map(|(i, j)| self.square(bounds.min() + centre(i, j), side / 2.0)).collect())
    }
}

impl Ord for Square {
    fn cmp(&self, other: &Self) -> Ordering {
        self.hope.total_cmp(&other.hope)
    }
}

impl PartialOrd for Square {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Square {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Square {}

/// Distance to the nearest edge, shell or hole; negative outside, by the parity of the edges to the right.
fn signed_distance(p: Coord<f64>, polygon: &Polygon<f64>) -> f64 {
    let mut inside = false;
    let mut nearest = f64::INFINITY;
    for line in polygon.lines_iter() {
        let (a, b) = (line.start, line.end);
        if (a.y > p.y) != (b.y > p.y) && p.x < (b.x - a.x) * (p.y - a.y) / (b.y - a.y) + a.x {
            inside = !inside;
        }
        nearest = nearest.min(distance(a - p, b - a));
    }
    if inside { nearest } else { -nearest }
}

/// Distance from the origin to the edge that starts at `a` and runs `along`. On an edge the larger of |x| and |y| is
/// least at an end, where one of them vanishes, or where both are equal.
fn distance(a: Coord<f64>, along: Coord<f64>) -> f64 {
    let least = [
        -a.x / along.x,
        -a.y / along.y,
        (a.y - a.x) / (along.x - along.y),
        -(a.x + a.y) / (along.x + along.y),
    ];
    least
        .into_iter()
        .filter(|t| (0.0..1.0).contains(t))
        .map(|t| larger(a + along * t))
        .fold(larger(a).min(larger(a + along)), f64::min)
}

fn larger(c: Coord<f64>) -> f64 {
    c.x.abs().max(c.y.abs())
}
