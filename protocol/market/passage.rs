//! How a job passes from one state to the next: the only place that binds and frees devices.

use super::{Books, Due, Job, JobState, Lease, Market, Member, OnLoss};
use crate::command::JobRequest;
use crate::effect::{Effect, Outcome, Unserved};
use crate::ids::{AccountId, DeviceId, JobId, LeaseId};
use crate::registry::{Registry, flag};
use crate::scheduling::Attained;
use crate::scheduling::index::Pick;
use crate::units::{Span, Time};

/// Whether a waiting job could be placed.
pub(super) enum Attempt {
    /// It left the queue: it runs, or its money is gone.
    Left,
    Blocked,
}

impl Market {
    /// What a job asks for now: the work that is left with its overheads, at the highest asking price within its reach.
    pub(super) fn sought(&self, job: JobId) -> JobRequest {
        let job = &self.jobs[job.at()];
        let term = self.churn.length(job.left(), job.resumes());
        JobRequest { term, price_limit: job.reach, ..job.request }
    }

    /// A job begins to wait, for the first time or again.
    pub(super) fn begin_to_wait(&mut self, now: Time, job: JobId) {
        self.jobs[job.at()].waits_since = now;
        self.tally.waiting.raise(now, 1);
    }

    /// A waiting job takes its place in the queue.
    pub(super) fn join_queue(&mut self, now: Time, job: JobId) {
        let sought = self.sought(job);
        let Job { submitted, request, attained, .. } = self.jobs[job.at()];
        // Bids are ranked as they were made, terms by what is left of them.
        let ranked = JobRequest { term: sought.term, ..request };
        self.queue.add(job, self.queueing.rank(submitted, &ranked, attained));
        if let Some(reserve) = &mut self.reserve {
            reserve.arrived(job);
        }
        if !self.jobs[job.at()].resumes() {
            self.enters_room(job);
        }
        self.ask_for_pass(now);
    }

    /// An interrupted job takes its old place in the queue, with new patience; it waits already.
    pub(super) fn queue_again(&mut self, now: Time, job: JobId, books: &mut Books<'_>) {
        let record = &mut self.jobs[job.at()];
        record.state = JobState::Waiting;
        record.patience_ends = now + record.request.patience;
        self.remind(self.jobs[job.at()].patience_ends, Due::PatienceEnds(job));
        books.effects.push(Effect::JobRequeued(job));
        if !self.invite_offers(now, job, books) {
            self.join_queue(now, job);
        }
    }

    /// Places one job if all it asks for is there, or can be taken from jobs that it may stop.
    pub(super) fn attempt(&mut self, now: Time, job: JobId, books: &mut Books<'_>) -> Attempt {
        if self.sharing.is_some() {
            return self.attempt_part(now, job, books);
        }
        let cards = self.jobs[job.at()].request.cards;
        if let Some(supply) = self.queue.known_short(job, cards)
            && !self.make_room(now, job, supply, books)
        {
            return Attempt::Blocked;
        }
        if self.auctions() {
            return self.attempt_auctioned(now, job, books);
        }
        let mut picks = std::mem::take(&mut self.picks);
        let mut found = self.find(job, books, &mut picks);
        if let Err(supply) = found
            && self.make_room(now, job, supply, books)
        {
            found = self.find(job, books, &mut picks);
        }
        let started = found.is_ok() && self.pay_and_start(now, job, &picks, books);
        self.picks = picks;
        self.attempted(job, started)
    }

    /// What came of an attempt: a job that went without money to go on with has left too.
    pub(super) fn attempted(&self, job: JobId, started: bool) -> Attempt {
        let waits = self.jobs[job.at()].state == JobState::Waiting;
        if started || !waits { Attempt::Left } else { Attempt::Blocked }
    }

