//! Shortest job first: the least stated term is tried first.
//!
//! *Rule*: jobs stand in order of their stated terms, equals in order of arrival; nobody overtakes the first in line.
//!
//! *Formula*: rank = term; for a job that was interrupted, what is left of it.
//!
//! *Source*: Smith, "Various optimizers for single-stage production", Naval Research Logistics Quarterly 3, 1956: it
//! has the least mean wait of all orders that do not interrupt, on one machine.
//!
//! *Known weakness*: a long job may wait for ever; terms are what renters say.

use super::{Attained, Queueing, WhenBlocked};
use crate::command::JobRequest;
use crate::units::Time;
use serde::{Deserialize, Serialize};

/// No parameters.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShortestJobSpec {}

impl ShortestJobSpec {
    /// The discipline that this describes.
    #[must_use]
    pub fn build(self) -> Box<dyn Queueing> {
        Box::new(self)
    }
}

impl Queueing for ShortestJobSpec {
    fn name(&self) -> &'static str {
        "shortest_job"
    }

    fn rank(&self, _submitted: Time, request: &JobRequest, _attained: Attained) -> u64 {
        request.term.0
    }

    fn when_blocked(&self) -> WhenBlocked {
        WhenBlocked::Stop
    }
}
