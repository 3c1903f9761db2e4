//! Whose units: a schedule counts the token of a whole network in that token's decimals, the ledger counts in its own.
//!
//! *Rule*: a network that stands for a part of the whole (a simulation at a tenth of its size) mints that part of what the
//! schedule releases, and tells it of the whole what the part did. Nothing is rounded but sums since the first epoch, so
//! what is cut off one release comes with a later one, and never is more minted than the part of the cap.
//!
//! *Formula*: ledger units of a sum = floor(schedule units × part × 10^8 ÷ 10^decimals); back: the inverse, rounded down.
//!
//! *Source*: arithmetic. That a network of a tenth of the size burns, bonds and works a tenth is assumed.

use super::ratio::{floor_ratio, power_of_ten};
use crate::units::{Amount, TOKEN};

/// What a ledger holds at most of a token; far beyond any network's, and far below what overflows.
const MOST: Amount = 1 << 120;

/// From schedule to ledger and back.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Denomination {
    /// Of the token of the schedule: ledger units in that many of its own.
    rate: (u128, u128),
    part: (u64, u64),
}

impl Denomination {
    /// Of a token with so many decimals (at most 18), for a network that is this part of the whole.
    ///
    /// # Panics
    /// When the part is nothing, or of nothing.
    #[must_use]
    pub fn new(decimals: u8, part: (u64, u64)) -> Denomination {
        assert!(part.0 > 0 && part.1 > 0, "a part of something");
        let units = power_of_ten(u32::from(decimals.min(18)));
        let ledger = TOKEN.unsigned_abs() * u128::from(part.0);
        Denomination { rate: (ledger, units * u128::from(part.1)), part }
    }

    /// Of a token with so many decimals, for the whole network.
    #[must_use]
    pub fn whole(decimals: u8) -> Denomination {
        Denomination::new(decimals, (1, 1))
    }

    /// A sum that the schedule counts, in the ledger's units; nothing when it is negative.
    #[must_use]
    pub fn to_ledger(self, sum: Amount) -> Amount {
        floor_ratio(sum, self.rate.0, self.rate.1).min(MOST)
    }

    /// A sum that the ledger counts, in the schedule's units; nothing when it is negative.
    #[must_use]
    pub fn of_ledger(self, sum: Amount) -> Amount {
        floor_ratio(sum, self.rate.1, self.rate.0)
    }

    /// What the whole network has of something, when this part of it has so much.
    #[must_use]
    pub fn of_part(self, amount: Amount) -> Amount {
        floor_ratio(amount, self.part.1.into(), self.part.0.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_of_eight_decimals_is_the_ledgers_own() {
        let own = Denomination::whole(8);
        assert_eq!((own.to_ledger(123), own.of_ledger(123), own.of_part(123)), (123, 123, 123));
        assert_eq!((own.to_ledger(-1), own.of_ledger(-1)), (0, 0));
    }

    #[test]
    fn what_is_cut_off_one_release_comes_with_a_later_one() {
        // A third of one unit of nine decimals, three times: 0.1 × 1/3 a time, so the thirtieth makes the first whole unit.
        let unit = Denomination::new(9, (1, 3));
        assert_eq!((unit.to_ledger(29), unit.to_ledger(30), unit.to_ledger(60)), (0, 1, 2));
    }

    #[test]
    fn a_tenth_of_a_network_mints_a_tenth_and_speaks_for_the_whole() {
        let attofil = Denomination::new(18, (1, 10));
        let fil = 10i128.pow(18);
        assert_eq!(attofil.to_ledger(25 * fil), 25 * TOKEN / 10);
        assert_eq!(attofil.of_ledger(TOKEN), 10 * fil);
        assert_eq!(attofil.of_part(7), 70);
    }

    #[test]
    fn no_sum_however_wild_overflows() {
        let small = Denomination::new(0, (10_000_000_000_000, 1));
        assert_eq!(small.to_ledger(Amount::MAX), MOST);
        assert_eq!(Denomination::new(18, (1, 1_000_000_000_000)).of_ledger(Amount::MAX), Amount::MAX);
    }
}
