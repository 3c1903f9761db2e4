//! Schedules by name: what a scenario says, and the schedule that comes of it.

use super::{
    Bonding, BondingSpec, Constant, ConstantSpec, DollarTarget, DollarTargetSpec, FilecoinBaseline,
    FilecoinBaselineSpec, FilecoinSimple, FilecoinSimpleSpec, Geometric, GeometricSpec, Halving,
    HalvingByIssuance, HalvingByIssuanceSpec, HalvingSpec, NetEmissions, NetEmissionsSpec, PublishedSteps,
    PublishedStepsSpec, Schedule, Settlement, SettlementSpec,
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
    /// Filecoin's minting by time.
    FilecoinSimple(FilecoinSimpleSpec),
    /// Filecoin's minting by time and by power.
    FilecoinBaseline(FilecoinBaselineSpec),
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
            ScheduleSpec::FilecoinSimple(spec) => Box::new(FilecoinSimple::new(*spec)),
            ScheduleSpec::FilecoinBaseline(spec) => Box::new(FilecoinBaseline::new(*spec)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emission::geometric::{Base, First};
    use crate::emission::halving::FirstPeriod;
    use crate::emission::net_emissions::Remint;
    use crate::emission::published_steps::Step;
    use crate::emission::{Activity, Decimal};
    use crate::units::{Amount, ONE};

    /// Each kind of schedule with an amount in every place for one.
    fn all(amount: Amount, epochs: u64, rate: Decimal) -> Vec<ScheduleSpec> {
        let few = u32::try_from(epochs).unwrap_or(u32::MAX);
        let constant = ScheduleSpec::Constant(ConstantSpec { per_epoch: amount });
        let geometric = |base, first| {
            ScheduleSpec::Geometric(GeometricSpec { base, rate, rate_epochs: few, first, factor: rate })
        };
        let halving = |first| ScheduleSpec::Halving(HalvingSpec { first, epochs_per_halving: epochs });
        let net = |remint| {
            ScheduleSpec::NetEmissions(NetEmissionsSpec { fixed: Box::new(constant.clone()), remint })
        };
        vec![
            constant.clone(),
            halving(FirstPeriod::EachEpoch(amount)),
            halving(FirstPeriod::Altogether(amount)),
            ScheduleSpec::HalvingByIssuance(HalvingByIssuanceSpec { first: amount, ceiling: amount }),
            geometric(Base::Fixed(amount), First::Divided),
            geometric(Base::Fixed(amount), First::Summed),
            geometric(Base::Supply, First::Divided),
            ScheduleSpec::PublishedSteps(PublishedStepsSpec {
                steps: vec![Step { amount, epochs }],
                damping: Some(rate),
            }),
            ScheduleSpec::Bonding(BondingSpec {
                inflation_ppb: epochs,
                change_ppb: epochs,
                target_ppb: epochs,
            }),
            net(Remint::Uncapped),
            net(Remint::Pool { cap: amount, smoothing_epochs: epochs }),
            net(Remint::Overage { cap: amount }),
            ScheduleSpec::Settlement(SettlementSpec { decimals: few }),
            ScheduleSpec::DollarTarget(DollarTargetSpec {
                reward_vault: amount,
                fee_vault: amount,
                allowance: Box::new(constant.clone()),
                burned_ppm: ONE.saturating_mul(few),
                decimals: few,
            }),
            ScheduleSpec::FilecoinSimple(FilecoinSimpleSpec { total_base_units: amount }),
            ScheduleSpec::FilecoinBaseline(FilecoinBaselineSpec {
                simple_total_base_units: amount,
                baseline_total_base_units: amount,
                initial_baseline_bytes: u128::from(epochs),
            }),
        ]
    }

    #[test]
    fn a_variants_name_is_its_schedules() {
        for spec in all(1, 1, Decimal::new(1, 0)) {
            let debug = format!("{spec:?}");
            let variant = debug.split('(').next().unwrap_or_default().to_lowercase();
            assert_eq!(spec.build().name().replace('_', ""), variant);
        }
    }

    #[test]
    fn no_numbers_however_wild_make_an_amount_negative_or_a_panic() {
        let extremes = [Amount::MIN, -1, 0, 1, Amount::MAX];
        let rates = [Decimal::new(0, 0), Decimal::new(1, 38), Decimal::new(u128::MAX, 0), Decimal::new(5, 1)];
        for amount in extremes {
            for epochs in [0, 1, 3, u64::MAX] {
                for rate in rates {
                    for spec in all(amount, epochs, rate) {
                        wild_epochs(&spec, &extremes);
                    }
                }
            }
        }
    }

    fn wild_epochs(spec: &ScheduleSpec, extremes: &[Amount]) {
        let mut schedule = spec.build();
        for &supply in extremes {
            for &burned in extremes {
                let wild = Activity {
                    supply,
                    bonded: burned,
                    burned,
                    power: u128::MAX,
                    owed_usd: burned,
                    price_usd: supply,
                };
                assert!(schedule.next(&wild) >= 0, "{spec:?}");
            }
        }
    }
}
