//! Schedules of emission: every one of the crate in one line, and the laws that hold over them whatever a network does.

use crate::catalogue::{Policy, keeps};
use crate::lcg::Lcg;
use depin_protocol::emission::geometric::{Base, First};
use depin_protocol::emission::halving::FirstPeriod;
use depin_protocol::emission::net_emissions::{HELIUM_NET_EMISSIONS_CAP, Remint};
use depin_protocol::emission::{
    Activity, BondingSpec, ConstantSpec, DollarTargetSpec, FilecoinBaselineSpec, FilecoinSimpleSpec,
    GeometricSpec, HalvingByIssuanceSpec, HalvingSpec, Issuance, Limits, NetEmissionsSpec,
    PublishedStepsSpec, Schedule, ScheduleSpec, SettlementSpec,
};
use depin_protocol::units::{Amount, TOKEN, USD};

/// Tokens before the first epoch.
const START: Amount = 10_000_000 * TOKEN;

/// Emission by epochs.
pub fn schedules() -> Vec<Policy<Box<dyn Schedule>>> {
    const GEOMETRIC: (&str, &str) = ("emission/geometric.rs", "Geometric");
    const HALVING: (&str, &str) = ("emission/halving.rs", "Halving");
    const NET: (&str, &str) = ("emission/net_emissions.rs", "NetEmissions");
    vec![
        keeps("constant", "emission/constant.rs", "Constant", || {
            ScheduleSpec::Constant(ConstantSpec { per_epoch: 7 * TOKEN }).build()
        }),
        keeps("halving of each epoch", HALVING.0, HALVING.1, || {
            halving(FirstPeriod::EachEpoch(1_000 * TOKEN))
        }),
        keeps("halving of a period", HALVING.0, HALVING.1, || {
            halving(FirstPeriod::Altogether(10_000 * TOKEN))
        }),
        keeps("halving by issuance", "emission/halving_by_issuance.rs", "HalvingByIssuance", || {
            let spec = HalvingByIssuanceSpec { first: 100_000 * TOKEN, ceiling: 2 * START };
            ScheduleSpec::HalvingByIssuance(spec).build()
        }),
        keeps("geometric on a fixed base", GEOMETRIC.0, GEOMETRIC.1, || {
            geometric(Base::Fixed(START), First::Divided)
        }),
        keeps("geometric from a first year", GEOMETRIC.0, GEOMETRIC.1, || {
            geometric(Base::Fixed(START), First::Summed)
        }),
        keeps("geometric on the supply", GEOMETRIC.0, GEOMETRIC.1, || {
            geometric(Base::Supply, First::Divided)
        }),
        keeps("published steps", "emission/published_steps.rs", "PublishedSteps", || {
            ScheduleSpec::PublishedSteps(PublishedStepsSpec::render_damped(12)).build()
        }),
        keeps("bonding", "emission/bonding.rs", "Bonding", || {
            let spec = BondingSpec { change_ppb: 100_000, ..BondingSpec::default() };
            ScheduleSpec::Bonding(spec).build()
        }),
        keeps("net emissions uncapped", NET.0, NET.1, || net(Remint::Uncapped)),
        keeps("net emissions by a pool", NET.0, NET.1, || {
            net(Remint::Pool { cap: HELIUM_NET_EMISSIONS_CAP, smoothing_epochs: 8 })
        }),
        keeps("net emissions with overage", NET.0, NET.1, || {
            net(Remint::Overage { cap: HELIUM_NET_EMISSIONS_CAP })
        }),
        keeps("filecoin by time", "emission/filecoin/simple.rs", "FilecoinSimple", || {
            ScheduleSpec::FilecoinSimple(FilecoinSimpleSpec::default()).build()
        }),
        keeps("filecoin by power", "emission/filecoin/baseline.rs", "FilecoinBaseline", || {
            ScheduleSpec::FilecoinBaseline(FilecoinBaselineSpec::default()).build()
        }),
        keeps("settlement", "emission/settlement.rs", "Settlement", || {
            ScheduleSpec::Settlement(SettlementSpec { decimals: 8 }).build()
        }),
        keeps("dollar target", "emission/dollar_target.rs", "DollarTarget", || {
            let spec = DollarTargetSpec { reward_vault: 20_000 * TOKEN, ..DollarTargetSpec::ionet_ide() };
            ScheduleSpec::DollarTarget(spec).build()
        }),
    ]
}

