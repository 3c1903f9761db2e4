//! What an epoch mints, from how far time and the effective network time (theta) have come.
//!
//! *Formula*: simple = floor(total (e^λ − 1) e^(−λ epoch)); baseline = total (1 − e^(−λ θ)) after, less before; theta is
//! the effective network time less floor(2^128 (due − done) / baseline power), in 128 fractional bits.
//!
//! *Source*: `actors/reward/src/logic.rs` of builtin-actors, with its constants and its order of rounding.

use super::exponential::expneg;
use super::fixed_point::{Q128, difference, halves, joined, product, sum};
use crate::units::Amount;
use crate::wide;

/// One FIL in base units (attoFIL).
pub const FIL: Amount = 1_000_000_000_000_000_000;

/// What simple minting comes to in the end (`SIMPLE_TOTAL`).
pub const SIMPLE_TOTAL: Amount = 330_000_000 * FIL;

/// What baseline minting comes to in the end (`BASELINE_TOTAL`).
pub const BASELINE_TOTAL: Amount = 770_000_000 * FIL;

/// λ = ln 2 / (6 years of 1,051,200 epochs), in 2^-128 (`LAMBDA`).
pub const LAMBDA: u128 = 37_396_271_439_864_487_274_534_522_888_786;

/// e^λ − 1, in 2^-128 (`EXP_LAM_SUB_ONE`).
const EXP_LAM_SUB_ONE: u128 = 37_396_273_494_747_879_394_193_016_954_629;

/// Base units in 2^-128, in two's complement.
pub(super) type Fine = [u64; 5];

/// A total as words; a negative one is none.
fn words(total: Amount) -> [u64; 2] {
    halves(total.max(0).unsigned_abs())
}

/// Whole base units, rounded down.
fn whole([_, _, low, high, _]: Fine) -> Amount {
    joined(low, high).cast_signed()
}

/// `total (e^λ − 1)`, which no epoch changes.
pub(super) fn decaying(simple_total: Amount) -> [u64; 4] {
    product(words(simple_total), halves(EXP_LAM_SUB_ONE))
}

/// The simple part of an epoch, of what [`decaying`] made of the total.
pub(super) fn simple_part(decaying: [u64; 4], epoch: u64) -> Fine {
    let passed = Q128::of(product(halves(LAMBDA), [epoch]));
    let [_, _, minted @ ..] = product::<4, 3, 7>(decaying, expneg(passed).words());
    minted
}

/// `compute_baseline_supply`: what baseline minting has come to at `theta`.
pub(super) fn compute_baseline_supply(theta: Q128, baseline_total: Amount) -> Fine {
    let [_, _, passed @ ..] = product::<3, 2, 5>(theta.words(), halves(LAMBDA));
    let (minted, _) = difference(Q128::ONE.words(), expneg(Q128::of(passed)).words());
    product(minted, words(baseline_total))
}

/// What an epoch mints whose simple part this is, between two states of the baseline supply.
pub(super) fn minted(simple: Fine, before: Fine, after: Fine) -> Amount {
    whole(sum(simple, difference(after, before).0))
}

/// `compute_reward`: what `epoch` mints while theta goes from `prev_theta` to `curr_theta`. It is below zero only where
/// theta goes back, which no schedule does.
#[must_use]
pub fn compute_reward(
    epoch: u64,
    prev_theta: Q128,
    curr_theta: Q128,
    simple_total: Amount,
    baseline_total: Amount,
) -> Amount {
    let supply = |theta| compute_baseline_supply(theta, baseline_total);
    minted(simple_part(decaying(simple_total), epoch), supply(prev_theta), supply(curr_theta))
}

/// What baseline minting has come to at `theta`, in whole base units.
#[must_use]
pub fn baseline_supply(theta: Q128, baseline_total: Amount) -> Amount {
    whole(compute_baseline_supply(theta, baseline_total))
}

