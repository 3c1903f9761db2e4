//! Which lease holds each device, and for how long it has been hired in the current epoch.

use crate::ids::{DeviceId, LeaseId};
use crate::units::Time;

/// No lease.
const NONE: u32 = u32::MAX;

/// Columns by [`DeviceId::at`].
#[derive(Default, Debug)]
pub(super) struct Hire {
    lease: Vec<u32>,
    /// Nanoseconds of this epoch in leases that are over, or up to `since`.
    hired_epoch: Vec<u64>,
    /// From when the present lease counts.
    since: Vec<Time>,
}

impl Hire {
    pub(super) fn len(&self) -> usize {
        self.lease.len()
    }

    pub(super) fn grow(&mut self, devices: usize) {
        self.lease.resize(devices, NONE);
        self.hired_epoch.resize(devices, 0);
        self.since.resize(devices, Time(0));
    }

    pub(super) fn lease(&self, device: DeviceId) -> Option<LeaseId> {
        let lease = self.lease[device.at()];
        (lease != NONE).then_some(LeaseId(lease))
    }

    pub(super) fn begin(&mut self, now: Time, device: DeviceId, lease: LeaseId) {
        self.lease[device.at()] = lease.0;
        self.since[device.at()] = now;
    }

    pub(super) fn end(&mut self, now: Time, device: DeviceId) {
        let i = device.at();
        self.lease[i] = NONE;
        self.hired_epoch[i] += now.since(self.since[i]).0;
    }

    pub(super) fn fold_epoch(&mut self, now: Time, hired_ns: &mut [u64]) {
        assert_eq!(hired_ns.len(), self.lease.len(), "one row per device");
        for (i, out) in hired_ns.iter_mut().enumerate() {
            *out = std::mem::take(&mut self.hired_epoch[i]);
            if self.lease[i] != NONE {
                *out += now.since(self.since[i]).0;
                self.since[i] = now;
            }
        }
    }
}
