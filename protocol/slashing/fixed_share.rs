//! Fixed shares: each reason costs one share of the stake behind the device, first offence or tenth.
//!
//! *Rule*: the share hangs on the reason alone.
//!
//! *Formula*: `fraction = share(reason)`.
//!
//! *Source*: io.net docs, Staking, name spoofing and bad service as reasons and print no shares; the whole stake for
//! spoofing and fraud, and a twentieth for desertion, are assumed.
//!
//! *Known weakness*: an honest machine that drops out by chance pays what a deserter pays.

use super::{Charge, Reason, SlashPolicy};
use crate::units::{ONE, Ppm};
use serde::Serialize;

/// See the file's header.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct FixedShare {
    /// For failed verification. All (assumed).
    pub verification: Ppm,
    /// For desertion. 5 % (assumed).
    pub desertion: Ppm,
    /// For fraud. All (assumed).
    pub fraud: Ppm,
}

impl Default for FixedShare {
    fn default() -> Self {
        FixedShare { verification: ONE, desertion: 50_000, fraud: ONE }
    }
}

impl SlashPolicy for FixedShare {
    fn name(&self) -> &'static str {
        "fixed_share"
    }

    fn fraction(&self, charge: Charge) -> Ppm {
        match charge.reason {
            Reason::FailedVerification => self.verification,
            Reason::Desertion => self.desertion,
            Reason::Fraud => self.fraud,
        }
    }
}
