//! Emission whose inflation follows how much of the supply is bonded.
//!
//! *Rule*: at the start of a round inflation rises by a step when less than the target is bonded, falls by it when more
//! is, never below zero, and stays when exactly the target is. Then that inflation of the supply is mintable.
//!
//! *Formula*: rate = floor(bonded × 1e9 / supply), zero without supply; inflation ± change; amount = floor(supply ×
//! inflation / 1e9), with the inflation just set.
//!
//! *Source*: livepeer/protocol, `Minter.setCurrentRewardTokens`, which calls `setInflation` first, and its Arbitrum
//! deployment: inflation 218,500 and change 500 of 1e9, target 50 % (`[livepeer]`). The supply is that of all chains.
//!
//! *Known weakness*: the step does not depend on the distance to the target, so inflation runs on for thousands of rounds after
//! bonding has recovered; and what is mintable is minted only as far as orchestrators call for it, which is not told here.

use super::ratio::{floor_ratio, whole};
use super::{Activity, Schedule};
use crate::units::Amount;
use serde::{Deserialize, Serialize};

/// What one is in parts per 1e9.
const PERC_DIVISOR: u64 = 1_000_000_000;

/// What a scenario says about it, in parts per 1e9. Default: Livepeer on Arbitrum; an epoch is a round.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BondingSpec {
    /// Inflation of a round before the first.
    pub inflation_ppb: u64,
    /// What it changes by in a round.
    pub change_ppb: u64,
    /// The part of the supply that should be bonded.
    pub target_ppb: u64,
}

impl Default for BondingSpec {
    fn default() -> Self {
        BondingSpec { inflation_ppb: 218_500, change_ppb: 500, target_ppb: 500_000_000 }
    }
}

/// Emission that follows bonding.
#[derive(Clone, Copy, Debug)]
pub struct Bonding {
    spec: BondingSpec,
    inflation_ppb: u64,
}

impl Bonding {
    /// Before its first round.
    #[must_use]
    pub fn new(spec: BondingSpec) -> Bonding {
        Bonding { spec, inflation_ppb: spec.inflation_ppb }
    }

    /// The latest round's inflation in parts per 1e9.
    #[must_use]
    pub fn inflation_ppb(&self) -> u64 {
        self.inflation_ppb
    }

    /// The inflation after a round in which this part of the supply was bonded.
    fn after(&self, bonded_ppb: Amount) -> u64 {
        let change = self.spec.change_ppb;
        match bonded_ppb.cmp(&Amount::from(self.spec.target_ppb)) {
            std::cmp::Ordering::Less => self.inflation_ppb.saturating_add(change),
            std::cmp::Ordering::Equal => self.inflation_ppb,
            std::cmp::Ordering::Greater => self.inflation_ppb.saturating_sub(change),
        }
    }
}

impl Schedule for Bonding {
    fn name(&self) -> &'static str {
        "bonding"
    }

    fn next(&mut self, activity: &Activity) -> Amount {
        let one = u128::from(PERC_DIVISOR);
        self.inflation_ppb = self.after(floor_ratio(activity.bonded, one, whole(activity.supply)));
        floor_ratio(activity.supply, u128::from(self.inflation_ppb), one)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round(schedule: &mut Bonding, bonded: Amount, supply: Amount) -> (u64, Amount) {
        let minted = schedule.next(&Activity { bonded, supply, ..Activity::default() });
        (schedule.inflation_ppb(), minted)
    }

    fn livepeer() -> Bonding {
        Bonding::new(BondingSpec::default())
    }

    #[test]
    fn below_the_target_inflation_rises_and_above_it_falls_by_one_step() {
        assert_eq!(round(&mut livepeer(), 400, 1_000), (219_000, 0));
        assert_eq!(round(&mut livepeer(), 600, 1_000), (218_000, 0));
        assert_eq!(round(&mut livepeer(), 500, 1_000), (218_500, 0));
    }

    #[test]
    fn the_round_mints_at_the_inflation_it_has_just_set() {
        // 28,000,000 × 219,000 / 1e9 = 6,132; at the old 218,500 it would be 6,118.
        assert_eq!(round(&mut livepeer(), 13_000_000, 28_000_000), (219_000, 6_132));
        let unit_test = BondingSpec { inflation_ppb: 260_000_000, change_ppb: 200_000, ..Default::default() };
        assert_eq!(round(&mut Bonding::new(unit_test), 600, 1_300), (260_200_000, 338));
    }

    #[test]
    fn inflation_stops_at_zero_and_comes_back() {
        let mut low = Bonding::new(BondingSpec { inflation_ppb: 300, ..Default::default() });
        assert_eq!(round(&mut low, 600, 1_000), (0, 0));
        assert_eq!(round(&mut low, 400, 1_000_000_000), (500, 500));
    }

    #[test]
    fn an_empty_network_counts_as_below_its_target() {
        assert_eq!(round(&mut livepeer(), 0, 0), (219_000, 0));
    }

    #[test]
    fn extreme_numbers_mint_nothing_or_the_largest_amount() {
        assert_eq!(round(&mut livepeer(), Amount::MAX, 1), (218_000, 0));
        assert_eq!(round(&mut livepeer(), -5, -5), (219_000, 0));
        let wild = BondingSpec { inflation_ppb: u64::MAX, change_ppb: u64::MAX, target_ppb: u64::MAX };
        assert_eq!(round(&mut Bonding::new(wild), 0, Amount::MAX), (u64::MAX, Amount::MAX));
    }
}
