//! Where outlines of patches wait until ground that is covered twice is looked for: in memory, and beyond a limit in a
//! temporary place.
//!
//! In: outlines, in the order in which they are read. Out: those of a block of tiles, by the block of their south-west
//! corner. An outline is written once as plain words; what does not fit into memory goes to a [`Spill`].

use std::borrow::Cow;
use std::cmp;
use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::geometry::grid::{Bounds, Point, Shape};
use crate::geometry::tile::{Block, Tile};
use crate::measure::MeasureError;
use crate::survey::SourceFault;

/// Side of a block of tiles whose outlines are kept together, in tiles.
pub(super) const BLOCK_TILES: i64 = 4;
/// Pairs of words in the first chunk of a block, and in the largest.
const CHUNK_PAIRS: (usize, usize) = (1 << 8, 1 << 14);

/// A place outside memory for what does not fit. What is put there vanishes with it.
pub trait Spill: Sync {
    /// Keeps some words; gives the number to ask for them by.
    fn put(&self, words: &[u64]) -> Result<u64, SourceFault>;
    /// Gives back words that were put, into a buffer of their length.
    fn take(&self, number: u64, words: &mut [u64]) -> Result<(), SourceFault>;
}

/// How much may be kept in memory, and where the rest goes.
#[derive(Clone, Copy)]
pub struct Room<'a> {
    /// Bytes of outlines in memory; beyond it they are spilled.
    pub bytes: usize,
    /// Where to.
    pub spill: Option<&'a dyn Spill>,
}

/// Everything stays in memory.
pub const UNLIMITED: Room<'static> = Room { bytes: usize::MAX, spill: None };

/// The number of a patch: cover, stretch, and count within the stretch. Numbers follow file order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PatchKey(pub(super) u64);

impl PatchKey {
    pub(super) fn new(cover: usize, stretch: usize, index: u64) -> Self {
        Self((cover as u64) << 56 | (stretch as u64) << 32 | index)
    }

    /// The cover, by index.
    pub fn cover(self) -> usize {
        (self.0 >> 56) as usize
    }
}

/// A patch that waits: its outline, or what of it lies in one block where it reaches over more than two.
#[derive(Debug, Clone, Copy)]
pub(super) struct Piece<'a> {
    pub key: PatchKey,
    /// Its class value, in the order in which values were met.
    pub value: u32,
    pub bounds: Bounds,
    rings: usize,
    /// Bytes of its identifier.
    id: usize,
    /// Its identifier, ring ends and points.
    body: &'a [Pair],
}

/// Two words: a point, or whatever else is kept beside points.
type Pair = [u64; 2];

/// Blocks of tiles, by column and row.
pub(super) type BlockKey = (i64, i64);

pub(super) fn block_of(tile: Tile) -> BlockKey {
    (tile.row.div_euclid(BLOCK_TILES), tile.column.div_euclid(BLOCK_TILES))
}

/// The block that holds a point.
pub(super) fn block_at(p: Point) -> BlockKey {
    block_of(Tile::holding(p))
}

/// The tiles of a block.
pub(super) fn tiles_of((row, column): BlockKey) -> Block {
    let first = Tile { column: column * BLOCK_TILES, row: row * BLOCK_TILES };
    Block { first, last: Tile { column: first.column + BLOCK_TILES - 1, row: first.row + BLOCK_TILES - 1 } }
}

/// What stands of a piece before its body: key; value and rings; bytes of its identifier; where its body begins and
/// ends in the chunk; west, south, east, north.
type Head = [u64; 8];

/// Some outlines.
#[derive(Debug, Default)]
struct Outlines {
    heads: Vec<Head>,
    bodies: Vec<Pair>,
}

/// Some outlines, wherever they are.
#[derive(Debug)]
enum Chunk {
    Here(Outlines),
    Away { heads: (u64, usize), bodies: (u64, usize) },
}

/// The pieces that one reader met.
#[derive(Debug, Default)]
pub(super) struct Heap {
    open: HashMap<BlockKey, Outlines>,
    full: Vec<(BlockKey, Chunk)>,
    bytes: usize,
}

