//! The waiting jobs, and how much supply each blocked one still sees: a blocked job is not looked up again in vain.

use super::Job;
use super::shun::Shunned;
use crate::command::JobRequest;
use crate::ids::{AccountId, DeviceId, JobId};
use crate::registry::Registry;
use crate::scheduling::suits;
use std::collections::{BTreeMap, BTreeSet};

/// In the discipline's order; job ids ascend with arrival, so equals come in order of arrival.
#[derive(Default, Debug)]
pub(super) struct Queue {
    order: BTreeSet<(u64, JobId)>,
    rank: BTreeMap<JobId, u64>,
    /// Deployable cards that suit a job, kept since the look-up that found them too few; never below the truth,
    /// and equal to it while every change of standing is reported. Strict FCFS keeps one row.
    short: BTreeMap<JobId, u64>,
}

impl Queue {
    pub(super) fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    pub(super) fn len(&self) -> usize {
        self.order.len()
    }

    pub(super) fn first(&self) -> Option<JobId> {
        self.order.first().map(|(_, job)| *job)
    }

    pub(super) fn in_order(&self) -> impl Iterator<Item = JobId> + '_ {
        self.order.iter().map(|(_, job)| *job)
    }

    pub(super) fn has(&self, job: JobId) -> bool {
        let rank = self.rank.get(&job).copied().unwrap_or(0);
        self.order.contains(&(rank, job))
    }

    pub(super) fn add(&mut self, job: JobId, rank: u64) {
        self.order.insert((rank, job));
        if rank != 0 {
            self.rank.insert(job, rank);
        }
    }

    pub(super) fn remove(&mut self, job: JobId) {
        let rank = self.rank.remove(&job).unwrap_or(0);
        self.order.remove(&(rank, job));
        self.short.remove(&job);
    }

    /// The cards that a look-up would find, when it is known that they are too few.
    pub(super) fn known_short(&self, job: JobId, cards: u32) -> Option<u64> {
        self.short.get(&job).copied().filter(|supply| *supply < u64::from(cards))
    }

    /// A look-up found only `supply` cards.
    pub(super) fn note_short(&mut self, job: JobId, supply: u64) {
        self.short.insert(job, supply);
    }

    /// What the job was found to lack is no longer known.
    pub(super) fn forget_short(&mut self, job: JobId) {
        self.short.remove(&job);
    }

    /// The same for all jobs of a renter.
    pub(super) fn forget_short_of(&mut self, jobs: &[Job], renter: AccountId) {
        self.short.retain(|job, _| jobs[job.at()].renter != renter);
    }

    /// A device came into the count of deployable cards.
    pub(super) fn supply_grew(
        &mut self,
        registry: &Registry,
        jobs: &[Job],
        shunned: &Shunned,
        device: DeviceId,
    ) {
        let cards = u64::from(registry.cards[device.at()]);
        for supply in self.suited(registry, jobs, shunned, device) {
            *supply += cards;
        }
    }

    /// A device left the count of deployable cards.
    pub(super) fn supply_shrank(
        &mut self,
        registry: &Registry,
        jobs: &[Job],
        shunned: &Shunned,
        device: DeviceId,
    ) {
        let cards = u64::from(registry.cards[device.at()]);
        for supply in self.suited(registry, jobs, shunned, device) {
            *supply -= cards;
        }
    }

    fn suited(
        &mut self,
        registry: &Registry,
        jobs: &[Job],
        shunned: &Shunned,
        device: DeviceId,
    ) -> impl Iterator<Item = &mut u64> {
        self.short
            .iter_mut()
            .filter(move |(job, _)| {
                let job = &jobs[job.at()];
                suits(registry, &JobRequest { price_limit: job.reach, ..job.request }, device)
                    && !shunned.shuns(job.renter, device)
            })
            .map(|(_, supply)| supply)
    }
}
