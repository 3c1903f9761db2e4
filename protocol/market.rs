//! The market: the life of a job from submission to its end, and of the leases that bind devices to it.
//!
//! A job waits, then runs, then is over; or it leaves the queue unserved:
//!
//! ```text
//! submitted -> waiting -> running -> completed | ended early | not delivered | device lost
//!      |       ^  |  ^       |
//!      |       |  |  +-------+---> holding (what is left of its gang) -> running | waiting
//!      |       |  |          |
//!      |       +--|----------+  interrupted or stopped for another
//!      |          +-> expired, abandoned (patience) | withdrawn (by the renter, or its money is gone) | no room
//!      +------------> no match (no device ever listed suits it by kind and price)
//! ```
//!
//! Whole devices are leased. A gang starts with all its cards or not at all. When one device is lost the lease is over
//! for the whole gang, and [`ChurnSpec`] says what the job does next; each stretch of its run is a lease of its own.
//!
//! Nothing starts within a command. What may let a job start asks for a *pass*, which falls due at the same instant:
//! [`Market::next_deadline`] says so and [`Market::advance`] holds it, after everything else of that instant. So all
//! that ends and all that arrives at one instant is known before the first of the free devices is given away, in
//! whatever order the commands came.
//!
//! What the caller owes the market: [`Market::grow`] after listings; [`Market::device_deployable`] and
//! [`Market::device_lost`] *after* a device's flags changed; [`Market::ask_for_pass`] after a batch of those;
//! [`Market::scores_changed`] after reputations changed for many. All other entry points ask by themselves. A hook
//! costs O(1), or O(log n) when it files an index entry; a blocked queue costs nothing.

mod auction;
mod churn;
mod held;
mod hire;
mod instant;
mod job;
mod pass;
mod passage;
mod preemption;
mod pricing;
mod queue;
mod rent;
mod reserve;
mod room;
mod sharing;
mod shun;
mod tally;

pub use churn::{ChurnSpec, OnLoss};
pub use instant::SameInstant;
pub use job::{Job, JobState, Lease, Member};
pub use pricing::{AuctionPays, Pricing};
pub use sharing::{Sharing, SharingSpec};
pub use tally::{Counts, TallyView};

use crate::billing::Billing;
use crate::command::{JobRequest, Rejection};
use crate::effect::{Effect, Outcome, Unserved};
use crate::ids::{AccountId, DeviceId, JobId, LeaseId, ModelId};
use crate::ledger::{Ledger, Purse};
use crate::registry::Registry;
use crate::reputation::Reputation;
use crate::scheduling::index::{Index, Pick};
use crate::scheduling::listed::Listed;
use crate::scheduling::{Placement, Queueing};
use crate::units::{Amount, Span, Time};
use auction::Orders;
use held::Held;
use hire::Hire;
use instant::Endings;
use preemption::Running;
use queue::Queue;
use rent::Rent;
use reserve::Reserve;
use room::Room;
use shun::Shunned;
use std::collections::BTreeSet;
use tally::Tally;

/// The network's other books, which the market reads and writes while it handles a command.
#[derive(Debug)]
pub struct Books<'a> {
    /// Standing of devices; the market writes [`LEASED`](crate::registry::flag::LEASED) and [`INDEXED`](crate::registry::flag::INDEXED) only.
    pub registry: &'a mut Registry,
    /// Told of lease outcomes, read by placement.
    pub reputation: &'a mut Reputation,
    /// Prices a lease.
    pub billing: &'a Billing,
    /// Money.
    pub ledger: &'a mut Ledger,
    /// Purse of each account, by [`AccountId::at`].
    pub purses: &'a [Purse],
    /// Where facts are told.
    pub effects: &'a mut Vec<Effect>,
}

/// What becomes due, in the order in which it is met at one instant. All but the last two come before the pass, so that a
/// job may still get what is freed at its last instant.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Due {
    LeaseEnds(LeaseId),
    LevelRises(LeaseId),
    PartFalls(LeaseId),
    OffersClose(JobId),
    ShunEnds(AccountId, DeviceId),
    LeaseRipens(LeaseId),
    HoldEnds(JobId),
    PatienceEnds(JobId),
}

