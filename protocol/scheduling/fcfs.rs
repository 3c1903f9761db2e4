//! First come, first served: strictly in order of arrival.
//!
//! *Rule*: only the job that has waited longest is ever tried.
//!
//! *Formula*: the smallest job id that waits.
//!
//! *Source*: the textbook discipline; closed forms of queueing theory assume it.
//!
//! *Known weakness*: a head that cannot be served blocks all behind it, even those that ask for quite other
//! devices; one gang too large for the network idles the network until the gang's patience ends.

use super::{Queueing, WhenBlocked};
use serde::{Deserialize, Serialize};

/// No parameters.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FcfsSpec {}

impl FcfsSpec {
    /// The discipline that this describes.
    #[must_use]
    pub fn build(self) -> Box<dyn Queueing> {
        Box::new(Fcfs)
    }
}

/// See the file's header.
#[derive(Clone, Copy, Debug)]
pub struct Fcfs;

impl Queueing for Fcfs {
    fn name(&self) -> &'static str {
        "fcfs"
    }

    fn when_blocked(&self) -> WhenBlocked {
        WhenBlocked::Stop
    }
}
