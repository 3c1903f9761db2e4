//! Sweeps: an experiment's runs, carried out on many threads or machines, none lost and none done twice.
//!
//! A sweep is a folder. Its [`manifest`] says all of the experiment. Its runs are numbered, design row by design row and
//! within one by replication, and cut into [`blocks`] of equal size. While a block is worked on, each run that ends is a
//! line of the block's [`journal`]; when the last has ended, the block is sealed: its lines, in the order of their
//! numbers, become a part (a table), which appears whole by renaming, and the journal goes. What is in the folder
//! therefore says what is done, whenever the process dies; and parts depend on nothing but the experiment.

pub mod blocks;
pub mod carry;
pub mod file;
pub mod journal;
pub mod manifest;
pub mod outcome;
pub mod subject;
#[cfg(test)]
mod tests;

use super::design::Design;
use outcome::Outcome;
use std::sync::atomic::AtomicBool;
use subject::Subject;

/// Most runs of a sweep. Assumed; tables number rows by 32 bits.
pub const RUN_LIMIT: u64 = 4_000_000_000;

/// An experiment that is ready to run.
#[derive(Debug)]
pub struct Sweep {
    /// What each run runs.
    pub subject: Subject,
    /// Which settings it has.
    pub design: Design,
    /// Runs of each design row, each with random streams of its own.
    pub replications: u32,
    /// Master seed of every run: design rows meet the same chances.
    pub seed: u64,
    /// Which metrics are kept: names, or beginnings with `*`; all where there are none.
    pub metrics: Vec<String>,
}

impl Sweep {
    /// How many runs there are.
    #[must_use]
    pub fn runs(&self) -> u64 {
        self.design.rows() * u64::from(self.replications)
    }

    /// Design row and replication of a run.
    #[must_use]
    pub fn place(&self, run: u64) -> (u64, u32) {
        let replications = u64::from(self.replications);
        let replication = u32::try_from(run % replications).expect("it is below a number of 32 bits");
        (run / replications, replication)
    }

    /// The settings of a design row, as `--set` takes them.
    #[must_use]
    pub fn settings(&self, row: u64) -> Vec<String> {
        let point = self.design.point(row);
        self.design.axes().iter().zip(point).map(|(axis, value)| format!("{}={value}", axis.path)).collect()
    }

    /// Carries out one run; `None` when `stop` was raised before it was whole. What fails is an outcome too.
    #[must_use]
    pub fn carry_out(&self, run: u64, stop: &AtomicBool) -> Option<Outcome> {
        let (row, replication) = self.place(run);
        let found = self.subject.carry_out(&self.settings(row), self.seed, replication, stop)?;
        Some(found.outcome(run, |metric| self.keeps(metric)))
    }

    /// Whether an outcome is of the run that its number says.
    #[must_use]
    pub fn knows(&self, outcome: &Outcome) -> bool {
        let (row, replication) = self.place(outcome.run);
        outcome.id == self.subject.name(&self.settings(row), self.seed, replication)
    }

    fn keeps(&self, metric: &str) -> bool {
        self.metrics.is_empty() || self.metrics.iter().any(|pattern| fits(pattern, metric))
    }
}

/// Whether a pattern, a name or a beginning with `*`, is of a metric.
#[must_use]
pub fn fits(pattern: &str, metric: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(start) => metric.starts_with(start),
        None => metric == pattern,
    }
}
