//! Chance without a state: a number that belongs to a seed and a place, whoever asks and in whatever order.
//!
//! The mixer is that of SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators",
//! OOPSLA 2014). No machine-dependent function is called.

/// The chance of one place. Narrow it with [`Chance::at`] and [`Chance::of`], then read a number from it.
#[derive(Debug, Clone, Copy)]
pub struct Chance(u64);

impl Chance {
    /// The chance of a whole county.
    pub fn new(seed: u64) -> Self {
        Self(mix(seed ^ 0x73656e_6368656e67))
    }

    /// The chance of the n-th part of this.
    pub fn at(self, n: u64) -> Self {
        Self(mix(self.0 ^ mix(n.wrapping_add(0x9e37_79b9_7f4a_7c15))))
    }

    /// The chance of a named part of this.
    pub fn of(self, name: &str) -> Self {
        name.bytes().fold(self, |chance, byte| chance.at(u64::from(byte)))
    }

    /// The number of this place, even in [0, 1).
    pub fn unit(self) -> f64 {
        (mix(self.0) >> 11) as f64 / (1u64 << 53) as f64
    }

    /// The number of this place, even in [-1, 1).
    pub fn signed(self) -> f64 {
        self.unit() * 2.0 - 1.0
    }

    /// A number between two, by this place.
    pub fn between(self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// A whole number below `n`, by this place; 0 where `n` is 0.
    pub fn below(self, n: usize) -> usize {
        (self.unit() * n as f64) as usize
    }

    /// One of the given things, by this place.
    pub fn pick<T: Copy, const N: usize>(self, from: [T; N]) -> T {
        const { assert!(N > 0) };
        from[self.below(N)]
    }
}

fn mix(z: u64) -> u64 {
    let z = z.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
