//! Rewards: what an epoch's record is worth, how points become tokens, and the one function that rounds.
//!
//! A [`RewardRule`] weighs devices. Weights become tokens in one of two ways: [`season`] adds them up as points and shares
//! a promised pool when the season is counted; in [`blocks`] a schedule's releases are shared period by period.

pub mod aethir;
pub mod baseline_power;
pub mod block_reward;
pub mod blocks;
pub mod bonded_inflation;
pub mod burn_and_mint;
pub mod capped_share;
pub mod concave_share;
pub mod consensus_weighted;
pub mod dollar_target;
pub mod formula;
pub mod ignition_points;
pub mod quests;
pub mod render_availability;
pub mod render_compute;
pub mod rnp_004;
pub mod rnp_006;
pub mod season;
pub mod split;
pub mod stake_weighted;
pub mod uptime_share;
pub mod vesting;
pub mod work_share;
pub mod yuma;

mod accounts;
mod measure;
mod payout;
mod portions;
mod proportion;
mod record;
mod share;
#[cfg(test)]
mod tests;

pub use aethir::AethirSpec;
pub use baseline_power::BaselinePowerSpec;
pub use block_reward::BlockRewardSpec;
pub use blocks::{BlockSpec, Blocks};
pub use bonded_inflation::BondedInflationSpec;
pub use burn_and_mint::BurnAndMintSpec;
pub use capped_share::CappedShareSpec;
pub use concave_share::ConcaveShareSpec;
pub use consensus_weighted::ConsensusWeightedSpec;
pub use dollar_target::DollarPaySpec;
pub use ignition_points::IgnitionSpec;
pub use measure::Measure;
pub use record::{Columns, EpochRecord, Needs, Row};
pub use render_availability::AvailabilitySpec;
pub use render_compute::ComputeSpec;
pub use rnp_004::Rnp004Spec;
pub use rnp_006::Rnp006Spec;
pub use season::{Accrual, Owners, Paid, Payer, SeasonSpec, Seasons};
pub use split::{Left, Leftover, split, split_capped};
pub use stake_weighted::StakeWeightedSpec;
pub use uptime_share::UptimeShareSpec;
pub use work_share::WorkShareSpec;

use crate::billing::TokenRate;
use crate::emission::Activity;
use crate::registry::flag;
use crate::units::Amount;

/// Standing in which a device earns nothing in an epoch. Only rules that require a stake set [`flag::UNSTAKED`]: io.net
/// nominates no device for block rewards without the minimum stake (docs).
pub const EARNS_NOTHING: u16 = flag::QUARANTINED | flag::BANNED | flag::WITHDRAWN | flag::UNSTAKED;

/// Tokens on offer for points.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Offer {
    /// What may be released at most: a season's pool, or a period's amount; base units.
    pub tokens: Amount,
    /// Sum of the weights they are for.
    pub points: u128,
    /// Price of the token, when there is one.
    pub price: Option<TokenRate>,
}

/// What a rule takes of an [`Offer`]. What is neither paid nor burned stays with the emission.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Draw {
    /// To be split by weight.
    pub pay: Amount,
    /// Released to nobody.
    pub burn: Amount,
}

/// The most that one payment gives, and what becomes of the rest.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct PayLimits {
    /// To one device, in base units.
    pub per_device: Option<Amount>,
    /// To one account, in base units.
    pub per_account: Option<Amount>,
    /// What becomes of tokens beyond these limits.
    pub leftover: Leftover,
}

/// A reward rule: it weighs devices and never touches tokens, so it can neither mint nor leak.
pub trait RewardRule: std::fmt::Debug + Send {
    /// The name in a scenario and in reports.
    fn name(&self) -> &'static str;

    /// Which of the columns that cost something it reads.
    fn needs(&self) -> Needs {
        Needs::default()
    }

    /// Writes the integer weight (micro-points) of every device for one epoch, in the record's order; whatever
    /// `weights` held is overwritten, and [`EARNS_NOTHING`] weighs zero. Called once per epoch, so a rule may remember.
    ///
    /// # Panics
    /// When a column or `weights` differs in length from the record.
    fn weigh(&mut self, record: &EpochRecord<'_>, weights: &mut [u64]);

    /// What it takes of the tokens on offer; all, unless it says otherwise. More than is offered counts as that.
    fn draw(&self, offer: &Offer) -> Draw {
        Draw { pay: offer.tokens, burn: 0 }
    }

    /// What a schedule that follows the network is told of a period whose weights add up to `points`: they are its power,
    /// unless the rule says that they are dollars owed, or of another unit. Only these two fields are read.
    fn activity(&self, points: u128) -> Activity {
        Activity { power: points, ..Activity::default() }
    }

    /// The most that one payment gives; no limits, unless it says otherwise.
    fn limits(&self) -> PayLimits {
        PayLimits::default()
    }
}