/// `compute_r_theta`: theta, of which `effective_network_time` is the ceiling, by linear interpolation between the sums of
/// the baseline before and at it. Sums are in byte-epochs, `cumsum_realized` at most `cumsum_baseline`.
///
/// # Panics
/// When the power is zero, the sums stand the other way round, or theta would lie below zero.
#[must_use]
pub fn compute_r_theta(
    effective_network_time: u64,
    baseline_power_at_effective_network_time: u128,
    cumsum_realized: u128,
    cumsum_baseline: u128,
) -> Q128 {
    if effective_network_time == 0 {
        return Q128::ZERO;
    }
    let power = baseline_power_at_effective_network_time;
    assert!(power > 0 && cumsum_realized <= cumsum_baseline, "a realised sum that is at most the baseline's");
    let gap = cumsum_baseline - cumsum_realized;
    let whole = u64::try_from(gap / power).unwrap_or(u64::MAX);
    let (fraction, _) = wide::quotient(gap % power, 0, power);
    let behind = Q128 { whole, fraction };
    let (theta, below_zero) = difference([0, 0, effective_network_time], behind.words());
    assert!(!below_zero, "a theta that is not below zero");
    Q128::of(theta)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_epochs_mint_what_the_chain_publishes() {
        let simple = |epoch| compute_reward(epoch, Q128::ZERO, Q128::ZERO, SIMPLE_TOTAL, BASELINE_TOTAL);
        // `EPOCH_ZERO_REWARD` and `INITIAL_REWARD_POSITION_ESTIMATE` of builtin-actors.
        assert_eq!(simple(0), 36_266_264_293_777_134_739);
        assert_eq!(simple(1), 36_266_260_308_195_979_333);
        // A row of TestSimpleReward.golden.
        assert_eq!(simple(10_000), 36_226_430_372_336_764_970);
    }

    #[test]
    fn nearly_an_epoch_of_theta_mints_what_the_chain_publishes() {
        // Rows of TestBaselineReward.golden; its first theta is one less 33,333,333,333 of 2^-128, and each row's theta
        // is 5,000 less 77,777,777,777 of 2^-128 further on.
        let first = Q128 { whole: 0, fraction: 33_333_333_333_u128.wrapping_neg() };
        let before = Q128 { whole: 9_999, fraction: 155_555_555_554_u128.wrapping_neg() };
        let after = Q128 { whole: 10_000, fraction: 188_888_888_887_u128.wrapping_neg() };
        // The golden file takes off the simple reward of epoch 0 after rounding.
        let rewarded = |before, after| {
            compute_reward(0, before, after, SIMPLE_TOTAL, BASELINE_TOTAL)
                - compute_reward(0, Q128::ZERO, Q128::ZERO, SIMPLE_TOTAL, BASELINE_TOTAL)
        };
        assert_eq!(rewarded(Q128::ZERO, first), 84_621_274_052_457_285_111);
        assert_eq!(rewarded(before, after), 84_528_328_245_977_625_901);
    }

    #[test]
    fn six_years_of_theta_mint_half_and_without_theta_nothing_is_minted() {
        let half = BASELINE_TOTAL / 2;
        let six_years = Q128 { whole: 6 * super::super::EPOCHS_PER_YEAR, fraction: 0 };
        assert!((baseline_supply(six_years, BASELINE_TOTAL) - half).abs() <= 1);
        assert_eq!(baseline_supply(Q128::ZERO, BASELINE_TOTAL), 0);
        assert_eq!(baseline_supply(Q128 { whole: u64::MAX, fraction: 0 }, BASELINE_TOTAL), BASELINE_TOTAL);
    }

    #[test]
    fn theta_lies_between_epochs_as_far_as_power_was_realised() {
        let baseline_at = |epoch: u128| (epoch + 1) * 2_048;
        let theta = |time: u64, realised, due| compute_r_theta(time, baseline_at(time.into()), realised, due);
        let half = 1 << 127;
        // The cases of `test_compute_r_theta` of builtin-actors.
        assert_eq!(theta(1, 2_048 + 2 * 2_048 / 2, 2_048 + 2 * 2_048), Q128 { whole: 0, fraction: half });
        assert_eq!(theta(1, 2_048 + 2 * 2_048 / 4, 2_048 + 2 * 2_048), Q128 { whole: 0, fraction: half / 2 });
        let sum: u128 = (0..16).map(baseline_at).sum();
        let last = baseline_at(16);
        assert_eq!(theta(16, sum + last / 4, sum + last), Q128 { whole: 15, fraction: half / 2 });
        assert_eq!(theta(0, 7, 9), Q128::ZERO);
    }

    #[test]
    fn a_negative_total_mints_nothing() {
        assert_eq!(compute_reward(0, Q128::ZERO, Q128::ONE, -5, -5), 0);
    }
}
