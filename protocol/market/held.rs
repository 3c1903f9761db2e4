//! Gangs that lost a device and hold the rest until it is back, or until another takes its place.

use super::passage::tell_reputation;
use super::{Books, Due, Job, JobState, Market, Member};
use crate::effect::{Effect, Outcome, Unserved};
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

    fn gang(&mut self, job: JobId) -> &mut Gang {
        self.gangs.get_mut(&job).expect("a job that holds or awaits a device has a gang")
    }

    fn forget(&mut self, job: JobId) -> Option<Gang> {
        let gang = self.gangs.remove(&job)?;
        for member in gang.held.iter().chain(&gang.missing) {
            if self.job_of.get(&member.device) == Some(&job) {
                self.job_of.remove(&member.device);
            }
        }
        self.due.remove(&job);
        Some(gang)
    }
}

/// True when a device could serve but for being bound.
fn fit(registry: &Registry, device: DeviceId) -> bool {
    let flags = registry.flags[device.at()] & !flag::LEASED;
    flags & (flag::DEPLOYABLE_SET | flag::DEPLOYABLE_CLEAR) == flag::DEPLOYABLE_SET
}

fn left_for_good(registry: &Registry, device: DeviceId) -> bool {
    registry.flags[device.at()] & (flag::WITHDRAWN | flag::BANNED) != 0
}

impl Market {
    /// True when a job that lost this device holds the rest of its gang.
    pub(super) fn holds_for(&self, lost: DeviceId, registry: &Registry) -> bool {
        self.sharing.is_none()
            && match self.churn.on_loss {
                OnLoss::Fail | OnLoss::Restart => false,
                OnLoss::Wait => !left_for_good(registry, lost),
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

    /// A device that is awaited came back; true when its job took it. One that may move does not take back what its renter
    /// shuns; one that waits waits for just that.
    pub(super) fn rejoin(&mut self, device: DeviceId, registry: &mut Registry) -> bool {
        let Some(job) = self.held.awaiting(device).filter(|_| registry.deployable(device)) else {
            return false;
        };
        let shunned = self.shunned.shuns(self.jobs[job.at()].renter, device);
        if shunned && self.churn.on_loss == OnLoss::Move {
            self.held.job_of.remove(&device);
            return false;
        }
        let gang = self.held.gang(job);
        let at = gang.missing.iter().position(|member| member.device == device).expect("it is missing");
        let member = gang.missing.remove(at);
        let place = gang.held.partition_point(|other| other.device < device);
        gang.held.insert(place, member);
        registry.flags[device.at()] |= flag::LEASED;
        self.held.due.insert(job);
        true
    }

    /// A device that is held for a gang was lost too: it failed its renter like the first, and is awaited from now on. True
    /// when one was.
    pub(super) fn held_device_lost(&mut self, now: Time, device: DeviceId, books: &mut Books<'_>) -> bool {
        let Some(&job) = self.held.job_of.get(&device) else {
            return false;
        };
        if !self.let_go(job, device, books.registry) {
            return false;
        }
        let lost = Some(device);
        self.judge(now, job, device, (Outcome::Interrupted, lost));
        tell_reputation(device, Outcome::Interrupted, lost, books);
        self.end_vain_hold(now, job, books);
        true
    }

    /// A held device is missing from now on; false when it is not held.
    fn let_go(&mut self, job: JobId, device: DeviceId, registry: &mut Registry) -> bool {
        let gang = self.held.gang(job);
        let Some(at) = gang.held.iter().position(|member| member.device == device) else {
            return false;
        };
        let member = gang.held.remove(at);
        gang.missing.push(member);
        registry.flags[device.at()] &= !flag::LEASED;
        true
    }

    /// These devices left the network for good: nobody waits for them.
    pub fn devices_left(&mut self, now: Time, first: DeviceId, count: u32, books: &mut Books<'_>) {
        if self.held.is_empty() {
            return;
        }
        let range = first..DeviceId(first.0.saturating_add(count));
        let jobs: BTreeSet<JobId> = self.held.job_of.range(range).map(|(_, job)| *job).collect();
        for job in jobs {
            self.end_vain_hold(now, job, books);
        }
    }

    /// Ends a hold for a device that cannot come back.
    fn end_vain_hold(&mut self, now: Time, job: JobId, books: &mut Books<'_>) {
        let gone = |member: &Member| left_for_good(books.registry, member.device);
        let vain = self.held.gangs.get(&job).is_some_and(|gang| gang.missing.iter().any(gone));
        if vain && self.churn.on_loss == OnLoss::Wait {
            self.hold_ends(now, job, books);
        }
    }

    /// Starts the gangs that are whole again, or can be made whole; to be called first in every pass.
    pub(super) fn mend(&mut self, now: Time, books: &mut Books<'_>) {
        for job in std::mem::take(&mut self.held.due) {
            let Some(gang) = self.held.gangs.get(&job) else {
                continue;
            };
            let unfit: Vec<DeviceId> =
                gang.held.iter().map(|member| member.device).filter(|d| !fit(books.registry, *d)).collect();
            for device in unfit {
                self.let_go(job, device, books.registry);
            }
            let gang = &self.held.gangs[&job];
            let missing = gang.missing.iter().map(|member| member.cards).sum();
            let whole = gang.missing.is_empty();
            let moves = !whole && self.churn.on_loss == OnLoss::Move;
            let picks = if moves { self.substitutes(job, missing, books) } else { Vec::new() };
            let started = (whole || !picks.is_empty()) && self.resume(now, job, &picks, books);
            if !started && (whole || moves) {
                self.held.due.insert(job);
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

    /// Starts a gang on what it holds and on what takes the place of what is missing; false while its renter cannot pay.
    fn resume(&mut self, now: Time, job: JobId, picks: &[Pick], books: &mut Books<'_>) -> bool {
        let Job { renter, request, .. } = self.jobs[job.at()];
        if !self.hold_money(now, job, renter, books) {
            return false;
        }
        let gang = self.held.forget(job).expect("a job that is due holds a gang");
        self.deadlines.remove(&(gang.until, Due::HoldEnds(job)));
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
        self.start(now, job, members, books);
        true
    }

    /// The hold is over: the devices are free, and the job queues again.
    pub(super) fn hold_ends(&mut self, now: Time, job: JobId, books: &mut Books<'_>) {
        if let Some(gang) = self.held.forget(job) {
            self.deadlines.remove(&(gang.until, Due::HoldEnds(job)));
            self.release(&gang.held, books);
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
