//! Emission: how many tokens may come into being, whoever they go to.

mod fixed_pool;

pub use fixed_pool::{FixedPool, FixedPoolSpec};

use crate::units::Amount;

/// A schedule of new tokens. It only says how many; what they are paid for is a reward rule's matter, and who is paid
/// is the split's, so neither can mint beyond it.
pub trait Emission: std::fmt::Debug + Send {
    /// The name in a scenario.
    fn name(&self) -> &'static str;

    /// Base units that the schedule would still release, now or ever.
    fn remaining(&self) -> Amount;

    /// Takes up to `asked` base units for `period` (an epoch's or a season's number) out of the schedule and returns
    /// how many were granted: never more than asked nor than remains, and zero for a negative request. The last
    /// release may therefore be partial.
    fn release(&mut self, period: u32, asked: Amount) -> Amount;
}
