//! Promises of the time-lock: the hired are asked, the idle by their own measure, and shared silicon shows.

use super::*;
use crate::ids::DeviceId;
use crate::registry::flag;
use crate::verification::asking::Challenge;
use crate::verification::rounds::tests::{HONEST, Net};

fn net(count: u32, idle_every: u32) -> Net {
    Net::by(count, Box::new(Spec { idle_every, ..Spec::default() }.build()))
}

fn hire(net: &mut Net, devices: std::ops::Range<usize>) {
    net.bench.registry.flags[devices].iter_mut().for_each(|flags| *flags |= flag::LEASED);
}

#[test]
fn hired_devices_are_asked_every_round_and_idle_ones_at_every_third() {
    let mut net = net(4, 3);
    hire(&mut net, 0..2);
    let all: Vec<(u32, u32)> = (0..4).map(|id| (id, HONEST)).collect();
    let mut seen = Vec::new();
    for beacon in 0..6 {
        seen.push(net.round_by(beacon, &all).len());
    }
    assert_eq!(seen, [4, 2, 2, 4, 2, 2]);
}

#[test]
fn a_round_says_what_it_asks_of_whom() {
    let mut net = net(3, 1);
    hire(&mut net, 1..2);
    net.close(1);
    let asked: Vec<_> = (0..3).map(|id| net.rounds.challenge(DeviceId(id))).collect();
    let (work, lock) = (Some(Challenge::Work), Some(Challenge::TimeLock));
    assert_eq!(asked, [work, lock, work]);
    assert!(!net.rounds.asks_everyone());
}

/// k leased slices of one card each have the kth part of it; one alone has the whole.
#[test]
fn leased_slices_of_one_card_fail_where_the_ordinary_rounds_exempt_them_and_a_real_card_passes() {
    let alone_ms = Spec::default().build().lock_ms(&crate::bench::model(1_000));
    for slices in [1, 2, 4] {
        let mut locked = net(slices, 0);
        let spec = proof_of_work::Spec::default();
        let mut ordinary = Net::by(slices, Box::new(spec.build()));
        let given: Vec<(u32, u32)> = (0..slices).map(|id| (id, alone_ms * slices)).collect();
        hire(&mut locked, 0..slices as usize);
        hire(&mut ordinary, 0..slices as usize);
        assert_eq!(ordinary.round_by(1, &given), []);
        let verdicts = locked.round_by(1, &given);
        assert_eq!(verdicts, (0..slices).map(|id| (id, slices == 1)).collect::<Vec<_>>());
    }
}

#[test]
fn a_hired_device_without_silicon_is_quarantined_and_then_banned_under_its_lease() {
    let mut net = net(1, 0);
    hire(&mut net, 0..1);
    for round in 1..=12 {
        net.round_by(round, &[]);
        assert_eq!(net.bench.has(0, flag::QUARANTINED), (2..12).contains(&round));
    }
    assert!(net.bench.has(0, flag::BANNED));
    assert!(net.bench.news().0.contains(&0), "the market gives up its lease");
}

#[test]
fn ending_the_lease_before_the_answer_is_no_way_out() {
    let mut net = net(1, 0);
    hire(&mut net, 0..1);
    net.close(1);
    net.bench.registry.flags[0] &= !flag::LEASED;
    assert_eq!(net.answer(&[(0, 4 * HONEST)]), Ok(vec![(0, false)]));
}

#[test]
fn idle_claims_are_believed_without_rounds_for_them_until_one_failed_while_hired() {
    let mut net = net(2, 0);
    assert!(net.rounds.believes() && net.bench.has(0, flag::VERIFIED));
    hire(&mut net, 0..1);
    net.round_by(1, &[]);
    net.bench.registry.flags[0] &= !flag::LEASED;
    assert!(!net.bench.has(0, flag::VERIFIED) && net.bench.has(1, flag::VERIFIED));
    assert_eq!(net.round_by(2, &[(0, HONEST), (1, HONEST)]), [(0, true)], "it can pass again while idle");
    assert!(net.bench.has(0, flag::VERIFIED));
}
