//! Tests of what is found and what is not, against a truth that the detector never sees.

use super::population::{Look, Population, Score};
use super::{Detector, NoLinkage, PerAddress, Spec, SubnetCluster, WeightedEvidence};
use crate::ids::AccountId;
use crate::lcg::Lcg;
use crate::registry::flag;
use crate::units::{Span, Time};

const fn score(caught: usize, wronged: usize, escaped: usize) -> Score {
    Score { caught, wronged, escaped }
}

/// A farm behind one address, on one day, each identity with a fingerprint of its own.
fn one_address(i: u32) -> Look {
    Look { address: 77, subnet: 3, fingerprint: 900 + i, day: 2 }
}

/// One card sold many times over: a row of addresses in one subnet, the same fingerprint.
fn one_subnet(i: u32) -> Look {
    Look { address: (4 << 8) + i, subnet: 4, fingerprint: 42, day: 3 }
}

/// A farm that buys all it needs: nothing is shared, and it lists one identity a day.
fn well_hidden(i: u32) -> Look {
    Look { address: (200_000 + i) << 8, subnet: 200_000 + i, fingerprint: 0, day: u64::from(i) }
}

#[test]
fn a_farm_on_one_address_is_found_by_every_rule_and_people_at_home_by_none() {
    let mut p = Population::new();
    p.homes(200);
    p.farm(100, one_address);
    assert_eq!(p.judge(NoLinkage), score(0, 0, 100));
    assert_eq!(p.judge(PerAddress::default()), score(100, 0, 0));
    assert_eq!(p.judge(SubnetCluster::default()), score(100, 0, 0));
    assert_eq!(p.judge(WeightedEvidence::default()), score(100, 0, 0));
}

#[test]
fn a_farm_with_an_address_each_in_one_subnet_passes_the_address_cap_and_is_found_otherwise() {
    let mut p = Population::new();
    p.homes(200);
    p.farm(100, one_subnet);
    assert_eq!(p.judge(PerAddress::default()), score(0, 0, 100));
    assert_eq!(p.judge(SubnetCluster::default()), score(100, 0, 0));
    assert_eq!(p.judge(WeightedEvidence::default()), score(100, 0, 0));
}

/// 120 honest customers of two clouds beside a farm of 100: precision 100 / 220 by cluster, 100 / 120 by weight.
#[test]
fn honest_customers_of_one_cloud_are_taken_for_a_farm_by_clustering_and_fewer_by_weighing() {
    let mut p = Population::new();
    p.homes(200);
    p.customers(5, 80, 0);
    p.customers(6, 40, 20);
    p.farm(100, one_subnet);
    let (clustered, weighed) = (p.judge(SubnetCluster::default()), p.judge(WeightedEvidence::default()));
    assert_eq!(clustered, score(100, 120, 0));
    assert_eq!(weighed, score(100, 20, 0), "those who started from one image");
    assert!(clustered.precision() < 0.46 && weighed.precision() > 0.83);
    assert!(clustered.recall() == 1.0 && weighed.recall() == 1.0);
}

#[test]
fn a_farm_that_buys_addresses_and_lists_slowly_escapes_every_rule() {
    let mut p = Population::new();
    p.homes(50);
    p.farm(100, well_hidden);
    for found in [
        p.judge(PerAddress::default()),
        p.judge(SubnetCluster::default()),
        p.judge(WeightedEvidence::default()),
    ] {
        assert_eq!(found, score(0, 0, 100));
        assert_eq!(found.recall(), 0.0);
    }
}

#[test]
fn the_same_farm_without_staggered_listing_in_one_subnet_is_found_by_its_burst_alone() {
    let listed = |day: fn(u32) -> u64| {
        let mut p = Population::new();
        p.farm(60, |i| Look { address: (9 << 8) + i, subnet: 9, fingerprint: 0, day: day(i) });
        p.judge(SubnetCluster::default()).caught
    };
    assert_eq!(listed(|_| 4), 60);
    assert_eq!(listed(u64::from), 0, "one a day is no burst");
}

#[test]
fn renamed_accounts_and_another_order_of_listing_find_the_same_owners() {
    let mut p = Population::new();
    p.homes(40);
    p.customers(5, 30, 10);
    p.farm(50, one_address);
    p.farm(50, one_subnet);
    let accounts = p.farm.len();
    let mut lcg = Lcg(11);
    let mut shuffled = |len: usize| {
        let mut order: Vec<usize> = (0..len).collect();
        (1..len).rev().for_each(|i| order.swap(i, lcg.below(i as u64 + 1) as usize));
        order
    };
    let (names, rows) = (shuffled(accounts), shuffled(p.registry.len()));
    let mut q = Population::new();
    q.farm = vec![false; accounts];
    for &row in &rows {
        let r = &p.registry;
        let claim = crate::command::Claim {
            address: r.address[row],
            subnet: r.subnet[row],
            fingerprint: r.fingerprint[row],
            ..crate::testbed::claim(1, 1)
        };
        let account = AccountId(names[r.account[row].at()] as u32);
        q.registry.push(r.registered[row], account, &claim, 0);
    }
    for cluster in [true, false] {
        let find = |p: &Population| {
            if cluster { p.found(SubnetCluster::default()) } else { p.found(WeightedEvidence::default()) }
        };
        let mut expected: Vec<_> =
            find(&p).into_iter().map(|(a, s)| (AccountId(names[a.at()] as u32), s)).collect();
        expected.sort_unstable();
        assert!(!expected.is_empty() && expected.len() < accounts);
        assert_eq!(find(&q), expected);
    }
}

