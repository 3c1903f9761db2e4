//! Devices that failed a renter and are not given to it again for a while.

use crate::ids::{AccountId, DeviceId};
use crate::units::Time;
use std::collections::BTreeMap;

/// By renter and device, until when.
#[derive(Default, Debug)]
pub(super) struct Shunned {
    until: BTreeMap<(AccountId, DeviceId), Time>,
}

impl Shunned {
    pub(super) fn add(&mut self, renter: AccountId, device: DeviceId, until: Time) {
        self.until.insert((renter, device), until);
    }

    /// True while the renter shuns any device at all.
    pub(super) fn anything(&self, renter: AccountId) -> bool {
        self.until.range((renter, DeviceId(0))..=(renter, DeviceId(u32::MAX))).next().is_some()
    }

    pub(super) fn shuns(&self, renter: AccountId, device: DeviceId) -> bool {
        self.until.contains_key(&(renter, device))
    }

    /// The time is over, unless the device has failed the renter again since.
    pub(super) fn forget(&mut self, now: Time, renter: AccountId, device: DeviceId) {
        if self.until.get(&(renter, device)).is_some_and(|until| *until <= now) {
            self.until.remove(&(renter, device));
        }
    }
}
