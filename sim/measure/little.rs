//! Little's law as an identity: the number of jobs in the system, integrated over the run, is the sum of their times in it.
//!
//! Both sides are counted in nanoseconds, one by changes of the number and one job by job, and compared at the end of every
//! run, in release builds too: a job that is lost, counted twice or ended without having come is seen.

use crate::engine::Time;
use depin_protocol::ids::JobId;

/// See the file's header.
#[derive(Clone, Debug, Default)]
pub struct Little {
    entered: Vec<Time>,
    inside: Vec<bool>,
    number: u64,
    since: Time,
    integral: u128,
    residence: u128,
}

impl Little {
    fn advance(&mut self, now: Time) {
        self.integral += u128::from(self.number) * u128::from(now.since(self.since).0);
        self.since = now;
    }

    /// A job came.
    ///
    /// # Panics
    /// When its number is not the next.
    pub fn enters(&mut self, now: Time, job: JobId) {
        assert_eq!(job.at(), self.entered.len(), "jobs are numbered in the order in which they come");
        self.advance(now);
        self.number += 1;
        self.entered.push(now);
        self.inside.push(true);
    }

    /// A job left: served, given up or turned away.
    ///
    /// # Panics
    /// When it is not there.
    pub fn leaves(&mut self, now: Time, job: JobId) {
        assert!(std::mem::replace(&mut self.inside[job.at()], false), "job {} left twice", job.0);
        self.advance(now);
        self.number -= 1;
        self.residence += u128::from(self.since_entry(now, job));
    }

    /// Nanoseconds since a job came.
    #[must_use]
    pub fn since_entry(&self, now: Time, job: JobId) -> u64 {
        now.since(self.entered[job.at()]).0
    }

    /// The run is over.
    ///
    /// # Panics
    /// When the two sides differ.
    pub fn close(&mut self, end: Time) {
        self.advance(end);
        let stay = self.entered.iter().zip(&self.inside).filter(|(_, inside)| **inside);
        let staying: u128 = stay.map(|(entered, _)| u128::from(end.since(*entered).0)).sum();
        assert_eq!(
            self.integral,
            self.residence + staying,
            "Little's law: the number of jobs over time is not the sum of their times"
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_sides_agree_with_jobs_that_left_and_jobs_that_stay() {
        let mut little = Little::default();
        little.enters(Time(10), JobId(0));
        little.enters(Time(15), JobId(1));
        little.leaves(Time(40), JobId(0));
        assert_eq!(little.since_entry(Time(40), JobId(1)), 25);
        little.close(Time(100));
        assert_eq!((little.integral, little.residence), (30 + 85, 30));
    }

    #[test]
    #[should_panic(expected = "left twice")]
    fn a_job_that_leaves_twice_is_seen() {
        let mut little = Little::default();
        little.enters(Time(0), JobId(0));
        little.leaves(Time(1), JobId(0));
        little.leaves(Time(2), JobId(0));
    }

    #[test]
    #[should_panic(expected = "Little's law")]
    fn a_job_that_is_lost_on_the_way_is_seen() {
        let mut little = Little::default();
        little.enters(Time(0), JobId(0));
        little.inside[0] = false;
        little.close(Time(5));
    }
}
