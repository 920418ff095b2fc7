//! One block of tiles: its patches from where they wait, and for each stratum what bounds them all together.
//!
//! A block takes in the outlines of all patches that reach it, also from the blocks west and south of it, so that edges
//! that neighbours share cancel before anything is cut ([`seam`](crate::geometry::seam)). A clean survey leaves its own
//! border and its gaps; that border is cut along the tiles, and no patch is looked at again. Where edges do not cancel,
//! patches do lie over one another, or a survey was not drawn along the same points; then its patches are cut along the
//! tiles, and every tile looks at those it has.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::geometry::grid::Shape;
use crate::geometry::seam::Contours;
use crate::geometry::tile::{self, Tile};
use crate::measure::coverage::Reading;
use crate::measure::heap::{self, Back, BlockKey, Brought, Piece, Room};
use crate::measure::tile_sums::{self, Bench, Border, Member, TileSums, Tools};
use crate::measure::{MeasureError, Watch};

/// Edges have cancelled where so many times what is left of them is less than there were.
const FEW: usize = 2;

/// Measures the tiles of a block.
pub(super) fn measure(
    bench: &Bench<'_>,
    block: BlockKey,
    tiles: &[Tile],
    room: &Room<'_>,
    watch: &dyn Watch,
    tools: &mut Tools,
) -> Result<Vec<(Tile, TileSums)>, MeasureError> {
    let outlines = reaching(bench, block, room)?;
    let members = members(bench, block, &outlines);
    let strata = 0..bench.plan.strata.len();
    let strata: Vec<Stratum> = strata.map(|s| stratum(bench, block, s, &members, tools)).collect();
    let mut cut = Cut::new();
    cut_members(block, tiles, &strata, &members, &mut cut);
    let mut sums = Vec::with_capacity(tiles.len());
    for &tile in tiles {
        if watch.interrupted() {
            return Err(MeasureError::Interrupted);
        }
        let here = cut.remove(&tile).unwrap_or_default();
        let borders: Vec<&Border> = strata.iter().map(|s| s.get(&tile).unwrap_or(&Border::Nothing)).collect();
        sums.push((tile, tile_sums::measure(bench, tile, &borders, &members, here, tools)));
        watch.advance(1);
    }
    Ok(sums)
}

/// All outlines that may reach a block.
fn reaching<'a>(
    bench: &Bench<'a>,
    (row, column): BlockKey,
    room: &Room<'_>,
) -> Result<Vec<Brought<'a>>, MeasureError> {
    let (mut outlines, mut back) = (Vec::new(), Back::default());
    let here = heap::tiles_of((row, column)).bounds();
    for key in [(row - 1, column - 1), (row - 1, column), (row, column - 1), (row, column)] {
        outlines.extend(bench.gathered.pieces.of_block(key, here, room, &mut back)?);
    }
    outlines.push(back.brought());
    Ok(outlines)
}

/// The patches that reach a block, from west to east; the order depends on their outlines, and only copies stand in
/// that of the file. A copy is known by the one before it.
fn members<'a>(bench: &Bench<'_>, block: BlockKey, outlines: &'a [Brought<'_>]) -> Vec<Member<'a>> {
    let bounds = heap::tiles_of(block).bounds();
    let mut pieces: Vec<Piece<'a>> = outlines.iter().flat_map(|some| some.pieces_in(bounds)).collect();
    pieces.sort_unstable_by(|a, b| a.by_place(b).then(a.key.cmp(&b.key)));
    pieces.into_iter().map(|piece| member(bench, piece)).collect()
}

fn member<'a>(bench: &Bench<'_>, piece: Piece<'a>) -> Member<'a> {
    let cover = piece.key.cover();
    let value = bench.gathered.renumbered[cover][piece.value as usize] as usize;
    let ground = match bench.plan.readings[cover][value] {
        Reading::Class(class) => class,
        Reading::Unmapped(stratum) => bench.plan.unmapped(stratum),
    };
    Member { piece, ground }
}

/// What bounds a stratum in each tile of the block where it is.
type Stratum = BTreeMap<Tile, Border>;

