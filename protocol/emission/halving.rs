//! Emission that halves after a number of epochs.
//!
//! *Rule*: every epoch of a period releases the same; after each period it is half. The first period is told either by
//! its epochs' amount, which is then shifted right (Bitcoin, which drops half units), or by the amount of the whole
//! period, which is spread over it without losing a base unit (Helium).
//!
//! *Formula*: each epoch: amount = first >> floor(epoch / n), epochs from 0. Whole period P: amount of epoch e =
//! floor(C(e + 1)) − floor(C(e)) with C(e) = P·(2 − 2^(1 − k) + 2^(−k)·j/n), k = floor(e / n), j = e mod n.
//!
//! *Source*: Bitcoin Core, `GetBlockSubsidy`: 50 BTC, 210,000 blocks (`[bitcoin]`). Helium HIP-20: 60 million HNT in each
//! of years 1 and 2, halved every two years, 5,000,000 HNT a month. The text's "fixed 3,424 HNT per epoch" is the whole
//! part of 60,000,000 / 17,520 = 3,424.657…, which makes an epoch the half hour of a year of 365 days; taken as exact,
//! 3,424 would leave 11,520 HNT of the year that the table prints. The same text expects a real maximum of 223 million
//! instead of 240, for the slow blocks of year 1; the schedule is the table's.
//!
//! *Known weakness*: pay falls by half from one epoch to the next whatever the network needs, and machines leave on that day.

use super::spread::Spread;
use super::{Activity, Schedule};
use crate::units::{Amount, TOKEN};
use serde::{Deserialize, Serialize};

/// Helium's epochs in a year: half hours of 365 days.
pub const HELIUM_EPOCHS_PER_YEAR: u64 = 17_520;

/// What a scenario says about it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HalvingSpec {
    /// What the first period releases.
    pub first: FirstPeriod,
    /// Epochs of a period; nothing is released when zero.
    pub epochs_per_halving: u64,
}

/// How the first period is told.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FirstPeriod {
    /// Base units of each of its epochs; half units are dropped at a halving.
    EachEpoch(Amount),
    /// Base units of all its epochs together; nothing is dropped.
    Altogether(Amount),
}

impl HalvingSpec {
    /// Bitcoin, in satoshi; the epoch is a block.
    #[must_use]
    pub const fn bitcoin() -> HalvingSpec {
        HalvingSpec { first: FirstPeriod::EachEpoch(5_000_000_000), epochs_per_halving: 210_000 }
    }

    /// Helium HIP-20, eight decimals; the epoch is half an hour.
    #[must_use]
    pub const fn helium_hip20() -> HalvingSpec {
        HalvingSpec {
            first: FirstPeriod::Altogether(120_000_000 * TOKEN),
            epochs_per_halving: 2 * HELIUM_EPOCHS_PER_YEAR,
        }
    }
}

/// Emission that halves by time.
#[derive(Clone, Copy, Debug)]
pub struct Halving {
    pace: Pace,
    period: u64,
    left: u64,
}

#[derive(Clone, Copy, Debug)]
enum Pace {
    Each(Amount),
    Spread(Spread),
}

impl Halving {
    /// Before its first epoch.
    #[must_use]
    pub fn new(spec: HalvingSpec) -> Halving {
        let period = spec.epochs_per_halving;
        let pace = match spec.first {
            FirstPeriod::EachEpoch(_) if period == 0 => Pace::Each(0),
            FirstPeriod::EachEpoch(amount) => Pace::Each(amount.max(0)),
            FirstPeriod::Altogether(amount) => Pace::Spread(Spread::new(amount, period)),
        };
        Halving { pace, period: period.max(1), left: period.max(1) }
    }

    fn halve(&mut self) {
        match &mut self.pace {
            Pace::Each(amount) => *amount >>= 1,
            Pace::Spread(spread) => spread.halve(),
        }
        self.left = self.period;
    }
}

