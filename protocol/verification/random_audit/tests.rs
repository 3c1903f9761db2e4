//! Promises of audits by lot: how many are asked, that it can be repeated, and that the others keep their standing.

use super::*;
use crate::registry::flag;
use crate::units::ONE;
use crate::verification::rounds::tests::{HONEST, Net};

fn net(count: u32, spec: Spec) -> Net {
    Net::by(count, Box::new(spec.build()))
}

/// Devices asked in each of `rounds` rounds, all of which pass.
fn asked(count: u32, spec: Spec, rounds: u64) -> Vec<Vec<u32>> {
    let mut net = net(count, spec);
    let all: Vec<(u32, u32)> = (0..count).map(|id| (id, HONEST)).collect();
    let mut round = |beacon| net.round_by(beacon, &all).iter().map(|verdict| verdict.0).collect();
    (0..rounds).map(&mut round).collect()
}

#[test]
fn a_share_is_met_in_expectation_and_evenly_over_devices() {
    let spec = Spec { draw: Draw::Share(100_000), ..Spec::default() };
    let drawn = asked(500, spec, 200);
    let total: usize = drawn.iter().map(Vec::len).sum();
    // 100,000 lots at a tenth: 10,000 expected, standard deviation 95.
    assert!(total.abs_diff(10_000) < 4 * 95, "{total}");
    let mut each = vec![0u32; 500];
    drawn.iter().flatten().for_each(|&device| each[device as usize] += 1);
    // 20 expected of each, standard deviation 4.2.
    assert!(each.iter().all(|&times| (1..45).contains(&times)), "{each:?}");
}

#[test]
fn a_count_is_met_exactly_and_a_whole_share_asks_everyone() {
    let few = Spec { draw: Draw::Count(7), ..Spec::default() };
    assert!(asked(100, few, 20).iter().all(|drawn| drawn.len() == 7));
    let more_than_there_are = Spec { draw: Draw::Count(7), ..Spec::default() };
    assert!(asked(3, more_than_there_are, 3).iter().all(|drawn| drawn == &[0, 1, 2]));
    let whole = Spec { draw: Draw::Share(ONE), ..Spec::default() };
    assert!(asked(100, whole, 3).iter().all(|drawn| drawn.len() == 100));
    let none = Spec { draw: Draw::Share(0), ..Spec::default() };
    let mut net = net(100, none);
    net.close(1);
    assert_eq!(net.bench.effects(), [], "a round that asks nobody is none");
}

#[test]
fn the_same_beacons_draw_the_same_devices_and_others_draw_others() {
    let spec = Spec { draw: Draw::Count(10), ..Spec::default() };
    let first = asked(1_000, spec, 5);
    assert_eq!(first, asked(1_000, spec, 5));
    assert!(first.windows(2).all(|pair| pair[0] != pair[1]));
}

#[test]
fn who_is_not_drawn_keeps_its_standing_and_who_fails_loses_it_until_it_passes() {
    let mut net = net(50, Spec { draw: Draw::Count(5), ..Spec::default() });
    assert!((0..50).all(|id| net.bench.has(id, flag::VERIFIED)), "claims are believed");
    let failed: Vec<u32> = net.round_by(1, &[]).iter().map(|verdict| verdict.0).collect();
    assert_eq!(failed.len(), 5);
    for id in 0..50 {
        assert_eq!(net.bench.has(id, flag::QUARANTINED), failed.contains(&id), "at the first failure");
        assert_eq!(net.bench.has(id, flag::VERIFIED), !failed.contains(&id));
    }
    let all: Vec<(u32, u32)> = (0..50).map(|id| (id, HONEST)).collect();
    let second: Vec<u32> = net.round_by(2, &all).iter().map(|verdict| verdict.0).collect();
    assert!(failed.iter().all(|id| second.contains(id)), "asked again whatever the lot says");
    assert!(second.len() > 5 && (0..50).all(|id| net.bench.has(id, flag::VERIFIED)));
}

#[test]
fn without_recheck_a_failed_audit_waits_for_the_lot() {
    let mut net = net(1_000, Spec { draw: Draw::Count(1), recheck: false, ..Spec::default() });
    let failed = net.round_by(1, &[])[0].0;
    let next = net.round_by(2, &[]);
    assert!(next.len() == 1 && next[0].0 != failed);
}
