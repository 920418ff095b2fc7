//! Stored values as keys of sums, and as numbers.

use crate::measure::zonal::key::Key;
use crate::survey::raster::{CellKind, Frame, stands_for_none};

/// A kind of stored value.
pub(super) trait Stored: Copy + PartialEq {
    /// The same bits for the same value; one for both zeros.
    fn raw(self) -> u64;
    /// As a number.
    fn number(self) -> f64;
}

macro_rules! whole {
    ($($kind:ty),*) => {$(
        impl Stored for $kind {
            fn raw(self) -> u64 {
                self as i64 as u64
            }
            fn number(self) -> f64 {
                self as f64
            }
        }
    )*};
}

whole!(u8, i8, u16, i16, u32, i32, u64, i64);

macro_rules! real {
    ($($kind:ty),*) => {$(
        impl Stored for $kind {
            fn raw(self) -> u64 {
                (f64::from(self) + 0.0).to_bits()
            }
            fn number(self) -> f64 {
                f64::from(self)
            }
        }
    )*};
}

real!(f32, f64);

/// What stored values mean.
#[derive(Debug, Clone, Copy)]
pub(super) struct Meaning {
    kind: CellKind,
    nodata: Option<f64>,
    scale: f64,
    offset: f64,
}

impl Meaning {
    pub(super) fn of(frame: &Frame) -> Self {
        Self { kind: frame.kind, nodata: frame.nodata, scale: frame.scale, offset: frame.offset }
    }

    /// Whether a stored value is none.
    pub(super) fn is_nodata(&self, stored: f64) -> bool {
        stands_for_none(self.nodata, stored)
    }

    /// The value of a stored one.
    pub(super) fn value(&self, stored: f64) -> f64 {
        if self.plain() { stored } else { stored * self.scale + self.offset }
    }

    /// The stored number behind [`Stored::raw`].
    pub(super) fn stored(&self, raw: u64) -> f64 {
        match self.kind {
            CellKind::F32 | CellKind::F64 => f64::from_bits(raw),
            CellKind::U64 => raw as f64,
            _ => raw as i64 as f64,
        }
    }

    /// The key under which its sums are printed.
    pub(super) fn key(&self, raw: u64) -> Key {
        match self.kind {
            CellKind::F32 | CellKind::F64 => Key::real(self.value(f64::from_bits(raw))),
            _ if !self.plain() => Key::real(self.value(self.stored(raw))),
            CellKind::U64 => Key::Whole(i128::from(raw)),
            _ => Key::Whole(i128::from(raw as i64)),
        }
    }

    fn plain(&self) -> bool {
        self.scale == 1.0 && self.offset == 0.0
    }
}