impl Schedule for Halving {
    fn name(&self) -> &'static str {
        "halving"
    }

    fn next(&mut self, _activity: &Activity) -> Amount {
        if self.left == 0 {
            self.halve();
        }
        self.left -= 1;
        match &mut self.pace {
            Pace::Each(amount) => *amount,
            Pace::Spread(spread) => spread.next(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sum over this many epochs from the first.
    fn sum(schedule: &mut Halving, epochs: u64) -> Amount {
        (0..epochs).map(|_| schedule.next(&Activity::default())).sum()
    }

    #[test]
    fn all_bitcoin_there_will_be_is_the_published_number_of_satoshi() {
        let mut bitcoin = Halving::new(HalvingSpec::bitcoin());
        assert_eq!(sum(&mut bitcoin, 840_000), 1_968_750_000_000_000);
        assert_eq!(sum(&mut bitcoin, 6_930_000 - 840_000), 2_099_999_997_690_000 - 1_968_750_000_000_000);
        assert_eq!(sum(&mut bitcoin, 210_000), 0);
    }

    #[test]
    fn a_block_before_the_halving_still_pays_fifty() {
        let mut bitcoin = Halving::new(HalvingSpec::bitcoin());
        assert_eq!(sum(&mut bitcoin, 209_999), 209_999 * 5_000_000_000);
        assert_eq!(bitcoin.next(&Activity::default()), 5_000_000_000);
        assert_eq!(bitcoin.next(&Activity::default()), 2_500_000_000);
    }

    #[test]
    fn a_helium_epoch_pays_the_printed_3424_and_what_a_year_needs() {
        let mut helium = Halving::new(HalvingSpec::helium_hip20());
        let first: Vec<Amount> = (0..3).map(|_| helium.next(&Activity::default())).collect();
        // 60,000,000 / 17,520 = 3,424.657534246575…
        assert_eq!(first, [342_465_753_424, 342_465_753_425, 342_465_753_424]);
    }

    #[test]
    fn helium_years_add_up_to_the_published_table() {
        let mut helium = Halving::new(HalvingSpec::helium_hip20());
        let years: Vec<Amount> = (0..50).map(|_| sum(&mut helium, HELIUM_EPOCHS_PER_YEAR)).collect();
        let through = |year: usize| years[..year].iter().sum::<Amount>();
        assert_eq!(
            years[..6].iter().map(|a| a / TOKEN).collect::<Vec<_>>(),
            [60_000_000, 60_000_000, 30_000_000, 30_000_000, 15_000_000, 15_000_000]
        );
        for (year, hnt) in [(4, 180_000_000), (6, 210_000_000), (8, 225_000_000), (10, 232_500_000)] {
            assert_eq!(through(year), hnt * TOKEN, "year {year}");
        }
        // 240,000,000 × (1 − 2^−25) = 239,999,992.847442626953125
        assert_eq!(through(50), 23_999_999_284_744_262);
    }

    #[test]
    fn without_epochs_or_with_a_debt_nothing_is_released() {
        for first in [FirstPeriod::EachEpoch(5), FirstPeriod::Altogether(5)] {
            assert_eq!(sum(&mut Halving::new(HalvingSpec { first, epochs_per_halving: 0 }), 9), 0);
        }
        for first in [FirstPeriod::EachEpoch(-5), FirstPeriod::Altogether(-5)] {
            assert_eq!(sum(&mut Halving::new(HalvingSpec { first, epochs_per_halving: 2 }), 9), 0);
        }
    }

    #[test]
    fn the_largest_amounts_halve_without_overflow() {
        for first in [FirstPeriod::EachEpoch(Amount::MAX), FirstPeriod::Altogether(Amount::MAX)] {
            let mut schedule = Halving::new(HalvingSpec { first, epochs_per_halving: 1 });
            let amounts: Vec<Amount> = (0..400).map(|_| schedule.next(&Activity::default())).collect();
            assert!(amounts.iter().all(|&amount| amount >= 0));
            assert_eq!((amounts[0], amounts[399]), (Amount::MAX, 0));
        }
    }
}
