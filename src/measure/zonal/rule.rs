//! Which values count as cover: a condition on one number, as a table of steps.

/// A condition that holds or not between and at some numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct Steps {
    at: Vec<f64>,
    /// At each number.
    on: Vec<bool>,
    /// Below the first, between, and above the last.
    between: Vec<bool>,
}

impl Steps {
    /// Of a condition that compares a value with these numbers only: it is asked once at each, and once between.
    pub fn new(mut numbers: Vec<f64>, holds: impl Fn(f64) -> bool) -> Self {
        numbers.retain(|n| !n.is_nan());
        numbers.sort_by(f64::total_cmp);
        numbers.dedup();
        let on = numbers.iter().map(|&n| holds(n)).collect();
        let inner = numbers.windows(2).map(|pair| holds(pair[0] / 2.0 + pair[1] / 2.0));
        let (first, last) = (numbers.first().copied().unwrap_or(0.0), numbers.last().copied().unwrap_or(0.0));
        let below = holds(first - first.abs().max(1.0));
        let above = (!numbers.is_empty()).then(|| holds(last + last.abs().max(1.0)));
        let between = std::iter::once(below).chain(inner).chain(above).collect();
        Self { on, between, at: numbers }
    }

    /// Whether it holds for a value; never for NaN. O(log numbers).
    pub fn holds(&self, value: f64) -> bool {
        let below = self.at.partition_point(|&n| n < value);
        match self.at.get(below) {
            _ if value.is_nan() => false,
            Some(&n) if n == value => self.on[below],
            _ => self.between[below],
        }
    }
}
