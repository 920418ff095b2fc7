//! Unpacks one stored block: deflate, LZW, zstd, PackBits, and the differences that a predictor wrote.

use libdeflater::{DecompressionError, Decompressor};
use weezl::{BitOrder, LzwStatus, decode};

/// How blocks are packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Packing {
    Plain,
    Lzw,
    Deflate,
    Zstd,
    PackBits,
}

impl Packing {
    /// By the number of the tag; the name of the packing, or its number, where it is not known here.
    pub(super) fn by_number(number: u64) -> Result<Self, String> {
        let name = match number {
            1 => return Ok(Self::Plain),
            5 => return Ok(Self::Lzw),
            8 | 32946 => return Ok(Self::Deflate),
            50000 => return Ok(Self::Zstd),
            32773 => return Ok(Self::PackBits),
            2..=4 => "fax".to_owned(),
            6 | 7 => "JPEG".to_owned(),
            34887 => "LERC".to_owned(),
            34925 => "LZMA".to_owned(),
            50001 => "WebP".to_owned(),
            50002 => "JPEG XL".to_owned(),
            other => format!("no. {other}"),
        };
        Err(name)
    }

    /// How many bytes one packed byte can become at most. deflate: 258 bytes by two bits; LZW: strings of up to 4 096
    /// by 12 bits; zstd: a block of 128 KiB by four bytes.
    pub(super) fn most(self) -> u64 {
        match self {
            Self::Plain => 1,
            Self::PackBits => 64,
            Self::Deflate => 1032,
            Self::Lzw => 2731,
            Self::Zstd => 1 << 15,
        }
    }

    /// Whether a predictor may stand before it.
    pub(super) fn predicts(self) -> bool {
        matches!(self, Self::Lzw | Self::Deflate | Self::Zstd)
    }
}

/// Unpacks; its state is used again from block to block.
pub(super) struct Unpacker {
    deflate: Decompressor,
    zstd: Option<zstd::bulk::Decompressor<'static>>,
}

impl Unpacker {
    pub(super) fn new() -> Self {
        Self { deflate: Decompressor::new(), zstd: None }
    }

    /// Fills `out`; what the block holds beyond is left. The error is the cause.
    pub(super) fn unpack(&mut self, packing: Packing, packed: &[u8], out: &mut [u8]) -> Result<(), String> {
        let filled = match packing {
            Packing::Plain => {
                let count = packed.len().min(out.len());
                out[..count].copy_from_slice(&packed[..count]);
                count
            }
            Packing::Deflate => self.deflated(packed, out)?,
            Packing::Lzw => lzw(packed, out)?,
            Packing::Zstd => self.zstd(packed, out)?,
            Packing::PackBits => pack_bits(packed, out),
        };
        let short = || format!("a block holds {filled} bytes in place of {}", out.len());
        (filled == out.len()).then_some(()).ok_or_else(short)
    }

    fn deflated(&mut self, packed: &[u8], out: &mut [u8]) -> Result<usize, String> {
        match self.deflate.zlib_decompress(packed, out) {
            Ok(count) => Ok(count),
            Err(DecompressionError::BadData) => Err("a deflate block is damaged".to_owned()),
            // Strips that some programs fill up to their full height; twice is more than any.
            Err(DecompressionError::InsufficientSpace) => {
                let mut longer = vec![0; out.len() * 2];
                let read = self.deflate.zlib_decompress(packed, &mut longer);
                let read = read.map_err(|_| "a deflate block is longer than it should be".to_owned())?;
                let count = read.min(out.len());
                out[..count].copy_from_slice(&longer[..count]);
                Ok(count)
            }
        }
    }

    fn zstd(&mut self, packed: &[u8], out: &mut [u8]) -> Result<usize, String> {
        let fault = |e: std::io::Error| format!("a zstd block is damaged ({e})");
        let unpacker = match &mut self.zstd {
            Some(unpacker) => unpacker,
            none => none.insert(zstd::bulk::Decompressor::new().map_err(fault)?),
        };
        unpacker.decompress_to_buffer(packed, out).map_err(fault)
    }
}

