//! Where outlines of patches wait until ground that is covered twice is looked for: in memory, and beyond a limit in a
//! temporary place.
//!
//! In: outlines, in the order in which they are read. Out: those of a block of tiles, by the block of their south-west
//! corner. An outline is written once as plain words; what does not fit into memory goes to a [`Spill`].

use std::borrow::Cow;
use std::cmp;
use std::collections::BTreeMap;
use std::hash::BuildHasher;
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde::{Deserialize, Serialize};

use rustc_hash::{FxBuildHasher, FxHashMap};

use crate::geometry::grid::{Bounds, Point, Shape};
use crate::geometry::tile::{Block, Tile};
use crate::measure::MeasureError;
use crate::measure::packed::{self, Points};
use crate::measure::slab::{CELL_WORDS, Cell, Slabs};
use crate::survey::SourceFault;

/// Side of a block of tiles whose outlines are kept together, in tiles.
pub(super) const BLOCK_TILES: i64 = 4;

/// A place outside memory for what does not fit. What is put there vanishes with it.
pub trait Spill: Sync {
    /// Whether so many bytes of outlines may stay in memory, where what is set aside for outlines takes `taken` now.
    fn has_room(&self, used: usize, taken: usize) -> bool;
    /// Keeps some words; gives the number to ask for them by.
    fn put(&self, words: &[u64]) -> Result<u64, SourceFault>;
    /// Gives back words that were put together, from one of them on, into a buffer of their length.
    fn take(&self, number: u64, from: usize, words: &mut [u64]) -> Result<(), SourceFault>;
}

/// Where outlines go that do not fit into memory.
#[derive(Clone, Copy)]
pub struct Room<'a> {
    /// `None`: everything stays in memory.
    pub spill: Option<&'a dyn Spill>,
}

/// Everything stays in memory.
pub const UNLIMITED: Room<'static> = Room { spill: None };

/// Bytes of outlines that all readers hold in memory, and what memory is set aside for them.
#[derive(Debug, Default)]
pub(super) struct Held {
    used: AtomicUsize,
    taken: AtomicUsize,
}

/// The number of a patch: cover, stretch, and count within the stretch. Numbers follow file order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
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
    /// Bytes of its identifier, and where they are.
    id: (usize, &'a [u64]),
    /// Its ring ends and points.
    outline: &'a [u64],
}

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

/// What stands of a piece before its body: key; value and rings; where its identifier begins in the chunk, and its bytes;
/// where its outline begins and ends there; west, south, east, north. The outline follows the identifier.
type Head = [u64; 8];
/// Which word of it tells of the identifier.
const ID: usize = 2;
/// Which word of it tells where the outline is.
const PLACE: usize = 3;

/// Some outlines.
#[derive(Debug)]
struct Outlines {
    heads: Vec<Head>,
    bodies: Bodies,
}

/// Where bodies stand: so many words of a cell, or one that is larger than a cell by itself.
#[derive(Debug)]
enum Bodies {
    Cell(Cell, usize),
    Own(Vec<u64>),
}

impl Bodies {
    /// What they take in memory apart from a cell.
    fn loose_bytes(&self) -> usize {
        match self {
            Self::Cell(..) => 0,
            Self::Own(words) => size_of_val(words.as_slice()),
        }
    }
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
    slabs: Slabs,
    /// Outlines to whose cell more can be written.
    open: FxHashMap<BlockKey, (Vec<Head>, Cell, usize)>,
    full: Vec<(BlockKey, Chunk)>,
    /// Bytes that stand in no cell.
    loose: usize,
    /// What of it all readers know: bytes used, and taken.
    known: [usize; 2],
    body: Vec<u64>,
}

