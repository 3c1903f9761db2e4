//! What the market remembers of a job and of the lease that serves it.

use super::Books;
use crate::billing::{Bill, Currency, Share};
use crate::command::JobRequest;
use crate::effect::{Outcome, Unserved};
use crate::ids::{AccountId, DeviceId, JobId, LeaseId};
use crate::scheduling::Attained;
use crate::units::{Amount, Span, Time};

/// Where a job stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum JobState {
    /// In the queue, or taking offers before it joins.
    Waiting,
    /// Holds all its devices.
    Running(LeaseId),
    /// Lost a device, and holds the others until it has one again.
    Holding,
    /// It ran, and this is how it ended.
    Over(Outcome),
    /// It left without being served, or without being served to the end.
    Unserved(Unserved),
}

/// A renter's request and what became of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Job {
    /// Who pays.
    pub renter: AccountId,
    /// What was asked.
    pub request: JobRequest,
    /// When.
    pub submitted: Time,
    /// Where it stands.
    pub state: JobState,
    /// Work of the term that is done and safe.
    pub done: Span,
    /// Times that it lost a device and went on.
    pub losses: u32,
    /// Times that it was stopped for another.
    pub stops: u32,
    /// Time that it has run, overheads and lost work included.
    pub served: Span,
    /// Cards times time that it has run, overheads and lost work included.
    pub attained: Attained,
    /// Since when it waits, if it does.
    pub(super) waits_since: Time,
    /// When its patience ends.
    pub(super) patience_ends: Time,
    /// Highest asking price of a device that it can pay for.
    pub(super) reach: u32,
}

impl Job {
    pub(super) fn new(now: Time, renter: AccountId, request: JobRequest, reach: u32) -> Job {
        Job {
            renter,
            request,
            submitted: now,
            state: JobState::Waiting,
            done: Span::ZERO,
            losses: 0,
            stops: 0,
            served: Span::ZERO,
            attained: Attained::default(),
            waits_since: now,
            patience_ends: now + request.patience,
            reach,
        }
    }

    /// True when it has run before and goes on.
    #[must_use]
    pub fn resumes(&self) -> bool {
        self.losses + self.stops > 0
    }

    /// Work that is still to be done.
    #[must_use]
    pub fn left(&self) -> Span {
        self.request.term - self.done
    }
}

/// One device's part in a lease.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Member {
    /// The device, held whole.
    pub device: DeviceId,
    /// Cards asked of it, which are billed.
    pub cards: u32,
    /// Price agreed when the lease began, micro-dollars per card and hour.
    pub price: u32,
}

/// Devices bound to one job.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Lease {
    /// The job.
    pub job: JobId,
    /// When it began.
    pub started: Time,
    /// When its term is served.
    pub ends: Time,
    /// What is held for it, in base units of its currency: less what was paid in parts.
    pub escrow: Amount,
    /// What it is paid in.
    pub currency: Currency,
    /// Time that was paid in parts.
    pub settled: Span,
    /// True when its job had run before.
    pub resumed: bool,
    /// For how long its job had run before.
    pub served_before: Span,
    /// When its job's level rises, if that is foreseen.
    pub(super) level_rises: Time,
    /// Cards of its devices, idle ones included.
    pub held_cards: u64,
    /// Its devices; none once it is over.
    pub members: Vec<Member>,
}

impl Lease {
    /// Pays out what is left of this lease's escrow.
    pub(super) fn settle(
        &self,
        job: &Job,
        members: &[Member],
        now: Time,
        (outcome, lost): (Outcome, Option<DeviceId>),
        books: &mut Books<'_>,
    ) {
        let shares = shares(members, lost, books);
        let bill = self.bill(job, now, outcome, &shares, books);
        books.billing.settle_rest(&bill, self.settled, self.currency, books.ledger, books.effects);
    }

    /// Pays the full hours served so far.
    pub(super) fn settle_part(&mut self, job: &Job, now: Time, books: &mut Books<'_>) {
        let shares = shares(&self.members, None, books);
        // The outcome is not read: only what is certain under every one is paid.
        let bill = self.bill(job, now, Outcome::Completed, &shares, books);
        let (settled, paid) =
            books.billing.settle_part(&bill, self.settled, self.currency, books.ledger, books.effects);
        self.settled = settled;
        self.escrow -= paid;
    }

    fn bill<'s>(
        &self,
        job: &Job,
        now: Time,
        outcome: Outcome,
        shares: &'s [Share],
        books: &Books<'_>,
    ) -> Bill<'s> {
        Bill {
            renter: books.purses[job.renter.at()],
            held: self.escrow,
            term: self.ends - self.started,
            used: now.min(self.ends).since(self.started),
            outcome,
            shares,
            served_before: self.served_before,
        }
    }
}

fn shares(members: &[Member], lost: Option<DeviceId>, books: &Books<'_>) -> Vec<Share> {
    let supplier = |device: DeviceId| books.registry.account[device.at()];
    let share = |member: &Member| Share {
        payee: books.purses[supplier(member.device).at()],
        cards: member.cards,
        price: member.price,
        lost: lost == Some(member.device),
    };
    members.iter().map(share).collect()
}
