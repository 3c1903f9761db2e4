//! The baseline: the power that the chain asks of its network, doubling every year.
//!
//! *Formula*: power of an epoch = floor(power before × 1.00000065938…), the factor in 128 fractional bits.
//!
//! *Source*: `BASELINE_EXPONENT`, `BASELINE_INITIAL_VALUE`, `INIT_BASELINE_POWER` and `baseline_power_from_prev` of
//! builtin-actors, `actors/reward/src/logic.rs`. Its comment speaks of growth by 200%; the factor doubles in 1,051,200
//! epochs, as the chain's own test of growth expects, and it is the factor that is followed.

use super::fixed_point::{Q128, halves, joined, product, quotient};
use std::iter;

/// 2.5 EiB: the baseline of epoch 0 but for one byte of rounding.
pub const BASELINE_INITIAL_VALUE: u128 = 2_888_888_880_000_000_000;

/// 340282591298641078465964189926313473653 / 2^128.
const BASELINE_EXPONENT: Q128 = Q128 { whole: 1, fraction: 224_377_702_615_002_589_582_494_545_262_197 };

/// Baseline of the epoch before epoch 0.
#[must_use]
pub fn init_baseline_power(initial_value: u128) -> u128 {
    let [low, high] = halves(initial_value);
    quotient([low, high, 0], BASELINE_EXPONENT.words())
}

/// Baseline of the epoch after one with `prev_power`; it stays at 128 bits once it reaches them, 66 years on.
#[must_use]
pub fn baseline_power_from_prev(prev_power: u128) -> u128 {
    let [_, _, low, high] = product(halves(prev_power), halves(BASELINE_EXPONENT.fraction));
    prev_power.saturating_add(joined(low, high))
}

/// Baselines of epoch 0, 1, 2 and so on.
pub fn baseline_powers(initial_value: u128) -> impl Iterator<Item = u128> {
    let first = baseline_power_from_prev(init_baseline_power(initial_value));
    iter::successors(Some(first), |power| Some(baseline_power_from_prev(*power)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emission::filecoin::EPOCHS_PER_YEAR;

    #[test]
    fn the_factor_is_the_published_one() {
        let [low, high, whole] = BASELINE_EXPONENT.words();
        let published = "340282591298641078465964189926313473653";
        assert_eq!(super::super::reference::big(&[low, high, whole]).to_string(), published);
    }

    #[test]
    fn epoch_zero_is_a_byte_below_the_initial_value() {
        // As `construct_with_zero_power` of builtin-actors expects.
        assert_eq!(baseline_powers(BASELINE_INITIAL_VALUE).next(), Some(BASELINE_INITIAL_VALUE - 1));
    }

    #[test]
    fn the_baseline_doubles_every_year() {
        // Start and greatest shortfall in parts of 1e8, from `test_baseline_reward_growth` of builtin-actors.
        for (start, most) in [(1 << 40, 100), (1 << 50, 1), (BASELINE_INITIAL_VALUE, 1), (1 << 70, 1)] {
            let year = (0..EPOCHS_PER_YEAR).fold(start, |power, _| baseline_power_from_prev(power));
            let short = (2 * start).abs_diff(year);
            assert!(short * 100_000_000 < 2 * start * most, "{start} became {year}");
        }
    }

    #[test]
    fn a_baseline_at_the_end_of_its_bits_stays_there() {
        assert_eq!(baseline_power_from_prev(u128::MAX), u128::MAX);
        assert_eq!(baseline_power_from_prev(0), 0);
    }
}
