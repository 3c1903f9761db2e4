//! Variants against a baseline on common random numbers: paired differences, intervals that hold together, and what
//! the pairing saved.
//!
//! Replication i of every variant draws from the same streams, so its difference to replication i of the baseline has
//! lost what both share. The interval of a mean difference is Student's over the pairs (Law, Simulation Modeling and
//! Analysis, 5th ed., section 10.2.1). That k intervals hold together with confidence c follows from Bonferroni: each is
//! taken at 1 - (1 - c) / k, whatever the metrics have to do with one another.

use super::statistics::{half_width, mean, standard_deviation};

/// What the pairs say about a difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Zero in every pair, to the last bit.
    Same,
    /// Zero lies outside the interval.
    Differs,
    /// Zero lies inside the interval, or one pair alone gives none.
    Undecided,
    /// No pair has both values.
    Undefined,
}

/// One metric of one variant against the baseline.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// Pairs in which both are defined.
    pub pairs: usize,
    /// Mean of the baseline over these pairs.
    pub baseline: Option<f64>,
    /// Mean of the variant over these pairs.
    pub variant: Option<f64>,
    /// Mean of variant less baseline.
    pub difference: Option<f64>,
    /// Interval of the mean difference; `None` for fewer than two pairs.
    pub interval: Option<[f64; 2]>,
    /// 1 - var(differences) / (var(baseline) + var(variant)): the share of variance that common random numbers took away
    /// from the difference, below zero where they added some. `None` where neither varies.
    pub variance_reduction: Option<f64>,
    /// What follows.
    pub verdict: Verdict,
}

impl Comparison {
    /// Compares values by replication; pairs with an undefined side are left out. `confidence` is that of this interval.
    #[must_use]
    pub fn of(baseline: &[Option<f64>], variant: &[Option<f64>], confidence: f64) -> Comparison {
        let defined = baseline.iter().zip(variant).filter_map(|(a, b)| a.zip(*b));
        let (before, after): (Vec<f64>, Vec<f64>) = defined.unzip();
        let differences: Vec<f64> = before.iter().zip(&after).map(|(a, b)| b - a).collect();
        let difference = mean(&differences);
        let half = half_width(&differences, confidence);
        let interval = difference.zip(half).map(|(middle, half)| [middle - half, middle + half]);
        let verdict = if differences.is_empty() {
            Verdict::Undefined
        } else if differences.iter().all(|d| *d == 0.0) {
            Verdict::Same
        } else if interval.is_some_and(|[low, high]| low > 0.0 || high < 0.0) {
            Verdict::Differs
        } else {
            Verdict::Undecided
        };
        Comparison {
            pairs: differences.len(),
            baseline: mean(&before),
            variant: mean(&after),
            difference,
            interval,
            variance_reduction: variance_reduction(&before, &after, &differences),
            verdict,
        }
    }

    /// The difference and its interval as shares of the baseline's size; `None` where that is zero.
    #[must_use]
    pub fn relative(&self) -> Option<(f64, Option<[f64; 2]>)> {
        let size = self.baseline?.abs();
        (size > 0.0).then_some(())?;
        Some((self.difference? / size, self.interval.map(|[low, high]| [low / size, high / size])))
    }

    /// How many times as many independent runs would tell as much: 1 / (1 - variance reduction). `None` where the
    /// differences do not vary.
    #[must_use]
    pub fn worth(&self) -> Option<f64> {
        let left = 1.0 - self.variance_reduction?;
        (left > 0.0).then(|| 1.0 / left)
    }
}

/// The confidence of each of `count` intervals that hold together at `confidence` (Bonferroni).
#[must_use]
pub fn each_of(count: usize, confidence: f64) -> f64 {
    1.0 - (1.0 - confidence) / count.max(1) as f64
}

