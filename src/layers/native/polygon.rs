//! The polygon of a shapefile record: X and Y of its rings; Z and M, which follow them, are never looked at.

use std::ops::Range;

use super::nesting::nested;
use super::window::{le_points, le_u32};
use crate::layers::rows::Seen;
use crate::survey::{Batch, RingKind};

/// Shape types of polygons: with X and Y, with Z, with M.
pub(super) const POLYGON: u32 = 5;
pub(super) const POLYGON_Z: u32 = 15;
pub(super) const POLYGON_M: u32 = 25;
const MULTIPATCH: u32 = 31;
/// Where the numbers of the rings' first points begin: after type, box and two counts.
const PARTS: usize = 44;

/// Adds the rings of a record to the batch. `shape` is room for the points of a polygon of several rings.
pub(super) fn read(content: &[u8], shape: &mut Vec<[f64; 2]>, batch: &mut Batch) -> Seen {
    match le_u32(content, 0) {
        None => Seen::broken("its record is too short"),
        Some(0) => Seen::default(),
        Some(MULTIPATCH) => Seen::broken("it is a multipatch"),
        Some(POLYGON | POLYGON_Z | POLYGON_M) => polygon(content, shape, batch).unwrap_or_else(Seen::broken),
        Some(_) => Seen { others: 1, ..Seen::default() },
    }
}

fn polygon(content: &[u8], shape: &mut Vec<[f64; 2]>, batch: &mut Batch) -> Result<Seen, String> {
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
    if parts == 1 && points > 0 && le_u32(starts, 0) == Some(0) {
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
    Ok(Seen { polygons: 1, ..Seen::default() })
}

/// Where the points of each ring lie.
fn rings(starts: &[u8], points: usize) -> Result<Vec<Range<usize>>, String> {
    let starts = starts.as_chunks().0.iter().map(|start| u32::from_le_bytes(*start) as usize);
    let ends = starts.clone().skip(1).chain([points]);
    let rings: Vec<Range<usize>> = starts.zip(ends).map(|(start, end)| start..end).collect();
    match rings.iter().position(|ring| ring.is_empty()) {
        Some(ring) => Err(format!("its ring {ring} has no points, or begins after the next")),
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
