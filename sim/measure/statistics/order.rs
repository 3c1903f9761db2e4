//! An interval for a quantile from the values in order, whatever their law.
//!
//! The number of values below the p-quantile is binomial (n, p); two of the ordered values therefore enclose it with a
//! chance that is known exactly (David and Nagaraja, Order Statistics, 3rd ed., section 7.1).

use super::sorted;
use libm::{exp, lgamma, log, log1p};

/// An interval between two of the values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Between {
    /// Lower value.
    pub low: f64,
    /// Upper value.
    pub high: f64,
    /// The chance that it holds the quantile, at least what was asked for; more, since values are few.
    pub confidence: f64,
}

/// The interval for the p-quantile at `confidence` with at most half of what is left in each tail. `None` where so few
/// values cannot give it (the smallest and largest enclose it too seldom), or p or confidence is outside (0, 1).
#[must_use]
pub fn quantile_interval(values: &[f64], p: f64, confidence: f64) -> Option<Between> {
    let within = |share: f64| share > 0.0 && share < 1.0;
    if !(within(p) && within(confidence)) {
        return None;
    }
    let ascending = sorted(values);
    let count = ascending.len();
    let tail = (1.0 - confidence) / 2.0;
    let chances: Vec<f64> = (0..=count).map(|below| binomial(count, below, p)).collect();
    // The largest rank r (from 1) with P(below < r) <= tail: the r-th value lies above the quantile as seldom as that.
    let mut missed_low = 0.0;
    let mut low = 0;
    while low < count && missed_low + chances[low] <= tail {
        missed_low += chances[low];
        low += 1;
    }
    let mut missed_high = 0.0;
    let mut high = count + 1;
    while high > 1 && missed_high + chances[high - 1] <= tail {
        missed_high += chances[high - 1];
        high -= 1;
    }
    (low >= 1 && high <= count && low <= high).then(|| Between {
        low: ascending[low - 1],
        high: ascending[high - 1],
        confidence: 1.0 - missed_low - missed_high,
    })
}

/// The chance of `hits` in `trials`, each of chance p.
fn binomial(trials: usize, hits: usize, p: f64) -> f64 {
    let (n, k) = (trials as f64, hits as f64);
    let ways = lgamma(n + 1.0) - lgamma(k + 1.0) - lgamma(n - k + 1.0);
    exp(ways + k * log(p) + (n - k) * log1p(-p))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::draw::exponential;
    use crate::engine::streams::{EntityKey, Purpose, Seed, Streams};

    #[test]
    fn the_median_of_ten_lies_between_the_second_and_the_ninth() {
        // The textbook case: P = 1 - 2 (1 + 10) / 1024 = 0.978516.
        let values: Vec<f64> = (1..=10).rev().map(f64::from).collect();
        let found = quantile_interval(&values, 0.5, 0.95).expect("ten are enough");
        assert_eq!((found.low, found.high), (2.0, 9.0));
        assert!((found.confidence - (1.0 - 22.0 / 1024.0)).abs() < 1e-12, "{}", found.confidence);
    }

    #[test]
    fn too_few_values_give_no_interval() {
        // Five values enclose the median with 1 - 2/32 = 0.9375 only; no 20 reach a 99th percentile.
        assert_eq!(quantile_interval(&[1.0, 2.0, 3.0, 4.0, 5.0], 0.5, 0.95), None);
        assert!(quantile_interval(&[1.0, 2.0, 3.0, 4.0, 5.0], 0.5, 0.9).is_some());
        assert_eq!(quantile_interval(&[1.0; 20], 0.99, 0.95), None);
        assert_eq!(quantile_interval(&[], 0.5, 0.95), None);
        assert_eq!(quantile_interval(&[1.0; 20], 0.0, 0.95), None);
    }

    #[test]
    fn it_holds_the_quantile_as_often_as_it_says() {
        let streams = Streams::new(Seed { master: 9, replication: 0 });
        let truth = exponential(1.0, 0.9);
        let (mut held, mut said) = (0, 0.0);
        for number in 0..1000 {
            let mut cursor = streams.stream(Purpose::new("order"), EntityKey(number)).cursor(0);
            let values: Vec<f64> = (0..60).map(|_| exponential(1.0, cursor.uniform())).collect();
            let found = quantile_interval(&values, 0.9, 0.95).expect("sixty are enough");
            held += u32::from(found.low <= truth && truth <= found.high);
            said = found.confidence;
        }
        let share = f64::from(held) / 1000.0;
        assert!((share - said).abs() < 0.025, "{share}, said {said}");
    }
}