fn variance_reduction(before: &[f64], after: &[f64], differences: &[f64]) -> Option<f64> {
    let variance = |values: &[f64]| standard_deviation(values).map(|deviation| deviation * deviation);
    let apart = variance(before)? + variance(after)?;
    (apart > 0.0).then_some(())?;
    Some(1.0 - variance(differences)? / apart)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::draw::normal;
    use crate::engine::streams::{EntityKey, Purpose, Seed, Streams};
    use crate::measure::statistics::t_quantile;

    fn some(values: &[f64]) -> Vec<Option<f64>> {
        values.iter().copied().map(Some).collect()
    }

    #[test]
    fn a_variant_that_is_the_baseline_differs_by_exactly_zero() {
        let values = some(&[0.1, 0.7, 1e300, -3.0]);
        let found = Comparison::of(&values, &values, 0.95);
        assert_eq!(
            (found.verdict, found.difference, found.interval),
            (Verdict::Same, Some(0.0), Some([0.0, 0.0]))
        );
        assert_eq!(found.worth(), None);
    }

    #[test]
    fn pairing_takes_away_what_both_share() {
        // The differences are 1, 2, 3: mean 2, deviation 1. Apart, each side has variance 10,000 or more.
        let before = some(&[100.0, 200.0, 300.0]);
        let after = some(&[101.0, 202.0, 303.0]);
        let found = Comparison::of(&before, &after, 0.95);
        let half = t_quantile(0.975, 2.0) / 3.0_f64.sqrt();
        let [low, high] = found.interval.expect("three pairs");
        assert!((low - (2.0 - half)).abs() < 1e-12 && (high - (2.0 + half)).abs() < 1e-12);
        assert_eq!(found.verdict, Verdict::Undecided);
        let expected = 1.0 - 1.0 / (10_000.0 + 10_201.0);
        assert!((found.variance_reduction.expect("it varies") - expected).abs() < 1e-12);
        assert!((found.worth().expect("it varies") - 20_201.0).abs() < 1e-3);
        let steady = Comparison::of(&before, &some(&[101.0, 201.0, 301.0]), 0.95);
        assert_eq!((steady.verdict, steady.interval), (Verdict::Differs, Some([1.0, 1.0])));
    }

    #[test]
    fn what_only_one_side_defines_is_left_out_and_counted() {
        let before = [Some(1.0), None, Some(3.0), Some(5.0)];
        let after = [Some(2.0), Some(9.0), None, Some(7.0)];
        let found = Comparison::of(&before, &after, 0.95);
        assert_eq!((found.pairs, found.baseline, found.variant), (2, Some(3.0), Some(4.5)));
        let one = Comparison::of(&before[..1], &after[..1], 0.95);
        assert_eq!((one.verdict, one.interval), (Verdict::Undecided, None));
        let none = Comparison::of(&before[1..3], &after[1..3], 0.95);
        assert_eq!((none.verdict, none.difference, none.relative()), (Verdict::Undefined, None, None));
    }

    #[test]
    fn more_comparisons_need_wider_intervals() {
        assert!((each_of(10, 0.95) - 0.995).abs() < 1e-12);
        assert!((each_of(0, 0.9) - 0.9).abs() < 1e-12);
    }

    /// Ten metrics that know nothing of one another and do not differ: in how many of a thousand experiments does at
    /// least one of their intervals miss zero? Bonferroni says 5 % at most, and for independent ones nearly that.
    #[test]
    fn intervals_hold_together_as_often_as_they_say() {
        let streams = Streams::new(Seed { master: 7, replication: 0 });
        let mut cursor = streams.stream(Purpose::new("pairs"), EntityKey(0)).cursor(0);
        let mut normals =
            || -> Vec<Option<f64>> { (0..6).map(|_| Some(normal(10.0, 2.0, cursor.uniform()))).collect() };
        let each = each_of(10, 0.95);
        let mut missed = 0;
        for _ in 0..1000 {
            let wrong =
                (0..10).filter(|_| Comparison::of(&normals(), &normals(), each).verdict == Verdict::Differs);
            missed += usize::from(wrong.count() > 0);
        }
        assert!((30..=70).contains(&missed), "{missed} of 1000");
    }
}