impl Heap {
    /// Adds an outline with the box around it.
    pub(super) fn add(&mut self, (key, value): (PatchKey, u32), id: &str, shape: &Shape, bounds: Bounds) {
        let rings = shape.ends().len();
        let pairs = id.len().div_ceil(16) + rings.div_ceil(4) + shape.len();
        let block = block_at(bounds.low);
        let chunk = self.open.entry(block).or_default();
        if chunk.bodies.capacity() - chunk.bodies.len() < pairs {
            let room = (2 * chunk.bodies.capacity()).clamp(CHUNK_PAIRS.0, CHUNK_PAIRS.1).max(pairs);
            let fresh = Outlines { heads: Vec::new(), bodies: Vec::with_capacity(room) };
            let full = std::mem::replace(chunk, fresh);
            if !full.heads.is_empty() {
                self.full.push((block, Chunk::Here(full)));
            }
        }
        let bodies = &mut chunk.bodies;
        let from = bodies.len();
        for bytes in id.as_bytes().chunks(16) {
            let mut pair = [0; 16];
            pair[..bytes.len()].copy_from_slice(bytes);
            bodies.push(pair_of(u128::from_le_bytes(pair)));
        }
        for four in shape.ends().chunks(4) {
            let pair = four.iter().rev().fold(0, |pair, end| pair << 32 | u128::from(*end));
            bodies.push(pair_of(pair));
        }
        bodies.extend(shape.points().iter().map(|p| [p.x as u64, p.y as u64]));
        let Bounds { low, high } = bounds;
        let [west, south, east, north] = [low.x, low.y, high.x, high.y].map(|c| c as u64);
        let place = (from as u64) << 32 | bodies.len() as u64;
        let kind = u64::from(value) << 32 | rings as u64;
        let id = id.len() as u64;
        chunk.heads.push([key.0, kind, id, place, west, south, east, north]);
        self.bytes += 16 * pairs + 64;
    }

    /// Puts what is in memory away where all readers together hold more than there is room for.
    pub(super) fn make_room(&mut self, room: &Room<'_>, held: &AtomicUsize) -> Result<(), MeasureError> {
        let bytes = std::mem::take(&mut self.bytes);
        let all = held.fetch_add(bytes, Ordering::Relaxed) + bytes;
        let Some(spill) = room.spill.filter(|_| all > room.bytes) else { return Ok(()) };
        let open = self.open.drain().filter(|(_, outlines)| !outlines.heads.is_empty());
        self.full.extend(open.map(|(block, outlines)| (block, Chunk::Here(outlines))));
        for (_, chunk) in &mut self.full {
            if let Chunk::Here(Outlines { heads, bodies }) = chunk {
                let put = |words: &[u64]| spill.put(words).map_err(MeasureError::Source);
                let away = Chunk::Away {
                    heads: (put(heads.as_flattened())?, heads.len()),
                    bodies: (put(bodies.as_flattened())?, bodies.len()),
                };
                let bytes = 64 * heads.len() + 16 * bodies.len();
                held.fetch_sub(bytes.min(held.load(Ordering::Relaxed)), Ordering::Relaxed);
                *chunk = away;
            }
        }
        Ok(())
    }
}

fn pair_of(both: u128) -> Pair {
    [both as u64, (both >> 64) as u64]
}

/// All pieces of a run, by block of tiles.
#[derive(Debug, Default)]
pub(super) struct Pieces {
    blocks: BTreeMap<BlockKey, Vec<Chunk>>,
}

impl Pieces {
    pub(super) fn add(&mut self, heap: Heap) {
        let open = heap.open.into_iter().map(|(block, outlines)| (block, Chunk::Here(outlines)));
        for (block, chunk) in heap.full.into_iter().chain(open) {
            self.blocks.entry(block).or_default().push(chunk);
        }
    }

