//! Filecoin's pledge for new power and its fee for leaving early, in exact integers: what a stake may follow from.
//!
//! *Formula*, all rounded down term by term as the chain does:
//!
//! ```text
//! pledge = min(max(1, reward of 20 days) + 0.3 * circulating * ((1 - s) * power / max(network, baseline, power)
//!              + s * power / max(network, power)), cap * power)
//! fee    = max(0.01 * pledge, min(1, age in days / 140) * max(0.085 * pledge, 0.05 * fault fee))
//! ```
//!
//! *Source*: builtin-actors, `monies.rs`: `initial_pledge_for_power` with FIP-0081's ramp of s from 0 to 0.3, the cap of
//! 1 FIL for 32 GiB as an integer per byte, and `pledge_penalty_for_termination` (FIP-0098). The spec's older fee is up to
//! 90 days of reward. The reward of 20 days comes from the caller: the chain extrapolates it from smoothed estimates.

use crate::wide::mul_div;

/// Most of a pledge for a byte of power: 10^18 attoFIL over 32 GiB, rounded down (builtin-actors).
pub const FILECOIN_CAP: u128 = 1_000_000_000_000_000_000 / (32 << 30);

/// Where the simple part ends after FIP-0081, in thousandths.
const SIMPLE_AT_LAST: i64 = 300;

/// What a pledge follows from. Power is in any unit, tokens in base units.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Terms {
    /// Power that is added.
    pub power: u128,
    /// Power of the network.
    pub network: u128,
    /// Power of the baseline.
    pub baseline: u128,
    /// What the added power is expected to earn in twenty days.
    pub expected_reward: u128,
    /// Tokens in circulation.
    pub circulating: u128,
    /// Part that is shared without regard to the baseline, in thousandths; see [`simple_part`].
    pub simple_thousandths: u32,
    /// Most for a unit of power.
    pub cap: u128,
}

/// The simple part in thousandths, so many epochs after the start of FIP-0081's ramp of so many.
#[must_use]
pub fn simple_part(epochs_since_start: i64, ramp: u64) -> u32 {
    let ramp = i64::try_from(ramp).unwrap_or(i64::MAX);
    match epochs_since_start {
        before if before < 0 => 0,
        now if now >= ramp => SIMPLE_AT_LAST as u32,
        // Below the ramp, so at most 300; the product in 128 bits, which the chain's 64 hold for real ramps.
        now => (i128::from(now) * i128::from(SIMPLE_AT_LAST) / i128::from(ramp)) as u32,
    }
}

/// What has to be put up for new power.
///
/// # Panics
/// When three thousand times the circulating tokens, or ten thousand times a power, need more than 128 bits.
#[must_use]
pub fn initial_pledge(terms: &Terms) -> u128 {
    let simple = u128::from(terms.simple_thousandths.min(1_000));
    let against_network = terms.network.max(terms.power);
    let part = |thousandths: u128, whole: u128| match whole {
        0 => 0,
        // Three tenths of the circulating tokens, times the share of power.
        whole => mul_div(3 * thousandths * terms.circulating, terms.power, 10_000 * whole).0,
    };
    let share = part(1_000 - simple, against_network.max(terms.baseline)) + part(simple, against_network);
    let nominal = terms.expected_reward.max(1).saturating_add(share);
    nominal.min(terms.cap.saturating_mul(terms.power))
}

/// What leaving after so many whole days costs of a pledge, given the fee for a fault of the same power.
#[must_use]
pub fn termination_fee(pledge: u128, age_days: u64, fault_fee: u128) -> u128 {
    const RAMP_DAYS: u128 = 140;
    let whole = part(pledge, 85, 1_000).max(part(fault_fee, 5, 100));
    let ramped = part(whole, u128::from(age_days).min(RAMP_DAYS), RAMP_DAYS);
    ramped.max(part(pledge, 1, 100))
}

fn part(amount: u128, numerator: u128, denominator: u128) -> u128 {
    mul_div(amount, numerator, denominator).0
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIL: u128 = 1_000_000_000_000_000_000;

    /// The case of builtin-actors' `fip0081_initial_pledge.rs`, so far on the ramp.
    fn pledge(epochs_since_start: i64, ramp: u64) -> u128 {
        initial_pledge(&Terms {
            power: 1 << 36,
            network: 1 << 10,
            baseline: 1 << 37,
            expected_reward: 0,
            circulating: FIL,
            simple_thousandths: simple_part(epochs_since_start, ramp),
            cap: FILECOIN_CAP,
        })
    }

    #[test]
    fn pledges_are_those_of_the_tests_of_builtin_actors() {
        for (since, ramp, ten_thousandths) in [
            (-100, 100, 1_500),
            (0, 0, 1_950),
            (10, 0, 1_950),
            (0, 100, 1_500),
            (50, 100, 1_725),
            (150, 100, 1_950),
            (10, 100, 1_545),
            (1, 10, 1_545),
            (-1, 10, 1_500),
            (0, 10, 1_500),
            (500, 100, 1_950),
        ] {
            assert_eq!(pledge(since, ramp), 1 + ten_thousandths * FIL / 10_000, "{since} of {ramp}");
        }
    }

    #[test]
    fn a_network_that_pays_nothing_asks_for_one_unit_and_a_rich_one_for_no_more_than_the_cap() {
        // `precommit_deposit_and_initial_pledge_positive_test.rs`.
        let poor = Terms {
            power: 1 << 36,
            network: 1 << 10,
            baseline: 1 << 10,
            expected_reward: 0,
            circulating: 0,
            simple_thousandths: 300,
            cap: FILECOIN_CAP,
        };
        assert_eq!(initial_pledge(&poor), 1);
        // A sector of 32 GiB: one FIL, less what an integer per byte loses.
        let rich =
            Terms { power: 32 << 30, expected_reward: 5 * FIL, circulating: 2_000_000_000 * FIL, ..poor };
        assert_eq!(initial_pledge(&rich), FILECOIN_CAP * (32 << 30));
        assert!(FIL - initial_pledge(&rich) < 32 << 30);
        assert_eq!(initial_pledge(&Terms { power: 0, network: 0, baseline: 0, ..poor }), 0);
    }

    /// The cases printed in builtin-actors' `monies.rs`.
    #[test]
    fn fees_for_leaving_are_those_of_the_tests_of_builtin_actors() {
        assert_eq!(termination_fee(1_000, 0, 5), 10);
        assert_eq!(termination_fee(1_000, 70, 0), 42);
        assert_eq!(termination_fee(1_000, 140, 0), 85);
        assert_eq!(termination_fee(1_000, 500, 0), 85);
    }
}
