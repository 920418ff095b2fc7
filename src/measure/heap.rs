//! Where pieces of patches wait for their tile: in memory, and beyond a limit in a temporary place.
//!
//! In: pieces, in the order in which they are read. Out: the pieces of a block of tiles. A piece is written once as
//! plain words and read once; what does not fit into memory goes to a [`Spill`].

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicUsize, Ordering};

use serde::{Deserialize, Serialize};

use crate::geometry::grid::{Point, Shape};
use crate::geometry::tile::Tile;
use crate::measure::MeasureError;
use crate::survey::SourceFault;

/// Side of a block of tiles whose pieces are kept together, in tiles.
pub(super) const BLOCK_TILES: i64 = 8;
/// Words of the first chunk of a block, and of the largest.
const CHUNK_WORDS: (usize, usize) = (1 << 9, 1 << 15);
/// Words that stand before the identifier, ring ends and points of a piece.
const HEAD: usize = 6;

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
    /// Bytes of pieces in memory; beyond it they are spilled.
    pub bytes: usize,
    /// Where to.
    pub spill: Option<&'a dyn Spill>,
}

/// Everything stays in memory.
pub const UNLIMITED: Room<'static> = Room { bytes: usize::MAX, spill: None };

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

/// What of a patch lies in a tile.
#[derive(Debug, Clone, Copy)]
pub(super) struct Piece<'a> {
    pub tile: Tile,
    pub key: PatchKey,
    /// Its class value, in the order in which values were met.
    pub value: u32,
    /// Equal for patches with the same outline.
    pub outline: u64,
    words: &'a [u64],
}

/// Blocks of tiles, by column and row.
pub(super) type BlockKey = (i64, i64);

pub(super) fn block_of(tile: Tile) -> BlockKey {
    (tile.row.div_euclid(BLOCK_TILES), tile.column.div_euclid(BLOCK_TILES))
}

/// Some words, wherever they are.
#[derive(Debug)]
enum Chunk {
    Here(Vec<u64>),
    Away { number: u64, words: usize },
}

/// The pieces that one reader met.
#[derive(Debug, Default)]
pub(super) struct Heap {
    open: HashMap<BlockKey, Vec<u64>>,
    full: Vec<(BlockKey, Chunk)>,
    words: usize,
}

impl Heap {
    /// Adds a piece.
    pub(super) fn add(
        &mut self,
        tile: Tile,
        (key, value, outline): (PatchKey, u32, u64),
        id: &str,
        shape: &Shape,
    ) {
        let (rings, id_words) = (shape.ends().len(), id.len().div_ceil(8));
        let words = HEAD + id_words + rings.div_ceil(2) + 2 * shape.len();
        let chunk = self.open.entry(block_of(tile)).or_default();
        if chunk.capacity() - chunk.len() < words {
            let room = (2 * chunk.capacity()).clamp(CHUNK_WORDS.0, CHUNK_WORDS.1).max(words);
            let full = std::mem::replace(chunk, Vec::with_capacity(room));
            if !full.is_empty() {
                self.full.push((block_of(tile), Chunk::Here(full)));
            }
        }
        let place = (tile.column as i32 as u32 as u64) << 32 | tile.row as i32 as u32 as u64;
        let counts = (id.len() as u64) << 32 | rings as u64;
        chunk.extend([words as u64, place, key.0, u64::from(value), outline, counts]);
        for bytes in id.as_bytes().chunks(8) {
            let mut word = [0; 8];
            word[..bytes.len()].copy_from_slice(bytes);
            chunk.push(u64::from_le_bytes(word));
        }
        for pair in shape.ends().chunks(2) {
            chunk.push(u64::from(pair[0]) << 32 | u64::from(pair.get(1).copied().unwrap_or(0)));
        }
        chunk.extend(shape.points().iter().flat_map(|p| [p.x as u64, p.y as u64]));
        self.words += words;
    }