/// See the file's header.
#[derive(Debug)]
pub struct Market {
    placement: Box<dyn Placement>,
    queueing: Box<dyn Queueing>,
    churn: ChurnSpec,
    pricing: Pricing,
    index: Index,
    listed: Listed,
    jobs: Vec<Job>,
    leases: Vec<Lease>,
    queue: Queue,
    /// How many may wait.
    room: Room,
    deadlines: BTreeSet<(Time, Due)>,
    hire: Hire,
    /// What devices earn, where the reward rule asks.
    rent: Option<Rent>,
    tally: Tally,
    picks: Vec<Pick>,
    /// Hosts that are leased in parts, where the network does so.
    sharing: Option<Sharing>,
    /// Promises to waiting jobs, under disciplines that make any.
    reserve: Option<Reserve>,
    /// When the pass that was asked for is due.
    pass_at: Option<Time>,
    /// A job that goes on after an interruption waits for money.
    waits_for_money: bool,
    /// What comes first at one instant, and what ends later in it.
    endings: Endings,
    /// Jobs of the present pass, in the discipline's order.
    turn: Vec<JobId>,
    /// Gangs that wait for what they lost.
    held: Held,
    /// Devices that failed a renter.
    shunned: Shunned,
    /// Leases that may be stopped, under disciplines that stop any.
    running: Running,
    /// Jobs that suppliers offer devices to, where they are auctioned.
    orders: Orders,
}

impl Market {
    /// An empty market under these policies.
    #[must_use]
    pub fn new(placement: Box<dyn Placement>, queueing: Box<dyn Queueing>) -> Market {
        let reserve = Reserve::for_discipline(queueing.when_blocked());
        Market {
            placement,
            queueing,
            churn: ChurnSpec::default(),
            pricing: Pricing::Posted,
            index: Index::default(),
            listed: Listed::default(),
            jobs: Vec::new(),
            leases: Vec::new(),
            queue: Queue::default(),
            room: Room::default(),
            deadlines: BTreeSet::new(),
            hire: Hire::default(),
            rent: None,
            tally: Tally::default(),
            picks: Vec::new(),
            sharing: None,
            reserve,
            pass_at: None,
            waits_for_money: false,
            endings: Endings::default(),
            turn: Vec::new(),
            held: Held::default(),
            shunned: Shunned::default(),
            running: Running::default(),
            orders: Orders::default(),
        }
    }

    /// From now on what devices earn is kept by epoch.
    ///
    /// # Panics
    /// When devices are listed already.
    pub fn keep_rents(&mut self) {
        assert_eq!(self.hire.len(), 0, "said before the first listing");
        self.rent = Some(Rent::default());
    }

    /// From now on jobs that lose a device do this.
    ///
    /// # Panics
    /// When devices are to be shunned under a discipline that reserves: what it promises are counts, not devices.
    pub fn set_churn(&mut self, churn: ChurnSpec) {
        assert!(churn.shun == Span::ZERO || self.reserve.is_none(), "who reserves cannot shun");
        self.churn = churn;
    }

    /// From now on prices are made like this. An auction takes the cheapest, so the placement should be
    /// [`crate::scheduling::Cheapest`].
    ///
    /// # Panics
    /// When jobs are to be auctioned under a discipline that reserves.
    pub fn set_pricing(&mut self, pricing: Pricing) {
        let auction = matches!(pricing, Pricing::ReverseAuction { .. });
        assert!(!auction || self.reserve.is_none(), "who reserves does not take offers");
        self.pricing = pricing;
    }

    /// From now on hosts are leased in parts. Jobs wait or are lost by the queue discipline, which must not reserve.
    ///
    /// # Panics
    /// When devices are listed already, or the discipline reserves.
    pub fn share_hosts(&mut self, spec: &SharingSpec) {
        assert!(
            self.hire.len() == 0 && self.reserve.is_none(),
            "said before the first listing, without promises"
        );
        self.sharing = Some(Sharing::new(spec));
    }

