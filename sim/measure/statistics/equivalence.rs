//! Are two means different, and are they the same within a margin? Welch's test and two one-sided tests (TOST).
//!
//! That a difference is not significant does not make two things equal. TOST (Schuirmann 1987) takes "apart by at least
//! the margin" as what must be refuted: both one-sided tests must do so.

use super::{mean, standard_deviation, t_quantile, t_tail};

/// A mean difference with its standard error and degrees of freedom.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Difference {
    /// Mean of the second less mean of the first.
    pub mean: f64,
    /// Its standard error.
    pub error: f64,
    /// Degrees of freedom.
    pub degrees: f64,
}

impl Difference {
    /// Of independent samples with variances of their own: Welch (1947), degrees by Satterthwaite. `None` for fewer than
    /// two values on a side.
    #[must_use]
    pub fn welch(first: &[f64], second: &[f64]) -> Option<Difference> {
        let part = |values: &[f64]| {
            standard_deviation(values).map(|deviation| deviation * deviation / values.len() as f64)
        };
        let (a, b) = (part(first)?, part(second)?);
        let (n, m) = (first.len() as f64 - 1.0, second.len() as f64 - 1.0);
        let error = (a + b).sqrt();
        // Where neither side varies, any degrees tell the same.
        let degrees = if error > 0.0 { (a + b) * (a + b) / (a * a / n + b * b / m) } else { n + m };
        Some(Difference { mean: mean(second)? - mean(first)?, error, degrees })
    }

    /// Of pairs on common random numbers. `None` for lists of different length or fewer than two pairs.
    #[must_use]
    pub fn paired(first: &[f64], second: &[f64]) -> Option<Difference> {
        if first.len() != second.len() {
            return None;
        }
        let apart: Vec<f64> = first.iter().zip(second).map(|(a, b)| b - a).collect();
        let error = standard_deviation(&apart)? / (apart.len() as f64).sqrt();
        Some(Difference { mean: mean(&apart)?, error, degrees: apart.len() as f64 - 1.0 })
    }

    /// Student's t of the hypothesis that the difference is zero; infinite where nothing varies and it is not.
    #[must_use]
    pub fn t(&self) -> f64 {
        self.from(0.0)
    }

    /// Two-sided p of that hypothesis.
    #[must_use]
    pub fn p(&self) -> f64 {
        (2.0 * t_tail(self.t().abs(), self.degrees)).min(1.0)
    }

    /// Half width of the interval at `confidence`.
    #[must_use]
    pub fn half_width(&self, confidence: f64) -> f64 {
        t_quantile(0.5 + confidence / 2.0, self.degrees) * self.error
    }

    /// p of the hypothesis that the difference is `margin` or more in size: the larger of the two one-sided ones. Small
    /// means the same within the margin.
    #[must_use]
    pub fn tost(&self, margin: f64) -> f64 {
        let above = t_tail(self.from(-margin), self.degrees);
        let below = t_tail(-self.from(margin), self.degrees);
        above.max(below)
    }

    /// How many standard errors the mean lies above a value.
    fn from(&self, value: f64) -> f64 {
        let apart = self.mean - value;
        match apart {
            0.0 => 0.0,
            _ => apart / self.error,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-9, "{found} is not {expected}");
    }

    #[test]
    fn equal_variances_and_sizes_give_students_test() {
        // Means 2 and 4, variances 1, three each: error sqrt(2/3), degrees 4, t = 2.449490.
        let found = Difference::welch(&[1.0, 2.0, 3.0], &[3.0, 4.0, 5.0]).expect("three each");
        close(found.degrees, 4.0);
        close(found.t(), 6.0_f64.sqrt());
        // Closed form for four degrees: P(T > t) = 1/2 - 3/8 s (1 - s^2 / 12 ...) with s = t / sqrt(1 + t^2 / 4).
        let s = found.t() / (1.0 + found.t() * found.t() / 4.0).sqrt();
        let tail = 0.5 - 0.375 * s * (1.0 - s * s / 12.0);
        close(found.p(), 2.0 * tail);
    }

    #[test]
    fn unequal_variances_cost_degrees() {
        // Parts 1/3 and 100/3: degrees = (101/3)^2 / ((1/9 + 10000/9) / 2) = 2.039996.
        let found = Difference::welch(&[1.0, 2.0, 3.0], &[0.0, 10.0, 20.0]).expect("three each");
        close(found.degrees, 2.0 * 10_201.0 / 10_001.0);
    }

    #[test]
    fn the_same_within_a_margin_is_another_question_than_not_different() {
        let (first, second) = ([10.0, 12.0, 8.0, 11.0], [10.1, 12.0, 8.1, 11.0]);
        let apart = Difference::welch(&first, &second).expect("four each");
        let paired = Difference::paired(&first, &second).expect("four pairs");
        // Apart, neither question has an answer; paired, both have: it is not different and the same within 0.5.
        assert!(apart.p() > 0.9 && apart.tost(0.5) > 0.3, "{}", apart.tost(0.5));
        assert!(paired.p() > 0.1 && paired.tost(0.5) < 0.001, "{}", paired.tost(0.5));
        assert!(paired.tost(0.01) > 0.5, "a margin below the difference cannot be met");
        close(paired.half_width(0.95), t_quantile(0.975, 3.0) * paired.error);
    }

    #[test]
    fn what_does_not_vary_is_certain() {
        let same = Difference::paired(&[1.0, 2.0], &[1.0, 2.0]).expect("two pairs");
        assert_eq!((same.p(), same.tost(0.1)), (1.0, 0.0));
        let moved = Difference::paired(&[1.0, 2.0], &[2.0, 3.0]).expect("two pairs");
        assert_eq!((moved.p(), moved.tost(0.5)), (0.0, 1.0));
        assert_eq!(Difference::paired(&[1.0], &[1.0]), None);
        assert_eq!(Difference::welch(&[1.0], &[1.0, 2.0]), None);
    }
}
