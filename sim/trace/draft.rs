//! A trace in the making: times and counts read from text, jobs gathered within bounds, put in order.

use super::decimal::{Decimal, TimeUnit};
use super::error::Fault;
use super::{Trace, TraceJob};

/// Most jobs of a trace. Assumed: at about 200 bytes each they still fit a small machine.
pub const MOST_JOBS: usize = 10_000_000;

/// Run time of a job that has none, as the Parallel Workloads Archive's users count it: one second.
pub(super) const NO_RUN: u64 = TimeUnit::SECOND_NS;

/// Jobs gathered so far and what has to be said about them.
pub(super) struct Draft {
    /// Unit of every time in the file.
    pub(super) unit: TimeUnit,
    /// Size of the machine, as far as known.
    pub(super) machine: Option<u32>,
    /// Remarks for the user.
    pub(super) notes: Vec<String>,
    jobs: Vec<TraceJob>,
    rounded: u64,
}

impl Draft {
    pub(super) fn new(unit: TimeUnit, machine: Option<u32>) -> Self {
        Self { unit, machine, notes: Vec::new(), jobs: Vec::new(), rounded: 0 }
    }

    /// A time in nanoseconds.
    pub(super) fn time(&mut self, line: u64, field: &str, text: &str) -> Result<u64, Fault> {
        let reading = self.unit.read(text).map_err(|expected| Fault::field(line, field, text, expected))?;
        self.rounded += u64::from(reading.rounded);
        Ok(reading.ns)
    }

    /// A time in nanoseconds, none where the text is -1.
    pub(super) fn known_time(&mut self, line: u64, field: &str, text: &str) -> Result<Option<u64>, Fault> {
        if is_unknown(text) { Ok(None) } else { self.time(line, field, text).map(Some) }
    }

    /// Adds a job.
    pub(super) fn push(&mut self, line: u64, job: TraceJob) -> Result<(), Fault> {
        if self.jobs.len() >= MOST_JOBS {
            let expected = format!("at most {MOST_JOBS} jobs");
            return Err(Fault::at(line, "one job more", expected).hint("cut the trace"));
        }
        self.jobs.push(job);
        Ok(())
    }

    /// Takes `start` from every submission.
    pub(super) fn count_from(&mut self, start: u64) {
        for job in &mut self.jobs {
            job.submit = job.submit.saturating_sub(start);
        }
    }

    /// Earliest submission.
    pub(super) fn first_submit(&self) -> Option<u64> {
        self.jobs.iter().map(|job| job.submit).min()
    }

    /// The trace, its jobs by (submit, line).
    pub(super) fn finish(mut self, content_hash: String) -> Result<Trace, Fault> {
        if self.jobs.is_empty() {
            return Err(Fault::whole("no job", "at least one job"));
        }
        if self.rounded > 0 {
            self.notes.push(format!("{} times said more than a nanosecond and were rounded", self.rounded));
        }
        self.jobs.sort_by_key(|job| job.submit);
        Ok(Trace { jobs: self.jobs, content_hash, machine: self.machine, notes: self.notes })
    }
}

/// Whether the text is -1, by which archives say that they do not know.
pub(super) fn is_unknown(text: &str) -> bool {
    text.parse::<Decimal>().is_ok_and(Decimal::is_minus_one)
}

/// A whole number from zero to `most`.
pub(super) fn count(line: u64, field: &str, text: &str, most: u32) -> Result<u32, Fault> {
    let number = text.parse::<Decimal>().ok().and_then(Decimal::whole);
    let fits = number.and_then(|n| u32::try_from(n).ok()).filter(|n| *n <= most);
    fits.ok_or_else(|| Fault::field(line, field, text, format!("a whole number from 0 to {most}")))
}

/// A run time, one second where it is zero.
pub(super) fn lasting(run: u64) -> u64 {
    if run == 0 { NO_RUN } else { run }
}
