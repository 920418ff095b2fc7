//! Reads windows of an image: stored blocks one after another, unpacked into a buffer that is used again.

use super::codec::{self, Packing, Unpacker};
use super::layout::{Layout, Number};
use crate::layers::native::window::Stored as Bytes;
use crate::layers::raster::windows::Window;
use crate::survey::raster::Cells;

/// One thread's means to read images of a file.
pub(super) struct Reader {
    bytes: Bytes,
    big_endian: bool,
    unpacker: Unpacker,
    packed: Vec<u8>,
    sorted: Vec<u8>,
    main: Held,
}

/// The block that was unpacked last.
#[derive(Default)]
struct Held {
    /// Where it lies in the file.
    offset: Option<u64>,
    /// Its first row that is held, in the block.
    first: usize,
    bytes: Vec<u8>,
}

/// Bytes of a stored block, and the row of it that they begin with.
type Rows<'b> = (&'b [u8], usize);

/// A part of a stored block that a window wants: rows and columns in the block, and where they go in the window.
struct Part {
    rows: [usize; 2],
    columns: [usize; 2],
    to: [usize; 2],
}

impl Reader {
    pub(super) fn new(bytes: Bytes, big_endian: bool) -> Self {
        let (unpacker, main) = (Unpacker::new(), Held::default());
        Self { bytes, big_endian, unpacker, packed: Vec::new(), sorted: Vec::new(), main }
    }

    /// Reads a window of one sample into cells that are of the right kind and number; what was left out of the file
    /// becomes `empty`.
    pub(super) fn window(
        &mut self,
        layout: &Layout,
        sample: usize,
        window: Window,
        empty: f64,
        cells: &mut Cells,
    ) -> Result<(), String> {
        let across = window.1[0];
        self.parts(layout, sample, window, &mut |part, held| match held {
            Some(held) => copy(layout, sample, part, across, held, cells),
            None => fill(part, across, empty, cells),
        })
    }

    /// Reads a window of a mask, or of an alpha band: where it is not 0, there is data.
    pub(super) fn mask(
        &mut self,
        layout: &Layout,
        sample: usize,
        window: Window,
        valid: &mut [bool],
    ) -> Result<(), String> {
        let (step, across) = (layout.together(), window.1[0]);
        let (width, row_bytes) = (layout.width(), layout.row_bytes());
        let lane = if layout.planar { 0 } else { sample };
        self.parts(layout, sample, window, &mut |part, held| {
            for y in 0..part.rows[1] - part.rows[0] {
                let to = (part.to[1] + y) * across + part.to[0];
                let row = &mut valid[to..to + part.columns[1] - part.columns[0]];
                let Some((bytes, first)) = held else {
                    row.fill(false);
                    continue;
                };
                let line = &bytes[(part.rows[0] + y - first) * row_bytes..][..row_bytes];
                for (x, valid) in row.iter_mut().enumerate() {
                    let at = (part.columns[0] + x) * step + lane;
                    *valid = match width {
                        0 => line[at / 8] >> (7 - at % 8) & 1 != 0,
                        _ => line[at * width..][..width].iter().any(|&byte| byte != 0),
                    };
                }
            }
        })
    }

