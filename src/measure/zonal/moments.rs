//! Mean, spread and ends of weighted values.

use serde::{Deserialize, Serialize};

/// Of some values with weights.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Moments {
    /// The sum of the weights.
    pub weight: f64,
    /// The weighted mean.
    pub mean: f64,
    /// The weighted sum of squared differences from the mean.
    pub squares: f64,
    /// The least value.
    pub min: f64,
    /// The greatest value.
    pub max: f64,
}

impl Default for Moments {
    fn default() -> Self {
        Self { weight: 0.0, mean: 0.0, squares: 0.0, min: f64::INFINITY, max: f64::NEG_INFINITY }
    }
}

impl Moments {
    /// Of two sets together (T. F. Chan, G. H. Golub, R. J. LeVeque 1979).
    pub fn with(self, other: Self) -> Self {
        let (min, max) = (self.min.min(other.min), self.max.max(other.max));
        let weight = self.weight + other.weight;
        if weight == 0.0 || other.weight == 0.0 {
            return Self { min, max, ..self };
        }
        let (apart, share) = (other.mean - self.mean, other.weight / weight);
        Self {
            weight,
            mean: self.mean + apart * share,
            squares: self.squares + other.squares + apart * apart * self.weight * share,
            min,
            max,
        }
    }

    /// The weighted standard deviation of all that there is (not of a sample of it); none without weight.
    pub fn stdev(&self) -> Option<f64> {
        (self.weight > 0.0).then(|| (self.squares / self.weight).max(0.0).sqrt())
    }
}

/// Sums that become moments: differences from the first value, so that little cancels.
#[derive(Debug, Clone, Copy, Default)]
pub struct Gathered {
    origin: Option<f64>,
    weight: f64,
    first: f64,
    second: f64,
    ends: Option<[f64; 2]>,
}

impl Gathered {
    /// Adds a value. Values without weight count for the ends only.
    pub fn add(&mut self, value: f64, weight: f64) {
        let apart = value - *self.origin.get_or_insert(value);
        self.weight += weight;
        self.first += weight * apart;
        self.second += weight * apart * apart;
        let [min, max] = self.ends.unwrap_or([value; 2]);
        self.ends = Some([min.min(value), max.max(value)]);
    }

    /// What was added.
    pub fn moments(&self) -> Moments {
        let (Some(origin), Some([min, max])) = (self.origin, self.ends) else { return Moments::default() };
        if self.weight == 0.0 {
            return Moments { min, max, ..Moments::default() };
        }
        let apart = self.first / self.weight;
        let squares = (self.second - self.first * apart).max(0.0);
        Moments { weight: self.weight, mean: origin + apart, squares, min, max }
    }
}
