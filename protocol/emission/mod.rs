//! Emission: how many tokens may come into being, whoever they go to.
//!
//! A [`Schedule`] says what each of its epochs adds; an [`Issuance`] walks one and holds it to its end and its cap. A
//! [`FixedPool`] is promised at once and drawn from by seasons.

mod bonding;
mod constant;
mod decimal;
mod denomination;
mod dollar_target;
pub mod filecoin;
mod fixed_pool;
pub mod geometric;
pub mod halving;
mod halving_by_issuance;
mod issuance;
pub mod net_emissions;
pub mod published_steps;
mod ratio;
pub mod settlement;
mod spec;
mod spread;

pub use bonding::{Bonding, BondingSpec};
pub use constant::{Constant, ConstantSpec};
pub use decimal::{Decimal, NotDecimal};
pub use denomination::Denomination;
pub use dollar_target::{DollarTarget, DollarTargetSpec, Draw, IONET_REMAINDER, VaultTerms};
pub use filecoin::{FilecoinBaseline, FilecoinBaselineSpec, FilecoinSimple, FilecoinSimpleSpec};
pub use fixed_pool::{FixedPool, FixedPoolSpec};
pub use geometric::{Geometric, GeometricSpec};
pub use halving::{Halving, HalvingSpec};
pub use halving_by_issuance::{HalvingByIssuance, HalvingByIssuanceSpec};
pub use issuance::{Issuance, Limits};
pub use net_emissions::{NetEmissions, NetEmissionsSpec};
pub use published_steps::{PublishedSteps, PublishedStepsSpec};
pub use ratio::tokens_for;
pub use settlement::{Settlement, SettlementSpec};
pub use spec::ScheduleSpec;

use crate::units::Amount;

/// A pool of tokens that others draw from. It only says how many; what they are paid for is a reward rule's matter, and
/// who is paid is the split's, so neither can mint beyond it.
pub trait Emission: std::fmt::Debug + Send {
    /// The name in a scenario.
    fn name(&self) -> &'static str;

    /// Base units that the pool would still release, now or ever.
    fn remaining(&self) -> Amount;

    /// Takes up to `asked` base units for `period` (an epoch's or a season's number) out of the pool and returns
    /// how many were granted: never more than asked nor than remains, and zero for a negative request. The last
    /// release may therefore be partial.
    fn release(&mut self, period: u32, asked: Amount) -> Amount;
}

/// What a network did in one epoch of a schedule, as far as schedules look at it. Whoever has no such figure leaves zero.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Activity {
    /// Tokens in existence before this epoch's emission, in base units: the starting supply, plus minted, less burned.
    pub supply: Amount,
    /// Tokens bonded, in base units.
    pub bonded: Amount,
    /// Tokens burned in the epoch, in base units.
    pub burned: Amount,
    /// The network's power in the unit of the schedule (bytes for Filecoin's own).
    pub power: u128,
    /// What suppliers are owed for the epoch, in micro-dollars.
    pub owed_usd: Amount,
    /// Price of one token in micro-dollars; zero when nobody knows one.
    pub price_usd: Amount,
}

/// What each epoch adds to the supply. Epochs are numbered by the schedule itself (from 0 or from 1, as its network
/// does); it is asked for each once, in order.
pub trait Schedule: std::fmt::Debug + Send {
    /// The name in a scenario.
    fn name(&self) -> &'static str;

    /// Base units of the next epoch before any cap; never negative.
    fn next(&mut self, activity: &Activity) -> Amount;
}