    /// Devices were listed: follows the registry's length. They are offered when they become deployable.
    pub fn grow(&mut self, registry: &Registry) {
        for i in self.hire.len()..registry.len() {
            let id = u32::try_from(i).expect("ids are 32 bits");
            self.listed.note(registry, DeviceId(id));
        }
        self.hire.grow(registry.len());
        if let Some(rent) = &mut self.rent {
            rent.grow(registry.len());
        }
        self.index.grow(registry);
        if let Some(reserve) = &mut self.reserve {
            reserve.grow(registry);
        }
        if let Some(sharing) = &mut self.sharing {
            sharing.grow(registry);
        }
    }

    /// A renter asks for devices. The job waits for the pass of this instant, and leaves at once when no device ever
    /// listed suits it by kind and price.
    ///
    /// # Errors
    /// [`Rejection::BadSize`] for no cards or no term, [`Rejection::Unknown`] for an unknown model or renter,
    /// [`Rejection::Unfunded`] when the renter's balance is below the escrow of this job, [`Rejection::WrongState`] while
    /// it is to be paid in tokens that have no price. Money is not set aside while the job waits, so it may still be
    /// short when the job's turn comes.
    pub fn submit(
        &mut self,
        now: Time,
        renter: AccountId,
        request: JobRequest,
        books: &mut Books<'_>,
    ) -> Result<JobId, Rejection> {
        self.check(renter, &request, books)?;
        let id = JobId(u32::try_from(self.jobs.len()).expect("fewer than 2^32 jobs"));
        self.jobs.push(Job::new(now, renter, request, self.pricing.reach(&request)));
        self.tally.submitted += 1;
        books.effects.push(Effect::JobQueued(id));
        self.begin_to_wait(now, id);
        // In an auction a supplier may offer for less than it asks.
        let limit = if self.auctions() { u32::MAX } else { self.jobs[id.at()].reach };
        let hoped = JobRequest { price_limit: limit, ..self.sought(id) };
        if self.sharing.is_none() && !self.listed.could_serve(books.registry, &hoped) {
            self.leave(now, id, Unserved::NoMatch, books);
            return Ok(id);
        }
        self.remind(now + request.patience, Due::PatienceEnds(id));
        if !self.invite_offers(now, id, books) {
            self.join_queue(now, id);
        }
        Ok(id)
    }

    /// A renter withdraws a waiting job, or ends a running one early: at once, or where arrivals come first in
    /// [`Market::advance`].
    ///
    /// # Errors
    /// [`Rejection::Unknown`] for a job that never was, [`Rejection::WrongState`] for one that is over.
    pub fn end_job(
        &mut self,
        now: Time,
        job: JobId,
        satisfied: bool,
        books: &mut Books<'_>,
    ) -> Result<(), Rejection> {
        let state = self.jobs.get(job.at()).ok_or(Rejection::Unknown)?.state;
        match state {
            JobState::Waiting => self.leave(now, job, Unserved::Withdrawn, books),
            JobState::Holding => self.leave_held(now, job, books),
            JobState::Running(lease) => {
                let outcome = if satisfied { Outcome::EndedEarly } else { Outcome::NotDelivered };
                if self.arrivals_come_first() {
                    return self.end_later(now, job, lease, outcome);
                }
                self.end_lease(now, lease, outcome, None, books);
            }
            JobState::Over(_) | JobState::Unserved(_) => return Err(Rejection::WrongState),
        }
        self.ask_for_pass(now);
        Ok(())
    }

    /// A device may have become deployable. Harmless when it has not, or was so before.
    pub fn device_deployable(&mut self, device: DeviceId, books: &mut Books<'_>) {
        if let Some(sharing) = &mut self.sharing {
            return sharing.offer(device, books.registry.deployable(device));
        }
        if self.rejoin(device, books.registry) {
            return;
        }
        let scores = books.reputation.scores();
        let placement = self.placement.as_ref();
        if self.index.offer(books.registry, scores, placement, device) {
            self.queue.supply_grew(books.registry, &self.jobs, &self.shunned, device);
            if let Some(reserve) = &mut self.reserve {
                reserve.came(device);
            }
        }
    }

