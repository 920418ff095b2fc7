//! Memory for outlines that wait, in slabs of several megabytes that are cut into cells.
//!
//! The system gives memory a page at a time when it is first touched, which for small pages costs more than writing
//! them. A slab asks for large ones, where the system has them, and cells that were given back are used again.

use memmap2::MmapMut;

/// Words in a cell: 32 KB.
pub(super) const CELL_WORDS: usize = 1 << 12;
/// Cells in a slab: 8 MB.
const CELLS: usize = 1 << 8;
const CELL_BYTES: usize = CELL_WORDS * size_of::<u64>();

/// Which slab, and which cell of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cell {
    slab: u32,
    cell: u32,
}

/// Slabs with the cells that are free.
#[derive(Debug, Default)]
pub(super) struct Slabs {
    slabs: Vec<MmapMut>,
    free: Vec<Cell>,
}

impl Slabs {
    /// A cell to write to; `None` where the system gives no memory.
    pub(super) fn cell(&mut self) -> Option<Cell> {
        if self.free.is_empty() {
            let slab = self.slabs.len() as u32;
            self.slabs.push(large(CELLS * CELL_BYTES)?);
            self.free.extend((0..CELLS as u32).rev().map(|cell| Cell { slab, cell }));
        }
        self.free.pop()
    }

    /// Gives a cell back.
    pub(super) fn give_back(&mut self, cell: Cell) {
        self.free.push(cell);
    }

    /// Bytes of all slabs.
    pub(super) fn bytes(&self) -> usize {
        self.slabs.len() * CELLS * CELL_BYTES
    }

    /// Bytes of the cells that are not free.
    pub(super) fn used(&self) -> usize {
        self.bytes() - self.free.len() * CELL_BYTES
    }

    /// Takes in the slabs of others; by how much the numbers of those are greater now.
    pub(super) fn join(&mut self, other: Self) -> u32 {
        let before = self.slabs.len() as u32;
        self.slabs.extend(other.slabs);
        before
    }

    /// What stands in a cell.
    pub(super) fn words(&self, Cell { slab, cell }: Cell) -> &[u64] {
        let at = cell as usize * CELL_BYTES;
        bytemuck::cast_slice(&self.slabs[slab as usize][at..at + CELL_BYTES])
    }

    /// The same, to write to.
    pub(super) fn words_mut(&mut self, Cell { slab, cell }: Cell) -> &mut [u64] {
        let at = cell as usize * CELL_BYTES;
        bytemuck::cast_slice_mut(&mut self.slabs[slab as usize][at..at + CELL_BYTES])
    }
}

impl Cell {
    /// The same cell once its slab has joined others.
    pub(super) fn moved(self, by: u32) -> Self {
        Self { slab: self.slab + by, ..self }
    }
}

/// Memory in large pages where the system has them.
fn large(bytes: usize) -> Option<MmapMut> {
    let slab = MmapMut::map_anon(bytes).ok()?;
    #[cfg(target_os = "linux")]
    // Where it has none, the usual ones will do.
    let _ = slab.advise(memmap2::Advice::HugePage);
    Some(slab)
}
