//! Rewards: what an epoch's record is worth, how points become tokens, and the one function that rounds.

pub mod ignition_points;
pub mod season;
pub mod split;

mod proportion;
mod share;
#[cfg(test)]
mod tests;

pub use ignition_points::IgnitionSpec;
pub use season::{Accrual, Owners, Paid, SeasonSpec, Seasons};
pub use split::{Left, Leftover, split, split_capped};

use crate::ids::{AccountId, ModelId};
use crate::registry::{Model, flag};
use crate::units::{Ppm, Span};

/// Standing in which a device earns nothing in an epoch. Only rules that require a stake set [`flag::UNSTAKED`]: io.net
/// nominates no device for block rewards without the minimum stake (docs).
pub const EARNS_NOTHING: u16 = flag::QUARANTINED | flag::BANNED | flag::WITHDRAWN | flag::UNSTAKED;

/// What the network knows about one epoch: a column per fact, a row per device ever listed.
#[derive(Clone, Copy, Debug)]
pub struct EpochRecord<'a> {
    /// Length of the epoch.
    pub epoch: Span,
    /// Time online within the epoch, in nanoseconds.
    pub up_ns: &'a [u64],
    /// Time hired within the epoch, in nanoseconds.
    pub hired_ns: &'a [u64],
    /// Claimed cards.
    pub cards: &'a [u16],
    /// Declared connectivity tier, 0 to 4.
    pub tier: &'a [u8],
    /// Claimed model, a row of `models`.
    pub model: &'a [ModelId],
    /// Standing, see [`flag`].
    pub flags: &'a [u16],
    /// Reputation in parts per million.
    pub reputation: &'a [Ppm],
    /// Owner.
    pub account: &'a [AccountId],
    /// The network's table of models.
    pub models: &'a [Model],
}

impl EpochRecord<'_> {
    /// Number of devices.
    #[must_use]
    pub fn len(&self) -> usize {
        self.flags.len()
    }

    /// True when no device was ever listed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.flags.is_empty()
    }
}

/// A reward rule: it weighs devices and never touches tokens, so it can neither mint nor leak.
pub trait RewardRule: std::fmt::Debug + Send {
    /// The name in a scenario and in reports.
    fn name(&self) -> &'static str;

    /// Writes the integer weight (micro-points) of every device for one epoch, in the record's order; whatever
    /// `weights` held is overwritten, and [`EARNS_NOTHING`] weighs zero. Called once per epoch.
    ///
    /// # Panics
    /// When a column or `weights` differs in length from the record.
    fn weigh(&self, record: &EpochRecord<'_>, weights: &mut [u64]);
}
