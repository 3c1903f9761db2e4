//! What a lease is paid in: dollars, or tokens at the rate that held when its escrow was taken.
//!
//! *Rule*: prices, rents and fees are worked out in micro-dollars; the sum held is converted rounding up, each sum paid
//! out of it rounding down, at one rate for the life of the lease. What rounding leaves goes back to the renter with
//! the rest of the escrow.
//!
//! *Formula*: `tokens = dollars * 10^8 / rate`, all integers, `rate` in micro-dollars per token.
//!
//! *Source*: io.net docs, IO Cloud Payments (prices in dollars, paid in USDC or IO). One rate per lease is assumed.
//!
//! *Known weakness*: between escrow and pay the suppliers bear the fall of the token, and gain by its rise.

use crate::ledger::Asset;
use crate::units::{Amount, TOKEN};
use crate::wide::mul_div;
use serde::Serialize;
use std::num::NonZeroU64;

/// Price of one token in micro-dollars.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize)]
pub struct TokenRate(NonZeroU64);

impl TokenRate {
    /// A rate; none for zero, at which nothing could be bought.
    #[must_use]
    pub fn new(micro_dollars: u64) -> Option<TokenRate> {
        NonZeroU64::new(micro_dollars).map(TokenRate)
    }

    /// Micro-dollars per token.
    #[must_use]
    pub fn micro_dollars(self) -> u64 {
        self.0.get()
    }
}

/// What the sums of one lease are paid in, fixed when its escrow is taken.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize)]
pub enum Currency {
    /// Micro-dollars, as the bill is worked out.
    #[default]
    Usd,
    /// Token base units at this rate.
    Token(TokenRate),
}

impl Currency {
    /// The asset that moves.
    #[must_use]
    pub fn asset(self) -> Asset {
        match self {
            Currency::Usd => Asset::Usd,
            Currency::Token(_) => Asset::Token,
        }
    }

    /// Base units worth at least so many micro-dollars: what is held. Saturates at more than anyone has.
    ///
    /// # Panics
    /// When the sum is negative.
    #[must_use]
    pub fn up(self, usd: Amount) -> Amount {
        let (whole, rest) = self.convert(usd);
        whole.saturating_add(Amount::from(rest))
    }

    /// Base units worth at most so many micro-dollars: what is paid.
    ///
    /// # Panics
    /// When the sum is negative.
    #[must_use]
    pub fn down(self, usd: Amount) -> Amount {
        self.convert(usd).0
    }

    /// Whole base units, and whether anything was cut off.
    fn convert(self, usd: Amount) -> (Amount, bool) {
        let Currency::Token(rate) = self else {
            return (usd, false);
        };
        let sum = u128::try_from(usd).expect("a sum owed is never negative");
        let rate = u128::from(rate.micro_dollars());
        // Beyond 2^100 micro-dollars the product with 10^8 and the quotient might not fit.
        if sum >> 100 != 0 {
            return (Amount::MAX, false);
        }
        let (whole, rest) = mul_div(sum, TOKEN.unsigned_abs(), rate);
        (Amount::try_from(whole).expect("2^100 times 10^8 is below 2^127"), rest != 0)
    }
}
