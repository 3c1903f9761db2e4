//! What an account is worth, shared over its devices: for rules that weigh accounts by their stake.

use super::proportion::Narrow;
use super::{EARNS_NOTHING, EpochRecord};
use crate::units::Span;

/// Shares by account, kept from epoch to epoch so that none is allocated anew.
#[derive(Default, Debug)]
pub(super) struct Portions {
    /// Microseconds of each account's devices that may earn.
    time: Vec<u64>,
    /// What such a microsecond is worth.
    worth: Vec<Narrow>,
}

impl Portions {
    /// Adds up `time`, a column in nanoseconds, by account.
    pub(super) fn measure(&mut self, record: &EpochRecord<'_>, time: &[u64]) {
        self.time.clear();
        self.time.resize(record.accounts, 0);
        for (i, account) in record.account.iter().enumerate() {
            let sum = &mut self.time[account.at()];
            *sum = sum.saturating_add(earning(record, time, i));
        }
    }

    /// Whether the account had a device that may earn, for a microsecond at least.
    pub(super) fn has(&self, account: usize) -> bool {
        self.time[account] > 0
    }

    /// Adds to each device's weight its part of what its account is worth, rounded down: by the time last measured.
    pub(super) fn share(
        &mut self,
        (record, time): (&EpochRecord<'_>, &[u64]),
        worth: impl Fn(usize) -> u64,
        weights: &mut [u64],
    ) {
        let whole = |account: usize| Narrow::of(worth(account), self.time[account].max(1));
        self.worth.clear();
        self.worth.extend((0..record.accounts).map(whole));
        for (i, (weight, account)) in weights.iter_mut().zip(record.account).enumerate() {
            let part = self.worth[account.at()].share(earning(record, time, i)).0;
            *weight = weight.saturating_add(part);
        }
    }
}

fn earning(record: &EpochRecord<'_>, time: &[u64], device: usize) -> u64 {
    let earns = record.flags[device] & EARNS_NOTHING == 0;
    time[device].min(record.epoch.0) / 1_000 * u64::from(earns)
}

/// An account's active stake in base units.
pub(super) fn stake_of(record: &EpochRecord<'_>, account: usize) -> u64 {
    let stake = record.stake.get(account).copied().unwrap_or(0).max(0);
    u64::try_from(stake).unwrap_or(u64::MAX)
}

/// Base units held for an epoch, as micro-points: one for each base unit and hour, whatever the length of an epoch.
pub(super) fn held(base_units: u128, epoch: Span) -> u64 {
    let bounded = base_units.min(u128::from(u64::MAX));
    u64::try_from(bounded * u128::from(epoch.0) / u128::from(Span::HOUR.0)).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::super::{Columns, Row};
    use super::*;
    use crate::ids::AccountId;
    use crate::registry::flag;

    fn row(account: u32, up: Span) -> Row {
        Row { account: AccountId(account), up_ns: up.0, ..Row::default() }
    }

    fn shared(columns: &Columns, worth: &[u64]) -> Vec<u64> {
        let mut weights = vec![0; columns.rows.len()];
        columns.with(|record| {
            let mut portions = Portions::default();
            portions.measure(record, record.up_ns);
            portions.share((record, record.up_ns), |account| worth[account], &mut weights);
        });
        weights
    }

    #[test]
    fn an_accounts_devices_share_it_by_time_and_those_set_aside_get_nothing() {
        let mut rows = vec![row(0, Span::HOUR), row(1, Span::HOUR), row(0, Span::MINUTE.times(20))];
        rows.push(Row { flags: flag::QUARANTINED, ..row(0, Span::HOUR) });
        assert_eq!(shared(&Columns::new(rows, Vec::new()), &[400, 7]), [300, 7, 100, 0]);
    }

    #[test]
    fn an_account_without_a_device_up_keeps_its_worth_to_nobody() {
        let columns = Columns::new(vec![row(0, Span::ZERO), row(1, Span::SECOND)], Vec::new());
        assert_eq!(shared(&columns, &[400, 7]), [0, 7]);
    }

    #[test]
    fn what_is_held_counts_by_the_hour_and_saturates() {
        assert_eq!(held(1_000, Span::HOUR), 1_000);
        assert_eq!(held(1_000, Span::DAY), 24_000);
        assert_eq!(held(1_000, Span::MINUTE.times(15)), 250);
        assert_eq!(held(u128::MAX, Span::DAY), u64::MAX);
    }
}
