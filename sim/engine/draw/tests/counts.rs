//! Whole numbers: Poisson and geometric counts, choices by weight, coin tosses.

use super::super::*;
use super::{assert_near, grid, luck, moments};

/// P(X <= k) by summing the probabilities, each from its logarithm.
fn poisson_distribution(mean: f64, k: u64) -> f64 {
    let first = k.saturating_sub((40.0 * mean.sqrt()) as u64 + 40);
    let probability = |j: u64| exp(j as f64 * log(mean) - mean - libm::lgamma(j as f64 + 1.0));
    (first..=k).map(probability).sum()
}

#[test]
fn poisson_and_geometric_are_the_quantiles_of_their_laws() {
    for mean in [0.01, 0.8, 1.0, 7.3, 40.0, 1_234.5] {
        for u in grid() {
            let k = poisson(mean, u);
            assert!(poisson_distribution(mean, k) > u - 1e-11, "{mean} {u}");
            assert!(k == 0 || poisson_distribution(mean, k - 1) <= u + 1e-11, "{mean} {u}");
        }
    }
    for p in [0.001, 0.3, 0.95] {
        for u in grid() {
            let k = geometric(p, u) as f64;
            assert!(1.0 - pow(1.0 - p, k + 1.0) > u - 1e-12, "{p} {u}");
            assert!(1.0 - pow(1.0 - p, k) <= u + 1e-12, "{p} {u}");
        }
    }
}

#[test]
fn poisson_and_geometric_meet_their_limits() {
    let largest = 1.0 - f64::EPSILON / 2.0;
    assert_eq!(poisson(0.0, largest), 0);
    assert_eq!(geometric(1.0, largest), 0);
    assert_eq!(geometric(1e-300, 0.5), u64::MAX);
    // Far tails end, on both sides of the mode; the median of a large mean is near it.
    assert!(poisson(5.0, 1e-300) == 0 && poisson(5.0, largest) < 50);
    assert!((1e8 - 1.0..1e8 + 1.0).contains(&(poisson(1e8, 0.5) as f64)));
    let (mean, variance) = moments(|u| poisson(9.7, u) as f64);
    assert_near(mean, 9.7, 1e-3, "mean");
    assert_near(variance, 9.7, 2e-3, "variance");
}

#[test]
fn choices_fall_in_proportion_and_never_on_zero_weight() {
    let sums = cumulate(&[0.0, 1.0, 0.0, 3.0, 0.0]);
    assert_eq!(sums, [0.0, 1.0, 1.0, 4.0, 4.0]);
    let smallest = f64::EPSILON / 2.0;
    let cases = [(smallest, 1), (0.249, 1), (0.251, 3), (1.0 - smallest, 3)];
    for (u, expected) in cases {
        assert_eq!(discrete(&sums, u), expected, "{u}");
    }
    for total in [1.0, 3.0, 1.0 + f64::EPSILON, 1e300, 7e-300] {
        assert_eq!(discrete(&[total], 1.0 - smallest), 0, "{total}");
    }
    assert_eq!((index(10, smallest), index(10, 1.0 - smallest)), (0, 9));
    assert_eq!(index(1 << 52, 1.0 - smallest), (1 << 52) - 1);
    assert!(!bernoulli(0.0, 1.0 - smallest) && bernoulli(1.0, smallest));
    let heads = (0..100_000).filter(|&i| bernoulli(0.3, luck("heads").uniform(i))).count();
    // Within 3.3 standard deviations of 30,000.
    assert!((29_522..30_478).contains(&heads), "{heads}");
}
