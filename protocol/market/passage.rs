//! How a job passes from one state to the next: the only place that binds and frees devices.

use super::{Books, Due, Job, JobState, Lease, Market, Member};
use crate::effect::{Effect, Outcome, Unserved};
use crate::ids::{DeviceId, JobId, LeaseId};
use crate::registry::{Registry, flag};
use crate::scheduling::index::Pick;
use crate::units::{Amount, Span, Time};

/// Whether a waiting job could be placed.
pub(super) enum Attempt {
    /// It left the queue: it runs, or its money is gone.
    Left,
    Blocked,
}

impl Market {
    /// Places one job if all it asks for is there.
    pub(super) fn attempt(&mut self, now: Time, job: JobId, books: &mut Books<'_>) -> Attempt {
        let Job { request, .. } = self.jobs[job.at()];
        if self.queue.known_short(job, request.cards) {
            return Attempt::Blocked;
        }
        if self.sharing.is_some() {
            return self.attempt_part(now, job, books);
        }
        let mut picks = std::mem::take(&mut self.picks);
        let placement = self.placement.as_ref();
        let found = self.index.find(books.registry, &request, placement, &mut picks);
        let attempt = match found {
            Err(supply) => {
                self.queue.note_short(job, supply);
                Attempt::Blocked
            }
            Ok(()) => {
                self.pay_and_start(now, job, &picks, books);
                Attempt::Left
            }
        };
        self.picks = picks;
        attempt
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
        let escrow = books.billing.escrow(&request);
        let purse = books.purses[renter.at()];
        let held = books.billing.hold(purse, escrow, books.ledger, books.effects);
        match held {
            Ok(()) => self.start(now, job, escrow, picks, books),
            Err(_) => self.leave(now, job, Unserved::Withdrawn, books),
        }
        held.is_ok()
    }

    /// Binds the chosen devices to a job whose escrow is held.
    fn start(&mut self, now: Time, job: JobId, escrow: Amount, picks: &[Pick], books: &mut Books<'_>) {
        let id = LeaseId(u32::try_from(self.leases.len()).expect("no more leases than jobs"));
        books.effects.push(Effect::JobStarted(job, id));
        let mut members = Vec::with_capacity(picks.len());
        let mut held_cards = 0;
        for pick in picks {
            let i = pick.device.at();
            self.index.remove(books.registry, pick.device);
            self.retract(pick.device, books.registry);
            books.registry.flags[i] |= flag::LEASED;
            self.hire.begin(now, pick.device, id);
            held_cards += u64::from(books.registry.cards[i]);
            members.push(Member { device: pick.device, cards: pick.cards, price: books.registry.price[i] });
            books.effects.push(Effect::DeviceLeased(id, pick.device));
        }
        let waited = self.dequeue(now, job);
        let record = &mut self.jobs[job.at()];
        record.state = JobState::Running(id);
        let lease = Lease { job, started: now, ends: now + record.request.term, escrow, held_cards, members };
        if let Some(reserve) = &mut self.reserve {
            reserve.started(now, &lease);
        }
        self.tally.started(now, waited, u64::from(record.request.cards), held_cards);
        self.remind(lease.ends, Due::LeaseEnds(id));
        self.leases.push(lease);
    }

    /// Settles a running lease, frees its devices and tells their reputations.
    pub(super) fn end_lease(
        &mut self,
        now: Time,
        id: LeaseId,
        outcome: Outcome,
        lost: Option<DeviceId>,
        books: &mut Books<'_>,
    ) {
        let lease = &mut self.leases[id.at()];
        let members = std::mem::take(&mut lease.members);
        let (job, ends, held_cards) = (lease.job, lease.ends, lease.held_cards);
        self.deadlines.remove(&(ends, Due::LeaseEnds(id)));
        if let Some(reserve) = &mut self.reserve {
            reserve.ended(now, ends, &members);
        }
        let record = &mut self.jobs[job.at()];
        record.state = JobState::Over(outcome);
        let cards = u64::from(record.request.cards);
        lease.settle(record, &members, now, outcome, lost, books);
        self.tally.ended(now, outcome, cards, held_cards);
        if let Some(sharing) = &mut self.sharing {
            sharing.give_back(now.min(ends), id);
        }
        for member in &members {
            let failed_alone = lost == Some(member.device);
            match outcome {
                Outcome::Completed | Outcome::EndedEarly => {
                    books.reputation.outcome(member.device, true);
                }
                Outcome::NotDelivered => books.reputation.outcome(member.device, false),
                Outcome::DeviceLost if failed_alone => {
                    books.reputation.outcome(member.device, false);
                }
                // The rest of the gang neither failed nor finished.
                Outcome::DeviceLost => {}
            }
            if self.sharing.is_some() {
                continue;
            }
            self.hire.end(now.min(ends), member.device);
            books.registry.flags[member.device.at()] &= !flag::LEASED;
            self.device_deployable(member.device, books);
            if let Some(reserve) = &mut self.reserve
                && !books.registry.deployable(member.device)
            {
                reserve.went(member.device);
            }
        }
        books.effects.push(Effect::LeaseEnded(id, job, outcome));
    }

    /// A waiting job leaves without having been served.
    pub(super) fn leave(&mut self, now: Time, job: JobId, why: Unserved, books: &mut Books<'_>) {
        self.dequeue(now, job);
        self.jobs[job.at()].state = JobState::Unserved(why);
        self.tally.unserved(why);
        books.effects.push(Effect::JobUnserved(job, why));
    }

    /// Takes a job out of the queue and returns how long it was in it.
    pub(super) fn dequeue(&mut self, now: Time, job: JobId) -> Span {
        let record = &self.jobs[job.at()];
        let patience = record.submitted + record.request.patience;
        self.deadlines.remove(&(patience, Due::PatienceEnds(job)));
        self.queue.remove(job);
        if let Some(reserve) = &mut self.reserve {
            reserve.left(now, job);
        }
        self.tally.waiting.lower(now, 1);
        now.since(record.submitted)
    }

    pub(super) fn retract(&mut self, device: DeviceId, registry: &Registry) {
        if self.index.retract(registry, device) {
            self.queue.supply_shrank(registry, &self.jobs, device);
        }
    }

    pub(super) fn remind(&mut self, at: Time, due: Due) {
        if at < Time::NEVER {
            self.deadlines.insert((at, due));
        }
    }
}