    /// A device stopped being deployable while idle, or a leased one was noticed offline, withdrawn or banned, whose lease
    /// is then over for its whole gang. (A leased one that is quarantined serves its lease to the end.)
    pub fn device_lost(&mut self, now: Time, device: DeviceId, books: &mut Books<'_>) {
        if let Some(sharing) = &mut self.sharing {
            sharing.offer(device, books.registry.deployable(device));
            for lease in sharing.leases_of(device) {
                let served = now >= self.leases[lease.at()].ends;
                let outcome = if served { Outcome::Completed } else { Outcome::DeviceLost };
                self.end_lease(now, lease, outcome, Some(device).filter(|_| !served), books);
            }
            return;
        }
        if let Some(lease) = self.hire.lease(device) {
            if now >= self.leases[lease.at()].ends {
                self.end_lease(now, lease, Outcome::Completed, None, books);
            } else {
                self.end_lease(now, lease, Outcome::DeviceLost, Some(device), books);
            }
        } else if self.held_device_lost(now, device, books) {
            return;
        }
        if !books.registry.deployable(device) {
            self.retract(device, books.registry);
            if let Some(reserve) = &mut self.reserve {
                reserve.went(device);
            }
        }
    }

    /// Reputations of many devices changed: the index follows when the placement reads them.
    pub fn scores_changed(&mut self, books: &mut Books<'_>) {
        if self.placement.reads_reputation() {
            let scores = books.reputation.scores();
            self.index.rekey(books.registry, scores, self.placement.as_ref());
        }
    }

    /// An epoch was closed with this beacon, from which a placement's lots follow until the next.
    pub fn set_beacon(&mut self, beacon: u64) {
        self.index.set_beacon(beacon);
    }

    /// The earliest end of a lease, of a job's patience, or the pass that was asked for; [`Time::NEVER`] when there is
    /// none. An end that waits for the arrivals of its instant is due in it.
    #[must_use]
    pub fn next_deadline(&self) -> Time {
        let due = self.deadlines.first().map_or(Time::NEVER, |(at, _)| *at);
        due.min(self.pass_at.unwrap_or(Time::NEVER)).min(self.endings.next_deadline())
    }

    /// Money arrived in an account: a job that goes on after an interruption may have waited for it.
    pub fn money_came(&mut self, now: Time) {
        if std::mem::take(&mut self.waits_for_money) {
            self.ask_for_pass(now);
        }
    }

    /// Something may start now that could not before: a pass is due at this instant.
    pub fn ask_for_pass(&mut self, now: Time) {
        if self.pass_at.is_none() && !(self.queue.is_empty() && self.held.is_empty()) {
            self.pass_at = Some(now);
        }
    }

    /// Ends the leases that are due by now, and meets what else comes before a pass; starts nothing.
    pub fn end_due_leases(&mut self, now: Time, books: &mut Books<'_>) {
        while let Some(&(at, due)) = self.deadlines.first()
            && at <= now
        {
            match due {
                Due::LeaseEnds(lease) => {
                    self.end_lease(now, lease, Outcome::Completed, None, books);
                    self.ask_for_pass(now);
                    continue;
                }
                Due::LevelRises(lease) => self.level_rises(now, lease),
                Due::PartFalls(lease) => self.part_falls(now, lease, books),
                Due::OffersClose(job) => self.offers_close(now, job),
                Due::ShunEnds(renter, device) => self.shun_ends(now, renter, device),
                Due::LeaseRipens(lease) => {
                    self.running.ripen(lease);
                    self.ask_for_pass(now);
                }
                Due::HoldEnds(_) | Due::PatienceEnds(_) => return,
            }
            self.deadlines.remove(&(at, due));
        }
    }

    /// Does all that is due by now: leases end, waiting jobs start, holds and patience end, in that order at each instant.
    /// Where arrivals come first, they have had a pass of their own before anything ends.
    pub fn advance(&mut self, now: Time, books: &mut Books<'_>) {
        while self.next_deadline() <= now {
            self.pass_before_completions(now, books);
            self.end_due_leases(now, books);
            self.end_told(now, books);
            if self.pass_at.take().is_some() {
                self.pass(now, books);
            }
            while let Some(&(at, due @ (Due::HoldEnds(job) | Due::PatienceEnds(job)))) =
                self.deadlines.first()
                && at <= now
            {
                self.deadlines.remove(&(at, due));
                match due {
                    Due::HoldEnds(_) => self.hold_ends(now, job, books),
                    _ => self.leave(now, job, Unserved::Expired, books),
                }
                // Who leaves may have stood in the way of others.
                self.ask_for_pass(now);
            }
        }
    }