    /// The outlines of a block, each chunk by itself.
    pub(super) fn of_block(
        &self,
        block: BlockKey,
        room: &Room<'_>,
    ) -> Result<Vec<Brought<'_>>, MeasureError> {
        let chunks = self.blocks.get(&block).map_or(&[][..], Vec::as_slice).iter();
        let brought = chunks.map(|chunk| match (chunk, room.spill) {
            (Chunk::Here(Outlines { heads, bodies }), _) => Ok(Brought {
                heads: Cow::Borrowed(heads.as_slice()),
                bodies: Cow::Borrowed(bodies.as_slice()),
            }),
            (Chunk::Away { heads, bodies }, Some(spill)) => {
                let (mut found_heads, mut found_bodies) = (vec![[0; 8]; heads.1], vec![[0; 2]; bodies.1]);
                spill.take(heads.0, found_heads.as_flattened_mut())?;
                spill.take(bodies.0, found_bodies.as_flattened_mut())?;
                Ok(Brought { heads: Cow::Owned(found_heads), bodies: Cow::Owned(found_bodies) })
            }
            (Chunk::Away { .. }, None) => Ok(Brought::default()),
        });
        brought.collect::<Result<_, SourceFault>>().map_err(MeasureError::Source)
    }
}

/// Outlines in memory or brought back.
#[derive(Debug, Default)]
pub(super) struct Brought<'a> {
    heads: Cow<'a, [Head]>,
    bodies: Cow<'a, [Pair]>,
}

impl Brought<'_> {
    /// Its pieces that meet a rectangle.
    pub(super) fn pieces_in(&self, within: Bounds) -> impl Iterator<Item = Piece<'_>> {
        self.heads.iter().filter_map(move |&[key, kind, id, place, west, south, east, north]| {
            let corner = |x: u64, y: u64| Point::new(x as i64, y as i64);
            let bounds = Bounds { low: corner(west, south), high: corner(east, north) };
            let body = || self.bodies.get((place >> 32) as usize..place as u32 as usize);
            let (value, rings) = ((kind >> 32) as u32, kind as u32 as usize);
            bounds.meets(&within).then(body).flatten().map(|body| Piece {
                key: PatchKey(key),
                value,
                bounds,
                rings,
                id: id as usize,
                body,
            })
        })
    }
}

impl<'a> Piece<'a> {
    /// The identifier that people find the patch by.
    pub(super) fn id(&self) -> Box<str> {
        let pairs = self.body.iter().take(self.id.div_ceil(16));
        let bytes = pairs.flat_map(|[a, b]| [a.to_le_bytes(), b.to_le_bytes()]).flatten();
        String::from_utf8_lossy(&bytes.take(self.id).collect::<Vec<u8>>()).into()
    }

    /// Its ring ends and points.
    fn outline(&self) -> (&'a [Pair], &'a [Pair]) {
        let (_, rest) = self.body.split_at(self.id.div_ceil(16).min(self.body.len()));
        rest.split_at(self.rings.div_ceil(4).min(rest.len()))
    }

    fn ends(&self) -> impl Iterator<Item = u32> + 'a {
        let pairs = self.outline().0.iter().flat_map(|[a, b]| [*a, *b]);
        pairs.flat_map(|two| [two as u32, (two >> 32) as u32]).take(self.rings)
    }

    /// Its rings, point by point.
    pub(super) fn rings(&self) -> impl Iterator<Item = impl Iterator<Item = Point> + 'a> + 'a {
        let (points, mut from) = (self.outline().1, 0);
        self.ends().map(move |end| {
            let ring = &points[from..end as usize];
            from = end as usize;
            ring.iter().map(|&[x, y]| Point::new(x as i64, y as i64))
        })
    }

    /// Its outline, clean.
    pub(super) fn shape(&self) -> Shape {
        let points = self.outline().1.iter().map(|&[x, y]| Point::new(x as i64, y as i64));
        Shape::of_contours(points.collect(), self.ends().collect())
    }

    /// Whether another has the same outline.
    pub(super) fn is_like(&self, other: &Piece<'_>) -> bool {
        self.bounds == other.bounds && self.outline() == other.outline()
    }

    /// Orders outlines from west to east, those with the same corners by their points.
    pub(super) fn by_place(&self, other: &Piece<'_>) -> cmp::Ordering {
        let corners = |Bounds { low, high }: Bounds| (low.x, low.y, high.x, high.y);
        corners(self.bounds).cmp(&corners(other.bounds)).then_with(|| self.outline().cmp(&other.outline()))
    }
}
