//! Jobs of a trace: which is next, and what became of each.

use crate::engine::Time;
use crate::scenario::trace::TraceDemand;
use crate::trace::TraceJob;
use crate::trace::inflate::inflate;
use depin_protocol::ids::{AccountId, DeviceId, JobId};

/// What became of one job.
#[derive(Clone, Debug, Default)]
pub struct Row {
    /// Its place among the jobs.
    pub index: usize,
    /// When it was submitted.
    pub submit: Time,
    /// When it first started.
    pub start: Option<Time>,
    /// When it left its devices for good.
    pub finish: Option<Time>,
    /// Its devices, with the cards it holds of each; the latest ones, when it was interrupted.
    pub devices: Vec<(DeviceId, Vec<u16>)>,
}

/// The jobs of one replication.
#[derive(Debug)]
pub struct Traced {
    jobs: Vec<TraceJob>,
    renter: AccountId,
    /// True when jobs come one by one at the first instant instead of at their times.
    at_once: bool,
    /// True when jobs hold their devices for ever.
    forever: bool,
    next: usize,
    /// One per submitted job.
    rows: Vec<Row>,
    /// Row of each of the protocol's jobs.
    of_job: Vec<u32>,
    over: usize,
}

impl Traced {
    /// The jobs of a trace, or as many redrawn ones as ask for `load` of all `cards`.
    pub fn new(
        demand: &TraceDemand,
        renter: AccountId,
        cards: u64,
        uniform: impl FnMut(u64) -> f64,
    ) -> Traced {
        let jobs = demand.trace.jobs.clone();
        let jobs = match demand.load {
            None => jobs,
            Some(load) => {
                let target = (cards as f64 * 1000.0 * load) as u64;
                inflate(jobs, target, uniform).expect("the scenario's reader saw that the load can be met")
            }
        };
        Traced {
            at_once: demand.load.is_some(),
            forever: demand.forever,
            rows: Vec::with_capacity(jobs.len()),
            of_job: Vec::with_capacity(jobs.len()),
            jobs,
            renter,
            next: 0,
            over: 0,
        }
    }

    /// A job of this replication, redrawn ones included.
    #[must_use]
    pub fn job(&self, index: usize) -> &TraceJob {
        &self.jobs[index]
    }

    /// When the next job comes. Redrawn jobs have no times of their own: they come a second apart (assumed; nothing
    /// departs, so only their order matters).
    #[must_use]
    pub fn next_submit(&self) -> Option<Time> {
        let job = self.jobs.get(self.next)?;
        Some(if self.at_once {
            Time(self.next as u64 * crate::engine::Span::SECOND.0)
        } else {
            Time(job.submit)
        })
    }

    /// Takes the next job if its time has come.
    pub fn take_due(&mut self, now: Time) -> Option<(usize, AccountId)> {
        if self.next_submit()? > now {
            return None;
        }
        let index = self.next;
        self.next += 1;
        self.rows.push(Row { index, submit: now, ..Row::default() });
        Some((index, self.renter))
    }

    /// The job taken last was accepted by the network, or refused.
    pub fn submitted(&mut self, accepted: bool) {
        if accepted {
            self.of_job.push(u32::try_from(self.rows.len() - 1).expect("fewer than 2^32 jobs"));
        } else {
            self.over += 1;
        }
    }

    /// Notes a start; returns the job's place in the trace.
    pub fn started(&mut self, job: JobId, now: Time, devices: Vec<(DeviceId, Vec<u16>)>) -> usize {
        let row = &mut self.rows[self.of_job[job.at()] as usize];
        row.start = row.start.or(Some(now));
        row.devices = devices;
        row.index
    }

    /// Notes an end, or that a job left without having run.
    pub fn ended(&mut self, job: JobId, now: Time) {
        let row = &mut self.rows[self.of_job[job.at()] as usize];
        row.finish = row.start.map(|_| now);
        self.over += 1;
    }

    /// True when nothing is to come, waits or runs.
    #[must_use]
    pub fn is_drained(&self) -> bool {
        self.next == self.jobs.len() && (self.forever || self.over == self.rows.len())
    }

    /// One row per job submitted, in order of submission.
    #[must_use]
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }
}
