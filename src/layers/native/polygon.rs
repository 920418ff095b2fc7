//! The polygon, line or points of a shapefile record: X and Y; Z and M, which follow them, are never looked at.

use std::ops::Range;

use super::nesting::nested;
use super::window::{le_points, le_u32};
use crate::layers::rows::Seen;
use crate::survey::{Batch, Figure, RingKind};

const MULTIPATCH: u32 = 31;
/// Where the numbers of the rings' first points begin: after type, box and two counts.
const PARTS: usize = 44;
/// Where the places of several points begin: after type, box and their count.
const PLACES: usize = 40;

/// What a shape type holds: with X and Y only; with Z it is 10 more, with M 20.
pub(super) fn figure(kind: u32) -> Option<Figure> {
    match kind {
        1 | 11 | 21 | 8 | 18 | 28 => Some(Figure::Point),
        3 | 13 | 23 => Some(Figure::Line),
        5 | 15 | 25 => Some(Figure::Polygon),
        _ => None,
    }
}

/// Adds what a record has of the wanted kind to the batch. `shape` is room for the points of a polygon of several
/// rings.
pub(super) fn read(content: &[u8], wanted: Figure, shape: &mut Vec<[f64; 2]>, batch: &mut Batch) -> Seen {
    let kind = match le_u32(content, 0) {
        None => return Seen::broken("its record is too short"),
        Some(0) => return Seen::default(),
        Some(MULTIPATCH) => return Seen::broken("it is a multipatch"),
        Some(kind) => kind,
    };
    let read = match figure(kind) {
        Some(Figure::Point) if wanted == Figure::Point => points(content, kind, batch),
        Some(figure) if wanted == figure => parts(content, figure, shape, batch),
        _ => return Seen { others: 1, ..Seen::default() },
    };
    read.unwrap_or_else(Seen::broken)
}

fn points(content: &[u8], kind: u32, batch: &mut Batch) -> Result<Seen, String> {
    let (from, count) = if matches!(kind, 1 | 11 | 21) {
        (4, 1)
    } else {
        (PLACES, le_u32(content, PLACES - 4).map_or(0, |n| n as usize))
    };
    let places = content.get(from..).and_then(|rest| rest.get(..count.checked_mul(16)?));
    let places = places.ok_or_else(|| format!("its record is too short for {count} points"))?;
    if count > 0 {
        batch.push_ring(RingKind::Places, le_points(places));
    }
    Ok(Seen { figures: count as u32, ..Seen::default() })
}

fn parts(
    content: &[u8],
    figure: Figure,
    shape: &mut Vec<[f64; 2]>,
    batch: &mut Batch,
) -> Result<Seen, String> {
    let count = |at| le_u32(content, at).map_or(0, |n| n as usize);
    let (parts, points) = (count(PARTS - 8), count(PARTS - 4));
    if parts == 0 {
        return Ok(Seen::default());
    }
    let too_short = || format!("its record is too short for {parts} rings of {points} points");
    let starts =
        content.get(PARTS..).and_then(|rest| rest.get(..parts.checked_mul(4)?)).ok_or_else(too_short)?;
    let places = content.get(PARTS + 4 * parts..).and_then(|rest| rest.get(..points.checked_mul(16)?));
    let places = places.ok_or_else(too_short)?;
    if figure == Figure::Line {
        for line in rings(starts, points)? {
            let line = places.get(line.start * 16..line.end * 16).unwrap_or_default();
            batch.push_ring(RingKind::Line, le_points(line));
        }
    } else if parts == 1 && points > 0 && le_u32(starts, 0) == Some(0) {
        push_ring(batch, RingKind::Shell, le_points(places));
    } else {
        let rings = rings(starts, points)?;
        shape.clear();
        shape.extend(le_points(places));
        for (ring, kind) in nested(shape, &rings) {
            let range = rings.get(ring).cloned().unwrap_or_default();
            push_ring(batch, kind, shape.get(range).unwrap_or_default().iter().copied());
        }
    }
    Ok(Seen { figures: 1, ..Seen::default() })
}

/// Where the points of each ring lie.
fn rings(starts: &[u8], points: usize) -> Result<Vec<Range<usize>>, String> {
    let starts = starts.as_chunks().0.iter().map(|start| u32::from_le_bytes(*start) as usize);
    let ends = starts.clone().skip(1).chain([points]);
    let rings: Vec<Range<usize>> = starts.zip(ends).map(|(start, end)| start..end).collect();
    match rings.iter().position(|ring| ring.is_empty()) {
        Some(ring) => Err(format!("its part {ring} has no points, or begins after the next")),
        None => Ok(rings),
    }
}

/// Adds a ring, its first point not repeated at the end.
pub(super) fn push_ring(batch: &mut Batch, kind: RingKind, points: impl Iterator<Item = [f64; 2]>) {
    let first = batch.points.len();
    batch.push_ring(kind, points);
    open_last(batch, first);
}

/// Takes the last point of the last ring away where it repeats the first, at `first`.
fn open_last(batch: &mut Batch, first: usize) {
    let closed = batch.points.len() > first + 1 && batch.points.get(first) == batch.points.last();
    if closed && let Some(ring) = batch.rings.last_mut() {
        batch.points.pop();
        ring.end -= 1;
    }
}
