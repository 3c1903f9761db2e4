//! The waiting jobs, and how much supply each blocked one still sees: a blocked job is not looked up again in vain.

use super::Job;
use crate::ids::{DeviceId, JobId};
use crate::registry::Registry;
use crate::scheduling::suits;
use std::collections::{BTreeMap, BTreeSet};

/// Job ids ascend with arrival, so the set's order is the order of arrival.
#[derive(Default, Debug)]
pub(super) struct Queue {
    order: BTreeSet<JobId>,
    /// Deployable cards that suit a job, kept since the look-up that found them too few; never below the truth,
    /// and equal to it while every change of standing is reported. Strict FCFS keeps one row.
    short: BTreeMap<JobId, u64>,
}

impl Queue {
    pub(super) fn order(&self) -> &BTreeSet<JobId> {
        &self.order
    }

    pub(super) fn has(&self, job: JobId) -> bool {
        self.order.contains(&job)
    }

    pub(super) fn add(&mut self, job: JobId) {
        self.order.insert(job);
    }

    pub(super) fn remove(&mut self, job: JobId) {
        self.order.remove(&job);
        self.short.remove(&job);
    }

    /// True when a look-up is known to fail.
    pub(super) fn known_short(&self, job: JobId, cards: u32) -> bool {
        let supply = self.short.get(&job);
        supply.is_some_and(|supply| *supply < u64::from(cards))
    }

    /// A look-up found only `supply` cards.
    pub(super) fn note_short(&mut self, job: JobId, supply: u64) {
        self.short.insert(job, supply);
    }

    /// A device came into the count of deployable cards.
    pub(super) fn supply_grew(&mut self, registry: &Registry, jobs: &[Job], device: DeviceId) {
        let cards = u64::from(registry.cards[device.at()]);
        for supply in self.suited(registry, jobs, device) {
            *supply += cards;
        }
    }

    /// A device left the count of deployable cards.
    pub(super) fn supply_shrank(&mut self, registry: &Registry, jobs: &[Job], device: DeviceId) {
        let cards = u64::from(registry.cards[device.at()]);
        for supply in self.suited(registry, jobs, device) {
            *supply -= cards;
        }
    }

    fn suited(
        &mut self,
        registry: &Registry,
        jobs: &[Job],
        device: DeviceId,
    ) -> impl Iterator<Item = &mut u64> {
        self.short
            .iter_mut()
            .filter(move |(job, _)| suits(registry, &jobs[job.at()].request, device))
            .map(|(_, supply)| supply)
    }
}