fn halving(first: FirstPeriod) -> Box<dyn Schedule> {
    ScheduleSpec::Halving(HalvingSpec { first, epochs_per_halving: 10 }).build()
}

fn geometric(base: Base, first: First) -> Box<dyn Schedule> {
    ScheduleSpec::Geometric(GeometricSpec { base, first, ..GeometricSpec::ionet_monthly_a() }).build()
}

fn net(remint: Remint) -> Box<dyn Schedule> {
    let fixed = Box::new(ScheduleSpec::Constant(ConstantSpec { per_epoch: 7 * TOKEN }));
    ScheduleSpec::NetEmissions(NetEmissionsSpec { fixed, remint }).build()
}

/// An epoch of a small network; now and then without a price, a burn or a bond.
fn any_epoch(lcg: &mut Lcg) -> Activity {
    let mut up_to = |most: Amount| match lcg.once_in(5) {
        true => 0,
        false => Amount::from(lcg.below(u64::try_from(most).expect("a bound"))),
    };
    Activity {
        supply: up_to(2 * START),
        bonded: up_to(START),
        burned: up_to(200 * TOKEN),
        power: 1 << 60,
        owed_usd: up_to(1_000 * USD),
        price_usd: up_to(3 * USD),
    }
}

fn epochs(seed: u64) -> Vec<Activity> {
    let mut lcg = Lcg::new(seed);
    (0..60).map(|_| any_epoch(&mut lcg)).collect()
}

#[test]
fn no_issuance_passes_its_cap_or_its_last_epoch_and_supply_is_what_moved() {
    for policy in schedules() {
        let mut released = 0;
        for seed in 0..50 {
            let mut lcg = Lcg::new(seed);
            let cap = Amount::from(lcg.below(100_000)) * TOKEN;
            let last = 1 + lcg.below(60);
            let limits = Limits { cap: Some(cap), epochs: Some(last), starting_supply: START };
            let mut issuance = Issuance::new((policy.build)(), limits);
            let (mut sum, mut burned) = (0, 0);
            for (epoch, activity) in (0..).zip(epochs(seed)) {
                let amount = issuance.release(&activity);
                assert!(amount >= 0, "{}, seed {seed}: {amount}", policy.label);
                assert!(amount == 0 || epoch < last, "{}, seed {seed}: after the last", policy.label);
                sum += amount;
                burned += activity.burned;
                assert!(sum <= cap, "{}, seed {seed}: {sum} of {cap}", policy.label);
                assert_eq!(issuance.issued(), sum, "{}, seed {seed}", policy.label);
                assert_eq!(issuance.supply(), START + sum - burned, "{}, seed {seed}", policy.label);
            }
            released += sum;
        }
        assert!(released > 0, "{} released nothing at all", policy.label);
    }
}

#[test]
fn the_same_past_gives_the_same_amounts() {
    for policy in schedules() {
        for seed in 0..20 {
            let amounts = || {
                let mut schedule = (policy.build)();
                epochs(seed).iter().map(|activity| schedule.next(activity)).collect::<Vec<_>>()
            };
            assert_eq!(amounts(), amounts(), "{}, seed {seed}", policy.label);
        }
    }
}

/// Else whoever burns and is paid could do so without end. The supply is the same in both; what it does is each rule's own.
#[test]
fn a_burn_brings_back_no_more_than_was_burned() {
    for policy in schedules() {
        for seed in 0..20 {
            let sum = |with_burns: bool| {
                let mut schedule = (policy.build)();
                let of = |activity: &Activity| Activity {
                    burned: if with_burns { activity.burned } else { 0 },
                    ..*activity
                };
                epochs(seed).iter().map(|activity| schedule.next(&of(activity))).sum::<Amount>()
            };
            let burned: Amount = epochs(seed).iter().map(|activity| activity.burned).sum();
            let back = sum(true) - sum(false);
            assert!((0..=burned).contains(&back), "{}, seed {seed}: {back} of {burned}", policy.label);
        }
    }
}
