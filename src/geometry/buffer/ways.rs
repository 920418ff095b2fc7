//! How a disc rolls around a ring: along edges, and over bays that it cannot enter.
//!
//! # Bays (凹口)
//! At a corner that points inwards the disc does not reach the corner. It rests on one place before it and one behind it,
//! each a corner or the place where it touches an edge, and its centre turns from the one to the other where it is. The
//! ground between the shape and the disc may be filled without any change: it is within the closing (形态学闭运算) of the
//! shape, which has the same ground near it. So corners are left out and edges cut short, one after another, until none
//! can be; then the disc touches all that is left.
//!
//! Filled is where the two places and the corner between them lie on a circle no larger than the disc, and the disc that
//! rests on the two has come as far about each as it must to leave the way before and to take the one behind: no other then
//! comes between the two beyond it without holding one of them or meeting the shape. What cannot be filled so, as a bay
//! with room for the disc beyond a narrow mouth, is left as it is; the curve then meets itself.

use crate::geometry::grid::Point;

/// So many corners are passed for each that a ring has; then the rest is left as it is, so that rounding cannot make it go
/// on without end.
const PATIENCE: usize = 8;

/// From one place of the ring to the next: along an edge, or over a bay.
#[derive(Debug, Clone, Copy)]
pub(super) struct Way {
    from: Point,
    /// The place it leads to.
    pub to: Point,
    /// A step along it, of length one.
    along: [f64; 2],
    /// How long the edge is; nothing over a bay.
    edge: Option<f64>,
    /// By how much the disc turns further about the place at either end than beside an edge, in radians.
    pub beyond: f64,
    /// Where the centre is when the disc leaves the first place, and when it reaches the second.
    pub centres: [Point; 2],
    /// Steps of length one to those from the places.
    pub away: [[f64; 2]; 2],
    /// Whether at either end the disc rests on an edge, so that it leaves or reaches the place without a turn.
    rests: [bool; 2],
}

/// The ways of the disc around a ring without points that repeat.
pub(super) fn ways(ring: &[Point], distance: f64) -> Vec<Way> {
    let mut ways: Vec<Way> = Vec::with_capacity(ring.len());
    let (mut todo, mut patience) = (Vec::new(), PATIENCE * ring.len());
    // The disc touches the least place of a shell; where the ring begins nothing is left out.
    let least = ring.iter().enumerate().min_by_key(|(_, place)| (place.x, place.y)).map_or(0, |(at, _)| at);
    let around = ring.iter().cycle().skip(least);
    let edges = around.clone().zip(around.skip(1)).take(ring.len());
    for (&from, &to) in edges.filter(|(from, to)| from != to) {
        todo.push(Way::along(from, to, distance));
        while let Some(mut way) = todo.pop() {
            while patience > 0
                && let Some(past) = ways.last().and_then(|onto| past(onto, &way, distance))
            {
                patience -= 1;
                ways.pop();
                ways.extend(past.onto);
                todo.extend(past.off);
                way = past.over;
            }
            ways.push(way);
        }
    }
    ways
}

/// How the disc passes a corner: what is left of the way that led to it and of the one that leads from it.
struct Past {
    onto: Option<Way>,
    over: Way,
    off: Option<Way>,
}

/// The way past the corner between two ways, where it points inwards and the disc need not reach it.
fn past(onto: &Way, off: &Way, distance: f64) -> Option<Past> {
    let rests = onto.rests[1] && off.rests[0];
    if rests || cross(onto.along, off.along) >= 0.0 {
        return None;
    }
    let over = |from: Point, to: Point| {
        let over = is_bay(from, onto.to, to, distance).then(|| Way::over(from, to, distance))?;
        let [leaves, reaches] = [(over.away[0], onto.away[0]), (off.away[1], over.away[1])];
        Some((over, cross(leaves.0, leaves.1) >= 0.0, cross(reaches.0, reaches.1) >= 0.0))
    };
    if let Some((over, true, true)) = over(onto.from, off.to) {
        return Some(Past { onto: None, over, off: None });
    }
    let touched = off.touched_after(onto.from, distance);
    if let Some((at, (over, true, _))) = touched.and_then(|at| Some((at, over(onto.from, off.place(at))?))) {
        let (over, off) = (over.resting([false, true]), off.cut_before(at, over));
        return Some(Past { onto: None, over, off: Some(off) });
    }
    let touched = onto.touched_before(off.to, distance);
    if let Some((at, (over, _, true))) = touched.and_then(|at| Some((at, over(onto.place(at), off.to)?))) {
        let (over, onto) = (over.resting([true, false]), onto.cut_after(at, over));
        return Some(Past { onto: Some(onto), over, off: None });
    }
    let (before, behind) = on_both(onto, off, distance)?;
    let (over, ..) = over(onto.place(before), off.place(behind))?;
    let (onto, off) = (onto.cut_after(before, over), off.cut_before(behind, over));
    Some(Past { onto: Some(onto), over: over.resting([true, true]), off: Some(off) })
}

