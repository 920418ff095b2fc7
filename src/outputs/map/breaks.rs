//! Class borders: five classes of one round width that hold every share.
//!
//! In: shares as fractions of one. Out: six borders. Guarantees: the borders are multiples of a step from
//! [`STEPS`], rise strictly, stay within 0 to 100 % where the shares do, and every number falls into exactly one
//! class. Equal round steps are read off a legend at sight; quantiles would not be.

/// Number of classes.
pub const CLASSES: usize = 5;
/// Widths of a class, in thousandths: 0.1 % to 20 %. Finer than a tenth of a per cent is not printed anywhere.
const STEPS: [u32; 8] = [1, 2, 5, 10, 20, 50, 100, 200];
/// The width for shares that are all the same: 10 %.
const STEP_OF_ONE: u32 = 100;
/// 100 % in thousandths.
const WHOLE: f64 = 1000.0;

/// The borders of the classes. A class holds its lower border; the last one also holds its upper border.
#[derive(Debug, Clone, PartialEq)]
pub struct Breaks {
    first_thousandths: i64,
    step_thousandths: u32,
}

impl Breaks {
    /// The finest round classes that hold all `shares`; `None` where there are none.
    pub fn of(shares: impl IntoIterator<Item = f64>) -> Option<Self> {
        let (low, high) = shares
            .into_iter()
            .filter(|v| v.is_finite())
            .map(|v| v.clamp(0.0, 1.0) * WHOLE)
            .fold(None, |range, v| match range {
                None => Some((v, v)),
                Some((low, high)) => Some((f64::min(low, v), f64::max(high, v))),
            })?;
        if low == high {
            return Some(Self::from(low, STEP_OF_ONE));
        }
        let holding = STEPS.iter().map(|&step| Self::from(low, step)).find(|b| b.upper() >= high);
        Some(holding.unwrap_or(Self { first_thousandths: 0, step_thousandths: 200 }))
    }

    /// Classes of `step` whose first holds `low`, moved down where they would pass 100 %.
    fn from(low: f64, step: u32) -> Self {
        let below = (low / f64::from(step)).floor() as i64 * i64::from(step);
        let highest = WHOLE as i64 - CLASSES as i64 * i64::from(step);
        Self { first_thousandths: below.min(highest), step_thousandths: step }
    }

    fn upper(&self) -> f64 {
        (self.first_thousandths + CLASSES as i64 * i64::from(self.step_thousandths)) as f64
    }

    /// The borders as fractions of one, rising.
    pub fn borders(&self) -> [f64; CLASSES + 1] {
        std::array::from_fn(|i| {
            (self.first_thousandths + i as i64 * i64::from(self.step_thousandths)) as f64 / WHOLE
        })
    }

    /// The class of a share, counted from the lowest, 0. What lies beyond the borders goes to the nearest class.
    pub fn class(&self, share: f64) -> usize {
        self.borders()[1..CLASSES].iter().filter(|&&border| share >= border).count()
    }

    /// A border as the legend prints it: `40%`, or `0.5%` where the step is finer than one per cent.
    pub fn label(&self, border: f64) -> String {
        let decimals = if self.step_thousandths < 10 { 1 } else { 0 };
        format!("{:.decimals$}%", border * 100.0)
    }
}