impl Heap {
    /// Adds an outline with the box around it.
    pub(super) fn add(&mut self, (key, value): (PatchKey, u32), id: &str, shape: &Shape, bounds: Bounds) {
        let rings = shape.ends().len();
        self.body.clear();
        for bytes in id.as_bytes().chunks(8) {
            let mut word = [0; 8];
            word[..bytes.len()].copy_from_slice(bytes);
            self.body.push(u64::from_le_bytes(word));
        }
        let ids = self.body.len();
        for two in shape.ends().chunks(2) {
            self.body.push(two.iter().rev().fold(0, |word, end| word << 32 | u64::from(*end)));
        }
        let words = self.body.len() + packed::words_for(shape.len(), bounds);
        let Bounds { low, high } = bounds;
        let [west, south, east, north] = [low.x, low.y, high.x, high.y].map(|c| c as u64);
        let head = |from: usize| {
            let (place, id) = (word_of(from + ids..from + words), word_of(from..id.len()));
            [key.0, u64::from(value) << 32 | rings as u64, id, place, west, south, east, north]
        };
        self.loose += size_of::<Head>();
        let block = block_at(bounds.low);
        let place = if words > CELL_WORDS { None } else { self.room_in(block, words) };
        match place {
            Some((cell, from)) => {
                let to = &mut self.slabs.words_mut(cell)[from..from + words];
                let (beginning, rest) = to.split_at_mut(self.body.len());
                beginning.copy_from_slice(&self.body);
                packed::pack(shape.points(), bounds, rest);
                if let Some((heads, ..)) = self.open.get_mut(&block) {
                    heads.push(head(from));
                }
            }
            None => {
                let mut own = Vec::with_capacity(words);
                own.extend_from_slice(&self.body);
                own.resize(words, 0);
                packed::pack(shape.points(), bounds, &mut own[self.body.len()..]);
                let bodies = Bodies::Own(own);
                self.loose += bodies.loose_bytes();
                self.full.push((block, Chunk::Here(Outlines { heads: vec![head(0)], bodies })));
            }
        }
    }

    /// A cell of a block with room for so many words, and where they go; `None` where there is no memory for one.
    fn room_in(&mut self, block: BlockKey, words: usize) -> Option<(Cell, usize)> {
        if let Some((_, cell, used)) = self.open.get_mut(&block)
            && *used + words <= CELL_WORDS
        {
            *used += words;
            return Some((*cell, *used - words));
        }
        let fresh = self.slabs.cell()?;
        if let Some((heads, cell, used)) = self.open.insert(block, (Vec::new(), fresh, words)) {
            let bodies = Bodies::Cell(cell, used);
            self.full.push((block, Chunk::Here(Outlines { heads, bodies })));
        }
        Some((fresh, 0))
    }

    fn close_all(&mut self) {
        let open = self.open.drain();
        let closed = open.map(|(block, (heads, cell, used))| {
            (block, Chunk::Here(Outlines { heads, bodies: Bodies::Cell(cell, used) }))
        });
        self.full.extend(closed);
    }

    /// Says what this reader holds now; gives the bytes that all readers use, and that are taken for it.
    fn tell(&mut self, held: &Held) -> [usize; 2] {
        let now = [self.slabs.used(), self.slabs.bytes()].map(|bytes| bytes + self.loose);
        let before = std::mem::replace(&mut self.known, now);
        let told = |all: &AtomicUsize, now: usize, before: usize| {
            all.fetch_add(now, Ordering::Relaxed);
            all.fetch_sub(before, Ordering::Relaxed) - before
        };
        [told(&held.used, now[0], before[0]), told(&held.taken, now[1], before[1])]
    }

    /// Puts what is in memory away where all readers together hold more than there is room for.
    pub(super) fn make_room(&mut self, room: &Room<'_>, held: &Held) -> Result<(), MeasureError> {
        let [used, taken] = self.tell(held);
        let Some(spill) = room.spill.filter(|spill| !spill.has_room(used, taken)) else { return Ok(()) };
        self.close_all();
        let slabs = &mut self.slabs;
        for (_, chunk) in &mut self.full {
            if let Chunk::Here(Outlines { heads, bodies }) = chunk {
                let put = |words: &[u64]| spill.put(words).map_err(MeasureError::Source);
                let words = match &*bodies {
                    Bodies::Cell(cell, used) => &slabs.words(*cell)[..*used],
                    Bodies::Own(words) => words,
                };
                let away = Chunk::Away {
                    heads: (put(heads.as_flattened())?, heads.len()),
                    bodies: (put(words)?, words.len()),
                };
                if let Bodies::Cell(cell, _) = *bodies {
                    slabs.give_back(cell);
                }
                *chunk = away;
            }
        }
        self.loose = 0;
        self.tell(held);
        Ok(())
    }
}

