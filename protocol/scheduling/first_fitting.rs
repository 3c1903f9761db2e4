//! First fitting: whoever can start does, in order of arrival.
//!
//! *Rule*: every waiting job is tried in order of arrival; one that cannot start is passed over.
//!
//! *Formula*: rank 0; a blocked job stops nobody.
//!
//! *Source*: list scheduling (Graham 1966). It is also the two-sided FIFO of Nosana, where jobs wait in line for nodes
//! of their own market: a job waits for no device that it could not use.
//!
//! *Known weakness*: a large gang may wait for ever while small jobs keep arriving.

use super::{Queueing, WhenBlocked};
use serde::{Deserialize, Serialize};

/// No parameters.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FirstFittingSpec {}

impl FirstFittingSpec {
    /// The discipline that this describes.
    #[must_use]
    pub fn build(self) -> Box<dyn Queueing> {
        Box::new(self)
    }
}

impl Queueing for FirstFittingSpec {
    fn name(&self) -> &'static str {
        "first_fitting"
    }

    fn when_blocked(&self) -> WhenBlocked {
        WhenBlocked::Skip
    }
}
