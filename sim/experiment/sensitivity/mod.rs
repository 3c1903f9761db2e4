//! What a design says of sensitivity: which axes move an outcome, and by how much.
//!
//! Outcomes are joined to the design by the number of their row. Where one is missing the answer is [`Refused`]: leaving
//! a row out would shift or bend what the others say.

pub mod correlation;
pub mod functions;
pub mod morris;
pub mod sobol;
#[cfg(test)]
mod tests;

use crate::engine::streams::{EntityKey, Purpose, Seed, Stream, Streams};
use std::fmt;

/// A value with the bounds of its interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// The value.
    pub value: f64,
    /// Lower bound.
    pub low: f64,
    /// Upper bound.
    pub high: f64,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Outcomes of these rows are missing: the first of them, and how many there are.
    Missing {
        /// At most five of them.
        rows: Vec<u64>,
        /// All.
        count: u64,
    },
    /// The outcome never varies, so that nothing explains how it does.
    Constant,
    /// Too few rows.
    Few,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refused::Missing { rows, count } => {
                let rows: Vec<String> = rows.iter().map(u64::to_string).collect();
                let more = if *count > rows.len() as u64 { " and others" } else { "" };
                write!(f, "{count} design rows have no value: {}{more}", rows.join(", "))
            }
            Refused::Constant => write!(f, "it is the same in every row"),
            Refused::Few => write!(f, "there are too few rows"),
        }
    }
}

/// Resamples of a bootstrap. Assumed: the usual thousand.
pub const RESAMPLES: usize = 1000;

/// Refuses what is missing or never varies.
fn sound(outcomes: &[f64]) -> Result<(), Refused> {
    let missing = || (0..).zip(outcomes).filter(|(_, value)| !value.is_finite()).map(|(row, _)| row);
    let count = missing().count() as u64;
    if count > 0 {
        return Err(Refused::Missing { rows: missing().take(5).collect(), count });
    }
    match outcomes.first() {
        None => Err(Refused::Few),
        Some(first) if outcomes.iter().all(|value| value == first) => Err(Refused::Constant),
        Some(_) => Ok(()),
    }
}

/// Draws `count` of `count` with repetition, again and again: resample number `number` is the same wherever it is asked.
struct Resamples {
    stream: Stream,
    count: usize,
}

impl Resamples {
    fn of(count: usize, seed: u64) -> Resamples {
        let streams = Streams::new(Seed { master: seed, replication: 0 });
        let purpose = Purpose::new("experiment.bootstrap");
        Resamples { stream: streams.stream(purpose, EntityKey::of("sensitivity", "", 0)), count }
    }

    fn fill(&self, number: usize, picked: &mut Vec<usize>) {
        picked.clear();
        let first = (number * self.count) as u64;
        let pick = |index: u64| (self.stream.uniform(first + index) * self.count as f64) as usize;
        picked.extend((0..self.count as u64).map(pick));
    }
}

/// Bounds of the middle 95 % of some values: the percentile interval of a bootstrap.
fn middle(mut values: Vec<f64>) -> (f64, f64) {
    values.sort_unstable_by(f64::total_cmp);
    let at = |share: f64| {
        let place = share * (values.len() - 1) as f64;
        let below = place as usize;
        let above = (below + 1).min(values.len() - 1);
        values[below] + (place - below as f64) * (values[above] - values[below])
    };
    (at(0.025), at(0.975))
}

/// An estimate with the percentile interval of its resamples.
fn estimate(value: f64, resampled: Vec<f64>) -> Estimate {
    let (low, high) = middle(resampled);
    Estimate { value, low, high }
}
