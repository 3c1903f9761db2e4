//! Sobol indices from Saltelli's design: which share of an outcome's variance each axis explains.
//!
//! First order after Saltelli et al. (2010), Computer Physics Communications 181, table 2 (b); total after Jansen
//! (1999); second order after Saltelli (2002). The same estimators as SALib's, with a bootstrap over base points.

use super::{Estimate, RESAMPLES, Refused, Resamples, estimate, sound};
use crate::experiment::design::{Design, Method};

/// The indices of one outcome.
#[derive(Clone, Debug, PartialEq)]
pub struct Indices {
    /// By axis: the share of variance that it explains alone.
    pub first: Vec<Estimate>,
    /// By axis: the share in which it has a part.
    pub total: Vec<Estimate>,
    /// By pair of axes, the first below the second: the share that they explain together and neither alone. Empty where
    /// the design has no rows for pairs.
    pub second: Vec<((usize, usize), Estimate)>,
}

/// The outcomes of a base point.
struct Outcomes<'a> {
    y: &'a [f64],
    axes: usize,
    stride: usize,
    mean: f64,
}

impl Outcomes<'_> {
    fn at(&self, base: usize, part: usize) -> f64 {
        // Centred: the estimator of first order is far less noisy around zero.
        self.y[base * self.stride + part] - self.mean
    }

    fn a(&self, base: usize) -> f64 {
        self.at(base, 0)
    }

    fn ab(&self, base: usize, axis: usize) -> f64 {
        self.at(base, 1 + axis)
    }

    fn ba(&self, base: usize, axis: usize) -> f64 {
        self.at(base, 1 + self.axes + axis)
    }

    fn b(&self, base: usize) -> f64 {
        self.at(base, self.stride - 1)
    }

    /// Variance over the rows of A and B.
    fn variance(&self, bases: &[usize]) -> f64 {
        let count = 2.0 * bases.len() as f64;
        let sum = |of: &dyn Fn(f64) -> f64| bases.iter().map(|&i| of(self.a(i)) + of(self.b(i))).sum::<f64>();
        let mean = sum(&|y| y) / count;
        sum(&|y| (y - mean) * (y - mean)) / count
    }

    fn mean_of(bases: &[usize], of: impl Fn(usize) -> f64) -> f64 {
        bases.iter().map(|&base| of(base)).sum::<f64>() / bases.len() as f64
    }

    fn first(&self, bases: &[usize], axis: usize, variance: f64) -> f64 {
        Self::mean_of(bases, |i| self.b(i) * (self.ab(i, axis) - self.a(i))) / variance
    }

    fn total(&self, bases: &[usize], axis: usize, variance: f64) -> f64 {
        let squared = |i| {
            let difference = self.a(i) - self.ab(i, axis);
            difference * difference
        };
        0.5 * Self::mean_of(bases, squared) / variance
    }

    fn second(&self, bases: &[usize], (j, k): (usize, usize), variance: f64) -> f64 {
        let both = Self::mean_of(bases, |i| self.ba(i, j) * self.ab(i, k) - self.a(i) * self.b(i)) / variance;
        both - self.first(bases, j, variance) - self.first(bases, k, variance)
    }
}

/// The indices of outcomes by design row, with bootstrap intervals of 95 %.
///
/// # Errors
/// When an outcome is missing (NaN), or the outcomes do not vary, or there is one base point.
///
/// # Panics
/// When the design is not Saltelli's, or has another number of rows.
pub fn indices(design: &Design, outcomes: &[f64], seed: u64) -> Result<Indices, Refused> {
    let Method::Saltelli { base, second_order } = *design.method() else {
        panic!("the design is not Saltelli's")
    };
    assert_eq!(outcomes.len() as u64, design.rows(), "an outcome for each row");
    sound(outcomes)?;
    let bases: Vec<usize> = (0..base as usize).collect();
    if bases.len() < 2 {
        return Err(Refused::Few);
    }
    let axes = design.axes().len();
    let mean = outcomes.iter().sum::<f64>() / outcomes.len() as f64;
    let all = Outcomes { y: outcomes, axes, stride: outcomes.len() / bases.len(), mean };
    if all.variance(&bases) == 0.0 {
        return Err(Refused::Constant);
    }
    let pairs: Vec<(usize, usize)> = if second_order {
        (0..axes).flat_map(|j| (j + 1..axes).map(move |k| (j, k))).collect()
    } else {
        Vec::new()
    };
    let values = |bases: &[usize]| -> Vec<f64> {
        let variance = all.variance(bases);
        let first = (0..axes).map(|axis| all.first(bases, axis, variance));
        let total = (0..axes).map(|axis| all.total(bases, axis, variance));
        let second = pairs.iter().map(|&pair| all.second(bases, pair, variance));
        first.chain(total).chain(second).collect()
    };
    let found = values(&bases);
    let mut resampled: Vec<Vec<f64>> = vec![Vec::with_capacity(RESAMPLES); found.len()];
    let resamples = Resamples::of(bases.len(), seed);
    let mut picked = Vec::new();
    for number in 0..RESAMPLES {
        resamples.fill(number, &mut picked);
        let again = values(&picked);
        // A resample that never varies says nothing.
        if again.iter().all(|value| value.is_finite()) {
            resampled.iter_mut().zip(again).for_each(|(all, value)| all.push(value));
        }
    }
    let mut estimates = found.into_iter().zip(resampled).map(|(value, again)| match again.len() {
        0 => Estimate { value, low: value, high: value },
        _ => estimate(value, again),
    });
    let first = estimates.by_ref().take(axes).collect();
    let total = estimates.by_ref().take(axes).collect();
    Ok(Indices { first, total, second: pairs.into_iter().zip(estimates).collect() })
}