fn lzw(mut packed: &[u8], out: &mut [u8]) -> Result<usize, String> {
    let kind = decode::Configuration::with_tiff_size_switch(BitOrder::Msb, 8);
    let mut decoder = kind.with_yield_on_full_buffer(true).build();
    let mut filled = 0;
    while filled < out.len() {
        let step = decoder.decode_bytes(packed, &mut out[filled..]);
        packed = packed.get(step.consumed_in..).unwrap_or_default();
        filled += step.consumed_out;
        match step.status {
            Ok(LzwStatus::Ok) if step.consumed_in + step.consumed_out > 0 => {}
            Ok(_) => break,
            Err(_) => return Err("an LZW block is damaged".to_owned()),
        }
    }
    Ok(filled)
}

fn pack_bits(packed: &[u8], out: &mut [u8]) -> usize {
    let (mut at, mut filled) = (0, 0);
    while let Some(&head) = packed.get(at).filter(|_| filled < out.len()) {
        at += 1;
        match head as i8 {
            -128 => {}
            head if head >= 0 => {
                let run = packed.get(at..).unwrap_or_default();
                let count = (head as usize + 1).min(run.len()).min(out.len() - filled);
                out[filled..filled + count].copy_from_slice(&run[..count]);
                (at, filled) = (at + head as usize + 1, filled + count);
            }
            head => {
                let Some(&byte) = packed.get(at) else { break };
                let count = (1 - isize::from(head)) as usize;
                let count = count.min(out.len() - filled);
                out[filled..filled + count].fill(byte);
                (at, filled) = (at + 1, filled + count);
            }
        }
    }
    filled
}

/// Turns numbers of so many bytes from the file's order into the machine's.
pub(super) fn turn(bytes: &mut [u8], width: usize, big_endian: bool) {
    if width > 1 && big_endian != cfg!(target_endian = "big") {
        bytes.chunks_exact_mut(width).for_each(<[u8]>::reverse);
    }
}

/// Adds differences up along a row of whole numbers (predictor 2); `step` numbers lie from one of a band to the next.
pub(super) fn add_up(row: &mut [u8], width: usize, step: usize) {
    macro_rules! sum {
        ($number:ty) => {{
            const WIDTH: usize = size_of::<$number>();
            let mut before = vec![0 as $number; step];
            for numbers in row.chunks_exact_mut(WIDTH * step) {
                for (sum, bytes) in before.iter_mut().zip(numbers.chunks_exact_mut(WIDTH)) {
                    let mut word = [0; WIDTH];
                    word.copy_from_slice(bytes);
                    *sum = sum.wrapping_add(<$number>::from_ne_bytes(word));
                    bytes.copy_from_slice(&sum.to_ne_bytes());
                }
            }
        }};
    }
    match width {
        1 if step == 1 => {
            row.iter_mut().fold(0_u8, |sum, byte| {
                *byte = byte.wrapping_add(sum);
                *byte
            });
        }
        1 => sum!(u8),
        2 => sum!(u16),
        4 => sum!(u32),
        _ => sum!(u64),
    }
}

/// Undoes predictor 3 on a row of floating-point numbers: bytes were sorted by their rank, highest first, and written
/// as differences. The numbers are in the machine's order afterwards.
pub(super) fn put_together(row: &mut [u8], width: usize, step: usize, sorted: &mut Vec<u8>) {
    for i in step..row.len() {
        row[i] = row[i].wrapping_add(row[i - step]);
    }
    sorted.clear();
    sorted.extend_from_slice(row);
    let count = row.len() / width;
    for (i, number) in row.chunks_exact_mut(width).enumerate() {
        for (rank, byte) in number.iter_mut().enumerate() {
            let rank = if cfg!(target_endian = "big") { rank } else { width - 1 - rank };
            *byte = sorted[rank * count + i];
        }
    }
}
