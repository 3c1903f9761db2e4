//! Graduated shares: the first offence costs little, each further one of the same supplier twice as much.
//!
//! *Rule*: the share of the first offence hangs on the reason; it doubles with every slash of the supplier that was
//! upheld before, whatever its reason, up to the whole.
//!
//! *Formula*: `fraction = min(1, first(reason) * 2^earlier)`.
//!
//! *Source*: no network studied publishes such a scale; assumed, for comparison.
//!
//! *Known weakness*: it breaks the Sybil law by accounts: offences are counted per account, and a new account is free.

use super::{Charge, FixedShare, SlashPolicy};
use crate::units::{ONE, Ppm};
use serde::Serialize;

/// See the file's header.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Graduated {
    /// Shares of a first offence. 25 %, 1 % and 25 % (assumed).
    pub first: FixedShare,
}

impl Default for Graduated {
    fn default() -> Self {
        Graduated { first: FixedShare { verification: 250_000, desertion: 10_000, fraud: 250_000 } }
    }
}

impl SlashPolicy for Graduated {
    fn name(&self) -> &'static str {
        "graduated"
    }

    fn fraction(&self, charge: Charge) -> Ppm {
        let first = u64::from(self.first.fraction(charge));
        // Twenty doublings take a millionth beyond the whole.
        let share = first << charge.earlier.min(20);
        share.min(u64::from(ONE)) as Ppm
    }
}
