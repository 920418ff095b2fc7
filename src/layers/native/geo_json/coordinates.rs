//! Coordinates to rings: arrays of arrays of positions, of which the first two numbers count.
//!
//! Numbers are read exactly. A polygon's first ring is its shell; the first point is not repeated.

use std::ops::Range;

use super::stream::{elements, members};
use crate::layers::native::polygon::push_ring;
use crate::layers::rows::Seen;
use crate::survey::{Batch, RingKind};

/// Collections inside collections, at most.
const DEEPEST: u32 = 32;

/// Room for the coordinates of one geometry.
#[derive(Debug, Default)]
pub(super) struct Coordinates {
    points: Vec<[f64; 2]>,
    /// Where each ring ends in the points.
    rings: Vec<usize>,
    /// Where each polygon ends in the rings.
    polygons: Vec<usize>,
}

/// What is wrong with a geometry.
type Read<T> = Result<T, String>;

impl Coordinates {
    /// Adds the rings of the polygons of a geometry, given as text, to the batch.
    pub(super) fn read(&mut self, geometry: &[u8], batch: &mut Batch) -> Seen {
        let mut seen = Seen::default();
        match self.geometry(geometry, 0, &mut seen, batch) {
            Ok(()) => seen,
            Err(fault) => {
                batch.drop_rings();
                Seen::broken(fault)
            }
        }
    }

    fn geometry(&mut self, text: &[u8], depth: u32, seen: &mut Seen, batch: &mut Batch) -> Read<()> {
        if text == b"null" {
            return Ok(());
        }
        if depth > DEEPEST {
            return Err("its geometry is nested too deep".to_owned());
        }
        let member = |name: &[u8]| members(text).find(|(known, _)| *known == name).map(|(_, value)| value);
        let kind = member(b"type").ok_or("its geometry has no type")?;
        let coordinates = || member(b"coordinates").ok_or("its geometry has no coordinates".to_owned());
        match kind {
            b"\"Polygon\"" => self.polygons(coordinates()?, 2, seen, batch),
            b"\"MultiPolygon\"" => self.polygons(coordinates()?, 3, seen, batch),
            b"\"GeometryCollection\"" => {
                let inside = member(b"geometries").ok_or("its collection has no geometries")?;
                elements(inside).try_for_each(|inner| self.geometry(inner, depth + 1, seen, batch))
            }
            b"\"Point\"" | b"\"LineString\"" | b"\"MultiPoint\"" | b"\"MultiLineString\"" => {
                seen.others += 1;
                Ok(())
            }
            other => Err(format!("its geometry is of the unknown type {}", String::from_utf8_lossy(other))),
        }
    }

    fn polygons(&mut self, text: &[u8], depth: u32, seen: &mut Seen, batch: &mut Batch) -> Read<()> {
        self.points.clear();
        self.rings.clear();
        self.polygons.clear();
        let mut rest = text;
        self.array(&mut rest, depth)?;
        if depth == 2 {
            self.polygons.push(self.rings.len());
        }
        let (mut ring, mut point) = (0, 0);
        for &end in &self.polygons {
            let before = batch.rings.len();
            for i in ring..end {
                let points: Range<usize> = point..self.rings[i];
                point = self.rings[i];
                let kind = if i == ring { RingKind::Shell } else { RingKind::Hole };
                if i == ring && points.is_empty() {
                    continue;
                }
                push_ring(batch, kind, self.points[points].iter().copied());
            }
            ring = end;
            seen.polygons += u32::from(batch.rings.len() > before);
        }
        Ok(())
    }

    /// An array that holds so many levels of arrays before positions.
    fn array(&mut self, rest: &mut &[u8], depth: u32) -> Read<()> {
        open(rest)?;
        loop {
            skip(rest);
            match rest.first() {
                Some(b']') => {
                    *rest = &rest[1..];
                    match depth {
                        1 => self.rings.push(self.points.len()),
                        2 => self.polygons.push(self.rings.len()),
                        _ => {}
                    }
                    return Ok(());
                }
                Some(b'[') if depth == 1 => {
                    let point = position(rest)?;
                    self.points.push(point);
                }
                Some(b'[') => self.array(rest, depth - 1)?,
                _ => return Err(unfit()),
            }
        }
    }
}

fn unfit() -> String {
    "its coordinates do not fit its type".to_owned()
}

fn open(rest: &mut &[u8]) -> Read<()> {
    skip(rest);
    *rest = rest.strip_prefix(b"[").ok_or_else(unfit)?;
    Ok(())
}

/// Steps over blanks and commas.
fn skip(rest: &mut &[u8]) {
    let blank = |byte: &u8| matches!(byte, b' ' | b',' | b'\n' | b'\r' | b'\t');
    *rest = &rest[rest.iter().position(|byte| !blank(byte)).unwrap_or(rest.len())..];
}

/// X and Y; what follows them is passed over. What is no number is no place.
fn position(rest: &mut &[u8]) -> Read<[f64; 2]> {
    open(rest)?;
    let (mut point, mut count) = ([f64::NAN; 2], 0);
    loop {
        skip(rest);
        match rest.first() {
            Some(b']') => {
                *rest = &rest[1..];
                return if count < 2 { Err(unfit()) } else { Ok(point) };
            }
            None | Some(b'[' | b'{' | b'}' | b'"') => return Err(unfit()),
            Some(_) => {
                let ends = |byte: &u8| matches!(byte, b' ' | b',' | b']' | b'\n' | b'\r' | b'\t');
                let end = rest.iter().position(ends).unwrap_or(rest.len());
                if let Some(coordinate) = point.get_mut(count) {
                    let text = std::str::from_utf8(&rest[..end]).map_err(|_| unfit())?;
                    *coordinate = text.parse().unwrap_or(f64::NAN);
                }
                count += 1;
                *rest = &rest[end..];
            }
        }
    }
}
