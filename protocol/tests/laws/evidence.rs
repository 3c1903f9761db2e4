//! Linkage and slashing: more evidence never helps, nothing is held against those without any.

use crate::catalogue;
use crate::fleet::models;
use crate::lcg::Lcg;
use depin_protocol::ids::{AccountId, ModelId};
use depin_protocol::linkage::Evidence;
use depin_protocol::registry::Registry;
use depin_protocol::slashing::{Charge, Reason};
use depin_protocol::units::Time;

/// A listed device as the network sees it.
#[derive(Clone, Copy, Default, Debug)]
pub struct Looks {
    pub account: u32,
    pub cards: u16,
    pub model: u16,
    pub address: u32,
    pub subnet: u32,
}

/// A registry of these devices, all listed at genesis.
pub fn registry(devices: &[Looks]) -> Registry {
    let mut registry = Registry { models: models(), ..Registry::default() };
    for looks in devices {
        registry.account.push(AccountId(looks.account));
        registry.model.push(ModelId(looks.model));
        registry.cards.push(looks.cards.max(1));
        registry.tier.push(2);
        registry.price.push(100_000);
        registry.address.push(looks.address);
        registry.subnet.push(looks.subnet);
        registry.flags.push(0);
        registry.registered.push(Time::ZERO);
        registry.fingerprint.push(0);
    }
    registry
}

fn counts(evidence: &mut Evidence) -> [&mut u32; 9] {
    [
        &mut evidence.devices,
        &mut evidence.address_devices,
        &mut evidence.subnet_devices,
        &mut evidence.subnet_accounts,
        &mut evidence.burst_devices,
        &mut evidence.own_subnet_devices,
        &mut evidence.own_burst_devices,
        &mut evidence.fingerprint_devices,
        &mut evidence.edge_accounts,
    ]
}

fn any_evidence(lcg: &mut Lcg) -> Evidence {
    let mut evidence = Evidence::default();
    for count in counts(&mut evidence) {
        // Small counts and large ones.
        let bound = lcg.pick(&[3, 20, 100, u64::from(u32::MAX)]);
        *count = lcg.below(bound) as u32;
    }
    // What is one's own is part of what is shared.
    evidence.own_subnet_devices = evidence.own_subnet_devices.min(evidence.subnet_devices);
    evidence.own_burst_devices = evidence.own_burst_devices.min(evidence.burst_devices);
    evidence
}

#[test]
fn more_evidence_of_any_kind_never_lowers_a_score() {
    for policy in catalogue::linkages() {
        let rule = (policy.build)();
        for seed in 0..300 {
            let mut lcg = Lcg::new(seed);
            let evidence = any_evidence(&mut lcg);
            for kind in 0..9 {
                let mut more = evidence;
                let more_of = 1 + lcg.below(50) as u32;
                let count = &mut counts(&mut more)[kind];
                **count = count.saturating_add(more_of);
                let (before, after) = (rule.score(&evidence), rule.score(&more));
                assert!(
                    after >= before,
                    "{}, seed {seed}: {evidence:?} scores {before}, {more:?} scores {after}",
                    policy.label
                );
            }
            let alone = rule.score(&evidence.without_shared_subnets());
            assert!(alone <= rule.score(&evidence), "{}, seed {seed}: {evidence:?}", policy.label);
        }
    }
}

#[test]
fn nobody_is_flagged_without_evidence_or_for_one_device_alone() {
    for policy in catalogue::linkages() {
        let rule = (policy.build)();
        let mut alone = Evidence::default();
        counts(&mut alone).into_iter().for_each(|count| *count = 1);
        for evidence in [Evidence::default(), alone] {
            let score = rule.score(&evidence);
            assert!(score < rule.threshold(), "{}: {evidence:?} scores {score}", policy.label);
        }
        assert_eq!(rule.score(&Evidence::default()), 0, "{}", policy.label);
    }
}

#[test]
fn a_graver_record_never_costs_less() {
    for policy in catalogue::slash_policies() {
        let rule = (policy.build)();
        for reason in [Reason::FailedVerification, Reason::Desertion, Reason::Fraud] {
            let fraction = |earlier| rule.fraction(Charge { reason, earlier });
            for earlier in (0..70).chain([u32::MAX - 1]) {
                let (first, next) = (fraction(earlier), fraction(earlier + 1));
                assert!(next >= first, "{}, {reason:?} after {earlier}: {first}, then {next}", policy.label);
            }
        }
    }
}