    /// Looks up free devices for a whole job; what it lacks is remembered.
    fn find(&mut self, job: JobId, books: &mut Books<'_>, picks: &mut Vec<Pick>) -> Result<(), u64> {
        let sought = self.sought(job);
        let renter = self.jobs[job.at()].renter;
        let (index, shunned, placement) = (&mut self.index, &self.shunned, self.placement.as_ref());
        let found = if shunned.anything(renter) {
            let mut allow = |device| !shunned.shuns(renter, device);
            index.find_among(books.registry, job, &sought, placement, &mut allow, picks)
        } else {
            index.find(books.registry, job, &sought, placement, picks)
        };
        if let Err(supply) = found {
            self.queue.note_short(job, supply);
        }
        found
    }

    /// Starts a job on the chosen devices, or lets it go when its money is gone. True when it runs.
    pub(super) fn pay_and_start(
        &mut self,
        now: Time,
        job: JobId,
        picks: &[Pick],
        books: &mut Books<'_>,
    ) -> bool {
        let Job { renter, request, .. } = self.jobs[job.at()];
        let member = |pick: &Pick| Member {
            device: pick.device,
            cards: pick.cards,
            price: self.pricing.price(&request, books.registry.price[pick.device.at()]),
        };
        let members = picks.iter().map(member).collect();
        let held = self.hold_money(now, job, renter, books);
        if held {
            self.start(now, job, members, books);
        }
        held
    }

    /// True when a job's renter has the money for it now.
    pub(super) fn can_pay(&self, job: JobId, books: &Books<'_>) -> bool {
        let (currency, escrow) = (books.billing.currency(), self.escrow_of(job, books.billing));
        let purse = books.purses[self.jobs[job.at()].renter.at()];
        currency
            .zip(escrow)
            .is_some_and(|(currency, escrow)| books.ledger.balance(purse, currency.asset()) >= escrow)
    }

    /// Takes a job's money into escrow. Where there is too little the answer is false: a new job then leaves, and one that
    /// was interrupted waits on, since its refund may be less than what it needs again.
    pub(super) fn hold_money(
        &mut self,
        now: Time,
        job: JobId,
        renter: AccountId,
        books: &mut Books<'_>,
    ) -> bool {
        let currency =
            books.billing.currency().expect("a price was there when the job came, and prices stay");
        let escrow = self.escrow_of(job, books.billing).expect("a job in a currency that has a price");
        let purse = books.purses[renter.at()];
        let held = books.billing.hold_in(currency, purse, escrow, books.ledger, books.effects).is_ok();
        if held {
            return true;
        }
        if self.jobs[job.at()].resumes() {
            self.waits_for_money = true;
        } else {
            self.leave(now, job, Unserved::Withdrawn, books);
        }
        false
    }

    /// Binds the chosen devices to a job whose escrow is held.
    pub(super) fn start(&mut self, now: Time, job: JobId, members: Vec<Member>, books: &mut Books<'_>) {
        let id = self.next_lease();
        books.effects.push(Effect::JobStarted(job, id));
        let mut held_cards = 0;
        for member in &members {
            let i = member.device.at();
            self.index.remove(books.registry, member.device);
            self.retract(member.device, books.registry);
            books.registry.flags[i] |= flag::LEASED;
            self.hire.begin(now, member.device, id);
            held_cards += u64::from(books.registry.cards[i]);
            books.effects.push(Effect::DeviceLeased(id, member.device));
        }
        let lease = self.lease_for(now, job, members, held_cards, books);
        self.run(now, lease, books);
    }

    /// The id that the next lease will have.
    pub(super) fn next_lease(&self) -> LeaseId {
        LeaseId(u32::try_from(self.leases.len()).expect("fewer than 2^32 leases"))
    }