    /// An epoch ends: hands out the nanoseconds each device was hired in it and starts the next count at zero. A host
    /// leased in parts is hired by its leased part.
    ///
    /// # Panics
    /// When `hired_ns` has not one row per device.
    pub fn fold_epoch(&mut self, now: Time, hired_ns: &mut [u64]) {
        match &mut self.sharing {
            Some(sharing) => sharing.fold_epoch(now, hired_ns),
            None => self.hire.fold_epoch(now, hired_ns),
        }
    }

    /// Hands out the rent of each device's hired time of the epoch that ends at `now`, in micro-dollars before fees and
    /// refunds, and starts the next; nothing where rents are not kept.
    ///
    /// # Panics
    /// When `earned` has not one row per device.
    pub fn fold_rents(&mut self, now: Time, earned: &mut [u64]) {
        if let Some(rent) = &mut self.rent {
            rent.fold_epoch(now, earned);
        }
    }

    /// A job by its id.
    #[must_use]
    pub fn job(&self, job: JobId) -> Option<&Job> {
        self.jobs.get(job.at())
    }

    /// A lease by its id; one that is over has no members.
    #[must_use]
    pub fn lease(&self, lease: LeaseId) -> Option<&Lease> {
        self.leases.get(lease.at())
    }

    /// The lease that a device is bound to.
    #[must_use]
    pub fn lease_of(&self, device: DeviceId) -> Option<LeaseId> {
        self.hire.lease(device)
    }

    /// Exact number of deployable cards of a model.
    #[must_use]
    pub fn deployable_cards(&self, model: ModelId) -> u64 {
        self.index.deployable_cards(model)
    }

    /// Index entries looked at so far: what scheduling has cost.
    #[must_use]
    pub fn visits(&self) -> u64 {
        self.index.visits()
    }

    /// What a renter must have for a job of this kind to start, in base units of what leases are paid in; none while that
    /// has no price.
    #[must_use]
    pub fn escrow(&self, request: &JobRequest, billing: &Billing) -> Option<Amount> {
        let length = self.churn.length(request.term, false);
        Some(billing.currency()?.up(billing.escrow_for(request, length, Span::ZERO)))
    }

    /// The same for what is left of a job that waits or holds devices.
    #[must_use]
    pub fn escrow_of(&self, job: JobId, billing: &Billing) -> Option<Amount> {
        let record = self.job(job)?;
        let length = self.churn.length(record.left(), record.resumes());
        Some(billing.currency()?.up(billing.escrow_for(&record.request, length, record.served)))
    }

    /// How long a lease has to last for so much work of its job to be done in it.
    #[must_use]
    pub fn time_for(&self, lease: &Lease, work: Span) -> Span {
        self.churn.length(work, lease.resumed)
    }

    /// What can be refused before anything changes.
    fn check(&self, renter: AccountId, request: &JobRequest, books: &Books<'_>) -> Result<(), Rejection> {
        if (request.cards == 0 && self.sharing.is_none()) || request.term == Span::ZERO {
            return Err(Rejection::BadSize);
        }
        let known = |model: ModelId| model.at() < books.registry.models.len();
        if !request.model.is_none_or(known) {
            return Err(Rejection::Unknown);
        }
        let purse = *books.purses.get(renter.at()).ok_or(Rejection::Unknown)?;
        let currency = books.billing.currency().ok_or(Rejection::WrongState)?;
        let escrow = self.escrow(request, books.billing).ok_or(Rejection::WrongState)?;
        if books.ledger.balance(purse, currency.asset()) < escrow {
            return Err(Rejection::Unfunded);
        }
        Ok(())
    }

    /// Counters and integrals for measurement, as of now.
    #[must_use]
    pub fn tally(&self, now: Time) -> TallyView {
        self.tally.view(now)
    }
}

#[cfg(test)]
mod tests;
