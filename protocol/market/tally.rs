//! Counters for measurement: jobs by what became of them, and levels with their integrals over time.

use crate::effect::{Outcome, Unserved};
use crate::units::{Span, Time};
use serde::Serialize;

/// A count that changes, and its exact integral over time.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Level {
    now: u64,
    since: Time,
    integral: u128,
}

impl Level {
    pub(super) fn raise(&mut self, now: Time, by: u64) {
        self.integral = self.integral(now);
        self.since = now;
        self.now += by;
    }

    pub(super) fn lower(&mut self, now: Time, by: u64) {
        self.integral = self.integral(now);
        self.since = now;
        self.now -= by;
    }

    fn integral(&self, now: Time) -> u128 {
        self.integral + u128::from(self.now) * u128::from(now.since(self.since).0)
    }
}

/// Running counters of a market.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Tally {
    pub(super) submitted: u64,
    pub(super) waiting: Level,
    counts: Counts,
    running: u64,
    busy: Level,
    held: Level,
    waited_ns: u128,
}

/// Jobs by what became of them.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Counts {
    /// Got all their devices; a job that is interrupted and goes on counts again.
    pub started: u64,
    /// Served their term.
    pub completed: u64,
    /// Ended early by a satisfied renter.
    pub ended_early: u64,
    /// Ended early by a renter who got nothing.
    pub not_delivered: u64,
    /// Failed with a device.
    pub device_lost: u64,
    /// Leases that ended with a device while the job went on.
    pub interrupted: u64,
    /// Leases that were stopped for another job while their own went on.
    pub preempted: u64,
    /// Left the queue when patience ended.
    pub expired: u64,
    /// Withdrawn while waiting, or out of money when their turn came.
    pub withdrawn: u64,
    /// Left at once because no device ever listed suited them.
    pub no_match: u64,
    /// Left the queue when patience ended after an interruption.
    pub abandoned: u64,
    /// Turned away from a full waiting room.
    pub no_room: u64,
}

/// What a market has done and how full it is, as of one instant. For measurement only.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct TallyView {
    /// Jobs accepted: those that waited, run or ran, or left at once.
    pub submitted: u64,
    /// Jobs by what became of them.
    pub counts: Counts,
    /// Jobs that wait now, in the queue or for what they lost.
    pub waiting: u64,
    /// Jobs running now.
    pub running: u64,
    /// Cards asked for by running jobs.
    pub busy_cards: u64,
    /// Cards of devices bound to running jobs; what exceeds `busy_cards` is held idle.
    pub held_cards: u64,
    /// Integral of the queue's length, in job-nanoseconds.
    pub waiting_ns: u128,
    /// Integral of `busy_cards`, in card-nanoseconds.
    pub busy_card_ns: u128,
    /// Integral of `held_cards`, in card-nanoseconds.
    pub held_card_ns: u128,
    /// Sum of waiting times of jobs that started, in nanoseconds.
    pub waited_ns: u128,
}

impl Tally {
    pub(super) fn started(&mut self, now: Time, waited: Span, cards: u64, held: u64) {
        self.counts.started += 1;
        self.running += 1;
        self.waited_ns += u128::from(waited.0);
        self.busy.raise(now, cards);
        self.held.raise(now, held);
    }

    pub(super) fn ended(&mut self, now: Time, outcome: Outcome, cards: u64, held: u64) {
        let counts = &mut self.counts;
        *match outcome {
            Outcome::Completed => &mut counts.completed,
            Outcome::DeviceLost => &mut counts.device_lost,
            Outcome::EndedEarly => &mut counts.ended_early,
            Outcome::NotDelivered => &mut counts.not_delivered,
            Outcome::Interrupted => &mut counts.interrupted,
            Outcome::Preempted => &mut counts.preempted,
        } += 1;
        self.running -= 1;
        self.busy.lower(now, cards);
        self.held.lower(now, held);
    }

    pub(super) fn unserved(&mut self, why: Unserved) {
        let counts = &mut self.counts;
        *match why {
            Unserved::NoMatch => &mut counts.no_match,
            Unserved::Expired => &mut counts.expired,
            Unserved::Withdrawn => &mut counts.withdrawn,
            Unserved::Abandoned => &mut counts.abandoned,
            Unserved::NoRoom => &mut counts.no_room,
        } += 1;
    }

    pub(super) fn view(&self, now: Time) -> TallyView {
        TallyView {
            submitted: self.submitted,
            counts: self.counts,
            waiting: self.waiting.now,
            running: self.running,
            busy_cards: self.busy.now,
            held_cards: self.held.now,
            waiting_ns: self.waiting.integral(now),
            busy_card_ns: self.busy.integral(now),
            held_card_ns: self.held.integral(now),
            waited_ns: self.waited_ns,
        }
    }
}
