//! Devices that failed a renter and are not given to it again for a while.

use super::{Due, Market};
use crate::effect::Outcome;
use crate::ids::{AccountId, DeviceId, JobId};
use crate::units::Time;
use std::collections::BTreeMap;

/// By renter and device, until when.
#[derive(Default, Debug)]
pub(super) struct Shunned {
    until: BTreeMap<(AccountId, DeviceId), Time>,
}

impl Shunned {
    /// True while the renter shuns any device at all.
    pub(super) fn anything(&self, renter: AccountId) -> bool {
        self.until.range((renter, DeviceId(0))..=(renter, DeviceId(u32::MAX))).next().is_some()
    }

    pub(super) fn shuns(&self, renter: AccountId, device: DeviceId) -> bool {
        self.until.contains_key(&(renter, device))
    }
}

impl Market {
    /// A renter remembers a device that failed it. The device is not among those that could be hired just then.
    pub(super) fn judge(
        &mut self,
        now: Time,
        job: JobId,
        device: DeviceId,
        (outcome, lost): (Outcome, Option<DeviceId>),
    ) {
        let failed = outcome == Outcome::NotDelivered || lost == Some(device);
        if let Some(until) = self.churn.shunned_until(now).filter(|_| failed) {
            let renter = self.jobs[job.at()].renter;
            self.shunned.until.insert((renter, device), until);
            self.remind(until, Due::ShunEnds(renter, device));
        }
    }

    /// The time is over, unless the device has failed the renter again since. What the renter's jobs were known to lack
    /// is looked up anew.
    pub(super) fn shun_ends(&mut self, now: Time, renter: AccountId, device: DeviceId) {
        if self.shunned.until.get(&(renter, device)).is_some_and(|until| *until <= now) {
            self.shunned.until.remove(&(renter, device));
            self.queue.forget_short_of(&self.jobs, renter);
            self.ask_for_pass(now);
        }
    }
}
