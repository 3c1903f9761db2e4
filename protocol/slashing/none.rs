//! No slashing: a fault costs nothing of the stake.
//!
//! *Rule*: nothing is ever taken.
//!
//! *Formula*: `fraction = 0`.
//!
//! *Source*: io.net before staking opened; assumed as the default.
//!
//! *Known weakness*: a stake then costs its owner the wait alone, which deters nobody who has it to spare.

use super::{Charge, SlashPolicy};
use crate::units::Ppm;

/// See the file's header.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoSlash;

impl SlashPolicy for NoSlash {
    fn name(&self) -> &'static str {
        "none"
    }

    fn fraction(&self, _charge: Charge) -> Ppm {
        0
    }
}