    /// Gives every stored block that a window meets: the part that it wants, and bytes from a row on; none of a block
    /// that was left out.
    fn parts(
        &mut self,
        layout: &Layout,
        sample: usize,
        (first, size): Window,
        take: &mut dyn FnMut(&Part, Option<Rows<'_>>),
    ) -> Result<(), String> {
        let [wide, high] = layout.block;
        let end = [first[0] + size[0], first[1] + size[1]];
        for row in first[1] / high..end[1].div_ceil(high) {
            for column in first[0] / wide..end[0].div_ceil(wide) {
                let corner = [column * wide, row * high];
                let from = [first[0].max(corner[0]), first[1].max(corner[1])];
                let part = Part {
                    rows: [from[1] - corner[1], end[1].min(corner[1] + high) - corner[1]],
                    columns: [from[0] - corner[0], end[0].min(corner[0] + wide) - corner[0]],
                    to: [from[0] - first[0], from[1] - first[1]],
                };
                let stored = layout.stored(column, row, sample);
                if stored.length == 0 {
                    take(&part, None);
                } else {
                    self.hold(layout, stored, part.rows)?;
                    take(&part, Some((&self.main.bytes, self.main.first)));
                }
            }
        }
        Ok(())
    }

    /// Unpacks a block, unless it is held; of one that is not packed, the wanted rows alone are read.
    fn hold(
        &mut self,
        layout: &Layout,
        stored: super::layout::Stored,
        rows: [usize; 2],
    ) -> Result<(), String> {
        let row_bytes = layout.row_bytes();
        let plain = layout.packing == Packing::Plain;
        let [first, end] = if plain { rows } else { [0, stored.rows] };
        if self.main.offset == Some(stored.offset) && !plain {
            return Ok(());
        }
        let needed = (end as u64).saturating_mul(row_bytes as u64);
        if needed > stored.length.saturating_mul(layout.packing.most()).saturating_add(64) {
            return Err(format!("a block of {} bytes cannot hold {needed}", stored.length));
        }
        self.main.offset = None;
        let skip = (first * row_bytes) as u64;
        let length = if plain { needed - skip } else { stored.length };
        let from = stored.offset.checked_add(skip).filter(|from| self.bytes.holds(*from, length));
        let from = from.ok_or_else(|| "a block lies beyond the end of the file".to_owned())?;
        let room = (end - first) * row_bytes;
        self.main.bytes.resize(room, 0);
        if plain {
            self.bytes.read_exact(&mut self.main.bytes, from).map_err(|e| e.to_string())?;
        } else {
            self.packed.resize(length as usize, 0);
            self.bytes.read_exact(&mut self.packed, from).map_err(|e| e.to_string())?;
            self.unpacker.unpack(layout.packing, &self.packed, &mut self.main.bytes)?;
        }
        self.ordered(layout);
        (self.main.offset, self.main.first) = (Some(stored.offset), first);
        Ok(())
    }

    /// Brings the numbers into the machine's order and undoes what a predictor did.
    fn ordered(&mut self, layout: &Layout) {
        let (width, step) = (layout.width(), layout.together());
        let predictor = if layout.packing.predicts() { layout.predictor } else { 1 };
        let bytes = &mut self.main.bytes;
        if predictor != 3 {
            codec::turn(bytes, width, self.big_endian);
        }
        if predictor == 1 {
            return;
        }
        for row in bytes.chunks_exact_mut(layout.row_bytes()) {
            match predictor {
                2 => codec::add_up(row, width, step),
                _ => codec::put_together(row, width, step, &mut self.sorted),
            }
        }
    }
}

/// Copies the wanted part of a block into the cells of a window that has so many columns.
fn copy(
    layout: &Layout,
    sample: usize,
    part: &Part,
    across: usize,
    (bytes, first): Rows<'_>,
    cells: &mut Cells,
) {
    let (step, row_bytes) = (layout.together(), layout.row_bytes());
    let lane = if layout.planar { 0 } else { sample };
    let Number::Kind(_) = layout.number else { return };
    macro_rules! rows {
        ($cells:ident, $number:ty) => {{
            const WIDTH: usize = size_of::<$number>();
            let read = |bytes: &[u8]| {
                let mut word = [0; WIDTH];
                word.copy_from_slice(&bytes[..WIDTH]);
                <$number>::from_ne_bytes(word)
            };
            for y in 0..part.rows[1] - part.rows[0] {
                let line = &bytes[(part.rows[0] + y - first) * row_bytes..][..row_bytes];
                let line = &line[part.columns[0] * step * WIDTH..part.columns[1] * step * WIDTH];
                let to = (part.to[1] + y) * across + part.to[0];
                let row = &mut $cells[to..to + part.columns[1] - part.columns[0]];
                if step == 1 {
                    bytemuck::cast_slice_mut(row).copy_from_slice(line);
                } else {
                    let numbers = line.chunks_exact(WIDTH * step);
                    row.iter_mut().zip(numbers).for_each(|(cell, b)| *cell = read(&b[lane * WIDTH..]));
                }
            }
        }};
    }
    match cells {
        Cells::U8(cells) => rows!(cells, u8),
        Cells::I8(cells) => rows!(cells, i8),
        Cells::U16(cells) => rows!(cells, u16),
        Cells::I16(cells) => rows!(cells, i16),
        Cells::U32(cells) => rows!(cells, u32),
        Cells::I32(cells) => rows!(cells, i32),
        Cells::U64(cells) => rows!(cells, u64),
        Cells::I64(cells) => rows!(cells, i64),
        Cells::F32(cells) => rows!(cells, f32),
        Cells::F64(cells) => rows!(cells, f64),
    }
}

/// Sets the cells of a part to one value, as near as they can hold it.
fn fill(part: &Part, across: usize, value: f64, cells: &mut Cells) {
    macro_rules! rows {
        ($($kind:ident $number:ty),*) => {
            match cells {
                $(Cells::$kind(cells) => {
                    for y in 0..part.rows[1] - part.rows[0] {
                        let to = (part.to[1] + y) * across + part.to[0];
                        cells[to..to + part.columns[1] - part.columns[0]].fill(value as $number);
                    }
                })*
            }
        };
    }
    rows!(U8 u8, I8 i8, U16 u16, I16 i16, U32 u32, I32 i32, U64 u64, I64 i64, F32 f32, F64 f64);
}