/// Whether a corner points inwards and lies with two other places on a circle no larger than the disc.
fn is_bay(from: Point, corner: Point, to: Point, distance: f64) -> bool {
    let [a, b, c] = [(from, corner), (corner, to), (from, to)].map(|(from, to)| step(from, to));
    let turn = cross(a, b);
    turn < 0.0 && length(a) * length(b) * length(c) <= -2.0 * distance * turn
}

/// Where along two edges that meet inwards the disc rests on both.
fn on_both(onto: &Way, off: &Way, distance: f64) -> Option<(f64, f64)> {
    let (before, behind) = (onto.edge?, off.edge?);
    let from_corner = distance * (-onto.turn_to(off) / 2.0).tan();
    (from_corner < before && from_corner < behind).then_some((before - from_corner, from_corner))
}

impl Way {
    /// Along an edge.
    fn along(from: Point, to: Point, distance: f64) -> Self {
        let (edge, along) = direction(from, to);
        let away = right_of(along);
        let centres = [from, to].map(|place| moved(place, away, distance));
        Self { from, to, along, edge: Some(edge), beyond: 0.0, centres, away: [away; 2], rests: [false; 2] }
    }

    /// From place to place, no farther apart than the disc is wide.
    fn over(from: Point, to: Point, distance: f64) -> Self {
        let (chord, along) = direction(from, to);
        let half = (chord / 2.0 / distance).min(1.0);
        let (height, right) = ((1.0 - half * half).sqrt(), right_of(along));
        let away = [half, -half].map(|half| [0, 1].map(|k| half * along[k] + height * right[k]));
        let centres = [moved(from, away[0], distance); 2];
        Self { from, to, along, edge: None, beyond: half.asin(), centres, away, rests: [false; 2] }
    }

    /// By how much the next way turns to the left, in radians; less than nothing to the right.
    pub(super) fn turn_to(&self, next: &Way) -> f64 {
        let dot = self.along[0] * next.along[0] + self.along[1] * next.along[1];
        cross(self.along, next.along).atan2(dot)
    }

    fn resting(self, rests: [bool; 2]) -> Self {
        Self { rests, ..self }
    }

    /// A place along it.
    fn place(&self, at: f64) -> Point {
        moved(self.from, self.along, at)
    }

    /// Where along an edge the disc touches it that rests on a place it leaves behind.
    fn touched_after(&self, place: Point, distance: f64) -> Option<f64> {
        let (at, reach) = self.seen(place, distance)?;
        Some(at + reach).filter(|at| self.is_inside(*at))
    }

    /// Where along an edge the disc touches it that comes to rest on a place.
    fn touched_before(&self, place: Point, distance: f64) -> Option<f64> {
        let (at, reach) = self.seen(place, distance)?;
        Some(at - reach).filter(|at| self.is_inside(*at))
    }

    fn is_inside(&self, at: f64) -> bool {
        self.edge.is_some_and(|edge| at > 0.0 && at < edge)
    }

    /// Where along an edge a place lies, and how far before and behind it the disc touches the edge that rests on both.
    fn seen(&self, place: Point, distance: f64) -> Option<(f64, f64)> {
        let offset = step(self.from, place);
        let part = |step: [f64; 2]| offset[0] * step[0] + offset[1] * step[1];
        let off = distance - part(self.away[0]);
        let reach = distance * distance - off * off;
        (reach >= 0.0).then(|| (part(self.along), reach.sqrt()))
    }

    /// What is left of an edge from a place on, which the disc reaches over a bay.
    fn cut_before(&self, at: f64, over: Way) -> Self {
        let edge = self.edge.map(|edge| edge - at);
        let (centres, rests) = ([over.centres[1], self.centres[1]], [true, self.rests[1]]);
        Self { from: over.to, edge, centres, rests, ..*self }
    }

    /// What is left of an edge up to a place, from which the disc goes over a bay.
    fn cut_after(&self, at: f64, over: Way) -> Self {
        let (centres, rests) = ([self.centres[0], over.centres[0]], [self.rests[0], true]);
        Self { to: over.from, edge: Some(at), centres, rests, ..*self }
    }
}

/// How far it is, and a step of length one that way.
fn direction(from: Point, to: Point) -> (f64, [f64; 2]) {
    let step = step(from, to);
    let far = length(step);
    (far, step.map(|part| part / far))
}

fn step(from: Point, to: Point) -> [f64; 2] {
    [(to.x - from.x) as f64, (to.y - from.y) as f64]
}

fn length(step: [f64; 2]) -> f64 {
    (step[0] * step[0] + step[1] * step[1]).sqrt()
}

/// Twice the triangle that two steps span, less than nothing where the second turns right.
fn cross(a: [f64; 2], b: [f64; 2]) -> f64 {
    a[0] * b[1] - a[1] * b[0]
}

/// A step turned to the right, where the outside is: shells are wound counter-clockwise, holes clockwise.
fn right_of(step: [f64; 2]) -> [f64; 2] {
    [step[1], -step[0]]
}

/// A place so many steps of a kind away.
pub(super) fn moved(place: Point, step: [f64; 2], distance: f64) -> Point {
    let [x, y] = step.map(|part| (part * distance).round() as i64);
    Point::new(place.x + x, place.y + y)
}
