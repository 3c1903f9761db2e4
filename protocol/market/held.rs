//! Gangs that lost a device and hold the rest until it is back, or until another takes its place.

use super::{Books, Due, Job, JobState, Market, Member};
use crate::effect::{Effect, Unserved};
use crate::ids::{DeviceId, JobId};
use crate::market::churn::OnLoss;
use crate::registry::{Registry, flag};
use crate::scheduling::index::Pick;
use crate::units::Time;
use std::collections::{BTreeMap, BTreeSet};

/// What a job holds while it waits for what it lost.
#[derive(Debug)]
struct Gang {
    held: Vec<Member>,
    missing: Vec<Member>,
    until: Time,
}

/// See the file's header. A held device keeps [`flag::LEASED`], so that nobody else gets it, and belongs to no lease.
#[derive(Default, Debug)]
pub(super) struct Held {
    gangs: BTreeMap<JobId, Gang>,
    /// Job of each device that is held or awaited.
    job_of: BTreeMap<DeviceId, JobId>,
    /// Jobs to look at in the next pass.
    due: BTreeSet<JobId>,
}

impl Held {
    pub(super) fn is_empty(&self) -> bool {
        self.gangs.is_empty()
    }

    /// Devices that are held now, for tests.
    #[cfg(test)]
    pub(super) fn devices(&self) -> impl Iterator<Item = DeviceId> + '_ {
        self.gangs.values().flat_map(|gang| gang.held.iter().map(|member| member.device))
    }

    /// The job that waits for this device, if one does.
    fn awaiting(&self, device: DeviceId) -> Option<JobId> {
        let job = *self.job_of.get(&device)?;
        let gang = &self.gangs[&job];
        gang.missing.iter().any(|member| member.device == device).then_some(job)
    }

    fn forget(&mut self, job: JobId) -> Option<Gang> {
        let gang = self.gangs.remove(&job)?;
        for member in gang.held.iter().chain(&gang.missing) {
            self.job_of.remove(&member.device);
        }
        self.due.remove(&job);
        Some(gang)
    }
}

impl Market {
    /// True when a job that lost this device holds the rest of its gang.
    pub(super) fn holds_for(&self, lost: DeviceId, registry: &Registry) -> bool {
        let gone = registry.flags[lost.at()] & (flag::WITHDRAWN | flag::BANNED) != 0;
        self.sharing.is_none()
            && match self.churn.on_loss {
                OnLoss::Fail | OnLoss::Restart => false,
                OnLoss::Wait => !gone,
                OnLoss::Move => true,
            }
    }

    /// A job holds what is left of its gang. The devices are out of their lease, still marked as leased.
    pub(super) fn hold(
        &mut self,
        now: Time,
        job: JobId,
        held: Vec<Member>,
        missing: Member,
        books: &mut Books<'_>,
    ) {
        for member in &held {
            if let Some(reserve) = &mut self.reserve {
                reserve.went(member.device);
            }
            self.held.job_of.insert(member.device, job);
        }
        self.held.job_of.insert(missing.device, job);
        let until = now + self.churn.hold;
        self.held.gangs.insert(job, Gang { held, missing: vec![missing], until });
        self.held.due.insert(job);
        self.jobs[job.at()].state = JobState::Holding;
        self.begin_to_wait(now, job);
        self.remind(until, Due::HoldEnds(job));
        books.effects.push(Effect::JobHolds(job));
        self.ask_for_pass(now);
    }

    /// A device that is held or awaited came back; true when a job took it.
    pub(super) fn rejoin(&mut self, device: DeviceId, registry: &mut Registry) -> bool {
        let Some(job) = self.held.awaiting(device).filter(|_| registry.deployable(device)) else {
            return false;
        };
        let gang = self.held.gangs.get_mut(&job).expect("a job that awaits a device holds a gang");
        let at = gang.missing.iter().position(|member| member.device == device).expect("it is missing");
        let member = gang.missing.remove(at);
        let place = gang.held.partition_point(|other| other.device < device);
        gang.held.insert(place, member);
        registry.flags[device.at()] |= flag::LEASED;
        self.held.due.insert(job);
        true
    }

