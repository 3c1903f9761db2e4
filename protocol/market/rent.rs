//! What each device has earned in the current epoch: the rent of its leases, before fees and refunds.
//!
//! *Formula*: earned = integral over time of the hourly rents of its leases, kept in micro-dollars times nanoseconds per
//! hour; an epoch hands out the whole micro-dollars and leaves the remainder to the next, so that the sum over epochs
//! misses the integral by less than a micro-dollar. Kept only for a reward rule that asks for it.

use super::Member;
use crate::ids::DeviceId;
use crate::units::{Span, Time};

/// Columns by [`DeviceId::at`].
#[derive(Default, Debug)]
pub(super) struct Rent {
    /// Sum of the hourly rents of its leases since `since`, in micro-dollars.
    hourly: Vec<u64>,
    since: Vec<Time>,
    /// Micro-dollars per hour times nanoseconds that no epoch has handed out.
    integral: Vec<u128>,
}

impl Rent {
    pub(super) fn grow(&mut self, devices: usize) {
        self.hourly.resize(devices, 0);
        self.since.resize(devices, Time::ZERO);
        self.integral.resize(devices, 0);
    }

    /// A lease begins.
    pub(super) fn begin(&mut self, now: Time, members: &[Member]) {
        for member in members {
            self.count(now, member.device);
            self.hourly[member.device.at()] += hourly(member);
        }
    }

    /// It is over since `ended`.
    pub(super) fn end(&mut self, ended: Time, members: &[Member]) {
        for member in members {
            self.count(ended, member.device);
            self.hourly[member.device.at()] -= hourly(member);
        }
    }

    /// Hands out what each device earned since the last time, in micro-dollars.
    pub(super) fn fold_epoch(&mut self, now: Time, earned: &mut [u64]) {
        assert_eq!(earned.len(), self.hourly.len(), "one row per device");
        for (i, out) in earned.iter_mut().enumerate() {
            self.count_at(now, i);
            let hour = u128::from(Span::HOUR.0);
            *out = u64::try_from(self.integral[i] / hour).unwrap_or(u64::MAX);
            self.integral[i] %= hour;
        }
    }

    fn count(&mut self, now: Time, device: DeviceId) {
        self.count_at(now, device.at());
    }

    fn count_at(&mut self, now: Time, i: usize) {
        self.integral[i] += u128::from(self.hourly[i]) * u128::from(now.since(self.since[i]).0);
        self.since[i] = now.max(self.since[i]);
    }
}

fn hourly(member: &Member) -> u64 {
    u64::from(member.cards) * u64::from(member.price)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHEAP: Member = Member { device: DeviceId(0), cards: 2, price: 250_000 };
    const ODD: Member = Member { device: DeviceId(0), cards: 1, price: 1 };

    fn fold(rent: &mut Rent, hours: u64) -> u64 {
        let mut earned = [7];
        rent.fold_epoch(Time(Span::HOUR.0 * hours), &mut earned);
        earned[0]
    }

    #[test]
    fn a_lease_over_two_epochs_earns_its_hours_times_its_price_in_each() {
        let mut rent = Rent::default();
        rent.grow(1);
        let half = Span::HOUR.0 / 2;
        rent.begin(Time(half), &[CHEAP]);
        assert_eq!(fold(&mut rent, 1), 250_000);
        rent.end(Time(half + 2 * Span::HOUR.0), &[CHEAP]);
        assert_eq!((fold(&mut rent, 3), fold(&mut rent, 4)), (750_000, 0));
    }

    #[test]
    fn what_is_less_than_a_micro_dollar_is_not_lost() {
        let mut rent = Rent::default();
        rent.grow(1);
        rent.begin(Time::ZERO, &[ODD]);
        let mut sum = 0;
        for quarter in 1..=8u64 {
            let mut earned = [0];
            rent.fold_epoch(Time(quarter * Span::HOUR.0 / 4), &mut earned);
            sum += earned[0];
        }
        assert_eq!(sum, 2);
    }

    #[test]
    fn leases_of_parts_of_one_host_add_up() {
        let mut rent = Rent::default();
        rent.grow(1);
        rent.begin(Time::ZERO, &[CHEAP]);
        rent.begin(Time::ZERO, &[ODD]);
        assert_eq!(fold(&mut rent, 1), 500_001);
    }
}
