//! Running jobs that may be stopped for waiting ones, worst first, so that nobody looks at all of them.

use super::{Books, Due, Lease, Market};
use crate::effect::Outcome;
use crate::ids::{JobId, LeaseId};
use crate::registry::{Registry, flag};
use crate::scheduling::{Attained, suits};
use crate::units::Time;
use std::collections::{BTreeMap, BTreeSet};

/// Leases by level, then by start: the last is stopped first.
#[derive(Default, Debug)]
pub(super) struct Running {
    order: BTreeSet<(u64, Time, LeaseId)>,
    level: BTreeMap<LeaseId, (u64, Time)>,
}

impl Running {
    fn add(&mut self, lease: LeaseId, level: u64, started: Time) {
        self.level.insert(lease, (level, started));
        self.order.insert((level, started, lease));
    }

    pub(super) fn remove(&mut self, lease: LeaseId) {
        if let Some((level, started)) = self.level.remove(&lease) {
            self.order.remove(&(level, started, lease));
        }
    }

    /// Leases of a larger level, worst first.
    fn above(&self, level: u64) -> impl Iterator<Item = (Time, LeaseId)> + '_ {
        let from = (level.saturating_add(1), Time::ZERO, LeaseId(0));
        self.order.range(from..).rev().map(|(_, started, lease)| (*started, *lease))
    }
}

impl Market {
    /// A lease began: notes its level, and when that rises.
    pub(super) fn follow_level(&mut self, now: Time, lease: LeaseId) {
        if self.queueing.preemption().is_none() {
            return;
        }
        let job = self.leases[lease.at()].job;
        let (started, request) = (self.leases[lease.at()].started, self.sought(job));
        let attained = self.attained(now, lease);
        self.running.add(lease, self.queueing.level(&request, attained), started);
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

    fn attained(&self, now: Time, lease: LeaseId) -> Attained {
        let Lease { job, started, .. } = self.leases[lease.at()];
        let job = &self.jobs[job.at()];
        let mut attained = job.attained;
        attained += Attained::of(job.request.cards, now - started);
        attained
    }

    /// Stops as many running jobs of a larger level as the job needs beside `supply` free cards, and none when all of
    /// them together would not do. True when it can start now.
    pub(super) fn make_room(&mut self, now: Time, job: JobId, supply: u64, books: &mut Books<'_>) -> bool {
        let Some(terms) = self.queueing.preemption() else {
            return false;
        };
        let request = self.sought(job);
        let level = self.queueing.level(&request, self.jobs[job.at()].attained);
        let mut missing = u64::from(request.cards).saturating_sub(supply);
        let mut victims: Vec<(LeaseId, u64)> = Vec::new();
        let mut ripe_at = Time::NEVER;
        for (started, lease) in self.running.above(level) {
            if missing == 0 {
                break;
            }
            let cards = self.cards_freed(lease, job, books.registry);
            if cards == 0 {
                continue;
            }
            if started + terms.min_run > now {
                ripe_at = ripe_at.min(started + terms.min_run);
                continue;
            }
            victims.push((lease, cards));
            missing = missing.saturating_sub(cards);
        }
        if missing > 0 {
            // Those that are let be may be stopped later.
            self.remind(ripe_at, Due::VictimsRipen);
            return false;
        }
        spare(&mut victims, u64::from(request.cards).saturating_sub(supply));
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