    /// A device that is held for a gang was lost too: it is awaited from now on. True when one was.
    pub(super) fn held_device_lost(&mut self, device: DeviceId, registry: &mut Registry) -> bool {
        let Some(&job) = self.held.job_of.get(&device) else {
            return false;
        };
        let gang = self.held.gangs.get_mut(&job).expect("a job that holds a device holds a gang");
        let Some(at) = gang.held.iter().position(|member| member.device == device) else {
            return false;
        };
        let member = gang.held.remove(at);
        gang.missing.push(member);
        registry.flags[device.at()] &= !flag::LEASED;
        true
    }

    /// Starts the gangs that are whole again, or can be made whole; to be called first in every pass.
    pub(super) fn mend(&mut self, now: Time, books: &mut Books<'_>) {
        for job in std::mem::take(&mut self.held.due) {
            let gang = &self.held.gangs[&job];
            if gang.missing.is_empty() {
                self.resume(now, job, &[], books);
            } else if self.churn.on_loss == OnLoss::Move {
                let missing = gang.missing.iter().map(|member| member.cards).sum();
                let picks = self.substitutes(job, missing, books);
                if picks.is_empty() {
                    self.held.due.insert(job);
                } else {
                    self.resume(now, job, &picks, books);
                }
            }
        }
    }

    /// Devices for the missing cards of a gang, or none when there are too few.
    fn substitutes(&mut self, job: JobId, missing: u32, books: &mut Books<'_>) -> Vec<Pick> {
        let mut sought = self.sought(job);
        sought.cards = missing;
        let renter = self.jobs[job.at()].renter;
        let shunned = &self.shunned;
        let mut allow = |device| !shunned.shuns(renter, device);
        let mut picks = Vec::new();
        let placement = self.placement.as_ref();
        // Too few: `picks` is empty then.
        let _ = self.index.find_among(books.registry, job, &sought, placement, &mut allow, &mut picks);
        picks
    }

    fn resume(&mut self, now: Time, job: JobId, picks: &[Pick], books: &mut Books<'_>) {
        let gang = self.held.forget(job).expect("a job that is due holds a gang");
        self.deadlines.remove(&(gang.until, Due::HoldEnds(job)));
        let Job { renter, request, .. } = self.jobs[job.at()];
        if let Some(reserve) = &mut self.reserve {
            // What a substitute was promised to must be promised anew.
            reserve.disturb();
            for member in &gang.held {
                reserve.came(member.device);
            }
        }
        let mut members = gang.held;
        members.extend(picks.iter().map(|pick| Member {
            device: pick.device,
            cards: pick.cards,
            price: self.pricing.price(&request, books.registry.price[pick.device.at()]),
        }));
        members.sort_by_key(|member| member.device);
        if self.hold_money(now, job, renter, books) {
            self.start(now, job, members, books);
        } else {
            let held = members.iter().filter(|member| books.registry.has(member.device, flag::LEASED));
            let held: Vec<Member> = held.copied().collect();
            self.release(&held, books);
        }
    }

    /// The hold is over: the devices are free, and the job queues again.
    pub(super) fn hold_ends(&mut self, now: Time, job: JobId, books: &mut Books<'_>) {
        if let Some(gang) = self.held.forget(job) {
            self.release(&gang.held, books);
            self.tally.waiting.lower(now, 1);
            self.queue_again(now, job, books);
        }
    }

    /// The renter gives up on a job that holds devices.
    pub(super) fn leave_held(&mut self, now: Time, job: JobId, books: &mut Books<'_>) {
        if let Some(gang) = self.held.forget(job) {
            self.deadlines.remove(&(gang.until, Due::HoldEnds(job)));
            self.release(&gang.held, books);
        }
        self.leave(now, job, Unserved::Withdrawn, books);
    }

    fn release(&mut self, members: &[Member], books: &mut Books<'_>) {
        for member in members {
            books.registry.flags[member.device.at()] &= !flag::LEASED;
            self.device_deployable(member.device, books);
        }
    }
}
