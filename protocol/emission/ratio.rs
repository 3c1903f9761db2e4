//! Amounts times ratios, in integers: rounded down, never negative, and at most the largest amount.

use crate::units::Amount;
use num_bigint::BigUint;

/// `floor(amount * numerator / denominator)`; zero for a negative amount or a zero denominator, and the largest amount
/// when the quotient is larger.
pub(super) fn floor_ratio(amount: Amount, numerator: u128, denominator: u128) -> Amount {
    let amount = whole(amount);
    if denominator == 0 {
        return 0;
    }
    match amount.checked_mul(numerator) {
        Some(product) => Amount::try_from(product / denominator).unwrap_or(Amount::MAX),
        None => bounded(&(BigUint::from(amount) * numerator / denominator)),
    }
}

/// Base units that so many micro-dollars buy at a price in micro-dollars, with so many base units to a token; nothing
/// without a price.
#[must_use]
pub fn tokens_for(owed_usd: Amount, price_usd: Amount, unit: u128) -> Amount {
    floor_ratio(owed_usd, unit, whole(price_usd))
}

/// An amount without its sign; nothing when it is negative.
pub(super) fn whole(amount: Amount) -> u128 {
    u128::try_from(amount).unwrap_or(0)
}

/// A large number as an amount, or the largest amount.
pub(super) fn bounded(number: &BigUint) -> Amount {
    Amount::try_from(number).unwrap_or(Amount::MAX)
}

/// Ten to a power; the powers that 128 bits hold, and the last of them beyond.
pub(super) const fn power_of_ten(exponent: u32) -> u128 {
    10u128.pow(if exponent > 38 { 38 } else { exponent })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_third_of_a_large_amount_is_exact_and_rounded_down() {
        assert_eq!(floor_ratio(100, 1, 3), 33);
        assert_eq!(floor_ratio(Amount::MAX, 2, 3), 113_427_455_640_312_821_154_458_202_477_256_070_484);
    }

    #[test]
    fn what_no_amount_can_be_is_nothing_or_the_largest() {
        assert_eq!(floor_ratio(-5, 1, 1), 0);
        assert_eq!(floor_ratio(5, 1, 0), 0);
        assert_eq!(floor_ratio(Amount::MAX, 2, 1), Amount::MAX);
        assert_eq!(floor_ratio(Amount::MAX, u128::MAX, 1), Amount::MAX);
    }
}