    /// A lease of these devices for what is left of a job's work.
    pub(super) fn lease_for(
        &self,
        now: Time,
        job: JobId,
        members: Vec<Member>,
        held_cards: u64,
        books: &Books<'_>,
    ) -> Lease {
        let record = &self.jobs[job.at()];
        Lease {
            job,
            started: now,
            ends: now + self.sought(job).term,
            escrow: self.escrow_of(job, books.billing).expect("a job in a currency that has a price"),
            currency: books.billing.currency().expect("the escrow was held in it"),
            settled: Span::ZERO,
            resumed: record.resumes(),
            served_before: record.served,
            level_rises: Time::NEVER,
            held_cards,
            members,
        }
    }

    /// A job runs from now on, by this lease.
    pub(super) fn run(&mut self, now: Time, lease: Lease, books: &Books<'_>) {
        let (id, job) = (self.next_lease(), lease.job);
        if let Some(rent) = &mut self.rent {
            rent.begin(now, &lease.members);
        }
        let waited = self.dequeue(now, job);
        if let Some(reserve) = &mut self.reserve {
            reserve.started(now, &lease);
        }
        let record = &mut self.jobs[job.at()];
        record.state = JobState::Running(id);
        self.tally.started(now, waited, u64::from(record.request.cards), lease.held_cards);
        self.remind(lease.ends, Due::LeaseEnds(id));
        self.remind(books.billing.next_part(lease.started, lease.settled), Due::PartFalls(id));
        self.leases.push(lease);
        self.follow_level(now, id);
    }

    /// A full hour of a lease is over: what is certain of it is paid.
    pub(super) fn part_falls(&mut self, now: Time, id: LeaseId, books: &mut Books<'_>) {
        let lease = &mut self.leases[id.at()];
        lease.settle_part(&self.jobs[lease.job.at()], now, books);
        let next = books.billing.next_part(lease.started, lease.settled);
        self.remind(next, Due::PartFalls(id));
    }

    /// Settles a running lease, frees its devices and tells their reputations. A job whose device was lost, or that was
    /// stopped for another, goes on as the rules of churn say.
    pub(super) fn end_lease(
        &mut self,
        now: Time,
        id: LeaseId,
        outcome: Outcome,
        lost: Option<DeviceId>,
        books: &mut Books<'_>,
    ) {
        let job = self.leases[id.at()].job;
        let goes_on = self.churn.on_loss != OnLoss::Fail && self.jobs[job.at()].losses < self.churn.losses;
        let outcome = if outcome == Outcome::DeviceLost && goes_on { Outcome::Interrupted } else { outcome };
        let members = self.close_lease(now, id, outcome, lost, books);
        let holds =
            lost.filter(|lost| outcome == Outcome::Interrupted && self.holds_for(*lost, books.registry));
        let (mut held, mut missing) = (Vec::new(), None);
        for member in members {
            self.judge(now, job, member.device, (outcome, lost));
            tell_reputation(member.device, outcome, lost, books);
            if self.sharing.is_some() {
                continue;
            }
            self.hire.end(now.min(self.leases[id.at()].ends), member.device);
            if holds == Some(member.device) {
                missing = Some(member);
            } else if holds.is_some() {
                held.push(member);
                continue;
            }
            books.registry.flags[member.device.at()] &= !flag::LEASED;
            self.device_deployable(member.device, books);
            if let Some(reserve) = &mut self.reserve
                && !books.registry.deployable(member.device)
            {
                reserve.went(member.device);
            }
        }
        books.effects.push(Effect::LeaseEnded(id, job, outcome));
        match missing {
            Some(missing) => self.hold(now, job, held, missing, books),
            None if matches!(outcome, Outcome::Interrupted | Outcome::Preempted) => {
                self.begin_to_wait(now, job);
                self.queue_again(now, job, books);
            }
            None => self.jobs[job.at()].state = JobState::Over(outcome),
        }
    }

