//! Coordinates to rings, lines or points: arrays of arrays of positions, of which the first two numbers count.
//!
//! Numbers are read exactly. A polygon's first ring is its shell; the first point is not repeated.

use std::ops::Range;

use super::stream::{elements, members};
use crate::layers::native::polygon::push_ring;
use crate::layers::rows::Seen;
use crate::survey::{Batch, Figure, RingKind};

/// Collections inside collections, at most.
const DEEPEST: u32 = 32;

/// Room for the coordinates of one geometry.
#[derive(Debug, Default)]
pub(super) struct Coordinates {
    wanted: Figure,
    points: Vec<[f64; 2]>,
    /// Where each ring ends in the points.
    rings: Vec<usize>,
    /// Where each polygon ends in the rings.
    polygons: Vec<usize>,
}

/// What is wrong with a geometry.
type Read<T> = Result<T, String>;

impl Coordinates {
    /// Adds what a geometry, given as text, has of the wanted kind to the batch.
    pub(super) fn read(&mut self, geometry: &[u8], wanted: Figure, batch: &mut Batch) -> Seen {
        let mut seen = Seen::default();
        self.wanted = wanted;
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
        let (figure, depth_of) = match kind {
            b"\"Polygon\"" => (Figure::Polygon, 2),
            b"\"MultiPolygon\"" => (Figure::Polygon, 3),
            b"\"LineString\"" => (Figure::Line, 1),
            b"\"MultiLineString\"" => (Figure::Line, 2),
            b"\"Point\"" => (Figure::Point, 0),
            b"\"MultiPoint\"" => (Figure::Point, 1),
            b"\"GeometryCollection\"" => {
                let inside = member(b"geometries").ok_or("its collection has no geometries")?;
                return elements(inside).try_for_each(|inner| self.geometry(inner, depth + 1, seen, batch));
            }
            other => {
                return Err(format!(
                    "its geometry is of the unknown type {}",
                    String::from_utf8_lossy(other)
                ));
            }
        };
        match figure {
            figure if figure != self.wanted => {
                seen.others += 1;
                Ok(())
            }
            Figure::Polygon => self.polygons(coordinates()?, depth_of, seen, batch),
            Figure::Line => self.lines(coordinates()?, depth_of, seen, batch),
            Figure::Point => self.places(coordinates()?, depth_of, seen, batch),
        }
    }

    fn lines(&mut self, text: &[u8], depth: u32, seen: &mut Seen, batch: &mut Batch) -> Read<()> {
        self.lay_out(text, depth)?;
        let mut from = 0;
        for &end in &self.rings {
            if end > from {
                batch.push_ring(RingKind::Line, self.points[from..end].iter().copied());
                seen.figures += 1;
            }
            from = end;
        }
        Ok(())
    }

    fn places(&mut self, text: &[u8], depth: u32, seen: &mut Seen, batch: &mut Batch) -> Read<()> {
        match depth {
            // An empty point has no coordinates.
            0 if elements(text).next().is_none() => self.points.clear(),
            0 => {
                self.points.clear();
                self.points.push(position(&mut { text })?);
            }
            _ => self.lay_out(text, depth)?,
        }
        for point in &self.points {
            batch.push_ring(RingKind::Places, [*point]);
            seen.figures += 1;
        }
        Ok(())
    }

    /// Reads arrays that hold so many levels of arrays.
    fn lay_out(&mut self, mut text: &[u8], depth: u32) -> Read<()> {
        self.points.clear();
        self.rings.clear();
        self.polygons.clear();
        self.array(&mut text, depth)
    }

    fn polygons(&mut self, text: &[u8], depth: u32, seen: &mut Seen, batch: &mut Batch) -> Read<()> {
        self.lay_out(text, depth)?;
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
            seen.figures += u32::from(batch.rings.len() > before);
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
