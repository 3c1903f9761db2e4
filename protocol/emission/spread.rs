//! An amount spread evenly over epochs, without losing a base unit.
//!
//! *Formula*: amount of the j-th epoch of n = floor(A·j/n) − floor(A·(j − 1)/n); what rounding leaves of one epoch is
//! carried to the next, so the epochs add up to A exactly.

use super::ratio::whole;
use crate::units::Amount;

/// Denominators stay below this, so that no sum overflows.
const LARGEST: u128 = 1 << 125;

/// What each epoch of a stretch gets, and what rounding has left over so far.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spread {
    amount: u128,
    over: u128,
    rest: u128,
}

impl Spread {
    /// `amount` over `epochs`; a negative amount is none, and no epoch gets anything when there is none.
    pub(super) fn new(amount: Amount, epochs: u64) -> Spread {
        let amount = if epochs == 0 { 0 } else { whole(amount) };
        Spread { amount, over: u128::from(epochs.max(1)), rest: 0 }
    }

    /// The next epoch's amount; it goes on at the same pace after the last.
    pub(super) fn next(&mut self) -> Amount {
        let sum = self.amount + self.rest;
        let whole = sum / self.over;
        self.rest = sum - whole * self.over;
        Amount::try_from(whole).expect("at most the amount and one")
    }

    /// Halves the pace from here on. The fraction that was carried stays exact until the denominator is of 125 bits;
    /// after that less than one base unit of the whole amount is lost each time.
    pub(super) fn halve(&mut self) {
        if self.over < LARGEST {
            self.over *= 2;
            self.rest *= 2;
        } else {
            self.amount /= 2;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn epochs(spread: &mut Spread, count: usize) -> Vec<Amount> {
        (0..count).map(|_| spread.next()).collect()
    }

    #[test]
    fn ten_over_four_epochs_adds_up_to_ten() {
        assert_eq!(epochs(&mut Spread::new(10, 4), 4), [2, 3, 2, 3]);
    }

    #[test]
    fn after_halving_the_half_units_of_two_epochs_make_one() {
        let mut spread = Spread::new(3, 1);
        assert_eq!(spread.next(), 3);
        spread.halve();
        assert_eq!(epochs(&mut spread, 4), [1, 2, 1, 2]);
    }

    #[test]
    fn the_largest_amount_over_no_one_or_all_epochs_overflows_nothing() {
        assert_eq!(Spread::new(Amount::MAX, 0).next(), 0);
        assert_eq!(Spread::new(-7, 3).next(), 0);
        let mut one = Spread::new(Amount::MAX, 1);
        assert_eq!(one.next(), Amount::MAX);
        let mut many = Spread::new(Amount::MAX, u64::MAX);
        for _ in 0..300 {
            assert!(many.next() >= 0);
            many.halve();
        }
        assert_eq!(many.next(), 0);
    }
}
