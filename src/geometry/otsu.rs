//! The threshold that parts a histogram into two kinds (大津法).

/// The last bin of the lower kind, such that the variance between the kinds is largest; the middle of the stretch where
/// several bins are as good. `None` where fewer than two bins are filled. O(bins).
///
/// N. Otsu, *A threshold selection method from gray-level histograms*, IEEE Trans. SMC 9 (1979) 62-66, equation 18:
/// σ²(k) = (μ·ω(k) − μ(k))² / (ω(k)·(1 − ω(k))).
pub fn otsu(histogram: &[u64]) -> Option<usize> {
    let weight = |(bin, count): (usize, &u64)| bin as f64 * *count as f64;
    let all: f64 = histogram.iter().map(|&count| count as f64).sum();
    let mean = histogram.iter().enumerate().map(weight).sum::<f64>() / all;
    let (mut below, mut sum) = (0.0, 0.0);
    let mut best: Option<(f64, usize, usize)> = None;
    for (bin, count) in histogram.iter().enumerate() {
        below += *count as f64;
        sum += weight((bin, count));
        if below == 0.0 || below >= all {
            continue;
        }
        let share = below / all;
        let between = (mean * share - sum / all).powi(2) / (share * (1.0 - share));
        best = match best {
            Some((most, first, _)) if between == most => Some((most, first, bin)),
            Some((most, first, last)) if between < most => Some((most, first, last)),
            _ => Some((between, bin, bin)),
        };
    }
    best.map(|(_, first, last)| (first + last) / 2)
}
