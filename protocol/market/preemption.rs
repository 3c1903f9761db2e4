//! Running jobs that may be stopped for waiting ones, worst first.
//!
//! A blocked job costs one sum over the levels above its own; only when the cards there could be enough are leases looked
//! at, from the worst on, until they are. Leases that are let be are not among them. The worst case, where many leases
//! above hold devices of other kinds, looks at all of these.

use super::{Books, Due, Lease, Market};
use crate::effect::Outcome;
use crate::ids::{JobId, LeaseId};
use crate::registry::{Registry, flag};
use crate::scheduling::{Attained, suits};
use crate::units::Time;
use std::collections::{BTreeMap, BTreeSet};

/// What is known of a running lease.
#[derive(Clone, Copy, Debug)]
struct Runner {
    level: u64,
    started: Time,
    cards: u64,
    /// It has run for long enough to be stopped.
    ripe: bool,
}

/// Leases by level, then by start: the last is stopped first.
#[derive(Default, Debug)]
pub(super) struct Running {
    all: BTreeMap<LeaseId, Runner>,
    /// Those that may be stopped.
    order: BTreeSet<(u64, Time, LeaseId)>,
    /// Cards of their devices, by level.
    cards: BTreeMap<u64, u64>,
}

impl Running {
    fn add(&mut self, lease: LeaseId, runner: Runner) {
        self.all.insert(lease, runner);
        if runner.ripe {
            self.order.insert((runner.level, runner.started, lease));
            *self.cards.entry(runner.level).or_default() += runner.cards;
        }
    }

    fn remove(&mut self, lease: LeaseId) -> Option<Runner> {
        let runner = self.all.remove(&lease)?;
        if runner.ripe {
            self.order.remove(&(runner.level, runner.started, lease));
            let cards = self.cards.get_mut(&runner.level).expect("it was counted");
            *cards -= runner.cards;
            if *cards == 0 {
                self.cards.remove(&runner.level);
            }
        }
        Some(runner)
    }

    /// A lease has run for long enough.
    pub(super) fn ripen(&mut self, lease: LeaseId) {
        if let Some(runner) = self.remove(lease) {
            self.add(lease, Runner { ripe: true, ..runner });
        }
    }

    /// Cards of leases of a larger level that may be stopped.
    fn cards_above(&self, level: u64) -> u64 {
        self.cards.range(level.saturating_add(1)..).map(|(_, cards)| cards).sum()
    }

    /// Those leases, worst first.
    fn above(&self, level: u64) -> impl Iterator<Item = LeaseId> + '_ {
        let from = (level.saturating_add(1), Time::ZERO, LeaseId(0));
        self.order.range(from..).rev().map(|(_, _, lease)| *lease)
    }
}

impl Market {
    /// A lease began: notes its level, when that rises, and when it may be stopped.
    pub(super) fn follow_level(&mut self, now: Time, lease: LeaseId) {
        let Some(terms) = self.queueing.preemption() else {
            return;
        };
        let Lease { job, started, held_cards, .. } = self.leases[lease.at()];
        let request = self.sought(job);
        let attained = self.attained(now, lease);
        let level = self.queueing.level(&request, attained);
        let ripe_at = started + terms.min_run;
        self.running.add(lease, Runner { level, started, cards: held_cards, ripe: ripe_at <= now });
        if ripe_at > now {
            self.remind(ripe_at, Due::LeaseRipens(lease));
        }
        if let Some(goal) = self.queueing.level_rises_at(&request, attained) {
            let at = now + attained.time_to(goal, request.cards);
            self.leases[lease.at()].level_rises = at;
            self.remind(at, Due::LevelRises(lease));
        }
    }

    /// A running job has had enough service to rise a level: it may be stopped by more jobs now.
    pub(super) fn level_rises(&mut self, now: Time, lease: LeaseId) {
        self.running.remove(lease);
        self.follow_level(now, lease);
        self.ask_for_pass(now);
    }

    /// A lease is over.
    pub(super) fn forget_level(&mut self, lease: LeaseId) {
        if let Some(terms) = self.queueing.preemption() {
            self.running.remove(lease);
            let ripe_at = self.leases[lease.at()].started + terms.min_run;
            self.deadlines.remove(&(ripe_at, Due::LeaseRipens(lease)));
        }
    }

    fn attained(&self, now: Time, lease: LeaseId) -> Attained {
        let Lease { job, started, .. } = self.leases[lease.at()];
        let job = &self.jobs[job.at()];
        let mut attained = job.attained;
        attained += Attained::of(job.request.cards, now - started);
        attained
    }

    /// Stops as many running jobs of a larger level as the job needs beside `supply` free cards; none when all of them
    /// together would not do, or when its renter could not pay. True when it can start now.
    pub(super) fn make_room(&mut self, now: Time, job: JobId, supply: u64, books: &mut Books<'_>) -> bool {
        if self.queueing.preemption().is_none() {
            return false;
        }
        let request = self.sought(job);
        let level = self.queueing.level(&request, self.jobs[job.at()].attained);
        let needed = u64::from(request.cards).saturating_sub(supply);
        if self.running.cards_above(level) < needed || !self.can_pay(job, books) {
            return false;
        }
        let mut missing = needed;
        let mut victims: Vec<(LeaseId, u64)> = Vec::new();
        for lease in self.running.above(level) {
            if missing == 0 {
                break;
            }
            let cards = self.cards_freed(lease, job, books.registry);
            if cards > 0 {
                victims.push((lease, cards));
                missing = missing.saturating_sub(cards);
            }
        }
        if missing > 0 {
            return false;
        }
        spare(&mut victims, needed);
        for (lease, _) in victims {
            self.end_lease(now, lease, Outcome::Preempted, None, books);
        }
        true
    }

    /// Cards that a job could have if this lease were over.
    fn cards_freed(&self, lease: LeaseId, job: JobId, registry: &Registry) -> u64 {
        let request = self.sought(job);
        let renter = self.jobs[job.at()].renter;
        let kept = flag::DEPLOYABLE_SET | (flag::DEPLOYABLE_CLEAR & !flag::LEASED);
        let free = |i: usize| registry.flags[i] & kept == flag::DEPLOYABLE_SET && registry.tier[i] > 0;
        let members = self.leases[lease.at()].members.iter();
        let suited = members.filter(|member| {
            free(member.device.at())
                && suits(registry, &request, member.device)
                && !self.shunned.shuns(renter, member.device)
        });
        suited.map(|member| u64::from(registry.cards[member.device.at()])).sum()
    }
}

/// Lets go of victims that are not needed, the least bad first.
fn spare(victims: &mut Vec<(LeaseId, u64)>, needed: u64) {
    let mut cards: u64 = victims.iter().map(|(_, cards)| cards).sum();
    for at in (0..victims.len()).rev() {
        if cards - victims[at].1 >= needed {
            cards -= victims[at].1;
            victims.remove(at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn victims_that_are_not_needed_are_spared_the_least_bad_first() {
        let lease = |id, cards| (LeaseId(id), cards);
        let mut victims = vec![lease(0, 1), lease(1, 2), lease(2, 8)];
        spare(&mut victims, 8);
        assert_eq!(victims, [lease(2, 8)], "the large one suffices alone");
        let mut victims = vec![lease(0, 4), lease(1, 4), lease(2, 1)];
        spare(&mut victims, 8);
        assert_eq!(victims, [lease(0, 4), lease(1, 4)]);
    }
}
