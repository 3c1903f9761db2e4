//! What the market remembers of a job and of the lease that serves it.

use super::Books;
use crate::billing::{Bill, Share};
use crate::command::JobRequest;
use crate::effect::{Outcome, Unserved};
use crate::ids::{AccountId, DeviceId, JobId, LeaseId};
use crate::units::{Amount, Time};

/// Where a job stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum JobState {
    /// In the queue.
    Waiting,
    /// Holds all its devices.
    Running(LeaseId),
    /// It ran, and this is how it ended.
    Over(Outcome),
    /// It never ran.
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
}

impl Job {
    pub(super) fn new(now: Time, renter: AccountId, request: JobRequest) -> Job {
        Job { renter, request, submitted: now, state: JobState::Waiting }
    }
}

/// One device's part in a lease.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Member {
    /// The device, held whole.
    pub device: DeviceId,
    /// Cards asked of it, which are billed.
    pub cards: u32,
    /// Its asking price when the lease began, micro-dollars per card and hour.
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
    /// Micro-dollars held for it.
    pub escrow: Amount,
    /// Cards of its devices, idle ones included.
    pub held_cards: u64,
    /// Its devices; none once it is over.
    pub members: Vec<Member>,
}

impl Lease {
    /// Pays out this lease's escrow.
    pub(super) fn settle(
        &self,
        job: &Job,
        members: &[Member],
        now: Time,
        outcome: Outcome,
        lost: Option<DeviceId>,
        books: &mut Books<'_>,
    ) {
        let supplier = |device: DeviceId| books.registry.account[device.at()];
        let shares: Vec<Share> = members
            .iter()
            .map(|member| Share {
                payee: books.purses[supplier(member.device).at()],
                cards: member.cards,
                price: member.price,
                lost: lost == Some(member.device),
            })
            .collect();
        let bill = Bill {
            renter: books.purses[job.renter.at()],
            held: self.escrow,
            term: job.request.term,
            used: now.min(self.ends).since(self.started),
            outcome,
            shares: &shares,
        };
        books.billing.settle(&bill, books.ledger, books.effects);
    }
}