#[test]
fn devices_banned_or_withdrawn_are_no_evidence() {
    let mut p = Population::new();
    p.farm(17, one_address);
    assert_eq!(p.judge(PerAddress::default()).caught, 17);
    p.registry.flags[0] |= flag::WITHDRAWN;
    assert_eq!(p.judge(PerAddress::default()).caught, 0);
}

/// Evidence by sorting equals evidence by comparing every device with every other.
#[test]
fn evidence_equals_a_count_over_all_pairs() {
    let mut p = Population::new();
    let mut lcg = Lcg(5);
    for _ in 0..40 {
        let devices = 1 + lcg.below(5) as usize;
        let looks: Vec<Look> = (0..devices)
            .map(|_| Look {
                address: lcg.below(30) as u32,
                subnet: lcg.below(6) as u32,
                fingerprint: lcg.below(20) as u32,
                day: lcg.below(4),
            })
            .collect();
        p.account(false, looks);
    }
    let r = &p.registry;
    let all = super::gather::gather(r, Span::DAY, &[]);
    let most = |a: usize, same: &dyn Fn(usize, usize) -> bool| -> u32 {
        let own = (0..r.len()).filter(|&i| r.account[i].at() == a);
        own.map(|i| (0..r.len()).filter(|&j| same(i, j)).count() as u32).max().unwrap_or(0)
    };
    let subnet = |i: usize, j: usize| r.subnet[i] == r.subnet[j];
    let burst = |i: usize, j: usize| subnet(i, j) && r.registered[i] == r.registered[j];
    let mine = |i: usize, j: usize| r.account[i] == r.account[j];
    for (a, e) in all.iter().enumerate() {
        assert_eq!(e.devices, r.account.iter().filter(|b| b.at() == a).count() as u32);
        assert_eq!(e.address_devices, most(a, &|i, j| r.address[i] == r.address[j]));
        assert_eq!(e.subnet_devices, most(a, &subnet));
        assert_eq!(e.burst_devices, most(a, &burst));
        assert_eq!(e.own_subnet_devices, most(a, &|i, j| subnet(i, j) && mine(i, j)));
        assert_eq!(e.own_burst_devices, most(a, &|i, j| burst(i, j) && mine(i, j)));
        let fingerprint = |i: usize, j: usize| r.fingerprint[i] > 0 && r.fingerprint[i] == r.fingerprint[j];
        assert_eq!(e.fingerprint_devices, most(a, &fingerprint));
        let first_of = |i: usize, j: usize| subnet(i, j) && (0..j).all(|k| !(subnet(k, j) && mine(k, j)));
        assert_eq!(e.subnet_accounts, most(a, &first_of), "one device for each account of the subnet");
    }
}

/// Plays ups and downs of accounts for a day, as (minute, account, up), and tells each account's peers.
fn peers(play: &[(u64, u32, bool)], accounts: u32) -> Vec<u32> {
    let mut p = Population::new();
    p.farm(accounts, well_hidden);
    let mut detector = Detector::new(Box::new(WeightedEvidence::default()), Spec::default());
    detector.assess(Time::ZERO, &p.registry);
    for &(minute, account, up) in play {
        detector.edge(Time::ZERO + Span::MINUTE.times(minute) + Span::SECOND, AccountId(account), up);
    }
    detector.assess(Time::ZERO + Span::DAY, &p.registry);
    (0..accounts).map(|a| detector.evidence(AccountId(a)).edge_accounts).collect()
}

#[test]
fn accounts_whose_machines_come_and_go_together_are_peers_however_many_devices_each_has() {
    let rig = [(10, false), (30, true), (70, false), (95, true)];
    let mut play = Vec::new();
    for (minute, up) in rig {
        // Account 1 has two devices on the rig, account 3 lives by its own timetable.
        play.extend([0, 1, 1, 2].map(|account| (minute, account, up)));
        play.push((minute + 200, 3, up));
    }
    assert_eq!(peers(&play, 4), [3, 3, 3, 1]);
    play.push((500, 2, false));
    assert_eq!(peers(&play, 4), [2, 2, 1, 1], "an edge of its own hides an account");
}

#[test]
fn one_outage_of_a_shared_provider_makes_nobody_a_peer() {
    let outage: Vec<_> = (0..50).flat_map(|a| [(10, a, false), (30, a, true)]).collect();
    assert_eq!(peers(&outage, 50), vec![0; 50]);
}

#[test]
fn directions_count_so_an_up_is_not_a_down() {
    let mut play = Vec::new();
    for minute in [10, 20, 30, 40] {
        play.extend([(minute, 0, minute % 20 == 0), (minute, 1, minute % 20 != 0)]);
    }
    assert_eq!(peers(&play, 2), [1, 1]);
}