/// All pieces of a run, by block of tiles.
#[derive(Debug, Default)]
pub(super) struct Pieces {
    slabs: Slabs,
    blocks: BTreeMap<BlockKey, Vec<Chunk>>,
}

impl Pieces {
    pub(super) fn add(&mut self, mut heap: Heap) {
        heap.close_all();
        let by = self.slabs.join(heap.slabs);
        for (block, mut chunk) in heap.full {
            if let Chunk::Here(Outlines { bodies: Bodies::Cell(cell, _), .. }) = &mut chunk {
                *cell = cell.moved(by);
            }
            self.blocks.entry(block).or_default().push(chunk);
        }
    }

    /// The outlines of a block, each chunk by itself: all that meet a rectangle, perhaps more. Those that were put away go
    /// back into one place with those of other blocks.
    pub(super) fn of_block(
        &self,
        block: BlockKey,
        within: Bounds,
        room: &Room<'_>,
        back: &mut Back,
    ) -> Result<Vec<Brought<'_>>, MeasureError> {
        let chunks = self.blocks.get(&block).map_or(&[][..], Vec::as_slice).iter();
        let brought = chunks.filter_map(|chunk| match (chunk, room.spill) {
            (Chunk::Here(Outlines { heads, bodies }), _) => Some(Ok(Brought {
                heads: Cow::Borrowed(heads.as_slice()),
                bodies: Cow::Borrowed(match bodies {
                    Bodies::Cell(cell, used) => &self.slabs.words(*cell)[..*used],
                    Bodies::Own(words) => words,
                }),
            })),
            (Chunk::Away { heads, bodies }, Some(spill)) => {
                back.bring(spill, *heads, *bodies, within).err().map(Err)
            }
            (Chunk::Away { .. }, None) => None,
        });
        brought.collect::<Result<_, SourceFault>>().map_err(MeasureError::Source)
    }
}

/// Outlines that were put away and are back in memory, one that others repeat only once.
#[derive(Debug, Default)]
pub(super) struct Back {
    heads: Vec<Head>,
    bodies: Vec<u64>,
    /// Where an outline is, by its hash.
    known: FxHashMap<u64, u64>,
}

impl Back {
    /// Brings back what of a chunk meets a rectangle: in one go where that is most of it.
    fn bring(
        &mut self,
        spill: &dyn Spill,
        heads: (u64, usize),
        bodies: (u64, usize),
        within: Bounds,
    ) -> Result<(), SourceFault> {
        let mut found = vec![Head::default(); heads.1];
        spill.take(heads.0, 0, found.as_flattened_mut())?;
        found.retain(|head| bounds_of(head).meets(&within));
        let wanted: usize = found.iter().map(|head| body_of(head).len()).sum();
        let mut all = Vec::new();
        if found.len() > 1 && 2 * wanted > bodies.1 {
            all.resize(bodies.1, 0);
            spill.take(bodies.0, 0, &mut all)?;
        }
        for head in found {
            let (body, begin) = (body_of(&head), self.bodies.len());
            match all.get(body.clone()) {
                Some(words) => self.bodies.extend_from_slice(words),
                None => {
                    self.bodies.resize(begin + body.len(), 0);
                    spill.take(bodies.0, body.start, &mut self.bodies[begin..])?;
                }
            }
            self.keep(head, begin);
        }
        Ok(())
    }

    /// Keeps a piece whose body stands last, from `begin` on; of an outline that is known, only the identifier.
    fn keep(&mut self, mut head: Head, begin: usize) {
        let at = begin + place_of(&head).start - body_of(&head).start;
        let outline = &self.bodies[at..];
        let hash = FxBuildHasher.hash_one(outline);
        let known = self.known.get(&hash).copied();
        head[ID] = word_of(begin..head[ID] as u32 as usize);
        match known.filter(|known| self.bodies.get(range_of(*known)) == Some(outline)) {
            Some(known) => {
                head[PLACE] = known;
                self.bodies.truncate(at);
            }
            None => {
                head[PLACE] = word_of(at..self.bodies.len());
                self.known.insert(hash, head[PLACE]);
            }
        }
        self.heads.push(head);
    }

    /// All that came back.
    pub(super) fn brought(self) -> Brought<'static> {
        Brought { heads: Cow::Owned(self.heads), bodies: Cow::Owned(self.bodies) }
    }
}

