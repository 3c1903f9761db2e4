//! Emission that halves whenever half of what was left has been issued.
//!
//! *Rule*: an epoch releases the first amount, halved once for each halving of what is left below the ceiling. Tokens
//! that are burned come off what is issued, so that a halving can be put off or undone.
//!
//! *Formula*: amount = first >> k, k = floor(log2(1 / (1 − S/M))) = floor(log2(floor(M / (M − S)))) for a supply S below
//! the ceiling M, zero from there on.
//!
//! *Source*: opentensor/subtensor, `get_block_emission_for_issuance`: 1 TAO, 21 million (`[bittensor]`). The chain takes
//! the logarithm in a fixed point of 32 fractional bits; in whole numbers it is exact, so an amount at the very
//! threshold may differ from the chain's by rounding there. The chain's own test rows are met.
//!
//! *Known weakness*: the half-life depends on burning as well as on time, so nobody can say the date of a halving in advance.

use super::ratio::whole;
use super::{Activity, Schedule};
use crate::units::Amount;
use serde::{Deserialize, Serialize};

/// What a scenario says about it. Default: Bittensor in rao (nine decimals), an epoch being a block.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HalvingByIssuanceSpec {
    /// Base units of an epoch while less than half is issued.
    pub first: Amount,
    /// Base units that there will ever be.
    pub ceiling: Amount,
}

impl Default for HalvingByIssuanceSpec {
    fn default() -> Self {
        HalvingByIssuanceSpec { first: 1_000_000_000, ceiling: 21_000_000 * 1_000_000_000 }
    }
}

/// Emission that halves by issuance.
#[derive(Clone, Copy, Debug)]
pub struct HalvingByIssuance {
    spec: HalvingByIssuanceSpec,
}

impl HalvingByIssuance {
    /// A schedule with these numbers.
    #[must_use]
    pub fn new(spec: HalvingByIssuanceSpec) -> HalvingByIssuance {
        HalvingByIssuance { spec }
    }
}

impl Schedule for HalvingByIssuance {
    fn name(&self) -> &'static str {
        "halving_by_issuance"
    }

    fn next(&mut self, activity: &Activity) -> Amount {
        let ceiling = whole(self.spec.ceiling);
        match ceiling.saturating_sub(whole(activity.supply)) {
            0 => 0,
            left => self.spec.first.max(0) >> (ceiling / left).ilog2(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(spec: HalvingByIssuanceSpec, supply: Amount) -> Amount {
        HalvingByIssuance::new(spec).next(&Activity { supply, ..Activity::default() })
    }

    /// Rows of the chain's own `test_halving`, in rao.
    #[test]
    fn the_chains_own_rows_are_met() {
        for (issued, emission) in [
            (0, 1_000_000_000),
            (1_776_000_000_000, 1_000_000_000),
            (10_500_000_000_000_000, 500_000_000),
            (15_749_999_000_000_000, 500_000_000),
            (15_800_000_000_000_000, 250_000_000),
            (17_624_999_000_000_000, 250_000_000),
            (18_400_000_000_000_000, 125_000_000),
            (19_700_000_000_000_000, 62_500_000),
            (20_400_000_000_000_000, 31_250_000),
            (20_700_000_000_000_000, 15_625_000),
            (20_900_000_000_000_000, 7_812_500),
            (20_917_970_000_000_000, 3_906_250),
            (20_958_985_000_000_000, 1_953_125),
            (20_979_493_000_000_000, 976_562),
            (20_989_747_000_000_000, 488_281),
            (20_999_680_000_000_000, 15_258),
            (20_999_980_000_000_000, 953),
            (20_999_999_000_000_000, 59),
            (21_000_000_000_000_000, 0),
            (21_100_000_000_000_000, 0),
        ] {
            assert_eq!(at(HalvingByIssuanceSpec::default(), issued), emission, "at {issued}");
        }
    }

    /// The chain's `test_issuance_bounds`: a hundred steps of 10.5 million blocks converge below 21 million.
    #[test]
    fn what_halvings_drop_is_never_issued() {
        let mut issued = 0;
        for _ in 0..100 {
            issued += at(HalvingByIssuanceSpec::default(), issued) * 10_500_000;
        }
        assert_eq!(issued, 20_999_999_989_500_000);
    }

    #[test]
    fn the_last_unit_before_a_threshold_still_pays_the_double() {
        for (threshold, after) in [
            (10_500_000_000_000_000, 500_000_000),
            (15_750_000_000_000_000, 250_000_000),
            (18_375_000_000_000_000, 125_000_000),
        ] {
            assert_eq!(at(HalvingByIssuanceSpec::default(), threshold - 1), 2 * after);
            assert_eq!(at(HalvingByIssuanceSpec::default(), threshold), after);
        }
    }

    #[test]
    fn a_burn_undoes_a_halving() {
        let threshold = 10_500_000_000_000_000;
        assert_eq!(at(HalvingByIssuanceSpec::default(), threshold), 500_000_000);
        assert_eq!(at(HalvingByIssuanceSpec::default(), threshold - 1_000_000_000), 1_000_000_000);
    }

    #[test]
    fn extreme_numbers_release_nothing_or_the_first_amount() {
        let spec = |first, ceiling| HalvingByIssuanceSpec { first, ceiling };
        assert_eq!(at(spec(5, 0), 0), 0);
        assert_eq!(at(spec(5, -1), 0), 0);
        assert_eq!(at(spec(-5, 10), 0), 0);
        assert_eq!(at(spec(Amount::MAX, Amount::MAX), Amount::MAX - 1), 1);
        assert_eq!(at(spec(5, 10), -3), 5);
    }
}
