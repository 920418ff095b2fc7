//! Well-known binary: both byte orders, Z and M by ISO numbers and by EWKB flags, collections, arcs.
//!
//! In: bytes, the kind that is wanted, the metres in one unit. Out: rings, lines or points in a batch. What is cut off, or nested too deep, is a feature
//! that cannot be read; no length is believed beyond the bytes that are there.

use super::arcs;
use super::polygon::push_ring;
use super::window::le_points;
use crate::layers::rows::Seen;
use crate::survey::{Batch, Figure, RingKind};

/// Collections inside collections, at most.
const DEEPEST: u32 = 32;
/// Flags of EWKB: Z, M, and a CRS number before the geometry.
const EWKB: [u32; 3] = [0x8000_0000, 0x4000_0000, 0x2000_0000];

/// Adds what a geometry has of the wanted kind to the batch.
pub(super) fn read(bytes: &[u8], wanted: Figure, unit_m: f64, batch: &mut Batch) -> Seen {
    let mut reader = Reader { bytes, wanted, unit_m, seen: Seen::default() };
    match reader.geometry(0, batch) {
        Ok(()) => reader.seen,
        Err(fault) => {
            batch.drop_rings();
            Seen::broken(fault)
        }
    }
}

struct Reader<'b> {
    bytes: &'b [u8],
    wanted: Figure,
    unit_m: f64,
    seen: Seen,
}

/// What a geometry begins with.
#[derive(Clone, Copy)]
struct Head {
    little: bool,
    kind: u32,
    /// Bytes of one point.
    stride: usize,
}

type Read<T> = Result<T, String>;

