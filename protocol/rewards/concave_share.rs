//! Presence is paid with falling returns: an account's sum is raised to an exponent below one.
//!
//! *Rule*: devices are weighed by time up and added up by account; the account weighs that sum to the power of the
//! exponent, and its devices share that in proportion to what they were.
//!
//! *Formula*: S = up hours × cards × (one, the multiplier or the TFLOPS of the claimed model), added up over an
//! account, in points. A device of w weighs w × S^(e − 1), so that the account weighs S^e. S^e is the portable
//! library's `pow` in double precision, rounded half up to a micro-point; each device's part of that is rounded down to
//! one, so that an account is short of it by less than a micro-point for each device. An exponent of one is exact.
//!
//! *Source*: the founding article (accounts of one or two machines outscored a dozen strong cards), which suggests
//! falling returns; no form was published. The square root is quadratic funding's (Buterin, Hitzig, Weyl 2019;
//! recalled).
//!
//! *Known weakness*: splitting pays. It breaks the Sybil law by accounts: the same cards under k accounts weigh k^(1 −
//! e) times as much, tenfold for a hundred accounts under the square root, so it pays whoever opens accounts at the
//! cost of whoever does not. It breaks the Sybil law by copies, though k copies under one name gain k^e only. Sums
//! below one point are raised, not lowered: with short epochs dust gains on everybody. Returns fall by epoch, so what
//! an owner gains by being up evenly depends on the epoch's length. A device that does more lowers what its owner's
//! others weigh, and where its own points are then not counted (a snapshot, a quarantine) the owner is paid less for
//! more: it breaks the law of work beside others.

use super::accounts::Accounts;
use super::measure::{Measure, Meter};
use super::{EpochRecord, RewardRule};
use crate::units::{ONE, POINT, Ppm};
use serde::{Deserialize, Serialize};

/// Numbers of the rule.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ConcaveShareSpec {
    /// What an hour of a card counts. Default: the model's multiplier.
    pub measure: Measure,
    /// Exponent in parts per million, held to more than zero and at most one. Default: a half (assumed).
    pub exponent_ppm: Ppm,
}

impl Default for ConcaveShareSpec {
    fn default() -> Self {
        ConcaveShareSpec { measure: Measure::Multiplier, exponent_ppm: ONE / 2 }
    }
}

impl ConcaveShareSpec {
    /// The rule that this describes.
    #[must_use]
    pub fn build(self) -> Box<dyn RewardRule> {
        let (meter, accounts) = (Meter::new(self.measure), Accounts::default());
        Box::new(ConcaveShare { exponent_ppm: self.exponent_ppm.clamp(1, ONE), meter, accounts })
    }
}

/// The rule; see the head of this file.
#[derive(Debug)]
pub struct ConcaveShare {
    exponent_ppm: Ppm,
    meter: Meter,
    accounts: Accounts,
}

/// Micro-points of an account, from those of its devices.
fn raised(sum: u64, exponent_ppm: Ppm) -> u64 {
    if exponent_ppm == ONE {
        return sum;
    }
    let (unit, exponent) = (POINT as f64, f64::from(exponent_ppm) / f64::from(ONE));
    (libm::pow(sum as f64 / unit, exponent) * unit + 0.5) as u64
}

impl RewardRule for ConcaveShare {
    fn name(&self) -> &'static str {
        "concave_share"
    }

    fn weigh(&mut self, record: &EpochRecord<'_>, weights: &mut [u64]) {
        self.meter.weigh(record, record.up_ns, weights);
        self.accounts.add_up(record, weights);
        let exponent_ppm = self.exponent_ppm;
        self.accounts.bring_to(record, weights, |sum| raised(sum, exponent_ppm));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::AccountId;
    use crate::registry::Model;
    use crate::rewards::{Columns, Row};
    use crate::units::Span;

    /// Accounts with so many cards each on one device, all up for the hour.
    fn weigh(exponent_ppm: Ppm, rows: &[(u32, u16)]) -> Vec<u64> {
        let row = |&(account, cards): &(u32, u16)| Row {
            up_ns: Span::HOUR.0,
            cards,
            account: AccountId(account),
            ..Row::default()
        };
        let model = Model { name: "a card".into(), memory_mb: 0, gflops: 0, multiplier: ONE };
        let spec = ConcaveShareSpec { exponent_ppm, ..ConcaveShareSpec::default() };
        Columns::new(rows.iter().map(row).collect(), vec![model]).weigh(spec.build().as_mut())
    }

    const ROOT: Ppm = ONE / 2;

    #[test]
    fn a_dozen_strong_cards_weigh_the_root_of_a_dozen() {
        // The roots of 1, 12 and 144; a third of the second is 1.1547005.
        let weights = weigh(ROOT, &[(0, 1), (1, 4), (1, 4), (1, 4), (2, 144)]);
        assert_eq!(weights, [1_000_000, 1_154_700, 1_154_700, 1_154_700, 12_000_000]);
        assert_eq!(weigh(ROOT, &[(1, 12)]), [3_464_102]);
    }

    #[test]
    fn a_hundred_cards_under_a_hundred_accounts_weigh_ten_times_as_much() {
        let names: Vec<(u32, u16)> = (0..100).map(|name| (name, 1)).collect();
        assert_eq!(weigh(ROOT, &[(0, 100)]), [10_000_000]);
        assert_eq!(weigh(ROOT, &names).iter().sum::<u64>(), 100_000_000);
    }

    #[test]
    fn more_workers_under_one_name_change_nothing_for_it() {
        // A ninth of three, rounded down.
        assert_eq!(weigh(ROOT, &[(0, 1); 9]), [333_333; 9]);
        assert_eq!(weigh(ROOT, &[(0, 9)]), [3_000_000]);
    }

    #[test]
    fn an_exponent_of_one_is_plain_presence() {
        assert_eq!(weigh(ONE, &[(0, 7), (0, 3), (1, 5)]), [7_000_000, 3_000_000, 5_000_000]);
        let huge = u64::MAX - 1;
        assert_eq!((raised(huge, ONE), raised(0, ROOT)), (huge, 0));
    }

    #[test]
    fn powers_are_rounded_half_up_to_a_micro_point() {
        // By an independent program in decimals of fifty digits.
        let cases = [
            (2_000_000, ROOT, 1_414_214),
            (10_000_000, 750_000, 5_623_413),
            (123_456_789, 333_333, 4_979_331),
            (1, ROOT, 1_000),
            (250_000, ROOT, 500_000),
            (999_999_999_999, 900_000, 251_188_643_151),
        ];
        for (sum, exponent, wanted) in cases {
            assert_eq!(raised(sum, exponent), wanted, "{sum} to the {exponent}");
        }
    }
}
