//! More load out of one trace: tasks redrawn until a target is requested, then all shuffled.

use super::TraceJob;
use super::draft::MOST_JOBS;
use std::fmt;

/// Why a target cannot be met.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CannotInflate {
    /// No task of the trace requests any part of a card.
    NoCards,
    /// The target needs more tasks than a trace may have.
    TooManyJobs,
}

impl fmt::Display for CannotInflate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoCards => {
                f.write_str("no task of the trace requests a GPU, so no number of them meets the target")
            }
            Self::TooManyJobs => write!(f, "the target needs more than {MOST_JOBS} tasks"),
        }
    }
}

impl std::error::Error for CannotInflate {}

/// Thousandths of cards that a job requests.
#[must_use]
pub fn card_milli(job: &TraceJob) -> u64 {
    u64::from(job.procs) * u64::from(job.card_milli)
}

/// The trace and, behind it, tasks redrawn from it with replacement until at least `target_card_milli` is
/// requested in all; then a Fisher-Yates shuffle by the same stream. `u(i)` is the i-th uniform number in
/// [0, 1); each redraw and each step of the shuffle takes one, in order from 0. The n-th redrawn task, from 0,
/// is named `<id>-tuned-<n>` and keeps its times. A trace that requests more than the target is shuffled only.
///
/// # Errors
/// When the target cannot be met.
pub fn inflate(
    mut jobs: Vec<TraceJob>,
    target_card_milli: u64,
    mut u: impl FnMut(u64) -> f64,
) -> Result<Vec<TraceJob>, CannotInflate> {
    let own = jobs.len();
    let mut requested: u64 = jobs.iter().map(card_milli).sum();
    if requested == 0 && target_card_milli > 0 {
        return Err(CannotInflate::NoCards);
    }
    let mut draws = 0..;
    let mut below = |bound: usize| index(u(draws.next().unwrap_or(u64::MAX)), bound);
    while requested < target_card_milli {
        if jobs.len() >= MOST_JOBS {
            return Err(CannotInflate::TooManyJobs);
        }
        let mut task = jobs[below(own)].clone();
        task.id = format!("{}-tuned-{}", task.id, jobs.len() - own);
        requested += card_milli(&task);
        jobs.push(task);
    }
    for last in (1..jobs.len()).rev() {
        let other = below(last + 1);
        jobs.swap(last, other);
    }
    Ok(jobs)
}

/// A place below `bound` from a uniform number; one that is not in [0, 1) gives the nearest place.
fn index(u: f64, bound: usize) -> usize {
    ((u * bound as f64) as usize).min(bound - 1)
}
