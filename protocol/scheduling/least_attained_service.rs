//! Least attained service, in steps: who has had little is served before who has had much.
//!
//! *Rule*: a job's service is its cards times the time it has run. Thresholds cut service into levels; the lowest level
//! is served first, within a level the earliest arrival. A job that cannot start stops running jobs of a higher level, the
//! highest and latest first, and whoever fits starts. A running job rises a level when its service passes a threshold, a
//! job that was stopped keeps the work it had done, and nothing need be known of how long jobs will run.
//!
//! *Formula*: service = sum over leases of cards * run time; level = number of thresholds <= service.
//!
//! *Source*: Gu et al., "Tiresias: a GPU cluster manager for distributed deep learning", NSDI 2019, section 4.2: discretised
//! two-dimensional least attained service, with two levels and first in, first out within one. Its promotion of starved
//! jobs is left out. The threshold, one card-hour, is assumed; Tiresias picks it from the cluster's history.
//!
//! *Known weakness*: a large job may wait for ever behind a stream of small ones; who cuts one job into many small ones is
//! always new, and so always first.

use super::{Attained, Preemption, Queueing, WhenBlocked};
use crate::command::JobRequest;
use crate::units::{Span, Time};
use serde::Serialize;

/// Where the levels lie.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct LeastAttainedServiceSpec {
    /// Service at which a job rises a level, ascending: time on one card. 1 hour (assumed).
    pub thresholds: Vec<Span>,
    /// When running jobs are let be. No least run time (assumed).
    pub preemption: Preemption,
}

impl Default for LeastAttainedServiceSpec {
    fn default() -> Self {
        Self { thresholds: vec![Span::HOUR], preemption: Preemption::default() }
    }
}

impl LeastAttainedServiceSpec {
    /// The discipline that this describes.
    ///
    /// # Panics
    /// When the thresholds do not ascend, or one is zero.
    #[must_use]
    pub fn build(self) -> Box<dyn Queueing> {
        let ascend = self.thresholds.is_sorted_by(|a, b| a < b);
        assert!(ascend && self.thresholds.first() != Some(&Span::ZERO), "thresholds above zero, ascending");
        Box::new(self)
    }

    fn passed(&self, attained: Attained) -> usize {
        self.thresholds.partition_point(|threshold| u128::from(threshold.0) <= attained.0)
    }
}

impl Queueing for LeastAttainedServiceSpec {
    fn name(&self) -> &'static str {
        "least_attained_service"
    }

    fn rank(&self, _submitted: Time, request: &JobRequest, attained: Attained) -> u64 {
        self.level(request, attained)
    }

    fn when_blocked(&self) -> WhenBlocked {
        WhenBlocked::Skip
    }

    fn preemption(&self) -> Option<Preemption> {
        Some(self.preemption)
    }

    fn level(&self, _request: &JobRequest, attained: Attained) -> u64 {
        self.passed(attained) as u64
    }

    fn level_rises_at(&self, _request: &JobRequest, attained: Attained) -> Option<Attained> {
        let next = self.thresholds.get(self.passed(attained))?;
        Some(Attained(u128::from(next.0)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testbed::request;

    #[test]
    fn a_level_begins_at_its_threshold_and_ends_before_the_next() {
        let spec = LeastAttainedServiceSpec {
            thresholds: vec![Span(10), Span(40)],
            preemption: Preemption::default(),
        };
        let level = |service| spec.level(&request(1), Attained(service));
        assert_eq!([0, 9, 10, 39, 40, 1 << 90].map(level), [0, 0, 1, 1, 2, 2]);
        let rises = |service| spec.level_rises_at(&request(1), Attained(service)).map(|at| at.0);
        assert_eq!([0, 9, 10, 39, 40].map(rises), [Some(10), Some(10), Some(40), Some(40), None]);
    }

    #[test]
    fn service_is_cards_times_time_and_the_way_to_a_goal_is_rounded_up() {
        assert_eq!(Attained::of(8, Span(5)), Attained(40));
        assert_eq!(Attained(1).time_to(Attained(40), 8), Span(5), "39 by 8 cards");
        assert_eq!(Attained(40).time_to(Attained(40), 8), Span::ZERO);
    }
}
