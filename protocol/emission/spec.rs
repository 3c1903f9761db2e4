//! Schedules by name: what a scenario says, and the schedule that comes of it.

use super::{
    Bonding, BondingSpec, Constant, ConstantSpec, DollarTarget, DollarTargetSpec, Geometric, GeometricSpec,
    Halving, HalvingByIssuance, HalvingByIssuanceSpec, HalvingSpec, NetEmissions, NetEmissionsSpec,
    PublishedSteps, PublishedStepsSpec, Schedule, Settlement, SettlementSpec,
};
use serde::{Deserialize, Serialize};

/// Any schedule; a variant's name is the schedule's.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScheduleSpec {
    /// The same every epoch.
    Constant(ConstantSpec),
    /// Halves after a number of epochs.
    Halving(HalvingSpec),
    /// Halves with what is left below a ceiling.
    HalvingByIssuance(HalvingByIssuanceSpec),
    /// Falls by a factor every epoch.
    Geometric(GeometricSpec),
    /// Follows a published table.
    PublishedSteps(PublishedStepsSpec),
    /// Inflation follows bonding.
    Bonding(BondingSpec),
    /// Another schedule, and burned tokens minted again.
    NetEmissions(NetEmissionsSpec),
    /// Tokens for owed dollars, without a limit.
    Settlement(SettlementSpec),
    /// Tokens for owed dollars, from a vault.
    DollarTarget(DollarTargetSpec),
}

impl ScheduleSpec {
    /// The schedule before its first epoch.
    #[must_use]
    pub fn build(&self) -> Box<dyn Schedule> {
        match self {
            ScheduleSpec::Constant(spec) => Box::new(Constant::new(*spec)),
            ScheduleSpec::Halving(spec) => Box::new(Halving::new(*spec)),
            ScheduleSpec::HalvingByIssuance(spec) => Box::new(HalvingByIssuance::new(*spec)),
            ScheduleSpec::Geometric(spec) => Box::new(Geometric::new(*spec)),
            ScheduleSpec::PublishedSteps(spec) => Box::new(PublishedSteps::new(spec.clone())),
            ScheduleSpec::Bonding(spec) => Box::new(Bonding::new(*spec)),
            ScheduleSpec::NetEmissions(spec) => Box::new(NetEmissions::new(spec)),
            ScheduleSpec::Settlement(spec) => Box::new(Settlement::new(*spec)),
            ScheduleSpec::DollarTarget(spec) => Box::new(DollarTarget::new(spec)),
        }
    }
}