fn bounds_of(&[.., west, south, east, north]: &Head) -> Bounds {
    let corner = |x: u64, y: u64| Point::new(x as i64, y as i64);
    Bounds { low: corner(west, south), high: corner(east, north) }
}

/// Where the outline of a piece stands in its chunk.
fn place_of(head: &Head) -> Range<usize> {
    range_of(head[PLACE])
}

/// Where its identifier stands, and its bytes.
fn id_of(head: &Head) -> (Range<usize>, usize) {
    let (from, bytes) = ((head[ID] >> 32) as usize, head[ID] as u32 as usize);
    (from..from + bytes.div_ceil(8), bytes)
}

/// Where both stand, in a chunk that was put away.
fn body_of(head: &Head) -> Range<usize> {
    id_of(head).0.start..place_of(head).end
}

fn range_of(word: u64) -> Range<usize> {
    (word >> 32) as usize..word as u32 as usize
}

fn word_of(place: Range<usize>) -> u64 {
    (place.start as u64) << 32 | place.end as u64
}

/// Outlines in memory or brought back.
#[derive(Debug, Default)]
pub(super) struct Brought<'a> {
    heads: Cow<'a, [Head]>,
    bodies: Cow<'a, [u64]>,
}

impl Brought<'_> {
    /// Its pieces that meet a rectangle.
    pub(super) fn pieces_in(&self, within: Bounds) -> impl Iterator<Item = Piece<'_>> {
        self.heads.iter().filter_map(move |head| {
            let (&[key, kind, ..], bounds) = (head, bounds_of(head));
            let (ids, bytes) = id_of(head);
            let body = || self.bodies.get(ids).zip(self.bodies.get(place_of(head)));
            let (value, rings) = ((kind >> 32) as u32, kind as u32 as usize);
            bounds.meets(&within).then(body).flatten().map(|(ids, outline)| Piece {
                key: PatchKey(key),
                value,
                bounds,
                rings,
                id: (bytes, ids),
                outline,
            })
        })
    }
}

impl<'a> Piece<'a> {
    /// The identifier that people find the patch by.
    pub(super) fn id(&self) -> Box<str> {
        let (length, words) = self.id;
        let bytes = words.iter().flat_map(|word| word.to_le_bytes());
        String::from_utf8_lossy(&bytes.take(length).collect::<Vec<u8>>()).into()
    }

    /// Its ring ends and points.
    fn outline(&self) -> (&'a [u64], Points<'a>) {
        let (ends, points) = self.outline.split_at(self.rings.div_ceil(2).min(self.outline.len()));
        (ends, Points::new(points, self.bounds))
    }

    fn ends(&self) -> impl Iterator<Item = u32> + 'a {
        let words = self.outline().0.iter();
        words.flat_map(|two| [*two as u32, (two >> 32) as u32]).take(self.rings)
    }

    /// Its rings, point by point.
    pub(super) fn rings(&self) -> impl Iterator<Item = impl Iterator<Item = Point> + 'a> + 'a {
        let (points, mut from) = (self.outline().1, 0);
        self.ends().map(move |end| {
            let ring = points.some(from..end as usize);
            from = end as usize;
            ring
        })
    }

    /// Its outline, clean.
    pub(super) fn shape(&self) -> Shape {
        let ends: Vec<u32> = self.ends().collect();
        let points = self.outline().1.some(0..ends.last().map_or(0, |end| *end as usize));
        Shape::of_contours(points.collect(), ends)
    }

    /// Whether another has the same outline.
    pub(super) fn is_like(&self, other: &Piece<'_>) -> bool {
        self.bounds == other.bounds && (self.is_where(other) || self.outline == other.outline)
    }

    /// Orders outlines from west to east, those with the same corners by the words of their points.
    pub(super) fn by_place(&self, other: &Piece<'_>) -> cmp::Ordering {
        let corners = |Bounds { low, high }: Bounds| (low.x, low.y, high.x, high.y);
        let by_points = || match self.is_where(other) {
            true => cmp::Ordering::Equal,
            false => self.outline.cmp(other.outline),
        };
        corners(self.bounds).cmp(&corners(other.bounds)).then_with(by_points)
    }

    /// Whether the outline of another is in the same place of memory.
    fn is_where(&self, other: &Piece<'_>) -> bool {
        std::ptr::eq(self.outline, other.outline)
    }
}
