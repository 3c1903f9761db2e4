//! The numbers behind a formula's names: read off the record device by device, or summed up once an epoch.

use super::quantity::{Quantity, counts};
use super::variables::TABLE;
use crate::formula::Formula;
use crate::rewards::{EpochRecord, Needs};
use crate::units::USD;
use std::ops::Range;

/// Where the value of a name comes from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Fact {
    /// Time online as a share of the epoch.
    Uptime,
    /// A device's own.
    Device(Quantity),
    /// Summed over the devices of its account that count.
    Account(Quantity),
    /// Summed over all devices that count.
    Network(Quantity),
    AccountStake,
    /// Accounts with a device that counts.
    NetworkAccounts,
    NetworkStake,
    EpochHours,
    EpochNumber,
    Price,
}

/// What is summed up once an epoch, for the facts that a formula uses; kept from one epoch to the next for its room.
#[derive(Clone, Debug, Default)]
pub(super) struct Sums {
    /// Uses of the formula, by slot.
    used: Vec<(usize, Fact)>,
    /// By slot, one number for each account; empty for slots that are not by account.
    by_account: Vec<Vec<f64>>,
    /// By slot, the one number of a fact that is the same for all devices.
    of_all: Vec<f64>,
    adding: Vec<u128>,
}

impl Sums {
    /// For the names that this formula uses.
    pub(super) fn of(formula: &Formula) -> Sums {
        let used = TABLE.iter().enumerate().filter(|(slot, _)| formula.uses(*slot));
        Sums {
            used: used.map(|(slot, (_, fact))| (slot, *fact)).collect(),
            by_account: vec![Vec::new(); TABLE.len()],
            of_all: vec![0.0; TABLE.len()],
            adding: Vec::new(),
        }
    }

    /// The columns that these facts are read from.
    pub(super) fn needs(&self) -> Needs {
        let reads = |wanted: &[Quantity]| {
            self.used.iter().any(|(_, fact)| match fact {
                Fact::Device(quantity) | Fact::Account(quantity) | Fact::Network(quantity) => {
                    wanted.contains(quantity)
                }
                _ => false,
            })
        };
        let stakes = |(_, fact): &(usize, Fact)| matches!(fact, Fact::AccountStake | Fact::NetworkStake);
        Needs {
            streak: reads(&[Quantity::Streak]),
            earned: reads(&[Quantity::Rent]),
            verdicts: reads(&[Quantity::Passed, Quantity::Failed]),
            stake: self.used.iter().any(stakes),
            price: self.used.iter().any(|(_, fact)| *fact == Fact::Price),
        }
    }

    /// Adds up what the formula uses of this epoch.
    pub(super) fn gather(&mut self, record: &EpochRecord<'_>) {
        let Sums { used, by_account, of_all, adding } = self;
        for &(slot, fact) in used.iter() {
            let values = &mut by_account[slot];
            match fact {
                Fact::Account(quantity) => {
                    add_up(quantity, record, adding);
                    values.clear();
                    values.extend(adding.iter().map(|sum| *sum as f64 / quantity.unit()));
                }
                Fact::AccountStake => {
                    values.clear();
                    values.extend(record.stake.iter().map(|stake| *stake as f64));
                    values.resize(record.accounts.max(values.len()), 0.0);
                }
                Fact::Uptime | Fact::Device(_) => {}
                _ => of_all[slot] = of_network(fact, record, adding),
            }
        }
    }

    /// The values of one slot for these devices.
    pub(super) fn fill(&self, slot: usize, record: &EpochRecord<'_>, rows: Range<usize>, values: &mut [f64]) {
        let start = rows.start;
        match TABLE[slot].1 {
            Fact::Uptime => {
                let epoch = record.epoch.0.max(1) as f64;
                Quantity::Up.read(record, rows, |i, up| values[i - start] = up as f64 / epoch);
            }
            Fact::Device(quantity) => {
                let unit = quantity.unit();
                quantity.read(record, rows, |i, number| values[i - start] = number as f64 / unit);
            }
            Fact::Account(_) | Fact::AccountStake => {
                let known = &self.by_account[slot];
                for (value, account) in values.iter_mut().zip(&record.account[rows]) {
                    *value = known[account.at()];
                }
            }
            _ => values.fill(self.of_all[slot]),
        }
    }
}

/// Sums over the devices of each account that count.
fn add_up(quantity: Quantity, record: &EpochRecord<'_>, sums: &mut Vec<u128>) {
    sums.clear();
    sums.resize(record.accounts, 0);
    quantity.read(record, 0..record.len(), |i, number| {
        sums[record.account[i].at()] += u128::from(number) * u128::from(counts(record, i));
    });
}

/// A number that is the same for all devices.
fn of_network(fact: Fact, record: &EpochRecord<'_>, by_account: &mut Vec<u128>) -> f64 {
    match fact {
        Fact::Network(quantity) => {
            let mut sum = 0u128;
            quantity.read(record, 0..record.len(), |i, number| {
                sum += u128::from(number) * u128::from(counts(record, i));
            });
            sum as f64 / quantity.unit()
        }
        Fact::NetworkAccounts => {
            add_up(Quantity::One, record, by_account);
            by_account.iter().filter(|devices| **devices > 0).count() as f64
        }
        Fact::NetworkStake => record.stake.iter().sum::<i128>() as f64,
        Fact::EpochHours => record.epoch.hours(),
        Fact::EpochNumber => record.number.into(),
        Fact::Price => record.price.map_or(f64::NAN, |rate| rate.micro_dollars() as f64 / USD as f64),
        Fact::Uptime | Fact::Device(_) | Fact::Account(_) | Fact::AccountStake => {
            unreachable!("it differs between devices")
        }
    }
}
