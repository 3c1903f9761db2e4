//! What comes first at one instant: the leases that end, or the jobs that arrive.
//!
//! *Rule.* `completions_first`: all that ends, then all that arrives, then one pass over the queue. `arrivals_first`: all
//! that arrives, a pass, then all that ends, and a pass again if anything did. Patience runs out last in both. What ends
//! is what a renter ends at that instant and what has served its term by then; in which order the commands of the
//! instant come makes no difference.
//! *Formula.* In the pass before the completions, devices of leases that end at this instant are not free, but promises
//! are made by stated ends: EASY may promise the first in line this very instant, and then nobody passes who would be in
//! its way. A promised job that waits for such devices starts in the pass after them.
//! *Source.* `completions_first` is what most of the literature means (Feitelson's rules for replaying the archive's
//! logs leave it open); `arrivals_first` is what simulators do that handle one event after the other and put submissions
//! before ends among events of equal time, by the order of their event types or of their insertion (the whole log is
//! inserted before any end is known). Default `completions_first` (assumed).
//! *Known weakness.* Under `arrivals_first` results hang on the resolution of the trace's clock: a job that arrives in the
//! second in which another ends sees a full machine, and with finer times it would not.

use super::{Books, Due, Market, Member};
use crate::command::Rejection;
use crate::effect::Outcome;
use crate::ids::{JobId, LeaseId};
use crate::market::JobState;
use crate::units::Time;
use serde::{Deserialize, Serialize};

/// See the file's header.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SameInstant {
    /// What ends at an instant is free for what arrives at it.
    #[default]
    CompletionsFirst,
    /// What arrives at an instant is tried before what ends at it is free.
    ArrivalsFirst,
}

/// Leases that renters have ended at this instant and that end after the arrivals.
#[derive(Default, Debug)]
pub(super) struct Endings {
    order: SameInstant,
    at: Time,
    told: Vec<(JobId, LeaseId, Outcome)>,
}

impl Endings {
    pub(super) fn next_deadline(&self) -> Time {
        if self.told.is_empty() { Time::NEVER } else { self.at }
    }
}

impl Market {
    /// Settles what comes first at one instant; said before the first command.
    pub fn order_instants(&mut self, order: SameInstant) {
        self.endings.order = order;
    }

    /// True when leases end only after the arrivals of an instant have had their pass.
    #[must_use]
    pub fn arrivals_come_first(&self) -> bool {
        self.endings.order == SameInstant::ArrivalsFirst
    }

    /// A renter ends a running lease; it ends after the arrivals of this instant.
    pub(super) fn end_later(
        &mut self,
        now: Time,
        job: JobId,
        lease: LeaseId,
        outcome: Outcome,
    ) -> Result<(), Rejection> {
        let told = self.endings.told.iter().any(|(other, ..)| *other == job);
        if told || self.leases[lease.at()].ends <= now {
            return Err(Rejection::WrongState);
        }
        self.endings.at = now;
        self.endings.told.push((job, lease, outcome));
        Ok(())
    }

    /// The pass of what has arrived, before anything ends.
    pub(super) fn pass_before_completions(&mut self, now: Time, books: &mut Books<'_>) {
        if !self.arrivals_come_first() || self.pass_at.take().is_none() {
            return;
        }
        if let Some(reserve) = &mut self.reserve {
            let due = self.deadlines.iter().take_while(|(at, _)| *at <= now);
            let leases = due.filter_map(|(_, due)| match due {
                Due::LeaseEnds(lease) => Some(&self.leases[lease.at()]),
                _ => None,
            });
            let members: Vec<Member> = leases.flat_map(|lease| lease.members.iter().copied()).collect();
            reserve.hold_back(&members);
        }
        self.pass(now, books);
        if let Some(reserve) = &mut self.reserve {
            reserve.hold_back(&[]);
        }
    }

    /// Ends what renters have ended at this instant, unless it is over by now for another reason.
    pub(super) fn end_told(&mut self, now: Time, books: &mut Books<'_>) {
        for (job, lease, outcome) in std::mem::take(&mut self.endings.told) {
            if self.jobs[job.at()].state == JobState::Running(lease) {
                self.end_lease(now, lease, outcome, None, books);
                self.ask_for_pass(now);
            }
        }
    }
}
