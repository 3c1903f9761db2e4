//! Sums of weights by account, and weights brought to a sum that a rule prefers for their account.

use super::EpochRecord;
use super::proportion::Narrow;

/// One account in an epoch.
#[derive(Clone, Copy, Debug)]
struct Sum {
    /// Of the weights of its devices.
    weights: u64,
    /// From that to what they are brought to.
    scale: Narrow,
}

/// The accounts of an epoch; the memory is kept from one to the next. Sums that pass 64 bits stay at its end.
#[derive(Default, Debug)]
pub(super) struct Accounts {
    sums: Vec<Sum>,
}

impl Accounts {
    /// Adds weights up by account; returns their total.
    pub(super) fn add_up(&mut self, record: &EpochRecord<'_>, weights: &[u64]) -> u128 {
        let nothing = Sum { weights: 0, scale: Narrow::of(0, 1) };
        self.sums.clear();
        self.sums.resize(record.accounts, nothing);
        for (weight, account) in weights.iter().zip(record.account) {
            let sum = &mut self.sums[account.at()].weights;
            *sum = sum.saturating_add(*weight);
        }
        self.sums.iter().map(|sum| u128::from(sum.weights)).sum()
    }

    /// How many accounts weigh anything.
    pub(super) fn earning(&self) -> usize {
        self.sums.iter().filter(|sum| sum.weights > 0).count()
    }

    /// Replaces the weights that were added up by w × `wanted` ÷ sum, rounded down, so that an account weighs what
    /// `wanted` makes of its sum, short of it by less than a micro-point for each of its devices. To hand these out too
    /// would be to prefer one device to another for its place in the record.
    pub(super) fn bring_to(
        &mut self,
        record: &EpochRecord<'_>,
        weights: &mut [u64],
        wanted: impl Fn(u64) -> u64,
    ) {
        for sum in self.sums.iter_mut().filter(|sum| sum.weights > 0) {
            sum.scale = Narrow::of(wanted(sum.weights), sum.weights);
        }
        for (weight, account) in weights.iter_mut().zip(record.account) {
            *weight = self.sums[account.at()].scale.share(*weight).0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::AccountId;
    use crate::lcg::Lcg;
    use crate::rewards::{Columns, Row};

    fn brought(devices: &[(u32, u64)], wanted: impl Fn(u64) -> u64) -> (u128, Vec<u64>) {
        let rows = devices.iter().map(|d| Row { account: AccountId(d.0), ..Row::default() }).collect();
        let mut weights: Vec<u64> = devices.iter().map(|d| d.1).collect();
        let mut accounts = Accounts::default();
        let total = Columns::new(rows, Vec::new()).with(|record| {
            let total = accounts.add_up(record, &weights);
            accounts.bring_to(record, &mut weights, wanted);
            total
        });
        (total, weights)
    }

    #[test]
    fn the_devices_of_an_account_share_what_it_may_weigh_in_proportion() {
        let devices = [(0, 10), (1, 4), (0, 20), (0, 10), (2, 0)];
        assert_eq!(brought(&devices, |sum| sum.min(10)), (44, vec![2, 4, 5, 2, 0]));
    }

    #[test]
    fn an_account_is_short_of_what_it_may_weigh_by_less_than_a_unit_for_each_device() {
        let mut lcg = Lcg(77);
        for _ in 0..500 {
            let devices: Vec<(u32, u64)> =
                (0..12).map(|_| (lcg.below(4) as u32, lcg.of_bits(40) as u64)).collect();
            let wanted = |sum: u64| sum / 3 * 2;
            let (_, weights) = brought(&devices, wanted);
            for account in 0..4 {
                let own = || devices.iter().zip(&weights).filter(|(device, _)| device.0 == account);
                let before: u64 = own().map(|(device, _)| device.1).sum();
                let after: u64 = own().map(|(_, weight)| weight).sum();
                assert!(after <= wanted(before) && wanted(before) - after <= own().count() as u64);
                for (device, weight) in own() {
                    let exact = u128::from(device.1) * u128::from(wanted(before)) / u128::from(before.max(1));
                    assert_eq!(u128::from(*weight), exact);
                }
            }
        }
    }

    #[test]
    fn one_device_weighs_what_its_account_may_to_the_last_unit() {
        assert_eq!(brought(&[(0, 7), (1, 999_999)], |sum| sum * 3 + 1).1, [22, 2_999_998]);
    }

    #[test]
    fn sums_beyond_64_bits_stay_at_their_end() {
        assert_eq!(brought(&[(0, u64::MAX), (0, 5)], |sum| sum).1, [u64::MAX, 5]);
    }
}
