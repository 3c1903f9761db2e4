//! Promises of switching challenges on and off.

use super::tests::{HONEST, HOUR, Net};
use super::*;
use crate::bench::Bench;
use crate::verification::Consequences;
use crate::verification::metadata_only::MetadataOnly;

#[test]
fn ending_challenges_believes_everyone_who_is_not_banned_or_gone() {
    let mut net = Net::new(4, Consequences::default());
    net.round(&[(0, HONEST)]);
    net.round(&[(0, HONEST)]); // 1, 2 and 3 are quarantined
    net.live.ban(&mut net.bench.step(Time(net.now)), DeviceId(2));
    net.live.withdraw(&mut net.bench.step(Time(net.now)), DeviceId(3), 1).expect("listed");
    net.issue();
    net.bench.effects();
    net.bench.news();
    net.rounds.set_enabled(&mut net.bench.step(Time(net.now)), false).expect("always");
    assert_eq!(net.bench.effects(), [Effect::Released(DeviceId(1))]);
    assert_eq!(net.bench.news(), (vec![], vec![1]));
    assert!(!net.bench.has(2, flag::VERIFIED) && !net.bench.has(3, flag::VERIFIED));
    assert_eq!(net.answer(&[]), Err(Rejection::NoSuchRound), "the open round was dropped");
    net.rounds.set_enabled(&mut net.bench.step(Time(net.now)), false).expect("always");
    assert_eq!(net.bench.effects(), [], "already so");
}

#[test]
fn beginning_challenges_takes_idle_devices_off_the_market_and_leaves_leases() {
    let mut net = Net::new(3, Consequences::default());
    net.rounds.set_enabled(&mut net.bench.step(Time(1)), false).expect("always");
    net.bench.registry.flags[1] |= flag::LEASED;
    net.bench.news();
    net.rounds.set_enabled(&mut net.bench.step(Time(2)), true).expect("a rule with rounds");
    assert_eq!(net.bench.news(), (vec![0, 2], vec![]));
    assert_eq!(net.bench.registry.flags.iter().filter(|f| **f & flag::VERIFIED != 0).count(), 0);
}

#[test]
fn a_rule_without_rounds_cannot_be_enabled() {
    let mut rounds = Rounds::new(Box::new(MetadataOnly));
    let mut bench = Bench::with(1, flag::VERIFIED);
    rounds.grow(1);
    let refused = rounds.set_enabled(&mut bench.step(Time(0)), true);
    assert_eq!(refused, Err(Rejection::WrongState));
    rounds.close_epoch(&mut bench.step(Time(HOUR)), 1);
    assert!(bench.has(0, flag::VERIFIED) && rounds.believes());
    assert_eq!(bench.effects(), []);
}

#[test]
fn verdicts_from_before_a_pause_do_not_count_after_it() {
    let mut net = Net::new(1, Consequences::default());
    net.round(&[]);
    for enabled in [false, true] {
        let step = &mut net.bench.step(Time(net.now));
        net.rounds.set_enabled(step, enabled).expect("a rule with rounds");
    }
    net.round(&[]);
    assert!(!net.bench.has(0, flag::QUARANTINED));
    net.round(&[]);
    assert!(net.bench.has(0, flag::QUARANTINED));
}
