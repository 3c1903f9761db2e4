//! Tests of flags, appeals and purges.

use super::detector::Standing;
use super::population::{Look, Population};
use super::{Spec, SubnetCluster, WeightedEvidence};
use crate::command::Rejection;
use crate::effect::Effect;
use crate::ids::AccountId;
use crate::registry::flag;
use crate::units::{ONE, Span, Time};

const NOW: Time = Time(Span::DAY.0);

/// Two dozen honest customers of a cloud, and a farm that lists thirty devices in one subnet under one account.
fn cloud_and_farm() -> (Population, AccountId) {
    let mut p = Population::new();
    p.customers(5, 24, 0);
    let farm = p.account(true, (0..70).map(|i| Look { address: i, subnet: 8, fingerprint: 0, day: 1 }));
    (p, farm)
}

#[test]
fn an_honest_one_is_cleared_after_the_delay_and_not_before_and_a_farm_is_not() {
    let (mut p, farm) = cloud_and_farm();
    let (mut d, effects) = p.flagged(NOW, SubnetCluster::default(), Spec::default());
    assert_eq!(effects.len(), 25);
    let honest = AccountId(0);
    let mut effects = Vec::new();
    d.appeal(NOW, honest, &mut effects).expect("flagged");
    d.appeal(NOW, farm, &mut effects).expect("flagged");
    assert_eq!(effects, [Effect::FlagAppealed(honest), Effect::FlagAppealed(farm)]);
    let due = NOW + Span::DAY.times(30);
    assert_eq!(d.next_deadline(), due);
    effects.clear();
    d.advance(Time(due.0 - 1), &mut p.registry, &mut effects);
    assert!(effects.is_empty() && d.flagged(honest) && p.registry.flags[0] & flag::FLAGGED != 0);
    d.advance(due, &mut p.registry, &mut effects);
    assert_eq!(effects, [Effect::FlagAppealDecided(honest, true), Effect::FlagAppealDecided(farm, false)]);
    assert_eq!((d.standing(honest), d.standing(farm)), (Standing::Cleared, Standing::Refused));
    let marked = |i: usize| p.registry.flags[i] & flag::FLAGGED != 0;
    assert!(!marked(0) && marked(1) && marked(24));
    assert_eq!(d.next_deadline(), Time::NEVER);
}

#[test]
fn a_cleared_neighbour_is_not_flagged_again_for_the_same_subnet_but_is_for_its_own_crowd() {
    let (mut p, _) = cloud_and_farm();
    let spec = Spec { appeal_delay: Span::HOUR, ..Spec::default() };
    let (mut d, _) = p.flagged(NOW, SubnetCluster::default(), spec);
    let honest = AccountId(0);
    d.appeal(NOW, honest, &mut Vec::new()).expect("flagged");
    d.advance(NOW + Span::HOUR, &mut p.registry, &mut Vec::new());
    assert_eq!(d.assess(NOW + Span::DAY, &p.registry), []);
    let claim = crate::command::Claim { subnet: 60, ..crate::testbed::claim(1, 1) };
    for _ in 0..64 {
        p.registry.push(NOW, honest, &claim, 0);
    }
    assert_eq!(d.assess(NOW + Span::DAY, &p.registry), [(honest, ONE)]);
}

#[test]
fn only_a_flag_can_be_appealed_and_only_once() {
    let (mut p, farm) = cloud_and_farm();
    let home = p.account(false, [Look { address: 1 << 20, subnet: 4096, fingerprint: 0, day: 0 }]);
    let (mut d, _) = p.flagged(NOW, SubnetCluster::default(), Spec::default());
    let mut told = Vec::new();
    assert_eq!(d.appeal(NOW, home, &mut told), Err(Rejection::WrongState));
    assert_eq!(d.appeal(NOW, AccountId(999), &mut told), Err(Rejection::WrongState));
    d.appeal(NOW, farm, &mut told).expect("flagged");
    assert_eq!(d.appeal(NOW, farm, &mut told), Err(Rejection::WrongState));
    d.advance(Time::NEVER, &mut p.registry, &mut told);
    assert_eq!(d.appeal(Time::NEVER, farm, &mut told), Err(Rejection::WrongState));
}

/// A review looks at the whole score: it clears those in the middle, and leaves the worst.
#[test]
fn a_manual_review_clears_what_lies_below_its_own_threshold() {
    let decided = |review_threshold, image| {
        let mut p = Population::new();
        for i in 0..image {
            p.account(false, [Look { address: i << 8, subnet: 5, fingerprint: 7, day: 1 }]);
        }
        // One address for all: evidence that no appeal on subnets removes.
        p.registry.address.fill(9);
        let spec = Spec { review_threshold, ..Spec::default() };
        let (mut d, _) = p.flagged(NOW, WeightedEvidence::default(), spec);
        d.appeal(NOW, AccountId(0), &mut Vec::new()).expect("flagged");
        let mut told = Vec::new();
        d.advance(Time::NEVER, &mut p.registry, &mut told);
        told.contains(&Effect::FlagAppealDecided(AccountId(0), true))
    };
    assert!(!decided(0, 18), "no review");
    assert!(decided(600_000, 18));
    assert!(!decided(600_000, 64));
}

#[test]
fn a_purge_takes_each_flagged_account_once_and_waits_for_grace_and_for_appeals() {
    let (mut p, farm) = cloud_and_farm();
    let spec = Spec { grace: Span::DAY, appeal_delay: Span::DAY.times(2), ..Spec::default() };
    let (mut d, _) = p.flagged(NOW, SubnetCluster::default(), spec);
    let mut told = Vec::new();
    assert!(d.purge(NOW, false, &p.registry, &mut told).is_empty() && told.is_empty(), "grace");
    d.appeal(NOW, farm, &mut Vec::new()).expect("flagged");
    let purged = d.purge(NOW + Span::DAY, false, &p.registry, &mut told);
    assert_eq!(purged.iter().map(|device| device.0).collect::<Vec<_>>(), (0..24).collect::<Vec<_>>());
    assert_eq!(told.len(), 24);
    assert!(told.contains(&Effect::Purged(AccountId(3), 1)));
    d.advance(NOW + Span::DAY.times(2), &mut p.registry, &mut Vec::new());
    told.clear();
    assert_eq!(d.purge(NOW + Span::DAY.times(2), false, &p.registry, &mut told).len(), 70);
    assert_eq!(told, [Effect::Purged(farm, 70)]);
    assert!(d.purge(NOW + Span::DAY.times(9), true, &p.registry, &mut told).is_empty());
}

#[test]
fn a_purge_asked_for_by_the_team_knows_no_grace() {
    let (mut p, _) = cloud_and_farm();
    let spec = Spec { grace: Span::DAY, ..Spec::default() };
    let (mut d, _) = p.flagged(NOW, SubnetCluster::default(), spec);
    assert_eq!(d.purge(NOW, true, &p.registry, &mut Vec::new()).len(), 94);
}

#[test]
fn new_devices_of_a_flagged_account_are_flagged_with_it() {
    let (mut p, farm) = cloud_and_farm();
    let home = p.account(false, [Look { address: 1 << 20, subnet: 4096, fingerprint: 0, day: 0 }]);
    let (d, _) = p.flagged(NOW, SubnetCluster::default(), Spec::default());
    let before = p.registry.len();
    p.registry.push(NOW, farm, &crate::testbed::claim(1, 1), 0);
    p.registry.push(NOW, home, &crate::testbed::claim(1, 1), 0);
    d.grow(&mut p.registry, 2);
    assert_eq!(p.registry.flags[before..], [flag::FLAGGED, 0]);
}
