//! Interruptible bids: the highest bid runs, until it is outbid or somebody pays the full price.
//!
//! *Rule*: a renter either rents on demand or bids for interruptible time. On-demand jobs stand before all bids, bids by
//! height, equals in order of arrival. A job that cannot start stops running bids that are strictly lower, the lowest and
//! latest first; an on-demand job stops any bid and is never stopped. What was stopped keeps its work, and goes on when
//! its bid is high enough again. A device's asking price is the floor of bids; what on-demand jobs pay for it is a fixed
//! multiple of that, and bids pay what they bid ([`crate::market::Pricing::Bids`]).
//!
//! *Formula*: level = 0 on demand, else 2^32 - 1 - bid (at least 1); rank = level.
//!
//! *Source*: Vast.ai, pricing page (interruptible instances are "50%+ cheaper" and may be reclaimed, on-demand ones have
//! guaranteed uptime) and its command line's `change bid`. That on-demand stands above every bid, and the ladder of ties,
//! are assumed.
//!
//! *Known weakness*: whoever pays as bid has reason to shade; a low bid may be stopped again and again before it comes to
//! anything, and pays for the time all the same.

use super::{Attained, Preemption, Queueing, WhenBlocked};
use crate::command::JobRequest;
use crate::units::Time;
use serde::Serialize;

/// When running bids are let be.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
pub struct InterruptibleBidsSpec {
    /// No least run time (assumed: a bid may be stopped at any time).
    pub preemption: Preemption,
}

impl InterruptibleBidsSpec {
    /// The discipline that this describes.
    #[must_use]
    pub fn build(self) -> Box<dyn Queueing> {
        Box::new(self)
    }
}

impl Queueing for InterruptibleBidsSpec {
    fn name(&self) -> &'static str {
        "interruptible_bids"
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

    fn level(&self, request: &JobRequest, _attained: Attained) -> u64 {
        if request.interruptible { u64::from((u32::MAX - request.price_limit).max(1)) } else { 0 }
    }
}