impl<'b> Reader<'b> {
    fn take(&mut self, length: usize) -> Read<&'b [u8]> {
        let (taken, rest) = self.bytes.split_at_checked(length).ok_or("its geometry is cut off")?;
        self.bytes = rest;
        Ok(taken)
    }

    fn number(&mut self, little: bool) -> Read<u32> {
        let mut number = [0; 4];
        number.copy_from_slice(self.take(4)?);
        Ok(if little { u32::from_le_bytes(number) } else { u32::from_be_bytes(number) })
    }

    fn head(&mut self) -> Read<Head> {
        let little = match self.take(1)? {
            [0] => false,
            [1] => true,
            _ => return Err("its geometry has no byte order".to_owned()),
        };
        let code = self.number(little)?;
        let [z, m, numbered] = EWKB.map(|flag| code & flag != 0);
        if numbered {
            self.take(4)?;
        }
        let plain = code & !EWKB.iter().sum::<u32>();
        let dimensions = match plain / 1000 {
            0 => 2 + usize::from(z) + usize::from(m),
            1 | 2 => 3,
            3 => 4,
            _ => return Err(format!("its geometry is of the unknown type {code}")),
        };
        Ok(Head { little, kind: plain % 1000, stride: dimensions * 8 })
    }

    fn geometry(&mut self, depth: u32, batch: &mut Batch) -> Read<()> {
        if depth > DEEPEST {
            return Err("its geometry is nested too deep".to_owned());
        }
        let head = self.head()?;
        let figure = match head.kind {
            1 => Figure::Point,
            2 | 8 | 9 => Figure::Line,
            3 | 10 | 17 => Figure::Polygon,
            4..=7 | 11 | 12 | 15 | 16 => {
                for _ in 0..self.number(head.little)? {
                    self.geometry(depth + 1, batch)?;
                }
                return Ok(());
            }
            other => return Err(format!("its geometry is of the unknown type {other}")),
        };
        if figure == self.wanted {
            let found = self.figure(figure, head, depth, batch)?;
            self.seen.figures += u32::from(found);
        } else {
            let found = self.figure(figure, head, depth, &mut Batch::default())?;
            self.seen.others += u32::from(found);
        }
        Ok(())
    }

    /// Reads a point, line or polygon; whether it is not empty.
    fn figure(&mut self, figure: Figure, head: Head, depth: u32, batch: &mut Batch) -> Read<bool> {
        match figure {
            Figure::Point => self.point(head, batch),
            Figure::Line => self.line(head, depth, batch),
            Figure::Polygon if head.kind == 10 => self.curve_polygon(head, depth, batch),
            Figure::Polygon => self.polygon(head, batch),
        }
    }

    /// An empty point is written as one that is no number.
    fn point(&mut self, head: Head, batch: &mut Batch) -> Read<bool> {
        let point: Vec<[f64; 2]> = points_of(self.take(head.stride)?, head).collect();
        let is_one = point.iter().any(|[x, y]| !x.is_nan() || !y.is_nan());
        if is_one {
            batch.push_ring(RingKind::Places, point);
        }
        Ok(is_one)
    }

    fn line(&mut self, head: Head, depth: u32, batch: &mut Batch) -> Read<bool> {
        if head.kind == 2 {
            let points = self.points(head)?;
            if !points.is_empty() {
                match head {
                    Head { little: true, stride: 16, .. } => {
                        batch.push_ring(RingKind::Line, le_points(points))
                    }
                    _ => batch.push_ring(RingKind::Line, points_of(points, head)),
                }
            }
            return Ok(!points.is_empty());
        }
        let curved = self.seen.curved;
        let mut points = Vec::new();
        self.curve(head, depth, &mut points)?;
        // An arc that is not wanted was not made of chords.
        self.seen.curved = curved || self.seen.curved && self.wanted == Figure::Line;
        if !points.is_empty() {
            batch.push_ring(RingKind::Line, points.iter().copied());
        }
        Ok(!points.is_empty())
    }

    /// The points of a ring or line, as bytes.
    fn points(&mut self, head: Head) -> Read<&'b [u8]> {
        let count = self.number(head.little)? as usize;
        self.take(count.checked_mul(head.stride).ok_or("its geometry is cut off")?)
    }

    fn polygon(&mut self, head: Head, batch: &mut Batch) -> Read<bool> {
        let rings = self.number(head.little)?;
        let before = batch.rings.len();
        for ring in 0..rings {
            let points = self.points(head)?;
            // A polygon whose shell has no points is no polygon.
            if ring == 0 && points.is_empty() {
                for _ in 1..rings {
                    self.points(head)?;
                }
                return Ok(false);
            }
            let kind = if ring == 0 { RingKind::Shell } else { RingKind::Hole };
            match head {
                Head { little: true, stride: 16, .. } => push_ring(batch, kind, le_points(points)),
                _ => push_ring(batch, kind, points_of(points, head)),
            }
        }
        Ok(batch.rings.len() > before)
    }

    fn curve_polygon(&mut self, head: Head, depth: u32, batch: &mut Batch) -> Read<bool> {
        let mut found = false;
        for ring in 0..self.number(head.little)? {
            let (inner, mut points) = (self.head()?, Vec::new());
            self.curve(inner, depth + 1, &mut points)?;
            if ring == 0 && points.is_empty() {
                continue;
            }
            let kind = if ring == 0 { RingKind::Shell } else { RingKind::Hole };
            push_ring(batch, kind, points.into_iter());
            found |= ring == 0;
        }
        Ok(found)
    }

    /// The points of a line, an arc or a compound of both, arcs made of chords.
    fn curve(&mut self, head: Head, depth: u32, out: &mut Vec<[f64; 2]>) -> Read<()> {
        match head.kind {
            _ if depth > DEEPEST => return Err("its geometry is nested too deep".to_owned()),
            2 => out.extend(points_of(self.points(head)?, head)),
            8 => {
                let points: Vec<[f64; 2]> = points_of(self.points(head)?, head).collect();
                arcs::add_chords(&points, self.unit_m, out);
                self.seen.curved = true;
            }
            9 => {
                for _ in 0..self.number(head.little)? {
                    let (inner, from) = (self.head()?, out.len());
                    self.curve(inner, depth + 1, out)?;
                    if from > 0 && out.get(from) == out.get(from - 1) {
                        out.remove(from);
                    }
                }
            }
            other => return Err(format!("its ring is of the unknown type {other}")),
        }
        Ok(())
    }
}

/// X and Y of points.
fn points_of(bytes: &[u8], head: Head) -> impl Iterator<Item = [f64; 2]> {
    bytes.chunks_exact(head.stride).map(move |point| {
        let coordinate = |from: usize| {
            let mut number = [0; 8];
            number.copy_from_slice(&point[from..from + 8]);
            if head.little { f64::from_le_bytes(number) } else { f64::from_be_bytes(number) }
        };
        [coordinate(0), coordinate(8)]
    })
}