fn stratum(
    bench: &Bench<'_>,
    block: BlockKey,
    stratum: usize,
    all: &[Member<'_>],
    tools: &mut Tools,
) -> Stratum {
    let members: Vec<usize> =
        (0..all.len()).filter(|&i| bench.plan.stratum_of(all[i].ground) == stratum).collect();
    let mut tiles = BTreeMap::new();
    let copied = |pair: &[usize]| all[pair[0]].piece.is_like(&all[pair[1]].piece);
    let overlapping = |i: &usize| bench.plan.overlapping.contains(&all[*i].piece.key.cover());
    // Their borders have hardly an edge in common.
    let by_nature = !members.is_empty() && members.iter().all(overlapping);
    let may_cancel = !by_nature && !members.windows(2).any(copied);
    let border = if may_cancel { border(block, &members, all, tools) } else { None };
    tools.seams.clear();
    match border {
        Some(Contours { border, tangled }) => {
            let once = !tangled && tools.is_simple_border(&border);
            tile::split_within(border, heap::tiles_of(block), 1, |tile, piece| {
                tiles.insert(tile, tools.border_of(tile, piece, once));
            });
        }
        None => {
            let every = heap::tiles_of(block).tiles();
            tiles.extend(every.map(|tile| (tile, Border::Unknown)));
        }
    }
    tiles
}

/// What is left of the edges of some patches when those that run against each other have cancelled; `None` where that
/// is much of them.
fn border(block: BlockKey, members: &[usize], all: &[Member<'_>], tools: &mut Tools) -> Option<Contours> {
    if members.is_empty() {
        return Some(Contours::default());
    }
    tools.seams.clear();
    let here = heap::tiles_of(block).bounds();
    for piece in members.iter().map(|&i| all[i].piece) {
        // What lies beyond the block would only be left over.
        if here.holds(piece.bounds.low) && here.holds(piece.bounds.high) {
            piece.rings().for_each(|ring| tools.seams.add_ring(ring));
        } else if let Some(inside) = tile::clip(piece.shape(), heap::tiles_of(block)) {
            tools.seams.add(&inside);
        }
    }
    let left = tools.seams.cancel()?;
    if FEW * left < tools.seams.entered() { tools.seams.contours() } else { None }
}

/// What of patches, by position among the members of a block, lies in each tile; copies of a patch have the same.
type Cut = BTreeMap<Tile, Vec<(usize, Rc<Shape>)>>;

/// Cuts patches along the tiles that must look at them.
fn cut_members(block: BlockKey, tiles: &[Tile], strata: &[Stratum], all: &[Member<'_>], cut: &mut Cut) {
    let closer = |tile: &Tile, border: &Border| border.must_look() && tiles.contains(tile);
    let wanted: Vec<Tile> = strata
        .iter()
        .flat_map(|s| s.iter().filter(|(tile, border)| closer(tile, border)).map(|(tile, _)| *tile))
        .collect();
    // A figure over several strata is united from all of them where more than one has ground.
    let several = |tile: &Tile| strata.iter().filter(|s| s.contains_key(tile)).count() > 1;
    let shared = tiles.iter().copied().filter(|tile| several(tile));
    let wanted: std::collections::BTreeSet<Tile> = wanted.into_iter().chain(shared).collect();
    if wanted.is_empty() {
        return;
    }
    let near: Vec<_> = wanted.iter().map(|tile| tile.bounds()).collect();
    let mut pieces: Vec<(Tile, Rc<Shape>)> = Vec::new();
    for (i, member) in all.iter().enumerate() {
        if !near.iter().any(|bounds| bounds.meets(&member.piece.bounds)) {
            continue;
        }
        let copies = i.checked_sub(1).is_some_and(|before| all[before].piece.is_like(&member.piece));
        if !copies {
            pieces.clear();
            tile::split_within(member.piece.shape(), heap::tiles_of(block), 1, |tile, piece| {
                if wanted.contains(&tile) {
                    pieces.push((tile, Rc::new(piece)));
                }
            });
        }
        for (tile, piece) in &pieces {
            cut.entry(*tile).or_default().push((i, Rc::clone(piece)));
        }
    }
}
