//! Priority with ageing: the more important first, and waiting makes important.
//!
//! *Rule*: a job of priority `p` stands where a job of priority 0 would stand that arrived `p` steps earlier; nobody
//! overtakes the first in line. Where preemption is on, the first in line stops running jobs of lower priority (by the
//! priority they asked for: waiting does not count for that), the lowest and latest first.
//!
//! *Formula*: rank = arrival + (255 - p) * step. Ageing at one priority per step of waiting raises all that wait alike,
//! so the order of any two never changes and is fixed at arrival.
//!
//! *Source*: Kleinrock, "A delay dependent queue discipline", Naval Research Logistics Quarterly 11, 1964. The step is
//! assumed.
//!
//! *Known weakness*: priorities that cost nothing are all claimed to be the highest. With preemption a job that has aged to
//! the head of the line is stopped as soon as it starts by a more important one behind it, and waits at the head again.

use super::{Attained, Preemption, Queueing, WhenBlocked};
use crate::command::JobRequest;
use crate::units::{Span, Time};
use serde::Serialize;

/// How fast waiting counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct PrioritySpec {
    /// Waiting that is worth one priority. 1 hour (assumed).
    pub step: Span,
    /// A job that cannot start stops running ones of lower priority on these terms; none where it waits (the default).
    pub preemption: Option<Preemption>,
}

impl Default for PrioritySpec {
    fn default() -> Self {
        PrioritySpec { step: Span::HOUR, preemption: None }
    }
}

impl PrioritySpec {
    /// The discipline that this describes.
    #[must_use]
    pub fn build(self) -> Box<dyn Queueing> {
        Box::new(self)
    }
}

impl Queueing for PrioritySpec {
    fn name(&self) -> &'static str {
        "priority"
    }

    fn rank(&self, submitted: Time, request: &JobRequest, _attained: Attained) -> u64 {
        let behind = u64::from(u8::MAX - request.priority);
        (submitted + Span(self.step.0.saturating_mul(behind))).0
    }

    fn when_blocked(&self) -> WhenBlocked {
        WhenBlocked::Stop
    }

    fn preemption(&self) -> Option<Preemption> {
        self.preemption
    }

    fn level(&self, request: &JobRequest, _attained: Attained) -> u64 {
        u64::from(u8::MAX - request.priority)
    }
}