    /// Puts what is in memory away where all readers together hold more than there is room for.
    pub(super) fn make_room(&mut self, room: &Room<'_>, held: &AtomicUsize) -> Result<(), MeasureError> {
        let bytes = 8 * std::mem::take(&mut self.words);
        let all = held.fetch_add(bytes, Ordering::Relaxed) + bytes;
        let Some(spill) = room.spill.filter(|_| all > room.bytes) else { return Ok(()) };
        let open = self.open.drain().filter(|(_, words)| !words.is_empty());
        self.full.extend(open.map(|(block, words)| (block, Chunk::Here(words))));
        for (_, chunk) in &mut self.full {
            if let Chunk::Here(words) = chunk {
                let number = spill.put(words).map_err(MeasureError::Source)?;
                held.fetch_sub((8 * words.len()).min(held.load(Ordering::Relaxed)), Ordering::Relaxed);
                *chunk = Chunk::Away { number, words: words.len() };
            }
        }
        Ok(())
    }
}

/// All pieces of a run, by block of tiles.
#[derive(Debug, Default)]
pub(super) struct Pieces {
    blocks: BTreeMap<BlockKey, Vec<Chunk>>,
}

impl Pieces {
    pub(super) fn add(&mut self, heap: Heap) {
        let open = heap.open.into_iter().map(|(block, words)| (block, Chunk::Here(words)));
        for (block, chunk) in heap.full.into_iter().chain(open) {
            self.blocks.entry(block).or_default().push(chunk);
        }
    }

    /// The words of a block, each chunk by itself.
    pub(super) fn of_block(&self, block: BlockKey, room: &Room<'_>) -> Result<Vec<Words<'_>>, MeasureError> {
        let chunks = self.blocks.get(&block).map_or(&[][..], Vec::as_slice).iter();
        chunks
            .map(|chunk| match (chunk, room.spill) {
                (Chunk::Here(words), _) => Ok(Words::Borrowed(words)),
                (Chunk::Away { number, words }, Some(spill)) => {
                    let mut buffer = vec![0; *words];
                    spill.take(*number, &mut buffer).map_err(MeasureError::Source)?;
                    Ok(Words::Owned(buffer))
                }
                (Chunk::Away { .. }, None) => Ok(Words::Owned(Vec::new())),
            })
            .collect()
    }
}

/// Words in memory or brought back.
pub(super) type Words<'a> = std::borrow::Cow<'a, [u64]>;

/// The pieces written in some words, one after another.
pub(super) fn pieces(words: &[u64]) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = words;
    std::iter::from_fn(move || {
        let (now, later) = rest.split_at_checked(usize::try_from(*rest.first()?).ok()?)?;
        rest = later;
        let &[_, place, key, value, outline, ..] = now else { return None };
        let tile =
            Tile { column: i64::from((place >> 32) as u32 as i32), row: i64::from(place as u32 as i32) };
        Some(Piece { tile, key: PatchKey(key), value: value as u32, outline, words: now })
    })
}

impl Piece<'_> {
    fn counts(&self) -> (usize, usize) {
        let counts = self.words[HEAD - 1];
        ((counts >> 32) as usize, counts as u32 as usize)
    }

    /// The identifier that people find the patch by.
    pub(super) fn id(&self) -> Box<str> {
        let (length, _) = self.counts();
        let words = self.words[HEAD..].iter().take(length.div_ceil(8));
        let bytes: Vec<u8> = words.flat_map(|word| word.to_le_bytes()).take(length).collect();
        String::from_utf8_lossy(&bytes).into()
    }

    /// What of the patch lies here, clean.
    pub(super) fn shape(&self) -> Shape {
        let (length, rings) = self.counts();
        let from = HEAD + length.div_ceil(8);
        let to = from + rings.div_ceil(2);
        let ends = self.words[from..to].iter().flat_map(|pair| [(pair >> 32) as u32, *pair as u32]);
        let points = self.words[to..].chunks_exact(2).map(|p| Point::new(p[0] as i64, p[1] as i64));
        Shape::of_contours(points.collect(), ends.take(rings).collect())
    }
}