    /// Takes a lease out of all books and pays it; returns the devices that it held.
    fn close_lease(
        &mut self,
        now: Time,
        id: LeaseId,
        outcome: Outcome,
        lost: Option<DeviceId>,
        books: &mut Books<'_>,
    ) -> Vec<Member> {
        self.forget_level(id);
        let members = std::mem::take(&mut self.leases[id.at()].members);
        let lease = &self.leases[id.at()];
        let next_part = books.billing.next_part(lease.started, lease.settled);
        self.deadlines.remove(&(lease.ends, Due::LeaseEnds(id)));
        self.deadlines.remove(&(next_part, Due::PartFalls(id)));
        self.deadlines.remove(&(lease.level_rises, Due::LevelRises(id)));
        if let Some(rent) = &mut self.rent {
            rent.end(now.min(lease.ends), &members);
        }
        if let Some(reserve) = &mut self.reserve {
            reserve.ended(now, lease.ends, &members);
        }
        let record = &mut self.jobs[lease.job.at()];
        lease.settle(record, &members, now, (outcome, lost), books);
        let run = now.min(lease.ends) - lease.started;
        record.attained += Attained::of(record.request.cards, run);
        record.served += run;
        match outcome {
            Outcome::Interrupted => {
                let saved = self.churn.saved(run, lease.resumed, record.left());
                record.done += saved;
                record.losses += 1;
            }
            Outcome::Preempted => {
                let worked = self.churn.worked(run, lease.resumed, record.left());
                record.done += worked;
                // Started and stopped at one instant, it has not been interrupted in anything.
                record.stops += u32::from(run > Span::ZERO);
            }
            _ => {}
        }
        self.tally.ended(now, outcome, u64::from(record.request.cards), lease.held_cards);
        if let Some(sharing) = &mut self.sharing {
            sharing.give_back(now.min(lease.ends), id);
        }
        members
    }

    /// A waiting job leaves without having been served, or without having been served to the end.
    pub(super) fn leave(&mut self, now: Time, job: JobId, why: Unserved, books: &mut Books<'_>) {
        let ran = self.jobs[job.at()].resumes();
        let why = if why == Unserved::Expired && ran { Unserved::Abandoned } else { why };
        self.dequeue(now, job);
        self.jobs[job.at()].state = JobState::Unserved(why);
        self.tally.unserved(why);
        books.effects.push(Effect::JobUnserved(job, why));
    }

    /// Takes a job out of the queue and returns how long it has waited.
    pub(super) fn dequeue(&mut self, now: Time, job: JobId) -> Span {
        let Job { patience_ends, waits_since, .. } = self.jobs[job.at()];
        self.deadlines.remove(&(patience_ends, Due::PatienceEnds(job)));
        if let Some(closes) = self.orders.forget(job) {
            self.deadlines.remove(&(closes, Due::OffersClose(job)));
        }
        self.queue.remove(job);
        if let Some(reserve) = &mut self.reserve {
            reserve.left(now, job);
        }
        self.tally.waiting.lower(now, 1);
        now.since(waits_since)
    }

    pub(super) fn retract(&mut self, device: DeviceId, registry: &Registry) {
        if self.index.retract(registry, device) {
            self.queue.supply_shrank(registry, &self.jobs, &self.shunned, device);
        }
    }

    pub(super) fn remind(&mut self, at: Time, due: Due) {
        if at < Time::NEVER {
            self.deadlines.insert((at, due));
        }
    }
}

/// What a lease leaves behind on the record of one of its devices.
pub(super) fn tell_reputation(
    device: DeviceId,
    outcome: Outcome,
    lost: Option<DeviceId>,
    books: &mut Books<'_>,
) {
    match outcome {
        Outcome::Completed | Outcome::EndedEarly => books.reputation.outcome(device, true),
        Outcome::NotDelivered => books.reputation.outcome(device, false),
        Outcome::DeviceLost | Outcome::Interrupted if lost == Some(device) => {
            books.reputation.outcome(device, false);
        }
        // The rest of a gang neither failed nor finished, and who was stopped for another did neither.
        Outcome::DeviceLost | Outcome::Interrupted | Outcome::Preempted => {}
    }
}
